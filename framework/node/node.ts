import { BabusError } from '../errors/index.js';
import { currentConstruction } from './construction.js';
import type { Logger } from './log.js';

/**
 * The base of node classes. Babus constructs nodes (`babus launch`, or `testNode()` in a unit test); `new` alone fails,
 * because publishers, subscriptions and parameters come from the launch.
 *
 * Decorated fields hold their values from the start when the class is compiled with standard decorators: initializers of
 * fields below them and the constructor's body may read them. With `experimentalDecorators` they hold them once the
 * constructor has returned. `onStart()` may read them in both modes: prefer it.
 */
export abstract class Node {
  /** Prints lines with a level to the process's output, where the launcher puts the node's name before them. */
  readonly log: Logger;
  /** The node's name in the launch file. */
  readonly name: string;
  /**
   * Ends this node by its own will: returns at once, and the node is then stopped as the launcher would stop it. Its process
   * ends with code 0, or, with an error, logs that and ends with code 1. Calls after the first one do nothing.
   */
  readonly finish: (error?: unknown) => void;

  /** @throws BabusError ERR_BABUS_NODE_CLASS when babus is not the one who constructs */
  constructor() {
    const construction = currentConstruction();
    if (construction?.cls !== new.target)
      throw new BabusError(
        'ERR_BABUS_NODE_CLASS',
        `${new.target.name}: nodes are constructed by babus launch, or by testNode() in a unit test`,
      );
    this.log = construction.log;
    this.name = construction.name;
    this.finish = construction.finish;
  }

  /** Runs before the first message and the first tick of a timer. A node that fails here fails to start. */
  onStart?(): void | Promise<void>;

  /** Runs after the last handler has ended, while publishers and subscriptions still work. */
  onStop?(): void | Promise<void>;
}
