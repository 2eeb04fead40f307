"""What a person put right, in words, and what they mean by the two names of a correction."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Literal

from ..graph.correcting import between, means
from ..graph.corrections import Correction, Corrections
from ..graph.errors import NotFoundError, StoreError
from ..graph.identity import slug
from ..graph.local import LocalStore
from ..graph.records import Node
from ..graph.schema import ENTITIES
from .lookup import Labels, candidates, resolve
from .rows import Row, label_of


@dataclass(frozen=True, slots=True)
class CorrectionRow(Row):
    """One correction.

    Attributes
    ----------
    correction
        ``link``: ``this`` is ``that``; ``unlink``: ``this`` is not ``that``.
    type
        Label of what it speaks of.
    this, that
        What the two are called; ``this_id`` and ``that_id`` are their ids.
    take_back
        Arguments of the command that takes it back.
    """

    correction: Literal["link", "unlink"]
    type: str
    this: str
    that: str
    this_id: str
    that_id: str
    take_back: tuple[str, ...]

    def __str__(self) -> str:
        verb = "is" if self.correction == "link" else "is not"
        return f"{_called(self.this, self.this_id)} {verb} {_called(self.that, self.that_id)}"

    def command(self, *more: str) -> str:
        """Return the command that takes it back, to be typed as it is."""
        return shlex.join(("citegraph", *self.take_back, *more))


def corrections(store: LocalStore) -> list[CorrectionRow]:
    """List what was linked and unlinked by hand."""
    return [describe(store, correction) for correction in Corrections.load(store.file).all]


def describe(store: LocalStore, correction: Correction) -> CorrectionRow:
    """Say a correction with the names of what it speaks of."""
    label = label_of(correction.subject)
    if correction.verb == "same":
        was, now = str(correction.body.get("was", correction.subject)), _name(store, correction.object)
        back = ("unlink", correction.object, correction.subject)
        return CorrectionRow("link", label, was, now, correction.subject, correction.object, back)
    subject, other = correction.nodes
    this = _name(store, other) if correction.on_papers else correction.object
    back = ("link", correction.object, correction.subject)
    return CorrectionRow("unlink", label, this, _name(store, subject), other, subject, back)


def speak_of(store: LocalStore, node: Node) -> tuple[CorrectionRow, ...]:
    """List the corrections that made a node what it is."""
    found = Corrections.load(store.file)
    return tuple(
        describe(store, correction)
        for correction in found.all
        if any(
            end == node.id or found.target(end) == node.id or _leads_to(store, end, node)
            for end in correction.nodes
        )
    )


def outcome(store: LocalStore, correction: Correction) -> list[tuple[Node, int]]:
    """List the nodes a correction speaks of as they are now, with how many papers name or, of papers, cite each."""
    found: dict[str, Node] = {}
    links = Corrections.load(store.file)
    for end in correction.nodes:
        node = store.node(links.target(end)) or store.node(end)
        if node is not None:
            found.setdefault(node.id, node)
    return [(node, _papers(store, node)) for node in found.values()]


def _papers(store: LocalStore, node: Node) -> int:
    return len({edge.source for edge in store.edges_of(node.id, "in") if label_of(edge.source) == "Paper"})


def _leads_to(store: LocalStore, key: str, node: Node) -> bool:
    if node.label != "Paper":
        return False
    found = store.node(key)
    return found is not None and found.id == node.id


def _name(store: LocalStore, node_id: str) -> str:
    node = store.node(node_id)
    return node.name if node else node_id


def _called(name: str, node_id: str) -> str:
    return name if name == node_id else f"{name} [{node_id}]"


# --- what two names mean -----------------------------------------------------------------------------------


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
                f"{name!r} is linked to {_called(row.that, row.that_id)} already; `{row.command()}` takes that back."
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
