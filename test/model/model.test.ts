import assert from 'node:assert/strict';
import { CASES } from './cases.js';
import { check, judge, missingTool } from './check.js';

describe('models of the protocols', () => {
  const missing = missingTool();
  const test = missing === undefined ? it : it.skip;

  for (const each of CASES.filter(({ quick }) => quick))
    test(`${each.model} ${each.defines} ${each.broken ? 'is found broken' : 'holds'}`, () => {
      const { passed, found } = check(each);
      assert.ok(passed, found);
    });

  it('does not take a search that was broken off for a proof', () => {
    const whole = '  5 states, stored\nerrors: 0\n';
    assert.ok(judge(whole, false, 0).passed);
    assert.ok(!judge(whole, true, 0).passed);
    for (const reason of ['error: max search depth too small\n', 'pan: reached -DMEMLIM bound\n']) {
      assert.ok(!judge(reason + whole, false, 0).passed);
      assert.ok(!judge(reason + whole, true, 0).passed);
    }
    assert.ok(!judge('', false, 0).passed);
  });

  it('takes only a violated property for a broken model', () => {
    const found = (what: string) => judge(`pan:1: ${what} (at depth 9)\nerrors: 1\n`, true, 0).passed;
    assert.ok(found('assertion violated (a==b)'));
    assert.ok(found('invalid end state'));
    assert.ok(!found('indexing array out of bounds'));
  });
});
