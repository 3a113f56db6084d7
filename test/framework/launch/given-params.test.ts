import assert from 'node:assert/strict';
import { LaunchFiles } from './launch-files.js';

const MAIN = `nodes:
  a: { use: ./camera, params_from: [params/base.yaml, params/fast.yaml], params: { source: inline } }
  b: { use: ./camera, params_from: params/base.yaml }
`;

describe('parameters from files', () => {
  it('go below those of the launch file; the last file goes first', async () => {
    const files = new LaunchFiles({
      'main.yaml': MAIN,
      'params/base.yaml': 'rate: 5\ncount: 2\nsource: base\ntags: [x, y]\n',
      'params/fast.yaml': 'rate: 60\nsource: fast\n',
    });
    const plan = await files.plan();
    const [a, b] = plan.nodes.map(({ params }) => params);
    assert.deepEqual(a, { rate: 60, source: 'inline', count: 2, flip: false, tags: ['x', 'y'], gains: [] });
    assert.deepEqual(b, { rate: 5, source: 'base', count: 2, flip: false, tags: ['x', 'y'], gains: [] });
    assert.deepEqual(
      plan.files.map((file) => file.slice(files.folder.length + 1)),
      ['main.yaml', 'params/base.yaml', 'params/fast.yaml'],
    );
  });

  it('of a group go below all that a node says itself, and are found from the file that names them', async () => {
    const files = new LaunchFiles({
      'main.yaml': `group:
  - defaults: { params_from: p.yaml, params: { rate: 7 } }
    include: [parts/part.yaml]
    nodes: { b: { use: ./camera } }
`,
      'parts/part.yaml': 'nodes: { a: { use: ./camera, params_from: p.yaml } }\n',
      'p.yaml': 'rate: 5\ncount: 5\nsource: outer\n',
      'parts/p.yaml': 'rate: 6\ncount: 6\n',
    });
    const { nodes } = await files.plan();
    const told = (name: string): unknown[] => {
      const { params } = nodes.find((node) => node.name === name)!;
      return [params['rate'], params['count'], params['source']];
    };
    assert.deepEqual(told('a'), [6, 6, 'outer']);
    assert.deepEqual(told('b'), [7, 5, 'outer']);
  });

  it('are checked where they stand, also the names', async () => {
    const files = new LaunchFiles({
      'main.yaml': MAIN,
      'params/base.yaml': 'rate: 0\ncolour: red\n',
      'params/fast.yaml': 'flp: true\nrate: 6\n',
    });
    assert.deepEqual(await files.errors(), [
      'params/base.yaml:1:7: rate: wants at least 1, given 0 (a number)',
      "params/base.yaml:2:1: unknown key 'colour'; known: rate, source, count, flip, tags, gains",
      "params/fast.yaml:1:1: unknown key 'flp'; did you mean 'flip'?",
    ]);
  });

  it('have to be there, and to be a map of values', async () => {
    const files = new LaunchFiles({ 'main.yaml': MAIN, 'params/fast.yaml': 'rate: { a: 1 }\n' });
    assert.deepEqual(await files.errors(), [
      'main.yaml:2:37: nodes.a.params_from[0]: params/base.yaml: no such file',
      'params/fast.yaml:1:7: rate: wants text, a number, true or false or a list, given a map',
    ]);
    files.write('params/fast.yaml', '[');
    files.write('params/base.yaml', 'rate: 2\n');
    const [error] = await files.errors();
    assert.match(error!, /^params\/fast\.yaml:/);
  });
});

describe('parameters of the command line', () => {
  const files = (): LaunchFiles =>
    new LaunchFiles({
      'main.yaml': `nodes: { a: { use: ./camera, params: { rate: 3, source: x } }, off: { use: ./camera, if: false } }
group: [{ namespace: left, nodes: { a: { use: ./camera } } }]
`,
      'p.yaml': 'a: { rate: 4, count: 4 }\nleft/a: { rate: 40 }\noff: { rate: 1 }\n',
      'q.yaml': 'a: { count: 5 }\n',
    });

  const paramsOf = (bench: LaunchFiles): string[] =>
    ['p.yaml', 'q.yaml'].map((name) => `${bench.folder}/${name}`);

  it('come from files, then from single words', async () => {
    const bench = files();
    const set = [
      'a.rate=7.5',
      '/left/a.source=7',
      'left/a.flip=true',
      'left/a.tags=[p, "q r"]',
      'left/a.gains=[1, 2.5]',
    ];
    const { nodes } = await bench.plan({ params: paramsOf(bench), set });
    const params = new Map(nodes.map((node) => [node.name, node.params]));
    assert.deepEqual(params.get('a'), { rate: 7.5, source: 'x', count: 5, flip: false, tags: [], gains: [] });
    assert.deepEqual(params.get('left/a'), {
      rate: 40,
      source: '7',
      count: 1,
      flip: true,
      tags: ['p', 'q r'],
      gains: [1, 2.5],
    });
  });

  it('of a node that is left out are a warning', async () => {
    const bench = files();
    const { warnings } = await bench.load({ params: paramsOf(bench), set: ['off.rate=2'] });
    assert.deepEqual(
      warnings.map(({ message, at }) => [message, at?.line]),
      [
        [
          "--set off.rate: the node 'off' is left out of this launch (if: false); its parameters have no effect",
          undefined,
        ],
        ["the node 'off' is left out of this launch (if: false); its parameters have no effect", 3],
      ],
    );
  });

  it('are checked like all others', async () => {
    const set = ['a.rate=fast', 'a.rat=1', 'b.rate=1', 'a.tags=x', 'left/a.count=1.5'];
    assert.deepEqual(await files().errors({ set }), [
      "--set b.rate: there is no node 'b' in this launch; did you mean 'a'?",
      "--set a.rate: wants a number, given 'fast' (text)",
      "unknown key 'rat' in --set a; did you mean 'rate'?",
      "--set a.tags: wants a list, given 'x' (text)",
      "--set left/a.count: wants a whole number, given '1.5' (text)",
    ]);
    const bench = files();
    bench.write('p.yaml', 'a: { rate: x }\nleft/b: { rate: 1 }\n');
    assert.deepEqual(await bench.errors({ params: paramsOf(bench) }), [
      "p.yaml:1:12: a.rate: wants a number, given 'x' (text)",
      "p.yaml:2:1: there is no node 'left/b' in this launch; did you mean 'left/a'?",
    ]);
  });

  for (const word of ['rate=1', 'a=1', '.rate=1', 'a.rate', 'a..b=1', 'a-b.c=1'])
    it(`are no ${word}`, async () => {
      const errors = await files().errors({ set: [word] });
      assert.deepEqual(errors, [`--set ${word}: write NODE.PARAM=VALUE, such as camera.rate=10`]);
    });

  it('report a file that is missing', async () => {
    const [error] = await files().errors({ params: ['nowhere.yaml'] });
    assert.equal(error, 'nowhere.yaml: no such file');
  });
});
