"""The numbers a paper claims for itself: value, metric, direction, and what they are of, on and against."""

from __future__ import annotations

import pytest
from effort import growth

from citegraph.graph.records import ResultClaim
from citegraph.loaders.extract import Extractor


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def read(extractor: Extractor, sentence: str) -> tuple[ResultClaim, ...]:
    return extractor.extract("x", f"We propose Loomix, a method for text. {sentence}").results


def said(claim: ResultClaim) -> str:
    unit = claim.unit or ""
    return f"{claim.metric}: {claim.value}{unit if unit in ('', '%', 'x') else ' ' + unit}"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        # the noun after the number
        ("Loomix achieves a 2.7x latency speedup.", ["latency speedup: 2.7x"]),
        ("Loomix achieves a 2.7$\\times$ speedup.", ["speedup: 2.7x"]),
        ("Loomix gives 12\\% absolute accuracy improvement.", ["absolute accuracy improvement: 12%"]),
        ("Loomix reaches 6.72 perplexity.", ["perplexity: 6.72"]),
        ("Loomix shows a 30% reduction in energy consumption.", ["energy consumption reduction: 30%"]),
        ("Loomix delivers 3x higher throughput.", ["throughput improvement: 3x"]),
        ("Loomix needs 39% fewer parameters.", ["parameter reduction: 39%"]),
        ("Loomix has 3x faster inference speed.", ["inference speedup: 3x"]),
        ("Loomix is 26x cheaper than others.", ["cost reduction: 26x"]),
        ("Loomix is 5x more computationally efficient.", ["efficiency: 5x"]),
        # the noun before the number
        ("Loomix obtains a win rate of 76%.", ["win rate: 76%"]),
        ("Loomix obtains an F1 score as high as 71.5.", ["F1 score: 71.5"]),
        ("Loomix obtains superior accuracy (54.0%).", ["accuracy: 54.0%"]),
        ("Loomix sees reductions of up to 90% in toxicity.", ["toxicity reduction: 90%"]),
        # by how much a verb changes its object
        (
            "It reduces memory by 50\\% and improves accuracy from 29.1 to 32.0.",
            ["memory reduction: 50%", "accuracy: 32.0"],
        ),
        ("It reduces the peak memory footprint of a layer by 8x.", ["peak memory footprint reduction: 8x"]),
        ("It speeds up decoding by up to 3 times.", ["decoding speedup: 3x"]),
        ("It improves sample efficiency by 4x and recall by 6x.",
         ["sample efficiency improvement: 4x", "recall improvement: 6x"]),
        ("It outperforms the strongest baseline by 3.2 points in accuracy.", ["accuracy improvement: 3.2 points"]),
        ("It outperforms the strongest baseline by 3.2 accuracy points.", ["accuracy improvement: 3.2 points"]),
        # said once for several numbers
        ("It improves perplexity by 5.6 and 22.7 points.",
         ["perplexity improvement: 5.6 points", "perplexity improvement: 22.7 points"]),
        ("It reaches an accuracy of 77.7% on PIQA and 66.1% on GSM8K.", ["accuracy: 77.7%", "accuracy: 66.1%"]),
        ("It yields 4x communication and 2x latency reduction.",
         ["communication reduction: 4x", "latency reduction: 2x"]),
        # ranges, signs and words
        ("It lowers latency by 10.4-18.6%.", ["latency reduction: 10.4-18.6%"]),
        ("It achieves +3.2% on GSM8K.", ["improvement: +3.2%"]),
        ("It offers a tenfold speedup.", ["speedup: tenfold"]),
        ("It cuts latency by an order of magnitude.", ["latency reduction: an order of magnitude"]),
        ("It is three times faster than others.", ["speedup: three times"]),
        ("It surpasses others in accuracy by an average of 6.2%.", ["accuracy improvement: 6.2%"]),
        ("It outperforms others by 26.8 perplexity.", ["perplexity improvement: 26.8"]),
        ("It obtains a Word Error Rate (WER) of just 0.8%.", ["Word Error Rate: 0.8%"]),
        ("It reaches 25% R@0.5 and 40% mAP.", ["R@0.5: 25%", "mAP: 40%"]),
        ("With a 20% token budget it increases throughput by 4.7x.", ["throughput increase: 4.7x"]),
        # a share
        ("It matches them while using only 0.4% of the training tokens.", ["training tokens: 0.4%"]),
        # where nothing is named, the unit says what is measured
        ("It decodes at up to 71 tokens/s.", ["throughput: 71 tokens/s"]),
        ("It reaches 82.1% on GSM8K.", ["score: 82.1%"]),
    ],
)  # fmt: skip
def test_a_number_is_said_of_the_metric_it_belongs_to(
    extractor: Extractor, sentence: str, expected: list[str]
) -> None:
    found = read(extractor, sentence)
    assert [said(claim) for claim in found] == expected
    assert all(len(claim.quote.text.split()) <= 15 for claim in found)


