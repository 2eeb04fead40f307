"""The command line with a server in place of a file: the same commands, and never a password in what they say."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

import pytest
from neo4j_server import emptied
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from citegraph import open_graph
from citegraph.cli import main
from citegraph.cli.console.completion import CypherCompleter
from citegraph.cli.console.vocabulary import vocabulary_of

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "papers.jsonl"
ENDLESS = (
    "UNWIND range(1, 9000) AS a UNWIND range(1, 9000) AS b UNWIND range(1, 9000) AS c RETURN sum(a * b * c)"
)


@pytest.fixture(scope="module")
def papers(tmp_path_factory) -> Path:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    path = tmp_path_factory.mktemp("papers") / "papers.jsonl"
    path.write_text("\n".join([line for line in lines if "LoRA" in line][:6]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def address(papers, neo4j_address) -> str:
    """A server with a graph that the command line has built."""
    emptied(neo4j_address)
    code, out, err = run("build", str(papers), "-j", "1", address=neo4j_address)
    assert (code, err) == (0, "")
    assert out.startswith(f"{neo4j_address}: 6 papers new, ")
    return neo4j_address


@pytest.fixture(scope="module")
def file(papers, tmp_path_factory) -> str:
    """The same graph in a file."""
    path = tmp_path_factory.mktemp("file") / "g.db"
    with open_graph(path, create=True) as graph:
        graph.build(papers, jobs=1)
    return str(path)


def run(*arguments: str, address: str, stdin: str = "", **environment: str) -> tuple[int, str, str]:
    """Run a command here, where a server's address is known and nothing need be imported anew."""
    out, err = io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, {"COLUMNS": "100"} | environment),
        patch("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()))),
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as left,
    ):
        main([*arguments, "-g", address])
    for stream in (out, err):
        assert os.environ.get("NEO4J_PASSWORD", "no password") not in stream.getvalue()
    return int(str(left.value.code)), out.getvalue(), err.getvalue()


def test_the_command_itself_answers_over_a_server(address):
    command = [sys.executable, "-m", "citegraph", "query", "RETURN 1 AS one", "-g", address]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["one", "───", "1"], "")


def test_the_same_input_twice_changes_nothing(address, papers):
    code, out, _ = run("build", str(papers), address=address)
    assert code == 0
    assert "Nothing changed." in out


