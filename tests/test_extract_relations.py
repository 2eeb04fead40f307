"""How the paper stands to a name, from the clause the name stands in."""

from __future__ import annotations

import pytest

from citegraph.loaders.extract import Extractor
from citegraph.loaders.extract.relating.stance import Surroundings


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


@pytest.mark.parametrize(
    ("abstract", "node", "expected"),
    [
        ("We propose Loomix, a method. It outperforms QLoRA on text.", "method:qlora", "COMPARED_WITH"),
        (
            "We propose Loomix, a method. Compared with LoRA and DoRA, it is lean.",
            "method:dora",
            "COMPARED_WITH",
        ),
        (
            "We propose Loomix, a method. It beats strong baselines such as LoRA.",
            "method:lora",
            "COMPARED_WITH",
        ),
        ("We propose Loomix, built on top of LoRA.", "method:lora", "BUILDS_ON"),
        ("We propose Loomix, a method. We tune it using LoRA.", "method:lora", "USES"),
        ("LoRA is popular. We propose Loomix, a method for text.", "method:lora", "MENTIONS"),
        ("We propose Loomix, a method. It outperforms others on GSM8K.", "benchmark:gsm8k", "EVALUATED_ON"),
        ("We propose Loomix, a model trained on OpenWebText.", "benchmark:openwebtext", "USES"),
        ("We propose Loomix, a method that runs on a Raspberry Pi 5.", "hardware:raspberry-pi-5", "RUNS_ON"),
        ("We test Loomix with LLaMA on mail.", "model:llama", "USES"),
        ("We propose Loomix. We base our model on Swin Transformer.", "model:swin-transformer", "BUILDS_ON"),
        (
            "We propose Loomix, a model. It surpasses Vicuna by 7.8%/5.3% and Alpaca by 15.1% on GSM8K.",
            "model:alpaca",
            "COMPARED_WITH",
        ),
        (
            "We propose Loomix. Loomix, trained over three rounds, surpasses GPT-4 on the IFEval benchmark.",
            "benchmark:ifeval",
            "EVALUATED_ON",
        ),
    ],
)
def test_the_clause_decides(extractor: Extractor, abstract: str, node: str, expected: str) -> None:
    relations = {m.id: m.relation for m in extractor.extract("Loomix: Threads", abstract).mentions}
    assert relations[node] == expected


@pytest.mark.parametrize(
    ("sentence", "node", "expected"),
    [
        # what a comparison governs, through a verb or a preposition
        ("It costs less compared to tuning with LoRA.", "method:lora", "COMPARED_WITH"),
        ("It raises throughput over FlashAttention.", "method:flashattention", "COMPARED_WITH"),
        ("It keeps 97% of FlashAttention quality.", "method:flashattention", "COMPARED_WITH"),
        ("It is a drop-in replacement for standard LoRA.", "method:lora", "COMPARED_WITH"),
        ("It is faster than the matched LoRA-style 2B baseline.", "method:lora", "COMPARED_WITH"),
        ("It outshines QLoRA.", "method:qlora", "COMPARED_WITH"),
        # what it does not govern
        ("Compared to closed models, LLaMA with it is better.", "model:llama", "USES"),
        ("It beats rivals of its size in GPT-4 evaluation.", "model:gpt-4", "USES"),
        ("It outperforms the baseline across LLaMA and Mistral.", "model:llama", "USES"),
        ("It is a flow-matching LoRA.", "method:lora", "USES"),
        # what is trained is used, not extended
        ("We train LLaMA on letters.", "model:llama", "USES"),
        # measured on a corpus, trained on a corpus
        ("It shows strong quality on text from OpenWebText.", "benchmark:openwebtext", "EVALUATED_ON"),
    ],
)
def test_what_governs_a_name_reaches_through_its_phrase(
    extractor: Extractor, sentence: str, node: str, expected: str
) -> None:
    found = extractor.extract("x", f"We propose Loomix, a method for text. {sentence}")
    assert {m.id: m.relation for m in found.mentions}[node] == expected


@pytest.mark.parametrize("opening", ["We show that", "We investigate whether", "We find that"])
def test_a_paper_speaks_of_itself_from_its_first_we(extractor: Extractor, opening: str) -> None:
    text = f"{opening} CLIP can learn to count. We propose Loomix, a method for text."
    assert {m.id: m.relation for m in extractor.extract("x", text).mentions}["model:clip"] == "USES"


def test_a_class_of_techniques_is_compared_with_where_a_comparison_names_it(
    extractor: Extractor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Surroundings, "weigh", lambda self, entity, features, ruled: (ruled, 1.0))
    text = (
        "We propose Loomix, a method for small models. Knowledge distillation needs many labels. Loomix, unlike "
        "knowledge distillation, needs few. We cost knowledge distillation too. Compared to knowledge distillation, "
        "it is lean."
    )
    relations = {m.id: m.relation for m in extractor.extract("x", text).mentions}
    assert relations["method:knowledge-distillation"] == "COMPARED_WITH"


def test_a_name_made_from_another_builds_on_it(extractor: Extractor) -> None:
    found = extractor.extract(
        "Wide-Mamba: Rivers", "We present Wide-Mamba, an architecture. Mamba is used here too."
    )
    assert {m.id: m.relation for m in found.mentions}["method:mamba"] == "BUILDS_ON"


def test_the_stronger_of_two_places_wins(extractor: Extractor) -> None:
    text = "Models such as GPT-4 are large. We propose Loomix, a method, and it surpasses GPT-4 by far."
    assert {m.id: m.relation for m in extractor.extract("x", text).mentions}["model:gpt-4"] == "COMPARED_WITH"
