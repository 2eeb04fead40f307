"""Teaching a graph: link, unlink, corrections, lexicon files, and what is shown of them, as a user meets it."""

from __future__ import annotations

import csv
import io
import json
import os
import shlex
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from citegraph.cli import main

PAPERS = [
    {
        "title": "A Study of Adapters",
        "abstract": "We use LoRA and low-rank adaptation to fine-tune LLaMA 2 on GSM8K.",
        "arxiv_id": "2401.00001",
        "references": ["2401.09999"],
    },
    {
        "title": "Quantized Adapters in Practice",
        "abstract": "We compare QLoRA with LoRA on MMLU and on GSM8K, using one A100 GPU.",
        "arxiv_id": "2401.00002",
    },
    {
        "title": "Adapters Studied at Length",
        "abstract": "We use GPTQ on MMLU.",
        "doi": "10.1000/three",
    },
]
MORE = {
    "title": "One More Paper",
    "abstract": "We compare LoRA with GPTQ on GSM8K.",
    "arxiv_id": "2402.00009",
}


class Done(NamedTuple):
    code: int
    out: str
    err: str


class Desk:
    """A folder with a graph, and the command line to work on it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def write(self, name: str, *papers: dict[str, object]) -> str:
        (self.folder / name).write_text("".join(json.dumps(paper) + "\n" for paper in papers))
        return name

    def lexicon(self, text: str, name: str = "my.toml") -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return name

    def run(self, *arguments: str) -> Done:
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main(list(arguments))
        out, err = self._capsys.readouterr()
        assert "Traceback" not in err
        return Done(int(left.value.code or 0), out, err)

    def ok(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.code == 0, done.err
        return done.out

    def fails(self, *arguments: str) -> str:
        """Run what must fail: exit 1, one sentence, and the graph as it was."""
        before = self.ok("export")
        done = self.run(*arguments)
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("citegraph: ") and done.err.count("\n") == 1
        assert self.ok("export") == before
        return done.err

    def typed(self, command: str) -> str:
        """Run a command as it was printed."""
        name, *arguments = shlex.split(command)
        assert name == "citegraph"
        return self.ok(*arguments)

    def nodes(self) -> set[str]:
        lines = map(json.loads, self.ok("export").splitlines())
        return {line["id"] for line in lines if line["kind"] == "node"}

    def shown(self, *arguments: str) -> dict[str, object]:
        found = json.loads(self.ok("show", *arguments, "--format", "json"))
        assert isinstance(found, dict)
        return found

    def corrections(self) -> list[dict[str, str]]:
        return json.loads(self.ok("corrections", "--format", "json"))


@pytest.fixture
def desk(tmp_path, monkeypatch, capsys):
    """A graph of three papers in citegraph.db."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CITEGRAPH_GRAPH", raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    made = Desk(tmp_path, capsys)
    made.ok("build", made.write("papers.jsonl", *PAPERS), "-q")
    return made


# --- link --------------------------------------------------------------------------------------------------


def test_a_link_makes_two_nodes_one_and_says_how_to_take_it_back(desk):
    before = desk.ok("export")
    out = desk.ok("link", "GPTQ", "LoRA")
    assert "GPTQ [method:gptq] is LoRA [method:lora], from now on." in out
    assert "LoRA [method:lora]: 3 papers" in out
    assert "method:gptq" not in desk.nodes()
    desk.typed("citegraph unlink method:lora method:gptq")
    assert "citegraph unlink method:lora method:gptq" in out
    assert desk.ok("export") == before


def test_a_link_holds_for_what_is_built_later(desk):
    desk.ok("link", "GPTQ", "LoRA")
    desk.ok("build", desk.write("more.jsonl", MORE))
    assert "method:gptq" not in desk.nodes()
    assert "One More Paper" in desk.ok("show", "GPTQ")


def test_show_tells_which_form_was_linked_by_hand(desk):
    desk.ok("link", "GPTQ", "LoRA")
    shown = desk.shown("LoRA")
    ways = {form["text"]: [way["rule"] for way in form["ways"]] for form in shown["forms"]}
    assert ways["GPTQ"] == ["link"]
    assert ways["LoRA"] == ["name"]
    assert [row["this_id"] for row in shown["corrections"]] == ["method:gptq"]
    assert "linked by hand" in desk.ok("show", "LoRA")


