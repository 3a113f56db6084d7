import assert from 'node:assert/strict';
import type { SlotInspection } from '../../../framework/native.js';
import { SlotRates } from '../../../framework/tools/slot-rates.js';

const BOUNDS = Float64Array.of(0, 1000, 2000);

function slot(values: Partial<SlotInspection>): { slots: SlotInspection[]; participants: [] } {
  return {
    participants: [],
    slots: [
      {
        slot: 'imu',
        schema: 'std/Imu',
        depth: 8,
        maxBytes: 64,
        seq: 0,
        publishers: ['imu'],
        subscribers: ['filter'],
        readers: [],
        bit: 0,
        bytesPublished: 0,
        delivered: 0,
        missed: 0,
        filtered: 0,
        latency: new Float64Array(3),
        ...values,
      },
    ],
  };
}

describe('rates from counters', () => {
  it('are differences between two looks', () => {
    const rates = new SlotRates(BOUNDS);
    assert.deepEqual(rates.update(slot({ seq: 100, bytesPublished: 6400, missed: 1 }), 1000), []);
    const latency = Float64Array.of(0, 10, 0);
    const [rate] = rates.update(slot({ seq: 150, bytesPublished: 9600, missed: 3, latency }), 1500);
    assert.deepEqual(rate, {
      slot: 'imu',
      publishers: 1,
      subscribers: 1,
      messages: 50,
      rateHz: 100,
      bytesPerS: 6400,
      bytesPerMessage: 64,
      p50Ns: 1500,
      p99Ns: 1990,
      missed: 2,
    });
  });

  it('count on when a participant was replaced and its counters began anew', () => {
    const rates = new SlotRates(BOUNDS);
    rates.update(slot({ seq: 10, bytesPublished: 1000, missed: 7 }), 0);
    const [rate] = rates.update(slot({ seq: 12, bytesPublished: 200, missed: 1 }), 1000);
    assert.equal(rate!.messages, 2);
    assert.equal(rate!.bytesPerMessage, 100);
    assert.equal(rate!.missed, 1);
  });

  it('add up over all looks', () => {
    const rates = new SlotRates(BOUNDS);
    for (let second = 0; second <= 4; second++)
      rates.update(slot({ seq: 30 * second, bytesPublished: 3000 * second }), 1000 * second);
    const [overall] = rates.overall();
    assert.deepEqual([overall!.messages, overall!.rateHz, overall!.bytesPerS], [120, 30, 3000]);
    assert.equal(overall!.p50Ns, undefined);
  });
});
