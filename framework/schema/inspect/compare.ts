import type { FieldDescriptor, FieldType, StructDescriptor } from '../descriptor.js';
import { boundWords, type LoadedSchema } from '../load/model.js';
import { rangeWords } from '../runtime/range-words.js';
import { typeName } from '../type-name.js';

export type ChangeKind =
  | 'renamed schema'
  | 'added'
  | 'removed'
  | 'renamed'
  | 'moved'
  | 'retyped'
  | 'value added'
  | 'value removed'
  | 'value renamed'
  | 'value renumbered'
  | 'constant added'
  | 'constant removed'
  | 'constant changed'
  | 'deprecated'
  | 'range'
  | 'bounds'
  | 'unit'
  | 'doc';

/**
 * What a change breaks. `layout`: programs of before and after cannot share a slot. `code`: what uses the field must be changed.
 * `meaning`: the same bytes say something else.
 */
export type Breaks = 'layout' | 'code' | 'meaning';

export interface Change {
  readonly kind: ChangeKind;
  /** `Grip.force`; `Grip.mode.closed` for a value of an enum; `Grip` for the schema itself. */
  readonly what: string;
  /** As it was; null for what is new. */
  readonly before: string | null;
  readonly after: string | null;
  readonly breaks: readonly Breaks[];
}

export interface Comparison {
  /** True when programs of both can share a slot: the hashes are the same. */
  readonly same_layout: boolean;
  /** The first change that breaks the layout. */
  readonly first: string | null;
  readonly changes: readonly Change[];
}

/** Says what has become of a schema, struct by struct; what is the same in both is not there. */
export function compareSchemas(before: LoadedSchema, after: LoadedSchema): Comparison {
  const changes: Change[] = [];
  if (before.name !== after.name)
    changes.push(change('renamed schema', after.title, before.name, after.name, ['layout', 'code']));
  // Structs inside come first: what changed there moves the fields behind them.
  for (const struct of before.descriptor.structs) {
    const other = after.descriptor.structs.find(({ name }) => name === struct.name);
    if (other) changes.push(...compareStructs(struct.name, struct, other));
  }
  changes.push(...compareStructs(before.title, before.descriptor, after.descriptor));
  changes.push(...compareConstants(before, after), ...compareWords(before, after));
  const first = changes.find(({ breaks }) => breaks.includes('layout'));
  return { same_layout: before.hash === after.hash, first: first?.what ?? null, changes };
}

function change(
  kind: ChangeKind,
  what: string,
  before: string | null,
  after: string | null,
  breaks: readonly Breaks[],
): Change {
  return { kind, what, before, after, breaks };
}

/** Changes in the order of memory: fields of `after`, each removed one where it was. */
function compareStructs(owner: string, before: StructDescriptor, after: StructDescriptor): Change[] {
  const renamed = renames(before, after);
  const changes: { readonly at: number; readonly found: Change[] }[] = [];
  for (const field of after.fields) {
    const old =
      before.fields.find(({ name }) => name === field.name) ??
      before.fields.find(({ name }) => renamed.get(name) === field.name);
    changes.push({
      at: field.offset,
      found: old ? compareFields(owner, old, field) : [addedTo(owner, field)],
    });
  }
  for (const { name, type, offset } of before.fields)
    if (!after.fields.some((field) => field.name === name) && !renamed.has(name))
      changes.push({
        at: offset,
        found: [change('removed', `${owner}.${name}`, typeName(type), null, ['layout', 'code'])],
      });
  return changes.sort((a, b) => a.at - b.at).flatMap(({ found }) => found);
}

function addedTo(owner: string, { name, type, offset }: FieldDescriptor): Change {
  return change('added', `${owner}.${name}`, null, `${typeName(type)} at ${offset}`, ['layout']);
}

/** Old name → new name, where a field that is gone and one that is new have one type and follow the same field. */
function renames(before: StructDescriptor, after: StructDescriptor): Map<string, string> {
  const gone = withoutFieldsOf(after, before);
  const added = withoutFieldsOf(before, after);
  const pairs = gone.flatMap(({ field: old, follows }): [string, string][] => {
    const fits = added.filter((each) => each.follows === follows && same(each.field.type, old.type));
    const rivals = gone.filter((each) => each.follows === follows && same(each.field.type, old.type));
    return fits.length === 1 && rivals.length === 1 ? [[old.name, fits[0]!.field.name]] : [];
  });
  return new Map(pairs);
}

