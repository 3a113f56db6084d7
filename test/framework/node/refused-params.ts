/* eslint-disable @typescript-eslint/no-empty-function -- the methods of these classes are never called */
import { every, Node, node, param } from '../../../framework/index.js';
import { loose, type Refusal } from './loose.js';

export const REFUSED_PARAMS: readonly Refusal[] = [
  [
    "X.tick: @every: '1' has no unit; write 1s or 1ms",
    () => {
      @node()
      class X extends Node {
        @every('1') tick(): void {}
      }
      return X;
    },
  ],
  [
    "X.tick: @every: '10us' is too short; timers of the event loop count whole milliseconds",
    () => {
      @node()
      class X extends Node {
        @every('10us') tick(): void {}
      }
      return X;
    },
  ],
  [
    "X.tick: @every: wants a period such as '1s', given 5",
    () => {
      @node()
      class X extends Node {
        @loose.every(5) tick(): void {}
      }
      return X;
    },
  ],
  [
    "X.rate: @param: unknown option 'defualt'; did you mean 'default'?",
    () => {
      @node()
      class X extends Node {
        @loose.param({ type: 'number', defualt: 3 }) rate: unknown;
      }
      return X;
    },
  ],
  [
    "X.rate: @param: type wants one of number, integer, string, boolean, number[], string[], given 'int'",
    () => {
      @node()
      class X extends Node {
        @loose.param({ type: 'int' }) rate: unknown;
      }
      return X;
    },
  ],
  [
    'X.rate: @param: wants an object with type, default, minimum, maximum, choices, description, given undefined',
    () => {
      @node()
      class X extends Node {
        @loose.param() rate: unknown;
      }
      return X;
    },
  ],
  [
    'X.rate: @param: the default does not fit: wants a whole number of at least 1, given 0.5',
    () => {
      @node()
      class X extends Node {
        @param({ type: 'integer', default: 0.5, minimum: 1 }) rate!: number;
      }
      return X;
    },
  ],
  [
    'X.rate: @param: minimum 5 is above maximum 4',
    () => {
      @node()
      class X extends Node {
        @param({ type: 'number', minimum: 5, maximum: 4 }) rate!: number;
      }
      return X;
    },
  ],
  [
    'X.mode: @param: minimum is for numbers, the type is string',
    () => {
      @node()
      class X extends Node {
        @loose.param({ type: 'string', minimum: 5 }) mode: unknown;
      }
      return X;
    },
  ],
  [
    'X.mode: @param: choices of type string must be strings, given 3',
    () => {
      @node()
      class X extends Node {
        @loose.param({ type: 'string', choices: ['a', 3] }) mode: unknown;
      }
      return X;
    },
  ],
  [
    'X.mode: @param: choices wants a list of strings or numbers for a type of them, given []',
    () => {
      @node()
      class X extends Node {
        @param({ type: 'string', choices: [] }) mode!: string;
      }
      return X;
    },
  ],
  [
    "X.max_rate: @param: param 'max_rate' is taken by maxRate",
    () => {
      @node()
      class X extends Node {
        @param({ type: 'number', default: 1 }) maxRate!: number;
        @param({ type: 'number', default: 1 }) max_rate!: number;
      }
      return X;
    },
  ],
];
