"""What was not loaded, and why: the one form in which loaders say so."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)


def printable(text: str) -> str:
    r"""Escape what would act on a terminal instead of being shown: control and direction characters.

    Examples
    --------
    >>> print(printable("red \x1b[31m title"))
    red \x1b[31m title
    """
    return _UNPRINTABLE.sub(lambda char: char[0].encode("unicode_escape", "backslashreplace").decode(), text)


def quoted(text: str, limit: int = 60) -> str:
    """Quote text from an input within a message: on one line, cut to a length that leaves it readable."""
    text = " ".join(text[: 4 * limit].split())
    return f"“{printable(text if len(text) <= limit else text[: limit - 1] + '…')}”"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that was not loaded.

    Attributes
    ----------
    source
        The input, as :attr:`Document.uri <citegraph.loaders.Document.uri>` names it.
    line
        1-based line, or number of the entry in a JSON list; None where the whole input is meant.
    reason, remedy
        What is wrong, and what the user can do; both continue a sentence and have no full stop.

    Examples
    --------
    >>> print(Refusal("papers.jsonl", 12, "the title is missing", "give every record a title"))
    papers.jsonl:12: the title is missing; give every record a title.
    """

    source: str
    line: int | None
    reason: str
    remedy: str

    def __post_init__(self) -> None:
        for name in ("source", "reason", "remedy"):
            object.__setattr__(self, name, printable(getattr(self, name)))

    def __str__(self) -> str:
        place = self.source if self.line is None else f"{self.source}:{self.line}"
        return f"{place}: {self.reason}; {self.remedy}."
