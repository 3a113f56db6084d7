import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cache } from '../../framework/describe/index.js';
import { REPO, tempDir } from '../support/index.js';
import { loadCase, shownErrors } from './load-case.js';

const FOLDER = join(REPO, 'test/launch/invalid');

describe('invalid launch files', () => {
  const names = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length));
  let cache: Cache;
  before(() => {
    cache = new Cache(tempDir());
  });

  it('are many, and each has its expected errors beside it', () => {
    const errors = readdirSync(FOLDER).filter((name) => name.endsWith('.error'));
    assert.deepEqual(errors.sort(), names.map((name) => `${name}.error`).sort());
    assert.ok(names.length >= 100, `${names.length} files`);
  });

  for (const name of names)
    it(name, async () => {
      const loaded = await loadCase(join(FOLDER, `${name}.yaml`), cache);
      assert.equal(shownErrors(loaded), readFileSync(join(FOLDER, `${name}.error`), 'utf8'));
      assert.equal(loaded.plan, undefined);
    });
});
