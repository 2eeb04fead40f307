"""The things one paper names: known ones from the lexicon, new ones from how the text introduces and uses them.

This is the one place that merges surfaces of one thing within a paper and settles which of overlapping names wins.
"""

from __future__ import annotations

import re
from typing import Any

from ..hits import Hit
from ..linear import shipped
from ..relating.relations import leaders
from ..text import found_at, identifier
from ..things import Candidate, Entity, Place
from ..words import NO_NAMES, word_set
from .candidates import FOLLOWING, Candidates
from .kinds import apposition_head, by_name, by_place, kind_of_head
from .names import is_humped, is_strong, shape_of
from .typer import features, of_document, scored

_EXPLAINED = re.compile(r"(?: \([^()]{2,60}\))?, an? ")
_NOVELTY = re.compile(
    r"(?: \([^()]{2,60}\))?, (?:an?|our) (?:(?:novel|new|innovative) [a-z]|"
    r"(?:[\w-]+ ){0,3}(?:adaptation|extension|variant|modification|generali[sz]ation|reformulation) of )"
)
"""What explains a name that the paper brings in passing: "trained with X, a novel loss"."""
_COORDINATED = re.compile(r"(?:, and |; and | and |; |, as well as |, along with )$")
_PART = re.compile(
    r"-(?:[Bb]ranch|[Mm]odule|[Bb]lock|[Ll]ayer|[Ll]oss|[Hh]ead|[Nn]etwork|[Uu]nit|[Ss]tream|"
    r"[Ss]tage|[Ss]tep)$"
)
_INDEFINITE = re.compile(r"(?:an?|novel|new|our) $")
_OUR = re.compile(r"[AOTWanoprtw](?<!\w.)(?=ur |h?is |he |e |esult|ropose|ovel|ew|n? n(?:ew|ovel))")
"""Where the following can begin."""
_OUR_MODEL = re.compile(
    r"(?<!\w)(?:[Oo]ur|[Ww]e (?:train|release|present|introduce|fine-tune)|result(?:ing|"
    r"ed) in|[Tt]he (?:resulting|trained|proposed)) (?:[\w.-]+ ){0,3}(?:models?|LLMs?|MLLMs?|"
    r"VLMs?)(?= [a-z]|[,.])(?! (?:weights|merging|parallel))"
)
_OUR_BENCHMARK = re.compile(
    r"(?<!\w)(?:[Oo]ur|[Tt]his|[Tt]he|an? new|an? novel)(?: [\w-]+)? (?:benchmark|dataset|corpus|leaderboard)(?!\w)"
)
_OUR_METHOD = re.compile(
    r"(?<!\w)(?:[Oo]ur|this|[Tt]he proposed|propose an?|novel|"
    r"new)(?: [\w-]+){0,3}? (?:methods?|approach|framework|algorithm|technique|system|"
    r"pipeline|strategy|architecture|mechanism|paradigm|module)(?!\w)"
)
_REPORTED = re.compile(
    r"\d%?(?: [a-z]+)? $|scores? $|accurac\w+ $|performance $|evaluate \S+ $|results $|success rate $|"
    r"outperform\w* \S+ $"
)
_SIZED_MODEL = re.compile(
    r", an? (?:[a-z-]+ ){0,2}\d+(?:\.\d+)?[BM](?:-param\w*)? (?:[\w-]+ ){0,4}(?:model|LLM|VLM)(?!\w)"
)
_TRAINED_MODEL = re.compile(r"(?<!\w)(?:train|fine-tun)\w* (?:an? )?(?:[\w-]+ ){0,5}models? \($")
_RELEASE = re.compile(r"[- ][vV]?\d{1,2}\.\d{1,2}$")
"""A number of a release, as models have it and methods don't."""
_NO_QUOTES = str.maketrans("", "", '"“”')
_HYPHEN = re.compile(r"[- ]")
_VERSIONED = re.compile(r"[- ]?[vV]?\d+(?:\.\d+)*")
_WORLDLY = re.compile(
    r" (?:Shannon|Monet|Debussy|Bernard|Hopkins|Observatory|[Tt]elescopes?|[Cc]onstellations?|[Ss]pacecraft|"
    r"[Oo]bservatory|[Mm]ission|[Zz]odiac|birds?|feathers?|et al|coefficients?|rocket|Heavy)(?!\w)"
)
_GREEK = word_set("Alpha Beta Gamma Delta Epsilon Theta Lambda Phi Psi Omega Sigma Pi Mu Xi Chi Eta")
_NEIGHBOUR_BEFORE = re.compile(r"(?<![.!?:] )(?<![\w-])([A-Z][\w-]*) $")
_NEIGHBOUR_AFTER = re.compile(r" ([A-Z][a-z]\w*)")
_SIZE_NEXT = re.compile(r"-?\d")


