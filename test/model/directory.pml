/* One place of the directory: who creates the slot's files, who attaches, who replaces them by others. README.md
   beside this file says what code this is to follow. One statement, or one atomic block, is one access to shared
   memory or one system call.

   The entry's word `current` names a generation, and may carry a mark: closing, by the replacer with that new
   generation. Bounds (-D): PEOPLE (3), REPLACERS (the last ones of them), CRASHES, STOPS.
   Broken on purpose (-D): NO_SECOND_LOOK, ACCEPTS_CLOSING, WAITS_FOR_REPLACER, PLAIN_MARK, LOOKS_BEFORE_CLOSING,
   ANNOUNCES_LATE, REMOVES_CURRENT, FORGETS_OLD, LOSER_KEEPS_FILES. */
#define PEOPLE 3
#ifndef REPLACERS
#define REPLACERS 1
#endif
#ifndef CRASHES
#define CRASHES 0
#endif
#ifndef STOPS
#define STOPS 0
#endif
#define GENERATIONS 7
#define REPLACES(p) ((p) >= PEOPLE - REPLACERS)
#ifdef PLAIN_MARK
#define MARK(g) 1
#else
#define MARK(g) (g)
#endif

/* The entry. Both parts are one word. */
byte current = 0;
byte closing = 0;
byte next_generation = 1;
byte files[GENERATIONS]; /* 0 none, 1 half made, 2 whole */
/* The rows. */
byte creating[PEOPLE];   /* the generation whose files this one may have left */
byte replacing[PEOPLE];  /* the generation it may have replaced without removing the files */
bit attached[PEOPLE];

/* For the checks alone. */
byte uses[PEOPLE];       /* the generation it was told it is attached to */
bit dead[PEOPLE];
bit freed[PEOPLE];
byte crashes = 0;
byte stops = 0;

#define IS(g, mark) (current == (g) && closing == (mark))
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
#define REMOVE(g) assert(!IN_USE(g)); files[g] = 0

proctype participant(byte me) {
  byte g, made, mark, i;
again:
  atomic {
    g = current;
    mark = closing;
    if
    :: g == 0 -> mark = 0; goto create
    :: g != 0 && mark != 0 -> goto reopen
    :: else
    fi;
    if
    :: REPLACES(me) -> goto create
    :: else -> goto attach
    fi
  };

create: /* a replacer makes its files before it closes */
  STEP( made = next_generation; next_generation++ );
#ifndef ANNOUNCES_LATE
  STEP( creating[me] = made );
#endif
  STEP( files[made] = 1 );
  STEP( files[made] = 2 );
#ifdef ANNOUNCES_LATE
  STEP( creating[me] = made );
#endif
  if :: g != 0 -> goto replace :: else fi;
  STEP( if :: IS(0, 0) -> current = made :: else -> goto lost fi );
  STEP( creating[me] = 0; made = 0; goto again );

lost:
#ifndef LOSER_KEEPS_FILES
  STEP( REMOVE(made) );
#endif
  STEP( creating[me] = 0 );
  STEP( replacing[me] = 0; made = 0 );
  atomic { if :: REPLACES(me) && g != 0 -> g = 0; goto done :: else -> goto again fi }; /* refused, or the winner's */

reopen: /* whoever closed it may have stopped or died */
#ifdef WAITS_FOR_REPLACER
  !IS(g, mark);
#else
  STEP( if :: IS(g, mark) -> closing = 0 :: else fi );
#endif
  atomic { g = 0; mark = 0; goto again };

attach:
  atomic { if :: files[g] == 0 -> g = 0; goto again :: else -> assert(files[g] == 2) fi }; /* opened them */
  STEP( attached[me] = 1 );
#ifndef NO_SECOND_LOOK
second:
  atomic {
    if
    :: IS(g, 0) -> goto told
    :: current != g -> goto take_out
    :: else -> mark = closing
    fi
  };
#ifdef ACCEPTS_CLOSING
  goto told;
#endif
#ifdef WAITS_FOR_REPLACER
  !IS(g, mark);
  goto second;
#else
  STEP( if :: IS(g, mark) -> closing = 0; mark = 0 :: else -> mark = 0; goto second fi );
#endif
told:
#endif
  atomic { uses[me] = g; mark = 0; assert(files[g] == 2) };
  if
  :: goto done /* stays */
  :: atomic { assert(current == g); uses[me] = 0 }
  fi;
  STEP( attached[me] = 0; g = 0; goto done );
take_out:
  STEP( attached[me] = 0; g = 0; goto again );

replace:
#ifdef LOOKS_BEFORE_CLOSING
  do
  :: atomic { i < PEOPLE && !attached[i] -> i++ }
  :: atomic { i < PEOPLE && attached[i] -> i = 0 }; goto lost
  :: atomic { i == PEOPLE -> i = 0 }; break
  od;
#endif
#ifndef FORGETS_OLD
  STEP( replacing[me] = g );
#endif
  STEP( if :: IS(g, 0) -> closing = MARK(made) :: else -> goto lost fi );
#ifndef LOOKS_BEFORE_CLOSING
  do
  :: atomic { i < PEOPLE && !attached[i] -> i++ }
  :: atomic { i < PEOPLE && attached[i] -> i = 0 }; goto open_again
  :: atomic { i == PEOPLE -> i = 0 }; break
  od;
#endif
  STEP(
    if
    :: IS(g, MARK(made)) ->
       assert(!IN_USE(g)); /* nobody is left behind in the old files */
       current = made; closing = 0
    :: else -> goto lost
    fi
  );
  STEP( creating[me] = 0 );
  STEP( REMOVE(g) );
  STEP( replacing[me] = 0; made = 0; g = 0; goto done );
open_again:
  STEP( if :: IS(g, MARK(made)) -> closing = 0 :: else fi; goto lost );

#if CRASHES > 0
died:
  atomic { dead[me] = 1; g = 0; made = 0; mark = 0; i = 0 };
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
#define STEP(x) if :: atomic { x } :: atomic { crashes < CRASHES -> crashes++; g = 0; me = 0; goto end } fi
#ifdef REMOVES_CURRENT
#define NAMED(g) false
#else
#define NAMED(g) (current == (g))
#endif
proctype recoverer() {
  byte me, g;
end:
  atomic {
    if
    :: dead[0] && !freed[0] -> me = 0
    :: dead[1] && !freed[1] -> me = 1
    :: dead[2] && !freed[2] -> me = 2
    fi
  };
  g = creating[me];
  if :: atomic { g != 0 && !NAMED(g) -> skip }; STEP( REMOVE(g) ) :: else fi;
  g = replacing[me];
  if :: atomic { g != 0 && !NAMED(g) -> skip }; STEP( REMOVE(g) ) :: else fi;
  STEP( attached[me] = 0; g = 0 );
  STEP( freed[me] = 1; me = 0 );
  goto end
}
#endif

init {
  byte i;
  byte left;
  atomic {
    run participant(0); run participant(1); run participant(2);
#if CRASHES > 0
    run recoverer()
#endif
  };
  atomic { /* nobody can do anything any more */
    timeout;
    i = 1;
    do
    :: i < GENERATIONS -> if :: files[i] != 0 && i != current -> left++ :: else fi; i++
    :: else -> i = 0; break
    od;
    assert(left <= stops); /* one that stopped may have unfinished files, or old ones to remove */
    assert(current == 0 || files[current] == 2);
    do
    :: i < PEOPLE -> assert(dead[i] || uses[i] == 0 || uses[i] == current); i++
    :: else -> i = 0; break
    od
  }
}
