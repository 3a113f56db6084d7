import type { Command } from 'commander';
import type { Change, FieldFacts, SchemaFacts } from '../schema/inspect/index.js';
import { SLOT_DEFAULTS } from '../spec.js';
import { EXIT, printError } from './errors.js';
import { addPackage, demandFolder } from './packages-option.js';
import { schemaImport } from './schema-import.js';
import { printLine } from './stdout.js';

interface SchemaOptions {
  readonly schemas?: string;
  readonly package: Record<string, string>;
  readonly json?: boolean;
}

/** Where projects keep their schema files. */
const OWN_SCHEMAS = 'schemas';

export function registerSchema(program: Command): void {
  const schema = program.command('schema').description('look at message schemas and compare them');
  common(
    schema.command('list').description('list the schemas of std and of your own: size, fields, layout hash'),
  ).action(list);
  common(
    schema
      .command('show <name>')
      .description("where each byte of a schema's messages lies; NAME is Image, std/Image or a file"),
  ).action(show);
  common(
    schema
      .command('diff <before> <after>')
      .description(
        'what changed between two schemas and what breaks; ends with 1 when they cannot share a slot',
      ),
  ).action(diff);
  schema
    .command('import <files...>')
    .description('write schema files from ROS 2 message definitions (.msg)')
    .option('--out <folder>', 'gets a folder for each package', OWN_SCHEMAS)
    .option('--as <package>', 'package of the files (default: the folder that holds their msg/)')
    .option('--force', 'write over files that are there')
    .option('--json', 'print one JSON object: written, unchanged, lost, missing, errors')
    .action(schemaImport);
}

function common(command: Command): Command {
  return command
    .option(
      '--schemas <folder>',
      `folder of your schema files, or of folders of them (default: ${OWN_SCHEMAS})`,
    )
    .option(
      '--package <name=folder>',
      'where the schemas of another package are; may be repeated',
      addPackage,
      {},
    )
    .option('--json', 'print JSON');
}

async function catalogueOf({ schemas, package: packages }: SchemaOptions): Promise<{
  readonly inspect: typeof import('../schema/inspect/index.js');
  readonly catalogue: import('../schema/inspect/index.js').Catalogue;
}> {
  if (schemas !== undefined) demandFolder(schemas);
  for (const folder of Object.values(packages)) demandFolder(folder);
  const inspect = await import('../schema/inspect/index.js');
  return { inspect, catalogue: new inspect.Catalogue(schemas ?? OWN_SCHEMAS, packages) };
}

async function list(options: SchemaOptions): Promise<void> {
  const { inspect, catalogue } = await catalogueOf(options);
  const { schemas, errors } = catalogue.list();
  for (const error of errors) printError(error);
  if (errors.length > 0) process.exitCode = EXIT.USAGE;
  const rows = schemas.map((schema) => {
    const { name, size, has_tail, hash, file } = inspect.layoutOf(schema);
    return { name, size, has_tail, fields: schema.fields.length, hash, file };
  });
  if (options.json === true) {
    for (const row of rows) printLine(JSON.stringify(row));
    return;
  }
  const { formatTable } = await import('../tools/table.js');
  printLine(
    formatTable(
      [
        { title: 'schema' },
        { title: 'bytes', align: 'right' },
        { title: 'tail' },
        { title: 'fields', align: 'right' },
        { title: 'hash' },
      ],
      rows.map(({ name, size, has_tail, fields, hash }) => [
        name,
        String(size),
        has_tail ? 'yes' : 'no',
        String(fields),
        hash,
      ]),
    ),
  );
}

async function show(name: string, options: SchemaOptions): Promise<void> {
  const { inspect, catalogue } = await catalogueOf(options);
  const facts = inspect.layoutOf(catalogue.find(name));
  if (options.json === true) return printLine(JSON.stringify(facts));
  printLine(await factsText(facts));
}

async function factsText(facts: SchemaFacts): Promise<string> {
  const { formatTable } = await import('../tools/table.js');
  const { formatCount } = await import('../tools/units.js');
  const { limits, fields, elements } = facts;
  const constantTable = (of: SchemaFacts['constants']): string =>
    formatTable(
      [{ title: 'constant' }, { title: 'type' }, { title: 'value' }, { title: 'unit' }],
      of.map(({ name, type, value, unit = '' }) => [name, type, JSON.stringify(value), unit]),
    );
  const table = (of: readonly FieldFacts[]): string =>
    formatTable(
      [
        { title: 'field' },
        { title: 'type' },
        { title: 'offset', align: 'right' },
        { title: 'bytes', align: 'right' },
        { title: 'in the tail' },
        { title: 'unit' },
      ],
      of.map(({ name, type, offset, size, tail, unit = '' }) => [
        name,
        type,
        String(offset),
        String(size),
        tail ? `${tail.size} an element` : '',
        unit,
      ]),
    );
  const tail = facts.has_tail
    ? `yes; a slot's max_bytes is ${formatCount(SLOT_DEFAULTS.maxBytesWithSpans)} where the launch file says nothing`
    : 'none: a message has as many bytes as its fixed part';
  return [
    `schema       ${facts.name} (${facts.file})`,
    `hash         ${facts.hash}`,
    `fixed part   ${formatCount(facts.size)} bytes, at most ${formatCount(limits.max_fixed_bytes)}; aligned to ${facts.align}`,
    `tail         ${tail}`,
    `description  ${formatCount(limits.description_bytes)} bytes, at most ${formatCount(limits.max_description_bytes)}`,
    ...(facts.doc === null ? [] : ['', facts.doc]),
    '',
    table(fields),
    ...(facts.constants.length > 0 ? ['', constantTable(facts.constants)] : []),
    ...elements.flatMap(({ name, size, fields: inner }) => [
      '',
      `an element ${name}: ${formatCount(size)} bytes`,
      table(inner),
    ]),
  ].join('\n');
}

async function diff(before: string, after: string, options: SchemaOptions): Promise<void> {
  const { inspect, catalogue } = await catalogueOf(options);
  const [old, now] = [catalogue.find(before), catalogue.find(after)];
  const comparison = inspect.compareSchemas(old, now);
  if (!comparison.same_layout) process.exitCode = EXIT.FAILED;
  const ends = [old, now].map(({ name, file, hash, descriptor }) => ({
    name,
    file,
    hash,
    size: descriptor.size,
  }));
  if (options.json === true)
    return printLine(JSON.stringify({ before: ends[0], after: ends[1], ...comparison }));
  for (const [index, end] of ends.entries())
    printLine(`${index === 0 ? '---' : '+++'} ${end.name} (${end.file}) ${end.hash}, ${end.size} bytes`);
  if (comparison.changes.length > 0) printLine(await changesText(comparison.changes));
  printLine(
    comparison.same_layout
      ? 'The layout is the same: programs of both can share a slot.'
      : `The layout differs, first at ${comparison.first ?? 'its name'}: programs of one cannot share a slot with programs of the other.`,
  );
}

async function changesText(changes: readonly Change[]): Promise<string> {
  const { formatTable } = await import('../tools/table.js');
  return formatTable(
    [{ title: 'change' }, { title: 'what' }, { title: 'before' }, { title: 'after' }, { title: 'breaks' }],
    changes.map(({ kind, what, before, after, breaks }) => [
      kind,
      what,
      oneLine(before),
      oneLine(after),
      breaks.length === 0 ? 'nothing' : breaks.join(', '),
    ]),
  );
}

/** Docs are long; the table needs only to show that they changed. */
function oneLine(text: string | null): string {
  if (text === null) return '-';
  const line = text.replace(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
