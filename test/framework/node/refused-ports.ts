/* eslint-disable @typescript-eslint/no-empty-function -- the methods of these classes are never called */
import { every, Node, node, subscribes } from '../../../framework/index.js';
import { Image, Vector3 } from '../../../schemas/index.js';
import { loose, type Refusal } from './loose.js';

export const REFUSED_PORTS: readonly Refusal[] = [
  [
    "X.b: @publishes: port 'image' is taken by a",
    () => {
      @node()
      class X extends Node {
        @loose.publishes(Image, { port: 'image' }) a: unknown;
        @loose.publishes(Image, { port: 'image' }) b: unknown;
      }
      return X;
    },
  ],
  [
    "X.onImage: @subscribes: port 'image' is taken by image",
    () => {
      @node()
      class X extends Node {
        @loose.publishes(Image) image: unknown;
        @subscribes(Image) onImage(): void {}
      }
      return X;
    },
  ],
  [
    "X.onImage: @subscribes: port 'image' is taken by image",
    () => {
      @node()
      class X extends Node {
        @subscribes(Image) image(): void {}
        @subscribes(Image) onImage(): void {}
      }
      return X;
    },
  ],
  [
    "X.image: @input: port 'image' is read as std/Image here and as std/Vector3 by onImage",
    () => {
      @node()
      class X extends Node {
        @loose.input(Image) image: unknown;
        @subscribes(Vector3) onImage(): void {}
      }
      return X;
    },
  ],
  [
    "X.again: @input: port 'image' is taken by image",
    () => {
      @node()
      class X extends Node {
        @loose.input(Image) image: unknown;
        @loose.input(Image, { port: 'image' }) again: unknown;
      }
      return X;
    },
  ],
  [
    "X.onImage: @subscribes: unknown option 'lates'; did you mean 'latest'?",
    () => {
      @node()
      class X extends Node {
        @loose.subscribes(Image, { lates: true }) onImage(): void {}
      }
      return X;
    },
  ],
  [
    "X.image: @publishes: unknown option 'latest'; known: port",
    () => {
      @node()
      class X extends Node {
        @loose.publishes(Image, { latest: true }) image: unknown;
      }
      return X;
    },
  ],
  [
    'X.onImage: @subscribes: latest wants true or false, given 1',
    () => {
      @node()
      class X extends Node {
        @loose.subscribes(Image, { latest: 1 }) onImage(): void {}
      }
      return X;
    },
  ],
  [
    'X.onImage: @subscribes: concurrency wants a whole number from 1 on, given 0.5',
    () => {
      @node()
      class X extends Node {
        @subscribes(Image, { concurrency: 0.5 }) onImage(): void {}
      }
      return X;
    },
  ],
  [
    "X.onImage: @subscribes: history wants 'all', a whole number of messages, or { since: '2s' }, given 1.5",
    () => {
      @node()
      class X extends Node {
        @subscribes(Image, { history: 1.5 }) onImage(): void {}
      }
      return X;
    },
  ],
  [
    "X.onImage: @subscribes: history wants 'all', a whole number of messages, or { since: '2s' }, given { since: '2s', to: 1 }",
    () => {
      @node()
      class X extends Node {
        @loose.subscribes(Image, { history: { since: '2s', to: 1 } }) onImage(): void {}
      }
      return X;
    },
  ],
  [
    "X.onImage: @subscribes: history '2' has no unit; write 2s or 2ms",
    () => {
      @node()
      class X extends Node {
        @subscribes(Image, { history: { since: '2' } }) onImage(): void {}
      }
      return X;
    },
  ],
  [
    "X.image: @input: history is what the @subscribes method of the port gets, and port 'image' has none; read back with at(), " +
      'since() and iterate()',
    () => {
      @node()
      class X extends Node {
        @loose.input(Image, { history: 3 }) image: unknown;
      }
      return X;
    },
  ],
  [
    "X.image: @input: history 'all' is asked for here and { since: '2s' } by onImage",
    () => {
      @node()
      class X extends Node {
        @loose.input(Image, { history: 'all' }) image: unknown;
        @subscribes(Image, { history: { since: '2s' } }) onImage(): void {}
      }
      return X;
    },
  ],
  [
    "X.image: @publishes: 'Image' is no name for a port: small letters, digits and underscores, from a letter on",
    () => {
      @node()
      class X extends Node {
        @loose.publishes(Image, { port: 'Image' }) image: unknown;
      }
      return X;
    },
  ],
  [
    "X._image: @publishes: '_image' is no name for a port: small letters, digits and underscores, from a letter on; give one: " +
      '{ port: "name" }',
    () => {
      @node()
      class X extends Node {
        @loose.publishes(Image) _image: unknown;
      }
      return X;
    },
  ],
  [
    'X.image: @publishes: wants a schema that babus gen made, given undefined; modules that import each other in a circle give ' +
      'undefined',
    () => {
      @node()
      class X extends Node {
        @loose.publishes(undefined) image: unknown;
      }
      return X;
    },
  ],
  [
    "X.onImage: @subscribes: wants a schema that babus gen made, given 'std/Image'",
    () => {
      @node()
      class X extends Node {
        @loose.subscribes('std/Image') onImage(): void {}
      }
      return X;
    },
  ],
  [
    'X.image: @publishes: belongs on a field',
    () => {
      @node()
      class X extends Node {
        @loose.publishes(Image) image(): void {}
      }
      return X;
    },
  ],
  [
    'X.image: @publishes: belongs on a field, not on an accessor',
    () => {
      @node()
      class X extends Node {
        @loose.publishes(Image) accessor image: unknown;
      }
      return X;
    },
  ],
  [
    'X.onImage: @subscribes: belongs on a method',
    () => {
      @node()
      class X extends Node {
        @loose.subscribes(Image) onImage = (): void => undefined;
      }
      return X;
    },
  ],
  [
    'X.image: @publishes: belongs on a field of the instance, not on a static one',
    () => {
      @node()
      class X extends Node {
        @loose.publishes(Image) static image: unknown;
      }
      return X;
    },
  ],
  [
    "X.#image: @publishes: a #private member cannot be decorated; write 'private image'",
    () => {
      @node()
      class X extends Node {
        @loose.publishes(Image) readonly #image: unknown;
        override onStart(): void {
          this.log.info(String(this.#image));
        }
      }
      return X;
    },
  ],
  [
    'X.onStart: @subscribes: this member of Node has a meaning of its own; choose another name',
    () => {
      @node()
      class X extends Node {
        @subscribes(Image) override onStart(): void {}
      }
      return X;
    },
  ],
  [
    "Sub.again: @publishes: port 'image' is taken by image",
    () => {
      class X extends Node {
        @loose.publishes(Image) image: unknown;
      }
      @node()
      class Sub extends X {
        @loose.publishes(Image, { port: 'image' }) again: unknown;
      }
      return Sub;
    },
  ],
  [
    'node takes no arguments; write @node() with parentheses before the class',
    () => {
      @(node as unknown as ClassDecorator)
      class X extends Node {}
      return X;
    },
  ],
  [
    'X.onImage: @subscribes: the member is decorated with @every too; use one of them',
    () => {
      @node()
      class X extends Node {
        @subscribes(Image) @every('1s') onImage(): void {}
      }
      return X;
    },
  ],
];
