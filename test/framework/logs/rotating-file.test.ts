import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { RotatingFile } from '../../../framework/logs/index.js';
import { tempDir, until } from '../../support/index.js';

const LARGE = { maxBytes: 1_000_000, maxFiles: 3 };

describe('RotatingFile', () => {
  let folder: string;
  let events: string[];
  const handlers = {
    onFailing: ({ message }: Error) => void events.push(`failing: ${message}`),
    onMended: (lines: number) => void events.push(`mended: ${lines}`),
  };
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const file = (rotation = LARGE): RotatingFile =>
    new RotatingFile(join(folder, 'a.jsonl'), rotation, handlers);

  beforeEach(() => {
    folder = tempDir();
    events = [];
  });

  it('makes a file of the owner alone with the first line, and keeps the order', async () => {
    const log = file();
    assert.deepEqual(readdirSync(folder), []);
    for (let i = 0; i < 1000; i++) log.write(`line ${i}`);
    await log.close();
    assert.equal(read('a.jsonl'), Array.from({ length: 1000 }, (_, i) => `line ${i}\n`).join(''));
    assert.equal(statSync(join(folder, 'a.jsonl')).mode & 0o777, 0o600);
    assert.deepEqual(events, []);
  });

  it('keeps the newest files, none of them above its size, no line cut', async () => {
    const log = file({ maxBytes: 100, maxFiles: 3 });
    for (let i = 100; i < 200; i++) log.write(`${i} 4567890`);
    await log.close();
    assert.deepEqual(readdirSync(folder).sort(), ['a.1.jsonl', 'a.2.jsonl', 'a.jsonl']);
    const all = read('a.2.jsonl') + read('a.1.jsonl') + read('a.jsonl');
    const kept = all.trimEnd().split('\n');
    assert.deepEqual(
      kept,
      Array.from({ length: kept.length }, (_, i) => `${200 - kept.length + i} 4567890`),
    );
    for (const name of readdirSync(folder)) assert.ok(statSync(join(folder, name)).size <= 100);
    assert.ok(kept.length > 16);
  });

  it('keeps one file alone, and a line that is longer than a file', async () => {
    const log = file({ maxBytes: 100, maxFiles: 1 });
    log.write('x'.repeat(50));
    log.write('y'.repeat(300));
    await log.close();
    assert.deepEqual(readdirSync(folder), ['a.jsonl']);
    assert.equal(read('a.jsonl'), `${'y'.repeat(300)}\n`);
  });

  it('meets a full disk with one message, goes on when there is room, and counts what is lost', async () => {
    symlinkSync('/dev/full', join(folder, 'a.jsonl'));
    const log = file();
    for (let i = 0; i < 10; i++) log.write('lost');
    await until(() => events.length > 0, 'the message');
    assert.equal(events.length, 1);
    assert.match(events[0]!, /^failing: ENOSPC/);
    rmSync(join(folder, 'a.jsonl'));
    log.write('kept');
    await until(() => events.length > 1, 'the end of it');
    await log.close();
    assert.deepEqual(events.slice(1), ['mended: 10']);
    assert.equal(read('a.jsonl'), 'kept\n');
  });

  it('closes on a disk that stays full', async () => {
    symlinkSync('/dev/full', join(folder, 'a.jsonl'));
    const log = file();
    for (let i = 0; i < 100; i++) log.write('lost');
    await log.close();
    assert.equal(events.length, 1);
  });

  it('leaves lines out when they come faster than the disk takes them', async () => {
    const log = file({ maxBytes: 100_000_000, maxFiles: 2 });
    const line = 'x'.repeat(1024 * 1024 - 1);
    for (let i = 0; i < 10; i++) log.write(line);
    await log.close();
    assert.equal(statSync(join(folder, 'a.jsonl')).size, 4 * 1024 * 1024);
    assert.deepEqual(events, ['mended: 6']);
  });
});
