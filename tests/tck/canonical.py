"""Expected and actual values in one comparable, hashable form.

Types are told apart strictly: ``1`` is not ``1.0`` and not ``true``, and a value of a library (a numpy number, say)
that leaks out of the engine equals nothing. Dates, times and durations count by their text, as in the kit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from math import isinf
from typing import Any

from . import expected

Canonical = tuple[Any, ...]

TEMPORAL = frozenset({"Date", "LocalTime", "Time", "LocalDateTime", "DateTime", "Duration"})


def canonical(value: Any, ignore_list_order: bool = False) -> Canonical:
    """Return the form of a value; entities of the engine and of a table give the same one."""

    def form(item: Any) -> Canonical:
        return canonical(item, ignore_list_order)

    kind = type(value)
    if value is None:
        return ("null",)
    if kind is bool:
        return ("boolean", value)
    if kind is int:
        return ("integer", value)
    if kind is float:
        return ("float", "NaN" if math.isnan(value) else value + 0.0)  # -0.0 is 0.0
    if kind is str:
        return ("string", value)
    if kind in (list, tuple):
        items = [form(item) for item in value]
        return ("list", *(sorted(items, key=repr) if ignore_list_order else items))
    if kind is dict:
        return ("map", _map(value, ignore_list_order))
    name = kind.__name__
    if name in TEMPORAL:
        return ("string", str(value))
    if name == "Node":
        return ("node", tuple(sorted(set(value.labels))), _map(value.properties, ignore_list_order))
    if name == "Relationship":
        return ("relationship", value.type, _map(value.properties, ignore_list_order))
    if kind is expected.Path:
        hops = [(form(relationship), forward, form(node)) for relationship, forward, node in value.hops]
        return ("path", form(value.start), *hops)
    if name == "Path":
        hops = [
            (form(relationship), relationship.start == before, form(after))
            for before, relationship, after in zip(
                value.nodes[:-1], value.relationships, value.nodes[1:], strict=True
            )
        ]
        return ("path", form(value.nodes[0]), *hops)
    return ("foreign", kind.__name__, repr(value))


def _map(items: Mapping[str, Any], ignore_list_order: bool) -> tuple[Any, ...]:
    return tuple(sorted((key, canonical(item, ignore_list_order)) for key, item in items.items()))


def shown(form: Canonical) -> str:
    """Return a form as the kit would write it."""
    match form:
        case ("null",):
            return "null"
        case ("boolean", value):
            return "true" if value else "false"
        case ("string", value):
            return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"
        case ("list", *items):
            return f"[{', '.join(map(shown, items))}]"
        case ("map", items):
            return _shown_map(items)
        case ("node", labels, properties):
            return _joined("(", "".join(f":{label}" for label in labels), properties, ")")
        case ("relationship", type_, properties):
            return _joined("[", f":{type_}", properties, "]")
        case ("path", start, *hops):
            parts = [shown(start)]
            for relationship, forward, node in hops:
                parts.append(f"{'-' if forward else '<-'}{shown(relationship)}{'->' if forward else '-'}")
                parts.append(shown(node))
            return f"<{''.join(parts)}>"
        case (_, float() as value) if isinf(value):
            return "Inf" if value > 0 else "-Inf"
        case ("foreign", kind, text):
            return f"{kind}!{text}"
    return str(form[1])


def _joined(left: str, name: str, properties: tuple[Any, ...], right: str) -> str:
    parts = [part for part in (name, _shown_map(properties) if properties else "") if part]
    return left + " ".join(parts) + right


def _shown_map(items: tuple[Any, ...]) -> str:
    return "{" + ", ".join(f"{key}: {shown(item)}" for key, item in items) + "}"
