import assert from 'node:assert/strict';
import { nodeSpec, planToJson, planToText } from '../../../../framework/launch/index.js';
import { errorsOf, planOf } from '../launch-files.js';

const withSlot = (settings: string): string =>
  `slots: { image: ${settings} }\nnodes:\n  camera: { use: ./camera }\n  edges: { use: ./edges }\n`;

describe('the schema of a slot', () => {
  it('may be said, with or without std/', async () => {
    for (const schema of ['std/Image', 'Image']) {
      const [slot] = (await planOf(withSlot(`{ schema: ${schema} }`))).slots;
      assert.equal(slot!.spec.schema.name, 'std/Image');
    }
  });

  it('refuses ports of another one, each where it is mapped', async () => {
    assert.deepEqual(await errorsOf(withSlot('{ schema: my_robot/Image }')), [
      "main.yaml:3:3: slot 'image': node 'camera' publishes std/Image (port 'image'), but by main.yaml:1:27 it holds my_robot/Image",
      "main.yaml:4:3: slot 'image': node 'edges' subscribes to std/Image (port 'image'), but by main.yaml:1:27 it holds my_robot/Image",
    ]);
  });

  it('is a name of a schema', async () => {
    const [error] = await errorsOf(withSlot('{ schema: std/image }'));
    assert.match(error!, /^main\.yaml:1:27: slots\.image\.schema: 'std\/image' is not a schema name/);
  });
});

describe('prefault of a slot', () => {
  it('is told to nodes, and printed', async () => {
    const plan = await planOf(withSlot('{ prefault: true }'));
    const camera = plan.nodes.find(({ name }) => name === 'camera')!;
    assert.equal(nodeSpec(plan, camera, '/shm').ports['image']!.prefault, true);
    const [shown] = (planToJson(plan) as { slots: Record<string, unknown>[] }).slots;
    assert.equal(shown!['prefault'], true);
    assert.ok(!('prefault' in (await planOf(withSlot('{ prefault: false }'))).slots[0]!.spec));
  });
});

describe('validate of a slot', () => {
  it('is told to nodes, and printed', async () => {
    const plan = await planOf(withSlot('{ validate: always }'));
    const camera = plan.nodes.find(({ name }) => name === 'camera')!;
    assert.equal(nodeSpec(plan, camera, '/shm').ports['image']!.validate, true);
    const [shown] = (planToJson(plan) as { slots: Record<string, unknown>[] }).slots;
    assert.equal(shown!['validate'], 'always');
    assert.ok(!('validate' in (await planOf(withSlot('{ validate: never }'))).slots[0]!.spec));
    const [error] = await errorsOf(withSlot('{ validate: sometimes }'));
    assert.match(error!, /^main\.yaml:1:29: slots\.image\.validate: .*always.*never/);
  });
});

describe('what is expected of a slot', () => {
  it('is a rate and a longest time between messages', async () => {
    const plan = await planOf(withSlot('{ expected_rate: 25, deadline: 100ms }'));
    const [slot] = plan.slots;
    assert.deepEqual([slot!.expectedRateHz, slot!.deadlineMs], [25, 100]);
    const [shown] = (planToJson(plan) as { slots: Record<string, unknown>[] }).slots;
    assert.deepEqual([shown!['expected_rate'], shown!['deadline']], [25, '100ms']);
    assert.match(planToText(plan), /max 8388608 B, expected 25\/s, within 100ms {2}camera -> edges/);
  });

  it('can be met', async () => {
    assert.deepEqual(await errorsOf(withSlot('{ expected_rate: 5, deadline: 100ms }')), [
      'main.yaml:1:47: slots.image.deadline: 100ms is shorter than the time between two messages at the expected_rate of 5 a second',
    ]);
    assert.match((await errorsOf(withSlot('{ expected_rate: 0 }')))[0]!, /wants more than 0, given 0/);
    assert.match((await errorsOf(withSlot('{ deadline: 5 }')))[0]!, /deadline: wants a duration/);
    assert.match((await errorsOf(withSlot('{ deadline: 600h }')))[0]!, /deadline: '600h' is too long/);
  });
});

describe('keys of other tools', () => {
  const cases: [string, string][] = [
    ['launch: []', "main.yaml:1:1: unknown key 'launch'; write 'nodes', a map of names and nodes"],
    [
      'record: {}\nnodes: { a: { use: ./camera } }',
      "main.yaml:1:1: unknown key 'record'; there is no recorder yet; babus slot echo SLOT --json prints messages as JSON Lines",
    ],
    [
      'nodes: { a: { use: ./camera, respawn: true } }',
      "main.yaml:1:30: unknown key 'respawn' in nodes.a; write restart: { policy: always }",
    ],
    [
      'group: [{ nodes: { a: { use: ./camera, remap: [] } } }]',
      "main.yaml:1:40: unknown key 'remap' in group[0].nodes.a; map ports to slots: ports: { port: slot }",
    ],
  ];
  for (const [text, error] of cases)
    it(`${text.split('\n')[0]} says what does the same`, async () =>
      assert.deepEqual(await errorsOf(text), [error]));

  it('are no more than unknown in other places', async () => {
    const [error] = await errorsOf('slots: { a: { launch: 1 } }\nnodes: { a: { use: ./camera } }');
    assert.match(error!, /unknown key 'launch' in slots\.a; known: schema, depth/);
  });
});
