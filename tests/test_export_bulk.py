"""The folder for neo4j-admin: what it imports is the graph that a copy to a server would have made."""

from __future__ import annotations

import csv
import io
import os
import shlex
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memory_store import MemoryStore
from neo4j_server import script

from citegraph import open_graph
from citegraph.graph.content import Digest, content_of
from citegraph.graph.errors import QueryError, StoreError
from citegraph.graph.export import export
from citegraph.graph.export.neo4j_csv import SEPARATOR, Afterwards, Table, literal
from citegraph.graph.local import LocalStore
from citegraph.graph.server import Neo4jStore
from citegraph.graph.server.connection import Connection
from citegraph.loaders.pipeline import build, link, remove_source
from citegraph.queries.cypher import execute

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "papers.jsonl"

HOSTILE = (
    "", " ", "  a  ", '"', '""', '"a""b"', '","', "'", "`", "\\", '\\"', "\\u0041", "a\\nb", "a;b|c,d\te", "1",
    "\n", "\r", "\r\n", "a\n\nb\n", '"\n"', '"\r\n",Paper\n', "\0", "a\0b", "\x07\x08\x0b\x0c\x1b\x7f",
    SEPARATOR, f"a{SEPARATOR}b", "\x85\xa0\u2028\u2029\ufeff", "\ufffe\uffff", "é Ünï 中文 😀 \U0010ffff", "//x;\n:y",
)  # fmt: skip


def small_graph(**properties: Any) -> MemoryStore:
    graph = MemoryStore()
    graph.add("source:s", "Source", "s", uri="s", sha256="0", format="jsonl", loaded_at="2026")
    graph.add("title:a", "Paper", "a", **properties)
    graph.add("title:b", "Paper", "b")
    graph.link("title:a", "FROM", "source:s")
    graph.link("title:a", "CITES", "title:b", sources=["s"], raw=["x;y", "z"])
    return graph


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


# --- the tables ---------------------------------------------------------------------------------------------


def test_there_is_a_table_with_typed_columns_for_each_label_and_type(tmp_path):
    export(small_graph(year=2020, stub=True, keywords=["a;b", "c"]), tmp_path / "out", "neo4j-admin")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "edges-CITES.csv", "edges-FROM.csv", "import.sh", "nodes-Paper.csv", "nodes-Source.csv", "schema.cypher",
    ]  # fmt: skip
    paper, other = rows(tmp_path / "out/nodes-Paper.csv")
    assert (paper["id:ID"], paper[":LABEL"], paper["year:long"]) == ("title:a", "Paper", "2020")
    assert (paper["stub:boolean"], paper["keywords:string[]"]) == ("true", f"a;b{SEPARATOR}c")
    assert (other["year:long"], other["abstract:string"]) == ("", "")
    (cites,) = rows(tmp_path / "out/edges-CITES.csv")
    assert (cites[":START_ID"], cites[":TYPE"], cites[":END_ID"]) == ("title:a", "CITES", "title:b")
    assert cites["raw:string[]"] == f"x;y{SEPARATOR}z"


def test_an_empty_text_is_quoted_and_none_is_nothing(tmp_path):
    export(small_graph(abstract=""), tmp_path / "out", "neo4j-admin")
    first, second = (tmp_path / "out/nodes-Paper.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert first.startswith('"title:a","Paper","a","a","",') and second.startswith(
        '"title:b","Paper","b","b",,'
    )


@given(
    st.text(), st.lists(st.text(), max_size=4), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False)
)
def test_what_a_table_holds_is_read_back_and_the_rest_is_handed_back(places, text, items, whole, real):
    table = Table(places / "t.csv", ["id:ID"], {"t": str, "l": list, "n": int, "d": float, "b": bool})
    left = table.add([text], {"t": text, "l": items, "n": whole, "d": real, "b": whole > 0})
    table.abandon()
    with (places / "t.csv").open(encoding="utf-8", newline="") as stream:
        _, (node_id, *cells) = csv.reader(stream)
    assert node_id == cells[0] == text
    assert (int(cells[2]), cells[4]) == (whole, str(whole > 0).lower())
    assert left["d"] == real if "d" in left else float(cells[3]) == real
    assert left["l"] == items if "l" in left else cells[1].split(SEPARATOR) == items
    assert ("l" in left) == (items in ([], [""]) or any(SEPARATOR in item for item in items))
    held = [text] if "l" in left else [text, *items]
    assert table.multiline == any(end in part for end in "\r\n" for part in held)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


