"""What a writing query changes: seen at once by all that reads the layout, kept from the graph until the commit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from .errors import CypherRuntimeError
from .kinds import NUMBERS, TEMPORAL, Kind, kind_of, type_name

if TYPE_CHECKING:
    from .columns import Columns
    from .layout import Layout

_SCALARS = NUMBERS | TEMPORAL | {Kind.STRING, Kind.BOOLEAN}


@dataclass(slots=True)
class Changes:
    """Counts of what was changed, as Neo4j counts: labels and properties of new entities too."""

    nodes_created: int = 0
    nodes_deleted: int = 0
    relationships_created: int = 0
    relationships_deleted: int = 0
    properties_set: int = 0
    labels_added: int = 0
    labels_removed: int = 0

    def counters(self) -> dict[str, int]:
        """Return the counts that are not zero."""
        return {name: count for name, count in asdict(self).items() if count}


@dataclass(slots=True)
class Journal:
    """What the commit must carry out and the rollback must take back.

    Attributes
    ----------
    nodes, relationships, deletions
        How many there were before the query.
    node_before, relationship_before
        For entities whose properties changed, the dictionary they had.
    labels_before
        For nodes whose labels changed, those they had.
    nodes_deleted, relationships_deleted
        In order of deletion; also what the query had made itself.
    """

    nodes: int
    relationships: int
    deletions: int
    node_before: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    relationship_before: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    labels_before: dict[int, tuple[str, ...]] = field(default_factory=dict)
    nodes_deleted: dict[int, None] = field(default_factory=dict)
    relationships_deleted: dict[int, None] = field(default_factory=dict)


def storable(value: Any, key: str) -> Any:
    """Return a value as a property holds it; raise the language's TypeError for what none can hold.

    Properties hold texts, numbers, truth values, dates and times, and lists of one kind of them.
    """
    if type(value) is str or value is None:
        return value
    kind = kind_of(value)
    if kind in _SCALARS:
        return value
    if kind is not Kind.LIST:
        raise _unstorable(f"a {type_name(value)}", key)
    items = list(value)
    kinds = {kind_of(item) for item in items}
    for item in items:
        if kind_of(item) not in _SCALARS:
            raise _unstorable(f"a list with a {type_name(item)} in it", key)
    if len(kinds) > 1 and not kinds <= NUMBERS:
        raise _unstorable("a list of different types", key)
    return items


def _unstorable(what: str, key: str) -> CypherRuntimeError:
    return CypherRuntimeError(
        f"The property {key} cannot hold {what}; properties hold texts, numbers, truth values, "
        "dates and times, and lists of one of these.",
        detail="InvalidPropertyType",
    )


def deleted_access(what: str) -> CypherRuntimeError:
    """Return the error for looking into what the query has deleted."""
    return CypherRuntimeError(
        f"The {what} has been deleted by this query; its contents cannot be read or changed any more.",
        kind="EntityNotFound",
        detail="DeletedEntityAccess",
    )


class Writing:
    """Changes a layout; the layout's own writing methods lead here."""

    def __init__(self, layout: Layout, fresh_id: Callable[[], Any]) -> None:
        self._layout, self._fresh_id = layout, fresh_id
        self.changes = Changes()
        self._journal: Journal | None = None

    def journal(self) -> Journal:
        """Return what has been noted since the query began to write."""
        if self._journal is None:
            layout = self._layout
            adjacency = layout.adjacency
            self._journal = Journal(layout.node_count, adjacency.count, len(adjacency.deletions))
        return self._journal

    # --- making and deleting -------------------------------------------------------------------------------

    def create_node(self, labels: Iterable[str], properties: Mapping[str, Any]) -> int:
        """Make a node and return its number."""
        held = self._new_properties(properties, self._layout.nodes.reserved)
        names = tuple(sorted(set(labels)))
        self.journal()
        layout = self._layout
        number = layout.append_node(self._fresh_id(), names, held)
        self.changes.nodes_created += 1
        self.changes.labels_added += len(names)
        self.changes.properties_set += len(held)
        return number

    def create_relationship(self, name: str, start: int, end: int, properties: Mapping[str, Any]) -> int:
        """Make a relationship and return its number."""
        layout = self._layout
        held = self._new_properties(properties, "type")
        for node in (start, end):
            if layout.node_deleted(node):
                raise deleted_access("node")
        self.journal()
        number = layout.append_relationship(name, start, end, held)
        self.changes.relationships_created += 1
        self.changes.properties_set += len(held)
        return number

    def delete_relationship(self, number: int) -> None:
        """Delete a relationship; one that has been deleted already is left alone."""
        layout = self._layout
        if layout.relationship_deleted(number):
            return
        self.journal().relationships_deleted[number] = None
        layout.drop_relationship(number)
        self.changes.relationships_deleted += 1

    def delete_node(self, number: int) -> None:
        """Delete a node; one that has been deleted already is left alone. Its relationships must have gone before."""
        layout = self._layout
        if layout.node_deleted(number):
            return
        if len(layout.attached(number)):
            raise CypherRuntimeError(
                "A node that has relationships cannot be deleted; delete them too, or use DETACH DELETE.",
                kind="ConstraintVerificationFailed",
                detail="DeleteConnectedNode",
            )
        self.journal().nodes_deleted[number] = None
        layout.labels_of_nodes.delete(number)
        self.changes.nodes_deleted += 1

    # --- properties and labels -----------------------------------------------------------------------------

    def set_node_property(self, number: int, key: str, value: Any) -> None:
        """Give a property of a node a value; None removes it."""
        if self._layout.node_deleted(number):
            raise deleted_access("node")
        self._set(self._layout.nodes, self.journal().nodes, self.journal().node_before, number, key, value)

    def set_relationship_property(self, number: int, key: str, value: Any) -> None:
        """Give a property of a relationship a value; None removes it."""
        if self._layout.relationship_deleted(number):
            raise deleted_access("relationship")
        journal = self.journal()
        columns = self._layout.relationships
        self._set(columns, journal.relationships, journal.relationship_before, number, key, value)

    def _set(
        self, columns: Any, base: int, before: dict[int, Mapping[str, Any]], number: int, key: str, value: Any
    ) -> None:
        _refuse_reserved(key, columns.reserved)
        value = storable(value, key)
        if key == columns.key and number < base:
            if value != columns.id_of(number):
                raise _fixed(columns.id_of(number))
            return
        attributes = columns.attributes[number]
        old = attributes.get(key)
        if value is None and old is None:
            return
        if number < base and number not in before:
            # The dictionary is the graph's own: change a copy.
            before[number] = attributes
            attributes = columns.attributes[number] = dict(attributes)
        foreseen = columns.id_of(number)
        if value is None:
            del attributes[key]
        else:
            attributes[key] = value
        if key != columns.key:
            columns.changed(number, key, old, value)
        _rename(columns, number, foreseen)
        self.changes.properties_set += 1

    def _new_properties(self, properties: Mapping[str, Any], reserved: str) -> dict[str, Any]:
        held = {key: storable(value, key) for key, value in properties.items() if value is not None}
        _refuse_reserved(reserved if reserved in held else "", reserved)
        return held

    def add_labels(self, number: int, labels: Iterable[str]) -> None:
        """Give a node labels; those it has are left."""
        held = self._layout.node_labels(number)
        added = set(labels).difference(held)
        self._relabel(number, (*held, *added))
        self.changes.labels_added += len(added)

    def remove_labels(self, number: int, labels: Iterable[str]) -> None:
        """Take labels from a node; those it has not are left."""
        held = self._layout.node_labels(number)
        removed = set(labels).intersection(held)
        self._relabel(number, set(held) - removed)
        self.changes.labels_removed += len(removed)

    def _relabel(self, number: int, labels: Iterable[str]) -> None:
        if self._layout.node_deleted(number):
            raise deleted_access("node")
        held = self._layout.node_labels(number)
        names = tuple(sorted(labels))
        if names == held:
            return
        journal = self.journal()
        if number < journal.nodes:
            journal.labels_before.setdefault(number, held)
        columns = self._layout.nodes
        foreseen = columns.id_of(number)
        self._layout.labels_of_nodes.change(number, names)
        _rename(columns, number, foreseen)

    # --- the end -------------------------------------------------------------------------------------------

    def finish(self) -> Journal | None:
        """Return what there is to carry out, and begin anew."""
        journal, self._journal = self._journal, None
        self.changes = Changes()
        return journal

    def pending(self) -> Journal | None:
        """Return what there is to carry out, if anything."""
        return self._journal


def _rename(columns: Columns, number: int, before: Any) -> None:
    """Note that the id foreseen for a new node is another one now, if so."""
    if columns.key is not None and (now := columns.id_of(number)) != before:
        columns.changed(number, columns.key, before, now)


def _fixed(own: Any) -> CypherRuntimeError:
    return CypherRuntimeError(
        f"The id of {own} cannot be set or removed; make another node, or join two with `citegraph link`.",
        kind="ConstraintVerificationFailed",
        detail="FixedId",
    )


def _refuse_reserved(key: str, reserved: str) -> None:
    if key == reserved:
        what = "a node's labels" if reserved == "labels" else "a relationship's type"
        raise CypherRuntimeError(
            f"No property can be called {key} here: the graph keeps {what} under that name.",
            kind="SemanticError",
            detail="ReservedPropertyName",
        )
