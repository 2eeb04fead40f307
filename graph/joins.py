"""Why records are one paper: the rules of :mod:`.partition`, told for the records of one paper.

The partition itself needs no reasons and keeps none; they are worked out again from the records when asked for.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import orjson

from .corrections import Corrections
from .local import LocalStore
from .partition import KINDS


@dataclass(frozen=True, slots=True)
class Join:
    """What made a record one paper with those before it.

    ``rule`` is ``arxiv``, ``doi``, ``openalex`` or ``s2`` for the same identifier, ``title`` for the same normal
    title, ``hand`` for a link; ``value`` is the identifier or title, or the two ends of the link.
    """

    rule: str
    value: str


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a paper: its source, title and identity keys, and what joined it; None for the first."""

    source: str
    title: str
    keys: tuple[str, ...]
    join: Join | None = None


def records_of(store: LocalStore, paper: str) -> list[Record]:
    """Return the records that are one paper, the first as it stands and each other with what joined it.

    Where several rules hold, one is told: an identifier before a person's word, and that before the title.
    """
    sql = "SELECT source, keys, body FROM record WHERE paper = ? ORDER BY number"
    file = store.kept([paper])
    found = [
        Record(source, orjson.loads(body).get("title", ""), tuple(orjson.loads(keys)))
        for source, keys, body in file.rows(sql, (paper,))
    ]
    found.sort(key=lambda record: paper not in record.keys)  # the record the paper is named by comes first
    joins = _joins([record.keys for record in found], Corrections.load(file).same_papers)
    return [
        Record(record.source, record.title, record.keys, join)
        for record, join in zip(found, joins, strict=True)
    ]


def joins_of(store: LocalStore) -> Iterator[list[Join | None]]:
    """Yield for each paper of several records what joined them, None for the first."""
    linked = Corrections.load(store.file).same_papers
    sql = (
        "SELECT paper, keys FROM record WHERE paper IN"
        " (SELECT paper FROM record GROUP BY paper HAVING count(*) > 1) ORDER BY paper, number"
    )
    for paper, rows in groupby(store.file.rows(sql), key=itemgetter(0)):
        keys = sorted((orjson.loads(keys) for _, keys in rows), key=lambda keys: paper not in keys)
        yield _joins(keys, linked)


def _joins(records: Sequence[Sequence[str]], linked: Iterable[tuple[str, str]]) -> list[Join | None]:
    """Return what joins each record to the first, by a tree of the rules that come first."""
    by_key: dict[str, list[int]] = {}
    for index, keys in enumerate(records):
        for key in keys:
            by_key.setdefault(key, []).append(index)
    exact: list[tuple[Join, list[int]]] = []
    titles: list[tuple[Join, list[int]]] = []
    for key in sorted(by_key, key=lambda key: (KINDS.index(key.partition(":")[0]), key)):
        kind, _, value = key.partition(":")
        (titles if kind == "title" else exact).append((Join(kind, value), by_key[key]))
    by_hand = [
        (Join("hand", f"{one} = {other}"), [*by_key[one], *by_key[other]])
        for one, other in sorted(linked)
        if one in by_key and other in by_key
    ]
    # What a person linked may share a title too, and yet be held for two papers by that rule.
    rules = [*exact, *by_hand, *titles]
    root = list(range(len(records)))

    def find(index: int) -> int:
        while root[index] != index:
            root[index] = root[root[index]]
            index = root[index]
        return index

    tree: dict[int, list[tuple[int, Join]]] = {}
    for join, (first, *others) in rules:
        for other in others:
            if find(first) != find(other):
                root[find(other)] = find(first)
                tree.setdefault(first, []).append((other, join))
                tree.setdefault(other, []).append((first, join))
    joins: list[Join | None] = [None] * len(records)
    reached = {0}
    waiting = deque([0])
    while waiting:
        for other, join in tree.get(waiting.popleft(), ()):
            if other not in reached:
                reached.add(other)
                joins[other] = join
                waiting.append(other)
    return joins
