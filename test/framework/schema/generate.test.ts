import assert from 'node:assert/strict';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { generate, loadSchemas, writeGenerated } from '../../../framework/schema/generate/index.js';
import type { Memory, Schema } from '../../../framework/schema/index.js';
import { REPO, tempDir } from '../../support/index.js';
import { makeMemory, TestOwner } from './kit.js';

const STD = join(REPO, 'schemas', 'std');
const FIXTURES = join(REPO, 'test', 'framework', 'schema', 'fixtures');

/** A project of a user's own, which has babus installed. */
function userProject(): string {
  const folder = tempDir();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(REPO, join(folder, 'node_modules', 'babus'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  mkdirSync(join(folder, 'schemas', 'robot'), { recursive: true });
  mkdirSync(join(folder, 'schemas', 'arm'));
  writeFileSync(
    join(folder, 'schemas', 'robot', 'State.yaml'),
    "name: robot/State\nfields: { stamp: time, image: Image, grips: 'arm/Grip[]', loads: 'CoreLoad[2]', own: Vector3, v: std/Vector3 }\n",
  );
  writeFileSync(
    join(folder, 'schemas', 'robot', 'Vector3.yaml'),
    'name: robot/Vector3\nfields: { w: uint8 }\n',
  );
  writeFileSync(
    join(folder, 'schemas', 'arm', 'Grip.yaml'),
    'name: arm/Grip\ndoc: A hand.\nfields: { force: { type: float32, unit: N }, mode: { type: enum, values: { open: 0, shut: 1 } } }\n',
  );
  return folder;
}

function generateProject(folder: string): void {
  const packages = { arm: join(folder, 'schemas', 'arm') };
  assert.deepEqual(writeGenerated(join(folder, 'schemas', 'robot'), { packages }).errors, []);
  assert.deepEqual(writeGenerated(join(folder, 'schemas', 'arm')).errors, []);
}

function typeErrors(files: readonly string[], options: ts.CompilerOptions): string[] {
  const program = ts.createProgram({
    rootNames: files,
    options: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      lib: ['lib.es2023.d.ts'],
      types: [],
      noEmit: true,
      skipLibCheck: true,
      ...options,
    },
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ messageText, file }) =>
        `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
}

describe('generate', () => {
  for (const [title, folder] of Object.entries({
    'the standard schemas': STD,
    'the schemas of these tests': FIXTURES,
  }))
    it(`finds the code of ${title} up to date`, () => {
      const report = writeGenerated(folder, { check: true });
      assert.deepEqual(report.errors, []);
      assert.deepEqual(report.changed, [], 'run babus gen on the folder');
      assert.deepEqual(report.stale, [], 'delete the generated files whose schemas are gone');
      assert.ok(report.unchanged.length > 5);
    });

  it('gives the same text each time', () => {
    assert.deepEqual(generate(STD), generate(STD));
  });

  it('gives the standard schemas a doc line each, and each field a doc', () => {
    for (const { name, doc, fields } of loadSchemas(STD).schemas) {
      assert.ok(doc, `${name} has no doc`);
      for (const field of fields) assert.ok(field.doc, `${name}.${field.name} has no doc`);
    }
  });

  it('passes strict and lenient settings of the compiler', function () {
    const folder = userProject();
    generateProject(folder);
    const robot = join(folder, 'schemas', 'robot');
    const files = [
      ...['index.ts', 'State.ts', 'Vector3.ts'].map((name) => join(robot, name)),
      ...readdirSync(FIXTURES)
        .filter((name) => name.endsWith('.ts'))
        .map((name) => join(FIXTURES, name)),
    ];
    const strict: ts.CompilerOptions = {
      strict: true,
      noUncheckedIndexedAccess: true,
      noImplicitOverride: true,
      noImplicitReturns: true,
      noFallthroughCasesInSwitch: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      noPropertyAccessFromIndexSignature: true,
      exactOptionalPropertyTypes: true,
      verbatimModuleSyntax: true,
      isolatedModules: true,
      erasableSyntaxOnly: true,
    };
    const legacy: ts.CompilerOptions = {
      strict: true,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      useDefineForClassFields: false,
    };
    assert.deepEqual(typeErrors(files, strict), []);
    assert.deepEqual(typeErrors(files, legacy), []);
  });

  it("makes code that runs in a user's own project, beside std and another package", async () => {
    const folder = userProject();
    generateProject(folder);
    for (const packageName of ['robot', 'arm'])
      for (const name of readdirSync(join(folder, 'schemas', packageName)).filter((each) =>
        each.endsWith('.ts'),
      )) {
        const source = readFileSync(join(folder, 'schemas', packageName, name), 'utf8');
        const { outputText } = ts.transpileModule(source, {
          compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
        });
        writeFileSync(join(folder, 'schemas', packageName, name.replace('.ts', '.js')), outputText);
      }
    interface State {
      grips: { force: number; mode: string }[];
      own: { w: number };
      v: { x: number };
      image: { width: number; data: Uint8Array };
    }
    const url = pathToFileURL(join(folder, 'schemas', 'robot', 'index.js')).href;
    const { State } = (await import(url)) as { State: Schema<State> };
    const memory = makeMemory(2048);
    memory.owner = new TestOwner();
    memory.u8.fill(0);
    const Loan = State.loan as unknown as new (memory: Memory) => { reset(): void; publish(): number };
    const View = State.view as unknown as new (memory: Memory) => State;
    const loan = new Loan(memory);
    loan.reset();
    (State.assign as (loan: unknown, value: unknown) => void)(loan, {
      grips: [{ force: 1.5, mode: 'shut' }],
      own: { w: 3 },
      v: { x: 4 },
      image: { width: 5, data: [1, 2] },
    });
    loan.publish();
    const view = new View(memory);
    assert.equal(State.name, 'robot/State');
    assert.deepEqual([view.own.w, view.v.x, view.image.width, view.image.data[1]], [3, 4, 5, 2]);
    assert.equal((view.grips as unknown as { at(i: number): { mode: string } }).at(0).mode, 'shut');
  });

  it('imports std from babus/schemas and other packages by relative path', () => {
    const folder = userProject();
    const { files, errors } = generate(join(folder, 'schemas', 'robot'), {
      packages: { arm: join(folder, 'schemas', 'arm') },
    });
    assert.deepEqual(errors, []);
    assert.deepEqual(
      files.map(({ path }) => path.slice(folder.length + 1)),
      ['schemas/robot/State.ts', 'schemas/robot/Vector3.ts', 'schemas/robot/index.ts'],
    );
    const [state] = files;
    assert.deepEqual(state!.text.match(/^import .*$/gm), [
      "import * as babus from 'babus/schema';",
      "import { GripLoan, GripView, type Grip } from '../arm/Grip.js';",
      "import { Vector3Loan, Vector3View, type Vector3 } from './Vector3.js';",
      "import { CoreLoadLoan, CoreLoadView, type CoreLoad } from 'babus/schemas';",
      "import { ImageLoan, ImageView, type Image } from 'babus/schemas';",
      "import { Vector3Loan as StdVector3Loan, Vector3View as StdVector3View, type Vector3 as StdVector3 } from 'babus/schemas';",
    ]);
    assert.ok(state!.text.startsWith('// Generated by `babus gen` from State.yaml.'));
  });

  it('puts docs and units into the code, whatever they hold', () => {
    const folder = tempDir();
    const doc = 'ends */ here, `x`, ${y}\u2028and there';
    const yaml = {
      name: 'p/A',
      doc,
      fields: { x: { type: 'uint8', unit: 'm/s', doc: 'Speed.' }, y: { type: 'uint8', unit: 'px' } },
    };
    writeFileSync(join(folder, 'A.yaml'), JSON.stringify(yaml));
    const [file] = generate(folder).files;
    assert.match(file!.text, /\/\*\* Speed\. Unit: m\/s\. \*\/\n {2}x: number;/);
    assert.match(file!.text, /\/\*\* Unit: px\. \*\//);
    assert.deepEqual(ts.transpileModule(file!.text, { reportDiagnostics: true }).diagnostics, []);
    assert.match(file!.text, / \* ends \*\\\/ here, `x`, \$\{y\}\n \* and there\n/);
  });

  it('refuses schemas whose code would export the same name', () => {
    const folder = tempDir();
    writeFileSync(join(folder, 'A.yaml'), 'name: p/A\nfields: { view: { type: enum, values: { x: 0 } } }\n');
    assert.deepEqual(
      generate(folder).errors.map((error) => error.message),
      [`${folder}/A.yaml:1:7: the generated code of p/A and of p/A would both export AView; rename one`],
    );
    writeFileSync(join(folder, 'A.yaml'), 'name: p/A\nfields: { x: uint8 }\n');
    writeFileSync(join(folder, 'ALoan.yaml'), 'name: p/ALoan\nfields: { x: uint8 }\n');
    assert.deepEqual(
      generate(folder).errors.map((error) => error.message),
      [
        `${folder}/ALoan.yaml:1:7: the generated code of p/A and of p/ALoan would both export ALoan; rename one`,
      ],
    );
  });
});

describe('writeGenerated', () => {
  const yaml = 'name: p/A\nfields: { x: uint8 }\n';

  it('writes what changed and leaves the rest alone', () => {
    const folder = tempDir();
    writeFileSync(join(folder, 'A.yaml'), yaml);
    writeFileSync(join(folder, 'B.yaml'), yaml.replace('p/A', 'p/B'));
    const paths = ['A.ts', 'B.ts', 'index.ts'].map((name) => join(folder, name));
    assert.deepEqual(writeGenerated(folder), { changed: paths, unchanged: [], stale: [], errors: [] });
    for (const path of paths) utimesSync(path, 1, 1);
    writeFileSync(join(folder, 'A.yaml'), yaml.replace('uint8', 'uint16'));
    const report = writeGenerated(folder);
    assert.deepEqual(report.changed, [paths[0]]);
    assert.deepEqual(report.unchanged, [paths[1], paths[2]]);
    assert.deepEqual(
      paths.map((path) => statSync(path).mtimeMs === 1000),
      [false, true, true],
    );
  });

  it('only compares when told to check', () => {
    const folder = tempDir();
    writeFileSync(join(folder, 'A.yaml'), yaml);
    assert.equal(writeGenerated(folder, { check: true }).changed.length, 2);
    assert.deepEqual(readdirSync(folder), ['A.yaml']);
  });

  it('writes nothing when a schema is wrong', () => {
    const folder = tempDir();
    writeFileSync(join(folder, 'A.yaml'), yaml);
    writeFileSync(join(folder, 'B.yaml'), 'name: p/B\nfields: { x: nope }\n');
    const report = writeGenerated(folder);
    assert.equal(report.errors.length, 1);
    assert.deepEqual(report.changed, []);
    assert.deepEqual(readdirSync(folder), ['A.yaml', 'B.yaml']);
  });

  it('never writes over a file that it did not write', () => {
    const folder = tempDir();
    writeFileSync(join(folder, 'A.yaml'), yaml);
    writeFileSync(join(folder, 'index.ts'), 'export const mine = 1;\n');
    const report = writeGenerated(folder);
    assert.deepEqual(
      report.errors.map((error) => error.message),
      [`${join(folder, 'index.ts')}: stands where generated code belongs and was not generated; move it`],
    );
    assert.deepEqual(readdirSync(folder), ['A.yaml', 'index.ts']);
  });

  it('tells of generated files whose schema is gone, and deletes nothing', () => {
    const folder = tempDir();
    writeFileSync(join(folder, 'A.yaml'), yaml);
    writeFileSync(join(folder, 'B.yaml'), yaml.replace('p/A', 'p/B'));
    writeFileSync(join(folder, 'Mine.ts'), 'export {};\n');
    writeGenerated(folder);
    rmSync(join(folder, 'B.yaml'));
    assert.deepEqual(writeGenerated(folder).stale, [join(folder, 'B.ts')]);
    assert.ok(readdirSync(folder).includes('B.ts'));
  });

  it('says why a file cannot be written', () => {
    const folder = tempDir();
    writeFileSync(join(folder, 'A.yaml'), yaml);
    mkdirSync(join(folder, 'A.ts'));
    assert.throws(() => writeGenerated(folder), { code: 'ERR_BABUS_SYSTEM' });
  });
});
