"""When an answer is believed to be about the paper that was asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citegraph.graph.records import Author, Paper
from citegraph.loaders.enrich.matching import believed, best
from citegraph.loaders.enrich.services.common import citation, citing, joined
from citegraph.loaders.enrich.wanted import Wanted

TITLE = "Sparse Routing for Protein Graphs"
SOUGHT = Wanted("title:1", TITLE, year=2020, surnames=frozenset({"abara", "dvorak"}))
FOUND = Paper(TITLE, authors=(Author("Ada Abara"), Author("Jun Ito")), year=2020)


def test_the_same_title_year_and_an_author_are_believed() -> None:
    assert believed(SOUGHT, FOUND) is None


@pytest.mark.parametrize(
    "title",
    [
        "SPARSE ROUTING FOR PROTEIN GRAPHS.",
        "Sparse routing for protein-graphs",
        "Sparse Routing for Protien Graphs",
        "Sparse Routing for $Protein$ {Graphs}",
        "SparRo: Sparse Routing for Protein Graphs",
        "Sparse Routing for Protein Graphs - A Study in Folding",
    ],
)
def test_another_spelling_is_believed(title: str) -> None:
    assert believed(SOUGHT, replace(FOUND, title=title)) is None


@pytest.mark.parametrize(
    "title",
    [
        "Dense Routing for Protein Graphs",
        "Sparse Routing for Protein Graphs II",
        "Sparse Routing for Protein Graphs: Part 2",
        "A Comment on Sparse Routing for Protein Graphs",
        "Beyond Sparse Routing for Protein Graphs",
        "Improved Baselines with Sparse Routing for Protein Graphs",
        "Sparse Routing for Protein Graphs2",
        "Untitled",
        "",
        "§§§",
    ],
)
def test_another_work_of_the_same_people_is_not(title: str) -> None:
    reason = believed(SOUGHT, replace(FOUND, title=title))
    assert reason
    assert "\n" not in reason


def test_a_work_by_others_is_not_believed() -> None:
    assert "by others" in (believed(SOUGHT, replace(FOUND, authors=(Author("Greta Kowalski"),))) or "")


def test_a_work_of_other_years_is_not_believed() -> None:
    assert believed(SOUGHT, replace(FOUND, year=2022)) is None
    assert "of 2023, not of 2020" in (believed(SOUGHT, replace(FOUND, year=2023)) or "")


def test_where_neither_author_nor_year_is_known_only_the_very_title_is_believed_if_it_is_long() -> None:
    bare = Wanted("title:1", TITLE)
    assert believed(bare, FOUND) is None
    assert believed(bare, replace(FOUND, title="Sparse Routing for Protien Graphs"))
    assert believed(Wanted("title:1", "Deep learning"), replace(FOUND, title="Deep Learning"))


def test_a_short_title_needs_an_author() -> None:
    short = replace(SOUGHT, title="Caffe")
    assert believed(short, replace(FOUND, title="CAFFE")) is None
    assert believed(replace(short, surnames=frozenset()), replace(FOUND, title="CAFFE"))


def test_another_arxiv_id_or_doi_makes_another_work() -> None:
    sought = replace(SOUGHT, doi="10.1/a")
    assert "10.1/b" in (believed(sought, replace(FOUND, doi="10.1/b")) or "")
    assert believed(sought, replace(FOUND, doi="10.1/b", also=("doi:10.1/a",))) is None
    sought = replace(SOUGHT, arxiv_id="2001.00001")
    assert believed(sought, replace(FOUND, arxiv_id="2001.00002"))


def test_an_identifier_that_agrees_is_believed_though_the_title_was_changed() -> None:
    sought = replace(SOUGHT, arxiv_id="2001.00001")
    assert (
        believed(sought, replace(FOUND, title="Routing Revisited", year=2024, arxiv_id="2001.00001")) is None
    )


def test_an_identifier_is_not_believed_where_title_and_authors_are_others() -> None:
    sought = replace(SOUGHT, doi="10.1/a")
    other = Paper("A History of Bridges", doi="10.1/a", authors=(Author("Livia Pontifex"),))
    assert "another work" in (believed(sought, other) or "")
    assert believed(sought, replace(other, authors=())) is None


def test_of_several_the_most_alike_is_taken() -> None:
    near = replace(FOUND, title="Sparse Routing for Protein Graph")
    record, reason = best(SOUGHT, [near, FOUND, replace(FOUND, title="Something Else Altogether")])
    assert (record, reason) == (FOUND, "")


def test_of_none_the_first_reason_is_told() -> None:
    record, reason = best(SOUGHT, [replace(FOUND, title="Something Else Altogether")])
    assert record is None
    assert "Something Else" in reason
    assert best(SOUGHT, []) == (None, "")


def test_a_record_gets_the_key_of_the_paper_once() -> None:
    sought = replace(SOUGHT, id="arxiv:2001.00001")
    assert joined(sought, FOUND).also == ("arxiv:2001.00001",)
    assert joined(sought, joined(sought, FOUND)).also == ("arxiv:2001.00001",)
    assert joined(sought, replace(FOUND, arxiv_id="2001.00001")).also == ()


def test_a_work_that_cites_a_paper_refers_to_it_once() -> None:
    cited = citation("openalex", "W4000000001")
    work = Paper("Other", references=(replace(cited, title=TITLE), citation("doi", "10.1/b")))
    assert citing(work, cited).references == (cited, citation("doi", "10.1/b"))


_NAMES = st.lists(st.text(max_size=8), max_size=3).map(lambda names: tuple(map(Author, names)))
_YEARS = st.none() | st.integers(1500, 2200)


@given(st.text(max_size=40), st.text(max_size=40), _NAMES, _YEARS, _YEARS, st.booleans())
def test_anything_is_judged_in_a_sentence(
    title: str, found: str, authors: tuple[Author, ...], year: int | None, other: int | None, vouched: bool
) -> None:
    sought = Wanted("title:x", title, year=year, surnames=frozenset({"a"}))
    reason = believed(sought, Paper(found, authors=authors, year=other), vouched=vouched)
    assert reason is None or (reason and "\n" not in reason and "\x1b" not in reason)
