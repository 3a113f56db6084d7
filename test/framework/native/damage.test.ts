import assert from 'node:assert/strict';
import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { INFO, native, type NativeParticipant, type SlotConfig } from '../../../framework/native.js';
import { spawnNode, tempDomain, until } from '../../support/index.js';
import { Rig } from '../slots/rig.js';
import type { Count } from '../slots/count.js';

const PEER = fileURLToPath(new URL('stray-write-peer.js', import.meta.url));

function config(name: string): SlotConfig {
  return {
    name,
    schemaName: 'test/Bytes',
    layoutHash: '0123456789abcdef',
    descriptor: '{}',
    depth: 4,
    maxBytes: 20_000,
    maxReaders: 4,
    pinsPerReader: 2,
    maxPublishers: 4,
    loansPerPublisher: 2,
  };
}

class Place {
  readonly root = tempDomain().root;
  readonly #joined: NativeParticipant[] = [];

  join(name: string): NativeParticipant {
    const participant = new (native().Participant)({ root: this.root, domain: 'test', name, create: true });
    this.#joined.push(participant);
    return participant;
  }

  /** Cuts every file whose name begins so to a part of its size. */
  cut(start: string, part: number): void {
    const folder = join(this.root, 'test');
    for (const file of readdirSync(folder).filter((name) => name.startsWith(start))) {
      const path = join(folder, file);
      truncateSync(path, Math.floor(statSync(path).size * part));
    }
  }

  end(): void {
    for (const participant of this.#joined) participant.leave();
  }
}

describe('native: a slot whose memory is hurt', () => {
  let place: Place;

  beforeEach(() => (place = new Place()));
  afterEach(() => place.end());

  it('ends a reader that writes into a message, with its name and the slot, and nobody else', async () => {
    const participant = place.join('camera');
    const publisher = participant.publisher(config('a/b'));
    const subscription = participant.subscription(config('a/b'));
    const buffer = publisher.loan(64);
    new Uint8Array(publisher.chunks[0]!, buffer * publisher.stride + 64, 64).fill(77);
    publisher.commit(buffer, 64);
    const peer = spawnNode(PEER, [place.root]);
    const { code, signal } = await peer.exit();
    assert.deepEqual({ code, signal }, { code: null, signal: 'SIGSEGV' });
    assert.match(
      peer.stderr,
      /^babus: node edges wrote to a\/b, message memory of a slot it only reads \(address 0x[0-9a-f]+\); this process is ended$/m,
    );
    assert.equal(peer.stdout, 'read 77\n');
    assert.ok(subscription.take());
    const at = subscription.info[INFO.BUFFER]! * subscription.stride + 64;
    assert.equal(new Uint8Array(subscription.chunks[0]!)[at], 77);
  });

  for (const [what, start, code] of [
    ['data file', 'a.b@1.dat', 'ERR_BABUS_SLOT_CORRUPT'],
    ['control file', 'a.b@1.ctl', 'ERR_BABUS_SLOT_CORRUPT'],
    ['domain file', 'domain', 'ERR_BABUS_DOMAIN_CORRUPT'],
  ] as const)
    it(`refuses a slot by name whose ${what} was cut short, while views of it read as zeros`, () => {
      const participant = place.join('node');
      const publisher = participant.publisher(config('a/b'));
      const subscription = participant.subscription(config('a/b'));
      const beside = participant.publisher(config('beside'));
      for (let i = 0; i < 2; i++) publisher.commit(publisher.loan(8), 8);
      assert.ok(subscription.take());
      const loan = publisher.loan(8);
      const message = new Uint8Array(subscription.chunks[0]!, 0, subscription.stride);
      const loaned = new Uint8Array(publisher.chunks[0]!, loan * publisher.stride + 64, 64);
      place.cut(start, 0);
      loaned.fill(9);
      if (what === 'data file') assert.ok(message.every((byte) => byte === 0));
      const refused = (error: Error & { code?: string }): boolean =>
        error.code === code && error.message.includes(start) && error.message.includes('truncated');
      assert.throws(() => publisher.commit(loan, 8), refused);
      assert.throws(() => publisher.loan(8), refused);
      assert.throws(() => subscription.take(), refused);
      assert.throws(() => place.join('late').publisher(config('a/b')));
      if (what === 'domain file') assert.throws(() => beside.loan(8), refused);
      else assert.equal(beside.commit(beside.loan(8), 8), 1);
    });

  it('is said once by a dispatcher, which goes on with other slots', async () => {
    const rig = new Rig(place);
    const got: number[] = [];
    const { feed } = rig.reads('a/b', () => undefined);
    const beside = rig.reads('beside', (view) => void got.push((view as unknown as Count).value));
    const send = async (value: number): Promise<void> => {
      beside.feed.publish({ value });
      await until(() => got.at(-1) === value, `message ${value}`);
    };
    rig.dispatcher.start();
    await send(1);
    place.cut('a.b@1.ctl', 0);
    assert.throws(() => feed.publish({ value: 1 }), { code: 'ERR_BABUS_SLOT_CORRUPT' });
    // Nobody publishes there any more, yet the sleeping reader is told.
    await until(() => rig.troubles.length > 0, 'the trouble');
    for (let value = 2; value < 20; value++) await send(value);
    assert.equal(rig.troubles.length, 1);
    assert.match(String(rig.troubles[0]), /slot a\/b: its file a\.b@1\.ctl was truncated/);
    await rig.dispatcher.idle();
    rig.dispatcher.stop();
  });
});
