"""``citegraph query``: a question in Cypher, its rows as table, JSON or CSV, its mistakes in plain words."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from console_graph import EVIL, write_graph
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from citegraph import open_graph
from citegraph.cli.console.display import fold, result
from citegraph.cli.console.values import DEEPEST, short
from citegraph.graph.errors import QueryError
from citegraph.queries.cypher import LimitError, Result, Summary

PAPERS = "MATCH (p:Paper)-[:USES]->(m:Model) RETURN p.title AS title, p.year AS year, m.name AS model ORDER BY year"


@pytest.fixture(scope="module")
def graph(tmp_path_factory) -> Path:
    return write_graph(tmp_path_factory.mktemp("query") / "g.db")


def run(*arguments: str, graph: Path, stdin: str | bytes = "", columns: int = 100):
    given = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        [sys.executable, "-m", "citegraph", *arguments, "-g", str(graph)],
        input=given,
        capture_output=True,
        check=False,
        env=os.environ | {"COLUMNS": str(columns)},
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in err, err
    return done.returncode, out, err


def test_rows_are_a_table_with_numbers_to_the_right(graph):
    code, out, err = run("query", PAPERS, graph=graph)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "title                            year  model",
        "──────────────────────────────────────────────",
        "QLoRA: Tuning of Quantized LLMs  2022  LLaMA 2",
        "Tiny Bits                        2023  LLaMA 2",
        "A Study of Rounding              2024  LLaMA 3",
    ]


def test_json_is_a_list_of_objects(graph):
    _, out, _ = run("query", PAPERS, "--format", "json", graph=graph)
    assert json.loads(out)[1] == {"title": "Tiny Bits", "year": 2023, "model": "LLaMA 2"}


def test_json_has_entities_as_objects_and_paths_as_their_parts(graph):
    query = "MATCH p=(:Paper {year: 2023})-[r]->(m) RETURN m, r, p"
    _, out, _ = run("query", query, "--format", "json", graph=graph)
    (row,) = json.loads(out)
    assert row["m"] == {
        "labels": ["Model"],
        "id": "model:llama-2",
        "properties": {"id": "model:llama-2", "name": "LLaMA 2", "aliases": ["llama 2"]},
    }
    assert (row["r"]["type"], row["r"]["start"], row["r"]["end"]) == (
        "USES",
        "arxiv:2401.00001",
        "model:llama-2",
    )
    assert [node["id"] for node in row["p"]["nodes"]] == ["arxiv:2401.00001", "model:llama-2"]
    assert row["p"]["relationships"] == [row["r"]]


def test_json_stays_json_where_a_number_is_none(graph):
    _, out, _ = run("query", "RETURN 0.0 / 0.0 AS x, 1.0 / 0.0 AS y", "--format", "json", graph=graph)
    assert json.loads(out, parse_constant=pytest.fail) == [{"x": "NaN", "y": "Infinity"}]


def test_a_value_too_deep_for_json_is_one_sentence(graph):
    deep = f"RETURN reduce(l = [], x IN range(1, {DEEPEST + 50}) | [l]) AS l"
    code, _, err = run("query", deep, "--format", "json", graph=graph)
    assert (code, err.count("\n")) == (1, 1)
    assert "nested" in err


def test_csv_has_json_where_a_value_is_compound_and_nothing_for_null(graph):
    query = (
        "MATCH (m:Model {name: 'LLaMA 2'}) RETURN m.name AS name, m.aliases AS aliases, m.family AS family"
    )
    _, out, _ = run("query", query, "--format", "csv", graph=graph)
    assert list(csv.reader(io.StringIO(out))) == [
        ["name", "aliases", "family"],
        ["LLaMA 2", '["llama 2"]', ""],
    ]


def test_csv_keeps_a_spreadsheet_from_taking_text_for_a_formula(graph):
    _, out, _ = run("query", "RETURN '=1+1' AS a, -1 AS b", "--format", "csv", graph=graph)
    assert out == "a,b\n'=1+1,-1\n"


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_control_characters_of_data_do_not_reach_the_terminal(graph, form):
    query = "MATCH (m:Model) WHERE m.name STARTS WITH 'Evil' RETURN m, m.name AS `a\x1bb\x9b`"
    _, out, _ = run("query", query, "--format", form, graph=graph)
    assert "Evil" in out
    assert not any((ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 for c in out)


def test_json_escapes_control_characters_and_loses_none(graph):
    query = "MATCH (m:Model) WHERE m.name STARTS WITH 'Evil' RETURN m.name AS name"
    assert json.loads(run("query", query, "--format", "json", graph=graph)[1]) == [{"name": EVIL}]


def test_control_characters_of_a_query_do_not_reach_the_terminal_with_its_error(graph):
    code, _, err = run("query", "RETURN '\x1b[31m' + foo", graph=graph)
    assert code == 1
    assert "\x1b" not in err


def test_parameters_are_json_where_they_are_json_and_text_otherwise(graph):
    given = ["--param", "a=2", "-p", "b=LLaMA 2", "-p", 'c=["x", null]', "-p", "d=a=b", "-p", "$e='2'"]
    query = "RETURN $a AS a, $b AS b, $c AS c, $d AS d, $e AS e"
    _, out, _ = run("query", query, *given, "--format", "json", graph=graph)
    assert json.loads(out) == [{"a": 2, "b": "LLaMA 2", "c": ["x", None], "d": "a=b", "e": "2"}]


def test_a_parameter_without_a_value_is_wrong_usage(graph):
    code, _, err = run("query", "RETURN $a", "--param", "a", graph=graph)
    assert code == 2
    assert "NAME=VALUE" in err


def test_a_missing_parameter_is_named(graph):
    code, _, err = run("query", "RETURN $year", graph=graph)
    assert code == 1
    assert "year" in err


@pytest.mark.parametrize("arguments", [("query", "-"), ("query",)])
def test_the_query_may_come_from_standard_input(graph, arguments):
    code, out, _ = run(*arguments, "--format", "csv", graph=graph, stdin="\ufeffRETURN 1 AS one; // done\n")
    assert (code, out) == (0, "one\n1\n")


def test_standard_input_that_is_no_text_is_one_sentence(graph):
    code, _, err = run("query", "-", graph=graph, stdin=b"\xff\xfe\x00")
    assert (code, err.count("\n")) == (1, 1)


def test_an_empty_query_is_wrong_usage(graph):
    assert run("query", " ", graph=graph)[0] == 2


def test_an_error_names_the_place_and_underlines_the_piece(graph):
    code, out, err = run("query", "MATCH (p:Paper)\nRETURN q.title", graph=graph)
    assert (code, out) == (1, "")
    first, line, mark = err.splitlines()
    assert first.startswith("citegraph: ")
    assert "(line 2, column 8)" in first
    assert line == "  RETURN q.title"
    assert mark.index("^") == line.index("q")


def test_the_mark_stands_below_the_piece_behind_wide_letters(graph):
    _, _, err = run("query", "RETURN '中文' + foo", graph=graph)
    line, mark = err.splitlines()[1:]
    assert mark.index("^") == cell_len(line[: line.index("foo")])


def test_an_unknown_label_is_a_warning_with_the_likely_one(graph):
    code, out, err = run("query", "MATCH (p:Papr) RETURN p", graph=graph)
    assert (code, out) == (0, "")
    assert "did you mean Paper?" in err
    assert "No rows." in err


def test_a_query_that_writes_is_refused_unless_asked_for(tmp_path):
    path = write_graph(tmp_path / "g.db")
    query = "MATCH (m:Model {name: 'LLaMA 2'}) SET m.family = 'LLaMA'"
    code, _, err = run("query", query, graph=path)
    assert code == 1
    assert "--write" in err
    code, out, err = run("query", query, "--write", graph=path)
    assert (code, out, err) == (0, "", "1 property set.\n")
    with open_graph(path) as graph:
        assert graph["model:llama-2"].properties["family"] == "LLaMA"


def test_too_many_rows_are_an_error_that_names_the_option(graph):
    query = "UNWIND range(1, 20) AS x RETURN x"
    code, out, err = run("query", query, "--max-rows", "10", graph=graph)
    assert (code, out) == (1, "")
    assert "more than 10 rows" in err and "--max-rows" in err
    assert run("query", query, "--max-rows", "0", graph=graph)[0] == 0


def test_too_much_time_is_an_error_that_names_the_option(graph):
    query = "UNWIND range(1, 5000) AS x UNWIND range(1, 5000) AS y UNWIND range(1, 5000) AS z RETURN sum(x * y * z)"
    code, _, err = run("query", query, "--timeout", "0.2", graph=graph)
    assert code == 1
    assert "--timeout" in err


def test_explain_prints_the_plan_and_no_rows(graph):
    code, out, _ = run("query", "EXPLAIN MATCH (p:Paper) RETURN p", graph=graph)
    assert code == 0
    assert "(p:Paper)" in out
    assert "QLoRA" not in out


def test_entities_are_shown_short_and_evidence_as_quotations(graph):
    query = "MATCH (p:Paper {year: 2023})-[r]->(m) RETURN m, r, r.evidence AS why"
    _, out, _ = run("query", query, graph=graph, columns=200)
    assert "(:Model {name: 'LLaMA 2'})" in out
    assert "[:USES {evidence: “LLaMA 2”, confidence: 0.98}]" in out
    assert "“LLaMA 2” (abstract 3–10, lexicon@1, papers.jsonl)" in out


def test_a_path_is_shown_as_it_would_be_written(graph):
    _, out, _ = run("query", "MATCH p=(:Model)<--(:Paper {year: 2023}) RETURN p", graph=graph)
    assert "(:Model {name: 'LLaMA 2'})<-[:USES]-(:Paper {name: 'Tiny Bits'})" in out


def test_long_cells_are_folded_to_the_width_of_the_terminal(graph):
    _, out, _ = run("query", "MATCH (p:Paper) RETURN p.title, p.abstract", graph=graph, columns=70)
    assert all(len(line) <= 70 for line in out.splitlines())
    assert len(out.splitlines()) > 12


def test_a_result_too_wide_for_a_table_is_shown_as_records(graph):
    returned = ", ".join(f"p.title AS title{n}" for n in range(6))
    _, out, _ = run("query", f"MATCH (p:Paper) RETURN {returned}", graph=graph, columns=60)
    assert out.startswith("── 1 ─")
    assert "title5  QLoRA: Tuning of Quantized LLMs\n" in out
    assert all(len(line) <= 60 for line in out.splitlines())


def test_the_help_imports_nothing_that_only_the_console_needs():
    program = (
        "import sys; from citegraph.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print([m for m in ('prompt_toolkit', 'numpy', 'networkx', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_graph_in_python_takes_parameters_by_name_and_in_a_mapping(graph):
    query = "MATCH (p)-[:USES]->(m:Model {name: $name}) WHERE p.year > $year RETURN p.title AS title"
    with open_graph(graph) as held:
        found = held.cypher(query, {"year": 2022}, name="LLaMA 2")
        assert found.columns == ["title"]
        assert list(found) == [{"title": "Tiny Bits"}]


def test_a_graph_in_python_keeps_the_limits_it_is_given(graph):
    with open_graph(graph) as held:
        with pytest.raises(LimitError, match="rows"):
            held.cypher("UNWIND range(1, 9) AS x RETURN x", max_rows=3)
        with pytest.raises(QueryError):
            held.cypher("CREATE (:Model {name: 'x'})")


@given(st.text(alphabet=st.sampled_from("ab 中\n"), max_size=60), st.integers(2, 20))
def test_folding_keeps_every_letter_and_the_width(text, width):
    lines = fold(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(
    st.lists(
        st.lists(st.text(max_size=40) | st.integers() | st.none(), min_size=3, max_size=3),
        min_size=1,
        max_size=4,
    ),
    st.integers(20, 90),
)
def test_whatever_is_printed_fits_the_terminal_and_cannot_command_it(rows, room):
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(room))
        patch.setattr(sys, "stdout", out)
        result(Result(["a", "b", "c"], rows, Summary()))
    lines = out.getvalue().split("\n")
    assert all(cell_len(line) <= room for line in lines)
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for line in lines for c in line)


def test_a_value_nested_without_end_is_cut_on_the_screen():
    deep: list[object] = []
    for _ in range(5000):
        deep = [deep]
    assert "…" in short(deep)
