/* One row: who takes it, who watches for its death, recovers it, and takes it next. Steps as in
   native/core/participant.cc, recovery.cc, domain.cc and watcher.cc; README.md beside this file maps them. One statement,
   or one atomic block, is one access to shared memory or one system call.

   Bounds (-D): OWNERS (of the row, in any order), WATCHERS, CRASHES, STOPS (watchers that stop for ever, anywhere),
   FAILS (recoverers without the means to give everything back), LOSES_LOCK (an owner's descriptor may be closed behind
   its back).
   Broken on purpose (-D): TEST_THEN_ACT, LOOKS_BEFORE_LOCK, FREES_FIRST, FREES_HALF, TRUSTS_LOCK, TAKES_WITHOUT_LOOK,
   TAKES_UNLOCKED, NAMED_TOO_EARLY, HEARS_ONCE, IGNORES_JOINERS, LOOKS_AT_JOINERS_LAST, ANNOUNCES_AFTER. */
#ifndef OWNERS
#define OWNERS 2
#endif
#ifndef WATCHERS
#define WATCHERS 3
#endif
#ifndef CRASHES
#define CRASHES 1
#endif
#ifndef STOPS
#define STOPS 0
#endif
#ifndef FAILS
#define FAILS 0
#endif
#define ALL (OWNERS + WATCHERS)
#define NOBODY 255

/* The row. */
bit taken = 0;
byte generation = 0;
byte process = NOBODY; /* the owner's pid and start time */
byte hazard = 0;       /* of the owner of that generation; stands for its pins and its sleeper bits */
byte claim = 0;        /* a buffer's state: claimed by this row and that generation, or 0 */

/* The locks of an open file description: the kernel lets go of them some time after their holder died. */
byte exclusive = NOBODY;
byte shared = 0;
bit shares[ALL];
byte joiners = 0; /* hold the join lock */
bit joins[OWNERS];

/* Has the membership word been counted up since this watcher read it? */
bit news[ALL];

/* For the checks, and for the kernel, which knows it. */
bit dead[ALL];
byte crashes = 0;
byte stops = 0;
byte fails = 0;

#define TRY_SHARED (exclusive == NOBODY)
#define TRY_EXCLUSIVE (exclusive == NOBODY && shared == shares[me])
#define UNLOCK if :: exclusive == me -> exclusive = NOBODY :: else fi; \
  if :: shares[me] -> shares[me] = 0; shared-- :: else fi
#define LEAVE_JOINERS if :: joins[me] -> joins[me] = 0; joiners-- :: else fi
#define ANNOUNCE news[OWNERS] = 1; news[ALL - 1] = 1; news[ALL - 2] = (WATCHERS > 1)

#if STOPS > 0
#define OR_STOP :: atomic { may_stop && stops < STOPS -> stops++; goto stopped }
#else
#define OR_STOP
#endif
#define STEP(x) if :: atomic { x } \
  :: atomic { crashes < CRASHES -> crashes++; dead[me] = 1; goto died } \
  OR_STOP fi

#ifdef TRUSTS_LOCK
#define ITS_PROCESS_ENDED true
#else
#define ITS_PROCESS_ENDED dead[who]
#endif

/* is_taken, then Domain::is_dead */
inline look_if_dead() {
  atomic { if :: !taken -> goto leave :: else fi };
  atomic { if :: exclusive != NOBODY -> goto leave :: else -> who = process fi };
  atomic { if :: !(ITS_PROCESS_ENDED) -> goto leave :: else fi };
  atomic { who = 0; if :: exclusive != NOBODY -> goto leave :: else fi }
}

/* recover_if_dead; `did` is what it returns. */
inline recover() {
  look_if_dead();
#ifndef TEST_THEN_ACT
  STEP( if :: TRY_SHARED -> shares[me] = 1; shared++ :: else -> goto leave fi );
#ifndef LOOKS_BEFORE_LOCK
  look_if_dead();
#endif
#endif
  atomic { did = 1; whose = generation };
#ifdef FREES_FIRST
  STEP( taken = 0 );
#endif
  STEP( hazard = 0 );
#if FAILS > 0
  if
#ifdef FREES_HALF
  :: atomic { fails < FAILS -> fails++; goto free }
#else
  :: atomic { fails < FAILS -> fails++; goto leave }
#endif
  :: skip
  fi;
#endif
  STEP( if :: claim == whose -> claim = 0 :: else fi );
#ifdef FREES_HALF
free:
#endif
  STEP( taken = 0 );
  STEP( ANNOUNCE );
leave:
  atomic { whose = 0; who = 0; if :: !shares[me] -> goto left :: else fi };
  STEP( UNLOCK );
left:
  skip
}

