"""``s2orc``: full texts of the Semantic Scholar Open Research Corpus, in every form it was given out.

============================  ======================================================================
form                          holds
============================  ======================================================================
releases of 2019 and 2020     metadata lines; parses of PDF and LaTeX, together or in files of their own
doc2json, CORD-19             one paper a file, ``body_text`` at the top or in ``pdf_parse`` and the like
bulk data set ``s2orc``       one text with annotations that count its characters
============================  ======================================================================

Paragraphs become sections, bibliography entries references, and the sentences around citation marks their contexts.
All of it was read from print by a machine: what cannot be (a mark outside of its text, a year 0) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from ...graph.records import Author, Paper, Reference
from ..reading import fields
from ..reading.catalogue import (
    Names,
    acl,
    check_abstract,
    check_title,
    mapping,
    named_in,
    objects,
    sequence,
    year_in,
)
from ..reading.cited_body import CitedBody, pieces
from ..reading.fields import FieldError, fold
from ..reading.json_pages import peek
from ..reading.json_records import records
from ..reading.markup import plain, printed
from ..refusal import Refusal

if TYPE_CHECKING:
    from ..document import Document

Record = Mapping[str, Any]

_PARSES = ("latex_parse", "pdf_parse", "grobid_parse", "jats_parse")
"""Where a body may be, what was read from a source before what was read from print."""

_OWN = {
    *_PARSES,
    "_pdf_hash",
    "s2_pdf_hash",
    "body_text",
    "outbound_citations",
    "has_pdf_parse",
    "has_pdf_body_text",
}
_UNARXIVE = {"_source_hash", "_source_name", "discipline"}


class S2orc:
    """Reads S2ORC and what doc2json makes."""

    name = "s2orc"
    description = "S2ORC, doc2json and CORD-19 JSON: full text, references and the sentences that cite them"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell whether the first record is a paper with a parse, or one of the corpus."""
        record = peek(head).record
        if {"corpusid", "content"} <= record.keys() and record["content"][:1] == b"{":
            return True
        has = record.keys()
        return "paper_id" in has and bool(has & _OWN) and not has & _UNARXIVE

    def read(self, document: Document) -> Iterator[Paper | Refusal]:
        """Read one paper a line, or the one of the file."""
        for item in records(document):
            if isinstance(item, Refusal):
                yield item
                continue
            number, record = item
            try:
                if not isinstance(record, dict):
                    raise FieldError("the record is not an object")
                yield _annotated(record, number) if "corpusid" in record else _parsed(record, number)
            except FieldError as error:
                yield document.refuse(number, str(error), "mend or remove the record")


# --- paragraphs --------------------------------------------------------------------------------------------


def _parsed(record: Record, number: int) -> Paper:
    """Make a Paper of a record whose body, if it has one, comes as paragraphs."""
    about = mapping(record.get("metadata"), "metadata") or record
    parses = [record, *(mapping(record.get(name), name) for name in _PARSES)]
    parse = next(
        (p for p in parses if p.get("body_text")), next((p for p in parses if p.get("bib_entries")), record)
    )
    names = _names(about, record)
    title = printed(fields.text(about.get("title"), "title") or "")
    check_title(title, names)
    body = CitedBody()
    for field in ("body_text", "back_matter"):
        for paragraph in objects(parse.get(field), field):
            body.add(*_heading(paragraph), pieces(*_cited(paragraph)))
    body.close()
    for entry in mapping(parse.get("ref_entries"), "ref_entries").values():
        kind = entry.get("type") if isinstance(entry, dict) else None
        if kind in ("figure", "table") and isinstance(entry.get("text"), str):
            body.add(kind.capitalize(), "", [(entry["text"], None)])
            body.close()
    abstract = (
        _abstract(record.get("abstract"))
        or _abstract(about.get("abstract"))
        or _abstract(parse.get("abstract"))
    )
    return Paper(
        title=title,
        abstract=check_abstract(abstract),
        **names.own,
        authors=tuple(Author(name) for name in _people(about.get("authors"), "authors")),
        year=year_in(about.get("year")),
        venue=fields.text(about.get("venue"), "venue") or fields.text(about.get("journal"), "journal"),
        references=tuple(_references(parse, body)) or tuple(_outbound(record)),
        also=names.also,
        sections=tuple(body.sections),
        line=number,
    )


def _names(about: Record, record: Record) -> Names:
    """Gather the identifiers of a paper; its ``paper_id`` is one where it has the form of one."""
    names = Names(
        arxiv=about.get("arxiv_id"), doi=about.get("doi"), mag=about.get("mag_id"), acl=about.get("acl_id"),
        pmid=about.get("pubmed_id"), pmcid=about.get("pmc_id"),
    )  # fmt: skip
    given = record.get("paper_id")
    if isinstance(given, int) or (isinstance(given, str) and given.isdigit()):
        if "header" not in record:  # else it is the name of the file that was parsed
            names.add("s2", str(given))
    elif isinstance(given, str):
        kind = "pmcid" if given.startswith("PMC") else "acl" if acl(given) else "arxiv"
        names.add(kind, given)
    return names


