"""The things one paper names: known ones from the lexicon, new ones from how the text introduces and uses them.

This is the one place that merges surfaces of one thing within a paper and settles which of overlapping names wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ...graph.identity import slug
from ...graph.records import Fact
from .definitions import Definition
from .hits import Hit
from .introduced import Introduction
from .kinds import by_name, by_place, kind_of_head
from .models import compact
from .names import Token, shape_of
from .relations import Clauses, leaders
from .text import Document
from .words import BENCHMARK_HEADS, METHOD_HEADS, MODEL_HEADS, NO_NAMES, word_set

identifier = lru_cache(maxsize=65536)(slug)

_SIZED_NAME = re.compile(r"^(.+?)[- ](\d+(?:\.\d+)?(?:x\d+(?:\.\d+)?)?)(B|(?<=\d{3})M)((?:-[A-Z][a-z]+)*)$")
_KEYLIKE = re.compile(r"[^a-z0-9+.]+")
_PLURAL = re.compile(r"(?<=[A-Z])s(?![a-z])")
_EXPLAINED = re.compile(r"(?: \([^()]{2,60}\))?, an? ")
_COORDINATED = re.compile(r"(?:, and |; and | and |; |, as well as |, along with )$")
_PART = re.compile(
    r"-(?:[Bb]ranch|[Mm]odule|[Bb]lock|[Ll]ayer|[Ll]oss|[Hh]ead|[Nn]etwork|[Uu]nit|[Ss]tream|"
    r"[Ss]tage|[Ss]tep)$"
)
_INDEFINITE = re.compile(r"(?:an?|novel|new|our) $")
_NOVEL = re.compile(
    r"(?<!\w)(?:novel|new|our|propos\w+|introduc\w+|develop\w*|design\w*|present\w*)(?: an?|"
    r" the)?(?: [\w-]+)? $"
)
_MADE_OF = re.compile(r"(?<!\w)(?:consist\w* of|comprises|comprising|composed of)(?!\w)[^.;:]{0,120}$")
_OUR_MODEL = re.compile(
    r"(?<!\w)(?:[Oo]ur|[Ww]e (?:train|release|present|introduce|fine-tune)|result(?:ing|"
    r"ed) in|[Tt]he (?:resulting|trained|proposed)) (?:[\w.-]+ ){0,3}(?:models?|LLMs?|MLLMs?|"
    r"VLMs?)(?= [a-z]|[,.])(?! (?:weights|merging|parallel))"
)
_OUR_METHOD = re.compile(
    r"(?<!\w)(?:[Oo]ur|this|[Tt]he proposed|propose an?|novel|"
    r"new)(?: [\w-]+){0,3}? (?:methods?|approach|framework|algorithm|technique|system|"
    r"pipeline|strategy|architecture|mechanism|paradigm|module)(?!\w)"
)
_DATA_HEADS = word_set("dataset datasets benchmark benchmarks corpus leaderboard")
_GREEK = word_set("Alpha Beta Gamma Delta Epsilon Theta Lambda Phi Psi Omega Sigma Pi Mu Xi Chi Eta")
_FOLLOWING = re.compile(r" ([A-Za-z]+)")
_NEIGHBOUR_BEFORE = re.compile(r"(?<![.!?:] )(?<![\w-])([A-Z][\w-]*) $")
_NEIGHBOUR_AFTER = re.compile(r" ([A-Z][a-z]\w*)")
_TASK_HEADS = word_set("""
task tasks problem problems understanding comprehension recognition detection segmentation answering
summarization translation classification extraction processing intelligence science engineering ability
abilities capability hallucination hallucinations forgetting rate ratio error errors length distance
divergence accuracy precision score scores reality vision language languages speech research interface
interfaces units unit(s) settings setting people users laws question questions prediction gap area areas
domain domains time years information content analysis-based sciences device devices vehicles computer
computing robot robots robotics
""")
_METHOD_WORDS = METHOD_HEADS | word_set("""
rank ranker chain tree graph adaptation thought thoughts experts mixture regression process machine
machines averaging annealing averaging clustering removal alignment instruct-tuning backpropagation
propagation sft rl dpo ppo grpo cot rag lora moe matching gradient gradients cloning splatting field
fields chain-of-thought bottleneck law reformulation fingerprinting sharing partitioning fusion
unification caching prefetching smoothing sparsity sparsification dropout interpolation steering probing
patching ablation lens concatenation reordering precision supervision calibration
""") - word_set("""system systems objective tool tools process space design""")
_SIZE_NEXT = re.compile(r"-?\d")
_LONG_ENTITY = re.compile(r"[A-Z]")


@dataclass(slots=True)
class Place:
    """One place of the view that names the thing."""

    start: int
    end: int
    rule: str


@dataclass(slots=True)
class Entity:
    """One thing of one paper."""

    label: str
    id: str
    name: str
    places: list[Place] = field(default_factory=list)
    properties: dict[str, Any] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    sizes: list[str] = field(default_factory=list)
    own: bool = False
    known: bool = False
    weak: bool = False
    confidence: float = 0.9

    @property
    def generic(self) -> bool:
        """Whether it is a class of techniques."""
        return self.label == "Method" and bool(self.properties.get("generic"))


@dataclass(slots=True)
class _Candidate:
    """A name under consideration: its surfaces in the text and the evidence for what it is."""

    name: str
    surfaces: dict[str, str] = field(default_factory=dict)  # surface -> rule
    scores: dict[str, float] = field(default_factory=dict)
    own: bool = False
    accepted: bool = False
    sizes: list[str] = field(default_factory=list)
    shape: str = ""
    at: int = 0

    def add(self, kind: str | None, weight: float) -> None:
        if kind:
            self.scores[kind] = self.scores.get(kind, 0.0) + weight


class Gatherer:
    """Collects the entities of one document."""

    def __init__(
        self,
        document: Document,
        hits: list[Hit],
        tokens: list[Token],
        introductions: list[Introduction],
        definitions: list[Definition],
        clauses: Clauses,
    ) -> None:
        self.document, self.view = document, document.view
        self.hits, self.tokens = hits, tokens
        self.introductions, self.definitions = introductions, definitions
        self.clauses = clauses
        self._sentence_starts = frozenset(document.sentences)
        self._own_ids: set[str] = set()
        self._blocked: set[str] = set()
        self.candidates: dict[str, _Candidate] = {}
        self.entities: dict[str, Entity] = {}

    def gather(self) -> list[Entity]:
        """Run every step and return the entities with their places, none overlapping another's."""
        datasets = {hit.id for hit in self.hits if self._dataset_acronym(hit)}
        datasets -= {hit.id for hit in self.hits if not self._dataset_acronym(hit)}
        if datasets:
            self.hits = [hit for hit in self.hits if hit.id not in datasets]
        self._local_definitions()
        self._introduce()
        self._define()
        self._consider_tokens()
        self._consider_phrases()
        self._known()
        self._company()
        self._settle()
        return self._resolve()

    def _dataset_acronym(self, hit: Hit) -> bool:
        """MQA is an attention, but "the MQA dataset" is not."""
        if hit.label not in ("Method", "Model") or not self.view[hit.start : hit.end].isupper():
            return False
        follow = _FOLLOWING.match(self.view, hit.end)
        return follow is not None and follow[1].lower() in _DATA_HEADS

    # --- definitions that overrule the lexicon ---

    def _local_definitions(self) -> None:
        """Let "Sparse Fine-Tuning (SFT)" take SFT away from what the lexicon means by it, in this paper."""
        drop: set[str] = set()
        self.aliases: list[tuple[str, str]] = []  # (surface, id)
        for d in self.definitions:
            short = self.view[d.start : d.end]
            long_hit = self._hit_at(d.long_start, d.long_end)
            short_hit = self._hit_at(d.start, d.end)
            if short_hit is not None and long_hit is None:
                presented = any(i.own and i.start < d.end and d.long_start < i.end for i in self.introductions)
                replaced = (short.isupper() and len(short) <= 5) or (presented and short_hit.label == "Model")
                if replaced and not _alike(self.view[d.long_start : d.long_end], short_hit):
                    drop.add(short)
                else:
                    self.aliases.append((self.view[d.long_start : d.long_end], short_hit.id))
            elif long_hit is not None and short_hit is None:
                self.aliases.append((short, long_hit.id))
            elif long_hit is not None and short_hit is not None and long_hit.id != short_hit.id:
                drop.add(short)
                self.aliases.append((short, long_hit.id))
        if drop:
            self.hits = [hit for hit in self.hits if self.view[hit.start : hit.end] not in drop]

    def _hit_at(self, start: int, end: int) -> Hit | None:
        for hit in self.hits:
            if hit.start <= start + 1 and hit.end >= end - 1 and hit.end - hit.start <= end - start + 3:
                return hit
        return None

    # --- candidates ---

    def _candidate(self, surface: str, rule: str, at: int) -> _Candidate:
        name, sizes = _without_size(surface)
        key = _key(name)
        found = self.candidates.get(key)
        if found is None:
            found = self.candidates[key] = _Candidate(name, at=at, shape=shape_of(name.replace(" ", "-")))
        found.surfaces.setdefault(surface, rule)
        if sizes:
            found.sizes += [s for s in sizes if s not in found.sizes]
            found.add("Model", 1.0)
        return found

    def _introduce(self) -> None:
        for item in self.introductions:
            surface = self.view[item.start : item.end].strip()
            hit = self._hit_at(item.start, item.end)
            if hit is not None:
                if (
                    item.own
                    and item.rule not in ("enumeration@1", "trained@1")
                    and not hit.generic
                    and (item.rule == "title-colon@1" or not self._seen_before(hit, item))
                ):
                    self._own_ids.add(hit.id)
                continue
            if not _nameable(surface):
                continue
            candidate = self._candidate(surface, item.rule, item.start)
            candidate.accepted = True
            candidate.own = candidate.own or item.own
            weight = 5.0 if item.rule == "called@1" else 4.0
            candidate.add(kind_of_head(item.head), weight if item.rule != "title-colon@1" else 3.0)

    def _seen_before(self, hit: Hit, item: Introduction) -> bool:
        return any(
            h.id == hit.id and h.start < item.start and h.start >= self.document.split for h in self.hits
        )

    def _define(self) -> None:
        """Join the two names of a definition, and accept unknown ones that are things."""
        aliased = {surface for surface, _ in self.aliases}
        for d in self.definitions:
            short, long = self.view[d.start : d.end], self.view[d.long_start : d.long_end]
            if (
                short in aliased
                or long in aliased
                or self._hit_at(d.start, d.end)
                or self._hit_at(d.long_start, d.long_end)
            ):
                continue
            one = self.candidates.get(_key(short))
            other = self.candidates.get(_key(long))
            inner = other or self._inside(d)
            base = short[:-1] if short.endswith("s") and short[-2:-1].isupper() else short
            if base in NO_NAMES and not (one and one.own) and not (inner and inner.own):
                self._blocked.add(_key(short))
                continue
            candidate = one or inner
            if candidate is None:
                head = re.findall(r"[\w-]+", long)[-1].lower()
                if not _defined_thing(long, head):
                    self._blocked.add(_key(short))
                    continue
                candidate = self._candidate(short, "acronym@1", d.start)
                candidate.accepted = True
                candidate.own = self._presented(d, long)
                candidate.add(_kind_of_long(head), 2.5)
            else:
                head = re.findall(r"[\w-]+", long)[-1].lower()
                kind = _kind_of_long(head)
                candidate.add(kind if kind != "Model" or not candidate.own else None, 1.5)
            if one is not None and inner is not None and one is not inner:
                self._merge(one, inner)
                candidate = one
            candidate.surfaces.setdefault(short, "acronym@1")
            candidate.surfaces.setdefault(long, "acronym@1")
            self.candidates[_key(short)] = candidate
            self.candidates[_key(long)] = candidate
            if short.isupper() and short.isalpha() and len(short) <= 4 and long[0].isupper():
                candidate.name = long
            else:
                candidate.name = _without_size(short)[0]

    def _presented(self, d: Definition, long: str) -> bool:
        """Whether the paper defines the thing as its own: "a novel Long Form (LF)" where it speaks of itself."""
        begin = d.long_start
        if begin < max(self.clauses.own_start, self.document.split) or not long[0].isupper():
            return False
        before = self.view[self.document.sentence(begin)[0] : begin]
        return _NOVEL.search(before[-50:]) is not None or _MADE_OF.search(before) is not None

    def _inside(self, d: Definition) -> _Candidate | None:
        """The introduced candidate whose place lies in or over the long form."""
        for item in self.introductions:
            if (
                item.start < d.long_end
                and d.long_start < item.end
                and item.end <= d.end
                and item.rule != "title-colon@1"
            ):
                key = _key(_without_size(self.view[item.start : item.end])[0])
                found = self.candidates.get(key)
                if found is not None:
                    if item.end - item.start < d.long_end - d.long_start or not found.surfaces:
                        found.surfaces.pop(self.view[item.start : item.end], None)
                    return found
        return None

    def _merge(self, one: _Candidate, other: _Candidate) -> None:
        one.surfaces |= {k: v for k, v in other.surfaces.items() if k not in one.surfaces}
        for kind, weight in other.scores.items():
            one.add(kind, weight)
        one.own = one.own or other.own
        one.accepted = one.accepted or other.accepted
        one.sizes += [s for s in other.sizes if s not in one.sizes]
        for key, value in self.candidates.items():
            if value is other:
                self.candidates[key] = one

    def _consider_tokens(self) -> None:
        """Every name-shaped token no rule has claimed yet."""
        covered = [(hit.start, hit.end) for hit in self.hits]
        covered += [(d.long_start, d.long_end) for d in self.definitions]
        for token in self.tokens:
            if token.shape == "title":
                continue
            if any(s <= token.start and token.end <= e for s, e in covered):
                continue
            key = _key(_without_size(token.text)[0])
            if key in self._blocked:
                continue
            if key in self.candidates:
                self.candidates[key].surfaces.setdefault(token.text, "context@1")
                continue
            if len(token.text) < 3 and token.shape != "mixed":
                continue
            sized = _SIZED_NAME.match(token.text)
            fresh = self._candidate(
                token.text,
                "model-morphology@1" if sized else "context@1",
                token.start,
            )
            if sized:
                fresh.add("Model", 3.0)

    def _consider_phrases(self) -> None:
        """Runs of capitalised words inside a sentence whose last word says that they are a method or benchmark."""
        run: list[Token] = []
        for token in [*self.tokens, None]:
            if (
                token is not None
                and token.start >= self.document.split
                and (not run or (token.start == run[-1].end + 1 and self.view[run[-1].end] == " "))
            ):
                run.append(token)
                continue
            if len(run) >= 2:
                self._phrase(run)
            run = [token] if token is not None and token.start >= self.document.split else []

    def _phrase(self, run: list[Token]) -> None:
        if run[0].first:
            run = run[1:]
        if len(run) < 2 or all(token.shape != "title" for token in run):
            return
        start, end = run[0].start, run[-1].end
        if any(h.start < end and start < h.end for h in self.hits):
            return
        last = run[-1].text.split("-")[-1].lower()
        text = self.view[start:end]
        if _key(text) in self.candidates:
            return
        if any(d.long_start <= start and end <= d.long_end for d in self.definitions):
            return
        if last in _METHOD_WORDS or last in BENCHMARK_HEADS:
            candidate = self._candidate(text, "context@1", start)
            candidate.accepted = True
            candidate.add("Benchmark" if last in BENCHMARK_HEADS else "Method", 3.0)

    # --- known things ---

    def _known(self) -> None:
        for hit in self.hits:
            entity = self.entities.get(hit.id)
            if entity is None:
                entity = self.entities[hit.id] = Entity(
                    hit.label, hit.id, hit.name, properties=dict(hit.properties), facts=hit.facts, known=True,
                    weak=hit.weak, confidence=0.98,
                )  # fmt: skip
                entity.own = hit.id in self._own_ids
            entity.weak = entity.weak and hit.weak and not self._trusted(hit)
            entity.places.append(Place(hit.start, hit.end, hit.rule))
            entity.sizes += [s for s in hit.sizes if s not in entity.sizes]
        for surface, node in self.aliases:
            entity = self.entities.get(node)
            if entity is not None:
                entity.weak = False
                entity.places += self._places(surface, "acronym@1")

    def _trusted(self, hit: Hit) -> bool:
        """Whether a common word is a name here: capitalised inside a sentence, with no capitalised neighbour."""
        view, start, end = self.view, hit.start, hit.end
        text = view[start:end]
        follow = _FOLLOWING.match(view, end)
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
        spots: list[tuple[int, int]] = []
        owner: dict[int, Entity | _Candidate] = {}
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
                for kind, weight in by_place(self.view, place.start, place.end):
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
                elif isinstance(thing, _Candidate) and thing.scores:
                    strength, kind = max((score, kind) for kind, score in thing.scores.items())
                    if strength >= 3:
                        kinds[kind] = kinds.get(kind, 0.0) + 1.5
            lead = self._list_head(leader, members)
            if lead:
                kinds[lead] = kinds.get(lead, 0.0) + 3.0
            for start in members:
                thing = owner.get(start)
                if isinstance(thing, _Candidate) and kinds:
                    for kind, weight in kinds.items():
                        thing.add(kind, min(weight, 4.0) * (0.4 if thing.own else 1.0))
                    thing.accepted = thing.accepted or (max(kinds.values()) >= 3 and _list_member(thing))
                if isinstance(thing, Entity) and thing.weak and kinds.get(thing.label, 0) >= 6:
                    thing.weak = False

    _LIST_HEAD = re.compile(
        r"([A-Za-z-]+)(?:,? (?:such as|like|including|e\.g\.,?|namely|i\.e\.,?)|:| \((?:e\.g\.,? |"
        r"i\.e\.,? |including |such as )?)[ \"']*(?:the )?$"
    )

    def _list_head(self, leader: int, members: list[int]) -> str | None:
        match = self._LIST_HEAD.search(self.view, max(0, leader - 60), leader)
        return kind_of_head(match[1].lower()) if match else None

    def _settle(self) -> None:
        """Decide which candidates are things, and of which kind."""
        settled: list[tuple[_Candidate, str, list[Place]]] = []
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
                        candidate.add("Benchmark", 2.0)
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
                need = 1.5 if _strong_shape(candidate.name) else 3.0
                if candidate.shape == "caps":
                    need = 3.0
                if strength < need and not (_strong_shape(candidate.name) and len(places) > 1):
                    continue
                if best == "Hardware" and strength < 2:
                    continue
            label = best or "Method"
            if candidate.own and strength < 2.5 and (best is None or label in ("Method", "Model")):
                label = self._own_kind(places)
            if label == "Hardware" and candidate.own:
                label = "Method"
            settled.append((candidate, label, places))
        bases = [c.name + "-" for c, label, _ in settled if c.own and label == "Model"]
        for candidate, label, places in settled:
            if label != "Model" and any(candidate.name.startswith(base) for base in bases):
                label = "Model"  # a variant of the model the paper presents  # noqa: PLW2901
            self._emit(candidate, label, places)

    def _part_of_own(self, candidate: _Candidate, places: list[Place]) -> bool:
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
                self.view, begin, place.start
            )
            if renamed and any(i.own and begin <= i.start < place.start for i in self.introductions):
                return True
        return False

    def _own_kind(self, places: list[Place]) -> str:
        """What a paper made that it never says the kind of: what it speaks of as "our model" or "our method"."""
        if any(p.start >= self.document.split and self.view[p.end : p.end + 1] != "-" for p in places):
            return "Method"
        models = len(_OUR_MODEL.findall(self.view, self.document.split))
        methods = len(_OUR_METHOD.findall(self.view, self.document.split))
        return "Model" if models > methods else "Method"

    def _emit(self, candidate: _Candidate, label: str, places: list[Place]) -> None:
        name = re.sub(r"[\"“”]", "", candidate.name).strip()
        key = identifier(name)
        if not key:
            return
        node = f"{label.lower()}:{key}"
        entity = self.entities.get(node)
        if entity is None:
            properties: dict[str, Any] = {"generic": False} if label == "Method" else {}
            entity = self.entities[node] = Entity(
                label, node, name, properties=properties, confidence=0.85 if candidate.own else 0.75
            )
        entity.own = entity.own or candidate.own
        entity.weak = False
        entity.places += places
        if label == "Model":
            entity.sizes += [s for s in candidate.sizes if s not in entity.sizes]

    # --- places ---

    def _places(self, surface: str, rule: str) -> list[Place]:
        """Every place of a surface, in whatever case and hyphenation a proper name may be written."""
        wanted = _searchable(surface)
        if not wanted:
            return []
        key, view, split = self.document.key, self.view, self.document.split
        strict = _plain_word(surface)
        found = []
        at = key.find(wanted)
        while at >= 0:
            start, end = at, at + len(wanted) - 1
            at = key.find(wanted, at + 1)
            following = view[end : end + 1]
            if following == "s" and not surface.endswith("s"):
                end += 1
                following = view[end : end + 1]
            if following and (following.isalnum() or following in "+_"):
                continue
            if (
                following == "."
                and view[end + 1 : end + 2].isalnum()
                and not view[end + 1 : end + 2].isupper()
            ):
                continue
            if start < split <= end or start >= end:
                continue
            text = view[start:end]
            if strict and text.rstrip("s") != surface.rstrip("s"):
                continue
            if text.islower() and not surface.islower() and " " not in surface and "-" not in surface:
                continue
            found.append(Place(start, end, rule))
        return found

    def _resolve(self) -> list[Entity]:
        """Let the longest of overlapping names win; an entity left without a place is dropped."""
        every = [(place, entity) for entity in self.entities.values() for place in entity.places]
        every.sort(
            key=lambda pair: (pair[0].start - pair[0].end, pair[0].start, not pair[1].known, pair[1].id)
        )
        kept: list[tuple[int, int, str]] = []
        final: dict[str, list[Place]] = {}
        size = len(self.view) + 1
        mark = bytearray(size)
        for place, entity in every:
            if any(mark[place.start : place.end]):
                same = [
                    k
                    for k in kept
                    if k[0] == place.start and k[2] != entity.id and "/" in self.view[k[0] : k[1]]
                ]
                if not (
                    same and entity.label == "Model" and entity.known and same[0][2].startswith("model:")
                ):
                    continue
            if final.get(entity.id) and any(p.start == place.start for p in final[entity.id]):
                continue
            mark[place.start : place.end] = b"\x01" * (place.end - place.start)
            kept.append((place.start, place.end, entity.id))
            final.setdefault(entity.id, []).append(place)
        result = []
        for entity in self.entities.values():
            places = final.get(entity.id)
            if places:
                entity.places = sorted(places, key=lambda p: p.start)
                result.append(entity)
        result.sort(key=lambda e: (e.places[0].start, e.id))
        return result


