"""``papers-jsonl``: citegraph's own format, one JSON object a line, tolerant of what others call such files.

==================  =======================================================================================
field               holds
==================  =======================================================================================
``title``           text; the only field that is required
``abstract``        text; ``summary`` is taken where there is none
``arxiv_id``        any form of an arXiv identifier; its version is left out
``doi``             a DOI or its address; one that arXiv gave out counts as arXiv identifier
``openalex_id``     ``W…`` or its address
``s2_id``           Semantic Scholar's 40 digits, or ``CorpusId:…``
``id``              taken for whichever of these it is, ignored if it is none
``authors``         list of names, or of objects with ``name`` and ``orcid``
``year``            number
``date``            ``YYYY-MM-DD``, with or without a time
``venue``           text
``references``      list of arXiv identifiers, DOIs or titles, or of objects with ``title``, the identifiers above,
                    ``year``, ``authors``, ``raw``, ``contexts``, ``intents``
``url``             address of the paper
``repositories``    list of addresses of code, data, project pages
``keywords``        list of texts
``organizations``   list of texts
``upvotes``         number
==================  =======================================================================================

Every other field is ignored. null and empty text count as absent, and white space is folded. A list of such objects
in one JSON file is read as well. A record in which a field holds the wrong kind of thing is refused with its line
and field, and those around it are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...graph.records import Paper
from ..reading import fields
from ..reading.fields import FieldError
from ..reading.json_records import records
from ..reading.kinds_of_works import kind_of
from ..refusal import Refusal

if TYPE_CHECKING:
    from ..document import Document

_TITLE = re.compile(rb'"title"\s*:')
_RECORD = re.compile(rb"^\s*\[?\s*\{", re.MULTILINE)


class PapersJsonl:
    """Reads JSON Lines, and lists, of objects with a title."""

    name = "papers-jsonl"
    description = "JSON Lines: title, abstract, identifiers, authors, year, references, …"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell whether a record in the head has a title, or its first record is too long to tell."""
        if _TITLE.search(head):
            return _RECORD.search(head) is not None
        return head.lstrip().startswith(b"{") and b"\n" not in head.strip() and path.suffix == ".jsonl"

    def read(self, document: Document) -> Iterator[Paper | Refusal]:
        """Read one paper a line."""
        for item in records(document):
            if isinstance(item, Refusal):
                yield item
                continue
            number, record = item
            try:
                yield paper_of(record, number)
            except FieldError as error:
                yield document.refuse(number, str(error), "mend or remove the record")


def paper_of(record: Any, number: int) -> Paper:
    """Make a Paper of a record.

    Raises
    ------
    FieldError
        A field holds the wrong kind of thing.
    """
    if not isinstance(record, dict):
        raise FieldError("the record is not an object with a title")
    title, abstract = fields.title_and_abstract(
        record.get("title"), ("abstract", record.get("abstract")), ("summary", record.get("summary"))
    )
    date, year = fields.day(record.get("date"), "date")
    return Paper(
        title=title,
        abstract=abstract,
        **fields.identifiers(record),
        authors=fields.authors(record.get("authors")),
        year=fields.year(record.get("year"), "year") or year,
        date=date,
        venue=fields.text(record.get("venue"), "venue"),
        url=fields.url(record.get("url"), "url"),
        upvotes=fields.integer(record.get("upvotes"), "upvotes", 0, 10**9),
        repositories=fields.urls(record.get("repositories"), "repositories"),
        organizations=fields.texts(record.get("organizations"), "organizations"),
        kind=kind_of(record.get("kind"), record.get("type")),
        keywords=fields.texts(record.get("keywords"), "keywords"),
        references=fields.references(record.get("references")),
        line=number,
    )
