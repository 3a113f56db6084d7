import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseBytes, formatBytes } from '../../../framework/launch/byte-size.js';
import { formatCpus, onlineCpus, parseCpus } from '../../../framework/launch/cpus.js';
import { loadLaunch, planToText, type LoadedLaunch } from '../../../framework/launch/index.js';
import { planToJson } from '../../../framework/launch/plan/print.js';
import { tempDir } from '../../support/index.js';
import { nodeClass } from './plan/descriptors.js';

/** A launch of nodes with these settings, on a machine with processors 0 to 3. */
function load(...settings: string[]): Promise<LoadedLaunch> {
  const file = join(tempDir(), 'a.yaml');
  const nodes = settings.map((text, at) => `  n${at}: { use: ./eye, ${text} }\n`);
  writeFileSync(file, `args: { cpu: { default: 2 } }\nnodes:\n${nodes.join('')}`);
  const describe = (): Promise<ReturnType<typeof nodeClass>[]> =>
    Promise.resolve(settings.map(() => nodeClass('Eye', {})));
  return loadLaunch(file, { env: {}, cpus: [0, 1, 2, 3], describe });
}

async function printed(settings: string): Promise<{ scheduling?: unknown; limits?: unknown; text: string }> {
  const { plan, errors, warnings } = await load(settings);
  assert.deepEqual([errors, warnings], [[], []]);
  const [{ scheduling, limits }] = (
    planToJson(plan!) as { nodes: [{ scheduling?: unknown; limits?: unknown }] }
  ).nodes;
  return { scheduling, limits, text: /runs with (.*)/.exec(planToText(plan!))?.[1] ?? '' };
}

async function problem(...settings: string[]): Promise<string> {
  const { errors } = await load(...settings);
  assert.equal(errors.length, 1, JSON.stringify(errors));
  return errors[0]!.message;
}

describe('scheduling and limits of nodes', () => {
  it('are the launcher’s own when the file says nothing', async () => {
    const { plan } = await load('env: {}');
    assert.ok(!('placement' in plan!.nodes[0]!));
  });

  it('name processors by number, list, range or argument', async () => {
    for (const [text, numbers] of [
      ['2', [2]],
      ['[2, 0, 2]', [0, 2]],
      ["'0-1,3'", [0, 1, 3]],
      ['$(arg cpu)', [2]],
    ] as const)
      assert.deepEqual((await printed(`scheduling: { cpus: ${text} }`)).scheduling, { cpus: numbers });
  });

  it('are printed as they are', async () => {
    const settings =
      'scheduling: { cpus: 0-1, policy: fifo, priority: 10 }, limits: { memory: 512MB, core: 0, locked_memory: unlimited, open_files: 512, optional: true }';
    assert.deepEqual(await printed(settings), {
      scheduling: { cpus: [0, 1], policy: 'fifo', priority: 10 },
      limits: { memory: '512MB', locked_memory: 'unlimited', core: '0B', open_files: 512, optional: true },
      text: 'fifo 10, cpus 0-1, memory 512MB, locked memory unlimited, core 0B, open files 512',
    });
    assert.deepEqual((await printed('scheduling: { policy: batch, nice: -5, optional: true }')).scheduling, {
      policy: 'batch',
      nice: -5,
      optional: true,
    });
  });

  for (const [settings, message] of [
    [
      'scheduling: { nice: 3, policy: rr, priority: 2 }',
      /:3:41: nodes\.n0\.scheduling\.nice: means nothing with policy rr/,
    ],
    ['scheduling: { policy: idle, nice: 3 }', /scheduling\.nice: means nothing with policy idle/],
    ['scheduling: { policy: fifo }', /scheduling\.policy: fifo needs a priority from 1 to 99/],
    ['scheduling: { priority: 5 }', /scheduling\.priority: goes with the policies fifo and rr/],
    ['scheduling: { policy: fifo, priority: 100 }', /scheduling\.priority: .*99/],
    ['scheduling: { policy: realtime }', /scheduling\.policy: .*other, batch, idle, fifo, rr/],
    [
      "scheduling: { cpus: '3-1' }",
      /scheduling\.cpus: '3-1' names no processors; write numbers from 0 to 4095/,
    ],
    ["scheduling: { cpus: 'all' }", /scheduling\.cpus: 'all' names no processors/],
    ['scheduling: { cpu: 1 }', /unknown key 'cpu' in nodes\.n0\.scheduling; did you mean 'cpus'/],
    ['limits: { memory: 512 M }', /limits\.memory: '512 M' is not a size; write one such as 512MB or 64KiB$/],
    ['limits: { memory: 0 }', /limits\.memory: '0' is not a size/],
    ['limits: { memory: unlimited }', /limits\.memory: 'unlimited' is not a size/],
    ['limits: { core: none }', /limits\.core: 'none' is not a size; .*, 0 or unlimited$/],
    ['limits: { open_files: 3 }', /limits\.open_files: .*16/],
  ] as const)
    it(`refuse ${settings}`, async () => assert.match(await problem(settings), message));

  it('warn of processors that the machine does not have', async () => {
    const { warnings, errors } = await load('scheduling: { cpus: [3, 4, 5] }');
    assert.deepEqual(errors, []);
    assert.match(
      warnings[0]!.message,
      /n0\.scheduling\.cpus: this machine has no processor 4-5; it has 0-3$/,
    );
    assert.equal(warnings[0]!.at?.line, 3);
  });
});

