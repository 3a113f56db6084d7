import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import type { DependencyContainer } from 'tsyringe';
import { BabusError } from '../errors/index.js';
import { currentConstruction, during, type Construction } from './construction.js';
import type { InjectionToken, Token } from './tokens.js';

/** A service that a node's `inject()` is to find under a token. */
export type Provision = readonly [token: InjectionToken<unknown>, value: unknown];

/** What `inject()` is when it stands before a constructor's parameter. */
export type ParameterInjection = (target: object, key: string | symbol | undefined, index: number) => void;

type Class<T> = new (...args: unknown[]) => T;

/** On a class: by position, what its constructor's parameters ask for. */
const PARAMETERS = Symbol.for('babus.inject');

const require = createRequire(import.meta.url);
let library: typeof import('tsyringe') | undefined;

// Loaded by the first injection: it costs a process about 15 ms, and most nodes inject nothing.
function tsyringe(): typeof import('tsyringe') {
  if (!library) {
    require('reflect-metadata');
    library = require('tsyringe') as typeof import('tsyringe');
  }
  return library;
}

/**
 * A service of the node. As a field's initializer, in either decorator mode:
 *
 *     readonly clock = inject(Clock);
 *
 * or before a parameter of the constructor, in legacy mode alone (the standard has no parameter decorators):
 *
 *     constructor(@inject(Clock) readonly clock: Clock) { super(); }
 *
 * `Clock`, `Logger` and `NodeInfo` are always there; a class is made on first use, once for each node, and may inject too.
 * @throws BabusError ERR_BABUS_NODE_CLASS for what nobody provides
 */
export function inject<T>(token: InjectionToken<T>): T & ParameterInjection {
  if (typeof token !== 'function' && typeof (token as Token<T> | undefined)?.symbol !== 'symbol')
    throw new BabusError(
      'ERR_BABUS_NODE_CLASS',
      `inject(${inspect(token)}) wants Clock, Logger, NodeInfo or a class; modules that import each other in a circle give undefined`,
    );
  const construction = currentConstruction();
  if (construction) return construction.resolve(token) as T & ParameterInjection;
  return parameterInjection(token) as T & ParameterInjection;
}

// Also what a call at the wrong time gets, such as inject() in a handler: using it then says so.
function parameterInjection(token: InjectionToken<unknown>): ParameterInjection {
  const decorate: ParameterInjection = (target, _key, index) => {
    if (!Object.hasOwn(target, PARAMETERS)) Object.defineProperty(target, PARAMETERS, { value: [] });
    (target as { [PARAMETERS]: InjectionToken<unknown>[] })[PARAMETERS][index] = token;
  };
  return new Proxy(decorate, {
    get(_target, property) {
      throw new BabusError(
        'ERR_BABUS_NODE_CLASS',
        `inject(${nameOf(token)}).${String(property)}: inject() gives a service only while a node is constructed; call it in a ` +
          'field initializer or in the constructor',
      );
    },
  });
}

/** The services of one node. */
export class Services {
  readonly #given: readonly Provision[];
  readonly #making = new Set<unknown>();
  #container: DependencyContainer | undefined;

  constructor(given: readonly Provision[]) {
    this.#given = given;
  }

  /** Gives back what is under a token. @throws BabusError ERR_BABUS_NODE_CLASS when there is nothing */
  resolve<T>(token: InjectionToken<T>): T {
    const container = (this.#container ??= this.#fill());
    const key = keyOf(token);
    if (!container.isRegistered(key, true)) {
      if (typeof token !== 'function')
        throw new BabusError(
          'ERR_BABUS_NODE_CLASS',
          `inject(${nameOf(token)}): nothing is provided for it; inject takes Clock, Logger, NodeInfo or a class`,
        );
      container.registerInstance(key, this.#make(token as Class<T>));
    }
    return container.resolve<T>(key);
  }

  #make<T>(cls: Class<T>): T {
    if (this.#making.has(cls))
      throw new BabusError(
        'ERR_BABUS_NODE_CLASS',
        `inject(${cls.name}): ${cls.name} needs itself to be made`,
      );
    this.#making.add(cls);
    try {
      return this.instantiate(cls);
    } finally {
      this.#making.delete(cls);
    }
  }

  /**
   * Constructs a class with what its constructor's parameters ask for.
   * @throws BabusError ERR_BABUS_NODE_CLASS when a parameter asks for nothing
   */
  instantiate<T>(cls: Class<T>): T {
    const tokens = (cls as { [PARAMETERS]?: InjectionToken<unknown>[] })[PARAMETERS] ?? [];
    const values: unknown[] = [];
    for (let i = 0; i < Math.max(cls.length, tokens.length); i++) {
      const token = tokens[i];
      if (!token)
        throw new BabusError(
          'ERR_BABUS_NODE_CLASS',
          `${cls.name}: parameter ${i + 1} of the constructor has no @inject(); nothing else can fill it`,
        );
      values.push(this.resolve(token));
    }
    return new cls(...values);
  }

  #fill(): DependencyContainer {
    const container = tsyringe().container.createChildContainer();
    for (const [token, value] of this.#given) container.registerInstance(keyOf(token), value);
    return container;
  }
}

/** Constructs a node with its services and the values of its fields. */
export function constructNode<T>(
  cls: new () => T,
  services: Services,
  rest: Omit<Construction, 'cls' | 'resolve'>,
): T {
  const construction: Construction = { ...rest, cls, resolve: (token) => services.resolve(token) };
  return during(construction, () => services.instantiate(cls as Class<T>));
}

function keyOf<T>(token: InjectionToken<T>): symbol | Class<T> {
  return typeof token === 'function' ? (token as Class<T>) : token.symbol;
}

function nameOf(token: InjectionToken<unknown>): string {
  const name =
    typeof token === 'function' ? token.name : (token as Token<unknown> | undefined)?.symbol.description;
  return name?.replace(/^babus\.token\./, '') ?? 'a token';
}
