"""Abbreviations that a text defines: "Long Form (LF)", "LF (Long Form)" and "LF: Long Form ..." in titles.

The backward alignment is that of Schwartz and Hearst (2003), with the letters of the short form preferring the
beginnings of words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..text import Document

_SHORT = re.compile(
    r"\((?:called |dubbed |termed |or |i\.e\.,? |denoted as |abbreviated as |aka |"
    r"a\.k\.a\. )?\"?([A-Za-z][\w.+-]{1,16}?)\"?(?:[;,] [^()]{1,40})?\)"
)
_NAME_BEFORE = re.compile(r"(?<![\w-])([A-Z][\w+-]{1,15}) $")
_LONG = re.compile(r"\(([A-Za-z][A-Za-z ,'-]{5,90})\)")
_OR = re.compile(r", or ([A-Z][\w-]*[A-Z]\w*)(?=[,.])")
_TITLE = re.compile(r"([\w+.-]{2,20}) ?(?::| - | -- ) ?(?:An? |The )?(?=[A-Z])")
_WORD = re.compile(r"[A-Za-z0-9]+")


@dataclass(slots=True, frozen=True)
class Definition:
    """``view[start:end]`` is the short form, ``view[long_start:long_end]`` what it stands for."""

    start: int
    end: int
    long_start: int
    long_end: int


def definitions(document: Document) -> list[Definition]:
    """Find the abbreviations the text defines, in order."""
    view = document.view
    found: list[Definition] = []
    if "(" in view:
        at = view.find("(")
        while at >= 0:
            match = _SHORT.match(view, at)
            forward = _forward(document, match) if match is not None and not match[1].islower() else []
            if forward:
                found += forward
            elif (
                (match is None or "-" in match[1])
                and (before := _NAME_BEFORE.search(view, max(0, at - 18), at))
                and (inner := _LONG.match(view, at))
            ):
                place = long_form(before[1], document, inner.start(1), inner.end(1))
                if place is not None and place[0] == inner.start(1) and (" " in inner[1] or "-" in inner[1]):
                    found.append(Definition(before.start(1), before.end(1), place[0], place[1]))
            at = view.find("(", at + 1)
    if ", or " in view:
        for match in _OR.finditer(view, document.split):
            found += _forward(document, match)
    title = _TITLE.match(view, 0, document.split)
    if title:
        end = _expansion(title[1], view, title.end(), document.split - 1)
        if end is not None:
            found.append(Definition(title.start(1), title.end(1), title.end(), end))
    return found


def _forward(document: Document, match: re.Match[str]) -> list[Definition]:
    view, short, stop = document.view, match[1], match.start()
    if not any(c.isupper() for c in short):
        return []
    begin = max(document.sentence(stop)[0], stop - 160)
    begin = max([begin, *[view.rfind(mark, begin, stop) + 1 for mark in "()\n;:"]])
    place = long_form(short, document, begin, stop)
    return [] if place is None else [Definition(match.start(1), match.end(1), place[0], place[1])]


def long_form(short: str, document: Document, begin: int, stop: int) -> tuple[int, int] | None:
    """Find the words right before ``stop`` that ``short`` abbreviates."""
    view, low = document.view, document.lower
    while stop > begin and view[stop - 1] in " \"'*":
        stop -= 1
    letters = [c.lower() for c in short if c.isalnum()]
    if len(short) > 2 and short[-1] == "s" and short[-2].isupper():
        letters.pop()
    if len(letters) < 2:
        return None
    best = _initials(letters, low, begin, stop)
    if best is None:
        best = _backward(letters, low, begin, stop)
    if best is None:
        return None
    text = view[best:stop]
    words = text.split()
    if len(words) > min(len(letters) + 5, len(letters) * 2) or len(text) <= len(short) or short in words:
        return None
    if len(words) == 1 and "-" not in text and len(text) < len(short) + 3:
        return None
    return best, stop


def _initials(letters: list[str], low: str, begin: int, stop: int) -> int | None:
    """Match every letter with the beginning of one of the last words, skipping only minor words."""
    words = list(_WORD.finditer(low, begin, stop))
    index = len(letters) - 1
    for match in reversed(words):
        if match[0][0] == letters[index]:
            index -= 1
            if index < 0:
                return match.start()
        elif match[0] not in _MINOR:
            return None
    return None


_MINOR = frozenset(
    ["of", "for", "the", "and", "in", "with", "via", "to", "on", "from", "by", "at", "a", "an", "as"]
)


def _backward(letters: list[str], low: str, begin: int, stop: int) -> int | None:
    index = len(letters) - 1
    at = stop - 1
    while index >= 0:
        letter = letters[index]
        while at >= begin and (low[at] != letter or (index == 0 and at > begin and low[at - 1].isalnum())):
            at -= 1
        if at < begin:
            return None
        at -= 1
        index -= 1
    return at + 1


def _expansion(short: str, view: str, start: int, stop: int) -> int | None:
    """Where the subtitle's words that spell out the title's short name end, if they do."""
    letters = [c.lower() for c in short if c.isalnum()]
    capitals = [c.lower() for c in short if c.isupper()]
    if len(capitals) < 3:
        return None
    words = list(_WORD.finditer(view, start, stop))[:14]
    at, word_end, used = 0, None, 0
    for match in words:
        word = match[0].lower()
        if at < len(letters) and word[0] == letters[at]:
            run = 1
            while run < len(word) and at + run < len(letters) and word[run] == letters[at + run]:
                if letters[at + run] == _next_initial(words, match):
                    break
                run += 1
            at += run
            used += 1
            word_end = match.end()
            if at == len(letters):
                break
        elif word not in _MINOR:
            return None
    return word_end if at == len(letters) and used >= 3 else None


def _next_initial(words: list[re.Match[str]], match: re.Match[str]) -> str:
    index = words.index(match) + 1
    return words[index][0][0].lower() if index < len(words) else ""
