"""Which records are of papers that a graph already holds or cites: what a dump of everything is asked for.

The answer is looked up in the graph file record by record, so that it takes no memory however large the dump is.
"""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from .partition import Member, keys_of, partition, surnames_of
from .records import Paper
from .sqlite import GraphFile

_TITLE = "title:"
_SHORTEST_TITLE = 12
"""Letters of a title that names a cited work by itself; there are thousands of works called "Introduction"."""


class Known:
    """The papers of a graph and the works they cite, as far as these have an identifier or a title.

    Parameters
    ----------
    file
        The graph file as it is before the update; what the update adds is told by :meth:`add`.
    """

    def __init__(self, file: GraphFile) -> None:
        self._file = file
        self._added: set[str] = set()

    def holds(self, paper: Paper) -> bool:
        """Tell whether a record is of a known paper: by an identifier, else by its title.

        A title alone must be long for a cited work; for a paper that is there, all must agree that makes two records
        one paper (see :mod:`.partition`).
        """
        keys = keys_of(paper)
        identifiers = [key for key in keys if not key.startswith(_TITLE)]
        if not self._added.isdisjoint(identifiers):
            return True
        rows = list(self._file.rows_in("SELECT key, paper, stub FROM identity WHERE key IN ({})", keys))
        if any(not key.startswith(_TITLE) for key, _, _ in rows):
            return True
        if any(stub and len(key) >= len(_TITLE) + _SHORTEST_TITLE for key, _, stub in rows):
            return True
        return self._is_one_of((held for _, held, stub in rows if not stub), paper, keys)

    def add(self, paper: Paper) -> None:
        """Know a record that was taken by its identifiers; later records may have but these in common with it."""
        self._added.update(key for key in keys_of(paper) if not key.startswith(_TITLE))

    def _is_one_of(self, papers: Iterable[str], paper: Paper, keys: tuple[str, ...]) -> bool:
        """Tell whether a record and those of papers with its title are one paper."""
        sql = "SELECT number, keys, year, surnames FROM record WHERE paper IN ({})"
        members = [
            Member(number, tuple(orjson.loads(held)), year, frozenset(surnames.split()))
            for number, held, year, surnames in self._file.rows_in(sql, set(papers))
        ]
        if not members:
            return False
        year = paper.year or (int(paper.date[:4]) if paper.date else None)
        candidate = Member(-1, keys, year, surnames_of(paper))
        return any(
            len(group) > 1 and any(member.record == -1 for member in group)
            for group in partition([candidate, *members])
        )
