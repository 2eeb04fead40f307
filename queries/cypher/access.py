"""Reading inside values: properties, map entries, list elements and slices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import temporal_hooks
from .errors import CypherRuntimeError
from .kinds import TEMPORAL, Kind, kind_of, type_name
from .values import Node, Relationship

_ENTITIES = frozenset({Kind.NODE, Kind.RELATIONSHIP})


def property_of(value: Any, key: str) -> Any:
    """Return ``value.key``: of a map, an entity or a temporal value; null if there is none."""
    kind = kind_of(value)
    if kind is Kind.NULL:
        return None
    if kind is Kind.MAP:
        return value.get(key)
    if kind in _ENTITIES:
        return contents(value).get(key)
    if kind in TEMPORAL:
        return temporal_hooks.component(value, key)
    raise CypherRuntimeError(
        f"A {type_name(value)} has no properties, so it has no {key!r:.60} either.",
        detail="InvalidArgumentType",
    )


def contents(entity: Node | Relationship) -> Mapping[str, Any]:
    """Return the properties of an entity that has not been deleted."""
    refuse_deleted(entity)
    return entity.properties


def refuse_deleted(entity: Node | Relationship) -> None:
    """Raise the language's error if the query has deleted an entity it now reads."""
    if type(entity) is Node:
        gone, what = entity.layout.node_deleted(entity.index), "node"
    else:
        gone, what = entity.layout.relationship_deleted(entity.index), "relationship"
    if gone:
        raise CypherRuntimeError(
            f"The {what} has been deleted by this query; its contents cannot be read any more.",
            kind="EntityNotFound",
            detail="DeletedEntityAccess",
        )


def subscript(container: Any, index: Any) -> Any:
    """Return ``container[index]``: an element of a list (negative: from its end), or a property by its name.

    What is not there is null.
    """
    if container is None or index is None:
        return None
    kind, by = kind_of(container), kind_of(index)
    if kind is Kind.LIST:
        if by is not Kind.INTEGER:
            raise CypherRuntimeError(
                f"A list is indexed by a whole number, not by a {type_name(index)}.",
                detail="InvalidArgumentType",
            )
        return container[index] if -len(container) <= index < len(container) else None
    if kind is Kind.MAP or kind in _ENTITIES or kind in TEMPORAL:
        if by is not Kind.STRING:
            raise CypherRuntimeError(
                f"The entries of a {type_name(container)} are named by texts, not by a {type_name(index)}.",
                detail="MapElementAccessByNonString",
            )
        return property_of(container, index)
    raise CypherRuntimeError(
        f"[…] reads from a list, a map or an entity, not from a {type_name(container)}.",
        detail="InvalidArgumentType",
    )


def slice_(container: Any, first: Any = None, last: Any = None) -> Any:
    """Return ``container[first..last]``, without the last; None for an end that is not given.

    Negative ends count from the end of the list; what reaches out of the list is cut off.
    """
    if container is None:
        return None
    if kind_of(container) is not Kind.LIST:
        raise CypherRuntimeError(
            f"[… .. …] cuts a list, not a {type_name(container)}.", detail="InvalidArgumentType"
        )
    for end in (first, last):
        if end is not None and kind_of(end) is not Kind.INTEGER:
            raise CypherRuntimeError(
                f"A list is cut at whole numbers, not at a {type_name(end)}.", detail="InvalidArgumentType"
            )
    return list(container[first:last])
