import { count, EventCutter, type Decoder } from './decoder.js';
import { Pad } from './pad.js';

/** Types and codes of linux/input-event-codes.h. */
const EV_SYN = 0;
const EV_KEY = 1;
const EV_ABS = 3;
const SYN_REPORT = 0;
const SYN_DROPPED = 3;

/** An axis of a device and its ends, which only an ioctl would tell. */
export interface AxisMap {
  /** ABS_X is 0, ABS_Y is 1 … */
  readonly code: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** What the axes and buttons of a message are, in their order. */
export interface EvdevMap {
  readonly axes: readonly AxisMap[];
  /** BTN_SOUTH is 304 … */
  readonly buttons: readonly number[];
}

interface Change {
  readonly type: number;
  readonly code: number;
  readonly value: number;
}

/**
 * The kernel's event interface (linux/input.h) on 64-bit machines: events of 24 bytes, which are time (two int64), type and
 * code (uint16) and value (int32). They come in reports; the pad changes with whole ones only.
 */
export class EvdevDecoder implements Decoder {
  readonly pad = new Pad();
  readonly odd = new Map<string, number>();
  readonly #cutter = new EventCutter(24);
  readonly #axes: ReadonlyMap<number, AxisMap & { readonly index: number }>;
  readonly #buttons: ReadonlyMap<number, number>;
  #report: Change[] = [];
  #isDropping = false;

  constructor({ axes, buttons }: EvdevMap) {
    this.#axes = new Map(axes.map((axis, index) => [axis.code, { ...axis, index }]));
    this.#buttons = new Map(buttons.map((code, index) => [code, index]));
    // All are there from the first message on: the device tells of those that move, and there is no asking for the others.
    for (const index of axes.keys()) this.pad.setAxis(index, 0);
    for (const index of buttons.keys()) this.pad.setButton(index, false);
  }

  take(bytes: Uint8Array): void {
    for (const event of this.#cutter.cut(bytes)) {
      const type = event.getUint16(16, true);
      const code = event.getUint16(18, true);
      if (type !== EV_SYN) this.#collect({ type, code, value: event.getInt32(20, true) });
      else if (code === SYN_REPORT) this.#endReport();
      else if (code === SYN_DROPPED) this.#drop();
    }
  }

  #collect(change: Change): void {
    // Others say nothing of a pad's state: scan codes, force feedback.
    if (change.type === EV_ABS || change.type === EV_KEY) this.#report.push(change);
    // No device has a report this long; it is not what it should be.
    if (this.#report.length > 1000) this.#drop();
  }

  #endReport(): void {
    if (!this.#isDropping) for (const change of this.#report) this.#apply(change);
    this.#report = [];
    this.#isDropping = false;
  }

  /** The kernel had to leave events out; what comes before the end of this report is not whole. */
  #drop(): void {
    count(this.odd, 'the kernel left some out, so all is taken as released until it changes again');
    this.#report = [];
    this.#isDropping = true;
    // The device does not tell again what changed meanwhile: rest is the one state in which nothing keeps moving.
    this.#rest();
  }

  #rest(): void {
    for (const index of this.pad.axes.keys()) this.pad.setAxis(index, 0);
    for (const index of this.pad.buttons.keys()) this.pad.setButton(index, false);
  }

  #apply({ type, code, value }: Change): void {
    if (type === EV_KEY) {
      const index = this.#buttons.get(code);
      if (index === undefined) count(this.odd, `button_codes has no ${code}`);
      // 2 means that a key is still pressed.
      else this.pad.setButton(index, value !== 0);
      return;
    }
    const axis = this.#axes.get(code);
    if (axis === undefined) count(this.odd, `axis_codes has no ${code}`);
    else this.pad.setAxis(axis.index, ((value - axis.minimum) / (axis.maximum - axis.minimum)) * 2 - 1);
  }
}