def test_stats_says_which_server_it_is(address):
    assert run("stats", address=address)[1].startswith(f"{address}, Neo4j ")
    found = json.loads(run("stats", "--format", "json", address=address)[1])
    assert (found["graph"], found["papers"]) == (address, 6)
    assert found["server"].startswith("Neo4j ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "LoRA"), ("explain", "QLoRA", "LoRA"), ("tried", "LLaMA"), ("lineage", "LoRA"),
        ("duplicates", "--threshold", "50"), ("corrections",), ("stats", "--identity"),
        ("export", "--format", "json"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_every_question_is_answered_as_over_a_file(address, file, arguments):
    here, there = run(*arguments, address=file), run(*arguments, address=address)
    told = there[1].replace(address, file), there[2].replace(address, file)
    if arguments[0] == "export":
        for document in (here[1], told[0]):
            assert "loaded_at" in document
        told = _without_times(told[0]), told[1]
        here = here[0], _without_times(here[1]), here[2]
    assert (there[0], *told) == here
    assert here[0] == 0


def _without_times(text: str) -> str:
    found = json.loads(text)
    for node in found["nodes"]:
        node.pop("loaded_at", None)
    return json.dumps(found, sort_keys=True)


def test_a_page_is_drawn_from_the_server(address, tmp_path):
    code, out, _ = run("view", "-o", str(tmp_path / "graph.html"), address=address)
    assert code == 0
    assert "nodes" in out
    assert "LoRA" in (tmp_path / "graph.html").read_text(encoding="utf-8")


def test_a_query_is_answered_by_the_server_in_every_form(address):
    query = "MATCH (m:Method {name: $name}) RETURN m.name AS name, m.id AS id, m"
    asked = ("query", query, "-p", "name=LoRA")
    assert run(*asked, address=address)[1].splitlines()[2].split()[:2] == ["LoRA", "method:lora"]
    (row,) = json.loads(run(*asked, "--format", "json", address=address)[1])
    assert (row["m"]["labels"], row["m"]["id"]) == (["Method"], "method:lora")
    rows = list(csv.reader(io.StringIO(run(*asked, "--format", "csv", address=address)[1])))
    assert (rows[0], rows[1][:2]) == (["name", "id", "m"], ["LoRA", "method:lora"])


def test_mistakes_are_underlined_and_unknown_names_warned_of(address):
    code, out, err = run("query", "MATCH (p:Papr) RETRUN p", address=address)
    assert (code, out) == (1, "")
    assert err.splitlines()[1:] == ["  MATCH (p:Papr) RETRUN p", "                 ^^^^^^"]
    _, _, err = run("query", "MATCH (p:Papr) RETURN p", address=address)
    assert err.splitlines()[0] == "The graph has no label Papr; did you mean Paper?"


def test_a_query_writes_only_with_write_and_within_the_schema(address):
    query = "MERGE (m:Method {name: 'By Hand'}) SET m.generic = false"
    assert "--write" in run("query", query, address=address)[2]
    assert run("query", query, "--write", address=address)[2] == (
        "1 node created, 2 properties set, 1 label added.\n"
    )
    assert "bogus" in run("query", "MATCH (m:Method) SET m.bogus = 1", "--write", address=address)[2]
    run("query", "MATCH (m:Method {name: 'By Hand'}) DELETE m", "--write", address=address)


def test_limits_name_their_options(address):
    assert "--timeout" in run("query", ENDLESS, "--timeout", "0.3", address=address)[2]
    assert "--max-rows" in run("query", "MATCH (n) RETURN n", "--max-rows", "2", address=address)[2]


def test_a_script_runs_through_the_console(address):
    script = ":param name LoRA\nMATCH (m:Method {name: $name}) RETURN m.name AS found;\n:schema\n"
    code, out, err = run("console", address=address, stdin=script)
    assert (code, err) == (0, "")
    assert out.splitlines()[2] == "LoRA"
    assert any(line.split()[0] == "PROPOSES" and "Paper → " in line for line in out.splitlines() if line)


def test_the_schema_is_the_one_of_the_file(address, file):
    here, there = (
        run("console", address=graph, stdin=":schema")[1].splitlines() for graph in (file, address)
    )
    assert [line.replace("id, ", "") for line in there] == [line.replace("id, ", "") for line in here]


def test_the_console_completes_what_the_server_holds(address):
    with open_graph(address) as graph:
        completer = CypherCompleter(vocabulary_of(graph), {})

        def complete(text: str) -> list[str]:
            return [c.text for c in completer.get_completions(Document(text), CompleteEvent(False, True))]

        assert complete("MATCH (p:Pa") == ["Paper"]
        assert complete("MATCH ()-[:PROP") == ["PROPOSES"]
        assert complete("MATCH (p:Paper) RETURN p.arx") == ["arxiv_id"]
        assert complete("MATCH ()-[r:FROM]->() RETURN r._") == []
        assert "LoRA'" in complete("MATCH (m:Method {name: 'lor")
        assert graph.store._loaded is None, "nothing was copied here for it"


def test_completion_is_silent_where_the_server_has_gone(address):
    with open_graph(address) as graph:
        vocabulary = vocabulary_of(graph)
        graph.store.connection.address = type(graph.store.address)("bolt://127.0.0.1:9", "neo4j", None, "")
        graph.store.connection.close()
        assert (vocabulary.labels, vocabulary.values(None, "name", "l")) == ([], [])


def test_ctrl_c_stops_the_query_and_not_the_console(address, tmp_path):
    pexpect = pytest.importorskip("pexpect")
    environment = os.environ | {
        "XDG_STATE_HOME": str(tmp_path), "PROMPT_TOOLKIT_NO_CPR": "1", "NO_COLOR": "1", "TERM": "xterm",
    }  # fmt: skip
    child = pexpect.spawn(
        sys.executable,
        ["-m", "citegraph", "console", "-g", address, "--timeout", "0"],
        env=environment,
        dimensions=(40, 100),
        encoding="utf-8",
        timeout=30,
    )
    try:
        child.expect("nodes, .* edges")
        child.expect("citegraph>")
        child.send("UNWIND range(1, 99999) AS a UNWIND range(1, 99999) AS b RETURN sum(a * b);\r")
        # Asked again until the query has begun, as a person would.
        for _ in range(20):
            child.sendintr()
            if child.expect(["The query was stopped", pexpect.TIMEOUT], timeout=1) == 0:
                break
        child.expect("citegraph>")
        child.send("RETURN 7 AS seven;\r")
        child.expect("1 row")
    finally:
        child.close(force=True)


def test_ctrl_c_while_a_change_is_sent_is_told_as_it_is(address, tmp_path):
    more = tmp_path / "more.jsonl"
    more.write_text('{"title": "One Paper More", "abstract": "We use LoRA."}\n', encoding="utf-8")
    with patch("citegraph.graph.server.remote.Remote.put_edges", side_effect=KeyboardInterrupt):
        code, _, err = run("build", str(more), "-j", "1", address=address)
    assert code == 130
    assert err.splitlines()[-1] == (
        f"citegraph: stopped; {address} may hold a part of the change; "
        "run `citegraph build` with its input again, which makes it whole."
    )
    assert ": 1 papers new, " in run("build", str(more), "-j", "1", address=address)[1]
    assert run("remove-source", str(more), address=address)[0] == 0
    assert json.loads(run("stats", "--format", "json", address=address)[1])["papers"] == 6


def test_links_are_made_listed_and_taken_back(address):
    assert run("link", "QLoRA", "LoRA", address=address)[0] == 0
    _, out, _ = run("corrections", "--format", "json", address=address)
    (made,) = json.loads(out)
    assert made["take_back"].endswith(f"-g {address}")
    assert run("unlink", "method:lora", "method:qlora", address=address)[0] == 0
    assert json.loads(run("corrections", "--format", "json", address=address)[1]) == []


# --- passwords and what else goes wrong --------------------------------------------------------------------


def test_a_password_in_the_address_is_refused_and_not_repeated(address):
    host = address.partition("://")[2]
    code, out, err = run("stats", address=f"bolt://neo4j:hunter2@{host}")
    assert code == 1
    assert "hunter2" not in out + err
    assert "NEO4J_PASSWORD" in err


def test_a_wrong_password_is_one_sentence_without_it(address):
    code, out, err = run("query", "RETURN 1", address=address, NEO4J_PASSWORD="not-the-one")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "refuses the password of user 'neo4j'" in err
    assert "not-the-one" not in err


def test_a_server_that_is_not_there_is_one_sentence():
    code, out, err = run("query", "RETURN 1", address="bolt://127.0.0.1:9")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "No Neo4j server answers at bolt://127.0.0.1:9" in err


def test_the_progress_of_sending_is_told(neo4j_address, papers):
    stages: list[tuple[str, int, int]] = []
    with open_graph(f"{neo4j_address}?prefix=Shown", create=True) as graph:
        graph.build(papers, jobs=1, progress=lambda *told: stages.append(told))
        with graph.store.connection.session(write=True) as session:
            session.run(
                "MATCH (n) WHERE any(l IN labels(n) WHERE l STARTS WITH 'Shown') DETACH DELETE n"
            ).consume()
    sent = [(done, total) for stage, done, total in stages if stage == "send"]
    assert sent == sorted(sent)
    assert sent[-1][0] == sent[-1][1] > 100
