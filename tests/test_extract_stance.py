"""The learned judgement on how a paper stands to a method or model, and the script that trains it."""

from __future__ import annotations

import importlib.util
import json
import random
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from citegraph.graph.schema import RELATIONS
from citegraph.loaders.extract import Extractor
from citegraph.loaders.extract.linear import DATA, LinearModel
from citegraph.loaders.extract.relating import signs
from citegraph.loaders.extract.relating.stance import KINDS, MAKES, decide, fold
from citegraph.loaders.extract.words import word_set

from .conftest import shared

WEIGHTS = DATA / "relations.json"


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def relation(extractor: Extractor, title: str, abstract: str, node: str) -> str:
    return {m.id: m.relation for m in extractor.extract(title, abstract).mentions}[node]


# --- what it decides ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "abstract", "node", "expected"),
    [
        (
            "Loomix: Weaving Long Texts with Mamba",
            "We propose Loomix, an architecture that combines Mamba blocks with sliding windows.",
            "method:mamba",
            "BUILDS_ON",
        ),
        (
            "What Do Readers Want?",
            "We study how readers take summaries. We compare summaries by GPT-4 and Mistral on letters.",
            "model:mistral",
            "USES",
        ),
        (
            "Loomix: Threads",
            "We propose Loomix, a method. On letters, Loomix outperforms both GPTQ and AWQ by two points.",
            "method:awq",
            "COMPARED_WITH",
        ),
        (
            "Loomix: Threads",
            "Large models such as GPT-4 cost much energy. We propose Loomix, a method for small ones.",
            "model:gpt-4",
            "MENTIONS",
        ),
        (
            "Loomix: Threads",
            "We propose Loomix, a method for text. Experiments on LLaMA-2 and Mistral show that it is fast.",
            "model:llama-2",
            "USES",
        ),
    ],
)
def test_places_and_paper_are_weighed(
    extractor: Extractor, title: str, abstract: str, node: str, expected: str
) -> None:
    assert relation(extractor, title, abstract, node) == expected


def test_one_text_has_one_answer(extractor: Extractor) -> None:
    title = "Loomix: Weaving Long Texts with Mamba"
    abstract = "We propose Loomix, built on Mamba and LoRA. It beats GPTQ on GSM8K using LLaMA-2 on an A100."
    assert extractor.extract(title, abstract) == Extractor().extract(title, abstract)


def test_confidence_is_a_probability_and_higher_where_the_text_is_plain(extractor: Extractor) -> None:
    plain = extractor.extract(
        "Loomix", "We propose Loomix, a method. It outperforms GPTQ and AWQ on letters."
    )
    sure = {m.id: m.confidence for m in plain.mentions}
    assert all(0 < confidence <= 1 for confidence in sure.values())
    vague = extractor.extract("Loomix", "Through GPTQ, letters shrink. We propose Loomix, a method.")
    assert sure["method:gptq"] > {m.id: m.confidence for m in vague.mentions}["method:gptq"]


# --- the weights -------------------------------------------------------------------------------------------


def test_the_shipped_weights_are_well_formed() -> None:
    model = LinearModel.read(WEIGHTS)
    assert set(model.labels) <= set(RELATIONS) - {"PROPOSES"}
    assert len(model.bias) == len(model.labels) == 4
    assert all(len(row) == 4 and all(abs(value) < 10 for value in row) for row in model.weights.values())
    assert list(model.weights) == sorted(model.weights)
    assert WEIGHTS.stat().st_size < 100_000


def test_the_shipped_weights_hold_no_word_of_any_text() -> None:
    groups = {group for table in (signs.CUES, signs.BEFORE, signs.AFTER) for group in table.values()}
    natures = {*signs.NATURES.values(), *signs.HEADS.values(), "other"}
    cues = {"PROPOSE", "CALLED", "COMPARE", "BUILD", "USE", "END", "ON", "TRAIN", "none"}
    words = {*groups, *natures, *cues, *RELATIONS, *signs.PREPOSITIONS, *KINDS, *MAKES}
    words |= word_set("""
    a the old new t b o tb to bo tbo own we propose others compare last first far begin stop bound noun based s such
    list title plain before after end zones owned behind vote rule nature known unknown extended paper survey study
    bench makes Method Model Benchmark Hardware
    """)
    for feature in LinearModel.read(WEIGHTS).weights:
        assert set(re.findall(r"[A-Za-z_]+", feature)) <= words, feature


