/** `validate: always`: what a publisher refuses although its setters took it. */
import assert from 'node:assert/strict';
import { MemoryDomain, MemoryParticipant } from '../../../framework/slots/memory-participant.js';
import { slotConfig, slotSpec, SlotPublisher } from '../../../framework/slots/index.js';
import type { Loan } from '../../../framework/schema/index.js';
import { Numbers, Ranges } from '../schema/fixtures/index.js';

const good: Ranges = {
  percent: 100,
  weights: Float32Array.of(0, 0.5, 1),
  ids: BigUint64Array.of(1n, 2n ** 64n - 2n),
  steps: -9007199254740993n,
  joint: { angle: 3.2, mode: 'free' },
  joints: [
    { angle: 0, mode: 'held' },
    { angle: -3.2, mode: 'free' },
  ],
};

function publisher(validate: boolean): SlotPublisher<Ranges> {
  const native = new MemoryParticipant(new MemoryDomain(), 'p').publisher(
    slotConfig(slotSpec('arm/state', Ranges)),
  );
  return new SlotPublisher(native, Ranges, undefined, { validate });
}

describe('a publisher that validates', () => {
  it('publishes what keeps all rules, their ends too', () => {
    assert.equal(publisher(true).publish(good), 1);
  });

  const wrong: [change: (loan: Loan<Ranges>) => void, message: string][] = [
    [(loan) => (loan.percent = 101), 'Ranges.percent wants at most 100, given 101'],
    [(loan) => (loan.weights[2] = 1.5), 'Ranges.weights[2] wants 0 to 1, given 1.5'],
    [(loan) => (loan.weights[0] = NaN), 'Ranges.weights[0] wants 0 to 1, given NaN'],
    [
      (loan) => (loan.ids[1] = 2n ** 64n - 1n),
      'Ranges.ids[1] wants 1 to 18446744073709551614, given 18446744073709551615n',
    ],
    [
      (loan) => (loan.steps = -9007199254740994n),
      'Ranges.steps wants at least -9007199254740993, given -9007199254740994n',
    ],
    [(loan) => (loan.joint.angle = 4), 'Ranges.joint.angle wants -3.2 to 3.2, given 4'],
    [
      (loan) => (loan.joints.at(1).angle = -Infinity),
      'Ranges.joints[1].angle wants -3.2 to 3.2, given -Infinity',
    ],
    [(loan) => loan.allocate('joints', 1), 'Ranges.joints[0].mode wants one of free (1), held (2), given 0'],
  ];
  for (const [change, message] of wrong)
    it(`refuses: ${message}`, () => {
      const ends = publisher(true);
      const loan = ends.loan();
      loan.set(good);
      change(loan);
      const error = {
        code: 'ERR_BABUS_VALUE',
        message: `arm/state: ${message}; the message was not published`,
      };
      assert.throws(() => loan.publish(), error);
      assert.equal(ends.published, 0);
      loan.set(good);
      assert.equal(loan.publish(), 1, 'the loan is still open, and the next number is the first');
      const other = publisher(false);
      const unchecked = other.loan();
      unchecked.set(good);
      change(unchecked);
      assert.equal(unchecked.publish(), 1, 'without validate it is published');
    });

  it('gives back the loan of an object that it refuses', () => {
    const ends = publisher(true);
    for (let i = 0; i < 20; i++)
      assert.throws(() => ends.publish({ ...good, percent: 200 }), { code: 'ERR_BABUS_VALUE' });
    assert.equal(ends.publish(good), 1);
  });

  it('has nothing to look at where a schema has no rules', () => {
    const native = new MemoryParticipant(new MemoryDomain(), 'p').publisher(
      slotConfig(slotSpec('a/b', Numbers)),
    );
    const ends = new SlotPublisher(native, Numbers, undefined, { validate: true });
    const loan = ends.loan();
    assert.equal(loan.publish(), 1);
  });
});