def test_an_unknown_name_is_refused_with_what_may_have_been_meant(desk):
    assert "Did you mean 'LoRA'" in desk.fails("link", "LoRAA", "GPTQ")
    assert "The graph has no Method called 'Nothing Such'." in desk.fails("link", "LoRA", "Nothing Such")


def test_a_link_across_types_is_refused_with_the_types_and_the_remedy(desk):
    said = desk.fails("link", "LoRA", "GSM8K")
    assert "'LoRA' is a Method (method:lora) and 'GSM8K' a Benchmark (benchmark:gsm8k)" in said
    assert "--lexicon" in said


def test_the_second_name_is_looked_up_among_the_type_of_the_first(desk):
    desk.ok("build", desk.write("more.jsonl", {"title": "LoRA", "arxiv_id": "2403.00003"}), "-q")
    assert "is LoRA [method:lora]" in desk.ok("link", "GPTQ", "LoRA")


def test_a_name_of_several_nodes_is_refused_with_the_candidates(desk):
    twins = [{"title": "Of One Title", "arxiv_id": f"2404.0000{number}"} for number in (1, 2)]
    desk.ok("build", desk.write("twins.jsonl", *twins), "-q")
    said = desk.fails("link", "Of One Title", "A Study of Adapters")
    assert "arxiv:2404.00001" in said and "arxiv:2404.00002" in said and "give an id instead" in said


def test_the_type_of_the_first_name_can_be_said(desk):
    desk.ok("build", desk.write("more.jsonl", {"title": "LoRA", "arxiv_id": "2403.00003"}), "-q")
    assert "--type" in desk.fails("link", "LoRA", "GPTQ")
    assert "is GPTQ [method:gptq]" in desk.ok("link", "LoRA", "GPTQ", "--type", "method")


def test_what_is_one_node_already_is_not_linked(desk):
    assert "are one node already" in desk.fails("link", "LoRA", "low-rank adaptation")
    desk.ok("link", "GPTQ", "LoRA")
    assert "are one node already" in desk.fails("link", "GPTQ", "LoRA")


def test_a_circle_of_links_is_refused(desk):
    desk.ok("link", "GPTQ", "LoRA")
    assert "are one node already" in desk.fails("link", "LoRA", "GPTQ")


def test_what_is_linked_is_not_silently_linked_on(desk):
    desk.ok("link", "GPTQ", "LoRA")
    said = desk.fails("link", "GPTQ", "QLoRA")
    assert "'GPTQ' is linked to 'LoRA' (method:lora) already" in said
    desk.typed(said.split("`")[1])
    desk.ok("link", "GPTQ", "QLoRA")
    assert "method:lora" in desk.nodes()


def test_links_follow_one_another_and_come_apart_one_by_one(desk):
    before = desk.ok("export")
    desk.ok("link", "GPTQ", "LoRA")
    between = desk.ok("export")
    desk.ok("link", "LoRA", "QLoRA", "--type", "Method")
    assert {"method:gptq", "method:lora"} & desk.nodes() == set()
    desk.ok("unlink", "QLoRA", "LoRA")
    assert desk.ok("export") == between
    desk.ok("unlink", "LoRA", "GPTQ")
    assert desk.ok("export") == before


def test_the_middle_of_a_chain_of_links_can_be_taken_back(desk):
    desk.ok("link", "GPTQ", "LoRA")
    desk.ok("link", "LoRA", "QLoRA")
    desk.ok("unlink", "method:lora", "method:gptq")
    assert "method:gptq" in desk.nodes()
    assert "method:lora" not in desk.nodes()


def test_two_papers_can_be_linked_and_show_says_so(desk):
    desk.ok("link", "10.1000/three", "2401.00001")
    shown = desk.shown("2401.00001")
    assert [record["rule"] for record in shown["records"]] == [None, "hand"]
    assert "doi:10.1000/three" in shown["node"]["properties"]["former_ids"]
    assert "one paper of 2 records" in desk.ok("show", "doi:10.1000/three")


