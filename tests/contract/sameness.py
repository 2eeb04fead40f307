"""What it means that two answers are the same: their values in a form that can be compared."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from citegraph.queries.cypher.values import Node, Path, Relationship

DIGITS = 12
"""Means and sums of numbers depend on the order they are added in; so many digits do not."""


def value(given: Any, lists: str = "") -> Any:
    """Return a value as nested lists of JSON, its type told: 1 is not 1.0, null is not an empty list.

    ``lists`` is what a query says of its lists: ``lists in any order``, or ``one of several``.
    """
    if given is None or isinstance(given, (bool, str)):
        return given
    if isinstance(given, int):
        return ["integer", given]
    if isinstance(given, float):
        return ["real", str(given) if not math.isfinite(given) else f"{given:.{DIGITS}g}"]
    if isinstance(given, Node):
        return ["node", given.id, list(given.labels), entries(given.properties)]
    if isinstance(given, Relationship):
        return ["relationship", given.start.id, given.type, given.end.id, entries(given.properties)]
    if isinstance(given, Path):
        steps = [value(node) for node in given.nodes], [value(step) for step in given.relationships]
        return ["path", *steps]
    if isinstance(given, Mapping):
        return ["map", entries(given, lists)]
    if isinstance(given, (list, tuple)):
        return _list([value(item, lists) for item in given], lists)
    if is_dataclass(given) and not type(given).__module__.startswith("citegraph.queries.cypher"):
        return [type(given).__name__, entries({one.name: getattr(given, one.name) for one in fields(given)})]
    return [type(given).__name__, str(given)]


def _list(items: list[Any], lists: str) -> list[Any]:
    if lists == "one of several":
        return ["list", len(items), items[:1], items[-1:]]
    return ["list", *(sorted(items, key=json.dumps) if lists else items)]


def entries(given: Mapping[str, Any], lists: str = "") -> list[Any]:
    """Return the entries of a map in alphabetical order."""
    return [[str(key), value(given[key], lists)] for key in sorted(given, key=str)]


def rows(given: list[list[Any]], *, ordered: bool, lists: str = "") -> list[str]:
    """Return rows as texts, sorted where their order does not count."""
    written = [json.dumps([value(cell, lists) for cell in row], ensure_ascii=False) for row in given]
    return written if ordered else sorted(written)
