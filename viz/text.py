"""Text for the eye: hostile characters made harmless, the sentence around a quotation, names that fit a label."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Directional overrides, embeddings and isolates reorder what follows them; marks (U+200E, U+200F) are innocent.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
_SENTENCE_END = re.compile(r"""[.!?]["'”’)\]]*\s+(?=["'“‘(\[]*[^\Wa-z_])""")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|al|Fig|Eq|Sec|Tab|resp|approx|No|Dr|Prof)|\b[A-Z])\.\s*$"
)
_LONGEST_CONTEXT = 480


def clean(text: str) -> str:
    """Replace every character that could harm a page, one for one, so that offsets stay true.

    Examples
    --------
    >>> clean("a" + chr(0) + "b" + chr(0xD800))
    'a\ufffdb\ufffd'
    """
    return _UNSAFE.sub(_harmless, text)


def _harmless(match: re.Match[str]) -> str:
    # A word joiner shows nothing and orders nothing; anything else that is no character shows as one unknown.
    return "\u2060" if match[0] > "\u2000" and match[0] < "\u2070" else "\ufffd"


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds of the sentence, or sentences, that hold ``text[start:end]``.

    A sentence of more than some 480 characters is cut to that many around the quotation.

    Examples
    --------
    >>> text = "It is small. We use e.g. LoRA on one A100. It works."
    >>> begin, stop = sentence_around(text, 24, 28)
    >>> text[begin:stop]
    'We use e.g. LoRA on one A100.'
    """
    begin, stop = 0, len(text)
    for boundary in _boundaries(text):
        if boundary <= start:
            begin = boundary
        elif boundary >= end:
            stop = boundary
            break
    while stop > end and text[stop - 1].isspace():
        stop -= 1
    margin = max((_LONGEST_CONTEXT - (end - start)) // 2, 0)
    if start - begin > margin:
        begin = _next_word(text, start - margin, start)
    if stop - end > margin:
        stop = _word_end(text, end + margin, end)
    return begin, stop


@lru_cache(maxsize=512)
def _boundaries(text: str) -> tuple[int, ...]:
    """Offsets at which a sentence begins, but for the first."""
    return tuple(
        match.end()
        for match in _SENTENCE_END.finditer(text)
        if not _ABBREVIATION.search(text, max(match.start() - 12, 0), match.start() + 1)
    )


def _next_word(text: str, at: int, limit: int) -> int:
    found = text.find(" ", at, limit)
    return found + 1 if found >= 0 else at


def _word_end(text: str, at: int, limit: int) -> int:
    found = text.rfind(" ", limit, at)
    return found if found >= 0 else at


def short_name(name: str, label: str, longest: int = 30) -> str:
    """Return a name that fits beside a mark: of a paper what stands before the colon, if that is a name.

    Examples
    --------
    >>> short_name("QLoRA: Efficient Finetuning of Quantized LLMs", "Paper")
    'QLoRA'
    >>> short_name("Attention Is All You Need and Then a Few More Things", "Paper")
    'Attention Is All You Need and…'
    """
    name = " ".join(clean(name).split())
    if label == "Paper":
        head = re.split(r":\s", name, maxsplit=1)[0]
        if 2 <= len(head) <= longest:
            name = head
    if len(name) <= longest:
        return name
    cut = name[:longest]
    at_word = cut.rfind(" ")
    return (cut[:at_word] if at_word > longest // 2 else cut).rstrip(" ,;:-–—") + "…"


def utf16_offset(text: str, offset: int) -> int:
    """Return an offset as JavaScript counts it: characters beyond the basic plane count twice."""
    if text.isascii():
        return offset
    return offset + sum(1 for character in text[:offset] if character > "\uffff")


def text_width(text: str) -> float:
    """Estimate the width of a line in ems of a common sans-serif face, on the generous side."""
    return sum(_advance(character) for character in text)


def _advance(character: str) -> float:
    if character in "iljIt.,:;'|!()[]f r-":
        return 0.36
    if character in "mwMW@%…" or unicodedata.east_asian_width(character) in "WF":
        return 1.0
    return 0.72 if character.isupper() else 0.63
