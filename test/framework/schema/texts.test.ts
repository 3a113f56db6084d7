/** Arrays of strings: spans of spans, in TypeScript and in what other languages make of them. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDynamic, toFoxgloveJson } from '../../../framework/schema/index.js';
import { runCli, tempDir } from '../../support/index.js';
import { REPO } from '../../support/repo.js';
import { Texts } from './fixtures/index.js';
import { Bench, throwsBabus } from './kit.js';

const SAMPLES = join(REPO, 'test/framework/schema/fixtures');
const texts: Texts = { before: 1, pair: ['links', ''], names: ['a', 'grü', '日本語 🤖', ''], end: 77 };

/** Word of the message at which the spans of `names` begin. */
function namesAt({ memory }: Bench<Texts>): number {
  return memory.u32[(4 + 16) / 4]! / 4;
}

describe('arrays of strings', () => {
  it('come back as they were written', () => {
    const bench = new Bench(Texts);
    const view = bench.put(texts);
    assert.deepEqual(view.clone(), texts);
    assert.deepEqual(view.toJSON(), texts);
    assert.deepEqual(readDynamic(Texts.descriptor, bench.memory), texts);
    assert.deepEqual(toFoxgloveJson(view.toJSON(), Texts.descriptor), texts);
    assert.deepEqual([view.names.length, view.names.at(-2), [...view.pair]], [4, '日本語 🤖', texts.pair]);
    assert.equal(view.names, view.names, 'one object for all messages');
    const other = new Bench(Texts);
    assert.deepEqual(other.put(view.clone()).clone(), texts);
    const loan = other.loan();
    loan.names = view.names;
    assert.deepEqual(loan.names.clone(), texts.names);
  });

  it('are written one by one', () => {
    const bench = new Bench(Texts);
    const loan = bench.loan();
    const names = loan.allocate('names', 3);
    assert.deepEqual([...names], ['', '', '']);
    names.put(2, 'third');
    names.put(0, 'first');
    names.put(0, 'a first that is longer than it was');
    loan.pair.put(1, 'right');
    loan.publish();
    const { view } = bench;
    assert.deepEqual([...view.names], ['a first that is longer than it was', '', 'third']);
    assert.deepEqual([...view.pair], ['', 'right']);
  });

  it('keep nothing of the message before', () => {
    const bench = new Bench(Texts);
    bench.put({ names: ['x'.repeat(100), 'y'], pair: ['p', 'q'] });
    assert.deepEqual(bench.put({ names: ['z'] }).clone(), {
      before: 0,
      pair: ['', ''],
      names: ['z'],
      end: 0,
    });
    assert.equal(bench.put({}).names.length, 0);
    const loan = bench.loan();
    loan.names = ['one', 'two'];
    assert.deepEqual([...loan.allocate('names', 1)], [''], 'taken anew, it is empty');
  });

  it('refuse what is no list of strings', () => {
    const loan = new Bench(Texts).loan();
    const set = (field: 'names' | 'pair', value: unknown) => () => {
      (loan as unknown as Record<string, unknown>)[field] = value;
    };
    const refused: [() => unknown, string][] = [
      [set('names', 'abc'), "Texts.names wants a list, given 'abc'"],
      [set('names', ['a', 5]), 'Texts.names[1] wants a string, given 5'],
      [set('names', [undefined]), 'Texts.names[0] wants a string, given undefined'],
      [set('pair', ['a']), "Texts.pair wants 2 values, given [ 'a' ]"],
      [() => loan.pair.put(0, 1 as never), 'Texts.pair[0] wants a string, given 1'],
    ];
    for (const [action, message] of refused) throwsBabus(action, 'ERR_BABUS_VALUE', `test/slot: ${message}`);
    assert.equal(loan.names.length, 0, 'nothing was written');
    for (const index of [2, -1, 0.5])
      throwsBabus(
        () => loan.pair.put(index, 'x'),
        'ERR_BABUS_ARGUMENT',
        `test/slot: Texts.pair has 2 elements; there is none at index ${index}`,
      );
  });

  it('say which text had no room', () => {
    const loan = new Bench(Texts, 64).loan();
    throwsBabus(
      () => (loan.names = ['x', 'y'.repeat(100)]),
      'ERR_BABUS_MESSAGE_TOO_LONG',
      'test/slot: Texts.names[1] needs 100 bytes, 15 left; raise slots.test/slot.max_bytes',
    );
    throwsBabus(
      () => loan.allocate('names', 2 ** 33),
      'ERR_BABUS_ARGUMENT',
      'test/slot: Texts.names wants a length that is a whole number from 0 to 4294967295, given 8589934592',
    );
  });

  it('of which a span leaves the message are refused, alone', () => {
    const bench = new Bench(Texts);
    const view = bench.put(texts);
    const length = bench.memory.length;
    bench.memory.u32[namesAt(bench) + 2] = length;
    throwsBabus(
      () => view.names.at(1),
      'ERR_BABUS_MESSAGE_CORRUPT',
      `test/slot: Texts.names[1] (4 x 1 bytes at ${length}) leaves the message of ${length} bytes`,
    );
    assert.equal(view.names.at(0), 'a');
    assert.throws(() => view.clone(), { code: 'ERR_BABUS_MESSAGE_CORRUPT' });
    assert.throws(() => readDynamic(Texts.descriptor, bench.memory), { code: 'ERR_BABUS_MESSAGE_CORRUPT' });
    bench.memory.u32[6] = 0xffffffff;
    assert.throws(() => view.names, { code: 'ERR_BABUS_MESSAGE_CORRUPT' });
  });

  const PROGRAMS: readonly (readonly [lang: string, program: string, build: (out: string) => string[]])[] = [
    ['python', 'python3', pythonEcho],
    ['c', 'cc', cEcho],
  ];
  for (const [lang, program, build] of PROGRAMS)
    it(`${lang}: reads what TypeScript wrote, and writes what TypeScript reads`, async function () {
      if (spawnSync(program, ['--version'], { stdio: 'ignore' }).error) {
        this.test!.title += ` (skipped: ${program} is not here)`;
        this.skip();
      }
      const out = join(tempDir(), 'generated');
      const { code, stderr } = await runCli(['gen', SAMPLES, '--lang', lang, '--out', out]);
      assert.equal(code, 0, stderr);
      const bench = new Bench(Texts);
      bench.put(texts);
      const [given, written] = [join(out, 'given'), join(out, 'written')];
      writeFileSync(given, bench.memory.u8.subarray(0, bench.memory.length));
      const [command, ...args] = build(out);
      const said = execFileSync(command!, [...args, given, written], { encoding: 'utf8' });
      assert.equal(said, [...texts.pair, ...texts.names].map((text) => `<${text}>\n`).join(''));
      const bytes = readFileSync(written);
      const back = new Bench(Texts);
      back.memory.u8.set(bytes);
      back.memory.length = bytes.length;
      assert.deepEqual(back.view.clone(), { before: 2, pair: ['', 'q'], names: ['x', '', 'zü'], end: 9 });
    });
});

