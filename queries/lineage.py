"""What builds on an entity, over how many steps, and what that line of work cites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from ..graph.records import Node
from ..graph.schema import ENTITIES
from ..graph.store import Store
from .citations import CitedWork, most_cited
from .lookup import resolve
from .quotations import Quotation, first_words, quotations
from .rows import EntityRef, PaperRef, Row, entity_ref, fetch, label_of, oldest_first, paper_ref, texts


@dataclass(frozen=True, slots=True)
class Descendant(Row):
    """One work that builds on the entity.

    Attributes
    ----------
    depth
        1 for what builds on the entity itself, 2 for what builds on that, and so on.
    parent
        What it builds on directly.
    entity
        What the work proposes; None where it proposes nothing that has a name.
    paper
        The paper that says so; None for a curated fact.
    via
        ``BUILDS_ON``, or ``KIND_OF`` where the taxonomy calls it a kind of the parent.
    """

    depth: int
    parent: EntityRef
    entity: EntityRef | None
    paper: PaperRef | None
    via: Literal["BUILDS_ON", "KIND_OF"]
    quotations: tuple[Quotation, ...]

    def flat(self) -> dict[str, Any]:
        """Return the row as one dictionary of scalars."""
        return {
            "depth": self.depth,
            "entity": self.entity.name if self.entity else None,
            "builds_on": self.parent.name,
            "via": self.via,
            "paper": self.paper.title if self.paper else None,
            "year": self.paper.year if self.paper else None,
            "id": self.paper.id if self.paper else None,
            "quote": first_words(self.quotations),
        }


@dataclass(frozen=True, slots=True)
class Lineage(Row):
    """An entity, all that builds on it, and the works that line of work cites most."""

    entity: EntityRef
    descendants: tuple[Descendant, ...]
    papers: tuple[PaperRef, ...]
    most_cited: tuple[CitedWork, ...]


def builds_on(store: Store, entity: str, transitive: bool = True, cited: int = 10) -> Lineage:
    """Show what builds on an entity and what that line of work cites.

    A paper that BUILDS_ON the entity hands on to what it PROPOSES; with ``transitive`` those are asked in
    turn. Each proposed entity and each paper comes once, at its smallest depth, so that a circle of papers
    ends.

    Parameters
    ----------
    store
        The graph.
    entity
        Name or id of a Method, Model, Benchmark or Hardware.
    transitive
        Whether to go on beyond the first step.
    cited
        How many of the works cited most by the line of work to list.

    Raises
    ------
    NotFoundError
        The graph has no such entity.

    Examples
    --------
    >>> line = builds_on(store, "LoRA")  # doctest: +SKIP
    >>> [(row.depth, str(row.entity)) for row in line.descendants]  # doctest: +SKIP
    [(1, 'QLoRA'), (1, 'AdaLoRA'), (2, 'LoftQ')]
    """
    root = resolve(store, entity, ENTITIES)
    descendants: list[Descendant] = []
    seen: set[tuple[str | None, str | None]] = set()
    met, level, depth = {root.id}, [root], 1
    while level:
        following: dict[str, Node] = {}
        for parent in level:
            for row in _children(store, parent, depth):
                child = row.entity.id if row.entity else None
                work = (row.paper.id if row.paper else None, child)
                if work in seen or child == root.id or (row.paper is None and child in met):
                    continue
                seen.add(work)
                descendants.append(row)
                if child and child not in met:
                    met.add(child)
                    following[child] = fetch(store, child)
        level = [following[node_id] for node_id in sorted(following)] if transitive else []
        depth += 1
    known = {row.paper.id: row.paper for row in descendants if row.paper}
    papers = tuple(sorted(known.values(), key=oldest_first))
    works = tuple(most_cited(store, cited, by=known)) if cited else ()
    return Lineage(entity_ref(root), tuple(sorted(descendants, key=_order)), papers, works)


def _children(store: Store, parent: Node, depth: int) -> Iterator[Descendant]:
    """Yield the works that build directly on one entity: papers first, then what only the graph says."""
    ref = entity_ref(parent)
    incoming = sorted(store.edges_of(parent.id, "in", "BUILDS_ON"), key=lambda edge: edge.source)
    for edge in incoming:
        if label_of(edge.source) == "Paper":
            paper = fetch(store, edge.source)
            quoted = quotations(store, edge, paper)
            made = [e.target for e in store.edges_of(paper.id, "out", "PROPOSES") if e.target != parent.id]
            children: list[str | None] = [*sorted(made)] or [None]
            for child in children:
                named = entity_ref(fetch(store, child)) if child else None
                yield Descendant(depth, ref, named, paper_ref(paper), "BUILDS_ON", quoted)
    for edge in incoming:
        if label_of(edge.source) != "Paper":
            child_ref = entity_ref(fetch(store, edge.source))
            sayers: list[str | None] = [*sorted(texts(edge, "papers"))] or [None]
            for paper_id in sayers:
                said = paper_ref(fetch(store, paper_id)) if paper_id else None
                yield Descendant(depth, ref, child_ref, said, "BUILDS_ON", ())
    for edge in sorted(store.edges_of(parent.id, "in", "KIND_OF"), key=lambda edge: edge.source):
        yield Descendant(depth, ref, entity_ref(fetch(store, edge.source)), None, "KIND_OF", ())


def _order(row: Descendant) -> tuple[int, bool, tuple[int, str, str], str]:
    dated = oldest_first(row.paper) if row.paper else (0, "", "")
    return (row.depth, row.paper is None, dated, row.entity.id if row.entity else "")