def test_the_order_of_features_does_not_matter() -> None:
    groups, labels = fold(LinearModel.read(WEIGHTS))
    where = "Method|thing"
    features = random.Random(7).sample(sorted(groups[where]), 60)
    answers = {decide(groups, labels, where, random.Random(i).sample(features, 60)) for i in range(20)}
    assert len(answers) == 1


def test_weights_of_all_of_a_kind_and_of_a_case_add_up() -> None:
    rows = {
        "x": (1.0, 0.0, 0.0, 0.0),
        "Model|x": (0.5, 0.0, 0.0, 0.25),
        "Model|thing|x": (0.0, 0.1, 0.0, 0.0),
    }
    groups, labels = fold(LinearModel(("A", "B", "C", "D"), (0.0, 0.0, 0.0, 0.0), rows))
    assert groups["Model|thing"]["x"] == (150, 10, 0, 25)
    assert groups["Model|data"]["x"] == (150, 0, 0, 25)
    assert groups["Method|thing"]["x"] == (100, 0, 0, 0)
    assert decide(groups, labels, "Method|thing", ["x", "never seen"])[0] == "A"


# --- the training ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def training() -> ModuleType:
    pytest.importorskip("sklearn", reason="training needs scikit-learn")
    path = Path(__file__).parents[1] / "scripts" / "train_relations.py"
    spec = importlib.util.spec_from_file_location("train_relations", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["train_relations"] = module
    spec.loader.exec_module(module)
    return module


SAYINGS = {
    "COMPARED_WITH": "It outperforms {} on letters.",
    "BUILDS_ON": "It is built on top of {} with care.",
    "USES": "We tune it using {} throughout.",
}


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """Annotated papers whose relations follow from one sentence each."""
    path = tmp_path / "gold.jsonl"
    rows: list[dict[str, Any]] = []
    for name in ("GPTQ", "AWQ", "LoRA", "DPO", "Mamba", "QLoRA"):
        for expected, saying in SAYINGS.items():
            abstract = f"We propose Loomix, a method for text. {saying.format(name)}"
            entity = {"type": "Method", "canonical": name, "mentions": [name], "relation": expected}
            rows.append({"id": f"{name} {expected}", "title": "On Threads", "abstract": abstract})
            rows[-1]["entities"] = [entity]
        abstract = f"Since {name} came, texts grew. We propose Loomix, a method for text."
        entity = {"type": "Method", "canonical": name, "mentions": [name], "relation": "MENTIONS"}
        rows.append({"id": f"{name} -", "title": "On Threads", "abstract": abstract, "entities": [entity]})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_training_learns_what_annotators_say(training: ModuleType, gold: Path, tmp_path: Path) -> None:
    out = tmp_path / "weights.json"
    training.main([str(gold), "-o", str(out), "--strength", "5"])
    examples = training.examples(training.papers(gold))
    assert len(examples) == 24
    groups, labels = fold(LinearModel.read(out))
    assert all(decide(groups, labels, e.where, e.features)[0] == e.relation for e in examples)


def test_training_twice_writes_the_same_file(training: ModuleType, gold: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        training.main([str(gold), "-o", str(tmp_path / name)])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_training_says_how_right_it_is_on_papers_it_has_not_seen(
    training: ModuleType, gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "weights.json"
    training.main([str(gold), "-o", str(out), "--check", "4"])
    assert "24 examples: rules " in capsys.readouterr().out
    assert not out.exists()


def test_the_shipped_weights_are_those_of_the_script(training: ModuleType) -> None:
    examples = training.examples(training.papers(shared("eval/gold_dev.jsonl")))
    groups, labels = fold(LinearModel.read(WEIGHTS))
    anew = training.learn(examples, training.STRENGTH)
    assert tuple(anew.labels) == labels
    groups_anew, _ = fold(anew)
    same = sum(
        decide(groups, labels, e.where, e.features)[0] == decide(groups_anew, labels, e.where, e.features)[0]
        for e in examples
    )
    assert same > 0.93 * len(examples)
