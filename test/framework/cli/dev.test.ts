import assert from 'node:assert/strict';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until, type TestProcess } from '../../support/index.js';
import { LaunchBench } from './launch-bench.js';

/** Says its word, which a file of its own has, and which process it is. */
const nodeText = (extra = ''): string => `
import { Node, node, param, every } from 'babus';
import { WORD } from './words/word.js';
@node()
export class Talker extends Node {
  @param({ type: 'string', default: 'p' }) param!: string;
  ${extra}
  @every('30ms') say() { console.log(WORD + ' ' + this.param + ' from ' + process.pid + '.'); }
}
`;

const FILE = `
domain: work
nodes:
  one: { use: ./one }
  two: { use: ./two }
`;

describe('babus dev', () => {
  let bench: LaunchBench;
  let dev: TestProcess;
  const path = (name: string): string => join(bench.folder, name);
  /** As editors do: another file is renamed over it. */
  const save = (name: string, text: string): void => {
    writeFileSync(path(`${name}.tmp`), text);
    renameSync(path(`${name}.tmp`), path(name));
  };
  const word = (text: string): string => `export const WORD = '${text}';\n`;
  /** Process id of a node, once it has said something that matches. */
  const says = async (node: string, words: string): Promise<number> => {
    const found = await dev.waitForOutput(new RegExp(`${node} +\\| ${words} from (\\d+)\\.`));
    return Number(found[1]);
  };
  const pidsOf = (node: string): number[] => [
    ...new Set(
      [...dev.stdout.matchAll(new RegExp(`${node} +\\| .* from (\\d+)\\.`, 'g'))].map(([, pid]) =>
        Number(pid),
      ),
    ),
  ];

  beforeEach(async () => {
    bench = new LaunchBench();
    mkdirSync(path('words'));
    writeFileSync(path('words/word.ts'), word('first'));
    writeFileSync(path('one.ts'), nodeText());
    writeFileSync(
      path('two.ts'),
      nodeText().replace("import { WORD } from './words/word.js';", "const WORD = 'two';"),
    );
    bench.write('work.yaml', FILE);
    dev = bench.start('dev', 'work.yaml');
    await says('one', 'first p');
    await says('two', 'two p');
  });

  const end = async (): Promise<void> => {
    dev.kill('SIGINT');
    assert.equal((await dev.exit()).code, 0, dev.output());
    assert.deepEqual(bench.domains, []);
  };

  it('starts the nodes anew whose sources have changed, and no others', async () => {
    const before = await says('one', 'first p');
    save('words/word.ts', word('second'));
    const after = await says('one', 'second p');
    assert.notEqual(after, before);
    writeFileSync(path('words/word.ts'), word('third'));
    await says('one', 'third p');
    assert.equal(pidsOf('two').length, 1);
    assert.match(dev.stdout, /babus +\| one has changed: starting it anew\n/);
    // What comes to the same code changes nothing; the save after it tells that this one was looked at.
    save('one.ts', nodeText());
    save('words/word.ts', word('fourth'));
    await says('one', 'fourth p');
    assert.equal(pidsOf('one').length, 4);
    await end();
  });

  it('says what cannot be compiled, imported or planned, and goes on; a missing file may come later', async () => {
    const pid = await says('one', 'first p');
    save('words/word.ts', "export const WORD = 'broken;\n");
    await dev.waitForOutput(/babus +\| work\.yaml:4:\d+: .*word\.ts.*\n/);
    await dev.waitForOutput(/babus +\| the nodes go on as they were\n/);
    assert.deepEqual(pidsOf('one'), [pid]);
    save('words/word.ts', "export * from './later.js';\n");
    await dev.waitForOutput(/later/);
    save('words/later.ts', word('later'));
    await says('one', 'later p');
    save('one.ts', nodeText('@param({ type: "string" }) needed!: string;'));
    await dev.waitForOutput(/missing key 'needed'/);
    await end();
  });

  it('starts a node anew that had failed', async () => {
    save('words/word.ts', `${word('never')}throw new Error('not like this');\n`);
    await dev.waitForOutput(/not like this/);
    save('words/word.ts', `${word('never')}if (process.env.BABUS_NODE) process.exit(0);\n`);
    await dev.waitForOutput(/one has finished/);
    save('words/word.ts', word('again'));
    await says('one', 'again p');
    await end();
  });

  it('takes parameters of the launch file as they change, and starts all anew for other nodes', async () => {
    save('work.yaml', FILE.replace('./one', './one, params: { param: q }'));
    await says('one', 'first q');
    assert.equal(pidsOf('two').length, 1);
    save('work.yaml', `${FILE}  three: { use: ./two }\n`);
    await dev.waitForOutput(/there is a new node, three: starting all nodes anew/);
    await says('three', 'two p');
    await until(() => pidsOf('two').length === 2, 'the other node to be another process');
    save('words/word.ts', word('after'));
    await says('one', 'after p');
    await end();
  });

  it('ends with 2 for a file that is wrong from the start', async () => {
    await end();
    bench.write('bad.yaml', 'nodes: { a: { use: ./on } }\n');
    const { code, stdout, stderr } = await bench.run('dev', 'bad.yaml');
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^bad\.yaml:1:\d+: .*did you mean '\.\/one'/);
  });
});
