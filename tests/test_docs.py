"""The documentation tells the truth: every command shown is run, and prints what the page says."""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from pathlib import Path

import pytest
from neo4j_server import emptied

from citegraph.graph import schema

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])

_spec = importlib.util.spec_from_file_location("console", ROOT / "scripts" / "console.py")
assert _spec is not None and _spec.loader is not None
console = importlib.util.module_from_spec(_spec)
sys.modules["console"] = console
_spec.loader.exec_module(console)


ON_PAGES = [
    pytest.param(
        page, marks=pytest.mark.xdist_group("neo4j") if console.needs_server(page) else (), id=page.name
    )
    for page in PAGES
]


@pytest.fixture
def page(request, monkeypatch) -> Path:
    """A page, with the server that it needs, if it needs one."""
    if console.needs_server(request.param):
        monkeypatch.setenv("NEO4J_URI", emptied(request.getfixturevalue("neo4j_address")))
    return request.param


@pytest.mark.parametrize("page", ON_PAGES, indirect=True)
def test_every_command_prints_what_the_page_shows(page):
    for played in console.play(page):
        for command, printed in played:
            assert list(command.shown) == console.cut(command, printed), f"{page.name}: {command.line}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_leads_somewhere(page):
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", ON_PAGES, indirect=True)
def test_every_python_example_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    space: dict[str, object] = {}
    text = page.read_text(encoding="utf-8")
    if console.needs_server(page):
        text = text.replace(console.SERVER, os.environ["NEO4J_URI"])
        console.run(
            f"head -n 30 examples/papers.jsonl > p.jsonl; citegraph build p.jsonl -q -g {console.SERVER}",
            tmp_path,
        )
    for block in re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S):
        exec(compile(block, str(page), "exec"), space)


def test_the_schema_page_is_the_schema():
    assert (ROOT / "docs" / "schema.md").read_text(encoding="utf-8") == schema.markdown()
