"""Why an edge exists."""

from __future__ import annotations

import json

import pytest
from memory_store import MemoryStore
from query_graph import LORA, OTHER, QLORA, QUANT, query_graph

from citegraph.graph.errors import NotFoundError, QueryError
from citegraph.graph.records import Evidence
from citegraph.queries.explain import explain


@pytest.fixture(scope="module")
def graph() -> MemoryStore:
    return query_graph()


def test_an_asserted_edge_shows_relation_confidence_and_the_marked_sentence(graph):
    (reason,) = explain(graph, QLORA, "LLaMA 2").reasons
    assert (reason.type, reason.basis, reason.confidence, reason.sizes) == ("USES", "evidence", 0.9, ("70B",))
    assert reason.quotations[0].marked() == "It tunes «LLaMA 2 70B» on one A100."
    assert (reason.quotations[0].field, reason.quotations[0].extractor) == ("abstract", "test@1")


def test_a_citation_shows_who_says_so_and_in_what_words(graph):
    (reason,) = explain(graph, QLORA, LORA).reasons
    assert (reason.basis, reason.sources, reason.raw) == ("citation", ("source:a",), ("Hu et al. LoRA.",))
    assert (reason.contexts, reason.intents) == (("We follow [1].",), ("extends",))


def test_a_citation_is_found_from_either_end(graph):
    assert explain(graph, LORA, QLORA).reasons == explain(graph, QLORA, LORA).reasons


def test_an_inferred_edge_shows_the_papers_it_comes_from_and_their_words(graph):
    (reason,) = explain(graph, "method:qlora", "method:lora").reasons
    assert reason.basis == "inference"
    (witness,) = reason.witnesses
    assert witness.paper.id == QLORA
    assert {quotation.text for quotation in witness.quotations} == {"QLoRA", "LoRA. It"}


def test_a_curated_edge_says_that_it_is_curated(graph):
    assert explain(graph, "LLaMA 2", "family:llama").reasons[0].basis == "curated"


def test_a_name_shared_by_paper_and_method_means_the_paper(graph):
    why = explain(graph, "QLoRA", "LoRA")
    assert (why.paper.id, why.entity.id, why.reasons[0].type) == (QLORA, "method:lora", "BUILDS_ON")


def test_numbers_that_concern_the_entity_are_shown(graph):
    assert [row.name for row in explain(graph, "QLoRA", "LoRA").results] == ["2.5x faster"]


def test_without_an_edge_the_error_says_what_is_known_of_both(graph):
    with pytest.raises(NotFoundError) as error:
        explain(graph, QUANT, "QLoRA")
    message = str(error.value)
    assert "No edge connects Paper 'Tiny Bits'" in message
    assert "is connected with 6 entities, cites 2 papers and is cited by no paper" in message
    assert "method:qlora is named by 1 paper." in message


def test_a_stub_without_an_edge_is_called_one(graph):
    with pytest.raises(NotFoundError, match="known only as a cited work"):
        explain(graph, OTHER, "QLoRA")


def test_an_unknown_name_is_not_found(graph):
    with pytest.raises(NotFoundError, match="no node called 'Wibble'"):
        explain(graph, QLORA, "Wibble")


def test_two_papers_of_one_title_with_the_same_edge_need_an_id():
    graph = MemoryStore()
    graph.add("method:x", "Method", "Xenon")
    for node_id in ("arxiv:2401.00001", "doi:10.1/a"):
        graph.add(node_id, "Paper", "One Title", abstract="Xenon")
        graph.quote(node_id, "USES", "method:x", "Xenon")
    with pytest.raises(QueryError, match=r"arxiv:2401.00001 and method:x; doi:10.1/a and method:x"):
        explain(graph, "One Title", "Xenon")


def test_a_quotation_whose_text_is_not_stored_stands_alone(graph):
    other = query_graph()
    gone = Evidence("b", "abstract", 3, 7, "GPTQ", "x@1")
    full = Evidence("b", "fulltext", 3, 7, "GPTQ", "x@1")
    other.link(LORA, "MENTIONS", "method:gptq", evidence=[gone.dumps(), full.dumps()])
    (reason,) = explain(other, LORA, "GPTQ").reasons
    assert [quotation.sentence for quotation in reason.quotations] == ["GPTQ", "GPTQ"]


def test_an_explanation_can_be_written_as_json(graph):
    assert json.loads(json.dumps(explain(graph, "QLoRA", "LoRA").to_dict()))["entity"]["id"] == "method:lora"
