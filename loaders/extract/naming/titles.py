"""Names in titles: "NAME: subtitle", "NAME Technical Report", "... via NAME"."""

from __future__ import annotations

import re

from ..words import BENCHMARK_HEADS, NO_NAMES, NO_TITLES
from .kinds import noun_phrase_head
from .names import shape_of
from .neighbours import ACTION, HEADS, Introduction
from .phrases import PhraseReader

_TITLE_CUT = re.compile(r": | ?-- | - |:(?=[A-Z])")
_REPORT = re.compile(r"(?: -+|,)? (?:(?:Technical|Tech|System|Project|Research|Progress) )?(?:Report|Card)$")
_PAIR = re.compile(r" (?:and|&) | \+ ")
_MEANS_WORDS = (" via ", " with ", " using ", " through ", " by ")
_MEANS = re.compile(r"(?<= )(?:[Vv]ia|[Ww]ith|[Uu]sing|[Tt]hrough|[Bb]y) (?:the |an? )?")
_LEAD_END = re.compile(
    r" (?:for|as|in|with|via|from|of|to|on|can|is|are|makes?|improves?|enables?|through|by|and|beats?|"
    r"Enhances?|Improves?|Makes?|Boosts?|Enables?|Helps?|Outperforms?|Unlocks?|Accelerates?|Reduces?) "
)
_MEANS_END = re.compile(r" (?:for|in|of|on|at|to|and|from|under|over|across|For|In|On) |[,;:]")


class TitleReader(PhraseReader):
    """Reads the title of one document."""

    def _title(self) -> list[Introduction]:
        view, stop = self.view, self.document.split - 1
        cut = _TITLE_CUT.search(view, 0, stop)
        if cut is None or cut.start() < 2:
            report = _REPORT.search(view, 0, stop)
            if (
                report
                and view[: report.start()].count(" ") < 3
                and any(c.isupper() for c in view[: report.start()])
            ):
                return [Introduction(0, report.start(), "title-colon@1", True, "")]
            return self._title_lead() + self._title_means(0)
        return self._title_name(cut) + self._title_means(cut.end())

    def _title_lead(self) -> list[Introduction]:
        """ "Silken Knots as Seals": words that begin a title, and that the abstract writes with capitals too."""
        view, stop = self.view, self.document.split - 1
        cut = _LEAD_END.search(view, 0, stop)
        if cut is None:
            return []
        text = view[: cut.start()]
        words = text.split()
        if not 2 <= len(words) <= 4 or words[0].lower() in NO_TITLES or not view[0].isalnum():
            return []
        if not all(word[0].isupper() or word[0].isdigit() for word in words):
            return []
        if any(hit.start == 0 and hit.end >= len(text) for hit in self.hits):
            return []
        if all(word in NO_NAMES or word.rstrip("s") in NO_NAMES for word in words[-1:]):
            return []
        spoken = 0
        at = view.find(text, max(stop, self.own_start))
        while at >= 0:
            spoken += at not in self._begins
            at = view.find(text, at + 1)
        key = self.document.key
        if cut[0][1].isupper() and ACTION.search(words[-1].lower()) and not spoken:
            spoken = key.count(key[: len(text) + 2], max(stop, self.own_start)) > 1
        return [Introduction(0, len(text), "title-colon@1", True, "")] if spoken else []

    def _title_means(self, at: int) -> list[Introduction]:
        """ "... via Long Name": a title's means, if the abstract speaks of it again and no lexicon knows it."""
        view, stop = self.view, self.document.split - 1
        found, low = None, self.document.lower
        if not any(low.find(word, 0, stop) >= 0 for word in _MEANS_WORDS):
            return []
        for found in _MEANS.finditer(view, at, stop):  # the last one  # noqa: B007
            pass
        if found is None:
            return []
        start, text = found.end(), view[found.end() : stop].rstrip(" .?!")
        cut = _MEANS_END.search(text)
        text = text[: cut.start()] if cut else text
        words = text.split()
        end = start + len(text)
        if not words or len(words) > 4 or any(hit.start < end and start < hit.end for hit in self.hits):
            return []
        if any(word[0].islower() and word not in ("of", "and") for word in words):
            return []
        if len(words) == 1:
            if shape_of(text) in ("", "affixed") or view.find(text, stop) < 0:
                return []
        else:
            last, again = words[-1].lower(), self.document.key[start : end + 1]
            if not ACTION.search(last) or last.endswith("ity"):
                return []
            if self.document.key.find(again, self.own_start) < 0:
                return []
        return [Introduction(start, end, "title-means@1", True, "")]

    def _title_name(self, cut: re.Match[str]) -> list[Introduction]:
        """ "NAME: subtitle"."""
        view, stop = self.view, self.document.split - 1
        name = view[: cut.start()].strip(" \"'")
        if (report := _REPORT.search(name)) is not None and report.start() > 1:
            name = name[: report.start()]
        if any(hit.start == 0 and hit.end == cut.start() and not hit.generic for hit in self.hits):
            return [Introduction(0, cut.start(), "title-colon@1", True, "")]
        start = view.find(name)
        words = name.split()
        if words[0] == "Project" and len(words) == 2:
            start, name, words = start + 8, words[1], words[1:]
        head = _subtitle_head(view[cut.end() : stop])
        if len(words) == 1:
            if words[0].lower() in NO_TITLES or words[0] in NO_NAMES:
                return []
            if name.islower() and not (head and self._spoken(name)):
                return []
            return [Introduction(start, start + len(name), "title-colon@1", True, head)]
        if len(words) > 5:
            return []
        both = _PAIR.split(name)
        if len(both) == 2 and all(shape_of(part) in ("mixed", "caps") for part in both):
            return [
                Introduction(start + at, start + at + len(part), "title-colon@1", True, head)
                for part, at in zip(both, (0, len(name) - len(both[1])), strict=True)
            ]
        return self._title_phrase(name, words, start, head)

    def _title_phrase(self, name: str, words: list[str], start: int, head: str) -> list[Introduction]:
        end = start + len(name)
        recurs = (
            self.view.find(name, self.document.split) >= 0
            or (words[-1].lower() in HEADS and self.view.find(name.capitalize(), self.document.split) >= 0)
            or self._addressed(name)
        )
        if any(
            word.lower()
            in (
                "is",
                "are",
                "do",
                "does",
                "can",
                "what",
                "how",
                "why",
                "you",
                "we",
                "not",
            )
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

    def _spoken(self, name: str) -> bool:
        """Whether the abstract says a word in small letters that cannot be taken for a common one."""
        return name.isascii() and self.document.key.find(f" {name} ", self.document.split) >= 0

    def _addressed(self, name: str) -> bool:
        """Whether the address of the code bears the name."""
        low = self.document.lower
        return any(
            low.find(f"/{name.lower().replace(' ', joint)}", self.document.split) >= 0 for joint in "-_"
        ) or (low.find(f"/{name.lower().replace(' ', '')}", self.document.split) >= 0)


_ARTICLE = re.compile(r"(?:An?|The|a|an|the) ")
_DOING = re.compile(r"[A-Z][a-z]+ing ")


def _subtitle_head(text: str) -> str:
    """What "NAME: a ... HEAD for ..." says the name is."""
    article = _ARTICLE.match(text)
    head = noun_phrase_head(text, article.end() if article else 0)
    if head in HEADS and (article or (head in BENCHMARK_HEADS and not _DOING.match(text))):
        return head
    return ""
