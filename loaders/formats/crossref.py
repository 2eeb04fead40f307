"""``crossref``: works of Crossref, as its REST API gives them one by one or in lists, as its public data files and
tools keep them.

``reference`` is the reference list; an entry without DOI keeps what was printed, and the identifiers in it. Works
that the preprint relations name are the same paper; a retraction notice says of the work it is about that it is
retracted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...graph import identity
from ...graph.records import Author, Paper, Reference
from ..reading.catalogue import (
    Names,
    address,
    check_abstract,
    check_title,
    mapping,
    named_in,
    objects,
    orcid_of,
    sequence,
    year_in,
)
from ..reading.fields import text, texts
from ..reading.json_pages import NoPaperError, Record, Wrapper, made, peek
from ..reading.kinds_of_works import kind_of
from ..reading.markup import plain, printed
from ..refusal import Refusal, quoted

if TYPE_CHECKING:
    from ..document import Document

_WRAPPER = Wrapper("Crossref", ("items",), inside="message")
_OWN = (
    "is-referenced-by-count",
    "reference-count",
    "references-count",
    "content-domain",
    "indexed",
    "member",
)
_CONTAINERS = (
    "journal",
    "journal-volume",
    "journal-issue",
    "book-series",
    "book-set",
    "report-series",
    "proceedings-series",
    "component",
    "grant",
)
"""Types of works that papers are in or that are in papers; they are none themselves."""

_SAME_WORK = (
    "has-preprint",
    "is-preprint-of",
    "has-version",
    "is-version-of",
    "has-manuscript",
    "is-manuscript-of",
    "is-identical-to",
)
_RETRACTING = ("retraction", "withdrawal", "removal")
_RETRACTED_TITLE = re.compile(r"\W*(?:RETRACTED(?: ARTICLE| PAPER| CHAPTER)?|WITHDRAWN)\b\s*[:\]).\-–—]")
_DATES = ("published", "published-online", "published-print", "issued", "published-other", "posted")
_REFERENCE_TITLES = ("article-title", "volume-title", "series-title")
_PRINTED = (
    "author",
    "article-title",
    "journal-title",
    "volume-title",
    "series-title",
    "edition",
    "volume",
    "issue",
)


class Crossref:
    """Reads works of Crossref."""

    name = "crossref"
    description = "Crossref works: API answers, lists, JSON Lines"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell whether the answer is of Crossref, or the first record a work with titles in a list."""
        seen = peek(head)
        if "message-type" in seen.around and "message" in seen.around:
            return True
        if "DOI" not in seen.record:
            return False
        title = seen.record.get("title")
        if title is not None:
            return title.startswith(b"[")
        return any(field in seen.record for field in _OWN)

    def read(self, document: Document) -> Iterator[Paper | Refusal]:
        """Read one paper a work, and one for each work that a retraction notice retracts."""
        return made(document, _WRAPPER, papers_of)


def papers_of(work: dict[str, Any], record: Record) -> Iterator[Paper]:
    """Make Papers of a work: itself, and those it retracts.

    Raises
    ------
    FieldError
        It is no work, or a field holds the wrong kind of thing.
    """
    kind = text(record.around.get("message-type"), "message-type")
    if kind and not kind.startswith("work"):
        raise NoPaperError(f"this is a {quoted(kind)} of Crossref, not a work", "ask Crossref for works")
    kind = text(work.get("type"), "type") or ""
    names = Names(doi=work.get("DOI"))
    if kind in _CONTAINERS:
        which = names.own.get("doi")
        raise NoPaperError(f"this is a {kind}{f' ({which})' if which else ''}, not a paper", "leave it out")
    title = printed(next(iter(texts(work.get("title"), "title")), ""))
    check_title(title, names)
    retracted = list(_retracted_by(work))
    own = names.own.get("doi")
    day, year = _published(work)
    for key in _same_work(work):
        names.add("doi", key)
    yield Paper(
        title=title,
        abstract=check_abstract(plain(text(work.get("abstract"), "abstract") or "")),
        **names.own,
        authors=_authors(work),
        year=year,
        date=day,
        venue=_venue(work),
        url=None if names.own else address(work.get("URL")),
        organizations=_organizations(work),
        keywords=texts(work.get("subject"), "subject"),
        references=references_of(work.get("reference")),
        also=names.also,
        kind=kind_of(kind),
        retracted=_is_retracted(work, title) or (own is not None and own in retracted) or None,
        line=record.number,
    )
    for doi in retracted:
        if doi != own:
            yield Paper(title="", doi=doi, retracted=True, line=record.number)


# --- the work itself ---------------------------------------------------------------------------------------


