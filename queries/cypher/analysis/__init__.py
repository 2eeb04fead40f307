"""What can be told about a query before it runs: whether it makes sense, what it returns, whether it writes.

`analyse` walks the clauses in order (`clauses`) with the names each sees (`scopes`) and what is known of their values
(`kinds`); `warnings` compares the names of a query with those of a graph (`near_misses`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .. import syntax as s
from ..errors import CypherError
from ..free import AGGREGATIONS, aggregations_in, has_aggregation, pattern_variables, variables_of
from .clauses import Clauses
from .composition import writes
from .near_misses import warnings

if TYPE_CHECKING:
    from ..procedures import Procedure

__all__ = [
    "AGGREGATIONS", "Analysis", "aggregations_in", "analyse", "has_aggregation", "pattern_variables",
    "variables_of", "warnings",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is known of a query that makes sense.

    Attributes
    ----------
    columns
        Names of the result columns in order; empty where nothing is returned.
    writes
        Whether it changes the graph.
    """

    columns: tuple[str, ...]
    writes: bool


def analyse(
    statement: s.Statement,
    text: str,
    parameters: Collection[str] | None = None,
    procedures: Mapping[str, Procedure] | None = None,
) -> Analysis:
    """Check a query as far as it can be without a graph.

    Parameters
    ----------
    statement
        The syntax tree.
    text
        What it was parsed from, for messages.
    parameters
        Names of the parameters given; None where they are not known yet.
    procedures
        Procedures beside the built-in ones.

    Raises
    ------
    CypherError
        If the query can never run, with the piece that is to blame.
    """
    try:
        columns = Clauses(parameters, procedures).query(statement.query, {})
    except CypherError as error:
        raise error.at(text) from None
    except RecursionError:
        raise CypherError("The query is nested too deeply; split it with WITH").at(text) from None
    return Analysis(tuple(columns or ()), writes(statement.query))
