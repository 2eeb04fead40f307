"""``ris``: RIS files as Zotero, EndNote, Scopus, Ovid, Embase, ProQuest, PubMed and publishers export them.

rispy reads the fields; it is handed one record at a time. A record ends at ``ER``, at the next ``TY``, or with the
file. What a database keeps in which field differs; a title is looked for in ``TI``, ``T1``, ``CT``, ``BT``
and ``ST``, an abstract in ``AB`` and ``N2``, authors in ``AU`` and ``A1``, and so on. A year that is none leaves a
paper without one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...graph.records import Author, Paper, Reference
from ..reading import fields
from ..reading.addresses import Found, key, venue_of
from ..reading.cited_strings import cited
from ..reading.dates import MONTHS, day_of, year_in
from ..reading.fields import FieldError
from ..reading.kinds_of_works import kind_of
from ..reading.markup import plain, printed
from ..reading.pieces import decoded, pieces
from ..refusal import Refusal

if TYPE_CHECKING:
    from ..document import Document

_SIGN = re.compile(rb"^[ \t]{0,4}(?:\xef\xbb\xbf)?TY(?:  -|[\t ]-(?:[ \t]|\r?$))", re.MULTILINE)
_CUT = re.compile(rb"\n(?=(?:\xef\xbb\xbf)?TY[ \t]{1,2}-)")
_BEGIN = re.compile(r"\n(?=\ufeff?TY[ \t]{1,2}-)")
_END = re.compile(r"\nER[ \t]{1,2}-[^\n]*")
_TAG_LINE = re.compile(r"\n(?!ER)[A-Z][A-Z0-9][ \t]{2}-[ \t]")
_ODD = re.compile(r"\n(?:\ufeff|TY -|[A-Z][A-Z0-9](?:[ ]?\t|  -[^ \n]))")
_TAG = re.compile(r"^\ufeff?([A-Z][A-Z0-9])(?:  |[ ]?\t)[ ]?-[ \t]*", re.MULTILINE)
_LOOSE_TAG = re.compile(r"^([A-Z][A-Z0-9]) -(?:[ \t]|$)[ \t]*", re.MULTILINE)
"""rispy wants two blanks, a hyphen and a blank, and cuts values from the sixth character on."""

_TITLES = ("TI", "T1", "CT", "BT", "ST")
_ABSTRACTS = ("AB", "N2")
_VENUES = ("JF", "JO", "T2", "BT", "C3", "JA", "J2")
_DATES = ("DA", "PY", "Y1")
_TEXTS = ("N1", "M1", "AN", "C7", "JO", "JF", "T2", "PB")
_LISTS = ("AU", "A1", "KW", "UR", "DO", "L1", "L2", "L3", "N1", "CR", "AN", "LK", "M1")
_MAPPING = {
    first + second: first + second
    for first in "ABCDEFGHIJKLMNOPRSTUVY"
    for second in "ABCDEFGHIJKLMNOPRSTUVWXY0123456789"
}
_DAY = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?!\d)")
_WRITTEN_DAY = re.compile(
    r"(?<!\d)(\d{1,2})[ /-]?([a-z]{3})[a-z]*[ /-](\d{4})|(\d{4})[ /-]([a-z]{3})[a-z]*[ /-](\d{1,2})", re.I
)
_SCOPUS_LIST = re.compile(r"References?\s*:\s*", re.IGNORECASE)


class Ris:
    """Reads RIS files."""

    name = "ris"
    description = "RIS, as reference managers and databases export it"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell whether a record begins near the start."""
        return _SIGN.search(b"\n".join(head[:8192].replace(b"\r", b"\n").split(b"\n")[:40])) is not None

    def read(self, document: Document) -> Iterator[Paper | Refusal]:
        """Read one paper a record."""
        for item in _records(document):
            if isinstance(item, Refusal):
                yield item
                continue
            line, record = item
            try:
                yield _paper_of(record, line)
            except FieldError as error:
                yield document.refuse(line, str(error), "mend or remove the record")


# --- records -----------------------------------------------------------------------------------------------


def _records(document: Document) -> Iterator[tuple[int, Mapping[str, Any]] | Refusal]:
    """Part the text into records and have rispy read each."""
    for piece in pieces(document, _CUT):
        if isinstance(piece, Refusal):
            yield piece
            continue
        for item in decoded(document, *piece, _CUT):
            if isinstance(item, Refusal):
                yield item
                continue
            line, text = item[0] - 1, "\n" + item[1]  # every line begins behind a line feed
            begins = [found.start() for found in _BEGIN.finditer(text)]
            first = begins[0] if begins else len(text)
            if astray := _TAG_LINE.search(text, 0, first):
                yield _headless(document, line + text.count("\n", 0, astray.end()))
            at = 0
            for start, end in pairwise([*begins, len(text)]):
                line += text.count("\n", at, start)
                at = start
                yield from _record(document, line, text[start:end])


def _record(document: Document, line: int, text: str) -> Iterator[tuple[int, Mapping[str, Any]] | Refusal]:
    """Read what begins with ``TY``; what comes after ``ER`` should be nothing."""
    end = _END.search(text)
    body = text[: end.start()] if end else text
    if _ODD.search(body):
        body = _TAG.sub(r"\1  - ", body)
        if body[3:5] == " -":  # an exporter that is short of blanks
            body = _LOOSE_TAG.sub(r"\1  - ", body)
    yield line + 1, _parser().parse(f"{body}\nER  - ")[0]
    if end and (astray := _TAG_LINE.search(text, end.end())):
        yield _headless(document, line + text.count("\n", 0, astray.end()))