def test_a_paper_that_is_only_cited_is_no_target_but_can_be_linked_itself(desk):
    said = desk.fails("link", "2401.00002", "2401.09999")
    assert "known only as a cited work" in said
    desk.typed(said.split("`")[1])
    assert "arxiv:2401.09999" not in desk.nodes()


def test_an_author_under_two_names_can_be_linked(desk):
    desk.ok("build", desk.write("a.jsonl", {"title": "By Ada", "authors": ["Ada Byron"]}), "-q")
    desk.ok("build", desk.write("b.jsonl", {"title": "By A. Byron", "authors": ["A. Byron"]}), "-q")
    desk.ok("link", "A. Byron", "Ada Byron")
    assert desk.nodes() & {"author:a-byron", "author:ada-byron"} == {"author:ada-byron"}
    desk.ok("unlink", "Ada Byron", "A. Byron")
    assert desk.nodes() >= {"author:a-byron", "author:ada-byron"}


def test_what_only_a_lexicon_names_cannot_be_linked(desk):
    assert "--lexicon" in desk.fails("link", "Meta", "NVIDIA")


# --- unlink ------------------------------------------------------------------------------------------------


def test_a_written_form_gets_a_node_of_its_own_and_link_takes_that_back(desk):
    before = desk.ok("export")
    out = desk.ok("unlink", "LoRA", "low-rank adaptation")
    assert "low-rank adaptation [method:low-rank-adaptation]: 1 paper" in out
    shown = desk.shown("method:low-rank-adaptation")
    assert [way["rule"] for form in shown["forms"] for way in form["ways"]] == ["unlink"]
    desk.ok("link", "low-rank adaptation", "LoRA")
    assert desk.ok("export") == before
    assert desk.corrections() == []


def test_an_unlinked_form_stays_apart_in_what_is_built_later(desk):
    desk.ok("unlink", "LoRA", "low-rank adaptation")
    paper = {"title": "More", "abstract": "We use low-rank adaptation on MMLU."}
    desk.ok("build", desk.write("more.jsonl", paper), "-q")
    assert "More" in desk.ok("show", "low-rank adaptation")
    assert "method:lora" not in {
        group["neighbours"][0]["node"]["id"] for group in desk.shown("More")["groups"]
    }


def test_a_form_that_came_with_a_link_can_be_parted_from_where_it_went(desk):
    desk.ok("link", "LoRA", "QLoRA")
    desk.ok("unlink", "QLoRA", "low-rank adaptation")
    assert "method:low-rank-adaptation" in desk.nodes()
    assert "method:lora" not in desk.nodes()


def test_an_unknown_form_is_refused_with_those_the_node_has(desk):
    assert "it has: 'LoRA', 'low-rank adaptation'" in desk.fails("unlink", "LoRA", "no such form")


def test_what_a_node_itself_is_called_cannot_be_taken_from_it(desk):
    said = desk.fails("unlink", "LoRA", "LoRA")
    assert "itself is called" in said and "low-rank adaptation" in said


def test_unlinking_what_is_no_node_is_refused(desk):
    assert "The graph has no node called 'Nothing'" in desk.fails("unlink", "Nothing", "LoRA")


def test_two_nodes_that_look_alike_are_no_longer_suggested(desk):
    lexicon = '[[method]]\nname = "FlashFooing"\n[[method]]\nname = "FlashFoing"\n'
    papers = [{"title": f"Paper {n}", "abstract": f"We use {n} here."} for n in ("FlashFooing", "FlashFoing")]
    desk.ok("build", desk.write("alike.jsonl", *papers), "--lexicon", desk.lexicon(lexicon), "-q")
    assert len(json.loads(desk.ok("duplicates", "--type", "Method", "--format", "json"))) == 1
    desk.ok("unlink", "FlashFooing", "FlashFoing")
    assert json.loads(desk.ok("duplicates", "--type", "Method", "--format", "json")) == []
    desk.ok("link", "FlashFoing", "FlashFooing")
    assert [row["correction"] for row in desk.corrections()] == ["link"]


