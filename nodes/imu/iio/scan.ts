/** How the kernel lays a channel out in a scan, as its `type` attribute says: `le:s16/16>>0`. */
export interface ScanType {
  readonly isBigEndian: boolean;
  readonly isSigned: boolean;
  /** Bits that count, after the shift. */
  readonly bits: number;
  /** Bytes of one value. */
  readonly bytes: number;
  readonly repeat: number;
  readonly shift: number;
}

/** @throws Error for text that is no such type */
export function parseScanType(text: string): ScanType {
  const match = /^(le|be):([su])(\d+)\/(\d+)(?:X(\d+))?>>(\d+)$/.exec(text);
  const [bits = 0, storage = 0, repeat = 1, shift = 0] = (match ?? [])
    .slice(3)
    .map((part) => Number(part ?? 1));
  const fits = [8, 16, 32, 64].includes(storage) && bits >= 1 && bits + shift <= storage && repeat >= 1;
  if (!match || !fits) throw new Error(`'${text}' is no type of a channel, such as le:s16/16>>0`);
  const bytes = storage / 8;
  return { isBigEndian: match[1] === 'be', isSigned: match[2] === 's', bits, bytes, repeat, shift };
}

export interface ScanElement {
  /** `accel_x`, `timestamp` */
  readonly name: string;
  /** Its place among the others. */
  readonly index: number;
  readonly type: ScanType;
}

/** Where a channel's value lies in a scan. */
export interface Placed extends ScanElement {
  readonly offset: number;
}

export interface ScanLayout {
  /** Bytes of a scan. */
  readonly size: number;
  readonly elements: ReadonlyMap<string, Placed>;
}

/** Lays enabled channels out as the kernel does: in the order of their indices, each aligned to its own length. */
export function layOut(enabled: readonly ScanElement[]): ScanLayout {
  const elements = new Map<string, Placed>();
  let end = 0;
  let widest = 1;
  for (const element of [...enabled].sort((a, b) => a.index - b.index)) {
    const length = element.type.bytes * element.type.repeat;
    const offset = roundUp(end, length);
    elements.set(element.name, { ...element, offset });
    end = offset + length;
    widest = Math.max(widest, length);
  }
  return { size: roundUp(end, widest), elements };
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

/** The value of a channel in the scan that begins at `start`. */
export function readElement(scan: Buffer, start: number, { offset, type }: Placed): bigint {
  let value = 0n;
  for (let n = 0; n < type.bytes; n++) {
    const at = type.isBigEndian ? n : type.bytes - 1 - n;
    value = (value << 8n) | BigInt(scan[start + offset + at]!);
  }
  const bits = BigInt.asUintN(type.bits, value >> BigInt(type.shift));
  return type.isSigned ? BigInt.asIntN(type.bits, bits) : bits;
}
