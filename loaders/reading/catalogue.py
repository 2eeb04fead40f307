"""What records of the catalogues have in common: identifiers of many kinds, of which not every one is well-formed.

A catalogue identifies a record by its own identifier; one of another kind that has not the form of its kind would
name nothing and is left out, and the record kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, cast

from ...graph import identity
from .fields import MAX_ABSTRACT, MAX_TITLE, FieldError, Identifiers, arxiv_of_doi, fold, text, wrong
from .markup import printed

INTENTS: Mapping[str, str] = {
    "background": "obtainsBackgroundFrom",
    "methodology": "usesMethodIn",
    "result": "discusses",
}
"""Semantic Scholar's words for what a work is cited for, as terms of CiTO; its "result" compares the findings."""


# --- identifiers -------------------------------------------------------------------------------------------

_PMID = re.compile(
    r"(?:(?:https?://)?(?:www\.)?(?:pubmed\.)?ncbi\.nlm\.nih\.gov/(?:pubmed/)?|pmid:\s*)?([1-9]\d{0,8})/?",
    re.I,
)
_PMCID = re.compile(
    r"(?:(?:https?://)?(?:www\.)?(?:pmc\.)?ncbi\.nlm\.nih\.gov/(?:pmc/)?(?:articles/)?|pmcid:\s*)?(?:PMC)?([1-9]\d{0,9})/?",
    re.I,
)


def pmid(value: str) -> str | None:
    """Return the number PubMed gave a paper, or None.

    Examples
    --------
    >>> pmid("https://pubmed.ncbi.nlm.nih.gov/29456894"), pmid("29456894"), pmid("PMC5815332")
    ('29456894', '29456894', None)
    """
    found = _PMID.fullmatch(value.strip())
    return found[1] if found else None


def pmcid(value: str) -> str | None:
    """Return the identifier PubMed Central gave a paper, or None.

    Examples
    --------
    >>> pmcid("https://www.ncbi.nlm.nih.gov/pmc/articles/5815332"), pmcid("5815332"), pmcid("W5815332")
    ('PMC5815332', 'PMC5815332', None)
    """
    found = _PMCID.fullmatch(value.strip())
    return f"PMC{found[1]}" if found else None


def mag(value: str) -> str | None:
    """Return the OpenAlex identifier of a work of Microsoft Academic Graph, whose numbers OpenAlex kept.

    Examples
    --------
    >>> mag("2963403868"), mag("x")
    ('W2963403868', None)
    """
    return identity.openalex_id(f"W{value.strip()}")


def acl(value: str) -> str | None:
    """Return an identifier of the ACL Anthology in its normal form, or None.

    Examples
    --------
    >>> acl("n19-1423"), acl("2020.ACL-main.447"), acl("an essay")
    ('N19-1423', '2020.acl-main.447', None)
    """
    value = value.strip()
    if not re.fullmatch(r"[A-Za-z]\d\d-\d{4}|\d{4}\.[\w-]+\.\d+", value):
        return None
    return value.upper() if value[0].isalpha() else value.lower()


def dblp(value: str) -> str | None:
    """Return a key of DBLP, or None.

    Examples
    --------
    >>> dblp("conf/nips/VaswaniSPUJGKP17"), dblp("Vaswani et al.")
    ('conf/nips/VaswaniSPUJGKP17', None)
    """
    value = value.strip()
    return value if re.fullmatch(r"[a-z]+/[\w-]+/[\w./+:-]{1,150}", value) else None


orcid_of = lru_cache(maxsize=1 << 14)(identity.orcid)
"""An author has many papers."""

_KINDS: Mapping[str, tuple[str, Callable[[str], str | None]]] = {
    "arxiv": ("arxiv", identity.arxiv_id),
    "doi": ("doi", identity.doi),
    "openalex": ("openalex", identity.openalex_id),
    "s2": ("s2", identity.s2_id),
    "mag": ("openalex", mag),
    "pmid": ("pmid", pmid),
    "pmcid": ("pmcid", pmcid),
    "acl": ("acl", acl),
    "dblp": ("dblp", dblp),
}
_FIELDS = {"arxiv": "arxiv_id", "doi": "doi", "openalex": "openalex_id", "s2": "s2_id"}


class Names:
    """The identifiers of one work, gathered one by one: the first of a kind is its own, the others further ones.

    Examples
    --------
    >>> names = Names(doi="https://doi.org/10.48550/arXiv.1706.03762", pmid=29456894)
    >>> names.add("doi", "10.1145/3292500.3330701")
    >>> names.own, names.also
    ({'arxiv_id': '1706.03762', 'doi': '10.1145/3292500.3330701'}, ('pmid:29456894',))
    """

    __slots__ = ("_further", "_own")

    def __init__(self, **given: Any) -> None:
        self._own: dict[str, str] = {}
        self._further: dict[str, None] = {}
        for kind, value in given.items():
            if value:
                self.add(kind, value)

    @property
    def own(self) -> Identifiers:
        """Those that have a field of their own."""
        return cast("Identifiers", self._own)

    @property
    def also(self) -> tuple[str, ...]:
        """The further ones, as keys."""
        return tuple(self._further)

    def __bool__(self) -> bool:
        return bool(self._own or self._further)

    def add(self, kind: str, value: Any, *, further: bool = False) -> None:
        """Add an identifier of a kind if it is one; ``further`` keeps it from being the work's own."""
        if not value:
            return
        if type(value) is int:
            value = str(value)
        elif not isinstance(value, str):
            return
        kind, normal = _KINDS[kind]
        known = normal(value)
        if known is None:
            return
        if kind == "doi" and (arxiv_id := arxiv_of_doi(known)):
            kind, known = "arxiv", arxiv_id
        field = _FIELDS.get(kind)
        if field and not further and field not in self._own:
            self._own[field] = known
        elif field is None or self._own.get(field) != known:
            self._further[f"{kind}:{known}"] = None


