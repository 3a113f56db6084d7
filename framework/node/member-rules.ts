import { inspect } from 'node:util';
import { durationProblem, parseDurationMs } from '../duration.js';
import { BabusError, didYouMean } from '../errors/index.js';
import type { PastMessages } from '../slots/index.js';
import type { ParamSpec } from '../spec.js';
import type { DecoratorName, MemberUse } from './members.js';
import type {
  AnySchema,
  FieldMeta,
  ParamMeta,
  PublisherMeta,
  SubscriptionMeta,
  TimerMeta,
} from './metadata.js';
import { PARAM_TYPES, paramProblem } from './param-value.js';
import { isPortName, portOfMethod, snakeCase } from './port-name.js';

const KINDS: Readonly<Record<DecoratorName, 'field' | 'method'>> = {
  publishes: 'field',
  input: 'field',
  param: 'field',
  subscribes: 'method',
  every: 'method',
};

/** Members of the base class that are no place for a decorator. */
const RESERVED = ['constructor', 'log', 'name', 'finish', 'onStart', 'onStop'];

/** One decorated member, whose decorator's arguments are yet to be checked. Errors name the class and the member. */
export class Member {
  readonly key: string;

  constructor(
    private readonly className: string,
    readonly use: MemberUse,
  ) {
    this.key = String(use.key);
    const wanted = KINDS[use.decorator];
    if (typeof use.key === 'symbol') this.refuse('a member named by a symbol cannot be decorated');
    if (this.key.startsWith('#'))
      this.refuse(`a #private member cannot be decorated; write 'private ${this.key.slice(1)}'`);
    if (use.isStatic) this.refuse(`belongs on a ${wanted} of the instance, not on a static one`);
    if (use.kind !== wanted)
      this.refuse(`belongs on a ${wanted}${use.kind === 'other' ? ', not on an accessor' : ''}`);
    if (RESERVED.includes(this.key))
      this.refuse('this member of Node has a meaning of its own; choose another name');
  }

  refuse(problem: string): never {
    throw new BabusError(
      'ERR_BABUS_NODE_CLASS',
      `${this.className}.${this.key}: @${this.use.decorator}: ${problem}`,
    );
  }

