/** x, y and z. */
export type Vector = readonly [number, number, number];

/** What an inertial sensor said at one moment; what it does not measure is undefined. */
export interface ImuSample {
  /** Since 1970, nanoseconds. */
  readonly stampNs: bigint;
  /** rad/s */
  readonly angularVelocity: Vector | undefined;
  /** m/s^2 */
  readonly linearAcceleration: Vector | undefined;
  /** T */
  readonly magneticField: Vector | undefined;
}

/** The quantities of a sample, which have a unit each. */
export const QUANTITIES = ['angularVelocity', 'linearAcceleration', 'magneticField'] as const;
export type Quantity = (typeof QUANTITIES)[number];
