import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeDetails } from '../../framework/control/index.js';
import { native } from '../../framework/native.js';
import {
  runCli,
  spawnCli,
  tempDir,
  tempDomain,
  until,
  type CliResult,
  type TestProcess,
} from '../support/index.js';

/** Nodes that do what nodes should not, and one that does nothing wrong. */
const NODES = `
import { Node, node, every, input, param, publishes, subscribes } from 'babus';
import type { Held, Publisher, Subscription } from 'babus';
import { Vector3 } from 'babus/schemas';

@node() export class Good extends Node {
  @publishes(Vector3) readonly tick!: Publisher<Vector3>;
  @every('10ms') next() {
    this.tick.publish({ x: this.tick.published, y: 0, z: 0 });
    if (this.tick.published % 10 === 0) this.log.info('well');
  }
}

@node() export class Floods extends Node {
  @every('1ms') shout() { for (let i = 0; i < 1000; i++) process.stdout.write('much ado about nothing\\n'); }
}

@node() export class Exits extends Node {
  onStart() { process.exit(3); }
}

@node() export class Deaf extends Node {
  onStart() { process.on('SIGTERM', () => this.log.info('no')); }
  onStop() { return new Promise<void>(() => setInterval(() => undefined, 1000)); }
}

@node() export class Loops extends Node {
  onStop() { for (;;); }
}

@node() export class Throws extends Node {
  @subscribes(Vector3) onTick() { throw new Error('thrown ' + Math.random()); }
  @every('5ms') async reject() { await null; throw new TypeError('rejected'); }
}

@node() export class Blocks extends Node {
  @param({ type: 'number' }) seconds!: number;
  #done = false;
  @every('100ms') stall() {
    if (this.#done) return;
    this.#done = true;
    const end = performance.now() + this.seconds * 1000;
    while (performance.now() < end);
  }
}

@node() export class LeaksPins extends Node {
  readonly kept: unknown[] = [];
  @input(Vector3) readonly tick!: Subscription<Vector3>;
  @subscribes(Vector3) onTick() { this.kept.push(this.tick.latest()); }
}

@node() export class LeaksLoans extends Node {
  readonly kept: unknown[] = [];
  @publishes(Vector3) readonly out!: Publisher<Vector3>;
  onStart() { for (let i = 0; i < 3; i++) this.kept.push(this.out.loan()); }
  @every('5ms') forget() { this.out.loan(); }
  @every('7ms') greed() { this.out.loan(); this.out.loan(); }
}
`;

/** A launch of a good node beside others, and the command line to look at them with. */
export class MisbehaveBench {
  readonly root = tempDomain().root;
  readonly folder = tempDir();
  readonly env = { BABUS_SHM: this.root, BABUS_DOMAIN: undefined, XDG_CACHE_HOME: tempDir() };
  readonly launch: TestProcess;

  /** @param nodes their lines of the launch file, by name */
  constructor(nodes: Readonly<Record<string, string>>, ...options: string[]) {
    writeFileSync(join(this.folder, 'nodes.ts'), NODES);
    const lines = Object.entries({ good: 'use: ./nodes#Good', ...nodes }).map(
      ([name, text]) => `  ${name}: { ${text} }\n`,
    );
    writeFileSync(join(this.folder, 'bad.yaml'), `domain: bad\nnodes:\n${lines.join('')}`);
    this.launch = spawnCli(['launch', 'bad.yaml', ...options], { cwd: this.folder, env: this.env });
  }

  babus(...args: string[]): Promise<CliResult> {
    return runCli(args, { cwd: this.folder, env: this.env });
  }

  /** What the launcher says of a node, once `wanted` is so. */
  async info(node: string, wanted: (details: NodeDetails) => boolean): Promise<NodeDetails> {
    let said = '';
    return until(async () => {
      const { code, stdout, stderr } = await this.babus('node', 'info', node, '--json');
      said = stdout + stderr;
      const details = code === 0 ? (JSON.parse(stdout) as NodeDetails) : undefined;
      return details && wanted(details) ? details : undefined;
    }, `${node} to be as wanted`).catch((error: unknown) =>
      assert.fail(`${String(error)}\n${said}${this.launch.output()}`),
    );
  }

  /** The good node goes on as if it were alone. */
  async goodGoesOn(): Promise<void> {
    const newest = (): number =>
      native()
        .inspect(this.root, 'bad')
        .slots.find(({ slot }) => slot === 'tick')!.seq;
    const before = newest();
    const said = this.launch.stdout.split('good').length;
    await until(() => newest() > before + 50, 'the good node to publish');
    await until(() => this.launch.stdout.split('good').length > said, 'a line of the good node');
    const { state, restarts } = await this.info('good', () => true);
    assert.deepEqual({ state, restarts }, { state: 'ready', restarts: 0 });
  }

  /** Ends the launch; nothing is left. @returns its exit code */
  async end(): Promise<number | null> {
    this.launch.kill('SIGINT');
    const { code } = await this.launch.exit();
    assert.deepEqual(readdirSync(this.root), []);
    return code;
  }
}
