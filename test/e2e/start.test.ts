import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnCli, tempDir, tempDomain, type TestProcess } from '../support/index.js';

const MESSAGES = 8;

/** Publishes all it has at once, as a recording does that is played without pauses. */
const REPLAY = `
import { Node, node, publishes, type Publisher } from 'babus';
import { Vector3 } from 'babus/schemas';
@node() export class Replay extends Node {
  @publishes(Vector3) readonly tick!: Publisher<Vector3>;
  onStart() {
    for (let x = 1; x <= ${MESSAGES}; x++) this.tick.publish({ x, y: 0, z: 0 });
    this.log.info('all is published');
  }
}
`;

/** Takes its time to be imported, as a node does that loads a model. */
const SLOW = `
import { Node, node, subscribes, type Info, type View } from 'babus';
import { Vector3 } from 'babus/schemas';
const end = performance.now() + 1500;
while (performance.now() < end);
@node() export class Slow extends Node {
  readonly seen: number[] = [];
  @subscribes(Vector3) onTick(tick: View<Vector3>, { missed }: Info) {
    this.seen.push(tick.x);
    if (tick.x === ${MESSAGES}) this.log.info('seen ' + this.seen.join() + ' missed ' + missed);
  }
}
`;

/** Is never imported, but by who only looks at it. */
const HANGS = `
import { Node, node } from 'babus';
if (process.env['BABUS_NODE'] !== undefined) await new Promise(() => setInterval(() => undefined, 1000));
@node() export class Hangs extends Node {}
`;

const GARBLES = `
import { writeSync } from 'node:fs';
import { Node, node } from 'babus';
@node() export class Garbles extends Node {
  onStart() { writeSync(3, 'this is no message\\n{"type":'); }
}
`;

function launch(nodes: readonly string[]): TestProcess {
  const folder = tempDir();
  const sources = { replay: REPLAY, slow: SLOW, hangs: HANGS, garbles: GARBLES };
  for (const [name, source] of Object.entries(sources)) writeFileSync(join(folder, `${name}.ts`), source);
  const lines = nodes.map((name) => `  ${name}: { use: ./${name} }\n`);
  writeFileSync(join(folder, 'x.yaml'), `domain: start\nnodes:\n${lines.join('')}`);
  const env = { BABUS_SHM: tempDomain().root, BABUS_DOMAIN: undefined, XDG_CACHE_HOME: tempDir() };
  return spawnCli(['launch', 'x.yaml'], { cwd: folder, env });
}

async function end(launched: TestProcess): Promise<number | null> {
  launched.kill('SIGINT');
  return (await launched.exit()).code;
}

describe('the start of a launch', () => {
  it('lets nobody publish before a slow subscriber has attached', async () => {
    const launched = launch(['replay', 'slow']);
    await launched.waitForOutput(/replay \| INFO {2}all is published/);
    const [, seen] = await launched.waitForOutput(/slow {3}\| INFO {2}(seen .*)/);
    assert.equal(seen, 'seen 1,2,3,4,5,6,7,8 missed 0');
    assert.equal(await end(launched), 0);
  });

  it('goes on without a node that never attaches, and says so once', async () => {
    const launched = launch(['replay', 'hangs']);
    await launched.waitForOutput(/replay \| INFO {2}all is published/);
    const said = launched.stdout.match(
      /hangs has not attached to its slots for 5s, the import of its module .*/g,
    );
    assert.equal(said?.length, 1);
    // It had its time, and nothing came of it.
    assert.equal(await end(launched), 1);
    assert.match(launched.stdout, /hangs has failed for good: it was not ready \d+s after its start/);
  });

  it('survives a node that writes into its channel', async () => {
    const launched = launch(['garbles', 'replay']);
    await launched.waitForOutput(
      /babus {3}\| garbles writes into its channel to the launcher \(descriptor 3\)/,
    );
    await launched.waitForOutput(/replay {2}\| INFO {2}all is published/);
    assert.equal(await end(launched), 0);
  });
});
