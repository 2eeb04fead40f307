"""``tei``: papers as GROBID writes them from PDF, whole texts in TEI XML.

Header, body, bibliography and which sentence cites what are all there. All of it was read from print by a machine, so
what is impossible in it (a year 0612, half a DOI) is left out rather than held against the paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from ...graph import identity
from ...graph.records import Author, Paper, Reference
from ..reading import fields
from ..reading.cited_body import CitedSections
from ..reading.citing import PARAGRAPH, Flow
from ..reading.fields import FieldError
from ..reading.xml_records import first_text, records, root_of, text_of
from ..refusal import Refusal
from .tei_references import date_of, identifiers, person_of, references_of

if TYPE_CHECKING:
    from ..document import Document

_ARXIV_PDF = re.compile(r"(\d{4}\.\d{4,5}(?:v\d+)?)(?:\.grobid)?\.tei\.xml(?:\.gz)?", re.IGNORECASE)
"""GROBID names its output after the PDF, and arXiv a PDF after the paper."""


class Tei:
    """Reads GROBID's TEI."""

    name = "tei"
    description = "GROBID TEI XML: header, full text, references and the sentences that cite them"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell whether the root is TEI's."""
        root = root_of(head)
        return root is not None and root.name in ("TEI", "teiCorpus")

    def read(self, document: Document) -> Iterator[Paper | Refusal]:
        """Read a paper a ``TEI`` element: one a file, or many in a corpus."""
        named = _ARXIV_PDF.fullmatch(document.path.name)
        for item in records(document, {"TEI"}):
            if isinstance(item, Refusal):
                yield item
                continue
            line, tei = item
            try:
                yield _paper_of(tei, line, named[1] if named else "")
            except FieldError as error:
                yield document.refuse(line, str(error), "mend its teiHeader, or make it again from the PDF")


def _paper_of(tei: Element, line: int, arxiv_name: str) -> Paper:
    header = tei.find("teiHeader")
    if header is None:
        raise FieldError("there is no teiHeader")
    work = header.find("fileDesc/sourceDesc/biblStruct")
    work = Element("biblStruct") if work is None else work
    known = identifiers(work)
    known.add_arxiv(arxiv_name)
    title = first_text(header, "fileDesc/titleStmt/title") or first_text(
        work, "analytic/title", "monogr/title"
    )
    abstract = _abstract(header.find("profileDesc/abstract"))
    if (
        title or abstract or not known
    ):  # an identifier alone names a paper too, but prose without title does not
        title, abstract = fields.title_and_abstract(title, ("abstract", abstract))
    date, year = date_of(header.find("fileDesc/publicationStmt/date"))
    if year is None:
        date, year = date_of(work.find("monogr/imprint/date"))
    body = _Body()
    text = tei.find("text")
    if text is not None:
        body.read(text)
    return Paper(
        title=title,
        abstract=abstract,
        **known.identifiers(),
        authors=tuple(_authors(work)),
        year=year,
        date=date,
        venue=first_text(work, "monogr/title[@level='j']", "monogr/meeting", "monogr/title[@level='m']")
        or None,
        organizations=_distinct(work.iterfind(".//affiliation/orgName[@type='institution']")),
        keywords=_distinct(header.iterfind("profileDesc/textClass/keywords//term")),
        references=tuple(body.references()),
        sections=tuple(body.sections),
        line=line,
    )


def _abstract(element: Element | None) -> str:
    """Return the abstract; its paragraphs and sentences are elements without blanks between."""
    flow = Flow()
    if element is not None:
        _pour(element, flow)
    return fields.fold(flow.text)


def _authors(work: Element) -> Iterator[Author]:
    for author in (*work.iterfind("analytic/author"), *work.iterfind("monogr/author")):
        name = person_of(author)
        orcid = first_text(author, "idno[@type='ORCID']", "persName/idno[@type='ORCID']")
        if name:
            yield Author(name, identity.orcid(orcid) if orcid else None)


