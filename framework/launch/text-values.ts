/** Types that text of the command line or the environment can be read as. */
export type TextType = 'string' | 'number' | 'integer' | 'boolean';

export type Scalar = string | number | boolean;

const NUMBER = /^[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?$/;

/** A text as a value of `type`; undefined when it is none. */
export function readText(text: string, type: TextType): Scalar | undefined {
  if (type === 'string') return text;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  if (!NUMBER.test(text)) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || (type === 'integer' && !Number.isInteger(value))) return undefined;
  return value;
}

export function isTextType(type: unknown): type is TextType {
  return type === 'string' || type === 'number' || type === 'integer' || type === 'boolean';
}

/** `text`, `a number`, ... as in the messages of framework/yaml. */
export const TYPE_NAMES: Readonly<Record<TextType, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
};
