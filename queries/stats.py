"""How big the graph is, where it came from, and how complete its citations are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ..graph.corrections import Corrections
from ..graph.local import LocalStore
from ..graph.schema import ENTITIES
from ..graph.store import Store
from .rows import EntityRef, Row, entity_ref, fetch, label_of


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
        Papers, stubs not counted.
    mean_references
        References a paper with references has on average.
    coverage
        Share of papers that have references at all; 0.0 in a graph without papers.
    resolution
        Share of references that are resolved; 0.0 in a graph without references.
    """

    edges: int
    resolved: int
    papers_with_references: int
    papers_without_references: int
    mean_references: float
    coverage: float
    resolution: float


@dataclass(frozen=True, slots=True)
class SourceCount(Row):
    """A source and how many papers were read from it."""

    id: str
    name: str
    uri: str | None
    format: str | None
    loaded_at: str | None
    papers: int


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
    papers = with_abstract = without_year = 0
    for node in store.nodes("Paper"):
        properties = node.properties
        if properties.get("stub"):
            stubs.add(node.id)
            continue
        papers += 1
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
            resolved += edge.target not in stubs

    return Stats(
        dict(counts.nodes),
        dict(counts.edges),
        papers,
        len(stubs),
        with_abstract,
        dict(sorted(years.items())),
        without_year,
        _citations(papers, references, stubs, resolved),
        _sources(store, read_from),
        _most_connected(store, degree, named_by, top),
        *_taught(store),
    )


def _taught(store: Store) -> tuple[tuple[str, ...], int]:
    """Return what a person taught the graph: lexicon files and corrections; only a local graph keeps such."""
    if not isinstance(store, LocalStore):
        return (), 0
    return tuple(name for name, _ in store.file.lexicons()), len(Corrections.load(store.file).all)


def _citations(papers: int, references: Counter[str], stubs: set[str], resolved: int) -> Citations:
    total = sum(references.values())
    citing = sum(1 for paper in references if paper not in stubs)
    return Citations(
        total,
        resolved,
        citing,
        papers - citing,
        round(total / len(references), 2) if references else 0.0,
        round(citing / papers, 4) if papers else 0.0,
        round(resolved / total, 4) if total else 0.0,
    )


def _sources(store: Store, read_from: Counter[str]) -> tuple[SourceCount, ...]:
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
