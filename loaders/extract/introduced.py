"""Names that no lexicon knows, from how authors introduce them.

"NAME: subtitle" titles; "we propose NAME"; "a framework called NAME"; "our method, NAME,". Each finding says where
the name stands, whether the paper claims it as its own, and which noun says what it is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace

from .definitions import Definition
from .hits import Cue, Hit
from .kinds import noun_phrase_head
from .names import Token, shape_of
from .text import Document
from .words import BENCHMARK_HEADS, BREAKS, METHOD_HEADS, MODEL_HEADS, NO_NAMES, NO_TITLES, word_set

_WORD = re.compile(r"[^\s]+")
_QUOTED = re.compile(r"\"([^\"\n]{2,60})\"|'([A-Z][^'\n]{2,60})'")
_TITLE_CUT = re.compile(r": | ?-- | - |:(?=[A-Z])")
_DETERMINERS = word_set("a an the our this these its two three four five several some such another one")
_CLAUSE = re.compile(r"[A-Za-z]")
_HEADS = BENCHMARK_HEADS | MODEL_HEADS | METHOD_HEADS
_OWNERSHIP = re.compile(
    r"(?<![\w])(?:we|our|this (?:paper|work|study|report)|is proposed|are proposed|"
    r"introduc\w+|propos\w+|present\w*|resulting in|thus|develop\w*)(?!\w)",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"(?<!\w)(?:recent(?:ly)?|existing|previous(?:ly)?|prior|popular|well-known|widely|"
    r"commonly|often|so-called|known as|"
    r"phenomenon|problem|issue|task|challenge|setting|property|effect)(?!\w)",
    re.IGNORECASE,
)


Word = tuple[int, int, str]
"""Start, end and text of one word of a phrase."""


@dataclass(slots=True, frozen=True)
class Introduction:
    """``view[start:end]`` is a name; ``head`` the noun that says what it is, ``own`` whether the paper made it."""

    start: int
    end: int
    rule: str
    own: bool
    head: str = ""


class Introductions:
    """The rules, over one document."""

    def __init__(
        self,
        document: Document,
        cues: list[Cue],
        tokens: list[Token],
        definitions: list[Definition],
        own_start: int,
        hits: list[Hit],
    ) -> None:
        self.definitions, self.hits = definitions, hits
        self.own_start = own_start
        self.document, self.view, self.cues = document, document.view, cues
        self.tokens = tokens
        self._starts = [token.start for token in tokens]
        self.pairs: list[tuple[int, int, int, int]] = []

    def find(self) -> list[Introduction]:
        """Apply every rule."""
        found = self._title()
        for cue in self.cues:
            if cue.start < self.document.split:
                continue
            if cue.kind == "PROPOSE":
                found += self._proposed(cue)
            elif cue.kind == "CALLED":
                found += self._called(cue)
        found += self._ours()
        found += self._released()
        found += self._quoted()
        return found

    # --- titles ---

    def _title(self) -> list[Introduction]:
        view, stop = self.view, self.document.split - 1
        cut = _TITLE_CUT.search(view, 0, stop)
        if cut is None or cut.start() < 2:
            return []
        name = view[: cut.start()].strip(" \"'")
        if any(hit.start == 0 and hit.end == cut.start() and not hit.generic for hit in self.hits):
            return [Introduction(0, cut.start(), "title-colon@1", True, "")]
        start = view.find(name)
        words = name.split()
        head = _subtitle_head(view[cut.end() : stop])
        if len(words) == 1:
            if words[0].lower() in NO_TITLES or words[0] in NO_NAMES or not any(c.isupper() for c in name):
                return []
            return [Introduction(start, start + len(name), "title-colon@1", True, head)]
        if len(words) > 5:
            return []
        return self._title_phrase(name, words, start, head)

    def _title_phrase(self, name: str, words: list[str], start: int, head: str) -> list[Introduction]:
        end = start + len(name)
        recurs = self.view.find(name, self.document.split) >= 0 or self._addressed(name)
        if any(
            word.lower() in ("is", "are", "do", "does", "can", "what", "how", "why", "you", "we", "not")
            for word in words
        ):
            return []
        special = [w for w in words if shape_of(w) in ("mixed", "caps")]
        if recurs and (special or words[0].lower() not in NO_TITLES):
            return [Introduction(start, end, "title-colon@1", True, head)]
        if (
            special
            and len(words) <= 3
            and words[0].lower() not in NO_TITLES
            and (words[0] in special or words[-1] in special)
        ):
            return [Introduction(start, end, "title-colon@1", True, head)]
        return []

    def _addressed(self, name: str) -> bool:
        """Whether the address of the code bears the name."""
        low = self.document.lower
        return any(
            low.find(f"/{name.lower().replace(' ', joint)}", self.document.split) >= 0 for joint in "-_"
        ) or (low.find(f"/{name.lower().replace(' ', '')}", self.document.split) >= 0)

    # --- "we propose ..." ---

    def _proposed(self, cue: Cue) -> list[Introduction]:
        begin, limit = self.document.sentence(cue.start)
        if self.view.startswith(("is ", "are "), cue.start):
            return self._passive(begin, cue)
        verb = self.view[cue.start : cue.end].lower().split()[-1]
        if verb not in _SOFT:
            for d in self.definitions:
                if cue.end < d.long_start <= cue.end + 60 and _ADJECTIVES.fullmatch(
                    self.view, cue.end, d.long_start
                ):
                    return [
                        Introduction(d.long_start, d.long_end, "introduced@1", True, ""),
                        *self._coordinated(max(d.end, d.long_end) + 1, limit),
                    ]
        if verb in _NAMING:
            found = self._named_as(cue.end, limit)
            if found:
                return found
        return self._phrase(cue.end, limit, verb)

    def _passive(self, begin: int, cue: Cue) -> list[Introduction]:
        """ "the concept of Long Names (LN) is proposed"."""
        for d in self.definitions:
            if begin <= d.long_start and 0 < cue.start - max(d.end, d.long_end) <= 3:
                return [Introduction(d.long_start, d.long_end, "introduced@1", True, "")]
        index = bisect_left(self._starts, cue.start) - 1
        if index < 0 or self.tokens[index].end + 1 != cue.start or self.tokens[index].start < begin:
            return []
        last = first = self.tokens[index]
        while (
            index > 0
            and self.tokens[index - 1].end + 1 == first.start
            and self.tokens[index - 1].start >= begin
        ):
            index -= 1
            first = self.tokens[index]
        if first is last and last.shape == "title":
            return []
        return [Introduction(first.start, last.end, "introduced@1", True, "")]

    def _named_as(self, at: int, limit: int) -> list[Introduction]:
        """ "we term this model as NAME", "we call this metric the idealized runtime"."""
        match = _NAMED_AS.match(self.view, at, limit)
        if match is None:
            return []
        stop = self._name_from(match.end(), limit, "named")
        if stop <= match.end() + 1:
            return []
        return [Introduction(match.end(), stop, "called@1", True, _head_before(match[0]))]

    def _phrase(self, at: int, limit: int, verb: str) -> list[Introduction]:
        """Read the noun phrase after a verb of proposing and find the names in it."""
        view = self.view
        words: list[Word] = []
        bare = True
        punctuation = ""
        soft = verb in _SOFT
        for match in _WORD.finditer(view, at, limit):
            raw = match[0]
            if raw[0] == '"':
                quoted = _QUOTED.match(view, match.start())
                if quoted and not soft:
                    group = 1 if quoted[1] else 2
                    start = quoted.start(group)
                    stop = start + len(quoted[group].rstrip(",."))
                    return [Introduction(start, stop, "introduced@1", True, _last_head(words))]
            if raw[0] == "(" and not (not words and _MARKER.fullmatch(raw)):
                if words and _MARKER.fullmatch(raw):
                    punctuation = ":"
                elif not words:
                    continue
                break
            core = raw.strip("\"'(),.;:!?")
            start = match.start() + raw.find(core) if core else match.start()
            low = core.lower()
            if low in ("a", "an", "the") and words:
                break
            if low in _DETERMINERS and not words:
                bare = low == "the"
                continue
            if low == "of" and words and words[-1][2].lower() in _OF:
                continue
            if not words and (not core or _MARKER.fullmatch(raw)):
                continue
            if core in _MINOR and words and shape_of(words[-1][2]) == "title" and words[-1][1] + 1 == start:
                index = bisect_left(self._starts, match.end())
                follow = self.tokens[index] if index < len(self.tokens) else None
                if follow and follow.start == match.end() + 1 and follow.shape == "title":
                    words.append((start, start + len(core), core))
                    continue
            if (low in BREAKS and not (core.isupper() and len(core) > 2)) and not (
                low == "of" and words and words[-1][2].lower() in _OF
            ):
                break
            words.append((start, start + len(core), core))
            if raw[-1] in ",.;:":
                punctuation = raw[-1]
                break
            if len(words) > 12:
                break
        if not words:
            return []
        end = words[-1][1]
        head = _last_head(words)
        names = self._names_in(words)
        found: list[Introduction] = []
        apposed = self._apposed(end, limit, head) if punctuation == "," or view[end : end + 1] == "," else []
        if apposed and (not names or _followed_by_head(words, names[-1])):
            found = apposed
        elif (
            bare
            and not soft
            and 2 <= len(words) <= 5
            and words[0][2][0].isupper()
            and _EXPLAINED.match(view, end)
        ):
            last = len(words)
            while last > 1 and words[last - 1][2].lower() in _HEADS and words[last - 1][2].islower():
                last -= 1
            found = [
                Introduction(
                    words[0][0], words[last - 1][1], "introduced@1", True, head if last < len(words) else ""
                )
            ]
        elif names and sum(word[0] >= names[-1][1] for word in words) < 3:
            start, stop = names[-1]
            role = self._head_around(words, start, stop)
            if role in ("model", "models") and _BRACKETED.match(view, end):
                role = ""
            if (
                not role
                and bare
                and shape_of(view[start:stop]) == "title"
                and words[-1][0] == stop + 1
                and words[-1][2].islower()
            ):
                stop = words[-1][1]
            found = [Introduction(start, stop, "trained@1" if soft else "introduced@1", True, role)]
        if found:
            found += self._coordinated(found[-1].end, limit)
        elif (later := self._renamed(end, limit, head)) and not soft:
            found = later
        elif verb.startswith(("propos", "introduc", "design", "devis")) and (
            listed := self._listed(end, limit, words)
        ):
            return listed
        elif bare and not soft and len(words) <= 4 and _EXPLAINED.match(view, end) and self._explained(end):
            found = [Introduction(words[0][0], end, "introduced@1", True, self._explained(end))]
        elif verb in _NAMING and words[0][2].lower() not in ("it", "this"):
            found = [Introduction(words[0][0], end, "called@1", True, "")]
        elif verb.startswith(("propos", "introduc", "present", "devis", "develop", "design")):
            found = self._plain(words, end, bare, head, verb)
        for item in found[:1]:
            self._pair(item, max(item.end, end) if item.start >= words[0][0] else item.end)
        return found

    def _pair(self, item: Introduction, end: int) -> None:
        """The name in brackets right after an introduced phrase is its short form, whatever its letters."""
        for place in (item.end, end):
            match = _BRACKETED.match(self.view, place)
            if match and shape_of(match[1]) in ("mixed", "caps"):
                self.pairs.append((match.start(1), match.end(1), item.start, item.end))
                break

    def _explained(self, end: int) -> str:
        """The noun by which ", a simple method that ..." explains what stands before it."""
        match = _EXPLAINED.match(self.view, end)
        head = noun_phrase_head(self.view, match.end()) if match else ""
        return head if head in _HEADS else ""

    def _plain(self, words: list[Word], end: int, bare: bool, head: str, verb: str) -> list[Introduction]:
        """Names in plain words: "we propose preference distillation", "a novel voxel-aware masking strategy"."""
        view = self.view
        if view[words[0][0] : end].isascii() is False:
            return []
        first, last = 0, len(words)
        while first < last and words[first][2].lower() in _PRAISE:
            first += 1
        trimmed = False
        while last > first and words[last - 1][2].lower() in _PLAIN_HEADS:
            last -= 1
            trimmed = True
        kept = words[first:last]
        if not 2 <= len(kept) <= 4 or not verb.startswith(("propos", "introduc")):
            return []
        word = kept[-1][2].lower()
        if word.endswith("s") and not word.endswith(("ss", "sis")):
            return []
        if not _ACTION.search(word):
            return []
        novel = first > 0 and any(w[2].lower() in ("novel", "new") for w in words[:first])
        titled = (
            self.document.key.find(
                " " + self.document.key[kept[0][0] + 1 : kept[-1][1] + 1], 0, self.document.split
            )
            >= 0
        )
        if bare or (trimmed and novel) or titled:
            return [Introduction(kept[0][0], kept[-1][1], "introduced@1", True, "method")]
        return []

    def _listed(self, end: int, limit: int, words: list[Word]) -> list[Introduction]:
        """ "three techniques: A, B, and C", "two refinements, including A and B"."""
        plural = words[-1][2].lower()
        if not plural.endswith("s"):
            return []
        match = _LIST_START.match(self.view, end, limit)
        if match is None:
            return []
        items = self._items(match.end(), limit)
        if len(items) < 2:
            return []
        if any(
            not _ACTION.search(self.view[a:b].split()[-1].lower()) and self.view[a:b].islower()
            for a, b in items
        ):
            return []
        return [Introduction(a, b, "enumeration@1", True, _last_head(words)) for a, b in items]

    def _items(self, at: int, limit: int) -> list[tuple[int, int]]:
        view = self.view
        stop = limit
        cut = _LIST_END.search(view, at, limit)
        if cut:
            stop = cut.start()
        while stop > at and view[stop - 1] in " .;,":
            stop -= 1
        items: list[tuple[int, int]] = []
        place = at
        for gap in [*_LIST_GAP.finditer(view, at, stop), None]:
            end = gap.start() if gap else stop
            start = place
            mark = _LIST_MARK.match(view, start, end)
            if mark:
                start = mark.end()
            text = view[start:end]
            bracket = text.find(" (")
            if bracket > 0:
                end = start + bracket
                text = view[start:end]
            parts = text.split()
            if (
                not parts
                or len(parts) > 5
                or any(w.lower().strip(",") in BREAKS or w.lower() == "both" for w in parts)
            ):
                return items if len(items) >= 2 and gap is None else []
            items.append((start, end))
            if gap:
                place = gap.end()
        return items

    def _names_in(self, words: list[Word]) -> list[tuple[int, int]]:
        """Runs of name-like words in a noun phrase; an acronym such as LLM may stand within one."""
        runs: list[list[Word]] = []
        previous: Word | None = None
        for index, word in enumerate(words):
            shape = shape_of(word[2])
            joined = bool(runs) and previous is not None and runs[-1][-1] is previous
            if shape and (shape != "affixed" or word[2].split("-")[0].istitle()):
                if joined:
                    runs[-1].append(word)
                else:
                    runs.append([word])
            elif joined and (
                (word[2] in NO_NAMES and word[2].isupper()) or (word[2] in _MINOR and index + 1 < len(words))
            ):
                runs[-1].append(word)
            previous = word
        found = []
        for run in runs:
            while run[-1][2] in _MINOR:
                run.pop()
            if len(run) == 1 and self._mere_word(run[0], words):
                continue
            while len(run) == 2 and run[-1][2].lower() in _HEADS and shape_of(run[0][2]) in ("mixed", "caps"):
                run.pop()
            found.append((run[0][0], run[-1][1]))
        return found

    @staticmethod
    def _mere_word(word: Word, words: list[Word]) -> bool:
        """A capitalised common word that only modifies what follows ("a Camera control module")."""
        shape = shape_of(word[2])
        if shape == "affixed":
            return True
        after = [other for other in words if other[0] > word[0]]
        return shape == "title" and len(after) > 1

    def _head_around(self, words: list[Word], start: int, stop: int) -> str:
        after = [w for w in words if w[0] >= stop]
        if after and after[-1][2].lower() in _HEADS:
            return after[-1][2].lower()
        inside = [w for w in words if start <= w[0] < stop]
        before = [w for w in words if w[1] <= start]
        if before and before[-1][2].lower() in _HEADS:
            return before[-1][2].lower()
        last = inside[-1][2].lower()
        return last if len(inside) > 1 and last in _HEADS and last not in MODEL_HEADS else ""

    def _apposed(self, end: int, limit: int, head: str) -> list[Introduction]:
        """ "a novel solution for ..., NAME, which ...": a name between commas that renames the phrase."""
        index = bisect_left(self._starts, end)
        for token in self.tokens[index : index + 2]:
            if token.start >= limit:
                break
            gap = self.view[end : token.start]
            if gap in (", ", ", the ") and token.shape in ("mixed", "caps", "title"):
                stop = self._run_end(index)
                after = self.view[stop : stop + 24]
                if not after.strip() or _AFTER_NAME.match(after):
                    return [Introduction(token.start, stop, "introduced@1", True, head)]
            break
        return []

    def _renamed(self, end: int, limit: int, head: str) -> list[Introduction]:
        """ "a model family with many sizes, NAME, which ...": the name comes after a long phrase."""
        for match in _RENAMED.finditer(self.view, end, limit):
            index = bisect_left(self._starts, match.start(1))
            if index >= len(self.tokens) or self.tokens[index].start != match.start(1):
                continue
            if self._run_end(index) != match.end(1) or match[1] in NO_NAMES:
                continue
            return [Introduction(match.start(1), match.end(1), "introduced@1", True, head)]
        return []

    def _run_end(self, index: int) -> int:
        stop = self.tokens[index].end
        for token in self.tokens[index + 1 :]:
            if token.start != stop + 1 or self.view[stop] != " ":
                break
            stop = token.end
        return stop

    def _coordinated(self, end: int, limit: int) -> list[Introduction]:
        """ "we introduce A and B", "A, B, and C"."""
        found: list[Introduction] = []
        index = bisect_left(self._starts, end)
        while index < len(self.tokens) and self.tokens[index].start < limit:
            token = self.tokens[index]
            gap = self.view[end : token.start]
            gap = re.sub(r"^ ?\([^)]{1,20}\)", "", gap)
            if (
                not re.fullmatch(
                    r"(?:,| and|, and|, as well as| as well as| along with|, along with) (?:the |its |an? )?",
                    gap,
                )
                or token.shape == "title"
            ):
                break
            stop = self._run_end(index)
            found.append(Introduction(token.start, stop, "introduced@1", True))
            end = stop
            index = bisect_left(self._starts, end)
        if len(found) >= 1 and not re.search(
            r"and|as well|along", self.view[found[0].start - 16 : found[-1].start]
        ):
            return []
        return found

    # --- "called NAME" ---

    def _called(self, cue: Cue) -> list[Introduction]:
        view = self.view
        begin, limit = self.document.sentence(cue.start)
        word = view[cue.start : cue.end].lower()
        skip = _AFTER_CALLED.match(view, cue.end, limit)
        at = skip.end() if skip else cue.end
        if view[at - 1] == '"':
            stop = view.find('"', at, limit)
            if stop < 0 or stop - at > 60:
                return []
            stop = at + len(view[at:stop].rstrip(",."))
        else:
            stop = next((d.long_end for d in self.definitions if d.long_start == at), 0) or self._name_from(
                at, limit, word
            )
        if stop <= at + 1:
            return []
        if view.startswith(("entit", "Entit"), at):
            return []
        before = view[begin : cue.start]
        own = bool(_OWNERSHIP.search(before)) or begin >= self.own_start
        known = any(hit.start == at and hit.end >= stop for hit in self.hits)
        if own and (_BACKGROUND.search(before[-60:]) or (known and not _OWNERSHIP.search(before))):
            own = False
        weak = word in ("namely", "known as", "aka", "a.k.a", "short for", "calling", "abbreviated as")
        if weak and (view[at:stop].islower() or self._many(stop)):
            return []
        if view[at:stop].islower() and not own:
            return []
        found = [Introduction(at, stop, "called@1", own, self._called_head(begin, cue))]
        if own:
            found += self._coordinated(stop, limit)
        self._pair(found[0], stop)
        return found

    def _many(self, stop: int) -> bool:
        return re.match(r",? (?:and )?[A-Z\d]", self.view[stop : stop + 8]) is not None

    def _called_head(self, begin: int, cue: Cue) -> str:
        """The noun that is called so: the head of what is proposed, else the nearest noun."""
        before = self.view[begin : cue.start]
        near = _head_before(before)
        if before.rstrip().endswith((",", "(")) or before.rstrip().endswith(("and", "which")):
            for other in reversed(self.cues):
                if begin <= other.start < cue.start and other.kind == "PROPOSE":
                    at = other.end + 1
                    skip = _ARTICLE.match(self.view, at)
                    head = noun_phrase_head(self.view, skip.end() if skip else at)
                    if head in _HEADS and other.end < cue.start - 4:
                        return head
                    break
        return near

    def _name_from(self, at: int, limit: int, cue: str) -> int:
        index = bisect_left(self._starts, at)
        if index < len(self.tokens) and self.tokens[index].start == at:
            return self._run_end(index)
        if cue in ("namely", "known as", "short for"):
            return at
        stop = at
        count = 0
        for match in _WORD.finditer(self.view, at, limit):
            raw = match[0]
            core = raw.rstrip("\"',.;:)")
            if core.lower() in BREAKS or raw[0] in "(":
                break
            stop = match.start() + len(core)
            count += 1
            if count > 4:
                return at
            if core != raw:
                return stop if count >= 2 else at
        return stop if count >= 2 and self.view[stop : stop + 2] == " (" else at

    # --- "our NAME" ---

    def _ours(self) -> list[Introduction]:
        found = []
        for cue in self.cues:
            if cue.kind != "OWN" or cue.start < self.document.split or self.view[cue.end - 1] not in "rd":
                continue
            match = _OURS.match(self.view, cue.end)
            if match is None:
                continue
            at = match.end()
            index = bisect_left(self._starts, at)
            if index >= len(self.tokens) or self.tokens[index].start != at:
                continue
            token = self.tokens[index]
            stop = self._run_end(index)
            between = match[1] or ""
            head = between.rstrip(" ,").rsplit(" ", 1)[-1].lower() if between else ""
            if between and head not in _HEADS and head not in ("proposed",):
                continue
            if token.shape == "title" and stop == token.end and not between:
                continue
            found.append(
                Introduction(token.start, stop, "introduced@1", True, head if head in _HEADS else "")
            )
            if head.endswith("s"):
                limit = self.document.sentence(stop)[1]
                found += [replace(item, head=head) for item in self._coordinated(stop, limit)]
        return found

    # --- "NAME is open-sourced" ---

    def _released(self) -> list[Introduction]:
        """A name that is the subject of "is available", or whose code is."""
        found = []
        for match in _RELEASED.finditer(self.view, self.document.split):
            name = _SUBJECT.search(self.view, max(self.document.split, match.start() - 60), match.start())
            if name is None:
                continue
            index = bisect_left(self._starts, name.start(1))
            if index < len(self.tokens) and self.tokens[index].start == name.start(1):
                token = self.tokens[index]
                if token.shape in ("mixed", "caps") and token.end == name.end(1):
                    found.append(Introduction(token.start, token.end, "released@1", True, ""))
        return found

    # --- ("plain words in quotes") ---

    def _quoted(self) -> list[Introduction]:
        """A step named in brackets and quotation marks where the paper speaks of itself."""
        return [
            Introduction(match.start(1), match.end(1), "called@1", True, "")
            for match in _IN_QUOTES.finditer(self.view, max(self.own_start, self.document.split))
        ]


_IN_QUOTES = re.compile(r"\([\"']([a-z][a-z-]+(?: [a-z-]+){1,3})[\"']\)")
_RELEASED = re.compile(r" (?:is|are|will be|has been) (?=[a-z -]{0,24}(?:sourced?|available|released))")
_SUBJECT = re.compile(r"(?:[Cc]ode (?:of|for) |, |\. )([A-Za-z][\w.+-]+)(?:'s code)?,?$")
_MARKER = re.compile(r"[:-]*\(?(?:[ivx]{1,3}|\d|[a-c])\)[:.]?")
_AFTER_NAME = re.compile(r"[,.;:]| (?:\(|that |which |to |for |[a-z]+(?:ed|ing) )")
_RENAMED = re.compile(
    r", ([A-Z][\w.+-]*(?: [A-Z][\w+-]*){0,2})(?:, (?:which|that|to|a|an|for|where|by)(?= )|\.(?= |$)|(?= \())"
)
_MINOR = word_set("of for with and in on to the by from via as")
_ADJECTIVES = re.compile(
    r" (?:(?:an?|the|our|novel|new|simple|effective|efficient|general|unified|first|yet|and|lightweight|two|"
    r"framework,|method,|approach,|algorithm,|technique,|model,|benchmark,|dataset,|system,|"
    r"pipeline,|architecture,),? )*"
    r"[\"']?(?:an?|the)? ?"
)
_NAMING = word_set("call name dub term denote")
_SOFT = word_set("""
creating building constructing curating developing establishing compiling releasing collect collecting
annotate train obtain report implement provide offer to in share publish describe define trained pretrain
""")
_OF = word_set("concept notion idea collection family suite series set class")
_NAMED_AS = re.compile(
    r" (?:it|this|these|our|the|such|them)?(?: [\w,-]+){0,8}? (?:as|the) (?:the |an? )?[\"']?(?=[A-Za-z])"
)
_EXPLAINED = re.compile(r", (?:an?|the) |: an? ")
_BRACKETED = re.compile(r"[\"']? \(\"?([A-Za-z][\w.+-]{1,20})\"?\)")
_AFTER_CALLED = re.compile(r" ?(?:as |the |our |a |an |this |[,:] ?|\"|')*")
_ARTICLE = re.compile(r"(?:an?|the|our|this|two|three|several) ")
_LIST_START = re.compile(
    r"(?:,? (?:including|namely|i\.e\.,?|specifically|such as)|,? ?:|"
    r",? -+)[: ]+(?:the following )?|(?= \((?:1|i|a)\))"
)
_LIST_END = re.compile(r"[.;]| (?:that|which|where|to|for|with|using|by|in|from|on|based|while|via)(?= )")
_LIST_GAP = re.compile(r",? and (?:an? |the )?|, (?:and |or )?(?:an? |the )?|; (?:and )?(?:an? |the )?")
_LIST_MARK = re.compile(r" ?\(?(?:[ivx]{1,3}|\d|[a-d])\)\.? ?(?:an? |the )?|(?:an?|the) ")
_PRAISE = word_set("""
novel new simple effective efficient yet and general unified powerful innovative lightweight fast
scalable robust first principled practical flexible comprehensive systematic generic straightforward
plug-and-play two-stage three-stage multi-stage end-to-end training-free surprisingly highly more fully
concept of notion idea
""")
_PLAIN_HEADS = word_set("""
method approach framework strategy algorithm scheme technique mechanism paradigm module pipeline system
architecture procedure recipe process objective solution protocol workflow
""")
_ACTION = re.compile(
    r"(?:ing|tion|sion|ment|attention|search|loss|ance|ence|metric|score|decay|law|density|"
    r"complexity|probe|routing|cache|"
    r"regularizer|schedule|reward|curriculum|prior|fusion|mask|gate|sampler|kernel|codebook|thought|debate)$"
)
_OURS = re.compile(
    r" ((?:[a-z][\w-]* ){0,4}?(?:[a-z][\w-]*,? (?:called |named |dubbed |termed |i\.e\., )?)?)"
    r"(?=[\"']?[A-Za-z\d-]*[A-Z])"
)


def _followed_by_head(words: list[Word], name: tuple[int, int]) -> bool:
    """ "a DKM implementation": the name only modifies what follows it."""
    return any(start >= name[1] for start, _, _ in words)


def _last_head(words: list[Word]) -> str:
    for _, _, word in reversed(words):
        if word.lower() in _HEADS:
            return word.lower()
    return ""


def _head_before(text: str) -> str:
    """The noun a participle such as "called" belongs to."""
    text = text.rstrip(" (,\"'")
    cut = max(text.rfind(mark) for mark in ",;:()")
    words = re.findall(r"[\w-]+", text[cut + 1 :][-80:])
    for word in reversed(words[-8:]):
        low = word.lower()
        if low in _HEADS:
            return str(low)
    return ""


def _subtitle_head(text: str) -> str:
    """What "NAME: a ... HEAD for ..." says the name is."""
    article = re.match(r"(?:An?|The|a|an|the) ", text)
    head = noun_phrase_head(text, article.end() if article else 0)
    if head in _HEADS and (article or (head in BENCHMARK_HEADS and not re.match(r"[A-Z][a-z]+ing ", text))):
        return head
    return ""
