"""``jats``: articles of publishers and of PubMed Central in JATS XML, front matter, body and references.

A citation stands in the body as an ``xref``, which names the reference; so contexts are exact, and ranges too where
only their ends are named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from ...graph import identity
from ...graph.records import Author, Paper, Reference
from ..reading import catalogue, fields
from ..reading.addresses import Found
from ..reading.cited_body import CitedSections
from ..reading.citing import PARAGRAPH, Flow
from ..reading.fields import FieldError
from ..reading.kinds_of_works import kind_of
from ..reading.xml_records import first_text, records, root_of, text_of
from ..refusal import Refusal

if TYPE_CHECKING:
    from ..document import Document

_META = re.compile(rb"<(?:[\w.-]+:)?(?:article-meta|front-stub|journal-meta)[\s>]")
_ROOTS = ("article", "pmc-articleset", "articles", "article-set", "OAI-PMH")


class Jats:
    """Reads JATS, and what went before it (NLM journal publishing)."""

    name = "jats"
    description = (
        "JATS XML: articles with front matter, full text, references and the sentences that cite them"
    )

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell whether the root is an article, or a set of them, with the front matter of JATS."""
        root = root_of(head)
        return root is not None and root.name in _ROOTS and _META.search(head) is not None

    def read(self, document: Document) -> Iterator[Paper | Refusal]:
        """Read a paper an ``article`` element: one a file, or many in a set."""
        for item in records(document, {"article"}):
            if isinstance(item, Refusal):
                yield item
                continue
            line, article = item
            try:
                yield _paper_of(article, line)
            except FieldError as error:
                yield document.refuse(line, str(error), "mend the front matter of the article")


def _paper_of(article: Element, line: int) -> Paper:
    meta = article.find("front/article-meta")
    if meta is None:
        meta = article.find("front-stub")
    if meta is None:
        raise FieldError("there is no article-meta")
    known = _identifiers(meta.findall("article-id"), "pub-id-type")
    title, abstract = fields.title_and_abstract(
        _title(meta.find("title-group/article-title")), ("abstract", _abstract(meta))
    )
    date, year = _published(meta)
    body = _Body()
    body.read(article)
    return Paper(
        title=title,
        abstract=abstract,
        **known.identifiers(),
        authors=tuple(_authors(meta)),
        year=year,
        date=date,
        venue=first_text(
            article, "front/journal-meta//journal-title", "front/journal-meta//abbrev-journal-title"
        )
        or None,
        url=_address(meta.find("self-uri")),
        organizations=_distinct(meta.iterfind(".//aff//institution")),
        kind=kind_of(article.get("article-type")),
        keywords=_distinct(meta.iterfind("kwd-group//kwd")),
        references=tuple(body.references()),
        sections=tuple(body.sections),
        line=line,
    )


# --- front matter ------------------------------------------------------------------------------------------


def _identifiers(elements: list[Element], kind: str) -> Found:
    known = Found()
    for element in elements:
        value = text_of(element)
        match (element.get(kind) or "").lower():
            case "doi":
                known.add_doi(value)
            case "arxiv":
                known.add_arxiv(value)
            case "pmid" if number := catalogue.pmid(value):
                known.also.append(f"pmid:{number}")
            case "pmc" | "pmcid" if number := catalogue.pmcid(value):
                known.also.append(f"pmcid:{number}")
    return known


def _title(element: Element | None) -> str:
    """Return a title without the signs of its footnotes."""
    flow = Flow()
    if element is not None:
        _pour_within(element, flow, _ELSEWHERE | {"xref"})
    return flow.text


def _abstract(meta: Element) -> str:
    """Return the abstract itself, else the first of another kind; the headings of its parts stay."""
    found = sorted(meta.findall("abstract"), key=lambda abstract: abstract.get("abstract-type") is not None)
    flow = Flow()
    for abstract in found[:1]:
        _pour_within(
            abstract, flow, _ELSEWHERE if abstract.find("sec") is not None else _ELSEWHERE | {"title"}
        )
    return fields.fold(flow.text)


def _authors(meta: Element) -> Iterator[Author]:
    for contributor in (*meta.iterfind("contrib-group/contrib"), *meta.iterfind("contrib")):
        if contributor.get("contrib-type", "author") == "author" and (name := _person(contributor)):
            orcid = first_text(contributor, "contrib-id[@contrib-id-type='orcid']")
            yield Author(name, identity.orcid(orcid) if orcid else None)