/** Fields that the other struct has not, each with the last one before it that both have. */
function withoutFieldsOf(
  other: StructDescriptor,
  { fields }: StructDescriptor,
): { readonly field: FieldDescriptor; readonly follows: string }[] {
  let follows = '';
  return fields.flatMap((field) => {
    if (!other.fields.some(({ name }) => name === field.name)) return [{ field, follows }];
    follows = field.name;
    return [];
  });
}

function compareFields(owner: string, before: FieldDescriptor, after: FieldDescriptor): Change[] {
  const what = `${owner}.${after.name}`;
  const changes: Change[] = [];
  if (before.name !== after.name)
    changes.push(change('renamed', what, before.name, after.name, ['layout', 'code']));
  const [was, is] = [typeName(before.type), typeName(after.type)];
  if (was !== is) changes.push(change('retyped', what, was, is, ['layout', 'code']));
  else changes.push(...compareValues(what, valuesOf(before.type), valuesOf(after.type)));
  if (before.offset !== after.offset)
    changes.push(change('moved', what, `at ${before.offset}`, `at ${after.offset}`, ['layout']));
  return changes;
}

type Values = Readonly<Record<string, number>>;

function valuesOf(type: FieldType): Values {
  if (type.kind === 'array' || type.kind === 'sequence') return valuesOf(type.element);
  return type.kind === 'enum' ? type.values : {};
}

function compareValues(what: string, before: Values, after: Values): Change[] {
  const changes: Change[] = [];
  const numberIn = (values: Values, name: string): number | undefined =>
    Object.hasOwn(values, name) ? values[name] : undefined;
  const nameIn = (values: Values, number: number): string | undefined =>
    Object.keys(values).find((name) => values[name] === number);
  for (const [name, number] of Object.entries(before)) {
    const now = numberIn(after, name);
    if (now === number) continue;
    const value = `${what}.${name}`;
    if (now !== undefined) {
      changes.push(change('value renumbered', value, String(number), String(now), ['layout']));
      continue;
    }
    const other = nameIn(after, number);
    const isRename = other !== undefined && numberIn(before, other) === undefined;
    changes.push(
      isRename
        ? change('value renamed', value, name, other, ['layout', 'code'])
        : change('value removed', value, String(number), null, ['layout', 'code']),
    );
  }
  for (const [name, number] of Object.entries(after)) {
    const old = nameIn(before, number);
    const isRename = old !== undefined && numberIn(after, old) === undefined;
    if (numberIn(before, name) === undefined && !isRename)
      changes.push(change('value added', `${what}.${name}`, null, String(number), ['layout']));
  }
  return changes;
}

/** Constants are in no message: programs that use one must be built again. */
function compareConstants(before: LoadedSchema, after: LoadedSchema): Change[] {
  const textOf = ({ constants }: LoadedSchema, name: string): string | null => {
    const found = constants.find((constant) => constant.name === name);
    return found ? `${found.type} ${String(found.value)}` : null;
  };
  const names = new Set([...before.constants, ...after.constants].map(({ name }) => name));
  return [...names].flatMap((name) => {
    const [was, is] = [textOf(before, name), textOf(after, name)];
    if (was === is) return [];
    const what = `${after.title}.${name}`;
    if (was === null) return [change('constant added', what, was, is, [])];
    if (is === null) return [change('constant removed', what, was, is, ['code'])];
    return [change('constant changed', what, was, is, ['meaning'])];
  });
}

/** Units and docs of the schema's own fields: of no bytes, but a field in mm is not one in m. */
function compareWords(before: LoadedSchema, after: LoadedSchema): Change[] {
  const changes: Change[] = [];
  const add = (
    kind: 'unit' | 'doc' | 'deprecated' | 'range' | 'bounds',
    what: string,
    was?: string,
    is?: string,
  ): void => {
    if (was?.trim() === is?.trim()) return;
    const breaks: Breaks[] = kind === 'unit' || kind === 'range' || kind === 'bounds' ? ['meaning'] : [];
    changes.push(change(kind, what, was?.trim() ?? null, is?.trim() ?? null, breaks));
  };
  add('doc', after.title, before.doc, after.doc);
  for (const field of after.fields) {
    const old = before.fields.find(({ name }) => name === field.name);
    if (!old) continue;
    add('unit', `${after.title}.${field.name}`, old.unit, field.unit);
    add('doc', `${after.title}.${field.name}`, old.doc, field.doc);
    add(
      'range',
      `${after.title}.${field.name}`,
      old.range && rangeWords(old.range),
      field.range && rangeWords(field.range),
    );
    add('bounds', `${after.title}.${field.name}`, boundWords(old.bounds), boundWords(field.bounds));
    add('deprecated', `${after.title}.${field.name}`, old.deprecated, field.deprecated);
  }
  return changes;
}

function same(a: FieldType, b: FieldType): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
