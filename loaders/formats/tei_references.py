"""The reference lists that GROBID reads from print: titles, years, identifiers, and what not to believe of them.

GROBID gives every reference all it could make of it. A venue may have come to stand where the title does, and the
pages that cite a work, which some lists print behind it ("2016. 2, 6"), may have become part of its year.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element

from ...graph.identity import title_key
from ...graph.records import Reference
from ..reading import fields
from ..reading.addresses import Found, key
from ..reading.fields import FieldError
from ..reading.xml_records import first_text, text_of

_ARXIV_NUMBER = re.compile(r"(?<!\d)\d{4}\.\d{4,5}(?!\d)")


def identifiers(work: Element) -> Found:
    """Gather the identifiers of a ``biblStruct``; ``idno`` without type is whatever it is."""
    known = Found()
    for idno in work.iter("idno"):
        kind, value = (idno.get("type") or "").lower(), text_of(idno)
        if kind == "arxiv" or value.startswith("abs/"):
            number = _ARXIV_NUMBER.search(value)  # a page or a year may stick to it
            known.add_arxiv(number[0] if number else value)
        elif kind == "doi":
            known.add_doi(value)
        elif kind in ("pmid", "pmcid") and (
            digits := re.fullmatch(r"(?:PMC)?(\d{1,9})", value, re.IGNORECASE)
        ):
            known.also.append(key(kind, digits[1]))
    for pointer in work.iter("ptr"):
        known.add_address(pointer.get("target", ""))
    return known


def person_of(author: Element) -> str:
    """Return a name, given names first."""
    person = author.find("persName")
    if person is None:
        return first_text(author, "orgName", "name")
    parts = [part for tag in ("forename", "surname", "genName") for part in person.findall(tag)]
    return " ".join(filter(None, map(text_of, parts))) or text_of(person)


def date_of(element: Element | None) -> tuple[str | None, int | None]:
    """Return day and year of a ``date``; what is none is nobody's fault."""
    try:
        return fields.day((element.get("when") or text_of(element)) if element is not None else None, "date")
    except FieldError:
        return None, None


def references_of(works: Sequence[Element], cited_in: Sequence[Sequence[str]]) -> Iterator[Reference]:
    """Iterate over the references of a list, each with the sentences that cite it."""
    names = _venues(works)
    found = [_reference(work, said, names) for work, said in zip(works, cited_in, strict=True)]
    listed = [(work, reference) for work, reference in zip(works, found, strict=True) if reference]
    doubtful = any(_misdated(reference, work) for work, reference in listed)
    paged = sum(_paged(work) for work, _ in listed) >= _ENOUGH
    for work, reference in listed:
        unsure = _low(reference.year) and (doubtful or (paged and not _placed(work)))
        if unsure and str(reference.year) not in text_of(work):
            yield replace(reference, year=None)
        else:
            yield reference


# --- one reference -----------------------------------------------------------------------------------------

_PRINTED_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_PREPRINT = re.compile(
    r"[\s.,:]*(?:\b(?:in|and)\s+)?\b(?:arxiv|corr)\b(?:\s*:?\s*preprint)?.*$", re.IGNORECASE
)
_NO_TITLE = re.compile(
    r"(?:ph\.?\s?d\.?|master'?s?|doctoral|bachelor'?s?|tech(?:nical)?)\.?\s+(?:thesis|report|rep|dissertation).*",
    re.IGNORECASE,
)

_NOTED_TITLE = re.compile(
    r"(?!software available|accessed)[^\W\d]\w*(?:[^\w=]{1,3}[^\W\d]\w*){3,30}\W{0,2}", re.IGNORECASE
)
"""A note that is the title, taken for something else: words, and no numbers."""
_NOTED_VENUE = re.compile(r"[.,\"”]+(?:\s+(?:[Ii]n\s+)?[A-Z]{3,8})?\W*$")


def _reference(work: Element, cited_in: Sequence[str], venues: Collection[str]) -> Reference | None:
    known = identifiers(work)
    raw = kind = noted = ""
    for note in work.iter("note"):
        if note.get("type") == "raw_reference":
            raw = raw or text_of(note)
        elif note.get("type") == "report_type":
            kind = kind or text_of(note)
        elif not note.get("type"):
            noted = noted or text_of(note)
    known.add_text(raw)
    analytic, monogr = work.find("analytic"), work.find("monogr")
    title = _title(analytic, "a") or _title(monogr, "m")
    if noted and (not title or _is_journal(monogr, title)) and _NOTED_TITLE.fullmatch(noted):
        title = _NOTED_VENUE.sub("", noted)
    if not title:  # where a title was taken for the kind of report
        title = _NO_TITLE.sub("", _PREPRINT.sub("", kind)).strip(" .,")
        title = title if title.count(" ") else ""
    title = _without_venue(title, venues)
    year = next((year for date in work.iter("date") if (year := _year(date))), None)
    authors = (
        person_of(author)
        for part in (analytic, monogr)
        if part is not None
        for author in part.findall("author")
    )
    found = Reference(
        title=title[: fields.MAX_TITLE] or None,
        **known.identifiers(),
        year=year,
        authors=tuple(name for name in authors if name),
        raw=raw or None,
        contexts=tuple(cited_in),
    )
    return found if found != Reference(contexts=found.contexts) else None


# --- which year --------------------------------------------------------------------------------------------


def _year(date: Element) -> int | None:
    """Return a year, as it is printed rather than as it was understood."""
    printed = _PRINTED_YEAR.search(text_of(date))
    return int(printed[0]) if printed else date_of(date)[1]


