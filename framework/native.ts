/**
 * The only loader of the addon, and the declaration of every class it has. Nothing here is public: framework/slots turns it
 * into typed publishers and subscriptions.
 *
 * Numbers: sequences are JavaScript numbers (exact to 2^53, which 1 MHz reaches after 285 years); times are split into
 * seconds and nanoseconds so that they stay exact.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { correctLoopUtilization } from './loop-utilization.js';

/**
 * How news reaches the event loop.
 * - `loop`: its thread sleeps on the participant's futex word instead of polling; a thread looks after what it polls.
 * - `doorbell`: it polls a FIFO that publishers write to.
 * - `thread`: a thread sleeps for it.
 * - `auto`: the first of these that this participant may have here.
 */
export type WakeMode = 'auto' | 'loop' | 'doorbell' | 'thread';

/** How a participant is woken, for who waits for messages. */
export interface WakeOptions {
  /**
   * Default `auto`: `loop` for the first of the main thread; else `doorbell`, but `thread` for viewers and for members of a group
   * that a domain is open to.
   */
  readonly mode?: WakeMode;
  /** Microseconds, at most 1000, that the event loop stands still and looks before it goes to sleep. Default 0. */
  readonly spinUs?: number;
  /** `busy`: look only while the last two wakes were no further apart than four times `spinUs`. Default `always`. */
  readonly spinWhile?: 'always' | 'busy';
}

export interface ParticipantOptions {
  /** Shared-memory root folder; it and the domain are created when missing and `create` is set. */
  root: string;
  domain: string;
  /** Name in the participant's row, at most 127 bytes; a node's name, or such as `babus-echo`. */
  name: string;
  /** Create the domain when there is none; without it a missing one is ERR_BABUS_DOMAIN_MISSING. */
  create: boolean;
  /** A tool that looks on: it keeps no domain alive, and sees `retired` when the domain is removed under it. */
  viewer?: boolean;
  /**
   * Whose deaths to look out for, in threads of its own that sleep while nobody dies; default `neighbours`, the rows up to the eighth that watches too. The
   * launcher watches everybody, because others may be stopped, or programs that watch nobody.
   */
  watch?: 'none' | 'neighbours' | 'everybody';
  /** How its waiter is woken. */
  wake?: WakeOptions;
}

export interface SlotConfig {
  name: string;
  schemaName: string;
  /** 16 hexadecimal digits. */
  layoutHash: string;
  /** Canonical descriptor as JSON, at most 64 KiB. */
  descriptor: string;
  depth: number;
  maxBytes: number;
  maxReaders: number;
  pinsPerReader: number;
  maxPublishers: number;
  loansPerPublisher: number;
  /** Opens the slot to the members of a group; without it, it is for the domain's own user alone. */
  access?: { gid: number; mode: 'read' | 'write' };
}

/** Indexes into the `info` arrays of publishers and subscriptions. */
export const INFO = {
  BUFFER: 0,
  SEQUENCE: 1,
  /** Messages this subscription lost between the previous delivered one and this. */
  MISSED: 2,
  BYTES: 3,
  MONO_SEC: 4,
  MONO_NSEC: 5,
  WALL_SEC: 6,
  WALL_NSEC: 7,
  PIN: 8,
  /** When take() pinned it, in milliseconds of the monotonic clock; Spares its reader a look at the clock. */
  TAKEN_MS: 9,
} as const;

/** In `smallInfo` alone: 1 when there was more to take at the last take(), or the waiter's last wake, rest() or look(); else 0. */
export const HAS_NEWS = Object.keys(INFO).length;

/** What a place of `smallInfo` holds when its number is not one of 0 to 2^31 - 1. */
export const NOT_SMALL = -1;

/** A slot's payload memory: buffer i starts in chunk floor(i / buffersPerChunk) at (i mod buffersPerChunk) * stride. */
export interface SlotMemory {
  readonly name: string;
  readonly chunks: readonly ArrayBuffer[];
  readonly buffersPerChunk: number;
  /** Bytes from one buffer to the next; the first HEADER_BYTES of each are the message header. */
  readonly stride: number;
  readonly buffers: number;
  readonly depth: number;
  readonly maxBytes: number;
  readonly schemaName: string;
  /** Canonical descriptor as JSON. */
  readonly descriptor: string;
}

