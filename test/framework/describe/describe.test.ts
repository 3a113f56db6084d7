import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeNodes } from '../../../framework/describe/index.js';
import { isBabusError } from '../../../framework/errors/index.js';
import { REPO, until } from '../../support/index.js';
import { isAlive } from '../launch/supervise/bench.js';
import { Project } from './project.js';

const CAMERA = `
import { Node, node, param, publishes, subscribes, every, type Publisher, type View } from 'babus';
import { Image, Vector3 } from 'babus/schemas';
@node()
export class Camera extends Node {
  @param({ type: 'number', default: 30, minimum: 1, description: 'Hz' }) rate!: number;
  @param({ type: 'string' }) source!: string;
  @publishes(Image) readonly image!: Publisher<Image>;
  @subscribes(Vector3) onGravity(gravity: View<Vector3>): void { void gravity; }
  @every('1s') report(): void {}
}
`;

describe('describeNodes: what it finds out', () => {
  it('is the ports, parameters and timers of a class, without running it', async () => {
    const project = new Project({ 'camera.ts': CAMERA });
    const descriptor = await project.describe('./camera');
    assert.equal(descriptor.className, 'Camera');
    assert.deepEqual(
      descriptor.ports
        .map(({ name, direction, schema }) => `${direction} ${name} ${schema.name} ${schema.hasSpans}`)
        .sort(),
      ['publishes image std/Image true', 'subscribes gravity std/Vector3 false'],
    );
    assert.deepEqual(descriptor.params, {
      rate: { type: 'number', default: 30, minimum: 1, description: 'Hz' },
      source: { type: 'string' },
    });
    assert.deepEqual(descriptor.timers, [{ method: 'report', period: '1s' }]);
    assert.ok(descriptor.ports[0]!.schema.descriptor.fields.length > 0);
  });

  it('is the same in both decorator modes, as the nearest tsconfig.json has it', async () => {
    const project = new Project({
      'standard/camera.ts': CAMERA,
      'legacy/camera.ts': CAMERA,
      'legacy/tsconfig.json': '{ "extends": "./base.json" }',
      'legacy/base.json':
        '{ "compilerOptions": { "experimentalDecorators": true, "useDefineForClassFields": false } }',
    });
    const standard = await project.describe('./standard/camera');
    const legacy = await project.describe('./legacy/camera');
    assert.deepEqual({ ...legacy, moduleUrl: '' }, { ...standard, moduleUrl: '' });
    assert.notEqual(
      readFileSync(fileURLToPath(legacy.moduleUrl), 'utf8').includes('__decorateElement'),
      readFileSync(fileURLToPath(standard.moduleUrl), 'utf8').includes('__decorateElement'),
    );
  });

  it('is one of several classes when its name is given', async () => {
    const project = new Project({});
    project.write('two.ts', `${project.countingNode('One')}@node() export class Two extends Node {}\n`);
    assert.equal((await project.describe('./two#Two')).className, 'Two');
    assert.equal((await project.describe('./two.ts#One')).className, 'One');
    assert.match(
      await project.failure('./two'),
      /two\.ts: exports 2 node classes: One, Two; choose one: use: \.\/two#One$/,
    );
  });

  it('does not depend on what the module prints', async () => {
    const project = new Project();
    const noise = `console.log('{"ok":false}'); console.error('x'.repeat(1e6)); process.stdout.write('no end of line');`;
    project.write('noisy.ts', project.countingNode('Noisy', noise));
    assert.equal((await project.describe('./noisy')).className, 'Noisy');
  });

  it('comes even when the module leaves timers, servers and children behind', async () => {
    const project = new Project();
    const script = 'process.stdout.write(String(process.pid)); setInterval(() => {}, 1000)';
    const busy = `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
setInterval(() => {}, 1000);
const child = spawn(process.execPath, ['-e', ${JSON.stringify(script)}], { stdio: ['ignore', 'pipe', 'inherit'] });
appendFileSync(${JSON.stringify(project.path('pid'))}, String((await once(child.stdout!, 'data'))[0]));
`;
    project.write('busy.ts', project.countingNode('Busy', busy));
    assert.equal((await project.describe('./busy')).className, 'Busy');
    const pid = Number(readFileSync(project.path('pid'), 'utf8'));
    await until(() => !isAlive(pid), 'the child to be gone');
  });

  it('is found for many nodes at once, each module once, failures apart', async () => {
    const project = new Project({ 'bad.ts': 'throw new Error("no");' });
    const uses = Array.from({ length: 6 }, (_, index) => `./n${index}`);
    for (const [index, use] of uses.entries()) project.write(`${use}.ts`, project.countingNode(`N${index}`));
    const requests = [...uses, './bad', ...uses, './bad'].map((use) => ({
      use,
      fromFile: project.path('launch.yaml'),
    }));
    const results = await describeNodes(requests, { cache: project.cache, parallel: 2 });
    const names = results.map((each) => (isBabusError(each) ? 'error' : each.className));
    const expected = ['N0', 'N1', 'N2', 'N3', 'N4', 'N5', 'error'];
    assert.deepEqual(names, [...expected, ...expected]);
    assert.equal(project.importCount, 6);
    assert.equal(results[6], results[13], 'one cause, one error');
  });
});

