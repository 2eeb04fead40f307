"""Questions to the graph: Python helpers that work on every store, and the query languages.

All answers are small immutable rows (:class:`~citegraph.queries.rows.Row`) that name their papers and quote
them.
"""

from .citations import most_cited
from .comparison import compare
from .duplicates import duplicates
from .explain import explain
from .lineage import builds_on
from .lookup import find, neighbourhood, resolve
from .questions import evaluated_on, methods_tried_on
from .stats import stats
from .trends import co_occurrence, timeline

__all__ = [
    "builds_on",
    "co_occurrence",
    "compare",
    "duplicates",
    "evaluated_on",
    "explain",
    "find",
    "methods_tried_on",
    "most_cited",
    "neighbourhood",
    "resolve",
    "stats",
    "timeline",
]