export const HEADER_BYTES = 64;

export interface NativePublisher extends SlotMemory {
  /** Claims a buffer whose first `fixedBytes` are zeroed and backed by memory. @returns its index */
  loan(fixedBytes: number): number;
  /** Backs the first `bytes` of a loaned payload with memory. */
  reserve(buffer: number, bytes: number): void;
  /** Backs the buffers that it is going to use with memory, whole, so that no loan waits for it. */
  prefault(): void;
  /** @returns the message's sequence number */
  commit(buffer: number, bytes: number): number;
  discard(buffer: number): void;
  close(): void;
}

export interface NativeSubscription extends SlotMemory {
  /** Filled by take() and at(). */
  readonly info: Float64Array;
  /**
   * The same numbers, where they are whole and small, else NOT_SMALL: reading one makes no garbage in code that V8 has not optimized
   * yet, which makes an object of each number read from a Float64Array.
   */
  readonly smallInfo: Int32Array;
  /** Pins the next message after the last taken one; false when there is none. Counts delivered, missed and latency. */
  take(): boolean;
  /** Sequence of the newest message, 0 when there was none yet. */
  newest(): number;
  /** Sequence of the oldest message that is there, newest() + 1 when none is. */
  oldest(): number;
  /** Pins message `sequence` wherever the cursor stands; false when it is gone or not there yet. */
  at(sequence: number): boolean;
  /** Sequence of the first message that was not published earlier, on the monotonic clock; newest() + 1 when there is none. */
  since(sec: number, nsec: number): number;
  /** The next take() returns the first message after `sequence`. */
  seek(sequence: number): void;
  /** Gives a pin back (INFO.PIN of the take or at). */
  release(pin: number): void;
  close(): void;
}

/**
 * Calls back on the JavaScript thread, as the event loop calls any callback, when any slot of its subscriptions has something
 * new. Keeps the process alive until it is closed or unref() is called.
 */
export interface NativeWaiter {
  /** What `auto` came to. */
  readonly mechanism: Exclude<WakeMode, 'auto'>;
  add(subscription: NativeSubscription): void;
  remove(subscription: NativeSubscription): void;
  /** To be called once everything new was taken: until then no further wake is reported. */
  arm(): void;
  /** arm(), unless something is new already: then false, and HAS_NEWS of each of its subscriptions says where. */
  rest(): boolean;
  /** Says in HAS_NEWS of each of its subscriptions whether something is new. It is not armed after that. */
  look(): void;
  /** From now on it keeps the process alive, as at its start. */
  ref(): void;
  /** From now on it does not keep the process alive. */
  unref(): void;
  close(): void;
}

export interface NativeParticipant {
  readonly row: number;
  /** True once the domain was removed: nothing new will ever come. Happens to viewers alone. */
  readonly retired: boolean;
  publisher(config: SlotConfig): NativePublisher;
  subscription(config: SlotConfig): NativeSubscription;
  /** Attaches to a slot as it is, comparing nothing. @throws ERR_BABUS_SLOT_MISSING */
  subscriptionTo(slot: string): NativeSubscription;
  /** At most one at a time. @throws ERR_BABUS_ARGUMENT also for a mechanism that this participant cannot have */
  waiter(onWake: () => void): NativeWaiter;
  /** Closes everything opened through this participant, detaches its ArrayBuffers and frees its row. */
  leave(): void;
}

/** One participant that reads a slot, and what it did there since it attached. */
export interface ReaderInspection {
  row: number;
  name: string;
  delivered: number;
  missed: number;
  /** Wakes that found nothing new: another slot shares the event bit. */
  filtered: number;
}

