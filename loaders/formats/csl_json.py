"""``csl-json``: items of citation styles, as Zotero, Pandoc, Manubot and DOI resolvers give them.

A list of items, one item, or one a line. ``note`` may hold ``PMID: …`` and other variables a line each, as Zotero's
"Extra" does; ``id`` may be a citation such as ``arxiv:1706.03762``. Items that resolvers pass on from Crossref bring
their ``reference`` list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...graph.records import Author, Paper
from ..reading import fields
from ..reading.addresses import Found, key, venue_of
from ..reading.catalogue import mapping, objects, orcid_of, sequence
from ..reading.dates import day_of, year_in
from ..reading.fields import FieldError, fold, text, texts
from ..reading.json_pages import peek
from ..reading.json_records import records
from ..reading.kinds_of_works import kind_of
from ..reading.markup import plain, printed
from ..refusal import Refusal
from .crossref import references_of

if TYPE_CHECKING:
    from ..document import Document

_HYPHENATED = (
    b"article-journal", b"article-magazine", b"article-newspaper", b"paper-conference", b"entry-dictionary",
    b"entry-encyclopedia", b"legal_case", b"legal-case", b"motion_picture", b"musical_score", b"post-weblog",
    b"personal_communication", b"review-book",
)  # fmt: skip
_PLAIN_TYPES = (
    b"article", b"bill", b"book", b"broadcast", b"chapter", b"classic", b"collection", b"dataset", b"document",
    b"entry", b"event", b"figure", b"graphic", b"hearing", b"interview", b"legislation", b"manuscript", b"map",
    b"pamphlet", b"patent", b"performance", b"periodical", b"post", b"regulation", b"report", b"review",
    b"software", b"song", b"speech", b"standard", b"thesis", b"treaty", b"webpage",
)  # fmt: skip
_OWN = frozenset((
    "container-title", "issued", "citation-key", "citation-label", "event-place", "collection-title", "accessed",
    "publisher-place", "container-title-short", "standard_citation", "title-short",
))  # fmt: skip
_NAME = re.compile(rb'\[\s*\{\s*"(?:family|given|literal|non-dropping-particle)"')
_SERVERS = ("container-title", "publisher", "archive")
_CITATION = re.compile(r"(arxiv|doi|pmid|pmcid|url|isbn|raw)\s*:\s*(\S.*)", re.IGNORECASE | re.DOTALL)
_EXTRA = re.compile(r"^\s*(arxiv|doi|pmid|pmcid)\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class CslJson:
    """Reads CSL-JSON."""

    name = "csl-json"
    description = "CSL-JSON: citation items of Zotero, Pandoc and DOI resolvers"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell whether the first item has a type and variables of CSL."""
        record = peek(head).record
        if record.get("title", b'"')[:1] != b'"':
            return False
        kind = record.get("type", b"").strip(b'"')
        marked = not _OWN.isdisjoint(record) or _NAME.match(record.get("author", b"")) is not None
        if kind in _HYPHENATED or marked:
            return kind in _HYPHENATED or kind in _PLAIN_TYPES or "issued" in record
        return kind in _PLAIN_TYPES and record.keys() <= {"id", "type", "title", "DOI", "URL"}

    def read(self, document: Document) -> Iterator[Paper | Refusal]:
        """Read one paper an item."""
        for item in records(document):
            if isinstance(item, Refusal):
                yield item
                continue
            number, value = item
            try:
                if not isinstance(value, dict):
                    raise FieldError("the item is not an object")
                yield _paper_of(value, number)
            except FieldError as error:
                yield document.refuse(number, str(error), "mend or remove the item")


def _paper_of(item: Mapping[str, Any], number: int) -> Paper:
    found = _identified(item)
    title = printed(next(iter(texts(item.get("title"), "title")), ""))
    abstract = plain(text(item.get("abstract"), "abstract") or "")
    if title or not found:
        title, abstract = fields.title_and_abstract(title, ("abstract", abstract))
    year, day = _issued(item.get("issued"))
    return Paper(
        title=title,
        abstract=abstract,
        **found.identifiers(),
        authors=_authors(item),
        year=year,
        date=day,
        venue=venue_of(_venue(item), found.arxiv_id),
        url=found.url,
        repositories=tuple(dict.fromkeys(found.repositories)),
        organizations=texts(item.get("publisher"), "publisher") if item.get("type") == "thesis" else (),
        kind=kind_of(item.get("type")),
        keywords=_keywords(item),
        references=references_of(item.get("reference")),
        line=number,
    )