def _key(name: str) -> str:
    """What spellings of one new name have in common."""
    return _KEYLIKE.sub("", _PLURAL.sub("", name).lower())


def _without_size(surface: str) -> tuple[str, list[str]]:
    match = _SIZED_NAME.match(surface)
    if match is None:
        return surface, []
    return match[1] + match[4], [f"{match[2]}{match[3]}"]


def _alike(long: str, hit: Hit) -> bool:
    """Whether a long form is only another wording of what the lexicon knows."""
    mine = {w[:5] for w in re.findall(r"[a-z]+", long.lower())}
    names = {w[:5] for w in re.findall(r"[a-z]+", hit.name.lower())}
    return len(mine & names) >= max(1, len(names) // 2) and len(names) > 1


def _nameable(surface: str) -> bool:
    if len(surface) < 2 or surface in NO_NAMES or surface.rstrip("s") in NO_NAMES:
        return False
    words = surface.split()
    if len(words) == 1 and surface.islower() and surface.isalpha():
        return False
    if len(words) == 1 and words[0].lower() in BENCHMARK_HEADS | METHOD_HEADS | MODEL_HEADS:
        return False
    return not all(word.strip("s") in NO_NAMES or word.lower() in MODEL_HEADS for word in words)


def _defined_thing(long: str, head: str) -> bool:
    """Whether an unclaimed long form names a method or benchmark rather than a task, a field or a quantity."""
    if head in _TASK_HEADS or head in MODEL_HEADS:
        return False
    if head in BENCHMARK_HEADS:
        return bool(_LONG_ENTITY.match(long))
    return head in _METHOD_WORDS or head.rstrip("s") in _METHOD_WORDS


def _kind_of_long(head: str) -> str | None:
    return "Method" if head in _METHOD_WORDS or head in ("model", "models") else kind_of_head(head)


def _list_member(candidate: _Candidate) -> bool:
    return candidate.shape in ("mixed", "caps") and len(candidate.name) > 2


def _strong_shape(name: str) -> bool:
    """CamelCase with at least four letters: nobody writes SnapKV by accident."""
    return (
        len(name) >= 4
        and any(c.islower() for c in name)
        and sum(c.isupper() for c in name) >= 2
        and not name.endswith(("ed", "ing"))
    )


def _plain_word(surface: str) -> bool:
    """Names that would match common words in another case: one word, or capitals of a word (LESS)."""
    return surface.isalpha() and (surface.istitle() or surface.isupper())


def _searchable(surface: str) -> str:
    low = surface.lower()
    if len(low) != len(surface):
        return ""
    text = "".join(c if c.isalnum() or c in ".+" else " " for c in low)
    return " " + text.strip() if text.strip() else ""


def names(entities: Iterable[Entity]) -> set[str]:
    """Ids of some entities."""
    return {entity.id for entity in entities}


__all__ = ["Entity", "Gatherer", "Place", "compact", "identifier", "names"]
