import { Packr } from 'msgpackr';
import { imageData, ROW, sumOf, sumRow, type Contestant, type ImuValues } from './contestant.js';

/** What programs hand to serializers of objects: numbers in plain arrays, as their decoders give them back. */
interface ImuObject {
  stamp: { sec: number; nsec: number };
  frame_id: string;
  orientation: { x: number; y: number; z: number; w: number };
  orientation_covariance: number[];
  angular_velocity: { x: number; y: number; z: number };
  angular_velocity_covariance: number[];
  linear_acceleration: { x: number; y: number; z: number };
  linear_acceleration_covariance: number[];
}

export function imuObject({
  sec,
  nsec,
  frameId,
  orientation,
  turning,
  pull,
  covariances,
}: ImuValues): ImuObject {
  const xyz = (of: Float64Array): { x: number; y: number; z: number } => ({
    x: of[0]!,
    y: of[1]!,
    z: of[2]!,
  });
  return {
    stamp: { sec, nsec },
    frame_id: frameId,
    orientation: { ...xyz(orientation), w: orientation[3]! },
    orientation_covariance: [...covariances[0]],
    angular_velocity: xyz(turning),
    angular_velocity_covariance: [...covariances[1]],
    linear_acceleration: xyz(pull),
    linear_acceleration_covariance: [...covariances[2]],
  };
}

export function sumOfImu(imu: ImuObject): number {
  const { stamp, orientation, angular_velocity: turning, linear_acceleration: pull } = imu;
  let sum = stamp.sec + stamp.nsec + imu.frame_id.length;
  sum += orientation.x + orientation.y + orientation.z + orientation.w;
  sum += turning.x + turning.y + turning.z + pull.x + pull.y + pull.z;
  sum += sumOf(imu.orientation_covariance) + sumOf(imu.angular_velocity_covariance);
  return sum + sumOf(imu.linear_acceleration_covariance);
}

/** Pixels as base64, which is the shortest that JSON has for them. */
export function json(): Contestant {
  let text = '';
  const image = JSON.stringify({ step: ROW.step, data: Buffer.from(imageData()).toString('base64') });
  return {
    writeImu: (values) => (text = JSON.stringify(imuObject(values))),
    readImu: () => sumOfImu(JSON.parse(text) as ImuObject),
    readRow() {
      const { step, data } = JSON.parse(image) as { step: number; data: string };
      return sumRow(Buffer.from(data, 'base64'), ROW.row * step);
    },
  };
}

/** With its record structures, which is its fastest. */
export function msgpackr(): Contestant {
  const packr = new Packr({ structures: [] });
  let bytes = packr.pack({});
  const image = packr.pack({ step: ROW.step, data: imageData() });
  return {
    writeImu: (values) => (bytes = packr.pack(imuObject(values))),
    readImu: () => sumOfImu(packr.unpack(bytes) as ImuObject),
    readRow() {
      const { step, data } = packr.unpack(image) as { step: number; data: Uint8Array };
      return sumRow(data, ROW.row * step);
    },
  };
}
