import { dirname, resolve } from 'node:path';
import { packageFolder } from '../describe/index.js';
import { BabusError, didYouMean } from '../errors/index.js';
import { evaluateExpression, type ExpressionInput } from './expression.js';
import { fillTemplate, type Expression, type LookUp, type Substitute } from './template.js';

/** A name of a launch file and its value; undefined for an argument that was not given and has no default. */
export interface Binding {
  readonly name: string;
  readonly substitute: Substitute | undefined;
  /** True for whole numbers by declaration: expressions tell 7 from 7.0. */
  readonly integer?: boolean;
}

/** What substitutions of one launch file see: its arguments and what `let` adds, its environment and its path. */
export class Scope {
  readonly #bindings = new Map<string, Binding>();

  /** @param refuse why arguments cannot be used at all, for places where they cannot */
  constructor(
    private readonly file: string,
    private readonly env: NodeJS.ProcessEnv,
    bindings: Iterable<Binding> = [],
    private readonly refuse?: (name: string) => never,
  ) {
    for (const binding of bindings) this.#bindings.set(binding.name, binding);
  }

  /** This one with another name, which is not known here. */
  with(binding: Binding): Scope {
    return new Scope(this.file, this.env, [...this.#bindings.values(), binding], this.refuse);
  }

  has(name: string): boolean {
    return this.#bindings.has(name);
  }

  readonly lookUp: LookUp = (part) => {
    switch (part.kind) {
      case 'dirname':
        return { value: dirname(resolve(this.file)), typed: true };
      case 'filename':
        return { value: resolve(this.file), typed: true };
      case 'package':
        return { value: packageFolder(part.name, dirname(resolve(this.file))), typed: true };
      case 'arg':
        return this.#argument(part.name);
      case 'eval':
        return this.evaluate(part.body);
      case 'env':
        return this.#variable(part.name, part.fallback);
    }
  };

  /** @throws Error with a message for the user */
  evaluate(body: Expression): Substitute {
    const known = new Map<string, ExpressionInput>([['env', { value: definedOf(this.env) }]]);
    for (const { name, substitute, integer = false } of this.#bindings.values())
      if (substitute) known.set(name, { value: substitute.value, integer });
    // Substitutions in an expression are values, never parts of its text.
    const text = body.map((part, index) => {
      if (typeof part === 'string') return part;
      const name = `substitution_${index}`;
      const integer = part.kind === 'arg' && this.#bindings.get(part.name)?.integer === true;
      known.set(name, { value: this.lookUp(part).value, integer });
      return ` ${name} `;
    });
    const explain = (name: string): never => {
      this.#argument(name);
      throw new Error(`'${name}' cannot be used in an expression`);
    };
    return { value: evaluateExpression(text.join(''), { known, explain }), typed: true };
  }

  #argument(name: string): Substitute {
    this.refuse?.(name);
    const binding = this.#bindings.get(name);
    if (!binding) {
      const names = [...this.#bindings.keys()];
      const hint = names.length === 0 ? `; declare it under args` : didYouMean(name, names);
      throw new BabusError('ERR_BABUS_LAUNCH_FILE', `there is no argument '${name}'${hint}`);
    }
    if (binding.substitute) return binding.substitute;
    throw new BabusError('ERR_BABUS_ARGUMENT', `the argument '${name}' has no default: give ${name}:=value`);
  }

  #variable(name: string, fallback: Parameters<typeof fillTemplate>[0] | undefined): Substitute {
    if (Object.hasOwn(this.env, name)) return { value: this.env[name]!, typed: false };
    if (!fallback)
      throw new Error(`the variable ${name} is not set; write $(env ${name} default) to give a default`);
    const { value, typed } = fillTemplate(fallback, this.lookUp);
    return { value, typed: typed && typeof fallback[0] === 'object' };
  }
}

function definedOf(env: NodeJS.ProcessEnv): Record<string, string> {
  const defined = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(env)) if (value !== undefined) defined[name] = value;
  return defined;
}
