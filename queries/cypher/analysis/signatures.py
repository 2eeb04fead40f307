"""What functions take and give, as far as it matters before the query runs.

How many arguments a function takes is said by the functions themselves; only those that are wrong for certain kinds
of argument at compile time are listed here, and those whose result has a kind worth knowing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from .kinds import ANY, FLOAT, INTEGER, LIST, MAP, NODE, RELATIONSHIP, STRING, Kind, item_of, joined, list_of

AGGREGATION_ARGUMENTS: Mapping[str, int] = {"percentilecont": 2, "percentiledisc": 2}
"""How many arguments an aggregation takes, where it is not one."""

RANDOM = frozenset(("rand", "randomuuid"))
"""Functions that give another value with every call, which cannot be aggregated."""

TAKES: Mapping[str, tuple[str, ...]] = {
    "labels": ("node",),
    "type": ("relationship",),
    "properties": ("node", "relationship", "map"),
    "keys": ("node", "relationship", "map"),
    "size": ("list", "string"),
    "length": ("path",),
    "nodes": ("path",),
    "relationships": ("path",),
    "startnode": ("relationship",),
    "endnode": ("relationship",),
    "id": ("node", "relationship"),
    "elementid": ("node", "relationship"),
}
"""The kinds the first argument of a function may have."""

_GIVES: Mapping[str, Kind | Callable[[Sequence[Kind]], Kind]] = {
    "labels": list_of(STRING),
    "keys": list_of(STRING),
    "type": STRING,
    "properties": MAP,
    "size": INTEGER,
    "length": INTEGER,
    "id": INTEGER,
    "elementid": STRING,
    "count": INTEGER,
    "nodes": list_of(NODE),
    "relationships": list_of(RELATIONSHIP),
    "startnode": NODE,
    "endnode": NODE,
    "range": list_of(INTEGER),
    "split": list_of(STRING),
    "tostring": STRING,
    "toupper": STRING,
    "tolower": STRING,
    "tointeger": INTEGER,
    "tofloat": FLOAT,
    "rand": FLOAT,
    "head": lambda kinds: item_of(kinds[0]),
    "last": lambda kinds: item_of(kinds[0]),
    "tail": lambda kinds: kinds[0] if kinds[0].item is not None else LIST,
    "collect": lambda kinds: list_of(kinds[0]),
    "min": lambda kinds: kinds[0],
    "max": lambda kinds: kinds[0],
    "coalesce": joined,
}


def result_kind(name: str, arguments: Sequence[Kind]) -> Kind:
    """Return the kind of what the function ``name`` (in lower case) gives for ``arguments``."""
    gives = _GIVES.get(name, ANY)
    if isinstance(gives, Kind):
        return gives
    return gives(arguments) if arguments else ANY
