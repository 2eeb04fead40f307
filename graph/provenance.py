"""Which source says what of a paper, field by field, and where sources contradict one another.

The graph keeps one value for each field; its records keep what every source said. Both are read here, by the order in
which :mod:`.merge` lets sources count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .codec import load_paper
from .identity import title_key
from .local import LocalStore
from .merge import Claim, merge, ordered, preferred
from .partition import surnames_of
from .records import Paper

_FIELDS: dict[str, Callable[[Paper], Any]] = {
    "title": lambda paper: paper.title,
    "abstract": lambda paper: paper.abstract,
    "authors": lambda paper: "; ".join(author.name for author in paper.authors),
    "year": lambda paper: paper.year,
    "date": lambda paper: paper.date,
    "venue": lambda paper: paper.venue,
    "arxiv_id": lambda paper: paper.arxiv_id,
    "doi": lambda paper: paper.doi,
    "openalex_id": lambda paper: paper.openalex_id,
    "s2_id": lambda paper: paper.s2_id,
    "url": lambda paper: paper.url,
    "kind": lambda paper: paper.kind,
    "retracted": lambda paper: paper.retracted,
    "keywords": lambda paper: "; ".join(paper.keywords),
    "organizations": lambda paper: "; ".join(paper.organizations),
    "repositories": lambda paper: "; ".join(paper.repositories),
    "references": lambda paper: len(paper.references) or None,
}


_UNITED = frozenset(("keywords", "organizations", "repositories", "references"))
"""Lists, to which every source adds what the others have not."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one source says of one field of a paper.

    Attributes
    ----------
    counts
        Whether this is what the graph holds; of several sources that say the same, the first. Lists are united, so
        that all of them count.
    agrees
        Whether the value is the one that counts.
    """

    field: str
    value: str | int | bool
    source: str
    counts: bool
    agrees: bool


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two sources that do not agree on a paper's year, title or authors; the first is the one that counts."""

    paper: str
    field: str
    value: str
    source: str
    other_value: str
    other_source: str

    def __str__(self) -> str:
        first, other = f"{self.value} by {self.source}", f"{self.other_value} by {self.other_source}"
        return f"{self.paper}: {self.field} is {first}, {other}"


def claims_of(store: LocalStore, papers: Iterable[str]) -> Iterator[tuple[str, list[Claim]]]:
    """Yield papers with their records, in the order in which their values count."""
    wanted = sorted(set(papers))
    file = store.kept(wanted)
    prefer = preferred(file)
    found: dict[str, list[Claim]] = {}
    sql = "SELECT paper, source, body FROM record WHERE paper IN ({})"
    for paper, source, body in file.rows_in(sql, wanted):
        found.setdefault(paper, []).append(Claim(source, load_paper(body)))
    for paper in sorted(found):
        yield paper, ordered(found[paper], prefer)


def told(store: LocalStore, paper: str) -> list[Told]:
    """Return field by field what each source says of a paper: what counts first, then by the order of sources."""
    rows: list[Told] = []
    prefer = preferred(store.kept())
    for _, claims in claims_of(store, [paper]):
        merged = merge(claims, prefer).paper
        for field, value_of in _FIELDS.items():
            said = [(value, claim.source) for claim in claims if (value := value_of(claim.paper))]
            rows += sorted(_weighed(field, said, value_of(merged)), key=lambda row: not row.counts)
    return rows


def _weighed(field: str, said: Iterable[tuple[Any, str]], held: Any) -> Iterator[Told]:
    known = False
    for value, source in dict.fromkeys(said):
        agrees = field in _UNITED or value == held
        yield Told(field, value, source, agrees and (field in _UNITED or not known), agrees)
        known = known or agrees


def contradictions(store: LocalStore, papers: Iterable[str]) -> list[Contradiction]:
    """Return where the records of papers do not agree on year, title or authors, each disagreement once.

    Years differ where they are not the same; titles where their normal forms are not, and neither begins the other;
    authors where no family name is shared.
    """
    found: dict[tuple[str, str, str], Contradiction] = {}
    for paper, claims in claims_of(store, papers):
        for field, value_of, agree in _COMPARED:
            known = [(value_of(claim.paper), claim) for claim in claims if value_of(claim.paper)]
            for value, claim in known[1:]:
                first, by = known[0]
                if not agree(by.paper, claim.paper):
                    row = Contradiction(paper, field, str(first), by.source, str(value), claim.source)
                    found.setdefault((paper, field, claim.source), row)
    return [found[key] for key in sorted(found)]


def _same_title(one: Paper, other: Paper) -> bool:
    first, second = title_key(one.title), title_key(other.title)
    return first.startswith(second) or second.startswith(first)


def _share_authors(one: Paper, other: Paper) -> bool:
    return bool(surnames_of(one) & surnames_of(other))


_COMPARED: tuple[tuple[str, Callable[[Paper], Any], Callable[[Paper, Paper], bool]], ...] = (
    ("year", _FIELDS["year"], lambda one, other: one.year == other.year),
    ("title", _FIELDS["title"], _same_title),
    ("authors", _FIELDS["authors"], _share_authors),
)
