"""Results of experiments on disk, so that nothing is computed twice and everything survives.

with open_store("results/store") as store:
    store.add_plan(plan)
    store.begin("marginal of growing_store", wanted)
    known = store.known(wanted)                    # what need not be played again
    store.add({job: values, ...}, keys)            # on the disk when it returns
    store.table()                                  # a row a job, a column a measure

A store is a folder with one SQLite file, `store.sqlite`, and the logs that were asked for, in `logs/`.
"""

from __future__ import annotations

from analysis.store.jobs import JobId, measure_set
from analysis.store.logs import find_log, keep_log
from analysis.store.store import Progress, Store, open_store

__all__ = ["JobId", "Progress", "Store", "find_log", "keep_log", "measure_set", "open_store"]