def _authors(work: Mapping[str, Any]) -> tuple[Author, ...]:
    found = []
    for number, author in enumerate(objects(work.get("author"), "author"), 1):
        place = f"author[{number}]"
        parts = [text(author.get(key), f"{place}.{key}") for key in ("given", "family", "suffix")]
        name = " ".join(part for part in parts if part) or text(author.get("name"), f"{place}.name")
        orcid = text(author.get("ORCID"), f"{place}.ORCID")
        if name:
            found.append(Author(printed(name), orcid_of(orcid) if orcid else None))
    return tuple(found)


def _organizations(work: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the authors' institutions that have an identifier; the others are addresses rather than names."""
    found: dict[str, None] = {}
    for author in objects(work.get("author"), "author"):
        for affiliation in objects(author.get("affiliation"), "author.affiliation"):
            name = text(affiliation.get("name"), "author.affiliation.name")
            if name and affiliation.get("id"):
                found[printed(name)] = None
    return tuple(found)


def _published(work: Mapping[str, Any]) -> tuple[str | None, int | None]:
    """Return the first date that is one, as day and year; only the year where no day is given."""
    for field in _DATES:
        parts = sequence(mapping(work.get(field), field).get("date-parts"), f"{field}.date-parts")
        first = parts[0] if parts and isinstance(parts[0], list) else []
        if first and (year := year_in(first[0])):
            try:
                return date(*(int(part) for part in first[:3])).isoformat(), year
            except (TypeError, ValueError, OverflowError):
                return None, year
    return None, None


def _venue(work: Mapping[str, Any]) -> str | None:
    found = next(iter(texts(work.get("container-title"), "container-title")), None)
    if not found:
        found = next((text(i.get("name"), "institution.name") for i in _institutions(work)), None)
    return printed(found) if found else None


def _institutions(work: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return who posted it, for preprints and reports; one alone was once not in a list."""
    given = work.get("institution")
    return objects([given] if isinstance(given, dict) else given, "institution")


def _same_work(work: Mapping[str, Any]) -> Iterator[str]:
    """Iterate over the DOIs of other versions of the work.

    A preprint is of one work: where several are named, the relation must mean something else.
    """
    for name, given in mapping(work.get("relation"), "relation").items():
        if name in _SAME_WORK:
            others = [
                other
                for other in objects(given, f"relation.{name}")
                if other.get("id-type") in ("doi", "arxiv")
            ]
            known = {str(other.get("id")).lower(): other for other in others}
            if name != "is-preprint-of" or len(known) == 1:
                for other in known.values():
                    identifier = text(other.get("id"), f"relation.{name}.id")
                    if identifier and other.get("id-type") == "arxiv":
                        identifier = f"10.48550/arxiv.{identity.arxiv_id(identifier)}"
                    if identifier:
                        yield identifier


def _is_retracted(work: Mapping[str, Any], title: str) -> bool:
    updates = objects(work.get("updated-by"), "updated-by")
    return any(update.get("type") in _RETRACTING for update in updates) or bool(_RETRACTED_TITLE.match(title))


def _retracted_by(work: Mapping[str, Any]) -> Iterator[str]:
    """Iterate over the DOIs of the works that this one, a notice, retracts."""
    found: dict[str, None] = {}
    for update in objects(work.get("update-to"), "update-to"):
        given = text(update.get("DOI"), "update-to.DOI")
        if update.get("type") in _RETRACTING and given and (doi := identity.doi(given)):
            found[doi] = None
    yield from found


# --- its references ----------------------------------------------------------------------------------------


def references_of(value: Any) -> tuple[Reference, ...]:
    """Return the references of a ``reference`` list."""
    found = (
        _reference(item, f"reference[{number}]") for number, item in enumerate(objects(value, "reference"), 1)
    )
    return tuple(reference for reference in found if reference)


def _reference(item: Mapping[str, Any], place: str) -> Reference | None:
    title = next((t for field in _REFERENCE_TITLES if (t := text(item.get(field), f"{place}.{field}"))), None)
    author = text(item.get("author"), f"{place}.author")
    raw = text(item.get("unstructured"), f"{place}.unstructured")
    raw = plain(raw) if raw else None
    names = Names(doi=item.get("DOI"))
    if not names:
        shown = raw or _printed(item)
        names = named_in(shown) if shown else names
        raw = raw or (None if title or names else shown)
    if not names and not title and not raw:
        return None
    return Reference(
        title=printed(title) if title else None,
        **names.own,
        year=year_in(item.get("year")),
        authors=(printed(author),) if author else (),
        raw=raw,
        also=names.also,
    )


def _printed(item: Mapping[str, Any]) -> str | None:
    """Put together what a reference without printed string says."""
    parts = [item.get(field) for field in _PRINTED] + [item.get("first-page"), item.get("year")]
    return ", ".join(part for part in parts if isinstance(part, str) and part.strip()) or None
