"""Functions of nodes, relationships, paths and maps."""

from __future__ import annotations

from typing import Any

from ..access import contents, refuse_deleted
from ..kinds import Kind, kind_of
from ..values import Node, Path, Relationship
from .base import Registry, invalid_argument

FUNCTIONS = Registry()


@FUNCTIONS.add(
    "id(entity :: NODE | RELATIONSHIP) :: INTEGER", "The number of a node or relationship in this graph."
)
def id_(entity: Any) -> int:
    return _entity("id", entity).index


@FUNCTIONS.add(
    "elementId(entity :: NODE | RELATIONSHIP) :: STRING",
    "The key of a node, the number of a relationship, as text.",
)
def element_id(entity: Any) -> str:
    return str(_entity("elementId", entity).id)


@FUNCTIONS.add("labels(node :: NODE) :: LIST<STRING>", "The labels of a node.")
def labels(node: Any) -> list[str]:
    if type(node) is not Node:
        raise invalid_argument("labels", "a node", node)
    refuse_deleted(node)
    return list(node.labels)


@FUNCTIONS.add("type(relationship :: RELATIONSHIP) :: STRING", "The type of a relationship.")
def type_(relationship: Any) -> str:
    return _relationship("type", relationship).type


@FUNCTIONS.add(
    "keys(value :: MAP | NODE | RELATIONSHIP) :: LIST<STRING>",
    "The names of the properties, or of a map's entries.",
)
def keys(value: Any) -> list[str]:
    if kind_of(value) is Kind.MAP:
        return list(value)
    if isinstance(value, (Node, Relationship)):
        return [key for key, held in contents(value).items() if held is not None]
    raise invalid_argument("keys", "a map, a node or a relationship", value)


@FUNCTIONS.add(
    "properties(value :: MAP | NODE | RELATIONSHIP) :: MAP",
    "The properties of a node or relationship as a map.",
)
def properties(value: Any) -> dict[str, Any]:
    if kind_of(value) is Kind.MAP:
        return dict(value)
    if isinstance(value, (Node, Relationship)):
        return {key: held for key, held in contents(value).items() if held is not None}
    raise invalid_argument("properties", "a map, a node or a relationship", value)


@FUNCTIONS.add("startNode(relationship :: RELATIONSHIP) :: NODE", "The node a relationship leads from.")
def start_node(relationship: Any) -> Node:
    return _relationship("startNode", relationship).start


@FUNCTIONS.add("endNode(relationship :: RELATIONSHIP) :: NODE", "The node a relationship leads to.")
def end_node(relationship: Any) -> Node:
    return _relationship("endNode", relationship).end


@FUNCTIONS.add("nodes(path :: PATH) :: LIST<NODE>", "The nodes of a path, in order.")
def nodes(path: Any) -> list[Node]:
    return list(_path("nodes", path).nodes)


@FUNCTIONS.add(
    "relationships(path :: PATH) :: LIST<RELATIONSHIP>",
    "The relationships of a path, in order.",
    aliases=("rels",),
)
def relationships(path: Any) -> list[Relationship]:
    return list(_path("relationships", path).relationships)


@FUNCTIONS.add("length(path :: PATH) :: INTEGER", "The number of relationships in a path.")
def length(path: Any) -> int:
    return len(_path("length", path).relationships)


def _entity(function: str, value: Any) -> Node | Relationship:
    if isinstance(value, (Node, Relationship)):
        return value
    raise invalid_argument(function, "a node or a relationship", value)


def _relationship(function: str, value: Any) -> Relationship:
    if type(value) is Relationship:
        return value
    raise invalid_argument(function, "a relationship", value)


def _path(function: str, value: Any) -> Path:
    if type(value) is Path:
        return value
    raise invalid_argument(function, "a path", value)
