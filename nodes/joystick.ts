import { basename, resolve } from 'node:path';
import { BabusError, Clock, every, inject, Node, node, param, publishes, type Publisher } from 'babus';
import { Joy } from 'babus/schemas';
import { keepTrying, type Link } from './common/reconnect.js';
import { ticks } from './common/ticks.js';
import type { Decoder } from './joystick/decoder.js';
import { deviceProblem, readDevice } from './joystick/device.js';
import { EvdevDecoder, type EvdevMap } from './joystick/evdev-decoder.js';
import { evdevMap } from './joystick/evdev-map.js';
import { JsDecoder } from './joystick/js-decoder.js';
import { rosAxis } from './joystick/pad.js';

/** X, Y, Z, RX, RY, RZ, HAT0X, HAT0Y. */
const USUAL_AXES = [0, 1, 2, 3, 4, 5, 16, 17];
/** Those of a gamepad, from BTN_SOUTH to BTN_THUMBR. */
const USUAL_BUTTONS = Array.from({ length: 15 }, (_, i) => 0x130 + i);

/**
 * Publishes the state of a joystick or gamepad: when it changes, once for all that came in one go, and again and again while
 * it does not. When the device goes, everything is published as let go, so that nothing keeps moving.
 */
@node()
export class Joystick extends Node {
  @param({ type: 'string', default: '/dev/input/js0', description: '/dev/input/js* or /dev/input/event*' })
  readonly device!: string;

  @param({
    type: 'string',
    default: 'auto',
    choices: ['auto', 'js', 'evdev'],
    description: "how the device speaks; auto: evdev when its name has 'event' in it",
  })
  readonly api!: string;

  @param({ type: 'number', default: 0.05, minimum: 0, maximum: 0.9, description: 'centre of axes, of 1' })
  readonly deadzone!: number;

  @param({
    type: 'number',
    default: 20,
    minimum: 0,
    maximum: 1000,
    description: 'Hz without change; 0: none',
  })
  readonly autorepeatRate!: number;

  @param({ type: 'string', default: 'joy', description: 'frame_id of the messages' })
  readonly frameId!: string;

  @param({ type: 'number[]', default: USUAL_AXES, minimum: 0, description: 'evdev: ABS codes, in order' })
  readonly axisCodes!: readonly number[];

  @param({
    type: 'number[]',
    default: [],
    description:
      'evdev: minimum, maximum of each axis in turn (evtest shows them); empty: int16, hats -1 to 1',
  })
  readonly axisRanges!: readonly number[];

  @param({ type: 'number[]', default: USUAL_BUTTONS, minimum: 0, description: 'evdev: BTN codes, in order' })
  readonly buttonCodes!: readonly number[];

  @publishes(Joy) readonly joy!: Publisher<Joy>;

  readonly #clock = inject(Clock);
  readonly #stopping = new AbortController();
  #map!: EvdevMap;
  #running: Promise<unknown> | undefined;
  #decoder: Decoder | undefined;
  /** What was published last; undefined without a device. */
  #state: Pick<Joy, 'axes' | 'buttons'> | undefined;
  #hasPublished = false;

  override async onStart(): Promise<void> {
    this.#map = evdevMap(this);
    const path = resolve(this.device);
    const problem = await deviceProblem(path).catch((error: Error) => error.message);
    if (problem !== undefined) throw new BabusError('ERR_BABUS_PARAM', `device '${this.device}': ${problem}`);
    const { log } = this;
    const { signal } = this.#stopping;
    const reading = keepTrying({
      what: `joystick ${this.device}`,
      session: (signal, link) => this.#read(path, signal, link),
      log,
      signal,
    });
    this.#running = Promise.all([reading, this.#repeat()]).catch((error: unknown) => this.finish(error));
  }

  override async onStop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    this.report();
  }

  @every('5s') report(): void {
    for (const [why, events] of this.#decoder?.odd ?? [])
      this.log.warn({ events }, `events left out: ${why}`);
    this.#decoder?.odd.clear();
  }

  async #read(path: string, signal: AbortSignal, link: Link): Promise<void> {
    const isEvdev = this.api === 'auto' ? basename(path).includes('event') : this.api === 'evdev';
    const decoder = isEvdev ? new EvdevDecoder(this.#map) : new JsDecoder();
    this.report();
    this.#decoder = decoder;
    try {
      for await (const bytes of readDevice(path, signal, () => link.connected())) {
        link.delivered();
        decoder.take(bytes);
        this.#publishChange(decoder);
      }
    } finally {
      this.#letGo();
    }
  }

  #publishChange({ pad }: Decoder): void {
    const axes = Float32Array.from(pad.axes, (position) => rosAxis(position, this.deadzone));
    const buttons = Int32Array.from(pad.buttons);
    if (this.#state && isSame(axes, this.#state.axes) && isSame(buttons, this.#state.buttons)) return;
    if (axes.length + buttons.length === 0) return;
    this.#state = { axes, buttons };
    this.#publish();
  }

  #letGo(): void {
    if (!this.#state) return;
    const { axes, buttons } = this.#state;
    this.#state = { axes: axes.map(() => 0), buttons: buttons.map(() => 0) };
    this.#publish();
    this.#state = undefined;
  }

  /** So that who listens can tell a hand that rests from a joystick that is gone. */
  async #repeat(): Promise<void> {
    if (this.autorepeatRate === 0) return;
    for await (const _ of ticks(this.autorepeatRate, this.#clock, this.#stopping.signal)) {
      if (this.#state && !this.#hasPublished) this.#publish();
      this.#hasPublished = false;
    }
  }

  #publish(): void {
    const out = this.joy.loan();
    out.stamp.setNow();
    out.set({ frame_id: this.frameId, ...this.#state });
    out.publish();
    this.#hasPublished = true;
  }
}

function isSame<A extends Float32Array | Int32Array>(some: A, others: A): boolean {
  return some.length === others.length && some.every((one, i) => one === others[i]);
}
