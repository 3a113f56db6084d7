import assert from 'node:assert/strict';
import { planToJson, planToText } from '../../../framework/launch/index.js';
import { errorsOf, LaunchFiles, planOf } from './launch-files.js';

const TEXT = `args:
  sim: { default: false, type: boolean }
  side: { default: left }
nodes:
  camera: { use: ./camera, unless: sim }
  simulated: { use: ./camera, if: $(arg sim), params: { source: $(env SIMULATION) } }
  edges: { use: ./edges, if: "side == 'left' && !sim" }
  spare: { use: ./edges, enabled: false }
`;

const names = (plan: { nodes: readonly { name: string }[] }): string[] => plan.nodes.map(({ name }) => name);

describe('conditions', () => {
  it('leave nodes out, and say why', async () => {
    const plan = await planOf(TEXT);
    assert.deepEqual(names(plan), ['camera', 'edges']);
    assert.deepEqual(
      plan.leftOut.map(({ kind, name, why, at }) => [kind, name, why, at.line, at.column]),
      [
        ['node', 'simulated', 'if: $(arg sim) is false', 6, 3],
        ['node', 'spare', 'enabled: false', 8, 3],
      ],
    );
  });

  it('decide before anything of the node is filled in', async () => {
    const plan = await planOf(TEXT, { assignments: ['sim:=true'], env: { SIMULATION: 'house' } });
    assert.deepEqual(names(plan), ['simulated']);
    assert.equal(plan.nodes[0]!.params['source'], 'house');
    assert.deepEqual(await errorsOf(TEXT, { assignments: ['sim:=true'] }), [
      'main.yaml:6:65: the variable SIMULATION is not set; write $(env SIMULATION default) to give a default',
    ]);
  });

  it('are printed with the plan', async () => {
    const files = new LaunchFiles({ 'main.yaml': TEXT });
    const plan = await files.plan();
    assert.match(
      planToText(plan).replaceAll(`${files.folder}/`, ''),
      /\n\nleft out\n {2}simulated {2}if: \$\(arg sim\) is false {2}main\.yaml:6:3\n {2}spare {6}enabled: false {11}main\.yaml:8:3\n$/,
    );
    const { left_out: leftOut } = planToJson(plan) as { left_out: { name: string; line: number }[] };
    assert.deepEqual(
      leftOut.map(({ name, line }) => [name, line]),
      [
        ['simulated', 6],
        ['spare', 8],
      ],
    );
  });

  it('may be text of an argument or variable that says true or false', async () => {
    const text =
      'args: { on: {} }\nnodes:\n  a: { use: ./camera, if: on }\n  b: { use: ./camera, unless: $(env OFF) }\n';
    assert.deepEqual(names(await planOf(text, { assignments: ['on:=true'], env: { OFF: 'false' } })), [
      'a',
      'b',
    ]);
    assert.deepEqual(await errorsOf(text, { assignments: ['on:=maybe'], env: { OFF: '1' } }), [
      "main.yaml:3:27: nodes.a.if: wants true or false, and on is 'maybe'",
      "main.yaml:4:31: nodes.b.unless: wants true or false, and $(env OFF) is '1'",
    ]);
  });

  it('take enabled from an argument', async () => {
    const text =
      'args: { on: { default: true } }\nnodes:\n  a: { use: ./camera }\n  b: { use: ./camera, enabled: $(arg on) }\n';
    assert.deepEqual(names(await planOf(text)), ['a', 'b']);
    assert.deepEqual(names(await planOf(text, { assignments: ['on:=false'] })), ['a']);
  });

  it('report what is wrong in them at their place', async () => {
    const text =
      'args: { sim: { default: true } }\nnodes:\n  a: { use: ./camera, if: simm }\n  b: { use: ./camera, if: sim + 1 }\n';
    assert.deepEqual(await errorsOf(text), [
      "main.yaml:3:27: nodes.a.if: there is no argument 'simm'; did you mean 'sim'?",
      'main.yaml:4:27: nodes.b.if: the expression cannot be evaluated: there is no bool + int',
    ]);
  });

  it('may not leave out everything', async () => {
    assert.deepEqual(await errorsOf('nodes:\n  a: { use: ./camera, if: false }\n'), [
      'main.yaml:1:1: no node is left to start; left out: a (if: false)',
    ]);
  });

  it('make settings of a slot that only a node uses that is left out a warning', async () => {
    const text =
      'slots: { edges: { depth: 2 } }\nnodes:\n  camera: { use: ./camera }\n  edges: { use: ./edges, if: false }\n';
    const { plan, warnings } = await new LaunchFiles({ 'main.yaml': text }).load();
    assert.ok(plan);
    assert.deepEqual(
      warnings.map(({ message, at }) => [message, at!.line, at!.column]),
      [["no port of any node uses the slot 'edges'; known: image", 1, 10]],
    );
  });
});

describe('let', () => {
  it('names values, of which each may use those above it', async () => {
    const plan = await planOf(`args: { rate: { default: 10 } }
let: { half: $(eval rate / 2), label: "rate $(arg half)", whole: 4 }
nodes:
  a: { use: ./camera, params: { rate: $(arg half), source: $(arg label), count: $(eval whole + 1) } }
`);
    assert.deepEqual(
      [plan.nodes[0]!.params['rate'], plan.nodes[0]!.params['source'], plan.nodes[0]!.params['count']],
      [5, 'rate 5', 5],
    );
  });

  it('refuses a name that has a value, and one that comes later', async () => {
    const text =
      'args: { first: { default: 1 } }\nlet: { first: 2, b: $(arg last), last: 3 }\nnodes: { x: { use: ./camera } }\n';
    assert.deepEqual(await errorsOf(text), [
      "main.yaml:2:8: let.first: 'first' has a value already",
      "main.yaml:2:21: there is no argument 'last'; known: first",
    ]);
  });
});

describe('$(filename)', () => {
  it('is the path of the launch file', async () => {
    const files = new LaunchFiles({
      'main.yaml': 'nodes: { a: { use: ./camera, params: { source: $(filename) } } }\n',
    });
    assert.equal((await files.plan()).nodes[0]!.params['source'], `${files.folder}/main.yaml`);
  });
});
