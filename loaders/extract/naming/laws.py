"""Laws with a name of their own: "the densing law", "Law of Capacity Gap"."""

from __future__ import annotations

import re

from ..text import Document
from ..words import BREAKS, word_set
from .neighbours import Introduction

_LAW = re.compile(
    r"(?<![\w-])(?:(?:[Aa]n?|[Tt]he) \"?(law of (?:[a-z-]+ ){0,2}[a-z-]+|(?:[a-z][\w-]+ ){1,3}law)(?=[\s.,:;)\"])"
    r"|([Ll]aw of (?:[A-Z][\w-]+ ?){1,3}|(?:[A-Z][\w-]+ ){1,4}Laws?)(?=[\s.,:;)\"]))"
)
_LAWLESS = word_set("""
neural power scaling empirical universal simple general physical fundamental provable new novel the a an of our
known robust intriguing precise quantitative unified following such same classical first three two second natural
common clear underlying
""")
_FINDS = re.compile(
    r"(?<!\w)(?:we|our|reveal\w*|establish\w*|discover\w*|identif\w+|uncover\w*|deriv\w+|introduc\w+|propos\w+|"
    r"formulat\w+|verified|call|term\w*|present\w*|find|into)(?!\w)",
    re.IGNORECASE,
)


def laws(document: Document, own_start: int) -> list[Introduction]:
    """Find named laws in the title, or where the paper says that it finds one."""
    view, split = document.view, document.split
    found: list[Introduction] = []
    for match in _LAW.finditer(view):
        start, end = match.span(1 if match[1] else 2)
        words = match[match.lastindex or 0].lower().split()
        while words[-1] in BREAKS:
            end = start + view[start:end].rstrip().rfind(" ")
            words.pop()
        if words[0] != "law" and (
            words[0] in _LAWLESS - {"scaling"} or "of" in words or all(w in _LAWLESS for w in words[:-1])
        ):
            continue
        if start < split <= end:
            continue
        key = document.key
        if start < split:
            spoken = key.find(key[start : end + 1].rstrip("s"), split) >= 0
        else:
            begin = document.sentence(start)[0]
            spoken = start >= own_start and _FINDS.search(view, begin, start) is not None
        if spoken:
            found.append(Introduction(start, end, "law@1", True, "law"))
    return found
