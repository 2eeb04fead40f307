"""What goes wrong and why: wrong merges and splits, causes of what is missed or spurious, and the rules behind it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scoring import Meaning, Thing, Verdict, links, pairs_of

# --- identity ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mixed:
    """A node that means several things (a wrong merge), or a thing with several nodes (a wrong split)."""

    whole: str
    parts: tuple[tuple[str, int], ...]
    pairs: int
    """How many pairs of mentions are wrong for it."""


def merges(verdicts: Iterable[Verdict]) -> list[Mixed]:
    """Return the nodes to which different things lead, the costliest first."""
    found: defaultdict[str, Counter[Meaning]] = defaultdict(Counter)
    written: dict[Meaning, str] = {}
    for node, meaning, canonical, _ in links(verdicts):
        found[node][meaning] += 1
        written.setdefault(meaning, canonical)
    return _mixed({node: Counter({written[m]: n for m, n in c.items()}) for node, c in found.items()})


def splits(verdicts: Iterable[Verdict]) -> list[Mixed]:
    """Return the things that have several nodes, the costliest first."""
    found: defaultdict[Meaning, Counter[str]] = defaultdict(Counter)
    written: dict[Meaning, str] = {}
    for node, meaning, canonical, _ in links(verdicts):
        found[meaning][node] += 1
        written.setdefault(meaning, canonical)
    return _mixed({f"{meaning[0]} {written[meaning]}": c for meaning, c in found.items()})


def _mixed(found: Mapping[str, Counter[str]]) -> list[Mixed]:
    made = [
        Mixed(
            whole,
            tuple(sorted(parts.items(), key=lambda item: (-item[1], item[0]))),
            pairs_of([parts.total()]) - pairs_of(parts.values()),
        )
        for whole, parts in found.items()
        if len(parts) > 1
    ]
    return sorted(made, key=lambda mixed: (-mixed.pairs, mixed.whole))


def surface_forms(verdicts: Iterable[Verdict]) -> dict[str, Counter[str]]:
    """Return how each node is written, and how often, in the papers judged."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for verdict in verdicts:
        for thing in verdict.found:
            found[thing.node].update(thing.mentions)
    return dict(found)


# --- why it went wrong -------------------------------------------------------------------------------------

OTHER_TYPE, BOUNDS, COMPANY, ABSENT = CAUSES = (
    "another type",
    "other boundaries",
    "one as two, or two as one",
    "nothing there",
)


def causes(verdict: Verdict) -> Iterator[tuple[str, Thing, str]]:
    """Iterate over ``missed`` and ``spurious`` things of a paper, each with the cause.

    ``another type``: the other side has it as something else; ``other boundaries``: the other side has a longer or
    shorter name there; ``one as two, or two as one``: the other side has it, but it was taken already; ``nothing
    there``: the other side has nothing there.
    """
    places = {
        id(thing): [place for mention in thing.mentions for place in _occurrences(verdict.paper, mention)]
        for thing in verdict.gold
    }
    for thing in verdict.missed():
        yield "missed", thing, _cause(thing, places[id(thing)], [(f, _spans(f)) for f in verdict.found])
    for thing in verdict.spurious():
        yield "spurious", thing, _cause(thing, _spans(thing), [(g, places[id(g)]) for g in verdict.gold])


Place = tuple[str, int, int]


def _cause(thing: Thing, places: list[Place], others: list[tuple[Thing, list[Place]]]) -> str:
    alike = {other.type for other, _ in others if other.keys & thing.keys}
    if thing.type in alike:
        return COMPANY
    if alike:
        return OTHER_TYPE
    if any(_overlap(places, theirs) for _, theirs in others):
        return BOUNDS
    return ABSENT


def _spans(thing: Thing) -> list[Place]:
    return [(span["field"], span["start"], span["end"]) for span in thing.spans]


def _occurrences(paper: Mapping[str, Any], mention: str) -> Iterator[Place]:
    """Iterate over the places where a mention stands as whole words."""
    for name in ("title", "abstract"):
        text = paper.get(name) or ""
        start = text.find(mention) if mention else -1
        while start >= 0:
            end = start + len(mention)
            if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
                yield name, start, end
            start = text.find(mention, end)


def _overlap(one: list[Place], other: list[Place]) -> bool:
    """Tell whether a place of one list and a place of the other share a character."""
    ordered = sorted([(*place, 0) for place in one] + [(*place, 1) for place in other])
    reach: dict[tuple[str, int], int] = {}
    for name, start, end, side in ordered:
        if reach.get((name, 1 - side), -1) > start:
            return True
        reach[name, side] = max(end, reach.get((name, side), -1))
    return False


# --- which rule says so ------------------------------------------------------------------------------------


@dataclass(slots=True)
class RuleCount:
    """What a rule finds: ``right`` and ``wrong`` entities with evidence by it, and those that rest on it alone."""

    right: int = 0
    wrong: int = 0
    alone_right: int = 0
    alone_wrong: int = 0
    relation_right: int = 0

    def __add__(self, other: RuleCount) -> RuleCount:
        """Add up two counts."""
        return RuleCount(*(getattr(self, name) + getattr(other, name) for name in self.__match_args__))


def rules(verdicts: Iterable[Verdict]) -> dict[tuple[str, str], RuleCount]:
    """Count right and wrong entities by the rule whose evidence they have and by their kind."""
    found: defaultdict[tuple[str, str], RuleCount] = defaultdict(RuleCount)
    for verdict in verdicts:
        for i, thing in enumerate(verdict.found):
            theirs = verdict.gold[verdict.pairs[i]] if i in verdict.pairs else None
            right = theirs is not None
            for rule in thing.rules:
                count = found[rule, (theirs or thing).kind]
                count.right += right
                count.wrong += not right
                if len(thing.rules) == 1:
                    count.alone_right += right
                    count.alone_wrong += not right
                count.relation_right += theirs is not None and theirs.relation == thing.relation
    return dict(found)