/* Joins with this row, uses it, gives it back. Another row would do as well, but this one is the subject. */
proctype owner(byte me) {
  byte mine, whose, who;
  bit may_stop, did;
  goto end;
end:
#ifdef JOINERS_RECOVER
  if :: !taken :: taken && dead[process] fi;
#else
  !taken;
#endif
  STEP( joins[me] = 1; joiners++ );
#ifdef JOINERS_RECOVER
  recover(); /* Participant::recover_the_dead */
#endif
  /* try_row */
  atomic { did = 0; if :: !taken -> goto try :: else fi };
  STEP( LEAVE_JOINERS; goto end );
try:
#ifndef TAKES_UNLOCKED
  STEP( if :: TRY_EXCLUSIVE -> exclusive = me :: else -> LEAVE_JOINERS; goto end fi );
#endif
#ifndef TAKES_WITHOUT_LOOK
  if
  :: taken -> STEP( UNLOCK; LEAVE_JOINERS; goto end ) /* somebody was faster, and let go of the lock since */
  :: else
  fi;
#endif
  mine = generation + 1;
#ifdef NAMED_TOO_EARLY
  STEP( generation = mine );
  STEP( process = me );
#else
  STEP( process = me );
  STEP( generation = mine ); /* after what identifies the process, or a watcher takes the old one for the new */
#endif
#ifndef ANNOUNCES_AFTER
  STEP( ANNOUNCE );
#endif
  STEP( taken = 1 );
  STEP( ANNOUNCE );
  STEP( LEAVE_JOINERS );
#ifdef LOSES_LOCK
  if :: STEP( UNLOCK ) :: true fi;
#endif
  STEP( claim = mine; hazard = mine );
  /* Nobody takes away what a living owner holds, nor its row. */
  STEP( assert(hazard == mine && claim == mine); claim = 0; hazard = 0 );
  STEP( assert(taken && generation == mine && process == me); taken = 0 );
  STEP( ANNOUNCE );
  STEP( UNLOCK; mine = 0; goto gone );
died:
  /* One look of the watchers may come before the kernel has let go, as when a child still has the descriptor. */
  atomic { mine = 0; whose = 0; who = 0; did = 0 };
  atomic { UNLOCK; LEAVE_JOINERS };
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

/* Does a look of its own accord find something else than the last one? */
#define USEFUL ((taken && dead[process]) || !joiners || (taken && generation != watched))

/* A participant's watcher, which this row is among those watched of. */
proctype watcher(byte me) {
  byte found, watched, its, whose, who;
  bit may_stop = (me == ALL - 1), did, again, armed; /* they are all alike */
look: /* Watcher::look */
#if !defined(LOOKS_AT_JOINERS_LAST) && !defined(IGNORES_JOINERS)
  atomic { again = (joiners > 0) };
#endif
  atomic { if :: !taken -> goto keep :: else fi };
  found = generation;
  recover();
  atomic { if :: did -> found = 0; did = 0; again = again || taken :: else fi };
keep: /* keep_only, then hold_open: by what the row says now */
#ifdef LOOKS_AT_JOINERS_LAST
  atomic { again = again || joiners > 0 };
#endif
  atomic {
    if :: watched != found -> watched = 0; its = 0; armed = 0 :: else fi;
    if
    :: found == 0 || watched != 0 -> skip
    :: else ->
       if :: dead[process] -> again = 1 :: else -> watched = found; its = process; armed = 1 fi
    fi;
    found = 0
  };
  atomic { if :: watched != 0 && dead[its] -> again = 1 :: else fi }; /* has_ended */
wait: /* Poller::wait. The process tells once that it ended */
end:
  atomic {
    if
    :: news[me] -> news[me] = 0
    :: armed && dead[its] -> armed = 0
#ifndef HEARS_ONCE
    :: again && USEFUL -> skip
#endif
    fi;
    again = 0;
    goto look
  };
died:
  atomic { found = 0; watched = 0; its = 0; whose = 0; who = 0; did = 0; again = 0; armed = 0; UNLOCK };
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
    do :: i < ALL -> run watcher(i); i++ :: else -> break od;
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
