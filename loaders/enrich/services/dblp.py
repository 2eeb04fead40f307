"""DBLP: who wrote a paper and where it appeared; by its key where that is known, by title else.

https://dblp.org/faq/13501473.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from urllib.parse import quote

from ....graph.records import Paper
from ...formats.dblp import Dblp as Loader
from ...reading.catalogue import mapping
from ...reading.fields import FieldError
from ...refusal import Refusal
from ..body import Body
from ..errors import NoAnswerError
from ..http import Reply
from ..policy import Policy
from ..wanted import Answer, Ask, Wanted
from .common import SHOWN, Asked, Common, answer, chosen, itself, own_id, words

_LOADER = Loader()


class Dblp(Common):
    """Asks DBLP."""

    name = "dblp"
    format = Loader.name
    policy = Policy(
        service="dblp",
        base="https://dblp.org",
        interval=2.0,
        hosts=("dblp.uni-trier.de", "dblp.dagstuhl.de"),
    )

    def asks(self, papers: Sequence[Wanted], *, citing: bool = False) -> Iterator[Ask]:
        """Yield a request for each paper; who cites it is not told."""
        for paper in papers:
            sought = words(paper.title)
            if keys := own_id(paper, "dblp"):
                yield Asked(f"rec/{quote(keys[0], safe='/:')}.xml", (paper,))
            elif sought:
                parameters = {"q": sought, "format": "json", "h": str(2 * SHOWN)}
                yield Asked("search/publ/api", (paper,), parameters, kind="title")

    def read(self, ask: Ask, reply: Reply) -> Iterator[Answer | Ask]:
        """Read a record or the hits of a search."""
        assert isinstance(ask, Asked)
        paper = ask.papers[0]
        if not reply.found or (ask.kind == "title" and not self._hits(reply)):
            yield Answer(paper.id, None)
            return
        found: list[Paper] = []
        refusals: list[Refusal] = []
        for item in _LOADER.read(Body(reply.body, _LOADER, ".json" if ask.kind == "title" else ".xml")):
            if isinstance(item, Refusal):
                refusals.append(item)
            else:
                found.append(item)
        if refusals and not found:
            raise NoAnswerError(self.name, f"{refusals[0].reason}.")
        if ask.kind == "title":
            yield chosen(paper, [partial(itself, record) for record in found])
        else:
            yield answer(paper, partial(itself, next(iter(found), None)))

    def _hits(self, reply: Reply) -> bool:
        try:
            result = mapping(mapping(self.parsed(reply), "the answer").get("result"), "result")
            hits = mapping(result.get("hits"), "result.hits")
        except FieldError as error:
            raise self.strange(error) from None
        return str(hits.get("@total", "")) != "0"
