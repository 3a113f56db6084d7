import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO, spawnTracked } from '../support/index.js';
import { importGraph, isPackage, packageOf } from './imports.js';
import { PACKAGE_HOMES, TOP_FOLDERS } from './rules.js';
import { assertTidy, isUnder, repositoryFiles } from './tree.js';

interface Manifest {
  readonly scripts: Record<string, string>;
  readonly bin: Record<string, string>;
  readonly types: string;
  readonly exports: Record<string, string | Record<string, string>>;
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}

const manifest = JSON.parse(readFileSync(join(REPO, 'package.json'), 'utf8')) as Manifest;

describe('tidy: package.json', () => {
  it('runs nothing when somebody installs the package', () => {
    // npm will block such scripts; `prepare` runs only in a clone, before packing and for git dependencies.
    for (const script of ['preinstall', 'install', 'postinstall'])
      assert.ok(!(script in manifest.scripts), script);
  });

  it('has exactly the dependencies that framework/ and nodes/ use', () => {
    const imported = importGraph(repositoryFiles()).filter(({ from }) =>
      isUnder(from, ['framework', 'nodes']),
    );
    const used = new Set(imported.filter(isPackage).map((each) => packageOf(each.specifier)));
    const dependencies = Object.keys(manifest.dependencies);
    assertTidy([
      ...dependencies
        .filter((name) => !used.has(name))
        .map((name) => `'${name}' is a dependency that nothing imports`),
      ...[...used]
        .filter((name) => !dependencies.includes(name))
        .map((name) => `'${name}' is imported but no dependency`),
      ...Object.keys(PACKAGE_HOMES)
        .filter((name) => !dependencies.includes(name))
        .map((name) => `'${name}' has a home in test/tidy/rules.ts but is no dependency`),
    ]);
  });

  it('packs everything that its entries lead to, and no tests', async () => {
    const packed = await packedFiles();
    const entries = [
      ...Object.values(manifest.bin),
      manifest.types,
      ...Object.values(manifest.exports).flatMap((entry) =>
        typeof entry === 'string' ? [entry] : Object.values(entry),
      ),
    ].map((entry) => entry.replace(/^\.\//, ''));
    const needed = [
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
      'dist/framework/node/host.js',
      ...jsonSchemas(),
      ...new Set(entries),
    ];
    assertTidy([
      ...needed
        .filter((entry) => !packed.some(matches(entry)))
        .map((entry) => `${entry} is not in the package`),
      ...packed
        .filter((path) => /^(dist\/)?test\/|^native\/build\//.test(path))
        .map((path) => `${path} is in the package`),
    ]);
  });
});

/** What `npm pack` would put into the package; nothing is run or written. */
async function packedFiles(): Promise<string[]> {
  const npm = spawnTracked('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: REPO });
  const { code } = await npm.exit();
  assert.equal(code, 0, npm.output());
  const [report] = JSON.parse(npm.stdout) as [{ files: { path: string }[] }];
  return report.files.map(({ path }) => path);
}

function matches(entry: string): (path: string) => boolean {
  const [start = '', end] = entry.split('*');
  return (path) => (end === undefined ? path === entry : path.startsWith(start) && path.endsWith(end));
}

function jsonSchemas(): string[] {
  return readdirSync(join(REPO, 'schemas'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => `schemas/${name}`);
}

describe('tidy: layout', () => {
  it('has the folders of test/tidy/rules.ts at the top, and no other', () => {
    const folders = readdirSync(REPO, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .filter((name) => !['node_modules', 'dist'].includes(name));
    assert.deepEqual(folders.sort(), [...TOP_FOLDERS].sort());
  });

  it('names files in kebab-case, and test files after what they test', () => {
    const odd = repositoryFiles()
      .map(({ path }) => path)
      .filter((path) => /^(framework|nodes|test)\/.*\.(ts|mjs)$/.test(path) && !path.includes('/fixtures/'))
      .filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.(ts|mjs)$/.test(path.split('/').at(-1)!));
    assertTidy(odd.map((path) => `${path}: file names are kebab-case`));
  });
});
