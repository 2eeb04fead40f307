"""Text that catalogues keep with marks in it: JATS, HTML, MathML of the publisher, LaTeX of the author.

:func:`plain` is for prose, in which LaTeX stays: what reads abstracts sees through it, and where a brace or a dollar
belongs to the text cannot be told for certain. :func:`printed` is for titles and names, which people look for.
"""

from __future__ import annotations

import html
import re
from html.entities import html5

from . import latex_text
from .fields import fold

_INLINE = (
    "b|i|u|em|strong|small|sub|sup|span|tt|sc|scp|italic|bold|underline|overline|roman|monospace|sans-serif|strike"
    "|styled-content|ext-link|xref|email|uri|named-content|inline-formula|tex-math|alternatives|inline-graphic|a|font"
)
_BLOCK = "p|br|hr|div|sec|title|label|list|list-item|li|ul|ol|disp-formula|disp-quote|table|tr|td|th|h[1-6]"
_MATH = "math|m[a-z]{1,14}|annotation|semantics"
_TAG = re.compile(
    rf"<(/?)(?:(?:jats|xhtml|html):({_INLINE}|{_BLOCK}|[a-z-]+)|mml:({_MATH})|({_INLINE}|{_BLOCK}|math|m(?:row|i|o|n|text"
    rf"|sub|sup|subsup|frac|sqrt|over|under|style|space|stretchy|fenced|table|td|tr)))(?:[\s/][^<>]{{0,2000}}+)?+>",
    re.IGNORECASE,
)
_IS_BLOCK = re.compile(_BLOCK, re.IGNORECASE)
_FORMULA = re.compile(r"<(jats:)?tex-math\b[^<>]*>([^<]*+)</\1tex-math>", re.IGNORECASE)
_HEADING = re.compile(r"<(jats:)?title\b[^<>]*>\s*(?:abstract|summary)\s*[.:]?\s*</\1title>", re.IGNORECASE)


def plain(marked: str) -> str:
    """Return a text without the markup of publishers, folded; what only looks like a tag stays.

    Examples
    --------
    >>> plain("<jats:title>Abstract</jats:title><jats:p>H<jats:sub>2</jats:sub>O &amp; more.</jats:p>")
    'H2O & more.'
    >>> plain("Filling <mask> where p < 0.05 and <i>q</i> > 1")
    'Filling <mask> where p < 0.05 and q > 1'
    """
    for _ in range(2):  # what was escaped twice is markup too
        if "<" in marked:
            marked = _without_tags(marked)
        if "&" not in marked:
            break
        marked = _ENTITY.sub(_character, marked)
    return fold(marked)


def printed(marked: str) -> str:
    r"""Return a title or a name as it is printed: without markup, and with LaTeX as Unicode.

    Examples
    --------
    >>> printed(r"Questions on 360{\deg} Images, {REST} and Top-$K$: \{Semi-Supervised\} O&Apos;Neill")
    "Questions on 360° Images, REST and Top-K: Semi-Supervised O'Neill"
    >>> printed("From $5 to $10: ~70% of {001} planes")
    'From $5 to $10: ~70% of {001} planes'
    """
    if not ("&" in marked or "<" in marked or "{" in marked or "\\" in marked or "$" in marked):
        return fold(marked)
    text = plain(marked)
    for _ in range(2):  # what was escaped twice is LaTeX too
        if not _LATEX(text):
            break
        text = latex_text.plain(text)
    return _BRACED.sub(r"\1", text)


_LATEX = re.compile(
    r"\\(?:[a-zA-Z]|[\"'`^~=.&%$#_{}()])|\{['`^\"~][^\W\d_]|\^\{|\$(?=\S)[^$]{1,300}(?<=\S)\$(?!\d)"
).search
_BRACED = re.compile(r"\{([^\W\d_][^{},;=]*)\}")
"""Words in braces, which keep their capitals; those of ``{001}`` and ``{a, b}`` belong to the text."""

_ENTITY = re.compile(r"&(?:#(?:\d{1,7}|[xX][\da-fA-F]{1,6})|([a-zA-Z]\w{1,30}));")
_GREEK = {
    "agr": "α", "bgr": "β", "ggr": "γ", "dgr": "δ", "egr": "ε", "zgr": "ζ", "eegr": "η", "thgr": "θ", "igr": "ι",
    "kgr": "κ", "lgr": "λ", "mgr": "μ", "ngr": "ν", "xgr": "ξ", "ogr": "ο", "pgr": "π", "rgr": "ρ", "sfgr": "ς",
    "sgr": "σ", "tgr": "τ", "ugr": "υ", "phgr": "φ", "khgr": "χ", "psgr": "ψ", "ohgr": "ω",
}  # fmt: skip
"""Letters by the names that SGML gave them and publishers still use; HTML knows them by others."""


def _character(entity: re.Match[str]) -> str:
    """Return the character of a reference; an unknown one stays, one in capitals is known by its small letters."""
    name = entity[1]
    if not name or f"{name};" in html5:
        return html.unescape(entity[0])
    if small := _GREEK.get(name.lower()):
        return small.upper() if name[0].isupper() else small
    return html5.get(f"{name.lower()};", entity[0])


def _without_tags(marked: str) -> str:
    marked = _HEADING.sub(" ", marked, count=1)
    if "tex-math" in marked:
        in_mathml = "mml:" in marked
        marked = _FORMULA.sub(lambda tex: " " if in_mathml or "documentclass" in tex[2] else tex[2], marked)
    return _TAG.sub(_between, marked)


def _between(tag: re.Match[str]) -> str:
    name = tag[2] or tag[4] or ""
    return " " if _IS_BLOCK.fullmatch(name) else ""
