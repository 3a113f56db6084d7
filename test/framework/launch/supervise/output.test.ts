import assert from 'node:assert/strict';
import { PassThrough, Writable } from 'node:stream';
import { JsonOutput, PrefixedOutput, wantsColours } from '../../../../framework/launch/index.js';
import { LineSplitter } from '../../../../framework/launch/supervise/line-splitter.js';
import { MAX_LINE_CHARS } from '../../../../framework/log-line.js';
import { FLOOD, FloodGate } from '../../../../framework/launch/supervise/flood-gate.js';
import { LineForwarder } from '../../../../framework/launch/supervise/forward-lines.js';
import { NodeOutput } from '../../../../framework/launch/supervise/node-output.js';
import { until } from '../../../support/index.js';
import { Bench, MemorySink } from './bench.js';

/** A stream that keeps what it was given. */
function page(): { out: Writable; text: () => string } {
  let text = '';
  const out = new Writable({
    write(chunk: unknown, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  return { out, text: () => text };
}

describe('LineSplitter', () => {
  it('joins pieces to lines and keeps the rest until flushed', () => {
    const splitter = new LineSplitter();
    assert.deepEqual(splitter.push('a'), []);
    assert.deepEqual(splitter.push('b\nc\r\n\nd'), ['ab', 'c', '']);
    assert.deepEqual(splitter.flush(), ['d']);
    assert.deepEqual(splitter.flush(), []);
  });

  it('ends lines at carriage returns, of which a pair of end characters is one', () => {
    const splitter = new LineSplitter();
    assert.deepEqual(splitter.push('10%\r20%\r'), ['10%']);
    assert.deepEqual(splitter.push('30%\r\r\nx\r'), ['20%', '30%']);
    assert.deepEqual(splitter.push('\n'), ['x']);
    assert.deepEqual(splitter.push('\r\n'), ['']);
  });

  it('gives a record a line of its own, whole, wherever the pieces end', () => {
    const mark = '\u001e';
    const record = `${mark}{"msg":"${'y'.repeat(MAX_LINE_CHARS - 20)}"}`;
    const text = `${'x'.repeat(MAX_LINE_CHARS - 7)}${record}\nz`;
    for (const at of [
      1,
      MAX_LINE_CHARS - 7,
      MAX_LINE_CHARS - 6,
      MAX_LINE_CHARS + 5,
      2 * MAX_LINE_CHARS - 30,
    ]) {
      const splitter = new LineSplitter();
      const lines = [
        ...splitter.push(text.slice(0, at)),
        ...splitter.push(text.slice(at)),
        ...splitter.flush(),
      ];
      assert.deepEqual(lines, ['x'.repeat(MAX_LINE_CHARS - 7), record, 'z']);
    }
  });

  it('cuts lines that never end, losing nothing', () => {
    const splitter = new LineSplitter();
    const text = 'x'.repeat(5 * MAX_LINE_CHARS + 7);
    const lines = [...splitter.push(text), ...splitter.push(`${text}\n`), ...splitter.flush()];
    assert.equal(lines.join(''), text + text);
    assert.ok(lines.every((line) => line.length <= MAX_LINE_CHARS));
  });
});

describe('LineForwarder', () => {
  it('keeps characters whole that arrive in pieces, and sends the last line without an end', async () => {
    const from = new PassThrough();
    const sink = new MemorySink();
    const gate = new FloodGate(() => undefined);
    const { done } = new LineForwarder(from, 'stdout', new NodeOutput('a', sink), gate);
    const bytes = Buffer.from('grün ✓\nrest');
    for (const byte of bytes) from.write(Buffer.from([byte]));
    from.end();
    await done;
    assert.deepEqual(sink.of('a'), ['grün ✓', 'rest']);
  });

  it('leaves a node unread whose lines find no room, and nobody else', async () => {
    const bench = new Bench([
      { name: 'loud', params: { flood: true } },
      { name: 'quiet', params: { print: 'one\ntwo\n' } },
    ]);
    bench.sink.full = 'loud';
    const run = bench.supervisor.run();
    await until(() => bench.sink.of('loud').length > 0, 'the flood');
    await until(() => bench.sink.of('quiet').length === 2, 'the quiet node');
    // 64 KiB is what one read may bring; the pipe's own room is not ours.
    const taken = bench.sink.of('loud').length;
    assert.ok(taken <= 2 * 656, `${taken} lines`);
    await bench.reaches('quiet', 'ready');
    assert.equal(bench.sink.of('loud').length, taken);
    bench.sink.drain();
    await until(() => bench.sink.of('loud').length > taken + 5000, 'the flood to go on');
    bench.supervisor.kill();
    await run;
  });
});

describe('FloodGate', () => {
  it('lets a burst through, then so many lines a second, and tells how many it kept', () => {
    let now = 0;
    const told: number[] = [];
    const gate = new FloodGate(
      (lines) => told.push(lines),
      () => now,
    );
    const lines = Array.from({ length: 2 * FLOOD.burstLines }, (_, index) => `line ${index}`);
    assert.deepEqual(gate.pass(lines), lines.slice(0, FLOOD.burstLines));
    assert.deepEqual(gate.pass(['one more']), []);
    now += 10;
    assert.equal(gate.pass(lines).length, FLOOD.linesPerS / 100);
    const dropped = FLOOD.burstLines + 1 + lines.length - FLOOD.linesPerS / 100;
    assert.equal(gate.dropped, dropped);
    gate.close();
    gate.close();
    assert.deepEqual(told, [dropped]);
    now += 3_600_000;
    assert.equal(gate.pass(lines).length, FLOOD.burstLines);
    gate.close();
  });

  it('counts a long line for several', () => {
    const gate = new FloodGate(
      () => undefined,
      () => 0,
    );
    const long = 'x'.repeat(FLOOD.lineChars * 100);
    const passed = gate.pass(Array.from({ length: 1000 }, () => long));
    assert.equal(passed.length, FLOOD.burstLines / 100);
    gate.close();
  });
});

describe('PrefixedOutput', () => {
  it("puts the node's name before each line, all as wide as the longest", () => {
    const { out, text } = page();
    const output = new PrefixedOutput(out, ['a', 'longest_name'], false);
    output.lines('a', 'stdout', ['one', 'two']);
    output.lines('longest_name', 'stderr', ['three']);
    output.note('four\nfive');
    assert.equal(
      text(),
      [
        'a            | one',
        'a            | two',
        'longest_name | three',
        'babus        | four',
        'babus        | five',
        '',
      ].join('\n'),
    );
  });

  it('gives each node a colour of its own', () => {
    const { out, text } = page();
    const output = new PrefixedOutput(out, ['a', 'b'], true);
    output.lines('a', 'stdout', ['x']);
    output.lines('b', 'stdout', ['x']);
    assert.equal(text(), '\u001b[36ma     |\u001b[39m x\n\u001b[33mb     |\u001b[39m x\n');
  });

  it('says when it is full, and calls back when it is not', async () => {
    const out = new PassThrough({ highWaterMark: 10 });
    const output = new PrefixedOutput(out, ['a'], false);
    assert.equal(output.lines('a', 'stdout', ['0123456789']), false);
    const drained = new Promise<void>((resolve) => output.onDrain(resolve));
    out.resume();
    await drained;
  });

  it('takes everything once nobody reads any more', async () => {
    const out = new PassThrough({ highWaterMark: 10 });
    const output = new PrefixedOutput(out, ['a'], false);
    output.lines('a', 'stdout', ['0123456789']);
    const drained = new Promise<void>((resolve) => output.onDrain(resolve));
    out.destroy(new Error('EPIPE'));
    await drained;
    assert.equal(output.lines('a', 'stdout', ['0123456789']), true);
  });
});

describe('JsonOutput', () => {
  it('prints one object a line', () => {
    const { out, text } = page();
    const output = new JsonOutput(out);
    output.lines('a', 'stderr', ['say "x"', '']);
    output.event({ event: 'state', node: 'a' });
    assert.deepEqual(
      text()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
      [
        { event: 'output', node: 'a', stream: 'stderr', text: 'say "x"' },
        { event: 'output', node: 'a', stream: 'stderr', text: '' },
        { event: 'state', node: 'a' },
      ],
    );
  });
});

describe('wantsColours', () => {
  const cases: [boolean, NodeJS.ProcessEnv, boolean][] = [
    [true, {}, true],
    [false, {}, false],
    [true, { TERM: 'dumb' }, false],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [true, { NO_COLOR: '1' }, false],
    [false, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [false, { CI: '1' }, false],
  ];
  for (const [isTTY, env, wanted] of cases)
    it(`is ${wanted} for ${isTTY ? 'a terminal' : 'a file'} with ${JSON.stringify(env)}`, () =>
      assert.equal(wantsColours({ isTTY }, env), wanted));
});
