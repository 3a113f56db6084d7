import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadLaunch, planToText, type LoadedLaunch } from '../../../framework/launch/index.js';
import { startLevels } from '../../../framework/launch/plan/order.js';
import { planToJson } from '../../../framework/launch/plan/print.js';
import { tempDir } from '../../support/index.js';
import { nodeClass, schema } from './plan/descriptors.js';

const TALKS = nodeClass('Talks', { '>out': schema('std/Image', ['x'], true) });
const SILENT = nodeClass('Silent', {});

function load(nodes: string): Promise<LoadedLaunch> {
  const file = join(tempDir(), 'a.yaml');
  writeFileSync(file, `nodes:\n${nodes}`);
  return loadLaunch(file, {
    env: {},
    describe: (requests) => Promise.resolve(requests.map(({ use }) => (use === './talks' ? TALKS : SILENT))),
  });
}

async function problem(nodes: string): Promise<string> {
  const { errors } = await load(nodes);
  assert.equal(errors.length, 1, JSON.stringify(errors));
  return errors[0]!.message;
}

describe('depends_on', () => {
  for (const [text, wanted] of [
    ['a', { a: 'ready' }],
    ['[a, b]', { a: 'ready', b: 'ready' }],
    ['{ a: publishing, b: exited }', { a: 'publishing', b: 'exited' }],
    ['{ /a: started }', { a: 'started' }],
  ] as const)
    it(`may be ${text}`, async () => {
      const { plan, errors } = await load(
        `  c: { use: ./silent, depends_on: ${text} }\n  a: { use: ./talks }\n  b: { use: ./silent }\n`,
      );
      assert.deepEqual(errors, []);
      const { nodes } = planToJson(plan!) as { nodes: { name: string; depends_on?: unknown }[] };
      assert.deepEqual(nodes.find(({ name }) => name === 'c')!.depends_on, wanted);
      assert.ok(
        plan!.nodes.findIndex(({ name }) => name === 'c') > plan!.nodes.findIndex(({ name }) => name === 'a'),
      );
      assert.match(planToText(plan!), /after \/?a \(/);
    });

  it('is relative to the namespace', async () => {
    const file = join(tempDir(), 'a.yaml');
    writeFileSync(
      file,
      'nodes: { z: { use: ./silent } }\ngroup:\n  - namespace: left\n    nodes:\n      a: { use: ./silent }\n      b: { use: ./silent, depends_on: [a, /z] }\n',
    );
    const { plan, errors } = await loadLaunch(file, {
      env: {},
      describe: (requests) => Promise.resolve(requests.map(() => SILENT)),
    });
    assert.deepEqual(errors, []);
    assert.deepEqual(plan!.nodes.find(({ name }) => name === 'left/b')!.life!.dependsOn, [
      { node: 'left/a', condition: 'ready' },
      { node: 'z', condition: 'ready' },
    ]);
  });

  for (const [what, nodes, message] of [
    [
      'a node that is not there',
      '  camera: { use: ./silent }\n  b: { use: ./silent, depends_on: camra }\n',
      /:3:35: nodes\.b\.depends_on: 'camra' is not in this launch; did you mean 'camera'\?$/,
    ],
    [
      'a node that is left out',
      '  a: { use: ./silent, enabled: false }\n  b: { use: ./silent, depends_on: a }\n',
      /nodes\.b\.depends_on: 'a' is left out of this launch$/,
    ],
    [
      'itself',
      '  a: { use: ./silent, depends_on: a }\n',
      /:2:35: nodes\.a\.depends_on: none of these could ever start: 'a' waits for 'a'$/,
    ],
    [
      'a circle',
      '  z: { use: ./silent, depends_on: a }\n  a: { use: ./silent, depends_on: [b] }\n  b: { use: ./silent, depends_on: { c: exited } }\n  c: { use: ./silent, depends_on: a }\n',
      /:3:35: nodes\.a\.depends_on: none of these could ever start: 'a' waits for 'b' waits for 'c' waits for 'a'$/,
    ],
    [
      'messages of a node that publishes none',
      '  a: { use: ./silent }\n  b: { use: ./silent, depends_on: { a: publishing } }\n',
      /:3:35: nodes\.b\.depends_on: 'a' publishes nothing, so nobody can wait for that; wait for it to be ready$/,
    ],
    [
      'a condition that there is not',
      '  a: { use: ./silent }\n  b: { use: ./silent, depends_on: { a: redy } }\n',
      /:3:40: nodes\.b\.depends_on\.a: .*started, ready, publishing, exited.*did you mean 'ready'/,
    ],
    ['a bad time', '  a: { use: ./silent, start_timeout: 5 }\n', /:2:38: nodes\.a\.start_timeout: /],
  ] as const)
    it(`refuses ${what}`, async () => assert.match(await problem(nodes), message));

  it('goes before slots in the order of start and stop', () => {
    const slot = (publisher: string, subscriber: string) =>
      ({ publishers: [publisher], subscribers: [subscriber] }) as never;
    const order = (slots: readonly never[], needs: Readonly<Record<string, readonly string[]>>): string =>
      startLevels(['a', 'b', 'c'], slots, new Map(Object.entries(needs)))
        .map((level) => level.join('+'))
        .join(' ');
    assert.equal(order([], { a: ['c'] }), 'b+c a');
    assert.equal(order([slot('a', 'b')], { a: ['b'] }), 'b+c a');
    assert.equal(order([slot('a', 'b'), slot('b', 'c')], { a: ['c'] }), 'c a b');
    assert.equal(order([slot('a', 'b'), slot('b', 'a')], {}), 'a+b+c');
  });
});
