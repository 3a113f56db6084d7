// Must compile with legacy decorators; the standard has none for parameters.
import { Clock, inject, Node, node } from 'babus';

@node()
export class Injected extends Node {
  constructor(@inject(Clock) readonly clock: Clock) {
    super();
  }
}
