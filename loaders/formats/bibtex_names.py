"""Names as BibTeX writes them: ``Ludwig van Beethoven and de la Fontaine, Jean and {The Team} and others``."""

from __future__ import annotations

import re

from ..reading.latex_text import plain as without_latex
from ..reading.markup import printed

_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_PART = re.compile(
    r"\s*(given|family|prefix|suffix|given-i|prefix-i|useprefix|juniorcomma|sortingnamekey\w*)\s*=\s*"
)
_OTHERS = ("others", "et al", "et al.", "...", "")
_MOST = 1_000_000


def names(text: str) -> list[str]:
    r"""Return the persons and corporations a field names, given names first, as Unicode; "and others" is nobody.

    Examples
    --------
    >>> names(r"van der Maaten, Laurens and Erd{\H{o}}s, P{\'a}l and {Google, Inc.} and King, Jr., Martin and others")
    ['Laurens van der Maaten', 'Pál Erdős', 'Google, Inc.', 'Martin King Jr.']
    """
    text = text[:_MOST]
    written = _AND.split(text)
    if not all(map(_balanced, written)):  # an "and" in braces parts nothing
        from bibtexparser.middlewares.names import split_multiple_persons_names

        written = split_multiple_persons_names(text)
    if len(written) == 1:
        written = _without_and(written[0])
    found = (_name(name) for name in written)
    return list(dict.fromkeys(name for name in found if name.lower() not in _OTHERS))


def _without_and(text: str) -> list[str]:
    """Part names that were strung together in other ways: ``Smith, J.; Doe, K.`` and ``J. Smith, K. Doe, L. Roe``."""
    if "{" in text:
        return [text]
    if ";" in text:
        return text.split(";")
    parts = text.split(",")
    if len(parts) > 2 and all(" " in part.strip() for part in parts):
        return parts
    return [text]


def _balanced(text: str) -> bool:
    return "{" not in text or text.count("{") == text.count("}")


def _plain(text: str) -> str:
    """Return a name, or a part of one, as it is printed."""
    return printed(without_latex(text))


def _name(text: str) -> str:
    """Return one name with the given name first."""
    text = text.strip()
    if "," not in text or (text[0] == "{" and text.find("}") == len(text) - 1):
        return _plain(text)  # given name first, or a corporation, whose commas part no names
    if "=" in text and _PART.match(text):
        return _extended(text)
    parts = text.split(",")
    if not all(map(_balanced, parts)):
        from bibtexparser.middlewares.names import parse_single_name_into_parts

        return _plain(parse_single_name_into_parts(text, strict=False).merge_first_name_first)
    parts = [part for part in map(_plain, parts) if part]
    if len(parts) < 2:
        return "".join(parts)
    last, *junior, given = parts
    return " ".join([given, last, *junior])


def _extended(text: str) -> str:
    """Read BibLaTeX's extended form: ``family=Ackooij, given=W., prefix=van``."""
    parts = {}
    for part in text.split(","):
        if named := _PART.match(part):
            parts[named[1]] = _plain(part[named.end() :].strip().strip('"'))
    return " ".join(filter(None, (parts.get(name) for name in ("given", "prefix", "family", "suffix"))))
