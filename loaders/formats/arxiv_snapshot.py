"""``arxiv-snapshot``: arXiv's metadata snapshot, a JSON object a line.

The date is that of the first version. Of a reference to a journal the name alone is kept as venue; what follows it,
volume and pages, is of no use to a graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...graph.records import Author, Paper
from ..reading.catalogue import Names, check_abstract, check_title, objects, sequence
from ..reading.fields import FieldError, text, wrong
from ..reading.json_pages import Record, Wrapper, made, peek
from ..reading.markup import printed
from ..refusal import Refusal, quoted

if TYPE_CHECKING:
    from ..document import Document

_WRAPPER = Wrapper("arXiv", ("data",))
_MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
)}  # fmt: skip
_CREATED = re.compile(r"(?:[A-Za-z]{3}, )?(\d{1,2}) ([A-Za-z]{3}) (\d{4})\b")
_WITHDRAWN = re.compile(
    r"(?:this|the)\s+(?:paper|article|submission|manuscript|work|preprint)\s+(?:has\s+been|is|was)\s+(?:\w+\s+)?withdrawn"
    r"|withdrawn\b(?!\s+from\s+(?!arxiv|consideration))",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"https?://(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|huggingface\.co)/[^\s<>\"),;]+"
)
_VOLUME = re.compile(r"[\s,.:;(]*(?:\b(?:vol|volume|no|pp|pages?)\b\.?|\d|\().*$", re.IGNORECASE | re.DOTALL)
_UNFINISHED = re.compile(r"(?:^|\s)(?:the|of|of the|in|on|for|and|proc\.?|proceedings)$", re.IGNORECASE)


class ArxivSnapshot:
    """Reads the metadata snapshot of arXiv."""

    name = "arxiv-snapshot"
    description = "arXiv's metadata snapshot as JSON Lines"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell whether the first record has fields that only the snapshot has."""
        record = peek(head).record
        return (
            "id" in record
            and "title" in record
            and (
                "authors_parsed" in record
                or {"categories", "versions"} <= record.keys()
                or "journal-ref" in record
            )
        )

    def read(self, document: Document) -> Iterator[Paper | Refusal]:
        """Read one paper a line."""
        return made(document, _WRAPPER, lambda given, record: (paper_of(given, record),))


def paper_of(given: dict[str, Any], record: Record) -> Paper:
    """Make a Paper of a record.

    Raises
    ------
    FieldError
        A field holds the wrong kind of thing.
    """
    arxiv_id = text(given.get("id"), "id")
    names = Names(arxiv=arxiv_id)
    if not names:
        raise FieldError(f"id is {quoted(arxiv_id or '')}, not an arXiv identifier such as 1706.03762")
    for doi in (
        text(given.get("doi"), "doi") or ""
    ).split():  # several where versions appeared in several places
        names.add("doi", doi.rstrip(","))
    title = printed(text(given.get("title"), "title") or "")
    check_title(title, names)
    comments = text(given.get("comments"), "comments") or ""
    abstract = check_abstract(text(given.get("abstract"), "abstract") or "")
    day = _first_day(given)
    return Paper(
        title=title,
        abstract=abstract,
        **names.own,
        authors=_authors(given),
        year=int(day[:4]) if day else None,
        date=day,
        venue=journal_of(text(given.get("journal-ref"), "journal-ref") or ""),
        repositories=tuple(dict.fromkeys(url.rstrip(".") for url in _CODE.findall(comments))),
        keywords=tuple(dict.fromkeys((text(given.get("categories"), "categories") or "").split())),
        also=names.also,
        retracted=True if _WITHDRAWN.match(comments) or _WITHDRAWN.match(abstract) else None,
        line=record.number,
    )


def _authors(given: dict[str, Any]) -> tuple[Author, ...]:
    parsed = given.get("authors_parsed")
    if parsed is None:
        names = re.split(r",\s*(?:and\s+)?|\s+and\s+", text(given.get("authors"), "authors") or "")
        return tuple(Author(printed(name)) for name in names if name)
    found = []
    for number, item in enumerate(sequence(parsed, "authors_parsed"), 1):
        parts = sequence(item, f"authors_parsed[{number}]")
        if not all(isinstance(part, str) for part in parts):
            raise wrong(f"authors_parsed[{number}]", next(p for p in parts if not isinstance(p, str)), "text")
        last, first, suffix, *_ = [*parts, "", "", ""]
        if name := printed(f"{first} {last} {suffix}"):
            found.append(Author(name))
    return tuple(found)


def _first_day(given: dict[str, Any]) -> str | None:
    """Return the day of the first version."""
    for version in objects(given.get("versions"), "versions")[:1]:
        created = text(version.get("created"), "versions.created") or ""
        if (found := _CREATED.match(created)) and (month := _MONTHS.get(found[2].lower())):
            try:
                return date(int(found[3]), month, int(found[1])).isoformat()
            except ValueError:
                return None
    return None


def journal_of(reference: str) -> str | None:
    """Return the name of the journal or conference a reference begins with, without volume, pages and year.

    Examples
    --------
    >>> journal_of("Phys.Rev.D76:013009,2007"), journal_of("Software: Practice and Experience 51 (8), 2021")
    ('Phys.Rev.D', 'Software: Practice and Experience')
    >>> journal_of("In Proceedings of the 2019 Conference of the NAACL") is None
    True
    """
    name = _VOLUME.sub("", reference).strip(" ,.:;")
    name = re.sub(r"^in\s*:?\s+", "", name, flags=re.IGNORECASE)
    return name if len(name) > 2 and not _UNFINISHED.search(name) else None