describe('describeNodes: modules that go wrong', () => {
  const cases: [string, string, RegExp][] = [
    [
      'throws',
      "\n\n  throw new RangeError('no camera');",
      /^ERR_BABUS_NODE_MODULE m\.ts: RangeError: no camera \(m\.ts:3:9\)$/,
    ],
    ['throws something else', "throw 'plain text';", /^ERR_BABUS_NODE_MODULE m\.ts: it throws 'plain text'$/],
    ['throws nothing', 'throw undefined;', /^ERR_BABUS_NODE_MODULE m\.ts: it throws undefined$/],
    ['throws null', 'throw null;', /^ERR_BABUS_NODE_MODULE m\.ts: it throws null$/],
    ['exits', 'process.exit(0);', /m\.ts: it ends the process while it is imported \(exit code 0\)$/],
    ['exits later', "process.on('exit', () => process._rawDebug('x')); process.exit(7);", /\(exit code 7\)$/],
    [
      'kills itself',
      "process.kill(process.pid, 'SIGKILL'); await new Promise(() => setInterval(() => {}, 9));",
      /ended by SIGKILL$/,
    ],
    ['waits for nothing', 'await new Promise(() => {});', /an await at top level waits for nothing$/],
    [
      'rejects later',
      "Promise.reject(new Error('late')); await new Promise((r) => setTimeout(r, 50));",
      /m\.ts: Error: late \(m\.ts:1:16\)$/,
    ],
    [
      'has no node class',
      'export const a = 1; export class B {}',
      /exports no node class: .* \(it exports B, a\)$/,
    ],
    ['exports nothing', 'const x = 1; void x;', /\(it exports nothing\)$/],
    ['is no TypeScript', '\nexport clas A {}', /^ERR_BABUS_NODE_MODULE m\.ts:2:8: Unexpected "clas"$/],
    [
      'imports a missing file',
      "import x from './gone.js'; export { x };",
      /^ERR_BABUS_NODE_MODULE m\.ts:1:15: Could not resolve "\.\/gone\.js"$/,
    ],
    [
      'imports a missing package',
      "import 'babus-gone';",
      /^ERR_BABUS_NODE_MODULE m\.ts:1:8: there is no package path 'babus-gone' as seen from here$/,
    ],
    [
      'imports what babus has not',
      "import 'babus/gone';",
      /m\.ts:1:8: there is no package path 'babus\/gone'/,
    ],
    [
      'imports a name that is not there',
      "import { Nodes } from 'babus'; void Nodes;",
      /SyntaxError: .*Nodes/,
    ],
  ];
  for (const [what, text, message] of cases)
    it(`one that ${what}`, async () =>
      assert.match(await new Project({ 'm.ts': text }).failure('./m'), message));

  it('one that hangs is ended at the deadline', async () => {
    const project = new Project({ 'm.ts': 'for (;;);' });
    assert.match(
      await project.failure('./m', { deadlineMs: 1500 }),
      /m\.ts: its import has not ended after 1\.5s; move endless work into the node's methods$/,
    );
  });

  it('one that fails is tried again the next time', async () => {
    const project = new Project({ 'm.ts': 'throw new Error("no");' });
    await project.failure('./m');
    project.write('m.ts', project.countingNode('Fixed'));
    assert.equal((await project.describe('./m')).className, 'Fixed');
  });

  it('an error in an imported file is shown there', async () => {
    const project = new Project({ 'm.ts': "import './lib/deep.js';", 'lib/deep.ts': '\n\nnull!.x;' });
    assert.match(await project.failure('./m'), /m\.ts: TypeError: .* \(lib\/deep\.ts:3:\d+\)$/);
  });
});

