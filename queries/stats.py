"""How big the graph is, where it came from, and how complete its citations are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..graph.corrections import Corrections
from ..graph.local import LocalStore
from ..graph.partition import KINDS
from ..graph.schema import ENTITIES
from ..graph.store import Store, by_frequency
from .rows import EntityRef, Row, entity_ref, fetch, label_of, texts


@dataclass(frozen=True, slots=True)
class Citations(Row):
    """How complete the citations are.

    Attributes
    ----------
    edges
        All CITES edges.
    resolved
        Those that lead to a paper with a record of its own, not to a stub.
    papers_with_references, papers_without_references
        Papers, stubs not counted; a reference of which nobody knows what it means counts, too.
    mean_references
        References a paper with references has on average.
    coverage
        Share of papers that have references at all; 0.0 in a graph without papers.
    resolution
        Share of references that are resolved; 0.0 in a graph without references.
    found_by
        How many citations were resolved by each rule, the most frequent first: the kind of identifier, ``title``,
        ``likeness``, ``link``; an edge that several rules found counts for the first of them.
    unidentified
        References without a CITES edge, because no source tells what work they mean.
    """

    edges: int
    resolved: int
    papers_with_references: int
    papers_without_references: int
    mean_references: float
    coverage: float
    resolution: float
    found_by: dict[str, int] = field(default_factory=dict)
    unidentified: int = 0


@dataclass(frozen=True, slots=True)
class SourceCount(Row):
    """A source, how many papers were read from it, how many citations it states and how many of them are resolved."""

    id: str
    name: str
    uri: str | None
    format: str | None
    loaded_at: str | None
    papers: int
    citations: int = 0
    resolved: int = 0


@dataclass(frozen=True, slots=True)
class Connected(Row):
    """A node and how connected it is; ``papers`` counts the papers with an edge to it."""

    node: EntityRef
    degree: int
    papers: int


@dataclass(frozen=True, slots=True)
class Stats(Row):
    """The graph in numbers.

    Attributes
    ----------
    nodes, edges
        Counts by label and by edge type, most frequent first.
    papers
        Papers with a record of their own; ``stubs`` are the others, known only as cited works.
    with_abstract
        Papers (no stubs) that have an abstract.
    years
        Papers (no stubs) by year of publication, oldest first; ``without_year`` have none.
    most_connected
        The best-connected nodes of each label.
    lexicons
        Names of the lexicon files the graph keeps; ``corrections`` counts what was put right by hand.
    """

    nodes: dict[str, int]
    edges: dict[str, int]
    papers: int
    stubs: int
    with_abstract: int
    years: dict[int, int]
    without_year: int
    citations: Citations
    sources: tuple[SourceCount, ...]
    most_connected: dict[str, tuple[Connected, ...]]
    lexicons: tuple[str, ...] = ()
    corrections: int = 0


_RANKED = ("Paper", "Author", *ENTITIES)


def stats(store: Store, top: int = 5) -> Stats:
    """Count what is in the graph.

    Parameters
    ----------
    store
        The graph.
    top
        How many best-connected nodes to name for each label.

    Notes
    -----
    Reads all edges once and all papers once. FROM edges say where a paper was read, not what it is about:
    they do not count as connections.

    Examples
    --------
    >>> stats(store).citations.coverage  # doctest: +SKIP
    0.82
    """
    counts = store.counts()
    stubs: set[str] = set()
    years: Counter[int] = Counter()
    papers = with_abstract = without_year = unidentified = 0
    mute: set[str] = set()  # papers that have references of which none is known
    for node in store.nodes("Paper"):
        properties = node.properties
        if properties.get("stub"):
            stubs.add(node.id)
            continue
        papers += 1
        if unknown := properties.get("unidentified"):
            unidentified += int(unknown)
            mute.add(node.id)
        with_abstract += bool(properties.get("abstract"))
        year = properties.get("year")
        if isinstance(year, int):
            years[year] += 1
        else:
            without_year += 1

    degree: Counter[str] = Counter()
    named_by: Counter[str] = Counter()
    references: Counter[str] = Counter()
    read_from: Counter[str] = Counter()
    found_by: Counter[str] = Counter()
    stated: Counter[str] = Counter()
    stated_resolved: Counter[str] = Counter()
    resolved = 0
    for edge in store.edges():
        if edge.type == "FROM":
            read_from[edge.target] += 1
            continue
        degree[edge.source] += 1
        degree[edge.target] += 1
        named_by[edge.target] += label_of(edge.source) == "Paper"
        if edge.type == "CITES":
            references[edge.source] += 1
            known = edge.target not in stubs
            resolved += known
            if known and (rules := texts(edge, "found_by")):
                found_by[_surest(rules)] += 1
            for uri in texts(edge, "sources"):
                stated[uri] += 1
                stated_resolved[uri] += known

    return Stats(
        dict(counts.nodes),
        dict(counts.edges),
        papers,
        len(stubs),
        with_abstract,
        dict(sorted(years.items())),
        without_year,
        _citations(papers, references, mute, stubs, resolved, by_frequency(found_by), unidentified),
        _sources(store, read_from, stated, stated_resolved),
        _most_connected(store, degree, named_by, top),
        *_taught(store),
    )


def _taught(store: Store) -> tuple[tuple[str, ...], int]:
    """Return what a person taught the graph: lexicon files and corrections; only a local graph keeps such."""
    if not isinstance(store, LocalStore):
        return (), 0
    kept = store.kept()
    return tuple(name for name, _ in kept.lexicons()), len(Corrections.load(kept).all)


def _surest(rules: Sequence[str]) -> str:
    """Return the surest of the rules that found a paper, without how alike the titles are."""
    names = {rule.partition(" ")[0] for rule in rules}
    order = ("link", *KINDS)
    return min(names, key=lambda name: (order.index(name) if name in order else len(order), name))


def _citations(
    papers: int,
    references: Counter[str],
    mute: set[str],
    stubs: set[str],
    resolved: int,
    found_by: dict[str, int],
    unidentified: int,
) -> Citations:
    total = sum(references.values())
    citing = len({paper for paper in references if paper not in stubs} | mute)
    return Citations(
        total,
        resolved,
        citing,
        papers - citing,
        round(total / len(references), 2) if references else 0.0,
        round(citing / papers, 4) if papers else 0.0,
        round(resolved / total, 4) if total else 0.0,
        found_by,
        unidentified,
    )


def _sources(
    store: Store, read_from: Counter[str], stated: Counter[str], resolved: Counter[str]
) -> tuple[SourceCount, ...]:
    found = []
    for node in store.nodes("Source"):
        known = node.properties
        found.append(
            SourceCount(
                node.id,
                node.name,
                known.get("uri"),
                known.get("format"),
                known.get("loaded_at"),
                read_from[node.id],
                stated[str(known.get("uri"))],
                resolved[str(known.get("uri"))],
            )
        )
    return tuple(sorted(found, key=lambda source: (-source.papers, source.name, source.id)))


def _most_connected(
    store: Store, degree: Counter[str], named_by: Counter[str], top: int
) -> dict[str, tuple[Connected, ...]]:
    by_label: dict[str, list[str]] = {label: [] for label in _RANKED}
    for node_id in degree:
        label = label_of(node_id)
        if label in by_label:
            by_label[label].append(node_id)
    ranked = {}
    for label, ids in by_label.items():
        best = sorted(ids, key=lambda node_id: (-degree[node_id], node_id))[:top]
        if best:
            ranked[label] = tuple(
                Connected(entity_ref(fetch(store, node_id)), degree[node_id], named_by[node_id])
                for node_id in best
            )
    return ranked
