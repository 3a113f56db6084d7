/* Who watches whom: each watcher the rows after its own, round the table, up to the REACH-th that watches too. Steps as in
   native/core/watcher.cc find_living and watch; README.md beside this file maps them. How one row is recovered, and taken
   again, is in rows.pml: here it is one step. One statement, or one atomic block, is one access to shared memory or one
   system call.

   Bounds (-D): ROWS, REACH, WATCHERS (bits: which rows watch), LATE (bits: which join later), CRASHES, STOPS (of
   participants that stop for ever, anywhere), LEAVES.
   Broken on purpose (-D): COUNTS_ALL, LEAVES_IN_SILENCE, JOINS_IN_SILENCE. */
#ifndef ROWS
#define ROWS 5
#endif
#ifndef REACH
#define REACH 2
#endif
#ifndef WATCHERS
#define WATCHERS 31
#endif
#ifndef LATE
#define LATE 0
#endif
#ifndef CRASHES
#define CRASHES 2
#endif
#ifndef STOPS
#define STOPS 1
#endif
#ifndef LEAVES
#define LEAVES 0
#endif
#define HAS(set, row) (((set) >> (row)) & 1)

bit taken[ROWS];
bit watches[ROWS];
/* Has the membership word been counted up since this watcher read it? */
bit news[ROWS];
/* The processes that each watcher holds open, which tell it when they end. */
byte held[ROWS];

/* For the checks, and for the kernel, which knows it. */
byte dead = 0; /* a set of rows: of those that are taken, whose owner died */
byte crashes = 0, stops = 0, leaves = 0;

#define ANNOUNCE i = 0; do :: i < ROWS -> news[i] = watches[i]; i++ :: else -> i = 0; break od
#define STEP(x) if :: atomic { x } \
  :: atomic { crashes < CRASHES -> crashes++; dead = dead | (taken[me] << me); goto gone } \
  :: atomic { stops < STOPS -> stops++; goto gone } fi

proctype participant(byte me) {
  byte i, row, at, count, found;
  if
  :: HAS(LATE, me) ->
     STEP( watches[me] = HAS(WATCHERS, me) );
#ifdef JOINS_IN_SILENCE
     STEP( taken[me] = 1 )
#else
     STEP( taken[me] = 1; ANNOUNCE ) /* two steps, but the row's lock says meanwhile that somebody joins: rows.pml */
#endif
  :: else
  fi;
  if :: !HAS(WATCHERS, me) -> goto work :: else fi;
look: /* Watcher::find_living */
  at = 1;
  do
  :: at < ROWS && count < REACH ->
     STEP(
       row = (me + at) % ROWS;
       if
       :: taken[row] && HAS(dead, row) ->
          taken[row] = 0; dead = dead & ~(1 << row); watches[row] = 0; ANNOUNCE
       :: taken[row] && !HAS(dead, row) ->
          found = found | (1 << row);
#ifdef COUNTS_ALL
          count++
#else
          count = count + watches[row]
#endif
       :: !taken[row]
       fi;
       row = 0; at++
     )
  :: else -> break
  od;
  STEP( held[me] = found; found = 0; count = 0; at = 0 );
work: /* Poller::wait; or what the participant does beside, which is nothing to this */
  do
  :: atomic { HAS(WATCHERS, me) && news[me] -> news[me] = 0; goto look }
  :: atomic { HAS(WATCHERS, me) && (held[me] & dead) != 0 -> goto look }
  :: atomic { crashes < CRASHES -> crashes++; dead = dead | (taken[me] << me); goto gone }
  :: atomic { stops < STOPS -> stops++; goto gone }
  :: atomic { leaves < LEAVES -> leaves++; taken[me] = 0; watches[me] = 0;
#ifndef LEAVES_IN_SILENCE
       ANNOUNCE;
#endif
       goto gone }
  :: atomic { timeout -> break } /* nobody can do anything any more */
  od;
  /* Fewer watchers than each has before it are stopped, and this one goes on: nobody dead is left. */
  assert(!HAS(WATCHERS, me) || stops >= REACH || dead == 0);
gone:
  atomic { i = 0; row = 0; at = 0; count = 0; found = 0 }
}

init {
  byte i;
  atomic {
    do
    :: i < ROWS ->
       if
       :: !HAS(LATE, i) -> taken[i] = 1; watches[i] = HAS(WATCHERS, i); news[i] = watches[i]
       :: else
       fi;
       i++
    :: else -> i = 0; break
    od;
    do :: i < ROWS -> run participant(i); i++ :: else -> i = 0; break od
  }
}
