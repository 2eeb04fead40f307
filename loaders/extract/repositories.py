"""Addresses of code, data and project pages."""

from __future__ import annotations

import re

from .text import Document

_ADDRESS = re.compile(r"https?:[^\s<>\"]+")
_BARE = re.compile(
    r"(?:www\.(?<![\w./@]www\.)|github\.com/(?<![\w./@]github\.com/)"
    r"|huggingface\.co/(?<![\w./@]huggingface\.co/))[^\s<>\"]+"
)
"""What stands before an address is looked at only where one begins: letters are searched faster."""
_LONGEST = 2000
"""Characters of an address; no browser is sure to take a longer one."""

_TRAILING = ".,;:!?'\"*`|\\$}"


def addresses(document: Document) -> list[tuple[int, int]]:
    """Places in the view of every address, without the punctuation of the sentence it stands in."""
    view, low = document.view, document.lower
    found: list[tuple[int, int]] = []
    matches = list(_ADDRESS.finditer(low)) if "http" in low else []
    if "www." in low or "github.com" in low or "huggingface.co" in low:
        matches += _BARE.finditer(low)
    for match in matches:
        start, end = match.span()
        text = view[start:end]
        while text and (
            text[-1] in _TRAILING
            or (text[-1] in ")]" and text.count(text[-1]) > text.count("(["[text[-1] == "]"]))
        ):
            text = text[:-1]
        if 10 < len(text) <= _LONGEST and "." in text:
            found.append((start, start + len(text)))
    return found