export interface SlotInspection {
  slot: string;
  schema: string;
  depth: number;
  maxBytes: number;
  /** Newest sequence, 0 when nothing was published. */
  seq: number;
  publishers: string[];
  subscribers: string[];
  /** The subscribers in the same order. */
  readers: ReaderInspection[];
  bit: number;
  /** Totals over the participants attached now. */
  bytesPublished: number;
  delivered: number;
  missed: number;
  filtered: number;
  /** Counts of latencies publish → delivery; bucket bounds in ns from latencyBucketBoundsNs(). */
  latency: Float64Array;
}

export interface ParticipantInspection {
  row: number;
  pid: number;
  name: string;
  alive: boolean;
  viewer: boolean;
  /** How publishers wake it. */
  sleepMode: 'event word' | 'own word' | 'doorbell';
  /** Wakes that found nothing new in any of its slots. */
  filteredWakes: number;
}

export interface DomainInspection {
  slots: SlotInspection[];
  participants: ParticipantInspection[];
}

/** What the kernel said when it refused to place a process. */
export interface PlacementRefusal {
  readonly reason: string;
  /** This user may not; with more rights it would go. */
  readonly notPermitted: boolean;
}

export interface NativeModule {
  /** Version of the memory layout. */
  readonly layoutVersion: number;
  /** How long this thread's event loop has slept outside of libuv, which takes that for work; see loop-utilization.ts. */
  readonly loopSleptMs: () => number;
  Participant: new (options: ParticipantOptions) => NativeParticipant;
  /** Reads a domain without attaching to it. @throws ERR_BABUS_DOMAIN_MISSING */
  inspect(root: string, domain: string): DomainInspection;
  /**
   * Gives back what the dead participants of a domain held; for who looks at one without taking part.
   * @returns how many were dead; 0 also when this user may only read
   * @throws ERR_BABUS_DOMAIN_MISSING
   */
  recoverDomain(root: string, domain: string): number;
  /** Names of the domains under a root. */
  domains(root: string): string[];
  /** Removes a domain's files when no participant is alive. @returns false when one is, or when there was no domain */
  removeDomain(root: string, domain: string): boolean;
  /** Lower bound of each latency bucket in nanoseconds. */
  latencyBucketBoundsNs(): Float64Array;
  /** Nanoseconds of the clock that publish times are taken from, as [sec, nsec]. */
  monotonicNow(): [number, number];
  /** Lets all threads of a process run on these processors alone. This and the three below return undefined when all is well. */
  setAffinity(pid: number, cpus: readonly number[]): PlacementRefusal | undefined;
  /** @param priority 1 to 99 for fifo and rr, else 0 */
  setPolicy(
    pid: number,
    policy: 'other' | 'batch' | 'idle' | 'fifo' | 'rr',
    priority: number,
  ): PlacementRefusal | undefined;
  /** @param nice -20 (served first) to 19 */
  setNice(pid: number, nice: number): PlacementRefusal | undefined;
  /** @param value bytes, or a number of files; Infinity for no limit */
  setLimit(
    pid: number,
    resource: 'core' | 'lockedMemory' | 'openFiles',
    value: number,
  ): PlacementRefusal | undefined;
  /** Asks the kernel to end this process when its parent ends. */
  dieWithParent(): void;
}

const require = createRequire(import.meta.url);
let loaded: NativeModule | undefined;

/** @throws Error ERR_BABUS_SYSTEM naming the build command, when the addon was not built for this machine */
export function native(): NativeModule {
  if (loaded === undefined) {
    loaded = load();
    const { loopSleptMs } = loaded;
    correctLoopUtilization(loopSleptMs);
  }
  return loaded;
}

function load(): NativeModule {
  const find = require('node-gyp-build') as (folder: string) => NativeModule;
  const folder = fileURLToPath(new URL('../../native', import.meta.url));
  try {
    return find(folder);
  } catch (cause) {
    const message = `the native part of babus cannot be loaded from ${folder}; build it with: npm run build (in the babus package)`;
    throw Object.assign(new Error(message, { cause }), { code: 'ERR_BABUS_SYSTEM' });
  }
}
