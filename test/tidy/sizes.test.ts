import assert from 'node:assert/strict';
import { LIMITS } from './rules.js';
import { fileViolations, functionLengths, functionViolations } from './sizes.js';
import { assertTidy, fixture, repositoryFiles } from './tree.js';

const lines = (count: number): string => 'work();\n'.repeat(count);

describe('tidy: sizes', () => {
  it('of files', () => assertTidy(fileViolations(repositoryFiles())));

  it('of functions', () => assertTidy(functionViolations(repositoryFiles())));

  it('of nine functions of ten', () => {
    const { p90, longest } = functionLengths(repositoryFiles());
    const message = `nine functions of ten in framework/ have at most ${p90} lines; the longest:\n  ${longest.join('\n  ')}`;
    assert.ok(p90 <= LIMITS.functionLinesP90, message);
  });

  it('finds a file that is too long, in any language, but not a generated one', () => {
    const files = fixture({
      'framework/long.ts': lines(401),
      'native/core/long.cc': lines(401),
      'native/core/fits.cc': lines(400),
      'schemas/std/Generated.ts': lines(1000),
    });
    const violations = fileViolations(files);
    assert.equal(violations.length, 2);
    assert.match(violations[0]!, /^framework\/long\.ts: 401 lines, at most 400/);
    assert.match(violations[1]!, /^native\/core\/long\.cc: 401 lines/);
  });

  it('finds functions, methods, accessors and callbacks that are too long', () => {
    const body = lines(69);
    const sources = {
      'framework/a.ts': `\nfunction named() {\n${body}}\n`,
      'framework/b.ts': `class C {\n  method() {\n${body}}\n  get x() {\n${body}}\n  constructor() {\n${body}}\n}\n`,
      'framework/c.ts': `const arrow = () => {\n${body}};\n`,
      'test/d.test.ts': `describe('d', () => {\n it('e', async () => {\n${body}});\n});\n`,
      'native/e.mjs': `function script() {\n${body}}\n`,
    };
    const names = functionViolations(fixture(sources)).map((each) => /: (.*) has 71 lines/.exec(each)?.[1]);
    assert.deepEqual(names, ['named', 'method', 'x', 'constructor', 'arrow', 'a function', 'script']);
    assert.match(functionViolations(fixture(sources))[0]!, /^framework\/a\.ts:2: /);
  });

  it('passes what fits, and suites of any length', () => {
    const files = fixture({
      'framework/a.ts': `function named() {\n${lines(68)}}\n`,
      'test/b.test.ts': `describe('b', () => {\n${lines(300)}});\n`,
    });
    assertTidy(functionViolations(files));
  });

  it('computes the ninth decile', () => {
    const short = 'function f() {}\n'.repeat(9);
    const files = fixture({ 'framework/a.ts': `${short}function long() {\n${lines(50)}}\n` });
    assert.equal(functionLengths(files).p90, 1);
    const longer = fixture({
      'framework/a.ts': `${short}function long() {\n${lines(50)}}\nfunction more() {\n${lines(60)}}\n`,
    });
    assert.equal(functionLengths(longer).p90, 52);
    assert.equal(functionLengths(longer).longest[0], 'framework/a.ts:62 more: 62');
  });
});
