import type { HeldView } from '../schema/runtime/memory.js';
import type { View } from '../schema/types.js';
import type { Info } from './info.js';

/**
 * A message that stays as it is until it is released, whatever is published meanwhile. Holds one of the subscription's
 * pins: release it, or let `using` do so.
 */
export interface Held<M> extends HeldView<View<M>> {
  readonly info: Info;
}

/** A pin that several may use: a handler that runs, and those who hold its message. The last one gives it back. */
export class SharedPin {
  #users = 1;

  constructor(private readonly giveBack: () => void) {}

  share(): void {
    this.#users++;
  }

  drop(): void {
    if (--this.#users === 0) this.giveBack();
  }
}

export class HeldMessage<V> implements HeldView<V> {
  #pin: SharedPin | undefined;

  constructor(
    readonly view: V,
    readonly info: Info,
    pin: SharedPin,
  ) {
    this.#pin = pin;
  }

  release(): void {
    const pin = this.#pin;
    this.#pin = undefined;
    pin?.drop();
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
