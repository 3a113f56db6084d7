import { BabusError } from '../errors/index.js';
import { HEADER_BYTES, type SlotConfig } from '../native.js';
import { monotonicMs } from './clock.js';

/** Words of a buffer's row in `MemorySlot.stamps`, in the order of INFO from BYTES on. */
const STAMP_WORDS = 5;

/** How many of something each participant has: quotas hold for a participant, whatever it opened. */
export class Holders {
  readonly #counts = new Map<object, number>();

  /** Participants that have any. */
  get count(): number {
    let count = 0;
    for (const held of this.#counts.values()) if (held > 0) count++;
    return count;
  }

  of(participant: object): number {
    return this.#counts.get(participant) ?? 0;
  }

  add(participant: object): void {
    this.#counts.set(participant, this.of(participant) + 1);
  }

  remove(participant: object): void {
    this.#counts.set(participant, this.of(participant) - 1);
  }
}

/**
 * One slot of a domain inside a process: the ring of the last messages over a pool of buffers. A buffer is free when no loan
 * has it, the ring does not name it and no pin holds it.
 */
export class MemorySlot {
  /** Filled when a buffer is used for the first time. */
  readonly chunks: ArrayBuffer[] = [];
  readonly stride: number;
  readonly buffers: number;
  /** Sequence of the newest message. */
  newest = 0;
  readonly pins = new Holders();
  readonly loans = new Holders();
  readonly readers = new Holders();
  readonly publishers = new Holders();
  /** Called after each commit. */
  readonly listeners = new Set<() => void>();

  readonly #ring: Float64Array;
  /** By buffer: bytes, then the publish times as in INFO. */
  readonly #stamps: Float64Array;
  readonly #sequences: Float64Array;
  readonly #pinned: Uint32Array;
  readonly #loaned: Uint8Array;
  readonly #free: number[] = [];

  constructor(readonly config: SlotConfig) {
    const { depth, maxReaders, pinsPerReader, maxPublishers, loansPerPublisher } = config;
    this.stride = HEADER_BYTES + Math.ceil(config.maxBytes / 64) * 64;
    this.buffers = depth + maxReaders * pinsPerReader + maxPublishers * loansPerPublisher;
    this.#ring = new Float64Array(depth);
    this.#stamps = new Float64Array(this.buffers * STAMP_WORDS);
    this.#sequences = new Float64Array(this.buffers);
    this.#pinned = new Uint32Array(this.buffers);
    this.#loaned = new Uint8Array(this.buffers);
    for (let buffer = this.buffers - 1; buffer >= 0; buffer--) this.#free.push(buffer);
  }

  claim(fixedBytes: number): number {
    const buffer = this.#free.pop();
    if (buffer === undefined)
      throw new BabusError(
        'ERR_BABUS_SLOT_CORRUPT',
        `${this.config.name}: no buffer is free, which quotas rule out`,
      );
    const chunk = (this.chunks[buffer] ??= new ArrayBuffer(this.stride));
    new Uint8Array(chunk, HEADER_BYTES, fixedBytes).fill(0);
    this.#loaned[buffer] = 1;
    return buffer;
  }

  commit(buffer: number, bytes: number): number {
    if (this.newest >= Number.MAX_SAFE_INTEGER)
      throw new BabusError(
        'ERR_BABUS_SLOT_FULL',
        `${this.config.name}: message ${this.newest} was the last that it has numbers for`,
      );
    const sequence = ++this.newest;
    const place = sequence % this.config.depth;
    const replaced = this.#ring[place]!;
    this.#ring[place] = buffer + 1;
    this.#loaned[buffer] = 0;
    this.#sequences[buffer] = sequence;
    this.#stamp(buffer, bytes);
    if (replaced > 0) {
      this.#sequences[replaced - 1] = 0;
      this.#freeIfUnused(replaced - 1);
    }
    for (const listener of this.listeners) listener();
    return sequence;
  }

  discard(buffer: number): void {
    this.#loaned[buffer] = 0;
    this.#freeIfUnused(buffer);
  }

  /** Oldest sequence that is still there; `newest + 1` when nothing was published. */
  oldest(): number {
    return Math.max(1, this.newest - this.config.depth + 1);
  }

  /** First sequence that was not published earlier; `newest + 1` when there is none. */
  since(sec: number, nsec: number): number {
    let low = this.oldest();
    let high = this.newest + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.#isBefore(middle, sec, nsec)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @returns the pinned buffer of a message that is there */
  pin(sequence: number): number {
    const buffer = this.#ring[sequence % this.config.depth]! - 1;
    this.#pinned[buffer]!++;
    return buffer;
  }

  unpin(buffer: number): void {
    this.#pinned[buffer]!--;
    this.#freeIfUnused(buffer);
  }

  /** Writes what is known of the message in a buffer, from `at` on. */
  copyStamp(buffer: number, into: Float64Array, at: number): void {
    for (let i = 0; i < STAMP_WORDS; i++) into[at + i] = this.#stamps[buffer * STAMP_WORDS + i]!;
  }

  #stamp(buffer: number, bytes: number): void {
    const stamps = this.#stamps;
    let at = buffer * STAMP_WORDS;
    stamps[at++] = bytes;
    for (const ms of [monotonicMs(), performance.timeOrigin + performance.now()]) {
      const sec = Math.floor(ms / 1000);
      stamps[at++] = sec;
      stamps[at++] = Math.floor((ms - sec * 1000) * 1e6);
    }
  }

  #isBefore(sequence: number, sec: number, nsec: number): boolean {
    const buffer = this.#ring[sequence % this.config.depth]! - 1;
    const ownSec = this.#stamps[buffer * STAMP_WORDS + 1]!;
    return ownSec < sec || (ownSec === sec && this.#stamps[buffer * STAMP_WORDS + 2]! < nsec);
  }

  #freeIfUnused(buffer: number): void {
    if (this.#pinned[buffer] === 0 && this.#sequences[buffer] === 0 && this.#loaned[buffer] === 0)
      this.#free.push(buffer);
  }
}
