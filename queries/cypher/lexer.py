"""Text to tokens, by one compiled expression."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from .errors import CypherError


class Token(NamedTuple):
    """A token: its kind (name, quoted, string, integer, float, parameter, symbol, end), text and place.

    ``word`` is the text in upper case where it may be a keyword.
    """

    kind: str
    text: str
    start: int
    end: int
    word: str

    @property
    def span(self) -> tuple[int, int]:
        """Where the token stands."""
        return self.start, self.end


# Possessive throughout (``*+``): what was read is never tried another way, so the time is linear in the text.
_TOKEN = re.compile(
    r"""
    (?P<space>(?:[\s\ufeff]++|//[^\n]*+|/\*.*?\*/)++)
  | (?P<name>[^\W\d][\w\u0300-\u036f]*+)
  | (?P<float>(?:[0-9]++|(?<![\w.)\]]))\.[0-9]++(?:[eE][+-]?[0-9]++)?|[0-9]++[eE][+-]?[0-9]++)
  | (?P<integer>[0-9]\w*+)
  | (?P<string>'[^'\\]*+(?:\\.[^'\\]*+)*+'|"[^"\\]*+(?:\\.[^"\\]*+)*+")
  | (?P<quoted>`(?:[^`]|``)*+`)
  | (?P<parameter>\$(?:`(?:[^`]|``)*+`|\w++))
  | (?P<symbol>\.\.|<=|>=|<>|=~|\+=|\|\||::|(?!/\*)[-+*/%^=<>()\[\]{},.:;|&!?])
    """,
    re.VERBOSE | re.DOTALL,
)
_TYPESET = {
    **dict.fromkeys("–—−‐‑", "-"), **dict.fromkeys("‘’‚′", "'"), **dict.fromkeys("“”„″", '"'),
    "⟨": "<", "⟩": ">", "≤": "<=", "≥": ">=", "≠": "<>", "→": "->", "←": "<-", "…": "..", "×": "*",
}  # fmt: skip
"""What word processors and papers make of the characters of a query."""


def tokenize(text: str) -> list[Token]:
    """Split a query into tokens, the last of kind ``end``.

    Raises
    ------
    CypherError
        A character that begins no token, or a text, name or comment that does not end.
    """
    if not text.isascii():
        _check_characters(text)
    found: list[Token] = []
    place, match = 0, _TOKEN.match
    while place < len(text):
        hit = match(text, place)
        if hit is None:
            raise _unknown(text, place)
        kind = hit.lastgroup or ""
        end = hit.end()
        if kind != "space":
            piece = hit.group()
            # Other alphabets have no keywords, but letters that turn into ours in upper case.
            word = piece.upper() if kind == "name" and piece.isascii() else piece
            found.append(Token(kind, piece, place, end, word))
        place = end
    found.append(Token("end", "", len(text), len(text), ""))
    return found


def partners(tokens: Sequence[Token]) -> list[int]:
    """Return for every opening bracket where its closing one stands, and 0 for all else and for what stays open."""
    found = [0] * len(tokens)
    opened: list[tuple[str, int]] = []
    for place, token in enumerate(tokens):
        if token.text in _CLOSING:
            opened.append((_CLOSING[token.text], place))
        elif opened and token.text == opened[-1][0]:
            found[opened.pop()[1]] = place
    return found


_CLOSING = {"(": ")", "[": "]", "{": "}"}


def _check_characters(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        # Shown with ? for them, for halves of characters cannot be printed either.
        shown = text.encode("utf-8", "replace").decode("utf-8")
        reason = "Half of a character (a lone surrogate) stands here; the text was not read as what it is."
        span = (error.start, error.start + 1)
        raise CypherError(reason, detail="InvalidUnicodeCharacter", span=span, text=shown) from None


def _unknown(text: str, place: int) -> CypherError:
    char = text[place]
    span = (place, place + 1)
    if text.startswith("/*", place):
        reason = "This comment does not end; close it with */."
    elif char in "'\"":
        reason = f"This text does not end; close it with {char}."
    elif char == "`":
        reason = "This name does not end; close it with `."
    elif char == "$":
        reason = "After $ stands the name of a parameter, as in $name."
    elif char in _TYPESET:
        reason = f"{char} is no Cypher; write {_TYPESET[char]} instead."
        return CypherError(reason, detail="InvalidUnicodeCharacter", span=span, text=text)
    else:
        reason = f"{char!r} cannot stand here."
    return CypherError(reason, span=span, text=text)


_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_ESCAPES = {
    "n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "'": "'", '"': '"', "\\": "\\", "`": "`", "/": "/",
}  # fmt: skip


def string_value(token: Token, text: str) -> str:
    """Return what a quoted text says, its escapes resolved."""
    inside = token.text[1:-1]
    if "\\" not in inside:
        return inside

    def fail(match: re.Match[str], reason: str, detail: str) -> CypherError:
        start = token.start + 1 + match.start()
        return CypherError(reason, detail=detail, span=(start, start + len(match.group())), text=text)

    def resolve(match: re.Match[str]) -> str:
        code = match.group(1) or match.group(2)
        if code:
            if int(code, 16) > 0x10FFFF:
                raise fail(match, f"\\U{code} is no character.", "InvalidUnicodeLiteral")
            return chr(int(code, 16))
        char = match.group(3)
        if char in "uU":
            digits = 4 if char == "u" else 8
            raise fail(match, f"\\{char} needs {digits} hexadecimal digits.", "InvalidUnicodeLiteral")
        if char not in _ESCAPES:
            raise fail(match, f"\\{char} is no escape; write \\\\ for a backslash.", "UnexpectedSyntax")
        return _ESCAPES[char]

    found = _ESCAPE.sub(resolve, inside)
    try:
        # Pairs of surrogates written one by one are one character.
        return found.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        reason = "One half of a pair of \\u escapes is missing here: some characters take two."
        raise CypherError(reason, detail="InvalidUnicodeLiteral", span=token.span, text=text) from None


def name_value(token: Token) -> str:
    """Return the name a token stands for, without its backticks."""
    text = token.text.removeprefix("$")
    return text[1:-1].replace("``", "`") if text.startswith("`") else text
