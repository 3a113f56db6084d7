import assert from 'node:assert/strict';
import { cycleViolations, layerViolations, loadViolations, packageViolations } from './imports.js';
import { LAYERS, NEVER_LOADED, PACKAGE_HOMES, PRIVATE } from './rules.js';
import { assertTidy, fixture, isUnder, repositoryFiles } from './tree.js';

describe('tidy: layers', () => {
  it('import only what their layer allows', () => assertTidy(layerViolations(repositoryFiles())));

  const bad: readonly [file: string, source: string, why: RegExp][] = [
    ['framework/errors/a.ts', "import { parse } from '../yaml/index.js';", /every layer imports it/],
    ['framework/schema/a.ts', "import '../slots/b.js';", /know no slots/],
    ['framework/schema/runtime/a.ts', "import '../../yaml/index.js';", /every node process loads it/],
    ['framework/native.ts', "import './errors/index.js';", /only loads the addon/],
    ['framework/slots/a.ts', "export * from '../node/b.js';", /know no node/],
    ['framework/node/a.ts', "import type { Plan } from '../launch/plan.js';", /meet in framework\/spec/],
    ['framework/node/a.ts', "const yaml = await import('../yaml/index.js');", /reads no YAML/],
    ['framework/node/a.ts', "type T = import('../describe/a.js').T;", /reads no YAML/],
    ['framework/launch/a.ts', "import { Node } from '../node/node.js';", /never imports a node/],
    ['framework/launch/a.ts', "import { native } from '../native.js';", /never touches a slot's data/],
    ['framework/launch/a.ts', "import '../tools/top.js';", /never touches a slot's data/],
    ['framework/describe/a.ts', "import '../node/metadata.js';", /without running one/],
    ['framework/describe/child.ts', "import '../node/host.js';", /it alone/],
    ['framework/describe/a.ts', "import './child.js';", /nothing imports framework\/describe\/child/],
    ['framework/tools/a.ts', "import '../launch/plan.js';", /from outside/],
    ['framework/launch/a.ts', "import '../cli/main.js';", /nothing imports framework\/cli/],
    ['framework/cli/a.ts', "import '../../test/support/index.js';", /nothing imports test/],
    ['framework/index.ts', "export * from './native.js';", /what a node imports/],
    ['framework/slots/a.ts', "import { Image } from 'babus/schemas';", /know no node/],
    ['framework/slots/a.ts', "import fs from 'fs';", /write 'node:fs'/],
    ['framework/slots/a.ts', "import x from 'https://a.b/c.js';", /no package/],
    ['framework/slots/a.ts', "import x from '../../elsewhere/x.js';", /out of the layers/],
    ['framework/novelty/a.ts', '', /belongs to no layer/],
    ['nodes/a.ts', "import '../framework/node/node.js';", /they use the public API/],
    ['nodes/a.ts', "import { defineSchema } from 'babus/schema';", /they use the public API/],
    ['nodes/a.ts', "import '../test/support/index.js';", /nothing imports test/],
    ['schemas/std/A.ts', "import 'babus';", /runtime of schemas alone/],
  ];
  for (const [file, source, why] of bad)
    it(`refuses ${source || 'any file'} in ${file}`, () => {
      const [violation = '', ...others] = layerViolations(fixture({ [file]: source }));
      assert.match(violation, why);
      assert.ok(violation.startsWith(file), violation);
      assert.deepEqual(others, []);
    });

  it('allows what the table allows', () => {
    const good = fixture({
      'framework/schema/runtime/a.ts': "import '../../errors/index.js'; import '../types.js';",
      'framework/schema/a.ts': "import './runtime/a.js'; import '../yaml/index.js'; import 'node:fs';",
      'framework/describe/child.ts': "import { descriptorsOf } from '../node/metadata.js'; import './a.js';",
      'framework/launch/a.ts': "import '../describe/index.js'; import type { S } from '../spec.js';",
      'framework/cli/a.ts': "import '../launch/a.js'; import '../native.js';",
      'nodes/camera.ts': "import 'babus'; import 'babus/schemas'; import 'node:fs'; import 'sharp';",
      'test/framework/a.test.ts':
        "import '../support/index.js'; import '../../framework/native.js'; import 'babus/nodes/camera';",
      'test/types/cases/wrong.ts': "import '../../../framework/cli/main.js';",
    });
    assertTidy(layerViolations(good));
  });

  it('names only layers that exist', () => {
    const known = LAYERS.map(({ path }) => path);
    const named = [
      ...LAYERS.flatMap(({ imports }) => imports),
      ...PRIVATE.flatMap(({ path, except }) => [path, ...except]),
      ...Object.values(PACKAGE_HOMES).flat(),
      ...NEVER_LOADED.map(({ from }) => from),
    ];
    const unknown = named.filter(
      (name) => !known.some((path) => isUnder(path, [name]) || isUnder(name, [path])),
    );
    assert.deepEqual(unknown, []);
  });
});

describe('tidy: packages', () => {
  it('have one home each in framework/', () => assertTidy(packageViolations(repositoryFiles())));

  const bad: readonly [file: string, source: string, why: RegExp][] = [
    ['framework/launch/a.ts', "import { parse } from 'yaml';", /whose home is framework\/yaml/],
    ['framework/node/a.ts', "import { container } from 'tsyringe';", /whose home is framework\/node\/inject/],
    ['framework/node/a.ts', "import 'reflect-metadata/Reflect';", /whose home is framework\/node\/inject/],
    ['framework/node/a.ts', "await import('ajv/dist/2020.js');", /whose home is framework\/yaml/],
    ['framework/launch/a.ts', "import { build } from 'esbuild';", /whose home is framework\/describe/],
    ['framework/slots/a.ts', "const build = require('node-gyp-build');", /whose home is framework\/native/],
    ['framework/slots/a.ts', "import left from '@scope/left-pad/x';", /has no home/],
  ];
  for (const [file, source, why] of bad)
    it(`refuses ${source} in ${file}`, () => {
      const violations = packageViolations(fixture({ [file]: source }));
      assert.equal(violations.length, 1);
      assert.match(violations[0]!, why);
    });

  it('are free at home, and outside framework/', () => {
    const files = fixture({
      'framework/yaml/a.ts': "import 'yaml'; import 'ajv';",
      'framework/native.ts': "require('node-gyp-build')",
      'nodes/a.ts': "import 'yaml';",
      'test/a.test.ts': "import 'yaml';",
    });
    assertTidy(packageViolations(files));
  });
});

describe('tidy: cycles', () => {
  it('do not exist among the files of framework/', () => assertTidy(cycleViolations(repositoryFiles())));

  it('are found, once each', () => {
    const files = fixture({
      'framework/a/x.ts': "import './y.js'; import './alone.js';",
      'framework/a/y.ts': "export * from '../b/z.js';",
      'framework/b/z.ts': "import type { X } from '../a/x.js';",
      'framework/a/alone.ts': "import '../c/p.js';",
      'framework/c/p.ts': "import './q.js';",
      'framework/c/q.ts': "import './p.js';",
    });
    const violations = cycleViolations(files);
    assert.equal(violations.length, 2, violations.join('\n'));
    assert.match(violations.join('\n'), /^framework\/a\/x → framework\/a\/y → framework\/b\/z → …/m);
    assert.match(violations.join('\n'), /^framework\/c\/p → framework\/c\/q → …/m);
  });
});

describe('tidy: what a process loads', () => {
  it('is only what it needs', () => assertTidy(loadViolations(repositoryFiles())));

  it('is followed through files, but not through types', () => {
    const files = fixture({
      'framework/index.ts': "export * from './schema/index.js'; import type { A } from './cli/a.js';",
      'framework/cli/a.ts': "import 'commander';",
      'framework/schema/index.ts': "import { type S } from './parse.js';",
      'framework/schema/parse.ts': "import '../yaml/index.js';",
      'framework/yaml/index.ts': "import { parse } from 'yaml';",
    });
    const violations = loadViolations(files);
    assert.equal(violations.length, 2, violations.join('\n'));
    assert.match(
      violations[0]!,
      /^framework\/index → framework\/schema\/index → framework\/schema\/parse → framework\/yaml\/index → yaml: .*start time/,
    );
    assert.match(violations[1]!, /^framework\/schema\/index → .* → yaml: .*generated code/);
  });
});
