import { BabusError } from '../errors/index.js';
import type { Schema, View } from '../schema/types.js';
import type { Info, PastMessages, Publisher, Subscription } from '../slots/index.js';
import { initialFieldValue } from './construction.js';
import { declare } from './declare.js';
import { claimMembers, memberDecorator } from './members.js';
import { setMeta } from './metadata.js';
import type { Node } from './node.js';

/**
 * A decorator of a field that holds a V, or one of the values that V stands for: `'a' | 'b'` for a string with these choices.
 * In legacy mode of public fields alone, which is all that mode can see.
 */
export interface FieldDecorator<V> {
  <K extends string>(target: Record<K, V>, key: K): void;
  <This, P extends V>(value: undefined, context: ClassFieldDecoratorContext<This, P>): (initial: P) => P;
}

/** A decorator of a method that can be called as F. */
export interface MethodDecorator<F extends (...args: never[]) => unknown> {
  <G extends F>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<G>): void;
  <This, G extends F>(value: G, context: ClassMethodDecoratorContext<This>): void;
}

export interface PortOptions {
  /** Name of the port in launch files, in place of the one made from the member's name. */
  port?: string;
}

export interface InputOptions extends PortOptions {
  /**
   * Messages from before the node was there that the port's method gets first: `'all'` that the slot has, the last so many, or
   * `{ since: '2s' }`. None by default. They come in order, and what came before them does not count as missed.
   */
  history?: PastMessages;
}

export interface SubscribeOptions extends InputOptions {
  /** Deliver the newest message and pass over those before it, for handlers that are slower than the slot. */
  latest?: boolean;
  /** Runs of an asynchronous handler that may be under way at once. More than one gives up their order. Default 1. */
  concurrency?: number;
  /**
   * `exit`: a run that throws or rejects ends the node, as `finish(error)` does. By default it is logged and counted, and the
   * node goes on.
   */
  onError?: 'continue' | 'exit';
}

export type TimerOptions = Pick<SubscribeOptions, 'onError'>;

interface ParamTypes {
  number: number;
  integer: number;
  string: string;
  boolean: boolean;
  'number[]': readonly number[];
  'string[]': readonly string[];
}

type Numeric = 'number' | 'integer' | 'number[]';

export interface ParamOptions<T extends keyof ParamTypes = keyof ParamTypes> {
  /** `integer` takes whole numbers. */
  type: T;
  /** A parameter without one must be given in the launch file. */
  default?: ParamTypes[T];
  /** Least value, of a number or of each in a list. */
  minimum?: T extends Numeric ? number : never;
  /** Greatest value, of a number or of each in a list. */
  maximum?: T extends Numeric ? number : never;
  /** The only values permitted. */
  choices?: T extends Numeric ? readonly number[] : T extends 'boolean' ? never : readonly string[];
  /** Shown by `babus check` and editors. State the unit. */
  description?: string;
}

/**
 * Makes a class a node class; every decorated member is checked here.
 * @throws BabusError ERR_BABUS_NODE_CLASS for what cannot work: a port taken twice, an unknown option, a default out of range …
 */
export function node(
  ...nothing: never[]
): <C extends new (...args: never[]) => Node>(cls: C, context?: ClassDecoratorContext) => void {
  if (nothing.length > 0)
    throw new BabusError(
      'ERR_BABUS_NODE_CLASS',
      'node takes no arguments; write @node() with parentheses before the class',
    );
  return (cls, context) => {
    claimMembers(cls, context);
    setMeta(cls, declare(cls));
  };
}

/** Makes a `Publisher` field; its port is the field's name in snake_case: `leftImage` → `left_image`. */
export function publishes<M>(schema: Schema<M>, options?: PortOptions): FieldDecorator<Publisher<M>> {
  return memberDecorator('publishes', [schema, options], initialFieldValue) as FieldDecorator<Publisher<M>>;
}

/**
 * Calls the method with each message of a port, whose name is the method's without `on`, in snake_case: `onLeftImage` →
 * `left_image`.
 *
 * The view is lent until the method returns or the promise it returned settles; `clone()` keeps the data, `hold()` the message. One run at a time,
 * in order. What the method throws is logged and counted, and the node goes on.
 */
export function subscribes<M>(
  schema: Schema<M>,
  options?: SubscribeOptions,
): MethodDecorator<(view: View<M>, info: Info) => void | Promise<void>> {
  return memberDecorator('subscribes', [schema, options]) as MethodDecorator<
    (view: View<M>, info: Info) => void | Promise<void>
  >;
}

/**
 * Makes a `Subscription` field: counters of a port and the slot's last messages. On the port of a `@subscribes` method it is
 * that method's subscription.
 */
export function input<M>(schema: Schema<M>, options?: InputOptions): FieldDecorator<Subscription<M>> {
  return memberDecorator('input', [schema, options], initialFieldValue) as FieldDecorator<Subscription<M>>;
}

/** Makes a field a parameter of launch files; its name there is the field's in snake_case: `maxRate` → `max_rate`. */
export function param<T extends keyof ParamTypes>(options: ParamOptions<T>): FieldDecorator<ParamTypes[T]> {
  return memberDecorator('param', [options], initialFieldValue) as FieldDecorator<ParamTypes[T]>;
}

/**
 * Calls the method once in each period, such as `500ms` or `1s`, at multiples of it from the node's start on: late calls do not
 * put off later ones. A call that would come while the one before is under way is left out.
 */
export function every(period: string, options?: TimerOptions): MethodDecorator<() => void | Promise<void>> {
  return memberDecorator('every', [period, options]) as MethodDecorator<() => void | Promise<void>>;
}
