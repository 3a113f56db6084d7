import assert from 'node:assert/strict';
import { CASES } from './cases.js';
import { check, judge, missingTool } from './check.js';

describe('models of the protocols', () => {
  const missing = missingTool();
  const test = missing === undefined ? it : it.skip;

  for (const each of CASES.filter(({ quick }) => quick))
    test(`${each.model} ${each.defines} ${each.violates !== undefined ? 'is found broken' : 'holds'}`, () => {
      const { passed, found } = check(each);
      assert.ok(passed, found);
    });

  it('does not take a search that was broken off for a proof', () => {
    const whole = '  5 states, stored\nerrors: 0\n';
    assert.ok(judge(whole, undefined, 0).passed);
    assert.ok(!judge(whole, 'a==b', 0).passed);
    for (const reason of ['error: max search depth too small\n', 'pan: reached -DMEMLIM bound\n']) {
      assert.ok(!judge(reason + whole, undefined, 0).passed);
      assert.ok(!judge(reason + whole, 'a==b', 0).passed);
    }
    assert.ok(!judge('', undefined, 0).passed);
  });

  it('takes only the violated property that it breaks for a broken model', () => {
    const found = (what: string, violates: string) =>
      judge(`pan:1: ${what} (at depth 9)\nerrors: 1\n`, violates, 0).passed;
    assert.ok(found('assertion violated  !((a == b))', 'a==b'));
    assert.ok(!found('assertion violated (c==d)', 'a==b'));
    assert.ok(found('invalid end state', 'invalid end state'));
    assert.ok(!found('indexing array a==b out of bounds', 'a==b'));
  });
});
