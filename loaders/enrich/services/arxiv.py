"""arXiv: a hundred papers a request, a request every three seconds, one connection of the whole machine.

https://info.arxiv.org/help/api/tou.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from ....graph.records import Paper
from ...formats.arxiv_atom import ArxivAtom
from ...refusal import Refusal
from ..body import Body
from ..errors import NoAnswerError
from ..http import Reply
from ..policy import Policy
from ..wanted import Answer, Ask, Wanted
from .common import SHOWN, Asked, Common, answer, batches, chosen, itself, own_id, words

_TOGETHER = 100
_ENTRY = re.compile(rb"<(?:\w+:)?entry[\s>]")
_END = re.compile(rb"</(?:\w+:)?feed>\s*\Z")
_LOADER = ArxivAtom()


def doubt(address: str, body: bytes) -> str | None:
    """Return what is wrong with a feed; arXiv sends empty ones for papers that it has.

    Examples
    --------
    >>> doubt("https://export.arxiv.org/api/query?id_list=1706.03762", b"<feed></feed>")
    'its page is empty, though papers were asked for by their identifiers'
    """
    if not _END.search(body):
        return "its page is cut off"
    if "id_list=" in address and not _ENTRY.search(body):
        return "its page is empty, though papers were asked for by their identifiers"
    return None


class Arxiv(Common):
    """Asks arXiv."""

    name = "arxiv"
    format = ArxivAtom.name
    policy = Policy(
        service="arxiv",
        base="https://export.arxiv.org/api",
        interval=3.0,
        alone=True,
        timeout=60.0,
        hosts=("arxiv.org", "export.arxiv.org"),
        doubt=doubt,
    )

    def asks(self, papers: Sequence[Wanted], *, citing: bool = False) -> Iterator[Ask]:
        """Yield requests for a hundred papers each, and one for each title; who cites a paper is not told."""
        for batch in batches([paper for paper in papers if own_id(paper, "arxiv")], _TOGETHER):
            ids = ",".join(own_id(paper, "arxiv")[0] for paper in batch)
            yield Asked("query", batch, {"id_list": ids, "max_results": str(len(batch))})
        for paper in papers:
            sought = words(paper.title)
            if sought and not own_id(paper, "arxiv"):
                parameters = {"search_query": f'ti:"{sought}"', "max_results": str(SHOWN)}
                yield Asked("query", (paper,), parameters, kind="title")

    def read(self, ask: Ask, reply: Reply) -> Iterator[Answer | Ask]:
        """Read a feed; its entries come in an order of their own."""
        assert isinstance(ask, Asked)
        found: dict[str, Paper] = {}
        refusals: list[Refusal] = []
        for item in _LOADER.read(Body(reply.body, _LOADER, ".xml")) if reply.found else ():
            if isinstance(item, Refusal):
                refusals.append(item)
            elif item.arxiv_id:
                found.setdefault(item.arxiv_id, item)
        if ask.kind == "title":
            yield chosen(ask.papers[0], [partial(itself, record) for record in found.values()])
            return
        if refusals and not found:
            raise NoAnswerError(self.name, f"{refusals[0].reason}.")
        for paper in ask.papers:
            record = found.get(own_id(paper, "arxiv")[0])
            if record is None and refusals:
                yield Answer(paper.id, None, refusals[0].reason, unanswered=True)
            else:
                yield answer(paper, partial(itself, record))
