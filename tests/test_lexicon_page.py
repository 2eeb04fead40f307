"""The page on lexicons says what the code does: the example, every table, every key, every rule."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from citegraph.graph.errors import InputError
from citegraph.loaders.extract import Extractor, Lexicon
from citegraph.queries.forms import RULES

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "lexicon.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "examples" / "lexicon.toml"
TABLES = ["family", "benchmark", "hardware", "class", "method"]
NO_NAMES = {"address", "measure", "result"}
"""Rules that find no names, or none that stay."""


def test_the_page_shows_the_example_as_it_is():
    (shown,) = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.M | re.S)
    assert shown == EXAMPLE.read_text(encoding="utf-8")


@pytest.mark.parametrize("table", TABLES)
def test_every_table_and_every_key_it_may_have_is_on_the_page(tmp_path, table):
    assert f"[[{table}]]" in EXAMPLE.read_text(encoding="utf-8")
    file = tmp_path / "asks.toml"
    file.write_text(f'[[{table}]]\nname = "x"\nno_such_key = 1\n')
    with pytest.raises(InputError) as error:
        Lexicon.load(file, default=False)
    keys = str(error.value).partition("it may have ")[2].rstrip(".").split(", ")
    assert "name" in keys and "aliases" in keys
    missing = [key for key in keys if not re.search(rf"`{key}\b|\[\[{table}\.{key}\]\]", PAGE)]
    assert missing == []


def test_every_rule_that_finds_names_is_told_in_words_on_the_page():
    sources = (ROOT / "loaders" / "extract").glob("*.py")
    rules = {rule for path in sources for rule in re.findall(r'"([a-z-]+)@\d+"', path.read_text())}
    assert rules - NO_NAMES <= set(RULES)
    assert [rule for rule, meaning in RULES.items() if f"| `{rule}` | {meaning} |" not in PAGE] == []


def test_what_the_page_says_of_case_blanks_and_hyphens_is_so():
    extractor = Extractor(Lexicon.load(EXAMPLE))
    for written in ("TarnBench", "Tarn-Bench", "Tarn Bench"):
        assert "benchmark:tarnbench" in {
            m.id for m in extractor.extract("T", f"We evaluate on {written}.").mentions
        }


def test_an_exact_name_that_is_a_word_too_counts_only_as_written_and_in_context():
    extractor = Extractor(Lexicon.load(EXAMPLE))
    for text, found in (
        ("We prune with the SCREE method on GSM8K.", True),
        ("We walk over scree on GSM8K.", False),
    ):
        assert ("method:scree" in {m.id for m in extractor.extract("T", text).mentions}) is found
