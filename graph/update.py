"""Adding and removing sources: from records to a changed graph, touching only what the change touches.

An update gathers the records that come and go (:meth:`Update.add`, :meth:`Update.remove`), then
:meth:`Update.apply` works out which papers they are, takes the old part of every changed paper out of the graph
and puts the new one in. What a paper's part is depends on its records alone, so the graph is a function of the
set of records: the order in which they came leaves no trace.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import orjson

from .assemble import source_id
from .codec import dump_paper
from .coinages import Coinages, Finder
from .collecting import not_collecting
from .correcting import erase, link, unlink
from .corrections import Correction, Corrections
from .local import LocalStore
from .partition import Member, best_key, keys_of, partition, surnames_of
from .parts import Extract, Group, Parts, Progress
from .records import Coinage, Node, Paper
from .resolution import cited_by_likeness
from .schema import CURATED


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What the graph remembers of an input."""

    uri: str
    sha256: str
    format: str
    loaded_at: str


@dataclass(slots=True)
class Changes:
    """What an update did to the papers.

    ``merged`` lists the papers made of several records, each with its id and the titles of its records.
    """

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    merged: list[tuple[str, list[str]]] = field(default_factory=list)


class Update:
    """One change of the graph, to be used inside ``store.writing()``."""

    def __init__(self, store: LocalStore, progress: Progress = lambda stage, done, total: None) -> None:
        self.store = store
        self.file = store.file
        self._parts = Parts(store, progress)
        self.changes = Changes()
        self._new: list[Member] = []
        self._touched: set[str] = set()
        self._again: set[str] = set()
        self._surnames: dict[str, set[str]] = {}  # of the papers touched, before the change
        self._coinages = Coinages(self.file)
        self._unchanged = 0
        self._gone_source: str | None = None

    # --- gathering -----------------------------------------------------------------------------------------

    def add(
        self,
        source: SourceInfo,
        papers: Iterable[Paper],
        is_whole: Callable[[], bool] = lambda: True,
        replaced: Collection[bytes] | None = None,
    ) -> int:
        """Gather a source's records; records of the same uri that are no longer there go.

        ``is_whole`` is asked at the end: records are only given up for a source that was read without damage. With
        ``replaced`` only records of those digests go, and the others of the source stay.

        Returns
        -------
        int
            How many records the source holds.
        """
        held = Counter[bytes]()
        numbers: dict[bytes, list[int]] = {}
        if replaced is not None:
            papers = list(papers)
        for number, digest in self._held(source.uri, papers if replaced is not None else None):
            held[digest] += 1
            numbers.setdefault(digest, []).append(number)
        count = 0
        for paper in papers:
            count += 1
            body = dump_paper(paper)
            digest = hashlib.blake2b(body, digest_size=16).digest()
            if held[digest] > 0:
                held[digest] -= 1
                numbers[digest].pop()
                self._unchanged += 1
                continue
            keys = keys_of(paper)
            year = paper.year or (int(paper.date[:4]) if paper.date else None)
            surnames = surnames_of(paper)
            # Which paper it is shows later. A row that keeps its length then is changed in place, not written anew.
            room = " " * len(best_key(keys).encode()) if keys else ""
            number = self.file.run(
                "INSERT INTO record (source, digest, paper, keys, year, surnames, body)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (source.uri, digest, room, orjson.dumps(keys), year, " ".join(sorted(surnames)), body),
            )
            self._new.append(Member(number, keys, year, surnames))
        if not count:
            return 0
        if is_whole():
            self._drop_records(
                [
                    number
                    for digest, left in numbers.items()
                    if replaced is None or digest in replaced
                    for number in left
                ]
            )
        self.file.run(
            "INSERT OR REPLACE INTO source VALUES (?, ?, ?, ?)",
            (source.uri, source.sha256, source.format, source.loaded_at),
        )
        properties = {
            "name": source.uri.rpartition("/")[2] or source.uri,
            "uri": source.uri,
            "sha256": source.sha256,
            "format": source.format,
            "loaded_at": source.loaded_at,
        }
        self.store.put_node(Node(source_id(source.uri), "Source", properties))
        return count

    def _held(self, uri: str, papers: Iterable[Paper] | None) -> Iterator[tuple[int, bytes]]:
        """Iterate over number and digest of the records a source has; with ``papers``, those like them."""
        if papers is None:
            yield from self.file.rows("SELECT number, digest FROM record WHERE source = ?", (uri,))
            return
        keys = sorted({key for paper in papers for key in keys_of(paper)})
        sql = "SELECT paper FROM identity WHERE stub = 0 AND key IN ({})"
        led_to = {paper for (paper,) in self.file.rows_in(sql, keys)}
        sql = "SELECT number, digest, source FROM record WHERE paper IN ({})"
        for number, digest, source in self.file.rows_in(sql, sorted(led_to)):
            if source == uri:
                yield number, digest

    def remove(self, uri: str) -> None:
        """Gather the removal of a source: everything that it alone asserted goes."""
        self._drop_records(
            [n for (n,) in self.file.rows("SELECT number FROM record WHERE source = ?", (uri,))]
        )
        self.file.run("DELETE FROM source WHERE uri = ?", (uri,))
        self._gone_source = uri

    def _drop_records(self, numbers: Sequence[int]) -> None:
        sql = "SELECT paper, surnames FROM record WHERE number IN ({})"
        for paper, surnames in self.file.rows_in(sql, numbers):
            self._touched.add(paper)
            self._surnames.setdefault(paper, set()).update(surnames.split())
        self.file.write("DELETE FROM record WHERE number = ?", ((number,) for number in numbers))

    def read_all_again(self) -> bool:
        """Gather that every paper is to be read anew: what extracts knows more than it did; tell if there is any."""
        self.read_again(paper for (paper,) in self.file.rows("SELECT DISTINCT paper FROM record"))
        return bool(self._touched)

    def read_again(self, papers: Iterable[str]) -> None:
        """Gather that papers are to be read anew, and their records merged anew."""
        self._touched.update(papers)

    def link(self, subject: str, target: str) -> Correction:
        """Gather that two nodes are one; see :func:`.correcting.link`."""
        return self._correct(lambda: link(self.store, subject, target), subject, target)

    def unlink(self, subject: str, other: str) -> Correction:
        """Gather that a name does not mean a node, or the taking back of a link; see :func:`.correcting.unlink`."""
        return self._correct(lambda: unlink(self.store, subject, other), subject, other)

    def take_back(self, correction: Correction) -> Correction:
        """Gather the taking back of a correction."""

        def change() -> Correction:
            erase(self.file, correction)
            return correction

        return self._correct(change)

    def _correct(self, change: Callable[[], Correction], *node_ids: str) -> Correction:
        """Gather the papers that speak of nodes whose names are about to mean something else."""
        before = self._parts.corrections
        made = change()
        self._parts.corrections = after = Corrections.load(self.file)
        named = {*made.nodes, *node_ids}
        named |= {corrections.target(node_id) for corrections in (before, after) for node_id in named}
        graph = self.store.graph
        for node_id in named & set(graph):
            if graph.nodes[node_id]["labels"] == "Paper" and not graph.nodes[node_id].get("stub"):
                self._touched.add(node_id)
            self._again.update(self._papers_that_bring(node_id))
        if made.on_papers:
            self._touched.update(
                paper
                for (paper,) in self.file.rows_in(
                    "SELECT paper FROM identity WHERE stub = 0 AND key IN ({})", made.nodes
                )
            )
        return made

    def _papers_that_bring(self, node_id: str) -> Iterator[str]:
        """Yield the papers that name a node, or something from which curated facts lead to it."""
        graph = self.store.graph
        waiting, seen = [node_id], {node_id}
        while waiting:
            for source, _, edge_type in graph.in_edges(waiting.pop(), keys=True):
                if graph.nodes[source]["labels"] == "Paper":
                    yield source
                elif edge_type in CURATED and source not in seen:
                    seen.add(source)
                    waiting.append(source)

    # --- applying ------------------------------------------------------------------------------------------

    @not_collecting()
    def apply(self, extract: Extract) -> Changes:
        """Bring the graph up to date with the records gathered."""
        before, groups = self._regroup()
        changed = [
            group
            for group in groups
            if group.paper in self._touched or before.get(group.paper) != {m.record for m in group.members}
        ]
        staying = {group.paper for group in changed}
        unchanged = {group.paper for group in groups} - staying
        retracted = [paper for paper in before if paper not in unchanged]
        self._count(before, changed, retracted)
        again = self._citers_to_revisit(retracted, changed) | self._again
        again -= staying | set(retracted)
        self._coinages.forget(retracted)
        self._parts.retract(retracted, staying)
        self._register(changed)
        self._parts.put(changed, extract, self._coinages)
        self._read_again(again, staying, extract)
        self._parts.sweep()
        if self._gone_source is not None:
            self.store.drop_node(source_id(self._gone_source))
        return self.changes

    def _read_again(self, papers: set[str], read: set[str], extract: Extract) -> None:
        """Read again ``papers``, and those in which a name stands that has come to mean something by others.

        ``read`` are the papers just read by themselves, without the names that others coined.
        """
        meanings = self._coinages.meanings()
        finder, changed = Finder(meanings), self._coinages.changed()
        fresh = Finder({surface: meanings.get(surface, _GONE) for surface in changed})
        texts = {
            paper: (str(attributes.get("title", "")), str(attributes.get("abstract", "")))
            for paper, attributes in self.store.graph.nodes.items()
            if attributes["labels"] == "Paper" and not attributes.get("stub")
        }
        found = {
            paper: {coinage.surface for coinage in hits}
            for paper, text in texts.items()
            if (hits := (finder if paper in read else fresh).find(*text))
        }
        own = self._coinages.of(sorted(found.keys() | papers))
        papers = papers | {paper for paper, names in found.items() if names - own.get(paper, set())}

        def names(paper: str, title: str, abstract: str) -> tuple[Coinage, ...]:
            mine = own.get(paper, set())
            return tuple(name for name in finder.find(title, abstract) if name.surface not in mine)

        groups = self._groups_of(papers)
        self._parts.retract([group.paper for group in groups], papers)
        self._register(groups)
        self._parts.put_again(groups, extract, names)

    def _regroup(self) -> tuple[dict[str, set[int]], list[Group]]:
        """Partition anew all records that share a key, directly or through others, with a touched one."""
        members: dict[int, Member] = {member.record: member for member in self._new}
        before: dict[str, set[int]] = {}
        frontier = {key for member in self._new for key in member.keys}
        papers = set(self._touched)
        frontier |= {
            key
            for (key,) in self.file.rows_in(
                "SELECT key FROM identity WHERE stub = 0 AND paper IN ({})", papers
            )
        }
        linked: dict[str, list[str]] = {}
        for one, other in self._parts.corrections.same_papers:
            linked.setdefault(one, []).append(other)
            linked.setdefault(other, []).append(one)
        seen: set[str] = set()
        loaded: set[str] = set()
        while frontier or papers - loaded:
            papers |= {
                paper
                for (paper,) in self.file.rows_in(
                    "SELECT paper FROM identity WHERE stub = 0 AND key IN ({})", frontier - seen
                )
            }
            seen |= frontier
            frontier = set()
            fresh = papers - loaded
            loaded |= fresh
            for paper in fresh:
                before[paper] = set()
            for member, paper in self._members(fresh):
                before[paper].add(member.record)
                self._surnames.setdefault(paper, set()).update(member.surnames)
                members[member.record] = member
                frontier.update(key for key in member.keys if key not in seen)
            frontier.update(key for old in seen | frontier for key in linked.get(old, ()) if key not in seen)
        ordered = [members[number] for number in sorted(members)]
        corrections = self._parts.corrections
        return before, _name_groups(partition(ordered, corrections.same_papers, corrections.other_papers))

    def _members(self, papers: Iterable[str]) -> Iterator[tuple[Member, str]]:
        sql = "SELECT number, keys, year, surnames, paper FROM record WHERE paper IN ({})"
        for number, keys, year, surnames, paper in self.file.rows_in(sql, papers):
            yield Member(number, tuple(orjson.loads(keys)), year, frozenset(surnames.split())), paper

    def _groups_of(self, papers: Iterable[str]) -> list[Group]:
        """Return the present groups of papers whose records have not changed."""
        found: dict[str, list[Member]] = {}
        for member, paper in self._members(sorted(papers)):
            found.setdefault(paper, []).append(member)
        return [
            Group(paper, _former_ids(paper, members), tuple(members))
            for paper, members in sorted(found.items())
        ]

    def _count(self, before: dict[str, set[int]], changed: Sequence[Group], retracted: Sequence[str]) -> None:
        fresh = {member.record for member in self._new}
        old = {number for numbers in before.values() for number in numbers} - fresh
        for group in changed:
            if before.get(group.paper) == {member.record for member in group.members}:
                continue  # the same records, only read again
            if group.paper in before or any(member.record in old for member in group.members):
                self.changes.updated += 1
            else:
                self.changes.new += 1
            if len(group.members) > 1 and any(member.record in fresh for member in group.members):
                self.changes.merged.append((group.paper, self._titles(group)))
        self.changes.merged.sort()  # the order of records is each store's own
        staying = {group.paper for group in changed}
        survivors = {member.record for group in changed for member in group.members}
        self.changes.removed = sum(p not in staying and not before[p] & survivors for p in retracted)
        self.changes.unchanged = self._unchanged

    def _titles(self, group: Group) -> list[str]:
        sql = "SELECT body FROM record WHERE number IN ({}) ORDER BY source, digest"
        rows = self.file.rows_in(sql, [member.record for member in group.members])
        return [orjson.loads(body).get("title") or "without a title" for (body,) in rows]

    def _citers_to_revisit(self, retracted: Sequence[str], changed: Sequence[Group]) -> set[str]:
        """Return the papers whose references may mean another node now."""
        now = {row for group in changed for row in _identity_rows(group)}
        sql = "SELECT key, paper, year FROM identity WHERE stub < 2 AND paper IN ({})"
        held = set(self.file.rows_in(sql, retracted))
        renamed = {
            group.paper
            for group in changed
            if group.paper in self._surnames
            and self._surnames[group.paper] != {name for m in group.members for name in m.surnames}
        }
        keys = {key for key, _, _ in now ^ held} | {key for key, paper, _ in now if paper in renamed}
        moved = {paper for _, paper, _ in now ^ held} | renamed
        titles = {key for key, paper, _ in now | held if paper in moved and key.startswith("title:")}
        cited = {
            paper for (paper,) in self.file.rows_in("SELECT paper FROM identity WHERE key IN ({})", keys)
        }
        cited.update(cited_by_likeness(self.file, titles))
        graph = self.store.graph
        return {
            citer
            for node in cited
            for citer, _, edge_type in graph.in_edges(node, keys=True)
            if edge_type == "CITES"
        }

    def _register(self, groups: Sequence[Group]) -> None:
        """Write down which record and which key now belongs to which paper."""
        self.file.write(
            "UPDATE record SET paper = ? WHERE number = ?",
            ((group.paper, member.record) for group in groups for member in group.members),
        )
        self.file.write(
            "INSERT OR REPLACE INTO identity VALUES (?, ?, 0, ?)",
            (row for group in groups for row in _identity_rows(group)),
        )


