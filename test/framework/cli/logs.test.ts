import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../support/index.js';
import { jsonLines, LaunchBench } from './launch-bench.js';

/** Says a word ten times a second, and more at its start and end. */
const TALKER = `
import { Node, node, param, every } from 'babus';
@node()
export class Talker extends Node {
  @param({ type: 'string', default: 'tick' }) word!: string;
  onStart() { this.log.warn({ error: new Error('broken') }, this.word + ' starts'); console.log('printed ' + this.word); }
  @every('100ms') tick() { this.log.info(this.word); }
  onStop() { this.log.error(this.word + ' stops'); }
}
`;

const FILE = `
domain: talk
nodes: { one: { use: ./talker } }
group:
  - namespace: front
    nodes: { two: { use: ../talker/talker, params: { word: tock } } }
`.replace('../talker/talker', './talker');

describe('babus logs', () => {
  let bench: LaunchBench;
  beforeEach(() => {
    bench = new LaunchBench();
    writeFileSync(join(bench.folder, 'talker.ts'), TALKER);
    bench.write('talk.yaml', FILE);
  });

  it('follows a launch to its end, and shows it afterwards, in order', async () => {
    const launch = bench.start('launch', 'talk.yaml');
    await until(() => existsSync(join(bench.state, 'babus/talk/latest/one.jsonl')), 'the first line');
    const follower = bench.start('logs', '-f');
    await follower.waitForOutput(/one {7}\| \d\d:\d\d:\d\d\.\d{3} INFO {2}tick/);
    await follower.waitForOutput(/front\/two \| \d\d:\d\d:\d\d\.\d{3} INFO {2}tock/);
    launch.kill('SIGINT');
    assert.equal((await launch.exit()).code, 0);
    assert.equal((await follower.exit()).code, 0);
    assert.match(follower.stdout, /front\/two \| [\d:.]+ ERROR tock stops\n/);
    assert.match(follower.stdout, /babus {5}\| [\d:.]+ ended with 0\n$/);
    const after = await bench.run('logs');
    assert.deepEqual([after.code, after.stderr], [0, '']);
    assert.deepEqual(after.stdout.split('\n').sort(), follower.stdout.split('\n').sort());
    assert.match(
      after.stdout,
      /one {7}\| [\d:.]+ WARN {2}tick starts\none {7}\| Error: broken\none {7}\| {5}at /,
    );
    const times = jsonLines((await bench.run('logs', '--json')).stdout).map(({ time }) => time as number);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
  });

  it('chooses nodes, namespaces, levels, times, counts and runs', async () => {
    for (let run = 0; run < 2; run++) await bench.run('launch', 'talk.yaml', '--for', '1500ms');
    const json = async (...args: string[]): Promise<Record<string, unknown>[]> =>
      jsonLines((await bench.run('logs', '--json', ...args)).stdout);
    const namesOf = (lines: readonly Record<string, unknown>[]): unknown[] => [
      ...new Set(lines.map(({ name }) => name)),
    ];
    assert.deepEqual(namesOf(await json('front')), ['front/two']);
    assert.deepEqual(namesOf(await json('one', '@babus')).sort(), ['@babus', 'one']);
    const warned = await json('--level', 'warn', 'one');
    assert.deepEqual(
      warned.map(({ msg }) => msg),
      ['tick starts', 'tick stops'],
    );
    assert.deepEqual((await json('-n', '2', 'one')).at(-1)!['msg'], 'tick stops');
    assert.equal((await json('-n', '2', 'one')).length, 2);
    assert.deepEqual(await json('--since', '2100-01-01'), []);
    const all = await json('one');
    assert.deepEqual(await json('--since', '1h', 'one'), all);
    assert.deepEqual(await json('--since', new Date(all.at(-1)!['time'] as number).toISOString(), 'one'), [
      all.at(-1),
    ]);
    const runs = await json('--list');
    assert.deepEqual(
      runs.map(({ domain, exit_code, running }) => [domain, exit_code, running]),
      [
        ['talk', 0, false],
        ['talk', 0, false],
      ],
    );
    const first = await json('--run', String(runs[0]!['run']), 'one');
    assert.ok(Number(first.at(-1)!['time']) < Number(all[0]!['time']));
    const { stdout } = await bench.run('logs', '--list');
    assert.match(
      stdout,
      /^domain +run +ended +exit code +file +folder\ntalk +\d{4}-\S+Z +\d{4}-\S+Z +0 +\/\S+talk\.yaml +\//,
    );
  });

  it('says what is wrong, with 2', async () => {
    const refused = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await bench.run('logs', ...args);
      assert.deepEqual([code, stdout], [2, '']);
      return stderr;
    };
    assert.match(await refused(), /^no launch has kept logs in .*; start one with 'babus launch FILE'\n$/);
    await bench.run('launch', 'talk.yaml', '--for', '100ms');
    assert.equal(await refused('onee'), "no logs of a node 'onee'; did you mean 'one'?\n");
    assert.match(
      await refused('--domain', 'tak'),
      /^there are no logs of a domain 'tak' in .*; did you mean 'talk'\?\n$/,
    );
    assert.match(
      await refused('--level', 'warm'),
      /^--level warm: wants one of debug, info, warn, error; did you mean 'warn'\?\n$/,
    );
    assert.match(await refused('--since', '5'), /^--since 5: wants how long ago, such as 5m, or a time/);
    assert.match(
      await refused('--run', 'old'),
      /^no run 'old' of domain 'talk' is kept.*babus logs --list lists them\n$/,
    );
    assert.match(await refused('-n', 'few'), /^'few' must be a whole number\n$/);
  });
});