def test_what_the_schema_does_not_know_is_handed_back(tmp_path):
    table = Table(tmp_path / "t.csv", ["id:ID"], {"n": int})
    assert table.add(["a"], {"n": "text", "other": [1, True]}) == {"n": "text", "other": [1, True]}
    table.close()


@given(st.recursive(st.text() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1), st.lists, max_leaves=5))
def test_a_literal_means_its_value(value):
    import networkx as nx

    ((read,),) = [list(row.values()) for row in execute(nx.MultiDiGraph(), f"RETURN {literal(value)} AS v")]
    assert read == value and type(read) is type(value)
    assert literal(value).isascii() and literal(value).isprintable()


def test_what_no_table_holds_is_set_by_statements_of_many_rows():
    written: list[str] = []
    afterwards = Afterwards(written.append)
    for number in range(1201):
        afterwards.node("Paper", f"title:{number}", {"keywords": []})
    afterwards.edge(("Paper", "Paper"), ("title:a", "title:'"), "CITES", {"raw": [""]})
    afterwards.close()
    assert sorted(statement.count("value: ") for statement in written) == [1, 201, 500, 500]
    assert "{start: 'title:a', end: 'title:\\'', value: ['']}" in "".join(written)


def test_a_number_that_neo4j_cannot_hold_is_refused(tmp_path):
    with pytest.raises(StoreError, match="holds the number 10000000000000000000, and Neo4j holds 64 bits"):
        export(small_graph(upvotes=10**19), tmp_path / "out", "neo4j-admin")
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_no_index_of_neo4j_bears_is_refused(tmp_path):
    graph = small_graph()
    graph.add("author:long", "Author", "x" * 9_000)
    with pytest.raises(StoreError, match="the name of author:long… takes 9,000 bytes, more than 8,000"):
        export(graph, tmp_path / "out", "neo4j-admin")
    assert list(tmp_path.iterdir()) == []


def test_the_same_graph_gives_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        export(small_graph(keywords=[]), tmp_path / name, "neo4j-admin")
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / n).iterdir()} for n in ("one", "two"))
    assert one == two


# --- the folder ---------------------------------------------------------------------------------------------


def test_an_export_takes_the_place_of_an_older_one(tmp_path):
    export(small_graph(), tmp_path / "out", "neo4j-admin")
    bare = MemoryStore()
    bare.add("source:s", "Source", "s", uri="s", sha256="0", format="jsonl", loaded_at="2026")
    export(bare, tmp_path / "out", "neo4j-admin")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "nodes-Source.csv",
        "import.sh",
        "schema.cypher",
    }
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("name", ["notes.txt", "import.sh", "nodes-Paper.csv"])
def test_a_folder_with_anything_else_in_it_is_left_alone(tmp_path, name):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text("mine")
    with pytest.raises(
        StoreError, match=rf"out holds {name}, which is no part of such an export; name a new"
    ):
        export(small_graph(), tmp_path / "out", "neo4j-admin")
    assert [(path.name, path.read_text()) for path in (tmp_path / "out").iterdir()] == [(name, "mine")]


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "out").mkdir()
    export(small_graph(), tmp_path / "out", "neo4j-admin")
    assert (tmp_path / "out/import.sh").exists()


