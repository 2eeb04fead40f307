"""Values on their way to a Neo4j server and back: parameters as its driver takes them, rows as our own values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...graph.schema import EDGES, NODES
from .errors import CypherRuntimeError
from .kinds import type_name
from .temporal import Date, DateTime, Duration, LocalDateTime, LocalTime, Time
from .temporal.values import DAY, SECOND
from .values import Node, Path, Relationship

_EPOCH = 719_163
"""The day 1970-01-01, as the driver counts: from 0001-01-01, which is 1."""

_PLAIN = frozenset({type(None), bool, int, float, str})
_CARRIED = frozenset({"_state", "_records", "_part", "_coined"})
"""What builders keep in the database beside the graph; maps of properties are shown without it."""

_NODES = "MATCH (n) WHERE elementId(n) IN $ids RETURN elementId(n), labels(n), properties(n)"
_AT_ONCE = 1000


class Fetched:
    """The nodes and relationships of one result, as they were when it was fetched.

    It is to :class:`~.values.Node` and :class:`~.values.Relationship` what a layout is to those of a local graph.

    Parameters
    ----------
    prefix
        What our labels begin with in the database.
    owner
        The address of the graph.
    """

    def __init__(self, prefix: str, owner: str) -> None:
        self._prefix, self.owner = prefix, owner
        self._keys: list[str] = []
        self._numbers: dict[str, int] = {}
        self._nodes: list[tuple[Any, tuple[str, ...], Mapping[str, Any]] | None] = []
        self._relationships: list[tuple[str, int, int, Mapping[str, Any], str]] = []
        self._relationship_numbers: dict[str, int] = {}

    # --- what Node and Relationship ask --------------------------------------------------------------------

    def node_id(self, number: int) -> Any:
        """Return the citegraph id of a node; of a node of others, the key by which the server knows it."""
        known = self._nodes[number]
        return self._keys[number] if known is None else known[0]

    def node_labels(self, number: int) -> tuple[str, ...]:
        """Return the labels of a node in alphabetical order, ours without the prefix."""
        known = self._nodes[number]
        return () if known is None else known[1]

    def node_properties(self, number: int) -> Mapping[str, Any]:
        """Return the properties of a node."""
        known = self._nodes[number]
        return {} if known is None else known[2]

    def relationship_type(self, number: int) -> str:
        """Return the type of a relationship."""
        return self._relationships[number][0]

    def relationship_ends(self, number: int) -> tuple[int, int]:
        """Return the nodes a relationship leads from and to."""
        return self._relationships[number][1:3]

    def relationship_properties(self, number: int) -> Mapping[str, Any]:
        """Return the properties of a relationship."""
        return self._relationships[number][3]

    # --- from the driver -----------------------------------------------------------------------------------

    def value(self, given: Any) -> Any:
        """Return a value of the driver as the local engine would return it."""
        kind = type(given)
        if kind in _PLAIN:
            return given
        if kind is list:
            return [self.value(item) for item in given]
        if kind is dict:
            return {key: self.value(item) for key, item in given.items() if key not in _CARRIED}
        from neo4j import graph

        if isinstance(given, graph.Node):
            return self._node(given)
        if isinstance(given, graph.Relationship):
            return self._relationship(given)
        if isinstance(given, graph.Path):
            return Path(
                tuple(self._node(node) for node in given.nodes),
                tuple(self._relationship(relationship) for relationship in given.relationships),
            )
        return _temporal_or_other(given)

    def _node(self, given: Any) -> Node:
        number = self._numbers.get(given.element_id)
        if number is None:
            number = self._numbers[given.element_id] = len(self._nodes)
            self._keys.append(given.element_id)
            self._nodes.append(None)
        if self._nodes[number] is None and (given.labels or len(given)):
            self._hold(number, given.labels, given.items())
        layout: Any = self
        return Node(layout, number)

    def _hold(self, number: int, labels: Iterable[str], properties: Iterable[tuple[str, Any]]) -> None:
        known, ours = [], False
        for label in labels:
            bare = label.removeprefix(self._prefix)
            mine = label.startswith(self._prefix) and bare in NODES
            ours = ours or mine
            known.append(bare if mine else label)
        held = {key: self.value(item) for key, item in properties if not (ours and key.startswith("_"))}
        own = held.get("id") if ours else None
        if isinstance(own, str):
            held = {"id": own} | held  # where a local graph shows it
        self._nodes[number] = (
            own if isinstance(own, str) else self._keys[number],
            tuple(sorted(known)),
            held,
        )

    def _relationship(self, given: Any) -> Relationship:
        number = self._relationship_numbers.get(given.element_id)
        if number is None:
            ends = self._node(given.start_node).index, self._node(given.end_node).index
            ours = given.type in EDGES
            held = {key: self.value(item) for key, item in given.items() if not (ours and key[:1] == "_")}
            number = self._relationship_numbers[given.element_id] = len(self._relationships)
            self._relationships.append((given.type, *ends, held, given.element_id))
        layout: Any = self
        return Relationship(layout, number)

    def complete(self, transaction: Any) -> None:
        """Fetch the ends of relationships that the result holds without them."""
        wanted = [key for key, known in zip(self._keys, self._nodes, strict=True) if known is None]
        for start in range(0, len(wanted), _AT_ONCE):
            for key, labels, properties in transaction.run(_NODES, ids=wanted[start : start + _AT_ONCE]):
                self._hold(self._numbers[key], labels, properties.items())

    def key_of(self, entity: Node | Relationship) -> str:
        """Return the key by which the server knows an entity of this result."""
        if isinstance(entity, Node):
            return self._keys[entity.index]
        return self._relationships[entity.index][4]


def _temporal_or_other(given: Any) -> Any:
    from neo4j import spatial, time

    if isinstance(given, time.DateTime):
        day, clock = given.to_ordinal() - _EPOCH, given.time().ticks
        offset = _offset(given)
        if offset is None:
            return LocalDateTime(day, clock)
        zone = getattr(given.tzinfo, "zone", None) or getattr(given.tzinfo, "key", None) or ""
        # The driver gives an offset of nothing, which is what most have, the same zone as the name UTC.
        return DateTime(day * DAY + clock - offset * SECOND, offset, "" if zone == "UTC" else zone)
    if isinstance(given, time.Date):
        return Date(given.to_ordinal() - _EPOCH)
    if isinstance(given, time.Time):
        offset = _offset(given)
        return LocalTime(given.ticks) if offset is None else Time.of(given.ticks, offset)
    if isinstance(given, time.Duration):
        return Duration.of(given.months, given.days, given.seconds * SECOND + given.nanoseconds)
    if isinstance(given, spatial.Point):
        return dict(zip("xyz", given, strict=False)) | {"srid": given.srid}
    if isinstance(given, (bytes, bytearray)):
        return bytes(given)
    if hasattr(given, "to_native"):  # a vector
        return list(given.to_native())
    return str(given)


def _offset(given: Any) -> int | None:
    offset = given.utcoffset()
    return None if offset is None else round(offset.total_seconds())


# --- parameters --------------------------------------------------------------------------------------------


def parameter(name: str, value: Any) -> Any:
    """Return the value of a parameter as the driver takes it.

    Raises
    ------
    CypherRuntimeError
        The language has nothing like it, or the driver cannot send it.
    """
    kind = type(value)
    if kind is int and not -(2**63) <= value < 2**63:
        raise CypherRuntimeError(
            f"The parameter ${name} holds {value}, and whole numbers have 64 bits.", kind="ArithmeticError"
        )
    if kind in _PLAIN:
        return value
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise CypherRuntimeError(f"The parameter ${name} holds a map whose keys are not all texts.")
        return {key: parameter(name, item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [parameter(name, item) for item in value]
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    if isinstance(value, (Node, Relationship, Path)):
        what = type_name(value).lower()
        raise CypherRuntimeError(
            f"The parameter ${name} holds a {what} where a server cannot take it; give a property to find it by, "
            "such as its id."
        )
    try:
        sent = _temporal(value)
    except (ValueError, OverflowError):
        raise CypherRuntimeError(
            f"The parameter ${name} holds {value}, which cannot be sent: years go from 1 to 9999."
        ) from None
    if sent is None:
        raise CypherRuntimeError(
            f"The parameter ${name} holds a Python {kind.__name__}, and Cypher has nothing like it."
        )
    return sent


def _temporal(value: Any) -> Any:
    """Return a temporal value of ours as one of the driver's; None for what is no such value."""
    from datetime import timedelta, timezone

    from neo4j import time

    if isinstance(value, Duration):
        return time.Duration(
            months=value.months, days=value.days, seconds=value.seconds, nanoseconds=value.nanoseconds
        )
    if isinstance(value, Date):
        return time.Date.from_ordinal(value.epoch_day + _EPOCH)
    if isinstance(value, LocalTime):
        return time.Time.from_ticks(value.nanoseconds)
    if isinstance(value, Time):
        zone = timezone(timedelta(seconds=value.offset))
        return time.Time.from_ticks(value.nanoseconds, zone)
    if isinstance(value, (LocalDateTime, DateTime)):
        day = time.Date.from_ordinal(value.epoch_day + _EPOCH)
        local = time.DateTime.combine(day, time.Time.from_ticks(value.nanoseconds))
        if isinstance(value, LocalDateTime):
            return local
        fixed = local.replace(tzinfo=timezone(timedelta(seconds=value.offset)))
        if not value.zone_name:
            return fixed
        import pytz  # type: ignore[import-untyped]

        return fixed.astimezone(pytz.timezone(value.zone_name))
    return None


def entities(value: Any) -> Iterator[Node | Relationship]:
    """Yield the entities a parameter consists of: itself, or the items of a list of nothing else."""
    if isinstance(value, (Node, Relationship)):
        yield value
    elif isinstance(value, list) and value and all(isinstance(i, (Node, Relationship)) for i in value):
        yield from value
