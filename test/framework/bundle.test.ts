import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO } from '../support/index.js';

const FOLDER = join(REPO, 'dist/framework');
const ENTRIES = ['index.js', 'schema/index.js', 'node/host.js'];

/** Modules whose code is in a bundled file; the bundler names each in a comment before it. */
function modulesIn(file: string): string[] {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  return [...new Set([...text.matchAll(/^\/\/ (framework\/\S+\.ts)$/gm)].map(([, module]) => module!))];
}

describe('bundle: what a node process loads', () => {
  const chunks = readdirSync(FOLDER).filter((name) => /^chunk-.*\.js$/.test(name));

  it('has each module once, however many entries need it', () => {
    const homes = new Map<string, string[]>();
    for (const file of [...ENTRIES, ...chunks])
      for (const module of modulesIn(file)) homes.set(module, [...(homes.get(module) ?? []), file]);
    assert.ok(homes.has('framework/node/runtime.ts') && homes.has('framework/schema/runtime/struct.ts'));
    for (const [module, files] of homes) assert.equal(files.length, 1, `${module} is in ${files.join(', ')}`);
  });

  it('imports no compiled file of the framework beside its chunks', () => {
    for (const file of [...ENTRIES, ...chunks]) {
      const text = readFileSync(join(FOLDER, file), 'utf8');
      const imported = [...text.matchAll(/^\s*\} from "(\.[^"]+)";$|^import "(\.[^"]+)";$/gm)].map(
        ([, from, bare]) => from ?? bare!,
      );
      for (const path of imported)
        assert.match(path, /^(\.\/|\.\.\/)chunk-\w+\.js$/, `${file} imports ${path}`);
    }
  });
});
