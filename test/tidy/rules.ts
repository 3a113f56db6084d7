/**
 * The rules of the house as data: what may import what, which danger lives where, how long things may be. To let the project
 * grow, change this file; the checks beside it know no folder by name.
 */

export interface Layer {
  /** A folder, or a file without its extension. The longest path that fits a file decides. */
  readonly path: string;
  /** Layers and files it may import besides its own; naming a folder allows what is below it. */
  readonly imports: readonly string[];
  /** Entries of babus's own package it may import by name. */
  readonly babus?: readonly string[];
  readonly because: string;
}

const ALL_FRAMEWORK = ['framework'];

export const LAYERS: readonly Layer[] = [
  { path: 'framework/errors', imports: [], because: 'every layer imports it' },
  { path: 'framework/duration', imports: ['framework/errors'], because: 'every layer may import it' },
  {
    path: 'framework/log-line',
    imports: ['framework/errors'],
    because: 'nodes write log lines, and launcher and tools read them',
  },
  { path: 'framework/channel', imports: [], because: 'launcher and node both load it' },
  { path: 'framework/process-group', imports: [], because: 'whoever starts processes imports it' },
  {
    path: 'framework/spec',
    imports: ['framework/schema/descriptor'],
    because: 'it is plain data between the control plane and the data plane',
  },
  { path: 'framework/loop-utilization', imports: [], because: 'every thread that loads the addon loads it' },
  {
    path: 'framework/native',
    imports: ['framework/loop-utilization'],
    because: 'it only loads the addon and declares its classes',
  },
  { path: 'framework/yaml', imports: ['framework/errors'], because: 'it reads YAML for any layer' },
  {
    path: 'framework/schema',
    imports: ['framework/errors', 'framework/yaml', 'framework/spec'],
    because: 'schemas know no slots, nodes or launch files',
  },
  { path: 'framework/schema/descriptor', imports: [], because: 'it is plain data' },
  {
    path: 'framework/schema/types',
    imports: ['framework/schema/descriptor', 'framework/schema/runtime/memory'],
    because: 'it is types alone',
  },
  {
    path: 'framework/schema/runtime',
    imports: ['framework/errors', 'framework/spec', 'framework/schema/descriptor', 'framework/schema/types'],
    because: 'every node process loads it, and generated code depends on it',
  },
  {
    path: 'framework/slots',
    imports: [
      'framework/errors',
      'framework/schema',
      'framework/native',
      'framework/spec',
      'framework/duration',
    ],
    because: 'slots know no node, file or launch',
  },
  {
    path: 'framework/node',
    imports: [
      'framework/errors',
      'framework/slots',
      'framework/schema',
      'framework/native',
      'framework/spec',
      'framework/duration',
      'framework/channel',
      'framework/log-line',
    ],
    because: 'the data plane reads no YAML and knows no launch; they meet in framework/spec.ts',
  },
  {
    path: 'framework/describe',
    imports: [
      'framework/errors',
      'framework/yaml',
      'framework/spec',
      'framework/schema',
      'framework/duration',
      'framework/process-group',
    ],
    because: 'it learns what a node declares without running one',
  },
  {
    path: 'framework/describe/child',
    imports: ['framework/describe', 'framework/errors', 'framework/spec', 'framework/node/metadata'],
    because: 'it alone, in a process of its own, looks at node classes',
  },
  {
    path: 'framework/control',
    imports: ['framework/errors', 'framework/spec'],
    because: 'it carries questions and answers, and knows neither who asks nor who answers',
  },
  {
    path: 'framework/logs',
    imports: ['framework/errors', 'framework/log-line'],
    because: 'it keeps lines and reads them back, whoever said them',
  },
  {
    path: 'framework/launch',
    imports: [
      'framework/errors',
      'framework/control',
      'framework/yaml',
      'framework/describe',
      'framework/spec',
      'framework/schema',
      'framework/duration',
      'framework/channel',
      'framework/log-line',
      'framework/process-group',
    ],
    because: "the control plane never touches a slot's data and never imports a node",
  },
  {
    path: 'framework/tools',
    imports: [
      'framework/errors',
      'framework/native',
      'framework/slots',
      'framework/schema',
      'framework/spec',
      'framework/duration',
    ],
    because: 'tools look at a domain from outside, whoever launched it',
  },
  { path: 'framework/cli', imports: ALL_FRAMEWORK, because: 'it puts everything together' },
  {
    path: 'framework/index',
    imports: [
      'framework/errors',
      'framework/schema',
      'framework/slots',
      'framework/node',
      'framework/spec',
      'framework/duration',
    ],
    because: 'it is what a node imports',
  },
  {
    path: 'nodes',
    imports: [],
    babus: ['babus', 'babus/schemas'],
    because: 'nodes are examples: they use the public API as anybody does',
  },
  {
    path: 'schemas',
    imports: [],
    babus: ['babus/schema', 'babus/schemas'],
    because: 'generated code depends on the runtime of schemas alone',
  },
  {
    path: 'test',
    imports: ['framework', 'nodes', 'schemas'],
    babus: ['babus', 'babus/schema', 'babus/schemas', 'babus/nodes/*'],
    because: 'tests see everything, and nothing sees them',
  },
];

