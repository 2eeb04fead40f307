"""Functions of texts. Positions and lengths count characters (code points)."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Literal, cast

from ..errors import CypherRuntimeError, LimitError
from ..kinds import Kind, kind_of
from .base import Registry, integer, invalid_argument, out_of_range, string

FUNCTIONS = Registry()

MOST_CHARACTERS = 1 << 27


@FUNCTIONS.add("toUpper(input :: STRING) :: STRING", "A text in upper case.", aliases=("upper",))
def to_upper(text: Any) -> str:
    return string("toUpper", text).upper()


@FUNCTIONS.add("toLower(input :: STRING) :: STRING", "A text in lower case.", aliases=("lower",))
def to_lower(text: Any) -> str:
    return string("toLower", text).lower()


@FUNCTIONS.add(
    "char_length(input :: STRING) :: INTEGER",
    "The number of characters of a text.",
    aliases=("character_length",),
)
def char_length(text: Any) -> int:
    return len(string("char_length", text))


@FUNCTIONS.add("left(original :: STRING, length :: INTEGER) :: STRING", "The first characters of a text.")
def left(text: Any, length: Any) -> str:
    return string("left", text)[: _not_negative("left", length)]


@FUNCTIONS.add("right(original :: STRING, length :: INTEGER) :: STRING", "The last characters of a text.")
def right(text: Any, length: Any) -> str:
    text, length = string("right", text), _not_negative("right", length)
    return str(text[max(0, len(text) - length) :])


@FUNCTIONS.add(
    "substring(original :: STRING, start :: INTEGER, length :: INTEGER) :: STRING",
    "The characters of a text from a position, counted from 0.",
    least=2,
)
def substring(text: Any, start: Any, length: Any = None) -> str:
    text, start = string("substring", text), _not_negative("substring", start)
    return str(text[start:] if length is None else text[start : start + _not_negative("substring", length)])


@FUNCTIONS.add(
    "replace(original :: STRING, search :: STRING, replacement :: STRING) :: STRING",
    "A text with every occurrence of another replaced.",
)
def replace(text: Any, search: Any, replacement: Any) -> str:
    text, search, replacement = (string("replace", value) for value in (text, search, replacement))
    # Counting is cheap beside replacing, and tells beforehand whether the result would fit.
    if len(replacement) > len(search) and text.count(search) * len(replacement) > MOST_CHARACTERS:
        raise LimitError(f"replace() would make a text of more than {MOST_CHARACTERS:,} characters.")
    return str(text.replace(search, replacement))


@FUNCTIONS.add(
    "split(original :: STRING, delimiters :: STRING | LIST<STRING>) :: LIST<STRING>",
    "The pieces of a text between delimiters; with an empty delimiter, its characters.",
)
def split(text: Any, delimiters: Any) -> list[str]:
    text = string("split", text)
    if kind_of(delimiters) is Kind.STRING:
        return list(text) or [""] if delimiters == "" else list(text.split(delimiters))
    if kind_of(delimiters) is not Kind.LIST:
        raise invalid_argument("split", "a text or a list of texts to split at", delimiters)
    if any(delimiter is None for delimiter in delimiters):
        return None  # type: ignore[return-value]
    longest_first = sorted((string("split", delimiter) for delimiter in delimiters), key=len, reverse=True)
    if not longest_first:
        return [text]
    if "" in longest_first:
        return list(text) or [""]
    return re.split("|".join(map(re.escape, longest_first)), text)


@FUNCTIONS.add(
    "normalize(input :: STRING, form :: STRING) :: STRING",
    "A text in a Unicode normal form: NFC (default), NFD, NFKC or NFKD.",
    least=1,
)
def normalize(text: Any, form: Any = "NFC") -> str:
    text, form = string("normalize", text), string("normalize", form).upper()
    if form not in {"NFC", "NFD", "NFKC", "NFKD"}:
        raise CypherRuntimeError(
            f"normalize() knows NFC, NFD, NFKC and NFKD, not {form!r:.40}.", kind="ArgumentError"
        )
    return unicodedata.normalize(cast('Literal["NFC", "NFD", "NFKC", "NFKD"]', form), text)


# --- trimming: trim(BOTH 'x' FROM text) comes as trim('BOTH', 'x', text) -------------------------------------


@FUNCTIONS.add(
    "ltrim(input :: STRING, characters :: STRING) :: STRING",
    "A text without whitespace, or the given characters, at its start.",
    least=1,
)
def ltrim(text: Any, characters: Any = None) -> str:
    return string("ltrim", text).lstrip(_trimmed("ltrim", characters))


@FUNCTIONS.add(
    "rtrim(input :: STRING, characters :: STRING) :: STRING",
    "A text without whitespace, or the given characters, at its end.",
    least=1,
)
def rtrim(text: Any, characters: Any = None) -> str:
    return string("rtrim", text).rstrip(_trimmed("rtrim", characters))


@FUNCTIONS.add(
    "btrim(input :: STRING, characters :: STRING) :: STRING",
    "A text without whitespace, or the given characters, at both ends.",
    least=1,
)
def btrim(text: Any, characters: Any = None) -> str:
    return string("btrim", text).strip(_trimmed("btrim", characters))


@FUNCTIONS.add(
    "trim(specification :: STRING, character :: STRING, input :: STRING) :: STRING",
    "A text without whitespace at both ends, or without a character at LEADING, TRAILING or BOTH ends.",
    least=1,
    null_in_null_out=False,
)
def trim(*arguments: Any) -> str | None:
    if arguments[-1] is None:
        return None
    if len(arguments) == 1:
        return string("trim", arguments[0]).strip()
    if len(arguments) == 2:  # trim('x' FROM text)
        arguments = ("BOTH", *arguments)
    where, character, text = arguments
    cut = {"LEADING": ltrim, "TRAILING": rtrim, "BOTH": btrim}.get(string("trim", where or "BOTH").upper())
    if cut is None:
        raise CypherRuntimeError("trim() trims LEADING, TRAILING or BOTH ends.", kind="ArgumentError")
    return cut(text, character)


def _trimmed(function: str, characters: Any) -> str | None:
    return None if characters is None else string(function, characters)


def _not_negative(function: str, value: Any) -> int:
    value = integer(function, value)
    if value < 0:
        raise out_of_range(function, "positions and lengths from 0", value)
    return int(value)
