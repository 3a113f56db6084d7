/**
 * What decorators leave behind on a class, as it was written; `@node()` makes sense of it (see declare.ts).
 *
 * Works in TypeScript's legacy decorator mode and in the standard one. Nothing here knows a class by identity or
 * `instanceof`: two copies of babus may be loaded, so everything hangs on the class itself under `Symbol.for`.
 */

export type DecoratorName = 'publishes' | 'subscribes' | 'input' | 'param' | 'every';

/** One use of a member decorator. */
export interface MemberUse {
  readonly decorator: DecoratorName;
  /** The member's name; `#name` for a hard private one. */
  readonly key: string | symbol;
  readonly kind: 'field' | 'method' | 'other';
  readonly isStatic: boolean;
  /** Of the decorator. */
  readonly args: readonly unknown[];
  /** In legacy mode fields are set after construction; in standard mode, while the fields are initialized. */
  readonly mode: 'legacy' | 'standard';
}

const MEMBERS = Symbol.for('babus.members');

// The symbol under which compilers keep `context.metadata`; Node 20 has none, and they agree on this stand-in.
const METADATA: symbol = ((Symbol as { metadata?: symbol }).metadata ??= Symbol.for('Symbol.metadata'));

type Holder = object & { [MEMBERS]?: MemberUse[] };

/** Where uses go under a compiler that hands out no `context.metadata`: to the next class that is decorated. */
let unclaimed: Holder = {};

/** A member decorator of either mode. `initialize` gives a field its first value in standard mode. */
export function memberDecorator(
  decorator: DecoratorName,
  args: readonly unknown[],
  initialize?: (key: string | symbol, initial: unknown) => unknown,
): (target: unknown, context: unknown, descriptor?: PropertyDescriptor) => unknown {
  return (target, context, descriptor) => {
    if (typeof context !== 'object' || context === null) {
      const isStatic = typeof target === 'function';
      const kind =
        descriptor === undefined ? 'field' : typeof descriptor.value === 'function' ? 'method' : 'other';
      const holder = (isStatic ? target : (target as { constructor: unknown }).constructor) as Holder;
      ownMembers(holder).push({ decorator, key: context as string, kind, isStatic, args, mode: 'legacy' });
      return undefined;
    }
    const { name, kind, static: isStatic, metadata } = context as ClassMemberDecoratorContext;
    const known = kind === 'field' || kind === 'method' ? kind : 'other';
    const use: MemberUse = { decorator, key: name, kind: known, isStatic, args, mode: 'standard' };
    ownMembers(metadata ?? unclaimed).push(use);
    if (kind !== 'field' || !initialize) return undefined;
    return (initial: unknown) => initialize(name, initial);
  };
}

/** For the class decorator: keeps on the class what its members' decorators left, before the class has its metadata. */
export function claimMembers(cls: object, context: ClassDecoratorContext | undefined): void {
  if (!context) return;
  const holder = (context.metadata as Holder | undefined) ?? unclaimed;
  unclaimed = {};
  Object.defineProperty(cls, MEMBERS, { value: ownMembers(holder), configurable: true });
}

/** Uses of decorators in one class, not in its bases, in the order in which the compiler applied them. */
export function membersOf(cls: object): readonly MemberUse[] {
  for (const holder of [cls, own(cls, METADATA)])
    if (typeof holder === 'object' || typeof holder === 'function') {
      const members = own(holder!, MEMBERS);
      if (Array.isArray(members)) return members as MemberUse[];
    }
  return [];
}

function ownMembers(holder: Holder): MemberUse[] {
  if (!Object.hasOwn(holder, MEMBERS))
    Object.defineProperty(holder, MEMBERS, { value: [], configurable: true });
  return holder[MEMBERS]!;
}

function own(holder: object, key: symbol): unknown {
  return Object.hasOwn(holder, key) ? (holder as Record<symbol, unknown>)[key] : undefined;
}
