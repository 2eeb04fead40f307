"""The loaders there are, and how other packages add theirs."""

from __future__ import annotations

import doctest
import importlib
import importlib.metadata
from collections.abc import Iterator
from pathlib import Path

import pytest
from loading import read, read_text

from citegraph.graph.errors import InputError
from citegraph.graph.records import Paper
from citegraph.loaders import Document, Loader, Refusal, formats, open_inputs, registry


class Shopping:
    """A loader of another package: a title a line, below a line of its own."""

    name = "shopping-list"
    description = "titles to buy"

    def sniff(self, head: bytes, path: Path) -> bool:
        return head.startswith(b"To buy:")

    def read(self, document: Document) -> Iterator[Paper | Refusal]:
        for item in document.text_lines():
            if isinstance(item, Refusal):
                yield item
            elif item[0] > 1:
                yield Paper(title=item[1], line=item[0])


class FailsToSniff(Shopping):
    name = "fails-to-sniff"

    def sniff(self, head, path):
        raise RuntimeError("\x1b[31mno nose")


class FailsToRead(Shopping):
    name = "fails-to-read"

    def read(self, document):
        yield Paper(title="One")
        raise RuntimeError("no eyes")


class GivesOther(Shopping):
    name = "gives-other"

    def read(self, document):
        yield "a text"


@pytest.fixture
def install(monkeypatch):
    """Install loaders by name, as entry points; a text stands for an import that fails."""

    class Entry:
        def __init__(self, name, value):
            self.name, self.value, self._made = name, repr(value), value

        def load(self):
            if isinstance(self._made, str):
                raise ImportError(self._made)
            return self._made

    def with_plugins(**plugins):
        entries = [Entry(name.replace("_", "-"), value) for name, value in plugins.items()]
        monkeypatch.setattr(
            importlib.metadata, "entry_points", lambda group: entries if group == registry.GROUP else []
        )
        registry.plugins.cache_clear()

    yield with_plugins
    monkeypatch.undo()
    registry.plugins.cache_clear()


def test_every_loader_has_what_a_loader_needs():
    names = [loader.name for loader in formats()]
    assert len(set(names)) == len(names)
    assert all(name == name.lower().replace("_", "-") for name in names)
    assert all(isinstance(loader, Loader) and loader.description for loader in formats())


def test_an_unknown_format_is_an_error_that_suggests_what_was_meant():
    with pytest.raises(
        InputError, match=r"no format 'paper_jsonl'; did you mean papers-jsonl\? There are: hf-page"
    ):
        open_inputs(["x"], format="paper_jsonl")
    with pytest.raises(InputError, match=r"^There is no format 'xyz'; There are|no format 'xyz'"):
        open_inputs(["x"], format="xyz")


@pytest.mark.parametrize("made", [Shopping, Shopping()], ids=["class", "object"])
def test_a_plugin_reads_what_it_detects(install, tmp_path, made):
    install(shopping_list=made)
    papers, refusals = read_text(tmp_path, "To buy:\nOne\nTwo\n")
    assert [paper.title for paper in papers] == ["One", "Two"]
    assert not refusals
    assert "shopping-list" in [loader.name for loader in formats()]


def test_a_plugin_can_be_named(install, tmp_path):
    install(shopping_list=Shopping)
    papers, _ = read_text(tmp_path, "Something\nOne\n", format="shopping-list")
    assert [paper.title for paper in papers] == ["One"]


def test_plugins_are_not_imported_for_what_citegraph_knows_itself(install, tmp_path):
    install(broken="must not be imported")
    papers, refusals = read_text(tmp_path, "Title: One\nSummary: Two.\n")
    assert (len(papers), refusals) == (1, [])


@pytest.mark.parametrize(
    ("plugin", "reason"),
    [
        ("no module named x", "the loader plug-in failed with ImportError: no module named x"),
        (
            object(),
            "the loader plug-in failed with TypeError: it lacks one of name, description, sniff and read",
        ),
        (FailsToSniff, r"the loader plug-in failed with RuntimeError: \x1b[31mno nose"),
    ],
    ids=["import", "lacks", "sniff"],
)
def test_a_broken_plugin_is_named_once_and_stops_nothing(install, tmp_path, plugin, reason):
    install(a_broken=plugin, shopping_list=Shopping)
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text("To buy:\nOne\n")
    papers, refusals = read(tmp_path)
    assert [paper.title for paper in papers] == ["One"] * 3
    assert [refusal.reason for refusal in refusals] == [reason]


def test_a_plugin_cannot_take_the_name_of_another_loader(install, tmp_path):
    class Impostor(Shopping):
        name = "papers-jsonl"

    install(impostor=Impostor)
    _, refusals = read_text(tmp_path, "To buy:\nOne\n")
    assert "there is a loader named papers-jsonl already" in refusals[0].reason


def test_a_plugin_that_fails_while_reading_keeps_what_it_read(install, tmp_path):
    install(x=FailsToRead)
    papers, refusals = read_text(tmp_path, "To buy:\nOne\n")
    assert [paper.title for paper in papers] == ["One"]
    assert [refusal.reason for refusal in refusals] == [
        "the loader fails-to-read failed with RuntimeError: no eyes"
    ]


def test_a_plugin_that_gives_something_else_is_refused(install, tmp_path):
    install(x=GivesOther)
    papers, refusals = read_text(tmp_path, "To buy:\nOne\n")
    assert not papers
    assert "str came instead of a Paper" in refusals[0].reason


def test_a_broken_plugin_that_is_asked_for_by_name_is_an_error(install):
    install(shop="no module named x")
    with pytest.raises(InputError, match="no module named x"):
        open_inputs(["x"], format="shop")


LOADERS = Path(registry.__file__).parent
WITH_EXAMPLES = [
    path.relative_to(LOADERS.parent).with_suffix("")
    for path in sorted(LOADERS.rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("module", WITH_EXAMPLES, ids=lambda path: ".".join(path.parts[1:]))
def test_the_examples_in_the_documentation_are_true(module):
    tried = doctest.testmod(importlib.import_module(f"citegraph.{'.'.join(module.parts)}"))
    assert tried.attempted and not tried.failed
