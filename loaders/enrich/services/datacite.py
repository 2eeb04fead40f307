"""DataCite: works with its DOIs, arXiv's among them, fifty at a time, and the works they are related to.

https://support.datacite.org/docs/api
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from ....graph import identity
from ....graph.records import Author, Paper, Reference
from ...reading.catalogue import (
    Names,
    address,
    check_abstract,
    check_title,
    day_of,
    mapping,
    names_of,
    objects,
    sequence,
    year_in,
)
from ...reading.fields import FieldError, text
from ...reading.markup import plain, printed
from ..http import Reply
from ..policy import Policy
from ..wanted import Answer, Ask, Wanted
from .common import SHOWN, Asked, Common, answer, batches, chosen, citation, own_id, words

_TOGETHER = 50
_CITES = ("References", "Cites")
_CITED = ("IsReferencedBy", "IsCitedBy")
_SAME = ("IsVersionOf", "IsIdenticalTo")
_DAYS = ("Submitted", "Issued", "Available", "Created")
_KINDS = {"DOI": "doi", "arXiv": "arxiv", "PMID": "pmid"}


class DataCite(Common):
    """Asks DataCite."""

    name = "datacite"
    format = "datacite"
    policy = Policy(service="datacite", base="https://api.datacite.org", interval=0.6)  # 500 in 5 minutes

    def asks(self, papers: Sequence[Wanted], *, citing: bool = False) -> Iterator[Ask]:
        """Yield requests for fifty DOIs each, and one for each title."""
        for batch in batches([paper for paper in papers if _doi(paper)], _TOGETHER):
            query = " OR ".join(f'"{_escaped(_doi(paper))}"' for paper in batch)
            parameters = {"query": f"doi:({query})", "page[size]": str(len(batch))}
            yield Asked("dois", batch, parameters, citing=citing)
        for paper in papers:
            sought = words(paper.title)
            if sought and not _doi(paper):
                parameters = {"query": f'titles.title:"{sought}"', "page[size]": str(SHOWN)}
                yield Asked("dois", (paper,), parameters, kind="title", citing=citing)

    def read(self, ask: Ask, reply: Reply) -> Iterator[Answer | Ask]:
        """Read a page of works."""
        assert isinstance(ask, Asked)
        try:
            page = mapping(self.parsed(reply), "the answer") if reply.found else {}
            works = [mapping(w.get("attributes"), "attributes") for w in objects(page.get("data"), "data")]
        except FieldError as error:
            raise self.strange(error) from None
        if ask.kind == "title":
            yield chosen(ask.papers[0], [partial(paper_of, work) for work in works])
            return
        by_doi = {str(work.get("doi")).lower(): work for work in works}
        for paper in ask.papers:
            work = by_doi.get(_doi(paper))
            said = answer(paper, partial(paper_of, work) if work else lambda: None)
            yield said
            if work and ask.citing and said.record is not None:
                yield from _citing(paper, work)


def _doi(paper: Wanted) -> str:
    """Return the DOI to ask by: arXiv's, for others are seldom DataCite's; empty where there is none."""
    found = [f"10.48550/arxiv.{arxiv_id}" for arxiv_id in own_id(paper, "arxiv")] + own_id(paper, "doi")
    return next(iter(found), "").lower()


def _escaped(doi: str) -> str:
    return doi.replace("\\", "\\\\").replace('"', '\\"')


def _citing(paper: Wanted, work: Mapping[str, Any]) -> Iterator[Answer]:
    for related in objects(work.get("relatedIdentifiers"), "relatedIdentifiers"):
        if related.get("relationType") in _CITED and (names := _named(related)):
            citing = Paper(title="", **names.own, also=names.also, references=(citation("doi", _doi(paper)),))
            yield Answer(paper.id, citing, more=True)


# --- records -----------------------------------------------------------------------------------------------


def paper_of(work: Mapping[str, Any]) -> Paper:
    """Make a Paper of the attributes of a DOI.

    Raises
    ------
    FieldError
        A field holds the wrong kind of thing.
    """
    names = Names(doi=work.get("doi"))
    titles = objects(work.get("titles"), "titles")
    title = next(
        (t for item in titles if not item.get("titleType") and (t := text(item.get("title"), "title"))), ""
    )
    title = printed(title)
    check_title(title, names)
    related = objects(work.get("relatedIdentifiers"), "relatedIdentifiers")
    for item in related:
        if item.get("relationType") in _SAME and (kind := _KINDS.get(str(item.get("relatedIdentifierType")))):
            names.add(kind, item.get("relatedIdentifier"))
    day = _day(work)
    return Paper(
        title=title,
        abstract=_abstract(work),
        **names.own,
        authors=tuple(_authors(work)),
        year=year_in(work.get("publicationYear")) or year_in(day),
        date=day if day and year_in(day) == (year_in(work.get("publicationYear")) or year_in(day)) else None,
        venue=_venue(work),
        url=None if names.own else address(work.get("url")),
        keywords=names_of(work.get("subjects"), "subjects", "subject"),
        references=_references(related),
        also=names.also,
    )


def _named(item: Mapping[str, Any]) -> Names:
    kind = _KINDS.get(str(item.get("relatedIdentifierType")))
    return Names(**{kind: item.get("relatedIdentifier")}) if kind else Names()


def _references(related: list[dict[str, Any]]) -> tuple[Reference, ...]:
    found: dict[Reference, None] = {}
    for item in related:
        if item.get("relationType") in _CITES and (names := _named(item)):
            found[Reference(**names.own, also=names.also)] = None
    return tuple(found)


def _abstract(work: Mapping[str, Any]) -> str:
    for item in objects(work.get("descriptions"), "descriptions"):
        if item.get("descriptionType") == "Abstract":
            return check_abstract(plain(text(item.get("description"), "descriptions.description") or ""))
    return ""


def _authors(work: Mapping[str, Any]) -> Iterator[Author]:
    for creator in objects(work.get("creators"), "creators"):
        if creator.get("nameType") == "Organizational":
            continue
        parts = [text(creator.get(key), f"creators.{key}") for key in ("givenName", "familyName")]
        name = " ".join(filter(None, parts)) if parts[1] else text(creator.get("name"), "creators.name")
        orcid = None
        for known in sequence(creator.get("nameIdentifiers"), "creators.nameIdentifiers"):
            given = known.get("nameIdentifier") if isinstance(known, dict) else None
            if isinstance(given, str):
                orcid = orcid or identity.orcid(given)
        if name:
            yield Author(printed(name), orcid)


def _day(work: Mapping[str, Any]) -> str | None:
    days: dict[str, str] = {}
    for item in objects(work.get("dates"), "dates"):
        if day := day_of(item.get("date")):
            days[str(item.get("dateType"))] = min(day, days.get(str(item.get("dateType")), day))
    return next((days[kind] for kind in _DAYS if kind in days), None)


def _venue(work: Mapping[str, Any]) -> str | None:
    """Return the journal or series it is in; who gave it the DOI is the archive, and none."""
    container = mapping(work.get("container"), "container")
    return text(container.get("title"), "container.title")
