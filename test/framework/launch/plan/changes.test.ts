import assert from 'node:assert/strict';
import { planChanges, type LaunchPlan } from '../../../../framework/launch/index.js';
import type { SlotSpec } from '../../../../framework/spec.js';
import { fakePlan } from '../supervise/bench.js';

const SPEC: SlotSpec = {
  name: 'image',
  schema: {
    name: 'std/Image',
    hash: '1',
    size: 8,
    hasSpans: false,
    descriptor: { name: 'std/Image', fields: [] } as never,
  },
  depth: 8,
  maxBytes: 8,
  maxReaders: 8,
  pinsPerReader: 8,
  maxPublishers: 8,
  loansPerPublisher: 8,
};

function plan(change: Partial<LaunchPlan> = {}, spec: Partial<SlotSpec> = {}): LaunchPlan {
  const slots = [{ spec: { ...SPEC, ...spec }, publishers: ['a'], subscribers: ['b'] }];
  return { ...fakePlan([{ name: 'a' }, { name: 'b', params: { rate: 1 } }]), slots, ...change };
}

describe('planChanges', () => {
  it('finds nothing in two plans that say the same', () => {
    assert.deepEqual(planChanges(plan(), plan()), { nodes: [] });
  });

  it('names the nodes that have another module, other parameters or anything else', () => {
    const [a, b] = plan().nodes;
    const other = plan({
      nodes: [
        { ...a!, moduleUrl: 'file:///new.js' },
        { ...b!, params: { rate: 2 } },
      ],
    });
    assert.deepEqual(planChanges(plan(), other), { nodes: ['a', 'b'] });
    assert.deepEqual(planChanges(plan(), plan({ nodes: [a!, { ...b!, env: { TZ: 'UTC' } }] })), {
      nodes: ['b'],
    });
  });

  it('says why the launch as a whole has to be started anew', () => {
    const why = (after: LaunchPlan): string | undefined => planChanges(plan(), after).relaunch;
    const nodes = plan().nodes;
    assert.equal(why(plan({ domain: 'other' })), "the domain is 'other' now");
    assert.equal(
      why(plan({ nodes: [...nodes, ...fakePlan([{ name: 'c' }]).nodes] })),
      'there is a new node, c',
    );
    assert.equal(why(plan({ nodes: nodes.slice(1) })), 'a node is gone, a');
    assert.equal(why(plan({}, { depth: 9 })), "the slot 'image' has other settings");
    assert.equal(
      why(plan({}, { schema: { ...SPEC.schema, hash: '2' } })),
      "the slot 'image' has another schema",
    );
  });
});
