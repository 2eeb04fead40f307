"""The questions citegraph exists for, and the graph in numbers."""

from __future__ import annotations

import json

import pytest
from memory_store import MemoryStore
from query_graph import LORA, OTHER, QLORA, QUANT, STUDY, query_graph

from citegraph.graph.errors import NotFoundError
from citegraph.queries import (
    builds_on,
    co_occurrence,
    compare,
    evaluated_on,
    methods_tried_on,
    most_cited,
    stats,
    timeline,
)
from citegraph.queries.rows import flat_rows


@pytest.fixture(scope="module")
def graph() -> MemoryStore:
    return query_graph()


# --- what was tried on a model -----------------------------------------------------------------------------


def test_every_method_a_paper_tries_on_the_model_is_a_row_with_its_role(graph):
    rows = [(t.method.id, t.role, t.paper.id, t.sizes) for t in methods_tried_on(graph, "LLaMA 2")]
    assert rows == [
        ("method:quantization", "USES", STUDY, ("7B",)),
        ("method:tinybits", "PROPOSES", QUANT, ("70B",)),
        ("method:gptq", "COMPARED_WITH", QUANT, ("70B",)),
        ("method:qlora", "PROPOSES", QLORA, ("70B",)),
        ("method:lora", "BUILDS_ON", QLORA, ("70B",)),
    ]


def test_only_papers_that_state_the_size_count_where_one_is_asked_for(graph):
    assert {t.paper.id for t in methods_tried_on(graph, "LLaMA 2", size="70b")} == {QUANT, QLORA}


def test_a_size_at_the_end_of_the_name_counts_as_the_size(graph):
    assert methods_tried_on(graph, "Llama2 70B") == methods_tried_on(graph, "LLaMA 2", size="70B")


def test_the_size_counts_even_where_the_name_with_it_is_an_alias():
    graph = query_graph()
    graph.add("model:llama-2", "Model", "LLaMA 2", aliases=["Llama2", "Llama-2-70B"])
    assert {t.paper.id for t in methods_tried_on(graph, "LLaMA 2 70B")} == {QUANT, QLORA}


def test_a_model_whose_own_name_ends_in_a_size_is_that_model():
    graph = query_graph()
    graph.add("model:llama-2-70b", "Model", "LLaMA 2 70B")
    assert methods_tried_on(graph, "LLaMA 2 70B") == []


def test_a_kind_keeps_what_the_taxonomy_or_else_the_paper_calls_of_that_kind(graph):
    rows = methods_tried_on(graph, "LLaMA 2 70B", kind_of="quantization")
    assert [(t.method.id, t.kind) for t in rows] == [
        ("method:tinybits", "paper"),
        ("method:gptq", "taxonomy"),
    ]


def test_hardware_and_results_stand_with_the_method_they_belong_to(graph):
    ours, baseline = methods_tried_on(graph, "LLaMA 2", kind_of="quantization", size="70B")
    assert [str(use) for use in ours.hardware] == ["RTX 4090"]
    assert [(r.value, r.quotations[0].sentence) for r in ours.results] == [
        ("3.1x", "A 3.1x speedup is seen on RTX 4090.")
    ]
    assert baseline.results == ()


def test_the_words_about_method_and_model_are_quoted(graph):
    trial = next(t for t in methods_tried_on(graph, "LLaMA 2") if t.method.id == "method:qlora")
    assert [q.text for q in trial.quotations] == ["QLoRA", "LLaMA 2 70B"]
    assert [str(use) for use in trial.hardware] == ["1× A100"]


def test_a_family_stands_for_all_its_models(graph):
    named = methods_tried_on(graph, "family:llama")
    assert {trial.model.id for trial in named} == {"model:llama-2"}


def test_an_unknown_model_is_not_found(graph):
    with pytest.raises(NotFoundError, match="no Model called 'Wibble 70B'"):
        methods_tried_on(graph, "Wibble 70B")


# --- lines of work -----------------------------------------------------------------------------------------


def test_what_builds_on_a_method_is_shown_with_the_words_that_say_so(graph):
    line = builds_on(graph, "LoRA")
    assert [(d.depth, d.entity.id, d.paper.id, d.via) for d in line.descendants] == [
        (1, "method:qlora", QLORA, "BUILDS_ON")
    ]
    assert line.descendants[0].quotations[0].text == "LoRA. It"
    assert [work.paper.id for work in line.most_cited] == [LORA]


def test_the_line_goes_on_from_what_a_paper_proposes():
    graph = query_graph()
    graph.quote(QUANT, "BUILDS_ON", "method:qlora", "TinyBits is")
    assert [(d.depth, d.entity.id) for d in builds_on(graph, "LoRA").descendants] == [
        (1, "method:qlora"),
        (2, "method:tinybits"),
    ]
    assert len(builds_on(graph, "LoRA", transitive=False).descendants) == 1


def test_a_circle_of_methods_comes_to_an_end():
    graph = query_graph()
    graph.quote(LORA, "BUILDS_ON", "method:qlora", "tuning")
    assert [d.entity.id for d in builds_on(graph, "LoRA").descendants] == ["method:qlora"]


def test_kinds_belong_to_the_line(graph):
    line = builds_on(graph, "quantization")
    assert [(d.depth, d.entity.id, d.via) for d in line.descendants] == [
        (1, "method:post-training-quantization", "KIND_OF"),
        (2, "method:gptq", "KIND_OF"),
    ]


def test_a_kind_that_a_paper_already_brought_into_the_line_comes_once():
    graph = query_graph()
    graph.link("method:qlora", "KIND_OF", "method:lora")
    assert [(d.entity.id, d.via) for d in builds_on(graph, "LoRA").descendants] == [
        ("method:qlora", "BUILDS_ON")
    ]


