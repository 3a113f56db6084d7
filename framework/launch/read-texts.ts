import type { ValidateFunction } from 'ajv/dist/2020.js';
import { pathOfPointer, valueAt } from '../yaml/json-pointer.js';
import type { YamlPath, YamlSource } from '../yaml/index.js';
import { isTextType, readText } from './text-values.js';

/**
 * Reads texts that came from the environment or from an argument without a type as the number or boolean that a JSON Schema
 * wants at their place. Texts that are none stay: validation then says so.
 */
export function readTexts(
  source: YamlSource,
  texts: readonly YamlPath[],
  validate: ValidateFunction,
): YamlSource {
  if (texts.length === 0 || validate(source.data)) return source;
  const data = structuredClone(source.data);
  const places = new Set(texts.map((path) => JSON.stringify(path)));
  for (const { keyword, instancePath, params } of validate.errors ?? []) {
    if (keyword !== 'type') continue;
    const path = pathOfPointer(data, instancePath);
    const text = valueAt(data, path);
    if (typeof text !== 'string' || !places.has(JSON.stringify(path))) continue;
    const wanted: unknown = (params as { type?: unknown }).type;
    const value = isTextType(wanted) ? readText(text, wanted) : undefined;
    if (value !== undefined) setAt(data, path, value);
  }
  return source.withData(data);
}

function setAt(data: unknown, path: YamlPath, value: unknown): void {
  const owner = valueAt(data, path.slice(0, -1)) as Record<string | number, unknown>;
  owner[path.at(-1)!] = value;
}
