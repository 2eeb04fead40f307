"""Questions to the graph: Python helpers that work on every store, and the query languages.

All answers are small immutable rows (:class:`~citegraph.queries.rows.Row`) that name their papers and quote
them.
"""

from .citations import most_cited
from .communities import communities
from .comparison import compare
from .coupling import related, strongest_pairs
from .duplicates import duplicates
from .explain import explain
from .lineage import builds_on
from .lookup import find, neighbourhood, resolve
from .main_path import main_path
from .questions import evaluated_on, methods_tried_on
from .ranking import rank
from .stats import stats
from .trends import co_occurrence, timeline

__all__ = [
    "builds_on",
    "co_occurrence",
    "communities",
    "compare",
    "duplicates",
    "evaluated_on",
    "explain",
    "find",
    "main_path",
    "methods_tried_on",
    "most_cited",
    "neighbourhood",
    "rank",
    "related",
    "resolve",
    "stats",
    "strongest_pairs",
    "timeline",
]
