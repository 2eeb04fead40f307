"""OpenCitations: which identified works a work cites, and which cite it; nothing else of them.

https://api.opencitations.net/index/v2
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote, unquote

from ....graph.partition import keys_of
from ....graph.records import Paper, Reference
from ...reading.catalogue import Names, objects, year_in
from ...reading.fields import FieldError
from ..http import Reply
from ..matching import identifiers_of
from ..policy import Policy
from ..wanted import Answer, Ask, Wanted
from .common import Asked, Common, answer, citation, own_id

_KINDS = ("doi", "pmid", "pmcid", "openalex")


class OpenCitations(Common):
    """Asks OpenCitations."""

    name = "opencitations"
    format = "opencitations"
    policy = Policy(
        service="opencitations",
        base="https://api.opencitations.net/index/v2",
        interval=0.5,
        key_variables=("OPENCITATIONS_ACCESS_TOKEN",),
        key_header="Authorization",
        timeout=120.0,
    )

    def asks(self, papers: Sequence[Wanted], *, citing: bool = False) -> Iterator[Ask]:
        """Yield a request for each paper with a DOI or a number of PubMed, and one for what cites it."""
        for paper in papers:
            for known in _ids(paper)[:1]:
                yield Asked(f"references/{quote(known, safe=':/()')}", (paper,))
                if citing:
                    path = f"citations/{quote(known, safe=':/()')}"
                    yield Asked(path, (paper,), more=True, kind="citing")

    def read(self, ask: Ask, reply: Reply) -> Iterator[Answer | Ask]:
        """Read citations; that there are none, and that the work is not known, are one."""
        assert isinstance(ask, Asked)
        paper = ask.papers[0]
        try:
            entries = objects(self.parsed(reply), "the answer") if reply.found else []
        except FieldError as error:
            raise self.strange(error) from None
        if ask.kind == "citing":
            cited = citation(*unquote(ask.path.partition("/")[2]).split(":", 1))
            for one in entries:
                names = named(one.get("citing"))
                year = year_in(one.get("creation"))
                work = Paper(title="", **names.own, year=year, references=(cited,), also=names.also)
                if names and not identifiers_of(paper) & set(keys_of(work)):
                    yield Answer(paper.id, work, more=True)
            return
        references = _references(one.get("cited") for one in entries)
        yield answer(paper, lambda: _record(paper, references) if references else None)


def _ids(paper: Wanted) -> list[str]:
    found = [f"doi:{doi}" for doi in own_id(paper, "doi")]
    found += [f"doi:10.48550/arxiv.{arxiv_id}" for arxiv_id in own_id(paper, "arxiv")]
    return found + [f"pmid:{number}" for number in own_id(paper, "pmid")]


def named(value: Any) -> Names:
    """Return the identifiers of a work, which stand in one text: ``omid:br/06 doi:10.1/x pmid:1``.

    Examples
    --------
    >>> named("omid:br/061701 doi:10.1145/3292500.3330701 pmid:29456894").own
    {'doi': '10.1145/3292500.3330701'}
    """
    names = Names()
    for part in value.split()[:50] if isinstance(value, str) else ():
        kind, _, given = part.strip(";,").partition(":")
        if kind in _KINDS:
            names.add(kind, given)
        elif part.startswith("10."):
            names.add("doi", part)
    return names


def _references(cited: Iterator[Any]) -> tuple[Reference, ...]:
    found: dict[tuple[str, ...], Reference] = {}
    for value in cited:
        if names := named(value):
            reference = Reference(**names.own, also=names.also)
            found.setdefault(keys_of(reference), reference)
    return tuple(found.values())


def _record(paper: Wanted, references: tuple[Reference, ...]) -> Paper:
    names = Names(doi=paper.doi, arxiv=paper.arxiv_id)
    for known in _ids(paper):
        names.add(*known.split(":", 1))
    return Paper(title="", **names.own, also=names.also, references=references)