def test_a_record_that_is_another_paper_is_parted_by_its_identifier(desk):
    both = [
        {"title": "One Title", "arxiv_id": "2405.00001", "doi": "10.1000/x"},
        {"title": "One Title", "openalex_id": "W2741809807", "doi": "10.1000/x"},
    ]
    desk.ok("build", desk.write("a.jsonl", both[0]), desk.write("b.jsonl", both[1]), "-q")
    before = desk.ok("export")
    assert "doi:10.1000/x" not in desk.nodes()
    desk.ok("unlink", "2405.00001", "https://openalex.org/W2741809807")
    assert {"arxiv:2405.00001", "doi:10.1000/x"} <= desk.nodes()
    (row,) = desk.corrections()
    desk.typed(row["take_back"])
    assert (desk.ok("export"), desk.corrections()) == (before, [])


def test_an_identifier_the_paper_does_not_have_is_refused_with_those_it_has(desk):
    said = desk.fails("unlink", "2401.00001", "10.1000/none")
    assert "arxiv:2401.00001" in said


# --- corrections -------------------------------------------------------------------------------------------


def test_no_corrections_are_said_to_be_none(desk):
    done = desk.run("corrections")
    assert (done.code, done.out, done.err) == (0, "", "Nothing was corrected by hand.\n")


def test_every_correction_is_listed_with_the_command_that_takes_it_back(desk):
    before = desk.ok("export")
    desk.ok("link", "GPTQ", "QLoRA")
    desk.ok("unlink", "LoRA", "low-rank adaptation")
    desk.ok("link", "10.1000/three", "2401.00001")
    table = desk.ok("corrections")
    assert "is not" in table and "Adapters Studied at Length" in table
    rows = desk.corrections()
    assert {row["correction"] for row in rows} == {"link", "unlink"}
    assert list(csv.DictReader(io.StringIO(desk.ok("corrections", "--format", "csv")))) == rows
    for row in rows:
        desk.typed(row["take_back"])
    assert desk.corrections() == []
    assert desk.ok("export") == before


def test_the_commands_name_another_graph_than_the_usual(desk):
    (desk.folder / "citegraph.db").rename(desk.folder / "other one.db")
    desk.ok("link", "GPTQ", "LoRA", "-g", "other one.db")
    (row,) = json.loads(desk.ok("corrections", "-g", "other one.db", "--format", "json"))
    desk.typed(row["take_back"])
    assert json.loads(desk.ok("corrections", "-g", "other one.db", "--format", "json")) == []


def test_corrections_outlive_the_sources_they_were_made_on(desk):
    desk.ok("link", "GPTQ", "LoRA")
    desk.ok("remove-source", "papers.jsonl")
    assert len(desk.corrections()) == 1
    desk.ok("build", "papers.jsonl", "-q")
    assert "method:gptq" not in desk.nodes()


def test_stats_tells_lexicons_and_corrections(desk):
    assert "correction" not in desk.ok("stats")
    desk.ok("link", "GPTQ", "LoRA")
    desk.ok("build", "--lexicon", desk.lexicon('[[method]]\nname = "Zorp"'), "-q")
    said = desk.ok("stats")
    assert "1 correction by hand" in said and "my.toml" in said
    found = json.loads(desk.ok("stats", "--format", "json"))
    assert (found["lexicons"], found["corrections"]) == (["my.toml"], 1)


# --- lexicon files -----------------------------------------------------------------------------------------

ZORP = '[[benchmark]]\nname = "Zorp"\nkind = "benchmark"\naliases = ["the Zorp test"]\n'
SPEAKS = {"title": "On Zorp", "abstract": "We evaluate LoRA on the Zorp test.", "arxiv_id": "2406.00001"}


def test_a_lexicon_changes_what_a_name_is_and_taking_it_back_restores_the_graph(desk):
    before = desk.ok("export")
    out = desk.ok("build", "--lexicon", desk.lexicon('[[method]]\nname = "GSM8K"'))
    assert "The papers of the graph were read again: my.toml was added to the lexicon." in out
    assert "method:gsm8k" in desk.nodes() and "benchmark:gsm8k" not in desk.nodes()
    assert "my.toml was dropped from the lexicon" in desk.ok("build", "--no-lexicon")
    assert desk.ok("export") == before


