"""``bibtex``: bibliographies in BibTeX and BibLaTeX, in all the dialects reference managers and services export.

Every entry is a paper. Macros and ``#``, ``crossref`` and ``xdata`` are resolved and LaTeX becomes Unicode. Citation
keys identify nothing outside their file: an entry whose key occurred before is read like any other.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ...graph.records import Author, Paper, Reference
from ..reading import fields, markup
from ..reading.addresses import Found, addresses_in, key, venue_of
from ..reading.cited_strings import cited
from ..reading.dates import MONTHS, day_of, year_in
from ..reading.fields import FieldError
from ..reading.kinds_of_works import kind_of
from ..reading.latex_text import plain
from ..reading.markup import printed
from ..refusal import Refusal, quoted
from .bibtex_entries import Entry, entries
from .bibtex_names import names

if TYPE_CHECKING:
    from ..document import Document

_SUFFIXES = (".bib", ".bibtex", ".biblatex")
_SIGN = re.compile(
    rb"""\A (?: \s | %[^\n]*\n )*+ @ (?: article | inproceedings | conference | book(?:let)? | in(?:book|collection)
        | collection | proceedings | misc | online | www | electronic | manual | (?:phd|masters)?thesis
        | (?:tech)?report | unpublished | software | dataset | patent | periodical | string | preamble | comment
        | xdata ) \s* [{(]""",
    re.VERBOSE | re.IGNORECASE,
)
_VENUES = ("journal", "journaltitle", "booktitle", "eventtitle")
_ADDRESSES = ("url", "link", "ee", "pdf", "howpublished", "bdsk-url-1", "bdsk-url-2", "code", "note")
_TEXTS = ("journal", "journaltitle", "howpublished", "note", "volume", "number", "publisher", "annotation")
_MONTH = re.compile(r"(?<![a-z])(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?!\d)")
_DAY = re.compile(r"(?<!\d)(\d\d?)(?!\d)")
_WANTED = frozenset(
    {
        "title",
        "subtitle",
        "maintitle",
        "booktitle",
        "abstract",
        "author",
        "institution",
        "school",
        "keywords",
        "keyword",
        "author_keywords",
        "doi",
        "eprint",
        "eprinttype",
        "archiveprefix",
        "eprintclass",
        "primaryclass",
        "arxivid",
        "arxiv",
        "arxiv_id",
        "pmid",
        "pmcid",
        "biburl",
        "date",
        "year",
        "issue_date",
        "month",
        "day",
        "references",
        "cited-references",
    }
).union(_VENUES, _ADDRESSES, _TEXTS)
_VERBATIM = re.compile(
    r"\\(?:url|path|href)\s*|\{\\textasciitilde\s*\}|\\textasciitilde\s*(?:\{\})?|\\([_%&#~$-])|[{}]"
)


class Bibtex:
    """Reads BibTeX and BibLaTeX files."""

    name = "bibtex"
    description = "BibTeX and BibLaTeX bibliographies (.bib)"

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell whether an entry stands at the beginning, or the name says so and an entry stands anywhere."""
        if path.suffix.lower() in _SUFFIXES:
            return head.lstrip()[:1] not in (b"[", b"<") and not head.lstrip().startswith((b'{"', b"{\n"))
        return _SIGN.match(head) is not None

    def read(self, document: Document) -> Iterator[Paper | Refusal]:
        """Read one paper an entry."""
        for item in entries(document, _WANTED):
            if isinstance(item, Refusal):
                yield item
                continue
            try:
                yield _paper_of(item)
            except FieldError as error:
                yield document.refuse(item.line, f"the entry {quoted(item.key)}: {error}", "mend the entry")


def cited_works(path: Path, keys: Container[str]) -> Iterator[tuple[str, Reference]]:
    """Iterate over the entries of a file that are cited, by their keys, as a paper's references hold them."""
    from ..document import Document

    for item in entries(Document(path, path.name, Bibtex()), _WANTED):
        if not isinstance(item, Refusal) and item.key in keys:
            try:
                work = _paper_of(item)
            except FieldError:
                continue  # is named where the file itself is read
            yield (
                item.key,
                Reference(
                    title=work.title or None,
                    arxiv_id=work.arxiv_id,
                    doi=work.doi,
                    openalex_id=work.openalex_id,
                    s2_id=work.s2_id,
                    year=work.year,
                    authors=tuple(author.name for author in work.authors),
                    also=work.also,
                ),
            )


def _paper_of(entry: Entry) -> Paper:
    own = entry.fields
    found = _identified(entry)
    title = _title(entry)
    abstract = markup.plain(plain(own.get("abstract", "")))
    if title or not found:
        title, abstract = fields.title_and_abstract(title, ("abstract", abstract))
    day, year = _date(own)
    venue = next((_venue(own[name]) for name in _VENUES if name in own), None)
    return Paper(
        title=title,
        abstract=abstract,
        **found.identifiers(),
        authors=tuple(map(Author, names(own["author"]))) if "author" in own else (),
        year=year,
        date=day,
        venue=venue_of(venue, found.arxiv_id),
        url=found.url,
        repositories=tuple(dict.fromkeys(found.repositories)),
        organizations=tuple(
            said for name in ("institution", "school") if name in own and (said := printed(plain(own[name])))
        ),
        kind=_kind(entry, venue, found),
        keywords=_keywords(own),
        references=_references(own),
        line=entry.line,
    )


def _kind(entry: Entry, venue: str | None, found: Found) -> str | None:
    """Return the kind of a work; what stands in no journal but arXiv is a preprint, whatever the entry is called."""
    kind = kind_of(entry.type, entry.fields.get("type"))
    of_arxiv = kind == "article" and venue and not venue_of(venue, found.arxiv_id)
    return "preprint" if of_arxiv else kind


@lru_cache(maxsize=4096)  # venues come again and again
def _venue(written: str) -> str:
    return printed(plain(written))


def _title(entry: Entry) -> str:
    own = entry.fields
    written = own.get("title") or own.get("maintitle", "")
    if not written and entry.type in ("book", "collection", "proceedings", "mvbook", "periodical"):
        written = own.get("booktitle", "")
    title, subtitle = printed(plain(written)), printed(plain(own.get("subtitle", "")))
    if not title or not subtitle:
        return title or subtitle
    return f"{title} {subtitle}" if title[-1] in ".:?!–—" else f"{title}: {subtitle}"


# --- what it is --------------------------------------------------------------------------------------------


def _identified(entry: Entry) -> Found:
    own = entry.fields
    found = Found()
    if "doi" in own:
        found.add_doi(_verbatim(own["doi"]))
    if "eprint" in own:
        _eprint(own, found)
    for name in ("arxivid", "arxiv", "arxiv_id"):
        if name in own:
            found.add_arxiv(_verbatim(own[name]))
    for kind in ("pmid", "pmcid"):
        if (value := own.get(kind, "").strip()).removeprefix("PMC").isdigit():
            found.also.append(key(kind, value))
    for name in _ADDRESSES:
        if name in own and "http" in own[name]:
            for address in addresses_in(_verbatim(own[name])):
                found.add_address(address)
    for name in _TEXTS:
        if name in own:
            found.add_text(_verbatim(own[name]))
    if entry.key.startswith("DBLP:"):
        found.also.append(f"dblp:{entry.key[5:]}")
    elif "dblp" in own.get("biburl", ""):
        found.add_address(own["biburl"])
    return found


def _eprint(own: dict[str, str], found: Found) -> None:
    """Take an ``eprint`` for what ``archiveprefix``, or BibLaTeX's ``eprinttype``, says it is."""
    eprint = _verbatim(own["eprint"]).strip()
    archive = (own.get("eprinttype") or own.get("archiveprefix") or "").strip().lower()
    if archive in ("", "arxiv") or "arxiv" in eprint.lower():
        if not found.add_arxiv(eprint):
            category = own.get("primaryclass") or own.get("eprintclass") or ""
            found.add_arxiv(f"{category.strip()}/{eprint}")
    elif archive in ("pubmed", "pmid", "medline") and eprint.isdigit():
        found.also.append(key("pmid", eprint))
    elif archive in ("pmc", "pmcid", "pubmed central"):
        found.also.append(key("pmcid", eprint))
    elif archive == "openreview":
        found.also.append(key("openreview", eprint))
    else:
        found.add_arxiv(f"{archive}/{eprint}")  # an archive of arXiv: hep-th


def _verbatim(text: str) -> str:
    r"""Undo the escapes that an address or identifier is written with: ``10.1007/a{\_}b``, ``\url{…}``."""
    if "\\" not in text and "{" not in text:
        return text
    return _VERBATIM.sub(lambda sign: sign[1] or ("~" if "tilde" in sign[0] else ""), text)


# --- when, and what about ----------------------------------------------------------------------------------


def _date(own: dict[str, str]) -> tuple[str | None, int | None]:
    """Return the day and the year, as far as they are known; "in press" and the like are no year."""
    written = own.get("date") or own.get("year") or own.get("issue_date") or ""
    year = year_in(written)
    if year is None:
        return None, None
    if iso := _ISO.search(written):
        return (day_of(year, int(iso[2]), int(iso[3])) if int(iso[1]) == year else None), year
    month = own.get("month", "")
    if name := _MONTH.search(month):
        day = _DAY.search(own.get("day") or month[: name.start()] + " " + month[name.end() :])
        return (day_of(year, MONTHS[name[1].lower()], int(day[1])) if day else None), year
    if month.strip().isdecimal() and own.get("day", "").strip().isdecimal():
        return day_of(year, int(month[:9]), int(own["day"][:9])), year
    return None, year


def _keywords(own: dict[str, str]) -> tuple[str, ...]:
    found = []
    for name in ("keywords", "keyword", "author_keywords"):
        if name in own:
            text = printed(plain(own[name]))
            found += [word.strip() for word in re.split(";" if ";" in text else ",", text)]
    return tuple(dict.fromkeys(word for word in found if word))


def _references(own: dict[str, str]) -> tuple[Reference, ...]:
    """Take the reference list that Scopus and the Web of Science put into their exports."""
    if "references" in own:
        return cited(plain(own["references"]).split("; "))
    if "cited-references" in own:
        return cited(plain(line) for line in own["cited-references"].split("\n"))
    return ()
