"""When something appeared and how it spread, and which things appear together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from ..graph.records import Edge
from ..graph.schema import RELATIONS
from ..graph.store import Store
from .lookup import Labels, resolve
from .quotations import Quotation, first_words, quotations
from .rows import EntityRef, PaperRef, Row, entity_ref, fetch, label_of, newest_first, oldest_first, paper_ref


@dataclass(frozen=True, slots=True)
class Appearance(Row):
    """One paper with an edge to the node, when it appeared and what it says."""

    date: str | None
    paper: PaperRef
    relation: str
    quotations: tuple[Quotation, ...]

    def flat(self) -> dict[str, Any]:
        """Return the row as one dictionary of scalars."""
        return {
            "date": self.date or self.paper.year,
            "relation": self.relation,
            "paper": self.paper.title,
            "id": self.paper.id,
            "quote": first_words(self.quotations, 1),
        }


@dataclass(frozen=True, slots=True)
class Year(Row):
    """How many papers of one year have an edge to the node, in all and by relation."""

    year: int
    papers: int
    relations: dict[str, int]


@dataclass(frozen=True, slots=True)
class Timeline(Row):
    """The papers that name a node, oldest first, and their number by year; ``undated`` have no year."""

    node: EntityRef
    years: tuple[Year, ...]
    appearances: tuple[Appearance, ...]
    undated: int


def timeline(store: Store, entity: str, label: Labels = None) -> Timeline:
    """Show when papers took a node up: oldest first, with the relation and the words of each.

    Works for everything papers have edges to: an entity, an author, a venue, or a paper (who cites it, when).

    Raises
    ------
    NotFoundError
        The graph has no such node.
    QueryError
        Several nodes fit equally well; ``label`` tells them apart.

    Examples
    --------
    >>> {row.year: row.papers for row in timeline(store, "LoRA").years}  # doctest: +SKIP
    {2021: 1, 2023: 4, 2024: 9}
    """
    node = resolve(store, entity, label)
    found: list[Appearance] = []
    for edge in store.edges_of(node.id, "in"):
        if label_of(edge.source) == "Paper" and edge.type != "FROM":
            paper = fetch(store, edge.source)
            date = paper.properties.get("date")
            found.append(Appearance(date, paper_ref(paper), edge.type, quotations(store, edge, paper)))
    found.sort(key=_age)
    papers: dict[int, set[str]] = {}
    relations: dict[int, Counter[str]] = {}
    for row in found:
        if row.paper.year is not None:
            papers.setdefault(row.paper.year, set()).add(row.paper.id)
            relations.setdefault(row.paper.year, Counter())[row.relation] += 1
    years = tuple(
        Year(year, len(papers[year]), dict(sorted(relations[year].items()))) for year in sorted(papers)
    )
    undated = len({row.paper.id for row in found if row.paper.year is None})
    return Timeline(entity_ref(node), years, tuple(found), undated)


def _age(row: Appearance) -> tuple[int, str, tuple[int, str, str], str]:
    # A paper with a year but no day comes after those of the same year that have one.
    return (row.paper.year or 10_000, row.date or "9999", oldest_first(row.paper), row.relation)


@dataclass(frozen=True, slots=True)
class Pair(Row):
    """Two entities and the papers that name both.

    Attributes
    ----------
    papers
        How many papers name both.
    jaccard
        That number by the number of papers that name either: 1.0 if they never appear apart.
    examples
        The newest of those papers, and ``quotations`` their words about both.
    """

    a: EntityRef
    b: EntityRef
    papers: int
    jaccard: float
    examples: tuple[PaperRef, ...]
    quotations: tuple[Quotation, ...]

    def flat(self) -> dict[str, Any]:
        """Return the row as one dictionary of scalars."""
        return {
            "a": self.a.name,
            "b": self.b.name,
            "papers": self.papers,
            "jaccard": self.jaccard,
            "examples": "; ".join(map(str, self.examples)),
        }


def co_occurrence(
    store: Store,
    label: str = "Method",
    other: str | None = None,
    *,
    entity: str | None = None,
    min_papers: int = 2,
    limit: int = 50,
    generic: bool = True,
    examples: int = 3,
) -> list[Pair]:
    """List the entities that papers name together, most often first.

    Parameters
    ----------
    store
        The graph.
    label, other
        Labels of the two entities; ``other`` is the same label by default.
    entity
        Only pairs with this one, by name or id.
    min_papers
        How many papers must name both.
    limit
        How many pairs at most.
    generic
        Whether technique classes (``quantization``) take part.
    examples
        How many papers to name and quote for each pair.

    Notes
    -----
    Counts the pairs within each paper: linear in papers, quadratic only in the entities of a single paper.

    Examples
    --------
    >>> co_occurrence(store, "Method", "Hardware", entity="GPTQ")[0].b.name  # doctest: +SKIP
    'A100'
    """
    labels = {label, other or label}
    chosen = resolve(store, entity, labels).id if entity else None
    edges: dict[str, dict[str, Edge]] = {}
    for relation in RELATIONS:
        for edge in store.edges(relation):
            if label_of(edge.source) == "Paper" and label_of(edge.target) in labels:
                edges.setdefault(edge.source, {})[edge.target] = edge
    left_out: set[str] = set()
    if not generic:
        left_out = {node.id for node in store.nodes("Method") if node.properties.get("generic")}
    named: Counter[str] = Counter()
    together: dict[tuple[str, str], list[str]] = {}
    for paper_id, targets in edges.items():
        ids = sorted(set(targets) - left_out)
        named.update(ids)
        if chosen is not None and chosen not in targets:
            continue
        for one, two in combinations(ids, 2):
            pair = _oriented(one, two, label, other or label, chosen)
            if pair:
                together.setdefault(pair, []).append(paper_id)
    frequent = [pair for pair in together if len(together[pair]) >= min_papers]
    frequent.sort(key=lambda pair: (-len(together[pair]), pair))
    rows = []
    for pair in frequent[:limit]:
        both, either = len(together[pair]), named[pair[0]] + named[pair[1]] - len(together[pair])
        papers = sorted((paper_ref(fetch(store, one)) for one in together[pair]), key=newest_first)[:examples]
        asserting = [edges[paper.id][end] for paper in papers for end in pair]
        quoted = tuple(item for edge in asserting for item in quotations(store, edge))
        a, b = (entity_ref(fetch(store, end)) for end in pair)
        rows.append(Pair(a, b, both, round(both / either, 4), tuple(papers), quoted))
    return rows


def _oriented(one: str, two: str, first: str, second: str, chosen: str | None) -> tuple[str, str] | None:
    """Put the label asked for first, or the chosen entity, on the left; None for other pairs."""
    if chosen is not None and chosen not in (one, two):
        return None
    if chosen == two and first == second:
        one, two = two, one
    if (label_of(one), label_of(two)) == (first, second):
        return one, two
    return (two, one) if (label_of(two), label_of(one)) == (first, second) else None
