"""Several records of one paper become one: which source's word counts for which property.

The precedence is a function of the records alone, and of the order in which services are preferred. What users'
files say comes before what services answered, field by field. Text is taken whole from one record, since evidence
counts its characters; so is the body, from the record with the longest; lists are united; single values come from the
record that knows most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import orjson

from .codec import dump_paper
from .identity import arxiv_year, title_key
from .partition import keys_of
from .raw_references import with_raw_read
from .records import Paper, Reference
from .sqlite import GraphFile

T = TypeVar("T")

_DRAFT = "preprint"
"""What a work is only as long as no source knows it published."""

SERVICE = "api:"
"""How the sources begin that are answers of services."""

PREFERRED = (
    "arxiv", "openalex", "crossref", "semantic-scholar", "dblp", "datacite", "huggingface", "opencitations",
)  # fmt: skip
"""Whose answer counts first where no file says otherwise: who publishes a paper or catalogues it with care first."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One record of one source."""

    source: str
    paper: Paper


@dataclass(frozen=True, slots=True)
class Merged:
    """A paper made of its claims, and which source each of its texts, references and statements was taken from.

    ``reference_keys`` are the identity keys of its references, one by one.
    """

    paper: Paper
    title_source: str
    abstract_source: str
    body_source: str
    sources: tuple[str, ...]
    reference_sources: dict[int, tuple[str, ...]]
    reference_keys: tuple[tuple[str, ...], ...]
    statement_sources: tuple[str, ...]


def ordered(claims: Sequence[Claim], preferred: Sequence[str] = ()) -> list[Claim]:
    """Return claims in the order in which their single values count.

    Files come first, then services: those of ``preferred``, then the others in the order of `PREFERRED`. Of a rank,
    records with an arXiv id come first, then those with a DOI, then by source and content.
    """
    ranks = {f"{SERVICE}{name}": rank for rank, name in enumerate(dict.fromkeys((*preferred, *PREFERRED)), 1)}
    return sorted(claims, key=lambda claim: (_rank(claim, ranks), *_precedence(claim)))


def preferred(file: GraphFile) -> tuple[str, ...]:
    """Return the services whose answers a graph is to take first, as it was told."""
    kept = file.setting("preferred")
    return tuple(orjson.loads(kept)) if kept else ()


def _rank(claim: Claim, ranks: Mapping[str, int]) -> int:
    service = claim.source.partition("/")[0]  # works that cite come as a source of their own, api:…/citing
    return ranks.get(service, len(ranks) + 1) if service.startswith(SERVICE) else 0


