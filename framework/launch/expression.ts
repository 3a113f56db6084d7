/** The only home of the expression language: CEL, which has no loops, no assignments and no access to anything but its variables. */
import { Environment } from '@marcbachmann/cel-js';
import type { Scalar } from './text-values.js';

/** What a name in an expression stands for. */
export interface Variables {
  /** Names that have a value, with it. */
  readonly known: ReadonlyMap<string, ExpressionInput>;
  /** Says why a name has none. @throws Error with a message for the user */
  explain(name: string): never;
}

/** Whole numbers and others are two types in CEL; `integer` says which one a number is. */
export interface ExpressionInput {
  readonly value: Scalar | Readonly<Record<string, string>>;
  readonly integer?: boolean;
}

/** Longer ones are no expressions that a person wrote. */
const MAX_LENGTH = 2000;

/** A list inside a list inside a list could take for ever. */
const MAX_MACROS = 2;
const LIMITS = { maxAstNodes: 500, maxDepth: 50, maxListElements: 100, maxMapEntries: 100 };

const MACRO = /\.\s*(all|exists|exists_one|map|filter)\s*\(/g;

/**
 * The value of a CEL expression.
 * @throws Error with a message for the user
 */
export function evaluateExpression(text: string, variables: Variables): Scalar {
  refuseEndless(text);
  try {
    return toScalar(environment().evaluate(text, contextOf(variables)));
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === 'unknown_variable') variables.explain(/: (\S+)/.exec(message)?.[1] ?? '');
    throw new Error(inWords(message), { cause: error });
  }
}

function refuseEndless(text: string): void {
  if (text.trim() === '') throw new Error('an expression is missing');
  if (text.length > MAX_LENGTH)
    throw new Error(`the expression has ${text.length} characters and may have ${MAX_LENGTH}`);
  if ((text.match(MACRO) ?? []).length > MAX_MACROS)
    throw new Error(`the expression goes through lists more than ${MAX_MACROS} times`);
  if (/\bmatches\s*\(/.test(text))
    throw new Error('matches() is not available; use contains(), startsWith() or endsWith()');
}

let shared: Environment | undefined;

/** CEL with sums of whole and other numbers, which it does not mix by itself. */
function environment(): Environment {
  if (shared) return shared;
  const made = new Environment({ unlistedVariablesAreDyn: true, limits: LIMITS });
  const numbers = [
    ['int', 'double'],
    ['double', 'int'],
  ] as const;
  for (const [left, right] of numbers)
    made
      .registerOperator(`${left} + ${right}`, (a: unknown, b: unknown) => Number(a) + Number(b))
      .registerOperator(`${left} - ${right}`, (a: unknown, b: unknown) => Number(a) - Number(b))
      .registerOperator(`${left} * ${right}`, (a: unknown, b: unknown) => Number(a) * Number(b))
      .registerOperator(`${left} / ${right}`, (a: unknown, b: unknown) => Number(a) / Number(b));
  made.registerOperator('int == double', (a: unknown, b: unknown) => Number(a) === Number(b));
  shared = made;
  return made;
}

function contextOf({ known }: Variables): Record<string, unknown> {
  // Without the names that every object has.
  const context = Object.create(null) as Record<string, unknown>;
  for (const [name, { value, integer = false }] of known)
    context[name] = integer && Number.isSafeInteger(value) ? BigInt(value as number) : value;
  return context;
}

function toScalar(value: unknown): Scalar {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value !== 'number' && typeof value !== 'bigint')
    throw new Error('the expression gives neither text nor a number nor true or false');
  const number = Number(value);
  if (!Number.isFinite(number)) throw new Error('the expression gives no finite number');
  if (typeof value === 'bigint' && !Number.isSafeInteger(number))
    throw new Error(`the expression gives ${value}, which is too large`);
  return number;
}

/** The library's message without its drawing of the place, which is in one line of YAML anyway. */
function inWords(message: string): string {
  const [first = ''] = message.split('\n');
  const operands = /^no such overload: (.*)$/.exec(first)?.[1]?.replace(/dyn<(\w+)>/g, '$1');
  if (operands === undefined) return `the expression cannot be evaluated: ${first}`;
  const hint = /\bstring\b/.test(operands)
    ? '; text becomes a number by int(x) or double(x), or by a type of the argument'
    : '';
  return `the expression cannot be evaluated: there is no ${operands}${hint}`;
}
