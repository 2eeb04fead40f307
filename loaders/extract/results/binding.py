"""What a claimed number is of, on, against and run on: each value bound to the names of its own clause."""

from __future__ import annotations

import re
from bisect import bisect_left
from operator import itemgetter

from ....graph.records import Mention, ResultClaim
from ..relating.relations import Clauses
from ..text import Document
from ..things import Entity
from .claims import Claim, claims, may_claim
from .measures import EFFICIENCY

Spot = tuple[int, int, Entity]
"""Start and end of a name, and what it names."""

_PLACE = itemgetter(0, 1)
_MADE = ("Method", "Model")
_MODIFIES = re.compile(
    r"(?:'s)? (?:(?!and |or |with |to |on |in |by |for |of )[\w@-]+ ){1,3}"
    r"(?:of |= |at |from [\d.]+ ?%? to )?(?:about |up to |only )?\(?$"
    r"| ?\($"
)
"""What may stand between a benchmark and the number of its metric: "an ImageNet accuracy of"."""

_CHANGED = re.compile(r"(?:-?\d+B)? (?:by (?:up to |about |over |more than )?|\()")
"""What stands between a model and the number by which it changes: "improves Vicuna by"."""


def results(
    document: Document,
    entities: list[Entity],
    mentions: list[Mention],
    clauses: Clauses,
    first: dict[int, int],
) -> list[ResultClaim]:
    """Find the paper's claims and link them to its entities.

    Parameters
    ----------
    entities
        What the rules gathered, those that the graph will hold.
    mentions
        The same things with the paper's relation to each.
    first
        For each place that names a thing the first of its coordination (see :func:`relations.leaders`).
    """
    if not may_claim(document, clauses.own_start):
        return []
    spots: list[Spot] = sorted([(p.start, p.end, e) for e in entities for p in e.places], key=_PLACE)
    view = document.view
    generic = {entity.id for entity in entities if entity.generic}
    names = [(start, end) for start, end, e in spots if e.id not in generic and "@" not in view[start:end]]
    found = claims(document, clauses.own_start, names)
    if not found:
        return []
    relations = {mention.id: mention.relation for mention in mentions}
    own = [e for e in entities if e.own and e.label in _MADE]
    tests = [] if own else [e.id for e in entities if e.own and e.label == "Benchmark"]
    linked: list[ResultClaim] = []
    for begin, stop in dict.fromkeys(document.sentence(claim.start) for claim in found):
        here = found[bisect_left(found, begin, key=_start) : bisect_left(found, stop, key=_start)]
        near = _between(spots, begin, stop)
        compared = [spot for spot in near if _against(spot, relations, clauses, first)]
        linked += _Linker(document, here, near, compared, relations).linked(own, tests)
    return linked


def _against(spot: Spot, relations: dict[str, str], clauses: Clauses, first: dict[int, int]) -> bool:
    """Whether the name is what the paper measures itself with, at this place."""
    start, _, entity = spot
    if entity.own or entity.label == "Benchmark":
        return False
    cue = clauses.governing(first.get(start, start))
    if cue is not None and cue.kind == "COMPARE":
        return True
    return relations[entity.id] == "COMPARED_WITH" and not entity.generic


