"""Whether what a service answers is about the paper it was asked for.

A service that was asked by an identifier answers for that; its word is doubted only where title and authors both
speak against it. What a search for a title finds has to have nearly that title, and an author or a year that bears it
out.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...graph.identity import title_key
from ...graph.likeness import SHORTEST, is_piece, likeness
from ...graph.partition import YEARS_APART, keys_of, surnames_of
from ...graph.records import Paper, Reference
from ..refusal import quoted
from .wanted import Wanted

THRESHOLD = 95.0
"""The likeness from which a title found may be that sought, as measured by ``benchmarks/matching.py``.

Where authors and year are known, 99.8 of 100 that are believed are right, and 97 of 100 that are right are believed.
"""

_TELLING = 24
"""Letters of a title that by itself means one work, where neither author nor year is known."""


def believed(
    wanted: Wanted, record: Paper, *, vouched: bool = False, threshold: float = THRESHOLD
) -> str | None:
    """Return why a record is not taken for the paper that was asked for; None where it is.

    Parameters
    ----------
    vouched
        Whether the service found it by an identifier of the paper, and not by its title.
    threshold
        The least likeness of titles.
    """
    if vouched or identifiers_of(wanted) & set(keys_of(record)):
        return _mistaken(wanted, record)
    for kind in ("arxiv", "doi"):
        mine, theirs = _of_kind(identifiers_of(wanted), kind), _of_kind(keys_of(record), kind)
        if mine and theirs and not mine & theirs:
            return f"what was found is another work, {quoted(min(theirs))}"
    return _unlike(wanted, record, threshold)


def best(wanted: Wanted, records: Iterable[Paper]) -> tuple[Paper | None, str]:
    """Return the record of a search that is most like the paper sought, or why none is it."""
    reasons: list[str] = []
    found: list[tuple[float, int, Paper]] = []
    for place, record in enumerate(records):
        reason = believed(wanted, record)
        if reason is None:
            found.append((-_score(wanted, record), place, record))
        else:
            reasons.append(reason)
    if found:
        return min(found, key=lambda one: one[:2])[2], ""
    return None, reasons[0] if reasons else ""


def identifiers_of(wanted: Wanted) -> set[str]:
    """Return the identity keys of a paper that are not its title."""
    reference = Reference(
        arxiv_id=wanted.arxiv_id,
        doi=wanted.doi,
        openalex_id=wanted.openalex_id,
        s2_id=wanted.s2_id,
        also=wanted.also,
    )
    own = () if wanted.id.startswith("title:") else (wanted.id,)
    return {key for key in (*keys_of(reference), *own) if not key.startswith("title:")}


def _of_kind(keys: Iterable[str], kind: str) -> set[str]:
    return {key for key in keys if key.startswith(f"{kind}:")}


def _mistaken(wanted: Wanted, record: Paper) -> str | None:
    """Return why an identifier must be that of another work, where title and authors both say so."""
    surnames = surnames_of(record)
    if not (wanted.title and record.title and wanted.surnames and surnames) or wanted.surnames & surnames:
        return None
    if _score(wanted, record):
        return None
    return f"its identifier names another work there, {quoted(record.title)} by others"


def _unlike(wanted: Wanted, record: Paper, threshold: float) -> str | None:
    one, other = title_key(wanted.title), title_key(record.title)
    if not one or not other:
        return "what was found has no title to tell it by"
    found = likeness(one, other, threshold)
    if found is None or (found.score < threshold and not found.partial):
        return f"what was found is another work, {quoted(record.title)}"
    surnames = surnames_of(record)
    shared = bool(wanted.surnames & surnames)
    if wanted.surnames and surnames and not shared:
        return f"what was found is by others, {quoted(', '.join(sorted(surnames)))}"
    year = record.year
    apart = abs(wanted.year - year) if wanted.year is not None and year is not None else None
    if apart is not None and apart > YEARS_APART:
        return f"what was found is of {year}, not of {wanted.year}"
    near = apart is not None and apart <= 1
    if found.partial:
        short, long = sorted((one, other), key=len)
        whole = wanted.title if long == one else record.title
        if not (shared and apart in (None, 0, 1) and is_piece(whole, short)):
            return f"what was found has but a part of the title, or more, {quoted(record.title)}"
        return None
    telling = len(one) >= (_TELLING if one != other or not near else SHORTEST)
    if shared or (telling and (near or one == other)):
        return None
    return (
        f"too little bears out that {quoted(record.title)} is meant: no author, or no year, is known to agree"
    )


def _score(wanted: Wanted, record: Paper) -> float:
    found = likeness(title_key(wanted.title), title_key(record.title))
    return found.score if found else 0.0