def _distinct(elements: Iterator[Element]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for element in elements if (text := text_of(element))))


# --- body --------------------------------------------------------------------------------------------------

_BETWEEN = dict.fromkeys(("p", "item", "div", "list", "head"), PARAGRAPH) | dict.fromkeys(
    ("s", "label", "lb"), " "
)
_ELSEWHERE = frozenset(("figure", "note", "listBibl", "biblStruct", "table"))
_CAPTION = re.compile(r"(?:Figure|Fig\.|Table|Algorithm)\s*\w{1,4}", re.IGNORECASE)
_OWN = _ELSEWHERE | {"head", "div"}
"""What of a division is not its text."""


def _pour(element: Element, flow: Flow) -> None:
    """Add an element's text to a flow, with what it cites."""
    tag = element.tag
    if tag == "ref" and element.get("type") == "bibr":
        flow.add("".join(element.itertext()), _targets(element))
        return
    between = _BETWEEN.get(tag, "")
    flow.gap(between)
    if tag == "formula":  # the sentence goes on through it
        flow.join()
    _pour_within(element, flow)
    flow.gap(between)
    if tag == "formula":
        flow.join()


def _pour_within(element: Element, flow: Flow, without: frozenset[str] = _ELSEWHERE) -> None:
    flow.add(element.text)
    for child in element:
        if child.tag not in without:
            _pour(child, flow)
        flow.add(child.tail)


def _targets(ref: Element) -> list[str]:
    return [target[1:] for target in (ref.get("target") or "").split() if target.startswith("#")]


class _Body(CitedSections):
    """The sections of a text, and the references with what cites them."""

    def __init__(self) -> None:
        super().__init__()
        self._works: list[Element] = []

    def read(self, text: Element) -> None:
        """Read body and back matter; captions and footnotes follow what they were printed in."""
        self._works = list(text.iter("biblStruct"))
        for part in (*text.iterfind("body"), *text.iterfind("back")):
            self._numbered.clear()  # an appendix counts anew
            self._division(part, (), "")
            for figure in part.iter("figure"):
                self._figure(figure)
            notes = Flow()
            for note in part.iter("note"):
                if note.get("place") == "foot":
                    notes.gap(PARAGRAPH)
                    _pour_within(note, notes)
            self.keep("Footnotes", notes)

    def references(self) -> Iterator[Reference]:
        """Iterate over the references, in the order of the list."""
        ids = [work.get("id") or f"#{number}" for number, work in enumerate(self._works)]
        order = {name: number for number, name in enumerate(ids)}
        citing = self.contexts(order)
        yield from references_of(self._works, [citing.get(name, ()) for name in ids])

    def _division(self, division: Element, above: tuple[str, ...], unnamed: str) -> None:
        """Read a division and those within it; GROBID's stand side by side, and numbers tell what lies in what.

        ``unnamed`` is what to call one without a heading.
        """
        head = division.find("head")
        heading = text_of(head)
        path = above
        if head is not None and heading:
            number = (head.get("n") or "").strip().rstrip(".")
            path = (*(above or self.above(number)), heading)
            if number:
                self._numbered[number] = heading
        elif division.tag == "div":
            unnamed = (division.get("type") or unnamed).capitalize()
        flow = Flow()
        _pour_within(division, flow, _OWN)
        self.keep(" > ".join(path) or unnamed, flow)
        for inner in division.iterfind("div"):
            if inner.get("type") != "references":
                self._division(inner, path, unnamed)

    def _figure(self, figure: Element) -> None:
        flow = Flow()
        for caption in figure.iterfind("figDesc"):
            _pour(caption, flow)
        printed = _CAPTION.search(text_of(figure.find("head")))
        kind = "Table" if figure.get("type") == "table" else "Figure"
        self.keep(printed[0] if printed else kind, flow)
