import {
  create,
  createFileRegistry,
  fromBinary,
  fromJson,
  toBinary,
  type DescMessage,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { imuObject, sumOfImu } from './objects.js';
import { imageData, ROW, sumRow, type Contestant } from './contestant.js';

type Field = readonly [name: string, type: string, of?: string];

const DOUBLES = 'doubles';
const MESSAGES: Readonly<Record<string, readonly Field[]>> = {
  Time: [
    ['sec', 'TYPE_SFIXED32'],
    ['nsec', 'TYPE_FIXED32'],
  ],
  Vector3: ['x', 'y', 'z'].map((name) => [name, 'TYPE_DOUBLE'] as const),
  Quaternion: ['x', 'y', 'z', 'w'].map((name) => [name, 'TYPE_DOUBLE'] as const),
  Imu: [
    ['stamp', 'TYPE_MESSAGE', 'Time'],
    ['frame_id', 'TYPE_STRING'],
    ['orientation', 'TYPE_MESSAGE', 'Quaternion'],
    ['orientation_covariance', DOUBLES],
    ['angular_velocity', 'TYPE_MESSAGE', 'Vector3'],
    ['angular_velocity_covariance', DOUBLES],
    ['linear_acceleration', 'TYPE_MESSAGE', 'Vector3'],
    ['linear_acceleration_covariance', DOUBLES],
  ],
  Image: [
    ['step', 'TYPE_UINT32'],
    ['data', 'TYPE_BYTES'],
  ],
};

/** What protoc would make of a .proto file with these messages; field names stay as they are. */
function descriptors(): (name: string) => DescMessage {
  const messageType = Object.entries(MESSAGES).map(([name, fields]) => ({
    name,
    field: fields.map(([field, type, of], at) => ({
      name: field,
      jsonName: field,
      number: at + 1,
      label: type === DOUBLES ? 'LABEL_REPEATED' : 'LABEL_OPTIONAL',
      type: type === DOUBLES ? 'TYPE_DOUBLE' : type,
      ...(of !== undefined && { typeName: `.bench.${of}` }),
    })),
  }));
  const file = { name: 'bench.proto', package: 'bench', syntax: 'proto3', messageType };
  const registry = createFileRegistry(fromJson(FileDescriptorSetSchema, { file: [file] }));
  return (name) => registry.getMessage(`bench.${name}`)!;
}

export function protobuf(): Contestant {
  const named = descriptors();
  const [imu, image] = [named('Imu'), named('Image')];
  let bytes = new Uint8Array();
  const picture = toBinary(image, create(image, { step: ROW.step, data: imageData() }));
  return {
    writeImu(values) {
      const { frame_id: frameId, ...rest } = imuObject(values);
      bytes = toBinary(
        imu,
        create(imu, {
          stamp: rest.stamp,
          frameId,
          orientation: rest.orientation,
          orientationCovariance: rest.orientation_covariance,
          angularVelocity: rest.angular_velocity,
          angularVelocityCovariance: rest.angular_velocity_covariance,
          linearAcceleration: rest.linear_acceleration,
          linearAccelerationCovariance: rest.linear_acceleration_covariance,
        }),
      );
    },
    readImu() {
      const read = fromBinary(imu, bytes) as never as Read;
      return sumOfImu({
        stamp: read.stamp,
        frame_id: read.frameId,
        orientation: read.orientation,
        orientation_covariance: read.orientationCovariance,
        angular_velocity: read.angularVelocity,
        angular_velocity_covariance: read.angularVelocityCovariance,
        linear_acceleration: read.linearAcceleration,
        linear_acceleration_covariance: read.linearAccelerationCovariance,
      });
    },
    readRow() {
      const read = fromBinary(image, picture) as never as { step: number; data: Uint8Array };
      return sumRow(read.data, ROW.row * read.step);
    },
  };
}

interface Read {
  stamp: { sec: number; nsec: number };
  frameId: string;
  orientation: { x: number; y: number; z: number; w: number };
  orientationCovariance: number[];
  angularVelocity: { x: number; y: number; z: number };
  angularVelocityCovariance: number[];
  linearAcceleration: { x: number; y: number; z: number };
  linearAccelerationCovariance: number[];
}