# --- benchmarks, time, citations, company ------------------------------------------------------------------


def test_a_benchmark_shows_who_measured_what_on_it(graph):
    rows = evaluated_on(graph, "gsm8k")
    assert [(r.paper.id, [s.id for s in r.subjects]) for r in rows] == [
        (STUDY, ["method:quantization", "model:llama-2"]),
        (QUANT, ["method:tinybits"]),
    ]
    assert rows[0].quotations[0].sentence == "GSM8K serves as test."


def test_a_timeline_runs_from_the_oldest_paper(graph):
    line = timeline(graph, "method:lora")
    assert [(a.paper.id, a.relation) for a in line.appearances] == [
        (LORA, "PROPOSES"),
        (QLORA, "BUILDS_ON"),
        (STUDY, "MENTIONS"),
    ]
    assert [(year.year, year.papers) for year in line.years] == [(2021, 1), (2023, 1), (2024, 1)]


def test_a_label_tells_apart_what_shares_a_name(graph):
    assert timeline(graph, "LLaMA", label="Model").node.id == "model:llama"


def test_the_timeline_of_a_paper_is_who_cites_it(graph):
    assert [a.paper.id for a in timeline(graph, LORA).appearances] == [QLORA, QUANT]


def test_the_most_cited_work_comes_first_with_those_who_cite_it(graph):
    first, second = most_cited(graph)
    assert (first.paper.id, first.citations, first.contexts) == (LORA, 2, ("We follow [1].",))
    assert [paper.id for paper in first.cited_by] == [QUANT, QLORA]
    assert (second.paper.id, second.stub) == (OTHER, True)


def test_citations_can_be_counted_among_some_papers_and_without_stubs(graph):
    assert [work.paper.id for work in most_cited(graph, by=[QLORA])] == [LORA]
    assert [work.paper.id for work in most_cited(graph, stubs=False)] == [LORA]


def test_what_papers_name_together_is_counted_once_a_paper(graph):
    pairs = co_occurrence(graph, "Method", "Model", min_papers=2)
    assert [(p.a.id, p.b.id, p.papers, p.jaccard) for p in pairs] == [
        ("method:lora", "model:llama-2", 2, 0.5),
        ("method:quantization", "model:llama-2", 2, 0.6667),
    ]
    assert {paper.id for paper in pairs[1].examples} == {STUDY, QUANT}
    assert {q.text for q in pairs[1].quotations} == {"quantization", "Llama-2-70B", "LLaMA 2 7B"}


def test_company_can_be_asked_of_one_entity_and_without_technique_classes(graph):
    pairs = co_occurrence(graph, entity="LoRA", min_papers=1)
    assert [(p.a.id, p.b.id) for p in pairs] == [
        ("method:lora", "method:qlora"),
        ("method:lora", "method:quantization"),
    ]
    assert len(co_occurrence(graph, entity="LoRA", min_papers=1, generic=False)) == 1


def test_two_methods_side_by_side(graph):
    both = compare(graph, "method:qlora", "method:lora")
    assert [reason.basis for reason in both.direct] == ["inference"]
    assert (both.papers_a, both.papers_b) == (1, 3)
    assert [(t.paper.id, t.relation_a, t.relation_b) for t in both.together] == [
        (QLORA, "PROPOSES", "BUILDS_ON")
    ]
    assert [result.name for result in both.results] == ["2.5x faster"]


def test_two_papers_side_by_side_share_references(graph):
    both = compare(graph, QLORA, QUANT)
    (cites,) = [shared for shared in both.shared if shared.type == "CITES"]
    assert ([r.id for r in cites.both], [r.id for r in cites.only_b]) == ([LORA], [OTHER])


# --- numbers -----------------------------------------------------------------------------------------------


def test_the_graph_in_numbers(graph):
    numbers = stats(graph)
    assert (numbers.papers, numbers.stubs, numbers.with_abstract, numbers.without_year) == (4, 1, 4, 0)
    assert numbers.years == {2021: 1, 2023: 1, 2024: 2}
    assert [(source.name, source.papers) for source in numbers.sources] == [
        ("papers.jsonl", 3),
        ("page.txt", 1),
    ]


def test_completeness_of_citations(graph):
    citations = stats(graph).citations
    assert (citations.edges, citations.resolved) == (3, 2)
    assert (citations.papers_with_references, citations.papers_without_references) == (2, 2)
    assert (citations.coverage, citations.resolution) == (0.5, 0.6667)


def test_the_best_connected_nodes_of_a_label(graph):
    (first, *_) = stats(graph).most_connected["Method"]
    assert (first.node.id, first.degree, first.papers) == ("method:lora", 5, 3)


def test_an_empty_graph_has_numbers_too():
    numbers = stats(MemoryStore())
    assert (numbers.papers, numbers.citations.coverage, numbers.most_connected) == (0, 0.0, {})


def test_all_answers_turn_into_json_and_flat_rows(graph):
    answers = [
        *methods_tried_on(graph, "LLaMA 2"), *evaluated_on(graph, "GSM8K"), *most_cited(graph),
        *co_occurrence(graph, min_papers=1), *builds_on(graph, "LoRA").descendants,
        *timeline(graph, LORA).appearances,
        stats(graph), compare(graph, "method:qlora", "method:lora"), timeline(graph, LORA),
    ]  # fmt: skip
    for answer in answers:
        assert json.loads(json.dumps(answer.to_dict()))
    for row in flat_rows(answers):
        assert all(value is None or isinstance(value, (str, int, float, bool)) for value in row.values())
