import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cache, describeNodes } from '../../framework/describe/index.js';
import type { BabusError } from '../../framework/errors/index.js';
import { loadLaunch } from '../../framework/launch/index.js';
import { tempDir } from '../support/index.js';

/** Files that are made here because nobody wants them in a repository. */
describe('launch files beyond measure', () => {
  let folder: string;
  let cache: Cache;
  beforeEach(() => {
    folder = tempDir();
    cache = new Cache(tempDir());
  });

  async function errorsOf(text: string | Uint8Array): Promise<readonly BabusError[]> {
    const file = join(folder, 'robot.yaml');
    writeFileSync(file, text);
    const loaded = await loadLaunch(file, {
      env: {},
      describe: (requests) => describeNodes(requests, { cache }),
    });
    assert.equal(loaded.plan, undefined);
    return loaded.errors;
  }

  async function errorOf(text: string | Uint8Array): Promise<BabusError> {
    const [error, ...others] = await errorsOf(text);
    assert.deepEqual(others, []);
    return error!;
  }

  it('10 MB of anything: one error, before it is parsed', async () => {
    for (const line of ['# nothing\n', 'a: b\n', '- - - -\n', '{', '[', '&a ', '\0']) {
      const error = await errorOf(line.repeat(10_000_000 / line.length));
      assert.equal(error.code, 'ERR_BABUS_YAML');
      assert.match(error.message, /robot\.yaml: \d+ bytes; YAML files may have at most 1048576/);
    }
  });

  it('a megabyte of nesting, of one line, of one key, of no text at all', async () => {
    const size = 1_000_000;
    const texts = [
      '['.repeat(size),
      '{a: '.repeat(size / 4),
      `nodes: ${'x'.repeat(size)}`,
      `${'x'.repeat(size)}: 1`,
      Buffer.alloc(size, 0xff),
      Buffer.alloc(size),
    ];
    for (const text of texts) {
      const errors = await errorsOf(text);
      assert.ok(errors.length > 0 && errors.length < 10, `${errors.length} errors`);
      for (const { message } of errors) assert.ok(message.length < 1000, `${message.length} characters`);
    }
  });

  it('aliases of aliases that would be 10^9 nodes', async () => {
    const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(10)}]`);
    const error = await errorOf(`l0: &l0 lol\n${levels.join('\n')}\nnodes: { a: { use: *l9 } }\n`);
    assert.equal(error.code, 'ERR_BABUS_YAML');
    assert.match(error.message, /alias/);
  });

  const climbing: [string, string, RegExp][] = [
    ['domain', 'domain: ../../etc\nnodes: { a: { use: ./a } }\n', /1:9: domain: .*'\.\.\/\.\.\/etc'/],
    ['domain of dots', 'domain: ..\nnodes: { a: { use: ./a } }\n', /1:9: domain: .*'\.\.'/],
    [
      'slot',
      'nodes: { a: { use: ./a, ports: { x: ../../x } } }\n',
      /1:37: nodes\.a\.ports\.x: .*'\.\.\/\.\.\/x'/,
    ],
    ['slot setting', 'slots: { a/../b: { depth: 2 } }\nnodes: { a: { use: ./a } }\n', /1:10: .*'a\/\.\.\/b'/],
    ['node', 'nodes: { ../a: { use: ./a } }\n', /1:10: .*'\.\.\/a'/],
    ['argument', 'args: { ../a: {} }\nnodes: { a: { use: ./a } }\n', /1:9: .*'\.\.\/a'/],
    ['variable', 'nodes: { a: { use: ./a, env: { ../A: x } } }\n', /1:32: .*'\.\.\/A'/],
  ];
  for (const [what, text, message] of climbing)
    it(`a ${what} with ..`, async () => {
      const error = await errorOf(text);
      assert.equal(error.code, 'ERR_BABUS_LAUNCH_FILE');
      assert.match(error.message, message);
    });

  it('a module that hangs on import, and one that waits for ever', async () => {
    mkdirSync(join(folder, 'nodes'));
    writeFileSync(join(folder, 'nodes/loops.js'), 'for (;;);\n');
    writeFileSync(
      join(folder, 'nodes/waits.js'),
      'setInterval(() => {}, 1000);\nawait new Promise(() => {});\n',
    );
    const file = join(folder, 'robot.yaml');
    writeFileSync(file, 'nodes:\n  a: { use: ./nodes/loops }\n  b: { use: ./nodes/waits }\n');
    const loaded = await loadLaunch(file, {
      env: {},
      describe: (requests) => describeNodes(requests, { cache, deadlineMs: 1500 }),
    });
    assert.equal(loaded.errors.length, 2);
    for (const [index, error] of loaded.errors.entries()) {
      assert.equal(error.code, 'ERR_BABUS_NODE_MODULE');
      assert.equal(error.at?.line, index + 2);
      assert.match(error.message, /its import has not ended after 1\.5s/);
    }
  });
});
