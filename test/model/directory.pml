/* One place of the directory: who creates the slot's files, attaches to them, replaces them by others, dies and is
   recovered. Steps as in native/core/participant.cc, creation.cc, replacement.cc, slot.cc, control.cc and recovery.cc;
   README.md beside this file maps them. One statement, or one atomic block, is one access to shared memory or one
   system call; what follows it inside the block touches locals only, or checks.

   Bounds (-D): WANT0, WANT1, WANT2 (the settings each of the three wants; 2: whatever there is, as a viewer does),
   MADE (the slot is there at first, with settings 0), GENERATIONS (one more than there can be), CRASHES, STOPS, FAILS (files that cannot be made, as when the
   memory is full).
   Broken on purpose (-D): NO_SECOND_LOOK, LOOKS_BEFORE_BIT, OPENS_FIRST, COMPARES_ONCE, WAITS_FOR_REPLACER,
   PLAIN_MARK, LOOKS_BEFORE_CLOSING, ADOPTS_UNSEEN, NUMBERS_FIRST, ANNOUNCES_LATE, REMOVES_CURRENT, FORGETS_OLD,
   ENDS_EARLY, LOSER_KEEPS_FILES, KEEPS_PINS. */
#define PEOPLE 3
#ifndef WANT0
#define WANT0 0
#endif
#ifndef WANT1
#define WANT1 0
#endif
#ifndef WANT2
#define WANT2 1
#endif
#ifndef CRASHES
#define CRASHES 0
#endif
#ifndef STOPS
#define STOPS 0
#endif
#ifndef FAILS
#define FAILS 0
#endif
#define WANT(p) ((p) == 0 -> WANT0 : ((p) == 1 -> WANT1 : WANT2))
/* Who finds no number left gives up, as one does who finds the slot replaced a thousand times. */
#ifndef GENERATIONS
#define GENERATIONS 6 /* 1 to 5 */
#endif

/* The entry. These three are one word. */
byte current = 0;
byte turns = 0;
bit closing = 0;
#define WORD(g, t, c) (current == (g) && turns == (t) && closing == (c))

byte next_generation = 1;
/* The files of each generation. */
bit data[GENERATIONS];
bit control[GENERATIONS];
bit settings[GENERATIONS];
bit pins[GENERATIONS * PEOPLE]; /* stands for all that a row may hold in a control file */
#define PIN(g, p) pins[(g) * PEOPLE + (p)]
/* The rows. */
byte creating[PEOPLE];
bit attached[PEOPLE];

/* For the checks alone. */
byte uses[PEOPLE]; /* the generation it relies on */
bit dead[PEOPLE];
bit freed[PEOPLE];
byte crashes = 0;
byte stops = 0;
byte fails = 0;

#if CRASHES > 0
#define OR_DIE :: atomic { crashes < CRASHES -> crashes++; goto died }
#else
#define OR_DIE
#endif
#if STOPS > 0
#define OR_STOP :: atomic { stops < STOPS -> stops++; goto stopped }
#else
#define OR_STOP
#endif
#define STEP(x) if :: atomic { x } OR_DIE OR_STOP fi
#define IN_USE(g) ((uses[0] == (g) && !dead[0]) || (uses[1] == (g) && !dead[1]) || (uses[2] == (g) && !dead[2]))
#define REMOVE_DATA(g) assert(!IN_USE(g)); data[g] = 0
#define REMOVE_CONTROL(g) assert(!IN_USE(g)); control[g] = 0; settings[g] = 0; \
  PIN(g, 0) = 0; PIN(g, 1) = 0; PIN(g, 2) = 0
#define STILL_MINE (uses[me] == current && control[current] && data[current])

/* Control's constructor: goes to `label` when the file it went for was replaced meanwhile. */
inline open_control(g, label) {
  atomic {
    if
    :: !control[g] -> assert(current != g); g = 0; goto label /* else the slot would be reported as missing */
    :: else
    fi
  }
}

inline close_word() {
#ifdef PLAIN_MARK
  closing = 1
#else
  turns++; closing = 1
#endif
}

