import assert from 'node:assert/strict';
import { formatMessage } from '../../../framework/tools/message-text.js';

describe('messages as text', () => {
  it('have a line for each field, indented under the struct they belong to', () => {
    const text = formatMessage({
      stamp: { sec: 12, nsec: 5 },
      label: 'a "b"',
      on: true,
      pose: { position: { x: 1, y: -2.5 }, tags: [1, 2, '… 9 in all'] },
      cores: [{ user: 1, system: 2 }, { user: 3, system: 4 }, '… 64 in all'],
    });
    assert.equal(
      text,
      [
        'stamp: 12.000000005',
        `label: ${JSON.stringify('a "b"')}`,
        'on: true',
        'pose:',
        '  position:',
        '    x: 1',
        '    y: -2.5',
        '  tags: [1, 2, … 9 in all]',
        'cores:',
        '  - user: 1',
        '    system: 2',
        '  - user: 3',
        '    system: 4',
        '  - … 64 in all',
      ].join('\n'),
    );
  });

  it('carry no control character of another process to the terminal', () => {
    const text = formatMessage({ 'a\u001b[2J': 'b\u0007', c: '\u009b31m' });
    assert.doesNotMatch(text.replaceAll('\n', ''), /\p{Cc}/u);
  });
});
