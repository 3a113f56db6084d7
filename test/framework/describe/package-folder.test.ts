import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../../../framework/describe/index.js';
import { REPO, tempDir } from '../../support/index.js';

describe('the folder of a package', () => {
  let folder: string;
  beforeEach(() => {
    folder = tempDir();
    for (const path of [
      'node_modules/arm',
      'node_modules/@my/arm',
      'launch/deep',
      'launch/node_modules/near',
    ])
      mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "name": "robot" }');
  });

  it('is that of an installed one, seen from any folder below', () => {
    const from = join(folder, 'launch/deep');
    assert.equal(packageFolder('arm', from), join(folder, 'node_modules/arm'));
    assert.equal(packageFolder('@my/arm', from), join(folder, 'node_modules/@my/arm'));
    assert.equal(packageFolder('near', from), join(folder, 'launch/node_modules/near'));
  });

  it('may be that of the package itself', () => {
    assert.equal(packageFolder('robot', join(folder, 'launch/deep')), folder);
    assert.equal(packageFolder('babus', folder), REPO.replace(/\/$/, ''));
  });

  it('is refused for one that is not there, also beside a manifest that is none', () => {
    writeFileSync(join(folder, 'package.json'), '{');
    for (const name of ['robot', 'none', 'near'])
      assert.throws(() => packageFolder(name, folder), {
        code: 'ERR_BABUS_NODE_MODULE',
        message: `there is no package '${name}' as seen from ${folder}; install it there`,
      });
  });
});
