import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { native } from '../../framework/native.js';
import { REPO, spawnCli, tempDir, tempDomain, until } from '../support/index.js';

const KILLS = 20;

interface StateEvent {
  readonly event: string;
  readonly node: string;
  readonly state: string;
  readonly pid?: number;
  readonly restarts: number;
}

describe('kill -9', () => {
  it(`${KILLS} times on a reader: restarted each time, the camera goes on, no buffer is lost`, async () => {
    const { root } = tempDomain();
    const file = join(tempDir(), 'kill.yaml');
    // So few buffers that a single one not given back by each of the dead would stop the camera.
    writeFileSync(
      file,
      [
        'domain: kill',
        'slots:',
        '  camera/image: { depth: 2, max_bytes: 100000, max_readers: 2, pins_per_reader: 2, max_publishers: 1, loans_per_publisher: 1 }',
        'nodes:',
        '  camera:',
        `    use: ${join(REPO, 'nodes/camera')}`,
        '    params: { width: 160, height: 120, rate: 200 }',
        '    ports: { image: camera/image }',
        '  edges:',
        `    use: ${join(REPO, 'nodes/edges')}`,
        '    ports: { image: camera/image, edges: camera/edges }',
      ].join('\n'),
    );
    const launch = spawnCli(['launch', file, '--json'], {
      env: { BABUS_SHM: root, BABUS_DOMAIN: undefined },
    });
    const states = (): StateEvent[] =>
      launch.stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as StateEvent)
        .filter(({ event }) => event === 'state');
    const readyEdges = (): StateEvent[] =>
      states().filter(({ node, state }) => node === 'edges' && state === 'ready');
    const newest = (): number =>
      native()
        .inspect(root, 'kill')
        .slots.find(({ slot }) => slot === 'camera/image')!.seq;
    for (let kill = 0; kill < KILLS; kill++) {
      const ready = await until(() => readyEdges()[kill], `run ${kill + 1} of edges`);
      const before = newest();
      process.kill(ready.pid!, 'SIGKILL');
      // More messages than there are buffers.
      await until(() => newest() > before + 10, 'the camera to go on');
    }
    const last = await until(() => readyEdges()[KILLS], `restart ${KILLS} of edges`);
    assert.equal(last.restarts, KILLS);
    assert.equal(states().filter(({ node, state }) => node === 'camera' && state === 'ready').length, 1);
    const edges = (): number =>
      native()
        .inspect(root, 'kill')
        .slots.find(({ slot }) => slot === 'camera/edges')!.seq;
    const edgesBefore = edges();
    await until(() => edges() > edgesBefore + 10, 'edges to publish again');
    launch.kill('SIGINT');
    assert.deepEqual(await launch.exit(), { code: 0, signal: null });
  });
});
