import type { Counts } from './counts.js';

/** The standard says 82; receivers of high precision write up to about 110. */
const MAX_SENTENCE = 256;
/** gpsd's lists of satellites are JSON lines of this order. */
const MAX_JSON = 16_384;

/** Lines between the sentences that a kind of source may have. */
export interface FramerOptions {
  /** Pass over lines that start with #, as files of recordings have them. */
  readonly hasComments?: boolean;
  /** Give lines that start with {, as gpsd sends them. */
  readonly hasJson?: boolean;
}

type Where = 'before' | 'between' | 'sentence' | 'json' | 'comment' | 'overlong';

/**
 * Finds NMEA 0183 sentences in a stream of bytes, however it is cut into chunks and whatever lies between them: binary
 * protocols, half sentences, lines of text.
 */
export class Framer {
  readonly #counts: Counts;
  readonly #options: FramerOptions;
  #where: Where = 'before';
  #isLineStart = true;
  #text = '';

  /** @param counts where it counts what is left out */
  constructor(counts: Counts, options: FramerOptions = {}) {
    this.#counts = counts;
    this.#options = options;
  }

  /**
   * Takes the next bytes.
   * @returns the sentences that end in them, from $ or ! to the checksum, which is right; and JSON lines, from { on
   */
  push(chunk: Uint8Array): string[] {
    const found: string[] = [];
    for (const byte of chunk) {
      if (byte === 0x0a || byte === 0x0d) this.#endLine(found);
      else if ((byte === 0x24 || byte === 0x21) && this.#where !== 'comment' && this.#where !== 'json')
        this.#begin(byte, found);
      else this.#take(byte, found);
    }
    return found;
  }

  /** Ends what is under way, as the stream has ended. @returns as push() */
  end(): string[] {
    const found: string[] = [];
    this.#endLine(found);
    this.#where = 'before';
    return found;
  }

  #begin(byte: number, found: string[]): void {
    this.#endSentence(found);
    this.#where = 'sentence';
    this.#isLineStart = false;
    this.#text = String.fromCharCode(byte);
  }

  #take(byte: number, found: string[]): void {
    const isText = byte >= 0x20 && byte <= 0x7e;
    if (this.#where === 'sentence' || this.#where === 'json') {
      if (isText) return this.#append(byte);
      this.#endSentence(found);
      this.#where = 'between';
    }
    if (this.#isLineStart && byte === 0x23 && this.#options.hasComments) this.#where = 'comment';
    else if (this.#isLineStart && byte === 0x7b && this.#options.hasJson) this.#startJson();
    else if (this.#where === 'between') this.#counts.garbage_bytes++;
    this.#isLineStart = false;
  }

  #startJson(): void {
    this.#where = 'json';
    this.#text = '{';
  }

  #append(byte: number): void {
    this.#text += String.fromCharCode(byte);
    if (this.#text.length <= (this.#where === 'json' ? MAX_JSON : MAX_SENTENCE)) return;
    this.#counts.too_long++;
    this.#where = 'overlong';
    this.#text = '';
  }

  #endLine(found: string[]): void {
    if (this.#where === 'json') found.push(this.#text);
    this.#endSentence(found);
    // What comes before the first end of line may be the rest of a sentence, and is no oddity.
    this.#where = 'between';
    this.#isLineStart = true;
  }

  #endSentence(found: string[]): void {
    if (this.#where !== 'sentence') return;
    const sentence = this.#text.trimEnd();
    this.#text = '';
    if (!/\*[\dA-Fa-f]{2}$/.test(sentence)) this.#counts.half++;
    else if (checksum(sentence.slice(1, -3)) !== Number.parseInt(sentence.slice(-2), 16))
      this.#counts.bad_checksum++;
    else found.push(sentence);
  }
}

/** All characters between $ and *, joined by exclusive or. */
export function checksum(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum ^= text.charCodeAt(i);
  return sum;
}
