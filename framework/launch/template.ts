import type { Scalar } from './text-values.js';

/** A text with substitutions, taken apart: `a-$(arg x)` is `['a-', {kind: 'arg', name: 'x'}]`. */
export type Template = readonly (string | Substitution)[];

/** An expression with substitutions, which stand for values in it. */
export type Expression = readonly (string | Substitution)[];

export type Substitution =
  | { readonly kind: 'dirname' | 'filename' }
  | { readonly kind: 'arg' | 'package'; readonly name: string }
  | { readonly kind: 'env'; readonly name: string; readonly fallback?: Template }
  | { readonly kind: 'eval'; readonly body: Expression };

/** A value put in place of `$(...)`. `typed` is false for text that may still be read as a number or boolean. */
export interface Substitute {
  readonly value: Scalar;
  readonly typed: boolean;
}

/** Gives the value of one substitution. @throws Error with a message for the user */
export type LookUp = (part: Substitution) => Substitute;

export function hasSubstitution(text: string): boolean {
  return text.includes('$(');
}

/** @throws Error with a message for the user when a `$(` is not closed or holds no known substitution */
export function parseTemplate(text: string): Template {
  const { parts, end } = parseParts(text, 0, false);
  if (end !== text.length) throw new Error(`${text} cannot be read from character ${end + 1}`);
  return parts;
}

/** The whole text as an expression. @throws Error with a message for the user */
export function parseExpression(text: string): Expression {
  return parseExpressionParts(text, 0, false).parts;
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

interface Parsed {
  readonly parts: Template;
  readonly end: number;
}

function parseParts(text: string, start: number, nested: boolean): Parsed {
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

/** Up to the end, or to the bracket that closes it when it is nested. Brackets between quotes do not count. */
function parseExpressionParts(text: string, start: number, nested: boolean): Parsed {
  const parts: (string | Substitution)[] = [];
  let from = start;
  let at = start;
  let open = 0;
  while (at < text.length) {
    const character = text[at]!;
    if (text.startsWith('$(', at)) {
      if (at > from) parts.push(text.slice(from, at));
      const { part, end } = parseSubstitution(text, at);
      parts.push(part);
      at = from = end;
      continue;
    }
    if (character === '"' || character === "'") {
      at = endOfQuoted(text, at);
      continue;
    }
    if (nested && character === ')' && open-- === 0) break;
    if (nested && character === '(') open++;
    at++;
  }
  if (at > from) parts.push(text.slice(from, at));
  return { parts, end: at };
}

function endOfQuoted(text: string, start: number): number {
  const quote = text[start]!;
  for (let at = start + 1; at < text.length; at++) {
    if (text.startsWith('$(', at))
      throw new Error(
        '$( stands between quotes; in an expression write it without: $(eval $(arg side) == "left")',
      );
    if (text[at] === quote) return at + 1;
    if (text[at] === '\\') at++;
  }
  return text.length;
}

function parseSubstitution(text: string, start: number): { part: Substitution; end: number } {
  const [opening = '', kind = ''] = /^\$\(\s*([A-Za-z_-]*)\s*/.exec(text.slice(start)) ?? [];
  const at = start + opening.length;
  switch (kind) {
    case 'dirname':
    case 'filename':
      if (text[at] === ')') return { part: { kind }, end: at + 1 };
      throw new Error(
        `$(${kind}) takes no words: it is the ${kind === 'dirname' ? 'folder' : 'path'} of the launch file`,
      );
    case 'eval':
      return parseEval(text, at);
    case 'package':
      return parsePackage(text, at);
    case 'arg':
    case 'env':
      return parseNamed(kind, text, at);
    default:
      throw new Error(
        `$(${kind} is not known: use ${KNOWN}${kind === 'var' ? '; for $(var x) write $(arg x)' : ''}`,
      );
  }
}

const KNOWN =
  '$(arg name), $(env NAME default), $(eval EXPRESSION), $(dirname), $(filename) or $(package NAME)';

function parseEval(text: string, start: number): { part: Substitution; end: number } {
  const { parts, end } = parseExpressionParts(text, start, true);
  if (text[end] !== ')') throw new Error('$(eval is not closed: a ) is missing');
  return { part: { kind: 'eval', body: parts }, end: end + 1 };
}

function parsePackage(text: string, start: number): { part: Substitution; end: number } {
  const [whole = '', name] = /^((?:@[\w.-]+\/)?[\w-][\w.-]*)\s*\)/.exec(text.slice(start)) ?? [];
  if (name === undefined) throw new Error('$(package needs one name, such as $(package my_robot)');
  return { part: { kind: 'package', name }, end: start + whole.length };
}

function parseNamed(kind: 'arg' | 'env', text: string, start: number): { part: Substitution; end: number } {
  const [whole = '', name] = /^([A-Za-z_][A-Za-z0-9_]*)\s*/.exec(text.slice(start)) ?? [];
  if (name === undefined) throw new Error(`$(${kind} needs a name, such as ${EXAMPLES[kind]}`);
  const rest = parseParts(text, start + whole.length, true);
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
