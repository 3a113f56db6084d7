/** Models, their bounds, and the ways to break them. README.md beside this file says what each shows. */
export type ModelName = 'ring' | 'sleep' | 'rows' | 'reach' | 'directory';

export interface Case {
  readonly model: ModelName;
  /** Defines, as in `READERS=2 LATE`. */
  readonly defines: string;
  /** Of a broken variant: part of the property that must be found violated, as spin prints it, without spaces. */
  readonly violates?: string;
  /** Small enough for `npm test`. */
  readonly quick?: boolean;
}

/** Of each model, in the order below. */
const QUICK_BROKEN = 3;

const good = (model: ModelName, defines: string, quick = false): Case => ({ model, defines, quick });
const broken = (model: ModelName, ...variants: readonly (readonly [string, string])[]): Case[] =>
  variants.map(([defines, violates], at) => ({ model, defines, violates, quick: at < QUICK_BROKEN }));

/* What is violated. */
const TORN = 'content[b]==next';
const BLOCKED = 'invalid end state';
const UNSEEN = 'seen[';
const UNTOLD = 'told[';
const TAKEN_AWAY = 'taken&&(generation==mine)';
const UNCLEAN = '(hazard==0)&&(claim==0)';
const NOT_RECOVERED = '!(dead[process])';
const LEFT_BEHIND = 'uses[0]==s';
const FILES_LEFT = 'left<=stops';
const UNWATCHED = 'dead==0';

