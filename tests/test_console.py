"""``citegraph console``: in a real terminal, from a pipe, and its parts."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from console_graph import EVIL, write_graph
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from citegraph import open_graph
from citegraph.cli.console.completion import CypherCompleter
from citegraph.cli.console.highlighting import CypherHighlighter
from citegraph.cli.console.scan import is_finished, pieces, statements
from citegraph.cli.console.vocabulary import Vocabulary

pexpect = pytest.importorskip("pexpect")

ENDLESS = (
    "UNWIND range(1, 9000) AS a UNWIND range(1, 9000) AS b UNWIND range(1, 9000) AS c RETURN sum(a * b * c)"
)


@pytest.fixture(scope="module")
def graph(tmp_path_factory) -> Path:
    return write_graph(tmp_path_factory.mktemp("console") / "g.db")


# --- before a person -----------------------------------------------------------------------------------------


class Terminal:
    """A console in a terminal of its own."""

    def __init__(self, graph: Path, state: Path, *options: str) -> None:
        environment = os.environ | {
            "XDG_STATE_HOME": str(state), "PROMPT_TOOLKIT_NO_CPR": "1", "NO_COLOR": "1", "TERM": "xterm",
        }  # fmt: skip
        environment.pop("COLUMNS", None)
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "citegraph", "console", "-g", str(graph), *options],
            env=environment,
            dimensions=(40, 100),
            encoding="utf-8",
            timeout=8,
        )
        self.child.delaybeforesend = 0.02
        self.read(r"citegraph(?: \(write\))?>")

    def read(self, expected: str) -> str:
        """Wait for something to be shown; return what was shown up to there, without the terminal's commands."""
        self.child.expect(expected)
        return plain(self.child.before + self.child.after)

    def ask(self, line: str, expected: str) -> str:
        """Type a line and read its answer up to what is expected."""
        self.child.send(line + "\r")
        return self.read(expected)

    def complete(self, text: str) -> None:
        """Type a text and press Tab when the menu has had time to open."""
        for keys in (text, "\t"):
            self.child.send(keys)
            time.sleep(0.5)

    def leave(self) -> int:
        """Press Ctrl-D on an empty line, and return the exit code."""
        self.child.send("\x04")
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus


def plain(text: str) -> str:
    return re.sub(r"\x1b(?:\[[0-9;?]*[a-zA-Z]|\][^\x07]*\x07|[=>])", "", text).replace("\r", "")


@pytest.fixture
def terminal(graph, tmp_path):
    opened = Terminal(graph, tmp_path)
    yield opened
    opened.child.close(force=True)


def test_a_query_ends_with_a_semicolon_and_is_answered_with_count_and_time(terminal):
    shown = terminal.ask("MATCH (m:Model {name: 'LLaMA 2'}) RETURN m.aliases AS a;", r"1 row, [\d.]+ m?s")
    assert "['llama 2']" in shown
    assert terminal.leave() == 0


def test_a_query_goes_on_over_lines_until_an_empty_one(terminal):
    terminal.child.send("MATCH (p:Paper)\r")
    terminal.read("… ")
    terminal.child.send("RETURN count(*) AS papers\r")
    terminal.child.send("\r")
    assert re.search(r"papers\n─+\n\s+3\n", terminal.read("1 row, "))


def test_a_semicolon_inside_a_text_does_not_end_a_query(terminal):
    terminal.child.send("RETURN ';\r")
    terminal.read("… ")
    assert "1 row" in terminal.ask("' AS x;", "1 row")


def test_an_error_is_underlined_and_the_console_goes_on(terminal):
    shown = terminal.ask("RETURN 1 + foo;", r"\^\^\^")
    assert "The variable foo is not defined" in shown
    assert "Traceback" not in shown
    assert "1 row" in terminal.ask("RETURN 7 AS seven;", "1 row")


def test_ctrl_c_stops_a_query_and_not_the_console(terminal):
    terminal.child.send(ENDLESS + ";\r")
    time.sleep(1)
    terminal.child.sendintr()
    terminal.read(r"The query was stopped\.")
    assert "1 row" in terminal.ask("RETURN 7 AS seven;", "1 row")
    assert terminal.leave() == 0


def test_ctrl_c_clears_what_was_typed(terminal):
    terminal.child.send("RETURN nonsense")
    terminal.read("nonsense")
    terminal.child.send("\x03")
    assert "nonsense" not in terminal.ask("RETURN 7 AS seven;", "1 row").rpartition("citegraph> ")[2]


def test_tab_completes_the_name_of_a_node(terminal):
    terminal.complete("MATCH (m:Model {name: 'LLaMA 3")
    terminal.child.send("}) RETURN m.name AS found;\r")
    assert re.search(r"found\n─+\nLLaMA 3\n", terminal.read("1 row, "))


def test_control_characters_of_data_do_not_command_the_terminal(terminal):
    terminal.child.send("MATCH (m:Model) WHERE m.name STARTS WITH 'Evil' RETURN m.name AS n;\r")
    terminal.child.expect("1 row")
    assert "owned\x07" not in terminal.child.before
    assert "31m Model" in terminal.child.before


