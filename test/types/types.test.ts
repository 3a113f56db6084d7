import assert from 'node:assert/strict';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { REPO } from '../support/index.js';

/** How users' projects are set up. */
const PROJECTS = {
  'standard decorators': { experimentalDecorators: false },
  'legacy decorators': { experimentalDecorators: true },
  'standard decorators, assigned fields': { experimentalDecorators: false, useDefineForClassFields: false },
  'legacy decorators, assigned fields': { experimentalDecorators: true, useDefineForClassFields: false },
  'legacy decorators, optional properties not exact': {
    experimentalDecorators: true,
    exactOptionalPropertyTypes: false,
    noUncheckedIndexedAccess: false,
  },
} satisfies Record<string, ts.CompilerOptions>;

/** What the compiler says about cases, as `file:line: message`. */
function diagnose(files: readonly string[], options: ts.CompilerOptions): string[] {
  const program = ts.createProgram({
    rootNames: files.map((file) => join(REPO, 'test/types/cases', file)),
    options: {
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2023.d.ts', 'lib.esnext.decorators.d.ts', 'lib.esnext.disposable.d.ts'],
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      rootDir: REPO,
      types: ['node'],
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noImplicitOverride: true,
      skipLibCheck: false,
      noEmit: true,
      ...options,
    },
  });
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, ' ');
    if (!file || start === undefined) return text;
    const line = ts.getLineAndCharacterOfPosition(file, start).line + 1;
    return `${relative(REPO, file.fileName)}:${line}: ${text}`;
  });
}

describe('types of the public API', () => {
  for (const [project, options] of Object.entries(PROJECTS))
    it(`refuse what is wrong and accept what is right: ${project}`, () => {
      assert.deepEqual(diagnose(['good.ts', 'bad-nodes.ts', 'bad-messages.ts'], options), []);
    });

  it('accept private decorated fields with standard decorators, and refuse them, alone, with legacy ones', () => {
    assert.deepEqual(diagnose(['good-private-fields.ts'], { experimentalDecorators: false }), []);
    const legacy = diagnose(['good-private-fields.ts'], { experimentalDecorators: true });
    assert.deepEqual(
      legacy.map((text) => text.split(':')[1]),
      ['7', '8', '9'],
    );
    for (const text of legacy) assert.match(text, /(private|protected) in type/);
  });

  it('accept injection into constructors with legacy decorators alone', () => {
    assert.deepEqual(diagnose(['good-constructor-injection.ts'], { experimentalDecorators: true }), []);
    const standard = diagnose(['good-constructor-injection.ts'], { experimentalDecorators: false });
    assert.equal(standard.length, 1);
    assert.match(standard[0]!, /Decorators are not valid here/);
  });
});