describe('describeNodes: the cache', () => {
  it('imports and compiles nothing the second time', async () => {
    const project = new Project();
    project.write('m.ts', project.countingNode('Counted'));
    const first = await project.describe('./m');
    assert.equal(project.importCount, 1);
    assert.deepEqual(await project.describe('./m'), first);
    assert.equal(project.importCount, 1);
    assert.equal(project.compiled.length, 1);
  });

  it('is not used after a change of the module, of a file it imports, or of its tsconfig.json', async () => {
    const project = new Project({ 'name.ts': 'export const name = "a";', 'tsconfig.json': '{}' });
    project.write('m.ts', project.countingNode('First', "import { name } from './name.js'; void name;"));
    await project.describe('./m');
    project.write('m.ts', project.countingNode('Second', "import { name } from './name.js'; void name;"));
    assert.equal((await project.describe('./m')).className, 'Second');
    assert.equal(project.importCount, 2);
    project.write('name.ts', 'export const name = "b";');
    await project.describe('./m');
    assert.equal(project.importCount, 3);
    project.write('tsconfig.json', '{ "compilerOptions": { "experimentalDecorators": true } }');
    await project.describe('./m');
    assert.equal(project.importCount, 4);
  });

  it('is not used after a change of a package that the module imports', async () => {
    const project = new Project();
    const write = (max: number): void =>
      project.write('node_modules/limits/index.js', `export const max = ${max};\n`);
    project.write(
      'node_modules/limits/package.json',
      '{ "name": "limits", "type": "module", "main": "index.js" }',
    );
    write(5);
    const param =
      "@node() export class M extends Node { @param({ type: 'number', maximum: max }) x!: number; }";
    project.write(
      'm.ts',
      `import { Node, node, param } from 'babus'; import { max } from 'limits'; ${param}`,
    );
    assert.equal((await project.describe('./m')).params['x']!.maximum, 5);
    write(60);
    assert.equal((await project.describe('./m')).params['x']!.maximum, 60);
  });

  it('is made again when it is damaged or gone', async () => {
    const project = new Project();
    project.write('m.ts', project.countingNode('Counted'));
    const first = await project.describe('./m');
    for (const name of ['json', 'mjs', 'report.json']) {
      const glob = new RegExp(`^[0-9a-f]{32}\\.${name.replace('.', '\\.')}$`);
      const { readdirSync } = await import('node:fs');
      for (const file of readdirSync(project.cache.folder))
        if (glob.test(file)) {
          if (name === 'mjs') rmSync(project.cache.path(file));
          else truncateSync(project.cache.path(file), 10);
        }
      assert.deepEqual(await project.describe('./m'), first);
    }
  });

  it('does not take a file for changed that was only touched', async () => {
    const project = new Project();
    project.write('m.ts', project.countingNode('Counted'));
    await project.describe('./m');
    utimesSync(project.path('m.ts'), new Date(), new Date(0));
    await project.describe('./m');
    assert.equal(project.importCount, 1);
  });
});

