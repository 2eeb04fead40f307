"""Names under consideration: what a text introduces, defines or writes like a name.

What each of them is, and whether it is a thing at all, is decided afterwards.
"""

from __future__ import annotations

import re

from ..hits import Hit
from ..relating.relations import Clauses
from ..text import Document
from ..things import (
    Candidate,
    Entity,
    Place,
    is_plain_word,
    key_of,
    searchable,
    without_size,
)
from ..words import BENCHMARK_HEADS, METHOD_WORDS, MODEL_HEADS, NO_NAMES, TASK_HEADS, word_set
from .definitions import Definition
from .kinds import kind_of_head
from .names import Token, shape_of
from .neighbours import HEADS, Introduction

_NOVEL = re.compile(
    r"(?<!\w)(?:novel|new|our|propos\w+|introduc\w+|develop\w*|design\w*|present\w*)(?: an?|"
    r" the)?(?: (?!(?:from|for|in|on|with|to|by|like|and) )[\w-]+)? $"
)
_GUIDED = re.compile(
    r"(?<![\w-])[A-Z]\w*-(?:Guided|Aware|Based|Driven|Free|Enhanced|Augmented|Informed|Efficient) $"
)
_BASED = re.compile(r"(?: ?\([^()]{1,20}\))?-(?:based|style|like|inspired)(?!\w)")
_ONE_MORE = re.compile(r"(?<!\w)[Aa]n? (?:[a-z][\w-]* ){0,3}$")
_MADE_OF = re.compile(r"(?<!\w)(?:consist\w* of|comprises|comprising|composed of)(?!\w)[^.;:]{0,120}$")
_DATA_HEADS = word_set("dataset datasets benchmark benchmarks corpus leaderboard")
_AFTER_BRACKET = re.compile(r"\"?\) ([a-z]+)")
_TRAINED_WITH = frozenset(["SFT", "RLHF", "DPO", "RL", "GRPO", "PPO", "PEFT", "ICL", "RAG", "RLVR", "TTS"])
"""What data may be for without being called so: "an SFT dataset"."""
_CALLED_METHOD = word_set(
    "framework method algorithm approach technique paradigm modeling architecture mechanism"
)
_SURVEY = re.compile(r"(?<!\w)(?:[Ss]urvey|[Rr]eview|[Oo]verview|[Tt]utorial)(?: of| on|:|\n|$)")
_BRINGS = re.compile(r"(?:propos|introduc|present)\w*(?: an?| the)? $")
_EXPLAINING = re.compile(r"\"?(?: \([^()]{1,30}\))?(?:,|:| \(|,? (?:is|as)) ?(?:an?|the)?(?: [\w-]+){0,5} $")
_NAME_NEXT = re.compile(
    r"(?: [a-z]+)?(?:,? (?:called|named|dubbed|termed|namely) |, [A-Z][\w-]*[A-Z][\w-]*,|"
    r" \(?[A-Z][\w-]*[A-Z][\w-]*\))"
)
_TAKEN = (
    "utilizing the ", "using the ", "uses the ", "use the ", "with the ", "employ the ", "apply ", "applying ",
    "like ", "such as ", "the recent ", "recently proposed ",
)  # fmt: skip
"""What stands before names of others."""
FOLLOWING = re.compile(r" ([A-Za-z]+)")
_WORD = re.compile(r"[\w-]+")
_LETTERS = re.compile(r"[a-z]+")
_LONG_ENTITY = re.compile(r"[A-Z]")


