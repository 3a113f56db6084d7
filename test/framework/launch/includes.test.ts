import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { LaunchFiles } from './launch-files.js';
import { nodeClass } from './plan/descriptors.js';

const CAMERA = `args: { rate: { type: integer }, label: { default: none, choices: [none, some] }, any: { default: a } }
domain: of_its_own
slots: { image: { depth: 4, max_readers: 3 } }
nodes:
  camera: { use: ./camera, params: { rate: $(arg rate), source: "$(arg label)-$(arg any)" } }
`;

describe('include', () => {
  it('joins the nodes of several files, each with arguments and a namespace', async () => {
    const files = new LaunchFiles({
      'main.yaml': `args: { rate: { default: 12, type: integer } }
let: { place: back }
nodes: { edges: { use: ./edges, ports: { image: front/image } } }
include:
  - { file: parts/camera.yaml, namespace: front, args: { rate: $(arg rate), label: some } }
  - { file: parts/camera.yaml, namespace: $(arg place), args: { rate: $(eval rate * 2) } }
  - parts/other.yaml
`,
      'parts/camera.yaml': CAMERA,
      'parts/other.yaml': 'include: [deeper/deep.yaml]\n',
      'parts/deeper/deep.yaml': 'nodes: { deep: { use: ./camera, params: { source: $(dirname) } } }\n',
    });
    const plan = await files.plan();
    assert.equal(plan.domain, 'main');
    assert.deepEqual(
      plan.nodes.map(({ name, params }) => [name, params['rate'], params['source']]),
      [
        ['front/camera', 12, 'some-a'],
        ['back/camera', 24, 'none-a'],
        ['deep', 30, join(files.folder, 'parts/deeper')],
        ['edges', undefined, undefined],
      ],
    );
    assert.deepEqual(
      plan.files.map((file) => file.slice(files.folder.length + 1)),
      ['main.yaml', 'parts/camera.yaml', 'parts/other.yaml', 'parts/deeper/deep.yaml'],
    );
    assert.deepEqual(plan.slots.map(({ spec }) => `${spec.name} ${spec.depth}`).sort(), [
      'back/image 4',
      'edges 8',
      'front/image 4',
      'image 8',
    ]);
  });

  it('finds modules and folders from the file that names them', async () => {
    const files = new LaunchFiles({
      'main.yaml': 'include: [parts/a.yaml]\n',
      'parts/a.yaml': 'nodes: { a: { use: ./camera, cwd: work } }\n',
      'parts/work/file': '',
    });
    const asked: string[] = [];
    const plan = await files.plan({
      describe: (requests) => {
        asked.push(...requests.map(({ fromFile }) => fromFile));
        return Promise.resolve([nodeClass('Camera', {})]);
      },
    });
    assert.deepEqual(asked, [join(files.folder, 'parts/a.yaml')]);
    assert.equal(plan.nodes[0]!.cwd, join(files.folder, 'parts/work'));
  });

  it('lets a file change the slots of those that it includes, key by key', async () => {
    const files = new LaunchFiles({
      'main.yaml':
        'slots: { front/image: { depth: 9 } }\ninclude: [{ file: a.yaml, namespace: front, args: { rate: 1 } }]\n',
      'a.yaml': CAMERA,
    });
    const [slot] = (await files.plan()).slots;
    assert.deepEqual([slot!.spec.depth, slot!.spec.maxReaders], [9, 3]);
  });

  it('refuses two files that say different things of a slot', async () => {
    const files = new LaunchFiles({
      'main.yaml': 'include: [a.yaml, b.yaml]\n',
      'a.yaml': 'slots: { image: { depth: 2 } }\nnodes: { a: { use: ./camera } }\n',
      'b.yaml': 'slots: { image: { depth: 3 } }\nnodes: { b: { use: ./camera } }\n',
    });
    assert.deepEqual(await files.errors(), [
      "b.yaml:1:26: slots.image.depth: the slot 'image' has another at a.yaml:1:26 (included from main.yaml:1:19)",
    ]);
  });

  it('gives a file no arguments but those it is given', async () => {
    const files = new LaunchFiles({
      'main.yaml': 'args: { x: { default: 1 } }\ninclude: [a.yaml]\n',
      'a.yaml': 'nodes: { a: { use: ./camera, params: { rate: $(arg x) } } }\n',
    });
    assert.deepEqual(await files.errors(), [
      "a.yaml:1:46: there is no argument 'x'; declare it under args (included from main.yaml:2:11)",
    ]);
  });

  it('reports wrong arguments where they are given', async () => {
    const files = new LaunchFiles({
      'main.yaml': `include:
  - { file: a.yaml, namespace: a, args: { rate: fast, lable: some } }
  - { file: a.yaml, namespace: b, args: { rate: 1, label: other } }
  - { file: a.yaml, namespace: c }
`,
      'a.yaml': CAMERA,
    });
    assert.deepEqual(await files.errors(), [
      "main.yaml:2:49: include[0].args.rate: the argument 'rate' wants a whole number",
      "main.yaml:2:62: include[0].args.lable: a.yaml has no argument 'lable'; did you mean 'label'?",
      "main.yaml:3:59: include[1].args.label: the argument 'label' wants one of none, some",
      "main.yaml:4:5: include[2]: a.yaml needs 'rate'; give it a value under args of the include",
    ]);
  });

  it('reads text of the environment as what the argument wants', async () => {
    const files = new LaunchFiles({
      'main.yaml': 'include: [{ file: a.yaml, args: { rate: $(env RATE) } }]\n',
      'a.yaml': CAMERA,
    });
    assert.equal((await files.plan({ env: { RATE: '7' } })).nodes[0]!.params['rate'], 7);
    assert.match(
      (await files.errors({ env: { RATE: 'x' } }))[0]!,
      /^main\.yaml:1:41: include\[0\]\.args\.rate: /,
    );
  });

  it('refuses files that include themselves, with the way', async () => {
    const files = new LaunchFiles({
      'main.yaml': 'include: [{ file: a.yaml }]\n',
      'a.yaml': 'include: [b.yaml]\n',
      'b.yaml': 'nodes: { b: { use: ./camera } }\ninclude: [link.yaml]\n',
    });
    symlinkSync(join(files.folder, 'main.yaml'), join(files.folder, 'link.yaml'));
    assert.deepEqual(await files.errors(), [
      'b.yaml:2:11: include[0]: link.yaml includes itself: main.yaml -> a.yaml -> b.yaml -> main.yaml (included from a.yaml:1:11, from main.yaml:1:11)',
    ]);
  });

  it('reports what is missing, no YAML or wrong, with the includes that lead there', async () => {
    const files = new LaunchFiles({
      'main.yaml':
        'include: [none.yaml, { file: broken.yaml }, wrong.yaml, wrong.yaml, .]\nnodes: { a: { use: ./camera } }\n',
      'broken.yaml': 'nodes: [\n',
      'wrong.yaml': 'nods: {}\n',
    });
    const errors = await files.errors();
    assert.deepEqual(errors.slice(0, 1), [
      'main.yaml:1:11: include[0]: cannot include none.yaml: there is no such file',
    ]);
    assert.match(errors[1]!, /^main\.yaml:1:69: include\[4\]: .*is a directory/);
    assert.match(errors[2]!, /^broken\.yaml:.* \(included from main\.yaml:1:22\)$/);
    assert.equal(
      errors[3],
      "wrong.yaml:1:1: unknown key 'nods'; did you mean 'nodes'? (included from main.yaml:1:45)",
    );
    assert.equal(errors.length, 4);
  });

  it('reads no device for ever', async () => {
    const files = new LaunchFiles({
      'main.yaml': 'include: [/dev/zero]\nnodes: { a: { use: ./camera, params_from: /dev/urandom } }\n',
    });
    const errors = await files.errors();
    assert.equal(
      errors[0],
      'main.yaml:1:11: include[0]: /dev/zero: it goes on; YAML files may have at most 1048576',
    );
    assert.match(errors[1]!, /^main\.yaml:2:\d+: nodes\.a\.params_from: \/dev\/urandom: it goes on/);
    assert.equal(errors.length, 2);
  });

  it('ends when files include each other without measure', async () => {
    const files = new LaunchFiles({ 'main.yaml': 'include: [l0.yaml, l0.yaml]\n' });
    for (let level = 0; level < 30; level++)
      files.write(`l${level}.yaml`, `include: [l${level + 1}.yaml, l${level + 1}.yaml]\n`);
    files.write('l30.yaml', 'nodes: { a: { use: ./camera } }\n');
    const errors = await files.errors();
    assert.ok(
      errors.some((error) => error.includes('more than 500 files are included')),
      errors[0],
    );
  });

  it('leaves a file unread whose condition does not hold', async () => {
    const files = new LaunchFiles({
      'main.yaml':
        'args: { real: { default: false } }\ninclude: [{ file: none.yaml, if: real }]\nnodes: { a: { use: ./camera } }\n',
    });
    const { leftOut } = await files.plan();
    assert.deepEqual(
      leftOut.map(({ kind, name, why, at }) => [kind, name, why, at.line, at.column]),
      [['include', 'none.yaml', 'if: real is false', 2, 11]],
    );
  });
});