class Breaking(MemoryStore):
    def edges(self, edge_type: str | None = None) -> Iterator[Any]:
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("before", [True, False])
def test_a_failure_halfway_leaves_what_was_there(tmp_path, before):
    if before:
        export(small_graph(), tmp_path / "out", "neo4j-admin")
    there = {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")}
    broken = Breaking()
    broken.add("source:s", "Source", "s", uri="s", sha256="0", format="jsonl", loaded_at="2026")
    with pytest.raises(StoreError, match="out cannot be written: No space left on device"):
        export(broken, tmp_path / "out", "neo4j-admin")
    assert {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")} == there


@pytest.mark.parametrize(
    ("target", "options", "error", "message"),
    [
        ("-", {}, QueryError, "a file for each label and type, and scripts: name a folder"),
        ("file", {}, StoreError, "is a file; the neo4j-admin format needs a folder"),
        ("out", {"prefix": "a b"}, QueryError, "A prefix is letters, digits and _, not 'a b'"),
    ],
)
def test_what_cannot_be_written_is_said_in_one_sentence(
    tmp_path, monkeypatch, target, options, error, message
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(error, match=message):
        export(small_graph(), target, "neo4j-admin", **options)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_other_formats_have_no_prefix(tmp_path):
    with pytest.raises(QueryError, match="The jsonl format has no prefix; neo4j-admin does"):
        export(small_graph(), tmp_path / "out", "jsonl", prefix="Cg")


def test_a_graph_without_a_source_is_refused(tmp_path):
    with pytest.raises(StoreError, match="memory: holds no source"):
        export(MemoryStore(), tmp_path / "out", "neo4j-admin")


# --- the script ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["out", "a b'\"$HOME*`x`\\", "with,comma"])
def test_the_script_calls_neo4j_admin_with_all_tables_wherever_the_folder_is(tmp_path, name):
    export(small_graph(abstract="a\nb"), tmp_path / name, "neo4j-admin")
    done = import_by(tmp_path / name, "printf %s\\n", "--verbose", NEO4J_DATABASE="my graph")
    words = done.stdout.splitlines()
    assert words[:3] == ["database", "import", "full"] and words[-2:] == ["--verbose", "my graph"]
    assert "--multiline-fields=true" in words and '--quote="' in words
    at = "" if "," in name else f"{(tmp_path / name).resolve()}/"
    assert [word for word in words if word.startswith(("--nodes", "--rel"))] == [
        f"--nodes={at}nodes-Paper.csv", f"--nodes={at}nodes-Source.csv",
        f"--relationships={at}edges-CITES.csv", f"--relationships={at}edges-FROM.csv",
    ]  # fmt: skip


def test_the_script_takes_a_command_whose_path_has_blanks(tmp_path):
    export(small_graph(), tmp_path / "out", "neo4j-admin")
    command = tmp_path / "my neo4j-admin"
    command.write_text("#!/bin/sh\necho called $# \n")
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    assert import_by(tmp_path / "out", str(command)).stdout == "called 14\n"


def test_the_script_says_what_is_missing(tmp_path):
    export(small_graph(), tmp_path / "out", "neo4j-admin")
    done = import_by(tmp_path / "out", "no-such-command", check=False)
    assert done.returncode == 127 and "There is no command no-such-command; set NEO4J_ADMIN" in done.stderr


def test_rows_longer_than_neo4j_admin_reads_at_once_get_a_larger_buffer(tmp_path):
    export(small_graph(abstract="x" * 5_000_000), tmp_path / "out", "neo4j-admin")
    assert "--read-buffer-size=10m" in import_by(tmp_path / "out", "printf %s\\n").stdout


def import_by(folder: Path, command: str, *more: str, check: bool = True, **variables: str) -> Any:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("NEO4J_")}
    return subprocess.run(
        ["sh", folder / "import.sh", *more],
        env=environment | {"NEO4J_ADMIN": command} | variables,
        cwd=folder.parent,
        check=check,
        capture_output=True,
        text=True,
    )


# --- the command --------------------------------------------------------------------------------------------


def test_the_command_writes_the_folder_and_needs_its_name(tmp_path):
    with LocalStore(tmp_path / "g.db", create=True) as store:
        build(store, [EXAMPLE])

    def command(*words: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "citegraph", "export", "-g", "g.db", "--format", *words]
        return subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert command("neo4j-admin").returncode == 2
    assert command("jsonl", "--prefix", "Cg").returncode == 2
    done = command("neo4j-admin", "-o", "out", "--prefix", "Cg")
    assert (done.returncode, done.stderr) == (0, "")
    assert rows(tmp_path / "out/nodes-Method.csv")[0][":LABEL"] == "CgMethod"
    assert "FOR (n:`CgMethod`) REQUIRE n.id IS UNIQUE;" in (tmp_path / "out/schema.cypher").read_text("utf-8")


# --- what neo4j-admin makes of it ---------------------------------------------------------------------------

_TEXTS = st.text() | st.text(alphabet='"\\;|,\n\r\t \0u' + SEPARATOR) | st.sampled_from(HOSTILE)


def hostile_values() -> list[tuple[str, list[str]]]:
    """Return texts and lists of all kinds, as many as one import can take at once."""
    found: list[tuple[str, list[str]]] = [(text, [text, "x", text]) for text in HOSTILE]
    found += [("", []), ("", [""]), ("", ["", ""]), ("x" * 4_300_000, ["y" * 10_000])]

    @settings(max_examples=200, database=None, deadline=None)
    @given(_TEXTS, st.lists(_TEXTS, max_size=3))
    def take(text: str, items: list[str]) -> None:
        found.append((text, items))

    take()
    return found


@pytest.fixture(scope="module")
def halves(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two inputs that share papers; the first has papers made of hostile text."""
    folder = tmp_path_factory.mktemp("inputs")
    lines = EXAMPLE.read_bytes().splitlines()
    bad = [
        orjson.dumps(
            {"title": f"Study {n}: {text}", "abstract": f"We use LoRA. {text}", "keywords": [text, "a;b"]}
        )
        for n, text in enumerate(HOSTILE)
    ]
    paths = folder / "first.jsonl", folder / "second; half.jsonl"
    for path, part in zip(paths, ([*lines[:40], *bad], lines[20:60]), strict=True):
        path.write_bytes(b"\n".join(part) + b"\n")
    return paths


@pytest.fixture(scope="module")
def original(halves: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph with everything a graph may keep, and hostile values in every place of a node and of an edge."""
    path = tmp_path_factory.mktemp("graphs") / "original.db"
    lexicon = path.with_name("mine.toml")
    lexicon.write_text('[[method]]\nname = "Attention Is All"\naliases = ["attention"]\n', encoding="utf-8")
    with LocalStore(path, create=True) as store:
        build(store, halves, lexicon=[lexicon])
        link(store, "method:lora", "method:quantization")
        with store.file.transaction():
            for number, (text, items) in enumerate(hostile_values()):
                node = {
                    "name": text[:2000],
                    "title": text[:2000],
                    "abstract": text,
                    "keywords": items,
                    "upvotes": -number,
                }
                edge = {"sources": ["x"], "raw": items, "contexts": [*items, text]}
                key = f"title:hostile{number}"
                store.file.run("INSERT INTO node VALUES (?, ?, ?)", (key, "Paper", orjson.dumps(node)))
                ends = key, "CITES", "title:hostile0"
                store.file.run("INSERT INTO edge VALUES (?, ?, ?, ?)", (*ends, orjson.dumps(edge)))
    return path


@pytest.fixture(scope="module")
def imported(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on what import.sh and the real neo4j-admin made of the graph, after schema.cypher."""
    version = script.VERSIONS["lts"]
    if not os.environ.get("CI") and not (script.HOME / version / "lib" / ".complete").exists():
        pytest.skip("needs neo4j-admin: `make neo4j` fetches it")
    folder, home = tmp_path_factory.mktemp("an export") / "the tables", tmp_path_factory.mktemp("home")
    with open_graph(original) as graph:
        graph.export(folder, "neo4j-admin")
    try:
        (home / "conf").mkdir()
        admin = " ".join(map(shlex.quote, script.admin_command(version)))
        command = home / "neo4j-admin"
        command.write_text(f'#!/bin/sh\nexec {admin} "$@"\n', encoding="utf-8")
        command.chmod(0o755)
        fast = {"JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1"}
        done = import_by(folder, str(command), check=False, **script.environment(home), **fast)
        assert done.returncode == 0, done.stdout + done.stderr
        server = script.start(version, home, options=("-XX:TieredStopAtLevel=1",))
    except script.UnavailableError as error:
        pytest.skip(f"needs a Neo4j server: {error}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEO4J_USERNAME", "neo4j")
        patch.setenv("NEO4J_PASSWORD", server.password)
        patch.delenv("NEO4J_DATABASE", raising=False)
        try:
            run(server.uri, *(folder / "schema.cypher").read_text(encoding="utf-8").split(";\n")[:-1])
            yield server.uri
        finally:
            server.stop(kill=True)


def run(address: str, *queries: str) -> list[Any]:
    """Return the rows of queries, each of which is a transaction."""
    from citegraph.graph.server import Address

    connection = Connection(Address.parse(address))
    try:
        with connection.session(write=True) as session:
            return [record.values() for query in queries for record in session.run(query)]
    finally:
        connection.close()


def digest(store: LocalStore) -> Digest:
    content = content_of(store)
    return Digest.of(content.nodes(), content.edges(), content.known())


def test_the_imported_graph_is_the_graph_with_all_that_builds_go_by(imported, original):
    with Neo4jStore(imported) as there, LocalStore(original) as here:
        ours, theirs = digest(here), digest(there)
        assert (theirs.counts, theirs.content, theirs.records) == (ours.counts, ours.content, ours.records)


def test_the_imported_database_is_what_a_copy_would_have_made(imported, original):
    with open_graph(original) as graph:
        graph.copy_to(f"{imported}?prefix=Cp")
    queries = (
        "MATCH (n) RETURN labels(n), properties(n)",
        "MATCH (a)-[r]->(b) RETURN labels(a), a.id, type(r), labels(b), b.id, properties(r)",
        "SHOW INDEXES YIELD labelsOrTypes AS labels, properties, type, owningConstraint AS owner "
        "WHERE labels IS NOT NULL RETURN labels, properties, type, owner IS NULL",
    )
    for query in queries:
        found: dict[bool, list[bytes]] = {True: [], False: []}
        for labels, *row in run(imported, query):
            for value in row:
                if isinstance(value, dict) and "_state" in value:
                    value["_state"] = orjson.loads(value["_state"]) | {"copy": None}
            line = orjson.dumps([labels, *row], option=orjson.OPT_SORT_KEYS)
            found[labels[0].startswith("Cp")].append(line.replace(b'["Cp', b'["'))
        assert sorted(found[True]) == sorted(found[False]) != []


def test_a_build_of_the_same_input_changes_nothing(imported, halves):
    with Neo4jStore(imported) as store:
        assert build(store, halves).unchanged_sources == [str(path) for path in halves]


def test_later_builds_go_on_from_it_as_from_the_original(imported, original, halves, tmp_path):
    more = tmp_path / "more.jsonl"
    more.write_bytes(b"\n".join(EXAMPLE.read_bytes().splitlines()[55:80]) + b"\n")

    def change(store: LocalStore) -> list[bytes]:
        build(store, [more])
        remove_source(store, str(halves[1]))
        found = [
            *([n.id, n.label, {**n.properties, "loaded_at": None}] for n in store.nodes()),
            *([e.source, e.type, e.target, dict(e.properties)] for e in store.edges()),
        ]
        return sorted(orjson.dumps(row, option=orjson.OPT_SORT_KEYS) for row in found)

    with LocalStore(original) as here, Neo4jStore(imported) as there:
        assert change(there) == change(here)
