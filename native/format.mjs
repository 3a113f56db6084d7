#!/usr/bin/env node
/** Formats the C++ sources with clang-format; with --check only says which ones are not formatted. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPO = dirname(dirname(fileURLToPath(import.meta.url)));
const FOLDERS = ['native', 'test/native', 'test/bench/native', 'test/stress'];
const BUILT = /^(build|prebuilds|python|rust)\//;

const sources = FOLDERS.filter((folder) => existsSync(join(REPO, folder))).flatMap((folder) =>
  readdirSync(join(REPO, folder), { recursive: true })
    .filter((name) => /\.(hpp|cc|h)$/.test(name) && !BUILT.test(name))
    .map((name) => join(folder, name)),
);
const mode = process.argv.includes('--check') ? ['--dry-run', '--Werror'] : ['-i'];
const program = process.env.CLANG_FORMAT ?? 'clang-format';

if (sources.length > 0) {
  const { status, error } = spawnSync(program, [...mode, ...sources], { cwd: REPO, stdio: 'inherit' });
  if (error?.code === 'ENOENT') console.log(`format: no ${program} here, the C++ sources were not looked at`);
  else if (error) throw error;
  else process.exitCode = status ?? 1;
}
