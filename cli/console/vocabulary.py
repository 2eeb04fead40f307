"""The names a graph holds, as completion offers them: each kind gathered when first asked for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ...api import Graph
    from ...queries.cypher.layout import Layout
    from .server_vocabulary import ServerVocabulary

_LOOKED_AT = 5_000
"""Up to so many entities of a label or type are asked for their properties."""

_LONGEST = 200
"""Longer texts are no names."""

_OFFERED = 200
"""How many values are offered at most."""


def vocabulary_of(graph: Graph) -> Vocabulary | ServerVocabulary:
    """Return the names of a graph: read from memory, or asked of its server."""
    from ...graph.server import Neo4jStore

    if isinstance(graph.store, Neo4jStore):
        from .server_vocabulary import ServerVocabulary

        return ServerVocabulary(graph)
    return Vocabulary(graph)


class Vocabulary:
    """Labels, relationship types, properties and values of a graph as it is now."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._values: dict[tuple[str | None, str], list[tuple[str, str]]] = {}
        self._properties: dict[tuple[str, str], list[str]] = {}

    @cached_property
    def _layout(self) -> Layout:
        from ...queries.cypher.layout import layout_of

        return layout_of(self._graph.store)

    @cached_property
    def labels(self) -> list[str]:
        """The labels, in alphabetical order."""
        return sorted(self._layout.labels())

    @cached_property
    def types(self) -> list[str]:
        """The relationship types, in alphabetical order."""
        return sorted(self._layout.types())

    @cached_property
    def property_keys(self) -> list[str]:
        """The keys of all properties."""
        return sorted(self._layout.property_keys())

    def properties_of(self, label: str) -> list[str]:
        """Return the keys that nodes of a label have."""
        nodes = self._nodes(label)
        return self._keys("label", label, nodes, self._layout.node_properties)

    def properties_of_type(self, name: str) -> list[str]:
        """Return the keys that relationships of a type have."""
        from ...queries.cypher.syntax import Label

        everything = self._layout.all_relationships()
        of_type = everything[self._layout.relationship_types_match(everything, Label(name))]
        return self._keys("type", name, of_type, self._layout.relationship_properties)

    def schema(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return a map for each label, and one for each type between two labels, with how many there are."""
        from ...queries.cypher.schema import schema_of

        return schema_of(self._layout)

    def _nodes(self, label: str | None) -> Any:
        from ...queries.cypher.syntax import Label

        return self._layout.nodes_with(Label(label) if label is not None else None)

    def _keys(
        self, kind: str, name: str, numbers: Any, properties: Callable[[int], Iterable[str]]
    ) -> list[str]:
        if (kind, name) not in self._properties:
            step = len(numbers) // _LOOKED_AT + 1
            found = {key for number in numbers[::step].tolist() for key in properties(number)}
            self._properties[kind, name] = sorted(found)
        return self._properties[kind, name]

    def values(self, label: str | None, key: str, typed: str) -> Sequence[str]:
        """Return values of a property that begin with what was typed, and then those that hold it, in any case."""
        known = self._texts(label, key)
        sought = typed.casefold()
        place = bisect_left(known, (sought, ""))
        found = []
        for folded, value in known[place : place + _OFFERED]:
            if not folded.startswith(sought):
                break
            found.append(value)
        if sought and len(found) < _OFFERED:
            inside = (value for folded, value in known if folded.find(sought) > 0)
            found += [value for value, _ in zip(inside, range(_OFFERED - len(found)), strict=False)]
        return found

    def _texts(self, label: str | None, key: str) -> list[tuple[str, str]]:
        if (label, key) not in self._values:
            column = self._layout.node_column(key)[self._nodes(label)]
            texts = {value for value in column.tolist() if isinstance(value, str) and len(value) <= _LONGEST}
            self._values[label, key] = sorted((text.casefold(), text) for text in texts)
        return self._values[label, key]
