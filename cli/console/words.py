"""The words of the language, for highlighting and completion."""

from __future__ import annotations

PHRASES = (
    "MATCH", "OPTIONAL MATCH", "WHERE", "RETURN", "WITH", "UNWIND", "ORDER BY", "SKIP", "LIMIT", "DISTINCT", "AS",
    "UNION", "UNION ALL", "CALL", "YIELD", "CREATE", "MERGE", "ON CREATE SET", "ON MATCH SET", "SET", "REMOVE",
    "DELETE", "DETACH DELETE", "FOREACH", "AND", "OR", "XOR", "NOT", "IN", "IS NULL", "IS NOT NULL", "STARTS WITH",
    "ENDS WITH", "CONTAINS", "CASE", "WHEN", "THEN", "ELSE", "END", "EXISTS", "COUNT", "COLLECT", "ASCENDING",
    "DESCENDING", "ASC", "DESC", "true", "false", "null", "EXPLAIN", "PROFILE", "all", "any", "none", "single",
    "reduce", "shortestPath", "allShortestPaths",
)  # fmt: skip
"""What completion offers where an expression or a clause can stand."""

CONSTANTS = frozenset({"TRUE", "FALSE", "NULL"})

KEYWORDS = frozenset(
    word for phrase in PHRASES if phrase.isupper() for word in phrase.split()
) - frozenset({"COUNT", "COLLECT"})  # fmt: skip
"""Words that are shown as keywords; COUNT and COLLECT are mostly functions."""


def functions() -> dict[str, str]:
    """Return the functions and aggregations by name, each with its signature."""
    from ...queries.cypher.functions import AGGREGATIONS, FUNCTIONS

    found = {function.name: function.signature for function in FUNCTIONS.values()}
    spelled = {"percentilecont": "percentileCont", "percentiledisc": "percentileDisc", "stdev": "stDev",
               "stdevp": "stDevP"}  # fmt: skip
    return found | {spelled.get(name, name): "aggregation" for name in AGGREGATIONS}
