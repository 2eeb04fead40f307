"""What a person put right, in words."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Literal

from ..graph.corrections import Correction, Corrections
from ..graph.joins import records_of
from ..graph.local import LocalStore
from ..graph.records import Node
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
    return [describe(store, correction) for correction in Corrections.load(store.kept()).all]


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
    found = Corrections.load(store.kept())
    return tuple(
        describe(store, correction)
        for correction in found.all
        if any(
            end == node.id or found.target(end) == node.id or _leads_to(store, end, node)
            for end in correction.nodes
        )
    )


def outcome(store: LocalStore, correction: Correction) -> list[tuple[Node, str, int]]:
    """List the nodes a correction speaks of as they are now.

    Returns
    -------
    list of (Node, str, int)
        Each with what it is made of or named by, ``record`` or ``paper``, and how many of these.
    """
    found: dict[str, Node] = {}
    links = Corrections.load(store.file)
    for end in correction.nodes:
        node = store.node(links.target(end)) or store.node(end)
        if node is not None:
            found.setdefault(node.id, node)
    return [(node, *_size(store, node)) for node in found.values()]


def _size(store: LocalStore, node: Node) -> tuple[str, int]:
    if node.label == "Paper" and not node.properties.get("stub"):
        return "record", len(records_of(store, node.id))
    papers = {edge.source for edge in store.edges_of(node.id, "in") if label_of(edge.source) == "Paper"}
    return "paper", len(papers)


def _leads_to(store: LocalStore, key: str, node: Node) -> bool:
    if node.label != "Paper":
        return False
    found = store.node(key)
    return found is not None and found.id == node.id


def _name(store: LocalStore, node_id: str) -> str:
    node = store.node(node_id)
    return node.name if node else node_id


def _called(name: str, node_id: str) -> str:
    """Name a node for a sentence."""
    return name if name == node_id else f"{name} [{node_id}]"
