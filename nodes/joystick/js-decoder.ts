import { count, EventCutter, type Decoder } from './decoder.js';
import { Pad } from './pad.js';

const BUTTON = 0x01;
const AXIS = 0x02;
/** Set in the events with which a device says at the beginning where everything is. */
const INIT = 0x80;
const FULL_SCALE = 32767;

/**
 * The kernel's joystick API (linux/joystick.h): events of 8 bytes, which are time in ms (uint32), value (int16), type (uint8)
 * and number (uint8). The kernel has scaled axes to +-32767.
 */
export class JsDecoder implements Decoder {
  readonly pad = new Pad();
  readonly odd = new Map<string, number>();
  readonly #cutter = new EventCutter(8);

  take(bytes: Uint8Array): void {
    for (const event of this.#cutter.cut(bytes)) {
      const value = event.getInt16(4, true);
      const type = event.getUint8(6) & ~INIT;
      const number = event.getUint8(7);
      if (type === AXIS) this.pad.setAxis(number, value / FULL_SCALE);
      else if (type === BUTTON) this.pad.setButton(number, value !== 0);
      else count(this.odd, `their type is neither axis nor button`);
    }
  }
}