def test_a_lexicon_is_kept_for_later_builds(desk):
    desk.ok("build", "--lexicon", desk.lexicon(ZORP), "-q")
    (desk.folder / "my.toml").unlink()
    desk.ok("build", desk.write("speaks.jsonl", SPEAKS), "-q")
    shown = desk.shown("Zorp", "--type", "Benchmark")
    assert {"Zorp", "the Zorp test"} == {form["text"] for form in shown["forms"]}


def test_papers_before_and_after_a_lexicon_are_read_alike(desk):
    desk.ok("build", desk.write("speaks.jsonl", SPEAKS), "-q")
    desk.ok("build", "--lexicon", desk.lexicon(ZORP), "-q")
    late = desk.ok("export")
    (desk.folder / "citegraph.db").unlink()
    desk.ok("build", "papers.jsonl", "speaks.jsonl", "--lexicon", "my.toml", "-q")
    assert _without_times(desk.ok("export")) == _without_times(late)


def _without_times(exported: str) -> list[dict[str, object]]:
    rows = [json.loads(line) for line in exported.splitlines()]
    return [{key: value for key, value in row.items() if key != "loaded_at"} for row in rows]


def test_the_same_lexicon_again_changes_nothing_and_another_takes_its_place(desk):
    desk.ok("build", "--lexicon", desk.lexicon(ZORP), "-q")
    assert "Nothing changed." in desk.ok("build", "--lexicon", "my.toml")
    out = desk.ok("build", "--lexicon", desk.lexicon('[[method]]\nname = "Zorp"', "other.toml"))
    assert "other.toml was added to the lexicon, my.toml was dropped from the lexicon" in out
    assert json.loads(desk.ok("stats", "--format", "json"))["lexicons"] == ["other.toml"]


def test_several_lexicons_can_be_given_and_the_later_has_the_last_word(desk):
    first = desk.lexicon('[[method]]\nname = "GSM8K"\n[[method]]\nname = "MMLU"', "first.toml")
    second = desk.lexicon('[[benchmark]]\nname = "GSM8K"', "second.toml")
    desk.ok("build", "--lexicon", first, "--lexicon", second, "-q")
    assert {"method:mmlu", "benchmark:gsm8k"} <= desk.nodes()
    assert "method:gsm8k" not in desk.nodes()


def test_links_and_a_lexicon_hold_together(desk):
    desk.ok("link", "GPTQ", "LoRA")
    desk.ok("build", "--lexicon", desk.lexicon('[[method]]\nname = "GSM8K"'), "-q")
    assert desk.nodes() & {"method:gptq", "method:gsm8k", "method:lora"} == {"method:gsm8k", "method:lora"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[[method]\nname = 1", "not valid TOML"),
        ("[[gadget]]\nname = 'x'", "[[gadget]] is no table"),
        ("[[method]]\nname = 'x'\ngeneric = 'yes'", "[[method]] number 1 ('x'): generic must be"),
        (
            "[[benchmark]]\nname = 'a'\n[[benchmark]]\nname = 'b'\nsort = 'x'",
            "number 2 ('b'): the key 'sort'",
        ),
        ("[[hardware]]\nkind = 'GPU'", "[[hardware]] number 1 has no name"),
    ],
)
def test_a_broken_lexicon_is_one_sentence_with_file_table_and_key_and_changes_nothing(desk, text, named):
    (desk.folder / "sub").mkdir()
    said = desk.fails("build", "papers.jsonl", "--lexicon", desk.lexicon(text, "sub/my.toml"))
    assert "sub/my.toml" in said and named in said


def test_a_lexicon_that_is_not_there_is_one_sentence(desk):
    assert "none.toml: the lexicon cannot be read" in desk.fails("build", "--lexicon", "none.toml")


def test_without_input_and_lexicon_a_build_is_wrong_usage(desk):
    done = desk.run("build")
    assert done.code == 2 and "Missing argument 'INPUT...'" in done.err
    assert desk.run("build", "--no-lexicon", "--lexicon", "my.toml").code == 2


