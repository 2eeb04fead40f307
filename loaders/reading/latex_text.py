r"""Text in LaTeX as Unicode: ``G{\"o}del's $\lambda$-calculus \& more`` is ``Gödel's λ-calculus & more``.

What a command prints is pylatexenc's knowledge. It is asked for each command once, since commands repeat and asking
for whole texts costs ten times what reading a bibliography does; and it is not given whole texts for another
reason: titles and abstracts are LaTeX here and there only, and in real LaTeX ``50% of`` begins a comment.
"""

from __future__ import annotations

import logging
import re
from functools import cache, lru_cache
from typing import Any

from .fields import fold

_SIGN = re.compile(r"[\\{}$~]|``|''|--")
_LOST_BACKSLASH = re.compile(r"(?<=[^\W\d_])\{(?=['`^\"~][^\W\d_])|\{(?=['`^\"~][^\W\d_]\})")
"""``Thi{'e}baux``, as many bibliographies have it."""

_MORE = re.compile(r"[\\$~]|``|''|--")
_NO_BRACES = {ord("{"): None, ord("}"): None}
_TOKEN = re.compile(
    r"""
      (?P<plain> [{}]+ )
    | (?P<tie> ~ )
    | (?P<quote> ``|''|---?(?!-) )
    | (?P<accent> \\ (?: ['"`^~=.] | [cvuhrkbdtH] (?= [ ]?\{ | [ ][^\W\d_](?![a-z]) | [ ]?\\[ij](?![a-zA-Z]) ) ) [ ]?
        (?: \{ (?: \\[ij](?![a-zA-Z])[ ]? | [^{}\\]{0,3} ) \} | \\[ij](?![a-zA-Z]) [ ]? | [^\W\d_] ) )
    | \\ (?: url | path | nolinkurl ) [ ]? \{ (?P<url> [^{}]* ) \}
    | (?P<hidden> \\ (?: href | label | cite[a-z]* | ref | begin | end | [vh]space | (?:text)?color ) \*? [ ]?
        (?: \[ [^][{}]{0,200} \] [ ]? )? \{ [^{}]* \} )
    | \\ (?P<escaped> [&%$#_{}] )
    | (?P<letter> \\ (?: ss|SS|ae|AE|oe|OE|aa|AA|o|O|l|L|i|j|dh|DH|dj|DJ|th|TH|ng|NG ) (?![a-zA-Z]) )
        (?: [ ]?\{\} | [ ] )?
    | (?P<command> \\ [a-zA-Z]+ ) \*? (?: [ ]?\{\} )?
    | (?P<math> \$ (?=[^$]{0,300}? [\\^_{]) [^$]{1,1000} \$ | \$ [^$\w\s]{1,9} \$
        | \$\$? (?=\S) [^$]{1,1000}? (?<=\S) (?<!\\) \$\$? (?!\d)
        | \\\( (?: [^\\] | \\[^()] ){1,1000}+ \\\) | \\\[ (?: [^\\] | \\[^][] ){1,1000}+ \\\] )
    | (?P<join> \\ [-/!@*] )
    | (?P<space> \\ (?: \\ (?: [ ]?\[ [^][]{0,20} \] )? | . | \Z ) )
    """,
    re.VERBOSE | re.DOTALL,
)
_QUOTES = {"``": "“", "''": "”", "--": "–", "---": "—"}
_SCRIPT = re.compile(r"([\^_])(\d+)")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_NAMES = {
    "TeX": "TeX", "LaTeX": "LaTeX", "LaTeXe": "LaTeX2ε", "BibTeX": "BibTeX", "XeTeX": "XeTeX", "LuaTeX": "LuaTeX",
    "textendash": "–", "textemdash": "—", "newblock": " ", "par": " ", "newline": " ", "linebreak": " ", "quad": " ",
    "qquad": " ", "item": " ", "xspace": "", "ensuremath": "", "relax": "", "protect": "", "noop": "",
    "S": "§", "P": "¶", "dag": "†", "ddag": "‡",
    "slash": "/", "textasciitilde": "~", "textbackslash": "\\", "dots": "…", "ldots": "…", "textgreater": ">",
    "textless": "<", "textbar": "|", "textasciicircum": "^", "textunderscore": "_", "and": " and ", "copyright": "©",
    "lq": "‘", "rq": "’", "deg": "°",
}  # fmt: skip
"""Commands of names and spaces that pylatexenc leaves out or prints otherwise than a title does."""


def plain(text: str) -> str:
    r"""Return folded what LaTeX prints, as Unicode: braces go, accents, symbols and formulas become characters.

    Examples
    --------
    >>> plain(r"{\'E}tale {BERT}s: 50\% of \emph{M}$^3$ViT ``runs''"), plain("50% of $5")
    ('Étale BERTs: 50% of M³ViT “runs”', '50% of $5')
    """
    text = fold(text)
    if not _SIGN.search(text):
        return text
    if "{" in text:
        text = _LOST_BACKSLASH.sub(r"{\\", text)
    printed = fold(_TOKEN.sub(_printed, text) if _MORE.search(text) else text.translate(_NO_BRACES))
    return printed or fold(re.sub(r"[\\{}$~]+", " ", text))  # of nothing but unknown commands, their names


def _printed(token: re.Match[str]) -> str:
    kind, found = token.lastgroup, token[0]
    if kind == "plain":
        return ""
    if kind in ("tie", "space", "hidden"):
        return " " if kind != "hidden" else ""
    if kind == "quote":
        return _QUOTES[found]
    if kind in ("escaped", "url"):
        return token[kind]
    if kind == "join":
        return ""
    if kind == "command" and not token.string.startswith("{", token.end()):
        return _decoded(token["command"]) or _own_name(token["command"][1:])
    return _decoded(token[kind] if kind else found)


def _own_name(command: str) -> str:
    r"""Return the name of a macro that stands for a name, such as ``\TUG``; those of style are in lower case."""
    known = _decoder().latex_context.get_macro_spec(command)
    return command if not command.islower() and not (known and known.macroname) else ""


@lru_cache(maxsize=1 << 14)
def _decoded(fragment: str) -> str:
    """Ask pylatexenc what one command, accent or formula prints."""
    if fragment[1:] in _NAMES and fragment[0] == "\\":
        return _NAMES[fragment[1:]]
    try:
        printed: str = _decoder().latex_to_text(fragment)
    except Exception:  # it fails in many ways on what is no LaTeX, RecursionError among them
        printed = re.sub(r"\\[a-zA-Z]*|[${}]", "", fragment)
    printed = " ".join(printed.split()).replace("^∘", "°")
    return _SCRIPT.sub(lambda s: s[2].translate(_RAISED if s[1] == "^" else _LOWERED), printed)


@cache
def _decoder() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]

    logging.getLogger("pylatexenc").addHandler(logging.NullHandler())  # what it dislikes is no talk for users
    return LatexNodes2Text(math_mode="text", keep_comments=True)
