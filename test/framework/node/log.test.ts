import assert from 'node:assert/strict';
import { createLogger, formatRecord, type Logger, type LogRecord } from '../../../framework/node/log.js';

/** What a use of a logger prints. */
function printed(use: (log: Logger) => void, level: 'debug' | 'info' | 'warn' | 'error' = 'debug'): string[] {
  const records: LogRecord[] = [];
  use(createLogger((record) => records.push(record), level));
  return records.map(formatRecord);
}

describe('log', () => {
  it('prints level, message and fields on one line', () => {
    const lines = printed((log) => {
      log.debug('starting');
      log.info({ missed: 3, slot: 'camera/image' });
      log.warn({ bytes: 12n }, 'much');
      log.error('two\nlines \u001b[2J');
    });
    assert.deepEqual(lines, [
      'DEBUG starting',
      'INFO  {"missed":3,"slot":"camera/image"}',
      'WARN  much {"bytes":"12"}',
      'ERROR two\\nlines \\u001b[2J',
    ]);
  });

  it('prints stacks of errors below', () => {
    const error = new Error('broken');
    const [bare, field] = printed((log) => {
      log.error(error);
      log.error({ error, slot: 'a' }, 'onImage failed');
    });
    assert.equal(bare, `ERROR ${error.stack}`);
    assert.equal(field, `ERROR onImage failed {"slot":"a"}\n${error.stack}`);
  });

  it('leaves out levels below its own', () => {
    const use = (log: Logger): void => {
      for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level]('x');
    };
    assert.deepEqual(printed(use, 'warn'), ['WARN  x', 'ERROR x']);
  });

  it('never throws, whatever it is given, and never prints whole frames', () => {
    const circular: Record<string, unknown> = { name: 'loop' };
    circular['self'] = circular;
    const lines = printed((log) => {
      log.info(circular);
      log.info({ data: new Uint8Array(6_220_800) });
      log.info({ toJSON: () => assert.fail('no') });
      log.info(undefined as never);
      log.info(null as never, 'x' as never);
    });
    assert.equal(lines.length, 5);
    assert.match(lines[0]!, /^INFO {2}.*loop.*Circular/);
    assert.equal(lines[1], 'INFO  {"data":"Uint8Array(6220800 bytes)"}');
    assert.equal(lines[3], 'INFO  undefined');
  });
});
