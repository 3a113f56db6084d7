import assert from 'node:assert/strict';
import { testNode, type Node } from '../../../framework/index.js';
import { descriptorsOf } from '../../../framework/node/metadata.js';
import { importCompiled, modeName, MODES } from './compile.js';

const DESCRIPTOR = {
  className: 'Everything',
  ports: [
    'subscribes replaced std/Vector3',
    'subscribes left_image std/Image',
    'subscribes goal std/Vector3',
    'publishes motion std/Vector3',
    'publishes copy std/Image',
  ],
  params: {
    max_rate: { type: 'integer', default: 3, minimum: 1, description: 'most messages a second' },
    mode: { type: 'string', default: 'slow', choices: ['slow', 'fast'] },
    gains: { type: 'number[]', default: [1, 2] },
  },
  timers: [{ method: 'beat', period: '1s' }],
};

interface Everything extends Node {
  readonly started: unknown[];
  readonly goals: number[];
}

for (const mode of MODES)
  describe(`a node compiled with ${modeName(mode)}`, () => {
    let module: Record<string, unknown>;
    beforeEach(async () => {
      module = await importCompiled('everything.ts', mode);
    });

    it('declares the same in every mode', () => {
      const described = descriptorsOf(module).map(({ ports, ...rest }) => ({
        ...rest,
        ports: ports.map(({ direction, name, schema }) => `${direction} ${name} ${schema.name}`),
      }));
      assert.deepEqual(described, [DESCRIPTOR]);
    });

    it('runs the same in every mode', async () => {
      const cls = module['Everything'] as new () => Everything;
      const t = await testNode(cls, { name: 'every', params: { mode: 'fast', max_rate: 7 } });
      assert.deepEqual(t.node.started, ['fast', 7, [1, 2], true, true]);
      assert.deepEqual(t.log, [
        {
          level: 'info',
          message: 'hello from every',
          fields: { params: { max_rate: 7, mode: 'fast', gains: [1, 2] } },
        },
      ]);
      t.publish('left_image', { width: 2, data: new Uint8Array([1, 2, 3]) });
      for (const x of [1, 2, 3]) t.publish('goal', { x, y: 0, z: 0 });
      await t.settled();
      t.publish('replaced', { x: 0, y: 0, z: 0 });
      await t.settled();
      const [copy] = t.received('copy');
      assert.deepEqual(
        [copy!['width'], copy!['data'], copy!['frame_id']],
        [2, new Uint8Array([1, 2, 3]), 'left_image#1 of 1'],
      );
      assert.deepEqual(t.node.goals, [3, -1]);
      await t.tick('beat');
      assert.deepEqual(t.received('motion'), [
        { x: 7, y: 0, z: 0 },
        { x: 7, y: 0, z: 0 },
      ]);
      await t.stop();
    });

    if (!mode.experimentalDecorators) return;

    it('takes services through its constructor', async () => {
      const { Injected, Forgotten } = await importCompiled('constructor-injection.ts', mode);
      interface Injected extends Node {
        readonly clock: { monotonicMs(): number };
        readonly counter: { readonly info: { readonly name: string } };
      }
      const t = await testNode(Injected as new () => Injected, { name: 'injected' });
      assert.ok(t.node.clock.monotonicMs() > 0);
      assert.equal(t.node.counter.info.name, 'injected');
      await t.stop();
      await assert.rejects(testNode(Forgotten as new () => Node), {
        code: 'ERR_BABUS_NODE_CLASS',
        message: 'Forgotten: parameter 2 of the constructor has no @inject(); nothing else can fill it',
      });
    });
  });
