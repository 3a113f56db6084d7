import { dirname, resolve } from 'node:path';
import type { Scalar } from './text-values.js';

/** A text with substitutions, taken apart: `a-$(arg x)` is `['a-', {kind: 'arg', name: 'x'}]`. */
export type Template = readonly (string | Substitution)[];

export type Substitution =
  | { readonly kind: 'dirname' }
  | { readonly kind: 'arg'; readonly name: string }
  | { readonly kind: 'env'; readonly name: string; readonly fallback?: Template };

/** A value put in place of `$(...)`. `typed` is false for text that may still be read as a number or boolean. */
export interface Substitute {
  readonly value: Scalar;
  readonly typed: boolean;
}

/** Gives the value of one substitution. @throws Error with a message for the user */
export type LookUp = (part: Substitution) => Substitute;

/** Looks variables up in `env`, arguments by `argument`; `$(dirname)` is the folder of `file`, the launch file. */
export function lookUpIn(
  env: NodeJS.ProcessEnv,
  file: string,
  argument: (name: string) => Substitute,
): LookUp {
  const lookUp: LookUp = (part) => {
    if (part.kind === 'dirname') return { value: dirname(resolve(file)), typed: true };
    if (part.kind === 'arg') return argument(part.name);
    if (Object.hasOwn(env, part.name)) return { value: env[part.name]!, typed: false };
    if (!part.fallback)
      throw new Error(
        `the variable ${part.name} is not set; write $(env ${part.name} default) to give a default`,
      );
    const { value, typed } = fillTemplate(part.fallback, lookUp);
    return { value, typed: typed && typeof part.fallback[0] === 'object' };
  };
  return lookUp;
}

export function hasSubstitution(text: string): boolean {
  return text.includes('$(');
}

/** @throws Error with a message for the user when a `$(` is not closed or holds no known substitution */
export function parseTemplate(text: string): Template {
  const { parts, end } = parseParts(text, 0, false);
  if (end !== text.length) throw new Error(`${text} cannot be read from character ${end + 1}`);
  return parts;
}

/** Puts values in; a template that is one substitution keeps the value's type. */
export function fillTemplate(template: Template, lookUp: LookUp): Substitute {
  const [first] = template;
  if (template.length === 1 && typeof first === 'object') return lookUp(first);
  const text = template
    .map((part) => (typeof part === 'string' ? part : String(lookUp(part).value)))
    .join('');
  return { value: text, typed: true };
}

function parseParts(text: string, start: number, nested: boolean): { parts: Template; end: number } {
  const parts: (string | Substitution)[] = [];
  let literal = '';
  let at = start;
  // Brackets that belong to a nested literal text, as in $(env X a(b)c).
  let open = 0;
  while (at < text.length) {
    if (text.startsWith('$$(', at)) {
      literal += '$(';
      at += 3;
      if (nested) open++;
    } else if (text.startsWith('$(', at)) {
      if (literal !== '') parts.push(literal);
      literal = '';
      const { part, end } = parseSubstitution(text, at);
      parts.push(part);
      at = end;
    } else {
      const character = text[at]!;
      if (nested && character === ')' && open-- === 0) break;
      if (nested && character === '(') open++;
      literal += character;
      at++;
    }
  }
  if (literal !== '' || parts.length === 0) parts.push(literal);
  return { parts, end: at };
}

function parseSubstitution(text: string, start: number): { part: Substitution; end: number } {
  const head = /^\$\(\s*([A-Za-z_-]*)\s*([A-Za-z_][A-Za-z0-9_]*)?\s*/.exec(text.slice(start));
  const [whole = '', kind, name] = head ?? [];
  const afterHead = start + whole.length;
  if (kind === 'dirname' && name === undefined && text[afterHead] === ')')
    return { part: { kind }, end: afterHead + 1 };
  if (kind === 'dirname') throw new Error('$(dirname) takes no words: it is the folder of the launch file');
  if (kind !== 'arg' && kind !== 'env')
    throw new Error(`$(${kind ?? ''} is not known: use $(arg name), $(env NAME default) or $(dirname)`);
  if (name === undefined) throw new Error(`$(${kind} needs a name, such as ${EXAMPLES[kind]}`);
  const rest = parseParts(text, afterHead, true);
  if (text[rest.end] !== ')') throw new Error(`$(${kind} ${name} is not closed: a ) is missing`);
  const end = rest.end + 1;
  const empty = rest.parts.length === 1 && rest.parts[0] === '';
  if (kind === 'env') return { part: { kind, name, ...(empty ? {} : { fallback: rest.parts }) }, end };
  if (!empty)
    throw new Error(
      `$(arg ${name} takes no more words: an argument's default stands in args.${name}.default`,
    );
  return { part: { kind, name }, end };
}

const EXAMPLES = { arg: '$(arg camera)', env: '$(env HOME)' } as const;
