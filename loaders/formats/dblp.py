"""``dblp``: records of DBLP: all of it (``dblp.xml``), pages of people and venues, answers of its search.

Only works of which a paper can be are read: home pages and the volumes that papers appeared in are passed over. DBLP
knows no abstracts; what it knows better than others is who and where.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

from ...graph import identity
from ...graph.records import Author, Paper, Reference
from ..reading import catalogue, fields, json_records
from ..reading.addresses import Found
from ..reading.fields import FieldError, wrong
from ..reading.kinds_of_works import kind_of
from ..reading.xml_records import first_text, records, root_of, text_of
from ..refusal import Refusal, quoted

if TYPE_CHECKING:
    from ..document import Document

_WORKS = frozenset(("article", "inproceedings", "incollection", "book", "phdthesis", "mastersthesis", "data"))
_VOLUMES = ("Editorship",)
_ROOTS = ("dblp", "dblpperson", "dblpstreams", "dblpcites", "bht")
_ANSWER = re.compile(rb'\s*\{\s*"result"\s*:\s*\{')
_HITS = re.compile(rb'"hits"\s*:\s*\{\s*"@')
_RESOLVER = "https://doi.org/10."
_NAMESAKE = re.compile(r"\s+\d{4}$")
_CORR = re.compile(r"abs/(\S+)")


class Dblp:
    """Reads DBLP's XML and JSON."""

    name = "dblp"
    description = "DBLP: dblp.xml, pages of people and venues, answers of its search as XML or JSON"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell whether the root is one of DBLP's, or the head is an answer of its search."""
        root = root_of(head)
        if root is None:
            return _ANSWER.match(head) is not None and _HITS.search(head) is not None
        return root.name in _ROOTS or (root.name == "result" and b"<hits" in head and b"dblp" in head)

    def read(self, document: Document) -> Iterator[Paper | Refusal]:
        """Read one paper a record."""
        if document.head.lstrip()[:1] == b"{":
            yield from _answered(document)
        else:
            yield from _written(document)


# --- XML ---------------------------------------------------------------------------------------------------


def _written(document: Document) -> Iterator[Paper | Refusal]:
    """Read records of XML; those of a search are ``info`` elements."""
    for item in records(document, _WORKS | {"info", "proceedings", "www", "person"}):
        if isinstance(item, Refusal):
            yield item
            continue
        line, work = item
        if work.tag not in _WORKS and (work.tag != "info" or first_text(work, "type") in _VOLUMES):
            continue
        try:
            yield _paper_of(work, line)
        except FieldError as error:
            yield document.refuse(line, str(error), "mend or remove the record")


def _paper_of(work: Element, line: int) -> Paper:
    held: dict[str, list[Element]] = {}
    for part in work:
        held.setdefault(part.tag, []).append(part)

    def first(*tags: str) -> str:
        return next((text for tag in tags for part in held.get(tag, ()) if (text := text_of(part))), "")

    def every(*tags: str) -> list[str]:
        return [text_of(part) for tag in tags for part in held.get(tag, ())]

    authors = held.get("author") or work.findall("authors/author") or held.get("editor", [])
    return _made(
        line,
        key=work.get("key") or first("key"),
        title=first("title"),
        authors=[(text_of(author), author.get("orcid")) for author in authors],
        year=first("year"),
        venue=first("journal", "booktitle", "venue", "school", "publisher"),
        volume=first("volume"),
        addresses=every("ee", "doi"),
        cites=every("cite"),
        kind=kind_of(work.get("publtype"), work.tag, *_types(first("type"))),
        withdrawn=work.get("publtype") == "withdrawn",
    )


# --- JSON --------------------------------------------------------------------------------------------------


def _answered(document: Document) -> Iterator[Paper | Refusal]:
    """Read the hits of a search, which are one object."""
    for item in json_records.records(document):
        if isinstance(item, Refusal):
            yield item
            continue
        number, answer = item
        try:
            hits = _hits(answer)
        except FieldError as error:
            yield document.refuse(number, str(error), "mend the query and ask again")
            continue
        for place, hit in enumerate(hits, 1):
            try:
                paper = _paper_of_hit(hit, place)
            except FieldError as error:
                yield document.refuse(place, str(error), "mend or remove the hit")
            else:
                if paper:
                    yield paper