def _person(element: Element) -> str:
    """Return the name of a person or group that an element is or holds, given names first."""
    if element.tag in ("name", "string-name"):
        parts = (part for tag in ("given-names", "surname", "suffix") for part in element.findall(tag))
        return " ".join(filter(None, map(text_of, parts))) or text_of(element)
    if element.tag in ("collab", "on-behalf-of"):
        return text_of(element.find("institution")) or fields.fold(element.text or "") or text_of(element)
    held = (element.find(path) for path in ("name", "string-name", "name-alternatives/*", "collab"))
    return next((_person(part) for part in held if part is not None), "")


def _published(meta: Element) -> tuple[str | None, int | None]:
    """Return the earliest day of publication, or the earliest year where there is no day."""
    dates = [date for element in meta.iterfind("pub-date") if (date := _date(element))[1]]
    days = sorted(day for day, _ in dates if day)
    year = min((year for _, year in dates if year), default=None)
    return (days[0], int(days[0][:4])) if days else (None, year)


def _date(element: Element) -> tuple[str | None, int | None]:
    parts = [first_text(element, part) for part in ("year", "month", "day")]
    written = "-".join(parts[: 3 if all(parts) else 1])
    for text in (element.get("iso-8601-date"), written, parts[0]):
        try:
            found = fields.day(text, "pub-date")
        except FieldError:
            continue
        if found[1]:
            return found
    return None, None


def _address(element: Element | None) -> str | None:
    try:
        return fields.url(element.get("href") if element is not None else None, "self-uri")
    except FieldError:
        return None


def _distinct(elements: Iterator[Element]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for element in elements if (text := text_of(element))))


# --- references --------------------------------------------------------------------------------------------

_CITATIONS = ("element-citation", "mixed-citation", "nlm-citation", "citation")
_WHOLE = frozenset(
    ("book", "software", "report", "thesis", "web", "webpage", "website", "data", "other", "database")
)
"""Kinds of publication whose ``source`` is the work itself, if no title within it is given."""


def _citations(ref: Element) -> list[Element]:
    """Return the works of a reference: mostly one, printed strings may hold several."""
    found = [child for child in ref if child.tag in _CITATIONS]
    for alternatives in ref.iterfind("citation-alternatives"):
        told = sorted(
            (child for child in alternatives if child.tag in _CITATIONS), key=lambda c: c.tag != _CITATIONS[0]
        )
        found += told[:1]
    return found


def _reference(citation: Element, cited_in: list[str]) -> Reference | None:
    known = _identifiers(citation.findall(".//pub-id"), "pub-id-type")
    for link in (*citation.iter("ext-link"), *citation.iter("uri")):
        known.add_address(link.get("href") or text_of(link))
    printed = Flow()
    _pour_within(citation, printed, frozenset())
    for text in (
        [printed.text] if citation.tag == "mixed-citation" else map(text_of, citation.iter("comment"))
    ):
        if not known:
            known.add_text(text)
    title = next(
        (title for tag in ("article-title", "data-title", "chapter-title", "part-title")
         for element in citation.iter(tag) if (title := text_of(element))),
        "",
    )  # fmt: skip
    if not title and citation.get("publication-type") in _WHOLE:
        title = first_text(citation, "source")
    title = title or first_text(citation, "trans-title")
    year = re.search(r"(?<!\d)\d{4}(?!\d)", first_text(citation, "year"))
    found = Reference(
        title=title.rstrip(". ")[: fields.MAX_TITLE] or None,
        **known.identifiers(),
        year=int(year[0]) if year and 1500 <= int(year[0]) <= 2200 else None,
        authors=tuple(_cited_authors(citation)),
        raw=(printed.text or None) if citation.tag == "mixed-citation" else None,
        contexts=tuple(cited_in),
    )
    return found if found != Reference(contexts=found.contexts) else None


def _cited_authors(citation: Element) -> Iterator[str]:
    groups = [g for g in citation.findall("person-group") if g.get("person-group-type", "author") == "author"]
    for group in groups or [citation]:
        for part in group:
            if part.tag in ("name", "string-name", "collab", "name-alternatives") and (name := _person(part)):
                yield name


