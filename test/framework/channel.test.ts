import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { Channel } from '../../framework/channel.js';
import { watchdog } from '../support/index.js';

const MAX_LINE_BYTES = 100;

/** A channel, what came out of it, and the socket that it is on. */
class Bench {
  readonly messages: unknown[] = [];
  garbage = 0;
  readonly closed: Promise<void>;
  readonly channel: Channel;
  sent = '';

  readonly #socket = new Duplex({
    allowHalfOpen: false,
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      this.sent += chunk.toString();
      done();
    },
  });

  constructor() {
    let close = (): void => undefined;
    this.closed = new Promise((resolve) => (close = resolve));
    this.channel = new Channel(
      this.#socket,
      {
        onMessage: (message) => this.messages.push(message),
        onGarbage: () => this.garbage++,
        onClose: () => close(),
      },
      MAX_LINE_BYTES,
    );
  }

  /** Hands bytes over, in pieces of a size, and lets them arrive. */
  async receive(text: string | Buffer, pieceBytes = 1e6): Promise<void> {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      this.#socket.push(bytes.subarray(at, at + pieceBytes));
      await new Promise(setImmediate);
    }
    this.#socket.push(null);
    await watchdog(this.closed, 'the end of the channel');
  }
}

describe('Channel', () => {
  for (const pieceBytes of [1, 3, 1000])
    it(`puts messages together that arrive in pieces of ${pieceBytes}`, async () => {
      const bench = new Bench();
      await bench.receive('{"a":"grün"}\n[1]\nnull\n{"half":', pieceBytes);
      assert.deepEqual(bench.messages, [{ a: 'grün' }, [1], null]);
      assert.equal(bench.garbage, 0);
    });

  it('leaves out what is no message, and goes on', async () => {
    const bench = new Bench();
    await bench.receive('nonsense\n{"a":1}\n\n{"a":\n\xff\xfe\0\n{"a":2}\n');
    assert.deepEqual(bench.messages, [{ a: 1 }, { a: 2 }]);
    assert.equal(bench.garbage, 4);
  });

  it('leaves out lines that are too long, however they arrive', async () => {
    for (const pieceBytes of [1, 1e6]) {
      const bench = new Bench();
      const long = JSON.stringify('x'.repeat(MAX_LINE_BYTES - 1));
      const fits = JSON.stringify('x'.repeat(MAX_LINE_BYTES - 2));
      await bench.receive(`${long}\n${fits}\n${long}${long}\n7\n`, pieceBytes);
      assert.deepEqual(bench.messages, [JSON.parse(fits), 7]);
      assert.equal(bench.garbage, 2);
    }
  });

  it('sends one line a message, until it is closed', async () => {
    const bench = new Bench();
    await bench.channel.send({ text: 'a\nb' });
    assert.equal(bench.sent, '{"text":"a\\nb"}\n');
    bench.channel.close();
    await bench.closed;
    assert.equal(bench.channel.isOpen, false);
    await bench.channel.send({ text: 'too late' });
    assert.equal(bench.sent, '{"text":"a\\nb"}\n');
  });
});
