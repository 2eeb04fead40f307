"""Names in the noun phrase after a verb of proposing.

"we propose NAME", "a novel HEAD, NAME, which ...", "three HEADs: A, B, and C", "a novel plain-word method".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from ..words import (
    BREAKS,
    MODEL_HEADS,
    NO_NAMES,
    word_set,
)
from .kinds import noun_phrase_head
from .names import shape_of
from .neighbours import ACTION, HEADS, Introduction, NeighbourReader, Word, last_head

DASH = re.compile(r"-(?:an?|the|which|where|that|and)$")
"""A dash between clauses that the text layer made plain: "NAME-a method that"."""
WORD = re.compile(r"[^\s]+")
_QUOTED = re.compile(r"\"([^\"\n]{2,60})\"|'([A-Z][^'\n]{2,60})'")
_DETERMINERS = word_set("a an the our this these its two three four five several some such another one")
_MARKER = re.compile(r"[:-]*\(?(?:[ivx]{1,3}|\d|[a-c])\)[:.]?")
_MINOR = word_set("of for with and in on to the by from via as")
_NAMESAKES = word_set(
    "Fourier Bayesian Gaussian Markov Hessian Wasserstein Shapley Nash Pareto Riemannian Monte"
)
NAMING = word_set("call name dub term denote")
SOFT = word_set("""
creating building constructing curating developing establishing compiling releasing collect collecting
annotate train obtain report implement provide offer to in share publish describe define trained pretrain
""")
_OF = word_set("concept notion idea collection family suite series set class category type kind")
_EXPLAINED = re.compile(r", (?:an?|the) |: an? ")
_SMALL_NAME = re.compile(r", ([a-z]+-[a-z]+(?:-[a-z]+)?), (?:which|that|where)(?!\w)")
_BRACKETED = re.compile(r"[\"']? \(\"?([A-Za-z][\w.+-]{1,20})\"?\)")
_PRAISE = word_set("""
novel new simple effective efficient yet and general unified powerful innovative lightweight fast
scalable robust first principled practical flexible comprehensive systematic generic straightforward
plug-and-play two-stage three-stage multi-stage end-to-end training-free surprisingly highly more fully
concept of notion idea class category kind
""")
_PLAIN_HEADS = word_set("""
method approach framework strategy algorithm scheme technique mechanism paradigm pipeline system
architecture procedure recipe process objective solution protocol workflow
""")
_TASKS = word_set(
    "generation estimation creation grounding synthesis evaluation captioning construction curation inference"
)
"""What systems are for, so that words before it describe a task rather than name what does it."""
_INNER = word_set("feature features token tokens query prompt mask reward anchor proposal")
_FIRM_HEADS = word_set("mechanism strategy scheme paradigm method algorithm technique module objective")
"""What carries a name in plain words more often than a mere description does."""
_PART_HEADS = word_set("""
module network loss filter block adapter regularizer extractor scheduler sampler router controller head
decoder encoder generator predictor tokenizer optimizer tokens
""")
"""Parts of a system, which belong to the name: a "voxel smoothing module", an "edge filter"."""
_TELLING = word_set("module filter adapter regularizer scheduler sampler router controller optimizer tokens")
"""Parts that one word before them is enough to name."""
_MERE = word_set("""
additional auxiliary dedicated separate small learnable special extra specialized custom single shared new-type
strong large compact trainable carefully corresponding self-designed adaptive deep neural convolutional pre-trained
pretrained text-to-image text-to-video
""")
"""Adjectives that only describe a part."""


class PhraseReader(NeighbourReader):
    """Reads phrases of one document."""

    def _phrase(self, at: int, limit: int, verb: str) -> list[Introduction]:
        """Read the noun phrase after a verb of proposing and find the names in it."""
        view = self.view
        words: list[Word] = []
        bare = True
        punctuation = ""
        soft = verb in SOFT
        for match in WORD.finditer(view, at, limit):
            raw = match[0]
            if raw[0] == '"':
                quoted = _QUOTED.match(view, match.start())
                if quoted and not soft:
                    group = 1 if quoted[1] else 2
                    start = quoted.start(group)
                    stop = start + len(quoted[group].rstrip(",."))
                    return [Introduction(start, stop, "introduced@1", True, last_head(words))]
            if raw[0] == "(" and not (not words and _MARKER.fullmatch(raw)):
                if words and _MARKER.fullmatch(raw):
                    punctuation = ":"
                elif not words:
                    continue
                break
            if raw in ("-", "--") and words and shape_of(words[-1][2]) in ("mixed", "caps"):
                punctuation = ":"
                break
            core = raw.strip("\"'(),.;:!?*")
            dash = DASH.search(core) if "-" in core else None
            if dash is not None:
                core = core[: dash.start()]
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
            if dash is not None:
                break
            if raw[-1] in ",.;:":
                punctuation = raw[-1]
                break
            if len(words) > 12:
                break
        if not words:
            return []
        end = words[-1][1]
        head = last_head(words)
        names = self._names_in(words)
        if not soft and (made := self._made_of(words, verb) or self._explained_whole(words, end, bare)):
            return made
        found: list[Introduction] = []
        apposed = self._apposed(end, limit, head) if punctuation == "," or view[end : end + 1] == "," else []
        if apposed and (not names or _followed_by_head(words, names[-1])):
            found = [replace(item, rule="trained@1") for item in apposed] if soft else apposed
        elif (
            bare
            and not soft
            and 2 <= len(words) <= 5
            and words[0][2][0].isupper()
            and _EXPLAINED.match(view, end)
        ):
            last = len(words)
            while last > 1 and words[last - 1][2].lower() in HEADS and words[last - 1][2].islower():
                last -= 1
            found = [
                Introduction(
                    words[0][0],
                    words[last - 1][1],
                    "introduced@1",
                    True,
                    head if last < len(words) else "",
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
            found += [replace(item, rule=found[-1].rule) for item in self._coordinated(found[-1].end, limit)]
            found += self._members(found[-1].end, limit)
        elif (
            not soft and head and punctuation == "," and (small := _SMALL_NAME.match(view, end)) and not names
        ):
            found = [Introduction(small.start(1), small.end(1), "introduced@1", True, head)]
        elif (later := self._renamed(end, limit, head)) and not soft:
            found = later
        elif verb.startswith(("propos", "introduc", "design", "devis")) and (
            listed := self._listed(end, limit, words)
        ):
            return listed
        elif bare and not soft and len(words) <= 4 and _EXPLAINED.match(view, end) and self._explained(end):
            found = [Introduction(words[0][0], end, "introduced@1", True, self._explained(end))]
        elif verb in NAMING and words[0][2].lower() not in ("it", "this"):
            found = [Introduction(words[0][0], end, "called@1", True, "")]
        elif verb.startswith(
            (
                "propos",
                "introduc",
                "present",
                "devis",
                "develop",
                "design",
                "nov",
                "new",
            )
        ):
            found = self._plain(words, end, bare, head, verb)
        for item in found[:1]:
            self._pair(item, max(item.end, end) if item.start >= words[0][0] else item.end)
        return found

    def _made_of(self, words: list[Word], verb: str) -> list[Introduction]:
        """A known method by a name of its own: "we propose a two-sided LoRA that"."""
        last = len(words)
        while last > 1 and words[last - 1][2].lower() in _PLAIN_HEADS:
            last -= 1
        first = 0
        while first < last and (words[first][2].lower() in _PRAISE or words[first][2].lower() in _MERE):
            first += 1
        kept = words[first:last]
        if not 2 <= len(kept) <= 5 or not verb.startswith(("propos", "introduc", "present")):
            return []
        start, end = kept[0][0], kept[-1][1]
        known = [hit for hit in self.hits if start < hit.end and hit.start < end]
        if len(known) != 1 or known[0].end != end or known[0].start <= start:
            return []
        hit = known[0]
        if any(word[2].lower() in HEADS for word in kept[:-1]):
            return []
        if hit.generic or hit.label != "Method":
            return []
        return [Introduction(start, end, "introduced@1", True, "method")]

    def _explained_whole(self, words: list[Word], end: int, bare: bool) -> list[Introduction]:
        """A name in plain words about a known one: "we introduce slack-weighted LoRA folding, a procedure"."""
        if not bare or not 2 <= len(words) <= 5 or not (head := self._explained(end)):
            return []
        start, last = words[0][0], words[-1][2].lower()
        known = [hit for hit in self.hits if start < hit.end and hit.start < end]
        if (
            not known
            or not ACTION.search(last)
            or any(hit.start <= start or (hit.end >= end and not hit.generic) for hit in known)
        ):
            return []
        return [Introduction(start, end, "introduced@1", True, head)]

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
        return head if head in HEADS else ""

    def _plain(self, words: list[Word], end: int, bare: bool, head: str, verb: str) -> list[Introduction]:
        """Names in plain words: "we propose preference distillation", "a novel voxel-aware masking strategy"."""
        view = self.view
        for index in range(1, len(words)):  # "an edge filter paired with ..."
            noun = words[index - 1][2].lower()
            if words[index][2].endswith("ed") and (noun in _PLAIN_HEADS or noun in _PART_HEADS):
                words = words[:index]
                end = words[-1][1]
                break
        if view[words[0][0] : end].isascii() is False:
            return []
        first, last = 0, len(words)
        while first < last and words[first][2].lower() in _PRAISE:
            first += 1
        if words[-1][2].lower() in _PART_HEADS:
            apposed = verb in ("novel", "new") and view[words[0][0] - 12 : words[0][0]].endswith(
                (", a novel ", ", a new ")
            )
            return [] if apposed else self._part(words[first:], verb)
        trimmed = firm = False
        while last > first and words[last - 1][2].lower() in _PLAIN_HEADS:
            last -= 1
            firm = words[last][2].lower() in _FIRM_HEADS
            trimmed = True
        novel = any(word[2].lower() in ("novel", "new") for word in words[:first])
        kept = words[first:last]
        claimed = verb.startswith(("propos", "introduc"))
        brings = verb.startswith(("propos", "introduc", "present")) and (novel or firm)
        trimmed = trimmed and (brings or (firm and verb in ("novel", "new")))
        if not (2 <= len(kept) <= 5 or (trimmed and kept and "-" in kept[0][2])) or not (claimed or trimmed):
            return []
        word = kept[-1][2].lower()
        if word.endswith("s") and not word.endswith(("ss", "sis")):
            return []
        titled = (
            self.document.key.find(
                " " + self.document.key[kept[0][0] + 1 : kept[-1][1] + 1],
                0,
                self.document.split,
            )
            >= 0
        )
        if not ACTION.search(word) and not (titled and len(kept) > 1):
            return []
        if len(kept) == 1 and not (titled and claimed):
            return []
        if word in _TASKS and (len(kept) == 1 or kept[-2][2].lower() not in _INNER):
            return []
        if (
            self.view.startswith(" and ", end) and not titled and not trimmed
        ):  # one of two modifiers of a later head
            return []
        if any(hit.start <= kept[0][0] and kept[-1][1] <= hit.end for hit in self.hits):
            return []
        if bare or trimmed or titled:
            return [Introduction(kept[0][0], kept[-1][1], "introduced@1", True, "method")]
        return []

    def _part(self, words: list[Word], verb: str) -> list[Introduction]:
        """A part of the paper's own system: "we design an edge-aware smoothing module"."""
        while words and words[0][2].lower() in _MERE:
            words = words[1:]
        if not 2 <= len(words) <= 6 or not verb.startswith(("propos", "introduc", "design", "devis", "nov")):
            return []
        start, end = words[0][0], words[-1][1]
        if len(words) == 2 and words[1][2].lower() not in _TELLING and "-" not in words[0][2]:
            return []
        if any(hit.start < end and start < hit.end and hit.end >= end for hit in self.hits):
            return []
        return [Introduction(start, end, "introduced@1", True, "method")]

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
                elif previous is not None and shape == "title" and previous[2] in _NAMESAKES:
                    runs.append([previous, word])
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
            while len(run) == 2 and run[-1][2].lower() in HEADS and shape_of(run[0][2]) in ("mixed", "caps"):
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
        if after and after[-1][2].lower() in HEADS:
            return after[-1][2].lower()
        inside = [w for w in words if start <= w[0] < stop]
        before = [w for w in words if w[1] <= start]
        if before and before[-1][2].lower() in HEADS:
            return before[-1][2].lower()
        last = inside[-1][2].lower()
        return last if len(inside) > 1 and last in HEADS and last not in MODEL_HEADS else ""


def _followed_by_head(words: list[Word], name: tuple[int, int]) -> bool:
    """ "a DKM implementation": the name only modifies what follows it."""
    return any(start >= name[1] for start, _, _ in words)
