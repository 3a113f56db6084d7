import type { Accuracy, Motion, Position } from './decode.js';
import type { Sentence } from './sentence.js';

/** What a receiver says about one moment, put together of several sentences. */
export interface Epoch {
  /** Nanoseconds since midnight UTC; undefined when the receiver does not know. */
  readonly time: number | undefined;
  /** Days since 1970, when one of the sentences told. */
  readonly day: number | undefined;
  /** Undefined when the position of this moment was given already, or no sentence told one. */
  readonly position: Position | undefined;
  /** Talker and type of the sentence with the position. */
  readonly key: string;
  readonly motion: Motion | undefined;
  readonly accuracy: Accuracy | undefined;
}

/** How many epochs are held back until their end in the hope of a date; some receivers tell one only now and then. */
const DATE_PATIENCE = 10;

/**
 * Puts the sentences of one moment together. An epoch ends with the sentence that ended the one before, so that its position
 * does not wait for the next; until that is known, or when that sentence is lost, it ends with the first of another time.
 */
export class EpochAssembler {
  readonly #emit: (epoch: Epoch) => void;
  #now: Moment | undefined;
  /** The sentence that brings the last news of each epoch. */
  #last: string | undefined;
  #dateless = 0;

  constructor(emit: (epoch: Epoch) => void) {
    this.#emit = emit;
  }

  add(sentence: Sentence): void {
    if (this.#now && !this.#now.isOf(sentence)) this.#end();
    this.#now ??= new Moment(sentence.time);
    const isNews = this.#now.add(sentence);
    if (this.#now.isGiven) {
      // It came after what was thought to be the last one. What it adds is given now, and awaited next time.
      if (isNews) this.#last = sentence.key;
      this.#give();
    } else if (isNews && sentence.key === this.#last && this.#hasDate(this.#now)) this.#give();
  }

  /** Gives what there is, as nothing more will come for now. Sentences of the same time may still follow. */
  flush(): void {
    if (this.#now && !this.#now.isGiven) this.#give();
  }

  #hasDate({ day }: Moment): boolean {
    if (day !== undefined) this.#dateless = DATE_PATIENCE;
    return this.#dateless >= DATE_PATIENCE;
  }

  #end(): void {
    this.#dateless++;
    this.flush();
    this.#last = this.#now?.lastNews;
    this.#now = undefined;
  }

  #give(): void {
    const epoch = this.#now?.take();
    if (epoch) this.#emit(epoch);
  }
}

/** The sentences of one epoch. */
class Moment {
  /** Whether something of it was given already. */
  isGiven = false;
  /** The last sentence that said something new. */
  lastNews: string | undefined;
  readonly #keys = new Set<string>();
  #time: number | undefined;
  /** Days since 1970, when a sentence told. */
  day: number | undefined;
  #position: Position | undefined;
  #positionKey = '';
  #motion: Motion | undefined;
  #accuracy: Accuracy | undefined;
  readonly #given = { position: false, motion: false };

  constructor(time: number | undefined) {
    this.#time = time;
  }

  /** A sentence twice means that the next epoch has begun, even when the receiver's clock stands still. */
  isOf({ key, time }: Sentence): boolean {
    if (this.#keys.has(key) && isContent(key)) return false;
    return time === undefined || this.#time === undefined || time === this.#time;
  }

  /** @returns whether it says something new */
  add(sentence: Sentence): boolean {
    const { key, day, position, motion, accuracy, time } = sentence;
    this.#keys.add(key);
    this.#time ??= time;
    let isNews = false;
    if (day !== undefined && this.day === undefined) [this.day, isNews] = [day, true];
    if (motion && !this.#motion) [this.#motion, isNews] = [motion, true];
    if (accuracy && !this.#accuracy) [this.#accuracy, isNews] = [accuracy, true];
    if (position && this.#isBetter(key, position)) {
      [this.#position, this.#positionKey] = [position, key];
      isNews = true;
    }
    if (isNews) this.lastNews = key;
    return isNews;
  }

  /** @returns what is new since the last call, undefined when that is nothing */
  take(): Epoch | undefined {
    this.isGiven = true;
    const position = this.#given.position ? undefined : this.#position;
    const motion = this.#given.motion ? undefined : this.#motion;
    if (!position && !motion) return undefined;
    if (position) this.#given.position = true;
    if (motion) this.#given.motion = true;
    return {
      time: this.#time,
      day: this.day,
      position,
      key: this.#positionKey,
      motion,
      accuracy: this.#accuracy,
    };
  }

  #isBetter(key: string, position: Position): boolean {
    if (!this.#position) return true;
    return worth(key, position) > worth(this.#positionKey, this.#position);
  }
}

/** Satellites in view and in use come in several sentences of the same name. */
function isContent(key: string): boolean {
  return !/(GSV|GSA|TXT)$/.test(key);
}

/** What tells more counts more, then what knows where it is, then the solution of all systems together. */
function worth(key: string, { rank, quality }: Position): number {
  return rank * 4 + (quality === 'none' ? 0 : 2) + (key.startsWith('GN') ? 1 : 0);
}