/** Layers that none but themselves and those listed here may import, however wide the importer's own list is. */
export const PRIVATE: readonly { readonly path: string; readonly except: readonly string[] }[] = [
  { path: 'framework/cli', except: ['test'] },
  { path: 'framework/describe/child', except: [] },
  { path: 'test', except: [] },
];

/** Each package that framework/ uses → its only homes. */
export const PACKAGE_HOMES: Readonly<Record<string, readonly string[]>> = {
  '@foxglove/rosmsg': ['framework/schema/ros'],
  '@marcbachmann/cel-js': ['framework/launch/expression'],
  ajv: ['framework/yaml', 'framework/schema', 'framework/launch'],
  'cli-table3': ['framework/tools', 'framework/cli'],
  commander: ['framework/cli'],
  esbuild: ['framework/describe'],
  'fastest-levenshtein': ['framework/errors'],
  'log-update': ['framework/tools', 'framework/cli'],
  'node-gyp-build': ['framework/native'],
  picocolors: ['framework/launch', 'framework/tools', 'framework/cli'],
  'reflect-metadata': ['framework/node/inject'],
  tsyringe: ['framework/node/inject'],
  yaml: ['framework/yaml'],
};

/** What a module must not load at run time, however indirectly (types do not count). */
export const NEVER_LOADED: readonly {
  readonly from: string;
  readonly never: readonly string[];
  readonly because: string;
}[] = [
  {
    from: 'framework/index',
    never: ['yaml', 'ajv', 'commander', 'esbuild', 'cli-table3', 'log-update', 'framework/launch'],
    because: 'every node process pays for it in start time and memory',
  },
  {
    from: 'framework/node/host',
    never: ['yaml', 'ajv', 'commander', 'esbuild', 'cli-table3', 'log-update', 'framework/launch'],
    because: 'every node process pays for it in start time and memory',
  },
  {
    from: 'framework/schema/index',
    never: ['yaml', 'ajv', 'framework/native'],
    because: 'generated code loads it in every node process',
  },
  {
    from: 'framework/launch',
    never: ['framework/native', 'tsyringe'],
    because: 'the control plane works without the addon and never becomes a node',
  },
];

/** C++ layers: what each may include of the others. */
export const CPP_LAYERS: Readonly<Record<string, readonly string[]>> = {
  'native/os': [],
  'native/sync': [],
  'native/core': ['native/os', 'native/sync'],
  'native/capi': ['native/core'],
  'native/addon': ['native/core', 'native/os'],
};

