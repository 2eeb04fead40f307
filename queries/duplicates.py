"""Nodes that may be one thing under two names. Suggestions only: likeness never merges by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..graph.errors import QueryError
from ..graph.records import Node
from ..graph.schema import RELATIONS
from ..graph.store import Store
from .blocking import alike, blocks, rare_pairs, rare_parts, triples
from .likeness import (
    abbreviates,
    capitals,
    core,
    differing_words,
    initials,
    same_marks,
    spelled_alike,
    title_parts,
)
from .names import name_key, words
from .rows import EntityRef, Row, entity_ref

LABELS = (
    "Paper",
    "Author",
    "Method",
    "Model",
    "ModelFamily",
    "Benchmark",
    "Hardware",
    "Task",
    "Organization",
    "Venue",
)
"""The labels whose nodes are compared, each with its own kind only."""


@dataclass(frozen=True, slots=True)
class Suggestion(Row):
    """Two nodes that may be one.

    Attributes
    ----------
    score
        0 to 100: how likely the names alone make it, less what speaks against it.
    reason
        What speaks for it and what against it, in words.
    conflicts
        Identifiers of the two that cannot both be right if they are one.
    """

    label: str
    a: EntityRef
    b: EntityRef
    score: int
    reason: str
    conflicts: tuple[str, ...] = ()

    def flat(self) -> dict[str, Any]:
        """Return the row as one dictionary of scalars."""
        return {
            "score": self.score,
            "label": self.label,
            "a": self.a.name,
            "b": self.b.name,
            "id_a": self.a.id,
            "id_b": self.b.id,
            "reason": self.reason,
            "conflicts": "; ".join(self.conflicts),
        }


_Guess = tuple[float, str]
_Guesses = dict[tuple[int, int], _Guess]


def duplicates(store: Store, label: str | None = None, threshold: int = 85) -> list[Suggestion]:
    """Suggest pairs of nodes that may be one thing, surest first.

    Only nodes of one label are compared, and only names with the same version numbers: LLaMA 2 and LLaMA 3,
    GPT-4 and GPT-4o, GLM-4 and GLM-4V are never suggested.

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

    Notes
    -----
    Candidates come from blocks of nodes that share rare words or letter triples (:mod:`.blocking`), so that
    time grows about linearly with the graph.

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
    found: list[Suggestion] = []
    for one in LABELS if label is None else (label,):
        nodes = sorted(store.nodes(one), key=lambda node: node.id)
        guesses = _paper_guesses(nodes, threshold) if one == "Paper" else _name_guesses(nodes, one, threshold)
        judge = _JUDGES.get(one, _named_apart)
        for (i, j), guess in guesses.items():
            suggestion = _judged(guess, nodes[i], nodes[j], judge(store, nodes[i], nodes[j]))
            if suggestion.score >= threshold:
                found.append(suggestion)
    return sorted(found, key=lambda s: (-s.score, LABELS.index(s.label), s.a.name.casefold(), s.a.id, s.b.id))


def _judged(guess: _Guess, a: Node, b: Node, remarks: Iterable[_Guess]) -> Suggestion:
    """Weigh a guess by what the graph knows of the two nodes."""
    score, reason = guess
    reasons, conflicts = [reason], []
    for change, remark in remarks:
        score += change
        reasons.append(remark)
    for key, what in _IDENTIFIERS.items():
        one, two = a.properties.get(key), b.properties.get(key)
        if one and two and one != two:
            conflicts.append(f"{what} {one} and {two}")
    final = max(0, min(100, int(score)))
    return Suggestion(a.label, entity_ref(a), entity_ref(b), final, "; ".join(reasons), tuple(conflicts))


_IDENTIFIERS = {
    "arxiv_id": "arXiv ids",
    "doi": "DOIs",
    "openalex_id": "OpenAlex ids",
    "s2_id": "Semantic Scholar ids",
    "orcid": "ORCID iDs",
}


def _keep_best(guesses: _Guesses, i: int, j: int, score: float, reason: str) -> None:
    if i == j:
        return
    pair = (i, j) if i < j else (j, i)
    if pair not in guesses or guesses[pair][0] < score:
        guesses[pair] = (score, reason)


# --- papers ------------------------------------------------------------------------------------------------


