"""What a person has put right: names linked to one node or kept apart, kept in the graph file for all later builds.

A correction is applied to what is read, every time it is read, and never to the graph itself. So it holds for papers
that come later, and taking it back restores what the rules say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import orjson

from .errors import NotFoundError, StoreError
from .identity import slug
from .local import LocalStore
from .partition import KINDS
from .records import Edge, Extraction, Fact, Mention, Node, ResultClaim, Span
from .schema import ENTITIES, RELATIONS
from .sqlite import GraphFile

Verb = Literal["same", "apart"]

_DERIVED = ("name", "aliases")
_LINKABLE = ("Paper", *ENTITIES, "Author", "Venue", "Repository")
_CURATED = ("IN_FAMILY", "DEVELOPED_BY", "KIND_OF", "MADE_BY", "MEASURES")


@dataclass(frozen=True, slots=True)
class Correction:
    """One statement of a person.

    ``same``: what leads to ``subject`` leads to ``object``, both node ids. ``apart`` with a node as subject: the
    written form ``object`` does not mean that node. ``apart`` with a paper as subject: ``object`` is another paper.
    ``body`` is what is known of the target.
    """

    verb: Verb
    subject: str
    object: str
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def on_papers(self) -> bool:
        """Whether it speaks of papers."""
        return self.subject.partition(":")[0] in KINDS

    def __str__(self) -> str:
        if self.verb == "same":
            return f"{self.subject} is {self.object}"
        return f"{self.object!r} is not {self.subject}"


class Corrections:
    """The corrections of a graph file, ready to be applied."""

    def __init__(self, found: Iterable[Correction] = ()) -> None:
        self.all = tuple(sorted(found, key=lambda c: (c.verb, c.subject, c.object)))
        self._same = {c.subject: c for c in self.all if c.verb == "same"}
        self._apart: dict[str, dict[str, str]] = {}
        for c in self.all:
            if c.verb == "apart" and not c.on_papers:
                self._apart.setdefault(c.subject, {})[slug(c.object)] = c.object
        self.same_papers = [(c.subject, c.object) for c in self._same.values() if c.on_papers]
        self.other_papers = [(c.subject, c.object) for c in self.all if c.verb == "apart" and c.on_papers]

    @classmethod
    def load(cls, file: GraphFile) -> Corrections:
        """Read the corrections a graph file holds."""
        rows = file.rows("SELECT verb, subject, object, body FROM correction")
        return cls(
            Correction(verb, subject, object_, orjson.loads(body)) for verb, subject, object_, body in rows
        )

    def target(self, node_id: str) -> str:
        """Return where the links lead from a node; itself where there are none."""
        seen = {node_id}
        while (link := self._same.get(node_id)) is not None and link.object not in seen:
            node_id = link.object
            seen.add(node_id)
        return node_id

    # --- applying ------------------------------------------------------------------------------------------

    def correct(self, extraction: Extraction) -> Extraction:
        """Return an extraction with every name where a person put it."""
        if not any(m.id in self._apart or m.id in self._same for m in extraction.mentions):
            return extraction
        mentions: dict[str, Mention] = {}
        moved: dict[str, str] = {}
        for mention in (part for whole in extraction.mentions for part in self._split(whole, moved)):
            put = self._put(mention)
            moved[mention.id] = put.id
            held = mentions.get(put.id)
            mentions[put.id] = put if held is None else _joined(held, put)
        results = tuple(_moved(result, moved) for result in extraction.results)
        return replace(extraction, mentions=tuple(mentions.values()), results=results)

    def renamed(self, nodes: Sequence[Node], edges: Sequence[Edge]) -> tuple[list[Node], list[Edge]]:
        """Return what a paper says of authors, venues and the like with every link followed."""
        kept: dict[tuple[str, str, str], Edge] = {}
        for edge in edges:
            edge = replace(edge, target=self.target(edge.target))  # noqa: PLW2901
            if edge.source != edge.target:
                kept.setdefault((edge.source, edge.type, edge.target), edge)
        return [replace(node, id=self.target(node.id)) for node in nodes], list(kept.values())

    def _split(self, mention: Mention, moved: dict[str, str]) -> Iterable[Mention]:
        """Take the written forms that do not mean this node to nodes of their own."""
        wrong = self._apart.get(mention.id)
        spans = [span for span in mention.spans if not wrong or slug(span.text) not in wrong]
        if spans or not wrong:
            yield replace(mention, spans=tuple(spans))
        others: dict[str, list[Span]] = {}
        for span in mention.spans:
            if wrong and slug(span.text) in wrong:
                others.setdefault(slug(span.text), []).append(span)
        prefix = mention.id.partition(":")[0]
        for key, found in others.items():
            own = f"{prefix}:{key}"
            if own == mention.id:  # its own name: what it is called must be told apart by hand
                own = f"{prefix}:{key}-2"
            if not spans:
                moved.setdefault(mention.id, own)
            yield Mention(
                own, mention.label, wrong[key] if wrong else key, mention.relation, tuple(found),
                mention.confidence, mention.sizes if not spans else (),
            )  # fmt: skip

    def _put(self, mention: Mention) -> Mention:
        target = self.target(mention.id)
        if target == mention.id:
            return mention
        body = next(c.body for c in self._same.values() if c.object == target)
        properties = {**body["properties"], "aliases": [mention.name]}
        facts = tuple(_fact(fact) for fact in body["facts"])
        return replace(mention, id=target, name=body["name"], properties=properties, facts=facts)


def _joined(one: Mention, other: Mention) -> Mention:
    """Make one mention of two that mean the same node: the stronger relation, all places."""
    spans = sorted(
        {*one.spans, *other.spans}, key=lambda s: (s.field != "title", s.start, s.end, s.extractor)
    )
    aliases = dict.fromkeys((*one.properties.get("aliases", ()), *other.properties.get("aliases", ())))
    plain = (
        other if "aliases" in one.properties else one
    )  # what the text itself says of the target comes first
    return replace(
        plain,
        relation=min(one.relation, other.relation, key=RELATIONS.index),
        spans=tuple(spans),
        confidence=max(one.confidence, other.confidence),
        sizes=tuple(dict.fromkeys((*one.sizes, *other.sizes))),
        count=one.count if one.count is not None else other.count,
        properties={**plain.properties, "aliases": list(aliases)},
    )


def _moved(result: ResultClaim, moved: Mapping[str, str]) -> ResultClaim:
    ends = {key: getattr(result, key) for key in ("of", "on", "against", "hardware")}
    return replace(result, **{key: moved.get(end, end) for key, end in ends.items() if end is not None})


def _fact(known: Mapping[str, Any]) -> Fact:
    return Fact(**{**known, "facts": tuple(_fact(fact) for fact in known.get("facts", ()))})


# --- making and taking back --------------------------------------------------------------------------------


def link(store: LocalStore, subject: str, target: str) -> Correction:
    """Write down that two nodes are one, inside ``store.writing()``; what leads to ``subject`` leads to ``target``.

    Raises
    ------
    NotFoundError
        There is no such node.
    StoreError
        They are of different types, the same node, or linked in a circle.
    """
    one, other = _node(store, subject), _node(store, target)
    if one.label != other.label:
        raise StoreError(
            f"{one.id} is a {one.label} and {other.id} a {other.label}; only nodes of one type can be one thing."
            " To change what type a name has, put it into a lexicon file (`citegraph build --lexicon`)."
        )
    if one.label not in _LINKABLE:
        raise StoreError(f"A {one.label} cannot be linked; {', '.join(_LINKABLE)} can.")
    if other.properties.get("stub"):
        raise StoreError(
            f"{other.id} is known only as a cited work; link it to a paper that was read, not the other way."
        )
    known = Corrections.load(store.file)
    if known.target(other.id) == one.id or one.id == other.id:
        raise StoreError(f"{one.id} and {other.id} are one node already.")
    made = Correction("same", one.id, other.id, _body(store, other))
    _write(store.file, made)
    if made.on_papers:
        _erase(store.file, _two(one.id, other.id))
    return made


def unlink(store: LocalStore, subject: str, other: str) -> Correction:
    """Write down that a name, or another paper, is not a node; a link made between the two is taken back.

    Parameters
    ----------
    subject
        The node that holds too much.
    other
        A written form that does not mean it; for a paper, an identifier of the other paper
        (``arxiv:…``, ``doi:…``, …) or its title.

    Raises
    ------
    NotFoundError
        There is no such node, or it has no such written form or identifier.
    """
    by_form = f"{subject.partition(':')[0]}:{slug(other)}"
    for a, b in ((subject, other), (other, subject), (by_form, subject)):
        made = Correction("same", a, b)
        if store.file.one(
            "SELECT 1 FROM correction WHERE verb = 'same' AND subject = ? AND object = ?", (a, b)
        ):
            _erase(store.file, made)
            return made
    node = _node(store, subject)
    if node.label == "Paper":
        made = _apart_papers(store, node, other)
    elif node.label in ENTITIES:
        forms = [node.name, *node.properties.get("aliases", ())]
        if slug(other) not in {slug(form) for form in forms}:
            raise NotFoundError(f"{node.id} has no written form {other!r}; it has: {', '.join(forms[:12])}.")
        made = Correction("apart", node.id, other)
    else:
        raise StoreError(f"{node.id} is a {node.label}; only papers and entities can be split.")
    _write(store.file, made)
    return made


def _apart_papers(store: LocalStore, node: Node, other: str) -> Correction:
    rows = store.file.rows("SELECT keys FROM record WHERE paper = ?", (node.id,))
    records = [orjson.loads(keys) for (keys,) in rows]
    known = sorted({key for keys in records for key in keys})
    if other not in known:
        raise NotFoundError(f"{node.id} has no identifier {other!r}; it has: {', '.join(known)}.")
    rest = sorted({key for keys in records if other not in keys for key in keys}, key=lambda k: k != node.id)
    if not rest:
        raise StoreError(f"Every record of {node.id} says {other}; there is nothing to keep apart.")
    first = next((key for key in rest if not key.startswith("title:")), rest[0])
    return _two(first, other)


def _two(one: str, other: str) -> Correction:
    return Correction("apart", min(one, other), max(one, other))


def _node(store: LocalStore, node_id: str) -> Node:
    node = store.node(node_id)
    if node is None:
        raise NotFoundError(f"The graph has no node {node_id!r}; `citegraph show NAME` tells ids.")
    return node


def _body(store: LocalStore, node: Node) -> dict[str, Any]:
    properties = {key: value for key, value in node.properties.items() if key not in _DERIVED}
    return {"name": node.name, "properties": properties, "facts": _facts(store, node.id)}


def _facts(store: LocalStore, node_id: str, above: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    found = []
    for edge in store.edges_of(node_id, "out"):
        target = store.node(edge.target)
        if edge.type in _CURATED and target is not None and target.id not in above:
            properties = {k: v for k, v in target.properties.items() if k not in _DERIVED}
            found.append(
                {"type": edge.type, "target": target.id, "target_label": target.label,
                 "target_name": target.name, "properties": properties, "facts": _facts(store, target.id, (*above, node_id))}
            )  # fmt: skip
    return found


def _write(file: GraphFile, made: Correction) -> None:
    row = (made.verb, made.subject, made.object, orjson.dumps(dict(made.body)).decode())
    file.run("DELETE FROM correction WHERE verb = 'same' AND verb = ? AND subject = ?", row[:2])
    file.run("INSERT OR REPLACE INTO correction VALUES (?, ?, ?, ?)", row)


def _erase(file: GraphFile, made: Correction) -> None:
    sql = "DELETE FROM correction WHERE verb = ? AND subject = ? AND object = ?"
    file.run(sql, (made.verb, made.subject, made.object))
