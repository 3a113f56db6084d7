/** What it costs when nothing happens, and whether the loop's own figures are true. */
import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { listen, whileFed, type Scene } from './scene.js';

const IDLE_MS = 2000;
/** Twice a second would be fine; this is where something is clearly wrong. */
const MOST_SWITCHES = 1000;

export const idling = {
  async 'an idle process sleeps'(scene: Scene): Promise<void> {
    const listening = listen(scene);
    await sleep(100);
    const cpu = process.cpuUsage();
    const switches = process.resourceUsage().voluntaryContextSwitches;
    const loop = performance.eventLoopUtilization();
    await sleep(IDLE_MS);
    const { user, system } = process.cpuUsage(cpu);
    const { utilization } = performance.eventLoopUtilization(loop);
    const woken = process.resourceUsage().voluntaryContextSwitches - switches;
    process.stdout.write(
      `idle: ${(user + system) / 1000} ms of CPU in ${IDLE_MS} ms, ${woken} switches, utilization ${utilization}\n`,
    );
    assert.ok(woken < MOST_SWITCHES, `${woken} context switches in ${IDLE_MS} ms of doing nothing`);
    assert.ok(utilization < 0.5, `an idle loop says that it is used ${utilization}`);
    listening.end();
  },

  async 'utilization says what happened'(scene: Scene): Promise<void> {
    await whileFed(scene, async (listening) => {
      const burn = setInterval(() => {
        const end = performance.now() + 20;
        while (performance.now() < end);
      }, 1);
      await listening.more(1);
      const before = performance.eventLoopUtilization();
      await sleep(300);
      const { utilization } = performance.eventLoopUtilization(before);
      clearInterval(burn);
      assert.ok(utilization > 0.5, `a loop that never rests says that it is used ${utilization}`);
    });
  },
};
