/* Sleeping and waking. Steps as in native/core/sleeper.cc, waker.cc, doorbell.cc, publisher.cc, recovery.cc, domain.cc
   and native/sync/events.hpp; README.md beside this file maps them. One statement, or one atomic block, is one access to
   shared memory or one system call; what follows it inside the block touches locals only.

   How sleepers are woken is in waking.pml. Three kinds of sleepers: on the event word that all share (a futex with a
   mask of bits), on a word of their own in their row (a futex that their helper thread may wake too), and on a doorbell
   (a FIFO).
   Bounds (-D): KIND0, KIND1, KIND2 (0 event word, 1 own word, 2 doorbell, 3 nobody), PUBLISHERS, MSGS (of each),
   ONE_SLOT (both publish on slot 0, and help each other's head), TWO_BITS (the slots have a bit each; else they
   share one), CRASHES, CANCELS, RETIRES (the domain is removed), CHANGES (how often the last row gets another Sleeper,
   of any kind).
   Broken on purpose (-D): LOOKS_BEFORE_ANNOUNCE, PUBLISHER_LOOKS_FIRST, READS_WORD_LATE, COUNTER, NO_WAKE_ALL,
   WAKES_BEFORE_HELP, DRAINS_LATE, WAKES_ONE, WAKES_WITHOUT_WORD, KEEPS_BITS, RETIRES_IN_SILENCE, RETIRES_LATE,
   SAME_EDITION, MODE_LATE. */
#ifndef KIND0
#define KIND0 0
#endif
#ifndef KIND1
#define KIND1 1
#endif
#ifndef KIND2
#define KIND2 2
#endif
#ifndef PUBLISHERS
#define PUBLISHERS 2
#endif
#ifndef MSGS
#define MSGS 1
#endif
#ifndef CRASHES
#define CRASHES 0
#endif
#ifndef CANCELS
#define CANCELS 0
#endif
#ifndef CHANGES
#define CHANGES 0
#endif
#define SLEEPERS 3
#define ROWS (SLEEPERS + PUBLISHERS)
#if CHANGES > 0
byte kind2 = KIND2;            /* the row's sleep mode */
#else
#define kind2 KIND2
#endif
#define KIND(i) ((i) == 0 -> KIND0 : ((i) == 1 -> KIND1 : kind2))

/* Sleeper 0 watches both slots, 1 the first, 2 the second. */
#define WATCHES(i, s) ((i) == 0 || (i) == (s) + 1)
#ifdef TWO_BITS
#define BITS 2
#define HAS_BIT(i, bit_) WATCHES(i, bit_)
#define BIT_OF(s) (s)
#else
#define BITS 1
#define HAS_BIT(i, bit_) true
#define BIT_OF(s) 0
#endif
#ifdef ONE_SLOT
#define SLOT(p) 0
#else
#define SLOT(p) ((p) % 2)
#endif
#define ALL_BITS 255

byte ring[2];                  /* messages published in a slot: its ring words */
byte head[2];                  /* messages that head says are there */
bit sleepers[SLEEPERS * BITS]; /* for each bit the bitmap of the rows that sleep on it */
bit bell[SLEEPERS];            /* the FIFO; with room for one byte, so it is full at once */
bit asleep[SLEEPERS];          /* in the futex system call */
bit cancelled[SLEEPERS], retired;
/* Has the futex word, the common one or the own one, been counted up since this sleeper read it? All that matters
   of the word's value, as long as it does not come round to the same one meanwhile. */
bit changed[SLEEPERS];
#ifdef COUNTER
byte count;                    /* instead of the bitmap, with a note in the row for its recovery */
bit counted[SLEEPERS];
#endif

#if CHANGES > 0
/* The last row's bell by its name: which FIFO it is, 0 if there is none. A FIFO whose reader is gone is worst when
   somebody else still has it open: then the write succeeds, and nobody hears it. */
byte fifo = (KIND2 == 2);
byte fifos = 1;
bit rung[CHANGES + 2];
byte edition;                  /* its own word, which is the edition of its bells */
#endif
bit told[SLEEPERS];            /* that the domain was retired */
/* For the checks alone. */
byte seen[SLEEPERS * 2];
byte crashes;
bit dead[ROWS], freed[ROWS];

/* Anybody may die before any of its writes. */
#if CRASHES > 0
#define OR_DIE :: atomic { crashes < CRASHES -> crashes++; goto died }
#else
#define OR_DIE
#endif
#define STEP(x) if :: atomic { x } OR_DIE fi

inline announce() {
#ifdef COUNTER
  STEP( counted[me] = 1 );
  STEP( count++ )
#else
#if BITS > 1
  if :: HAS_BIT(me, 0) -> STEP( sleepers[me * BITS] = 1 ) :: else fi;
  if :: HAS_BIT(me, 1) -> STEP( sleepers[me * BITS + 1] = 1 ) :: else fi
#else
  STEP( sleepers[me] = 1 )
#endif
#endif
}

