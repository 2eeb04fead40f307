"""``unarxive``: unarXive, full texts made from arXiv's LaTeX sources, a paper a line.

Marks in the text stand for citations, formulas, figures and tables: ``{{cite:…}}`` becomes the number of the
reference in the list, a formula its LaTeX, and what is printed elsewhere its kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...graph.records import Paper, Reference
from ..reading import fields
from ..reading.catalogue import Names, mapping, named_in, objects
from ..reading.cited_body import CitedBody, Piece
from ..reading.fields import FieldError, fold
from ..reading.json_pages import Record, peek
from ..reading.json_records import records
from ..refusal import Refusal
from .arxiv_snapshot import paper_of

if TYPE_CHECKING:
    from ..document import Document

_MARK = re.compile(r"\{\{(\w{1,20}):([\w-]{1,80})\}\}")
_OWN = {"_source_hash", "_source_name", "discipline"}
_LONGEST_FORMULA = 300


class UnarXive:
    """Reads unarXive's JSON Lines."""

    name = "unarxive"
    description = "unarXive JSON Lines: arXiv full text, references and the sentences that cite them"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell whether the first record has what only unarXive's have beside paper and metadata."""
        record = peek(head).record
        return {"paper_id", "metadata"} <= record.keys() and bool(_OWN & record.keys())

    def read(self, document: Document) -> Iterator[Paper | Refusal]:
        """Read one paper a line."""
        for item in records(document):
            if isinstance(item, Refusal):
                yield item
                continue
            number, record = item
            try:
                if not isinstance(record, dict):
                    raise FieldError("the record is not an object")
                yield _paper_of(record, number)
            except FieldError as error:
                yield document.refuse(number, str(error), "mend or remove the record")


def _paper_of(record: Mapping[str, Any], number: int) -> Paper:
    about = dict(mapping(record.get("metadata"), "metadata"))
    about["id"] = about.get("id") or record.get("paper_id")
    abstract = mapping(record.get("abstract"), "abstract").get("text")
    about["abstract"] = about.get("abstract") or (abstract if isinstance(abstract, str) else None)
    paper = paper_of(about, Record(number, about, {}))
    entries = mapping(record.get("bib_entries"), "bib_entries")
    shown = mapping(record.get("ref_entries"), "ref_entries")
    order = {key: place for place, key in enumerate(entries)}
    body = CitedBody()
    for paragraph in objects(record.get("body_text"), "body_text"):
        text = paragraph.get("text")
        if isinstance(text, str) and paragraph.get("content_type", "paragraph") in (
            "paragraph",
            "list",
            "listing",
        ):
            heading = fields.text(paragraph.get("section"), "section") or ""
            section = paragraph.get("sec_number")
            body.add(heading, section if isinstance(section, str) else "", _pieces(text, order, shown))
    cited_in = body.contexts(order)
    found = (_reference(key, entry, cited_in) for key, entry in entries.items())
    references = tuple(reference for reference in found if reference)
    return replace(paper, sections=tuple(body.sections), references=references)


def _pieces(text: str, order: Mapping[str, int], shown: Mapping[str, Any]) -> Iterator[Piece]:
    """Cut a paragraph at its marks and put in what they stand for."""
    at = 0
    for mark in _MARK.finditer(text):
        yield text[at : mark.start()], None
        kind, key = mark.groups()
        if kind == "cite":
            yield (f"[{order[key] + 1}]", key) if key in order else ("[?]", None)
        elif kind == "formula":
            yield _formula(shown.get(key)), None
        else:
            yield kind.capitalize(), None
        at = mark.end()
    yield text[at:], None


def _formula(entry: Any) -> str:
    latex = entry.get("latex") if isinstance(entry, dict) else None
    return f"${fold(latex)}$" if isinstance(latex, str) and 0 < len(latex) <= _LONGEST_FORMULA else "…"


def _reference(key: str, entry: Any, cited_in: Mapping[str, tuple[str, ...]]) -> Reference | None:
    if not isinstance(entry, dict):
        raise FieldError(f"bib_entries.{key} is not an object")
    raw = fields.text(entry.get("bib_entry_raw"), "bib_entry_raw")
    ids = mapping(entry.get("ids"), "ids")
    names = Names(
        arxiv=ids.get("arxiv_id"), doi=ids.get("doi"), openalex=ids.get("open_alex_id"), pmid=ids.get("pubmed_id"),
        pmcid=ids.get("pmc_id"),
    )  # fmt: skip
    contained = objects(entry.get("contained_arXiv_ids"), "contained_arXiv_ids")
    if len(contained) == 1 and "arxiv_id" not in names.own:
        names.add("arxiv", contained[0].get("id"))
    if raw and len(raw) < 5_000:
        printed = named_in(raw).own
        for kind, value in (("arxiv", printed.get("arxiv_id")), ("doi", printed.get("doi"))):
            if f"{kind}_id" not in names.own and kind not in names.own:
                names.add(kind, value)
    if not names and not raw:
        return None
    return Reference(**names.own, raw=raw, contexts=cited_in.get(key, ()), also=names.also)
