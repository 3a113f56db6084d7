import type { Logger } from 'babus';
import { growth, noCounts, type Counts } from './counts.js';

/** Tells the log how a receiver is doing: each change once, and odd input at most once per report. */
export class Report {
  readonly counts: Counts = noCounts();
  /** Whether the last epoch had a position; undefined before the first. */
  hasFix: boolean | undefined;
  fixes = 0;
  /** Sentences that could be read. */
  sentences = 0;
  isConnected = false;
  readonly #log: Logger;
  #before: Counts = noCounts();
  #sentencesBefore = 0;
  #silentReports = 0;
  #toldFix: boolean | undefined;
  #hasToldUnknown = false;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Called now and then. */
  now(): void {
    this.#tellFix();
    this.#tellSilence();
    const grown = growth(this.counts, this.#before);
    // Types that nobody knows come with each epoch of many receivers, as does no_fix indoors.
    const { unknown = 0, no_fix: _, ...odd } = grown;
    const isFirstUnknown = unknown > 0 && !this.#hasToldUnknown;
    if (Object.keys(odd).length === 0 && !isFirstUnknown) return;
    if (isFirstUnknown) this.#hasToldUnknown = true;
    this.#log.warn(grown, 'the receiver sent what cannot be used');
    this.#before = { ...this.counts };
  }

  /** Called at the end. */
  total(): void {
    const odd = growth(this.counts, noCounts());
    this.#log.info({ sentences: this.sentences, fixes: this.fixes, ...odd }, 'in all');
  }

  #tellFix(): void {
    if (this.hasFix === undefined || this.hasFix === this.#toldFix) return;
    this.#toldFix = this.hasFix;
    if (this.hasFix) this.#log.info('the receiver knows where it is');
    else this.#log.warn('the receiver does not know where it is: no fix');
  }

  /** A receiver that is there but says nothing: it is off, or the speed of the line is wrong. */
  #tellSilence(): void {
    const isSilent = this.isConnected && this.sentences === this.#sentencesBefore;
    this.#sentencesBefore = this.sentences;
    if (isSilent) this.#silentReports++;
    if (isSilent && this.#silentReports === 2)
      this.#log.warn('no NMEA sentence for a while; is baud_rate that of the receiver?');
    if (isSilent) return;
    if (this.#silentReports >= 2) this.#log.info('NMEA sentences come again');
    this.#silentReports = 0;
  }
}