def test_without_input_a_graph_is_not_made(desk):
    done = desk.run("build", "--lexicon", desk.lexicon(ZORP), "-g", "none.db")
    assert done.code == 1 and "There is no graph at none.db" in done.err
    assert not (desk.folder / "none.db").exists()


def test_a_build_on_a_terminal_shows_its_progress_and_fails_at_no_stage(desk):
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "citegraph", "build", "papers.jsonl", "--lexicon", desk.lexicon(ZORP)]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as building:
        os.close(theirs)
        said = b""
        with suppress(OSError):  # how a terminal says that nobody writes any more
            while piece := os.read(ours, 65536):
                said += piece
    os.close(ours)
    assert building.returncode == 0, said.decode()
    assert b"Traceback" not in said and b"my.toml was added to the lexicon" in said


# --- what is shown -----------------------------------------------------------------------------------------


def test_show_lists_the_written_forms_with_papers_and_rules(desk):
    shown = desk.ok("show", "LoRA")
    assert "written in 2 forms" in shown
    assert "2 papers  its name in the lexicon" in shown
    assert "1 paper  another name in the lexicon" in shown
    more = desk.ok("show", "LoRA", "--limit", "1")
    assert "… and 1 more; --limit 2 shows all" in more


def test_show_tells_by_which_rule_records_are_one_paper(desk):
    again = [
        {"title": "Anything", "arxiv_id": "2401.00001", "doi": "10.1000/one"},
        {"title": "Printed Elsewhere", "doi": "10.1000/one"},
        {"title": "A STUDY of adapters!"},
    ]
    desk.ok("build", desk.write("again.jsonl", *again), "-q")
    records = desk.shown("2401.00001")["records"]
    assert [(r["source"], r["rule"]) for r in records] == [
        ("papers.jsonl", None), ("again.jsonl", "arxiv"), ("again.jsonl", "doi"), ("again.jsonl", "title"),
    ]  # fmt: skip
    shown = desk.ok("show", "2401.00001")
    assert "the same arXiv id 2401.00001" in shown and "the same title but for case" in shown


def test_stats_of_identity_count_forms_and_records(desk):
    found = json.loads(desk.ok("stats", "--identity", "--format", "json"))
    assert found["papers"] == found["records"] == 3
    assert found["most"][0]["node"]["name"] == "LoRA" and found["most"][0]["forms"] == 2
    assert sum(found["histogram"]["Benchmark"].values()) == 2
    table = desk.ok("stats", "--identity")
    assert "another name in the lexicon" in table and "3 papers of 3 records" in table


def test_a_suggested_duplicate_tells_its_score_its_reasons_and_a_command_that_joins_it(desk):
    lexicon = '[[method]]\nname = "FlashFooing"\n[[method]]\nname = "FlashFoing"\n'
    papers = [
        {"title": "Paper One", "abstract": "We use FlashFooing here."},
        {"title": "Paper Two", "abstract": "We use FlashFoing here."},
        {"title": "Paper Three", "abstract": "We use FlashFoing there."},
    ]
    desk.ok("build", desk.write("alike.jsonl", *papers), "--lexicon", desk.lexicon(lexicon), "-q")
    done = desk.run("duplicates", "--type", "Method")
    assert "Method: FlashFoing (2 papers) = FlashFooing (1 paper) ?" in done.out
    assert "for      'FlashFoing' and 'FlashFooing' are spelled 95% alike (95)" in done.out
    assert "The score, 0 to 100, is" in done.err
    desk.typed(done.out.splitlines()[-1].strip())
    assert "method:flashfooing" not in desk.nodes()


def test_types_are_never_mixed_in_suggestions(desk):
    lexicon = '[[method]]\nname = "FlashFooing"\n[[benchmark]]\nname = "FlashFoing"\n'
    papers = [{"title": f"Paper {n}", "abstract": f"We use {n} here."} for n in ("FlashFooing", "FlashFoing")]
    desk.ok("build", desk.write("alike.jsonl", *papers), "--lexicon", desk.lexicon(lexicon), "-q")
    assert {"method:flashfooing", "benchmark:flashfoing"} <= desk.nodes()
    found = json.loads(desk.ok("duplicates", "--threshold", "0", "--format", "json"))
    assert [row["type"] for row in found] == ["Paper"]
