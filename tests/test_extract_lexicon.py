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
