"""Does a run keep the rules? Everything is recomputed from scratch, without the engine that made it.

`verify(log)`          a whole log against its plan, its luck and the rules (sim/rules.py)
`verify_floor(floor)`  the SimPy engine at the end of an instant: `run(plan, draws, watch=verify_floor)`

Both raise `Inconsistent` at the first contradiction, with what is wrong and where.

What a log does not tell is the round of an instant in which something happened (see rules.py). So where two cases come
to a queue at the very instant at which one of them is taken, their order is not checked here; the logs worked out by
hand (tests/verbs) and a second engine check that.
"""

from __future__ import annotations

from sim.draws import Draws
from sim.log import Log
from sim.verify.cases import check_cases
from sim.verify.durations import check_durations
from sim.verify.floor import verify_floor
from sim.verify.hands import check_hands
from sim.verify.inconsistent import Inconsistent
from sim.verify.order import check_order
from sim.verify.paths import check_paths
from sim.verify.replay import check_hand_out
from sim.verify.room import check_room
from sim.verify.seen import look

__all__ = ["Inconsistent", "verify", "verify_floor"]


def verify(log: Log, draws: Draws | None = None) -> None:
    """Raise Inconsistent if a log contradicts its plan, its luck or the rules.

    `draws` is the luck it was played under, if not that of its plan, seed and replication.
    """
    seen = look(log, draws or Draws(log.plan, log.seed, log.replication))
    check_cases(seen)
    check_paths(seen)
    in_hand = check_hands(seen)
    check_durations(seen, in_hand)
    check_order(seen)
    check_room(seen)
    check_hand_out(seen, in_hand)