inline retract() {
#ifdef COUNTER
  STEP( count-- );
  STEP( counted[me] = 0 )
#else
#if BITS > 1
  if :: HAS_BIT(me, 0) -> STEP( sleepers[me * BITS] = 0 ) :: else fi;
  if :: HAS_BIT(me, 1) -> STEP( sleepers[me * BITS + 1] = 0 ) :: else fi
#else
  STEP( sleepers[me] = 0 )
#endif
#endif
}

#define HAS_NEWS(i) ((WATCHES(i, 0) && head[0] > seen[(i) * 2]) || (WATCHES(i, 1) && head[1] > seen[(i) * 2 + 1]))
/* Sleeper::is_over: the flag of cancel(), then the heads of the watched slots, one after the other. */
inline look() {
  atomic { if :: cancelled[me] -> goto awake :: else fi };
  if
  :: WATCHES(me, 0) -> atomic { if :: head[0] > seen[me * 2] -> goto awake :: else fi }
  :: else
  fi;
  if
  :: WATCHES(me, 1) -> atomic { if :: head[1] > seen[me * 2 + 1] -> goto awake :: else fi }
  :: else
  fi;
#ifdef RETIRES
  atomic { if :: retired && !told[me] -> goto awake :: else fi }
#else
  skip
#endif
}

#if CHANGES > 0
/* Another Sleeper for the last row: the old one's bell goes, the mode comes, and the new bell with its edition. */
inline change() {
  if
  :: changes < CHANGES ->
     changes++;
     if :: kind2 == 2 -> STEP( fifo = 0 ) :: else fi;
     if
     :: kind = 0
     :: kind = 1
     :: kind = 2
     fi;
#ifndef MODE_LATE
     STEP( kind2 = kind );
#endif
     if
     :: kind == 2 ->
        STEP( fifos++; fifo = fifos );
#ifndef SAME_EDITION
        STEP( edition++ )
#endif
     :: else
     fi
  :: else /* or it keeps what it has */
  :: kind = kind2
  fi
}
#define MY_KIND kind
#define MY_BELL (me == 2 -> rung[fifo] : bell[me])
#define EMPTY_MY_BELL if :: me == 2 -> rung[fifo] = 0 :: else -> bell[me] = 0 fi
#else
#define MY_KIND KIND(me)
#define MY_BELL bell[me]
#define EMPTY_MY_BELL bell[me] = 0
#endif

/* Sleeper::sleep, without a deadline, again and again. */
proctype sleeper(byte me) {
#if CHANGES > 0
  byte kind = KIND(me), changes;
#endif
again:
#ifdef LOOKS_BEFORE_ANNOUNCE
  if :: MY_KIND < 2 -> changed[me] = 0 :: else fi;
  look();
#endif
  announce();
turn: /* Events::sleep_once */
#ifndef LOOKS_BEFORE_ANNOUNCE
#ifndef READS_WORD_LATE
  if :: MY_KIND < 2 -> changed[me] = 0 :: else fi; /* read the word */
#endif
  look();
#endif
#if defined(MODE_LATE) && CHANGES > 0
  if :: me == 2 -> STEP( kind2 = kind ) :: else fi;
#endif
#ifdef READS_WORD_LATE
  if :: MY_KIND < 2 -> changed[me] = 0 :: else fi;
#endif
#ifdef DRAINS_LATE
  if :: MY_KIND == 2 -> STEP( EMPTY_MY_BELL ) :: else fi;
#endif
  if
  :: MY_KIND < 2 ->
     STEP( if :: !changed[me] -> asleep[me] = 1 :: else fi ); /* FUTEX_WAIT compares and sleeps as one */
end_asleep:
     if :: atomic { !asleep[me]; changed[me] = 0 } OR_DIE fi
  :: else ->
end_poll:
     if :: MY_BELL OR_DIE fi;
#ifndef DRAINS_LATE
     STEP( EMPTY_MY_BELL ) /* emptied before the next look, not after it */
#endif
  fi;
#ifdef LOOKS_BEFORE_ANNOUNCE
  if :: MY_KIND < 2 -> changed[me] = 0 :: else fi;
  look();
#endif
  goto turn;
awake:
  retract();
  /* Sleeper::reason; then it reads what is there: how, is in ring.pml */
  atomic {
    if
    :: HAS_NEWS(me) ->
       if :: WATCHES(me, 0) -> seen[me * 2] = head[0] :: else fi;
       if :: WATCHES(me, 1) -> seen[me * 2 + 1] = head[1] :: else fi
    :: else -> if :: cancelled[me] -> cancelled[me] = 0 :: else -> told[me] = retired fi
    fi
  };
#if CHANGES > 0
  if :: me == 2 -> change() :: else fi;
#endif
  goto again;
#if CRASHES > 0
died:
  atomic { dead[me] = 1; asleep[me] = 0; changed[me] = 0 }
#endif
}
#include "waking.pml"

