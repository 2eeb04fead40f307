"""``arxiv-atom``: answers of arXiv's API, and its daily Atom feeds.

An answer with no paper in it and one that is arXiv's report of an error are papers' files too, as far as their form
goes: both are refused in arXiv's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from ...graph import identity
from ...graph.records import Author, Paper
from ..reading import fields
from ..reading.fields import FieldError
from ..reading.json_pages import Record
from ..reading.markup import printed
from ..reading.xml_records import first_text, records, root_of, text_of
from ..refusal import Refusal, quoted
from . import arxiv_snapshot

if TYPE_CHECKING:
    from ..document import Document

_ATOM = b"http://www.w3.org/2005/Atom"
_ARXIV = re.compile(rb"arxiv\.org/(?:schemas/atom|api/|abs/|atom/)|oai:arXiv\.org:")
_ANNOUNCED = re.compile(r"arXiv:\S+ Announce Type: \S+(?: Abstract:)? ?", re.IGNORECASE)
"""What the daily feeds put before an abstract."""


class ArxivAtom:
    """Reads Atom feeds of arXiv."""

    name = "arxiv-atom"
    description = "arXiv's API answers and daily feeds: Atom XML"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell whether the root is an Atom feed, or one entry, that speaks of arXiv."""
        root = root_of(head)
        return (
            root is not None
            and root.name in ("feed", "entry")
            and _ATOM in root.attributes
            and _ARXIV.search(head) is not None
        )

    def read(self, document: Document) -> Iterator[Paper | Refusal]:
        """Read one paper an entry; say so where there are none."""
        found, total = 0, ""
        for item in records(document, {"entry", "totalResults"}):
            if isinstance(item, Refusal):
                found += 1
                yield item
                continue
            line, entry = item
            if entry.tag == "totalResults":
                total = text_of(entry)
                continue
            found += 1
            try:
                yield _refused(document, entry, line) or _paper_of(entry, line)
            except FieldError as error:
                yield document.refuse(line, str(error), "mend or remove the entry, or ask arXiv again")
        if not found:
            yield _empty(document, total)


def _refused(document: Document, entry: Element, line: int) -> Refusal | None:
    """Return arXiv's report of an error as a Refusal."""
    address = first_text(entry, "id")
    if "/api/errors" not in address and first_text(entry, "author/name") != "arXiv api core":
        return None
    said = first_text(entry, "summary") or first_text(entry, "title")
    return document.refuse(
        line, f"arXiv answered with an error, {quoted(said, 200)}", "mend the query and ask again"
    )


def _empty(document: Document, total: str) -> Refusal:
    if total.strip("0"):
        reason = f"the page holds no paper, though arXiv counts {quoted(total, 20)} for the query"
        return document.refuse(None, reason, "ask again, or for a page that begins earlier")
    return document.refuse(None, "arXiv found no paper for the query", "check its words and identifiers")


def _paper_of(entry: Element, line: int) -> Paper:
    """Make a Paper of an entry, by way of the snapshot's fields, which are the same by other names."""
    address = first_text(entry, "id")
    given = {
        "id": identity.arxiv_id(address.removeprefix("oai:arXiv.org:")) or address,
        "title": first_text(entry, "title"),
        "abstract": _ANNOUNCED.sub("", first_text(entry, "summary"), count=1),
        "doi": " ".join(_dois(entry)),
        "comments": first_text(entry, "comment"),
        "journal-ref": first_text(entry, "journal_ref"),
        "categories": " ".join(_categories(entry)),
        "authors_parsed": [],
    }
    day, year = fields.day(first_text(entry, "published"), "published")
    return replace(
        arxiv_snapshot.paper_of(given, Record(line, given, {})),
        authors=tuple(_authors(entry)),
        date=day,
        year=year,
        organizations=tuple(
            dict.fromkeys(text for a in entry.iterfind("author/affiliation") if (text := text_of(a)))
        ),
        line=line,
    )


def _dois(entry: Element) -> Iterator[str]:
    yield from map(text_of, entry.iterfind("doi"))
    for link in entry.iterfind("link"):
        if link.get("title") == "doi" and (doi := identity.doi(link.get("href", ""))):
            yield doi


def _categories(entry: Element) -> Iterator[str]:
    """Iterate over the categories, the primary one first; the words of other schemes among them are not arXiv's."""
    primary = entry.find("primary_category")
    for category in (*(() if primary is None else (primary,)), *entry.iterfind("category")):
        if " " not in (term := category.get("term", "")):
            yield term


def _authors(entry: Element) -> Iterator[Author]:
    for name in entry.iterfind("author/name"):
        if written := text_of(name):
            yield Author(printed(written))
    for creators in entry.iterfind("creator"):  # daily feeds
        for written in text_of(creators).split(", "):
            if written:
                yield Author(printed(written))
