/* The ring of one slot: claim, fill, commit, pin, unpin, recover. Steps as in native/sync/ring.hpp,
   native/core/publisher.cc, subscription.cc and recovery.cc; README.md beside this file maps them.
   One statement, or one atomic block, is one access to shared memory. What follows it inside the block touches
   locals only, or checks.

   Bounds (-D): WRITERS, READERS, MSGS0 and MSGS1 (messages of each writer), CRASHES, STOPS (writers or readers
   that stop for ever, anywhere), RECOVERERS, LATE (the last reader attaches at any time).
   Broken on purpose (-D): NO_HELP, FREES_PUBLISHED, NO_SECOND_LOOK, LOOKS_BEFORE_RING, STORES_WORD,
   CLAIMS_IN_RING, HEAD_FIRST, SKIPS_TO_NEWEST, KEEPS_CLAIMS, JUDGES_EARLY. */
#ifndef WRITERS
#define WRITERS 2
#endif
#ifndef READERS
#define READERS 2
#endif
#ifndef MSGS0
#define MSGS0 3
#endif
#ifndef MSGS1
#define MSGS1 3
#endif
#ifndef CRASHES
#define CRASHES 0
#endif
#ifndef STOPS
#define STOPS 0
#endif
#ifndef RECOVERERS
#define RECOVERERS 1
#endif
#define DEPTH 2
#define ROWS (WRITERS + READERS)
#define BUFFERS (DEPTH + READERS + WRITERS) /* one pin, one loan each: the quotas' sum */

/* A buffer's state: 0 free, 1..: published as that sequence, 32 + row: claimed. */
#define CLAIMED(row) (32 + (row))
#define IS_CLAIMED(state) ((state) >= 32)

/* A ring word holds the sequence (that is lap and place) and the buffer; written and read as one. */
byte word_seq[DEPTH], word_buf[DEPTH];
byte head = 1;
byte state[BUFFERS];
byte hazard[READERS]; /* buffer + 1; 0: none */
bit reads[READERS];   /* the bitmap of readers */

/* For the checks alone. */
byte content[BUFFERS]; /* the sequence whose message it holds, 0: half written */
byte published = 0;    /* the last sequence that got into the ring */
byte used = 0;         /* buffers that were ever claimed; the others are all alike */
byte crashes = 0, stops = 0;
bit dead[ROWS], freed[ROWS];
byte recovering[ROWS]; /* how many hold the row's lock, shared */
byte publishing = WRITERS;
byte rows = ROWS;      /* neither finished, stopped, nor dead and recovered */

#define IN_RING(s, b) (word_seq[(s) % DEPTH] == (s) && word_buf[(s) % DEPTH] == (b))
#define PINNED(b) (hazard[0] == (b) + 1 || (READERS > 1 && hazard[READERS - 1] == (b) + 1))
#define USABLE(b) (!IS_CLAIMED(state[b]) && !(state[b] != 0 && IN_RING(state[b], b)) && !PINNED(b))
#define CANDIDATE(b) (b < BUFFERS && b <= used && !IS_CLAIMED(state[b]))

/* Anybody may die before any of its writes: to die between two reads leaves the same behind. */
#if CRASHES > 0
#define OR_DIE :: atomic { crashes < CRASHES -> crashes++; dead[me] = 1; goto died }
#else
#define OR_DIE
#endif
#if STOPS > 0
#define OR_STOP :: atomic { stops < STOPS -> stops++; goto stopped }
#else
#define OR_STOP
#endif
#define STEP(x) if :: atomic { x } OR_DIE OR_STOP fi

inline load_word(s) {
  seq = word_seq[(s) % DEPTH];
  buf = word_buf[(s) % DEPTH]
}

