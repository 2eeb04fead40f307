"""Names by their shape: which tokens of a text can be proper names of things at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ..text import Document
from ..words import NO_NAMES

_CAPITAL = re.compile(r"[A-Z\x80-\U0010ffff][^ ]*")
_CAPITAL_ASCII = re.compile(r"[A-Z][^ ]*")
"""The rest of a word from its first letter that may be a capital; words of small letters alone are no names."""
_EDGE = "\"'([{<>}]).,;:!?*`|=~"
_GLUED = re.compile(
    r"(?<=[a-z)\d])[.](?=[A-Z][a-z])|,(?=[A-Za-z])|--+|-(?=(?:an?|the|which|where|that|and)$)|[()\[\]\"=<>;|]|:(?=[A-Za-z])"
)
_SLASH = re.compile(r"/")
_UNITLESS = re.compile(
    r"(?:\d+(?:x|×|times)[A-Z][\w-]*|[vV]\d[\d.]*|\d[\d.]*[BMKk](?:[-~]\d[\d.]*[BMKk])?)$|"
    r"[\d.,%xX+~-]+[A-Za-z]?%?$|\d+(?:st|nd|rd|th|s|ms|fps|px|bit|bits|D|B|M|K|GB|TB)$"
)
_FORMULA = re.compile(r"math(?:cal|bb|bf|rm|frak)|^[A-Za-z]_|_[A-Za-z]$|[\^=<>]|^\d[\d.]*[BMK]-")
_TITLE_WORD = re.compile(r"[A-Z][a-z']+$")
_ORDINARY_PART = re.compile(
    r"(?:[Bb]ased|[Ss]tyle|[Ll]ike|[Dd]riven|[Aa]ware|[Ff]ree|[Ll]evel|[Ww]ise|[Oo]nly|[Tt]ype|[Cc]entric|[Ff]riendly|"
    r"[Ss]pecific|[Aa]gnostic|[Nn]ative|[Ee]fficient|[Ss]elective|[Aa]daptive|[A-Za-z][a-z]+(?:ed|ing)|"
    r"[a-z]+(?:able|al|ive|ic|ent|ant|y))$"
)
_HUMPS = re.compile(
    r"(?:[\w.]+-)*(?:[A-Z][a-z]+[A-Z]|[A-Z]{2,}[a-z]{2,}[A-Z]|[A-Z][a-z][A-Z]{2})\w*(?:-[\w.]+)*"
)
_NOT_NAMES = ("OS", "Flops", "FLOPs", "FLOPS", "Point", "Mul", "Gather", "Office", "Reduce")


@dataclass(slots=True)
class Token:
    """A capitalised token of the view.

    ``shape`` is ``mixed`` (SpQR, GSM8K, T-MAC, mBERT), ``caps`` (LESS, AST) or ``title`` (Pink, Low-Rank);
    ``first`` says that a sentence begins with it.
    """

    start: int
    end: int
    text: str
    shape: str
    first: bool


def tokens(document: Document) -> list[Token]:
    """Find every token with an upper-case letter and say what shape it has."""
    found: list[Token] = []
    hyphened: list[int] = []
    starts, split = frozenset(document.sentences), document.split
    view = document.view.replace("\n", " ")
    for match in (_CAPITAL_ASCII if view.isascii() else _CAPITAL).finditer(view):
        at = match.start()
        base = at if view[at - 1] == " " else view.rfind(" ", 0, at) + 1
        for start, end, text, shape in _pieces(view[base : match.end()]):
            place = base + start
            first = place in starts or (0 < start <= 2 and base in starts)
            if shape == "title" and "-" in text and not first and place >= split:
                hyphened.append(len(found))
            found.append(Token(place, base + end, text, shape, first))
    for index in hyphened:
        found[index] = _settled(found, index)
    return found


def _settled(found: list[Token], index: int) -> Token:
    """Take ``Tele-Data`` inside a sentence as a name, unless it is part of a capitalised phrase."""
    token = found[index]
    before = index > 0 and found[index - 1].end + 1 == token.start
    after = index + 1 < len(found) and token.end + 1 == found[index + 1].start
    if before or after or not all(part[:1].isupper() for part in token.text.split("-")):
        return token
    return Token(token.start, token.end, token.text, "mixed", False)


@lru_cache(maxsize=1 << 16)
def _pieces(raw: str) -> tuple[tuple[int, int, str, str], ...]:
    """The name-shaped parts of one blank-separated word, as start, end, text and shape."""
    if raw.startswith("http") or raw.lower() == raw:
        return ()
    core = raw.strip(_EDGE)
    if core.isalnum():
        begin = raw.find(core)
        shape = shape_of(core) if len(core) > 1 else ""
        return ((begin, begin + len(core), core, shape),) if shape else ()
    cuts = [0]
    for match in _GLUED.finditer(raw):
        cuts += [match.start(), match.end()]
    cuts.append(len(raw))
    found = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=True):
        for part in _slashed(raw, start, end):
            first, last = part
            while first < last and raw[first] in _EDGE:
                first += 1
            while last > first and raw[last - 1] in _EDGE:
                last -= 1
            if raw[first:last].endswith("'s"):
                last -= 2
            text = raw[first:last]
            shape = shape_of(text) if len(text) > 1 else ""
            if shape == "affixed":
                while "-" in text and shape_of(text) == "affixed":
                    text = text[: text.rindex("-")]
                shape = shape_of(text)
            if shape:
                found.append((first, first + len(text), text, shape))
    return tuple(found)


def _slashed(raw: str, start: int, end: int) -> list[tuple[int, int]]:
    text = raw[start:end]
    if "/" not in text or "//" in text:
        return [(start, end)] if "//" not in text else []
    if re.search(r"-[A-Z]{1,2}/\d+$", text):
        return [(start, end)]
    parts, at = [], start
    for piece in text.split("/"):
        parts.append((at, at + len(piece)))
        at += len(piece) + 1
    return parts


@lru_cache(maxsize=1 << 16)
def shape_of(text: str) -> str:
    """Classify one token; an empty string means it cannot be a name."""
    if text in NO_NAMES or _UNITLESS.match(text) or len(text) > 60:
        return ""
    upper = sum(map(str.isupper, text))
    if (
        upper == 0
        or "-to-" in text
        or "-To-" in text
        or "-and-" in text
        or ((not text.isalnum() or "math" in text) and _FORMULA.search(text))
        or text.lstrip("0123456789") in NO_NAMES
    ):
        return ""
    if _TITLE_WORD.match(text):
        return "title"
    if "-" in text:
        parts = [part for part in text.split("-") if part]
        if not parts:
            return ""
        while len(parts) > 1 and _ORDINARY_PART.match(parts[-1]) and not parts[-1].isupper():
            parts.pop()
        if len(parts) < len([part for part in text.split("-") if part]):
            return "affixed"
        if parts[-1] in NO_NAMES and (len(parts) == 1 or parts[0].islower() or parts[0].istitle()):
            return ""
        if all(_TITLE_WORD.match(part) or part.islower() for part in parts):
            return "title"
        return "mixed"
    if text.isupper() and text.isalpha():
        return "caps"
    if text.isupper() or upper > 1 or any(c.isdigit() for c in text) or not text[0].isupper():
        body = text[:-1] if text.endswith("s") else text
        if body in NO_NAMES:
            return ""
        if body.isalpha() and body.isupper():
            return "caps"
        return "mixed"
    return "title"


def is_humped(name: str) -> bool:
    """Capitals at the beginnings of syllables (``RefChain``, ``CoSA-Score``), not a unit or a word with a slip."""
    return _HUMPS.fullmatch(name) is not None and not name.endswith(_NOT_NAMES)


def is_strong(name: str) -> bool:
    """CamelCase with at least four letters: nobody writes SnapKV by accident."""
    return (
        len(name) >= 4
        and any(c.islower() for c in name)
        and sum(c.isupper() for c in name) >= 2
        and not name.endswith(("ed", "ing"))
    )
