import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedSchema } from '../../../framework/schema/generate/index.js';
import type {
  FieldType,
  ScalarType,
  SchemaDescriptor,
  StructDescriptor,
} from '../../../framework/schema/index.js';
import { tempDir } from '../../support/index.js';

export const C_COMPILER = process.env['CC'] ?? 'cc';

const SCALARS: Readonly<Record<ScalarType, string>> = {
  bool: 'bool',
  int8: 'int8_t',
  uint8: 'uint8_t',
  int16: 'int16_t',
  uint16: 'uint16_t',
  int32: 'int32_t',
  uint32: 'uint32_t',
  int64: 'int64_t',
  uint64: 'uint64_t',
  float32: 'float',
  float64: 'double',
};

const START = `#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
typedef struct { int32_t sec; uint32_t nsec; } Time;
typedef struct { uint32_t offset; uint32_t length; } Span;
static void say_bool(bool v) { printf(" %d", v); }
static void say_signed(int64_t v) { printf(" %" PRId64, v); }
static void say_unsigned(uint64_t v) { printf(" %" PRIu64, v); }
static void say_float(float v) { uint32_t b; memcpy(&b, &v, 4); printf(" f%08" PRIx32, b); }
static void say_double(double v) { uint64_t b; memcpy(&b, &v, 8); printf(" d%016" PRIx64, b); }
static void say_time(Time v) { printf(" %" PRId32 ".%" PRIu32, v.sec, v.nsec); }
static void say_text(const uint8_t *m, Span v) {
  printf(" '");
  for (uint32_t i = 0; i < v.length; i++) printf("%02x", m[v.offset + i]);
}
`;

/**
 * One C program for many schemas: their structs as somebody would write them by hand, from names and types alone, without
 * padding or attributes. Where the fields lie is the compiler's business.
 */
export class CProgram {
  private readonly lines: string[] = [START];
  private readonly done = new Set<string>();
  private readonly names: string[] = [];
  private readonly tables: string[] = [];
  private readonly cases: string[] = [];

  /** @param schemas each after those that it names, or not: structs are declared as they are needed */
  constructor(schemas: readonly LoadedSchema[]) {
    for (const { descriptor } of schemas) this.add(descriptor);
  }

  /** What the compiler says of each schema, a line each: name, size, alignment, offsets. */
  layouts(): string {
    return execFileSync(this.build(), { encoding: 'utf8', maxBuffer: 1 << 28 });
  }

  /** What a C program reads in messages, a line each. @param messages each with the number of its schema */
  read(messages: readonly { readonly schema: number; readonly bytes: Uint8Array }[]): string[] {
    const input = messages.flatMap(({ schema, bytes }) => [
      new Uint8Array(Uint32Array.of(schema, bytes.length).buffer),
      bytes,
    ]);
    const program = this.build();
    const output = execFileSync(program, ['read'], {
      input: Buffer.concat(input),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    return output.trimEnd().split('\n');
  }

  private build(): string {
    const folder = tempDir();
    writeFileSync(join(folder, 'layout.c'), [...this.lines, this.main()].join('\n'));
    const program = join(folder, 'layout');
    execFileSync(C_COMPILER, ['-std=c11', '-O0', '-w', '-o', program, join(folder, 'layout.c')]);
    return program;
  }

  private main(): string {
    return `static const struct { const char *name; const size_t *numbers; size_t count; } schemas[] = {
${this.tables.join('\n')}
};
int main(int argc, char **argv) {
  if (argc == 1)
    for (size_t i = 0; i < ${this.names.length}; i++) {
      printf("%s", schemas[i].name);
      for (size_t k = 0; k < schemas[i].count; k++) printf(" %zu", schemas[i].numbers[k]);
      printf("\\n");
    }
  uint32_t head[2];
  while (argc > 1 && fread(head, 4, 2, stdin) == 2) {
    uint8_t *m = aligned_alloc(64, (head[1] + 64) / 64 * 64);
    if (fread(m, 1, head[1], stdin) != head[1]) return 1;
    switch (head[0]) {
${this.cases.join('\n')}
    default: return 2;
    }
    printf("\\n");
    free(m);
  }
  return 0;
}
`;
  }

  private add(schema: SchemaDescriptor): void {
    this.declare(schema, schema);
    const type = cName(schema.name);
    const numbers = schema.fields.map(({ name }) => `offsetof(${type}, f_${name})`);
    this.lines.push(
      `static const size_t numbers_${type}[] = { sizeof(${type}), _Alignof(${type}), ${numbers.join(', ')} };`,
    );
    this.cases.push(`    case ${this.names.length}: say_${type}(m, (const ${type} *)m); break;`);
    this.tables.push(`  { "${schema.name}", numbers_${type}, ${numbers.length + 2} },`);
    this.names.push(schema.name);
  }

  private declare(struct: StructDescriptor, schema: SchemaDescriptor): void {
    if (this.done.has(struct.name)) return;
    this.done.add(struct.name);
    const type = cName(struct.name);
    const fields = struct.fields.map((field) => `  ${this.field(field.type, `f_${field.name}`, schema)};`);
    const says = struct.fields.map((field) => say(field.type, `v->f_${field.name}`));
    this.lines.push(
      `typedef struct {`,
      ...fields,
      `} ${type};`,
      `static void say_${type}(const uint8_t *m, const ${type} *v) {`,
      ...says,
      '}',
    );
  }

  private field(type: FieldType, name: string, schema: SchemaDescriptor): string {
    if (type.kind === 'array') return `${this.field(type.element, name, schema)}[${type.length}]`;
    const inner = type.kind === 'sequence' ? type.element : type;
    if (inner.kind === 'struct')
      this.declare(
        schema.structs.find((each) => each.name === inner.schema)!,
        schema,
      );
    return `${typeOf(type)} ${name}`;
  }
}

function cName(name: string): string {
  return name.replace('/', '_');
}

function typeOf(type: FieldType): string {
  switch (type.kind) {
    case 'scalar':
      return SCALARS[type.type];
    case 'enum':
      return SCALARS[type.base];
    case 'time':
    case 'duration':
      return 'Time';
    case 'string':
    case 'sequence':
      return 'Span';
    case 'struct':
      return cName(type.schema);
    case 'array':
      return typeOf(type.element);
  }
}

/** C that prints a value. */
function say(type: FieldType, value: string): string {
  switch (type.kind) {
    case 'scalar':
      return `  say_${family(type.type)}(${value});`;
    case 'enum':
      return `  say_${family(type.base)}(${value});`;
    case 'time':
    case 'duration':
      return `  say_time(${value});`;
    case 'string':
      return `  say_text(m, ${value});`;
    case 'struct':
      return `  say_${cName(type.schema)}(m, &${value});`;
    case 'array':
      return `  for (size_t i = 0; i < ${type.length}; i++) {${say(type.element, `${value}[i]`)} }`;
    case 'sequence': {
      const elements = `((const ${typeOf(type.element)} *)(m + ${value}.offset))`;
      return `  printf(" #%" PRIu32, ${value}.length); for (size_t i = 0; i < ${value}.length; i++) {${say(type.element, `${elements}[i]`)} }`;
    }
  }
}

function family(type: ScalarType): string {
  if (type === 'bool') return 'bool';
  if (type === 'float32') return 'float';
  if (type === 'float64') return 'double';
  return type.startsWith('u') ? 'unsigned' : 'signed';
}
