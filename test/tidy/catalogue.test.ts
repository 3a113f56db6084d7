import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '../../framework/errors/index.js';
import { catalogueViolations, documentedCodes } from './catalogue.js';
import { REPO } from '../support/index.js';
import { assertTidy, fixture, repositoryFiles } from './tree.js';

describe('tidy: error catalogue', () => {
  it('lists every code that is raised, and no other, in order', () =>
    assertTidy(catalogueViolations(repositoryFiles(), Object.keys(ERRORS))));

  it('describes each code in words', () => {
    for (const [code, text] of Object.entries(ERRORS)) {
      assert.match(code, /^ERR_BABUS_[A-Z]+(_[A-Z]+)*$/);
      assert.match(text, /^[^.]{20,}$/, `${code}: one sentence without a full stop`);
    }
  });

  it('is in ERRORS.md, word by word and in order, and nothing else is', () =>
    assert.deepEqual(documentedCodes(readFileSync(join(REPO, 'ERRORS.md'), 'utf8')), Object.entries(ERRORS)));

  it('reads the rows of the table, and mentions outside of it', () => {
    const text = '| code | when |\n| --- | --- |\n| `ERR_BABUS_A` | it   is so |\n\nSee `ERR_BABUS_B`.\n';
    assert.deepEqual(documentedCodes(text), [
      ['ERR_BABUS_A', 'it is so'],
      ['ERR_BABUS_B', ''],
    ]);
  });

  it('finds codes that are missing, unused or out of place', () => {
    const files = fixture({
      'framework/a.ts': "// ERR_BABUS_SAID is said only\nthrow new BabusError('ERR_BABUS_B', 'x');\n",
      'native/core/a.cc': '/* ERR_BABUS_SAID */ throw Error("ERR_BABUS_NEW", "x");\n',
      'nodes/a.ts': 'if (code === "ERR_BABUS_A") stop();\n',
      'test/a.test.ts': "'ERR_BABUS_TESTED'\n",
      'framework/errors/catalogue.ts': 'ERR_BABUS_SAID\n',
    });
    assert.deepEqual(catalogueViolations(files, ['ERR_BABUS_B', 'ERR_BABUS_A', 'ERR_BABUS_SAID']), [
      'native/core/a.cc:1: ERR_BABUS_NEW is not in framework/errors/catalogue.ts; add a line that says when it is raised',
      'framework/errors/catalogue.ts: ERR_BABUS_SAID is raised nowhere in framework/, nodes/ or native/; take it out',
      'framework/errors/catalogue.ts: ERR_BABUS_B is not in its alphabetical place',
    ]);
  });

  it('does not take a common start for a code', () => {
    const files = fixture({ 'framework/a.ts': "code.startsWith('ERR_BABUS_');\n" });
    assertTidy(catalogueViolations(files, []));
  });
});