def _low(year: int | None) -> bool:
    """Tell whether a year may be made of "2016. 2, 6": the digit is that of a page which cites the work."""
    return year is not None and 2001 <= year <= 2009


_HELD = (
    re.compile(r"\bECCV\b|\bEuropean Conf(?:erence|\.) on Computer Vision\b"),
    re.compile(r"\bICCV\b|\bInternational Conference on Computer Vision\b"),
)
"""A conference of even years, and one of odd years."""

_FIRST_HELD = ((2013, re.compile(r"\bICLR\b|\bConference on Learning Representations\b")),)


def _misdated(reference: Reference, work: Element) -> bool:
    """Tell whether the year is impossible: if that of one reference is so, others of its list are too.

    It is where it lies long before the arXiv identifier, or where the conference was not held.
    """
    year = reference.year
    if year is None or not _low(year):
        return False
    if reference.arxiv_id and "." in reference.arxiv_id and 2000 + int(reference.arxiv_id[:2]) > year + 1:
        return True
    names = [text_of(name) for path in ("monogr/title", "monogr/meeting") for name in work.iterfind(path)]
    venue = " ".join(names)
    if _HELD[1 - year % 2].search(venue) and not _HELD[year % 2].search(venue):
        return True
    return any(year < first and name.search(venue) for first, name in _FIRST_HELD)


_MOST_PAGES = 30
_ENOUGH = 3
"""Pages that a paper has, and references by which a list is known for one with pages behind them."""


def _paged(work: Element) -> bool:
    """Tell whether a page that cites a work seems to stand for its own: one small number, in no journal."""
    if work.find("monogr/title[@level='j']") is not None:
        return False
    scopes = list(work.iterfind("monogr/imprint/biblScope"))
    pages = [text_of(scope) for scope in scopes if scope.get("unit") == "page" and not scope.get("from")]
    return any(page.isdecimal() and 0 < int(page[:9]) <= _MOST_PAGES for page in pages)


def _placed(work: Element) -> bool:
    """Tell whether the pages of a work itself were read, or the day, so that its year was too."""
    if any(len(date.get("when", "")) > 4 for date in work.iter("date")):
        return True
    scopes = list(work.iterfind("monogr/imprint/biblScope"))
    return any(scope.get("from") and scope.get("unit") == "page" for scope in scopes)


# --- which title -------------------------------------------------------------------------------------------

_VENUE = re.compile(
    r"""(?:[Ii]n:?\s+)?(?:
        (?: (?: [A-Z0-9][\w&'-]*\.? | of | the | on | and | in | for ) \s+ ){0,8}
        (?: Proc\. | Conf\. | Symp\. | Trans\. | Recogn\b
            | (?: Proceedings | Conference | Symposium | Workshops? | Transactions )
                (?= \W*$ | \W*\d | \s+(?:on|of|for)\b | \s*[,:(] )
            | (?: Journal | Bulletin | Annals ) \s of \b ) .*
        | (?: ar[Xx]iv | ArXiv | arxiv | CoRR ) (?= \W*$ | [\s,:]* (?: e-?prints? | preprint | abs | \d ) | : ) .*
        | Advances\sin\sNeural\sInformation\sProcessing .*
        | (?: Available | Online | Accessed | Retrieved ) \W* (?: from | at | on | online )? \W*
    )""",
    re.VERBOSE,
)
_DATED_VENUE = re.compile(r"[A-Z]{3,8}\s*['’]?(?:\d\d|(?:19|20)\d\d)")
_SHORT_VENUE = re.compile(r"(?:In:?\s+)?[A-Z]{3,8}(?:\s*['’]?(?:\d\d|\d{4}))?")


def _without_venue(title: str, venues: Collection[str]) -> str:
    """Return a title without the venue behind its last full stop; nothing where it is a venue as a whole.

    ``venues`` are what other references of the list appeared in, for a title that may be one of them.
    """
    for stop in re.finditer(r"[.?!]\s+", title):
        before, behind = title[: stop.end()].rstrip(" ."), title[stop.end() :].strip(" .,")
        if _is_venue(behind) and " " in before and not _VENUE.fullmatch(before + "."):
            return before
    if _VENUE.fullmatch(title) or _DATED_VENUE.fullmatch(title):
        return ""
    return "" if _is_short(title) and title_key(title) in venues else title


def _is_venue(text: str) -> bool:
    return bool(_VENUE.fullmatch(text) or _SHORT_VENUE.fullmatch(text))


def _is_short(title: str) -> bool:
    """Tell whether a title is shortened as those of venues are: capitals alone, or words cut off by a full stop."""
    return bool(_SHORT_VENUE.fullmatch(title) or re.search(r"\w\.", title))


def _venues(works: Sequence[Element]) -> frozenset[str]:
    """Return what references with a title of their own appeared in, as title keys, also the ends of long ones."""
    found = {""}
    for work in works:
        if _title(work.find("analytic"), "a"):
            for path in ("monogr/title", "monogr/meeting"):
                for name in work.iterfind(path):
                    words = text_of(name).split()
                    found.update(title_key(" ".join(words[start:])) for start in range(min(12, len(words))))
    return frozenset(found)


def _is_journal(monogr: Element | None, title: str) -> bool:
    found = monogr.iterfind("title[@level='j']") if monogr is not None else ()
    return any(text_of(name) == title for name in found)


def _title(part: Element | None, level: str) -> str:
    """Return the title of a level, or else whatever title there is."""
    titles = part.findall("title") if part is not None else []
    titles.sort(key=lambda title: title.get("level") != level)
    return next((text for title in titles if (text := text_of(title))), "")
