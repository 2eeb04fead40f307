"""The text layer: what rules read, and the way back to the characters that are stored."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citegraph.loaders.extract.text import Document


def sentences(abstract: str) -> list[str]:
    document = Document("T", abstract)
    bounds = [start for start in document.sentences if start >= document.split]
    return [
        document.view[a:b].strip() for a, b in zip(bounds, [*bounds[1:], len(document.view)], strict=True)
    ]


def quoted(abstract: str, seen: str) -> str:
    document = Document("T", abstract)
    start = document.view.index(seen)
    return document.span(start, start + len(seen), "test@1").text


@pytest.mark.parametrize(
    ("abstract", "count"),
    [
        ("We prune LLMs.Through tests it works.", 2),
        ("We prune an LLM.Through tests it works.", 2),
        ("We use Llama-3.1 here.", 1),
        ("We use GPT-4.Turbo is another.", 1),
        ("See Fig. 3 and cf. A. Smith et al. for more.", 1),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(abstract: str, count: int) -> None:
    assert len(sentences(abstract)) == count


@pytest.mark.parametrize(
    ("stored", "seen"),
    [
        (r"the \textsc{SparsePsi} method", "SparsePsi"),
        (r"the Sparse{\Psi} method", "SparsePsi"),
        ("the R$^2$-Net method", "R2-Net"),
        ("``quoted'' names", '"quoted"'),
        ("a\n  broken   line", "a broken line"),
        ("an e\ufb03cient way", "an efficient way"),
        (r"M\"obius", "Möbius"),
    ],
)
def test_rules_read_the_text_without_its_markup(stored: str, seen: str) -> None:
    assert seen in Document("T", stored).view


@pytest.mark.parametrize(
    ("stored", "seen", "quotation"),
    [
        (r"the Sparse{\Psi} method", "SparsePsi", r"Sparse{\Psi}"),
        ("an M$^3$ViT here", "M3", "M$^3$"),
        ("an R$^2$-Net here", "R2-Net", "R$^2$-Net"),
    ],
)
def test_a_quotation_closes_what_it_opens(stored: str, seen: str, quotation: str) -> None:
    assert quoted(stored, seen) == quotation


@given(st.text(alphabet=st.sampled_from("aB1 .,-${}^\\\n~'`\u00e9\ufb01\u2013"), max_size=60), st.data())
def test_every_place_of_the_view_leads_to_stored_characters(abstract: str, data: st.DataObject) -> None:
    document = Document("T", abstract)
    length = len(document.view) - document.split
    if not length:
        return
    start = document.split + data.draw(st.integers(0, length - 1))
    end = data.draw(st.integers(start + 1, len(document.view)))
    span = document.span(start, end, "test@1")
    assert span.text == abstract[span.start : span.end]
    assert span.text
