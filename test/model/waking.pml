/* Part of sleep.pml: how whoever has news wakes the sleepers. Steps as in Events::notify, Waker and Bells. */
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

/* Events::notify and notify_everybody: a bitmap is looked at as a whole (256 rows are four words; these are in one),
   of several bits one after the other, and each row is visited once. Rows with a word or a bell of their own are woken
   one by one, those on the event word all at once. */
#ifdef COUNTER
#define SLEEPS(i, bit_) (KIND(i) < 3 && count > 0)
#else
#define SLEEPS(i, bit_) (KIND(i) < 3 && sleepers[(i) * BITS + (bit_)])
#endif
#define HAS(set, i) (((set) >> (i)) & 1)
#if CHANGES > 0
/* Bells::ring, of the last row. `own` and `known` are of this process: the FIFO it has open, and its edition. */
inline ring_bell() {
  if
  :: r < 2 -> STEP( bell[r] = 1; r++ )
  :: else ->
     e = edition;
     if
     :: own != 0 && known == e -> skip
     :: else -> atomic { own = fifo; known = e }
     fi;
     STEP( rung[own] = 1; e = 0; r++ )
  fi
}
#define STILL_OWN_WORD (KIND(r) == 1)
#define COUNT_EDITION if :: r == 2 -> edition++ :: else fi
#else
inline ring_bell() {
  STEP( bell[r] = 1; r++ ) /* full is as good */
}
#define STILL_OWN_WORD true
#define COUNT_EDITION skip
#endif
inline visit_sleepers(bit_) {
  atomic {
    who = (SLEEPS(0, bit_) | (SLEEPS(1, bit_) << 1) | (SLEEPS(2, bit_) << 2)) & (7 - visited);
    visited = visited | who
  };
  do
  :: atomic { r < SLEEPERS && !HAS(who, r) -> r++ }
  :: atomic { r < SLEEPERS && HAS(who, r) && KIND(r) == 0 -> on_event = 1; r++ } /* the mode is looked at only now */
  :: atomic { r < SLEEPERS && HAS(who, r) && KIND(r) == 1 -> skip };
#ifndef WAKES_WITHOUT_WORD
     STEP( COUNT_EDITION; if :: STILL_OWN_WORD -> changed[r] = 1 :: else fi );
#endif
     STEP( if :: STILL_OWN_WORD -> asleep[r] = 0 :: else fi; r++ )
  :: atomic { r < SLEEPERS && HAS(who, r) && KIND(r) == 2 -> skip };
     ring_bell()
  :: atomic { r == SLEEPERS -> r = 0; who = 0 }; break
  od
}
inline notify(bit_) {
  if
  :: bit_ == ALL_BITS ->
     visit_sleepers(0);
#if BITS > 1
     visit_sleepers(1)
#endif
  :: else -> visit_sleepers(bit_ % BITS)
  fi;
  visited = 0;
  if
  :: atomic { on_event -> on_event = 0 };
#ifndef WAKES_WITHOUT_WORD
     STEP( count_event_word() );
#endif
     STEP( futex_wake_event(bit_) )
  :: else
  fi
}
#if CHANGES > 0
#define WAKER_LOCALS byte r, who, visited, e, own, known; bit on_event
#else
#define WAKER_LOCALS byte r, who, visited; bit on_event
#endif
#define FORGET r = 0; who = 0; visited = 0; on_event = 0
