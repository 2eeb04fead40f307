"""Crossref: works asked for by DOI, many at a time, with their reference lists; by title where no DOI is known.

Who gives an address of e-mail gets quicker answers ("polite"); how often one may ask is told in headers.
https://www.crossref.org/documentation/retrieve-metadata/rest-api/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

from ....graph import identity
from ....graph.records import Paper
from ...formats import crossref
from ...reading.catalogue import mapping, objects
from ...reading.fields import FieldError
from ...reading.json_pages import Record
from ..http import Reply
from ..policy import Policy
from ..wanted import Answer, Ask, Wanted
from .common import SHOWN, Asked, Common, answer, batches, chosen, own_id, words

_TOGETHER = 40  # what an address may safely be long


class Crossref(Common):
    """Asks Crossref."""

    name = "crossref"
    format = crossref.Crossref.name
    policy = Policy(
        service="crossref",
        base="https://api.crossref.org",
        interval=1.0,
        interval_with_key=0.34,
        key_variables=("CROSSREF_MAILTO",),
        key_parameter="mailto",
        timeout=60.0,
    )

    def asks(self, papers: Sequence[Wanted], *, citing: bool = False) -> Iterator[Ask]:
        """Yield requests for forty DOIs each, and one for each title; who cites a work is not told."""
        together = [paper for paper in papers if (dois := own_id(paper, "doi")) and "," not in dois[0]]
        for batch in batches(together, _TOGETHER):
            wanted = ",".join(f"doi:{own_id(paper, 'doi')[0]}" for paper in batch)
            yield Asked("works", batch, {"filter": wanted, "rows": str(len(batch))})
        for paper in papers:
            dois, sought = own_id(paper, "doi"), words(paper.title)
            if dois and "," in dois[0]:  # what separates the DOIs of a filter
                yield _single(paper, 0)
            elif sought and not dois:
                query = " ".join((sought, *sorted(paper.surnames)[:1]))
                yield Asked(
                    "works", (paper,), {"query.bibliographic": query, "rows": str(SHOWN)}, kind="title"
                )

    def read(self, ask: Ask, reply: Reply) -> Iterator[Answer | Ask]:
        """Read a work or a list of works."""
        assert isinstance(ask, Asked)
        try:
            page = mapping(self.parsed(reply), "the answer") if reply.found else {}
            message = mapping(page.get("message"), "message")
            if ask.path != "works":
                yield from _told(ask, {own_id(ask.papers[0], "doi")[ask.tried]: message} if message else {})
                return
            works = objects(message.get("items"), "message.items")
        except FieldError as error:
            raise self.strange(error) from None
        if ask.kind == "title":
            yield chosen(ask.papers[0], [partial(_paper_of, work) for work in works])
            return
        yield from _told(ask, {doi: work for work in works if (doi := identity.doi(str(work.get("DOI"))))})


def _single(paper: Wanted, tried: int) -> Asked:
    return Asked(f"works/{quote(own_id(paper, 'doi')[tried], safe='/()')}", (paper,), tried=tried)


def _told(ask: Asked, works: Mapping[str, dict[str, Any]]) -> Iterator[Answer | Ask]:
    """Yield an answer for each paper; ask on for one that has another DOI."""
    for paper in ask.papers:
        dois = own_id(paper, "doi")
        if work := works.get(dois[ask.tried]):
            yield answer(paper, partial(_paper_of, work))
        elif ask.tried + 1 < len(dois):
            yield _single(paper, ask.tried + 1)
        else:
            yield Answer(paper.id, None)


def _paper_of(work: dict[str, Any]) -> Paper:
    return next(crossref.papers_of(work, Record(1, work, {})))
