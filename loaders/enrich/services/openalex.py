"""OpenAlex: works asked for one by one, which costs nothing; searches and lists cost a part of a cent each.

Asked for singly, a preprint that was merged into what it was published as is found by its own identifier, too; lists
do not find it. https://developers.openalex.org (prices, keys: ``api-reference/authentication``)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

from ....graph import identity
from ....graph.records import Paper
from ...formats import openalex
from ...reading.catalogue import mapping, objects
from ...reading.fields import FieldError
from ..http import Reply
from ..policy import Policy
from ..wanted import Answer, Ask, Wanted
from .common import SHOWN, Asked, Common, answer, chosen, citation, citing, own_id, words

_PAGE, _PAGES = 100, 20


class OpenAlex(Common):
    """Asks OpenAlex."""

    name = "openalex"
    format = openalex.OpenAlex.name
    policy = Policy(
        service="openalex",
        base="https://api.openalex.org",
        interval=0.1,
        connections=2,
        key_variables=("OPENALEX_API_KEY",),
        key_parameter="api_key",
        busy=(403,),
        largest=32 << 20,
    )

    def asks(self, papers: Sequence[Wanted], *, citing: bool = False) -> Iterator[Ask]:
        """Yield a request a paper: first for those with an identifier, which are free."""
        for paper in papers:
            if _ids(paper):
                yield _by_id(paper, 0, citing)
        for paper in papers:
            sought = words(paper.title)
            if sought and not _ids(paper):
                parameters = {"filter": f"title.search:{sought}", "per_page": str(SHOWN)}
                yield Asked("works", (paper,), parameters, kind="title", citing=citing)

    def read(self, ask: Ask, reply: Reply) -> Iterator[Answer | Ask]:
        """Read a work, the works found for a title, or a page of those that cite one."""
        assert isinstance(ask, Asked)
        paper = ask.papers[0]
        if not reply.found:
            if ask.kind == "id" and ask.tried + 1 < len(_ids(paper)):
                yield _by_id(paper, ask.tried + 1, ask.citing)
            elif not ask.more:
                yield Answer(paper.id, None)
            return
        try:
            given = mapping(self.parsed(reply), "the answer")
            if ask.kind == "citing":
                yield from _page(ask, given)
                return
            if ask.kind == "title":
                works = objects(given.get("results"), "results")
                said = chosen(paper, [partial(openalex.paper_of, work, 1) for work in works])
            else:
                said = answer(paper, partial(openalex.paper_of, given, 1))
        except FieldError as error:
            raise self.strange(error) from None
        yield said
        if ask.citing and said.record is not None and said.record.openalex_id:
            yield _citing(paper, said.record.openalex_id, "*", 0)


def _ids(paper: Wanted) -> list[str]:
    """Return what a paper can be asked for by, the best first."""
    found = own_id(paper, "openalex")
    found += [
        f"doi:{doi}" for doi in own_id(paper, "doi") if "," not in doi and "&" not in doi
    ]  # answered with 403
    found += [f"doi:10.48550/arXiv.{arxiv_id}" for arxiv_id in own_id(paper, "arxiv")]
    found += [f"pmid:{number}" for number in own_id(paper, "pmid")]
    return found


def _by_id(paper: Wanted, tried: int, citing: bool) -> Asked:
    return Asked(f"works/{quote(_ids(paper)[tried], safe=':/()')}", (paper,), tried=tried, citing=citing)


def _citing(paper: Wanted, work: str, cursor: str, page: int) -> Asked:
    parameters = {"filter": f"cites:{work}", "per_page": str(_PAGE), "cursor": cursor}
    return Asked("works", (paper,), parameters, more=True, kind="citing", tried=page)


def _page(ask: Asked, given: dict[str, Any]) -> Iterator[Answer | Ask]:
    paper = ask.papers[0]
    works = objects(given.get("results"), "results")
    cited = identity.openalex_id((ask.parameters or {})["filter"].removeprefix("cites:")) or ""
    for number, work in enumerate(works, 1):
        found: Paper | None
        try:
            found = openalex.paper_of(work, number)
        except FieldError:
            continue  # one of many, and not what was asked for
        yield Answer(paper.id, citing(found, citation("openalex", cited)), more=True)
    cursor = mapping(given.get("meta"), "meta").get("next_cursor")
    if isinstance(cursor, str) and len(works) == _PAGE and ask.tried + 1 < _PAGES and cited:
        yield _citing(paper, cited, cursor, ask.tried + 1)
