"""What a claimed number is of, on and against: each value bound to the names of its own clause."""

from __future__ import annotations

from ...graph.records import Mention, ResultClaim
from .candidates import Entity
from .claims import Claim, claims
from .relations import Clauses, leaders
from .text import Document

Spot = tuple[int, int, Entity]
"""Start and end of a name, and what it names."""

_MADE = ("Method", "Model")


def results(
    document: Document, entities: list[Entity], mentions: list[Mention], clauses: Clauses
) -> list[ResultClaim]:
    """Find the paper's claims and link them to its entities.

    Parameters
    ----------
    entities
        What the rules gathered, those that the graph will hold.
    mentions
        The same things with the paper's relation to each.
    """
    spots: list[Spot] = sorted(
        ((p.start, p.end, e) for e in entities for p in e.places), key=lambda spot: spot[:2]
    )
    names = [
        (start, end)
        for start, end, entity in spots
        if not entity.generic and "@" not in document.view[start:end]
    ]
    found = claims(document, clauses.own_start, names)
    if not found:
        return []
    relations = {mention.id: mention.relation for mention in mentions}
    first = leaders(document.view, [spot[:2] for spot in spots])
    own = [e for e in entities if e.own and e.label in _MADE]
    linked: list[ResultClaim] = []
    for begin, stop in dict.fromkeys(document.sentence(claim.start) for claim in found):
        here = [claim for claim in found if begin <= claim.start < stop]
        near = [spot for spot in spots if begin <= spot[0] < stop]
        linked += _Sentence(document, here, near, relations, clauses, first, own).linked()
    return linked


class _Sentence:
    """The claims and the names of one sentence."""

    def __init__(
        self,
        document: Document,
        claims: list[Claim],
        spots: list[Spot],
        relations: dict[str, str],
        clauses: Clauses,
        first: dict[int, int],
        own: list[Entity],
    ) -> None:
        self.document, self.claims, self.own = document, claims, own
        compared: list[Spot] = []
        measured: list[Spot] = []
        subjects: list[Spot] = []
        devices: list[Spot] = []
        for spot in spots:
            start, _, entity = spot
            cue = clauses.governing(first.get(start, start))
            against = cue is not None and cue.kind == "COMPARE"
            if entity.label == "Benchmark":
                if relations[entity.id] in ("EVALUATED_ON", "PROPOSES"):
                    measured.append(spot)
            elif entity.label == "Hardware":
                if not against:
                    devices.append(spot)
            elif entity.own:
                continue
            elif against or relations[entity.id] == "COMPARED_WITH":
                compared.append(spot)
            elif entity.label == "Model" and relations[entity.id] != "MENTIONS":
                subjects.append(spot)
        self.on = self._assign(measured)
        self.against = self._assign(compared, shared=True)
        self.models = self._assign(subjects)
        self.hardware = self._assign(devices)
        self.spots = spots

    def linked(self) -> list[ResultClaim]:
        """Return the claims with what they are of, on, against and run on."""
        return [
            ResultClaim(
                claim.metric, claim.value, self.document.span(*claim.quote, "result@2"), claim.unit,
                claim.higher_is_better, self._of(claim, number), self.on[number], self.against[number],
                self.hardware[number], claim.baseline,
            )
            for number, claim in enumerate(self.claims)
        ]  # fmt: skip

    def _of(self, claim: Claim, number: int) -> str | None:
        """The own method or model of the sentence, else the paper's first, else the model it is said of."""
        mine = {entity.id for entity in self.own}
        before = [e.id for start, _, e in self.spots if e.id in mine and start < claim.start]
        if before:
            return before[-1]
        return self.own[0].id if self.own else self.models[number]

    def _assign(self, spots: list[Spot], *, shared: bool = False) -> list[str | None]:
        """Give each claim one of ``spots``: in pairs where a run of values faces as many names, else the nearest.

        The names between a value and the next belong to it; a value that none follows takes what follows the
        values it is coordinated with, or what the sentence named before.
        """
        claims = self.claims
        given: list[str | None] = [None] * len(claims)
        if not spots:
            return given
        runs: list[list[int]] = []
        for number, claim in enumerate(claims):
            if runs and claims[runs[-1][0]].run == claim.run:
                runs[-1].append(number)
            else:
                runs.append([number])
        for at, run in enumerate(runs):
            begin = claims[runs[at - 1][-1]].end if at else 0
            stop = claims[runs[at + 1][0]].start if at + 1 < len(runs) else 1 << 60
            after = [s for s in spots if claims[run[-1]].end <= s[0] < stop]
            before = [s for s in spots if begin <= s[0] < claims[run[0]].start]
            for side in (after, before[::-1]):
                if not side:
                    continue
                distinct = list(dict.fromkeys(s[2].id for s in side))
                if len(run) > 1 and len(distinct) == len(run):
                    ordered = distinct if side is after else distinct[::-1]
                    for number, target in zip(run, ordered, strict=True):
                        given[number] = target
                else:
                    for number in run:
                        given[number] = distinct[0]
                break
        self._inherit(given, runs)
        return given

    def _inherit(self, given: list[str | None], runs: list[list[int]]) -> None:
        """Let "5x efficiency and 4% accuracy on X" speak of X twice."""
        for at in range(len(runs) - 2, -1, -1):
            if given[runs[at][-1]] is None:
                for number in runs[at]:
                    given[number] = given[runs[at + 1][0]]
        for at in range(1, len(runs)):
            if given[runs[at][-1]] is None:
                for number in runs[at]:
                    given[number] = given[runs[at - 1][-1]]
