import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Cache, describeNodes } from '../../framework/describe/index.js';
import { loadLaunch, type LoadedLaunch } from '../../framework/launch/index.js';
import { REPO, tempDir } from '../support/index.js';

const FOLDER = join(REPO, 'launch');

describe('launch files that come with Babus', () => {
  let cache: Cache;
  before(() => {
    cache = new Cache(tempDir());
  });

  const load = (name: string, assignments: readonly string[] = []): Promise<LoadedLaunch> =>
    loadLaunch(join(FOLDER, name), {
      assignments,
      env: {},
      describe: (requests) => describeNodes(requests, { cache }),
    });

  for (const name of readdirSync(FOLDER).filter((each) => each.endsWith('.yaml')))
    it(`${name} can be launched as it is, without warnings`, async () => {
      const { plan, errors, warnings } = await load(name);
      assert.deepEqual([errors, warnings], [[], []]);
      assert.ok(plan!.nodes.length > 0);
    });

  it('two-cameras.yaml starts the sides that are asked for, with images of the size that is', async () => {
    const both = (await load('two-cameras.yaml')).plan!;
    assert.deepEqual(both.nodes.map(({ name }) => name).sort(), [
      'left/camera',
      'left/edges',
      'right/camera',
      'right/edges',
    ]);
    const { plan } = await load('two-cameras.yaml', ['sides:=left', 'scale:=0.5']);
    const [camera] = plan!.nodes;
    assert.deepEqual(
      [camera!.name, camera!.params['width'], camera!.params['height']],
      ['left/camera', 320, 240],
    );
    const image = plan!.slots.find(({ spec }) => spec.name === 'left/image')!;
    assert.deepEqual([image.spec.maxBytes, image.expectedRateHz], [320 * 240 * 3 + 1024, 7.5]);
    assert.deepEqual(
      plan!.leftOut.map(({ name, why }) => [name, why]),
      [
        ['right/camera', "if: sides in ['right', 'both'] is false"],
        ['right/edges', "if: sides in ['right', 'both'] is false"],
      ],
    );
  });
});
