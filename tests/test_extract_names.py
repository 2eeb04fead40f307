"""Names no lexicon knows, from how authors introduce them."""

from __future__ import annotations

import pytest

from citegraph.graph.records import Mention
from citegraph.graph.schema import EDGES, NODES
from citegraph.loaders.extract import Extractor


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def proposed(extractor: Extractor, title: str, abstract: str) -> dict[str, str]:
    return {m.name: m.label for m in extractor.extract(title, abstract).mentions if m.relation == "PROPOSES"}


@pytest.mark.parametrize(
    ("title", "abstract", "expected"),
    [
        ("Trelliskin: Growing Adapters", "Adapters are small.", {"Trelliskin": "Method"}),
        ("On pruning", "We propose WeaveCut, an algorithm that removes heads.", {"WeaveCut": "Method"}),
        (
            "On data",
            "This paper introduces a new benchmark, KelpBench, for oceans.",
            {"KelpBench": "Benchmark"},
        ),
        ("On chat", "We train a 7B LLM called Murmuro on letters.", {"Murmuro": "Model"}),
        ("On speed", "Here we present a scheduler dubbed QuickLoom.", {"QuickLoom": "Method"}),
        ("On maps", "Our framework, GridWeaver, plans routes.", {"GridWeaver": "Method"}),
        (
            "On order",
            "We propose preference folding, a method that orders.",
            {"preference folding": "Method"},
        ),
        (
            "On parts",
            "We introduce two gates, including Halting and Delay.",
            {"Halting": "Method", "Delay": "Method"},
        ),
        ("On rest", "We present a family of models with many sizes, Ombra, which sleep.", {"Ombra": "Model"}),
    ],
)
def test_an_introduced_name_is_proposed_with_its_kind(
    extractor: Extractor, title: str, abstract: str, expected: dict[str, str]
) -> None:
    assert proposed(extractor, title, abstract) == expected


def test_an_abbreviation_and_its_long_form_are_one_thing(extractor: Extractor) -> None:
    text = "We propose Gradual Thread Rewiring (GTR). GTR is fast."
    mention = one(extractor, text, "GTR")
    assert {span.text for span in mention.spans} == {"Gradual Thread Rewiring", "GTR"}
    assert mention.relation == "PROPOSES"


def test_a_local_definition_overrules_the_lexicon(extractor: Extractor) -> None:
    found = extractor.extract("x", "We study Sparse Flower Tending (SFT) in gardens. SFT blooms.")
    assert "method:supervised-fine-tuning" not in {m.id for m in found.mentions}


def test_every_occurrence_is_evidence(extractor: Extractor) -> None:
    mention = one(
        extractor,
        "We propose KnotNet, a network. KnotNet is small; KnotNet wins.",
        "KnotNet",
        "KnotNet: Tying",
    )
    assert [(s.field, s.start) for s in mention.spans][:2] == [("title", 0), ("abstract", 11)]
    assert len(mention.spans) == 4


def test_a_name_in_capitals_does_not_match_the_common_word(extractor: Extractor) -> None:
    mention = one(
        extractor, "We propose LESS, an algorithm. It needs less memory.", "LESS", "LESS: Fewer Samples"
    )
    assert {span.text for span in mention.spans} == {"LESS"}


def test_plain_words_of_the_field_are_no_entities(extractor: Extractor) -> None:
    text = "Large Language Models (LLMs) excel in NLP. We ask how AI and deep learning answer QA in 90 GPU hours."
    assert extractor.extract("How LLMs Think", text).mentions == ()


def test_names_in_a_list_share_the_kind_of_their_company(extractor: Extractor) -> None:
    text = "We evaluate on datasets such as GSM8K, KoralQuest and Mirlo."
    labels = {m.name: m.label for m in extractor.extract("x", text).mentions}
    assert labels["KoralQuest"] == "Benchmark"


def test_what_is_emitted_fits_the_schema(extractor: Extractor) -> None:
    text = (
        "We propose FernNet, a network built on LoRA and LLaMA 2 7B. On GSM8K with 8 NVIDIA A100 GPUs it "
        "outperforms QLoRA by 3.1%. Code: https://github.com/fern/net."
    )
    found = extractor.extract("FernNet: Leaves", text)
    for mention in found.mentions:
        assert ("Paper", mention.label) in EDGES[mention.relation].pairs
        assert set(mention.properties) <= set(NODES[mention.label].properties)
        for fact in mention.facts:
            assert (mention.label, fact.target_label) in EDGES[fact.type].pairs
    assert [span.text for span in found.repositories] == ["https://github.com/fern/net"]
    hardware = next(m for m in found.mentions if m.label == "Hardware")
    assert (hardware.id, hardware.relation, hardware.count) == ("hardware:nvidia-a100", "RUNS_ON", 8)


def one(extractor: Extractor, abstract: str, surface: str, title: str = "x") -> Mention:
    found = [
        m for m in extractor.extract(title, abstract).mentions if any(s.text == surface for s in m.spans)
    ]
    assert len(found) == 1
    return found[0]
