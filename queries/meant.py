"""What a person means by the two names of a correction."""

from __future__ import annotations

from ..graph.correcting import between, means
from ..graph.corrections import Corrections
from ..graph.errors import NotFoundError, StoreError
from ..graph.identity import slug
from ..graph.local import LocalStore
from ..graph.records import Node
from ..graph.schema import ENTITIES
from .corrections import describe
from .lookup import Labels, candidates, resolve


def to_link(store: LocalStore, name: str, target: str, label: Labels = None) -> tuple[str, str]:
    """Return what two names mean whose nodes are to be one: the second is looked up among the type of the first.

    Raises
    ------
    NotFoundError
        Nothing answers to one of them.
    QueryError
        Several nodes do.
    StoreError
        They are one already, or the first is linked to something else.
    """
    try:
        subject = resolve(store, name, label)
        into = _resolve_target(store, target, subject)
    except NotFoundError:
        if between(
            store, "apart", name, target
        ):  # of what is in no paper any more; it can be taken back all the same
            return name, target
        raise
    if subject.id == into.id and not between(store, "apart", name, target):
        raise StoreError(f"{name!r} and {target!r} are one node already: {into.name!r} ({into.id}).")
    found = Corrections.load(store.file)
    for held in found.all:
        if held.verb == "same" and means(name, held.subject) and found.target(held.subject) == subject.id:
            row = describe(store, held)
            raise StoreError(
                f"{name!r} is linked to {row.that!r} ({row.that_id}) already; `{row.command()}` takes that back."
            )
    return subject.id, into.id


def _resolve_target(store: LocalStore, target: str, subject: Node) -> Node:
    try:
        return resolve(store, target, subject.label)
    except NotFoundError:
        elsewhere = candidates(store, target)
        if not elsewhere:
            raise
        return elsewhere[0]  # of another type: to say so is for who links them


def to_unlink(store: LocalStore, name: str, other: str, label: Labels = None) -> tuple[str, str]:
    """Return what is meant by a node and by what is to be kept apart from it: a written form, or another node.

    Raises
    ------
    NotFoundError
        Nothing answers to the first.
    QueryError
        Several nodes do.
    """
    try:
        node = resolve(store, name, label)
    except NotFoundError:
        if between(store, "same", name, other):
            return name, other
        raise
    if between(store, "same", node.id, other):
        return node.id, other
    if between(store, "same", name, other):
        return name, other
    forms = (node.name, *node.properties.get("aliases", ()))
    if node.label in ENTITIES and slug(other) in map(slug, forms):
        return node.id, other
    second = candidates(store, other, node.label)
    if len(second) == 1 and second[0].id != node.id:
        return node.id, second[0].id
    return node.id, other
