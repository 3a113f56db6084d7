import type { BabusError } from '../errors/index.js';
import { pathName, type YamlPath, type YamlSource } from '../yaml/index.js';
import type { Problems } from './problems.js';
import type { Scope } from './scope.js';
import { parseExpression } from './template.js';
import { readText, type Scalar } from './text-values.js';

type Data = Readonly<Record<string, unknown>>;

/** Keys that decide whether a node, a group or an include is part of the launch. */
const CONDITIONS = ['if', 'unless', 'enabled'] as const;

/** Why a node, group or include is no part of this launch, such as `if: sim is false`; undefined when it is one. */
export function reasonToLeaveOut(
  source: YamlSource,
  data: Data,
  path: YamlPath,
  scope: Scope,
  problems: Problems,
): string | undefined {
  for (const key of CONDITIONS) {
    const condition = data[key];
    if (condition === undefined) continue;
    const here = [...path, key];
    try {
      const value = holds(condition, scope);
      if (value === undefined) continue;
      if (value === (key === 'unless'))
        return typeof condition === 'string' ? `${key}: ${condition} is ${value}` : `${key}: ${value}`;
    } catch (error) {
      const { code = 'ERR_BABUS_LAUNCH_FILE', message } = error as Partial<BabusError> & Error;
      problems.add(source.error(code, here, `${pathName(here)}: ${message}`));
    }
  }
  return undefined;
}

export function withoutConditions(data: Data): Data {
  return Object.fromEntries(
    Object.entries(data).filter(([key]) => !(CONDITIONS as readonly string[]).includes(key)),
  );
}

/** @throws Error with a message for the user. Undefined for what is no condition, which the check of the shape has reported */
function holds(condition: unknown, scope: Scope): boolean | undefined {
  if (typeof condition === 'boolean') return condition;
  if (typeof condition !== 'string') return undefined;
  const { value } = scope.evaluate(parseExpression(condition));
  const given = typeof value === 'string' ? (readText(value, 'boolean') ?? value) : value;
  if (typeof given === 'boolean') return given;
  throw new Error(`wants true or false, and ${condition} is ${show(given)}`);
}

function show(value: Scalar): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