def merge(claims: Sequence[Claim], preferred: Sequence[str] = ()) -> Merged:
    """Make one paper of its records.

    The record with the longest abstract gives title and abstract, a file's before a service's; every other single
    value comes from the first in the order of :func:`ordered` that has it. Identifiers that have no place of their
    own because another record's has taken it are kept among the further ones.
    """
    claims = ordered(claims, preferred) if len(claims) > 1 else list(claims)
    texts = _best_texts(claims)
    text = texts[0]
    if len(texts) > 1:
        text = min(texts, key=lambda c: (-len(c.paper.abstract), -bool(c.paper.title), _precedence(c)))
    papers = [claim.paper for claim in claims]
    title = text.paper.title
    if not title or (text.source.startswith(SERVICE) and not claims[0].source.startswith(SERVICE)):
        title = _first(papers, lambda p: p.title or None) or ""
    body = max(claims, key=lambda c: sum(len(section.text) for section in c.paper.sections))
    references, reference_keys, reference_sources = _unite_references(claims)
    statements = {s: c.source for c in reversed(claims) for s in reversed(c.paper.statements)}
    year = _first(papers, lambda p: p.year)
    paper = Paper(
        title=title,
        abstract=text.paper.abstract,
        arxiv_id=_first(papers, lambda p: p.arxiv_id),
        doi=_first(papers, lambda p: p.doi),
        openalex_id=_first(papers, lambda p: p.openalex_id),
        s2_id=_first(papers, lambda p: p.s2_id),
        authors=max((claim.paper.authors for claim in _best_authors(claims)), key=len),
        year=year,
        date=_first(
            papers, lambda p: p.date if year is None or (p.date or "").startswith(f"{year:04}") else None
        ),
        venue=_first(papers, lambda p: p.venue),
        url=_first(papers, lambda p: p.url),
        upvotes=max((p.upvotes for p in papers if p.upvotes is not None), default=None),
        repositories=_unite(p.repositories for p in papers),
        organizations=_unite(p.organizations for p in papers),
        keywords=_unite(p.keywords for p in papers),
        references=references,
        tasks=_unite(p.tasks for p in papers),
        kind=_first(papers, lambda p: p.kind if p.kind != _DRAFT else None)
        or _first(papers, lambda p: p.kind),
        retracted=any(p.retracted for p in papers) or None,
        sections=body.paper.sections,
        statements=tuple(reversed(statements)),
    )
    primary = keys_of(paper)
    paper = replace(paper, also=tuple(sorted({
        key for p in papers for key in keys_of(p) if key not in primary and not key.startswith("title:")
    })))  # fmt: skip
    if paper.year is None:
        told = int(paper.date[:4]) if paper.date else arxiv_year(paper.arxiv_id) if paper.arxiv_id else None
        paper = replace(paper, year=told)
    sources = tuple(sorted({claim.source for claim in claims}))
    title_source = min(c.source for c in claims if c.paper.title == paper.title)
    abstract_source = min(c.source for c in claims if c.paper.abstract == paper.abstract)
    return Merged(
        paper,
        title_source,
        abstract_source,
        body.source,
        sources,
        reference_sources,
        reference_keys,
        tuple(reversed(statements.values())),
    )


def _best_texts(claims: Sequence[Claim]) -> Sequence[Claim]:
    """Return the records of files, or of the best service, that have an abstract; all where none has."""
    return _of_best_rank([claim for claim in claims if claim.paper.abstract]) or claims


def _best_authors(claims: Sequence[Claim]) -> Sequence[Claim]:
    return _of_best_rank([claim for claim in claims if claim.paper.authors]) or claims


def _of_best_rank(claims: Sequence[Claim]) -> Sequence[Claim]:
    """Return of ordered claims those of files, or those of the first service."""
    if claims and claims[0].source.startswith(SERVICE):
        return [claim for claim in claims if claim.source == claims[0].source]
    return [claim for claim in claims if not claim.source.startswith(SERVICE)]


def _precedence(claim: Claim) -> tuple[Any, ...]:
    paper = claim.paper
    return (not paper.arxiv_id, not paper.doi, claim.source, dump_paper(paper))


def _first(papers: Iterable[Paper], value: Callable[[Paper], T | None]) -> T | None:
    return next((found for paper in papers if (found := value(paper)) is not None), None)


def _unite(lists: Iterable[Sequence[T]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(item for items in lists for item in items))


def _unite_references(
    claims: Sequence[Claim],
) -> tuple[tuple[Reference, ...], tuple[tuple[str, ...], ...], dict[int, tuple[str, ...]]]:
    """Unite reference lists; equal references of two sources are one, with what both say, and remember both.

    Returns
    -------
    tuple
        The references, the identity keys of each, and by their number the sources of each.
    """
    found: dict[tuple[Any, ...], int] = {}
    references: list[Reference] = []
    keys: list[tuple[str, ...]] = []
    sources: dict[int, tuple[str, ...]] = {}
    for claim in claims:
        alone = (claim.source,)
        for given in claim.paper.references:
            reference = with_raw_read(given)
            ids = (reference.arxiv_id, reference.doi, reference.openalex_id, reference.s2_id)
            same = (*ids, title_key(reference.title or ""), reference.raw if not any(ids) else None)
            index = found.setdefault(same, len(references))
            if index == len(references):
                references.append(reference)
                keys.append(keys_of(reference))
                sources[index] = alone
                continue
            if references[index] != reference:
                references[index] = _both(references[index], reference)
                keys[index] = keys_of(references[index])
            if claim.source not in sources[index]:
                sources[index] = tuple(sorted({*sources[index], claim.source}))
    return tuple(references), tuple(keys), sources


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
