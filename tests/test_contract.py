"""The contract of the two stores: a graph gives the same answers from a local file and from a Neo4j server."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

import pytest
from contract import queries, sameness
from contract.operations import READ, Refusal, outcome
from neo4j_server import emptied

from citegraph import CitegraphError, Graph, build, open_graph

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parent / "examples" / "papers.jsonl"
PAGES = HERE.parents[1] / "shared" / "seeds"
QUERIES = queries.read()
DIFFERENCES = tomllib.loads((HERE / "contract" / "differences.toml").read_text(encoding="utf-8"))[
    "difference"
]


class Standstill(datetime):
    """A clock that stands still, so that two loads happen at one time."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Standstill:
        return cls(2024, 5, 6, 7, 8, 9, tzinfo=tz)


@pytest.fixture(scope="module", autouse=True)
def _time() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("citegraph.loaders.pipeline.datetime", Standstill)
        yield


@dataclass
class Both:
    """One graph on both stores."""

    what: str
    local: Graph
    server: Graph


@pytest.fixture(scope="module", params=["example", "pages"])
def both(request: pytest.FixtureRequest, neo4j_address: str) -> Iterator[Both]:
    if request.param == "pages" and not PAGES.exists():
        pytest.skip("needs ../shared/seeds, which is not here")
    inputs = [EXAMPLE] if request.param == "example" else sorted(PAGES.iterdir())
    with build(inputs) as local:
        build(inputs, emptied(neo4j_address)).close()
        with open_graph(neo4j_address) as server:
            yield Both(request.param, local, server)


# --- operations --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", READ)
def test_an_operation_returns_the_same(both, name):
    local, server = (sameness.value(READ[name](graph)) for graph in (both.local, both.server))
    assert server == local


def test_a_server_is_asked_rather_than_read_whole(both):
    with open_graph(both.server.store.uri) as fresh:
        assert fresh.counts() == both.local.counts()
        for node in list(both.local.nodes())[::97]:
            assert fresh[node.id] == node
            assert list(fresh.store.edges_of(node.id)) == list(both.local.store.edges_of(node.id))
        assert "method:no-such-thing" not in fresh
        assert fresh.store._loaded is None


# --- queries -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_a_query_returns_the_same(both, query):
    local, server = (graph.cypher(query.text, query.parameters) for graph in (both.local, both.server))
    compared = {"ordered": query.ordered, "lists": query.lists}
    assert server.columns == local.columns
    assert sameness.rows(server.rows, **compared) == sameness.rows(local.rows, **compared)
    assert local.rows or both.what == "pages" or "may be empty" in query.directives


def test_the_queries_are_many_and_their_names_unlike():
    assert len(QUERIES) >= 120
    assert len({query.name for query in QUERIES}) == len(QUERIES)


def test_every_query_that_the_documentation_shows_is_among_them():
    known = {" ".join(query.text.split()) for query in QUERIES}
    root = HERE.parent
    shown = [
        (page.name, " ".join(text.replace("\\$", "$").split()))
        for page in (root / "README.md", *sorted((root / "docs").glob("*.md")))
        for text in re.findall(r'citegraph query "((?:[^"\\]|\\.)*)"', page.read_text(encoding="utf-8"))
        if "RETRUN" not in text
    ]
    assert len(shown) > 10
    assert [(page, text) for page, text in shown if text not in known] == []


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference["query"])
def test_what_is_said_to_differ_differs(both, difference):
    def rows(graph: Graph) -> list[str] | None:
        try:
            return sameness.rows(graph.cypher(difference["query"]).rows, ordered=False)
        except CitegraphError:
            return None

    ((version,),) = both.server.cypher(
        "CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' RETURN versions[0]"
    ).rows
    local, server = rows(both.local), rows(both.server)
    if not version.startswith(difference.get("version", "")):
        assert local == server
        return
    refused = {"local": local is None, "server": server is None}
    assert refused == {store: difference.get("refused") == store for store in refused}
    assert local != server


# --- changes -----------------------------------------------------------------------------------------------


@dataclass
class Apart:
    """A local file and a server that are changed alike, in a session for each change."""

    file: Path
    address: str

    def change(self, step, *, refused: bool = False) -> None:
        """Take a step on both and expect the same outcome, and the same graph after what was not refused."""
        found = []
        for name in (str(self.file), self.address):
            with open_graph(name, create=True) as graph:
                report = outcome(lambda graph=graph: step(graph))
            assert isinstance(report, Refusal) == refused, report
            found.append([sameness.value(report)])
            if not refused:
                with open_graph(name) as graph:
                    found[-1] += [READ["exporting as jsonl"](graph), graph.corrections(), graph.lexicons()]
        local, server = found
        assert server == local


def test_changes_have_the_same_outcome_and_leave_the_same_graph(neo4j_address, tmp_path):
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines(keepends=True)
    lines = [line for line in lines if "LoRA" in line]
    first, second, lexicon = tmp_path / "first.jsonl", tmp_path / "second.jsonl", tmp_path / "mine.toml"
    first.write_text("".join(lines[:6]), encoding="utf-8")
    second.write_text("".join(lines[4:]), encoding="utf-8")
    lexicon.write_text('[[method]]\nname = "Zorp"\naliases = ["attention"]\n', encoding="utf-8")
    both = Apart(tmp_path / "graph.db", emptied(neo4j_address))
    made = "MATCH (m:Method {name: 'Made Here'})"
    both.change(lambda g: g.build(first))
    both.change(lambda g: g.build(first))
    both.change(lambda g: g.link("LoRA", "quantization"))
    both.change(lambda g: g.link("LoRA", "nothing of the kind"), refused=True)
    both.change(lambda g: g.build(second))
    both.change(lambda g: g.unlink("quantization", "LoRA"))
    both.change(lambda g: g.unlink("LoRA", "GPT-2"), refused=True)
    both.change(lambda g: g.cypher("CREATE (m:Method {name: 'Made Here'}) RETURN m.id", write=True).rows)
    both.change(lambda g: g.cypher(f"{made} SET m.generic = true RETURN m.generic", write=True).rows)
    both.change(lambda g: g.cypher("CREATE (m:Nonsense {name: 'x'})", write=True).rows, refused=True)
    both.change(lambda g: g.cypher(f"{made} DETACH DELETE m", write=True).rows)
    both.change(lambda g: g.build(second, lexicon=[lexicon]))
    both.change(lambda g: g.remove_source(str(first)))
    both.change(lambda g: g.remove_source("no such source"), refused=True)


def test_every_public_operation_of_a_graph_is_held_to_it():
    tests = (Path(__file__), HERE / "contract" / "operations.py")
    used = set(
        re.findall(r"\b(?:g|graph|fresh)\.(\w+)\(", "".join(path.read_text("utf-8") for path in tests))
    )
    assert {name for name in vars(Graph) if not name.startswith("_")} - used == {"close"}
