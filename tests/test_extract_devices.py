"""Devices and benchmarks by morphology: counts, classes, later devices of a line, later editions of a benchmark."""

from __future__ import annotations

import pytest

from citegraph.graph.records import Mention
from citegraph.loaders.extract import Extractor


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def found(extractor: Extractor, text: str, label: str) -> dict[str, Mention]:
    return {m.id: m for m in extractor.extract("A study", text).mentions if m.label == label}


@pytest.mark.parametrize(
    ("text", "node", "count"),
    [
        ("We train on 8xH100 GPUs.", "hardware:nvidia-h100", 8),
        ("We train on 8×A100-80GB nodes.", "hardware:nvidia-a100", 8),
        ("We train on 4 NVIDIA RTX 3090s.", "hardware:nvidia-rtx-3090", 4),
        ("We train on sixteen H100s.", "hardware:nvidia-h100", 16),
        ("We train on two 80GB A100 GPUs.", "hardware:nvidia-a100", 2),
        ("We train on a single consumer GPU.", "hardware:gpu", 1),
        ("We train on a 24 GB GPU.", "hardware:gpu", None),
        ("We train for 35,000 A100 GPU hours.", "hardware:nvidia-a100", None),
        ("We train for 642 H100 days.", "hardware:nvidia-h100", None),
    ],
)
def test_a_count_is_of_devices_not_of_memory_or_time(
    extractor: Extractor, text: str, node: str, count: int | None
) -> None:
    devices = found(extractor, text, "Hardware")
    assert list(devices) == [node]
    assert devices[node].count == count


@pytest.mark.parametrize("text", ["one A100 80G GPU", "one NVIDIA 4090 GPU", "one H100 (80GB) GPU"])
def test_the_class_behind_a_device_and_its_memory_is_no_second_device(
    extractor: Extractor, text: str
) -> None:
    devices = found(extractor, f"It takes a second on {text}.", "Hardware")
    assert len(devices) == 1
    assert "hardware:gpu" not in devices


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("Xiaomi 14 Pro", "hardware:xiaomi-14-pro"),
        ("Trainium 7", "hardware:aws-trainium-7"),
        ("RTX 4080 SUPER", "hardware:nvidia-rtx-4080-super"),
        ("RTX 7090", "hardware:nvidia-rtx-7090"),
        ("NVIDIA Jetson AGX Orin", "hardware:nvidia-jetson-agx-orin"),
    ],
)
def test_a_device_is_one_node_with_the_number_and_class_of_its_line(
    extractor: Extractor, text: str, node: str
) -> None:
    assert list(found(extractor, f"It takes a second on a {text}.", "Hardware")) == [node]


def test_a_number_of_parts_is_no_later_device(extractor: Extractor) -> None:
    assert list(found(extractor, "We use Xeon 32 cores.", "Hardware")) == ["hardware:intel-xeon"]


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ("There is great interest in bringing models to mobile devices.", ["hardware:smartphone"]),
        ("Large models are too costly for edge devices.", ["hardware:edge-device"]),
        ("It lowers GPU memory usage and the GPU requirements.", []),
        ("Deployment on resource-constrained devices is hard.", []),
    ],
)
def test_a_class_of_devices_counts_where_the_work_aims_at_it(
    extractor: Extractor, text: str, nodes: list[str]
) -> None:
    assert list(found(extractor, text, "Hardware")) == nodes


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ("We test on MMLU-Pro-R.", ["benchmark:mmlu-pro-r"]),
        ("We test on OSWorld-v7.", ["benchmark:osworld-v7"]),
        ("We test on ImageNet-64.", ["benchmark:imagenet"]),
        ("We test on AIME'24 and AIME25.", ["benchmark:aime-2024", "benchmark:aime-2025"]),
        ("It reaches 79.9% on QR4 and 31.2% on VXYS.", ["benchmark:qr4", "benchmark:vxys"]),
        ("We test on held-out Kelpset and four other benchmarks.", []),
        ("We test on KelpQuest and four transfer benchmarks.", ["benchmark:kelpquest"]),
    ],
)
def test_benchmarks_no_list_knows_are_read_from_their_line_and_from_what_is_measured_on_them(
    extractor: Extractor, text: str, nodes: list[str]
) -> None:
    assert list(found(extractor, text, "Benchmark")) == nodes


def test_a_model_no_list_knows_is_read_from_the_examples_it_stands_among(extractor: Extractor) -> None:
    models = found(extractor, "It adapts to existing video world models, such as BriarPlay.", "Model")
    assert list(models) == ["model:briarplay"]


def test_bench_behind_a_name_is_not_another_benchmark(extractor: Extractor) -> None:
    assert "benchmark:infinitebench" not in found(
        extractor, "We test on PERSONA Bench and others.", "Benchmark"
    )
