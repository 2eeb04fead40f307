"""Text to tokens, by one compiled expression."""

from __future__ import annotations

import re
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


_TOKEN = re.compile(
    r"""
    (?P<space>(?:\s+|//[^\n]*|/\*.*?\*/)+)
  | (?P<float>\d+\.\d+(?:[eE][+-]?\d+)?|(?<![\w.)\]])\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)
  | (?P<integer>0[xX]\w*|0o\w*|\d+\w*)
  | (?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
  | (?P<quoted>(?:`(?:[^`])*`)+)
  | (?P<parameter>\$(?:`(?:[^`]|``)*`|\w+))
  | (?P<name>[^\W\d]\w*)
  | (?P<symbol>\.\.|<=|>=|<>|=~|\+=|\|\||::|[-+*/%^=<>()\[\]{},.:;|&!?])
    """,
    re.VERBOSE | re.DOTALL,
)
_SYMBOLS = {"–": "-", "—": "-", "⟨": "<", "⟩": ">"}


def tokenize(text: str) -> list[Token]:
    """Split a query into tokens, the last of kind ``end``.

    Raises
    ------
    CypherError
        A character that begins no token, or a text, name or comment that does not end.
    """
    found: list[Token] = []
    place, match = 0, _TOKEN.match
    while place < len(text):
        hit = match(text, place)
        if hit is None:
            raise _unknown(text, place)
        kind = hit.lastgroup or ""
        if kind != "space":
            piece = hit.group()
            found.append(Token(kind, piece, place, hit.end(), piece.upper() if kind == "name" else piece))
        place = hit.end()
    found.append(Token("end", "", len(text), len(text), ""))
    return found


def _unknown(text: str, place: int) -> CypherError:
    char = text[place]
    span = (place, place + 1)
    endless = {"'": "text", '"': "text", "`": "name"}.get(char)
    if endless:
        reason = f"This {endless} does not end; close it with {char}."
    elif text.startswith("/*", place):
        reason = "This comment does not end; close it with */."
    elif char in _SYMBOLS:
        reason = f"{char!r} is no Cypher; write {_SYMBOLS[char]!r}."
        return CypherError(reason, detail="InvalidUnicodeCharacter", span=span, text=text)
    else:
        reason = f"{char!r} cannot stand here."
    return CypherError(reason, span=span, text=text)


_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_ESCAPES = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "b": "\b",
    "f": "\f",
    "'": "'",
    '"': '"',
    "\\": "\\",
    "`": "`",
    "/": "/",
}


def string_value(token: Token, text: str) -> str:
    """Return what a quoted text says, its escapes resolved."""

    def resolve(match: re.Match[str]) -> str:
        code = match.group(1) or match.group(2)
        if code:
            if int(code, 16) > 0x10FFFF:
                raise CypherError(
                    f"\\U{code} is no character.", detail="InvalidUnicodeLiteral", span=token.span, text=text
                )
            return chr(int(code, 16))
        char = match.group(3)
        if char in "uU":
            raise CypherError(
                f"\\{char} needs {4 if char == 'u' else 8} hexadecimal digits.",
                detail="InvalidUnicodeLiteral",
                span=token.span,
                text=text,
            )
        if char not in _ESCAPES:
            raise CypherError(
                f"\\{char} is no escape; write \\\\ for a backslash.", span=token.span, text=text
            )
        return _ESCAPES[char]

    inside = token.text[1:-1]
    if "\\" not in inside:
        return inside
    found = _ESCAPE.sub(resolve, inside)
    # Pairs of surrogates written one by one are one character.
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def name_value(token: Token) -> str:
    """Return the name a token stands for, without its backticks."""
    text = token.text.removeprefix("$")
    return text[1:-1].replace("``", "`") if text.startswith("`") else text
