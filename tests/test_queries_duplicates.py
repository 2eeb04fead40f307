"""Suggestions of what may be one thing; nothing is ever merged by likeness."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memory_store import MemoryStore

from citegraph.graph.errors import QueryError
from citegraph.queries.blocking import blocks, rare_pairs
from citegraph.queries.duplicates import duplicates
from citegraph.queries.likeness import abbreviates, spelled_alike
from citegraph.queries.names import version_marks


def named(label: str, prefix: str, *names: str) -> MemoryStore:
    graph = MemoryStore()
    for number, name in enumerate(names):
        graph.add(f"{prefix}:{number}", label, name)
    return graph


@pytest.mark.parametrize(
    ("label", "prefix", "one", "two"),
    [
        ("Model", "model", "LLaMA 2", "LLaMA 3"),
        ("Model", "model", "GPT-4", "GPT-4o"),
        ("Model", "model", "GLM-4", "GLM-4V"),
        ("Model", "model", "Qwen2.5-Math-Instruct", "Qwen2.5-Coder-Instruct"),
        ("Model", "model", "Stable Diffusion", "Stable Diffusion XL"),
        ("Method", "method", "LoRA", "QLoRA"),
        ("Method", "method", "QuIP", "QuIP#"),
        ("Method", "method", "data parallelism", "model parallelism"),
        ("Method", "method", "gradient ascent", "gradient descent"),
        ("Benchmark", "benchmark", "WikiText-2", "WikiText-103"),
        ("Benchmark", "benchmark", "AlpacaEval 2.0", "AlpacaEval"),
        ("Hardware", "hardware", "RTX 4080", "RTX 4090"),
        ("Paper", "title", "Scaling Laws for Models, Part I", "Scaling Laws for Models, Part II"),
        ("Paper", "title", "Technical Report of GLM-4", "Technical Report of GLM-5"),
    ],
)
def test_things_that_differ_in_number_or_variant_are_never_suggested(label, prefix, one, two):
    assert duplicates(named(label, prefix, one, two), threshold=0) == []


@pytest.mark.parametrize(
    ("label", "prefix", "one", "two", "reason"),
    [
        ("Method", "method", "FlashAttention", "Flash Attention", "same but for case"),
        ("Method", "method", "SmoothQuantization", "SmoothQuantizaton", "spelled 97% alike"),
        ("Benchmark", "benchmark", "GSM8K", "The GSM8K dataset", "what kind of thing"),
        ("Author", "author", "Ashish Vaswani", "Vaswani, Ashish", "same words"),
        ("Paper", "title", "QLoRA", "QLoRA: Efficient Finetuning of Quantized LLMs", "parted by a colon"),
        (
            "Paper",
            "title",
            "A Survey of Large Language Models",
            "A Survey on Large Language Models",
            "alike",
        ),
    ],
)
def test_two_spellings_of_one_thing_are_suggested_with_the_reason(label, prefix, one, two, reason):
    (suggestion,) = duplicates(named(label, prefix, one, two))
    assert suggestion.label == label and 85 <= suggestion.score <= 100
    assert reason in suggestion.reason


def test_a_misspelt_word_in_a_title_is_found_among_others():
    graph = named(
        "Paper",
        "title",
        "Efficient Streaming Language Models with Attention Sinks",
        "Efficient Streaming Languge Models with Attention Sinks",
        "Attention Sinks in Vision Transformers",
        "Efficient Language Models",
    )
    (suggestion,) = duplicates(graph)
    assert {suggestion.a.id, suggestion.b.id} == {"title:0", "title:1"}


def test_titles_that_differ_in_a_word_of_meaning_score_less_and_say_which():
    graph = named("Paper", "title", "Neural Networks for Better Video", "Neural Networks for Better Audio")
    (suggestion,) = duplicates(graph, threshold=70)
    assert suggestion.score < 85 and "but for video / audio" in suggestion.reason


def test_conflicting_identifiers_are_named_and_still_suggested():
    graph = MemoryStore()
    graph.add("arxiv:2401.00001", "Paper", "One Title of Some Length", arxiv_id="2401.00001")
    graph.add("arxiv:2402.00002", "Paper", "One title of some length", arxiv_id="2402.00002", doi="10.1/x")
    (suggestion,) = duplicates(graph)
    assert suggestion.score == 100 and suggestion.conflicts == ("arXiv ids 2401.00001 and 2402.00002",)


def test_shared_authors_speak_for_and_strangers_against():
    graph = named(
        "Paper", "title", "On the Making of Things", "On the making of things", "On the Making of Thing"
    )
    for author in ("ada", "bob"):
        graph.add(f"author:{author}", "Author", f"{author} surname")
    for paper, author in ((0, "ada"), (1, "ada"), (2, "bob")):
        graph.link(f"title:{paper}", "AUTHORED_BY", f"author:{author}", position=1)
    by_pair = {(s.a.id, s.b.id): s for s in duplicates(graph, "Paper", threshold=70)}
    assert "1 shared author" in by_pair["title:0", "title:1"].reason
    assert "no shared author" in by_pair["title:0", "title:2"].reason
    assert by_pair["title:0", "title:1"].score > by_pair["title:0", "title:2"].score


def test_a_paper_that_names_both_in_two_roles_speaks_against():
    graph = named("Method", "method", "Alternating Descent", "Alternating Descents")
    graph.add("title:p", "Paper", "p", abstract="Alternating Descent is not Alternating Descents")
    graph.add("title:q", "Paper", "q", abstract="Alternating Descent, Alternating Descents")
    for paper in ("title:p", "title:q"):
        graph.quote(paper, "PROPOSES", "method:0", "Alternating Descent")
        graph.quote(paper, "USES", "method:1", "Alternating Descents")
    assert duplicates(graph, "Method") == []
    (suggestion,) = duplicates(graph, "Method", threshold=70)
    assert suggestion.speaks_against == ("2 papers name both, and not in one role (−15)",)


def test_a_paper_that_names_both_in_one_role_may_write_one_thing_in_two_ways():
    graph = named("Method", "method", "Alternating Descent", "Alternating Descents")
    graph.add("title:p", "Paper", "p", abstract="Alternating Descent, Alternating Descents")
    graph.quote("title:p", "PROPOSES", "method:0", "Alternating Descent")
    graph.quote("title:p", "PROPOSES", "method:1", "Alternating Descents")
    (suggestion,) = duplicates(graph, "Method")
    assert "1 paper names both, in one role" in suggestion.speaks_for


def test_letters_that_fit_a_long_name_count_where_one_paper_has_both():
    graph = named("Method", "method", "LoRA", "Low-Rank Adaptation")
    assert duplicates(graph) == []
    graph.add("title:p", "Paper", "p", abstract="LoRA is Low-Rank Adaptation")
    graph.quote("title:p", "USES", "method:0", "LoRA")
    graph.quote("title:p", "USES", "method:1", "Low-Rank Adaptation")
    (suggestion,) = duplicates(graph)
    assert suggestion.score == 88 and "abbreviates" in suggestion.reason


def test_two_things_that_are_each_proposed_by_a_paper_of_its_own_are_less_likely_one():
    graph = named("Method", "method", "Shifted Windows", "ShiftedWindows")
    for number, name in enumerate(("Shifted Windows", "ShiftedWindows")):
        graph.add(f"title:{number}p", "Paper", f"p{number}", abstract=name)
        graph.quote(f"title:{number}p", "PROPOSES", f"method:{number}", name)
    (suggestion,) = duplicates(graph, "Method")
    assert suggestion.score == 99 - 12
    assert suggestion.speaks_against == ("each is proposed by a paper of its own (−12)",)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("GraphRAG", "PGraphRAG"),
        ("OpenLLM Leaderboard", "OpenVLM Leaderboard"),
        ("machine learning", "machine unlearning"),
        ("HumanEval", "HumanEval+"),
        ("DreamCar", "DreamClear"),
    ],
)
def test_a_name_made_out_of_another_is_not_taken_for_its_misspelling(one, two):
    assert duplicates(named("Method", "method", one, two)) == []


def test_the_pair_is_linked_into_the_one_that_more_papers_name():
    graph = named("Benchmark", "benchmark", "TrivialQA", "TriviaQA")
    graph.add("title:p", "Paper", "p", abstract="on TriviaQA")
    graph.quote("title:p", "EVALUATED_ON", "benchmark:1", "TriviaQA")
    (suggestion,) = duplicates(graph)
    assert (suggestion.keep, suggestion.link) == ("benchmark:1", ("link", "benchmark:0", "benchmark:1"))
    assert (suggestion.papers_a, suggestion.papers_b) == (0, 1)


def test_the_score_is_the_sum_of_the_points_it_tells():
    graph = named("Author", "author", "Ada Byron-Lovelace", "Ada Byron Lovelace")
    (suggestion,) = duplicates(graph, threshold=80)
    told = [*suggestion.speaks_for, *suggestion.speaks_against]
    points = [int(text.rpartition("(")[2].rstrip(")").replace("−", "-")) for text in told]
    assert (sum(points), told) == (suggestion.score, [
        "the same but for case, accents and punctuation (97)", "no shared co-author (−14)",
    ])  # fmt: skip


def test_initials_that_fit_several_people_are_not_enough():
    graph = named("Author", "author", "J. Smith", "John Smith", "Jane Smith", "Ann Lee")
    for number in range(3):
        graph.add(f"title:{number}", "Paper", f"p{number}")
        graph.link(f"title:{number}", "AUTHORED_BY", f"author:{number}")
        graph.link(f"title:{number}", "AUTHORED_BY", "author:3")
    assert duplicates(graph, "Author") == []
    against = duplicates(graph, "Author", threshold=70)[0].speaks_against
    assert against[-1] == "2 names fit the initials (−12)"


def test_a_name_with_another_one_that_others_have_too_is_rather_no_misspelling():
    graph = named("Author", "author", "Xinyu Zhang", "Xinyue Zhang", "Xinyu Li", "Xinyue Wang", "Ann Lee")
    for number in range(2):
        graph.add(f"title:{number}", "Paper", f"p{number}")
        graph.link(f"title:{number}", "AUTHORED_BY", f"author:{number}")
        graph.link(f"title:{number}", "AUTHORED_BY", "author:4")
    assert duplicates(graph, "Author") == []


def test_initials_need_a_shared_coauthor():
    graph = named("Author", "author", "John Smith", "J. Smith", "Jane Smith", "Ann Lee")
    graph.add("title:a", "Paper", "a")
    graph.add("title:b", "Paper", "b")
    for paper, author in (("a", 0), ("a", 3), ("b", 1), ("b", 3)):
        graph.link(f"title:{paper}", "AUTHORED_BY", f"author:{author}")
    (suggestion,) = duplicates(graph, "Author")
    assert {suggestion.a.name, suggestion.b.name} == {"John Smith", "J. Smith"}
    assert "1 shared co-author" in suggestion.reason


def test_a_short_name_whose_long_form_is_known_is_not_given_another():
    graph = named("Method", "method", "model editing")
    graph.add("method:moe", "Method", "mixture-of-experts", aliases=["MoE"])
    assert duplicates(graph) == []


def test_an_abbreviation_two_long_names_share_is_a_weak_reason():
    graph = MemoryStore()
    graph.add("method:a", "Method", "sparse fine-tuning", aliases=["SFT"])
    graph.add("method:b", "Method", "supervised fine-tuning", aliases=["SFT"])
    assert duplicates(graph) == []
    assert [s.reason for s in duplicates(graph, threshold=70)] == ["both are abbreviated 'SFT' (72)"]


def test_an_alias_two_nodes_share_is_a_strong_one():
    graph = MemoryStore()
    graph.add("benchmark:a", "Benchmark", "Abstraction Corpus", aliases=["ARC-AGI"])
    graph.add("benchmark:b", "Benchmark", "Reasoning Puzzles", aliases=["ARC AGI"])
    assert [(s.score, s.reason) for s in duplicates(graph)] == [(96, "both are also called 'ARC AGI' (96)")]


def test_models_of_different_variant_are_apart_whatever_their_names():
    graph = MemoryStore()
    graph.add("model:a", "Model", "Somethinglong Instruct", variant="Instruct")
    graph.add("model:b", "Model", "Somethinglong-Instruct", variant="Chat")
    assert duplicates(graph) == []


def test_a_label_that_is_not_compared_is_refused():
    with pytest.raises(QueryError, match="Nodes labelled 'Result' are not compared; choose from Paper"):
        duplicates(MemoryStore(), "Result")
    with pytest.raises(QueryError, match="threshold 101 is no score"):
        duplicates(MemoryStore(), threshold=101)


NAMES = st.lists(
    st.sampled_from(
        ["Flash", "Attention", "Attentions", "Atention", "2", "2.5", "4o", "II", "XL", "model", "-", ""]
    )
).map(" ".join)


@given(NAMES | st.text(max_size=30), NAMES | st.text(max_size=30))
def test_likeness_is_symmetric(one, two):
    assert spelled_alike(one, two) == spelled_alike(two, one)
    assert (version_marks(one) == version_marks(two)) or not spelled_alike(one, two)
    assert not abbreviates(one, one)


def test_the_order_of_input_does_not_change_the_suggestions():
    names = ["A Survey of Large Models", "A survey on large models", "Survey of Large Models", "Large Models"]
    forward, backward = MemoryStore(), MemoryStore()
    for number in range(4):
        forward.add(f"title:{number}", "Paper", names[number])
        backward.add(f"title:{3 - number}", "Paper", names[3 - number])
    assert duplicates(forward, threshold=70) == duplicates(backward, threshold=70) != []


@pytest.mark.parametrize("vocabulary", [30, 300, 3_000])
def test_the_comparisons_for_each_title_have_a_bound_whatever_the_titles_share(vocabulary):
    random.seed(1)
    weights = range(vocabulary, 0, -1)
    parts = [
        [f"word{n}" for n in random.choices(range(vocabulary), weights=weights, k=9)] for _ in range(8_000)
    ]
    comparisons = sum(
        len(block) * (len(block) - 1) // 2
        for block in blocks(rare_pairs(parts), [" ".join(own) for own in parts])
    )
    assert comparisons < 100 * 8_000


def test_a_thousand_nodes_that_share_one_part_are_not_compared_all_with_all():
    keys = [["shared"]] * 1_000
    assert sum(len(block) ** 2 for block in blocks(keys, [str(i) for i in range(1_000)])) < 50_000
