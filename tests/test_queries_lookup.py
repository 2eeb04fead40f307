"""Finding nodes by what people type, and what stands around them."""

from __future__ import annotations

import pytest
from memory_store import MemoryStore
from query_graph import LORA, QLORA, QUANT, query_graph

from citegraph.graph.errors import NotFoundError, QueryError
from citegraph.graph.sentences import sentence_bounds
from citegraph.queries.lookup import find, neighbourhood, resolve


@pytest.fixture(scope="module")
def graph() -> MemoryStore:
    return query_graph()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("arxiv:2106.09685", LORA),
        ("title:lora", LORA),
        ("2106.09685v2", LORA),
        ("https://arxiv.org/pdf/2106.09685v2.pdf", LORA),
        ("arXiv:2106.09685", LORA),
        ("10.48550/arXiv.2106.09685", LORA),
        ("https://doi.org/10.5555/LORA", LORA),
        ("http://www.example.org/qlora/", QLORA),
        ("LLaMA 2", "model:llama-2"),
        ("llama-2", "model:llama-2"),
        ("low rank adaptation", "method:lora"),
        ("qlora efficient finetuning of quantized llms", QLORA),
        ("QLoRA: Efficient Finetuning", QLORA),
        ("Tiny Bits", QUANT),
    ],
)
def test_a_node_answers_to_every_form_of_its_name(graph, typed, found):
    assert resolve(graph, typed, None if found != QUANT else "Paper").id == found


def test_exactness_goes_before_degree(graph):
    assert [node.id for node in find(graph, "LLaMA")][:3] == ["family:llama", "model:llama", "model:llama-2"]


def test_among_equally_exact_nodes_the_best_connected_comes_first(graph):
    assert [node.id for node in find(graph, "qlora", limit=2)] == ["method:qlora", QLORA]
    assert [n.id for n in find(graph, "post", "Method")] == ["method:post-training-quantization"]


def test_a_label_narrows_the_search(graph):
    assert [node.label for node in find(graph, "LLaMA", label="ModelFamily")] == ["ModelFamily"]
    assert find(graph, "2106.09685", label="Model") == []


def test_the_limit_holds(graph):
    assert len(find(graph, "l", limit=2)) == 2


def test_a_name_shared_with_the_family_means_the_model(graph):
    assert resolve(graph, "LLaMA").id == "model:llama"
    assert resolve(graph, "LLaMA", "ModelFamily").id == "family:llama"


def test_a_name_that_fits_two_labels_equally_is_an_error_that_names_both():
    janus = MemoryStore()
    janus.add("method:janus", "Method", "Janus")
    janus.add("model:janus", "Model", "Janus")
    with pytest.raises(QueryError, match=r"may mean .*say which with --type") as error:
        resolve(janus, "Janus")
    assert "method:janus" in str(error.value) and "model:janus" in str(error.value)


@pytest.mark.parametrize("typed", ["Attention is all you need", "Attention Is All You Need"])
def test_a_paper_goes_before_a_work_only_cited_by_its_title_however_that_is_written(typed):
    graph = MemoryStore()
    graph.add("title:attentionisallyouneed", "Paper", "Attention is all you need", stub=True, year=2004)
    graph.add("arxiv:1706.03762", "Paper", "Attention Is All You Need", year=2017)
    assert resolve(graph, typed).id == "arxiv:1706.03762"
    assert [node.id for node in find(graph, typed)] == ["arxiv:1706.03762", "title:attentionisallyouneed"]


def test_a_near_miss_is_offered(graph):
    with pytest.raises(NotFoundError, match=r"no node called 'GPTX'. Did you mean 'GPTQ'"):
        resolve(graph, "GPTX")


def test_a_name_like_nothing_gets_no_offer(graph):
    with pytest.raises(NotFoundError, match=r"no Model called 'zzzzzz'\.$"):
        resolve(graph, "zzzzzz", "Model")


def test_the_beginning_of_an_entity_is_not_the_entity(graph):
    with pytest.raises(NotFoundError):
        resolve(graph, "GPT", "Model")


@pytest.mark.parametrize("nothing", ["", "  ", "???"])
def test_a_name_of_nothing_finds_nothing(graph, nothing):
    assert find(graph, nothing) == []


def test_the_name_of_a_result_is_found_only_where_results_are_asked_for(graph):
    assert find(graph, "3.1x speedup") == []
    assert [node.id for node in find(graph, "3.1x speedup", "Result")] == ["result:2"]


def test_a_neighbourhood_is_grouped_by_type_and_direction(graph):
    around = neighbourhood(graph, "method:lora")
    assert [(group.type, group.direction, group.total) for group in around.groups] == [
        ("PROPOSES", "in", 1),
        ("BUILDS_ON", "in", 2),
        ("MENTIONS", "in", 1),
        ("AGAINST", "in", 1),
    ]


def test_authors_stand_in_the_order_of_the_paper(graph):
    authors = neighbourhood(graph, QLORA).group("AUTHORED_BY")
    assert [author.node.name for author in authors] == ["Tim Dettmers", "Edward Hu"]


def test_each_edge_shows_the_sentence_it_was_read_in(graph):
    (builder,) = [n for n in neighbourhood(graph, "method:lora").group("BUILDS_ON", "in") if n.quotations]
    assert builder.quotations[0].sentence.startswith("We present QLoRA, which extends LoRA.")


def test_a_group_shows_no_more_than_the_limit_but_counts_all(graph):
    (group,) = [g for g in neighbourhood(graph, "model:llama-2", limit=1).groups if g.type == "USES"]
    assert (len(group.neighbours), group.total) == (1, 2)


def test_a_neighbourhood_without_its_node_is_an_error(graph):
    with pytest.raises(NotFoundError, match="no node with the id 'model:none'"):
        neighbourhood(graph, "model:none")


@pytest.mark.parametrize(
    ("text", "quoted", "sentence"),
    [
        ("It is. We use X here. Done.", "X", "We use X here."),
        ("X", "X", "X"),
        ("We beat e.g. X by 2.5 points. Next.", "X", "We beat e.g. X by 2.5 points."),
        ("Smith et al. use X in llama.cpp! And Y.", "X", "Smith et al. use X in llama.cpp!"),
        ("First.\n\nno capital X here", "X", "no capital X here"),
        ("我们提出X。它很快。", "X", "我们提出X。"),
        ("A (see B.) Then X.", "X", "Then X."),
    ],
)
def test_the_sentence_around_a_quotation(text, quoted, sentence):
    start = text.index(quoted)
    first, last = sentence_bounds(text, start, start + len(quoted))
    assert text[first:last] == sentence


def test_a_text_without_sentences_is_cut_around_the_quotation():
    first, last = sentence_bounds("a " * 5_000 + "X" + " b" * 5_000, 10_000, 10_001)
    assert first > 8_900 and last < 11_100
