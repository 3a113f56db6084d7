import { createReadStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from 'babus';
import { NmeaStream, type StreamListener } from './nmea-stream.js';
import { timeBetween } from './utc.js';

const NS_PER_MS = 1_000_000;
/** A longer gap between two sentences is one of the recording, and is not waited for. */
const MAX_GAP_MS = 60_000;
/** Between the end and the next beginning, when the recording does not tell how often its receiver speaks. */
const DEFAULT_PERIOD_MS = 1000;

export interface ReplayOptions {
  readonly path: string;
  /** Times as fast as it was recorded; 0: as fast as it can be read. */
  readonly speed: number;
  readonly loop: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Plays a recording, by the times in its sentences.
 *
 * @param listen makes the one who is told, for each time that it is played
 * @throws Error when it cannot be read, or has no sentence in it
 */
export async function replay(options: ReplayOptions, listen: () => StreamListener): Promise<void> {
  const { loop, signal } = options;
  const pace = new Pace(options);
  try {
    for (;;) {
      const sentences = await play(options, listen(), pace);
      if (signal.aborted) return;
      if (sentences === 0) throw new Error('there is no NMEA sentence with a right checksum in it');
      if (!loop) return;
      await pace.restart();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** @returns how many sentences there were */
async function play(options: ReplayOptions, listener: StreamListener, pace: Pace): Promise<number> {
  const stream = new NmeaStream(listener, { hasComments: true });
  let count = 0;
  const add = async (chunk: Uint8Array | undefined): Promise<void> => {
    for (const sentence of stream.sentences(chunk)) {
      if (options.signal.aborted) return;
      if (pace.mustWait(sentence.time)) {
        stream.flush(sentence);
        await pace.wait();
      }
      stream.add(sentence);
      count++;
    }
  };
  for await (const chunk of createReadStream(options.path, { signal: options.signal }))
    await add(chunk as Uint8Array);
  await add(undefined);
  stream.flush();
  return count;
}

/** When the next sentence is due. Counted from the start, so that lateness does not add up. */
class Pace {
  readonly #speed: number;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #time: number | undefined;
  #dueMs: number;
  #periodMs = DEFAULT_PERIOD_MS;

  constructor({ speed, clock, signal }: Pick<ReplayOptions, 'speed' | 'clock' | 'signal'>) {
    this.#speed = speed;
    this.#clock = clock;
    this.#signal = signal;
    this.#dueMs = clock.monotonicMs();
  }

  /** @param time ns since midnight. @returns whether the sentence of that time comes later than the ones before */
  mustWait(time: number | undefined): boolean {
    if (this.#speed === 0 || time === undefined) return false;
    const gapMs = timeBetween(this.#time ?? time, time) / NS_PER_MS;
    // A sentence that comes late does not set the time back.
    if (this.#time === undefined || gapMs > 0 || gapMs < -MAX_GAP_MS) this.#time = time;
    if (gapMs <= 0 || gapMs > MAX_GAP_MS) return false;
    this.#periodMs = gapMs;
    this.#dueMs += gapMs / this.#speed;
    return true;
  }

  async wait(): Promise<void> {
    const waitMs = Math.ceil(this.#dueMs - this.#clock.monotonicMs());
    await sleep(Math.max(0, waitMs), undefined, { signal: this.#signal });
  }

  /** The end of the recording to its beginning are as far apart as any two epochs. */
  async restart(): Promise<void> {
    this.#time = undefined;
    if (this.#speed === 0) return;
    this.#dueMs += this.#periodMs / this.#speed;
    await this.wait();
  }
}
