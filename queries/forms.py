"""How a node came to be one thing: the written forms that mean it, or the records that are it, each with its rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..graph.corrections import BY_HAND
from ..graph.joins import records_of
from ..graph.local import LocalStore
from ..graph.records import Node
from ..graph.schema import ENTITIES
from ..graph.store import Store
from .names import name_key
from .rows import Row, label_of

RULES: Mapping[str, str] = {
    "name": "its name in the lexicon",
    "spelling": "its name in the lexicon, spelled otherwise",
    "extended": "its name with a size or variant",
    "lexicon": "another name in the lexicon",
    "corpus": "coined by another paper",
    "acronym": "short or long form, defined in the text",
    "title-colon": "named by the title of its paper",
    "title-means": "what the title says the paper works with",
    "introduced": "introduced by its paper",
    "called": "what its paper calls it",
    "released": "released by its paper",
    "trained": "trained by its paper",
    "enumeration": "listed by its paper among what it introduces",
    "law": "a law that its paper finds",
    "performs": "what its paper says performs so and so",
    "list": "listed behind a word that says what kind of thing it is",
    "measure": "listed among what is measured",
    "context": "read as a name from the words around it",
    "model-morphology": "built as model names are",
    "recurrence": "met again in the body of its paper",
    "stated": "stated by the source of its paper",
    "link": "linked by hand",
    "unlink": "parted from another node by hand",
}
"""By which rule a written form came to mean a node, in words."""

JOINS: Mapping[str, str] = {
    "arxiv": "the same arXiv id",
    "doi": "the same DOI",
    "openalex": "the same OpenAlex id",
    "s2": "the same Semantic Scholar id",
    "acl": "the same ACL Anthology id",
    "openreview": "the same OpenReview id",
    "dblp": "the same DBLP key",
    "pmid": "the same PubMed id",
    "pmcid": "the same PubMed Central id",
    "title": "the same title but for case, punctuation and LaTeX",
    "hand": "linked by hand",
}
"""By which rule a record became one paper with others, in words."""


@dataclass(frozen=True, slots=True)
class Way(Row):
    """One rule by which a form came to mean a node, in how many papers; ``extractor`` as the evidence has it."""

    rule: str
    meaning: str
    extractor: str
    papers: int


@dataclass(frozen=True, slots=True)
class Form(Row):
    """A written form of a node, in how many papers it stands, and by which rules it came to mean the node."""

    text: str
    papers: int
    ways: tuple[Way, ...]

    def how(self) -> str:
        """Say all its rules on one line."""
        return "; ".join(dict.fromkeys(way.meaning for way in self.ways))


@dataclass(frozen=True, slots=True)
class RecordRow(Row):
    """A record of a paper: where it is from, what it gives, and by which rule it is one paper with the others.

    ``rule``, ``meaning`` and ``value`` are None for the record that names the paper.
    """

    source: str
    title: str
    identifiers: tuple[str, ...]
    rule: str | None = None
    meaning: str | None = None
    value: str | None = None


def forms(store: Store, node: Node) -> tuple[Form, ...]:
    """List the written forms of an entity as papers have them, those of most papers first.

    Examples
    --------
    >>> for form in forms(store, store.node("model:llama-3")):  # doctest: +SKIP
    ...     print(form.text, form.papers, form.how())
    Llama3 10 its name in the lexicon, spelled otherwise
    Llama3-8B 8 its name with a size or variant
    """
    if node.label not in ENTITIES:
        return ()
    papers: dict[str, dict[str, set[str]]] = {}
    for edge in store.edges_of(node.id, "in"):
        if label_of(edge.source) == "Paper":
            for evidence in edge.evidence:
                papers.setdefault(evidence.text, {}).setdefault(evidence.extractor, set()).add(edge.source)
    found = [
        Form(text, len(set().union(*by_rule.values())), tuple(sorted(_ways(node, text, by_rule), key=_most)))
        for text, by_rule in papers.items()
    ]
    return tuple(sorted(found, key=lambda form: (-form.papers, form.text.casefold(), form.text)))


def _ways(node: Node, text: str, by_rule: Mapping[str, set[str]]) -> Iterator[Way]:
    for extractor, papers in by_rule.items():
        rule = rule_of(node, text, extractor)
        yield Way(rule, RULES.get(rule, f"found by {rule}"), extractor, len(papers))


def _most(way: Way) -> tuple[int, str]:
    return -way.papers, way.extractor


def rule_of(node: Node, text: str, extractor: str) -> str:
    """Return the key of :data:`RULES` for a form of a node that an extractor found; its own name if it has none."""
    for mark in BY_HAND.values():
        if extractor.endswith(mark):
            return mark.removeprefix("+")
    rule = extractor.partition("@")[0]
    if rule not in RULES:
        return extractor
    if rule != "lexicon":
        return rule
    own, written = name_key(node.name), name_key(text)
    if text == node.name:
        return "name"
    if written == own or _singular(written) == _singular(own):
        return "spelling"
    return "extended" if node.label == "Model" and written.startswith(own) else "lexicon"


def _singular(key: str) -> str:
    return key.removesuffix("s")


def records(store: Store, node: Node) -> tuple[RecordRow, ...]:
    """List the records that are one paper, with the rule that joined each; empty where the store keeps no records."""
    if node.label != "Paper" or not isinstance(store, LocalStore):
        return ()
    rows = []
    for record in records_of(store, node.id):
        identifiers = tuple(key for key in record.keys if not key.startswith("title:"))
        rule, value = (record.join.rule, record.join.value) if record.join else (None, None)
        meaning = JOINS[rule] if rule else None
        rows.append(RecordRow(record.source, record.title, identifiers, rule, meaning, value))
    return tuple(rows)
