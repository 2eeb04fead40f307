"""The written forms of a node, the rule that put each there, and what an unknown rule is called."""

from __future__ import annotations

import pytest
from memory_store import MemoryStore

from citegraph.graph.records import Evidence, Node
from citegraph.queries.forms import forms, rule_of
from citegraph.queries.identity import identity

LORA = Node("method:lora", "Method", {"name": "LoRA"})
LLAMA = Node("model:llama-2", "Model", {"name": "LLaMA 2"})


@pytest.mark.parametrize(
    ("node", "text", "extractor", "rule"),
    [
        (LORA, "LoRA", "lexicon@1", "name"),
        (LORA, "LoRAs", "lexicon@1", "spelling"),
        (LORA, "LORA", "lexicon@7", "spelling"),
        (LORA, "low-rank adaptation", "lexicon@1", "lexicon"),
        (LLAMA, "Llama-2-70B", "lexicon@1", "extended"),
        (LLAMA, "LLaMA-2", "lexicon@1", "spelling"),
        (LORA, "LoRA", "corpus@1", "corpus"),
        (LORA, "Low-Rank", "acronym@1", "acronym"),
        (LORA, "QLoRA", "lexicon@1+link", "link"),
        (LORA, "LoRA-X", "context@1+unlink", "unlink"),
        (LORA, "LoRA", "llm:some+model@1", "llm:some+model@1"),
    ],
)
def test_a_form_has_the_rule_that_brought_it_here(node, text, extractor, rule):
    assert rule_of(node, text, extractor) == rule


@pytest.fixture
def graph():
    found = MemoryStore()
    found.add("method:lora", "Method", "LoRA")
    found.add("benchmark:mmlu", "Benchmark", "MMLU")
    abstract = "LoRA here, LoRA there, low-rank adaptation, on MMLU"
    for number in (1, 2):
        found.add(f"title:p{number}", "Paper", f"p{number}", abstract=abstract)
    found.quote("title:p1", "USES", "method:lora", "LoRA", "low-rank adaptation")
    found.quote("title:p2", "USES", "method:lora", "LoRA", "LoRA there")
    return found


def test_forms_come_with_the_papers_that_write_so_most_first(graph):
    found = forms(graph, graph.node("method:lora"))
    assert [(form.text, form.papers) for form in found] == [
        ("LoRA", 2), ("LoRA there", 1), ("low-rank adaptation", 1),
    ]  # fmt: skip
    assert found[0].how() == "found by test@1"


def test_one_form_of_two_rules_tells_both(graph):
    graph.add("title:p3", "Paper", "p3", abstract="LoRA")
    evidence = Evidence("s", "abstract", 0, 4, "LoRA", "lexicon@1").dumps()
    graph.link("title:p3", "USES", "method:lora", evidence=[evidence], confidence=1.0)
    (first, *_) = forms(graph, graph.node("method:lora"))
    assert (first.papers, first.how()) == (3, "found by test@1; its name in the lexicon")


def test_what_no_paper_names_has_no_forms_and_is_not_counted(graph):
    assert forms(graph, graph.node("benchmark:mmlu")) == ()
    assert identity(graph).histogram == {"Method": {3: 1}}


def test_papers_have_no_forms(graph):
    assert forms(graph, graph.node("title:p1")) == ()