proctype publisher(byte me) {
  byte left = MSGS, next;
  WAKER_LOCALS;
#define MY_SLOT SLOT(me - SLEEPERS)
commit:
  atomic { if :: left == 0 -> goto done :: else fi; next = head[MY_SLOT] };
  if
  :: atomic { ring[MY_SLOT] > next -> skip }; /* help another one's head */
     STEP( if :: head[MY_SLOT] == next -> head[MY_SLOT] = next + 1 :: else fi; next = 0 );
     goto commit
  :: else
  fi;
#ifdef PUBLISHER_LOOKS_FIRST
  notify(BIT_OF(MY_SLOT));
#endif
  STEP( if :: ring[MY_SLOT] == next -> ring[MY_SLOT] = next + 1 :: else -> next = 0; goto commit fi );
  STEP( if :: head[MY_SLOT] == next -> head[MY_SLOT] = next + 1 :: else fi; next = 0; left-- );
#ifndef PUBLISHER_LOOKS_FIRST
  notify(BIT_OF(MY_SLOT));
#endif
  goto commit;
#if CRASHES > 0
died:
  atomic { dead[me] = 1; left = 0; next = 0; FORGET };
#endif
done:
  skip
}

#if CANCELS > 0
/* Sleeper::cancel, or the helper thread of an event loop: sets a flag and wakes this one. It belongs to the
   sleeper's process, so it does not die alone. */
proctype canceller(byte who) {
  cancelled[who] = 1;
  if
  :: KIND(who) == 0 ->
     atomic { count_event_word() };
     atomic { futex_wake_event(ALL_BITS) }
  :: KIND(who) == 1 -> changed[who] = 1; asleep[who] = 0
  :: else -> bell[who] = 1
  fi
}
#endif

#if CRASHES > 0
#define FOUND(p) (dead[p] && !freed[p])
proctype recoverer() {
  byte me, next;
  WAKER_LOCALS;
end:
  atomic {
    if
    :: FOUND(0) -> me = 0
    :: FOUND(1) -> me = 1
    :: FOUND(2) -> me = 2
    :: FOUND(3) -> me = 3
#if PUBLISHERS > 1
    :: FOUND(4) -> me = 4
#endif
    fi
  };
#ifdef WAKES_BEFORE_HELP
  notify(ALL_BITS);
#endif
  if
  :: me >= SLEEPERS ->
#define ITS_SLOT SLOT(me - SLEEPERS)
     next = head[ITS_SLOT];
     if
     :: atomic { ring[ITS_SLOT] > next -> skip };
        STEP( if :: head[ITS_SLOT] == next -> head[ITS_SLOT] = next + 1 :: else fi )
     :: else
     fi;
     next = 0
  :: else ->
#ifndef KEEPS_BITS
#ifdef COUNTER
     STEP( if :: counted[me] -> counted[me] = 0; count-- :: else fi )
#else
     STEP( sleepers[me * BITS] = 0 );
#if BITS > 1
     STEP( sleepers[me * BITS + 1] = 0 )
#endif
#endif
#endif
  fi;
#ifndef NO_WAKE_ALL
#ifndef WAKES_BEFORE_HELP
  notify(ALL_BITS);
#endif
#endif
  STEP( freed[me] = 1; me = 0 );
  goto end;
died: /* another one takes its place */
  atomic { me = 0; next = 0; FORGET };
  goto end
}
#endif

#ifdef RETIRES
#undef STEP
#define STEP(x) atomic { x }
/* Domain::try_remove_sound. Who dies in the middle is followed by another who finishes it. */
proctype remover() {
  WAKER_LOCALS;
#ifdef RETIRES_LATE
  notify(ALL_BITS);
#endif
  retired = 1;
#if !defined(RETIRES_LATE) && !defined(RETIRES_IN_SILENCE)
  notify(ALL_BITS)
#endif
}
#endif

#define TOLD(i) (!retired || told[i] || dead[i] || KIND(i) == 3)
#define UP_TO_DATE(i, s) (dead[i] || !WATCHES(i, s) || KIND(i) == 3 || seen[(i) * 2 + s] == ring[s])
#define CLEAN(i) (!dead[i] || (!sleepers[(i) * BITS] && !sleepers[(i) * BITS + BITS - 1]))
init {
  atomic {
    if :: KIND0 < 3 -> run sleeper(0) :: else fi;
    if :: KIND1 < 3 -> run sleeper(1) :: else fi;
    if :: KIND2 < 3 -> run sleeper(2) :: else fi;
    run publisher(SLEEPERS);
#if PUBLISHERS > 1
    run publisher(SLEEPERS + 1);
#endif
#if CRASHES > 0
    run recoverer();
#endif
#ifdef RETIRES
    run remover();
#endif
#if CANCELS > 0
    if :: KIND0 < 3 -> run canceller(0) :: else fi;
#endif
#if CANCELS > 1
    if :: KIND1 < 3 -> run canceller(1) :: else fi;
#endif
    skip
  };
  atomic { /* nobody can do anything any more */
    timeout;
    assert(UP_TO_DATE(0, 0) && UP_TO_DATE(0, 1) && UP_TO_DATE(1, 0) && UP_TO_DATE(2, 1));
    assert(!cancelled[0] || dead[0] || KIND0 == 3);
    assert(!cancelled[1] || dead[1] || KIND1 == 3);
    assert(TOLD(0) && TOLD(1) && TOLD(2));
    assert(CLEAN(0) && CLEAN(1) && CLEAN(2))
  }
}
