"""Text for the eye: harmless characters, sentences around quotations, names that fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citegraph.viz.text import clean, sentence_around, short_name, utf16_offset

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=200)


@given(ANY_TEXT)
def test_cleaning_keeps_every_offset_and_leaves_what_utf8_can_hold(text):
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    cleaned.encode("utf-8")
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize("bad", ["\x00", "\x1b", "\ud800", "\udfff", "\u202e", "\u2066", "\uffff"])
def test_what_could_harm_a_page_is_replaced(bad):
    assert bad not in clean(f"a{bad}b")


@pytest.mark.parametrize("good", ["é", "中", "\u200f", "\n", "\t", "𝔸", "<", "'"])
def test_what_is_only_unusual_stays(good):
    assert clean(good) == good


TEXT = (
    "We study LLMs, e.g. GPT-4. Our method (Sec. 3) beats J. Doe et al. by 3.1 points. It runs on one A100!"
)


@pytest.mark.parametrize(
    ("quoted", "sentence"),
    [
        ("GPT-4", "We study LLMs, e.g. GPT-4."),
        ("method", "Our method (Sec. 3) beats J. Doe et al. by 3.1 points."),
        ("A100", "It runs on one A100!"),
        ("points. It", "Our method (Sec. 3) beats J. Doe et al. by 3.1 points. It runs on one A100!"),
    ],
)
def test_a_quotation_is_shown_in_its_whole_sentence(quoted, sentence):
    start = TEXT.index(quoted)
    begin, stop = sentence_around(TEXT, start, start + len(quoted))
    assert TEXT[begin:stop] == sentence


@given(ANY_TEXT, st.data())
def test_the_context_always_holds_the_quotation(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    begin, stop = sentence_around(text, start, end)
    assert 0 <= begin <= start <= end <= stop <= len(text)


def test_an_endless_sentence_is_cut_around_the_quotation_at_words():
    text = "word " * 500 + "LoRA " + "word " * 500
    start = text.index("LoRA")
    begin, stop = sentence_around(text, start, start + 4)
    assert stop - begin < 520
    assert text[begin:stop].split() == ["word"] * text[begin:start].count("word") + ["LoRA"] + [
        "word"
    ] * text[start:stop].count("word")


@given(st.text(max_size=60), st.data())
def test_offsets_count_as_javascript_counts(text, data):
    offset = data.draw(st.integers(0, len(text)))
    assert utf16_offset(text, offset) == len(text[:offset].encode("utf-16-le", "surrogatepass")) // 2


@given(ANY_TEXT, st.sampled_from(["Paper", "Model"]))
def test_a_short_name_fits_in_one_line(name, label):
    short = short_name(name, label)
    assert len(short) <= 31
    assert "\n" not in short


def test_only_papers_are_called_by_what_stands_before_the_colon():
    assert short_name("QLoRA: Efficient Finetuning", "Paper") == "QLoRA"
    assert short_name("WMT14: En-De", "Benchmark") == "WMT14: En-De"
