import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadLaunch, type LoadedLaunch } from '../../../../framework/launch/index.js';
import { slotConfig } from '../../../../framework/slots/slot-config.js';
import { tempDir } from '../../../support/index.js';
import { nodeClass, schema } from './descriptors.js';

const IMAGE = schema('std/Image', ['stamp', 'data'], true);

/** A launch whose two slots have these settings. */
function load(image: string, edges = '{}'): Promise<LoadedLaunch> {
  const file = join(tempDir(), 'a.yaml');
  writeFileSync(file, `slots:\n  image: ${image}\n  edges: ${edges}\nnodes:\n  eye: { use: ./eye }\n`);
  return loadLaunch(file, {
    env: {},
    describe: () => Promise.resolve([nodeClass('Eye', { '>image': IMAGE, '>edges': IMAGE })]),
  });
}

async function problem(image: string, edges?: string): Promise<{ message: string; at: string }> {
  const { errors } = await load(image, edges);
  assert.equal(errors.length, 1, JSON.stringify(errors));
  const { message, at } = errors[0]!;
  return { message, at: `${at!.line}:${at!.column}` };
}

describe('access of slots', () => {
  it('is for the user alone when the file says nothing', async () => {
    const { plan } = await load('{ depth: 2 }');
    assert.ok(plan!.slots.every(({ spec }) => spec.access === undefined));
    assert.ok(!('access' in slotConfig(plan!.slots[0]!.spec)));
  });

  it('opens a slot to a group given by name or number, to read unless it says write', async () => {
    const { plan, errors } = await load(
      '{ access: { group: root } }',
      '{ access: { group: 0, mode: write } }',
    );
    assert.deepEqual(errors, []);
    const spec = (name: string) => plan!.slots.find((slot) => slot.spec.name === name)!.spec;
    assert.deepEqual(spec('image').access, { group: 'root', gid: 0, mode: 'read' });
    assert.deepEqual(spec('edges').access, { group: '0', gid: 0, mode: 'write' });
    assert.deepEqual(slotConfig(spec('edges')).access, { gid: 0, mode: 'write' });
  });

  it('refuses a group that is not there, with the nearest name', async () => {
    const { message, at } = await problem('{ access: { group: roots } }');
    assert.match(message, /slots\.image\.access\.group: there is no group 'roots'.*root/);
    assert.equal(at, '2:29');
  });

  it('refuses two groups in one domain, whose folder can have only one', async () => {
    const { message, at } = await problem('{ access: { group: 1001 } }', '{ access: { group: 1002 } }');
    assert.match(message, /'image' is opened to the group '1001' and this one to '1002'/);
    assert.equal(at, '3:29');
  });

  it('refuses what is no access', async () => {
    assert.match((await problem('{ access: { group: 1, mode: all } }')).message, /mode/);
    assert.match((await problem('{ access: { mode: read } }')).message, /group/);
    assert.match((await problem('{ access: { group: -1 } }')).message, /group/);
    assert.match((await problem('{ access: root }')).message, /access/);
  });
});
