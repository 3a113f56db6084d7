/* Sleeping and waking. Steps as in native/core/sleeper.cc, native/sync/events.hpp, publisher.cc and recovery.cc;
   README.md beside this file maps them. One statement, or one atomic block, is one access to shared memory or one
   system call; what follows it inside the block touches locals only.

   Three kinds of sleepers: on the event word that all share (a futex with a mask of bits), on a word of their own
   in their row (a futex that their helper thread may wake too), and on a doorbell (a FIFO).
   Bounds (-D): KIND0, KIND1, KIND2 (0 event word, 1 own word, 2 doorbell, 3 nobody), PUBLISHERS, MSGS (of each),
   ONE_SLOT (both publish on slot 0, and help each other's head), TWO_BITS (the slots have a bit each; else they
   share one), CRASHES, CANCELS.
   Broken on purpose (-D): LOOKS_BEFORE_ANNOUNCE, PUBLISHER_LOOKS_FIRST, READS_WORD_LATE, COUNTER, NO_WAKE_ALL,
   WAKES_BEFORE_HELP, DRAINS_LATE, WAKES_ONE, WAKES_WITHOUT_WORD, KEEPS_BITS. */
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
#define SLEEPERS 3
#define ROWS (SLEEPERS + PUBLISHERS)
#define KIND(i) ((i) == 0 -> KIND0 : ((i) == 1 -> KIND1 : KIND2))

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
bit cancelled[SLEEPERS];
/* Has the futex word, the common one or the own one, been counted up since this sleeper read it? All that matters
   of the word's value, as long as it does not come round to the same one meanwhile. */
bit changed[SLEEPERS];
#ifdef COUNTER
byte count;                    /* instead of the bitmap, with a note in the row for its recovery */
bit counted[SLEEPERS];
#endif

/* For the checks alone. */
byte seen[SLEEPERS * 2];
byte crashes;
bit dead[ROWS];
bit freed[ROWS];

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

/* The flag of cancel(), then the heads of the watched slots, one after the other. */
inline look() {
  atomic { if :: cancelled[me] -> goto awake :: else fi };
  if
  :: WATCHES(me, 0) -> atomic { if :: head[0] > seen[me * 2] -> goto awake :: else fi }
  :: else
  fi;
  if
  :: WATCHES(me, 1) -> atomic { if :: head[1] > seen[me * 2 + 1] -> goto awake :: else fi }
  :: else
  fi
}

/* Sleeper::sleep, without a deadline, again and again. */
proctype sleeper(byte me) {
again:
#ifdef LOOKS_BEFORE_ANNOUNCE
  if :: KIND(me) < 2 -> changed[me] = 0 :: else fi;
  look();
#endif
  announce();
turn: /* Events::sleep_once */
#ifndef LOOKS_BEFORE_ANNOUNCE
#ifndef READS_WORD_LATE
  if :: KIND(me) < 2 -> changed[me] = 0 :: else fi; /* read the word */
#endif
  look();
#endif
#ifdef READS_WORD_LATE
  if :: KIND(me) < 2 -> changed[me] = 0 :: else fi;
#endif
#ifdef DRAINS_LATE
  if :: KIND(me) == 2 -> STEP( bell[me] = 0 ) :: else fi;
#endif
  if
  :: KIND(me) < 2 ->
     STEP( if :: !changed[me] -> asleep[me] = 1 :: else fi ); /* FUTEX_WAIT compares and sleeps as one */
end_asleep:
     if :: atomic { !asleep[me]; changed[me] = 0 } OR_DIE fi
  :: else ->
end_poll:
     if :: bell[me] OR_DIE fi;
#ifndef DRAINS_LATE
     STEP( bell[me] = 0 ) /* emptied before the next look, not after it */
#endif
  fi;
#ifdef LOOKS_BEFORE_ANNOUNCE
  if :: KIND(me) < 2 -> changed[me] = 0 :: else fi;
  look();
#endif
  goto turn;
awake:
  retract();
  /* read what is there; how, is in ring.pml */
  if :: WATCHES(me, 0) -> atomic { seen[me * 2] = head[0] } :: else fi;
  if :: WATCHES(me, 1) -> atomic { seen[me * 2 + 1] = head[1] } :: else fi;
  cancelled[me] = 0;
  goto again;
#if CRASHES > 0
died:
  atomic { dead[me] = 1; asleep[me] = 0; changed[me] = 0 }
#endif
}