def test_a_table_shows_the_first_rows_and_says_so(terminal):
    terminal.ask(":rows 5", "first 5")
    shown = terminal.ask("UNWIND range(1, 50) AS x RETURN x;", "50 rows, the first 5 shown")
    assert "\n 6\n" not in shown


def test_writing_needs_the_option(terminal):
    assert "--write" in terminal.ask("CREATE (:Model {name: 'x'});", "--write")


def test_what_was_written_is_offered_by_completion(tmp_path):
    opened = Terminal(write_graph(tmp_path / "g.db"), tmp_path, "--write")
    opened.ask("CREATE (:Benchmark {name: 'GSM8K'});", "1 node created")
    opened.complete("MATCH (b:Bench")
    opened.complete(" {name: 'GS")
    opened.child.send("}) RETURN b.name AS found;\r")
    assert re.search(r"found\n─+\nGSM8K\n", opened.read("1 row, "))
    assert opened.leave() == 0


def test_queries_are_remembered_on_disk_for_their_owner_only(graph, tmp_path):
    first = Terminal(graph, tmp_path)
    first.ask("RETURN 4711 AS once;", "1 row")
    assert first.leave() == 0
    history = tmp_path / "citegraph" / "console_history"
    assert stat.S_IMODE(history.stat().st_mode) == 0o600
    second = Terminal(graph, tmp_path)
    second.child.send("\x1b[A")
    second.read("4711")
    assert "once" in second.ask("", "1 row")
    second.leave()


def test_a_place_where_no_history_can_be_kept_is_no_obstacle(graph, tmp_path):
    (tmp_path / "citegraph").write_text("a file where the folder should be")
    opened = Terminal(graph, tmp_path)
    opened.ask("RETURN 1 AS one;", "1 row")
    assert opened.leave() == 0


def test_commands_answer_at_once(terminal, tmp_path):
    assert "(write)" not in terminal.ask(":help", "--write to let them")
    shown = terminal.ask(":schema", r"Paper → Model.*confidence, evidence")
    assert re.search(r"Paper +3 +abstract, id, name, title, year", shown)
    terminal.ask(":param name LLaMA 2", r"\$name = 'LLaMA 2'")
    terminal.ask(":param more => [1, 1 + 1]", r"\$more = \[1, 2\]")
    assert "1 row" in terminal.ask("MATCH (m:Model {name: $name}) RETURN $more AS more;", "1 row")
    terminal.ask(":explain MATCH (p:Paper) RETURN p", r"\(p:Paper\)")
    terminal.ask(":profile MATCH (p:Paper) RETURN count(*) AS n", "3 rows, .* ms")
    terminal.ask(":format json", "printed as json")
    terminal.ask("RETURN 1 AS one;", r'"one": 1')
    terminal.ask(":hepl", "Did you mean :help?")
    terminal.ask(":help toUpper", "toUpper")
    (tmp_path / "script.cypher").write_text("RETURN 'from a file' AS x;\nRETURN foo;\n")
    assert "from a file" in terminal.ask(f":source {tmp_path / 'script.cypher'}", r"\(line 2, column 8\)")
    terminal.ask(":source /nowhere/x", "cannot be read")
    terminal.child.send(":quit\r")
    terminal.child.expect(pexpect.EOF)


# --- from a pipe -----------------------------------------------------------------------------------------------


def pipe(script: str, graph: Path, *options: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "citegraph", "console", "-g", str(graph), *options],
        input=script,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def test_a_script_runs_statement_by_statement(graph):
    script = "// two; statements\nRETURN ';' AS a;\n/* ; */ RETURN 2 AS b"
    assert pipe(script, graph) == (0, "a\n─\n;\n\nb\n─\n2\n", "")


def test_a_script_stops_at_the_first_error_with_its_line(graph):
    code, out, err = pipe("RETURN 1 AS one;\n\nMATCH (p)\n  WHERE foo\nRETURN p;\nRETURN 3 AS three;", graph)
    assert (code, out) == (1, "one\n───\n  1\n")
    assert "(line 4, column 9)" in err


def test_an_error_behind_another_statement_on_a_line_has_its_true_column(graph):
    assert "(line 1, column 19)" in pipe("RETURN 1; RETURN  foo", graph)[2]


def test_commands_work_in_scripts_and_do_not_talk_amid_results(graph):
    code, out, err = pipe(":format json\n:param x 5\nRETURN $x AS x;\n:quit\nRETURN foo;", graph)
    assert (code, err) == (0, "")
    assert json.loads(out) == [{"x": 5}]


def test_a_script_cannot_have_another_script_read(graph, tmp_path):
    (tmp_path / "a").write_text(f":source {tmp_path / 'a'}\n")
    code, _, err = pipe(f":source {tmp_path / 'a'}\n", graph)
    assert code == 1
    assert "cannot read another" in err


