"""Values of a JSON record, checked and brought to the form a Paper holds; a wrong one names its field."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, TypedDict, cast

from ...graph import identity
from ...graph.records import Author, Reference
from ..refusal import quoted

_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_KINDS = {
    str: "text",
    int: "a number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}


MAX_TITLE = 5_000
MAX_ABSTRACT = 1_000_000
"""Characters beyond which a text is something else, and would only make all that follows slow."""


_WHOLE = re.compile(r"\s*\d{1,15}\s*").fullmatch
_DAY = re.compile(r"(\d{4})(?:-(\d\d?))?(?:-(\d\d?))?(?:[T ].*)?").fullmatch
_ADDRESS = re.compile(r"https?://[^\s/]", re.IGNORECASE).match
_WITHOUT_SCHEME = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/[^\s]+$", re.IGNORECASE).match


class FieldError(ValueError):
    """A field of a record does not hold what it should; the message names it."""


def fold(text: str) -> str:
    r"""Fold every run of white space and control characters to one blank, as all loaders store text.

    Examples
    --------
    >>> fold("Visual Encoder\n  for \x00 Large Models ")
    'Visual Encoder for Large Models'
    """
    printable = text.isprintable()  # so no white space but blanks; as nearly all is, and this is told soon
    if printable and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text
    folded = " ".join(text.split())
    if printable or folded.isprintable():
        return folded
    return " ".join(_CONTROL.sub(" ", folded).split())


def text(value: Any, field: str) -> str | None:
    """Return folded text; None for null and empty."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise wrong(field, value, "text")
    return fold(value) or None


def title_and_abstract(title: Any, *abstracts: tuple[str, Any]) -> tuple[str, str]:
    """Return a title, which must be there, and the first abstract that is; both of a length that is still text."""
    found = text(title, "title")
    if found is None or not any(char.isprintable() and char != " " for char in found):
        raise FieldError("the title is missing")
    abstract = next((read for field, value in abstracts if (read := text(value, field))), "")
    for field, read, most in (("title", found, MAX_TITLE), ("abstract", abstract, MAX_ABSTRACT)):
        if len(read) > most:
            raise FieldError(f"the {field} has {len(read):,} characters, more than {most:,}")
    return found, abstract


def integer(value: Any, field: str, low: int, high: int) -> int | None:
    """Return a whole number, also where it is written as text; None for null and empty text."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and _WHOLE(value):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong(field, value, "a whole number")
    if not low <= value <= high:
        raise FieldError(f"{field} is {value}, not between {low} and {high}")
    return value


def year(value: Any, field: str) -> int | None:
    """Return a year that a paper can be of."""
    return integer(value, field, 1500, 2200)


def day(value: Any, field: str) -> tuple[str | None, int | None]:
    """Return a date as ISO day and year; the day is None where the text names a month or a year only."""
    found = text(value, field)
    if found is None:
        return None, None
    parts = _DAY(found)
    try:
        if parts:
            known = date(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1))
            return known.isoformat() if parts[3] else None, year(known.year, field)
    except ValueError:
        pass
    raise FieldError(f"{field} is {quoted(found)}, not a date such as 2017-06-12")


def texts(value: Any, field: str) -> tuple[str, ...]:
    """Return a list of texts without empty ones and repetitions; one text alone is a list of one."""
    if value is None:
        return ()
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        raise wrong(field, value, "a list of texts")
    found = (text(item, f"{field}[{number}]") for number, item in enumerate(value, 1))
    return tuple(dict.fromkeys(item for item in found if item))


def authors(value: Any, field: str = "authors") -> tuple[Author, ...]:
    """Return authors, given as names or as objects with ``name`` and perhaps ``orcid``."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise wrong(field, value, "a list of names")
    found = []
    for number, item in enumerate(value, 1):
        if isinstance(item, str):
            if name := fold(item):
                found.append(Author(name))
            continue
        place = f"{field}[{number}]"
        if not isinstance(item, dict):
            raise wrong(place, item, "a name or an object")
        given, orcid = text(item.get("name"), f"{place}.name"), text(item.get("orcid"), f"{place}.orcid")
        if given:
            found.append(Author(given, identity.orcid(orcid) if orcid else None))
    return tuple(found)


def url(value: Any, field: str) -> str | None:
    """Return a web address; ``javascript:`` and the like are refused, since the address will be a link."""
    found = text(value, field)
    if found is None:
        return None
    if _ADDRESS(found) and " " not in found:
        return found
    if _WITHOUT_SCHEME(found):
        return f"https://{found}"
    raise FieldError(f"{field} is {quoted(found)}, not an address that begins with https://")


