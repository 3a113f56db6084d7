import assert from 'node:assert/strict';
import { printable, printableLine } from '../../../framework/errors/index.js';

describe('text for a terminal', () => {
  const HOSTILE = 'a\u001b]0;title\u0007\u009b2J\n\tb\u007f';

  it('keeps line ends and tabs, and writes out what could rewrite the screen', () => {
    assert.equal(printable(HOSTILE), 'a\\u001b]0;title\\u0007\\u009b2J\n\tb\\u007f');
  });

  it('in one line: writes out line ends and tabs too', () => {
    assert.equal(printableLine(HOSTILE), 'a\\u001b]0;title\\u0007\\u009b2J\\n\\tb\\u007f');
  });

  it('leaves other text alone', () => {
    assert.equal(printable('möhre 🥕 "x"'), 'möhre 🥕 "x"');
  });
});