_GONE = Coinage("", "", "", "")
"""Stands for a name that nobody coins any more, where only its places matter."""


def _identity_rows(group: Group) -> set[tuple[str, str, int | None]]:
    """Return the keys that lead to a paper, with its earliest year."""
    year = min((member.year for member in group.members if member.year is not None), default=None)
    return {(key, group.paper, year) for key in group.keys}


def _former_ids(paper: str, members: Iterable[Member]) -> tuple[str, ...]:
    """Return the ids the paper would have had by each of its records alone."""
    return tuple(sorted({best_key(member.keys) for member in members if member.keys} - {paper}))


def _name_groups(groups: Sequence[Sequence[Member]]) -> list[Group]:
    """Give every paper its id; papers known by one title only are told apart by first author and year."""
    ids = [best_key(key for member in group for key in member.keys) for group in groups]
    shared = Counter(ids)
    named: list[Group] = []
    taken: Counter[str] = Counter()
    for paper, group in zip(ids, groups, strict=True):
        unique = paper
        if shared[paper] > 1:
            names = sorted({name for member in group for name in member.surnames})
            years = sorted({member.year for member in group if member.year is not None})
            told_apart = f"{paper}#{'-'.join([*names[:1], *map(str, years[:1])])}"
            taken[told_apart] += 1
            unique = told_apart if taken[told_apart] == 1 else f"{told_apart}~{taken[told_apart]}"
        named.append(Group(unique, _former_ids(unique, group), tuple(group)))
    return named
