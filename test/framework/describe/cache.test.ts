import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Cache, describeNodes, openCache } from '../../../framework/describe/index.js';
import { tempDir } from '../../support/index.js';

describe('openCache', () => {
  it("is a private folder in the user's cache", () => {
    const home = tempDir();
    const cache = openCache({ HOME: home });
    assert.equal(cache.folder, join(home, '.cache/babus'));
    assert.equal(statSync(cache.folder).mode & 0o777, 0o700);
    assert.equal(openCache({ HOME: home }).folder, cache.folder);
  });

  it('follows XDG_CACHE_HOME when that is an absolute path', () => {
    const [xdg, home] = [tempDir(), tempDir()];
    assert.equal(openCache({ XDG_CACHE_HOME: xdg, HOME: home }).folder, join(xdg, 'babus'));
    assert.equal(openCache({ XDG_CACHE_HOME: 'relative', HOME: home }).folder, join(home, '.cache/babus'));
    assert.ok(!existsSync('relative'));
  });

  for (const [what, spoil] of [
    ['others may write to', (folder: string) => (mkdirSync(folder), chmodSync(folder, 0o777))],
    ['is a link', (folder: string) => symlinkSync('/', folder)],
    ['is a file', (folder: string) => writeFileSync(folder, '')],
  ] as const)
    it(`does not run code from a folder that ${what}`, () => {
      const [xdg, temporary] = [tempDir(), tempDir()];
      spoil(join(xdg, 'babus'));
      const before = process.env['TMPDIR'];
      process.env['TMPDIR'] = temporary;
      try {
        const cache = openCache({ XDG_CACHE_HOME: xdg });
        assert.equal(cache.folder, join(temporary, `babus-cache-${process.getuid!()}`));
        chmodSync(cache.folder, 0o777);
        assert.throws(() => openCache({ XDG_CACHE_HOME: xdg }), {
          code: 'ERR_BABUS_SYSTEM',
          message: /no folder for compiled nodes .* set XDG_CACHE_HOME/,
        });
      } finally {
        if (before === undefined) delete process.env['TMPDIR'];
        else process.env['TMPDIR'] = before;
      }
    });

  it('shows readers whole files only, and leaves no others', () => {
    const cache = openCache({ XDG_CACHE_HOME: tempDir() });
    cache.write('a.json', '{"n":1}');
    cache.write('a.json', '{"n":2}');
    assert.deepEqual(cache.readJson('a.json'), { n: 2 });
    assert.equal(statSync(cache.path('a.json')).mode & 0o777, 0o600);
    mkdirSync(cache.path('taken'));
    assert.throws(() => cache.write('taken', 'x'), { code: 'ERR_BABUS_SYSTEM' });
    assert.deepEqual(readdirSync(cache.folder).sort(), ['a.json', 'taken']);
  });
});

describe('Cache: what nobody uses', () => {
  const DAY_MS = 24 * 3600 * 1000;
  const daysAgo = (days: number): Date => new Date(Date.now() - days * DAY_MS);
  const name = (digit: string, rest: string): string => `${digit.repeat(32)}${rest}`;

  it('is removed after 30 days, and nothing else is', () => {
    const cache = openCache({ XDG_CACHE_HOME: tempDir() });
    const old = [
      name('a', '.json'),
      name('a', '.mjs'),
      name('a', '.report.json'),
      `.${name('a', '.mjs')}.0123456789ab`,
    ];
    const young = [name('b', '.json'), name('b', '.mjs')];
    const foreign = ['notes.json', 'package.json'];
    for (const each of [...old, ...young, ...foreign]) writeFileSync(cache.path(each), '{}');
    for (const each of [...old, ...foreign]) utimesSync(cache.path(each), daysAgo(31), daysAgo(31));
    for (const each of young) utimesSync(cache.path(each), daysAgo(29), daysAgo(29));
    cache.prune();
    assert.deepEqual(readdirSync(cache.folder).sort(), ['.pruned', ...young, ...foreign].sort());
  });

  it('is looked for once a day at most', () => {
    const cache = openCache({ XDG_CACHE_HOME: tempDir() });
    const file = name('a', '.json');
    const age = (): void => {
      writeFileSync(cache.path(file), '{}');
      utimesSync(cache.path(file), daysAgo(31), daysAgo(31));
    };
    cache.prune();
    age();
    cache.prune();
    assert.ok(cache.has(file));
    utimesSync(cache.path('.pruned'), daysAgo(2), daysAgo(2));
    cache.prune();
    assert.ok(!cache.has(file));
  });

  it('does not hinder anybody when it cannot be removed', () => {
    const cache = openCache({ XDG_CACHE_HOME: tempDir() });
    mkdirSync(cache.path(name('a', '.json')));
    utimesSync(cache.path(name('a', '.json')), daysAgo(31), daysAgo(31));
    cache.prune();
    mkdirSync(cache.path('gone'));
    new Cache(cache.path('gone/deeper')).prune();
    cache.keep(name('c', '.mjs'));
  });

  it('is not what was described again meanwhile, which needs no new look either', async () => {
    const cache = openCache({ XDG_CACHE_HOME: tempDir() });
    const folder = tempDir();
    writeFileSync(
      join(folder, 'quiet.ts'),
      "import { Node, node } from 'babus';\n@node() export class Quiet extends Node {}\n",
    );
    const describeIt = (): ReturnType<typeof describeNodes> =>
      describeNodes([{ use: './quiet', fromFile: join(folder, 'x.yaml') }], { cache });
    const [first] = await describeIt();
    assert.ok(first && 'moduleUrl' in first);
    const files = readdirSync(cache.folder).filter((each) => each !== '.pruned');
    assert.equal(files.length, 3, files.join());
    const report = cache.path(files.find((each) => each.endsWith('.report.json'))!);
    // Not written again: a new report would have another inode.
    const { ino } = statSync(report);
    for (const each of [...files, '.pruned']) utimesSync(cache.path(each), daysAgo(31), daysAgo(31));
    assert.deepEqual(await describeIt(), [first]);
    assert.deepEqual(readdirSync(cache.folder).sort(), ['.pruned', ...files].sort());
    for (const each of files)
      assert.ok(statSync(cache.path(each)).mtime > daysAgo(1), `${each} is marked as used`);
    assert.equal(statSync(report).ino, ino);
    assert.ok(files.includes(basename(fileURLToPath(first.moduleUrl))));
  });
});
