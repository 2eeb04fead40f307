"""Which kind a name no list knows is of, by what stands beside it, and which edition of a benchmark is meant."""

from __future__ import annotations

import pytest

from citegraph.loaders.extract import Extractor


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def named(extractor: Extractor, abstract: str, title: str = "A study") -> dict[str, str]:
    return {
        m.name: m.label
        for m in extractor.extract(title, abstract).mentions
        if not m.properties.get("generic")
    }


@pytest.mark.parametrize(
    ("abstract", "names"),
    [
        ("We report results on OmniDocBench v1.6 and on GSM8K.", {"OmniDocBench v1.6", "GSM8K"}),
        (
            "The agent reaches 31% on Terminal-Bench 1.0, 2.0, and Pro, respectively.",
            {"Terminal-Bench 1.0", "Terminal-Bench 2.0", "Terminal-Bench Pro"},
        ),
        ("It scores 61.2% on QuorvexBench Verified.", {"QuorvexBench Verified"}),
    ],
)
def test_an_edition_belongs_to_the_name_of_a_benchmark(
    extractor: Extractor, abstract: str, names: set[str]
) -> None:
    found = named(extractor, abstract)
    assert {name for name, label in found.items() if label == "Benchmark"} == names


@pytest.mark.parametrize("behind", ["2.5%", "1.5 points higher", "by 1.5"])
def test_a_gain_behind_a_benchmark_is_no_edition(extractor: Extractor, behind: str) -> None:
    assert named(extractor, f"Our decoder is on GSM8K {behind}.").get("GSM8K") == "Benchmark"


@pytest.mark.parametrize(
    ("abstract", "name", "label"),
    [
        ("We release Quorvex-Chat, comprising 55,000 question-answer pairs.", "Quorvex-Chat", "Benchmark"),
        ("The method beats its rivals with a QuorvIT mIoU of 55.6%.", "QuorvIT", "Benchmark"),
        ("Closed-source multimodal systems like QuorvexStudio lead the field.", "QuorvexStudio", "Model"),
        ("All weights are initialized from QuorvexFlow.", "QuorvexFlow", "Model"),
        ("We introduce QuorvEval, an evaluation metric developed with experts.", "QuorvEval", "Method"),
        ("We present Quorvex, a programming model for agents.", "Quorvex", "Method"),
    ],
)
def test_what_is_said_beside_a_name_tells_its_kind(
    extractor: Extractor, abstract: str, name: str, label: str
) -> None:
    assert named(extractor, abstract)[name] == label


def test_a_framework_stays_a_method_though_models_are_trained_with_it(extractor: Extractor) -> None:
    found = named(
        extractor,
        "We propose QuorvCorrect, a two-stage framework that lets a large model correct a small one. "
        "Our QuorvCorrect-7B model outperforms all 7B models.",
        "QuorvCorrect: Correcting Language Models",
    )
    assert found["QuorvCorrect"] == "Method"


def test_a_technical_report_is_of_a_model(extractor: Extractor) -> None:
    found = named(
        extractor,
        "We present Quorvex, a foundation agent for phones. Quorvex combines sandboxes and data.",
        "Quorvex Technical Report",
    )
    assert found["Quorvex"] == "Model"


def test_benchmarks_of_a_task_do_not_make_the_task_a_name(extractor: Extractor) -> None:
    assert "VideoQA" not in named(extractor, "We evaluate the encoder on three VideoQA benchmarks.")


def test_what_follows_benchmarks_or_accelerators_is_of_that_kind(extractor: Extractor) -> None:
    found = named(
        extractor,
        "It wins on the reasoning benchmarks QUORV and QuorvexSet and beats prior accelerators QVX and QuorvexCore.",
    )
    assert {found.get("QuorvexSet"), found.get("QUORV")} == {"Benchmark"}
    assert {found.get("QVX"), found.get("QuorvexCore")} == {"Hardware"}


def test_a_dataset_to_train_with_is_not_called_by_the_training(extractor: Extractor) -> None:
    assert "SFT" not in named(extractor, "We build a pipeline and construct a large-scale SFT dataset.")


def test_a_sentence_that_begins_without_a_blank_ends_the_name_before_it(extractor: Extractor) -> None:
    found = named(extractor, "Others lean on models like GPT-4.In this work, we measure them.")
    assert "GPT-4" in found and not any(name.startswith("GPT-4.") for name in found)
