"""What a reference tells that a source gives only as it is printed: its identifiers, and its title if that is quoted.

Nothing is guessed: identifiers are taken where they are marked as such, a title where exactly one stretch of the text
stands in quotation marks. A reference of which nothing can be told stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import replace

from .identity import arxiv_id, doi, title_key
from .partition import keys_of
from .records import Reference

_ARXIV = re.compile(
    r"(?:arxiv(?:\.org/(?:abs|pdf|html)/|\s*(?:preprint)?\s*(?:arxiv)?\s*[:.,]?\s*(?:abs/)?\s*)|abs/)"
    r"((?:\d{4}\.\d{4,5}|[a-z-]{2,9}(?:\.[a-z]{2})?/\d{7})(?:v\d+)?)(?![\d.]*\d)",
    re.IGNORECASE,
)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"<>“”]+", re.IGNORECASE)
_ACL = re.compile(
    r"(?:aclanthology\.org|aclweb\.org/anthology)/([A-Z]\d\d-\d{4}|\d{4}\.[\w-]+\.\d+)(?![\w-])"
)
_QUOTED = re.compile(r"“([^“”]{8,300})”|``(.{8,300}?)''|\"([^\"]{8,300})\"")
_YEAR = re.compile(r"(?<![\d./:-])((?:19|20)\d\d)(?![\d/:-]|\.\d)[a-z]?")
_SHORTEST_TITLE = 12


def with_raw_read(reference: Reference) -> Reference:
    """Return a reference with what its printed form tells, if nothing else does.

    Examples
    --------
    >>> raw = 'A. Vaswani et al., "Attention is all you need," in NeurIPS, 2017. arXiv:1706.03762v5'
    >>> found = with_raw_read(Reference(raw=raw))
    >>> found.title, found.arxiv_id, found.year
    ('Attention is all you need', '1706.03762', 2017)
    """
    if reference.title or not reference.raw or keys_of(reference):
        return reference
    raw = reference.raw
    arxiv = {known for found in _ARXIV.finditer(raw) if (known := arxiv_id(found[1].lower()))}
    dois = {known for found in _DOI.finditer(raw) if (known := doi(found[0]))}
    arxiv |= {known for found in dois if (known := arxiv_id(found))}
    dois = {found for found in dois if not arxiv_id(found)}
    acl = {found[1] for found in _ACL.finditer(raw)}
    if len(arxiv) > 1 or len(dois) > 1 or len(acl) > 1:
        return reference  # several works in one entry: which is meant nobody can tell
    return replace(
        reference,
        title=_title(raw),
        arxiv_id=next(iter(arxiv), None),
        doi=next(iter(dois), None),
        also=tuple(f"acl:{found}" for found in acl),
        year=reference.year or _year(raw),
    )


def _title(raw: str) -> str | None:
    quoted = [next(filter(None, found.groups())).strip() for found in _QUOTED.finditer(raw)]
    titles = [
        title.rstrip(".,; ") for title in quoted if len(title_key(title)) >= _SHORTEST_TITLE and " " in title
    ]
    return titles[0] if len(titles) == 1 else None


def _year(raw: str) -> int | None:
    """Return the year that a printed reference names, where it names one only."""
    years = {int(found) for found in _YEAR.findall(_DOI.sub(" ", raw))}
    return years.pop() if len(years) == 1 else None
