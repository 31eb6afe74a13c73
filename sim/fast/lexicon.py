"""The short names of the compiled engine: what each column of its tables holds.

Tables are two-dimensional arrays of whole numbers, a row a thing. Compiled code knows their columns by these
constants:

    step[s, LINE]       the queue of step s                   clock[c, ARRIVED]   when case c came
    case[c, STEP]       where case c is                       person[p, IN_HAND]  how many cases person p holds
    role[r, FREE]       how many of role r are free           queue[q, HEAD]      the first case in queue q, or NONE

Letters: s step, c case, p person, r role, m team, l line (queue of some people), g crew, q chain of a queue, d dock,
i row of the log, t instant (ms), w the world (all tables), n the counts.
"""

from __future__ import annotations

NONE = -1

# step[s, …]: the plan, spelled out. LUCK_…: where a decision's addresses begin in `column`, one a visit.
(VERB, ROUTE, LINE, GOES_TO, AGAIN, RETURNS, OWN_RANK, AT_MOST, CONDITION, PEOPLE, AT_ONCE, SLOWER) = range(12)
(LUCK_TAKES, LUCK_PATIENCE, LUCK_CHANCE, LUCK_AFTER, VISITS, BASE, HOURS, HOURS_END) = range(12, 20)
(DEPARTS, DEPARTS_END, CAPACITY, DOCK, CHILD, CHILD_ROUTE, IMPATIENT, STEP_COLUMNS) = range(20, 28)

# case[c, …] (32 bits) and clock[c, …] (64 bits): a case as it stands
(STEP, ROW, RANK, BEFORE, BEHIND, PERSON, HELPERS, WAITING, CASE_COLUMNS) = range(9)
(ARRIVED, JOINED_AT, NEEDS, CLOCK_COLUMNS) = range(4)

# person[p, …]
(ROLE, RULE, TEAM, SPEED, ON_DUTY, IN_HAND, HELD_STEP, KEPT, IS_FREE, PERSON_COLUMNS) = range(10)

# team[m, …], role[r, …]
(SPANS, SPANS_END, TEAM_FIRST, TEAM_END, TEAM_ROLE, TEAM_COLUMNS) = range(6)
(FIRST, END, FREE, LOWEST, CREW_OF_ROLE, ROLE_COLUMNS) = range(6)

# line[l, …], server[…], crew[g, …]
(SERVERS, SERVERS_END, CREW, CHAINS, IN_LINE, BLOCKED, LINE_COLUMNS) = range(7)
(SERVER_ROLE, EFFICIENCY, SERVER_COLUMNS) = range(3)
(CREW_LINES, CREW_LINES_END, UNSETTLED, CREW_COLUMNS) = range(4)

# dock[d, …], stream[…], change[…], queue[q, …], span[…]
(DOCK_STEP, DOCK_CHAINS, STANDING, AWAITED, INSTANT, ROOM, DOCK_COLUMNS) = range(7)
(NEXT, STREAM_END, CASE_OF_FIRST, STREAM_ROUTE, STREAM_COLUMNS) = range(5)
(AT, WHO, COMES, CHANGE_COLUMNS) = range(4)
(HEAD, TAIL, QUEUE_COLUMNS) = range(3)
(ON, OFF, SPAN_COLUMNS) = range(3)

# helper[…]: further people on a visit
(HELPED_ROW, HELPER, HELPER_COLUMNS) = range(3)

# n[…]: everything that is a single number
(EVENTS, ROWS, HELPS, FRESH, STARTED, NEXT_CHANGE, COUNTS) = range(7)

# what can happen (the two lowest bits of an event; the rest is the case, or the row)
(GO_ON, GIVE_UP, COME, STIR) = range(4)
KIND_BITS = 2
KIND = (1 << KIND_BITS) - 1

# why the kernel returned
(DONE, LOG_FULL, LUCK_MISSING) = range(3)
