"""Putting papers' parts into the graph and taking them out again, with what they share counted."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson

from . import tally as tallies
from .assemble import Part, assemble
from .codec import load_paper
from .coinages import Coinages
from .corrections import Corrections
from .local import LocalStore
from .merge import Claim, Merged, merge, preferred
from .partition import Member, best_key
from .records import Coinage, Edge, Extraction, Node, Text
from .resolution import Resolver
from .schema import NODES

Extract = Callable[[Iterable[Text]], Iterator[Extraction]]
"""Extracts from texts, in order."""

NamesIn = Callable[[str, str, str], tuple[Coinage, ...]]
"""Tells which names that others coined stand in a paper, given its id, title and abstract."""

Progress = Callable[[str, int, int], None]
"""Is told the stage, how much of it is done, and how much there is (0 where that is unknown)."""

_BATCH = 1000
_LISTS = {
    label: frozenset(name for name, p in node_type.properties.items() if p.kind is list)
    for label, node_type in NODES.items()
}


@dataclass(frozen=True, slots=True)
class Group:
    """The records that are one paper, and its ids."""

    paper: str
    former_ids: tuple[str, ...]
    members: tuple[Member, ...]

    @property
    def keys(self) -> frozenset[str]:
        """The identity keys of all its records."""
        return frozenset(key for member in self.members for key in member.keys)


class Parts:
    """The parts of papers in a store, to be changed inside ``store.writing()``."""

    def __init__(self, store: LocalStore, progress: Progress) -> None:
        self.store = store
        self.file = store.file
        self.progress = progress
        self.corrections = Corrections.load(store.file)
        self._preferred = preferred(store.file)
        self._tallies: dict[str, tallies.Tally] = {}
        self._shrunk: set[str] = set()
        self._withdrawn: set[tuple[str, str]] = set()
        self._resolver: Resolver | None = None

    # --- taking a paper's part out --------------------------------------------------------------------------

    def retract(self, papers: Sequence[str], staying: Collection[str]) -> None:
        """Take papers' parts out; the nodes of those ``staying`` are left for their new part to fill."""
        store = self.store
        self._resolver = None  # what it knows of papers is out of date now
        for start in range(0, len(papers), _BATCH):
            chunk = papers[start : start + _BATCH]
            parts = dict(self.file.rows_in("SELECT paper, body FROM part WHERE paper IN ({})", chunk))
            loaded = {paper: orjson.loads(body) for paper, body in parts.items()}
            self._load_tallies(item[0] for body in loaded.values() for item in body["nodes"])
            for paper in chunk:
                if paper in loaded:
                    self._take_away(paper, loaded[paper])
                for edge in list(store.edges_of(paper, "out")):
                    if edge.type == "REPORTS":
                        store.drop_node(edge.target)
                    else:
                        store.drop_edge(edge.source, edge.type, edge.target)
                if paper not in staying:
                    store.drop_node(paper)
            self.file.write("DELETE FROM part WHERE paper = ?", ((paper,) for paper in chunk))
            self.file.write(
                "DELETE FROM identity WHERE paper = ? AND stub = 0", ((paper,) for paper in chunk)
            )
            self.file.write(
                "DELETE FROM identity WHERE paper = ? AND stub = 2",
                ((paper,) for paper in chunk if paper not in staying),
            )

    def _take_away(self, paper: str, body: dict[str, Any]) -> None:
        store = self.store
        for node_id, claimed in body["nodes"]:
            tallies.subtract(self._tallies[node_id], claimed)
            self._shrunk.add(node_id)
            self._withdrawn.update((node_id, claim) for claim in claimed if claim.startswith(tallies.LEADS))
        for source, edge_type, target in body["inferred"]:
            attributes = store.graph.get_edge_data(source, target, edge_type) or {"papers": []}
            left = [other for other in attributes["papers"] if other != paper]
            if left:
                store.put_edge(Edge(source, edge_type, target, {"inferred": True, "papers": left}))
            else:
                store.drop_edge(source, edge_type, target)

    # --- putting a paper's part in --------------------------------------------------------------------------

    def put(self, groups: Sequence[Group], extract: Extract, coinages: Coinages) -> None:
        """Put in the parts of papers read by themselves, and write down the names they coin."""
        self._put(groups, extract, lambda group, title, abstract: (), coinages)

    def put_again(self, groups: Sequence[Group], extract: Extract, names: NamesIn) -> None:
        """Put in the parts of papers read with the names that other papers coined."""
        self._put(groups, extract, names, None)

    def _put(
        self, groups: Sequence[Group], extract: Extract, names: NamesIn, coinages: Coinages | None
    ) -> None:
        waiting: deque[tuple[Group, Merged]] = deque()

        def texts() -> Iterator[Text]:
            for group, merged in self._merged(groups):
                waiting.append((group, merged))
                title, abstract = merged.paper.title, merged.paper.abstract
                coined = names(group.paper, title, abstract)
                yield Text(title, abstract, coined, merged.paper.sections, merged.paper.statements)

        stage = "relate" if coinages is None else "extract"
        batch: list[tuple[Group, Merged, Extraction]] = []
        for done, extraction in enumerate(extract(texts()), 1):
            batch.append((*waiting.popleft(), extraction))
            if len(batch) == _BATCH:
                self._assert_batch(batch, coinages)
                batch = []
                self.progress(stage, done, len(groups))
        self._assert_batch(batch, coinages)
        self.progress(stage, len(groups), len(groups))

    def _merged(self, groups: Sequence[Group]) -> Iterator[tuple[Group, Merged]]:
        for start in range(0, len(groups), _BATCH):
            chunk = groups[start : start + _BATCH]
            numbers = [member.record for group in chunk for member in group.members]
            rows = self.file.rows_in("SELECT number, source, body FROM record WHERE number IN ({})", numbers)
            records = {number: Claim(source, load_paper(body)) for number, source, body in rows}
            for group in chunk:
                yield group, merge([records[member.record] for member in group.members], self._preferred)

    def _assert_batch(
        self, batch: Sequence[tuple[Group, Merged, Extraction]], coinages: Coinages | None
    ) -> None:
        if coinages is not None:
            coinages.record((group.paper, extraction.coined) for group, _, extraction in batch)
        resolve = self._prepared(merged for _, merged, _ in batch)
        parts = [
            assemble(
                group.paper,
                group.former_ids,
                group.keys,
                merged,
                self.corrections.correct(extraction),
                resolve,
            )
            for group, merged, extraction in batch
        ]
        if self.corrections.all:
            for part in parts:
                part.shared_nodes, part.own_edges, part.facts = self.corrections.renamed(
                    part.shared_nodes, part.own_edges, part.facts
                )
        claimed = [
            [(n.id, n.label, tallies.claims(n.properties)) for n in part.shared_nodes] for part in parts
        ]
        led = [
            [(source, tallies.lead(kind, target)) for source, kind, target in part.facts] for part in parts
        ]
        self._load_tallies(node_id for nodes in claimed for node_id, _, _ in nodes)
        for leads in led:
            for source, claim in leads:
                tallies.add(self._tallies[source], [claim])
        labels: dict[str, str] = {}
        for nodes in claimed:
            for node_id, label, claims in nodes:
                tallies.add(self._tallies[node_id], claims)
                labels[node_id] = label
        for node_id, label in labels.items():
            held = self.store.held(node_id)
            if label == "Paper" and held is not None and not held.get("stub"):
                continue
            self.store.put_node(Node(node_id, label, tallies.fold(self._tallies[node_id], _LISTS[label])))
        for part in parts:
            for node in part.own_nodes:
                self.store.put_node(node)
        for part in parts:
            self._put_edges(part)
        self.file.write(
            "INSERT OR REPLACE INTO part VALUES (?, ?)",
            (
                (
                    part.paper,
                    orjson.dumps(
                        {
                            "nodes": [[n[0], n[2]] for n in nodes]
                            + [[source, [lead]] for source, lead in leads],
                            "inferred": part.inferred,
                        }
                    ),
                )
                for part, nodes, leads in zip(parts, claimed, led, strict=True)
            ),
        )
        self._register_stubs({row for part in parts for row in part.stub_keys})
        self.store.flush()
        self._save_tallies()

    def _put_edges(self, part: Part) -> None:
        store = self.store
        for edge in part.own_edges:
            if edge.type == "CITES" and store.held(edge.target) is None:
                # A paper of a later batch, which will fill the node: its keys are registered already.
                store.put_node(Node(edge.target, "Paper", {"name": edge.target, "stub": True}))
            store.put_edge(edge)
        for source, edge_type, target in part.facts:
            store.put_edge(Edge(source, edge_type, target, {}))
        for source, edge_type, target in part.inferred:
            held = store.graph.get_edge_data(source, target, edge_type)
            papers = sorted({part.paper, *(held["papers"] if held else ())})
            store.put_edge(Edge(source, edge_type, target, {"inferred": True, "papers": papers}))

    def _prepared(self, papers: Iterable[Merged]) -> Resolver:
        """Return what finds the papers that the references of these papers mean."""
        if self._resolver is None:
            self._resolver = Resolver(self.file, self.corrections.target if self.corrections.all else None)
        self._resolver.prepare(keys for merged in papers for keys in merged.reference_keys)
        return self._resolver

    def _register_stubs(self, rows: Collection[tuple[str, str]]) -> None:
        self.file.write("INSERT OR IGNORE INTO identity VALUES (?, ?, 1, NULL)", sorted(rows))
        if self._resolver is not None:
            watched = self._resolver.watched
            self.file.write("INSERT OR IGNORE INTO identity VALUES (?, ?, 2, NULL)", sorted(watched))
            watched.clear()

    def cite_again(self) -> None:
        """Write down anew under which keys papers cite, as :meth:`put` does; all papers' own keys must be there."""
        sql = (
            "SELECT paper, number, keys FROM record WHERE paper IN (SELECT DISTINCT paper FROM record "
            "WHERE paper > ? AND instr(body, ?) ORDER BY paper LIMIT ?) ORDER BY paper"
        )
        last = ""
        while rows := list(self.file.rows(sql, (last, b'"references":', _BATCH))):
            last = rows[-1][0]
            merged = list(self._merged([
                Group(paper, (), tuple(Member(number, tuple(orjson.loads(keys))) for _, number, keys in records))
                for paper, records in groupby(rows, itemgetter(0))
            ]))  # fmt: skip
            resolve = self._prepared(read for _, read in merged)
            stubs: set[tuple[str, str]] = set()
            for group, read in merged:
                for reference, keys in zip(read.paper.references, read.reference_keys, strict=True):
                    if not keys or not group.keys.isdisjoint(keys):
                        continue
                    found = resolve(reference, keys)
                    if found is None or (found.paper == group.paper and found.by_likeness):
                        stubs.update((key, best_key(keys)) for key in keys)
            self._register_stubs(stubs)

    # --- tallies -------------------------------------------------------------------------------------------

    def _load_tallies(self, ids: Iterable[str]) -> None:
        wanted = {node_id for node_id in ids if node_id not in self._tallies}
        for node_id in wanted:
            self._tallies[node_id] = {}
        known = [node_id for node_id in wanted if self.store.held(node_id) is not None]
        for node_id, body in self.file.rows_in("SELECT id, body FROM tally WHERE id IN ({})", known):
            self._tallies[node_id] = orjson.loads(body)

    def _save_tallies(self) -> None:
        """Write and forget the tallies of a batch; those that shrank are kept for the sweep."""
        self.file.write(
            "INSERT OR REPLACE INTO tally VALUES (?, ?)",
            ((node_id, orjson.dumps(tally)) for node_id, tally in self._tallies.items() if tally),
        )
        self._tallies = {node_id: self._tallies[node_id] for node_id in self._shrunk}

    def sweep(self) -> None:
        """Drop shared nodes and facts that nobody claims any more; name the others by the claims that are left."""
        store, gone = self.store, []
        for source, claim in self._withdrawn:
            if claim not in self._tallies[source]:
                store.drop_edge(source, *tallies.led_to(claim))
        self._withdrawn.clear()
        for node_id in sorted(self._shrunk):
            tally = self._tallies[node_id]
            held = store.held(node_id)
            is_own = held is not None and held["labels"] == "Paper" and not held.get("stub")
            if not tally:
                gone.append((node_id,))
                if not is_own:
                    store.drop_node(node_id)
            elif held is not None and not is_own:
                label = held["labels"]
                store.put_node(Node(node_id, label, tallies.fold(tally, _LISTS[label])))
        self.file.write("DELETE FROM tally WHERE id = ?", gone)
        self.file.write("DELETE FROM identity WHERE paper = ? AND stub = 1", gone)
        self._save_tallies()
        self._shrunk.clear()
