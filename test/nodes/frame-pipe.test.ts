import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import type { Socket } from 'node:net';
import { FramePipe } from '../../nodes/camera/frame-pipe.js';
import { tempDir, watchdog } from '../support/index.js';

describe('nodes/camera: frame pipe', () => {
  let pipe: FramePipe;
  let writeEnd: Socket;
  let temporary: string | undefined;

  beforeEach(async () => {
    temporary = process.env['TMPDIR'];
    process.env['TMPDIR'] = tempDir();
    ({ pipe, writeEnd } = await FramePipe.open());
  });

  afterEach(() => {
    pipe.close();
    writeEnd.destroy();
    if (temporary === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = temporary;
  });

  /** Reads a frame into the middle of a larger memory, and demands that nothing else of that changes. */
  async function readFrame(bytes: number): Promise<Buffer> {
    const memory = Buffer.alloc(bytes + 20, 7);
    const came = await watchdog(pipe.read(memory.subarray(10, 10 + bytes)), 'a frame');
    assert.ok([...memory.subarray(0, 10), ...memory.subarray(10 + bytes)].every((byte) => byte === 7));
    assert.ok(memory.subarray(10 + came, 10 + bytes).every((byte) => byte === 7));
    return memory.subarray(10, 10 + came);
  }

  it('fills frames of any size with what was written, however it was cut', async () => {
    const sizes = [1, 2, 1, 70_000, 3, 1_000_000, 1, 65_536, 1];
    const sent = randomBytes(sizes.reduce((sum, size) => sum + size, 0));
    for (let at = 0, n = 1; at < sent.length; at += n, n = (n * 7) % 50_021)
      writeEnd.write(sent.subarray(at, at + n));
    const received: Buffer[] = [];
    for (const size of sizes) received.push(await readFrame(size));
    assert.deepEqual(
      received.map(({ length }) => length),
      sizes,
    );
    assert.equal(Buffer.compare(Buffer.concat(received), sent), 0);
  });

  it('makes the writer wait while nothing is asked for', async () => {
    const sent = randomBytes(4_000_000);
    writeEnd.write(sent);
    assert.equal(Buffer.compare(await readFrame(1_000_000), sent.subarray(0, 1_000_000)), 0);
    // More than a socket's own buffers hold is still here.
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(writeEnd.writableLength, sent.length);
    assert.equal(Buffer.compare(await readFrame(3_000_000), sent.subarray(1_000_000)), 0);
  });

  it('says how much came when the writer ends within a frame, between frames or before any', async () => {
    writeEnd.end(Buffer.alloc(150, 3));
    assert.equal((await readFrame(100)).length, 100);
    assert.deepEqual(await readFrame(100), Buffer.alloc(50, 3));
    assert.equal((await readFrame(100)).length, 0);
    assert.equal((await readFrame(100)).length, 0);
  });

  it('ends a read that is under way when it is closed', async () => {
    writeEnd.on('error', () => undefined).write(Buffer.alloc(10));
    const reading = readFrame(100);
    await new Promise((resolve) => setImmediate(resolve));
    pipe.close();
    assert.ok((await reading).length <= 10);
    assert.equal((await readFrame(100)).length, 0);
    pipe.close();
  });

  it('leaves no file behind', async () => {
    const folder = process.env['TMPDIR']!;
    assert.deepEqual(readdirSync(folder), []);
    writeEnd.end();
    await once(writeEnd, 'finish');
  });
});