describe('compiled modules', () => {
  it('know where their sources are', async () => {
    const project = new Project({
      'lib/where.ts': 'export const where = [import.meta.url, import.meta.filename, import.meta.dirname];',
    });
    project.write(
      'm.ts',
      `${project.countingNode('M')}
import { where } from './lib/where.js';
export const all = [import.meta.url, import.meta.filename, import.meta.dirname, ...where];`,
    );
    const { moduleUrl } = await project.describe('./m');
    const { all } = (await import(moduleUrl)) as { all: string[] };
    const folder = project.folder;
    assert.deepEqual(all, [
      `file://${folder}/m.ts`,
      `${folder}/m.ts`,
      folder,
      `file://${folder}/lib/where.ts`,
      `${folder}/lib/where.ts`,
      join(folder, 'lib'),
    ]);
  });

  it('import the running babus, whatever copy lies beside them', async () => {
    const project = new Project({
      'node_modules/babus/package.json': '{ "name": "babus", "version": "0.0.1", "main": "index.js" }',
      'node_modules/babus/index.js': 'throw new Error("another babus");',
    });
    project.write('m.ts', project.countingNode('M'));
    const { moduleUrl } = await project.describe('./m');
    assert.match(
      readFileSync(fileURLToPath(moduleUrl), 'utf8'),
      new RegExp(`file://${REPO}dist/framework/index.js`),
    );
  });

  it('prefer x.ts to x.js, and reach packages in both module systems, JSON, and files behind an alias', async () => {
    const project = new Project({
      'm.js': 'throw new Error("the old output");',
      'dep.js': 'export const dep = "old output";',
      'dep.ts': 'export const dep = "source";',
      'data.json': '{ "answer": 42 }',
      'tools/tool.ts': 'export const tool = "tool";',
      'old.cjs': 'module.exports = { legacy: require("cjs-package").name, sep: require("node:path").sep };',
      'tsconfig.json': '{ "compilerOptions": { "paths": { "#tools/*": ["./tools/*"] } } }',
      'node_modules/cjs-package/index.js': 'exports.name = "cjs";',
      'node_modules/esm-package/package.json':
        '{ "name": "esm-package", "exports": { "./sub": { "import": "./sub.mjs", "require": "./sub.cjs" } } }',
      'node_modules/esm-package/sub.mjs': 'export const kind = "import";',
      'node_modules/esm-package/sub.cjs': 'exports.kind = "require";',
    });
    project.write(
      'm.ts',
      `${project.countingNode('M')}
import { createRequire } from 'node:module';
import { dep } from './dep.js';
import data from './data.json';
import old from './old.cjs';
import { name } from 'cjs-package';
import { kind } from 'esm-package/sub';
import { tool } from '#tools/tool';
const require = createRequire(import.meta.url);
export const all = [dep, data.answer, old.legacy, old.sep, name, kind, tool, require('cjs-package').name];`,
    );
    const { moduleUrl } = await project.describe('./m');
    const { all } = (await import(moduleUrl)) as { all: unknown[] };
    assert.deepEqual(all, ['source', 42, 'cjs', '/', 'cjs', 'import', 'tool', 'cjs']);
  });

  it('come from any readable path', async () => {
    const project = new Project();
    project.write("it's #1 %20/ü m.ts", project.countingNode('Odd'));
    assert.equal((await project.describe("./it's #1 %20/ü m")).className, 'Odd');
  });

  it('are found through symbolic links, by the real path', async () => {
    const project = new Project();
    project.write('real/m.ts', project.countingNode('M', "import './beside.js';"));
    project.write('real/beside.ts', 'export {};');
    mkdirSync(project.path('links'));
    symlinkSync('../real/m.ts', project.path('links/m.ts'));
    assert.equal((await project.describe('./links/m')).className, 'M');
  });
});

describe('modules of packages', () => {
  const packaged = (project: Project, text: string): void => {
    project.write(
      'node_modules/robot/package.json',
      '{ "name": "robot", "type": "module", "exports": { "./*": "./dist/*.js" } }',
    );
    project.write('node_modules/robot/dist/arm.js', text);
    project.write('node_modules/babus/package.json', '{ "name": "babus" }');
  };

  it('are imported as they are', async () => {
    const project = new Project();
    const text = `
import { Node, node } from ${JSON.stringify(`file://${REPO}dist/framework/index.js`)};
export class Arm extends Node {}
node()(Arm, { kind: 'class', name: 'Arm', metadata: {}, addInitializer() {} });
`;
    packaged(project, text);
    const { moduleUrl, className } = await project.describe('robot/arm');
    assert.equal(className, 'Arm');
    assert.equal(moduleUrl, `file://${project.folder}/node_modules/robot/dist/arm.js`);
    assert.deepEqual(project.compiled, []);
  });

  it('are described anew after a change', async () => {
    const project = new Project();
    packaged(project, 'export const none = 1;');
    assert.match(await project.failure('robot/arm'), /it exports none\)$/);
    project.write('node_modules/robot/dist/arm.js', 'export const nothing_else = 1;');
    assert.match(await project.failure('robot/arm'), /it exports nothing_else\)$/);
  });

  it('that are not there are named, with what may have been meant', async () => {
    const project = new Project({ 'nodes/arm.ts': '' });
    assert.match(
      await project.failure('robot/leg'),
      /there is no package path 'robot\/leg' as seen from .*; a path of a file starts with \.\/ or \.\.\/$/,
    );
    assert.match(await project.failure('nodes/arm'), /; did you mean '\.\/nodes\/arm'\?$/);
    assert.match(await project.failure('node:fs'), /there is no package path 'node:fs'/);
    assert.match(await project.failure('babus/nodes/none'), /babus has no node 'babus\/nodes\/none'/);
  });
});
