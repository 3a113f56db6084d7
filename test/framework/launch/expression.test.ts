import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Scope } from '../../../framework/launch/scope.js';
import { fillTemplate, parseExpression, parseTemplate } from '../../../framework/launch/template.js';

const BINDINGS = [
  { name: 'rate', substitute: { value: 30, typed: true } },
  { name: 'count', substitute: { value: 7, typed: true }, integer: true },
  { name: 'side', substitute: { value: 'left', typed: true } },
  { name: 'sim', substitute: { value: true, typed: true } },
  { name: 'text', substitute: { value: '12', typed: false } },
  { name: 'none', substitute: undefined },
];

const scope = new Scope('/robot/a.yaml', { HOME: '/somewhere', SIM: 'true' }, BINDINGS);

const fill = (text: string): unknown => fillTemplate(parseTemplate(text), scope.lookUp).value;
const evaluate = (text: string): unknown => scope.evaluate(parseExpression(text)).value;

describe('expressions of launch files', () => {
  const values: [string, unknown][] = [
    ['$(eval rate * 2)', 60],
    ['$(eval rate / 4)', 7.5],
    ['$(eval count / 2)', 3],
    ['$(eval count / 2.0)', 3.5],
    ['$(eval 1.5 + count - rate)', -21.5],
    ['$(eval count + 1)', 8],
    ['$(eval rate == 30)', true],
    ['$(eval 30 == rate)', true],
    ['$(eval count >= 7.0)', true],
    ['$(eval "camera/" + side)', 'camera/left'],
    ['rate-$(eval count * 2)-$(arg side)', 'rate-14-left'],
    ["$(eval side == 'left' && sim)", true],
    ["$(eval side == 'right' ? 1 : 2)", 2],
    ["$(eval side in ['left', 'right'])", true],
    ['$(eval (1 + 2) * (3 + 4))', 21],
    ["$(eval ')' + '(')", ')('],
    ["$(eval 'it\\'s' + \")\")", "it's)"],
    ['$(eval $(arg rate) + 1)', 31],
    ["$(eval $(arg side) + '!')", 'left!'],
    ["$(eval $(env SIM) == 'true')", true],
    ['$(eval double($(arg text)) * 2)', 24],
    ['$(eval env.HOME)', '/somewhere'],
    ['$(eval "NO" in env)', false],
    ['$(eval [1, 2, 3].exists(x, x > 2))', true],
    ['$(eval size(side))', 4],
    ['$(env NONE $(eval rate + 1))', 31],
  ];
  for (const [text, value] of values)
    it(`${text} is ${JSON.stringify(value)}`, () => assert.deepEqual(fill(text), value));

  const refused: [string, RegExp][] = [
    ['$(eval )', /an expression is missing/],
    ['$(eval rate', /\$\(eval is not closed/],
    ['$(eval rat * 2)', /there is no argument 'rat'; did you mean 'rate'\?/],
    ['$(eval none + 1)', /the argument 'none' has no default: give none:=value/],
    ['$(eval side * 2)', /there is no string \* int; text becomes a number/],
    ['$(eval 1 +)', /cannot be evaluated: Unexpected token/],
    ['$(eval "$(arg side)" == "left")', /stands between quotes/],
    ['$(eval [1, 2])', /gives neither text nor a number/],
    ['$(eval {"a": 1})', /gives neither text nor a number/],
    ['$(eval null)', /gives neither text nor a number/],
    ['$(eval 1 / 0)', /division by zero/],
    ['$(eval 1.0 / 0.0)', /no finite number/],
    ['$(eval 9223372036854775807)', /too large/],
    ['$(eval "a".matches("(a+)+$"))', /matches\(\) is not available/],
    [`$(eval ${'[1].map(x, x).'.repeat(3)}size())`, /goes through lists more than 2 times/],
    [`$(eval ${'1 + '.repeat(1000)}1)`, /has \d+ characters/],
    ['$(eval constructor)', /there is no argument 'constructor'/],
    ['$(eval __proto__)', /cannot be evaluated/],
    ['$(eval process.exit(1))', /no matching overload for 'dyn\.exit\(int\)'/],
    ['$(eval $(nothing))', /\$\(nothing is not known/],
  ];
  for (const [text, message] of refused)
    it(`${text.slice(0, 60)} is refused`, () => assert.throws(() => fill(text), message));

  it('stand alone where a condition is wanted', () => {
    assert.equal(evaluate('sim && rate > 20'), true);
    assert.equal(evaluate('$(arg sim)'), true);
    assert.equal(evaluate("$(arg side) == 'right'"), false);
    assert.equal(evaluate('$(env SIM)'), 'true');
  });

  it('take values as they are, whatever stands in them', () => {
    const hostile = new Scope('/a.yaml', {}, [
      { name: 'x', substitute: { value: `' || true || '`, typed: true } },
    ]);
    assert.equal(hostile.evaluate(parseExpression(`$(arg x) == 'safe'`)).value, false);
  });

  it('give a value or say why not, for any text', () => {
    const piece = fc.constantFrom(
      'rate',
      ' ',
      '+',
      '(',
      ')',
      '"',
      "'",
      '[',
      ']',
      ',',
      '.',
      'map',
      '1',
      '\\',
      '$(',
      '{',
      ':',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        try {
          const value = evaluate(pieces.join(''));
          assert.ok(['string', 'number', 'boolean'].includes(typeof value));
        } catch (error) {
          assert.notEqual((error as Error).message, '');
          assert.doesNotMatch((error as Error).message, /undefined|\n/);
        }
      }),
    );
  });
});