/* Participant::attach. `s` is the generation it compared, or wants to replace; `g` the one it holds. */
proctype participant(byte me) {
  byte g, s, made, turn, i;
again:
  atomic { /* find_or_create_slot, or find_slot */
    if
    :: current == 0 && WANT(me) == 2 -> goto done
    :: current == 0 && WANT(me) != 2 -> goto make
    :: else
    fi
  };
compare:
  if
  :: WANT(me) == 2 -> goto hold
  :: else
  fi;
  atomic { s = current };
  open_control(s, compare);
  atomic {
    if
    :: settings[s] != WANT(me) -> goto replace /* what it wants differs */
    :: else
    fi
  };

hold:
#ifdef OPENS_FIRST
  atomic { g = current };
  open_control(g, hold);
#endif
#ifdef LOOKS_BEFORE_BIT
  atomic { i = closing; turn = turns; g = current };
  STEP( attached[me] = 1 );
#else
  STEP( attached[me] = 1 );
  atomic { i = closing; turn = turns; g = current }; /* one word */
#endif
#ifndef NO_SECOND_LOOK
  if
  :: i == 1 ->
#ifdef WAITS_FOR_REPLACER
     !WORD(g, turn, 1)
#else
     STEP( if :: WORD(g, turn, 1) -> closing = 0 :: else fi )
#endif
  :: else
  fi;
#endif
#ifndef OPENS_FIRST
open:
  /* From here on nobody may replace it: what is current now stays so until the bit goes. */
  atomic { i = 0; turn = 0; g = current; uses[me] = g };
  open_control(g, open);
#else
  atomic { i = 0; turn = 0; uses[me] = g };
#endif
#ifndef COMPARES_ONCE
  if
  :: WANT(me) != 2 && g != s -> atomic { uses[me] = 0; s = 0 }; STEP( attached[me] = 0; g = 0; goto again )
  :: else
  fi;
#endif
  /* It is told that it is attached. */
  atomic { s = 0; assert(WANT(me) == 2 || settings[g] == WANT(me)); assert(STILL_MINE) };
  STEP( assert(STILL_MINE); PIN(g, me) = 1 );
  if
  :: goto done /* stays */
  :: skip
  fi;
  STEP( assert(STILL_MINE); PIN(g, me) = 0 );
  atomic { uses[me] = 0 };
  STEP( attached[me] = 0; g = 0; goto done );

replace: /* replace_slot. Its first look at the users is left out: it only refuses earlier */
#ifdef LOOKS_BEFORE_CLOSING
  do
  :: atomic { i < PEOPLE && (!attached[i] || dead[i]) -> i++ }
  :: atomic { i < PEOPLE && attached[i] && !dead[i] -> i = 0; s = 0 }; goto refused
  :: atomic { i == PEOPLE -> i = 0 }; break
  od;
#endif
#ifdef NUMBERS_FIRST
  STEP( if :: next_generation < GENERATIONS -> made = next_generation; next_generation++ :: else -> goto refused fi );
#endif
  /* close */
  atomic {
    if
#ifdef NUMBERS_FIRST
    :: s = current; turn = turns
#else
    :: current != s -> s = 0; goto again
    :: else -> turn = turns
#endif
    fi;
    if
    :: closing -> goto closed /* another's: goes on where that one is, or was */
    :: else
    fi
  };
  STEP( if :: WORD(s, turn, 0) -> close_word(); turn = turns :: else -> s = 0; turn = 0; goto again fi );
#ifdef ADOPTS_UNSEEN
  goto look;
closed:
  goto make;
look:
#else
closed:
#endif
#ifndef LOOKS_BEFORE_CLOSING
  do /* users_of */
  :: atomic { i < PEOPLE && (!attached[i] || dead[i]) -> i++ }
  :: atomic { i < PEOPLE && attached[i] && !dead[i] -> i = 0 };
     atomic { if :: current != s -> s = 0; turn = 0; goto again :: else fi };
     goto reopen
  :: atomic { i == PEOPLE -> i = 0 }; break
  od;
#endif

make: /* make_generation: of nothing, or of the closed s */
#ifndef NUMBERS_FIRST
  STEP( if :: next_generation < GENERATIONS -> made = next_generation; next_generation++ :: else -> goto reopen fi );
#else
  if
  :: made == 0 ->
     STEP( if :: next_generation < GENERATIONS -> made = next_generation; next_generation++ :: else -> goto reopen fi )
  :: else
  fi;
#endif
#ifndef ANNOUNCES_LATE
  STEP( creating[me] = made );
#endif
  STEP( assert(!data[made]); data[made] = 1 );
#if FAILS > 0
  if
  :: atomic { fails < FAILS -> fails++; i = 1; goto remove_own }
  :: skip
  fi;
#endif
  STEP( assert(!control[made]); control[made] = 1; settings[made] = WANT(me) );
#ifdef ANNOUNCES_LATE
  STEP( creating[me] = made );
#endif
  STEP(
    if
    :: s == 0 && WORD(0, 0, 0) -> current = made
    :: s != 0 && WORD(s, turn, 1) ->
       assert(!IN_USE(s)); /* nobody alive is left behind in the old files */
       current = made; turns = 0; closing = 0
    :: else -> goto remove_own
    fi;
    assert(made > s && control[made] && data[made])
  );
#ifdef ENDS_EARLY
  STEP( creating[me] = 0 );
#endif
  if
  :: s != 0 -> STEP( REMOVE_CONTROL(s) ); STEP( REMOVE_DATA(s) )
  :: else
  fi;
  STEP( creating[me] = 0; made = 0; s = 0; turn = 0; goto again );

remove_own: /* somebody else was faster, or it failed (i) */
#ifndef LOSER_KEEPS_FILES
  STEP( REMOVE_CONTROL(made) );
  STEP( REMOVE_DATA(made) );
#endif
  STEP( creating[me] = 0; made = 0 );
  if
  :: atomic { i == 0 -> s = 0; turn = 0; goto again }
  :: else
  fi;
reopen: /* and refuse */
  if
  :: s != 0 -> STEP( if :: WORD(s, turn, 1) -> closing = 0 :: else fi )
  :: else
  fi;
#if defined(LOOKS_BEFORE_CLOSING) || defined(NUMBERS_FIRST)
refused:
#endif
  atomic { s = 0; turn = 0; i = 0; made = 0; goto done };

#if CRASHES > 0
died:
  atomic { dead[me] = 1; g = 0; s = 0; made = 0; turn = 0; i = 0 };
#endif
#if STOPS > 0
stopped:
  skip;
#endif
done:
  skip
}

