"""What a person has put right: names linked to one node or kept apart, kept in the graph file for all later builds.

A correction is applied to what is read, every time it is read, and never to the graph itself. So it holds for papers
that come later, and taking it back restores what the rules say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import orjson

from .identity import slug
from .partition import KINDS
from .records import Edge, Extraction, Fact, Mention, Node, ResultClaim, Span
from .schema import NODES, RELATIONS
from .sqlite import GraphFile

Verb = Literal["same", "apart"]
Triple = tuple[str, str, str]
"""Source, type and target of an edge."""

BY_HAND = {"same": "+link", "apart": "+unlink"}
"""What the evidence of a name that a person put elsewhere says behind the rule that found it."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One statement of a person.

    ``same``: what leads to ``subject`` leads to ``object``, both node ids. ``apart`` with a node as subject: the
    written form ``object`` does not mean that node. ``apart`` with a paper as subject: ``object`` is another paper.
    ``body`` is what is known of the target, and what the subject was called.
    """

    verb: Verb
    subject: str
    object: str
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def on_papers(self) -> bool:
        """Whether it speaks of papers."""
        return self.subject.partition(":")[0] in KINDS

    @property
    def nodes(self) -> tuple[str, str]:
        """The ids of the two nodes it speaks of; a written form has one of its own."""
        if self.verb == "same" or self.on_papers:
            return self.subject, self.object
        return self.subject, own_id(self.subject, self.object)

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
        for whole in extraction.mentions:
            for mention in self._settled(whole, frozenset([whole.id])):
                moved.setdefault(whole.id, mention.id)
                held = mentions.get(mention.id)
                mentions[mention.id] = mention if held is None else _joined(held, mention)
        results = tuple(_moved(result, moved) for result in extraction.results)
        return replace(extraction, mentions=tuple(mentions.values()), results=results)

    def renamed(
        self, nodes: Sequence[Node], edges: Sequence[Edge], facts: Sequence[Triple]
    ) -> tuple[list[Node], list[Edge], list[Triple]]:
        """Return what a paper says of authors, venues and the like, and curated facts, with every link followed."""
        kept: dict[Triple, Edge] = {}
        for edge in edges:
            edge = replace(edge, target=self.target(edge.target))  # noqa: PLW2901
            if edge.source != edge.target:
                kept.setdefault((edge.source, edge.type, edge.target), edge)
        followed = ((self.target(source), kind, self.target(target)) for source, kind, target in facts)
        return (
            [self._renamed_node(node) for node in nodes],
            list(kept.values()),
            list(dict.fromkeys(fact for fact in followed if fact[0] != fact[2])),
        )

    def _renamed_node(self, node: Node) -> Node:
        target = self.target(node.id)
        if target == node.id:
            return node
        if node.label == "Paper":  # a cited work: what the paper itself is called is for its records to say
            return replace(node, id=target)
        body = self._body(target)
        aliases = {"aliases": [node.name]} if "aliases" in NODES[node.label].properties else {}
        return Node(target, node.label, {**body["properties"], "name": body["name"], **aliases})

    def _body(self, target: str) -> Mapping[str, Any]:
        """Return what was known of the target of a link when it was made."""
        return next(c.body for c in self._same.values() if c.object == target)

    def _settled(self, whole: Mention, seen: frozenset[str]) -> Iterator[Mention]:
        """Follow a mention and its written forms to the nodes they belong to, what remains of it first."""
        for part in self._split(whole):
            put = self._put(part)
            if put.id in seen:
                yield put
            else:
                yield from self._settled(put, seen | {put.id})

    def _split(self, mention: Mention) -> Iterator[Mention]:
        """Take the written forms that do not mean this node to nodes of their own."""
        wrong = self._apart.get(mention.id)
        if not wrong:
            yield mention
            return
        spans = tuple(span for span in mention.spans if slug(span.text) not in wrong)
        if spans:
            yield replace(mention, spans=spans)
        others: dict[str, list[Span]] = {}
        for span in mention.spans:
            if slug(span.text) in wrong:
                others.setdefault(slug(span.text), []).append(_by_hand(span, "apart"))
        for key, found in others.items():
            sizes = () if spans else mention.sizes
            yield Mention(
                own_id(mention.id, wrong[key]), mention.label, wrong[key], mention.relation, tuple(found),
                mention.confidence, sizes,
            )  # fmt: skip

    def _put(self, mention: Mention) -> Mention:
        target = self.target(mention.id)
        if target == mention.id:
            return mention
        body = self._body(target)
        properties = {**body["properties"], "aliases": [mention.name]}
        facts = tuple(_fact(fact) for fact in body["facts"])
        spans = tuple(_by_hand(span, "same") for span in mention.spans)
        return replace(mention, id=target, name=body["name"], spans=spans, properties=properties, facts=facts)


def own_id(node_id: str, form: str) -> str:
    """Return the id of the node that a written form has once it does not mean this one."""
    prefix = node_id.partition(":")[0]
    own = f"{prefix}:{slug(form)}"
    # What the node itself is called can be another thing only under another id.
    return own if own != node_id else f"{own}-2"


def _by_hand(span: Span, verb: Verb) -> Span:
    rule = span.extractor
    for mark in BY_HAND.values():
        rule = rule.removesuffix(mark)
    return replace(span, extractor=rule + BY_HAND[verb])


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
    ends = {key: getattr(result, key) for key in ("of", "on", "against", "hardware", "model")}
    return replace(result, **{key: moved.get(end, end) for key, end in ends.items() if end is not None})


def _fact(known: Mapping[str, Any]) -> Fact:
    return Fact(**{**known, "facts": tuple(_fact(fact) for fact in known.get("facts", ()))})
