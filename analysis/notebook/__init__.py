"""What a researcher types: a question is a function of plans, and its answer shows itself where it stands."""

from __future__ import annotations

from analysis.notebook.compare import compare
from analysis.notebook.replicate import replicate
from analysis.notebook.reply import Reply

__all__ = ["Reply", "compare", "replicate"]
