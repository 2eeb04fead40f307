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


@pytest.mark.parametrize(
    ("written", "node"),
    [
        ("Qwen7.5-ASR", "model:qwen7.5-asr"),
        ("Wan6.2-Animate", "model:wan6.2-animate"),
        ("GPT-9.1-Codex-Max", "model:gpt-9.1-codex-max"),
        ("Opus 9.3", "model:claude-opus-9.3"),
        ("gpt-4o-mini", "model:gpt-4o-mini"),
        ("Llama-3.1-8B-Ins", "model:llama-3.1-instruct"),
        ("Qwen3 Base", "model:qwen3-base"),
    ],
)
def test_a_variant_no_list_knows_belongs_to_the_name_behind_a_version(
    extractor: Extractor, written: str, node: str
) -> None:
    assert list(models(extractor, f"In this work we evaluate {written} with care.")) == [node]


def test_a_capitalised_word_that_ends_a_list_item_belongs_to_a_versioned_name(extractor: Extractor) -> None:
    assert list(models(extractor, "We ask GPT-7.6 Luna, Gemini 9 Pro, and Llama 9.")) == [
        "model:gpt-7.6-luna", "model:gemini-9-pro", "model:llama-9",
    ]  # fmt: skip


@pytest.mark.parametrize("written", ["GPT-4 API", "GPT-4 Agents", "GPT-4"])
def test_an_ordinary_noun_behind_a_versioned_name_does_not(extractor: Extractor, written: str) -> None:
    assert list(models(extractor, f"We query the {written}, and wait.")) == ["model:gpt-4"]


@pytest.mark.parametrize(
    ("text", "node", "sizes"),
    [
        ("We tune OLMo models (4M to 4B parameters).", "model:olmo", ("4M", "4B")),
        ("We tune Pythia models ranging from 70M to 12B.", "model:pythia", ("70M", "12B")),
        ("Keys double (e.g., 175B parameters for GPT-3).", "model:gpt-3", ("175B",)),
        ("We distill it down to T5 variants (≤ 11B).", "model:t5", ("11B",)),
        ("Using the LLaMA family, we keep 96 % of the 11B model's score.", "model:llama", ("11B",)),
        ("We prune Mistral, a 7-billion-parameter model, in an hour.", "model:mistral", ("7B",)),
        ("We serve Qwen3-30B-A3B on one card.", "model:qwen3", ("30B",)),
    ],
)
def test_sizes_said_apart_from_the_name_are_bound_to_it(
    extractor: Extractor, text: str, node: str, sizes: tuple[str, ...]
) -> None:
    assert models(extractor, text)[node] == sizes


@pytest.mark.parametrize(
    ("abstract", "title", "expected"),
    [
        (
            "Experiments with InternVL2.5 and Qwen2.5-VL with 7B and 72B sizes show its effect.",
            "A study",
            {"model:internvl2.5": ("7B", "72B"), "model:qwen2.5-vl": ("7B", "72B")},
        ),
        ("Quorvex-2.5-1T-Zero and the 2.8T Kimi K3 are compared.", "A study", {"model:kimi-k3": ("2.8T",)}),
        (
            "We introduce QuorvexLM. QuorvexLM models come in different sizes (1 billion, 8 billion, and "
            "46.7 billion parameters).",
            "A study",
            {"model:quorvexlm": ("1B", "8B", "46.7B")},
        ),
        (
            "We introduce QuorvexLM, a language model. QuorvexLM activates 3B of 40B in total.",
            "A study",
            {"model:quorvexlm": ("40B",)},
        ),
    ],
)
def test_sizes_of_several_models_and_of_series_are_read(
    extractor: Extractor, abstract: str, title: str, expected: dict[str, tuple[str, ...]]
) -> None:
    found = models(extractor, abstract, title)
    assert {node: found.get(node) for node in expected} == expected


def test_the_size_beside_a_model_of_untold_size_is_anothers(extractor: Extractor) -> None:
    found = models(extractor, "The 7B variant reaches a win rate of 50 % against GPT-4.")
    assert found["model:gpt-4"] == ()


def test_data_is_not_counted_as_a_size(extractor: Extractor) -> None:
    assert models(extractor, "We train Mamba and LLaMA, within 10B tokens, on news.")["model:llama"] == ()


def test_words_like_stable_diffusion_are_a_model_in_small_letters_too(extractor: Extractor) -> None:
    assert list(models(extractor, "We speed up stable diffusion twice.")) == ["model:stable-diffusion"]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("We fine-tune on the Alpaca dataset.", "Benchmark"),
        ("We fine-tune on the Alpaca and Dolly-15k datasets.", "Benchmark"),
        ("We test on benchmarks (MT-Bench, FLASK, and Alpaca).", "Benchmark"),
        ("We compare with Alpaca and Vicuna.", "Model"),
        ("We compare with Alpaca-7B.", "Model"),
    ],
)
def test_a_name_of_a_model_and_a_dataset_is_read_by_its_context(
    extractor: Extractor, text: str, label: str
) -> None:
    found = {m.label for m in extractor.extract("A study", text).mentions if m.name == "Alpaca"}
    assert found == {label}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("We fit a generalized linear model and condition the GLM on length.", False),
        ("We compare ERNIE and GLM with care.", True),
        ("We fit a generalized linear model to answers of GLM-4.", True),
    ],
)
def test_letters_that_a_paper_uses_for_something_else_are_no_model(
    extractor: Extractor, text: str, named: bool
) -> None:
    assert any(node.startswith("model:glm") for node in models(extractor, text)) is named
