"""Hugging Face: papers asked for one by one by their arXiv id, with the models, datasets and code that go with them.

https://huggingface.co/docs/hub/api, https://huggingface.co/docs/hub/rate-limits
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from ...formats import hf_paper
from ...reading.catalogue import mapping
from ...reading.fields import FieldError
from ..http import Reply
from ..policy import Policy
from ..wanted import Answer, Ask, Wanted
from .common import Asked, Common, answer, own_id


class HuggingFace(Common):
    """Asks Hugging Face."""

    name = "huggingface"
    format = hf_paper.HfPaper.name
    policy = Policy(
        service="huggingface",
        base="https://huggingface.co/api",
        interval=0.6,  # 500 in 5 minutes without a token
        interval_with_key=0.3,
        connections=2,
        key_variables=("HF_TOKEN",),
        key_header="Authorization",
        key_prefix="Bearer ",
    )

    def asks(self, papers: Sequence[Wanted], *, citing: bool = False) -> Iterator[Ask]:
        """Yield a request for each paper of arXiv; others it does not know, nor who cites them."""
        for paper in papers:
            for arxiv_id in own_id(paper, "arxiv")[:1]:
                yield Asked(f"papers/{arxiv_id}", (paper,))

    def read(self, ask: Ask, reply: Reply) -> Iterator[Answer | Ask]:
        """Read a paper."""
        paper = ask.papers[0]
        if not reply.found:
            yield Answer(paper.id, None)
            return
        try:
            given = mapping(self.parsed(reply), "the answer")
        except FieldError as error:
            raise self.strange(error) from None
        yield answer(paper, partial(hf_paper.paper_of, given, given, 1))
