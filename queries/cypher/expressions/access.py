"""Where values come from: literals, parameters, variables, properties, elements of lists and maps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .. import semantics
from .. import syntax as s
from ..access import contents
from ..batch import Batch, Column, NodeColumn, RelationshipColumn, ValueColumn, column_of
from ..errors import CypherRuntimeError
from ..values import Node, Relationship
from .columns import ConstantColumn, PropertyColumn, rowwise, values_of
from .compiler import Compiled, Context, compile_expression, compiles


class UnknownColumnError(KeyError):
    """A compiled expression met a batch without a variable it names: the planner's mistake, not the user's."""


@compiles(s.Literal_)
def _literal(expression: s.Literal_) -> Compiled:
    value = expression.value
    return lambda batch, context: ConstantColumn(value, batch.size)


@compiles(s.Parameter)
def _parameter(expression: s.Parameter) -> Compiled:
    name = expression.name

    def run(batch: Batch, context: Context) -> Column:
        try:
            return ConstantColumn(context.parameters[name], batch.size)
        except KeyError:
            raise CypherRuntimeError(
                f"The query asks for the parameter ${name}, which was not given.",
                kind="ParameterMissing",
                detail="MissingParameter",
                span=expression.span,
            ) from None

    return run


@compiles(s.Variable)
def _variable(expression: s.Variable) -> Compiled:
    name = expression.name

    def run(batch: Batch, context: Context) -> Column:
        try:
            return batch.columns[name]
        except KeyError:
            raise UnknownColumnError(name) from None

    return run


@compiles(s.Property)
def _property(expression: s.Property) -> Compiled:
    subject, key = compile_expression(expression.subject), expression.key
    return lambda batch, context: property_column(subject(batch, context), key)


def property_column(subject: Column, key: str) -> Column:
    """Return a property of every value of a column; entities are read from the graph's columns."""
    if isinstance(subject, NodeColumn):
        return _property_of_entities(subject, key)
    size = len(subject)
    if not size:
        return subject
    if type(subject) is ConstantColumn:
        return ConstantColumn(semantics.property_of(subject.value, key), size)
    items = subject.to_list()
    types = set(map(type, items))
    if types <= {Node, type(None)} or types <= {Relationship, type(None)}:
        layout = next((item.layout for item in items if item is not None), None)
        if layout is None:
            return ConstantColumn(None, size)
        return property_column(column_of(layout, items), key)
    property_of = semantics.property_of
    return ValueColumn([item.get(key) if type(item) is dict else property_of(item, key) for item in items])


def _property_of_entities(column: NodeColumn, key: str) -> Column:
    refuse_deleted(column)
    layout = column.layout
    is_relationship = isinstance(column, RelationshipColumn)
    source = layout.relationship_column(key) if is_relationship else layout.node_column(key)
    return PropertyColumn(source, column.index)


def refuse_deleted(column: NodeColumn) -> None:
    """Raise the language's error if the column holds an entity that this query has deleted."""
    layout = column.layout
    if isinstance(column, RelationshipColumn):
        if not layout.changes.relationships_deleted:
            return
        is_deleted, what = layout.relationship_deleted, "relationship"
    else:
        if not layout.changes.nodes_deleted:
            return
        is_deleted, what = layout.node_deleted, "node"
    if any(is_deleted(number) for number in np.unique(column.index).tolist() if number >= 0):
        raise CypherRuntimeError(
            f"The {what} has been deleted by this query; its contents cannot be read any more.",
            kind="EntityNotFound",
            detail="DeletedEntityAccess",
        )


@compiles(s.Subscript)
def _subscript(expression: s.Subscript) -> Compiled:
    subject, index = compile_expression(expression.subject), compile_expression(expression.index)

    def run(batch: Batch, context: Context) -> Column:
        container, at = subject(batch, context), index(batch, context)
        if isinstance(container, NodeColumn) and type(at) is ConstantColumn and type(at.value) is str:
            return property_column(container, at.value)
        return rowwise(semantics.subscript, (container, at), batch.size)

    return run


@compiles(s.Slice)
def _slice(expression: s.Slice) -> Compiled:
    parts = [compile_expression(expression.subject)]
    ends = (expression.first, expression.last)
    # A missing end is not a null end: [..null] is null, [..] is the list.
    parts += [compile_expression(end) for end in ends if end is not None]
    has_first, has_last = (end is not None for end in ends)

    def slice_(container: Any, *given: Any) -> Any:
        if any(end is None for end in given):
            return None
        first = given[0] if has_first else None
        return semantics.slice_(container, first, given[-1] if has_last else None)

    return lambda batch, context: rowwise(slice_, [part(batch, context) for part in parts], batch.size)


@compiles(s.ListLiteral)
def _list(expression: s.ListLiteral) -> Compiled:
    return _collecting([compile_expression(item) for item in expression.items], lambda *items: list(items))


@compiles(s.MapLiteral)
def _map(expression: s.MapLiteral) -> Compiled:
    keys = [key for key, _ in expression.items]
    values = [compile_expression(value) for _, value in expression.items]
    return _collecting(values, lambda *items: dict(zip(keys, items, strict=True)))


def _collecting(parts: list[Compiled], make: Callable[..., Any]) -> Compiled:
    def run(batch: Batch, context: Context) -> Column:
        if not parts:
            return ConstantColumn(make(), batch.size)
        return rowwise(make, [part(batch, context) for part in parts], batch.size)

    return run


@compiles(s.MapProjection)
def _map_projection(expression: s.MapProjection) -> Compiled:
    subject = compile_expression(expression.subject)
    keys = [key for key, _ in expression.items]
    values = [compile_expression(value) for _, value in expression.items]
    wanted_all, name = expression.all_properties, expression.subject.name

    def project(of: Any, *items: Any) -> dict[str, Any] | None:
        if of is None:
            return None
        if not isinstance(of, (Node, Relationship, Mapping)):
            raise CypherRuntimeError(
                f"{name} {{…}} needs a node, a relationship or a map, but {name} is a {semantics.type_name(of)}.",
                detail="InvalidArgumentType",
            )
        properties = of if isinstance(of, Mapping) else contents(of)
        start = dict(properties) if wanted_all else {}
        start.update(zip(keys, items, strict=True))
        return start

    def run(batch: Batch, context: Context) -> Column:
        of = subject(batch, context)
        if not batch.size:
            return ValueColumn([])
        parts = [part(batch, context) for part in values]
        return ValueColumn(list(map(project, of.to_list(), *map(values_of, parts))))

    return run