class Candidates:
    """The candidates of one document, and what of the lexicon its own definitions overrule."""

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
        self.candidates: dict[str, Candidate] = {}
        self.entities: dict[str, Entity] = {}
        self._surveyed = _SURVEY.search(document.view, 0, document.split) is not None
        self.unsaid: set[str] = set()
        self.aliases: list[tuple[str, str]] = []  # (surface, id)

    def _dataset_acronym(self, hit: Hit) -> bool:
        """MQA is an attention, but "the MQA dataset" is not."""
        text = self.view[hit.start : hit.end]
        if hit.label not in ("Method", "Model") or not text.isupper() or text in _TRAINED_WITH:
            return False
        follow = FOLLOWING.match(self.view, hit.end)
        return follow is not None and follow[1].lower() in _DATA_HEADS

    # --- definitions that overrule the lexicon ---

    def _local_definitions(self) -> None:
        """Let "Sparse Fine-Tuning (SFT)" take SFT away from what the lexicon means by it, in this paper."""
        drop = self.unsaid
        for d in self.definitions:
            short = self.view[d.start : d.end]
            long_hit = self._hit_at(d.long_start, d.long_end)
            short_hit = self._hit_at(d.start, d.end)
            if short_hit is not None and long_hit is None:
                presented = any(
                    i.own and i.start < d.end and d.long_start < i.end for i in self.introductions
                )
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

    def _candidate(self, surface: str, rule: str, at: int) -> Candidate:
        name, sizes = without_size(surface)
        key = key_of(name)
        found = self.candidates.get(key)
        if found is None:
            found = self.candidates[key] = Candidate(name, at=at, shape=shape_of(name.replace(" ", "-")))
        found.surfaces.setdefault(surface, rule)
        if sizes:
            found.sizes += [s for s in sizes if s not in found.sizes]
            found.add("Model", 1.0)
        return found

    def _introduce(self) -> None:
        known = {
            (d.long_start, d.long_end): hit
            for d in self.definitions
            if not self.view[d.start : d.end].rstrip("s").isupper()
            and (hit := self._hit_at(d.start, d.end)) is not None
            and not hit.generic
        }
        for item in self.introductions:
            surface = self.view[item.start : item.end].strip()
            if (
                item.own
                and (meant := known.get((item.start, item.end)))
                and _BRINGS.search(self.view, max(0, item.start - 24), item.start)
            ):
                self._own_ids.add(meant.id)
            if item.rule == "measure@1":
                self._blocked.add(key_of(surface))
                continue
            hit = self._hit_at(item.start, item.end)
            if hit is not None and item.own and self._namesake_of(hit, item, surface):
                self.unsaid.add(surface)
                self.hits = [h for h in self.hits if self.view[h.start : h.end] != surface]
                hit = None
            if hit is not None:
                if (
                    item.own
                    and not self._surveyed
                    and not self._modifies(hit, item)
                    and item.rule not in ("enumeration@1", "trained@1")
                    and not hit.generic
                    and (item.rule == "title-colon@1" or not self._seen_before(hit, item))
                ):
                    self._own_ids.add(hit.id)
                continue
            if not _nameable(surface) and not (item.rule == "title-colon@1" and surface.islower()):
                continue
            candidate = self._candidate(surface, item.rule, item.start)
            candidate.accepted = True
            candidate.own = candidate.own or item.own
            if item.head:
                candidate.heads.append(item.head)
            weight = 5.0 if item.rule == "called@1" else 4.0
            candidate.add(kind_of_head(item.head), weight if item.rule != "title-colon@1" else 3.0)

    def _namesake_of(self, hit: Hit, item: Introduction, surface: str) -> bool:
        """ARIA, which the paper introduces in capitals and the title does not name, is not the known Aria."""
        return (
            surface.isupper()
            and surface.isalpha()
            and len(surface) > 2
            and hit.label == "Model"
            and item.rule == "introduced@1"
            and hit.name.upper() != hit.name
            and not any(other.id == hit.id and other.start < self.document.split for other in self.hits)
        )

    def _modifies(self, hit: Hit, item: Introduction) -> bool:
        """ "a NAME architecture", "a hybrid NAME", "a NAME-based strategy": made with a known thing, not it."""
        if item.rule == "title-colon@1" or hit.label != "Method":
            return False
        if _BASED.match(self.view, item.end):
            return True
        titled = any(other.id == hit.id and other.start < self.document.split for other in self.hits)
        return not titled and _ONE_MORE.search(self.view, max(0, item.start - 40), item.start) is not None

    def _seen_before(self, hit: Hit, item: Introduction) -> bool:
        return any(
            h.id == hit.id and h.start < item.start and h.start >= self.document.split for h in self.hits
        )

    def _define(self) -> None:
        """Join the two names of a definition, and accept unknown ones that are things."""
        aliased = {surface for surface, _ in self.aliases}
        for d in self.definitions:
            short, long = (
                self.view[d.start : d.end],
                self.view[d.long_start : d.long_end],
            )
            if (
                short in aliased
                or long in aliased
                or self._hit_at(d.start, d.end)
                or self._hit_at(d.long_start, d.long_end)
            ):
                continue
            one = self.candidates.get(key_of(short))
            other = self.candidates.get(key_of(long))
            inner = other or self._inside(d)
            base = short[:-1] if short.endswith("s") and short[-2:-1].isupper() else short
            if base in NO_NAMES and not (one and one.own) and not (inner and inner.own):
                self._blocked.add(key_of(short))
                continue
            candidate = one or inner
            head = _WORD.findall(long)[-1].lower()
            if candidate is None:
                tail = head.rsplit("-", 1)[-1]
                if not _defined_thing(long, tail) and not self._called_method(d, long, head):
                    self._blocked.add(key_of(short))
                    continue
                candidate = self._candidate(short, "acronym@1", d.start)
                candidate.accepted = True
                candidate.own = self._presented(d, long)
                candidate.add(_kind_of_long(head), 2.5)
            else:
                kind = _kind_of_long(head)
                candidate.add(kind if kind != "Model" or not candidate.own else None, 1.5)
            if one is not None and inner is not None and one is not inner:
                self._merge(one, inner)
                candidate = one
            candidate.surfaces.setdefault(short, "acronym@1")
            candidate.surfaces.setdefault(long, "acronym@1")
            self.candidates[key_of(short)] = candidate
            self.candidates[key_of(long)] = candidate
            if short.isupper() and short.isalpha() and len(short) <= 4 and long[0].isupper():
                candidate.name = long
            else:
                candidate.name = without_size(short)[0]

    def _called_method(self, d: Definition, long: str, head: str) -> bool:
        """ "the Long Model (LM) framework": capitalised, and a noun behind it says that it is a method."""
        follow = _AFTER_BRACKET.match(self.view, d.end)
        if follow is None or (head in TASK_HEADS and follow[1] not in ("framework", "method", "algorithm")):
            return False
        return (
            all(word[0].isupper() for word in long.split() if len(word) > 3) and follow[1] in _CALLED_METHOD
        )

    def _presented(self, d: Definition, long: str) -> bool:
        """Whether the paper defines the thing as its own: "a novel Long Form (LF)" where it speaks of itself."""
        begin = d.long_start
        if begin < max(self.clauses.own_start, self.document.split) or not long[0].isupper():
            return False
        before = self.view[max(self.document.sentence(begin)[0], begin - 200) : begin]
        return _NOVEL.search(before[-50:]) is not None or _MADE_OF.search(before) is not None

    def _inside(self, d: Definition) -> Candidate | None:
        """The introduced candidate whose place lies in or over the long form."""
        for item in self.introductions:
            if (
                item.start < d.long_end
                and d.long_start < item.end
                and item.end <= d.end
                and item.rule != "title-colon@1"
            ):
                key = key_of(without_size(self.view[item.start : item.end])[0])
                found = self.candidates.get(key)
                if found is not None:
                    if item.end - item.start < d.long_end - d.long_start or not found.surfaces:
                        found.surfaces.pop(self.view[item.start : item.end], None)
                    return found
        return None

    def _merge(self, one: Candidate, other: Candidate) -> None:
        one.surfaces |= {k: v for k, v in other.surfaces.items() if k not in one.surfaces}
        for kind, weight in other.scores.items():
            one.add(kind, weight)
        one.own = one.own or other.own
        one.heads += other.heads
        one.accepted = one.accepted or other.accepted
        one.sizes += [s for s in other.sizes if s not in one.sizes]
        for key, value in self.candidates.items():
            if value is other:
                self.candidates[key] = one

    def _consider_tokens(self) -> None:
        """Every name-shaped token no rule has claimed yet."""
        taken = bytearray(len(self.view))
        for hit in self.hits:
            taken[hit.start : hit.end] = b"\x01" * (hit.end - hit.start)
        for d in self.definitions:
            taken[d.long_start : d.long_end] = b"\x01" * (d.long_end - d.long_start)
        for token in self.tokens:
            if token.shape == "title":
                continue
            if 0 not in taken[token.start : token.end]:
                continue
            key = key_of(without_size(token.text)[0])
            if key in self._blocked:
                continue
            if key in self.candidates:
                self.candidates[key].surfaces.setdefault(token.text, "context@1")
                continue
            if len(token.text) < 3 and token.shape != "mixed":
                continue
            sized = bool(without_size(token.text)[1])
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
                and (
                    not run
                    or (token.start == run[-1].end + 1 and self.view[run[-1].end] == " ")
                    or self._halved(run[-1].end, token.start)
                )
            ):
                run.append(token)
                continue
            if len(run) >= 2:
                self._phrase(run)
            run = [token] if token is not None and token.start >= self.document.split else []

    def _halved(self, end: int, start: int) -> bool:
        """Whether nothing but the other half of "Coverage-Discounted" stands between."""
        view = self.view
        return (
            view[end] == "-"
            and view[start - 1] == " "
            and view[end + 1].isupper()
            and view[end + 1 : start - 1].isalpha()
        )

    def _phrase(self, run: list[Token]) -> None:
        if run[0].first:
            run = run[1:]
        if len(run) < 2 or all(token.shape != "title" for token in run):
            return
        start, end = run[0].start, run[-1].end
        guided = _GUIDED.search(self.view, max(self.document.split, start - 40), start)
        if guided is not None and guided.start() not in self._sentence_starts:
            start = guided.start()
        within = [h for h in self.hits if h.start < end and start < h.end]
        if within and not self._outgrown(run, start, end, within):
            return
        last = run[-1].text.split("-")[-1].lower()
        text = self.view[start:end]
        if key_of(text) in self.candidates:
            return
        if any(d.long_start <= start and end <= d.long_end for d in self.definitions):
            return
        if last in METHOD_WORDS or last in BENCHMARK_HEADS:
            candidate = self._candidate(text, "context@1", start)
            candidate.accepted = True
            candidate.add("Benchmark" if last in BENCHMARK_HEADS else "Method", 3.0)
            candidate.own = candidate.own or bool(within) or self._brought(run, start)

    def _brought(self, run: list[Token], start: int, known: int = 1 << 30) -> bool:
        """A long capitalised name, in a clause that says what the paper's own thing is made of."""
        if (
            len(run) < 3
            or start < self.clauses.own_start
            or any(token.shape in ("caps", "mixed") and token.start < known for token in run)
        ):
            return False
        if _NAME_NEXT.match(self.view, run[-1].end) or self.clauses.listed(start):
            return False
        explains = _EXPLAINING.search(self.view, self.document.sentence(start)[0], start)
        if explains and any(item.own and item.end == explains.start() for item in self.introductions):
            return False
        cue = self.clauses.governing(start)
        return (cue is None or cue.kind in ("USE", "PROPOSE")) and not self.view.endswith(_TAKEN, 0, start)

    def _outgrown(self, run: list[Token], start: int, end: int, within: list[Hit]) -> bool:
        """Whether known names are only the end of a longer one ("Two-Sided Loom Flow Matching")."""
        first = min(hit.start for hit in within)
        before = sum(token.end <= first for token in run)
        return (
            before >= 1
            and all(start < hit.start and hit.end <= end for hit in within)
            and self._brought(run, start, first)
        )

    # --- places ---

    def _places(self, surface: str, rule: str) -> list[Place]:
        """Every place of a surface, in whatever case and hyphenation a proper name may be written."""
        wanted = searchable(surface)
        if not wanted:
            return []
        key, view, split = self.document.key, self.view, self.document.split
        strict = is_plain_word(surface)
        signed = surface.endswith("#")
        found = []
        at = key.find(wanted)
        while at >= 0:
            start, end = at, at + len(wanted) - 1
            at = key.find(wanted, at + 1)
            following = view[end : end + 1]
            if signed:
                if following != "#":
                    continue
                end += 1
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


