import { readFileSync } from 'node:fs';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { compileJsonSchema } from '../yaml/index.js';

/**
 * The launch file's JSON Schema as a check of values after substitution. The file itself allows `$(...)` wherever a number or
 * a name may stand, for editors; here those branches are left out.
 */
export function launchValidator(): ValidateFunction {
  validator ??= compileJsonSchema(withoutSubstitutions(readSchema()) as object);
  return validator;
}

let validator: ValidateFunction | undefined;

function readSchema(): unknown {
  return JSON.parse(readFileSync(new URL('../../../schemas/launch.schema.json', import.meta.url), 'utf8'));
}

function withoutSubstitutions(part: unknown): unknown {
  if (Array.isArray(part)) return part.filter((each) => !isSubstitution(each)).map(withoutSubstitutions);
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, withoutSubstitutions(value)]));
}

function isSubstitution(part: unknown): boolean {
  return (part as { $ref?: unknown } | null)?.$ref === '#/$defs/substitution';
}