class _Linker:
    """The claims and the names of one sentence."""

    def __init__(
        self,
        document: Document,
        found: list[Claim],
        spots: list[Spot],
        compared: list[Spot],
        relations: dict[str, str],
    ) -> None:
        self.document, self.view, self.claims, self.spots = document, document.view, found, spots
        self.runs: list[list[int]] = []
        for number, claim in enumerate(found):
            if self.runs and found[self.runs[-1][0]].run == claim.run:
                self.runs[-1].append(number)
            else:
                self.runs.append([number])
        rivals = {start for start, _, _ in compared}
        free = [spot for spot in spots if spot[0] not in rivals]
        tests = [s for s in free if relations[s[2].id] in ("EVALUATED_ON", "PROPOSES")]
        self.on = self._assign([s for s in tests if s[2].label == "Benchmark"], tests=True)
        self.against = self._assign([s for s in compared if s[2].label in _MADE])
        self.models = self._assign(
            [s for s in free if s[2].label == "Model" and not s[2].own and relations[s[2].id] != "MENTIONS"]
        )
        devices = [s for s in free if s[2].label == "Hardware"]
        named = [s for s in devices if s[2].properties.get("kind") != s[2].name]
        self.hardware = self._assign(named or devices)

    def linked(self, own: list[Entity], tests: list[str]) -> list[ResultClaim]:
        """Return the claims with what they are of, on, against and run on.

        Parameters
        ----------
        own
            The methods and models that the paper proposes.
        tests
            The benchmarks it proposes, where it proposes nothing else.
        """
        mine = {entity.id for entity in own}
        made: list[ResultClaim] = []
        for number, claim in enumerate(self.claims):
            of = self._subject(claim, mine) or (own[0].id if own else self.models[number])
            on = self.on[number]
            if on is None and len(tests) == 1 and not _efficiency(claim):
                on = tests[0]
            made.append(
                ResultClaim(
                    claim.metric, claim.value, self.document.span(*claim.quote, "result@2"), claim.unit,
                    claim.higher_is_better, of, on, self.against[number], self.hardware[number],
                    claim.baseline, model if (model := self.models[number]) != of else None,
                )
            )  # fmt: skip
        return made

    def _subject(self, claim: Claim, mine: set[str]) -> str | None:
        """The paper's own thing named last before the claim."""
        for at in range(bisect_left(self.spots, claim.start, key=_begin) - 1, -1, -1):
            if self.spots[at][2].id in mine:
                return self.spots[at][2].id
        return None

    def _assign(self, spots: list[Spot], *, tests: bool = False) -> list[str | None]:
        """Give each claim one of ``spots``: in pairs where a run of values faces as many names, else the nearest.

        The names between a value and the next belong to it. One that none follows takes what its clause named
        before, or what follows the values it is coordinated with.
        """
        given: list[str | None] = [None] * len(self.claims)
        if not spots:
            return given
        lone: set[str] = set()
        for at, run in enumerate(self.runs):
            first, last = self.claims[run[0]], self.claims[run[-1]]
            begin = self.claims[self.runs[at - 1][-1]].end if at else 0
            stop = self.claims[self.runs[at + 1][0]].start if at + 1 < len(self.runs) else len(self.view)
            before = _between(spots, begin, first.start)
            tie = _MODIFIES if tests else _CHANGED
            if before and tie.fullmatch(self.view, before[-1][1], first.start):
                lone.add(before[-1][2].id)
                self._give(given, run, before[-1:])
                continue
            after = _between(spots, last.end, stop)
            if at + 1 < len(self.runs) and after:
                following = self.claims[self.runs[at + 1][0]]
                if tie.fullmatch(self.view, after[-1][1], following.start):
                    after.pop()
            if after:
                self._give(given, run, after)
                continue
            apart = at == 0 or self.claims[self.runs[at - 1][0]].chain != first.chain
            if before and apart and not (tests and _efficiency(first)):
                self._give(given, run, before, backward=True)
        self._inherit(given, lone, tests=tests)
        return given

    @staticmethod
    def _give(given: list[str | None], run: list[int], side: list[Spot], *, backward: bool = False) -> None:
        distinct = list(dict.fromkeys(spot[2].id for spot in side))
        if len(run) > 1 and len(distinct) == len(run):
            for number, target in zip(run, distinct, strict=True):
                given[number] = target
        else:
            for number in run:
                given[number] = distinct[-1 if backward else 0]

    def _inherit(self, given: list[str | None], lone: set[str], *, tests: bool) -> None:
        """Let "5x efficiency and 4% accuracy on X" and "on X, 4% accuracy and 5% recall" speak of X twice."""
        runs = self.runs
        pairs = [(at, at + 1) for at in range(len(runs) - 2, -1, -1)]
        pairs += [(at, at - 1) for at in range(1, len(runs))]
        for at, source in pairs:
            here, there = self.claims[runs[at][0]], self.claims[runs[source][-1 if source < at else 0]]
            target = given[runs[source][-1 if source < at else 0]]
            if given[runs[at][0]] is not None or target is None or target in lone:
                continue
            if here.chain != there.chain or (tests and source < at and _efficiency(here)):
                continue
            left, right = sorted((here.start, there.start))
            if any(not e.own for _, _, e in _between(self.spots, left, right)):
                continue
            for number in runs[at]:
                given[number] = target


def _start(claim: Claim) -> int:
    return claim.start


def _begin(spot: Spot) -> int:
    return spot[0]


def _between(spots: list[Spot], begin: int, stop: int) -> list[Spot]:
    """The names that start in ``[begin, stop)``."""
    return spots[bisect_left(spots, begin, key=_begin) : bisect_left(spots, stop, key=_begin)]


def _efficiency(claim: Claim) -> bool:
    """Whether the number tells of running the thing, not of a score on a test."""
    return any(word.lower() in EFFICIENCY for word in claim.metric.split())
