"""Values of a result: short and readable for the eye, plain for other programs."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from ...graph.errors import QueryError
from ...graph.records import Evidence
from ...queries.cypher.render import name, to_cypher
from ...queries.cypher.values import Node, Path, Relationship

DEEPEST = 200
"""Deeper values are cut on the screen and refused as JSON, which most readers cannot take deeper."""

_LONG = (
    "abstract", "body", "sections", "statements", "quote", "raw", "contexts", "aliases", "former_ids", "papers",
    "sources", "loaded_at",
)  # fmt: skip
"""Properties left out of the short form of a relationship; asking for one by name shows it."""


def short(value: Any) -> str:
    """Return a value as one reads it: texts bare, entities by their name, evidence as quotations.

    Examples
    --------
    >>> short("LoRA"), short(["LoRA", None, 2.0]), short(None)
    ('LoRA', "['LoRA', null, 2.0]", 'null')
    """
    if isinstance(value, str):
        quotation = _quotation(value)
        return value if quotation is None else quotation
    if isinstance(value, (list, tuple)) and value:
        quotations = [_quotation(item) for item in value]
        if all(quotations):
            return "\n".join(str(quotation) for quotation in quotations)
    return _written(value, 0)


def _written(value: Any, depth: int) -> str:
    if depth > DEEPEST:
        return "…"
    if isinstance(value, Node):
        labels = "".join(f":{name(label)}" for label in value.labels)
        return f"({labels}{' ' if labels else ''}{{{_called(value)}}})"
    if isinstance(value, Relationship):
        return f"[:{name(value.type)}{_facts(value.properties)}]"
    if isinstance(value, Path):
        return _steps(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_quotation(item) or _written(item, depth + 1) for item in value)}]"
    if isinstance(value, Mapping):
        entries = (f"{name(str(key))}: {_written(item, depth + 1)}" for key, item in value.items())
        return f"{{{', '.join(entries)}}}"
    return to_cypher(value)


def _called(node: Node) -> str:
    """The property a node is called by; where it has no name, what it has."""
    properties = node.properties
    for key in ("name", "title"):
        if properties.get(key) is not None:
            return f"{key}: {to_cypher(properties[key])}"
    few = [f"{name(key)}: {to_cypher(value)}" for key, value in properties.items() if value is not None][:2]
    return ", ".join(few) or f"id: {to_cypher(node.id)}"


def _facts(properties: Mapping[str, Any]) -> str:
    shown = []
    for key, value in properties.items():
        if key == "evidence" and isinstance(value, (list, tuple)):
            shown.append(f"evidence: {' '.join(_words(item) for item in value)}")
        elif value is not None and key not in _LONG:
            shown.append(f"{name(key)}: {to_cypher(value)}")
    return f" {{{', '.join(shown)}}}" if shown else ""


def _steps(path: Path) -> str:
    written = [_written(path.nodes[0], 0)]
    for before, relationship, after in zip(path.nodes, path.relationships, path.nodes[1:], strict=False):
        forward = relationship.start == before and relationship.end == after
        arrow = f"-[:{name(relationship.type)}]-"
        written += [arrow + ">" if forward else "<" + arrow, _written(after, 0)]
    return "".join(written)


def _evidence(value: Any) -> Evidence | None:
    if not isinstance(value, str) or not value.startswith('{"source":'):
        return None
    try:
        return Evidence.loads(value)
    except (TypeError, ValueError):  # some other JSON
        return None


def _quotation(value: Any) -> str | None:
    found = _evidence(value)
    if found is None:
        return None
    return f"“{found.text}” ({found.field} {found.start}–{found.end}, {found.extractor}, {found.source})"


def _words(value: Any) -> str:
    found = _evidence(value)
    return f"“{found.text}”" if found is not None else to_cypher(value)


def as_data(value: Any, depth: int = 0) -> Any:
    """Return a value as JSON can hold it; dates and times and numbers that are none become text.

    Raises
    ------
    QueryError
        The value is nested too deeply.
    """
    if depth > DEEPEST:
        raise QueryError(f"The result holds a value nested more than {DEEPEST} deep, which JSON cannot hold.")
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else to_cypher(value)
    if isinstance(value, Mapping):
        return {str(key): as_data(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_data(item, depth + 1) for item in value]
    if isinstance(value, Node):
        return {
            "labels": list(value.labels),
            "id": as_data(value.id, depth + 1),
            "properties": as_data(value.properties, depth + 1),
        }
    if isinstance(value, Relationship):
        return {
            "type": value.type,
            "start": as_data(value.start.id, depth + 1),
            "end": as_data(value.end.id, depth + 1),
            "properties": as_data(value.properties, depth + 1),
        }
    if isinstance(value, Path):
        return {
            "nodes": as_data(value.nodes, depth + 1),
            "relationships": as_data(value.relationships, depth + 1),
        }
    return str(value)


def as_cell(value: Any) -> str:
    """Return a value as a cell of CSV: texts bare, null empty, what is compound as JSON."""
    if value is None:
        return ""
    data = as_data(value)
    return data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)


def is_number(value: Any) -> bool:
    """Tell whether a value is a number; truth values are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def all_numbers(values: Sequence[Any]) -> bool:
    """Tell whether there is a number among values and nothing else but nulls."""
    known = [value for value in values if value is not None]
    return bool(known) and all(map(is_number, known))
