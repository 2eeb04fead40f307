"""What sentences cite a work for: told where they say so, left open where they do not."""

from __future__ import annotations

import pytest
from effort import within
from hypothesis import given
from hypothesis import strategies as st
from intent_sentences import HELD_OUT, SENTENCES
from test_update import load

from citegraph.graph.intents import RULES, TERMS, intent, intents
from citegraph.graph.local import LocalStore
from citegraph.graph.records import Paper, Reference
from citegraph.queries.explain import explain


def judged(sentences: dict[str | None, list[str]]) -> list[tuple[str | None, str | None]]:
    """Return for every sentence what it says and what the rules make of it."""
    return [(term, intent(sentence)) for term, listed in sentences.items() for sentence in listed]


@pytest.mark.parametrize(
    ("sentence", "term"), [(text, term) for term, texts in SENTENCES.items() for text in texts]
)
def test_a_sentence_says_what_it_cites_a_work_for(sentence, term):
    assert intent(sentence) == term


def test_of_sentences_the_rules_were_not_made_for_nearly_all_that_is_told_is_right():
    told = [(right, found) for right, found in judged(HELD_OUT) if found is not None]
    assert sum(right == found for right, found in told) / len(told) >= 0.95
    assert len(told) / sum(term is not None for term, _ in judged(HELD_OUT)) >= 0.5


@pytest.mark.parametrize(
    "sentence",
    ["We do not use the optimizer of [3].", "Instead, the method of [7] could be used.", "", "[3]"],
)
def test_what_is_not_done_is_no_intent(sentence):
    assert intent(sentence) is None


def test_background_goes_where_something_more_telling_is_said_and_the_rest_is_put_in_order():
    contexts = [
        "Attention was first introduced in [1].",
        "We use the dataset of [1].",
        "Our work extends the framework of [1].",
    ]
    assert intents(contexts) == ("extends", "usesDataFrom")
    assert intents(contexts[:1]) == ("obtainsBackgroundFrom",)


def test_every_term_has_sentences_that_test_it():
    assert set(SENTENCES) == set(HELD_OUT) == {*TERMS, None}
    assert sum(map(len, SENTENCES.values())) >= 80


@given(st.lists(st.text(max_size=300), max_size=3))
def test_any_text_gives_known_terms_and_never_raises(contexts):
    assert set(intents(contexts)) <= set(TERMS)


def test_a_sentence_made_to_be_slow_is_not():
    with within(5):
        intent("we " * 40_000 + "trained on " * 40_000)


def test_an_edge_tells_whether_a_source_or_the_rules_say_what_it_is_for():
    store = LocalStore()
    told = Reference(
        title="The Work of Another", contexts=("We use the method of [1].",), intents=("critiques",)
    )
    open_ = Reference(title="The Data of Another", contexts=("We use the dataset of [2].",))
    mute = Reference(title="Something Else", contexts=("The second term [3].",))
    load(store, "papers", [Paper("A Paper", references=(told, open_, mute))])
    edges = {edge.target: edge.properties for edge in store.edges("CITES")}
    assert edges["title:theworkofanother"]["intents"] == ["critiques"]
    assert "intents_by" not in edges["title:theworkofanother"]
    assert edges["title:thedataofanother"]["intents"] == ["usesDataFrom"]
    assert edges["title:thedataofanother"]["intents_by"] == RULES
    assert "intents" not in edges["title:somethingelse"]


def test_explain_tells_what_a_work_is_cited_for_and_how_it_was_found():
    store = LocalStore()
    cited = Paper("The Data of Another", arxiv_id="2001.00001")
    reference = Reference(arxiv_id="2001.00001", contexts=("We use the dataset of [2].",))
    load(store, "papers", [cited, Paper("A Paper", references=(reference,))])
    (reason,) = explain(store, "A Paper", "arxiv:2001.00001").reasons
    assert (reason.found_by, reason.intents, reason.intents_by) == (("arxiv",), ("usesDataFrom",), RULES)
