r"""Arguments in braces, and the macros that authors define, put into the text they stand in.

Macros are expanded as text, within bounds: they are abbreviations (``\ours`` for the name of a method) that the words
of a paper depend on, and need no more of TeX.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_LONGEST_ARGUMENT = 50_000
_MOST_UNCLOSED = 50
"""Arguments without an end, each looked for in vain, after which no more are looked for."""


def argument(text: str, at: int) -> tuple[str, int] | None:
    """Return the braced argument that begins at a place, or after white space there, and where it ends.

    Examples
    --------
    >>> argument(r"\\title {An {Odd} \\} Title} more", 6)
    ('An {Odd} \\\\} Title', 26)
    """
    while at < len(text) and text[at].isspace():
        at += 1
    if at >= len(text) or text[at] != "{":
        return None
    depth = 0
    for sign in _BRACE.finditer(text, at, at + _LONGEST_ARGUMENT):
        if sign[0] == "{":
            depth += 1
        elif sign[0] == "}":
            depth -= 1
            if not depth:
                return text[at + 1 : sign.start()], sign.end()
    return None


def arguments_of(text: str, command: re.Pattern[str]) -> Iterator[tuple[re.Match[str], str, int]]:
    """Iterate over a command's uses with their first argument, and where it ends."""
    at = unclosed = 0
    while unclosed < _MOST_UNCLOSED and (found := command.search(text, at)):
        given = argument(text, found.end())
        at = found.end() if given is None else given[1]
        unclosed += given is None
        if given is not None:
            yield found, *given


_DEFINITION = re.compile(
    r"\\(?:(?:re|provide)?newcommand|DeclareRobustCommand|renewcommand|DeclareMathOperator)\*?\s*"
    r"\{?\s*\\([A-Za-z]+)\s*\}?\s*(?:\[(\d)\]\s*)?(\[[^\]\n]{0,200}\]\s*)?(?=\{)"
    r"|\\[gex]?def\s*\\([A-Za-z]+)\s*((?:#\d)*)(?=\{)"
)
_NEVER = frozenset((
    "cite", "citep", "citet", "section", "subsection", "title", "author", "abstract", "begin", "end", "item",
    "footnote", "caption", "label", "ref", "input", "include", "bibitem", "newblock", "and", "par", "textbf", "emph",
    "maketitle",
))  # fmt: skip
"""Commands that mean something here, whatever an author makes of them."""

_COMMAND = re.compile(r"\\([A-Za-z]+)\*?")
_OPTIONAL = re.compile(r"\s*\[[^\]\n]{0,500}\]")


@dataclass(frozen=True, slots=True)
class Macro:
    """What a macro stands for, and how many arguments it takes."""

    arguments: int
    body: str
    optional: str | None = None


def macros_of(text: str) -> dict[str, Macro]:
    """Return the macros that a source defines; the last definition counts."""
    found: dict[str, Macro] = {}
    at = unclosed = 0
    while unclosed < _MOST_UNCLOSED and (definition := _DEFINITION.search(text, at)):
        given = argument(text, definition.end())
        if given is None:
            at = definition.end()
            unclosed += 1
            continue
        body, at = given
        name = definition[1] or definition[4]
        count = int(definition[2] or 0) if definition[1] else len(definition[5] or "") // 2
        if name not in _NEVER and len(body) <= 2000 and "\\begin" not in body and f"\\{name}" not in body:
            optional = definition[3].strip()[1:-1] if definition[3] else None
            found[name] = Macro(count, body, optional)
    return found


def without_definitions(text: str) -> str:
    """Return a text without the definitions of macros in it."""
    kept: list[str] = []
    at = unclosed = 0
    while unclosed < _MOST_UNCLOSED and (definition := _DEFINITION.search(text, at)):
        given = argument(text, definition.end())
        unclosed += given is None
        kept.append(text[at : definition.start()])
        at = given[1] if given else definition.end()
    return "".join([*kept, text[at:]])


def expanded(text: str, macros: dict[str, Macro]) -> str:
    """Put in what macros stand for, those within them as well, as long as the text does not swell."""
    if not macros:
        return text
    most = 3 * len(text) + 100_000
    for _ in range(4):
        written = _once(text, macros)
        if written == text or len(written) > most:
            break
        text = written
    return text


def _once(text: str, macros: dict[str, Macro]) -> str:
    kept: list[str] = []
    at = size = unclosed = 0
    most = 3 * len(text) + 100_000
    for use in _COMMAND.finditer(text):
        macro = macros.get(use[1])
        if macro is None or use.start() < at or size > most or unclosed > _MOST_UNCLOSED:
            continue
        given, end = _given(text, use.end(), macro)
        if given is None:
            unclosed += 1
            continue
        body = macro.body
        for number, value in enumerate(given, 1):
            body = body.replace(f"#{number}", value)
        kept += [text[at : use.start()], body]
        size += len(body)
        if text.startswith("{}", end):
            end += 2
        at = end
    return "".join([*kept, text[at:]])


def _given(text: str, at: int, macro: Macro) -> tuple[list[str] | None, int]:
    """Return the arguments a macro is used with, and where they end."""
    given: list[str] = []
    if macro.optional is not None and macro.arguments:
        if found := _OPTIONAL.match(text, at):
            given.append(found[0].strip()[1:-1])
            at = found.end()
        else:
            given.append(macro.optional)
    while len(given) < macro.arguments:
        found_argument = argument(text, at)
        if found_argument is None:
            return None, at
        given.append(found_argument[0])
        at = found_argument[1]
    return given, at
