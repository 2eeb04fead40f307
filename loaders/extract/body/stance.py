"""What one place of a body says of how the paper stands to what it names: its clause, weighed by its section."""

from __future__ import annotations

import re

from ..engine import Reading
from .sections import Part

_CONTRAST = frozenset(
    ["unlike", "instead of", "rather than", "in contrast to", "alternative to", "alternatives to", "similar to",
     "as opposed to", "with respect to", "replace", "replaces", "replacing", "equivalent to", "gap between", "match",
     "matching", "matches"]
)  # fmt: skip
"""Comparisons of ways, not of results."""

_LOOSE = frozenset(["for", "from", "by", "across", "into", "through", "with", "via"])
"""Of the words after which something is used those that say it only where the paper speaks of itself."""

_DOING = ("USE", "TRAIN", "BUILD", "PROPOSE")
_PRETRAINED = re.compile(r"[- ]?(?:\w+ )?pre-?train|-init")
_DENIED = re.compile(r"(?:(?<!\w)(?:not|never|without|neither|no longer)|n't)(?! only)(?!\w)", re.IGNORECASE)
_REPORTING = re.compile(
    r"evaluat|accurac|performance|results?(?!\w)|benchmark|outperform|improv|achiev|perplexity|experiment|"
    r"(?<!\w)test|score|compar|validat|(?<!\w)report",
    re.IGNORECASE,
)
_RUNNING = re.compile(
    r"train|(?<!\w)r[ua]n(?!\w)|running|measur|inference|(?<!\w)test|deploy|implement|time", re.IGNORECASE
)


def stance(part: Part, vote: str, start: int, end: int, reading: Reading) -> tuple[str, bool]:
    """Return the paper's relation as one place says it, and whether it says so in so many words.

    Parameters
    ----------
    part
        What the section is for.
    vote
        What the clause says by itself, as of an abstract that speaks of its own work.
    """
    clauses = reading.clauses
    begin, stop = clauses.document.sentence(start)
    leader = reading.first.get(start, start)
    cue = clauses.governing(leader)
    words = clauses.document.lower[cue.start : cue.end] if cue is not None else ""
    if vote == "COMPARED_WITH" and words in _CONTRAST:
        vote = "USES"
    elif vote == "EVALUATED_ON" and _PRETRAINED.match(clauses.view, end):
        return ("MENTIONS" if part == "background" else "USES"), False
    elif vote == "BUILDS_ON" and cue is not None and cue.kind == "PROPOSE":
        vote = "USES"
    if cue is not None and _DENIED.search(clauses.view, max(begin, cue.start - 24), leader):
        return "MENTIONS", False
    own = any(cue.kind == "OWN" for cue in clauses.between(begin, stop))
    if vote == "BUILDS_ON" and not any(cue.kind == "OWN" for cue in clauses.between(begin, start)):
        vote = "USES"
    if part == "background":
        told = own and vote in ("COMPARED_WITH", "BUILDS_ON") and words != "than"
        return (vote if told else "MENTIONS"), False
    firm = cue is not None and cue.kind in _DOING and leader - cue.end < 40 and words not in _LOOSE
    if part == "experiments":
        loose = own and cue is not None and words in _LOOSE and leader - cue.end < 20
        return (vote if vote != "USES" or firm or loose else "MENTIONS"), firm and own
    if not own or (vote == "USES" and not firm):
        return "MENTIONS", False
    if vote == "EVALUATED_ON" and not _REPORTING.search(clauses.view, begin, stop):
        return "MENTIONS", False
    if vote == "RUNS_ON" and not _RUNNING.search(clauses.view, begin, stop):
        return "MENTIONS", False
    return vote, firm
