// Every line below an expectation must fail to compile, in both decorator modes.
import { Clock, every, inject, input, Node, node, param, publishes, subscribes, testNode } from 'babus';
import type { Publisher, Subscription, View } from 'babus';
import { Image, Vector3 } from 'babus/schemas';

export class BadParams extends Node {
  // @ts-expect-error the default is no number
  @param({ type: 'number', default: 'x' }) a!: number;
  // @ts-expect-error the property has another type than the parameter
  @param({ type: 'number' }) b!: string;
  // @ts-expect-error there is no such type
  @param({ type: 'float' }) c!: number;
  // @ts-expect-error a limit for a string
  @param({ type: 'string', minimum: 3 }) d!: string;
  // @ts-expect-error a choice of another type
  @param({ type: 'string', choices: ['a', 3] }) e!: string;
  // @ts-expect-error a misspelt option
  @param({ type: 'number', defualt: 3 }) f!: number;
  // @ts-expect-error a list in a property for one value
  @param({ type: 'number[]', default: [1] }) g!: number;
}

export class BadPorts extends Node {
  // @ts-expect-error a publisher of another schema
  @publishes(Image) a!: Publisher<Vector3>;
  // @ts-expect-error a subscription in place of a publisher
  @publishes(Image) b!: Subscription<Image>;
  // @ts-expect-error a subscription to another schema
  @input(Image) c!: Subscription<Vector3>;
  // @ts-expect-error publishers cannot skip
  @publishes(Image, { latest: true }) d!: Publisher<Image>;
  // @ts-expect-error publishers have no past
  @publishes(Image, { history: 'all' }) past!: Publisher<Image>;
  // @ts-expect-error a schema is wanted, not its name
  @publishes('std/Image') e!: Publisher<Image>;
  // @ts-expect-error fields publish, methods do not
  @publishes(Image) f(): void {}
}

interface Fancy extends Image {
  extra: number;
}

export class BadHandlers extends Node {
  // @ts-expect-error a handler of another schema
  @subscribes(Image) a(_view: View<Vector3>): void {}
  // @ts-expect-error a plain message is no view
  @subscribes(Image) b(_image: Fancy): void {}
  // @ts-expect-error a result that nobody would see
  @subscribes(Image) c(): number {
    return 1;
  }
  // @ts-expect-error an argument that does not come
  @subscribes(Image) d(_view: View<Image>, _info: string): void {}
  // @ts-expect-error one argument too many
  @subscribes(Image) e(_view: View<Image>, _info: unknown, _more: number): void {}
  // @ts-expect-error timers bring nothing
  @every('1s') f(_count: number): void {}
  // @ts-expect-error a period needs a unit
  @every(1000) g(): void {}
  // @ts-expect-error a misspelt option
  @subscribes(Image, { lates: true }) h(): void {}
  // @ts-expect-error another word for all
  @subscribes(Image, { history: 'everything' }) j(): void {}
  // @ts-expect-error a time alone might be a number of messages
  @subscribes(Image, { history: '2s' }) k(): void {}
  // @ts-expect-error a duration needs a unit
  @subscribes(Image, { history: { since: 2 } }) l(): void {}
  // @ts-expect-error a method is wanted
  @subscribes(Image) i = 3;
}

// @ts-expect-error no Node
@node()
export class NotANode {}

// @ts-expect-error nobody can construct an abstract class
@node()
export abstract class Abstract extends Node {}

// @ts-expect-error the parentheses are missing
@node
export class NoParentheses extends Node {}

export class BadInjection extends Node {
  // @ts-expect-error a clock is no number
  readonly a: number = inject(Clock);
  // @ts-expect-error a string is no token
  readonly b = inject('Clock');
}

// @ts-expect-error a class that is no node
void testNode(NotANode);
