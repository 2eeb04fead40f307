"""Single papers of Hugging Face's API, and what they share with the days of Daily Papers."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import read_text

from citegraph.graph.records import Author
from citegraph.loaders import open_inputs

PAPER = {
    "id": "2405.15738",
    "authors": [{"_id": "x", "name": "Ada Lovelace", "hidden": False}, {"name": "Alan Turing"}],
    "publishedAt": "2024-05-24T17:34:15.000Z",
    "title": "A Title\n  wrapped",
    "summary": "An abstract\nof two lines.",
    "upvotes": 43,
    "discussionId": "6650",
    "projectPage": "https://example.github.io/",
    "githubRepo": "https://github.com/example/code",
    "githubStars": 12,
    "ai_summary": "Not by the authors.",
    "ai_keywords": ["pruning", "sparsity"],
    "organization": {"name": "example", "fullname": "Example Lab"},
    "linkedModels": [{"id": "example/model-7B", "likes": 3}, {"id": "other/model-7B-GGUF"}],
    "numTotalModels": 2,
    "linkedDatasets": [{"id": "example/data"}],
    "linkedSpaces": [{"id": "example/demo"}],
}


def one(folder, record):
    (paper,), refusals = read_text(folder, json.dumps(record), "paper.json")
    assert not refusals
    return paper


def test_all_fields_of_a_paper_are_taken(tmp_path):
    paper = one(tmp_path, PAPER)
    assert (paper.title, paper.abstract) == ("A Title wrapped", "An abstract of two lines.")
    assert (paper.arxiv_id, paper.date, paper.upvotes) == ("2405.15738", "2024-05-24", 43)
    assert paper.authors == (Author("Ada Lovelace"), Author("Alan Turing"))
    assert (paper.organizations, paper.keywords) == (("Example Lab",), ("pruning", "sparsity"))


def test_linked_models_and_datasets_are_repositories_beside_code_and_project_page(tmp_path):
    assert one(tmp_path, PAPER).repositories == (
        "https://github.com/example/code",
        "https://example.github.io/",
        "https://huggingface.co/example/model-7B",
        "https://huggingface.co/other/model-7B-GGUF",
        "https://huggingface.co/datasets/example/data",
    )


@pytest.mark.parametrize(
    ("text", "name", "format"),
    [
        (json.dumps(PAPER), "paper.json", "hf-paper"),
        (json.dumps(PAPER, indent=2), "paper.json", "hf-paper"),
        (json.dumps([PAPER]), "papers.json", "hf-paper"),
        (json.dumps(PAPER) + "\n", "papers.jsonl", "hf-paper"),
        (json.dumps([{"paper": PAPER, "title": "A Title wrapped"}]), "day.json", "hf-daily"),
    ],
)
def test_all_forms_hold_the_same_paper_and_a_day_is_told_from_a_paper(tmp_path, text, name, format):
    (paper,), refusals = read_text(tmp_path, text, name)
    assert not refusals
    assert paper == one(tmp_path, PAPER)
    (document,) = open_inputs([tmp_path / name])
    assert document.format == format


def test_a_record_with_only_the_fields_many_files_have_is_left_to_others(tmp_path):
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"id": "2405.15738", "title": "A", "summary": "B"}))
    assert [found.format for found in open_inputs([path])] == ["papers-jsonl"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"title": None}, "the title is missing"),
        ({"linkedModels": {}}, "linkedModels is an object, not a list"),
        ({"linkedModels": [7]}, "linkedModels[1] is a number, not an object"),
        ({"linkedDatasets": [{"id": 7}]}, "linkedDatasets[1].id is a number, not text"),
        ({"organization": "x"}, "organization is not an object"),
        ({"upvotes": "many"}, "upvotes is text, not a whole number"),
    ],
)
def test_a_wrong_record_is_named_and_the_others_kept(tmp_path, change, reason):
    lines = "\n".join(map(json.dumps, [PAPER, PAPER | change, PAPER]))
    papers, refusals = read_text(tmp_path, lines, "papers.jsonl")
    assert len(papers) == 2
    assert [(refusal.line, refusal.reason) for refusal in refusals] == [(2, reason)]


def test_a_paper_that_was_not_found_is_passed_on(tmp_path):
    _, refusals = read_text(tmp_path, '{"error": "Paper not found"}', "p.json", format="hf-paper")
    assert [refusal.reason for refusal in refusals] == [
        "Hugging Face answered with an error, “Paper not found”"
    ]


ANY = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.lists(st.text(max_size=5), max_size=2)
)


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(sorted(PAPER)), ANY | st.dictionaries(st.text(max_size=3), ANY), max_size=3
    )
)
def test_no_change_to_a_record_raises(tmp_path_factory, changes):
    text = json.dumps(PAPER | changes)
    papers, refusals = read_text(tmp_path_factory.mktemp("x"), text, "x.json", format="hf-paper")
    assert len(papers) + len(refusals) >= 1


def test_the_papers_of_real_days_are_read_alike_when_they_stand_alone(shared, tmp_path):
    entries = json.loads(shared("fixtures/hf_daily/api_days/2026-07-31.json").read_text())
    lines = "\n".join(json.dumps(entry["paper"] | {"linkedModels": []}) for entry in entries)
    papers, refusals = read_text(tmp_path, lines, "papers.jsonl")
    assert (len(papers), refusals) == (34, [])
    assert all(paper.arxiv_id and paper.abstract for paper in papers)
