#!/usr/bin/env node
/**
 * Compiles the addon with node-gyp, against the headers beside `node`, so that nothing is downloaded.
 *
 *   node native/build.mjs              compile what changed
 *   node native/build.mjs --prebuild   and copy the result to where a published package carries it
 *   node native/build.mjs --check      only look whether everything needed is there
 *
 * VERBOSE=1 shows the compiler's output, which is otherwise shown only when it fails.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeProblems, findToolchain } from './toolchain.mjs';

const NATIVE = dirname(fileURLToPath(import.meta.url));
const ADDON = join(NATIVE, 'build/Release/babus.node');
/** What the present build folder was configured for; node-gyp itself does not notice when that changes. */
const STAMP = join(NATIVE, 'build/.configured-for.json');
const require = createRequire(import.meta.url);

function main(options) {
  if (process.platform !== 'linux') fail(`Babus runs on Linux; this is ${process.platform}.`);
  requireDevelopmentPackages();
  const toolchain = findToolchain();
  if (toolchain.problems.length > 0) fail(describeProblems(toolchain.problems));
  if (options.has('--check')) return;
  compile(toolchain);
  if (options.has('--prebuild')) copyPrebuild();
}

/** `NODE_ENV=production npm ci` and `--omit=dev` leave out the compilers; npm then runs the build all the same. */
function requireDevelopmentPackages() {
  const missing = ['node-gyp', 'node-addon-api', 'typescript'].filter((name) => !resolves(name));
  if (missing.length === 0) return;
  fail(
    `Building Babus needs its development packages; missing: ${missing.join(', ')}.\n` +
      'Install them with `npm ci --include=dev`, or use the published package, which is built already.',
  );
}

function resolves(name) {
  try {
    return Boolean(require.resolve(`${name}/package.json`));
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return false;
    throw error;
  }
}

function compile({ compiler, python, nodedir }) {
  const wanted = configuration(compiler, nodedir);
  const command = existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted ? 'build' : 'rebuild';
  if (command === 'rebuild') rmSync(STAMP, { force: true });
  const gyp = join(dirname(require.resolve('node-gyp/package.json')), 'bin/node-gyp.js');
  const args = [gyp, command, '-C', NATIVE, '--nodedir', nodedir, '--jobs', 'max', '--python', python];
  const verbose = process.env.VERBOSE === '1';
  const { status, signal, stdout, stderr, error } = spawnSync(process.execPath, args, {
    // node-gyp without $CXX takes g++ for granted.
    env: { ...process.env, CXX: compiler },
    stdio: verbose ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status === 0 && existsSync(ADDON)) {
    writeFileSync(STAMP, wanted);
    return;
  }
  if (!verbose) process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  fail(
    `The native part of Babus could not be compiled (${error?.message ?? signal ?? `exit code ${status}`}).`,
  );
}

/** Everything that makes an old build folder useless, as text; a change in the sources alone is make's business. */
function configuration(compiler, nodedir) {
  const sources = readdirSync(NATIVE, { recursive: true })
    .filter((name) => !name.startsWith('build/') && /\.(cc|gyp)$/.test(name))
    .sort();
  const gypfile = readFileSync(join(NATIVE, 'binding.gyp'), 'utf8');
  const { version, arch, env } = process;
  const flags = { CXXFLAGS: env.CXXFLAGS, LDFLAGS: env.LDFLAGS };
  return JSON.stringify({ version, arch, compiler, nodedir, flags, gypfile, sources }, null, 1);
}

/** The name is node-gyp-build's; the tag keeps a glibc binary from being loaded on musl and the other way round. */
function copyPrebuild() {
  const libc = process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';
  const folder = join(NATIVE, 'prebuilds', `linux-${process.arch}`);
  mkdirSync(folder, { recursive: true });
  const target = join(folder, `babus.${libc}.node`);
  // A rename, because a process may have the old file mapped.
  copyFileSync(ADDON, `${target}.new`);
  renameSync(`${target}.new`, target);
  console.log(`native: ${target}`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

const options = new Set(process.argv.slice(2));
const unknown = [...options].filter((option) => !['--prebuild', '--check'].includes(option));
if (unknown.length > 0)
  fail(`native/build.mjs: unknown option ${unknown.join(' ')}; known: --prebuild, --check`);
main(options);