def _paper_guesses(nodes: list[Node], threshold: int) -> _Guesses:
    guesses: _Guesses = {}
    titles = [node.name for node in nodes]
    split = [words(title) for title in titles]
    joined = [" ".join(parts) for parts in split]
    keys = rare_pairs(split)
    for own, text in zip(keys, joined, strict=True):
        own.append(f"={text}")
        own.append(f"^{text.replace(' ', '')[:16]}")
    for text_of in (joined, [" ".join(sorted(parts)) for parts in split]):
        for (i, j), likeness in alike(blocks(keys, joined), text_of, max(70, threshold)).items():
            if same_marks(titles[i], titles[j]):
                _keep_best(guesses, i, j, *_title_guess(titles[i], titles[j], likeness))
    _subtitle_guesses(titles, guesses)
    return guesses


def _title_guess(one: str, two: str, likeness: float) -> _Guess:
    if name_key(one) == name_key(two):
        return 100.0, "the titles are the same"
    left, right = differing_words(one, two)
    if not left and not right:
        return likeness, f"the titles are {likeness:.0f}% alike"
    apart = " / ".join(" ".join(side) or "–" for side in (left, right))
    return likeness - 8 * max(len(left), len(right)), f"the titles are {likeness:.0f}% alike but for {apart}"


def _subtitle_guesses(titles: list[str], guesses: _Guesses) -> None:
    """Find titles that are the short name or the subtitle of another: ``QLoRA`` as references have it."""
    whole: dict[str, list[int]] = {}
    for index, title in enumerate(titles):
        whole.setdefault(name_key(title), []).append(index)
    for index, title in enumerate(titles):
        for part in title_parts(title):
            long_enough = len(words(part)) >= 4
            for other in whole.get(name_key(part), [])[:20] if name_key(part) else ():
                score = 92.0 if long_enough else 85.0
                _keep_best(
                    guesses, index, other, score, "one title is part of the other, parted by a colon or dash"
                )


def _judge_papers(store: Store, a: Node, b: Node) -> Iterator[_Guess]:
    authors_a, authors_b = ({e.target for e in store.edges_of(n.id, "out", "AUTHORED_BY")} for n in (a, b))
    shared = len(authors_a & authors_b)
    if shared:
        yield 0, f"{shared} shared author{'s' if shared > 1 else ''}"
    elif authors_a and authors_b:
        yield -8, "but no shared author"
    year_a, year_b = a.properties.get("year"), b.properties.get("year")
    if isinstance(year_a, int) and isinstance(year_b, int) and abs(year_a - year_b) > 2:
        yield -5, f"but of {min(year_a, year_b)} and {max(year_a, year_b)}"
    if any(b.id in (e.source, e.target) for e in store.edges_of(a.id, "both", "CITES")):
        yield -10, "but one cites the other"


# --- everything with a name --------------------------------------------------------------------------------


def _name_guesses(nodes: list[Node], label: str, threshold: int) -> _Guesses:
    guesses: _Guesses = {}
    owner: list[int] = []
    forms: list[str] = []
    for index, node in enumerate(nodes):
        aliases = node.properties.get("aliases") or ()
        for form in dict.fromkeys((node.name, *aliases)):
            if name_key(form):
                owner.append(index)
                forms.append(form)
    _same_form_guesses(nodes, owner, forms, guesses)
    keys = ["".join(core(form)) for form in forms]
    candidates = blocks(rare_parts([triples(key) for key in keys]), keys)
    for (i, j), likeness in alike(candidates, keys, max(70, threshold)).items():
        if owner[i] != owner[j] and keys[i] != keys[j] and spelled_alike(forms[i], forms[j]):
            reason = f"{forms[i]!r} and {forms[j]!r} are spelled {likeness:.0f}% alike"
            _keep_best(guesses, owner[i], owner[j], min(likeness, 97.0), reason)
    if label == "Author":
        _author_guesses(nodes, guesses)
    else:
        _abbreviation_guesses(owner, forms, guesses)
    return {(i, j): guess for (i, j), guess in guesses.items() if not _known_apart(nodes[i], nodes[j])}


def _same_form_guesses(nodes: list[Node], owner: list[int], forms: list[str], guesses: _Guesses) -> None:
    first: dict[str, int] = {}
    for place, form in enumerate(forms):
        for key, score in ((name_key(form), 99.0), (" ".join(core(form)), 95.0)):
            other = first.setdefault(f"{score:.0f}{key}", place)
            if owner[other] == owner[place]:
                continue
            if score < 99 and name_key(form) == name_key(forms[other]):
                continue
            if score < 99:
                reason = "the same but for words that say what kind of thing it is"
            elif nodes[owner[place]].name == form and nodes[owner[other]].name == forms[other]:
                reason = "the same but for case, accents and punctuation"
            elif all(abbreviates(form, nodes[owner[place_of]].name) for place_of in (place, other)):
                score, reason = 75.0, f"both are abbreviated {form!r}"  # noqa: PLW2901
            else:
                score, reason = 97.0, f"both are also called {form!r}"  # noqa: PLW2901
            if same_marks(form, forms[other]):
                _keep_best(guesses, owner[other], owner[place], score, reason)


