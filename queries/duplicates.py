"""Nodes that may be one thing under two names. Suggestions only: likeness never merges by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..graph.corrections import Corrections
from ..graph.errors import QueryError
from ..graph.identity import slug
from ..graph.local import LocalStore
from ..graph.records import Node
from ..graph.schema import ENTITIES, RELATIONS
from ..graph.store import Store
from .guesses import Guess, Kind, given_last, name_guesses, only_initials, paper_guesses
from .rows import EntityRef, Row, entity_ref

Remark = tuple[float, str]
"""Points that are added or taken, and why."""

LABELS = (
    "Paper",
    "Method",
    "Model",
    "ModelFamily",
    "Benchmark",
    "Hardware",
    "Task",
    "Organization",
    "Venue",
    "Author",
)
"""The labels whose nodes are compared, each with its own kind only."""

_LINKED_BY_HAND = ("Paper", *ENTITIES, "Author", "Venue")

COUNTED = {"Paper": "citation"}
"""What :attr:`Suggestion.papers_a` counts, where it is not papers."""

SCORE = (
    "The score, 0 to 100, is what the two names are worth as names of one thing (99 the same but for case and "
    "punctuation, 96 one is also written as the other, 95 the same but for words such as dataset, up to 97 as far as "
    "they are spelled alike, 90 initials, 72 to 88 one is short for the other), and the points of what else speaks "
    "for it or against it."
)
"""What the score of a suggestion means."""


@dataclass(frozen=True, slots=True)
class Suggestion(Row):
    """Two nodes that may be one.

    Attributes
    ----------
    score
        0 to 100, as :data:`SCORE` says.
    speaks_for, speaks_against
        The reasons in words, with the points each one adds or takes.
    conflicts
        Identifiers of the two that cannot both be right if they are one.
    papers_a, papers_b
        How many papers name each of the two, or cite it.
    keep
        Id of the one that more speaks for keeping.
    link
        Arguments of the command that makes them one; empty where only a lexicon says what such a node is called.
    """

    label: str
    a: EntityRef
    b: EntityRef
    score: int
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    papers_a: int = 0
    papers_b: int = 0
    keep: str = ""
    link: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """All reasons on one line."""
        return "; ".join((*self.speaks_for, *(f"but {against}" for against in self.speaks_against)))

    def flat(self) -> dict[str, Any]:
        """Return the row as one dictionary of scalars."""
        return {
            "score": self.score,
            "label": self.label,
            "a": self.a.name,
            "b": self.b.name,
            "id_a": self.a.id,
            "id_b": self.b.id,
            "papers_a": self.papers_a,
            "papers_b": self.papers_b,
            "speaks_for": "; ".join(self.speaks_for),
            "speaks_against": "; ".join(self.speaks_against),
            "conflicts": "; ".join(self.conflicts),
        }


def duplicates(store: Store, label: str | None = None, threshold: int = 85) -> list[Suggestion]:
    """Suggest pairs of nodes that may be one thing, surest first.

    Only nodes of one label are compared, and only names with the same version numbers: LLaMA 2 and LLaMA 3,
    GPT-4 and GPT-4o, GLM-4 and GLM-4V are never suggested. Nor is a pair that a person said to be two.

    Parameters
    ----------
    store
        The graph; it is not changed.
    label
        One label; all labels in :data:`LABELS` by default.
    threshold
        The least score worth suggesting, 0 to 100; below 70 nothing is looked for.

    Returns
    -------
    list of Suggestion

    Raises
    ------
    QueryError
        Nodes of that label are not compared, or the threshold is no score.

    Examples
    --------
    >>> for pair in duplicates(store, "Benchmark"):  # doctest: +SKIP
    ...     print(pair.score, pair.a, pair.b, pair.reason)
    95 GSM8K GSM8K dataset the same but for words that say what kind of thing it is
    """
    if label is not None and label not in LABELS:
        raise QueryError(f"Nodes labelled {label!r} are not compared; choose from {', '.join(LABELS)}.")
    if not 0 <= threshold <= 100:
        raise QueryError(f"The threshold {threshold} is no score; give one from 0 to 100.")
    apart = _Apart(store)
    found: list[Suggestion] = []
    for one in LABELS if label is None else (label,):
        nodes = sorted(store.nodes(one), key=lambda node: node.id)
        guesses = paper_guesses(nodes, threshold) if one == "Paper" else name_guesses(nodes, one, threshold)
        judge = _JUDGES.get(one, _Named)(store, nodes)
        judged = []
        for (i, j), guess in guesses.items():
            suggestion = _judged(guess, nodes[i], nodes[j], judge.remarks(nodes[i], nodes[j], guess.kind))
            if suggestion.score >= threshold and not apart.said(nodes[i], nodes[j]):
                judged.append((_weighed(suggestion, nodes[i], nodes[j], judge), guess.kind))
        found += _without_rivals(judged, threshold)
    return sorted(found, key=lambda s: (-s.score, LABELS.index(s.label), s.a.name.casefold(), s.a.id, s.b.id))


def _judged(guess: Guess, a: Node, b: Node, remarks: Iterable[Remark]) -> Suggestion:
    """Weigh a guess by what the graph knows of the two nodes."""
    score, reason = guess.score, guess.reason
    speaks_for = [f"{reason} ({score:.0f})"]
    speaks_against: list[str] = []
    conflicts: list[str] = []
    for change, remark in remarks:
        score += change
        points = f" ({change:+.0f})".replace("-", "−") if change else ""
        (speaks_against if change < 0 else speaks_for).append(f"{remark}{points}")
    for key, what in _IDENTIFIERS.items():
        one, two = a.properties.get(key), b.properties.get(key)
        if one and two and one != two:
            conflicts.append(f"{what} {one} and {two}")
    final = max(0, min(100, int(score)))
    ends = entity_ref(a), entity_ref(b)
    return Suggestion(a.label, *ends, final, tuple(speaks_for), tuple(speaks_against), tuple(conflicts))


def _without_rivals(found: Sequence[tuple[Suggestion, Kind]], threshold: int) -> Iterator[Suggestion]:
    """Take points from names that fit the initials of one person together: one of them at most can be that person."""
    rivals = Counter(end.id for suggestion, kind in found for end in _initials_of(suggestion, kind))
    for suggestion, kind in found:
        fitting = max((rivals[end.id] for end in _initials_of(suggestion, kind)), default=0)
        if fitting < 2:
            yield suggestion
        elif suggestion.score - 12 >= threshold:
            against = (*suggestion.speaks_against, f"{fitting} names fit the initials (−12)")
            yield replace(suggestion, score=suggestion.score - 12, speaks_against=against)


def _initials_of(suggestion: Suggestion, kind: Kind) -> list[EntityRef]:
    ends = (suggestion.a, suggestion.b) if kind == "initials" else ()
    return [end for end in ends if only_initials(end.name)]


_IDENTIFIERS = {
    "arxiv_id": "arXiv ids",
    "doi": "DOIs",
    "openalex_id": "OpenAlex ids",
    "s2_id": "Semantic Scholar ids",
    "orcid": "ORCID iDs",
}


def _weighed(suggestion: Suggestion, a: Node, b: Node, judge: _Judge) -> Suggestion:
    """Say which of the two is to stay: what was read before what is only cited, else what more papers name."""
    papers = [judge.papers(a), judge.papers(b)]
    ranked = sorted(
        (bool(node.properties.get("stub")), -count, len(node.id), node.id)
        for node, count in zip((a, b), papers, strict=True)
    )
    keep, gone = ranked[0][-1], ranked[1][-1]
    link = ("link", gone, keep) if suggestion.label in _LINKED_BY_HAND else ()
    return replace(suggestion, papers_a=papers[0], papers_b=papers[1], keep=keep, link=link)


class _Apart:
    """What a person said to be two things, and need not be asked again."""

    def __init__(self, store: Store) -> None:
        self._forms: dict[str, set[str]] = {}
        self._papers: set[frozenset[str]] = set()
        if not isinstance(store, LocalStore):
            return
        for correction in Corrections.load(store.kept()).all:
            if correction.verb != "apart":
                continue
            if correction.on_papers:
                ends = [store.node(key) for key in correction.nodes]
                self._papers.add(frozenset(node.id for node in ends if node is not None))
            else:
                self._forms.setdefault(correction.subject, set()).add(slug(correction.object))

    def said(self, a: Node, b: Node) -> bool:
        """Tell whether the two were said to be two."""
        if frozenset((a.id, b.id)) in self._papers:
            return True
        return self._is_not(a, b) or self._is_not(b, a)

    def _is_not(self, a: Node, b: Node) -> bool:
        wrong = self._forms.get(a.id)
        if not wrong:
            return False
        forms = (b.name, *(b.properties.get("aliases") or ()))
        return b.id.partition(":")[2] in wrong or any(slug(form) in wrong for form in forms)


# --- what the graph knows of the two -----------------------------------------------------------------------


class _Named:
    """What papers say of two entities.

    A paper that names both in two roles (it proposes one and compares with the other) holds them for two things; in
    one role, it rather writes one thing in two ways.
    """

    def __init__(self, store: Store, nodes: Sequence[Node]) -> None:
        self.store = store
        self._known: dict[str, dict[str, str]] = {}

    def papers(self, node: Node) -> int:
        """Count the papers that name a node."""
        return len(self._relations(node))

    def remarks(self, a: Node, b: Node, kind: Kind) -> Iterator[Remark]:
        """Yield what speaks for and against the two being one, beside their names."""
        one, two = self._relations(a), self._relations(b)
        both = one.keys() & two.keys()
        differently = sum(one[paper] != two[paper] for paper in both)
        if differently:
            # That may be one paper's slip of the pen if nobody else writes so.
            slip = len(both) == 1 and 1 in (len(one), len(two))
            yield -8 if slip else -15, f"{_papers(differently)} both, and not in one role"
        elif both and kind == "letters":
            yield 14, f"{_papers(len(both))} both, in one role"
        elif both:
            yield 0, f"{_papers(len(both))} both, in one role"
        elif "PROPOSES" in one.values() and "PROPOSES" in two.values():
            yield -12, "each is proposed by a paper of its own"

    def _relations(self, node: Node) -> dict[str, str]:
        """Return the papers that name a node, each with its relation to it."""
        if node.id not in self._known:
            self._known[node.id] = {
                edge.source: edge.type
                for edge in self.store.edges_of(node.id, "in")
                if edge.type in RELATIONS and not edge.properties.get("inferred")
            }
        return self._known[node.id]


def _papers(count: int) -> str:
    return f"{count} paper{'s name' if count > 1 else ' names'}"


class _Cited(_Named):
    """What is known of two papers: authors, years, and whether one cites the other."""

    def papers(self, node: Node) -> int:
        """Count the papers that cite a paper."""
        return sum(1 for _ in self.store.edges_of(node.id, "in", "CITES"))

    def remarks(self, a: Node, b: Node, kind: Kind) -> Iterator[Remark]:
        """Yield what speaks for and against the two being one, beside their titles."""
        authors_a, authors_b = (
            {e.target for e in self.store.edges_of(n.id, "out", "AUTHORED_BY")} for n in (a, b)
        )
        shared = len(authors_a & authors_b)
        if shared:
            yield 0, f"{shared} shared author{'s' if shared > 1 else ''}"
        elif authors_a and authors_b:
            yield -8, "no shared author"
        if kind != "same" and any(
            a.properties.get(key) and b.properties.get(key) and a.properties[key] != b.properties[key]
            for key in ("arxiv_id", "doi")
        ):
            yield -20, "identifiers of two works"
        year_a, year_b = a.properties.get("year"), b.properties.get("year")
        if isinstance(year_a, int) and isinstance(year_b, int) and abs(year_a - year_b) > 2:
            yield -5, f"of {min(year_a, year_b)} and {max(year_a, year_b)}"
        if any(b.id in (e.source, e.target) for e in self.store.edges_of(a.id, "both", "CITES")):
            yield -10, "one cites the other"


class _Writing(_Named):
    """What is known of two people: with whom they write, and how common their names are."""

    def __init__(self, store: Store, nodes: Sequence[Node]) -> None:
        super().__init__(store, nodes)
        self._common = Counter(word for node in nodes for word in set(given_last(node.name)))

    def papers(self, node: Node) -> int:
        """Count the papers a person wrote."""
        return sum(1 for _ in self.store.edges_of(node.id, "in", "AUTHORED_BY"))

    def remarks(self, a: Node, b: Node, kind: Kind) -> Iterator[Remark]:
        """Yield what speaks for and against the two being one, beside their names."""
        papers_a, papers_b = (
            {e.source for e in self.store.edges_of(n.id, "in", "AUTHORED_BY")} for n in (a, b)
        )
        if papers_a & papers_b:
            yield -30, "they wrote a paper together"
            return
        shared = len((self._authors(papers_a) - {a.id}) & (self._authors(papers_b) - {b.id}))
        coauthors = f"{shared} shared co-author{'s' if shared > 1 else ''}"
        misspelt = kind == "spelled"
        if not shared:
            yield -14, "no shared co-author"
        elif shared < 3:
            yield -8 if misspelt else -5, f"only {coauthors}"
        else:
            yield 0, coauthors
        if misspelt and all(self._is_common(one, other) for one, other in ((a, b), (b, a))):
            yield -12, "others have each of the two names"

    def _authors(self, papers: set[str]) -> set[str]:
        return {edge.target for paper in papers for edge in self.store.edges_of(paper, "out", "AUTHORED_BY")}

    def _is_common(self, one: Node, other: Node) -> bool:
        """Tell whether what a name has and the other lacks is a name of others too, so rather no misspelling."""
        own = Counter(given_last(one.name)) - Counter(given_last(other.name))
        return all(self._common[word] > 1 for word in own)


_Judge = _Named
_JUDGES: dict[str, type[_Judge]] = {"Paper": _Cited, "Author": _Writing}