proctype writer(byte me; byte left) {
  byte b, old, next, seq, buf;
  do
  :: left == 0 -> break
  :: left > 0 ->
claim: /* Publisher::claim: any buffer may be tried next; one that is claimed is passed over */
     atomic {
       assert(USABLE(0) || USABLE(1) || USABLE(2) || (BUFFERS > 3 && USABLE(3 % BUFFERS)) ||
              (BUFFERS > 4 && USABLE(4 % BUFFERS)) || (BUFFERS > 5 && USABLE(5 % BUFFERS)));
       if
       :: CANDIDATE(0) -> b = 0
       :: CANDIDATE(1) -> b = 1
       :: CANDIDATE(2) -> b = 2
#if BUFFERS > 3
       :: CANDIDATE(3) -> b = 3
#endif
#if BUFFERS > 4
       :: CANDIDATE(4) -> b = 4
#endif
#if BUFFERS > 5
       :: CANDIDATE(5) -> b = 5
#endif
       fi;
       old = state[b]
     };
#ifdef LOOKS_BEFORE_RING
     atomic { if :: PINNED(b) -> b = 0; old = 0; goto claim :: else fi };
#endif
#ifndef CLAIMS_IN_RING
     atomic { /* Ring::is_in_ring */
       if
       :: old != 0 && IN_RING(old, b) -> b = 0; old = 0; goto claim
       :: else
       fi
     };
#endif
     STEP( /* Ring::try_claim: swap of the state */
       if
       :: state[b] == old -> state[b] = CLAIMED(me); if :: b == used -> used++ :: else fi
       :: else -> b = 0; old = 0; goto claim
       fi
     );
#ifndef LOOKS_BEFORE_RING
     /* Ring::is_pinned: one row after the other */
     atomic { if :: reads[0] && hazard[0] == b + 1 -> goto put_back :: else fi };
#if READERS > 1
     atomic { if :: reads[1] && hazard[1] == b + 1 -> goto put_back :: else fi };
#endif
     goto fill;
put_back:
     STEP( state[b] = old; b = 0; old = 0; goto claim );
fill:
#endif
     STEP( old = 0; content[b] = 0 );
commit: /* Ring::commit */
     atomic { next = head; seq = 0; buf = 0 };
     atomic {
       load_word(next);
       if
       :: seq == next -> seq = 0; buf = 0; goto help
       :: seq > next -> assert(head != next); next = 0; seq = 0; buf = 0; goto commit
       :: else
       fi
     };
     STEP( content[b] = next ); /* stamp */
#ifdef HEAD_FIRST
     STEP( if :: head == next -> head = next + 1 :: else -> goto commit fi );
#endif
     STEP( /* the swap of the ring word: the moment of publication */
       if
#ifdef STORES_WORD
       :: true ->
#else
       :: word_seq[next % DEPTH] == seq && word_buf[next % DEPTH] == buf ->
#endif
          assert(next == published + 1); /* no hole, no repeat */
          assert(content[b] == next);
          published = next;
          word_seq[next % DEPTH] = next;
          word_buf[next % DEPTH] = b;
          seq = 0; buf = 0
#ifndef STORES_WORD
       :: else -> next = 0; seq = 0; buf = 0; goto commit
#endif
       fi
     );
     STEP( state[b] = next; b = 0 );
     STEP( if :: head == next -> head = next + 1 :: else fi; next = 0; left-- );
     goto again;
help: /* another publisher is, or died, between its two steps */
     STEP( if :: head == next -> head = next + 1 :: else fi; next = 0; goto commit );
again:
     skip
  od;
  atomic { publishing--; rows--; goto done };
#if STOPS > 0
stopped:
  atomic { publishing--; rows--; goto done };
#endif
#if CRASHES > 0
died:
  atomic { left = 0; b = 0; old = 0; next = 0; seq = 0; buf = 0 };
#endif
done:
  skip
}

/* Subscription::take again and again. */
proctype reader(byte me; byte r) {
  byte next = 1, b, n, seq, buf;
  bit announced;
#ifdef LATE
  if
  :: r == READERS - 1 ->
     STEP( reads[r] = 1 ); /* Slot::add_reader comes before the first look */
     next = 0;
     goto newest
  :: else
  fi;
#endif
take:
  /* asleep until head moves; sleep.pml has the sleep itself */
  atomic {
    head > next || publishing == 0;
    if
    :: head <= next ->
       /* Only a publisher that was stopped before it moved head may leave a message unseen. */
       assert(published == next - 1 || (stops > 0 && published == next));
       goto leave
    :: else
    fi
  };
pin: /* Ring::pin */
#ifdef JUDGES_EARLY
  n = head;
#endif
  atomic {
    load_word(next);
    if
    :: seq > next -> goto judge
    :: seq < next -> /* not yet, though head says that it is there: refused as damaged the second time */
       assert(!announced); announced = 1; goto pin
    :: else -> announced = 0; b = buf
    fi
  };
  STEP( hazard[r] = b + 1 );
#ifndef NO_SECOND_LOOK
  atomic { if :: !(word_seq[next % DEPTH] == seq && word_buf[next % DEPTH] == buf) -> goto lost :: else fi };
#endif
  /* The view: content never goes back to an earlier value, so whole at both ends is whole all the time. */
  atomic { assert(content[b] == next); seq = 0; buf = 0 };
  atomic { n = head; if :: n > next -> n = 0; goto hold :: else -> n = 0 fi };
  /* its publisher may have died before it moved head: Ring::newest */
help1:
  n = head;
  atomic { if :: word_seq[n % DEPTH] != n -> n = 0; goto hold :: else fi };
  STEP( if :: head == n -> head = n + 1 :: else fi; n = 0 );
  goto help1;
hold:
  STEP( assert(content[b] == next); hazard[r] = 0; b = 0; next++ );
  goto take;
judge: /* Ring::judge: nobody has written a word that is ahead of head */
#ifdef JUDGES_EARLY
  atomic { assert(seq <= n); n = 0 };
#else
  atomic { assert(seq <= head) };
#endif
  goto gone;
lost:
  STEP( hazard[r] = 0; b = 0 );
gone: /* Subscription::skip_to_oldest */
  atomic { seq = 0; buf = 0; b = 0; announced = 0 };
newest:
  n = head;
  atomic {
    if
    :: word_seq[n % DEPTH] != n ->
       n = n - 1;
       if
       :: next == 0 -> next = n + 1 /* just attached */
       :: else ->
#ifdef SKIPS_TO_NEWEST
          n = n;
#else
          n = (n >= DEPTH -> n - DEPTH + 1 : 1);
#endif
          n = (n > next -> n : next + 1);
          assert(n + DEPTH - 1 <= published); /* what it skips and counts as missed has left the ring */
          next = n
       fi;
       n = 0;
       goto take
    :: else
    fi
  };
  STEP( if :: head == n -> head = n + 1 :: else fi; n = 0 );
  goto newest;
leave:
  STEP( reads[r] = 0 );
  atomic { rows--; next = 0; goto done };
#if STOPS > 0
stopped: /* it holds its pin for ever */
  atomic { rows--; goto done };
#endif
#if CRASHES > 0
died:
  atomic { next = 0; b = 0; n = 0; seq = 0; buf = 0; announced = 0 };
#endif
done:
  skip
}

