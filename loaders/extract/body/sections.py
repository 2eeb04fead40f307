"""The parts of a body: what a section does for the paper, by its heading, and pieces short enough to be read as one.

Rules read a body in pieces of a few thousand characters, so that reading takes time in proportion to its length,
whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from ....graph.records import Section

Part = Literal["experiments", "background", "other"]
"""What a section tells of: what was done and measured, what others did and why, or how the thing works."""

_OTHERS = re.compile(r"related|prior (?:work|art)|previous work|literature", re.IGNORECASE)
_MAIN = re.compile(
    r"experiment|empirical|evaluation|(?<!\w)results?(?!\w)|benchmark|ablation|comparison|state[- ]of[- ]the[- ]art|"
    r"performance",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"introduction|background|preliminar|motivation|conclu|discussion|limitation|future|acknowledge?ment|impact|ethic|"
    r"societal|summary|references|bibliograph|overview|contribution|funding|author|conflict|competing|checklist|"
    r"abstract|availability|footnote",
    re.IGNORECASE,
)
_MINOR = re.compile(
    r"^table(?!\w)|set-?up|settings?(?!\w)|implementation|training|hyper-?param|hardware|baseline|analysis|case stud|"
    r"run-?time|inference time|latency|throughput|timing|speed|efficiency|"
    r"(?<!\w)data ?sets?(?! (?:construct|collect|creat|annotat|statist))",
    re.IGNORECASE,
)
_PIECE = 3_000
_SENTENCE = re.compile(r"[.!?][\"')\]]* +(?=[\"'(\[]*[A-Z0-9])")
_STEP = re.compile(r"\s*(?:>|/|›|»|::)\s*")
"""Between the headings of a path."""


def parts(sections: Sequence[Section], tests: Callable[[str], bool] = lambda heading: False) -> list[Part]:
    """Say what each section does for the paper.

    A heading that says nothing by itself ("Faster R-CNN") belongs to the experiments if these have begun and nothing
    has ended them: outlines are often flat.

    Parameters
    ----------
    tests
        Whether a heading names a benchmark: such sections report on it.

    Examples
    --------
    >>> parts([Section("1 Introduction", ""), Section("4 Experiments", ""), Section("COCO test-dev", "")])
    ['background', 'experiments', 'experiments']
    """
    found: list[Part] = []
    begun = False
    for section in sections:
        part, main = _of_path(section.name)
        if part is None and section.name and tests(section.name):
            part = "experiments"
        if part is None and not section.name.strip() and found:
            part = found[-1]
        elif part == "background":
            begun = False
        begun = begun or main
        found.append(part or ("experiments" if begun else "other"))
    return found


def _of_path(name: str) -> tuple[Part | None, bool]:
    """What a heading says, the innermost first, and whether it is that of the main experiments."""
    main = False
    for heading in reversed(_STEP.split(name)):
        if _OTHERS.search(heading):
            return "background", False
        if _MAIN.search(heading):
            return "experiments", True
        if _ASIDE.search(heading):
            return "background", False
        if _MINOR.search(heading):
            return "experiments", main
    return None, False


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """Cut a text at the ends of sentences into pieces of some three thousand characters; yield where each begins."""
    at = 0
    while at < len(text):
        stop = at + _PIECE
        if stop < len(text):
            half = at + _PIECE // 2
            ends = [match.end() for match in _SENTENCE.finditer(text, half, stop)]
            blank = text.rfind(" ", half, stop)
            stop = ends[-1] if ends else blank + 1 if blank > 0 else stop
        yield at, text[at:stop]
        at = stop
