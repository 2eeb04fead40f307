"""Evidence is exact: every span quotes the stored text, whatever the text is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citegraph.loaders.extract import Extractor

PIECES = [
    "We propose ", "LLaMA-2-7B", "M$^3$ViT", "\\textsc{TinyLoom}", "Pok\\'eNet", "GPT-4o", " (TL)", " on GSM8K", "``quoted''",
    "–", "ﬁne-tuning", "İstanbul", "\u200b", "$\\alpha$-Rank", "\n\n", "  ", "{", "}", "\\", "12.5\\%", "https://github.com/a/b).",
    " called ", "NVIDIA A100", "—outperforms ", "LoRA", ". ", "ß", "e\u0301", "，", "𝔸𝔹",
]  # fmt: skip


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


TEXT = st.one_of(st.text(max_size=120), st.lists(st.sampled_from(PIECES), max_size=25).map("".join))


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
