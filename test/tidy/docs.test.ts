import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO } from '../support/index.js';
import { pathViolations, scriptViolations } from './docs.js';
import { SUITES } from '../bench/suites/index.js';
import { assertTidy, type SourceText } from './tree.js';

const REQUIRED = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'ERRORS.md',
  'CHANGELOG.md',
  'LICENSE',
  'launch/README.md',
  'native/README.md',
  'schemas/README.md',
  'test/bench/README.md',
];
/** May name what is gone by now. */
const HISTORIES = ['CHANGELOG.md'];
const { scripts } = JSON.parse(readFileSync(join(REPO, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

function document(path: string): SourceText {
  assert.ok(existsSync(join(REPO, path)), `${path} is missing`);
  return { path, text: readFileSync(join(REPO, path), 'utf8') };
}

describe('tidy: documents', () => {
  for (const path of REQUIRED)
    it(`${path} is there, and names only scripts and files that exist`, () => {
      const found = document(path);
      assert.ok(found.text.length > 200, `${path} says nothing`);
      assertTidy([
        ...scriptViolations(found, Object.keys(scripts)),
        ...(HISTORIES.includes(path) ? [] : pathViolations(found, (each) => existsSync(join(REPO, each)))),
      ]);
    });

  it('test/bench/README.md has a row for each suite, in the order they run', () => {
    const { text } = document('test/bench/README.md');
    const rows = [...text.matchAll(/^\| (`[a-z`, ]+`) +\|/gm)];
    const named = rows.flatMap(([, cell]) => [...cell!.matchAll(/`([a-z]+)`/g)].map(([, name]) => name));
    assert.deepEqual(named, Object.keys(SUITES));
  });

  it('README.md shows the two commands', () => {
    const { text } = document('README.md');
    assert.match(text, /\bnpm ci\b/);
    assert.match(text, /\bnpm start\b/);
  });

  it('CONTRIBUTING.md names every script a contributor needs', () => {
    const { text } = document('CONTRIBUTING.md');
    for (const command of ['npm ci', 'npm test', 'npm run lint', 'npm run format', 'npm run gen'])
      assert.ok(text.includes(command), `${command} is not mentioned`);
  });
});

describe('tidy: rules of documents', () => {
  it('find scripts that do not exist', () => {
    const text = 'Run `npm run build`,\nor npm run bulid.\n';
    assert.deepEqual(scriptViolations({ path: 'README.md', text }, ['build']), [
      "README.md:2: 'npm run bulid': package.json has no such script",
    ]);
  });

  it('find paths that do not exist, from the document or from the top', () => {
    const there = new Set([
      'native/os',
      'native/sync/ring.hpp',
      'framework/spec.ts',
      'schemas/std',
      'package.json',
    ]);
    const text = [
      '`os/`, `native/os`, `sync/ring.hpp`, `framework/spec.ts`, `schemas/std/*.yaml`, `package.json`',
      '`framework/sepc.ts`',
      '`native/gone/x.hpp` and `gone.md`',
      '```\n`framework/in/a/block.ts`\n```',
      '`camera/image`, `a / b`, `npm run x`, `https://nodes/a.ts`, `nodes: {}`, `../framework/x.ts`, `image.data`',
      '`launch/gone/*.yaml`',
    ].join('\n');
    const violations = pathViolations({ path: 'native/README.md', text }, (path) =>
      there.has(path.replace(/\/$/, '')),
    );
    assert.deepEqual(violations, [
      'native/README.md:2: `framework/sepc.ts` does not exist',
      'native/README.md:3: `native/gone/x.hpp` does not exist',
      'native/README.md:3: `gone.md` does not exist',
      'native/README.md:8: `launch/gone/*.yaml` does not exist',
    ]);
  });
});