_EDITION = re.compile(
    r" ([vV]\d+(?:\.\d+)*|[1-9]\.\d|20[12]\d|Verified|Pro|Lite|Hard|Plus|Live|Multilingual|Multimodal)"
    r"(?![\w%]|\.\d| ?(?:%|x |times|points?|pp|percent|to \d|and \d))"
)
_REPORT = re.compile(r"(?:'s)? (?:Technical Report|Tech Report|Model Card|System Card)(?!\w)", re.IGNORECASE)
_PLAINLY_METHODS = word_set(
    "framework method approach paradigm strategy pipeline algorithm technique mechanism scheme metric"
)
"""What the first words about a name say for certain, whatever the paper trains with it."""

_ANNOUNCING = ("such as", "like", "including", "namely", ".", ",", ":", "(")
"""What the words before a list that says what its members are can end in."""


class Gatherer(Candidates):
    """Collects the entities of one document."""

    _LIST_HEAD = re.compile(
        r"([A-Za-z-]+)(?:,? (?:such as|like|including|e\.g\.,?|namely|i\.e\.,?)|:| \((?:e\.g\.,? |"
        r"i\.e\.,? |including |such as )?)[ \"']*(?:the )?$"
    )

    def gather(self) -> list[Entity]:
        """Run every step and return the entities with their places, none overlapping another's."""
        datasets = {hit.id for hit in self.hits if self._dataset_acronym(hit)}
        datasets -= {hit.id for hit in self.hits if not self._dataset_acronym(hit)}
        if datasets:
            self.hits = [hit for hit in self.hits if hit.id not in datasets]
        if "#" in self.view:  # QuIP# is not QuIP
            self.hits = [
                hit for hit in self.hits if self.view[hit.end : hit.end + 1] != "#" or hit.name[-1] == "#"
            ]
        self._everywhere: list[str] | None = None
        self._local_definitions()
        self._introduce()
        self._define()
        self._consider_tokens()
        self._consider_phrases()
        self._known()
        self._company()
        self._settle()
        return self._resolve()

    # --- known things ---

    def _known(self) -> None:
        for hit in self.hits:
            entity = self.entities.get(hit.id)
            if entity is None:
                entity = self.entities[hit.id] = Entity(
                    hit.label, hit.id, hit.name, properties=dict(hit.properties), facts=hit.facts, known=True,
                    weak=hit.weak, confidence=0.9 if hit.rule == "corpus@1" else 0.98,
                )  # fmt: skip
                entity.own = hit.id in self._own_ids
            if hit.label == "Model" and self._namesake(hit):
                continue
            entity.weak = entity.weak and hit.weak and not self._trusted(hit)
            entity.places.append(Place(hit.start, hit.end, hit.rule))
            entity.sizes += [s for s in hit.sizes if s not in entity.sizes]
        for surface, node in self.aliases:
            entity = self.entities.get(node)
            if entity is not None:
                entity.weak = False
                entity.places += self._places(surface, "acronym@1")

    def _namesake(self, hit: Hit) -> bool:
        """Claude Shannon, the Gemini telescope: a person or thing of the world that shares a model's name."""
        view = self.view
        if not view[hit.start : hit.end].isalpha():
            return False
        after = _WORLDLY.match(view, hit.end)
        return after is not None and not self._covers(hit.end + 1)

    def _trusted(self, hit: Hit) -> bool:
        """Whether a common word is a name here: capitalised inside a sentence, with no capitalised neighbour."""
        view, start, end = self.view, hit.start, hit.end
        text = view[start:end]
        follow = FOLLOWING.match(view, end)
        if follow and kind_of_head(follow[1].lower()) == hit.label:
            return True
        if start < self.document.split or not text[0].isupper():
            return False
        if start in self._sentence_starts or view[start - 1] == '"' or text in _GREEK:
            return False
        before = _NEIGHBOUR_BEFORE.search(view, max(0, start - 24), start)
        after = _NEIGHBOUR_AFTER.match(view, end)
        return not (
            (before and not self._covers(before.start(1))) or (after and not self._covers(after.start(1)))
        )

    def _covers(self, at: int) -> bool:
        return any(h.start <= at < h.end for h in self.hits)

    # --- deciding ---

    def _company(self) -> None:
        """Let coordinated names share their kind, and read the words around every place."""
        unique = {id(c): c for c in self.candidates.values()}
        self._unique = list(unique.values())
        self._where: dict[int, list[Place]] = {}
        self._beside: dict[tuple[int, int], list[tuple[str, float]]] = {}
        spots: list[tuple[int, int]] = []
        owner: dict[int, Entity | Candidate] = {}
        for candidate in self._unique:
            places: list[Place] = []
            for surface, rule in candidate.surfaces.items():
                places += self._places(surface, rule)
            self._where[id(candidate)] = places
            for place in places:
                spots.append((place.start, place.end))
                owner[place.start] = candidate
        for entity in self.entities.values():
            for place in entity.places:
                spots.append((place.start, place.end))
                owner.setdefault(place.start, entity)
        self.first = leaders(self.view, spots)
        groups: dict[int, list[int]] = {}
        for start, leader in self.first.items():
            groups.setdefault(leader, []).append(start)
        for candidate in self._unique:
            ending = by_name(candidate.name, candidate.own)
            if ending:
                candidate.add(*ending)
            seen: set[tuple[str, int]] = set()
            for place in self._where[id(candidate)]:
                sized = candidate.own and _SIZE_NEXT.match(self.view, place.end) is not None
                spot = place.start, place.end
                beside = self._beside[spot] = by_place(self.view, *spot)
                for kind, weight in beside:
                    counted = 1.0 if sized and kind == "Model" else weight
                    if (kind, int(counted)) not in seen:
                        seen.add((kind, int(counted)))
                        candidate.add(kind, counted)
        for leader, members in groups.items():
            if len(members) < 2:
                continue
            kinds: dict[str, float] = {}
            for start in members:
                thing = owner.get(start)
                if isinstance(thing, Entity) and not thing.generic:
                    kinds[thing.label] = kinds.get(thing.label, 0.0) + 3.0
                elif isinstance(thing, Candidate) and thing.scores:
                    strength, kind = max((score, kind) for kind, score in thing.scores.items())
                    if strength >= 3:
                        kinds[kind] = kinds.get(kind, 0.0) + 1.5
            lead = self._list_head(leader, members)
            if lead:
                kinds[lead] = kinds.get(lead, 0.0) + 3.0
            for start in members:
                thing = owner.get(start)
                if isinstance(thing, Candidate) and kinds:
                    for kind, weight in kinds.items():
                        thing.add(kind, min(weight, 4.0) * (0.4 if thing.own else 1.0))
                    thing.accepted = thing.accepted or (max(kinds.values()) >= 3 and _list_member(thing))
                if isinstance(thing, Entity) and thing.weak and kinds.get(thing.label, 0) >= 6:
                    thing.weak = False

    def _list_head(self, leader: int, members: list[int]) -> str | None:
        before = self.view[max(0, leader - 60) : leader]
        if not before.removesuffix("the ").rstrip(" \"'\n").endswith(_ANNOUNCING):
            return None
        match = self._LIST_HEAD.search(before)
        return kind_of_head(match[1].lower()) if match else None

    def _settle(self) -> None:
        """Decide which candidates are things, and of which kind."""
        settled: list[tuple[Candidate, str, list[Place]]] = []
        self._relatives: set[int] = set()
        self._kin()
        for candidate in self._unique:
            places = self._where[id(candidate)]
            if not places:
                continue
            scores = candidate.scores
            if not candidate.own and (self._explained_here(places) or self._part_of_own(candidate, places)):
                candidate.own = candidate.accepted = True
            if not candidate.own:
                for place in places:
                    lead = self.first.get(place.start, place.start)
                    cue = self.clauses.governing(lead)
                    if cue is None:
                        continue
                    if cue.kind == "ON" and lead - cue.end <= 6:
                        reported = _REPORTED.search(self.view, max(0, cue.start - 60), cue.start) is not None
                        candidate.add(
                            "Benchmark",
                            3.0 if reported and lead - cue.end <= 1 else 2.0,
                        )
                        break
                    if cue.kind == "COMPARE" and lead - cue.end < 30 and "Model" not in scores:
                        candidate.add("Method", 1.5)
                        break
                    if cue.kind == "TRAIN" and lead - cue.end <= 6:
                        candidate.add("Benchmark", 2.0)
                        break
            best = max(scores, key=lambda k: (scores[k], k == "Method", k)) if scores else None
            strength = scores[best] if best else 0.0
            if not candidate.accepted:
                need = 1.5 if is_strong(candidate.name) else 3.0
                if candidate.shape == "caps":
                    need = 3.0
                sure = is_strong(candidate.name) and (
                    len(places) > 1
                    or (is_humped(candidate.name) and places[0].start >= self.clauses.own_start)
                )
                if strength < need and not sure:
                    continue
                if best == "Hardware" and strength < 2:
                    continue
            label = best or "Method"
            if candidate.own and strength < 2.5 and (best is None or label in ("Method", "Model")):
                label = self._own_kind(places)
            if candidate.own and not (id(candidate) in self._relatives and strength >= 2.5):
                label = self._own_label(candidate, label, places)
            settled.append((candidate, label, places))
        settled = self._without_stems(self._without_parts(settled))
        bases = [c.name + "-" for c, label, _ in settled if c.own and label == "Model"]
        for candidate, label, places in settled:
            if label == "Benchmark" and not candidate.own:
                self._edition(candidate, places)
            if (
                label != "Model"
                and candidate.scores.get("Benchmark", 0.0) < 5
                and any(candidate.name.startswith(base) for base in bases)
            ):
                label = "Model"  # a variant of the model the paper presents  # noqa: PLW2901
            self._emit(candidate, label, places)

    def _kin(self) -> None:
        """Count "NAME-Base" and "NAME-1M" as the paper's own beside its "NAME-Bench"."""
        stems = {}
        for own in self._unique:
            stem = own.name.split("-", 1)[0]
            if own.own and len(stem) > 1 and shape_of(stem) in ("mixed", "caps") and stem not in NO_NAMES:
                stems[stem] = own
        if not stems:
            return
        for candidate in self._unique:
            stem, joint, rest = candidate.name.partition("-")
            if candidate.own or not joint or stem not in stems or by_name(stem + "-X", own=False):
                continue
            places = self._where[id(candidate)]
            if not places or min(place.start for place in places) < self.clauses.own_start:
                continue
            if _VERSIONED.fullmatch(rest) or rest[:1].islower():
                continue
            cue = self.clauses.governing(self.first.get(places[0].start, places[0].start))
            if cue is None or cue.kind not in ("COMPARE", "BACK", "BUILD"):
                candidate.own = candidate.accepted = True
                self._relatives.add(id(candidate))

    @staticmethod
    def _without_parts(
        settled: list[tuple[Candidate, str, list[Place]]],
    ) -> list[tuple[Candidate, str, list[Place]]]:
        """Leave out what is only a part of the paper's own name; ``NAME`` beside an own ``NAME Attention`` is it."""
        mine = {c.name: (c, label, places) for c, label, places in settled if c.own}
        kept = []
        for candidate, label, places in settled:
            if not candidate.own:
                name = candidate.name
                longer = next(
                    (own for own in mine if own != name and name in _HYPHEN.split(own)[1:]),
                    None,
                )
                longer = longer or next((own for own in mine if own.startswith(name + " ")), None)
                older = next(
                    (own for own in mine if _VERSIONED.fullmatch(own.removeprefix(name))),
                    None,
                )
                if longer is not None and len(name) > 3:
                    if longer.startswith(name + " "):
                        mine[longer][2].extend(places)
                    continue
                if older is not None:
                    label = mine[older][1]  # noqa: PLW2901
            kept.append((candidate, label, places))
        return kept

    def _without_stems(
        self, settled: list[tuple[Candidate, str, list[Place]]]
    ) -> list[tuple[Candidate, str, list[Place]]]:
        """A title's NAME of which the abstract knows only "NAME-Gen" and "NAME-1M" is the first of them."""
        own = [row for row in settled if row[0].own]
        for row in own:
            if all(p.end < self.document.split or self.view[p.end : p.end + 1] == "-" for p in row[2]):
                kin = [other for other in own if other[0].name.startswith(row[0].name + "-")]
                if len(kin) > 1:
                    kin[0][2].extend(row[2])
                    return [other for other in settled if other is not row]
        return settled

    def _own_label(self, candidate: Candidate, label: str, places: list[Place]) -> str:
        """What the paper's own thing is, all that speaks for one kind or the other weighed."""
        for place in places:
            if _SIZED_MODEL.match(self.view, place.end) or (
                self.view[place.start - 1] == "("
                and _TRAINED_MODEL.search(self.view, max(0, place.start - 80), place.start)
            ):
                return "Model"
        if not candidate.heads and all(place.end < self.document.split for place in places):
            told = self._told_of()
            if told:
                return told
        if _REPORT.match(self.view, places[0].end) and places[0].end < self.document.split:
            return "Model"
        explained = next((head for place in places if (head := apposition_head(self.view, place.end))), "")
        if explained in _PLAINLY_METHODS and label != "Benchmark":
            return "Method"
        known = self._evidence(candidate, label, places)
        if "sized" in known and ("head~framework" in known or "first~framework" in known):
            return "Method"  # trained with it are the models that bear its name and a size
        best = shipped("typer").best(known)
        if best == "Method" and "beside=Benchmark5" in known:
            return "Benchmark"
        if best == "Method" and "our~method" not in known and _RELEASE.search(candidate.name):
            return "Model"
        return best

    def _told_of(self) -> str | None:
        """Whether an abstract that never names the thing of its title speaks of a benchmark as its own."""
        benchmarks = self._spoken_of(_OUR_BENCHMARK)
        methods = self._spoken_of(_OUR_METHOD) + self._spoken_of(_OUR_MODEL)
        return "Benchmark" if benchmarks >= 2 and benchmarks > methods else None

    def _evidence(self, candidate: Candidate, label: str, places: list[Place]) -> list[str]:
        spots = sorted({(place.start, place.end) for place in places})
        found = features(
            self.document,
            candidate.name,
            candidate.shape,
            spots,
            self._beside,
            candidate.heads,
            candidate.surfaces.values(),
        )
        if candidate.sizes:
            found.append("stated-size")
        if self._everywhere is None:
            self._everywhere = of_document(self.document)
        return [*found, *self._everywhere, *scored(candidate.scores), f"rules={label}"]

    def _part_of_own(self, candidate: Candidate, places: list[Place]) -> bool:
        """ "an MA-branch": a lettered part the paper speaks of where it speaks of itself."""
        return (
            _PART.search(candidate.name) is not None
            and places[0].start >= self.clauses.own_start
            and _INDEFINITE.search(self.view, max(0, places[0].start - 12), places[0].start) is not None
        )

    def _explained_here(self, places: list[Place]) -> bool:
        """ "We introduce A, a ..., and B, a ...": explained by an apposition in a sentence of proposing."""
        for place in places:
            begin = self.document.sentence(place.start)[0]
            if begin < self.clauses.own_start:
                continue
            renamed = _EXPLAINED.match(self.view, place.end) and _COORDINATED.search(
                self.view, max(begin, place.start - 24), place.start
            )
            if renamed and any(i.own and begin <= i.start < place.start for i in self.introductions):
                return True
            if _NOVELTY.match(self.view, place.end):
                cue = self.clauses.governing(place.start)
                if cue is None or cue.kind in ("USE", "PROPOSE", "CALLED", "END"):
                    return True
        return False

    def _own_kind(self, places: list[Place]) -> str:
        """What a paper made that it never says the kind of: what it speaks of as "our model" or "our method"."""
        if any(p.start >= self.document.split and self.view[p.end : p.end + 1] != "-" for p in places):
            return "Method"
        return "Model" if self._spoken_of(_OUR_MODEL) > self._spoken_of(_OUR_METHOD) else "Method"

    def _spoken_of(self, as_own: re.Pattern[str]) -> int:
        """How often the abstract speaks of something as the paper's own."""
        return sum(1 for _ in found_at(_OUR, as_own, self.view, self.document.split, len(self.view)))

    def _edition(self, candidate: Candidate, places: list[Place]) -> None:
        """Take an edition that always follows a name into the name: ``SWE-Bench Verified``, "LM-KBC 2024"."""
        tails = [_EDITION.match(self.view, place.end) for place in places]
        first = tails[0]
        if first is None or any(tail is None or tail[1] != first[1] for tail in tails):
            return
        candidate.name = f"{candidate.name} {first[1]}"
        for place in places:
            place.end += len(first[1]) + 1

    def _emit(self, candidate: Candidate, label: str, places: list[Place]) -> None:
        name = candidate.name.translate(_NO_QUOTES).strip()
        key = identifier(name)
        if not key:
            return
        node = f"{label.lower()}:{key}"
        entity = self.entities.get(node)
        if entity is None:
            properties: dict[str, Any] = {"generic": False} if label == "Method" else {}
            entity = self.entities[node] = Entity(
                label,
                node,
                name,
                properties=properties,
                confidence=0.85 if candidate.own else 0.75,
            )
        entity.own = entity.own or candidate.own
        entity.weak = False
        entity.places += places
        if label == "Model":
            entity.sizes += [s for s in candidate.sizes if s not in entity.sizes]

    def _resolve(self) -> list[Entity]:
        """Let the longest of overlapping names win; an entity left without a place is dropped."""
        every = [(place, entity) for entity in self.entities.values() for place in entity.places]
        mine = [(place.start, place.end) for place, entity in every if entity.own and not entity.known]
        if mine:  # "attention mechanism" does not cut "Braid-Attention" in two
            every = [
                (place, entity)
                for place, entity in every
                if not entity.generic
                or not any(
                    s < place.start < e < place.end or place.start < s < place.end < e for s, e in mine
                )
            ]
        every.sort(
            key=lambda pair: (
                pair[0].start - pair[0].end,
                pair[0].start,
                not pair[1].known,
                pair[1].id,
            )
        )
        first: dict[int, tuple[int, str]] = {}
        final: dict[str, dict[int, Place]] = {}
        taken = bytearray(len(self.view) + 1)
        for place, entity in every:
            start, end = place.start, place.end
            if 1 in taken[start:end]:
                stop, other = first.get(start, (start, entity.id))
                twins = entity.label == "Model" and entity.known and other.startswith("model:")
                if other == entity.id or not twins or "/" not in self.view[start:stop]:
                    continue
            taken[start:end] = b"\x01" * (end - start)
            first.setdefault(start, (end, entity.id))
            final.setdefault(entity.id, {}).setdefault(start, place)
        result = []
        for entity in self.entities.values():
            places = final.get(entity.id)
            if places:
                entity.places = [places[start] for start in sorted(places)]
                result.append(entity)
        result.sort(key=lambda e: (e.places[0].start, e.id))
        return result


def _list_member(candidate: Candidate) -> bool:
    return candidate.shape in ("mixed", "caps") and len(candidate.name) > 2
