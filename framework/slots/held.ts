import type { View } from '../schema/types.js';
import type { Info } from './info.js';

/**
 * A message that stays as it is until it is released, whatever is published meanwhile. Holds one of the subscription's
 * pins: release it, or let `using` do so.
 */
export interface Held<M> extends Disposable {
  readonly view: View<M>;
  readonly info: Info;
  /** Gives the message back; its view must not be read any more. A second call does nothing. */
  release(): void;
}

export class HeldMessage<M> implements Held<M> {
  #giveBack: (() => void) | undefined;

  constructor(
    readonly view: View<M>,
    readonly info: Info,
    giveBack: () => void,
  ) {
    this.#giveBack = giveBack;
  }

  release(): void {
    const giveBack = this.#giveBack;
    this.#giveBack = undefined;
    giveBack?.();
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
