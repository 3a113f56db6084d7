import { BabusError } from 'babus';
import type { AxisMap, EvdevMap } from './evdev-decoder.js';

/** ABS_HAT0X to ABS_HAT3Y: crosses of four buttons. */
const HATS = { first: 16, last: 23 };
const MAX_CODE = 0xffff;

/** The node's parameters about events. */
export interface EvdevParams {
  readonly axisCodes: readonly number[];
  /** Minimum and maximum of each axis; empty for the usual ones. */
  readonly axisRanges: readonly number[];
  readonly buttonCodes: readonly number[];
}

/** @throws BabusError ERR_BABUS_PARAM */
export function evdevMap({ axisCodes, axisRanges, buttonCodes }: EvdevParams): EvdevMap {
  demandCodes('axis_codes', axisCodes);
  demandCodes('button_codes', buttonCodes);
  if (axisRanges.length > 0 && axisRanges.length !== 2 * axisCodes.length)
    throw new BabusError(
      'ERR_BABUS_PARAM',
      `axis_ranges wants a minimum and a maximum for each of the ${axisCodes.length} axis_codes, given ${axisRanges.length} numbers`,
    );
  const axes = axisCodes.map((code, i) => {
    const [minimum, maximum] = axisRanges.length > 0 ? axisRanges.slice(2 * i) : usualRange(code);
    return demandRange({ code, minimum, maximum });
  });
  return { axes, buttons: buttonCodes };
}

function usualRange(code: number): readonly [number, number] {
  return code >= HATS.first && code <= HATS.last ? [-1, 1] : [-32768, 32767];
}

function demandRange(axis: AxisMap): AxisMap {
  if (axis.minimum < axis.maximum) return axis;
  throw new BabusError(
    'ERR_BABUS_PARAM',
    `axis_ranges: minimum ${axis.minimum} is not below maximum ${axis.maximum}, for axis code ${axis.code}`,
  );
}

function demandCodes(param: string, codes: readonly number[]): void {
  const wrong = codes.find(
    (code, i) => !Number.isInteger(code) || code > MAX_CODE || codes.indexOf(code) < i,
  );
  if (wrong === undefined) return;
  const why =
    Number.isInteger(wrong) && wrong <= MAX_CODE ? 'it is there twice' : 'no whole number up to 65535';
  throw new BabusError('ERR_BABUS_PARAM', `${param}: ${wrong}: ${why}`);
}