def _heading(paragraph: Record) -> tuple[str, str]:
    """Return heading and number of the section of a paragraph; some give both for every section it lies in."""
    section = paragraph.get("section")
    if isinstance(section, list):
        steps = [step for step in section if isinstance(step, list) and len(step) == 2]
        texts = [str(part) for step in steps for part in step if isinstance(part, str)]
        named = [text for text in texts if not re.fullmatch(r"[\dA-Z]?[\d.]*", text)]
        return " > ".join(named), ""
    number = paragraph.get("sec_num")
    return fields.text(section, "section") or "", number if isinstance(number, str) else ""


def _cited(paragraph: Record) -> tuple[str, list[tuple[int, int, str]]]:
    text = paragraph.get("text")
    if text is not None and not isinstance(text, str):
        raise FieldError("text of a paragraph is not text")
    spans = []
    for span in objects(paragraph.get("cite_spans"), "cite_spans"):
        start, end, key = span.get("start"), span.get("end"), span.get("ref_id")
        if type(start) is int and type(end) is int and isinstance(key, str) and start >= 0:
            spans.append((start, end, key))
    return text or "", spans


def _abstract(value: Any) -> str:
    """Return an abstract, given as text or as paragraphs."""
    if isinstance(value, str):
        return plain(value)
    paragraphs = (
        (item.get("text") for item in value if isinstance(item, dict)) if isinstance(value, list) else ()
    )
    return plain(" ".join(text for text in paragraphs if isinstance(text, str)))


def _people(value: Any, field: str) -> Iterator[str]:
    """Yield names, given in parts or as they are."""
    for item in sequence(value, field):
        if isinstance(item, str):
            name = printed(item)
        elif isinstance(item, dict):
            middle = item.get("middle")
            parts = [item.get("first"), *(middle if isinstance(middle, list) else [middle]), item.get("last")]
            parts.append(item.get("suffix"))
            name = printed(" ".join(part for part in parts if isinstance(part, str)))
            name = name or printed(str(item.get("name") or ""))
        else:
            raise FieldError(f"{field} holds what is no name")
        if name:
            yield name


# --- references --------------------------------------------------------------------------------------------


def _references(parse: Record, body: CitedBody) -> Iterator[Reference]:
    entries = mapping(parse.get("bib_entries"), "bib_entries")
    cited_in = body.contexts({key: place for place, key in enumerate(entries)})
    for key, entry in entries.items():
        if not isinstance(entry, dict):
            raise FieldError(f"bib_entries.{key} is not an object")
        raw = fields.text(entry.get("raw_text"), "raw_text")
        names = Names(s2=entry.get("link") or entry.get("links"))
        for kind, values in mapping(entry.get("other_ids"), "other_ids").items():
            wanted = _KINDS.get(kind.lower())
            for value in values if isinstance(values, list) else [values]:
                if wanted:
                    names.add(wanted, value)
        _add_printed(names, raw)
        title = printed((fields.text(entry.get("title"), "title") or "")[: fields.MAX_TITLE])
        if title or names or raw:
            yield Reference(
                title=title or None,
                **names.own,
                year=year_in(entry.get("year")),
                authors=tuple(_people(entry.get("authors"), "authors")),
                raw=raw,
                contexts=cited_in.get(key, ()),
                also=names.also,
            )


_KINDS = {"doi": "doi", "arxiv": "arxiv", "pmid": "pmid", "pmcid": "pmcid", "acl": "acl", "mag": "mag"}


def _add_printed(names: Names, raw: str | None) -> None:
    """Add the identifiers that a printed reference names, of the kinds that nothing else told."""
    for field, value in named_in(raw).own.items() if raw and len(raw) < 5_000 else ():
        if field not in names.own and isinstance(value, str):
            names.add(field.removesuffix("_id"), value)


def _outbound(record: Record) -> Iterator[Reference]:
    """Yield what a metadata line says that the paper cites."""
    for cited in sequence(record.get("outbound_citations"), "outbound_citations"):
        if names := Names(s2=cited):
            yield Reference(**names.own)


# --- one text with annotations -----------------------------------------------------------------------------


