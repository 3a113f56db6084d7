import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCache } from '../../../framework/describe/index.js';
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
