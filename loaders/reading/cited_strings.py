"""Reference strings as they are printed: what identifies the work in them, and the string itself."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...graph.records import Reference
from .addresses import Found, addresses_in
from .fields import fold

_YEAR = re.compile(r"(?<![\d/.-])(?:1[89]|20)\d\d(?![\d/-]|\.\d)")
_SCOPUS = re.compile(
    r"^(?P<authors>(?:[^,()]{2,40}, (?:[A-Z]\.[ -]?){1,6}(?:, |$)){1,200}+) ?"
    r"(?P<title>[^()]{8,400}?) \((?P<year>(?:1[89]|20)\d\d)\)"
)
"""Scopus: authors with initials, title, year in brackets, journal."""


def cited(strings: Iterable[str]) -> tuple[Reference, ...]:
    """Return a reference for every string that is more than signs."""
    return tuple(reference for string in strings if (reference := reference_of(string)))


def reference_of(string: str) -> Reference | None:
    """Return what a printed reference names, with the string as its ``raw``.

    Examples
    --------
    >>> found = reference_of("LeCun, Y., Bengio, Y., Hinton, G., Deep learning (2015) Nature, 521, pp. 436-444")
    >>> found.title, found.year, found.authors
    ('Deep learning', 2015, ('Y. LeCun', 'Y. Bengio', 'G. Hinton'))
    """
    raw = fold(string)
    if sum(map(str.isalnum, raw[:100])) < 4:
        return None
    found = Found()
    for address in addresses_in(raw):
        found.add_address(address)
    found.add_text(raw)
    title: str | None = None
    authors: tuple[str, ...] = ()
    years = _YEAR.findall(raw[:5000])
    if scopus := _SCOPUS.match(raw):
        title = scopus["title"].strip(" ,.")
        parts = scopus["authors"].rstrip(", ").split(", ")
        authors = tuple(f"{given} {last}" for last, given in zip(parts[::2], parts[1::2], strict=False))
        years = [scopus["year"]]
    return Reference(
        title=title or None,
        **found.identifiers(),
        year=int(years[-1]) if years else None,
        authors=authors,
        raw=raw[:5000],
    )
