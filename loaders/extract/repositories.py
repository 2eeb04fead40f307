"""Addresses of code, data and project pages."""

from __future__ import annotations

import re

from .text import Document

_ADDRESS = re.compile(
    r"https?:[^\s<>\"]+|(?<![\w./@])(?:www\.|github\.com/|huggingface\.co/)[^\s<>\"]+", re.IGNORECASE
)
_TRAILING = ".,;:!?'\"*`|\\$}"


def addresses(document: Document) -> list[tuple[int, int]]:
    """Places in the view of every address, without the punctuation of the sentence it stands in."""
    view = document.view
    if (
        "http" not in document.lower
        and "www." not in document.lower
        and "github.com" not in document.lower
        and "huggingface.co" not in document.lower
    ):
        return []
    found = []
    for match in _ADDRESS.finditer(view):
        start, end = match.span()
        text = view[start:end]
        while text and (
            text[-1] in _TRAILING
            or (text[-1] in ")]" and text.count(text[-1]) > text.count("(["[text[-1] == "]"]))
        ):
            text = text[:-1]
        if len(text) > 10 and "." in text:
            found.append((start, start + len(text)))
    return found
