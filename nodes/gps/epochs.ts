import type { Accuracy, Motion, Position } from './decode.js';
import type { Sentence } from './sentence.js';

/** What a receiver says about one moment, put together of several sentences. */
export interface Epoch {
  /** Nanoseconds since midnight UTC; undefined when the receiver does not know. */
  readonly time: number | undefined;
  /** Days since 1970, when one of the sentences told. */
  readonly day: number | undefined;
  /** Undefined when the position of this moment was given already, or no sentence told one; as with motion. */
  readonly position: Position | undefined;
  /** Talker and type of the sentence with the position. */
  readonly key: string;
  readonly motion: Motion | undefined;
  readonly accuracy: Accuracy | undefined;
}

/**
 * How many epochs without a date are held back until their end; some receivers tell one only now and then. After that only
 * sentences that may bring a date, and came in the epoch before, are waited for.
 */
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
  #knowsDate = false;
  #isDue = false;

  constructor(emit: (epoch: Epoch) => void) {
    this.#emit = emit;
  }

  add(sentence: Sentence): void {
    if (this.#now && !this.#now.isOf(sentence)) this.#end();
    this.#now ??= new Moment(sentence.time);
    if (sentence.day !== undefined) this.#knowsDate = true;
    const isNews = this.#now.add(sentence, !this.#knowsDate);
    if (!isNews) return;
    // What comes after what was thought to be the last one is given, too, and awaited next time.
    if (this.#now.isGiven) this.#last = sentence.key;
    if (sentence.key === this.#last && (this.#knowsDate || this.#dateless >= DATE_PATIENCE))
      this.#isDue = true;
  }

  /** Gives the epoch under way if it is complete. Called when all that has arrived was added. */
  settle(): void {
    if (this.#isDue) this.#give();
  }

  /**
   * Gives what there is, as nothing more will come for now. Sentences of the same time may still follow.
   * @param next the sentence that will come then, if it is known: what belongs to it is kept
   */
  flush(next?: Sentence): void {
    if (next && this.#now?.isOf(next)) return;
    if (this.#now && (this.#isDue || !this.#now.isGiven)) this.#give();
  }

  #end(): void {
    this.#dateless++;
    this.flush();
    this.#last = this.#now?.lastNews;
    this.#now = undefined;
  }

  #give(): void {
    this.#isDue = false;
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
  #day: number | undefined;
  #position: Position | undefined;
  #positionKey = '';
  #motion: Motion | undefined;
  #accuracy: Accuracy | undefined;
  readonly #given = { position: false, motion: false, day: false };

  constructor(time: number | undefined) {
    this.#time = time;
  }

  /** A sentence twice means that the next epoch has begun, even when the receiver's clock stands still. */
  isOf({ key, time }: Sentence): boolean {
    if (this.#keys.has(key) && isContent(key)) return false;
    return time === undefined || this.#time === undefined || time === this.#time;
  }

  /** @returns whether it says something new, or might have brought a date that is missing */
  add(sentence: Sentence, lacksDate: boolean): boolean {
    const { key, day, position, motion, accuracy, time } = sentence;
    this.#keys.add(key);
    this.#time ??= time;
    let isNews = lacksDate && mayTellDate(key);
    if (day !== undefined && this.#day === undefined) [this.#day, isNews] = [day, true];
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
    const day = this.#given.day ? undefined : this.#day;
    if (!position && !motion && day === undefined) return undefined;
    if (position) this.#given.position = true;
    if (motion) this.#given.motion = true;
    if (day !== undefined) this.#given.day = true;
    return {
      time: this.#time,
      day: this.#day,
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

function mayTellDate(key: string): boolean {
  return /(RMC|ZDA)$/.test(key);
}

/** What tells more counts more, then what knows where it is, then the solution of all systems together. */
function worth(key: string, { rank, quality }: Position): number {
  return rank * 4 + (quality === 'none' ? 0 : 2) + (key.startsWith('GN') ? 1 : 0);
}
