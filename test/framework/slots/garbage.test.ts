import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  HandlerRuns,
  MemoryDomain,
  MemoryParticipant,
  slotConfig,
  slotSpec,
  SlotPublisher,
  SlotSubscription,
  type Info,
} from '../../../framework/slots/index.js';
import { Lane } from '../../../framework/slots/lane.js';
import type { View } from '../../../framework/schema/types.js';
import { Count } from './count.js';

const DEPTH = 2000;
const ROUNDS = 30;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

describe('delivery to a synchronous handler', () => {
  it('makes no garbage', () => {
    const domain = new MemoryDomain();
    const spec = slotSpec('a', Count, { depth: DEPTH });
    const feed = new SlotPublisher(new MemoryParticipant(domain, 'p').publisher(slotConfig(spec)), Count);
    const native = new MemoryParticipant(domain, 's').subscription(slotConfig(spec));
    const sums = new Float64Array(2);
    const handler = (view: View<Count>, info: Info): void => {
      sums[0]! += view.value;
      sums[1]! += info.missed;
    };
    const failed = (): never => assert.fail('nothing goes wrong here');
    const lane = new Lane(
      {
        subscription: new SlotSubscription(native, Count, spec.pinsPerReader),
        handler,
        latest: false,
        concurrency: 1,
      },
      new HandlerRuns(),
      { handlerFailed: failed, loansDiscarded: failed },
    );
    const grown: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      for (let i = 0; i < DEPTH; i++) feed.publish({ value: i });
      collect();
      const before = process.memoryUsage().heapUsed;
      while (lane.fetch()) assert.equal(lane.deliver(), undefined);
      grown.push((process.memoryUsage().heapUsed - before) / DEPTH);
    }
    assert.equal(sums[0], (ROUNDS * DEPTH * (DEPTH - 1)) / 2);
    // Early rounds make views and compile code. What memoryUsage() itself makes is shared by the messages of a round.
    const best = Math.min(...grown.slice(ROUNDS / 2));
    assert.ok(
      best < 4,
      `${best} bytes a message; an object takes 16 or more (rounds: ${grown.map(Math.round).join(' ')})`,
    );
    assert.ok(best >= 0, 'no collection between the two readings');
  });
});
