import assert from 'node:assert/strict';
import type { LaunchPlan } from '../../../framework/launch/index.js';
import { errorsOf, planOf } from './launch-files.js';

const node = (plan: LaunchPlan, name: string): LaunchPlan['nodes'][number] => {
  const found = plan.nodes.find((each) => each.name === name);
  assert.ok(found, `${name} of ${plan.nodes.map((each) => each.name).join(', ')}`);
  return found;
};

describe('groups', () => {
  it('put their namespace before nodes and relative slots', async () => {
    const plan = await planOf(`slots: { /left/image: { depth: 3 } }
group:
  - namespace: left
    slots: { edges: { depth: 5 }, /map: { depth: 7 } }
    nodes:
      camera: { use: ./camera }
      edges: { use: ./edges, ports: { image: image } }
      map: { use: ./camera, ports: { image: /map } }
    group:
      - namespace: deep
        nodes: { camera: { use: ./camera, ports: { image: a/b } } }
      - namespace: /apart
        nodes: { camera: { use: ./camera } }
`);
    assert.deepEqual(plan.nodes.map(({ name }) => name).sort(), [
      'apart/camera',
      'left/camera',
      'left/deep/camera',
      'left/edges',
      'left/map',
    ]);
    assert.deepEqual(
      plan.slots.map(({ spec, publishers, subscribers }) => [spec.name, spec.depth, publishers, subscribers]),
      [
        ['left/image', 3, ['left/camera'], ['left/edges']],
        ['left/edges', 5, ['left/edges'], []],
        ['map', 7, ['left/map'], []],
        ['left/deep/a/b', 8, ['left/deep/camera'], []],
        ['apart/image', 8, ['apart/camera'], []],
      ],
    );
  });

  it('give their nodes variables and settings, which inner ones and nodes go before', async () => {
    const plan = await planOf(`group:
  - env: { A: outer, B: outer }
    defaults: { restart: { delay: 1s, max: 3 }, params: { rate: 5 } }
    nodes:
      plain: { use: ./camera }
      own: { use: ./camera, env: { A: own }, restart: { delay: 2s }, params: { count: 2 } }
    group:
      - env: { B: inner }
        defaults: { restart: { max: 9 } }
        nodes: { deep: { use: ./camera } }
`);
    const told = (name: string): unknown[] => {
      const { env, restart, params } = node(plan, name);
      return [env, restart.delayMs, restart.max, params['rate'], params['count']];
    };
    assert.deepEqual(told('plain'), [{ A: 'outer', B: 'outer' }, 1000, 3, 5, 1]);
    assert.deepEqual(told('own'), [{ A: 'own', B: 'outer' }, 2000, 3, 5, 2]);
    assert.deepEqual(told('deep'), [{ A: 'outer', B: 'inner' }, 1000, 9, 5, 1]);
  });

  it('report a wrong default where it stands, once', async () => {
    const text = `group:
  - defaults: { restart: { delay: 600h }, params: { rate: 0, colour: red } }
    nodes: { a: { use: ./camera }, b: { use: ./camera } }
`;
    assert.deepEqual(await errorsOf(text), [
      "main.yaml:2:35: group[0].defaults.restart.delay: '600h' is too long; at most 24 days (576h)",
    ]);
    assert.deepEqual(await errorsOf(text.replace('600h', '1h')), [
      'main.yaml:2:57: group[0].defaults.params.rate: wants at least 1, given 0 (a number)',
      "main.yaml:2:60: unknown key 'colour' in group[0].defaults.params; known: rate, source, count, flip, tags, gains",
    ]);
  });

  it('refuse defaults that each node has for itself', async () => {
    const text = 'group:\n  - defaults: { use: ./camera, if: true }\n    nodes: { a: { use: ./camera } }\n';
    assert.deepEqual(await errorsOf(text), [
      "main.yaml:2:17: group[0].defaults: 'use' cannot be a default; each node has its own",
      "main.yaml:2:32: group[0].defaults: 'if' cannot be a default; each node has its own",
    ]);
  });

  it('have names of their own, seen in them alone', async () => {
    const text = `args: { rate: { default: 10 } }
group:
  - let: { twice: $(eval rate * 2) }
    nodes: { a: { use: ./camera, params: { rate: $(arg twice) }, if: twice > 10 } }
nodes: { b: { use: ./camera, params: { rate: RATE } } }
`;
    assert.equal(node(await planOf(text.replace('RATE', '1')), 'a').params['rate'], 20);
    assert.deepEqual(await errorsOf(text.replace('RATE', '$(arg twice)')), [
      "main.yaml:5:46: there is no argument 'twice'; known: rate",
    ]);
  });

  it('are left out whole, with all that is in them', async () => {
    const plan = await planOf(`args: { cameras: { default: false } }
nodes: { keeps: { use: ./camera } }
group:
  - namespace: left
    if: cameras
    nodes: { camera: { use: $(env NOWHERE) } }
    group: [{ namespace: deep, nodes: { camera: { use: ./camera } } }]
    include: [missing.yaml]
`);
    assert.deepEqual(
      plan.leftOut.map(({ kind, name, why }) => `${kind} ${name}: ${why}`),
      [
        'node left/camera: if: cameras is false',
        'include missing.yaml: if: cameras is false',
        'node left/deep/camera: if: cameras is false',
      ],
    );
  });

  it('take their namespace from an argument', async () => {
    const plan = await planOf(
      'args: { side: { default: left } }\ngroup: [{ namespace: $(arg side), nodes: { a: { use: ./camera } } }]\n',
      { assignments: ['side:=right/back'] },
    );
    assert.deepEqual(
      plan.nodes.map(({ name }) => name),
      ['right/back/a'],
    );
  });

  it('refuse two nodes of one name, and names that are too long', async () => {
    const long = 'x'.repeat(120);
    const text = `nodes: { a: { use: ./camera } }
group:
  - nodes: { a: { use: ./camera } }
  - namespace: ${long}
    nodes: { a234567: { use: ./camera } }
`;
    assert.deepEqual(await errorsOf(text), [
      "main.yaml:3:14: there are two nodes 'a'; the other is at main.yaml:1:10",
      `main.yaml:5:14: the node's name '${long}/a234567' has 128 characters with its namespace, and may have 127`,
    ]);
  });

  it('refuse a slot whose name is too long with its namespace', async () => {
    const long = 'x'.repeat(120);
    const text = `group: [{ namespace: ${long}, nodes: { a: { use: ./camera, ports: { image: a234567 } } } }]\n`;
    const [error, ...others] = await errorsOf(text);
    assert.deepEqual(others, []);
    assert.match(
      error!,
      /^main\.yaml:1:\d+: the slot's name 'x+\/a234567' has 128 characters with its namespace/,
    );
  });
});
