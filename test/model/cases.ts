/** Models, their bounds, and the ways to break them. README.md beside this file says what each shows. */
export type ModelName = 'ring' | 'sleep' | 'rows' | 'directory';

export interface Case {
  readonly model: ModelName;
  /** Defines, as in `READERS=2 LATE`. */
  readonly defines: string;
  /** A broken variant: a search that finds no error fails the case. */
  readonly broken?: boolean;
  /** Small enough for `npm test`. */
  readonly quick?: boolean;
}

/** Of each model, in the order below. */
const QUICK_BROKEN = 3;

const good = (model: ModelName, defines: string, quick = false): Case => ({ model, defines, quick });
const broken = (model: ModelName, ...variants: readonly string[]): Case[] =>
  variants.map((defines, at) => ({ model, defines, broken: true, quick: at < QUICK_BROKEN }));

export const CASES: readonly Case[] = [
  good('ring', 'READERS=1 MSGS0=2 MSGS1=2', true),
  good('ring', 'READERS=2 MSGS0=3 MSGS1=2'),
  good('ring', 'READERS=2 MSGS0=2 MSGS1=1 CRASHES=1 STOPS=1'),
  good('ring', 'READERS=1 MSGS0=3 MSGS1=2 CRASHES=2'),
  good('ring', 'READERS=1 MSGS0=3 MSGS1=2 CRASHES=1 STOPS=1'),
  good('ring', 'READERS=1 MSGS0=2 MSGS1=1 CRASHES=2 RECOVERERS=2'),
  good('ring', 'READERS=1 MSGS0=3 MSGS1=2 STOPS=1 LATE'),
  ...broken(
    'ring',
    'READERS=1 CRASHES=1 NO_HELP',
    'READERS=1 CRASHES=1 FREES_PUBLISHED',
    'READERS=1 CRASHES=1 KEEPS_CLAIMS',
    'READERS=1 NO_SECOND_LOOK',
    'READERS=1 LOOKS_BEFORE_RING',
    'READERS=1 STORES_WORD',
    'READERS=1 CLAIMS_IN_RING',
    'READERS=1 CRASHES=1 HEAD_FIRST',
    'READERS=1 SKIPS_TO_NEWEST',
  ),

  good('sleep', 'PUBLISHERS=1 MSGS=2', true),
  good('sleep', 'PUBLISHERS=2 MSGS=1'),
  good('sleep', 'PUBLISHERS=2 MSGS=1 TWO_BITS KIND1=0 KIND2=0'),
  good('sleep', 'PUBLISHERS=1 MSGS=1 CRASHES=1'),
  good('sleep', 'KIND2=3 PUBLISHERS=1 MSGS=2 CRASHES=2'),
  good('sleep', 'KIND1=3 PUBLISHERS=1 MSGS=2 CRASHES=2'),
  good('sleep', 'KIND0=3 PUBLISHERS=1 MSGS=2 CRASHES=2'),
  good('sleep', 'KIND1=0 KIND2=3 PUBLISHERS=1 MSGS=2 CRASHES=2'),
  good('sleep', 'KIND1=3 KIND2=3 ONE_SLOT MSGS=2 CRASHES=2'),
  good('sleep', 'KIND0=3 KIND2=3 ONE_SLOT MSGS=2 CRASHES=2'),
  good('sleep', 'KIND0=3 KIND1=2 KIND2=3 ONE_SLOT MSGS=2 CRASHES=2'),
  good('sleep', 'KIND2=3 PUBLISHERS=1 MSGS=1 CANCELS=2 CRASHES=1'),
  ...broken(
    'sleep',
    'KIND1=3 KIND2=3 PUBLISHERS=1 LOOKS_BEFORE_ANNOUNCE',
    'KIND1=3 KIND2=3 PUBLISHERS=1 PUBLISHER_LOOKS_FIRST',
    'KIND1=3 KIND2=3 PUBLISHERS=1 READS_WORD_LATE',
    'KIND0=3 KIND2=3 PUBLISHERS=1 READS_WORD_LATE',
    'KIND1=0 KIND2=3 PUBLISHERS=1 CRASHES=1 COUNTER',
    'KIND1=3 KIND2=3 CRASHES=1 ONE_SLOT NO_WAKE_ALL',
    'KIND1=3 KIND2=3 CRASHES=1 ONE_SLOT WAKES_BEFORE_HELP',
    'KIND0=3 KIND1=2 KIND2=3 PUBLISHERS=1 DRAINS_LATE',
    'KIND1=0 KIND2=3 PUBLISHERS=1 WAKES_ONE',
    'KIND1=3 KIND2=3 PUBLISHERS=1 WAKES_WITHOUT_WORD',
    'KIND0=3 KIND2=3 PUBLISHERS=1 WAKES_WITHOUT_WORD',
    'KIND1=3 KIND2=3 PUBLISHERS=1 CRASHES=1 KEEPS_BITS',
  ),

  good('rows', 'CRASHES=1', true),
  good('rows', 'CRASHES=2 STOPS=1 LOSES_LOCK'),
  ...broken(
    'rows',
    'TEST_THEN_ACT CRASHES=2',
    'LOOKS_BEFORE_LOCK LOSES_LOCK CRASHES=2',
    'FREES_FIRST CRASHES=2',
    'TRUSTS_LOCK LOSES_LOCK',
    'TAKES_WITHOUT_LOOK CRASHES=2',
    'TAKES_UNLOCKED',
    'HEARS_ONCE',
  ),

  good('directory', '', true),
  good('directory', 'REPLACERS=2 CRASHES=1'),
  good('directory', 'REPLACERS=2 STOPS=1'),
  good('directory', 'REPLACERS=1 CRASHES=2 STOPS=1'),
  ...broken(
    'directory',
    'NO_SECOND_LOOK',
    'ACCEPTS_CLOSING',
    'WAITS_FOR_REPLACER STOPS=1',
    'PLAIN_MARK REPLACERS=2',
    'LOOKS_BEFORE_CLOSING',
    'ANNOUNCES_LATE CRASHES=1',
    'REMOVES_CURRENT CRASHES=1',
    'FORGETS_OLD CRASHES=1',
    'LOSER_KEEPS_FILES',
  ),
];
