import assert from 'node:assert/strict';
import { emptyCatchViolations, textViolations } from './text.js';
import { TEXT_RULES } from './rules.js';
import { assertTidy, fixture, repositoryFiles } from './tree.js';

/** Joined here, so that this file does not break the rules that it tries. */
const join = (...parts: readonly string[]): string => parts.join('');

describe('tidy: text', () => {
  for (const rule of TEXT_RULES)
    it(`has ${rule.name}`, () => assertTidy(textViolations(repositoryFiles(), [rule])));

  it('has no empty catch', () => assertTidy(emptyCatchViolations(repositoryFiles())));

  const bad: readonly [rule: string, file: string, text: string][] = [
    ['no notes to do it later', 'framework/a.ts', join('// TO', 'DO: later')],
    ['no notes to do it later', 'native/a.cc', join('/* FIX', 'ME */')],
    ['no notes to do it later', 'README.md', join('XX', 'X')],
    ['no exclusive tests', 'test/a.test.ts', join('it.on', "ly('a', () => {});")],
    ['no exclusive tests', 'test/a.test.ts', join('describe.on', 'ly(')],
    ['no retried tests', 'test/a.test.ts', join('this.retr', 'ies(3);')],
    ['no retried tests', '.mocharc.cjs', join('retr', 'ies: 2,')],
    ['no paths of a machine', 'framework/a.ts', join("'/ho", "me/someone/robot'")],
    ['no paths of a machine', '.ci/run', join('cd /ro', 'ot/project')],
    ['no paths of a machine', 'ARCHITECTURE.md', join('in /wo', 'rk/main')],
    ['no shell and no evaluated text', 'framework/a.ts', join('spawn(x, { shell: tr', 'ue })')],
    ['no shell and no evaluated text', 'framework/a.ts', join('ex', 'ec(`ls ${name}`)')],
    ['no shell and no evaluated text', 'framework/a.ts', join('ev', 'al(text)')],
    ['no shell and no evaluated text', 'nodes/a.ts', join('new Func', 'tion("x")')],
    ['no shell and no evaluated text', 'native/os/a.cc', join('po', 'pen(command, "r")')],
    ['no empty catch in C++', 'native/a.cc', join('catch (...) {', '\n}')],
    ['no file without an end of line', 'framework/a.ts', 'const a = 1;'],
  ];
  for (const [rule, file, text] of bad)
    it(`finds ${JSON.stringify(text)} in ${file}`, () => {
      const ended = rule === 'no file without an end of line' ? text : `first line\n${text}\n`;
      const [violation = '', ...others] = textViolations(fixture({ [file]: ended }));
      assert.ok(violation.includes(`breaks "${rule}"`), violation);
      assert.ok(violation.startsWith(`${file}:${ended === text ? 1 : 2}: `), violation);
      assert.deepEqual(others, []);
    });

  it('tries every rule', () => {
    const tried = new Set(bad.map(([rule]) => rule));
    assert.deepEqual(
      TEXT_RULES.filter(({ name }) => !tried.has(name)),
      [],
    );
  });

  it('passes what only looks alike', () => {
    const files = fixture({
      'framework/a.ts': "const m = /x/.exec(text); child.execute(); mkdtemp('babus-XXXXXX');\n",
      'framework/b.ts': "const url = 'https://host/work/a'; const file = `${home}/work/a`; evaluate(x);\n",
      'test/a.test.ts': "it('has only one', () => {});\n",
      'native/a.cc': 'catch (const Error& e) { report(e); }\n',
      'framework/empty.ts': '',
    });
    assertTidy(textViolations(files));
  });
});

describe('tidy: empty catches', () => {
  const bad = [
    'try { a(); } catch {}',
    'try { a(); } catch (error) { /* never mind */ }',
    'a().catch(() => {});',
    'a().catch(function () {});',
  ];
  for (const text of bad)
    it(`finds ${text}`, () => {
      const violations = emptyCatchViolations(fixture({ 'framework/a.ts': `\n${text}\n` }));
      assert.deepEqual(violations, ['framework/a.ts:2: an empty catch: handle the error, or let it through']);
    });

  it('passes handlers that do something', () => {
    const text =
      'try { a(); } catch { return false; }\na().catch(() => undefined);\na().catch((e) => log(e));\n';
    assertTidy(emptyCatchViolations(fixture({ 'framework/a.ts': text })));
  });
});
