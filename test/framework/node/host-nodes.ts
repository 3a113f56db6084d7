// Nodes that host.test.ts runs in processes of their own.
import { execFileSync } from 'node:child_process';
import {
  every,
  input,
  Node,
  node,
  param,
  publishes,
  subscribes,
  type Info,
  type Publisher,
  type Subscription,
  type View,
} from '../../../framework/index.js';
import { Vector3 } from '../../../schemas/index.js';

/** Publishes a count every 5 ms. */
@node()
export class Counter extends Node {
  @param({ type: 'integer', default: 0 }) first!: number;
  @publishes(Vector3) readonly count!: Publisher<Vector3>;

  override onStart(): void {
    this.log.info(`counting from ${this.first}`);
  }
  override onStop(): void {
    this.log.info('counted');
  }
  @every('5ms') next(): void {
    this.count.publish({ x: this.first + this.count.published, y: 0, z: 0 });
  }
}

/** Says when it has seen ten counts in order. */
@node()
export class Checker extends Node {
  @input(Vector3) readonly count!: Subscription<Vector3>;
  #previous = NaN;

  @subscribes(Vector3) async onCount(count: View<Vector3>, info: Info): Promise<void> {
    await Promise.resolve();
    if (count.x !== this.#previous + 1 + info.missed && !Number.isNaN(this.#previous))
      throw new Error('out of order');
    this.#previous = count.x;
    if (this.count.received === 10) this.log.info({ failed: this.count.failed }, 'ten in order');
  }
}

/** Prints the descriptors that a process was started with, as far as they are sockets, pipes or files. */
const LOOK = `
  const fs = require('node:fs');
  const open = fs.readdirSync('/proc/self/fd').map(Number).filter((fd) => fd <= 3);
  console.log('child sees ' + open.filter(isGiven) + ' ' + process.env.BABUS_CHANNEL_FD);
  function isGiven(fd) {
    try { return !/anon_inode|^.proc/.test(fs.readlinkSync('/proc/self/fd/' + fd)); } catch { return false; }
  }
`;

/** Goes wrong in the way it is told to. */
@node()
export class Broken extends Node {
  @param({
    type: 'string',
    choices: ['constructor', 'start', 'later', 'stop', 'hang', 'finish', 'give up', 'child'],
  })
  how!: string;

  constructor() {
    super();
    if (this.how === 'constructor') throw new Error('broken constructor');
  }
  override async onStart(): Promise<void> {
    if (this.how === 'start') throw new Error('broken start');
    if (this.how === 'finish') this.finish();
    if (this.how === 'give up') setImmediate(() => this.finish(new Error('no camera')));
    if (this.how === 'later') setImmediate(() => this.#explode());
    if (this.how === 'child')
      execFileSync(process.execPath, ['-e', LOOK], { stdio: ['ignore', 'inherit', 'inherit'] });
    if (this.how === 'hang') await new Promise(() => undefined);
  }
  override onStop(): void {
    if (this.how === 'stop') throw new Error('broken stop');
  }
  #explode(): void {
    throw new Error('broken later');
  }
}

export const notAClass = 3;