#if CRASHES > 0
#define FOUND(p) (p < ROWS && dead[p] && !freed[p])
/* A recoverer that dies comes back as another one. */
#undef STEP
#define STEP(x) if :: atomic { x } \
  :: atomic { crashes < CRASHES -> crashes++; recovering[me]--; me = 0; b = 0; n = 0; seq = 0; goto end } fi

/* recover_if_dead and Ring::recover. A step that swaps nothing for this row is left out: nobody makes new
   claims or pins for a dead row. */
proctype recoverer() {
  byte me, b, n, seq;
end:
  atomic {
    if
    :: FOUND(0) -> me = 0
    :: FOUND(1) -> me = 1
#if ROWS > 2
    :: FOUND(2) -> me = 2
#endif
#if ROWS > 3
    :: FOUND(3) -> me = 3
#endif
    fi;
    recovering[me]++
  };
  if
  :: me >= WRITERS -> STEP( hazard[(me - WRITERS) % READERS] = 0 ); goto help_head
  :: else
  fi;
#ifdef KEEPS_CLAIMS
  goto help_head;
#endif
#ifndef FREES_PUBLISHED
  n = 0;
  do
  :: n < DEPTH ->
     atomic {
       seq = word_seq[n];
       b = word_buf[n];
       if
       :: seq == 0 || state[b] != CLAIMED(me) -> n++; seq = 0; b = 0; goto next_word
       :: else
       fi
     };
     STEP( if :: state[b] == CLAIMED(me) -> state[b] = seq :: else fi; n++; seq = 0; b = 0 );
next_word:
     skip
  :: else -> n = 0; break
  od;
#endif
  STEP( /* each claim of this row is freed by one swap; it has one at most */
    do
    :: b < BUFFERS -> if :: state[b] == CLAIMED(me) -> state[b] = 0 :: else fi; b++
    :: else -> b = 0; break
    od
  );
help_head:
#ifndef NO_HELP
  n = head;
  atomic { if :: word_seq[n % DEPTH] != n -> n = 0; goto detach :: else fi };
  STEP( if :: head == n -> head = n + 1 :: else fi; n = 0 );
  goto help_head;
#endif
detach:
  if
  :: me >= WRITERS -> STEP( reads[(me - WRITERS) % READERS] = 0 )
  :: else
  fi;
  atomic { /* the last to let go of the lock frees the row: rows.pml */
    recovering[me]--;
    if
    :: recovering[me] == 0 && !freed[me] ->
       freed[me] = 1;
       rows--;
       if :: me < WRITERS -> publishing-- :: else fi
    :: else
    fi;
    me = 0
  };
  goto end
}
#endif

init {
  byte b, held, attached;
  atomic {
    b = 0;
    do :: b < READERS -> reads[b] = 1; b++ :: else -> b = 0; break od;
#ifdef LATE
    reads[READERS - 1] = 0;
#endif
    run writer(0, MSGS0);
#if WRITERS > 1
    run writer(1, MSGS1);
#endif
    run reader(WRITERS, 0);
#if READERS > 1
    run reader(WRITERS + 1, 1);
#endif
#if CRASHES > 0
    run recoverer();
#if RECOVERERS > 1
    run recoverer()
#endif
#endif
  };
  atomic { /* everybody is through: what is held is held by those that stopped, each one thing at most */
    rows == 0;
    do
    :: b < BUFFERS -> if :: IS_CLAIMED(state[b]) -> held++ :: else fi; b++
    :: else -> b = 0; break
    od;
    do
    :: b < READERS -> if :: hazard[b] != 0 -> held++ :: else fi; if :: reads[b] -> attached++ :: else fi; b++
    :: else -> b = 0; break
    od;
    assert(held <= stops && attached <= stops);
    assert(head == published + 1 || (stops > 0 && head == published))
  }
}
