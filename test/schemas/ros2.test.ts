/** Each standard schema has what its ROS 2 counterpart has, of types that lose nothing, so that one converts into the other. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ros2jazzy } from '@foxglove/rosmsg-msgs-common';
import type { FieldType } from '../../framework/schema/descriptor.js';
import { loadSchemas } from '../../framework/schema/load/load.js';
import type { LoadedSchema } from '../../framework/schema/load/model.js';
import { fromRos2, toRos2 } from '../../framework/schema/index.js';
import { random, sampleOf } from '../framework/schema/sample-values.js';
import { REPO } from '../support/repo.js';

interface RosField {
  readonly name: string;
  readonly type: string;
  readonly isArray?: boolean;
  readonly arrayLength?: number;
  readonly isComplex?: boolean;
  readonly isConstant?: boolean;
}

/** vision_msgs and tf2_msgs are in no package; their fields, as `type name`. */
const WRITTEN_OUT: Readonly<Record<string, readonly string[]>> = {
  'tf2_msgs/TFMessage': ['geometry_msgs/TransformStamped[] transforms'],
  'vision_msgs/Point2D': ['float64 x', 'float64 y'],
  'vision_msgs/Pose2D': ['vision_msgs/Point2D position', 'float64 theta'],
  'vision_msgs/ObjectHypothesis': ['string class_id', 'float64 score'],
  'vision_msgs/ObjectHypothesisWithPose': [
    'vision_msgs/ObjectHypothesis hypothesis',
    'geometry_msgs/PoseWithCovariance pose',
  ],
  'vision_msgs/BoundingBox2D': ['vision_msgs/Pose2D center', 'float64 size_x', 'float64 size_y'],
  'vision_msgs/BoundingBox3D': ['geometry_msgs/Pose center', 'geometry_msgs/Vector3 size'],
  'vision_msgs/Detection2D': [
    'std_msgs/Header header',
    'vision_msgs/ObjectHypothesisWithPose[] results',
    'vision_msgs/BoundingBox2D bbox',
    'string id',
  ],
  'vision_msgs/Detection3D': [
    'std_msgs/Header header',
    'vision_msgs/ObjectHypothesisWithPose[] results',
    'vision_msgs/BoundingBox3D bbox',
    'string id',
  ],
  'vision_msgs/Detection2DArray': ['std_msgs/Header header', 'vision_msgs/Detection2D[] detections'],
  'vision_msgs/Detection3DArray': ['std_msgs/Header header', 'vision_msgs/Detection3D[] detections'],
};

const { all: SCHEMAS, errors } = loadSchemas(join(REPO, 'schemas/std'));

const ALIKE: Readonly<Record<string, string>> = {
  'std/Vector3': 'geometry_msgs/Vector3',
  'std/Quaternion': 'geometry_msgs/Quaternion',
  'std/Image': 'sensor_msgs/Image',
  'std/Joy': 'sensor_msgs/Joy',
};

/** As a schema's doc says, or as everybody knows. */
function counterpart(schema: LoadedSchema): string | undefined {
  return /\bROS ([a-z0-9_]+\/[A-Za-z0-9]+)/.exec(schema.doc ?? '')?.[1] ?? ALIKE[schema.name];
}

function rosFields(type: string): readonly RosField[] {
  const written = WRITTEN_OUT[type];
  if (written)
    return written.map((text) => {
      const [of, name] = text.split(' ');
      return {
        name: name!,
        type: of!.replace('[]', ''),
        isArray: of!.endsWith('[]'),
        isComplex: of!.includes('/'),
      };
    });
  const known = ros2jazzy as Readonly<Record<string, { readonly definitions: readonly RosField[] }>>;
  assert.ok(known[type], `ROS 2 has no ${type}`);
  return known[type].definitions.filter(({ isConstant }) => isConstant !== true);
}

const typeOf = (type: FieldType, at: (name: string) => string): string => {
  switch (type.kind) {
    case 'scalar':
      return type.type;
    case 'enum':
      return type.base;
    case 'struct':
      return at(type.schema);
    case 'array':
      return `${typeOf(type.element, at)}[${type.length}]`;
    case 'sequence':
      return `${typeOf(type.element, at)}[]`;
    default:
      return type.kind;
  }
};

/** Our fields as `name: type`, structs by the ROS type they stand for. */
function oursOf(schema: LoadedSchema): string[] {
  const nameInRos = (name: string): string => {
    const found = SCHEMAS.find((one) => one.name === name);
    return (found && counterpart(found)) ?? name;
  };
  return schema.fields.map(({ name, type }) => `${name}: ${typeOf(type, nameInRos)}`);
}

const PRIMITIVES: Readonly<Record<string, string>> = { byte: 'uint8', char: 'uint8' };

