import assert from 'node:assert/strict';
import { PeriodicTimer, type Scheduler } from '../../../framework/node/timer.js';

/** An event loop whose time stands still until it is moved. */
class FakeLoop implements Scheduler {
  time = 100;
  #due: { atMs: number; callback: () => void }[] = [];

  nowMs(): number {
    return this.time;
  }

  after(delayMs: number, callback: () => void): { cancel(): void } {
    const entry = { atMs: this.time + delayMs, callback };
    this.#due.push(entry);
    return { cancel: () => (this.#due = this.#due.filter((one) => one !== entry)) };
  }

  get waiting(): number {
    return this.#due.length;
  }

  /** Lets time pass; what is due runs `lateMs` after its time. */
  run(untilMs: number, lateMs = 0): void {
    for (;;) {
      const next = this.#due.sort((a, b) => a.atMs - b.atMs)[0];
      if (!next || next.atMs + lateMs > untilMs) break;
      this.#due.shift();
      this.time = Math.max(this.time, next.atMs + lateMs);
      next.callback();
    }
    this.time = Math.max(this.time, untilMs);
  }
}

function start(periodMs: number): { loop: FakeLoop; ticks: number[]; timer: PeriodicTimer } {
  const loop = new FakeLoop();
  const ticks: number[] = [];
  const timer = new PeriodicTimer(periodMs, () => ticks.push(loop.time - 100), loop);
  timer.start();
  return { loop, ticks, timer };
}

describe('PeriodicTimer', () => {
  it('ticks at multiples of the period from the start on', () => {
    const { loop, ticks } = start(10);
    loop.run(145);
    assert.deepEqual(ticks, [10, 20, 30, 40]);
  });

  it('does not add up lateness', () => {
    const { loop, ticks, timer } = start(10);
    loop.run(100 + 10_000, 3);
    assert.equal(ticks.length, 999);
    assert.equal(ticks.at(-1), 9993);
    assert.equal(timer.skipped, 0);
  });

  it('does not drift with periods that are no whole milliseconds', () => {
    const { loop, ticks } = start(100 / 3);
    loop.run(100 + 10_000);
    assert.equal(ticks.length, 300);
    for (const [index, tick] of ticks.entries()) {
      const due = ((index + 1) * 100) / 3;
      assert.ok(tick >= due - 1e-6 && tick < due + 1, `tick ${index} due at ${due} came at ${tick}`);
    }
  });

  it('leaves out periods that passed meanwhile, and counts them', () => {
    const { loop, ticks, timer } = start(10);
    loop.run(115);
    loop.time = 158;
    loop.run(175);
    assert.deepEqual(ticks, [10, 58, 60, 70]);
    assert.equal(timer.skipped, 3);
  });

  it('stops, also from within its callback', () => {
    const loop = new FakeLoop();
    let ticks = 0;
    const timer: PeriodicTimer = new PeriodicTimer(
      10,
      () => {
        if (++ticks === 2) timer.stop();
      },
      loop,
    );
    timer.start();
    loop.run(1000);
    assert.equal(ticks, 2);
    assert.equal(loop.waiting, 0);
  });
});
