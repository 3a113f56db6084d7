/** A message goes to and fro between two processes: a wake that is lost ends it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { NativeParticipant } from '../../../framework/native.js';
import { slotConfig, slotSpec } from '../../../framework/slots/index.js';
import { Count } from '../slots/count.js';
import { next, publish } from '../slots/raw.js';
import { join, type Scene } from './scene.js';

const ROUNDS = Number(process.env['BABUS_WAKE_ROUNDS'] ?? 20_000);
const PING = slotConfig(slotSpec('ping', Count));
const PONG = slotConfig(slotSpec('pong', Count));

const END = -1;

/** Answers each message on one slot with `answer` on the other; ends once END was said or heard. */
function play(
  participant: NativeParticipant,
  [hears, says]: [typeof PING, typeof PING],
  answer: (value: number) => number,
  begin?: number,
): Promise<void> {
  const subscription = participant.subscription(hears);
  const publisher = participant.publisher(says);
  return new Promise((resolve) => {
    const waiter = participant.waiter(() => {
      for (let message = next(subscription); message; message = next(subscription)) {
        const reply = message.value === END ? END : answer(message.value);
        if (message.value !== END) publish(publisher, reply);
        if (reply !== END) continue;
        waiter.close();
        return resolve();
      }
      waiter.arm();
    });
    waiter.add(subscription);
    waiter.arm();
    if (begin !== undefined) publish(publisher, begin);
    else process.stdout.write('ready\n');
  });
}

export const pingPong = {
  async 'no wake is lost'(scene: Scene): Promise<void> {
    const peer = spawn(
      process.execPath,
      [process.argv[1]!, scene.root, JSON.stringify(scene.wake), 'the other side'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const over = once(peer, 'exit');
    await once(peer.stdout, 'data');
    const times: bigint[] = [];
    const begun = process.hrtime.bigint();
    const participant = join(scene, 'ping');
    const answer = (value: number): number => {
      times.push(process.hrtime.bigint());
      assert.equal(value, times.length);
      return value < ROUNDS ? value + 1 : END;
    };
    await play(participant, [PONG, PING], answer, 1);
    assert.deepEqual(await over, [0, null]);
    participant.leave();
    const sorted = times.map((at, i) => Number(at - (times[i - 1] ?? begun))).sort((a, b) => a - b);
    process.stdout.write(
      `round trip: p50 ${sorted[ROUNDS >> 1]! / 1000} us, p99 ${sorted[Math.floor(ROUNDS * 0.99)]! / 1000} us\n`,
    );
  },

  async 'the other side'(scene: Scene): Promise<void> {
    const participant = join(scene, 'pong');
    await play(participant, [PING, PONG], (value) => value);
    participant.leave();
  },
};
