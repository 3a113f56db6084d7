import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LaunchBench, jsonLines } from './launch-bench.js';

/** A node that says all kinds of things, then ends. */
const TALKER = `
import { Node, node } from 'babus';
@node()
export class Talker extends Node {
  async onStart() {
    this.log.debug('small');
    this.log.info({ missed: 3, name: 'other' }, 'a record');
    this.log.error({ error: new TypeError('broken') }, 'bad');
    this.log.info('long ' + 'y'.repeat(40000));
    console.log('plain \\u001e{"not": a record');
    console.error('to stderr');
    process.stdout.write(Buffer.from([0xff, 0xfe, 0x00, 0x0a]));
    process.stdout.write('10%\\r20%\\r');
    process.stdout.write('100%\\r\\n');
    process.stdout.write('x'.repeat(1_000_000));
    this.log.warn('after a line without end');
    process.stdout.write('no end of line');
    this.finish();
  }
}
`;

describe('log files of babus launch', () => {
  let bench: LaunchBench;
  beforeEach(() => {
    bench = new LaunchBench();
    writeFileSync(join(bench.folder, 'talker.ts'), TALKER);
  });
  const folder = (domain: string): string => join(bench.state, 'babus', domain, 'latest');
  const records = (domain: string, node: string): Record<string, unknown>[] =>
    jsonLines(readFileSync(join(folder(domain), `${node}.jsonl`), 'utf8'));

  it('hold what a node says as pino writes it, whatever it prints', async () => {
    bench.write('talk.yaml', 'log: { level: debug }\nnodes: { talker: { use: ./talker } }\n');
    const { code, stdout } = await bench.run('launch', 'talk.yaml');
    assert.equal(code, 0, stdout);
    const lines = records('talk', 'talker');
    const launcher = records('talk', '@babus');
    const pid = launcher.find(({ state }) => state === 'starting')!['node_pid'];
    for (const line of lines) {
      assert.deepEqual([line['name'], line['pid']], ['talker', pid]);
      assert.ok(Math.abs(Number(line['time']) - Date.now()) < 60_000);
    }
    const said = lines.map(({ level, msg, stream = 'log' }) => [level, stream, String(msg).slice(0, 30)]);
    assert.deepEqual(
      said.filter(([, stream]) => stream === 'log'),
      [
        [20, 'log', 'small'],
        [30, 'log', 'a record'],
        [50, 'log', 'bad'],
        [30, 'log', `long ${'y'.repeat(25)}`],
        [40, 'log', 'after a line without end'],
      ],
    );
    const [, record, bad] = lines;
    assert.deepEqual([record!['missed'], record!['name_']], [3, 'other']);
    const { type, message, stack } = bad!['error'] as Record<string, string>;
    assert.deepEqual([type, message], ['TypeError', 'broken']);
    assert.match(stack!, /^TypeError: broken\n {4}at /);
    const plain = lines.filter(({ stream }) => stream === 'stdout').map(({ msg }) => String(msg));
    assert.deepEqual(plain.slice(0, 6), [
      'plain ',
      '\u001e{"not": a record',
      '\ufffd\ufffd\u0000',
      '10%',
      '20%',
      '100%',
    ]);
    assert.equal(plain.slice(6, -1).join(''), 'x'.repeat(1_000_000));
    assert.equal(plain.at(-1), 'no end of line');
    assert.deepEqual(
      said.filter(([, stream]) => stream === 'stderr'),
      [[40, 'stderr', 'to stderr']],
    );
    assert.match(stdout, /^talker \| DEBUG small$/m);
    assert.match(stdout, /^talker \| INFO {2}a record \{"missed":3,"name_":"other"\}$/m);
    assert.match(stdout, /^talker \| ERROR bad\ntalker \| TypeError: broken\ntalker \| {5}at /m);
    assert.deepEqual(
      launcher.filter(({ node }) => node === 'talker').map(({ state = 'exit' }) => state),
      ['starting', 'exit', 'finished'],
    );
    assert.equal(launcher.at(-1)!['exit_code'], 0);
  });

  it('are off where the file says so, rotate where it says so, and only the last runs are kept', async () => {
    bench.write(
      'some.yaml',
      'log: { level: error, runs: 2 }\nnodes:\n' +
        '  one: { use: ./talker, log: off }\n' +
        '  two: { use: ./talker, log: { max_bytes: 65536, max_files: 3, level: warn } }\n',
    );
    for (let run = 0; run < 4; run++) assert.equal((await bench.run('launch', 'some.yaml')).code, 0);
    const runs = readdirSync(join(bench.state, 'babus', 'some')).filter((name) => name !== 'latest');
    assert.equal(runs.length, 2);
    assert.equal(readlinkSync(folder('some')), runs.sort().at(-1));
    const files = readdirSync(folder('some')).sort();
    assert.deepEqual(files, ['@babus.jsonl', 'run.json', 'two.1.jsonl', 'two.2.jsonl', 'two.jsonl']);
    const levels = records('some', 'two').map(({ level, stream }) =>
      stream === undefined ? level : undefined,
    );
    assert.deepEqual(new Set(levels), new Set([undefined, 40]));
  });

  it('are done without where there is no place for them, with a warning', async () => {
    bench.write('talk.yaml', 'nodes: { talker: { use: ./talker } }\n');
    mkdirSync(join(bench.state, 'babus'));
    writeFileSync(join(bench.state, 'babus', 'talk'), 'in the way');
    const { code, stdout } = await bench.run('launch', 'talk.yaml');
    assert.equal(code, 0, stdout);
    assert.match(stdout, /warning: no log files are kept: .*talk: no place for log files/);
    assert.match(stdout, /a record/);
  });

  it('are refused with what is wrong', async () => {
    bench.write(
      'bad.yaml',
      'log: { levl: info }\nnodes: { a: { use: ./talker, log: { level: loud } }, b: { use: ./talker, log: on } }\n',
    );
    const { code, stderr } = await bench.run('check', 'bad.yaml');
    assert.equal(code, 2);
    assert.match(stderr, /bad\.yaml:1:\d+: unknown key 'levl' in log; did you mean 'level'\?/);
    assert.match(stderr, /bad\.yaml:2:\d+: nodes\.a\.log\.level: .*debug/);
    assert.match(stderr, /bad\.yaml:2:\d+: nodes\.b\.log: .*off/);
    assert.equal(existsSync(join(bench.state, 'babus')), false);
  });
});
