"""How a paper stands to a thing it names: the rules' votes, weighed with what else its places say.

The rules of :mod:`.relations` vote on every place. For methods and models a linear model weighs their votes with the
words and cues around the places, the parts of the paper they stand in, what sort of thing it is, and what the paper
makes itself. ``scripts/train_relations.py`` trains it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import exp

from ..hits import Cue
from ..linear import LinearModel, shipped
from ..things import Entity
from .relations import Clauses, faced, ruling, votes
from .signs import AFTER, BEFORE, BENCHES, CUES, HEADS, NATURES, PREPOSITIONS, QUALIFYING, STUDIES, SURVEYS

_MOST_PLACES = 6
"""Places beyond are not looked at: what the first say holds."""

_MOST_NAMES = 40
"""More names than any paper gives itself; whoever wrote the text wants it to be slow."""

_RIGHT = {"Benchmark": 0.94, "Hardware": 0.96}
"""How often the rules are right that alone decide for these, measured on annotated papers."""
_RULED = 0.65
"""How often they are for models where the weights speak against them."""


KINDS = ("Method", "generic", "Model")
MAKES = ("thing", "data", "nothing")
Row = tuple[float, ...]
Groups = dict[str, dict[str, tuple[int, ...]]]
SCALE = 100
"""Whole numbers for a weight of one."""


@dataclass(slots=True)
class _Sentence:
    """Where a sentence first and last says something; what it does not say begins at its end."""

    start: int
    end: int
    we: int
    proposing: int
    others: int
    compare_first: int
    compare_last: int
    own_first: int
    own_last: int


class Surroundings:
    """What the features of every thing of one document are read from."""

    def __init__(self, clauses: Clauses, entities: list[Entity], first: dict[int, int]) -> None:
        self.clauses, self.first = clauses, first
        view = clauses.view
        made = (view[place.start : place.end] for entity in entities if entity.own for place in entity.places)
        self._made = list(dict.fromkeys(made))[:_MOST_NAMES]
        self._own = sorted(place.start for entity in entities if entity.own for place in entity.places)
        labels = {entity.label for entity in entities if entity.own}
        self.makes = "thing" if labels & {"Method", "Model"} else "data" if labels else "nothing"
        document = clauses.document
        title = document.lower[: document.split]
        words = title.split()
        self._paper = ["makes:" + "+".join(sorted(labels))]
        if any(word.startswith(SURVEYS) for word in words):
            self._paper.append("paper:survey")
        if "?" in title or any(word.startswith(STUDIES) for word in words):
            self._paper.append("paper:study")
        if any(part in title for part in BENCHES):
            self._paper.append("paper:bench")
        self._colon = title.find(":")
        self._sentences: dict[int, _Sentence] = {}

    def _sentence(self, at: int) -> _Sentence:
        clauses = self.clauses
        start, end = clauses.document.sentence(at)
        known = self._sentences.get(start)
        if known is None:
            seen = {"COMPARE>": -1}
            for cue in clauses.between(start, end):
                seen.setdefault(cue.kind, cue.start)
                if cue.kind == "COMPARE":
                    seen["COMPARE>"] = cue.start
            own = self._own[bisect_left(self._own, start) : bisect_left(self._own, end)]
            known = self._sentences[start] = _Sentence(
                start, end, seen.get("OWN", end), seen.get("PROPOSE", end), seen.get("BACK", end),
                seen.get("COMPARE", end), seen["COMPARE>"], own[0] if own else end, own[-1] if own else -1,
            )  # fmt: skip
        return known

    def stance(self, entity: Entity, places: list[tuple[int, int]]) -> tuple[str, float]:
        """Decide the relation to a thing the paper does not propose, and how sure that is."""
        places = sorted(places)
        clauses, first = self.clauses, self.first
        label, generic = entity.label, entity.generic
        corpus = entity.properties.get("kind") == "corpus"
        cast = votes(label, generic, places, clauses, first, corpus=corpus)
        extended = label != "Hardware" and self._extended(entity)
        outvoted = generic and not faced(places, clauses, first)
        ruled = ruling(label, cast, outvoted=outvoted, extended=extended)
        if label in _RIGHT:
            return ruled, _RIGHT[label]
        return self.weigh(entity, self.features(entity, places, cast, ruled, extended), ruled)

    def weigh(self, entity: Entity, features: set[str], ruled: str) -> tuple[str, float]:
        """Weigh the features of a thing for which the rules would say ``ruled``."""
        chosen, sure = decide(*_weights(), group(entity, self.makes), features)
        if entity.label == "Model" and chosen != ruled:
            return ruled, _RULED  # of models the rules are right more often than what was learned
        return chosen, sure

    def _extended(self, entity: Entity) -> bool:
        """Whether a name the paper proposes is made from this one (``LLaVA-MoD`` from LLaVA)."""
        if not self._made:
            return False
        view = self.clauses.view
        family = entity.properties.get("family") if entity.label == "Model" else None
        texts = {str(family)} if family else {view[place.start : place.end] for place in entity.places}
        for short in texts:
            phrase = " " in short
            if len(short) < 3 or (entity.generic and not phrase):
                continue
            low = short.lower().rstrip("s")
            for name in self._made:
                if len(short) >= len(name):
                    continue
                if entity.generic:
                    if name.lower().rstrip("s").endswith(" " + low):
                        return True
                elif short in name or (phrase and low in name.lower()):
                    return True
        return False

    def features(
        self, entity: Entity, places: list[tuple[int, int]], votes: list[str], ruled: str, extended: bool
    ) -> set[str]:
        """Return what speaks for one or the other relation, as names of a closed vocabulary."""
        split = self.clauses.document.split
        found = {"vote:" + vote for vote in votes}
        found.add("rule:" + ruled)
        found.update(self._paper)
        if entity.label == "Method":
            found.add("nature:" + nature(entity))
        found.add("known" if entity.known else "unknown")
        if extended:
            found.add("extended")
        titled = behind = owned = 0
        for start, end in places[:_MOST_PLACES]:
            if start < split:
                titled += 1
                self._in_title(start, end, found)
            elif self.clauses.background(start):
                behind += 1
                self._in_background(start, found)
            else:
                owned += 1
                self._in_text(start, end, found)
        found.add(f"zones:{'t' * bool(titled)}{'b' * bool(behind)}{'o' * bool(owned)}")
        found.add(f"owned:{min(owned, 4)}")
        found.add(f"behind:{min(behind, 3)}")
        return found

    def _in_title(self, start: int, end: int, found: set[str]) -> None:
        document = self.clauses.document
        title = document.lower[: document.split]
        colon = self._colon
        found.add("title:" + ("plain" if colon < 0 else "before" if start < colon else "after"))
        words = title[colon + 1 if colon < start else 0 : start].split()
        found.add("title<" + next((word for word in reversed(words) if word in PREPOSITIONS), "none"))
        if end >= document.split - 2:
            found.add("title:end")
        found.add("t>" + _following(document.lower, end))

    def _in_background(self, start: int, found: set[str]) -> None:
        clauses = self.clauses
        lead = self.first.get(start, start)
        self._before("b", lead, clauses.document.sentence(start)[0], found)
        cue = clauses.governing(lead)
        found.add("b!" + (self._meaning(cue) if cue else "none"))

    def _in_text(self, start: int, end: int, found: set[str]) -> None:
        clauses, view = self.clauses, self.clauses.document.lower
        lead = self.first.get(start, start)
        sentence = self._sentence(start)
        begin = sentence.start
        self._before("o", lead, begin, found)
        if view[start - 1] == "-":
            found.add("o<bound")
        found.add("o>" + _following(view, end))
        cue = clauses.governing(lead)
        if cue is None:
            found.add("o!none")
        else:
            found.add("o!" + self._meaning(cue))
            other = clauses.governing(cue.start)
            if other is not None:
                found.add("o!!" + self._meaning(other))
        if clauses.listed(lead):
            found.add("o:such")
        if lead != start:
            found.add("o:list")
        # the rest of the sentence
        if sentence.we < start:
            found.add("we<")
        if sentence.proposing < start:
            found.add("propose<")
        if sentence.others < start:
            found.add("others<")
        before, after = sentence.own_first < start, sentence.own_last > start
        found.add(("own<>" if after else "own<") if before else "own>" if after else "own")
        if sentence.compare_first < start:
            found.add("own<compare<" if before else "compare<")
        if sentence.compare_last >= end:
            found.add("compare>own>" if after else "compare>")
        if sentence.end >= len(view) - 2:
            found.add("last")
        if start - begin < 8:
            found.add("first")

    def _before(self, zone: str, lead: int, begin: int, found: set[str]) -> None:
        """Group the words before a place: those that only qualify, and the nearest that says something."""
        if lead - begin < 3:
            found.add(zone + "<begin")
            return
        words = self.clauses.document.lower[max(begin, lead - 48) : lead].split()
        for word in reversed(words):
            if word[-1] in ",;:(":
                found.add(zone + "<stop")
                return
            group = BEFORE.get(word) or BEFORE.get(word.lstrip('("'))
            if group is None:
                continue
            if group not in QUALIFYING:
                found.add(f"{zone}<{group}")
                return
            if zone == "o":
                found.add("o<<" + group)
        found.add(zone + "<far")

    def _meaning(self, cue: Cue) -> str:
        return CUES.get(self.clauses.document.lower[cue.start : cue.end], cue.kind)


def group(entity: Entity, makes: str) -> str:
    """Name the sort of case: what sort of thing it is, in a paper that makes things, data or nothing."""
    return f"{'generic' if entity.generic else entity.label}|{makes}"


@cache
def _weights() -> tuple[Groups, tuple[str, ...]]:
    return fold(shipped("relations"))


def fold(model: LinearModel) -> tuple[Groups, tuple[str, ...]]:
    """Add up the weights of ``feature``, ``kind|feature`` and ``kind|makes|feature``, by group.

    They become whole numbers, so that sums do not depend on the order of the features.
    """
    levels: dict[str, dict[str, tuple[int, ...]]] = {}
    for name, row in (("", model.bias), *model.weights.items()):
        where, _, feature = name.rpartition("|")
        levels.setdefault(where, {})[feature] = tuple(round(value * SCALE) for value in row)
    groups = {}
    for kind in KINDS:
        for makes in MAKES:
            total = dict(levels[""])
            for where in (kind, f"{kind}|{makes}"):
                for feature, row in levels.get(where, {}).items():
                    have = total.get(feature)
                    total[feature] = tuple(map(sum, zip(have, row, strict=True))) if have else row
            groups[f"{kind}|{makes}"] = total
    return groups, model.labels


def decide(groups: Groups, labels: tuple[str, ...], where: str, features: Iterable[str]) -> tuple[str, float]:
    """Return the relation of the highest score, and its probability."""
    weights = groups[where]
    rows = [weights[feature] for feature in features if feature in weights]
    totals = list(map(sum, zip(weights[""], *rows, strict=True)))
    best = max(totals)
    return labels[totals.index(best)], 1 / sum([exp((total - best) / SCALE) for total in totals])


def _following(view: str, end: int) -> str:
    """Name the group of what stands right behind a place."""
    at = view[end : end + 1]
    if at == "-":
        return "-based" if view.startswith("-based", end) else "-"
    if at == "'":
        return "'s"
    if view.startswith(" (", end):
        close = view.find(")", end, end + 60)
        if close > 0:
            end = close + 1
            at = view[end : end + 1]
    if not at or at in ",.;:)\n":
        return "stop"
    words = view[end : end + 40].split(None, 2)
    if not words:
        return "stop"
    group = AFTER.get(words[0].rstrip(",.;:)"), "noun")
    if group in ("noun", "part", "model", "method") and len(words) > 1 and words[0][-1] not in ",.;:":
        then = AFTER.get(words[1].rstrip(",.;:"))
        if then in ("baseline", "is", "does"):
            return f"{group}+{then}"
    return group


def nature(entity: Entity) -> str:
    """What a method is to a paper, by the lexicon's taxonomy or the last word of its name."""
    node, facts = entity.id, entity.facts
    while True:
        above = next((fact for fact in facts if fact.type == "KIND_OF"), None)
        if above is None:
            break
        node, facts = above.target, above.facts
    known = NATURES.get(node.partition(":")[2])
    if known:
        return known
    words = entity.name.lower().replace("-", " ").split()
    return HEADS.get(words[-1], "other") if words else "other"