describe('nodes that spin at a real-time priority', () => {
  const spinning = (cpus: string): string =>
    `wake: { spin: 50us }, scheduling: { policy: fifo, priority: 1${cpus && `, cpus: ${cpus}`} }`;

  it('may not hold every processor', async () => {
    const four = ['', '', '', ''].map(spinning);
    assert.match(
      await problem(...four),
      /:6:.*n3\.scheduling\.policy: 'n0', 'n1', 'n2', 'n3' may spin at a real-time priority on every processor of this machine \(0-3\)/,
    );
    assert.match(await problem(...['[0, 1]', '[0, 1]', '2', "'1-3'"].map(spinning)), /on every processor/);
  });

  it('may hold all but one', async () => {
    for (const cpus of [
      ['', '', ''],
      ['0', '1', '1', '[0, 1]', '2'],
      ['0-2', '0-2', '0-2', '0-2', '0-2'].map((text) => `'${text}'`),
    ]) {
      const { errors } = await load(...cpus.map(spinning));
      assert.deepEqual(errors, []);
    }
  });

  it('are no trouble when they do not spin, or are like all others', async () => {
    const quiet = 'scheduling: { policy: fifo, priority: 1 }';
    const ordinary = 'wake: { spin: 50us }';
    const { errors } = await load(quiet, quiet, quiet, quiet, ordinary, ordinary, ordinary, ordinary);
    assert.deepEqual(errors, []);
  });
});

describe('sizes and processors', () => {
  it('are read as they are printed', () => {
    for (const size of ['512MB', '64KiB', '1.5GiB', '100B', '3kB', '7MiB', '2GB'])
      assert.equal(formatBytes(parseBytes(size)), size);
    assert.equal(parseBytes(77), 77);
    assert.equal(formatBytes(Infinity), 'unlimited');
    for (const wrong of [
      '',
      '5',
      'MB',
      '-1MB',
      '1 MB',
      '1mb',
      '1e3MB',
      '999999999999999GB',
      -1,
      0.5,
      Infinity,
    ])
      assert.ok(Number.isNaN(parseBytes(wrong)), String(wrong));
    for (const cpus of ['0', '0-3', '0,2,4-7']) assert.equal(formatCpus(parseCpus(cpus) as number[]), cpus);
  });

  it('know those of this machine', () => {
    assert.ok(onlineCpus().length > 0);
  });
});
