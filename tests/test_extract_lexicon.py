"""Lexicon files: what they may hold, and what is said about one that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from citegraph.graph.errors import InputError
from citegraph.graph.schema import EDGES, NODES, check_node
from citegraph.loaders.extract import Extractor, Lexicon


def write(path: Path, text: str) -> Path:
    file = path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_lexicon_of_ones_own_is_found_in_texts(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        """
        [[family]]
        name = "Brumo"
        organization = "Fog Works"
        style = "join"
        [[family.alias]]
        name = "mist-one"
        of = "Brumo1"
        [[method]]
        name = "thread weaving"
        generic = true
        [[benchmark]]
        name = "KelpBench"
        kind = "benchmark"
        tasks = ["ocean reading"]
        [[hardware]]
        name = "Fog F1"
        vendor = "Fog Works"
        kind = "NPU"
        [[class]]
        name = "NPU"
        """,
    )
    found = Extractor(Lexicon.load(file, default=False)).extract(
        "x", "We use Brumo3-7B and mist-one with thread weaving on KelpBench, run on a Fog F1."
    )
    assert {m.id for m in found.mentions} == {
        "model:brumo3", "model:brumo1", "method:thread-weaving", "benchmark:kelpbench", "hardware:fog-f1",
    }  # fmt: skip
    facts = {(fact.type, fact.target) for m in found.mentions for fact in m.facts}
    assert {
        ("MEASURES", "task:ocean-reading"),
        ("KIND_OF", "hardware:npu"),
        ("MADE_BY", "organization:fog-works"),
    } <= facts


def mentions(folder: Path, lexicon: str, abstract: str) -> dict[str, tuple[str, ...]]:
    """Read an abstract with a lexicon beside that of citegraph: node ids and the words that name them."""
    found = Extractor(Lexicon.load(write(folder, lexicon))).extract("A Title of Words", abstract)
    return {m.id: tuple(span.text for span in m.spans) for m in found.mentions}


def test_a_name_that_citegraph_knows_as_one_type_is_what_ones_own_lexicon_says(tmp_path: Path) -> None:
    found = mentions(tmp_path, '[[method]]\nname = "GSM8K"', "We use GSM8K and GSM-8K.")
    assert found == {"method:gsm8k": ("GSM8K", "GSM-8K")}


def test_an_alias_leads_to_the_entry_that_lists_it_last_and_the_other_keeps_its_own(tmp_path: Path) -> None:
    lexicon = '[[method]]\nname = "Green Adapter"\naliases = ["LoRA"]'
    found = mentions(tmp_path, lexicon, "We compare LoRA with low-rank adaptation.")
    assert found == {"method:green-adapter": ("LoRA",), "method:lora": ("low-rank adaptation",)}


def test_an_alias_for_a_known_thing_leaves_all_else_known_of_it(tmp_path: Path) -> None:
    file = write(tmp_path, '[[benchmark]]\nname = "GSM8K"\naliases = ["school sums"]')
    found = Extractor(Lexicon.load(file)).extract("T", "We evaluate on school sums and on GSM-8K.")
    (mention,) = found.mentions
    assert [span.text for span in mention.spans] == ["school sums", "GSM-8K"]
    assert [fact.type for fact in mention.facts] == ["MEASURES"]
    assert mention.properties == {"kind": "benchmark"}


def test_a_family_may_be_made_of_what_was_a_benchmark(tmp_path: Path) -> None:
    found = mentions(tmp_path, '[[family]]\nname = "MMLU"', "We train MMLU and MMLU-2-7B.")
    assert set(found) == {"model:mmlu", "model:mmlu-2"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[[method]\nname = 1", "not valid TOML"),
        ("[[gadget]]\nname = 'x'", r"\[\[gadget\]\] is no table of a lexicon"),
        ("[method]\nname = 'x'", r"write \[\[method\]\] in double brackets"),
        ("[[method]]\naliases = ['x']", r"\[\[method\]\] number 1 has no name"),
        ("[[method]]\nname = 'x'\nalias = ['y']", "the key 'alias' is unknown"),
        ("[[method]]\nname = 'x'\ngeneric = 'yes'", "generic must be true or false"),
        ("[[benchmark]]\nname = 'x'\nkind = 'toy'", "kind must be one of"),
        ("[[family]]\nname = 'x'\naliases = 'y'", "aliases must be a list of text"),
        ("[[family]]\nname = 'x'\n[[family.alias]]\nname = 'y'", "an alias needs exactly"),
    ],
)
def test_a_faulty_file_is_refused_with_place_and_reason(tmp_path: Path, text: str, complaint: str) -> None:
    file = write(tmp_path, text)
    with pytest.raises(InputError, match=complaint) as error:
        Lexicon.load(file)
    assert str(file) in str(error.value)
    assert "\n" not in str(error.value).replace(str(file), "")


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        Lexicon.load(tmp_path / "none.toml")


def test_what_comes_with_the_package_fits_the_schema() -> None:
    lexicon = Lexicon.load()
    assert lexicon.entries and lexicon.families
    for entry in lexicon.entries:
        check_node(entry.id, entry.label, {**entry.properties, "name": entry.name})
        for fact in entry.facts:
            assert (entry.label, fact.target_label) in EDGES[fact.type].pairs
            assert fact.target.partition(":")[0] in NODES[fact.target_label].prefix


def test_a_family_may_say_when_its_name_is_not_meant(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        """
        [[family]]
        name = "KLM"
        style = "space"
        models = ["KLM", "KLM Reef"]
        unless = ["kelp layer machine"]
        [[family.alias]]
        name = "Reef"
        of = "KLM Reef"
        version = true
        """,
    )
    extractor = Extractor(Lexicon.load(file, default=False))

    def models(text: str) -> list[str]:
        return [m.id for m in extractor.extract("x", text).mentions if m.label == "Model"]

    assert models("We use KLM and Reef 4.") == ["model:klm", "model:klm-reef-4"]
    assert models("We use a kelp layer machine, the KLM, on a Reef.") == []
