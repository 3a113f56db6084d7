import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadLaunch, type LoadedLaunch } from '../../../framework/launch/index.js';
import { nodeSpec } from '../../../framework/launch/plan/plan.js';
import { planToJson } from '../../../framework/launch/plan/print.js';
import { tempDir } from '../../support/index.js';
import { nodeClass, schema } from './plan/descriptors.js';

const IMAGE = schema('std/Image', ['stamp', 'data'], true);

function load(wake: string): Promise<LoadedLaunch> {
  const file = join(tempDir(), 'a.yaml');
  writeFileSync(file, `args:\n  way: { default: thread }\nnodes:\n  eye: { use: ./eye${wake} }\n`);
  return loadLaunch(file, {
    env: {},
    describe: () => Promise.resolve([nodeClass('Eye', { '>image': IMAGE })]),
  });
}

async function spec(wake: string): Promise<unknown> {
  const { plan, errors } = await load(`, wake: ${wake}`);
  assert.deepEqual(errors, []);
  const [node] = plan!.nodes;
  const { wake: printed } = (planToJson(plan!) as { nodes: { wake?: unknown }[] }).nodes[0]!;
  return { told: nodeSpec(plan!, node!, '/shm').wake, printed };
}

async function problem(wake: string): Promise<string> {
  const { errors } = await load(`, wake: ${wake}`);
  assert.equal(errors.length, 1, JSON.stringify(errors));
  return errors[0]!.message;
}

describe('wake of nodes', () => {
  it('is left to the node when the file says nothing', async () => {
    const { plan } = await load('');
    assert.ok(!('wake' in nodeSpec(plan!, plan!.nodes[0]!, '/shm')));
  });

  it('is a way, given as a word, in a map or by an argument', async () => {
    const doorbell = { told: { mode: 'doorbell' }, printed: { mode: 'doorbell' } };
    assert.deepEqual(await spec('doorbell'), doorbell);
    assert.deepEqual(await spec('{ mode: doorbell }'), doorbell);
    assert.deepEqual(await spec('$(arg way)'), { told: { mode: 'thread' }, printed: { mode: 'thread' } });
    assert.deepEqual(await spec('{ mode: $(arg way) }'), {
      told: { mode: 'thread' },
      printed: { mode: 'thread' },
    });
  });

  it('may spin, always or while messages keep coming', async () => {
    assert.deepEqual(await spec('{ spin: 50us }'), {
      told: { mode: 'auto', spinUs: 50 },
      printed: { mode: 'auto', spin: '50us' },
    });
    assert.deepEqual(await spec('{ mode: thread, spin: 1ms, spin_while: busy }'), {
      told: { mode: 'thread', spinUs: 1000, spinWhile: 'busy' },
      printed: { mode: 'thread', spin: '1ms', spin_while: 'busy' },
    });
  });

  it('refuses other ways, other keys and long spinning, and says where', async () => {
    assert.match(
      await problem('dorbell'),
      /:4:28: nodes\.eye\.wake: .*auto, loop, doorbell, thread.*did you mean 'doorbell'/,
    );
    assert.match(
      await problem('{ mode: bell }'),
      /:4:36: nodes\.eye\.wake\.mode: .*auto, loop, doorbell, thread/,
    );
    assert.match(
      await problem('{ spinn: 50us }'),
      /:4:30: unknown key 'spinn' in nodes\.eye\.wake; did you mean 'spin'/,
    );
    assert.match(
      await problem('{ spin: 2ms }'),
      /:4:36: nodes\.eye\.wake\.spin: '2ms' is too long; at most 1ms/,
    );
    assert.match(await problem('{ spin: 50 }'), /:4:36: nodes\.eye\.wake\.spin: /);
    assert.match(
      await problem('{ spin_while: idle }'),
      /:4:42: nodes\.eye\.wake\.spin_while: .*always, busy/,
    );
    assert.match(await problem('3'), /:4:28: nodes\.eye\.wake: wants auto, loop, doorbell or thread/);
  });
});
