import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadLaunch, type LoadedLaunch } from '../../framework/launch/index.js';
import { compileJsonSchema } from '../../framework/yaml/index.js';
import { REPO, tempDir } from '../support/index.js';

interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

const SCHEMA = JSON.parse(readFileSync(join(REPO, 'schemas/launch.schema.json'), 'utf8')) as Schema;

type Path = readonly (string | number)[];

const SLOT = {
  schema: 'std/Image',
  depth: 4,
  max_bytes: 1000,
  max_readers: 4,
  pins_per_reader: 2,
  max_publishers: 2,
  loans_per_publisher: 2,
  prefault: true,
  validate: 'always',
  expected_rate: 10,
  deadline: '1s',
  access: { group: 'root', mode: 'write' },
};

const NODE = {
  use: './camera',
  if: true,
  unless: false,
  enabled: true,
  params: { rate: 3, tags: ['a'] },
  params_from: ['./params.yaml'],
  ports: { image: 'image' },
  env: { TZ: 'UTC' },
  cwd: '.',
  restart: { policy: 'always', delay: '1s', backoff: 2, max: 3, window: '1m' },
  wake: { mode: 'thread', spin: '50us', spin_while: 'busy' },
  log: { level: 'warn', max_bytes: 100_000, max_files: 2 },
  depends_on: { '/polite': 'ready' },
  start_timeout: '10s',
  stop_timeout: '3s',
  required: true,
  scheduling: { cpus: [0], policy: 'fifo', priority: 3, optional: true },
  limits: { memory: '1GB', locked_memory: 0, core: 'unlimited', open_files: 512, optional: true },
};

/** All but what stands in NODE's own place alone. */
const DEFAULTS = { env: NODE.env, restart: NODE.restart };

const INCLUDE = { file: './other.yaml', if: 'speed > 1', unless: false, namespace: 'other', args: { a: 1 } };

/** A launch file that uses every key there is. */
const WHOLE = {
  description: 'everything',
  domain: 'whole',
  args: { speed: { default: 1, description: 'how fast', type: 'number', choices: [1, 2] } },
  let: { half: '$(eval speed / 2)' },
  log: { level: 'debug', max_bytes: 100_000, max_files: 2, runs: 3 },
  slots: { image: SLOT },
  nodes: { camera: NODE, polite: { use: './camera', scheduling: { nice: 3 } } },
  group: [
    {
      if: 'speed > 0',
      unless: false,
      namespace: 'left',
      env: { TZ: 'UTC' },
      defaults: DEFAULTS,
      let: { twice: 2 },
      slots: { image: SLOT },
      nodes: { camera: NODE },
      group: [{ namespace: 'inner', nodes: { camera: NODE } }],
      include: [INCLUDE],
    },
  ],
  include: [INCLUDE],
};

// `polite` has what cannot stand beside a real-time policy.

/** One value of each JSON type, and numbers and texts that mean nothing. */
const VALUES: readonly unknown[] = [null, true, -1.5, 'no such word!', [], [[]], {}, { a: {} }];

/** A place of WHOLE, and what the JSON Schema says about it. */
interface Place {
  readonly path: Path;
  readonly schema: Schema;
  /** Its last step is a key that Babus names, not the user. */
  readonly isNamed: boolean;
}

/**
 * Every place of WHOLE that the JSON Schema speaks of.
 * @param partial true below what is shown whole elsewhere: not every key needs to be used there
 */
function* places(
  schema: Schema,
  value: unknown,
  path: Path = [],
  isNamed = false,
  partial = false,
): Generator<Place> {
  const { properties = {}, additionalProperties, items } = resolved(schema, value);
  if (path.length > 0) yield { path, schema, isNamed };
  const isPartial =
    partial ||
    path.at(-1) === 'defaults' ||
    path.at(-1) === 'polite' ||
    path.filter((step) => step === 'group').length > 1;
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries())
      if (items) yield* places(items, element, [...path, index], false, isPartial);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const given = value as Readonly<Record<string, unknown>>;
  for (const [key, inner] of Object.entries(properties)) {
    const isUsed = Object.hasOwn(given, key);
    const isElsewhere = isPartial || (path.at(-1) === 'scheduling' && key === 'nice');
    assert.ok(isUsed || isElsewhere, `${[...path, key].join('.')} is not used in this test`);
    if (isUsed) yield* places(inner, given[key], [...path, key], true, isPartial);
  }
  for (const [key, inner] of Object.entries(given))
    if (!Object.hasOwn(properties, key) && additionalProperties)
      yield* places(additionalProperties, inner, [...path, key], false, isPartial);
}

/** With what its reference says; of a choice, the branch for maps when the value is one. */
function resolved(schema: Schema, value: unknown): Schema {
  const name = schema.$ref?.slice('#/$defs/'.length);
  const referred = name === undefined ? {} : resolved(SCHEMA.$defs![name]!, value);
  const chosen = isMap(value)
    ? schema.anyOf?.map((branch) => resolved(branch, value)).find((branch) => branch.properties)
    : undefined;
  const properties = { ...referred.properties, ...schema.properties };
  return { ...chosen, ...referred, ...schema, ...(Object.keys(properties).length > 0 ? { properties } : {}) };
}

