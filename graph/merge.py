"""Several records of one paper become one: which source's word counts for which property.

The precedence is a function of the records alone. Text (title, abstract) is taken whole from one record, since
evidence counts its characters; so is the body, from the record with the longest; lists are united; single values
come from the record that knows most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from .codec import dump_paper
from .identity import title_key
from .partition import keys_of
from .raw_references import with_raw_read
from .records import Paper, Reference

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Claim:
    """One record of one source."""

    source: str
    paper: Paper


@dataclass(frozen=True, slots=True)
class Merged:
    """A paper made of its claims, and which source each of its texts, references and statements was taken from."""

    paper: Paper
    title_source: str
    abstract_source: str
    body_source: str
    sources: tuple[str, ...]
    reference_sources: dict[int, tuple[str, ...]]
    statement_sources: tuple[str, ...]


def merge(claims: Sequence[Claim]) -> Merged:
    """Make one paper of its records.

    The record with the longest abstract gives title and abstract; for every other single value the order is:
    records with an arXiv id, then with a DOI, then by source and content. Identifiers that have no place of their own
    because another record's has taken it are kept among the further ones.
    """
    ordered = sorted(claims, key=_precedence) if len(claims) > 1 else list(claims)
    text = min(ordered, key=lambda c: (-len(c.paper.abstract), -bool(c.paper.title), _precedence(c)))
    papers = [claim.paper for claim in ordered]
    title = text.paper.title or _first(papers, lambda p: p.title or None) or ""
    body = max(ordered, key=lambda c: sum(len(section.text) for section in c.paper.sections))
    references, reference_sources = _unite_references(ordered)
    statements = {s: c.source for c in reversed(ordered) for s in reversed(c.paper.statements)}
    paper = Paper(
        title=title,
        abstract=text.paper.abstract,
        arxiv_id=_first(papers, lambda p: p.arxiv_id),
        doi=_first(papers, lambda p: p.doi),
        openalex_id=_first(papers, lambda p: p.openalex_id),
        s2_id=_first(papers, lambda p: p.s2_id),
        authors=max((p.authors for p in papers), key=len),
        year=_first(papers, lambda p: p.year),
        date=_first(papers, lambda p: p.date),
        venue=_first(papers, lambda p: p.venue),
        url=_first(papers, lambda p: p.url),
        upvotes=max((p.upvotes for p in papers if p.upvotes is not None), default=None),
        repositories=_unite(p.repositories for p in papers),
        organizations=_unite(p.organizations for p in papers),
        keywords=_unite(p.keywords for p in papers),
        references=references,
        tasks=_unite(p.tasks for p in papers),
        retracted=any(p.retracted for p in papers) or None,
        sections=body.paper.sections,
        statements=tuple(reversed(statements)),
    )
    primary = keys_of(paper)
    paper = replace(paper, also=tuple(sorted({
        key for p in papers for key in keys_of(p) if key not in primary and not key.startswith("title:")
    })))  # fmt: skip
    if paper.year is None and paper.date:
        paper = replace(paper, year=int(paper.date[:4]))
    sources = tuple(sorted({claim.source for claim in claims}))
    title_source = min(c.source for c in ordered if c.paper.title == paper.title)
    abstract_source = min(c.source for c in ordered if c.paper.abstract == paper.abstract)
    return Merged(
        paper,
        title_source,
        abstract_source,
        body.source,
        sources,
        reference_sources,
        tuple(reversed(statements.values())),
    )


def _precedence(claim: Claim) -> tuple[Any, ...]:
    paper = claim.paper
    return (not paper.arxiv_id, not paper.doi, claim.source, dump_paper(paper))


def _first(papers: Iterable[Paper], value: Callable[[Paper], T | None]) -> T | None:
    return next((found for paper in papers if (found := value(paper)) is not None), None)


def _unite(lists: Iterable[Sequence[T]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(item for items in lists for item in items))


def _unite_references(claims: Sequence[Claim]) -> tuple[tuple[Reference, ...], dict[int, tuple[str, ...]]]:
    """Unite reference lists; equal references of two sources are one, with what both say, and remember both."""
    found: dict[tuple[Any, ...], int] = {}
    references: list[Reference] = []
    sources: dict[int, set[str]] = {}
    for claim in claims:
        for given in claim.paper.references:
            reference = with_raw_read(given)
            ids = (reference.arxiv_id, reference.doi, reference.openalex_id, reference.s2_id)
            same = (*ids, title_key(reference.title or ""), reference.raw if not any(ids) else None)
            index = found.setdefault(same, len(references))
            if index == len(references):
                references.append(reference)
            elif references[index] != reference:
                references[index] = _both(references[index], reference)
            sources.setdefault(index, set()).add(claim.source)
    return tuple(references), {index: tuple(sorted(names)) for index, names in sources.items()}


def _both(one: Reference, other: Reference) -> Reference:
    """Return what two references to one work say together; where they differ the first counts."""
    return replace(
        one,
        title=one.title or other.title,
        year=one.year or other.year,
        authors=one.authors or other.authors,
        raw=one.raw or other.raw,
        contexts=_unite((one.contexts, other.contexts)),
        intents=_unite((one.intents, other.intents)),
        also=_unite((one.also, other.also)),
        influential=one.influential or other.influential,
    )