_ARXIV_IN_TEXT = re.compile(
    r"""[aA](?<!\w[aA])[rR][xX][iI][vV](?i:\.org/(?:abs|pdf)/|\s*:\s*|\s+preprint\s+(?:arxiv:?\s*)?)\s*
        (?i:([a-z-]+(?:\.[a-z]{2})?/\d{7}|\d{4}\.\d{4,5}))""",
    re.VERBOSE,
)
_DOI_IN_TEXT = re.compile(r"10\.(?<!\w10\.)\d{4,9}/[^\s\"<>]+")
"""These begin with what :mod:`re` can look for fast: a letter of either case, a fixed beginning."""


def named_in(printed: str) -> Names:
    """Return the identifiers that a printed reference names; none of a kind of which it names several.

    Examples
    --------
    >>> named_in("Ba, J. Layer normalization. arXiv preprint arXiv:1607.06450 (2016).").own
    {'arxiv_id': '1607.06450'}
    """
    names = Names()
    for kind, pattern in (("arxiv", _ARXIV_IN_TEXT), ("doi", _DOI_IN_TEXT)):
        if kind == "doi" and "10." not in printed:
            continue
        if kind == "arxiv" and printed.isascii() and "arxiv" not in printed.lower():
            continue
        found = {match[match.lastindex or 0].lower() for match in pattern.finditer(printed)}
        if len(found) == 1:
            names.add(kind, found.pop())
    return names


# --- fields ------------------------------------------------------------------------------------------------


def mapping(value: Any, field: str) -> dict[str, Any]:
    """Return an object; an empty one for null.

    Raises
    ------
    FieldError
        It is something else.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise wrong(field, value, "an object")
    return value


def sequence(value: Any, field: str) -> list[Any]:
    """Return a list; an empty one for null.

    Raises
    ------
    FieldError
        It is something else.
    """
    if value is None:
        return []
    if not isinstance(value, list):
        raise wrong(field, value, "a list")
    return value


def objects(value: Any, field: str) -> list[dict[str, Any]]:
    """Return a list of objects without nulls.

    Raises
    ------
    FieldError
        It is something else, or something else is in it.
    """
    found = [item for item in sequence(value, field) if item is not None]
    for number, item in enumerate(found, 1):
        if not isinstance(item, dict):
            raise wrong(f"{field}[{number}]", item, "an object")
    return found


def names_of(value: Any, field: str, *keys: str) -> tuple[str, ...]:
    """Return what the objects of a list are called, by the first of some fields, each once."""
    if not value and (value is None or isinstance(value, list)):
        return ()
    found = (
        next((n for k in keys if (n := text(item.get(k), f"{field}.{k}"))), None)
        for item in objects(value, field)
    )
    return tuple(dict.fromkeys(printed(name) for name in found if name))


def check_title(title: str, names: Names) -> None:
    """Refuse a title of a length that is none, and a work that has neither title nor identifier.

    Raises
    ------
    FieldError
        It is so.
    """
    if not title and not names:
        raise FieldError("the record has neither a title nor an identifier")
    if len(title) > MAX_TITLE:
        raise FieldError(f"the title has {len(title):,} characters, more than {MAX_TITLE:,}")


def check_abstract(abstract: str) -> str:
    """Return an abstract of a length that is one.

    Raises
    ------
    FieldError
        It is longer.
    """
    if len(abstract) > MAX_ABSTRACT:
        raise FieldError(f"the abstract has {len(abstract):,} characters, more than {MAX_ABSTRACT:,}")
    return abstract


_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?!\d)").match
_ADDRESS = re.compile(r"https?://[^\s/]", re.IGNORECASE).match
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")


def year_in(value: Any) -> int | None:
    """Return the year that a text or number is or holds, as in ``"2012a"``; None for anything else.

    Examples
    --------
    >>> year_in("2012a"), year_in(1998), year_in("0"), year_in(None)
    (2012, 1998, None, None)
    """
    if type(value) is int:
        value = str(value)
    found = _YEAR.search(value) if isinstance(value, str) and len(value) < 1000 else None
    return int(found[1]) if found else None


def day_of(value: Any) -> str | None:
    """Return the day that a text begins with, or None."""
    if isinstance(value, str) and (found := _DAY(value)):
        try:
            return date(*map(int, found.groups())).isoformat()
        except ValueError:
            pass
    return None


def address(value: Any) -> str | None:
    """Return a web address, or None: a catalogue lists what it found, and some of it is none."""
    if isinstance(value, str):
        found = fold(value)
        if _ADDRESS(found) and " " not in found and len(found) < 2000:
            return found
    return None
