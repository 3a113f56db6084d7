import { every, input, param, publishes, subscribes } from '../../../framework/index.js';

/** A decorator as JavaScript sees it: applied wherever one likes, to members of any type. */
type Loose = (...args: unknown[]) => (value: unknown, context: DecoratorContext) => never;

export const loose = { publishes, subscribes, input, param, every } as unknown as Record<
  'publishes' | 'subscribes' | 'input' | 'param' | 'every',
  Loose
>;

/** What `@node()` says about a class, and what defines that class. */
export type Refusal = readonly [message: string, define: () => unknown];
