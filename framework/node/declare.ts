import { inspect, isDeepStrictEqual } from 'node:util';
import { Member } from './member-rules.js';
import { membersOf } from './members.js';
import type { NodeMeta, ParamMeta, PublisherMeta, SubscriptionMeta, TimerMeta } from './metadata.js';

/**
 * Makes sense of what the decorators left on a class and its bases. The result is the same in both decorator modes, although
 * they apply decorators in different orders.
 * @throws BabusError ERR_BABUS_NODE_CLASS naming class and member
 */
export function declare(cls: { readonly name: string }): NodeMeta {
  const members = collect(cls);
  const of = (name: string): Member[] => members.filter(({ use }) => use.decorator === name);
  const publishers = of('publishes').map((member) => [member, member.publisher()] as const);
  const handlers = of('subscribes').map((member) => [member, member.subscription()] as const);
  const inputs = of('input').map((member) => [member, member.input()] as const);
  const params = of('param').map((member) => [member, member.param()] as const);
  refuseDoubles('port', publishers, handlers);
  refuseDoubles('port', publishers, inputs);
  refuseDoubles('param', params);
  return {
    version: 1,
    subscriptions: join(handlers, inputs),
    publishers: publishers.map(([, meta]): PublisherMeta => meta),
    params: params.map(([, meta]): ParamMeta => meta),
    timers: of('every').map((member): TimerMeta => member.timer()),
  };
}

/** Decorated members, those of base classes first; a subclass's member replaces its base's of the same name. */
function collect(cls: { readonly name: string }): Member[] {
  const members = new Map<string, Member>();
  for (const one of lineage(cls)) {
    const own = new Set<string>();
    for (const use of membersOf(one)) {
      const member = new Member(cls.name, use);
      if (own.has(member.key))
        member.refuse(
          `the member is decorated with @${members.get(member.key)!.use.decorator} too; use one of them`,
        );
      own.add(member.key);
      members.set(member.key, member);
    }
  }
  return [...members.values()];
}

/** A class and its bases, the farthest first. */
function lineage(cls: object): object[] {
  const classes: object[] = [];
  for (
    let one: unknown = cls;
    typeof one === 'function' && one !== Function.prototype;
    one = Object.getPrototypeOf(one)
  )
    classes.unshift(one);
  return classes;
}

/** One entry a port: a handler and an input on the same port share a subscription. */
function join(
  handlers: readonly (readonly [Member, SubscriptionMeta])[],
  inputs: readonly (readonly [Member, SubscriptionMeta])[],
): SubscriptionMeta[] {
  const byPort = new Map(handlers.map(([, meta]) => [meta.port, meta]));
  for (const [member, input] of inputs) {
    const handler = byPort.get(input.port);
    if (handler && handler.schema.hash !== input.schema.hash)
      member.refuse(
        `port '${input.port}' is read as ${input.schema.name} here and as ${handler.schema.name} by ${handler.method}`,
      );
    if (input.history !== undefined) checkHistory(member, input, handler);
    byPort.set(input.port, handler ? { ...input, ...handler, field: input.field! } : input);
  }
  return [...byPort.values()];
}

/** History is for a method; a field and a method that both ask for some must ask for the same. */
function checkHistory(
  member: Member,
  { port, history }: SubscriptionMeta,
  handler: SubscriptionMeta | undefined,
): void {
  if (!handler)
    member.refuse(
      `history is what the @subscribes method of the port gets, and port '${port}' has none; read back with at(), since() ` +
        'and iterate()',
    );
  if (handler.history !== undefined && !isDeepStrictEqual(handler.history, history))
    member.refuse(
      `history ${inspect(history)} is asked for here and ${inspect(handler.history)} by ${handler.method}`,
    );
}

type Named = readonly [Member, { readonly port: string } | { readonly name: string }];

/** Refuses the same name twice, be it in one group or in two. */
function refuseDoubles(what: 'port' | 'param', ...groups: (readonly Named[])[]): void {
  const seen = new Map<string, Member>();
  for (const [member, meta] of groups.flat()) {
    const name = 'port' in meta ? meta.port : meta.name;
    const other = seen.get(name);
    if (other) member.refuse(`${what} '${name}' is taken by ${other.key}`);
    seen.set(name, member);
  }
}
