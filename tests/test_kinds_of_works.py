"""What kind of work a paper is: told by sources in words of their own, kept in one vocabulary."""

from __future__ import annotations

import doctest
import json
from pathlib import Path

import pytest
from loading import read_text

from citegraph import open_graph
from citegraph.graph.merge import Claim, merge
from citegraph.graph.records import Paper
from citegraph.loaders.reading import kinds_of_works

ARTICLE = (
    '<article article-type="{}"><front><article-meta><title-group><article-title>A Title</article-title>{}'
)
END = "</title-group></article-meta></front></article>"


@pytest.mark.parametrize(
    ("format", "text", "kind"),
    [
        ("bibtex", "@inproceedings{a, title = {A Title}}", "conference paper"),
        ("bibtex", "@phdthesis{a, title = {A Title}}", "thesis"),
        ("bibtex", "@misc{a, title = {A Title}}", None),
        ("bibtex", "@article{a, title = {A Title}, journal = {arXiv preprint arXiv:1706.03762}}", "preprint"),
        ("ris", "TY  - BOOK\nTI  - A Title\nER  - \n", "book"),
        ("ris", "TY  - GEN\nTI  - A Title\nER  - \n", None),
        ("csl-json", '[{"type": "paper-conference", "title": "A Title"}]', "conference paper"),
        ("csl-json", '[{"type": 7, "title": "A Title"}]', None),
        ("crossref", '{"DOI": "10.1234/a", "type": "posted-content", "title": ["A Title"]}', "preprint"),
        ("crossref", '{"DOI": "10.1234/a", "type": "dataset", "title": ["A Title"]}', "dataset"),
        ("openalex", '{"id": "https://openalex.org/W2741809807", "type": "book-chapter", "title": "A"}', "chapter"),
        ("semantic-scholar", '{"paperId":null,"title":"A","publicationTypes":["Conference","Review"]}', "review"),
        ("semantic-scholar", '{"paperId": null, "title": "A", "publicationTypes": null}', None),
        ("dblp", '<dblp><incollection key="books/a/B1"><title>A.</title></incollection></dblp>', "chapter"),
        ("dblp", '<dblp><article publtype="informal" key="a"><title>A.</title></article></dblp>', "preprint"),
        ("jats", ARTICLE.format("review-article", END), "review"),
        ("papers-jsonl", '{"title": "A Title", "type": "Technical report"}', "report"),
        ("papers-jsonl", '{"title": "A Title", "kind": "software"}', "software"),
    ],
)  # fmt: skip
def test_every_source_says_it_in_its_words(tmp_path: Path, format: str, text: str, kind: str | None) -> None:
    [paper], refusals = read_text(tmp_path, text, "input", format)
    assert paper.kind == kind and not refusals


def test_what_one_source_knows_published_is_no_preprint() -> None:
    records = [Paper("A Title", doi="10.1/a", kind=kind) for kind in ("preprint", "article", None)]
    for order in (records, records[::-1]):
        assert (
            merge([Claim(f"{number}.bib", paper) for number, paper in enumerate(order)]).paper.kind
            == "article"
        )
    assert merge([Claim("a.bib", records[0]), Claim("b.bib", records[2])]).paper.kind == "preprint"


def test_the_graph_holds_it(tmp_path: Path) -> None:
    works = [{"title": "A Body of Data", "kind": "dataset"}, {"title": "A Work of Nobody"}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, works)))
    with open_graph(tmp_path / "a.db", create=True) as graph:
        graph.build(tmp_path / "a.jsonl")
        kinds = {
            held["title"]: held.get("kind") for _, held in graph.store.graph.nodes.items() if "title" in held
        }
    assert kinds == {"A Body of Data": "dataset", "A Work of Nobody": None}


def test_the_examples_are_true() -> None:
    assert doctest.testmod(kinds_of_works).failed == 0
