"""Dumps of Papers with Code: papers, code links, methods, datasets, evaluation tables."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import read, read_text

from citegraph.graph.records import Author, Statement
from citegraph.loaders import open_inputs

PAPER = {
    "paper_url": "https://paperswithcode.com/paper/tiny-loom",
    "arxiv_id": "2401.00001",
    "openreview_id": None,
    "title": "TinyLoom: Weaving Small Models",
    "abstract": "We propose TinyLoom.",
    "url_abs": "https://arxiv.org/abs/2401.00001v2",
    "url_pdf": "https://arxiv.org/pdf/2401.00001v2.pdf",
    "proceeding": "NAACL 2018 6",
    "authors": ["Ada Lovelace", "Alan Turing"],
    "tasks": ["Model Compression", "Image Classification"],
    "date": "2024-01-02",
    "methods": [
        {"name": "Adam", "full_name": "Adam", "source_title": "Adam: A Method for Stochastic Optimization"},
        {"name": "TL", "full_name": "TinyLoom", "source_title": "TinyLoom: Weaving Small Models"},
    ],
}
LINK = {
    "paper_url": "https://paperswithcode.com/paper/tiny-loom",
    "paper_title": "TinyLoom: Weaving Small Models",
    "paper_arxiv_id": "2401.00001",
    "paper_url_abs": "https://arxiv.org/abs/2401.00001v2",
    "paper_url_pdf": None,
    "repo_url": "https://github.com/ada/tinyloom",
    "is_official": True,
    "mentioned_in_paper": False,
    "framework": "pytorch",
}
DATASET = {
    "url": "https://paperswithcode.com/dataset/loomset",
    "name": "LoomSet",
    "full_name": "The Loom Data Set",
    "homepage": "",
    "description": "**LoomSet** holds a [thousand](/x) woven images. It is small.",
    "paper": {"title": "LoomSet: Woven Images", "url": "https://paperswithcode.com/paper/loomset"},
    "tasks": [{"task": "Image Classification", "url": "x"}],
}
METHOD = {
    "url": "https://paperswithcode.com/method/tl",
    "name": "TL",
    "full_name": "TinyLoom",
    "description": "A way to weave.",
    "paper": None,
    "source_url": "http://arxiv.org/abs/2401.00001v2",
    "source_title": "TinyLoom: Weaving Small Models",
    "collections": [],
}
ROW = {
    "model_name": "ViT-H/14",
    "paper_title": "An Image is Worth 16x16 Words",
    "paper_url": "https://arxiv.org/abs/2010.11929v2",
    "paper_date": "2020-10-22",
    "metrics": {"Top 1 Accuracy": "88.5%", "GFLOPs": None},
    "code_links": [
        {"title": "x", "url": "https://github.com/google-research/vision_transformer"},
        {"url": None},
    ],
}
TABLE = {
    "task": "Image Classification",
    "description": "",
    "categories": [],
    "datasets": [{"dataset": "ImageNet:", "sota": {"metrics": [], "rows": [ROW]}, "subdatasets": []}],
    "subtasks": [],
}


def one(folder, record):
    (paper,), refusals = read_text(folder, json.dumps([record]), "dump.json")
    assert not refusals
    return paper


def test_papers_come_with_tasks_venue_and_the_methods_they_are_tagged_with(tmp_path):
    paper = one(tmp_path, PAPER)
    assert (paper.arxiv_id, paper.date, paper.venue) == ("2401.00001", "2024-01-02", "NAACL 2018 6")
    assert paper.authors == (Author("Ada Lovelace"), Author("Alan Turing"))
    assert paper.tasks == ("Model Compression", "Image Classification")
    assert paper.statements == (
        Statement("Uses Adam.", "Method", "Adam", "USES"),
        Statement("Introduces TinyLoom (TL).", "Method", "TinyLoom", "PROPOSES"),
    )


def test_an_official_repository_is_the_papers(tmp_path):
    paper = one(tmp_path, LINK)
    assert (paper.arxiv_id, paper.repositories) == ("2401.00001", ("https://github.com/ada/tinyloom",))


def test_anothers_implementation_is_not_the_papers_repository(tmp_path):
    assert one(tmp_path, LINK | {"is_official": False}).repositories == ()
    assert one(tmp_path, LINK | {"is_official": False, "mentioned_in_paper": True}).repositories != ()


def test_a_dataset_is_introduced_by_the_paper_it_names(tmp_path):
    paper = one(tmp_path, DATASET)
    assert (paper.title, paper.tasks) == ("LoomSet: Woven Images", ("Image Classification",))
    (stated,) = paper.statements
    assert (stated.label, stated.name, stated.relation) == ("Benchmark", "LoomSet", "PROPOSES")
    assert stated.text == "Introduces LoomSet (The Loom Data Set). LoomSet holds a thousand woven images."


def test_a_method_is_introduced_by_its_source(tmp_path):
    paper = one(tmp_path, METHOD)
    assert (paper.arxiv_id, paper.statements[0].relation) == ("2401.00001", "PROPOSES")
    assert (paper.statements[0].label, paper.statements[0].name) == ("Method", "TinyLoom")


def test_a_dataset_without_paper_is_refused_with_its_name(tmp_path):
    papers, (refusal,) = read_text(tmp_path, json.dumps([DATASET | {"paper": None}]), "dump.json")
    assert not papers
    assert "no paper is named that introduces “LoomSet”" in str(refusal)


def test_a_row_of_a_table_states_each_number(tmp_path):
    paper = one(tmp_path, TABLE)
    assert (paper.arxiv_id, paper.date, paper.tasks) == (
        "2010.11929",
        "2020-10-22",
        ("Image Classification",),
    )
    assert paper.repositories == ("https://github.com/google-research/vision_transformer",)
    text = "ImageNet, Top 1 Accuracy: 88.5% (ViT-H/14)"
    assert paper.statements == (
        Statement(text, "Benchmark", "ImageNet", "EVALUATED_ON", "Top 1 Accuracy", "88.5%", "ViT-H/14"),
    )


def test_subtasks_and_parts_of_datasets_are_read_within(tmp_path):
    inner = {"dataset": "X", "subdatasets": [{"subdataset": "Hard", "sota": {"rows": [ROW]}}]}
    nested = TABLE | {"datasets": [], "subtasks": [TABLE | {"task": "Fine-Grained", "datasets": [inner]}]}
    paper = one(tmp_path, nested)
    assert paper.tasks == ("Fine-Grained",)
    assert paper.statements[0].text.startswith("X, Hard, Top 1 Accuracy: ")
    assert paper.statements[0].name == "X"


def test_brackets_behind_a_dataset_are_no_part_of_its_name(tmp_path):
    paper = one(
        tmp_path, TABLE | {"datasets": [{"dataset": "CoNLL 2003 (English)", "sota": {"rows": [ROW]}}]}
    )
    assert paper.statements[0].name == "CoNLL 2003"
    assert paper.statements[0].text.startswith("CoNLL 2003 (English), ")


def test_a_row_without_numbers_still_says_that_the_paper_was_tested(tmp_path):
    rows = [ROW | {"metrics": {"Accuracy": "-"}}]
    paper = one(tmp_path, TABLE | {"datasets": [{"dataset": "ImageNet", "sota": {"rows": rows}}]})
    assert paper.statements == (Statement("ImageNet (ViT-H/14)", "Benchmark", "ImageNet", "EVALUATED_ON"),)


def test_rows_that_name_no_paper_are_counted(tmp_path):
    rows = [
        ROW,
        ROW | {"paper_title": "", "paper_url": ""},
        ROW | {"paper_title": "Cui et al., 2019", "paper_url": None},
        ROW | {"paper_title": "[13] [code]", "paper_url": None},
    ]
    table = TABLE | {"datasets": [{"dataset": "ImageNet", "sota": {"rows": rows}}]}
    papers, (refusal,) = read_text(tmp_path, json.dumps([table]), "dump.json")
    assert len(papers) == 1
    assert "3 of 4 rows of “ImageNet” name no paper" in str(refusal)


def test_an_address_in_the_place_of_a_title_identifies_the_paper(tmp_path):
    rows = [ROW | {"paper_title": "https://arxiv.org/abs/2012.03173", "paper_url": ""}]
    paper = one(tmp_path, TABLE | {"datasets": [{"dataset": "ImageNet", "sota": {"rows": rows}}]})
    assert (paper.title, paper.arxiv_id) == ("", "2012.03173")


def test_a_description_names_the_paper_by_title_and_by_address_only_if_it_is_the_same(tmp_path):
    record = {
        "id": "MuMu", "title": "Genre Classification", "variants": ["MuMu"],
        "contents": "MuMu holds albums of many genres.\r\n\r\nSource: [%s](https://arxiv.org/pdf/1707.04916)",
    }  # fmt: skip
    own = record | {"contents": record["contents"] % "Genre classification"}
    others = record | {"contents": record["contents"] % "Something Else"}
    papers, refusals = read_text(tmp_path, "\n".join(map(json.dumps, (own, others))), "documents.jsonl")
    assert [paper.arxiv_id for paper in papers] == ["1707.04916", None]
    assert papers[0].statements[0].text == "Introduces MuMu. MuMu holds albums of many genres."
    assert not refusals


def test_subtasks_without_end_are_refused(tmp_path):
    table = TABLE
    for _ in range(60):
        table = TABLE | {"datasets": [], "subtasks": [table]}
    papers, (refusal,) = read_text(tmp_path, json.dumps([table]), "dump.json")
    assert not papers
    assert "deep in each other" in str(refusal)


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_whatever_a_field_holds_there_is_a_paper_or_a_reason(tmp_path_factory, data):
    record = data.draw(st.sampled_from([PAPER, LINK, DATASET, METHOD, TABLE]))
    wrong = st.sampled_from([None, 1, "", "x", [], [1], {}, {"x": []}, [{}], [[]], True, 1e300])
    changed = {
        key: data.draw(wrong) if data.draw(st.integers(0, 3)) == 0 else value for key, value in record.items()
    }
    papers, refusals = read_text(
        tmp_path_factory.mktemp("x"), json.dumps([changed]), "x.json", format="papers-with-code"
    )
    assert papers or refusals


# --- real files --------------------------------------------------------------------------------------------

REAL = {  # papers, statements, papers identified, refused
    "sota_extractor_eval_tables/chexpert.json": (4, 8, 4, 1),
    "sota_extractor_eval_tables/cmrc.json": (6, 24, 6, 2),
    "sota_extractor_eval_tables/nlp-progress.json": (544, 1083, 474, 11),
    "sota_extractor_eval_tables/nlpprogress.json": (395, 729, 340, 6),
    "sota_extractor_eval_tables/record.json": (1, 2, 1, 1),
    "sota_extractor_eval_tables/redditsota.json": (32, 32, 30, 0),
    "datafinder/documents.jsonl": (2780, 2780, 206, 547),
}


@pytest.mark.parametrize(("name", "counts"), REAL.items())
def test_real_files_are_read(shared, name, counts):
    papers, refusals = read(shared(f"fixtures/pwc/{name}"))
    stated = [statement for paper in papers for statement in paper.statements]
    known = sum(bool(paper.arxiv_id or paper.doi or paper.also) for paper in papers)
    assert (len(papers), len(stated), known, len(refusals)) == counts
    assert all(statement.name in statement.text for statement in stated)


def test_every_row_of_a_real_table_is_read_or_counted(shared):
    path = shared("fixtures/pwc/sota_extractor_eval_tables/nlp-progress.json")
    papers, refusals = read(path)
    missing = sum(int(refusal.reason.partition(" ")[0]) for refusal in refusals)
    assert len(papers) + missing == path.read_text().count('"model_name"')


def test_a_real_table_that_is_not_json_is_refused_with_the_place(shared):
    papers, (refusal,) = read(
        shared("fixtures/pwc/sota_extractor_eval_tables/examples__example_json_format.json")
    )
    assert not papers
    assert "is not JSON (trailing comma is not allowed in column 2261)" in str(refusal)


def test_queries_of_a_search_engine_are_left_alone(shared):
    for name in ("test_data.jsonl", "scirex_queries_and_datasets.json"):
        (found,) = open_inputs([shared(f"fixtures/pwc/datafinder/{name}")])
        assert getattr(found, "format", None) is None
