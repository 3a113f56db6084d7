import type { Pad } from './pad.js';

/** Makes events of a device's bytes, whatever pieces they come in, and brings the pad up to date. */
export interface Decoder {
  /** Axes and buttons after all that was taken. */
  readonly pad: Pad;
  /** How many events could not be used, by why. */
  readonly odd: Map<string, number>;
  take(bytes: Uint8Array): void;
}

/** Cuts bytes into events of one size. */
export class EventCutter {
  #rest = new Uint8Array(0);

  constructor(readonly eventBytes: number) {}

  *cut(bytes: Uint8Array): Generator<DataView, void> {
    const all = new Uint8Array(this.#rest.length + bytes.length);
    all.set(this.#rest);
    all.set(bytes, this.#rest.length);
    let at = 0;
    for (; at + this.eventBytes <= all.length; at += this.eventBytes)
      yield new DataView(all.buffer, at, this.eventBytes);
    this.#rest = all.slice(at);
  }
}

export function count(odd: Map<string, number>, why: string): void {
  odd.set(why, (odd.get(why) ?? 0) + 1);
}