def _headless(document: Document, line: int) -> Refusal:
    return document.refuse(line, "the record does not begin with TY", "mend the record")


@cache
def _parser() -> Any:
    from rispy import RisParser  # type: ignore[import-untyped]

    return RisParser(
        mapping=_MAPPING, list_tags=list(_LISTS), delimiter_tags_mapping={}, skip_unknown_tags=True
    )


# --- what a record says ------------------------------------------------------------------------------------


def _paper_of(record: Mapping[str, Any], line: int) -> Paper:
    found = _identified(record)
    title, abstract = printed(_first(record, _TITLES)), plain(_first(record, _ABSTRACTS))
    if title or not found:
        title, abstract = fields.title_and_abstract(title, ("abstract", abstract))
    year, day = _date(record)
    return Paper(
        title=title,
        abstract=abstract,
        **found.identifiers(),
        authors=_authors(record),
        year=year,
        date=day,
        venue=venue_of(printed(_first(record, _venues_of(record, title))), found.arxiv_id),
        url=found.url,
        repositories=tuple(dict.fromkeys(found.repositories)),
        organizations=_school(record),
        kind=kind_of(_first(record, ("TY",))),
        keywords=_keywords(record),
        references=_references(record),
        line=line,
    )


def _values(record: Mapping[str, Any], tag: str) -> list[str]:
    value = record.get(tag)
    return [item for item in (value if isinstance(value, list) else [value]) if item]


def _first(record: Mapping[str, Any], tags: tuple[str, ...]) -> str:
    """Return the first value that is there of tags for the same thing."""
    return next((value for tag in tags for value in _values(record, tag)), "")


def _venues_of(record: Mapping[str, Any], title: str) -> tuple[str, ...]:
    """Return where the venue may be: what is the title of a whole book is none."""
    return tuple(tag for tag in _VENUES if not (tag == "BT" and printed(_first(record, ("BT",))) == title))


def _identified(record: Mapping[str, Any]) -> Found:
    found = Found()
    for value in _values(record, "DO"):
        found.add_doi(value)
    for value in _values(record, "UR"):
        for address in re.split(r"[;\s]+(?=https?://)|\s+", value):
            found.add_address(address.rstrip(";,"))
    for tag in ("L1", "L2", "L3"):
        for value in _values(record, tag):
            found.add_address(value, own=False)
    for tag in _TEXTS:
        for value in _values(record, tag):
            if not _SCOPUS_LIST.match(value):
                found.add_text(value)
    _add_numbers(record, found)
    return found


def _add_numbers(record: Mapping[str, Any], found: Found) -> None:
    """Take the numbers of PubMed, which databases keep in different fields."""
    database = " ".join([*_values(record, "DB"), *_values(record, "DP")]).lower()
    for value in _values(record, "C2"):
        if re.fullmatch(r"PMC\d{1,9}", value):
            found.also.append(key("pmcid", value))
        elif "scopus" in database and re.fullmatch(r"[1-9]\d{0,8}", value):
            found.also.append(key("pmid", value))
    for value in _values(record, "AN"):
        if ("pubmed" in database or "medline" in database) and re.fullmatch(r"[1-9]\d{0,8}", value):
            found.also.append(key("pmid", value))


def _authors(record: Mapping[str, Any]) -> tuple[Author, ...]:
    written = _values(record, "AU") or _values(record, "A1")
    names = (_given_first(name) for value in written for name in value.split(";"))
    return tuple(
        Author(name) for name in dict.fromkeys(names) if name and name.lower() not in ("et al", "et al.")
    )


def _given_first(name: str) -> str:
    """Turn ``Last, First, Suffix`` round."""
    last, *rest = [part for part in (printed(part) for part in name.split(",")) if part] or [""]
    return " ".join([*rest[:1], last, *rest[1:]])


def _date(record: Mapping[str, Any]) -> tuple[int | None, str | None]:
    """Return the year and the day: the year of the first field that names one, a day of that year."""
    year = next((year for tag in ("PY", "Y1", "DA") if (year := year_in(_first(record, (tag,))))), None)
    for tag in _DATES:
        value = _first(record, (tag,))
        if year and (found := _DAY.match(value)) and int(found[1]) == year:
            return year, day_of(year, int(found[2]), int(found[3]))
        if year and (found := _WRITTEN_DAY.search(value)) and int(found[3] or found[4]) == year:
            return year, day_of(
                year, MONTHS.get((found[2] or found[5]).lower(), 0), int(found[1] or found[6])
            )
    return year, None


def _school(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Return who granted the degree, for a thesis."""
    if _first(record, ("TY",)).upper() not in ("THES", "THESIS"):
        return ()
    return tuple(printed(value) for value in _values(record, "PB"))


def _keywords(record: Mapping[str, Any]) -> tuple[str, ...]:
    found = (printed(word).lstrip("*") for value in _values(record, "KW") for word in value.split(";"))
    return tuple(dict.fromkeys(word.strip() for word in found if word.strip()))


def _references(record: Mapping[str, Any]) -> tuple[Reference, ...]:
    """Take the reference list that Scopus exports as a note, and others as ``CR``."""
    found: list[str] = _values(record, "CR")
    notes = _values(record, "N1")
    for number, note in enumerate(notes):
        if begin := _SCOPUS_LIST.match(note):
            listed = [note[begin.end() :]]
            for line in notes[number + 1 :]:  # continued, each line a note of its own to rispy
                if re.match(r"[A-Z][\w ]{2,30}:", line):
                    break
                listed.append(line)
            found += [string for text in listed for string in text.split("; ")]
            break
    return cited(found)
