"""Changing the graph: CREATE, MERGE, SET, REMOVE, DELETE, FOREACH.

Each takes all its rows before it changes anything, so that no row of the same clause sees what another has written;
MERGE alone looks again for every row, as it must.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import syntax as s
from ..batch import Batch, Column, NodeColumn, column_of, concat
from ..errors import CypherRuntimeError
from ..free import variables_of
from ..rewrite import pieces
from ..syntax import (
    Expression,
    MapLiteral,
    Parameter,
    RemoveProperty,
    SetItem,
    SetLabels,
    SetProperties,
    SetProperty,
)
from ..values import Node, Path, Relationship
from .base import Operator, Runtime, with_row_numbers


@dataclass(frozen=True, slots=True)
class NewNode:
    """A node to be made, under a variable."""

    variable: str
    labels: tuple[str, ...]
    properties: MapLiteral | Parameter | None


@dataclass(frozen=True, slots=True)
class NewRelationship:
    """A relationship to be made between two variables."""

    variable: str
    type: str
    start: str
    end: str
    properties: MapLiteral | Parameter | None


New = NewNode | NewRelationship


def create(runtime: Runtime, batch: Batch, parts: tuple[New, ...], *, refuse_null: bool = False) -> Batch:
    """Make the parts once for every row, and bind their variables."""
    layout = runtime.layout
    for part in parts:
        maps = _maps(runtime, batch, part.properties)
        if refuse_null:
            for properties in maps:
                for key, value in properties.items():
                    if value is None:
                        raise CypherRuntimeError(
                            f"MERGE cannot look for the property {key} with null, which nothing equals.",
                            kind="SemanticError",
                            detail="MergeReadOwnWrites",
                        )
        if isinstance(part, NewNode):
            made: list[Any] = [
                Node(layout, layout.create_node(part.labels, properties)) for properties in maps
            ]
        else:
            starts, ends = batch.columns[part.start].to_list(), batch.columns[part.end].to_list()
            made = []
            for start, end, properties in zip(starts, ends, maps, strict=True):
                _must_be_nodes(part, start, end)
                number = layout.create_relationship(part.type, start.index, end.index, properties)
                made.append(Relationship(layout, number))
        batch = batch.having({part.variable: column_of(layout, made)})
    return batch


def _must_be_nodes(part: NewRelationship, start: Any, end: Any) -> None:
    for name, value in ((part.start, start), (part.end, end)):
        if not isinstance(value, Node):
            what = "null" if value is None else repr(value)
            raise CypherRuntimeError(
                f"A relationship {part.type} cannot be made: {name.strip()} is {what}, not a node.",
                kind="SemanticError" if value is None else "TypeError",
                detail="MergeReadOwnWrites" if value is None else "InvalidArgumentType",
            )


def _maps(runtime: Runtime, batch: Batch, properties: Expression | None) -> list[Mapping[str, Any]]:
    if properties is None:
        return [{} for _ in range(batch.size)]
    values = runtime.compiled(properties)(batch, runtime.context).to_list()
    for value in values:
        if not isinstance(value, dict):
            raise CypherRuntimeError(
                f"Properties must be a map, not {value!r:.60}.", detail="InvalidArgumentType"
            )
    return values


@dataclass(slots=True, eq=False)
class Create(Operator):
    """Makes nodes and relationships for every row."""

    child: Operator
    parts: tuple[New, ...]
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        whole = self.child.whole(runtime, argument)
        if whole is not None:
            yield create(runtime, whole, self.parts)


@dataclass(slots=True, eq=False)
class Merge(Operator):
    """For every row, what the pattern matches; where it matches nothing, it is made."""

    child: Operator
    inner: Operator
    outer: tuple[str, ...]
    variables: tuple[str, ...]
    parts: tuple[New, ...]
    tested: tuple[tuple[str, MapLiteral | Parameter], ...]
    on_create: tuple[SetItem, ...]
    on_match: tuple[SetItem, ...]
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child, self.inner)

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        whole = self.child.whole(runtime, argument)
        if whole is None:
            return
        done = []
        for row in range(whole.size):
            runtime.check()
            one = whole.take(np.array([row], dtype=np.int64))
            self._refuse_null(runtime, one)
            found = self.inner.whole(runtime, with_row_numbers(one, self.outer))
            if found is None:
                made = create(runtime, one, self.parts, refuse_null=True)
                assign(runtime, made, self.on_create)
                done.append(made.keep([*whole.columns, *self.variables]))
            else:
                rows = np.zeros(found.size, dtype=np.int64)
                matched = one.take(rows).having({name: found.columns[name] for name in self.variables})
                assign(runtime, matched, self.on_match)
                done.append(matched.keep([*whole.columns, *self.variables]))
        yield concat(done)

    def _refuse_null(self, runtime: Runtime, one: Batch) -> None:
        for name, properties in self.tested:
            for value in _maps(runtime, one, properties):
                for key in value:
                    if value[key] is None:
                        raise CypherRuntimeError(
                            f"MERGE cannot look for {name.strip() or 'a pattern'} by {key}: it is null.",
                            kind="SemanticError",
                            detail="MergeReadOwnWrites",
                        )


@dataclass(slots=True, eq=False)
class Assign(Operator):
    """SET and REMOVE."""

    child: Operator
    items: tuple[SetItem, ...]
    remove: bool = False
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        whole = self.child.whole(runtime, argument)
        if whole is not None:
            assign(runtime, whole, self.items, remove=self.remove)
            yield whole


def assign(runtime: Runtime, batch: Batch, items: tuple[SetItem, ...], *, remove: bool = False) -> None:
    """Carry out assignments as if row after row, each row seeing what was written for the rows before it."""
    if batch.size < 2 or not items or _rows_are_independent(batch, items):
        _assign(runtime, batch, items, remove=remove)
        return
    for row in range(batch.size):
        if row % 256 == 0:
            runtime.check()
        _assign(runtime, batch.take(np.array([row], dtype=np.int64)), items, remove=remove)


def _rows_are_independent(batch: Batch, items: tuple[SetItem, ...]) -> bool:
    """Tell whether no row can see what another has written, so that all rows can be assigned at once."""
    written: set[s.Expression] = set()
    read: set[str] = set()
    for item in items:
        match item:
            case SetProperty(target, value):
                written.add(target.subject)
            case SetProperties(variable, value):
                written.add(variable)
            case RemoveProperty(target):
                written.add(target.subject)
                continue
            case SetLabels(variable):
                written.add(variable)
                continue
        if any(isinstance(piece, _LOOKS_AROUND) for piece in pieces(value)):
            return False
        read |= {name for name in variables_of(value) if _holds_entities(batch, name)}
    if not read and len(items) == 1:
        return True
    (first, *others) = written
    if others or not isinstance(first, s.Variable) or not read <= {first.name}:
        return False
    column = batch.columns[first.name]
    return isinstance(column, NodeColumn) and len(np.unique(column.index)) == batch.size


_LOOKS_AROUND = (s.Subquery, s.PatternExpression, s.PatternComprehension)


def _holds_entities(batch: Batch, name: str) -> bool:
    column = batch.columns.get(name)
    if column is None or isinstance(column, NodeColumn):
        return column is not None
    return any(_is_or_holds_entity(value) for value in column.to_list())


def _is_or_holds_entity(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(map(_is_or_holds_entity, value))
    if isinstance(value, Mapping):
        return any(map(_is_or_holds_entity, value.values()))
    return isinstance(value, (Node, Relationship, Path))


def _assign(runtime: Runtime, batch: Batch, items: tuple[SetItem, ...], *, remove: bool) -> None:
    """Carry out assignments, one item after the other, each for all rows."""
    layout = runtime.layout
    for item in items:
        match item:
            case SetLabels(variable, labels):
                for node in runtime.compiled(variable)(batch, runtime.context).to_list():
                    if node is not None:
                        _entity(node, Node)
                        (layout.remove_labels if remove else layout.add_labels)(node.index, labels)
            case RemoveProperty(target):
                for owner in runtime.compiled(target.subject)(batch, runtime.context).to_list():
                    _set(runtime, owner, target.key, None)
            case SetProperty(target, value):
                owners = runtime.compiled(target.subject)(batch, runtime.context).to_list()
                values = runtime.compiled(value)(batch, runtime.context).to_list()
                for owner, one in zip(owners, values, strict=True):
                    _set(runtime, owner, target.key, one)
            case SetProperties(variable, value, add):
                owners = runtime.compiled(variable)(batch, runtime.context).to_list()
                values = runtime.compiled(value)(batch, runtime.context).to_list()
                for owner, one in zip(owners, values, strict=True):
                    _set_all(runtime, owner, one, add=add)


def _entity(value: Any, *kinds: type) -> None:
    if not isinstance(value, kinds):
        raise CypherRuntimeError(
            f"Only nodes and relationships can be changed, not {value!r:.60}.", detail="InvalidArgumentType"
        )


def _set(runtime: Runtime, owner: Any, key: str, value: Any) -> None:
    if owner is None:
        return
    _entity(owner, Node, Relationship)
    layout = runtime.layout
    setter = layout.set_node_property if isinstance(owner, Node) else layout.set_relationship_property
    setter(owner.index, key, value)


def _set_all(runtime: Runtime, owner: Any, value: Any, *, add: bool) -> None:
    if owner is None:
        return
    properties = value.properties if isinstance(value, (Node, Relationship)) else value
    if properties is None and not add:
        properties = {}
    if not isinstance(properties, Mapping):
        raise CypherRuntimeError(
            f"Properties must be a map, not {value!r:.60}.", detail="InvalidArgumentType"
        )
    properties = dict(properties)
    if not add:
        own = runtime.layout.nodes.key if isinstance(owner, Node) else None
        for key in list(owner.properties):
            if key not in properties and key != own:
                _set(runtime, owner, key, None)
    for key, one in properties.items():
        _set(runtime, owner, key, one)


@dataclass(slots=True, eq=False)
class Delete(Operator):
    """DELETE and DETACH DELETE: nodes, relationships, paths."""

    child: Operator
    targets: tuple[Expression, ...]
    detach: bool
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child,)

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        whole = self.child.whole(runtime, argument)
        if whole is None:
            return
        nodes: dict[int, None] = {}
        relationships: dict[int, None] = {}
        for target in self.targets:
            for value in runtime.compiled(target)(whole, runtime.context).to_list():
                self._collect(value, nodes, relationships)
        layout = runtime.layout
        if self.detach:
            for node in nodes:
                if not layout.node_deleted(node):
                    relationships |= dict.fromkeys(int(number) for number in layout.attached(node))
        for number in relationships:
            if not layout.relationship_deleted(number):
                layout.delete_relationship(number)
        for node in nodes:
            if layout.node_deleted(node):
                continue
            if len(layout.attached(node)):
                raise CypherRuntimeError(
                    "A node that has relationships cannot be deleted; delete them too, or use DETACH DELETE.",
                    kind="ConstraintVerificationFailed",
                    detail="DeleteConnectedNode",
                )
            layout.delete_node(node)
        yield whole

    def _collect(self, value: Any, nodes: dict[int, None], relationships: dict[int, None]) -> None:
        match value:
            case None:
                return
            case Node():
                nodes[value.index] = None
            case Relationship():
                relationships[value.index] = None
            case Path():
                relationships.update(dict.fromkeys(r.index for r in value.relationships))
                nodes.update(dict.fromkeys(n.index for n in value.nodes))
            case _:
                raise CypherRuntimeError(
                    f"Only nodes, relationships and paths can be deleted, not {value!r:.60}.",
                    detail="InvalidArgumentType",
                )


@dataclass(slots=True, eq=False)
class Foreach(Operator):
    """Runs the inner plan once for every item of a list, for every row."""

    child: Operator
    inner: Operator
    source: Expression
    variable: str
    outer: tuple[str, ...]
    rows: float = 1.0

    def children(self) -> tuple[Operator, ...]:
        return (self.child, self.inner)

    def run(self, runtime: Runtime, argument: Batch) -> Iterator[Batch]:
        whole = self.child.whole(runtime, argument)
        if whole is None:
            return
        lists = runtime.compiled(self.source)(whole, runtime.context).to_list()
        for row, items in enumerate(lists):
            one = whole.take(np.array([row], dtype=np.int64))
            for item in items or ():
                bound: dict[str, Column] = {self.variable: column_of(runtime.layout, [item])}
                for _ in self.inner.batches(
                    runtime, with_row_numbers(one.having(bound), [*self.outer, self.variable])
                ):
                    pass
        yield whole