def _abbreviation_guesses(owner: list[int], forms: list[str], guesses: _Guesses) -> None:
    """Find short names whose long form stands on another node; those that have one of their own are passed over."""
    by_initials: dict[str, list[int]] = {}
    by_owner: dict[int, list[str]] = {}
    for place, form in enumerate(forms):
        by_owner.setdefault(owner[place], []).append(form)
        if len(words(form)) > 1:
            by_initials.setdefault(initials(form), []).append(place)
    for place, form in enumerate(forms):
        if len(words(form)) == 1 and not any(abbreviates(form, own) for own in by_owner[owner[place]]):
            for other in by_initials.get(capitals(form) or name_key(form), [])[:20]:
                if abbreviates(form, forms[other]):
                    reason = f"{form!r} abbreviates {forms[other]!r}"
                    _keep_best(guesses, owner[place], owner[other], 88.0, reason)


def _known_apart(a: Node, b: Node) -> bool:
    """Tell whether the graph itself says that two models differ: in version, variant or family."""
    if a.label != "Model":
        return False
    for key in ("family", "version", "variant"):
        one, two = (name_key(str(node.properties.get(key) or "")) for node in (a, b))
        if one != two and (key != "family" or (one and two)):
            return True
    return not same_marks(a.name, b.name)


def _named_apart(store: Store, a: Node, b: Node) -> Iterator[_Guess]:
    """A paper that names both as two things holds them for two things."""
    both = len(_papers_of(store, a) & _papers_of(store, b))
    if both:
        yield -15, f"but {both} paper{'s name' if both > 1 else ' names'} both"


def _papers_of(store: Store, node: Node) -> set[str]:
    return {edge.source for edge in store.edges_of(node.id, "in") if edge.type in RELATIONS}


# --- authors -----------------------------------------------------------------------------------------------


def _author_guesses(nodes: list[Node], guesses: _Guesses) -> None:
    """Find names in another order (``Vaswani, Ashish``) and with initials (``A. Vaswani``)."""
    ordered = [_given_last(node.name) for node in nodes]
    by_words: dict[str, int] = {}
    for index, parts in enumerate(ordered):
        other = by_words.setdefault(" ".join(sorted(parts)), index)
        if other != index:
            _keep_best(guesses, other, index, 97.0, "the same words")
    keys = [[f"{parts[-1]} {parts[0][0]}"] if len(parts) > 1 else [] for parts in ordered]
    for members in blocks(keys, [" ".join(parts) for parts in ordered]):
        abbreviated = [index for index in members if _has_initial(ordered[index])]
        for i in abbreviated:
            for j in members:
                if i != j and _initials_fit(ordered[i], ordered[j]):
                    _keep_best(guesses, i, j, 90.0, "one has initials where the other has given names")


def _given_last(name: str) -> list[str]:
    last, comma, given = name.partition(",")
    return words(f"{given} {last}" if comma else name)


def _has_initial(parts: list[str]) -> bool:
    return any(len(part) == 1 for part in parts[:-1])


def _initials_fit(one: list[str], two: list[str]) -> bool:
    given_one, given_two = one[:-1], two[:-1]
    if one[-1] != two[-1] or one == two:
        return False
    pairs = zip(given_one, given_two, strict=False)
    return all(a == b or (min(len(a), len(b)) == 1 and a[0] == b[0]) for a, b in pairs)


def _judge_authors(store: Store, a: Node, b: Node) -> Iterator[_Guess]:
    papers_a, papers_b = ({e.source for e in store.edges_of(n.id, "in", "AUTHORED_BY")} for n in (a, b))
    if papers_a & papers_b:
        yield -30, "but they wrote a paper together"
        return
    shared = (_authors_of(store, papers_a) - {a.id}) & (_authors_of(store, papers_b) - {b.id})
    if shared:
        yield 0, f"{len(shared)} shared co-author{'s' if len(shared) > 1 else ''}"
    else:
        yield -12, "but no shared co-author"


def _authors_of(store: Store, papers: set[str]) -> set[str]:
    return {edge.target for paper in papers for edge in store.edges_of(paper, "out", "AUTHORED_BY")}


_Judge = Callable[[Store, Node, Node], Iterator[_Guess]]
_JUDGES: dict[str, _Judge] = {"Paper": _judge_papers, "Author": _judge_authors}
