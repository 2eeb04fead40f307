"""Semantic Scholar: papers asked for many at a time, with what they cite; titles one by one.

One answer is 10 MB and 9,999 citations at most, so that the 500 papers a request may name would be too many with
their references. https://api.semanticscholar.org/api-docs/graph
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote, unquote

from ....graph.records import Paper
from ...formats import semantic_scholar
from ...formats.semantic_scholar import citing_paper, paper_of
from ...reading.catalogue import mapping, objects
from ...reading.fields import FieldError
from ..http import Reply
from ..policy import Policy
from ..wanted import Answer, Ask, Wanted
from .common import Asked, Common, answer, batches, chosen, citation, own_id, words, wrong_page

_TOGETHER = 100
_PAGE, _PAGES = 1000, 9
_PAPER = (
    "corpusId,externalIds,url,title,abstract,venue,publicationVenue,year,publicationDate,journal,authors,"
    "fieldsOfStudy,s2FieldsOfStudy"
)
_REFERENCES = (
    ",references.corpusId,references.externalIds,references.title,references.year,references.authors"
)
_CITING = (
    "contexts,intents,isInfluential,corpusId,externalIds,title,abstract,venue,year,publicationDate,authors"
)
_PREFIXES = (
    ("arxiv", "ARXIV:"), ("doi", "DOI:"), ("acl", "ACL:"), ("pmid", "PMID:"), ("pmcid", "PMCID:"),
)  # fmt: skip


class SemanticScholar(Common):
    """Asks Semantic Scholar."""

    name = "semantic-scholar"
    format = semantic_scholar.SemanticScholar.name
    policy = Policy(
        service="semantic-scholar",
        base="https://api.semanticscholar.org/graph/v1",
        interval=1.0,
        key_variables=("S2_API_KEY", "SEMANTIC_SCHOLAR_API_KEY"),
        key_header="x-api-key",
        timeout=60.0,
    )

    def asks(self, papers: Sequence[Wanted], *, citing: bool = False) -> Iterator[Ask]:
        """Yield requests for a hundred papers each, and one for each title."""
        for batch in batches([paper for paper in papers if _id(paper)], _TOGETHER):
            ids = [_id(paper) for paper in batch]
            parameters = {"fields": _PAPER + _REFERENCES}
            yield Asked("paper/batch", batch, parameters, {"ids": ids}, citing=citing)
        for paper in papers:
            sought = words(paper.title)
            if sought and not _id(paper):
                parameters = {"query": sought, "fields": _PAPER + _REFERENCES}
                yield Asked("paper/search/match", (paper,), parameters, kind="title", citing=citing)

    def read(self, ask: Ask, reply: Reply) -> Iterator[Answer | Ask]:
        """Read a batch, whose entries are in the order asked for; works found for a title; a page of citations."""
        assert isinstance(ask, Asked)
        if not reply.found:
            if not ask.more:
                yield from (Answer(paper.id, None) for paper in ask.papers)
            return
        given = self.parsed(reply)
        try:
            if ask.kind == "citing":
                yield from _page(ask, mapping(given, "the answer"))
                return
            said = list(_said(ask, given))
        except FieldError as error:
            raise self.strange(error) from None
        for paper, one in zip(ask.papers, said, strict=True):
            yield one
            if ask.citing and one.record is not None and one.record.s2_id:
                yield _citing(paper, one.record.s2_id, 0)


def _said(ask: Asked, given: Any) -> Iterator[Answer]:
    if ask.kind == "title":
        found = objects(mapping(given, "the answer").get("data"), "data")
        yield chosen(ask.papers[0], [partial(paper_of, one) for one in found])
        return
    if not isinstance(given, list):
        raise wrong_page("the answer", given)
    if len(given) != len(ask.papers):
        raise FieldError(f"it has {len(given)} entries for {len(ask.papers)} papers")
    for paper, one in zip(ask.papers, given, strict=True):
        yield answer(paper, partial(_found, one))


def _found(one: Any) -> Paper | None:
    return None if one is None else paper_of(mapping(one, "the entry"))


def _id(paper: Wanted) -> str | None:
    for given in own_id(paper, "s2"):
        return given
    return next((f"{prefix}{value}" for kind, prefix in _PREFIXES for value in own_id(paper, kind)), None)


def _citing(paper: Wanted, s2_id: str, page: int) -> Asked:
    parameters = {"fields": _CITING, "limit": str(_PAGE), "offset": str(page * _PAGE)}
    path = f"paper/{quote(s2_id, safe=':')}/citations"
    return Asked(path, (paper,), parameters, more=True, kind="citing", tried=page)


def _page(ask: Asked, given: dict[str, Any]) -> Iterator[Answer | Ask]:
    paper = ask.papers[0]
    cited = citation("s2", unquote(ask.path.split("/")[1]))
    for number, entry in enumerate(objects(given.get("data"), "data"), 1):
        try:
            found = citing_paper(entry, cited, number)
        except FieldError:
            continue  # one of many, and not what was asked for
        if found is not None:
            yield Answer(paper.id, found, more=True)
    if given.get("next") and ask.tried + 1 < _PAGES:
        yield _citing(paper, ask.path.split("/")[1], ask.tried + 1)