def _alike(long: str, hit: Hit) -> bool:
    """Whether a long form is only another wording of what the lexicon knows."""
    mine = {w[:5] for w in _LETTERS.findall(long.lower())}
    names = {w[:5] for w in _LETTERS.findall(hit.name.lower())}
    return len(mine & names) >= max(1, len(names) // 2) and len(names) > 1


def _nameable(surface: str) -> bool:
    if len(surface) < 2 or surface in NO_NAMES or surface.rstrip("s") in NO_NAMES:
        return False
    words = surface.split()
    if len(words) == 1 and surface.islower() and surface.isalpha():
        return False
    if len(words) == 1 and words[0].lower() in HEADS:
        return False
    return not all(word.strip("s") in NO_NAMES or word.lower() in MODEL_HEADS for word in words)


def _defined_thing(long: str, head: str) -> bool:
    """Whether an unclaimed long form names a method or benchmark rather than a task, a field or a quantity."""
    if head in TASK_HEADS or head in MODEL_HEADS:
        return False
    if head in BENCHMARK_HEADS:
        return bool(_LONG_ENTITY.match(long))
    return head in METHOD_WORDS or head.rstrip("s") in METHOD_WORDS


def _kind_of_long(head: str) -> str | None:
    return (
        "Method"
        if head.rsplit("-", 1)[-1] in METHOD_WORDS or head in ("model", "models")
        else kind_of_head(head)
    )
