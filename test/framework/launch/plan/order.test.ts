import assert from 'node:assert/strict';
import fc from 'fast-check';
import { startLevels } from '../../../../framework/launch/plan/order.js';
import type { SlotPlan } from '../../../../framework/launch/plan/slots.js';

/** `a>b`: a publishes what b subscribes to. */
function edges(text: string): SlotPlan[] {
  return text
    .split(' ')
    .filter(Boolean)
    .map((edge) => {
      const [from, to] = edge.split('>');
      return { publishers: [from!], subscribers: [to!] } as unknown as SlotPlan;
    });
}

const levels = (names: string, text: string): string =>
  startLevels([...names], edges(text))
    .map((level) => level.join(''))
    .join(' ');

describe('startLevels', () => {
  const cases: [string, string, string, string][] = [
    ['keeps the order of nodes that have nothing to do with each other', 'cab', '', 'cab'],
    ['puts publishers first', 'cba', 'a>b b>c', 'a b c'],
    ['puts a node after all it hears from', 'dcba', 'a>d b>c c>d', 'ba c d'],
    ['lets a circle share a level', 'abc', 'a>b b>a a>c', 'ab c'],
    ['starts a circle before those downstream, wherever they stand', 'vab', 'a>b b>a b>v', 'ab v'],
    ['starts those upstream of a circle first', 'abs', 'a>b b>a s>a', 's ab'],
    ['minds no node that hears itself', 'ab', 'a>a a>b', 'a b'],
    ['takes two circles one after the other', 'cdab', 'a>b b>a b>c c>d d>c', 'ab cd'],
  ];
  for (const [what, names, text, expected] of cases)
    it(what, () => assert.equal(levels(names, text), expected));

  it('names each node once, and never a publisher after its subscriber unless in a circle', () => {
    const names = [...'abcdefgh'];
    const edge = fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names));
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 14 }), (pairs) => {
        const text = pairs.map(([from, to]) => `${from}>${to}`).join(' ');
        const result = startLevels(names, edges(text));
        assert.deepEqual(result.flat().sort(), names);
        const levelOf = (name: string): number => result.findIndex((level) => level.includes(name));
        for (const [from, to] of pairs) {
          if (from === to) continue;
          assert.ok(levelOf(from) <= levelOf(to), text);
          if (levelOf(from) === levelOf(to))
            assert.ok(reaches(to, from, pairs), `${from} and ${to}: ${text}`);
        }
      }),
    );
  });
});

function reaches(from: string, to: string, pairs: readonly (readonly [string, string])[]): boolean {
  const seen = new Set([from]);
  for (const name of seen) for (const [a, b] of pairs) if (a === name) seen.add(b);
  return seen.has(to);
}
