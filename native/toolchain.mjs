/** Finds what compiling the addon needs, and says in one message what is missing and how to install it. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join } from 'node:path';

/** What is missing → the package that has it, by the ID of /etc/os-release. */
const PACKAGES = {
  compiler: { debian: 'g++', fedora: 'gcc-c++', arch: 'gcc', alpine: 'g++ linux-headers' },
  make: { debian: 'make', fedora: 'make', arch: 'make', alpine: 'make' },
  python: { debian: 'python3', fedora: 'python3', arch: 'python', alpine: 'python3' },
  headers: { debian: 'libnode-dev', fedora: 'nodejs-devel', arch: 'nodejs', alpine: 'nodejs-dev' },
};

const INSTALL = {
  debian: ['Debian, Ubuntu', 'apt-get install'],
  fedora: ['Fedora', 'dnf install'],
  arch: ['Arch', 'pacman -S'],
  alpine: ['Alpine', 'apk add'],
};

/** What the core uses beyond plain C++: an older compiler or missing kernel headers fail here, with one message. */
const PROBE = `
#include <atomic>
#include <span>
#include <linux/futex.h>
#include <node_api.h>
#include <uv.h>
int word = 0;
int main() { return std::atomic_ref<int>(word).load(); }
`;

/**
 * @returns {{ compiler: string, python: string, nodedir: string, problems: { kind: string, text: string }[] }}
 *   values are empty strings where there is a problem of that kind
 */
export function findToolchain(env = process.env) {
  const problems = [];
  const missing = (kind, text) => (problems.push({ kind, text }), '');
  const compiler =
    firstProgram(env.CXX ? [env.CXX] : ['g++', 'c++', 'clang++'], env) ||
    missing('compiler', env.CXX ? `CXX is '${env.CXX}', which is no program here` : 'no C++ compiler');
  if (!firstProgram(['make'], env)) missing('make', "no 'make'");
  const python =
    firstProgram([env.npm_config_python, env.PYTHON, 'python3', 'python'], env) ||
    missing('python', "no 'python3', which node-gyp needs");
  const nodedir =
    findHeaders(env) ||
    missing(
      'headers',
      `no headers of Node ${process.version} (node_api.h, uv.h); 'npx node-gyp install' downloads them`,
    );
  if (compiler && nodedir) {
    const complaint = probe(compiler, nodedir, env);
    if (complaint)
      missing(
        /\b(uv|node_api)\.h\b/.test(complaint) ? 'headers' : 'compiler',
        `'${compiler}' cannot compile what Babus needs of C++20 (${complaint})`,
      );
  }
  return { compiler, python, nodedir, problems };
}

/** One message for all problems, with the install command of this distribution, or of the four usual ones. */
export function describeProblems(problems, osRelease = readOsRelease()) {
  const lines = problems.map(({ text }) => `  - ${text}`);
  const known = Object.keys(INSTALL).filter((id) => osRelease.includes(id));
  const kinds = [...new Set(problems.map(({ kind }) => kind))];
  const commands = (known.length > 0 ? known : Object.keys(INSTALL)).map((id) => {
    const [name, command] = INSTALL[id];
    return `  ${name}: ${command} ${kinds.map((kind) => PACKAGES[kind][id]).join(' ')}`;
  });
  return `The native part of Babus cannot be compiled here:\n${lines.join('\n')}\nInstall what is missing:\n${commands.join('\n')}`;
}

/** @returns {string} the prefix with include/node, or '' */
function findHeaders(env) {
  const cache = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'node-gyp', process.versions.node);
  const given = env.npm_config_nodedir;
  const places = given ? [given] : [dirname(dirname(realpathSync(process.execPath))), cache];
  const has = (name) => (place) => existsSync(join(place, 'include/node', name));
  // A Node that shares the system's libuv comes without uv.h; the compiler then finds libuv's own, or says that it is missing.
  return places.filter(has('node_api.h')).find(has('uv.h')) ?? places.find(has('node_api.h')) ?? '';
}

function firstProgram(names, env) {
  return names.find((name) => name && isProgram(name, env)) ?? '';
}

function isProgram(name, env) {
  // $CXX may hold flags or a wrapper: `ccache g++`.
  const [word] = name.trim().split(/\s+/);
  if (isAbsolute(word)) return isExecutable(word);
  return (env.PATH ?? '').split(delimiter).some((folder) => folder && isExecutable(join(folder, word)));
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** @returns {string} the compiler's first complaint, or '' */
function probe(compiler, nodedir, env) {
  const [command, ...flags] = compiler.trim().split(/\s+/);
  const args = [
    ...flags,
    '-std=c++20',
    '-fsyntax-only',
    `-I${join(nodedir, 'include/node')}`,
    '-x',
    'c++',
    '-',
  ];
  const { status, stderr, error } = spawnSync(command, args, { input: PROBE, encoding: 'utf8', env });
  if (status === 0) return '';
  const lines = `${error?.message ?? ''}\n${stderr ?? ''}`.split('\n').map((line) => line.trim());
  return lines.find((line) => line.includes('error')) ?? lines.find(Boolean) ?? `exit code ${status}`;
}

function readOsRelease() {
  const file = '/etc/os-release';
  if (!existsSync(file)) return [];
  const fields = readFileSync(file, 'utf8').matchAll(/^(?:ID|ID_LIKE)="?([^"\n]*)"?$/gm);
  return [...fields].flatMap(([, value]) => value.split(' ')).map((id) => (id === 'ubuntu' ? 'debian' : id));
}
