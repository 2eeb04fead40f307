r"""``latex``: the source of a paper, as arXiv gives it: a main file, its parts, and the reference list as ``.bbl``.

The main file, which has ``\documentclass``, is the document; what lies in its folder belongs to it. Title, authors,
abstract, sections with the authors' macros put in, references with the sentences that cite them. Without a ``.bbl``
the ``.bib`` that the source names is looked into. A ``.bbl`` without its paper is read as a list of works.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ....graph import identity
from ....graph.records import Author, Paper
from ...reading import fields
from ...reading.fields import FieldError
from ...refusal import Refusal, quoted
from .body import keys_cited, read_body
from .front import abstract_of, authors_of, keywords_of, title_of
from .macros import expanded, macros_of, without_definitions
from .references import Cited, reference_list
from .source import (
    MAIN,
    Source,
    beside,
    is_main,
    main_of,
    read_text,
    said,
    source_of,
    without_comments,
)

if TYPE_CHECKING:
    from ...document import Document

_LIST = re.compile(
    rb"\\begin\s*\{thebibliography\}|\\(?:data|sorted)list(?:\[entry\])?\{|\\refsection\{\d|\\bibitem\b"
)
_PART = re.compile(rb"\\(?:section|chapter|begin|input|newcommand|usepackage|label|cite[tp]?)\b")
_BIBLIOGRAPHY = re.compile(r"\\(?:bibliography|addbibresource(?:\[[^\]]{0,100}\])?)\s*\{([^{}]{1,1000})\}")
_BODY = re.compile(r"\\begin\s*\{document\}")
_ARXIV_FOLDER = re.compile(r"(?:arxiv[-_.]?)?((?:\d{4}\.\d{4,5}|[a-z-]{2,9}\d{7})(?:v\d+)?)", re.IGNORECASE)


class Latex:
    """Reads LaTeX sources."""

    name = "latex"
    description = "LaTeX source of a paper: its folder, main .tex, or .bbl"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell whether this is the main file of a paper, a part of one, or a reference list."""
        suffix = path.suffix.lower()
        if suffix == ".bbl":
            return _LIST.search(head) is not None
        if suffix in (".tex", ".ltx", ".latex"):
            return MAIN.search(head) is not None or _PART.search(head) is not None
        return not suffix and head.lstrip()[:1] in (b"\\", b"%") and MAIN.search(head) is not None

    def parts(self, path: Path) -> Iterable[Path]:
        """Return the further files that a paper is read from."""
        if not is_main(path):
            return ()
        source = source_of(path)
        listed = [path.with_suffix(".bbl"), *_bib_files(path, source.text)]
        return (*source.files[1:], *(file for file in listed if file.is_file()))

    def read(self, document: Document) -> Iterator[Paper | Refusal]:
        """Read the one paper of a source, or the works of a reference list alone."""
        path = document.path
        if not document.spooled and not is_main(path):
            if main := main_of(path):
                yield document.refuse(None, f"this is a part of {main.name}", "name that, or the folder")
                return
            if path.suffix.lower() == ".bbl":
                yield from _listed(document)
                return
        source = source_of(path, alone=document.spooled)
        try:
            yield _paper_of(document, source)
        except FieldError as error:
            remedy = "name the main file, the one with \\documentclass"
            yield document.refuse(None, str(error), remedy)
            return
        for fault in said(source):
            yield document.refuse(None, fault, "put all files of the paper into one folder")
        if not source.references and (keys := keys_cited(source.text)):
            reason = f"it cites {len(keys)} works, and its reference list is not there"
            yield document.refuse(None, reason, f"add {path.with_suffix('.bbl').name}, or the .bib it names")


def _listed(document: Document) -> Iterator[Paper | Refusal]:
    """Read a reference list without its paper: the works in it."""
    found = reference_list(without_comments(read_text(document.path)))
    for number, (key, cited) in enumerate(found.items(), 1):
        work = cited.reference
        if not work.title and not (work.arxiv_id or work.doi or work.also or work.s2_id or work.openalex_id):
            yield document.refuse(number, f"the title of {quoted(key)} cannot be told", "name it in a .bib")
            continue
        yield Paper(
            title=work.title or "",
            arxiv_id=work.arxiv_id,
            doi=work.doi,
            openalex_id=work.openalex_id,
            s2_id=work.s2_id,
            authors=tuple(map(Author, work.authors)),
            year=work.year,
            also=work.also,
            line=number,
        )


def _paper_of(document: Document, source: Source) -> Paper:
    path = document.path
    begin = _BODY.search(source.text)
    head, body = (source.text[: begin.start()], source.text[begin.end() :]) if begin else ("", source.text)
    body = body.partition("\\end{document}")[0]
    macros = macros_of(source.text)
    head, body = expanded(without_definitions(head), macros), expanded(without_definitions(body), macros)
    title = title_of(head) or title_of(body)
    abstract, rest = abstract_of(head, body)
    title, abstract = fields.title_and_abstract(title, ("abstract", abstract))
    cited = _references_of(document, source, body)
    read = read_body(rest.partition("\\begin{thebibliography}")[0], cited)
    contexts = read.contexts({key: number for number, key in enumerate(cited)})
    source.references = len(cited)
    return Paper(
        title=title,
        abstract=abstract,
        arxiv_id=_arxiv_id(path) if not document.spooled else None,
        authors=tuple(map(Author, authors_of(head) or authors_of(body))),
        keywords=keywords_of(head + rest[:20_000]),
        sections=tuple(read.sections),
        references=tuple(
            replace(work.reference, contexts=contexts.get(key, ())) for key, work in cited.items()
        ),
        line=1,
    )


def _arxiv_id(path: Path) -> str | None:
    """Return the identifier that the folder of a source unpacked from arXiv is named by."""
    named = _ARXIV_FOLDER.fullmatch(path.resolve().parent.name)
    if not named:
        return None
    name = re.sub(r"^([a-z-]+)(\d{7})", r"\1/\2", named[1].lower())
    return identity.arxiv_id(name)


def _references_of(document: Document, source: Source, body: str) -> dict[str, Cited]:
    """Return the reference list: within the source, beside it as ``.bbl``, or from the ``.bib`` it names."""
    if "\\bibitem" in source.text and (found := reference_list(source.text)):
        return found
    if document.spooled:
        return {}
    path = document.path
    lists = [path.with_suffix(".bbl")]
    if not lists[0].is_file():
        lists = sorted(path.parent.glob("*.bbl"))[:2]
    if len(lists) == 1 and lists[0].is_file():
        if not lists[0].resolve().is_relative_to(path.parent.resolve()):
            source.outside.append(lists[0].name)
        elif found := reference_list(without_comments(read_text(lists[0]))):
            return found
    return _of_bib(document, source, set(keys_cited(body)))


def _bib_files(path: Path, text: str) -> list[Path]:
    names = [name.strip() for found in _BIBLIOGRAPHY.finditer(text) for name in found[1].split(",")]
    return [file for name in names[:20] if (file := beside(path, name, ".bib"))]


def _of_bib(document: Document, source: Source, keys: set[str]) -> dict[str, Cited]:
    from ..bibtex import cited_works

    found: dict[str, Cited] = {}
    for file in _bib_files(document.path, source.text):
        for key, reference in cited_works(file, keys):
            found.setdefault(key, Cited(reference))
    return found