#if CRASHES > 0
/* Part of recover_if_dead; rows.pml has the rest. One that dies is replaced by another. */
#undef STEP
#define STEP(x) if :: atomic { x } :: atomic { crashes < CRASHES -> crashes++; g = 0; me = 0; u = 0; goto end } fi
#ifdef REMOVES_CURRENT
#define NAMED(g) false
#else
#define NAMED(g) (current == (g))
#endif
#ifdef FORGETS_OLD
#define OLDER(g) false
#else
#define OLDER(g) ((g) < current)
#endif
proctype recoverer() {
  byte me, g, u;
end:
  atomic {
    if
    :: dead[0] && !freed[0] -> me = 0
    :: dead[1] && !freed[1] -> me = 1
    :: dead[2] && !freed[2] -> me = 2
    fi;
    u = creating[me]
  };
  /* remove_unfinished, file by file */
  if
  :: u != 0 ->
     g = 1;
     do
     :: atomic { g < GENERATIONS && !(control[g] && (OLDER(g) || (g == u && !NAMED(g)))) -> goto data_file }
     :: atomic { g < GENERATIONS && control[g] && (OLDER(g) || (g == u && !NAMED(g))) -> skip };
        STEP( REMOVE_CONTROL(g) );
data_file:
        if
        :: atomic { data[g] && (OLDER(g) || (g == u && !NAMED(g))) -> skip }; STEP( REMOVE_DATA(g) )
        :: else
        fi;
        g++
     :: atomic { g == GENERATIONS -> g = 0 }; break
     od
  :: else
  fi;
  /* recover_slots: in the generation that is current now, for all it knows */
#ifndef KEEPS_PINS
  if
  :: attached[me] ->
reread:
     atomic { g = current };
     open_control(g, reread);
     STEP( PIN(g, me) = 0; g = 0 )
  :: else
  fi;
#endif
  STEP( freed[me] = 1; me = 0; u = 0 );
  goto end
}
#endif

init {
  byte i;
  byte left;
  atomic {
#ifdef MADE
    current = 1;
    next_generation = 2;
    data[1] = 1;
    control[1] = 1;
#endif
    run participant(0); run participant(1); run participant(2);
#if CRASHES > 0
    run recoverer()
#endif
  };
  atomic { /* nobody can do anything any more */
    timeout;
    i = 1;
    do
    :: i < GENERATIONS -> if :: i != current && (control[i] || data[i]) -> left++ :: else fi; i++
    :: else -> i = 0; break
    od;
    assert(left <= stops); /* one that stopped may have unfinished files, or old ones to remove */
    assert(current == 0 || (control[current] && data[current]));
    do
    :: i < PEOPLE ->
       assert(dead[i] || uses[i] == 0 || uses[i] == current);
       assert(!dead[i] || !PIN(current, i)); /* nothing is held in the dead one's name */
       i++
    :: else -> i = 0; break
    od
  }
}
