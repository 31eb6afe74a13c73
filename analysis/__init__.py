"""What is read out of a log: measures, the delay ledger, bottlenecks, statistics over replications, reports.

A question is a function of plans; its answer, a `Reply`, shows itself in a notebook (docs/python.md):

reply = analysis.compare("scenarios/growing_store.toml", "scenarios/growing_store_one_more_packer.toml")
reply.frame             # a tidy table with units and intervals
reply.figure()          # a picture; reply.report("answer.html") writes the whole report
"""

from __future__ import annotations

from analysis.notebook import Reply, compare, replicate

__all__ = ["Reply", "compare", "replicate"]