# --- body --------------------------------------------------------------------------------------------------

_BETWEEN = dict.fromkeys(
    (
        "p",
        "sec",
        "title",
        "list",
        "list-item",
        "def-item",
        "disp-quote",
        "boxed-text",
        "verse-line",
        "speech",
        "app",
    ),
    PARAGRAPH,
) | dict.fromkeys(("break", "label", "term", "def", "pub-id"), " ")
_ELSEWHERE = frozenset((
    "fig", "fig-group", "table-wrap", "table-wrap-group", "fn", "fn-group", "graphic", "media", "object-id",
    "permissions", "attrib", "annotation", "annotation-xml", "ref-list",
))  # fmt: skip
_OWN = _ELSEWHERE | {"sec", "title", "label", "app", "app-group", "ack", "glossary"}
"""What of a section is not its text."""


def _pour(element: Element, flow: Flow) -> None:
    """Add an element's text to a flow, with what it cites."""
    tag = element.tag
    if tag == "xref" and element.get("ref-type") == "bibr":
        flow.add("".join(element.itertext()), (element.get("rid") or "").split())
        return
    between = _BETWEEN.get(tag, "")
    flow.gap(between)
    if tag == "disp-formula":  # the sentence goes on through it
        flow.join()
    both = tag in ("alternatives", "disp-formula", "inline-formula") and element.find("math") is not None
    _pour_within(element, flow, _ELSEWHERE | {"tex-math"} if both else _ELSEWHERE)
    flow.gap(between)
    if tag in ("disp-formula", "label"):  # "(3)" and "•" stand in the line of what they mark
        flow.join()


def _pour_within(element: Element, flow: Flow, without: frozenset[str] = _ELSEWHERE) -> None:
    flow.add(element.text)
    for child in element:
        if child.tag not in without:
            _pour(child, flow)
        flow.add(child.tail)


class _Body(CitedSections):
    """The sections of an article, and the references with what cites them."""

    def __init__(self) -> None:
        super().__init__()
        self._refs: list[Element] = []

    def read(self, article: Element) -> None:
        """Read body and back matter; captions and footnotes follow what they were printed in."""
        for name in ("body", "back", "floats-group", "floats-wrap"):
            for part in article.iterfind(name):
                self._refs += part.iter("ref")
                self._section(part, (), "")
                for kind in ("fig", "table-wrap"):
                    for float_ in part.iter(kind):
                        self._caption(float_, "Figure" if kind == "fig" else "Table")
                if name == "body":
                    self._footnotes(part)

    def references(self) -> Iterator[Reference]:
        """Iterate over the references, in the order of the list."""
        ids = [ref.get("id") or f"#{number}" for number, ref in enumerate(self._refs)]
        order = {name: number for number, name in enumerate(ids)}
        citing = self.contexts(order)
        for name, ref in zip(ids, self._refs, strict=True):
            cited_in = list(citing.get(name, ()))
            cited_in += [said for c in _citations(ref) for said in citing.get(c.get("id") or "", ())]
            for citation in _citations(ref):
                if reference := _reference(citation, cited_in):
                    yield reference

    def _section(self, section: Element, above: tuple[str, ...], unnamed: str) -> None:
        heading = text_of(section.find("title"))
        path = (*above, heading) if heading else above
        flow = Flow()
        _pour_within(section, flow, _OWN)
        self.keep(" > ".join(path) or unnamed, flow)
        for inner in section:
            if inner.tag in ("sec", "app", "app-group"):
                self._section(inner, path, "Appendix" if inner.tag != "sec" else unnamed)
            elif inner.tag == "ack":
                self._section(inner, path, "Acknowledgements")

    def _caption(self, element: Element, kind: str) -> None:
        flow = Flow()
        for caption in element.iterfind("caption"):
            _pour_within(caption, flow)
        self.keep(text_of(element.find("label")).rstrip(".: ") or kind, flow)

    def _footnotes(self, part: Element) -> None:
        flow = Flow()
        for note in part.iter("fn"):
            flow.gap(PARAGRAPH)
            _pour_within(note, flow, _ELSEWHERE | {"label"})
        self.keep("Footnotes", flow)
