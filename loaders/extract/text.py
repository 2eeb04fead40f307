"""The text layer: one readable view of title and abstract, and the way back to the stored characters.

Rules read the *view*: LaTeX wrappers, accents and dollars undone, typographic quotes and dashes made plain, runs
of white space made one blank. Every character of the view knows which stored characters it stands for, so that a
span found in the view is quoted exactly as the paper has it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache

from ...graph.identity import slug
from ...graph.records import Span
from .words import word_set

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—−﹣－", "-"),
        **dict.fromkeys("‘’‚‛′´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys(
            "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000\n\t\r\x0b\x0c\x85", " "
        ),
        **dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789", strict=True)),
    }
)
"""Characters with a plain counterpart of the same length."""

_SIGNS = r"\\${}^~`\n\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufb00-\ufb06"
_ASCII_SIGNS = "\\${}^~`"
_UNUSUAL = re.compile(f"[{_SIGNS}]")
_MARK = re.compile(rf"[{_SIGNS}' ](?:(?<! )|(?=[ \n~]))")
"""Where :data:`_LATEX` may match at all."""
_LATEX = re.compile(
    r"\\(?:text(?:sc|bf|it|tt|rm|sf|up|md|normal)?|emph|math(?:rm|bf|it|sf|tt|cal|bb|frak)|"
    r"operatorname\*?|ensuremath"
    r"|bf|it|sc|tt|rm|em|sf|mbox|hbox|url|href)(?![A-Za-z])\s*"
    r"|\\(?P<accent>['`^\"~=.])\{?\\?(?P<letter>[A-Za-z])\}?"
    r"|\\(?P<hook>[cvuHk])\{(?P<hooked>[A-Za-z])\}"
    r"|\\(?P<escaped>[%&_#$])"
    r"|\\(?=[A-Za-z])"
    r"|\\[\\,;:! ]?"
    r"|(?P<quote>``|'')"
    r"|(?P<ligature>[\ufb00-\ufb06])"
    r"|(?P<blank>[ \n~]{2,}|[\n~])"
    r"|[${}^`\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_COMBINING = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "k": "\u0328",
}  # fmt: skip

_SENTENCE = re.compile(r"[.!?](?:[\"')\]]* (?=[\"'(\[]*[A-Z0-9])|(?=[A-Z][a-z]+[ ,]))")
_STARTER = re.compile(
    r"(?:A|An|The|This|These|That|Those|We|Our|In|It|Its|To|For|By|With|Through|From|On|At|As|Such|Thus|"
    r"However|Moreover|Furthermore|Additionally|Specifically|Experiments?|Results|Extensive|Existing|"
    r"Recent|While|When|Given|Despite|Although|Here|There|Unlike|Using|Based|Instead|Finally|First) "
)
"""Words that open a sentence: after them a full stop without a blank ends one even behind an acronym."""

_ABBREVIATIONS = word_set("""
e.g i.e cf vs etc al Fig fig Figs figs Eq eq Eqs eqs Sec sec resp approx w.r.t Dr Prof No
A B C D E F G H I J K L M N O P Q R S T U V W X Y Z
""")


class Document:
    """Title and abstract of one paper, as rules read them.

    Attributes
    ----------
    view : str
        The readable text: title, a line feed, abstract.
    lower : str
        ``view`` in lower case, of the same length.
    key : str
        ``lower`` between two blanks, with everything but letters, digits, ``.`` and ``+`` made blank: what the
        lexicon is matched against. Position ``i`` of the view is position ``i + 1`` of the key.
    split : int
        Where the abstract begins in the view.
    """

    __slots__ = (
        "_abstract",
        "_ends",
        "_title",
        "_titles",
        "abstract",
        "key",
        "lower",
        "sentences",
        "split",
        "title",
        "view",
    )

    def __init__(self, title: str, abstract: str) -> None:
        self.title, self.abstract = title, abstract
        head, self._title = _readable(title)
        body, self._abstract = _readable(abstract)
        self.view = f"{head}\n{body}"
        self.split = len(head) + 1
        self.lower = _lower(self.view)
        self.key = f" {self.lower.translate(KEY)} "
        self.sentences = self._cut()
        self._ends = [*self.sentences[1:], len(self.view)]

    def span(self, start: int, end: int, extractor: str) -> Span:
        """Quote characters ``[start, end)`` of the view from the stored text; they lie within one field."""
        if start < self.split:
            field, text, runs, shift = "title", self.title, self._title, 0
        else:
            field, text, runs, shift = "abstract", self.abstract, self._abstract, self.split
        begin, stop = start - shift, end - shift
        if runs is not None:
            begin, stop = _stored(runs, begin)[0], _stored(runs, stop - 1)[1]
            stop = _closed(text, begin, stop)
        return Span(field, begin, stop, text[begin:stop], extractor)

    def sentence(self, position: int) -> tuple[int, int]:
        """Start and end of the sentence that holds ``position``."""
        index = bisect_right(self.sentences, position) - 1
        return self.sentences[index], self._ends[index]

    def _cut(self) -> list[int]:
        starts = [0, self.split]
        view = self.view
        for match in _SENTENCE.finditer(view, self.split):
            stop = match.start()
            if match.end() == stop + 1:
                word = view[stop - 2 : stop].isalpha() and view[stop - 1].islower()
                if not word and view[stop - 1] not in ")]" and not _STARTER.match(view, stop + 1):
                    continue
            elif view[stop] == ".":
                before = view[max(0, stop - 8) : stop]
                cut = max(before.rfind(" "), before.rfind("("))
                if cut >= 0 and before[cut + 1 :] in _ABBREVIATIONS:
                    continue
            starts.append(match.end())
        return starts


class _Keys(dict[int, int]):
    """Translation to the matching key: letters and digits stay, everything else becomes a blank."""

    def __missing__(self, code: int) -> int:
        char = chr(code)
        value = code if char.isalnum() or char in ".+" else 32
        self[code] = value
        return value


KEY = _Keys()


def normal(surface: str) -> str:
    """Bring a name to the form in which :attr:`Document.key` holds it."""
    text, _ = _readable(surface)
    return " ".join(_lower(text).translate(KEY).split())


def _lower(text: str) -> str:
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


Runs = tuple[list[int], list[tuple[int, int, int]]]
"""Starts in the view, and for each (start in the stored text, length in the view, length in the stored text)."""


def _readable(text: str) -> tuple[str, Runs | None]:
    plain = text.replace("\n", " ").replace("\t", " ") if text.isascii() else text.translate(_PLAIN)
    if "  " not in plain and "''" not in plain and not _is_unusual(plain):
        return plain, None
    plain = text.translate(_PLAIN)
    pieces: list[str] = []
    starts: list[int] = []
    runs: list[tuple[int, int, int]] = []
    length = 0

    def add(piece: str, begin: int, stop: int) -> None:
        nonlocal length
        if piece:
            starts.append(length)
            runs.append((begin, len(piece), stop - begin))
            pieces.append(piece)
            length += len(piece)

    done = 0
    for mark in _MARK.finditer(plain):
        start = mark.start()
        match = _LATEX.match(plain, start) if start >= done else None
        if match is not None:
            add(plain[done:start], done, start)
            add(_replacement(match), start, match.end())
            done = match.end()
    add(plain[done:], done, len(plain))
    return "".join(pieces), (starts, runs)


def _is_unusual(plain: str) -> bool:
    """Whether it holds a sign that does not stand for itself."""
    if plain.isascii():  # seven searches for one character take a tenth of the time of the expression
        return any(sign in plain for sign in _ASCII_SIGNS)
    return _UNUSUAL.search(plain) is not None


def _replacement(match: re.Match[str]) -> str:
    kind = match.lastgroup
    if kind in ("letter", "hooked"):
        mark = _COMBINING[match["accent"] or match["hook"]]
        composed = unicodedata.normalize("NFC", match[kind] + mark)
        return composed if len(composed) == 1 else match[kind]
    if kind == "escaped":
        return match["escaped"]
    if kind == "quote":
        return '"'
    if kind == "ligature":
        return unicodedata.normalize("NFKC", match["ligature"])
    return " " if kind == "blank" else ""


def _stored(runs: Runs, position: int) -> tuple[int, int]:
    """Stored characters ``[start, end)`` behind one character of the view."""
    starts, rows = runs
    index = bisect_right(starts, position) - 1
    begin, seen, stored = rows[index]
    if seen == stored:
        at = begin + position - starts[index]
        return at, at + 1
    return begin, begin + stored


def _closed(text: str, begin: int, stop: int) -> int:
    """Take the brace or dollar in that closes what the quotation opens: ``{\\Psi}``, not ``{\\Psi``."""
    quoted = text[begin:stop]
    while text[stop : stop + 1] == "}" and quoted.count("{") > quoted.count("}"):
        stop += 1
        quoted = text[begin:stop]
    if text[stop : stop + 1] == "$" and quoted.count("$") % 2:
        stop += 1
    return stop


identifier = lru_cache(maxsize=1 << 16)(slug)
"""Remembered: the same names come in many papers."""

_LAST_WORD = re.compile(r"[A-Za-z][\w-]*\Z")


def last_word(text: str) -> str:
    """Return the word in which a text ends, or nothing."""
    word = text[text.rfind(" ") + 1 :]
    if word.isalpha() and word.isascii():
        return word
    match = _LAST_WORD.search(word)
    return match[0] if match else ""


def found_at(
    starts: re.Pattern[str], pattern: re.Pattern[str], view: str, begin: int, stop: int
) -> Iterator[re.Match[str]]:
    """Find what ``pattern.finditer`` finds, trying only where ``starts`` match.

    It is worth its while where the pattern begins with a look behind or with alternatives, and ``starts`` with a few
    letters: they are searched fast.
    """
    done = begin
    for start in starts.finditer(view, begin, stop):
        at = start.start()
        if at >= done and (match := pattern.match(view, at, stop)) is not None:
            done = match.end()
            yield match


def covered(spans: Iterable[tuple[int, int]], start: int, end: int) -> bool:
    """Tell whether ``[start, end)`` overlaps one of ``spans``."""
    for begin, stop in spans:  # noqa: SIM110 - a generator costs three times as much
        if begin < end and start < stop:
            return True
    return False
