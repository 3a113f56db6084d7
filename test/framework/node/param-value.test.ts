import assert from 'node:assert/strict';
import { paramProblem, resolveParams } from '../../../framework/node/param-value.js';
import type { ParamSpec } from '../../../framework/spec.js';

const PROBLEMS: readonly [ParamSpec, unknown, string][] = [
  [{ type: 'number' }, '3', "wants a number, given '3'"],
  [{ type: 'number' }, NaN, 'wants a number, given NaN'],
  [{ type: 'number', maximum: 3 }, 4, 'wants a number of at most 3, given 4'],
  [{ type: 'number', minimum: 1, maximum: 3 }, 0.9, 'wants a number from 1 to 3, given 0.9'],
  [{ type: 'integer' }, 1.5, 'wants a whole number, given 1.5'],
  [{ type: 'boolean' }, 'true', "wants true or false, given 'true'"],
  [{ type: 'string' }, null, 'wants a string, given null'],
  [{ type: 'string', choices: ['a', 'b'] }, 'c', "wants one of a, b, given 'c'"],
  [{ type: 'number[]' }, 3, 'wants a list, each a number, given 3'],
  [{ type: 'number[]', minimum: 0 }, [1, -1], 'wants a list, each a number of at least 0, given [ 1, -1 ]'],
  [{ type: 'string[]', choices: ['a'] }, ['a', 'b'], "wants a list, each one of a, given [ 'a', 'b' ]"],
];

describe('parameters', () => {
  for (const [spec, value, problem] of PROBLEMS)
    it(`of type ${spec.type}: ${problem}`, () => assert.equal(paramProblem(spec, value), problem));

  it('take what fits', () => {
    const fits: [ParamSpec, unknown][] = [
      [{ type: 'number', minimum: 0 }, 0],
      [{ type: 'integer', choices: [1, 2] }, 2],
      [{ type: 'string' }, ''],
      [{ type: 'boolean' }, false],
      [{ type: 'number[]' }, []],
      [{ type: 'string[]' }, ['a']],
    ];
    for (const [spec, value] of fits) assert.equal(paramProblem(spec, value), undefined);
  });

  it('are filled with defaults, which nobody can change for others', () => {
    const specs: Record<string, ParamSpec> = {
      gains: { type: 'number[]', default: [1] },
      rate: { type: 'number' },
    };
    const values = resolveParams('n', specs, { rate: 0 });
    (values['gains'] as number[]).push(2);
    assert.deepEqual(resolveParams('n', specs, { rate: 0 }), { gains: [1], rate: 0 });
    assert.throws(() => resolveParams('n', specs, {}), {
      code: 'ERR_BABUS_PARAM',
      message: "n: parameter 'rate' has no default and was not given",
    });
    assert.throws(() => resolveParams('n', specs, { rate: 1, constructor: 1 }), { code: 'ERR_BABUS_PARAM' });
  });
});
