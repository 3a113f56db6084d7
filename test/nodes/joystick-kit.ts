import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { testNode, type ParamValue, type TestNode } from '../../framework/index.js';
import { Joystick } from '../../nodes/joystick.js';
import type { Joy } from '../../schemas/index.js';
import { until, watchdog } from '../support/index.js';

/** A joystick that is a FIFO: what is pressed in it is written into it. */
export class FakeDevice {
  #end: number | undefined;

  constructor(readonly path: string) {
    const { status, stderr } = spawnSync('mkfifo', ['--', path]);
    assert.equal(status, 0, String(stderr));
  }

  /** As if it were plugged in: from now on bytes can be written, and stay until they are read. */
  plug(): void {
    this.#end = openSync(this.path, constants.O_RDWR | constants.O_NONBLOCK);
  }

  write(...events: readonly Uint8Array[]): void {
    const bytes = Buffer.concat(events);
    assert.equal(writeSync(this.#end!, bytes), bytes.length);
  }

  unplug(): void {
    if (this.#end !== undefined) closeSync(this.#end);
    this.#end = undefined;
  }
}

/** An event of the joystick API. */
export function js(type: 'button' | 'axis', number: number, value: number, init = false): Buffer {
  const event = Buffer.alloc(8);
  event.writeUInt32LE(123456, 0);
  event.writeInt16LE(value, 4);
  event.writeUInt8((type === 'button' ? 1 : 2) | (init ? 0x80 : 0), 6);
  event.writeUInt8(number, 7);
  return event;
}

/** An event of the event interface. */
export function evdev(type: number, code: number, value: number): Buffer {
  const event = Buffer.alloc(24);
  event.writeBigInt64LE(1_700_000_000n, 0);
  event.writeBigInt64LE(999_999n, 8);
  event.writeUInt16LE(type, 16);
  event.writeUInt16LE(code, 18);
  event.writeInt32LE(value, 20);
  return event;
}

export const SYN = evdev(0, 0, 0);

/** A joystick node without deadzone and repetition. */
export function joystick(params: Record<string, ParamValue>): Promise<TestNode<Joystick>> {
  const all = { deadzone: 0, autorepeat_rate: 0, ...params };
  return watchdog(testNode(Joystick, { params: all }), 'the start of the node');
}

/** Axes, rounded to thousandths, and buttons of each message. */
export function states(t: TestNode<Joystick>): [axes: number[], buttons: number[]][] {
  return (t.received('joy') as unknown as Joy[]).map(({ axes, buttons }) => [
    Array.from(axes, (axis) => Math.round(axis * 1000) / 1000),
    [...buttons],
  ]);
}

/** The messages, once there are so many. */
export async function someStates(
  t: TestNode<Joystick>,
  count: number,
): Promise<[axes: number[], buttons: number[]][]> {
  await until(() => states(t).length >= count, `${count} messages`);
  return states(t);
}

export function said(t: TestNode<Joystick>, text: string): number {
  return t.log.filter(({ message }) => message.includes(text)).length;
}
