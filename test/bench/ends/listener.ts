import { Node, node, subscribes, type View } from 'babus';
import { Small } from '../fixtures/schemas/index.js';

/** As small as a node that does anything can be. */
@node()
export class Listener extends Node {
  #last = 0;

  @subscribes(Small) onSmall(small: View<Small>): void {
    this.#last = small.index;
  }

  get last(): number {
    return this.#last;
  }
}