/** A Python program that prints the texts of its first file, and writes a message to its second. */
function pythonEcho(out: string): string[] {
  const path = join(out, '..', 'echo.py');
  writeFileSync(
    path,
    `import sys
from generated.sample import Texts
message = Texts.read(open(sys.argv[1], 'rb').read())
for text in message['pair'] + message['names']:
    sys.stdout.buffer.write(f'<{text}>\\n'.encode())
packed = Texts.pack({'before': 2, 'pair': ['', 'q'], 'names': ['x', '', 'zü'], 'end': 9})
open(sys.argv[2], 'wb').write(packed)
`,
  );
  return ['python3', path];
}

/** The same in C. */
function cEcho(out: string): string[] {
  const [source, program] = [join(out, 'echo.c'), join(out, 'echo')];
  writeFileSync(source, C_ECHO);
  const warnings = ['-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Werror'];
  execFileSync('cc', ['-std=c11', ...warnings, '-I', out, '-o', program, source]);
  return [program];
}

const C_ECHO = String.raw`#include <stdio.h>
#include "sample/Texts.h"
static _Alignas(8) unsigned char data[4096];
static int say(const babus_message *message, babus_span span) {
  uint32_t count;
  const char *text = babus_text(message, span, &count);
  if (text == NULL) return 1;
  printf("<%.*s>\n", (int)count, text);
  return 0;
}
int main(int argc, char **argv) {
  if (argc != 3) return 1;
  FILE *file = fopen(argv[1], "rb");
  size_t length = fread(data, 1, sizeof data, file);
  fclose(file);
  babus_message message;
  const sample_Texts *texts = sample_Texts_open(&message, data, length);
  if (texts == NULL || say(&message, texts->pair[0]) || say(&message, texts->pair[1])) return 2;
  uint32_t count;
  const babus_span *names = sample_Texts_get_names(&message, texts, &count);
  for (uint32_t i = 0; i < count; i++)
    if (say(&message, names[i])) return 3;
  babus_writer writer;
  sample_Texts *out = sample_Texts_begin(&writer, data, sizeof data);
  out->before = 2;
  out->end = 9;
  if (!babus_put_text(&writer, &out->pair[1], "q", 1)) return 4;
  babus_span *list = sample_Texts_put_names(&writer, out, 3);
  if (!babus_put_text(&writer, &list[0], "x", 1) || !babus_put_text(&writer, &list[2], "z\xc3\xbc", 3)) return 5;
  file = fopen(argv[2], "wb");
  fwrite(data, 1, writer.length, file);
  return fclose(file);
}
`;
