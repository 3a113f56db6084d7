/** Runs one model through spin: the verifier is generated, compiled and run in a folder of its own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPO } from '../support/repo.js';
import type { Case } from './cases.js';

/** More than any of the models needs, so that what goes wrong is said and not waited for. */
const MEMORY_MIB = 6_000;
const DEPTH = 200_000;
const LONGEST_MS = 600_000;

export interface Verdict {
  readonly passed: boolean;
  /** One line: what spin found. */
  readonly found: string;
  readonly states: number;
  readonly seconds: number;
  readonly mebibytes: number;
}

/** Why no model can be checked here; undefined when they can. */
export function missingTool(): string | undefined {
  const commands = [
    ['spin', '-V', 'spin is not installed; on Debian: apt-get install spin'],
    ['cc', '--version', 'no C compiler (cc); on Debian: apt-get install gcc'],
  ] as const;
  return commands.find(([file, argument]) => spawnSync(file, [argument]).status !== 0)?.[2];
}

/** Searches all states of a model. A good one passes with no error and a complete search, a broken one with its own. */
export function check({ model, defines, violates }: Case): Verdict {
  const folder = mkdtempSync(join(tmpdir(), 'babus-model-'));
  try {
    const options = defines.split(' ').flatMap((define) => (define === '' ? [] : [`-D${define}`]));
    run(folder, 'spin', ['-a', ...options, join(REPO, 'test/model', `${model}.pml`)]);
    const reduced = ['-DSAFETY', '-DCOLLAPSE', `-DMEMLIM=${MEMORY_MIB}`];
    run(folder, 'cc', ['-O2', '-w', ...reduced, '-o', 'pan', 'pan.c']);
    const start = performance.now();
    const output = run(folder, join(folder, 'pan'), [`-m${DEPTH}`, '-n']);
    return judge(output, violates, (performance.now() - start) / 1_000);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** From what the verifier printed. */
export function judge(output: string, violates: string | undefined, seconds: number): Verdict {
  const errors = Number(/errors: (\d+)/.exec(output)?.[1] ?? Number.NaN);
  const incomplete = /Search not completed|max search depth too small|reached -DMEMLIM|out of memory/.exec(
    output,
  );
  const reason = /pan:\d+: (.*?)(?: \(at depth \d+\))?\n/.exec(output)?.[1];
  const clean = errors === 0 && !(incomplete ?? reason);
  // Running out of depth or memory is an error of the search, not one found in the model.
  const caught = errors > 0 && /^(assertion violated|invalid end state)/.test(reason ?? '');
  return {
    passed:
      violates === undefined ? clean : caught && withoutSpaces(reason).includes(withoutSpaces(violates)),
    found: reason ?? incomplete?.[0] ?? (clean ? 'no error' : 'no result'),
    states: Number(/(\S+) states, stored/.exec(output)?.[1] ?? 0),
    mebibytes: Number(/([\d.]+)\s+total actual memory usage/.exec(output)?.[1] ?? 0),
    seconds,
  };
}

const withoutSpaces = (text = '') => text.replaceAll(/\s/g, '');

function run(cwd: string, file: string, args: readonly string[]): string {
  const { status, signal, stdout, stderr, error } = spawnSync(file, args, {
    cwd,
    encoding: 'utf8',
    timeout: LONGEST_MS,
    maxBuffer: 1 << 26,
  });
  if (error) throw new Error(`${file} ${args.join(' ')}: ${error.message}`, { cause: error });
  if (status !== 0 && !stdout.includes('errors:'))
    throw new Error(`${file} ${args.join(' ')}: ended with ${signal ?? String(status)}\n${stdout}${stderr}`);
  return stdout;
}
