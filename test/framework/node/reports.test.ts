import assert from 'node:assert/strict';
import { createLogger, type LogRecord } from '../../../framework/node/log.js';
import { Reports } from '../../../framework/node/reports.js';
import { Tally } from '../../../framework/node/tally.js';
import { FakeTimers } from '../../support/index.js';

describe('Reports: failures of a handler', () => {
  let log: LogRecord[];
  let reports: Reports;
  beforeEach(() => {
    log = [];
    reports = new Reports(createLogger((record) => log.push(record)));
  });
  afterEach(() => reports.flush());

  it('are said at length once for each kind, be it the same method', () => {
    for (let i = 0; i < 10; i++) {
      reports.timerFailed('onTick', new Error(`no device ${i}`));
      reports.timerFailed('onTick', new TypeError(`no device ${i}`));
      reports.timerFailed('onTick', new Error(`wrong size ${i / 7}`));
      reports.timerFailed('other', new Error(`no device ${i}`));
    }
    assert.deepEqual(
      log.map(({ message, fields }) => [message, String(fields['error'])]),
      [
        ['onTick failed', 'Error: no device 0'],
        ['onTick failed', 'TypeError: no device 0'],
        ['onTick failed', 'Error: wrong size 0'],
        ['other failed', 'Error: no device 0'],
      ],
    );
    reports.flush();
    assert.deepEqual(
      log.slice(4).map(({ fields }) => [fields['times'], fields['error']]),
      [
        [9, 'Error: no device 9'],
        [9, 'TypeError: no device 9'],
        [9, `Error: wrong size ${9 / 7}`],
        [9, 'Error: no device 9'],
      ],
    );
    assert.equal(reports.counters.handlerErrors, 40);
  });

  it('are said in numbers when no two are alike', () => {
    const letters = (n: number): string => n.toString(2).replaceAll('0', 'a').replaceAll('1', 'b');
    for (let i = 0; i < 1000; i++) reports.timerFailed('onTick', new Error(letters(i)));
    assert.equal(log.length, 9);
    reports.flush();
    assert.equal(log.length, 10);
    assert.equal(log[9]!.fields['times'], 991);
  });

  it('may be anything that can be thrown', () => {
    const odd = Object.assign(new Error('x'), { message: Symbol('m'), name: Symbol('n') });
    for (const thrown of [undefined, null, 7, Symbol('s'), { a: { b: 1 } }, odd])
      reports.timerFailed('onTick', thrown);
    assert.equal(reports.counters.handlerErrors, 6);
  });
});

describe('Tally', () => {
  it('tells at most once in five seconds, all that was added', () => {
    const timers = new FakeTimers();
    try {
      const told: number[] = [];
      const tally = new Tally((count) => told.push(count));
      for (let ms = 0; ms < 12_000; ms += 10) {
        tally.add(1);
        timers.pass(10);
      }
      assert.deepEqual(told, [500, 500]);
      tally.flush();
      assert.deepEqual(told, [500, 500, 200]);
      timers.pass(60_000);
      tally.flush();
      assert.equal(told.length, 3);
    } finally {
      timers.restore();
    }
  });
});
