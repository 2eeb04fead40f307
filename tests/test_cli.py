"""The command line as a user meets it: output on stdout, talk on stderr, one sentence for every mistake."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "papers.jsonl"
COMMANDS = [
    "build", "stats", "show", "explain", "duplicates", "link", "unlink", "corrections", "tried", "lineage",
    "query", "console", "view", "export", "copy", "remove-source", "completion",
]  # fmt: skip


def run(*arguments: str, cwd: Path, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "CITEGRAPH_GRAPH"}
    done = subprocess.run(
        [sys.executable, "-m", "citegraph", *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        env=environment | {"COLUMNS": "120"},
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """A folder with the graph of the example corpus in citegraph.db."""
    folder = tmp_path_factory.mktemp("corpus")
    done = run("build", str(EXAMPLE), "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["new"] >= 120
    return folder


def test_version_and_help(tmp_path):
    assert run("--version", cwd=tmp_path).stdout.startswith("citegraph, version ")
    shown = run("--help", cwd=tmp_path).stdout
    assert all(command in shown for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_prints_its_help(tmp_path, command):
    done = run(command, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: citegraph ")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(tmp_path, shell):
    assert "_CITEGRAPH_COMPLETE" in run("completion", shell, cwd=tmp_path).stdout


def test_a_mistyped_command_is_wrong_usage_and_names_the_likely_one(tmp_path):
    done = run("biuld", cwd=tmp_path)
    assert done.returncode == 2
    assert "Did you mean 'build'?" in done.stderr


def test_the_same_input_twice_changes_nothing_and_says_so(corpus):
    before = run("export", cwd=corpus).stdout
    done = run("build", str(EXAMPLE), cwd=corpus)
    assert done.returncode == 0
    assert "Nothing changed." in done.stdout
    assert run("export", cwd=corpus).stdout == before


def test_standard_input_is_an_input(tmp_path):
    done = run(
        "build",
        "-",
        "-g",
        "g.db",
        cwd=tmp_path,
        stdin='{"title": "A Title of Words", "abstract": "Some words."}\n',
    )
    assert done.returncode == 0, done.stderr
    assert "1 papers new" in done.stdout


def test_bad_records_are_refused_with_file_line_and_reason_and_the_good_ones_kept(tmp_path):
    (tmp_path / "p.jsonl").write_text(
        '{"title": "A Good Paper of Words"}\n{"title": 7}\n{"abstract": "none"}\n'
    )
    done = run("build", "p.jsonl", cwd=tmp_path)
    assert done.returncode == 0
    assert "1 papers new" in done.stdout
    assert "p.jsonl:2" in done.stderr
    assert "p.jsonl:3" in done.stderr


def test_strict_fails_on_the_first_refused_record_and_stores_nothing(tmp_path):
    (tmp_path / "p.jsonl").write_text('{"title": "A Good Paper of Words"}\n{"title": 7}\n')
    done = run("build", "p.jsonl", "--strict", cwd=tmp_path)
    assert done.returncode == 1
    assert "p.jsonl:2" in done.stderr
    assert [entry.name for entry in tmp_path.iterdir()] == ["p.jsonl"]


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02\xff" * 100, "Überraschung".encode("utf-16"), b"hello world\n"]
)
def test_an_input_that_holds_no_paper_is_one_sentence_and_exit_1(tmp_path, content):
    (tmp_path / "odd.bin").write_bytes(content)
    done = run("build", "odd.bin", cwd=tmp_path)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "odd.bin" in done.stderr


def test_a_missing_input_is_one_sentence_and_exit_1(tmp_path):
    done = run("build", "none.jsonl", cwd=tmp_path)
    assert done.returncode == 1
    assert "none.jsonl" in done.stderr


def test_a_missing_graph_names_the_command_that_makes_one(tmp_path):
    done = run("stats", cwd=tmp_path)
    assert done.returncode == 1
    assert "citegraph build" in done.stderr


def test_stats_tells_counts_and_sources(corpus):
    shown = run("stats", cwd=corpus).stdout
    assert "Paper" in shown
    assert "papers.jsonl" in shown


def test_show_quotes_the_sentence_that_says_so(corpus):
    shown = run("show", "GPTQ", cwd=corpus).stdout
    assert "Method: GPTQ  [method:gptq]" in shown
    assert "←" in shown and "«GPTQ»" in shown


def test_show_suggests_what_may_have_been_meant(corpus):
    done = run("show", "GPTQQ", cwd=corpus)
    assert done.returncode == 1
    assert "GPTQ" in done.stderr


def test_explain_gives_the_words_their_place_and_their_source(corpus):
    shown = run("explain", "2210.17323", "GPTQ", cwd=corpus).stdout
    assert "PROPOSES" in shown
    assert "papers.jsonl" in shown


def test_tried_answers_the_question_of_quantization_on_llama_2_70b(corpus):
    rows = json.loads(
        run(
            "tried", "LLaMA 2", "--size", "70B", "--kind", "quantization", "--format", "json", cwd=corpus
        ).stdout
    )
    assert len({row["method"] for row in rows}) >= 3
    assert any(row["hardware"] and row["results"] for row in rows)


def test_lineage_follows_what_builds_on_lora_and_what_that_line_cites(corpus):
    found = json.loads(run("lineage", "LoRA", "--format", "json", cwd=corpus).stdout)
    assert "QLoRA" in {row["entity"]["name"] for row in found["descendants"] if row["entity"]}
    assert found["most_cited"]


@pytest.mark.parametrize("form", ["jsonl", "json", "graphml", "gexf"])
def test_export_writes_to_a_file_what_it_writes_to_standard_output(corpus, form):
    run("export", "-f", form, "-o", f"out.{form}", cwd=corpus)
    assert (corpus / f"out.{form}").read_text(encoding="utf-8") == run(
        "export", "-f", form, cwd=corpus
    ).stdout


def test_csv_needs_a_folder(corpus):
    assert run("export", "-f", "csv", cwd=corpus).returncode == 2
    assert run("export", "-f", "csv", "-o", "tables", cwd=corpus).returncode == 0
    assert {path.name for path in (corpus / "tables").iterdir()} == {"nodes.csv", "edges.csv"}


def test_view_writes_a_page_and_says_what_it_left_out(corpus):
    done = run("view", "--limit", "20", "-o", "small.html", cwd=corpus)
    assert done.returncode == 0, done.stderr
    assert "small.html" in done.stdout
    assert (corpus / "small.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_remove_source_leaves_what_other_sources_assert(tmp_path):
    (tmp_path / "a.jsonl").write_text(
        '{"title": "One Paper in Both"}\n{"title": "Another Paper in a Only"}\n'
    )
    (tmp_path / "b.jsonl").write_text('{"title": "One Paper in Both"}\n')
    run("build", "a.jsonl", "b.jsonl", cwd=tmp_path)
    done = run("remove-source", "a.jsonl", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(run("stats", "--format", "json", cwd=tmp_path).stdout)["papers"] == 1


def test_removing_an_unknown_source_lists_the_known_ones(corpus):
    done = run("remove-source", "nowhere", cwd=corpus)
    assert done.returncode == 1
    assert "papers.jsonl" in done.stderr


def test_duplicates_are_suggestions_only(corpus):
    before = run("export", cwd=corpus).stdout
    assert run("duplicates", "--format", "json", cwd=corpus).returncode == 0
    assert run("export", cwd=corpus).stdout == before


def test_control_characters_of_a_paper_do_not_reach_the_terminal(tmp_path):
    (tmp_path / "p.jsonl").write_text(json.dumps({"title": "Evil \x1b]0;owned\x07 Paper of Words"}) + "\n")
    run("build", "p.jsonl", cwd=tmp_path)
    assert "\x1b" not in run("show", "Evil", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("build", "p.jsonl", "--format", "papers"),
        ("show", "LoRA", "--type", "Metod"),
        ("view", "--types", "Paper,Metod"),
        ("view", "--types", ","),
    ],
)
def test_a_choice_that_does_not_exist_is_wrong_usage(corpus, arguments):
    done = run(*arguments, cwd=corpus)
    assert done.returncode == 2
    assert "Invalid value for" in done.stderr


def test_a_type_may_be_named_in_any_case(corpus):
    assert run("show", "LoRA", "--type", "method", cwd=corpus).stdout.startswith("Method: LoRA")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [("export",), ("stats",), ("stats", "--format", "json")])
def test_output_that_cannot_be_written_is_one_sentence(corpus, arguments):
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "citegraph", *arguments]
        done = subprocess.run(
            command, cwd=corpus, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("citegraph: The output cannot be written: ")


def test_a_terminal_that_lacks_letters_gets_the_others(corpus):
    environment = os.environ | {"PYTHONIOENCODING": "latin-1"}
    command = [sys.executable, "-m", "citegraph", "show", "GPTQ"]
    done = subprocess.run(command, cwd=corpus, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert b"GPTQ" in done.stdout


def test_ctrl_c_in_a_build_of_several_processes_is_one_sentence_and_leaves_no_file(tmp_path):
    rows = (
        f'{{"title": "Paper {n} of Many", "abstract": "{"LoRA on GSM8K. " * 60}"}}\n' for n in range(6000)
    )
    (tmp_path / "many.jsonl").write_text("".join(rows))
    script = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from citegraph.cli import main; main()"
    )
    command = [sys.executable, "-c", script, "build", "many.jsonl", "--jobs", "2"]
    building = subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    time.sleep(1.5)
    os.killpg(building.pid, signal.SIGINT)
    talk = building.communicate(timeout=60)[1]
    assert building.returncode == 130
    assert talk.strip() == "citegraph: stopped; nothing half-written was left behind."
    assert [entry.name for entry in tmp_path.iterdir()] == ["many.jsonl"]


def test_a_changed_file_is_read_even_if_another_holds_what_it_holds_now(tmp_path):
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    one.write_text('{"title": "Alpha in Words"}\n')
    other.write_text('{"title": "Beta in Words"}\n')
    run("build", "one.jsonl", "other.jsonl", cwd=tmp_path)
    one.write_text(other.read_text())
    report = json.loads(run("build", "one.jsonl", "--json", cwd=tmp_path).stdout)
    assert (report["removed"], report["unchanged_sources"]) == (1, [])
    assert "Alpha" not in run("export", cwd=tmp_path).stdout


def test_a_title_of_signs_is_a_title_and_one_of_nothing_visible_is_missing(tmp_path):
    (tmp_path / "p.jsonl").write_text('{"title": "$$$"}\n{"title": "\\u200b"}\n')
    report = json.loads(run("build", "p.jsonl", "--json", cwd=tmp_path).stdout)
    assert report["new"] == 1
    assert [refusal["line"] for refusal in report["refused"]] == [2]
