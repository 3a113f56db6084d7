/** The values of one Imu message, for all alike. */
export interface ImuValues {
  readonly sec: number;
  readonly nsec: number;
  readonly frameId: string;
  /** x, y, z, w */
  readonly orientation: Float64Array;
  readonly turning: Float64Array;
  readonly pull: Float64Array;
  /** Nine each. */
  readonly covariances: readonly [Float64Array, Float64Array, Float64Array];
}

export const ROW = { width: 640, height: 480, step: 1920, row: 240 } as const;

/** One way to put messages into bytes and to read them there. */
export interface Contestant {
  /** Writes every field of an Imu into bytes that could be sent. */
  writeImu(values: ImuValues): void;
  /** @returns the sum of every number of the Imu written last, and of the length of its text */
  readImu(): number;
  /** @returns the sum of the bytes of row ROW.row of an rgb8 image of ROW.width x ROW.height */
  readRow(): number;
}

export function imageData(): Uint8Array {
  const data = new Uint8Array(ROW.step * ROW.height);
  for (let i = 0; i < data.length; i++) data[i] = i;
  return data;
}

export function sumRow(data: ArrayLike<number>, start: number): number {
  let sum = 0;
  for (let i = start; i < start + ROW.step; i++) sum += data[i]!;
  return sum;
}

export function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  let left = values.length;
  while (left > 0) sum += values[--left]!;
  return sum;
}