/** Line, from 1, where a place of WHOLE starts; an element's is that of its list. JSON text with one blank a level. */
function lineOf(path: Path, lines: readonly string[]): number {
  let line = 0;
  for (const [depth, step] of path.entries())
    if (typeof step === 'string')
      line = lines.findIndex(
        (text, at) => at > line && text.startsWith(`${' '.repeat(depth + 1)}"${step}":`),
      );
  assert.ok(line > 0, path.join('.'));
  return line + 1;
}

function valueAt(path: Path): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], WHOLE);
}

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy of WHOLE after `change` was made to what holds the place's last step. */
function changed(path: Path, change: (owner: Record<string, unknown>, key: string) => void): object {
  // Not a clone that knows which parts are the same object.
  const copy = JSON.parse(JSON.stringify(WHOLE)) as object;
  let owner: unknown = copy;
  for (const step of path.slice(0, -1)) owner = (owner as Record<string, unknown>)[step];
  change(owner as Record<string, unknown>, String(path.at(-1)));
  return copy;
}

/** Drops or doubles a letter, or swaps two, as fingers do. */
function misspellings(key: string): string[] {
  const last = key.length - 1;
  const all = [
    key.slice(0, -1),
    key + key[last],
    key.slice(0, last - 1) + key[last] + key[last - 1],
    key[0]!.toUpperCase() + key.slice(1),
  ];
  return all.filter((each) => each !== key);
}

describe('every key of a launch file', () => {
  let file: string;
  before(() => {
    file = join(tempDir(), 'whole.yaml');
  });

  /** JSON is YAML; each key and element stands in a line of its own. */
  async function load(data: object): Promise<{ loaded: LoadedLaunch; lines: string[] }> {
    const text = JSON.stringify(data, null, 1);
    writeFileSync(file, text);
    const describe = (): never => assert.fail(`no error in\n${text}`);
    return { loaded: await loadLaunch(file, { env: {}, describe }), lines: text.split('\n') };
  }

  const all = [...places(SCHEMA, WHOLE)];
  const keys = all.filter(({ isNamed }) => isNamed);

  it('is used in this test', () => assert.ok(keys.length >= 60, `${keys.length} keys`));

  for (const { path } of keys)
    it(`${path.join('.')}, misspelt`, async () => {
      const right = String(path.at(-1));
      for (const wrong of new Set(misspellings(right))) {
        const { loaded, lines } = await load(
          changed(path, (owner, key) => {
            // In its own place, so that the others stay where they are.
            const entries = Object.entries(owner).map(([k, v]) => [k === key ? wrong : k, v] as const);
            for (const each of Object.keys(owner)) delete owner[each];
            Object.assign(owner, Object.fromEntries(entries));
          }),
        );
        const [error, ...others] = loaded.errors;
        assert.deepEqual(others, [], `${wrong}: one cause, one error`);
        assert.equal(error?.code, 'ERR_BABUS_LAUNCH_FILE');
        assert.ok(error.message.includes(`unknown key '${wrong}'`), error.message);
        // The suggestion, or, for a short word with two letters wrong, the list.
        assert.match(error.message, new RegExp(`; (did you mean '${right}'\\?|known: .*\\b${right}\\b.*)$`));
        assert.match(lines[error.at!.line - 1]!, new RegExp(`^ +"${wrong}":`));
      }
    });

  for (const { path, schema } of all)
    it(`${path.join('.')}, of a wrong type`, async () => {
      const accepts = compileJsonSchema({ $defs: SCHEMA.$defs, ...schema });
      // Of a map in place of a map, the keys may be wrong: that is another test.
      const values = VALUES.filter((value) => !isMap(value) || !isMap(valueAt(path)));
      const refused = values.filter((value: unknown): boolean => !accepts(value));
      assert.ok(
        refused.includes(null) && refused.length >= 3,
        `takes ${values.length - refused.length} of them`,
      );
      for (const value of refused) {
        const { loaded, lines } = await load(changed(path, (owner, key) => (owner[key] = value)));
        const given = JSON.stringify(value);
        const [error, ...others] = loaded.errors;
        assert.deepEqual(others, [], given);
        assert.equal(error?.code, 'ERR_BABUS_LAUNCH_FILE', given);
        const key = path.filter((step) => typeof step === 'string').at(-1)!;
        assert.ok(error.message.includes(key), `${given}: ${error.message}`);
        const line = lineOf(path, lines);
        assert.ok(error.at!.line >= line && error.at!.line <= line + 3, `${given}: ${error.message}`);
      }
    });

  it('is refused without nodes, and without use', async () => {
    const { nodes, group, include, ...rest } = WHOLE;
    const withoutUse = changed(['nodes', 'camera', 'use'], (owner, key) => delete owner[key]);
    for (const [data, key] of [
      [rest, 'nodes'],
      [withoutUse, 'use'],
    ] as const) {
      const { loaded } = await load(data);
      assert.equal(loaded.errors.length, 1);
      assert.match(loaded.errors[0]!.message, new RegExp(`missing key '${key}'`));
    }
    assert.ok(nodes && group && include);
  });
});
