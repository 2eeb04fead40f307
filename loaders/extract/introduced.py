"""Names that no lexicon knows, from how authors introduce them.

"NAME: subtitle" titles; "we propose NAME"; "a framework called NAME"; "our method, NAME,". Each finding says where
the name stands, whether the paper claims it as its own, and which noun says what it is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from .hits import Cue
from .names import Token, shape_of
from .text import Document
from .words import BENCHMARK_HEADS, BREAKS, METHOD_HEADS, MODEL_HEADS, NO_NAMES, NO_TITLES

_WORD = re.compile(r"[^\s]+")
_QUOTED = re.compile(r"\"([^\"\n]{2,60})\"|'([A-Z][^'\n]{2,60})'")
_TITLE_CUT = re.compile(r": | ?-- | - |:(?=[A-Z])")
_DETERMINERS = frozenset(
    "a an the our this these its two three four five several some such another one".split()
)
_CLAUSE = re.compile(r"[A-Za-z]")
_HEADS = BENCHMARK_HEADS | MODEL_HEADS | METHOD_HEADS
_OWNERSHIP = re.compile(
    r"(?<![\w])(?:we|our|this (?:paper|work|study|report)|is proposed|are proposed|introduc\w+|propos\w+|present\w*|resulting in|thus|develop\w*)(?!\w)",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"(?<!\w)(?:recent(?:ly)?|existing|previous(?:ly)?|prior|popular|well-known|widely|commonly|often|so-called|known as|"
    r"phenomenon|problem|issue|task|challenge|setting|property|effect)(?!\w)",
    re.IGNORECASE,
)


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

    def __init__(self, document: Document, cues: list[Cue], tokens: list[Token]) -> None:
        self.document, self.view, self.cues = document, document.view, cues
        self.tokens = tokens
        self._starts = [token.start for token in tokens]

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
        return found

    # --- titles ---

    def _title(self) -> list[Introduction]:
        view, stop = self.view, self.document.split - 1
        cut = _TITLE_CUT.search(view, 0, stop)
        if cut is None or cut.start() < 2:
            return []
        name = view[: cut.start()].strip(" \"'")
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
        key = self.document.key
        wanted = key[start + 1 : end + 1]
        recurs = key.find(" " + wanted, self.document.split) >= 0
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

    # --- "we propose ..." ---

    def _proposed(self, cue: Cue) -> list[Introduction]:
        limit = self.document.sentence(cue.start)[1]
        verb = self.view[cue.start : cue.end].lower()
        return self._phrase(cue.end, limit, verb)

    def _phrase(self, at: int, limit: int, verb: str) -> list[Introduction]:
        """Read the noun phrase after a verb of proposing and find the names in it."""
        view = self.view
        found: list[Introduction] = []
        words: list[tuple[int, int, str]] = []
        bare = True
        punctuation = ""
        soft = verb.split()[-1] in (
            "train",
            "obtain",
            "report",
            "implement",
            "provide",
            "offer",
            "to",
            "in",
            "share",
            "publish",
            "describe",
            "define",
            "trained",
        )
        for match in _WORD.finditer(view, at, limit):
            raw = match[0]
            if raw[0] == '"':
                quoted = _QUOTED.match(view, match.start())
                if quoted and not soft:
                    group = 1 if quoted[1] else 2
                    name = quoted[group].rstrip(",.")
                    return [
                        Introduction(
                            quoted.start(group),
                            quoted.start(group) + len(name),
                            "introduced@1",
                            True,
                            _last_head(words),
                        )
                    ]
            if raw[0] == "(":
                break
            core = raw.strip("\"'(),.;:!?")
            start = match.start() + raw.find(core) if core else match.start()
            low = core.lower()
            if low in _DETERMINERS and not words:
                bare = False
                continue
            if low in (
                "concept",
                "notion",
                "idea",
                "collection",
                "family",
                "suite",
                "series",
                "set",
                "class",
            ) and view.startswith(" of ", match.end()):
                words.append((start, start + len(core), core))
                continue
            if (
                low == "of"
                and words
                and words[-1][2].lower()
                in ("concept", "notion", "idea", "collection", "family", "suite", "series", "set", "class")
            ):
                continue
            if low in BREAKS or not core:
                punctuation = "break"
                break
            words.append((start, start + len(core), core))
            if raw[-1] in ",.;:":
                punctuation = raw[-1]
                break
            if len(words) > 12:
                break
        if not words:
            return found
        end = words[-1][1]
        names = self._names_in(words)
        if names:
            for start, stop in names[-1:]:
                head = self._head_around(words, start, stop)
                found.append(Introduction(start, stop, "introduced@1", True, head))
        elif punctuation == ",":
            found += self._apposed(end, limit, _last_head(words))
        if names and found:
            found += self._coordinated(found[-1].end, limit)
        if punctuation == ":" and not soft:
            found += self._listed(end, limit)
        if (
            not names
            and not found
            and bare
            and not soft
            and 2 <= len(words) <= 4
            and verb.split()[-1].startswith(("propos", "introduc"))
        ):
            text = view[words[0][0] : end]
            if (
                text.isascii()
                and not text.endswith("s")
                and words[-1][2].lower() not in ("data", "work", "evidence", "research")
            ):
                following = view[end : end + 2]
                if following[:1] in ",:" or re.match(r" (?:to|that|which|for|\()", view[end : end + 8]):
                    found.append(Introduction(words[0][0], end, "introduced@1", True, words[-1][2].lower()))
        return found

    def _names_in(self, words: list[tuple[int, int, str]]) -> list[tuple[int, int]]:
        """Runs of name-like words in a noun phrase."""
        runs: list[list[tuple[int, int, str]]] = []
        previous: tuple[int, int, str] | None = None
        for word in words:
            shape = shape_of(word[2])
            if shape and (shape != "affixed"):
                if runs and previous is not None and runs[-1][-1] is previous:
                    runs[-1].append(word)
                else:
                    runs.append([word])
            previous = word
        found = []
        for run in runs:
            while (
                len(run) > 1
                and run[-1][2].lower() in _HEADS
                and shape_of(run[0][2]) in ("mixed", "caps")
                and len(run) == 2
            ):
                run.pop()
            found.append((run[0][0], run[-1][1]))
        return found

    def _head_around(self, words: list[tuple[int, int, str]], start: int, stop: int) -> str:
        after = [w for w in words if w[0] >= stop]
        if after and after[-1][2].lower() in _HEADS:
            return after[-1][2].lower()
        inside = [w for w in words if start <= w[0] < stop]
        before = [w for w in words if w[1] <= start]
        if before and before[-1][2].lower() in _HEADS:
            return before[-1][2].lower()
        if len(inside) > 1 and inside[-1][2].lower() in _HEADS:
            return inside[-1][2].lower()
        return ""

    def _apposed(self, end: int, limit: int, head: str) -> list[Introduction]:
        """ "a novel solution for ..., NAME, which ...": a name between commas that renames the phrase."""
        index = bisect_left(self._starts, end)
        for token in self.tokens[index : index + 2]:
            if token.start >= limit:
                break
            gap = self.view[end : token.start]
            if gap in (", ", ", the ") and token.shape in ("mixed", "caps", "title"):
                stop = self._run_end(index)
                after = self.view[stop : stop + 8]
                if (
                    not after.strip()
                    or after[0] in ",.;:"
                    or after.startswith((" (", " that", " which", " to ", " for "))
                ):
                    return [Introduction(token.start, stop, "introduced@1", True, head)]
            break
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

    def _listed(self, end: int, limit: int) -> list[Introduction]:
        return []

    # --- "called NAME" ---

    def _called(self, cue: Cue) -> list[Introduction]:
        view = self.view
        begin, limit = self.document.sentence(cue.start)
        word = view[cue.start : cue.end].lower()
        at = cue.end
        skip = re.compile(r"(?:as |the |our |a |an |this |[,:] ?|\"|')*").match(
            view, at + 1 if view[at : at + 1] == " " else at
        )
        if skip:
            at = skip.end()
        quoted = view[at - 1] == '"'
        if quoted:
            stop = view.find('"', at, limit)
            if stop < 0 or stop - at > 60:
                return []
            text = view[at:stop].rstrip(",.")
            stop = at + len(text)
        else:
            stop = self._name_from(at, limit, word)
        if stop <= at + 1:
            return []
        before = view[begin : cue.start]
        head = _head_before(before)
        text = view[at:stop]
        if text.islower() and word in ("namely", "known as", "aka", "a.k.a", "short for", "calling"):
            return []
        own = bool(_OWNERSHIP.search(before)) and not _BACKGROUND.search(before[-60:])
        if word in ("namely", "short for", "known as") and not own:
            return []
        if text.islower() and not own:
            return []
        return [Introduction(at, stop, "called@1", own, head)]

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
        for match in _OURS.finditer(self.view, self.document.split):
            at = match.end()
            index = bisect_left(self._starts, at)
            if index >= len(self.tokens) or self.tokens[index].start != at:
                continue
            token = self.tokens[index]
            stop = self._run_end(index)
            between = match[2] or ""
            head = between.rstrip(" ,").rsplit(" ", 1)[-1].lower() if between else ""
            if between and head not in _HEADS and head not in ("proposed",):
                continue
            if token.shape == "title" and stop == token.end and not between:
                continue
            found.append(
                Introduction(token.start, stop, "introduced@1", True, head if head in _HEADS else "")
            )
        return found


_OURS = re.compile(
    r"(?<![\w])([Oo]ur|[Tt]he proposed|[Oo]ur proposed) ((?:[a-z][\w-]* ){0,4}?(?:[a-z][\w-]*,? (?:called |named |dubbed |termed |i\.e\., )?)?)(?=[\"']?[A-Za-z\d-]*[A-Z])"
)


def _last_head(words: list[tuple[int, int, str]]) -> str:
    for _, _, word in reversed(words):
        if word.lower() in _HEADS:
            return word.lower()
    return ""


def _head_before(text: str) -> str:
    """The noun a participle such as "called" belongs to."""
    words = re.findall(r"[\w-]+", text[-80:])
    for word in reversed(words[-6:]):
        low = word.lower()
        if low in _HEADS:
            return low
    return ""


def _subtitle_head(text: str) -> str:
    """What "NAME: a ... HEAD for ..." says the name is."""
    words = re.findall(r"[\w-]+|[,:;]", text)
    if not words:
        return ""
    article = words[0].lower() in ("a", "an", "the")
    last = ""
    for word in words[1:] if article else words:
        low = word.lower()
        if low in BREAKS or not low[0].isalnum():
            break
        last = low
    if last in _HEADS and (article or last in BENCHMARK_HEADS):
        return last
    return ""