@pytest.mark.parametrize(
    "sentence",
    [
        "We train a model with 7B parameters on 300 tasks in 12 languages.",
        "We release 1.2 million pairs and 45,000 images for training.",
        "We evaluate at 50% sparsity.",
        "We improve it with 8 x A100 GPUs over 3 days.",
        "It improves on version 2.1 from 2023.",
        "It supports contexts of 128K tokens.",
        "It improves (1) speed, (2) memory, and (3) accuracy.",
        "It outperforms a 4x larger model.",
        "It accelerates generation by orders of magnitude.",
        "It improves on text in every respect.",
    ],
)
def test_a_number_that_measures_nothing_is_no_result(extractor: Extractor, sentence: str) -> None:
    assert read(extractor, sentence) == ()


def test_numbers_before_the_paper_speaks_of_itself_are_no_results(extractor: Extractor) -> None:
    text = (
        "Existing tools reach an accuracy of 61%. We propose Loomix, a method. It reaches an accuracy of 72%."
    )
    assert [claim.value for claim in extractor.extract("x", text).results] == ["72"]


@pytest.mark.parametrize(
    ("sentence", "value", "baseline"),
    [
        ("It improves accuracy from 29.1 to 32.0.", "32.0", "29.1"),
        ("It improves accuracy from 29.1% to 32.0%.", "32.0", "29.1%"),
        ("It reaches higher accuracy (50.4% vs. 48.1%).", "50.4", "48.1%"),
        ("It reaches an accuracy of 54.0%, surpassing GPT-4 (50.2%).", "54.0", "50.2%"),
        ("It yields 100% precision, compared with 88.3% without it.", "100", "88.3%"),
        ("It reaches an accuracy of 71% (previously 52%).", "71", "52%"),
    ],
)
def test_what_a_number_is_compared_with_is_its_baseline(
    extractor: Extractor, sentence: str, value: str, baseline: str
) -> None:
    assert [(claim.value, claim.baseline) for claim in read(extractor, sentence)] == [(value, baseline)]


@pytest.mark.parametrize(
    ("sentence", "better"),
    [
        ("It reaches an accuracy of 71.0%.", True),
        ("It reaches a perplexity of 6.7.", False),
        ("It reaches an error rate of 6.7%.", False),
        ("It runs with a latency of 85 ms.", False),
        ("It reduces latency by 40%.", True),
        ("It gives a 2x speedup.", True),
        ("It has an accuracy drop of 0.5%.", False),
        ("It increases accuracy by 4%.", True),
        ("It reaches an FID score of 0.63.", False),
        ("It reaches a success rate of 71%.", True),
        ("It reaches an attack success rate of 3%.", False),
        ("It has a 3x lower collision rate.", True),
        ("It reaches a wobble of 71.0%.", None),
    ],
)
def test_the_direction_follows_from_the_metric_and_its_change(
    extractor: Extractor, sentence: str, better: bool | None
) -> None:
    assert [claim.higher_is_better for claim in read(extractor, sentence)] == [better]


def test_a_claim_is_linked_to_what_its_sentence_names(extractor: Extractor) -> None:
    (claim,) = read(extractor, "It improves accuracy on GSM8K by 4.2% compared with QLoRA on an NVIDIA A100.")
    assert (claim.of, claim.on, claim.against, claim.hardware) == (
        "method:loomix",
        "benchmark:gsm8k",
        "method:qlora",
        "hardware:nvidia-a100",
    )
    assert said(claim) == "accuracy improvement: 4.2%"


def test_numbers_and_benchmarks_in_equal_lists_are_paired_in_order(extractor: Extractor) -> None:
    found = read(
        extractor,
        "It reaches accuracies of 71.2%, 64.5% and 33.0% on GSM8K, MMLU and HumanEval, respectively.",
    )
    assert [(claim.value, claim.on) for claim in found] == [
        ("71.2", "benchmark:gsm8k"),
        ("64.5", "benchmark:mmlu"),
        ("33.0", "benchmark:humaneval"),
    ]


def test_numbers_and_rivals_in_equal_lists_are_paired_in_order(extractor: Extractor) -> None:
    found = read(extractor, "It reaches win rates of 71% and 64% against GPT-4 and PaLM 2.")
    assert [(claim.value, claim.against) for claim in found] == [
        ("71", "model:gpt-4"),
        ("64", "model:palm-2"),
    ]


