import assert from 'node:assert/strict';
import fc from 'fast-check';
import { REPO } from '../../support/index.js';
import { Scope } from '../../../framework/launch/scope.js';
import { fillTemplate, parseTemplate, type Substitute } from '../../../framework/launch/template.js';

const ARGUMENTS: Record<string, Substitute> = {
  x: { value: 'X', typed: true },
  n: { value: 7, typed: true },
  b: { value: false, typed: true },
  text: { value: '12', typed: false },
};

const BINDINGS = Object.entries(ARGUMENTS).map(([name, substitute]) => ({ name, substitute }));

function fill(text: string, env: NodeJS.ProcessEnv = {}): Substitute {
  return fillTemplate(parseTemplate(text), new Scope('/robot/launch/a.yaml', env, BINDINGS).lookUp);
}

describe('templates', () => {
  const cases: [string, unknown, boolean][] = [
    ['plain', 'plain', true],
    ['', '', true],
    ['$(arg x)', 'X', true],
    ['$( arg  x )', 'X', true],
    ['$(arg n)', 7, true],
    ['$(arg b)', false, true],
    ['$(arg text)', '12', false],
    ['a$(arg n)b', 'a7b', true],
    ['$(arg n)$(arg n)', '77', true],
    ['$(env HOST)', 'robot', false],
    ['$(env NONE fallback words)', 'fallback words', false],
    ['$(env NONE f(1) (2))', 'f(1) (2)', false],
    ['$(env NONE $(arg n))', 7, true],
    ['$(env NONE a-$(env NONE $(arg x)))', 'a-X', false],
    ['$(env HOST $(arg nothing))', 'robot', false],
    ['$$(arg x)', '$(arg x)', true],
    ['$(dirname)/a.csv', '/robot/launch/a.csv', true],
    ['$( dirname )', '/robot/launch', true],
    ['$(env NONE $(dirname)/b)', '/robot/launch/b', true],
    ['$(env NONE $$(x) y)', '$(x) y', false],
    ['cost: 5$', 'cost: 5$', true],
    ['a)b', 'a)b', true],
    ['$(env EMPTY default)', '', false],
    ['$(filename)', '/robot/launch/a.yaml', true],
    ['$(package babus)/x', `${REPO.replace(/\/$/, '')}/x`, true],
  ];
  for (const [text, value, typed] of cases)
    it(`${text || '(nothing)'} is ${JSON.stringify(value)}`, () =>
      assert.deepEqual(fill(text, { HOST: 'robot', EMPTY: '' }), { value, typed }));

  it('refuses packages that are not there, and names that are none', () => {
    assert.throws(
      () => fill('$(package no-such-package)/a'),
      /there is no package 'no-such-package' as seen from/,
    );
    for (const text of ['$(package)', '$(package a b)', '$(package ../a)', '$(package @a)'])
      assert.throws(() => fill(text), /\$\(package needs one name/);
  });

  it('takes no names from prototypes for variables', () => {
    assert.throws(() => fill('$(env constructor)'), /the variable constructor is not set/);
    assert.throws(() => fill('$(env __proto__)'), /is not set/);
  });

  it('reads or refuses any text, and keeps text without substitutions as it is', () => {
    const piece = fc.constantFrom('$(', ')', '$$(', 'arg', 'env', ' ', 'x', '(', '$', 'Y');
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        try {
          const { value } = fill(text);
          if (!text.includes('$(')) assert.equal(value, text);
        } catch (error) {
          assert.match((error as Error).message, /\$\(|no [xYn]|is not set/);
        }
      }),
    );
  });
});