def _hits(answer: Any) -> list[Any]:
    """Return the hits of an answer.

    Raises
    ------
    FieldError
        There are none.
    """
    result = catalogue.mapping(catalogue.mapping(answer, "the answer").get("result"), "result")
    status = catalogue.mapping(result.get("status"), "result.status")
    code = str(status.get("@code", "200"))
    if code != "200":
        raise FieldError(f"DBLP answered with an error, {quoted(str(status.get('text') or code))}")
    hits = catalogue.sequence(
        catalogue.mapping(result.get("hits"), "result.hits").get("hit"), "result.hits.hit"
    )
    if not hits:
        raise FieldError("DBLP found nothing for the query")
    return hits


def _paper_of_hit(hit: Any, place: int) -> Paper | None:
    info = catalogue.mapping(catalogue.mapping(hit, "the hit").get("info"), "info")
    if info.get("type") in _VOLUMES:
        return None
    authors = catalogue.mapping(info.get("authors"), "info.authors").get("author")
    return _made(
        place,
        key=fields.text(info.get("key"), "info.key") or "",
        title=html.unescape(fields.text(info.get("title"), "info.title") or ""),
        authors=[(name, None) for name in _several(authors, "info.authors.author")],
        year=info.get("year"),
        venue=next(iter(_several(info.get("venue"), "info.venue")), ""),
        volume=fields.text(info.get("volume"), "info.volume") or "",
        addresses=(*_several(info.get("ee"), "info.ee"), *_several(info.get("doi"), "info.doi")),
        cites=(),
        kind=kind_of(*_types(info.get("type"))),
        withdrawn=False,
    )


_TYPES = {
    "Journal Articles": "article",
    "Conference and Workshop Papers": "conference paper",
    "Parts in Books or Collections": "chapter",
    "Data and Artifacts": "dataset",
    "Reference Works": "book",
}
"""What answers of the search call the kinds of records; books and theses are one to them."""


def _types(said: Any) -> tuple[str, ...]:
    return (_TYPES[said],) if isinstance(said, str) and said in _TYPES else ()


def _several(value: Any, field: str) -> tuple[str, ...]:
    """Return texts that are given alone, in a list, or as objects with ``text``; what came from XML is like that."""
    if value is None:
        return ()
    found = []
    for item in value if isinstance(value, list) else [value]:
        given = item.get("text") if isinstance(item, dict) else item
        if not isinstance(given, str):
            raise wrong(field, given, "text")
        found.append(fields.fold(html.unescape(given)))
    return tuple(filter(None, found))


# --- both --------------------------------------------------------------------------------------------------


def _made(
    line: int,
    *,
    key: str,
    title: str,
    authors: Iterable[tuple[str, str | None]],
    year: Any,
    venue: str,
    volume: str,
    addresses: Iterable[str],
    cites: Iterable[str],
    kind: str | None,
    withdrawn: bool,
) -> Paper:
    """Make a Paper of what both forms say."""
    known = Found()
    for address in addresses:
        if not (address.startswith(_RESOLVER) and known.add_doi(address)):
            known.add_address(address)
    if number := _CORR.fullmatch(volume):  # CoRR, which is arXiv
        known.add_arxiv(number[1])
    if own := catalogue.dblp(key):
        known.also.insert(0, f"dblp:{own}")
    title, _ = fields.title_and_abstract(title if title.endswith("..") else title.removesuffix("."))
    return Paper(
        title=title,
        **known.identifiers(),
        authors=tuple(_author(name, orcid) for name, orcid in authors if name),
        year=fields.year(year, "year"),
        venue=venue or None,
        url=known.url,
        repositories=tuple(known.repositories),
        references=tuple(
            Reference(also=(f"dblp:{cited}",)) for cite in cites if (cited := catalogue.dblp(cite))
        ),
        kind="preprint" if venue == "CoRR" else kind,
        retracted=True if withdrawn else None,
        line=line,
    )


def _author(name: str, orcid: str | None) -> Author:
    """Return an author without the number by which DBLP tells namesakes apart."""
    return Author(
        (_NAMESAKE.sub("", name) or name) if name[-1].isdigit() else name,
        identity.orcid(orcid) if orcid else None,
    )