class _Annotations:
    """The annotations of one text, which count its characters."""

    def __init__(self, text: str, given: Mapping[str, Any]) -> None:
        self.text, self._given = text, given

    def of(self, kind: str) -> list[tuple[int, int, Mapping[str, Any]]]:
        """Return those of a kind in order: start, end, attributes."""
        value = self._given.get(kind)
        if isinstance(value, str):
            try:
                value = orjson.loads(value)
            except orjson.JSONDecodeError as error:
                raise FieldError(f"annotations.{kind} is not JSON") from error
        found = []
        for item in objects(value, f"annotations.{kind}"):
            start, end, attributes = item.get("start"), item.get("end"), item.get("attributes")
            start, end = (int(at) if isinstance(at, str) and at.isdigit() else at for at in (start, end))
            if type(start) is int and type(end) is int and 0 <= start < end <= len(self.text):
                found.append((start, end, attributes if isinstance(attributes, dict) else {}))
        return sorted(found, key=lambda item: item[:2])

    def first(self, kind: str) -> str:
        """Return the first text of a kind."""
        return next((fold(self.text[start:end]) for start, end, _ in self.of(kind)), "")


def _annotated(record: Record, number: int) -> Paper:
    """Make a Paper of a record of the bulk data set."""
    names = Names(s2=record.get("corpusid"))
    for kind, value in mapping(record.get("externalids"), "externalids").items():
        wanted = _EXTERNAL.get(kind.lower())
        if wanted:
            names.add(wanted, value)
    content = mapping(record.get("content"), "content")
    text = content.get("text") or ""
    if not isinstance(text, str):
        raise FieldError("content.text is not text")
    notes = _Annotations(text, mapping(content.get("annotations"), "content.annotations"))
    title = printed(notes.first("title"))
    check_title(title, names)
    body = CitedBody()
    entries = notes.of("bibentry")
    keys = [str(attributes.get("id") or f"#{place}") for place, (_, _, attributes) in enumerate(entries)]
    heads = [
        (start, fold(text[start:end]), str(at.get("n") or "")) for start, end, at in notes.of("sectionheader")
    ]
    marks = [(start, end, str(at.get("ref_id"))) for start, end, at in notes.of("bibref") if at.get("ref_id")]
    head, mark, heading = 0, 0, ("", "")
    abstracts = notes.of("abstract")
    for start, end, _ in notes.of("paragraph"):
        while head < len(heads) and heads[head][0] <= start:
            heading, head = heads[head][1:], head + 1
        while mark < len(marks) and marks[mark][0] < start:
            mark += 1
        here = []
        while mark < len(marks) and marks[mark][0] < end:
            here.append((marks[mark][0] - start, marks[mark][1] - start, marks[mark][2]))
            mark += 1
        if not any(a <= start and end <= b for a, b, _ in abstracts):
            body.add(*heading, pieces(text[start:end], here))
    cited_in = body.contexts({key: place for place, key in enumerate(keys)})
    return Paper(
        title=title,
        abstract=check_abstract(plain(" ".join(text[start:end] for start, end, _ in abstracts))),
        **names.own,
        authors=tuple(
            Author(name)
            for name in dict.fromkeys(printed(text[a:b]) for a, b, _ in notes.of("author"))
            if name
        ),
        venue=notes.first("venue") or None,
        references=tuple(_entries(notes, entries, keys, cited_in)),
        also=names.also,
        sections=tuple(body.sections),
        line=number,
    )


_EXTERNAL = {
    "arxiv": "arxiv", "doi": "doi", "mag": "mag", "acl": "acl", "pubmed": "pmid", "pubmedcentral": "pmcid",
    "dblp": "dblp",
}  # fmt: skip


def _entries(
    notes: _Annotations,
    entries: list[tuple[int, int, Mapping[str, Any]]],
    keys: list[str],
    cited_in: Mapping[str, tuple[str, ...]],
) -> Iterator[Reference]:
    parts = {kind: _Parts(notes, kind) for kind in ("bibtitle", "bibauthor")}
    for key, (start, end, attributes) in zip(keys, entries, strict=True):
        raw = fold(notes.text[start:end])
        names = Names(s2=attributes.get("matched_paper_id"), doi=attributes.get("doi"))
        _add_printed(names, raw)
        titles = parts["bibtitle"].within(start, end)
        yield Reference(
            title=printed(titles[0][: fields.MAX_TITLE]) if titles else None,
            **names.own,
            authors=tuple(map(printed, parts["bibauthor"].within(start, end))),
            raw=raw,
            contexts=cited_in.get(key, ()),
            also=names.also,
        )


class _Parts:
    """Annotations of a kind, asked for by entries in their order."""

    def __init__(self, notes: _Annotations, kind: str) -> None:
        self._text, self._spans, self._at = notes.text, notes.of(kind), 0

    def within(self, start: int, end: int) -> list[str]:
        """Return the texts within an entry that comes after those asked for before."""
        while self._at < len(self._spans) and self._spans[self._at][0] < start:
            self._at += 1
        found = []
        while self._at < len(self._spans) and self._spans[self._at][1] <= end:
            found.append(fold(self._text[self._spans[self._at][0] : self._spans[self._at][1]]))
            self._at += 1
        return [text for text in found if text]