def test_an_empty_script_does_nothing(graph):
    assert pipe(" ;; // nothing\n", graph) == (0, "", "")


# --- its parts -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def complete(graph):
    with open_graph(graph) as held:
        completer = CypherCompleter(Vocabulary(held), {"year": 2024})

        def at_end(text: str, asked: bool = False) -> list[str]:
            event = CompleteEvent(completion_requested=asked)
            return [found.text for found in completer.get_completions(Document(text), event)]

        yield at_end


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("mat", ["MATCH"]),
        ("MATCH (p:", ["Model", "Paper"]),
        ("MATCH (p:Paper|mo", ["Model"]),
        ("MATCH (p)-[:", ["USES"]),
        ("MATCH (p)-[r:US", ["USES"]),
        ("MATCH (m:Model {", ["aliases", "id", "name"]),
        ("MATCH (m:Model {name: 'x', al", ["aliases"]),
        ("MATCH (p:Paper) WHERE p.", ["abstract", "id", "name", "title", "year"]),
        ("MATCH (p:Paper)-[r:USES]->() RETURN r.", ["confidence", "evidence"]),
        ("MATCH (p) WHERE p:Pa", ["Paper"]),
        ("MATCH (m:Model {name: 'll", ["LLaMA 2'", "LLaMA 3'"]),
        ('MATCH (m:Model) WHERE m.name = "llama 2', ['LLaMA 2"']),
        ("MATCH (p:Paper) WHERE p.title CONTAINS 'bits", ["Tiny Bits'"]),
        ("MATCH (m:Model) WHERE m.name IN ['LLaMA 2', 'LLaMA 3", ["LLaMA 3'"]),
        ("RETURN toUp", ["toUpper("]),
        ("RETURN $", ["$year"]),
        ("CALL db.rel", ["relationshipTypes"]),
        ("MATCH (paper:Paper) RETURN pap", ["paper"]),
        (":sch", [":schema"]),
        (":format c", ["csv"]),
        (":explain MATCH (x:Pap", ["Paper"]),
        ("RETURN 1 // MATCH (p:", []),
        ("RETURN {a: ", []),
        ("RETURN 'a' ", []),
    ],
)
def test_completion_offers_what_can_stand_there(complete, typed, expected):
    assert complete(typed) == expected


def test_completion_offers_clauses_where_nothing_is_typed_only_if_asked(complete):
    assert complete("") == []
    assert "MATCH" in complete("", asked=True)


def test_a_name_is_completed_so_that_it_says_what_the_graph_has(complete, graph):
    (value,) = complete("MATCH (m:Model {name: 'Evil")
    assert "\x1b" not in value
    with open_graph(graph) as held:
        assert held.cypher(f"RETURN '{value} AS name").rows == [[EVIL]]


def test_a_script_is_split_at_semicolons_outside_texts_names_and_comments():
    script = "RETURN 'a;\\';', \"b;\" // c;\n; MATCH (`d;`) /* e;\n */ RETURN 1;\n:schema\n;;RETURN 2"
    found = [
        (statement.text.split()[0], statement.line, statement.column) for statement in statements(script)
    ]
    assert found == [("RETURN", 1, 1), ("MATCH", 2, 3), (":schema", 4, 1), ("RETURN", 5, 3)]


@pytest.mark.parametrize(
    "typed", ["RETURN 1;", "RETURN 1; // done", "RETURN 1\n", "", ":help", "RETURN 1\n  "]
)
def test_finished_input_is_run(typed):
    assert is_finished(typed)


@pytest.mark.parametrize("typed", ["RETURN 1", "RETURN ';", "RETURN 1 /* ;", "RETURN 1 // ;", "RETURN `a;"])
def test_unfinished_input_goes_on(typed):
    assert not is_finished(typed)


@given(st.text(alphabet=st.sampled_from("ab1.'\"`\\/*;:$({[ \n"), max_size=40))
def test_pieces_joined_are_the_text_and_every_typed_text_can_be_coloured(text):
    assert "".join(piece.text for piece in pieces(text)) == text
    assert "".join(part for _, part in CypherHighlighter().fragments(text)) == text


@given(st.text(alphabet=st.sampled_from("MATCH pm(:{'\"`.$|[]-,=\\"), max_size=30))
def test_completion_of_whatever_is_typed_fails_never(complete, text):
    complete(text, asked=True)


def test_words_are_coloured_by_what_they_are():
    query = "MATCH (p:Paper) WHERE p.order = 'x' RETURN count(p), $y, 1 // all"
    styles = {text: style for style, text in CypherHighlighter().fragments(query)}
    assert styles["MATCH"] == styles["WHERE"] == "class:keyword"
    assert (styles["Paper"], styles["order"], styles["count"]) == ("class:type", "", "class:function")
    assert (styles["'x'"], styles["$y"], styles["1"]) == ("class:string", "class:parameter", "class:number")
    assert styles["// all"] == "class:comment"