  publisher(): PublisherMeta {
    const options = this.#options(1, ['port']);
    return { port: this.#port(options, snakeCase(this.key)), schema: this.#schema(), field: this.#field() };
  }

  input(): SubscriptionMeta {
    const options = this.#options(1, ['port', 'history']);
    return {
      port: this.#port(options, snakeCase(this.key)),
      schema: this.#schema(),
      field: this.#field(),
      latest: false,
      concurrency: 1,
      ...this.#history(options),
    };
  }

  subscription(): SubscriptionMeta {
    const options = this.#options(1, ['port', 'latest', 'concurrency', 'history', 'onError']);
    const { latest = false, concurrency = 1 } = options;
    if (typeof latest !== 'boolean') this.refuse(`latest wants true or false, given ${inspect(latest)}`);
    if (!Number.isSafeInteger(concurrency) || (concurrency as number) < 1)
      this.refuse(`concurrency wants a whole number from 1 on, given ${inspect(concurrency)}`);
    return {
      port: this.#port(options, portOfMethod(this.key)),
      schema: this.#schema(),
      method: this.key,
      latest,
      concurrency: concurrency as number,
      ...this.#onError(options),
      ...this.#history(options),
    };
  }

  param(): ParamMeta {
    const spec = this.#options(0, ['type', 'default', 'minimum', 'maximum', 'choices', 'description']);
    if (!PARAM_TYPES.includes(spec['type'] as ParamSpec['type']))
      this.refuse(`type wants one of ${PARAM_TYPES.join(', ')}, given ${inspect(spec['type'])}`);
    const checked = spec as unknown as ParamSpec;
    this.#checkLimits(checked);
    if (checked.default !== undefined) {
      const problem = paramProblem(checked, checked.default);
      if (problem) this.refuse(`the default does not fit: ${problem}`);
    }
    const name = snakeCase(this.key);
    if (!isPortName(name))
      this.refuse(`'${name}' is no name for a parameter: letters, digits and underscores`);
    return { name, spec: { ...checked }, field: this.#field() };
  }

  timer(): TimerMeta {
    const [period] = this.use.args;
    if (typeof period !== 'string') this.refuse(`wants a period such as '1s', given ${inspect(period)}`);
    const problem = durationProblem(period);
    if (problem) this.refuse(problem);
    const periodMs = parseDurationMs(period);
    if (periodMs < 1)
      this.refuse(`'${period}' is too short; timers of the event loop count whole milliseconds`);
    return { method: this.key, period, periodMs, ...this.#onError(this.#options(1, ['onError'])) };
  }

  #checkLimits(spec: ParamSpec): void {
    const { type, minimum, maximum, choices } = spec;
    const isNumeric = type === 'integer' || type.startsWith('number');
    for (const [name, limit] of Object.entries({ minimum, maximum })) {
      if (limit === undefined) continue;
      if (!isNumeric) this.refuse(`${name} is for numbers, the type is ${type}`);
      if (typeof limit !== 'number' || Number.isNaN(limit))
        this.refuse(`${name} wants a number, given ${inspect(limit)}`);
    }
    if ((minimum ?? -Infinity) > (maximum ?? Infinity))
      this.refuse(`minimum ${minimum} is above maximum ${maximum}`);
    if (choices === undefined) return;
    const wanted = isNumeric ? 'number' : 'string';
    if (type === 'boolean' || !Array.isArray(choices) || choices.length === 0)
      this.refuse(`choices wants a list of strings or numbers for a type of them, given ${inspect(choices)}`);
    for (const choice of choices)
      if (typeof choice !== wanted)
        this.refuse(`choices of type ${type} must be ${wanted}s, given ${inspect(choice)}`);
  }

  #options(at: number, known: readonly string[]): Record<string, unknown> {
    const options = this.use.args[at];
    if (options === undefined && at > 0) return {};
    if (typeof options !== 'object' || options === null || Array.isArray(options))
      this.refuse(`wants an object with ${known.join(', ')}, given ${inspect(options)}`);
    for (const key of Object.keys(options))
      if (!known.includes(key)) this.refuse(`unknown option '${key}'${didYouMean(key, known)}`);
    return options as Record<string, unknown>;
  }

  #onError({ onError = 'continue' }: Record<string, unknown>): { exitOnError?: true } {
    if (onError === 'continue') return {};
    if (onError === 'exit') return { exitOnError: true };
    this.refuse(`onError wants 'continue' or 'exit', given ${inspect(onError)}`);
  }

  #history({ history }: Record<string, unknown>): { history?: PastMessages } {
    if (history === undefined) return {};
    const problem = historyProblem(history);
    if (problem) this.refuse(`history ${problem}`);
    return { history: history as PastMessages };
  }

  #port(options: Record<string, unknown>, derived: string): string {
    const port = options['port'] ?? derived;
    if (typeof port === 'string' && isPortName(port)) return port;
    const hint = port === derived ? '; give one: { port: "name" }' : '';
    this.refuse(
      `${inspect(port)} is no name for a port: small letters, digits and underscores, from a letter on${hint}`,
    );
  }

  #schema(): AnySchema {
    const schema = this.use.args[0] as Partial<AnySchema> | undefined;
    const isSchema =
      typeof schema === 'object' &&
      typeof schema?.name === 'string' &&
      typeof schema.hash === 'string' &&
      typeof schema.view === 'function' &&
      typeof schema.loan === 'function';
    if (!isSchema)
      this.refuse(
        `wants a schema that babus gen made, given ${inspect(schema, { depth: 0 })}` +
          (schema === undefined ? '; modules that import each other in a circle give undefined' : ''),
      );
    return schema as AnySchema;
  }

  #field(): FieldMeta {
    return { key: this.key, setAfterConstruction: this.use.mode === 'legacy' };
  }
}

function historyProblem(history: unknown): string | undefined {
  if (history === 'all' || (Number.isSafeInteger(history) && (history as number) >= 0)) return undefined;
  const { since, ...others } = Object(history) as Record<string, unknown>;
  if (typeof since !== 'string' || Object.keys(others).length > 0)
    return `wants 'all', a whole number of messages, or { since: '2s' }, given ${inspect(history)}`;
  return durationProblem(since);
}