/** Text in C++ that has one home only. */
export const CPP_HOMES: readonly {
  readonly what: RegExp;
  readonly home: string;
  /** Files elsewhere that must have it too. */
  readonly besides?: RegExp;
  readonly because: string;
}[] = [
  {
    what: /#\s*include\s*[<"]((sys|linux|asm|netinet|arpa|net)\/[^>"]+|(fcntl|unistd|sched|signal|poll|pthread|dirent|dlfcn|spawn|semaphore|mqueue|syscall|grp|pwd|termios|ucontext|time)\.h)[>"]/,
    home: 'native/os',
    because: 'Linux is known in one place',
  },
  {
    what: /#\s*include\s*<(atomic|stdatomic\.h)>|\bstd::atomic|\batomic_ref\b|\b__atomic_|\b__sync_|\bstd::memory_order/,
    home: 'native/sync',
    // Signal handlers need system calls and atomics at once; these are no words of shared memory.
    besides: /^native\/os\/fault_/,
    because: 'every atomic operation is where the model checker and the table of pairs look',
  },
  {
    what: /#\s*include\s*[<"](napi(-inl)?|uv|node_api|js_native_api|node|v8)\.h[>"]/,
    home: 'native/addon',
    because: 'the core knows nothing of Node',
  },
];

export const LIMITS = {
  fileLines: 400,
  functionLines: 70,
  /** Nine functions of ten in framework/ are no longer than this. */
  functionLinesP90: 40,
} as const;

/** Where the limits of size hold. */
export const SIZED = ['framework', 'native', 'nodes', 'test'];

/** Sources of tests that are wrong on purpose or follow other rules; they count for sizes alone. */
export const SPECIMENS = /(^|\/)fixtures\/|^test\/types\/cases\//;

export const TOP_FOLDERS = ['framework', 'native', 'nodes', 'launch', 'schemas', 'test'];

export interface TextRule {
  readonly name: string;
  readonly pattern: RegExp;
  /** Files it looks at, by path. */
  readonly files: RegExp;
  readonly because: string;
}

const CODE = /\.(ts|js|mjs|cjs|cc|hpp|h|c|gyp|py|rs)$/;

// A letter in brackets keeps a pattern from finding itself.
export const TEXT_RULES: readonly TextRule[] = [
  {
    name: 'no notes to do it later',
    pattern: /\b(TO[D]O|FIX[M]E|XX[X]|HA[C]K)\b/,
    files: /./,
    because: 'what is to be done is an issue, what is here is done',
  },
  {
    name: 'no exclusive tests',
    pattern: /\b(describe|context|it|specify)\.onl[y]\s*\(/,
    files: /^test\/.*\.ts$/,
    because: 'it switches all other tests off',
  },
  {
    name: 'no retried tests',
    pattern: /\bretrie[s]\s*(\(|:\s*\d)/,
    files: /^test\/.*\.ts$|^\.mocharc/,
    because: 'a test that fails now and then has found something',
  },
  {
    name: 'no paths of a machine',
    pattern: /(?<![\w.~$})\]-])\/(hom[e]|roo[t]|User[s]|wor[k]|workspac[e]|mn[t])\/[\w.-]+/,
    files: /./,
    because: 'the project runs on other machines too',
  },
  {
    name: 'no shell and no evaluated text',
    pattern:
      /\bshell\s*:\s*tru[e]|(?<![.\w])exec(Sync)?\s*\(|(?<![.\w])eva[l]\s*\(|\bnew Functio[n]\s*\(|\bstd::system\s*\(|\bpopen\s*\(/,
    files: /^(framework|nodes|native)\/.*\.(ts|mjs|cc|hpp)$/,
    because: 'names and values come from users',
  },
  {
    name: 'no empty catch in C++',
    pattern: /\bcatch\s*\([^)]*\)\s*\{\s*\}/,
    files: /\.(cc|hpp)$/,
    because: 'an error that nobody sees comes back as another one',
  },
  {
    name: 'no file without an end of line',
    pattern: /[^\n]$/,
    files: CODE,
    because: 'tools that read lines lose the last one',
  },
];

/** Backticked paths of the documents that are examples of the reader's own files. */
export const DOC_EXAMPLES: readonly string[] = [];