def urls(value: Any, field: str) -> tuple[str, ...]:
    """Return a list of web addresses."""
    return tuple(found for item in texts(value, field) if (found := url(item, field)))


# --- identifiers -------------------------------------------------------------------------------------------

_NORMAL_FORMS: dict[str, tuple[Callable[[str], str | None], str]] = {
    "arxiv_id": (identity.arxiv_id, "an arXiv identifier such as 1706.03762"),
    "doi": (identity.doi, "a DOI such as 10.1145/3292500.3330701"),
    "openalex_id": (identity.openalex_id, "an OpenAlex work such as W2741809807"),
    "s2_id": (identity.s2_id, "a Semantic Scholar identifier of 40 digits"),
}


class Identifiers(TypedDict, total=False):
    """Identifiers in normal form, as the fields of a Paper or Reference."""

    arxiv_id: str
    doi: str
    openalex_id: str
    s2_id: str


def identifiers(record: dict[str, Any], prefix: str = "") -> Identifiers:
    """Return the identifiers of a record in normal form.

    Those in their own fields must be right; ``id`` and ``url`` are taken for whatever identifier they are, if any.
    """
    found: dict[str, str] = {}
    for field, (normal, kind) in _NORMAL_FORMS.items():
        value = record.get(field)
        given = str(value) if type(value) is int and field == "s2_id" else text(value, prefix + field)
        if given is None:
            continue
        known = normal(given)
        if known is None:
            raise FieldError(f"{prefix}{field} is {quoted(given)}, not {kind}")
        found[field] = known
    for field in ("id", "url"):
        if isinstance(record.get(field), str):
            found = cast("dict[str, str]", identified(record[field])) | found
    if arxiv_id := arxiv_of_doi(found.get("doi", "")):
        del found["doi"]
        found.setdefault("arxiv_id", arxiv_id)
    return cast("Identifiers", found)


def arxiv_of_doi(doi: str) -> str | None:
    """Return the arXiv identifier that a DOI in normal form is, for arXiv gives one to every paper.

    Examples
    --------
    >>> arxiv_of_doi("10.48550/arxiv.1706.03762"), arxiv_of_doi("10.1145/3292500.3330701")
    ('1706.03762', None)
    """
    return identity.arxiv_id(doi) if doi.startswith("10.48550/arxiv.") else None


_DIGIT = re.compile(r"\d").search
"""What has none is no identifier (of 40 random hexadecimal digits, one is below ten); most titles have none."""


def identified(text: str) -> Identifiers:
    """Return what a text identifies, if it is an identifier and nothing else; bare digits are none.

    Examples
    --------
    >>> identified("arXiv:1706.03762v7"), identified("Attention Is All You Need")
    ({'arxiv_id': '1706.03762'}, {})
    """
    if _DIGIT(text) and not text.isdigit():
        for field, (normal, _) in _NORMAL_FORMS.items():
            if known := normal(text):
                return cast("Identifiers", {field: known})
    return {}


# --- references --------------------------------------------------------------------------------------------


def references(value: Any, field: str = "references") -> tuple[Reference, ...]:
    """Return references, given as identifiers, as titles, or as objects with the fields of a Reference."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise wrong(field, value, "a list")
    found = (_reference(item, f"{field}[{number}]") for number, item in enumerate(value, 1))
    return tuple(reference for reference in found if reference)


def _reference(value: Any, place: str) -> Reference | None:
    if value is None:
        return None
    if isinstance(value, str):
        known = identified(value)
        if known:
            return Reference(**known)
        written = fold(value)
        return Reference(title=written) if written else None
    if not isinstance(value, dict):
        raise wrong(place, value, "text or an object")
    known = identifiers(value, f"{place}.")
    title, raw = text(value.get("title"), f"{place}.title"), text(value.get("raw"), f"{place}.raw")
    if not known and not title and not raw:
        return None
    return Reference(
        title=title,
        **known,
        year=year(value.get("year"), f"{place}.year"),
        authors=tuple(author.name for author in authors(value.get("authors"), f"{place}.authors")),
        raw=raw,
        contexts=texts(value.get("contexts"), f"{place}.contexts"),
        intents=texts(value.get("intents"), f"{place}.intents"),
    )


def wrong(field: str, value: Any, wanted: str) -> FieldError:
    """Return the error that says what a field is and what it should be."""
    return FieldError(f"{field} is {_KINDS.get(type(value), 'something else')}, not {wanted}")
