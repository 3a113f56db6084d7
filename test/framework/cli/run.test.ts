import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../support/index.js';
import { jsonLines, LaunchBench } from './launch-bench.js';

const NODE = `
import { Node, node, param, publishes, subscribes, type Publisher, type View } from 'babus';
import { Image } from 'babus/schemas';
@node()
export class Watcher extends Node {
  @param({ type: 'integer', default: 1, minimum: 1 }) every!: number;
  @param({ type: 'string[]', default: [] }) tags!: string[];
  seen = 0;
  @subscribes(Image) onImage(image: View<Image>): void {
    if (++this.seen % this.every === 0) this.log.info('image of ' + image.width + ' ' + this.tags.join('+'));
  }
}
@node()
export class Ending extends Node {
  onStart() { this.finish(new Error('no more')); }
}
`;

const MAIN = `
domain: robot
slots: { camera/image: { depth: 5 } }
nodes:
  camera: { use: babus/nodes/camera, params: { width: 64, height: 48, rate: 50 }, ports: { image: camera/image } }
`;

describe('babus run', () => {
  let bench: LaunchBench;
  beforeEach(() => {
    bench = new LaunchBench();
    writeFileSync(join(bench.folder, 'watch-it.ts'), NODE);
    bench.write('main.yaml', MAIN);
  });

  it('adds a node to the domain that runs, with parameters and ports, and takes it away', async () => {
    assert.equal((await bench.run('launch', '-d', 'main.yaml')).code, 0);
    const node = bench.start(
      'run',
      'watch-it.ts#Watcher',
      '--port',
      'image=camera/image',
      '--param',
      'every=5',
      '--param',
      'tags=[a, b]',
    );
    await node.waitForOutput(/watch_it \| INFO {2}image of 64 a\+b/);
    const launches = jsonLines((await bench.run('ps', '--json')).stdout);
    assert.deepEqual(
      launches.map(({ joined }) => joined),
      [false, true],
    );
    assert.match(
      (await bench.run('node', 'info', 'watch_it')).stdout,
      /\nstate +ready\n[^]*\n {2}every: 5\n/,
    );
    const twice = await bench.run('run', './watch-it#Watcher');
    assert.deepEqual([twice.code, twice.stdout], [1, '']);
    assert.match(twice.stderr, /^domain 'robot' has a node 'watch_it' already;/);
    node.kill('SIGINT');
    assert.equal((await node.exit()).code, 0);
    const named = await bench.run('run', './watch-it#Ending', '--name', 'last');
    assert.equal(named.code, 1);
    assert.match(named.stdout, /last {2}\| Error: no more/);
    assert.match(named.stdout, /last has failed for good: exited with code 1/);
    assert.equal((await bench.run('stop')).code, 0);
    assert.deepEqual(bench.domains, []);
  });

  it('warns of a slot that nobody has, and makes a domain that is named', async () => {
    assert.match((await bench.run('run', './watch-it#Watcher')).stderr, /^no domain is running/);
    const alone = bench.start(
      'run',
      'babus/nodes/camera',
      '--domain',
      'own',
      '--param',
      'width=32',
      '--param',
      'height=32',
    );
    await until(
      async () => (await bench.run('ps', '--json')).stdout.includes('"state":"ready"'),
      'the camera to be ready',
    );
    const { code, stdout } = await bench.run(
      'run',
      './watch-it#Watcher',
      '--port',
      'image=imag',
      '--for',
      '1s',
    );
    assert.equal(code, 0);
    assert.match(stdout, /warning: nobody has the slot 'imag' yet; did you mean 'image'\?/);
    alone.kill('SIGTERM');
    assert.equal((await alone.exit()).code, 0);
    assert.deepEqual(bench.domains, []);
  });

  it('lets a debugger in from this machine alone', async () => {
    const node = bench.start('run', './watch-it#Watcher', '--domain', 'own', '--inspect', '0');
    const [, address] = await node.waitForOutput(/watch_it \| Debugger listening on ws:\/\/([\d.]+):\d+\//);
    assert.equal(address, '127.0.0.1');
    node.kill('SIGINT');
    assert.equal((await node.exit()).code, 0);
  });

  it('says what is wrong, with 2, before anything starts', async () => {
    const refused = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await bench.run('run', '--domain', 'own', ...args);
      assert.deepEqual([code, stdout], [2, ''], stderr);
      return stderr;
    };
    const watcher = './watch-it#Watcher';
    assert.equal(
      await refused(watcher, '--param', 'every=0'),
      '--param every: wants at least 1, given 0 (a number)\n',
    );
    assert.match(
      await refused(watcher, '--param', 'evry=1'),
      /^unknown key 'evry' in --param; did you mean 'every'\?\n$/,
    );
    assert.match(
      await refused(watcher, '--port', 'imag=a'),
      /^node 'watch_it' \(Watcher\) has no port 'imag'; did you mean 'image'\?\n$/,
    );
    assert.match(await refused(watcher, '--port', 'image=a//b'), /'a\/\/b' is not a name of a slot/);
    assert.match(
      await refused(watcher, '--param', 'every'),
      /^--param every: wants a name, = and a value\n$/,
    );
    assert.match(await refused('./watch-it'), /exports 2 node classes: Ending, Watcher; choose one/);
    assert.match(await refused('./watch-i'), /did you mean '\.\/watch-it'\?\n$/);
    assert.match(await refused(watcher, '--inspect', '0.0.0.0:9'), /^--inspect 0\.0\.0\.0:9: wants a port/);
    assert.match(await refused(watcher, '--name', 'a b'), /^--name 'a b': wants/);
    assert.deepEqual(bench.domains, []);
  });
});
