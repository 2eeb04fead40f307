"""The curated lexicon is well formed: what ``loaders/extract/data`` says can be read, found and trusted."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import citegraph
from citegraph.loaders.extract.known.lexicon import KINDS, Lexicon
from citegraph.loaders.extract.known.matcher import Matcher
from citegraph.loaders.extract.text import Document

Row = dict[str, Any]

DATA = Path(citegraph.__file__).parent / "loaders" / "extract" / "data"
TABLES = {
    "models": {"family"},
    "benchmarks": {"benchmark"},
    "hardware": {"hardware", "class"},
    "methods": {"method"},
}
COMMON = {"name", "aliases", "ambiguous", "case"}
KEYS = {
    "family": COMMON | {"organization", "models", "style", "alias", "unless"},
    "benchmark": COMMON | {"kind", "tasks"},
    "hardware": COMMON | {"vendor", "kind"},
    "class": COMMON,
    "method": COMMON | {"generic", "everyday", "kind_of"},
}
CLASSES = ["GPU", "CPU", "FPGA", "TPU", "NPU", "Edge device", "Smartphone", "Microcontroller"]
HARDWARE_KINDS = {
    "GPU", "CPU", "TPU", "FPGA", "NPU", "SoC", "accelerator", "neuromorphic", "memory", "edge device", "smartphone",
    "microcontroller", "supercomputer", "computer", "tablet", "headset", "sensor", "robot",
}  # fmt: skip
NEVER = {
    "language model", "large language model", "llm", "llms", "lm", "deep learning", "machine learning",
    "neural network", "ai", "artificial intelligence", "nlp", "summarization", "question answering",
    "machine translation", "accuracy", "perplexity", "bleu", "rouge", "f1", "bertscore", "meteor", "fid", "auroc",
}  # fmt: skip
WORDS = {
    "apple", "arc", "aria", "atlas", "aurora", "based", "bird", "bold", "bridge", "chair", "common", "crepe", "dart",
    "dream", "drive", "drop", "droid", "eagle", "echo", "ethics", "falcon", "flamingo", "flux", "frames", "genie",
    "glow", "glue", "hawk", "helmet", "include", "infinity", "lever", "lime", "lion", "magpie", "mask", "massive",
    "math", "mercury", "mind", "monkey", "moses", "muse", "orca", "otter", "peer", "pet", "phi", "pile", "pink",
    "pope", "prism", "prophet", "race", "raft", "ray", "record", "replica", "rest", "ring", "rome", "scan", "sick",
    "slurp", "spice", "spider", "spin", "spring", "star", "steam", "step", "swag", "swallow", "tape", "tiger",
    "titan", "titanic", "viking", "ambient", "cursor", "voyager", "mooncake", "hyena", "medusa", "sequoia", "petals",
}  # fmt: skip


@cache
def tables(file: str) -> dict[str, list[Row]]:
    """Read one data file."""
    return tomllib.loads((DATA / f"{file}.toml").read_text(encoding="utf-8"))


def rows() -> Iterator[tuple[str, Row]]:
    """Every entry of every file with its table."""
    for file in TABLES:
        for table, entries in tables(file).items():
            for entry in entries:
                yield table, entry


def squeezed(name: str) -> str:
    """Bring a name to the form in which its spellings agree, as the matcher does."""
    return re.sub(r"[\s_-]+", "", name.lower())


def surfaces(entry: Row) -> set[str]:
    """Every distinct spelling that names an entry."""
    others = [alias["name"] for alias in entry.get("alias", [])]
    return {
        squeezed(name)
        for name in (entry["name"], *entry.get("aliases", []), *entry.get("models", []), *others)
    }


def label(table: str) -> str:
    """The type of node an entry becomes."""
    return "hardware" if table == "class" else table


def test_the_data_files_hold_only_the_tables_of_their_topic() -> None:
    assert {path.stem for path in DATA.glob("*.toml")} == set(TABLES)
    for file, expected in TABLES.items():
        assert set(tables(file)) == expected


def test_every_entry_has_a_name_and_only_known_keys() -> None:
    for table, entry in rows():
        assert entry["name"].strip(), entry
        assert set(entry) <= KEYS[table], entry["name"]
        assert entry.get("case", "exact") == "exact", entry["name"]


def test_no_text_is_empty_or_padded() -> None:
    for _, entry in rows():
        for key in ("aliases", "models", "tasks", "kind_of"):
            assert all(text and text == text.strip() for text in entry.get(key, [])), entry["name"]
        for key in ("name", "organization", "vendor", "kind"):
            assert entry.get(key, "-") == entry.get(key, "-").strip() != "", entry["name"]


@pytest.mark.parametrize("kind", ["family", "benchmark", "hardware", "method"])
def test_no_spelling_names_two_things_of_one_type(kind: str) -> None:
    owners: dict[str, set[str]] = {}
    seen: Counter[str] = Counter()
    for table, entry in rows():
        if label(table) == kind:
            seen[squeezed(entry["name"])] += 1
            for spelling in surfaces(entry):
                owners.setdefault(spelling, set()).add(entry["name"])
    assert [name for name, times in seen.items() if times > 1] == []
    assert {spelling: names for spelling, names in owners.items() if len(names) > 1} == {}


def test_no_spelling_is_listed_twice_in_one_entry() -> None:
    for _, entry in rows():
        written = [entry["name"], *entry.get("aliases", [])]
        assert len(written) == len(set(written)), entry["name"]
        assert len(entry.get("models", [])) == len({squeezed(m) for m in entry.get("models", [])}), entry[
            "name"
        ]


def test_no_entry_is_a_common_noun_of_the_field_a_task_or_a_metric() -> None:
    named = {name.lower() for _, entry in rows() for name in (entry["name"], *entry.get("aliases", []))}
    assert named & NEVER == set()


def test_names_that_are_also_words_need_context_or_their_exact_case() -> None:
    loose = [
        entry["name"]
        for _, entry in rows()
        if entry["name"].lower() in WORDS and not entry.get("ambiguous") and not entry.get("case")
    ]
    assert loose == []


def test_every_family_lists_its_models_and_how_a_version_follows() -> None:
    for family in tables("models")["family"]:
        assert family["models"], family["name"]
        assert family["style"] in ("space", "hyphen", "join"), family["name"]


def test_an_alias_of_a_model_leads_to_a_model_of_its_family() -> None:
    for family in tables("models")["family"]:
        for alias in family.get("alias", []):
            assert alias["of"] in family["models"], (family["name"], alias)


def test_a_canonical_model_name_carries_no_size() -> None:
    sized = re.compile(r"[ -]\d+(?:\.\d+)?[bBM](?:[ -]|$)")
    models = [
        model
        for family in tables("models")["family"]
        for model in family["models"]
        if model != family["name"]
    ]
    assert [model for model in models if sized.search(model)] == []


def test_every_benchmark_says_what_it_is_and_what_it_measures() -> None:
    for benchmark in tables("benchmarks")["benchmark"]:
        assert benchmark["kind"] in KINDS, benchmark["name"]
        assert benchmark["tasks"], benchmark["name"]


def test_every_device_has_a_vendor_and_a_kind() -> None:
    for device in tables("hardware")["hardware"]:
        assert device["vendor"], device["name"]
        assert device["kind"] in HARDWARE_KINDS, device["name"]


def test_the_device_classes_are_those_of_the_schema() -> None:
    assert [entry["name"] for entry in tables("hardware")["class"]] == CLASSES


def test_every_kind_of_leads_to_a_method_of_the_lexicon() -> None:
    methods = tables("methods")["method"]
    names = {method["name"] for method in methods}
    lost = {(m["name"], kind) for m in methods for kind in m.get("kind_of", []) if kind not in names}
    assert lost == set()


def test_the_taxonomy_of_methods_has_no_circle() -> None:
    parents = {m["name"]: m.get("kind_of", []) for m in tables("methods")["method"]}
    done: set[str] = set()

    def climb(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join((*path, name))
        if name not in done:
            for parent in parents[name]:
                climb(parent, (*path, name))
            done.add(name)

    for name in parents:
        climb(name, ())


def test_the_taxonomy_leads_from_a_named_method_up_to_its_classes() -> None:
    parents = {m["name"]: m.get("kind_of", []) for m in tables("methods")["method"]}

    def above(name: str) -> set[str]:
        return {name}.union(*(above(parent) for parent in parents[name]))

    assert {"LoRA", "parameter-efficient fine-tuning", "quantization"} <= above("QLoRA")
    assert {"post-training quantization", "quantization", "model compression"} <= above("GPTQ")
    assert {"FlashAttention", "attention kernel"} <= above("FlashAttention-2")


def test_a_technique_class_is_never_a_kind_of_a_named_method_other_than_an_architecture() -> None:
    methods = {m["name"]: m for m in tables("methods")["method"]}
    odd = {
        (name, parent)
        for name, method in methods.items()
        if method["generic"]
        for parent in method.get("kind_of", [])
        if not methods[parent]["generic"]
    }
    assert {parent for _, parent in odd} <= {"Transformer"}


@pytest.mark.parametrize(
    ("file", "table", "least"),
    [
        ("models", "family", 200),
        ("benchmarks", "benchmark", 700),
        ("hardware", "hardware", 150),
    ],
)
def test_the_lexicon_is_broad(file: str, table: str, least: int) -> None:
    assert len(tables(file)[table]) >= least


def test_the_methods_hold_both_named_ones_and_technique_classes() -> None:
    counts = Counter(method["generic"] for method in tables("methods")["method"])
    assert counts[False] >= 4500
    assert counts[True] >= 850


def test_only_a_technique_class_is_everyday() -> None:
    odd = [m["name"] for m in tables("methods")["method"] if m.get("everyday") and not m["generic"]]
    assert odd == []


def test_every_entry_is_found_as_itself_when_a_sentence_says_its_name() -> None:
    lexicon = Lexicon.load()
    matcher = Matcher(lexicon)
    missed = []
    for entry in lexicon.entries:
        found: set[str] = set()
        for noun in ("", " dataset"):  # Alpaca is a model, "the Alpaca dataset" is not
            hits, _ = matcher.scan(Document("A title", f"Here {entry.name}{noun} is used by us."))
            found.update(hit.id for hit in hits)
        if entry.id not in found:
            missed.append(entry.name)
    assert missed == []


def test_every_model_is_read_as_itself_when_a_sentence_says_its_name() -> None:
    lexicon = Lexicon.load()
    matcher = Matcher(lexicon)
    missed = []
    for family in lexicon.families:
        for model in family.models:
            hits, _ = matcher.scan(Document("A title", f"Here {model} is used by us."))
            if model not in {hit.name for hit in hits if hit.label == "Model"}:
                missed.append(model)
    assert missed == []


def test_the_taxonomy_of_named_methods_reaches_across_the_field() -> None:
    methods = {m["name"]: m for m in tables("methods")["method"]}
    kinds = {
        "Smith-Waterman": None,
        "FedSGD": "federated learning",
        "Kaiming initialization": "weight initialization",
        "HNSW": "approximate nearest neighbor search",
        "Mip-Splatting": "Gaussian splatting",
        "Tree-Ring": "watermarking",
        "Conjugate gradient": "stochastic optimization",
    }
    for name, kind in kinds.items():
        assert not methods[name]["generic"]
        assert kind is None or kind in methods[name].get("kind_of", []), name


@pytest.mark.parametrize(
    "sentence",
    [
        "Diverse steps are simple, compact and less almost pass the cloud.",
        "A search over chips broadens coders at each step to RL.",
        "We deepen and foster fast video with mobile diffusion and ternary weights.",
        "Neural processes and circuit breakers protect dense diffusion and layer caches.",
    ],
)
def test_ordinary_words_are_no_named_methods(sentence: str) -> None:
    hits, _ = Matcher(Lexicon.load()).scan(Document("A title", sentence))
    assert [hit.name for hit in hits if hit.label == "Method" and not hit.properties["generic"]] == []