/* The event word is counted up, then FUTEX_WAKE_BITSET wakes all whose mask has the bit. */
#define ON_EVENT(i, bit_) (KIND(i) == 0 && (bit_ == ALL_BITS || HAS_BIT(i, bit_)))
inline count_event_word() {
  if :: KIND(0) == 0 -> changed[0] = 1 :: else fi;
  if :: KIND(1) == 0 -> changed[1] = 1 :: else fi;
  if :: KIND(2) == 0 -> changed[2] = 1 :: else fi
}
inline futex_wake_event(bit_) {
#ifdef WAKES_ONE
  if
  :: ON_EVENT(0, bit_) && asleep[0] -> asleep[0] = 0
  :: ON_EVENT(1, bit_) && asleep[1] -> asleep[1] = 0
  :: ON_EVENT(2, bit_) && asleep[2] -> asleep[2] = 0
  :: else
  fi
#else
  if :: ON_EVENT(0, bit_) -> asleep[0] = 0 :: else fi;
  if :: ON_EVENT(1, bit_) -> asleep[1] = 0 :: else fi;
  if :: ON_EVENT(2, bit_) -> asleep[2] = 0 :: else fi
#endif
}

/* Looks at the bitmap row by row. Rows with a word or a bell of their own are woken one by one, those on the event
   word all at once. */
#ifdef COUNTER
#define SLEEPS(i, bit_) (KIND(i) < 3 && count > 0)
#else
#if BITS > 1
#define SLEEPS(i, bit_) (KIND(i) < 3 && (bit_ == ALL_BITS -> \
  sleepers[(i) * BITS] || sleepers[(i) * BITS + 1] : sleepers[(i) * BITS + bit_ % BITS]))
#else
#define SLEEPS(i, bit_) (KIND(i) < 3 && sleepers[i])
#endif
#endif
inline notify(bit_) {
  do
  :: atomic { r < SLEEPERS && !SLEEPS(r, bit_) -> r++ }
  :: atomic { r < SLEEPERS && SLEEPS(r, bit_) && KIND(r) == 0 -> on_event = 1; r++ }
  :: atomic { r < SLEEPERS && SLEEPS(r, bit_) && KIND(r) == 1 -> skip };
#ifndef WAKES_WITHOUT_WORD
     STEP( changed[r] = 1 );
#endif
     STEP( asleep[r] = 0; r++ )
  :: atomic { r < SLEEPERS && SLEEPS(r, bit_) && KIND(r) == 2 -> skip };
     STEP( bell[r] = 1; r++ ) /* full is as good */
  :: atomic { r == SLEEPERS -> r = 0 }; break
  od;
  if
  :: atomic { on_event -> on_event = 0 };
#ifndef WAKES_WITHOUT_WORD
     STEP( count_event_word() );
#endif
     STEP( futex_wake_event(bit_) )
  :: else
  fi
}

proctype publisher(byte me) {
  byte left = MSGS, next, r;
  bit on_event;
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
  atomic { dead[me] = 1; left = 0; next = 0; r = 0; on_event = 0 };
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
  byte me, next, r;
  bit on_event;
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
  atomic { me = 0; next = 0; r = 0; on_event = 0 };
  goto end
}
#endif

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
    assert(UP_TO_DATE(0, 0) && UP_TO_DATE(0, 1));
    assert(UP_TO_DATE(1, 0) && UP_TO_DATE(2, 1));
    assert(!cancelled[0] || dead[0] || KIND0 == 3);
    assert(!cancelled[1] || dead[1] || KIND1 == 3);
    assert(CLEAN(0) && CLEAN(1) && CLEAN(2))
  }
}
