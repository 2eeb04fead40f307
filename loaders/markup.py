"""Text that catalogues keep with the markup of the publisher: JATS, HTML, MathML."""

from __future__ import annotations

import html
import re

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
        marked = html.unescape(marked)
    return fold(marked)


def _without_tags(marked: str) -> str:
    marked = _HEADING.sub(" ", marked, count=1)
    if "tex-math" in marked:
        in_mathml = "mml:" in marked
        marked = _FORMULA.sub(lambda tex: " " if in_mathml or "documentclass" in tex[2] else tex[2], marked)
    return _TAG.sub(_between, marked)


def _between(tag: re.Match[str]) -> str:
    name = tag[2] or tag[4] or ""
    return " " if _IS_BLOCK.fullmatch(name) else ""
