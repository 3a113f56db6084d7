import assert from 'node:assert/strict';
import { join } from 'node:path';
import { jsonLines, LaunchBench } from '../framework/cli/launch-bench.js';
import { REPO } from '../support/index.js';

const FILE = join(REPO, 'launch/two-cameras.yaml');

describe('nodes in namespaces', () => {
  it('run, talk over slots of their own, and are asked by their whole names', async () => {
    const bench = new LaunchBench();
    const launch = bench.start('launch', FILE, 'scale:=0.1', '--set', 'right/camera.rate=40', '--json');
    const names = ['left/camera', 'left/edges', 'right/camera', 'right/edges'];
    for (const node of names) await launch.waitForOutput(new RegExp(`"node":"${node}","state":"ready"`));
    const nodes = await bench.run('node', 'list', '--json', '--domain', 'two_cameras');
    assert.deepEqual(
      jsonLines(nodes.stdout)
        .map(({ node, publishes, subscribes }) => [node, publishes, subscribes])
        .sort(),
      [
        ['left/camera', ['left/image'], []],
        ['left/edges', ['left/edges'], ['left/image']],
        ['right/camera', ['right/image'], []],
        ['right/edges', ['right/edges'], ['right/image']],
      ],
    );
    const info = await bench.run('node', 'info', 'right/camera', '--json', '--domain', 'two_cameras');
    const [{ params }] = jsonLines(info.stdout) as [{ params: Record<string, unknown> }];
    assert.deepEqual([params['rate'], params['width']], [40, 64]);
    const echo = await bench.run(
      'slot',
      'echo',
      'right/edges',
      '--once',
      '--json',
      '--domain',
      'two_cameras',
    );
    assert.equal(echo.code, 0, echo.stderr);
    launch.kill('SIGINT');
    assert.equal((await launch.exit()).code, 0);
    assert.deepEqual(bench.domains, []);
  });
});