def test_each_number_is_on_the_benchmark_that_follows_it(extractor: Extractor) -> None:
    found = read(extractor, "It reaches 71.2% on GSM8K and 64.5% on MMLU.")
    assert [claim.on for claim in found] == ["benchmark:gsm8k", "benchmark:mmlu"]


def test_a_benchmark_named_first_holds_for_the_numbers_after_it(extractor: Extractor) -> None:
    found = read(extractor, "On GSM8K, it reaches an accuracy of 71.2% and a recall of 65.0%.")
    assert [claim.on for claim in found] == ["benchmark:gsm8k", "benchmark:gsm8k"]


def test_a_benchmark_named_after_the_last_of_several_numbers_holds_for_all(extractor: Extractor) -> None:
    found = read(extractor, "It gives 5x token efficiency and 4% accuracy improvement on GSM8K.")
    assert [claim.on for claim in found] == ["benchmark:gsm8k", "benchmark:gsm8k"]


def test_a_benchmark_in_a_metric_s_name_holds_for_that_number_alone(extractor: Extractor) -> None:
    found = read(
        extractor, "It reaches an ImageNet accuracy of 88.0%, a COCO box AP of 56.4 and a 2x speedup."
    )
    assert [claim.on for claim in found] == ["benchmark:imagenet", "benchmark:coco", None]


def test_a_gain_of_a_method_is_on_the_model_it_was_tried_on(extractor: Extractor) -> None:
    found = read(extractor, "It gives a 2.7x speedup on Vicuna and 1.9x on Mistral over QLoRA.")
    assert [(claim.of, claim.model) for claim in found] == [
        ("method:loomix", "model:vicuna"),
        ("method:loomix", "model:mistral"),
    ]


def test_a_model_that_changes_by_a_number_is_the_one_before_it(extractor: Extractor) -> None:
    found = read(extractor, "On GSM8K it improves Vicuna by 13.4 points and Mistral by 12.4 points.")
    assert [claim.model for claim in found] == ["model:vicuna", "model:mistral"]


def test_a_device_named_outweighs_a_class_of_devices(extractor: Extractor) -> None:
    (claim,) = read(extractor, "It saves GPU work, with a 2x speedup on an NVIDIA A100.")
    assert claim.hardware == "hardware:nvidia-a100"


def test_a_new_benchmark_is_what_the_scores_in_its_paper_are_on(extractor: Extractor) -> None:
    text = (
        "We introduce CountBench-X, a benchmark for counting. We find that GPT-4 reaches only 31.2% accuracy."
    )
    (claim,) = extractor.extract("x", text).results
    assert (claim.of, claim.on) == ("model:gpt-4", "benchmark:countbench-x")


def test_a_benchmark_of_another_sentence_is_not_taken(extractor: Extractor) -> None:
    found = read(extractor, "We evaluate on GSM8K. It gives a 2x speedup.")
    assert [claim.on for claim in found] == [None]


def test_a_study_without_a_method_of_its_own_says_its_numbers_of_the_models(extractor: Extractor) -> None:
    text = "We study how models count. We find that GPT-4 reaches an accuracy of 71.2%."
    assert [claim.of for claim in extractor.extract("x", text).results] == ["model:gpt-4"]


def test_digits_of_a_name_are_no_value(extractor: Extractor) -> None:
    assert [claim.value for claim in read(extractor, "It improves GPT-3.5 by 4.2% on AIME 2024.")] == ["4.2"]


def test_a_benchmark_with_its_number_in_brackets_is_what_the_number_is_on(extractor: Extractor) -> None:
    found = read(
        extractor, "It improves scores on benchmarks such as GSM8K (+8.1%), MMLU (+7%), and PIQA (+13.3%)."
    )
    assert [(claim.value, claim.on) for claim in found] == [
        ("+8.1", "benchmark:gsm8k"),
        ("+7", "benchmark:mmlu"),
        ("+13.3", "benchmark:piqa"),
    ]


@pytest.mark.parametrize("part", ["71.2%, ", "71.2% on GSM8K, ", "gains 3% by 2x (", "of = 5.0 vs. "])
def test_endless_sentences_of_numbers_are_read_in_linear_time(extractor: Extractor, part: str) -> None:
    def reading(times: int) -> None:
        read(extractor, "It reaches an accuracy of " + part * times)

    assert growth(reading, 100, 1600) < 64  # 16 if it is linear, 256 if it is quadratic
