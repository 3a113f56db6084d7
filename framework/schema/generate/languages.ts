import { C } from './c/c.js';
import { JSON_SCHEMA } from './json-schema/json-schema.js';
import type { Language } from './language.js';
import { PYTHON } from './python/python.js';
import { ROS2MSG } from './ros2msg/ros2msg.js';
import { RUST } from './rust/rust.js';

/** What is written into a folder of its own. TypeScript is not here: it lies beside the schema files, where nodes import it. */
export const LANGUAGES = {
  'json-schema': JSON_SCHEMA,
  c: C,
  python: PYTHON,
  rust: RUST,
  ros2msg: ROS2MSG,
} as const satisfies Record<string, Language>;

export type LanguageName = 'ts' | keyof typeof LANGUAGES;

export const LANGUAGE_NAMES: readonly LanguageName[] = [
  'ts',
  ...(Object.keys(LANGUAGES) as (keyof typeof LANGUAGES)[]),
];
