"""Model names by morphology: family, version, variant and size in any order and spelling."""

from __future__ import annotations

import pytest

from citegraph.loaders.extract import Extractor


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def models(extractor: Extractor, abstract: str, title: str = "A study") -> dict[str, tuple[str, ...]]:
    return {m.id: m.sizes for m in extractor.extract(title, abstract).mentions if m.label == "Model"}


@pytest.mark.parametrize("written", ["Llama2", "LLaMA-2", "LLaMA 2", "LLaMA2-7B", "Llama-2-13B", "LLAMA 2"])
def test_spellings_of_one_version_are_one_model(extractor: Extractor, written: str) -> None:
    assert list(models(extractor, f"We fine-tune {written} on news.")) == ["model:llama-2"]


def test_versions_of_a_family_are_different_models(extractor: Extractor) -> None:
    found = models(extractor, "We test LLaMA, LLaMA 2 and Llama 3.1 on long stories.")
    assert list(found) == ["model:llama", "model:llama-2", "model:llama-3.1"]


@pytest.mark.parametrize(
    ("written", "node", "sizes"),
    [
        ("Qwen2.5-Math-7B-Instruct", "model:qwen2.5-math-instruct", ("7B",)),
        ("Llama-3.1-8B and 70B", "model:llama-3.1", ("8B", "70B")),
        ("LLaVA-v1.5-13B", "model:llava-1.5", ("13B",)),
        ("GPT-4o-mini", "model:gpt-4o-mini", ()),
        ("DeepSeek-R1-Distill-Qwen-7B", "model:deepseek-r1-distill-qwen", ("7B",)),
        ("Mixtral 8x7B", "model:mixtral", ("8x7B",)),
        ("the 540B PaLM", "model:palm", ("540B",)),
        ("OPT models of 1.3 billion and 6.7 billion parameters", "model:opt", ("1.3B", "6.7B")),
    ],
)
def test_sizes_are_kept_apart_from_the_name(
    extractor: Extractor, written: str, node: str, sizes: tuple[str, ...]
) -> None:
    assert models(extractor, f"In this work we evaluate {written} with care.")[node] == sizes


def test_versions_published_after_the_lexicon_are_read(extractor: Extractor) -> None:
    found = models(extractor, "We compare Qwen9-12B-Instruct with GPT-17 and Llama 8.")
    assert found == {"model:qwen9-instruct": ("12B",), "model:gpt-17": (), "model:llama-8": ()}


def test_families_no_lexicon_knows_are_read_from_their_size(extractor: Extractor) -> None:
    assert models(extractor, "Our runs start from Zorvex-13B and Quillon-7B.") == {
        "model:zorvex": ("13B",),
        "model:quillon": ("7B",),
    }


def test_two_versions_behind_one_slash_are_two_models(extractor: Extractor) -> None:
    assert set(models(extractor, "We prune LLaMA-V1/V2 in an hour.")) == {"model:llama", "model:llama-2"}


def test_a_name_made_from_a_family_is_not_the_family(extractor: Extractor) -> None:
    found = extractor.extract("LLaMA-Loom: Weaving Layers", "We introduce LLaMA-Loom, a pruning method.")
    assert [m.name for m in found.mentions if m.relation == "PROPOSES"] == ["LLaMA-Loom"]
    assert "model:llama" not in {m.id for m in found.mentions}


def test_an_ordinary_word_after_the_hyphen_leaves_the_name(extractor: Extractor) -> None:
    assert list(models(extractor, "We filter GPT-4-generated answers.")) == ["model:gpt-4"]


def test_facts_name_family_and_organization(extractor: Extractor) -> None:
    mention = next(m for m in extractor.extract("x", "We use Llama 3.").mentions if m.label == "Model")
    assert {(fact.type, fact.target) for fact in mention.facts} == {
        ("IN_FAMILY", "family:llama"),
        ("DEVELOPED_BY", "organization:meta"),
    }
    assert mention.properties["family"] == "LLaMA"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("We evaluate LLaMA and Falcon on essays.", True),
        ("We track a falcon with cameras.", False),
        ("We run Falcon-40B at home.", True),
    ],
)
def test_a_common_word_is_a_model_only_in_context(extractor: Extractor, text: str, named: bool) -> None:
    assert ("model:falcon" in models(extractor, text)) is named
