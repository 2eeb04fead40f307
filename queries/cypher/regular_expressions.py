"""``text =~ pattern``: Java's regular expressions, as Neo4j has them, over the ``regex`` package.

Patterns are translated where the dialects differ, and both their size and the time of a match are bounded: a
pattern comes from whoever writes the query and may be catastrophic, by intent or not.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from .errors import CypherRuntimeError, LimitError
from .kinds import Kind, kind_of, type_name

SECONDS = 1.0
"""How long one text may take."""
MOST_PARTS = 20_000
"""How large a pattern may grow once its counted repetitions are written out."""
DEEPEST = 100
"""How deep groups may nest."""

# Java's classes are those of ASCII unless a flag says otherwise. They stand within brackets too.
_CLASSES = {
    "d": "[0-9]",
    "D": "[^0-9]",
    "w": "[A-Za-z0-9_]",
    "W": "[^A-Za-z0-9_]",
    "s": r"[ \t\n\x0b\f\r]",
    "S": r"[^ \t\n\x0b\f\r]",
    "h": r"[ \t\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000]",
    "H": r"[^ \t\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000]",
    "v": r"[\n\x0b\f\r\x85\u2028\u2029]",
    "V": r"[^\n\x0b\f\r\x85\u2028\u2029]",
    "e": r"\x1b",
}
_JAVA_PROPERTIES = {
    "LowerCase": "Lowercase",
    "UpperCase": "Uppercase",
    "Alphabetic": "Alphabetic",
    "Digit": "Nd",
    "Letter": "L",
    "LetterOrDigit": "Alnum",
    "Whitespace": "White_Space",
}


def matches(text: Any, pattern: Any) -> bool | None:
    """Tell whether a pattern matches the whole text: ``text =~ pattern``; unknown if the left side is no text."""
    if pattern is None or text is None:
        return None
    if kind_of(pattern) is not Kind.STRING:
        raise CypherRuntimeError(
            f"=~ needs a pattern, which is a text, not a {type_name(pattern)}.", detail="InvalidArgumentType"
        )
    if kind_of(text) is not Kind.STRING:
        return None
    try:
        return _compiled(pattern).fullmatch(text, timeout=SECONDS) is not None
    except TimeoutError:
        raise LimitError(
            f"The regular expression {_shown(pattern)} took more than {SECONDS:g} second on one text; "
            "repetitions inside repetitions, as in (a+)+, are the usual reason."
        ) from None
    except (MemoryError, RecursionError):
        raise LimitError(f"The regular expression {_shown(pattern)} needs too much memory.") from None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    import regex

    translated = _Translation(pattern).result
    try:
        # Version 1 has what Java has: sets within sets, flags for the rest of a group only. Without -f, ß would
        # match "ss" when case is ignored.
        return regex.compile("(?-f)" + translated, regex.V1, cache_pattern=False)
    except regex.error as error:
        raise _invalid(pattern, str(error)) from None
    except (RecursionError, MemoryError, OverflowError):
        raise _invalid(pattern, "it is too large") from None
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise _invalid(pattern, str(error) or "it cannot be read") from None


class _Translation:
    """One pass over a pattern: writes it anew in the other dialect and adds up its size."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.place = pattern, 0
        self.sets = 0
        self.ignoring_case = self.unicode_classes = self.unicode_case = False
        # For every open group: the parts in it so far, and those of its last item, which a repetition multiplies.
        self.sizes = [[0, 0]]
        pieces = []
        while self.place < len(pattern):
            pieces.append(self._piece())
            if self.sizes[-1][0] + self.sizes[-1][1] > MOST_PARTS:
                raise _invalid(
                    pattern, f"with its repetitions written out, it has more than {MOST_PARTS:,} parts"
                )
        self.result = "".join(pieces)

    def _piece(self) -> str:
        character = self.pattern[self.place]
        if character == "\\":
            return self._escape()
        self.place += 1
        if self.sets:
            self.sets += (character == "[") - (character == "]")
            # Version 1 takes these doubled for operations on sets; Java knows && only.
            return "\\" + character if character in "-|~" and self._next_is(character) else character
        match character:
            case "[":
                self._item()
                return self._set()
            case "(":
                return self._group()
            case ")":
                if len(self.sizes) > 1:
                    size = sum(self.sizes.pop())
                    self._item(size)
                return ")"
            case "{":
                return self._repetition()
            case "*" | "+" | "?" | "|" | "^" | "$":
                return character
            case _:
                self._item()
                # Without (?u) Java ignores the case of ASCII letters only.
                plain = self.ignoring_case and not self.unicode_case and character > "\x7f"
                return f"(?-i:{character})" if plain else character

    def _next_is(self, character: str) -> bool:
        return self.pattern.startswith(character, self.place)

    def _item(self, size: int = 1) -> None:
        top = self.sizes[-1]
        top[0], top[1] = top[0] + top[1], size

    def _set(self) -> str:
        self.sets = 1
        start = "["
        if self._next_is("^"):
            self.place, start = self.place + 1, "[^"
        if self._next_is("]"):  # the first one is a member
            self.place, start = self.place + 1, start + "\\]"
        return start

    def _group(self) -> str:
        self.sizes.append([0, 0])
        if len(self.sizes) > DEEPEST:
            raise _invalid(self.pattern, f"its groups nest deeper than {DEEPEST}")
        if not self._next_is("?"):
            return "("
        end = self.place + 1
        while end < len(self.pattern) and (self.pattern[end].isalpha() or self.pattern[end] == "-"):
            end += 1
        flags, close = self.pattern[self.place + 1 : end], self.pattern[end : end + 1]
        if not flags or close not in {":", ")"} or not set(flags) <= set("idmsuUx-"):
            return "("  # lookaround, a name …: the same in both, and the question mark comes next
        self.place = end + 1
        on, _, off = flags.partition("-")
        self.ignoring_case = (self.ignoring_case or "i" in on) and "i" not in off
        self.unicode_classes = (self.unicode_classes or "U" in on) and "U" not in off
        self.unicode_case = (self.unicode_case or "u" in on or "U" in on) and not {*"uU"} & {*off}
        # The other dialect has no flags for these; what is left when nothing is to be set is nothing.
        kept = "".join(flag for flag in flags if flag not in "duU").rstrip("-")
        if close == ")":
            self.sizes.pop()
            return f"(?{kept})" if kept else ""
        return f"(?{kept}:" if kept else "(?:"

    def _repetition(self) -> str:
        end = self.pattern.find("}", self.place)
        least, comma, most = self.pattern[self.place : max(end, self.place)].partition(",")
        if (
            end < 0
            or not least.isdecimal()
            or (most and not most.isdecimal())
            or len(least) > 9
            or len(most) > 9
        ):
            raise _invalid(self.pattern, "a { opens a repetition such as {2,5}; write \\{ for the character")
        self.place = end + 1
        self.sizes[-1][1] *= max(1, int(least), int(most or 0))
        return f"{{{least}{comma}{most}}}"

    def _escape(self) -> str:
        import regex

        letter = self.pattern[self.place + 1 : self.place + 2]
        if not letter:
            raise _invalid(self.pattern, "it ends in a backslash")
        self.place += 2
        if letter == "Q":
            end = self.pattern.find("\\E", self.place)
            quoted = self.pattern[self.place : end if end >= 0 else None]
            self.place = end + 2 if end >= 0 else len(self.pattern)
            for _ in quoted:
                self._item()
            return str(regex.escape(quoted, special_only=False))
        if not self.sets:
            self._item()
        if letter in _CLASSES and not (self.unicode_classes and letter in "dDwWsS"):
            return _CLASSES[letter]
        if letter == "z":
            return r"\Z"
        if letter == "Z":
            return r"(?=\n?\Z)"
        if letter in "kx" and self._next_is("<" if letter == "k" else "{"):
            end = self.pattern.find(">" if letter == "k" else "}", self.place)
            inside = self.pattern[self.place + 1 : max(end, self.place)]
            if letter == "k" and inside.isalnum():
                self.place = end + 1
                return f"(?P={inside})"
            if (
                letter == "x"
                and inside
                and set(inside.lower()) <= set("0123456789abcdef")
                and len(inside) <= 6
            ):
                self.place = end + 1
                return f"\\U{int(inside, 16):08x}"
            raise _invalid(self.pattern, f"\\{letter} is not followed by a name or number")
        if letter in "pP" and self._next_is("{"):
            return f"\\{letter}{{{self._property()}}}"
        return "\\" + letter

    def _property(self) -> str:
        end = self.pattern.find("}", self.place)
        name = self.pattern[self.place + 1 : max(end, self.place)]
        java = name.removeprefix("java")
        if end < 0 or (java != name and java not in _JAVA_PROPERTIES):
            raise _invalid(self.pattern, f"there is no property {name:.30}")
        self.place = end + 1
        return name if java == name else _JAVA_PROPERTIES[java]


def _invalid(pattern: str, why: str) -> CypherRuntimeError:
    return CypherRuntimeError(
        f"{_shown(pattern)} is not a regular expression that can be used: {why}.",
        kind="ArgumentError",
        detail="InvalidArgumentValue",
    )


def _shown(pattern: str) -> str:
    shown = pattern if len(pattern) <= 60 else pattern[:57] + "…"
    return repr(shown)
