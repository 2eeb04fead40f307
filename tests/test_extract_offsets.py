"""Evidence is exact: every span quotes the stored text, whatever the text is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citegraph.loaders.extract import Extractor

_SAMPLES = (
    "We propose |LLaMA-2-7B|M$^3$ViT|\\textsc{TinyLoom}|Pok\\'eNet|GPT-4o| (TL)| on GSM8K|``quoted''|–|"
    "ﬁne-tuning|İstanbul|"
    "\u200b|$\\alpha$-Rank|\n\n|  |{|}|\\|12.5\\%|https://github.com/a/b).| called |NVIDIA A100|"
    "—outperforms |LoRA|. |ß|"
    "e\u0301|，|𝔸𝔹|LLaMA-V1/V2|8xH100|: |Mixture-of-Weavers (MoW)"
)
PIECES = _SAMPLES.split("|")
TEXT = st.one_of(st.text(max_size=120), st.lists(st.sampled_from(PIECES), max_size=25).map("".join))


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


@settings(max_examples=150, deadline=None)
@given(title=TEXT, abstract=TEXT)
def test_every_span_quotes_the_text_it_points_to(extractor: Extractor, title: str, abstract: str) -> None:
    texts = {"title": title, "abstract": abstract}
    found = extractor.extract(title, abstract)
    spans = [span for mention in found.mentions for span in mention.spans]
    spans += [claim.quote for claim in found.results] + list(found.repositories)
    for span in spans:
        assert span.text
        assert texts[span.field][span.start : span.end] == span.text
    assert all(mention.spans for mention in found.mentions)
    assert extractor.extract(title, abstract) == found


def test_latex_and_odd_blanks_stay_in_the_quotation(extractor: Extractor) -> None:
    abstract = "We propose \\textsc{Tiny\u00adLoom}, a framework that\n  prunes   LLaMA--2 on M$^3$Bench."
    spans = {s.text for m in extractor.extract("T", abstract).mentions for s in m.spans}
    assert {"Tiny\u00adLoom", "M$^3$Bench"} <= spans


def test_threads_may_share_an_extractor(extractor: Extractor) -> None:
    papers = [
        (f"Loom{n}: A Framework", f"We propose Loom{n}, a method for pruning LLaMA {n}B.") for n in range(40)
    ]
    alone = [extractor.extract(*paper) for paper in papers]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda paper: extractor.extract(*paper), papers)) == alone
