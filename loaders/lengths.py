"""Names so long that they are none: a record with one is refused, a reference is left without it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..graph.identity import person_key, slug, title_key
from ..graph.lengths import MAX_BYTES, bytes_of
from ..graph.records import Paper, Reference

_SURELY = MAX_BYTES // 35
"""Characters that make no id too long, whatever their normal form is: one may stand for a sentence."""

_LONGEST_KEY = MAX_BYTES // 4
"""Characters of an identifier, which take four bytes each at most."""

MAX_NAME = MAX_BYTES - 100
"""Bytes of a name or of its normal form, which leave room for what an id needs beside it."""


def overlong(paper: Paper) -> str | None:
    """Say which name of a record is too long for a node of the graph; None where all are names."""
    for what, text in _named(paper):
        if len(text) > _SURELY and (size := _needed(text)) > MAX_NAME:
            return f"{what} takes {size:,} bytes, more than {MAX_NAME:,}"
    return None


def fitting(paper: Paper) -> Paper:
    """Return a record whose references have no overlong titles and identifiers."""
    if not any(map(_is_overlong, paper.references)):
        return paper
    return replace(paper, references=tuple(map(_shortened, paper.references)))


def _named(paper: Paper) -> Iterator[tuple[str, str]]:
    yield "the title", paper.title
    yield "the DOI", paper.doi or ""
    yield "the venue", paper.venue or ""
    for number, author in enumerate(paper.authors, 1):
        yield f"the name of author {number}", author.name
    for what, texts in (
        ("task", paper.tasks),
        ("repository", paper.repositories),
        ("organization", paper.organizations),
        ("identifier", paper.also),
    ):
        for number, text in enumerate(texts, 1):
            yield f"{what} {number}", text


def _needed(text: str) -> int:
    """Return the bytes of a name or of its longest normal form, of which an id is made."""
    return max(map(bytes_of, (text, slug(text), slug(person_key(text)), title_key(text))))


def _is_overlong(reference: Reference) -> bool:
    title, doi = reference.title, reference.doi
    return (
        (title is not None and len(title) > _SURELY and _needed(title) > MAX_NAME)
        or (doi is not None and len(doi) > _LONGEST_KEY)
        or any(len(key) > _LONGEST_KEY for key in reference.also)
    )


def _shortened(reference: Reference) -> Reference:
    if not _is_overlong(reference):
        return reference
    title, doi = reference.title, reference.doi
    long_title = title is not None and _needed(title) > MAX_NAME
    return replace(
        reference,
        title=None if long_title else title,
        raw=reference.raw or (title if long_title else None),
        doi=None if doi is not None and len(doi) > _LONGEST_KEY else doi,
        also=tuple(key for key in reference.also if len(key) <= _LONGEST_KEY),
    )
