"""The short names of the compiled engine: what each column of its tables holds.

Tables are two-dimensional arrays of whole numbers, a row a thing. Compiled code knows their columns by these
constants:

    step[s, LINE]       the queue of step s                   slot[k, CASE]       the case that has slot k
    slot[k, STEP]       where it is                           person[p, IN_HAND]  how many cases person p holds
    role[r, FREE]       how many of role r are free           queue[q, HEAD]      the first slot in queue q, or NONE

A case has a *slot* from its arrival (or from when it is started) to its end; then another case gets it. So what is
moved about stays small however many cases there are.

Letters: s step, k slot, c case, p person, r role, m team, l line (queue of some people), g crew, q chain of a queue,
d dock, i row of the log, t instant (ms), w the world (all tables), n the counts.
"""

from __future__ import annotations

NONE = -1

# step[s, …]: the plan, spelled out. LUCK_…: where a decision's addresses begin in `column`, one a visit.
(VERB, ROUTE, LINE, GOES_TO, AGAIN, RETURNS, OWN_RANK, AT_MOST, CONDITION, PEOPLE, AT_ONCE, SLOWER) = range(12)
(LUCK_TAKES, LUCK_PATIENCE, LUCK_CHANCE, LUCK_AFTER, VISITS, BASE, HOURS, HOURS_END) = range(12, 20)
(DEPARTS, DEPARTS_END, CAPACITY, DOCK, CHILD, CHILD_ROUTE, IMPATIENT) = range(20, 27)
(TOGETHER, TOGETHER_END, ROOM_TO_WAIT, STEP_COLUMNS) = range(27, 31)

# slot[k, …]: a case as it stands. BEHIND of a free slot: the next free one; EARLY: it stands
# there since it came, before the run.
(CASE, STEP, VISIT, JOINED, BEGAN, PERSON, RANK, WAITING) = range(8)
(BEFORE, BEHIND, NEEDS, PATIENCE, GIVES_UP_AT, GAVE_UP_BITS, ARRIVED, HANDED_BACK, EARLY, SLOT_COLUMNS) = range(8, 18)

# back[k, …]: of a case that is handed back, or was (HANDED_BACK): how its people work on it (millionths), and for how
# long (ms) if they do not finish it; when they began; its first and last stretch of work that is over; the event that
# will take it out of their hands. past[…]: one
# person's stretch, and the next of the case (or the next free one)
(PACE, SLOW, WORKED, STRETCH_BEGAN, FIRST_STRETCH, LAST_STRETCH, TO_COME, BACK_COLUMNS) = range(8)
(NEXT_STRETCH, WHO_WORKED, WORKED_FROM, WORKED_UNTIL, PAST_COLUMNS) = range(5)

# person[p, …]
(ROLE, RULE, SPANS, SPANS_END, SPEED, ON_DUTY, IN_HAND, HELD_STEP, KEPT, IS_FREE, HELD_SLOT, PERSON_COLUMNS) = range(12)

# team[m, …], role[r, …]
(TEAM_FIRST, TEAM_END, TEAM_COLUMNS) = range(3)
(FIRST, END, FREE, LOWEST, CREW_OF_ROLE, ROLE_COLUMNS) = range(6)

# line[l, …], server[…], crew[g, …]: SHARED if one person may hold several of its cases, IDLE how many are free
(SERVERS, SERVERS_END, CREW, CHAINS, IN_LINE, BLOCKED, LINE_COLUMNS) = range(7)
(SERVER_ROLE, EFFICIENCY, SERVER_COLUMNS) = range(3)
(CREW_LINES, CREW_LINES_END, UNSETTLED, SHARED, IDLE, CREW_COLUMNS) = range(6)

# dock[d, …], stream[…], change[…], queue[q, …], span[…]
(DOCK_STEP, DOCK_CHAINS, STANDING, AWAITED, INSTANT, ROOM, DOCK_COLUMNS) = range(7)
(NEXT, STREAM_END, CASE_OF_FIRST, STREAM_ROUTE, STREAM_AT, STREAM_COLUMNS) = range(6)
(AT, WHO, COMES, CHANGE_COLUMNS) = range(4)
(HEAD, TAIL, QUEUE_COLUMNS) = range(3)
(ON, OFF, SPAN_COLUMNS) = range(3)

# note[…]: an event of a later hour, and the next note of that hour (or the next free one)
(EVENT, FOLLOWING, NOTE_COLUMNS) = range(3)

# helper[…]: further people on a visit; stretch[…]: who worked when on one that was handed back; started[…]: cases
# that another one started, and when they arrived
(HELPED_ROW, HELPER, HELPER_COLUMNS) = range(3)
(STRETCH_ROW, STRETCH_PERSON, STRETCH_FROM, STRETCH_UNTIL, STRETCH_COLUMNS) = range(5)
(STARTED_CASE, STARTED_AT, STARTED_COLUMNS) = range(3)

# n[…]: everything that is a single number
(EVENTS, ROWS, HELPS, FRESH, UNSETTLED_CREWS, STARTED, NEXT_CHANGE, NEXT_STREAM, NEXT_ARRIVAL) = range(9)
(FREE_SLOT, SLOTS, CLOSED, HOUR_OF_HEAP, LATER, FREE_NOTE, NOTES) = range(9, 16)
(STRETCHES, FREE_PAST, PASTS, PASTS_IN_USE, INTERRUPTED, COUNTS) = range(16, 22)

# what can happen, with whom and when, in one number: instant, slot (or 0), kind
(GO_ON, GIVE_UP, COME, STIR, HAND_BACK) = range(5)
KIND_BITS = 3
KIND = (1 << KIND_BITS) - 1
SLOT_BITS = 21
SLOT = (1 << SLOT_BITS) - 1
INSTANT_SHIFT = KIND_BITS + SLOT_BITS
LONGEST = 1 << (63 - INSTANT_SHIFT)
"""Runs must be shorter (ms): about 17 years."""

# why the kernel returned
(DONE, LOG_FULL, LUCK_MISSING, SLOTS_FULL, PAST_FULL) = range(5)