export const CASES: readonly Case[] = [
  good('ring', 'READERS=1 MSGS0=2 MSGS1=2', true),
  good('ring', 'READERS=2 MSGS0=3 MSGS1=2'),
  good('ring', 'READERS=2 MSGS0=2 MSGS1=1 CRASHES=1 STOPS=1'),
  good('ring', 'READERS=2 MSGS0=2 MSGS1=1 CRASHES=2'),
  good('ring', 'READERS=1 MSGS0=3 MSGS1=2 CRASHES=2'),
  good('ring', 'READERS=1 MSGS0=3 MSGS1=2 CRASHES=1 STOPS=1'),
  good('ring', 'READERS=1 MSGS0=2 MSGS1=1 CRASHES=2 RECOVERERS=2'),
  good('ring', 'READERS=1 MSGS0=3 MSGS1=2 STOPS=1 LATE'),
  ...broken(
    'ring',
    ['READERS=1 CRASHES=1 NO_HELP', 'published==(next-1)'],
    ['READERS=1 CRASHES=1 KEEPS_CLAIMS', 'held<=stops'],
    ['READERS=1 NO_SECOND_LOOK', TORN],
    ['READERS=1 CRASHES=1 FREES_PUBLISHED', TORN],
    ['READERS=1 LOOKS_BEFORE_RING', TORN],
    ['READERS=1 STORES_WORD', 'next==(published+1)'],
    ['READERS=1 CLAIMS_IN_RING', TORN],
    ['READERS=1 CRASHES=1 HEAD_FIRST', '!(announced)'],
    ['READERS=1 SKIPS_TO_NEWEST', '((n+2)-1)<=published'],
    ['READERS=1 JUDGES_EARLY', 'seq<=n'],
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
  good('sleep', 'KIND0=2 KIND2=3 PUBLISHERS=1 MSGS=1 CANCELS=2'),
  good('sleep', 'KIND2=3 PUBLISHERS=1 MSGS=1 RETIRES CANCELS=1'),
  good('sleep', 'KIND0=3 PUBLISHERS=1 MSGS=1 RETIRES'),
  good('sleep', 'KIND0=3 KIND1=3 CHANGES=2 MSGS=2'),
  ...broken(
    'sleep',
    ['KIND1=3 KIND2=3 PUBLISHERS=1 LOOKS_BEFORE_ANNOUNCE', UNSEEN],
    ['KIND1=3 KIND2=3 PUBLISHERS=1 PUBLISHER_LOOKS_FIRST', UNSEEN],
    ['KIND1=3 KIND2=3 PUBLISHERS=1 READS_WORD_LATE', UNSEEN],
    ['KIND0=3 KIND2=3 PUBLISHERS=1 READS_WORD_LATE', UNSEEN],
    ['KIND1=0 KIND2=3 PUBLISHERS=1 CRASHES=1 COUNTER', UNSEEN],
    ['KIND1=3 KIND2=3 CRASHES=1 ONE_SLOT NO_WAKE_ALL', UNSEEN],
    ['KIND1=3 KIND2=3 CRASHES=1 ONE_SLOT WAKES_BEFORE_HELP', UNSEEN],
    ['KIND0=3 KIND1=2 KIND2=3 PUBLISHERS=1 DRAINS_LATE', UNSEEN],
    ['KIND1=0 KIND2=3 PUBLISHERS=1 WAKES_ONE', UNSEEN],
    ['KIND1=3 KIND2=3 PUBLISHERS=1 WAKES_WITHOUT_WORD', UNSEEN],
    ['KIND0=3 KIND2=3 PUBLISHERS=1 WAKES_WITHOUT_WORD', UNSEEN],
    ['KIND1=3 KIND2=3 PUBLISHERS=1 CRASHES=1 KEEPS_BITS', 'sleepers['],
    ['KIND1=3 KIND2=3 PUBLISHERS=1 RETIRES RETIRES_IN_SILENCE', UNTOLD],
    ['KIND1=3 KIND2=3 PUBLISHERS=1 RETIRES RETIRES_LATE', UNTOLD],
    ['KIND0=3 KIND1=3 CHANGES=2 MSGS=3 SAME_EDITION', UNSEEN],
    ['KIND0=3 KIND1=3 CHANGES=1 MSGS=2 MODE_LATE', UNSEEN],
  ),

  good('rows', 'WATCHERS=1', true),
  good('rows', 'WATCHERS=1 LOSES_LOCK JOINERS_RECOVER FAILS=1'),
  good('rows', 'WATCHERS=2 STOPS=1'),
  good('rows', 'WATCHERS=2 CRASHES=2'),
  ...broken(
    'rows',
    ['WATCHERS=1 NAMED_TOO_EARLY', NOT_RECOVERED],
    ['WATCHERS=1 JOINERS_RECOVER TEST_THEN_ACT', TAKEN_AWAY],
    ['WATCHERS=1 LOSES_LOCK TRUSTS_LOCK', TAKEN_AWAY],
    ['WATCHERS=1 JOINERS_RECOVER LOSES_LOCK LOOKS_BEFORE_LOCK', TAKEN_AWAY],
    ['WATCHERS=2 CRASHES=2 FREES_FIRST', UNCLEAN],
    ['WATCHERS=1 FAILS=1 FREES_HALF', UNCLEAN],
    ['WATCHERS=1 LOSES_LOCK TAKES_WITHOUT_LOOK', TAKEN_AWAY],
    ['WATCHERS=1 TAKES_UNLOCKED', TAKEN_AWAY],
    ['WATCHERS=1 HEARS_ONCE', NOT_RECOVERED],
    ['WATCHERS=1 IGNORES_JOINERS', NOT_RECOVERED],
    ['WATCHERS=1 LOOKS_AT_JOINERS_LAST', NOT_RECOVERED],
    ['WATCHERS=1 ANNOUNCES_AFTER', NOT_RECOVERED],
  ),

  good('reach', 'ROWS=4 CRASHES=2 STOPS=1 LEAVES=1', true),
  good('reach', 'ROWS=5 WATCHERS=21 CRASHES=3 STOPS=1'),
  good('reach', 'ROWS=5 WATCHERS=27 CRASHES=2 STOPS=1 LEAVES=1'),
  good('reach', 'ROWS=4 LATE=4 CRASHES=2 STOPS=1'),
  good('reach', 'ROWS=5 WATCHERS=29 LATE=16 CRASHES=1 STOPS=1'),
  ...broken(
    'reach',
    ['ROWS=4 WATCHERS=9 CRASHES=1 STOPS=0 COUNTS_ALL', UNWATCHED],
    ['ROWS=4 REACH=1 CRASHES=1 STOPS=0 LEAVES=1 LEAVES_IN_SILENCE', UNWATCHED],
    ['ROWS=4 REACH=1 WATCHERS=13 LATE=2 CRASHES=1 STOPS=0 JOINS_IN_SILENCE', UNWATCHED],
  ),

  good('directory', 'MADE GENERATIONS=4', true),
  good('directory', ''),
  good('directory', 'WANT1=1 GENERATIONS=5'),
  good('directory', 'MADE WANT1=1 FAILS=1'),
  good('directory', 'MADE WANT1=1 STOPS=1'),
  good('directory', 'MADE WANT1=1 CRASHES=1 GENERATIONS=5'),
  good('directory', 'MADE WANT1=2 CRASHES=2 STOPS=1 FAILS=1 GENERATIONS=5'),
  good('directory', 'MADE CRASHES=2 GENERATIONS=5'),
  good('directory', 'CRASHES=1 STOPS=1 GENERATIONS=4'),
  ...broken(
    'directory',
    ['MADE NO_SECOND_LOOK', LEFT_BEHIND],
    ['MADE COMPARES_ONCE', 'settings[g]=='],
    ['MADE CRASHES=1 FORGETS_OLD', FILES_LEFT],
    ['MADE LOOKS_BEFORE_BIT', LEFT_BEHIND],
    ['MADE OPENS_FIRST', 'uses[me]==current'],
    ['MADE STOPS=1 WAITS_FOR_REPLACER', BLOCKED],
    ['MADE WANT1=1 PLAIN_MARK', LEFT_BEHIND],
    ['MADE LOOKS_BEFORE_CLOSING', LEFT_BEHIND],
    ['MADE WANT1=1 ADOPTS_UNSEEN', LEFT_BEHIND],
    ['MADE WANT1=1 NUMBERS_FIRST', 'made>s'],
    ['MADE CRASHES=1 ANNOUNCES_LATE', FILES_LEFT],
    ['MADE CRASHES=1 REMOVES_CURRENT', 'current!=s'],
    ['MADE CRASHES=1 ENDS_EARLY', FILES_LEFT],
    ['LOSER_KEEPS_FILES', FILES_LEFT],
    ['MADE CRASHES=1 KEEPS_PINS', 'pins['],
  ),
];
