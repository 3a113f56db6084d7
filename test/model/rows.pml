/* One row: its owner, those who recover it, those who take it next. Steps as in Participant::take_row and
   native/core/recovery.cc; README.md beside this file maps them. One statement, or one atomic block, is one access to
   shared memory or one system call.

   Bounds (-D): OWNERS (of the row, in any order), RECOVERERS, CRASHES, STOPS (recoverers that stop for ever,
   anywhere), LOSES_LOCK (an owner's descriptor may be closed behind its back).
   Broken on purpose (-D): TEST_THEN_ACT, LOOKS_BEFORE_LOCK, FREES_FIRST, TRUSTS_LOCK, TAKES_WITHOUT_LOOK,
   TAKES_UNLOCKED, HEARS_ONCE. */
#ifndef OWNERS
#define OWNERS 2
#endif
#ifndef RECOVERERS
#define RECOVERERS 3
#endif
#ifndef CRASHES
#define CRASHES 1
#endif
#ifndef STOPS
#define STOPS 0
#endif
#define ALL (OWNERS + RECOVERERS)
#define NOBODY 255

/* The row. */
bit taken = 0;
byte generation = 0;
byte process = NOBODY; /* the owner's pid and start time */
byte hazard = 0;       /* of the owner of that generation; stands for its pins and its sleeper bits */
byte claim = 0;        /* a buffer's state: claimed by this row and that generation, or 0 */

/* The lock of an open file description: the kernel lets go of it when its holder dies. */
byte exclusive = NOBODY;
byte shared = 0;
bit shares[ALL];

/* For the checks, and for `deaths > heard`: those who are alive hear of each death. */
bit dead[ALL];
byte deaths = 0;
byte stops = 0;

#define TRY_SHARED (exclusive == NOBODY)
#define TRY_EXCLUSIVE (exclusive == NOBODY && shared == shares[me])
#define UNLOCK if :: exclusive == me -> exclusive = NOBODY :: else fi; \
  if :: shares[me] -> shares[me] = 0; shared-- :: else fi

#if STOPS > 0
#define OR_STOP :: atomic { may_stop && stops < STOPS -> stops++; goto stopped }
#else
#define OR_STOP
#endif
#define STEP(x) if :: atomic { x } \
  :: atomic { deaths < CRASHES -> deaths++; dead[me] = 1; UNLOCK; goto died } \
  OR_STOP fi

#ifdef TRUSTS_LOCK
#define ITS_PROCESS_ENDED true
#else
#define ITS_PROCESS_ENDED dead[who]
#endif

/* Domain::is_dead */
inline look_if_dead() {
  atomic { if :: !taken -> goto leave :: else fi };
  atomic { if :: exclusive != NOBODY -> goto leave :: else -> who = process fi };
  atomic { if :: !(ITS_PROCESS_ENDED) -> goto leave :: else fi };
  atomic { if :: exclusive != NOBODY -> goto leave :: else fi }
}

/* recover_if_dead */
inline recover() {
  look_if_dead();
#ifndef TEST_THEN_ACT
  STEP( if :: TRY_SHARED -> shares[me] = 1; shared++ :: else -> goto leave fi );
#ifndef LOOKS_BEFORE_LOCK
  look_if_dead();
#endif
#endif
  whose = generation;
#ifdef FREES_FIRST
  STEP( taken = 0 );
#endif
  STEP( hazard = 0 );
  STEP( if :: claim == whose -> claim = 0 :: else fi );
  STEP( taken = 0 );
leave:
  STEP( UNLOCK; whose = 0; who = 0 )
}

/* Takes the row, uses it, gives it back. */
proctype owner(byte me) {
  byte mine, whose, who;
  bit may_stop;
  recover(); /* Participant::recover_the_dead, before it looks for a row */
end:
  !taken; /* another row would do as well, but this one is the subject */
#ifndef TAKES_UNLOCKED
  STEP( if :: TRY_EXCLUSIVE -> exclusive = me :: else -> goto end fi );
#endif
#ifndef TAKES_WITHOUT_LOOK
  if
  :: taken -> STEP( UNLOCK; goto end ) /* somebody was faster, and let go of the lock since */
  :: else
  fi;
#endif
  mine = generation + 1;
  STEP( generation = mine );
  STEP( process = me );
  STEP( taken = 1 );
#ifdef LOSES_LOCK
  if :: STEP( UNLOCK ) :: true fi;
#endif
  STEP( claim = mine );
  STEP( hazard = mine );
  /* Nobody takes away what a living owner holds, nor its row. */
  STEP( assert(hazard == mine); hazard = 0 );
  STEP( assert(claim == mine); claim = 0 );
  STEP( assert(taken && generation == mine && process == me); taken = 0 );
  STEP( UNLOCK; mine = 0; goto gone );
died:
  atomic { mine = 0; whose = 0; who = 0 };
gone:
  skip;
#if STOPS > 0
  goto ended;
stopped:
  skip;
ended:
#endif
  skip
}

/* A watcher. It hears of each death, of an owner or of another watcher, and looks again as long as a lock keeps it
   from recovering one whose process has ended. */
proctype recoverer(byte me) {
  byte heard, whose, who;
  bit may_stop = 1;
end:
  atomic {
#ifdef HEARS_ONCE
    deaths > heard;
#else
    deaths > heard || (taken && dead[process] && exclusive == NOBODY);
#endif
    heard = deaths
  };
  recover();
  goto end;
died:
  atomic { heard = 0; whose = 0; who = 0 };
#if STOPS > 0
stopped:
  skip;
#endif
  skip
}

init {
  byte i;
  atomic {
    do :: i < OWNERS -> run owner(i); i++ :: else -> break od;
    do :: i < ALL -> run recoverer(i); i++ :: else -> break od;
    i = 0
  };
  atomic { /* nobody can do anything any more */
    timeout;
    assert(exclusive == NOBODY || stops > 0);
    assert(shared == 0 || stops > 0);
    /* A dead owner's row is free, even if a recoverer stopped in the middle. */
    assert(!taken || !dead[process] || exclusive != NOBODY);
    /* A free row is clean. */
    assert(taken || (hazard == 0 && claim == 0))
  }
}
