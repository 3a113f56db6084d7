/** Constants of schemas and fields that are deprecated, in every language that programs are written in. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSchemas } from '../../../framework/schema/load/load.js';
import { runCli, tempDir } from '../../support/index.js';
import { REPO } from '../../support/repo.js';
import { Constants } from './fixtures/index.js';

const SAMPLES = join(REPO, 'test/framework/schema/fixtures');
const NAME = 'a "b" \\ ??/ */ 日本\t\u001b[1m';
const WANTED = {
  FLAG: true,
  LEAST8: -128,
  MOST16: 65535,
  LEAST32: -2147483648,
  LEAST64: -(2n ** 63n),
  MOST64: 2n ** 64n - 1n,
  HALF: 0.5,
  ONE: 1,
  TINY: -5e-324,
  NAME,
  EMPTY: '',
};

async function generated(lang: string): Promise<string> {
  const out = join(tempDir(), 'generated');
  const { code, stderr } = await runCli(['gen', SAMPLES, '--lang', lang, '--out', out]);
  assert.equal(code, 0, stderr);
  return out;
}

function skipWithout(context: Mocha.Context, program: string): void {
  if (!spawnSync(program, ['--version'], { stdio: 'ignore' }).error) return;
  context.test!.title += ` (skipped: ${program} is not here)`;
  context.skip();
}

/** What is wrong with a schema of these constants. */
function problems(constants: string): string[] {
  const folder = join(tempDir(), 'robot');
  mkdirSync(folder);
  const text = `name: robot/A\nconstants:\n  ${constants}\nfields: { x: bool }\n`;
  writeFileSync(join(folder, 'A.yaml'), text);
  return loadSchemas(folder).errors.map(({ message }) => message.slice(message.indexOf('A.yaml:')));
}

describe('constants of schemas', () => {
  it('TypeScript: are there with their values and types', () => {
    assert.deepEqual(Constants.constants, WANTED);
    const most: 18446744073709551615n = Constants.constants.MOST64;
    assert.equal(most, WANTED.MOST64);
  });

  it('TypeScript: a field that is deprecated says what to use instead', () => {
    const code = readFileSync(join(SAMPLES, 'Constants.ts'), 'utf8');
    const tags = code.match(/How hard it holds\. Unit: N\.\n\s+\* @deprecated Use effort\.\n/g) ?? [];
    assert.equal(tags.length, 3, 'in the interface, the view and the loan');
  });

  it('Python: the same values', async function () {
    skipWithout(this, 'python3');
    const out = await generated('python');
    const script = `from generated.sample import Constants as C
print([C.FLAG, C.LEAST8, C.MOST16, C.LEAST32, C.LEAST64, C.MOST64, C.HALF, C.ONE, C.TINY, C.EMPTY])
print(C.NAME_.encode().hex(), C.NAME)`;
    const said = execFileSync('python3', ['-c', script], { cwd: join(out, '..'), encoding: 'utf8' });
    assert.equal(
      said,
      `[True, -128, 65535, -2147483648, -9223372036854775808, 18446744073709551615, 0.5, 1, -5e-324, '']\n` +
        `${Buffer.from(NAME).toString('hex')} sample/Constants\n`,
    );
  });

  it('C and C++: the same values', async function () {
    skipWithout(this, 'cc');
    const out = await generated('c');
    writeFileSync(join(out, 'say.c'), C_PROGRAM);
    const warnings = ['-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Werror', '-I', out];
    for (const how of [['-std=c11'], ['-x', 'c++', '-std=c++17']]) {
      execFileSync('cc', [...how, ...warnings, '-o', join(out, 'say'), join(out, 'say.c')]);
      assert.equal(
        execFileSync(join(out, 'say'), { encoding: 'utf8' }),
        `1 -128 65535 -2147483648 -9223372036854775808 18446744073709551615 0.5 1 1 ${NAME}\n`,
      );
    }
  });

  it('ROS 2: as constants of the message', async () => {
    const text = readFileSync(join(await generated('ros2msg'), 'sample/msg/Constants.msg'), 'utf8');
    for (const line of [
      'bool FLAG=true',
      'uint64 MOST64=18446744073709551615',
      '# As far as it goes. Unit: m.',
    ])
      assert.ok(text.split('\n').includes(line), `${line} in\n${text}`);
    assert.match(text, /# How hard it holds\. Deprecated: Use effort\. Unit: N\.\nfloat32 force\n/);
  });

  it('`babus schema show` names them, `diff` says when one changes', async () => {
    const { stdout } = await runCli(['schema', 'show', join(SAMPLES, 'Constants.yaml'), '--json']);
    const { constants, fields } = JSON.parse(stdout) as {
      constants: Record<string, unknown>[];
      fields: Record<string, unknown>[];
    };
    assert.deepEqual(constants[2], {
      name: 'MOST16',
      type: 'uint16',
      value: 65535,
      unit: 'm',
      doc: 'As far as it goes.',
    });
    assert.equal(constants[4]!['value'], '-9223372036854775808');
    assert.equal(fields[0]!['deprecated'], 'Use effort.');
    const old = join(tempDir(), 'Constants.old.yaml');
    const text = readFileSync(join(SAMPLES, 'Constants.yaml'), 'utf8');
    writeFileSync(
      old,
      text
        .replace('value: 0.5', 'value: 0.25')
        .replace('ONE:', 'UN:')
        .replace(', deprecated: Use effort.', ''),
    );
    const diff = await runCli(['schema', 'diff', old, join(SAMPLES, 'Constants.yaml'), '--json']);
    assert.equal(diff.code, 0, diff.stderr);
    const { changes } = JSON.parse(diff.stdout) as { changes: { kind: string; what: string }[] };
    assert.deepEqual(
      changes.map(({ kind, what }) => `${kind} ${what}`),
      [
        'constant changed Constants.HALF',
        'constant removed Constants.UN',
        'constant added Constants.ONE',
        'deprecated Constants.force',
      ],
    );
  });

  const refused: [constants: string, message: string][] = [
    [
      'X: { type: uint8, value: 256 }',
      'A.yaml:3:28: constants.X: wants a whole number from 0 to 255 (uint8), given 256',
    ],
    ['X: { type: bool, value: 1 }', 'A.yaml:3:27: constants.X: wants true or false (bool), given 1'],
    ['X: { type: string, value: 1 }', 'A.yaml:3:29: constants.X: wants a text (string), given 1'],
    [
      'X: { type: float64, value: .inf }',
      'A.yaml:3:30: constants.X.value: wants a number, true or false or text, given Infinity (a number)',
    ],
    [
      "X: { type: int64, value: '9223372036854775808' }",
      'A.yaml:3:28: constants.X: wants a whole number from -9223372036854775808 to 9223372036854775807, in quotes above 9007199254740991 either way (int64), given "9223372036854775808"',
    ],
  ];
  for (const [constants, message] of refused)
    it(`refuse ${constants}`, () => assert.deepEqual(problems(constants), [message]));
  for (const constants of [
    'x: { type: bool, value: true }',
    'X: 5',
    'X: { type: time, value: 1 }',
    'X: { type: bool }',
  ])
    it(`refuse ${constants}`, () => {
      const [problem, ...more] = problems(constants);
      assert.match(problem ?? '', /^A\.yaml:3:\d+: /);
      assert.deepEqual(more, []);
    });
});

const C_PROGRAM = String.raw`#include <inttypes.h>
#include <stdio.h>
#include "sample/Constants.h"
int main(void) {
  printf("%d %d %d %" PRId32 " %" PRId64 " %" PRIu64 " %g %g %d %s%s\n", sample_Constants_FLAG, sample_Constants_LEAST8,
         sample_Constants_MOST16, sample_Constants_LEAST32, sample_Constants_LEAST64, sample_Constants_MOST64,
         (double)sample_Constants_HALF, sample_Constants_ONE, sample_Constants_TINY < 0, sample_Constants_NAME,
         sample_Constants_EMPTY);
  return 0;
}
`;
