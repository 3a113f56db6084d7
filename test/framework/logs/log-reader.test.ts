import assert from 'node:assert/strict';
import { renameSync, rmSync, writeFileSync, appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogReader, RotatingFile, RunFolder } from '../../../framework/logs/index.js';
import type { LogLine } from '../../../framework/log-line.js';
import { tempDir } from '../../support/index.js';

function line(name: string, time: number, msg = String(time)): string {
  return JSON.stringify({ level: 30, time, pid: 1, name, msg });
}

async function all(lines: AsyncIterable<LogLine>): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, msg } of lines) found.push(`${name} ${msg}`);
  return found;
}

describe('LogReader', () => {
  let run: RunFolder;
  const path = (name: string): string => join(run.folder, name);
  const reader = (...nodes: string[]): LogReader => new LogReader([{ folder: run.folder, nodes }]);
  const handlers = {
    onFailing: (error: Error) => assert.ifError(error),
    onMended: (lines: number) => assert.equal(lines, 0),
  };

  beforeEach(() => {
    run = RunFolder.make(join(tempDir(), 'babus'), { domain: 'd', file: 'f', nodes: ['a', 'b'] });
  });

  it('joins the files of nodes in the order of time, the rotated ones first, and skips what is no line', async () => {
    writeFileSync(path('a.1.jsonl'), `${line('a', 1)}\n${line('a', 2)}\n`);
    writeFileSync(path('a.jsonl'), `torn {\n\n${line('a', 5)}\n{"level":30}\n${line('a', 6)}\n{"incompl`);
    writeFileSync(path('ns-b.jsonl'), `${line('ns/b', 3)}\n${line('ns/b', 7)}\n`);
    const logs = reader('a', 'ns/b', 'silent');
    assert.deepEqual(await all(logs.read()), ['a 1', 'a 2', 'ns/b 3', 'a 5', 'a 6', 'ns/b 7']);
    assert.deepEqual(await all(logs.read()), []);
    await logs.close();
  });

  it('loses and doubles no line while files are rotated, however often between two looks', async () => {
    const file = new RotatingFile(path('a.jsonl'), { maxBytes: 3000, maxFiles: 50 }, handlers);
    const logs = reader('a');
    const found: string[] = [];
    for (let time = 0; time < 1000; time++) {
      file.write(line('a', time));
      // Now and then the reader is slow.
      if (time % 7 === 0 && time % 200 < 150) found.push(...(await all(logs.read())));
    }
    await file.close();
    found.push(...(await all(logs.read())));
    assert.deepEqual(
      found,
      Array.from({ length: 1000 }, (_, time) => `a ${time}`),
    );
    await logs.close();
  });

  it('goes on with the oldest file that is there when its own was removed', async () => {
    writeFileSync(path('a.jsonl'), `${line('a', 1)}\n`);
    const logs = reader('a');
    assert.deepEqual(await all(logs.read()), ['a 1']);
    rmSync(path('a.jsonl'));
    writeFileSync(path('a.1.jsonl'), `${line('a', 8)}\n`);
    writeFileSync(path('a.jsonl'), `${line('a', 9)}\n`);
    assert.deepEqual(await all(logs.read()), ['a 8', 'a 9']);
    await logs.close();
  });

  it('follows until the run has ended, and reads its last words', async () => {
    writeFileSync(path('b.jsonl'), `${line('b', 1)}\n`);
    writeFileSync(path('a.jsonl'), '');
    const logs = reader('a', 'b');
    const found: string[] = [];
    for await (const { name, msg } of logs.follow(new AbortController().signal)) {
      found.push(`${name} ${msg}`);
      if (found.length === 1) appendFileSync(path('b.jsonl'), `${line('b', 2)}\n`);
      if (found.length === 2) {
        renameSync(path('a.jsonl'), path('a.1.jsonl'));
        writeFileSync(path('a.jsonl'), `${line('a', 3)}\n`);
        run.end(0);
      }
      if (found.length === 3) appendFileSync(path('a.jsonl'), `${line('a', 4)}\n`);
    }
    assert.deepEqual(found, ['b 1', 'b 2', 'a 3', 'a 4']);
    await logs.close();
  });
});