/** The same of the ROS type. A header is its two fields. */
function theirsOf(ros: string): string[] {
  return rosFields(ros).flatMap(({ name, type, isArray, arrayLength, isComplex }) => {
    if (type === 'std_msgs/Header') return ['stamp: time', 'frame_id: string'];
    const plain = isComplex === true ? (SAME_SHAPE[type] ?? type) : (PRIMITIVES[type] ?? type);
    const list = isArray === true ? `[${arrayLength ?? ''}]` : '';
    return [`${name}: ${plain}${list}`];
  });
}

const SAME_SHAPE: Readonly<Record<string, string>> = {
  'builtin_interfaces/Time': 'time',
  'builtin_interfaces/Duration': 'duration',
  // Two doubles x and y either way.
  'vision_msgs/Point2D': 'std/Point2D',
};

/** What differs, and why. `ours` and `theirs` are left out of the comparison. */
const DIFFERENT: Readonly<
  Record<
    string,
    { readonly ours: readonly string[]; readonly theirs: readonly string[]; readonly why: string }
  >
> = {
  'std/Image': {
    ours: ['encoding: uint8', 'is_bigendian: bool'],
    theirs: ['encoding: string', 'is_bigendian: uint8'],
    why: 'its encoding is one of the names that ROS knows; its order of bytes is 0 or 1',
  },
  'std/Pose2D': {
    ours: ['x: float64', 'y: float64'],
    theirs: ['position: std/Point2D'],
    why: 'its position is written out: one struct less to go through',
  },
  'std/NavSatFix': {
    ours: ['status: int8', 'service: uint16'],
    theirs: ['status: sensor_msgs/NavSatStatus'],
    why: 'its status is written out, both fields of it',
  },
};

/** A converted message has the fields of its ROS type, nested ones too, and no others. */
function assertShape(value: unknown, ros: string, path: string): void {
  const fields = rosFields(ros);
  assert.deepEqual(Object.keys(value as object).sort(), fields.map(({ name }) => name).sort(), path);
  for (const { name, type, isArray, isComplex } of fields) {
    if (isComplex !== true) continue;
    const inner = (value as Record<string, unknown>)[name];
    for (const each of isArray === true ? (inner as unknown[]) : [inner])
      assertShape(each, type, `${path}.${name}`);
  }
}

describe('toRos2 and fromRos2', () => {
  const next = random(Date.now() & 0x7fffffff);
  for (const schema of SCHEMAS) {
    const ros = counterpart(schema);
    if (ros === undefined) continue;
    it(`${schema.name}: a message of ${ros}, and back without loss`, () => {
      for (let i = 0; i < 3; i++) {
        const value = sampleOf(schema.descriptor, next);
        const converted = toRos2(value, schema.descriptor);
        assertShape(converted, ros, ros);
        assert.deepEqual(fromRos2(converted, schema.descriptor), value);
      }
    });
  }

  it('give ROS its own words: encodings by name, enums by number, nanoseconds', () => {
    const { descriptor } = SCHEMAS.find(({ name }) => name === 'std/Image')!;
    const image = { stamp: { sec: 1, nsec: 2 }, frame_id: 'a', encoding: '32FC3', is_bigendian: true };
    const { header, encoding, is_bigendian } = toRos2(image, descriptor);
    assert.deepEqual(
      { header, encoding, is_bigendian },
      { header: { stamp: { sec: 1, nanosec: 2 }, frame_id: 'a' }, encoding: '32FC3', is_bigendian: 1 },
    );
    const back = (data: Record<string, unknown>, of: typeof descriptor): void =>
      assert.throws(() => fromRos2(data, of), { code: 'ERR_BABUS_VALUE', message: wanted });
    let wanted = 'std/Image.encoding has no value "rgb9"; did you mean \'rgb8\'?';
    back({ ...toRos2(image, descriptor), encoding: 'rgb9' }, descriptor);
    const log = SCHEMAS.find(({ name }) => name === 'std/Log')!.descriptor;
    wanted =
      'std/Log.level has no value 7; known: debug (10), error (40), fatal (50), info (20), unset (0), warn (30)';
    back({ stamp: { sec: 0, nanosec: 0 }, level: 7 }, log);
  });
});

describe('standard schemas and ROS 2', () => {
  it('are all right in themselves', () => assert.deepEqual(errors, []));

  it('has counterparts for most', () => {
    const without = SCHEMAS.filter((schema) => counterpart(schema) === undefined).map(({ name }) => name);
    assert.ok(SCHEMAS.length - without.length > 60, without.join(' '));
  });

  for (const schema of SCHEMAS) {
    const ros = counterpart(schema);
    if (ros === undefined) continue;
    it(`${schema.name}: field by field as ${ros}`, () => {
      const { ours = [], theirs = [] } = DIFFERENT[schema.name] ?? {};
      const without = (fields: readonly string[], left: readonly string[]): string[] => {
        for (const one of left) assert.ok(fields.includes(one), `${one} does not differ any more`);
        return fields.filter((field) => !left.includes(field)).sort();
      };
      assert.deepEqual(without(oursOf(schema), ours), without(theirsOf(ros), theirs));
    });
  }
});
