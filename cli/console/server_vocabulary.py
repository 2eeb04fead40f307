"""The names a graph on a server holds, asked for as they are needed: nothing of the graph is copied here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ...graph.errors import CitegraphError
from ...queries.cypher.render import name as written

if TYPE_CHECKING:
    from ...api import Graph

_SECONDS = 3.0
"""Completion waits no longer than this for the server."""

_LOOKED_AT = 5_000
_LONGEST = 200
_OFFERED = 200

_VALUES = """
MATCH (n{label}) WHERE n.{key} IS :: STRING NOT NULL AND size(n.{key}) <= {longest} AND toLower(n.{key}) {test} $typed
RETURN DISTINCT n.{key} AS value ORDER BY toLower(value) LIMIT {most}
"""


class ServerVocabulary:
    """Labels, relationship types, properties and values of a database, as far as it answers at once.

    The names are those of the whole database: labels with the prefix of the graph, and those of others.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[tuple[str, ...], list[str]] = {}

    @cached_property
    def labels(self) -> list[str]:
        """The labels, in alphabetical order."""
        return self._asked("CALL db.labels() YIELD label RETURN label ORDER BY label")

    @cached_property
    def types(self) -> list[str]:
        """The relationship types, in alphabetical order."""
        return self._asked("CALL db.relationshipTypes() YIELD relationshipType AS t RETURN t ORDER BY t")

    @cached_property
    def property_keys(self) -> list[str]:
        """The keys of all properties."""
        found = self._asked("CALL db.propertyKeys() YIELD propertyKey AS k RETURN k ORDER BY k")
        return [key for key in found if not key.startswith("_")]

    def properties_of(self, label: str) -> list[str]:
        """Return the keys that nodes of a label have."""
        return self._keys("label", label, f"(n:{written(label)})")

    def properties_of_type(self, name: str) -> list[str]:
        """Return the keys that relationships of a type have."""
        return self._keys("type", name, f"()-[n:{written(name)}]->()")

    def _keys(self, kind: str, name: str, pattern: str) -> list[str]:
        if (kind, name) not in self._known:
            query = (
                f"MATCH {pattern} WITH n LIMIT {_LOOKED_AT} UNWIND keys(n) AS k RETURN DISTINCT k ORDER BY k"
            )
            self._known[kind, name] = [key for key in self._asked(query) if not key.startswith("_")]
        return self._known[kind, name]

    def values(self, label: str | None, key: str, typed: str) -> Sequence[str]:
        """Return values of a property that begin with what was typed, and then those that hold it, in any case."""
        asked = ("value", label or "", key, typed.lower())
        if asked not in self._known:
            found = self._texts(label, key, typed, "STARTS WITH")
            if typed and len(found) < _OFFERED:
                inside = self._texts(label, key, typed, "CONTAINS")
                found += [value for value in inside if value not in found][: _OFFERED - len(found)]
            self._known[asked] = found
        return self._known[asked]

    def _texts(self, label: str | None, key: str, typed: str, test: str) -> list[str]:
        query = _VALUES.format(
            label=f":{written(label)}" if label is not None else "",
            key=written(key), test=test, longest=_LONGEST, most=_OFFERED,
        )  # fmt: skip
        return self._asked(query, typed=typed.lower())

    def _asked(self, query: str, **parameters: Any) -> list[str]:
        try:
            rows = self._graph.cypher(query, parameters, timeout=_SECONDS).rows
        except CitegraphError:  # completion is an offer: without the server there is none
            return []
        return [value for (value,) in rows if isinstance(value, str)]

    def schema(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return a map for each label, and one for each type between two labels, with how many there are.

        Raises
        ------
        CitegraphError
            The server does not answer.
        """
        nodes = self._graph.cypher(
            "MATCH (n) UNWIND labels(n) AS name RETURN name, count(*) AS count ORDER BY name"
        )
        relationships = self._graph.cypher(
            "MATCH (a)-[r]->(b) WITH labels(a) AS starts, type(r) AS name, labels(b) AS ends, count(*) AS count "
            "UNWIND starts AS start UNWIND ends AS end "
            "RETURN name, start, end, sum(count) AS count ORDER BY start, name, end"
        )
        return list(nodes), list(relationships)