def _identified(item: Mapping[str, Any]) -> Found:
    found = Found()
    if doi := _one(item, "DOI"):
        found.add_doi(doi)
    for kind in ("PMID", "PMCID"):
        _add(found, kind.lower(), _one(item, kind))
    for name in ("id", "citation-key", "standard_citation"):
        if citation := _CITATION.fullmatch(_one(item, name)):
            _add(found, citation[1].lower(), citation[2])
    found.add_address(_one(item, "URL"))
    if note := item.get("note"):
        if not isinstance(note, str):
            raise fields.wrong("note", note, "text")
        for kind, value in _EXTRA.findall(note[:100_000]):
            _add(found, kind.lower(), value)
    for name in ("number", "archive_location", "container-title", "publisher"):
        found.add_text(_one(item, name))
    if not found.arxiv_id and any("arxiv" in _one(item, name).lower() for name in _SERVERS):
        found.add_arxiv(_one(item, "number") or _one(item, "archive_location"))
    return found


def _add(found: Found, kind: str, value: str) -> None:
    if kind == "doi":
        found.add_doi(value)
    elif kind == "arxiv":
        found.add_arxiv(value)
    elif kind == "url":
        found.add_address(value)
    elif kind in ("pmid", "pmcid") and re.fullmatch(r"(?:PMC)?[1-9]\d{0,8}", value):
        found.also.append(key(kind, value))


def _one(item: Mapping[str, Any], name: str) -> str:
    """Return one text; the first of several, a number as it is written."""
    value = item.get(name)
    if value is None:
        return ""
    if isinstance(value, str):
        return fold(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)[:100]
    return next(iter(texts(value, name)), "")


def _authors(item: Mapping[str, Any]) -> tuple[Author, ...]:
    found = []
    for number, author in enumerate(objects(item.get("author"), "author"), 1):
        place = f"author[{number}]"
        parts = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")
        name = " ".join(part for key in parts if (part := text(author.get(key), f"{place}.{key}")))
        name = name or text(author.get("literal") or author.get("name"), f"{place}.literal") or ""
        orcid = text(author.get("ORCID"), f"{place}.ORCID")
        if name:
            found.append(Author(printed(name), orcid_of(orcid) if orcid else None))
    return tuple(found)


def _issued(value: Any) -> tuple[int | None, str | None]:
    """Return year and day; a date may be parts, text of any kind, or the year alone."""
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        value = {"raw": str(value)[:100]}
    issued = mapping(value, "issued")
    parts = sequence(issued.get("date-parts"), "issued.date-parts")
    first = parts[0] if parts and isinstance(parts[0], list) else []
    numbers = [int(part) for part in map(str, first[:3]) if re.fullmatch(r"\d{1,4}", part)]
    if numbers and (year := year_in(str(numbers[0]))):
        return year, day_of(year, numbers[1], numbers[2]) if len(numbers) == 3 else None
    for name in ("raw", "literal"):
        if (written := text(issued.get(name), f"issued.{name}")) and (year := year_in(written)):
            full = re.match(r"(\d{4})-(\d\d)-(\d\d)(?!\d)", written)
            return year, day_of(int(full[1]), int(full[2]), int(full[3])) if full else None
    return None, None


def _venue(item: Mapping[str, Any]) -> str | None:
    named = (_one(item, name) for name in ("container-title", "event-title", "event"))
    return next((printed(name) for name in named if name), None)


def _keywords(item: Mapping[str, Any]) -> tuple[str, ...]:
    written = _one(item, "keyword")
    words = [word.strip() for word in re.split(";" if ";" in written else ",", written)]
    words += [*texts(item.get("categories"), "categories"), *texts(item.get("subject"), "subject")]
    return tuple(dict.fromkeys(printed(word) for word in words if word))
