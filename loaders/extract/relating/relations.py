"""How the paper stands to each thing it names, from the clause the name stands in.

Every place votes; the first that fits of the schema's precedence wins: PROPOSES, EVALUATED_ON and RUNS_ON,
COMPARED_WITH, BUILDS_ON, USES, MENTIONS.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from ..hits import Cue
from ..text import Document

_GAP = re.compile(
    r"\s*(?:\([^()]{0,60}\)|\[[^\]]{0,30}\]|by \d[\d.%/]*(?: points?| pp)?)?\s*(,|/|&|and|or|, and|, or|as well as|"
    r", as well as|vs\.?|versus)\s*(?:the |its |even |also )?"
)
_JOINING = frozenset("([,/&aovb")
"""With what :data:`_GAP` can begin."""

_BASELINE = re.compile(
    r"(?:'s)?[- ](?:[\w.-]+ ){0,2}(?:baselines?|counterparts?|equivalents?)(?!\w)|"
    r"-based (?:methods|approaches)(?!\w)",
    re.IGNORECASE,
)
_MEASURED_BY = re.compile(
    r"(?<!\w)(?:over (?:(?:the|its|standard|vanilla|original|previous) )?|baseline |"
    r"(?:replacements?|substitutes?) for (?:[\w-]+ )?|[\d.]+ ?% of (?:the )?)(?:[\w.]+-[\w.-]+ )?$",
    re.IGNORECASE,
)
_EVALUATOR = re.compile(
    r"[- ](?:judge|judges|as (?:a |the )?(?:judge|evaluator|annotator)|evaluation|evaluations)(?!\w)",
    re.IGNORECASE,
)
_ACTING = re.compile(r" (?:(?:that |those )?(?:\w+ing|obtained|achieved|trained) )?")
_WITHIN = re.compile(r"[,;:]| (?:and|while|whereas|but|which|that|where) ")


_TRANSPARENT = ("OWN", "LIST", "BACK")
_MOST_CUES = 32
"""Cues looked at before a name; more stand in no sentence that is meant to be read."""


_ANNOUNCED = re.compile(r"(?:such as|like|including|e\.g\.,?|i\.e\.,?|namely|:|\() ?(?:the )?$")


class Clauses:
    """The cues of one document, ready to be asked what governs a place."""

    def __init__(self, document: Document, cues: list[Cue]) -> None:
        self.document, self.view = document, document.view
        view = self.view
        # "flow-matching" matches nothing with anything.
        self.cues = [
            cue for cue in cues if view[cue.start - 1] != "-" or cue.start < 2 or view[cue.start - 2] == " "
        ]
        self._starts = [cue.start for cue in self.cues]
        self._governing: dict[int, Cue | None] = {}
        self.own_start = self._own_start()

    def _own_start(self) -> int:
        """Where the abstract begins to speak of the paper itself."""
        document = self.document
        for index, begin in enumerate(document.sentences):
            if begin < document.split:
                continue
            end = document.sentences[index + 1] if index + 1 < len(document.sentences) else len(self.view)
            low = bisect_left(self._starts, begin)
            high = bisect_left(self._starts, end)
            for cue in self.cues[low:high]:
                if cue.kind in ("OWN", "PROPOSE") or document.lower.startswith("we ", cue.start):
                    late = (begin - document.split) > 0.7 * (len(self.view) - document.split)
                    return document.split if late else begin
        return document.split

    def between(self, start: int, end: int) -> list[Cue]:
        """The cues of a part of the view."""
        return self.cues[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def background(self, start: int) -> bool:
        """Whether the place stands before the paper speaks of itself."""
        return self.document.split <= start < self.own_start

    def governing(self, start: int) -> Cue | None:
        """The nearest cue before ``start`` in its sentence."""
        known = self._governing
        if start in known:
            return known[start]
        begin = self.document.sentence(start)[0]
        found = None
        last = bisect_right(self._starts, start)
        for index in range(last - 1, max(-1, last - 1 - _MOST_CUES), -1):
            cue = self.cues[index]
            if cue.start < begin:
                break
            if cue.end <= start and cue.kind not in _TRANSPARENT:
                found = cue
                break
        known[start] = found
        return found

    def compared_by(self, cue: Cue) -> bool:
        """Whether a comparison leads up to ``cue`` with a verb or nothing between ("compared to training with")."""
        if self.view[cue.start : cue.end] in ("for", "across", "into"):
            return False
        index = bisect_left(self._starts, cue.start) - 1
        before = self.cues[index] if index >= 0 else None
        return (
            before is not None
            and before.kind == "COMPARE"
            and _ACTING.fullmatch(self.view, before.end, cue.start) is not None
        )

    def closed(self, cue: Cue, start: int) -> bool:
        """Whether a comma ends what ``cue`` opens at the head of a sentence ("Compared to others, LoRA ...")."""
        return cue.start - self.document.sentence(start)[0] < 3 and self.view.find(", ", cue.end, start) >= 0

    def listed(self, start: int) -> bool:
        """Whether "such as" or the like stands right before."""
        index = bisect_right(self._starts, start) - 1
        return index >= 0 and self.cues[index].kind == "LIST" and start - self.cues[index].end < 12

    def before(self, start: int, kinds: tuple[str, ...], reach: int) -> bool:
        """Whether a cue of one of ``kinds`` stands at most ``reach`` characters before, in the sentence."""
        begin = max(self.document.sentence(start)[0], start - reach)
        index = bisect_right(self._starts, start) - 1
        while index >= 0 and self.cues[index].start >= begin:
            if self.cues[index].kind in kinds:
                return True
            index -= 1
        return False


def leaders(view: str, places: list[tuple[int, int]]) -> dict[int, int]:
    """Map the start of each place to the start of the first name of its coordination ("A, B, and C").

    Two names with only a comma between them are coordinated where a list is announced ("such as A, B"); otherwise
    the comma may end a clause ("For A, B is faster").
    """
    first: dict[int, int] = {}
    run: list[tuple[int, int]] = []
    joined = False

    def close() -> None:
        if len(run) == 2 and not joined and not _ANNOUNCED.search(view, max(0, run[0][0] - 24), run[0][0]):
            for start, _ in run:
                first[start] = start
        else:
            for start, _ in run:
                first[start] = run[0][0]

    done = 0
    for start, end in sorted(places):
        if start < done:
            first.setdefault(start, run[0][0])
            continue
        gap = None
        if start - done < 80 and run and view[done:start].lstrip()[:1] in _JOINING:
            gap = _GAP.fullmatch(view, done, start)
        if gap is None:
            if len(run) == 1:
                first[run[0][0]] = run[0][0]
            else:
                close()
            run, joined = [], False
        elif gap[1] not in (",", ""):
            joined = True
        run.append((start, end))
        done = end
    close()
    return first


def votes(
    label: str,
    generic: bool,
    places: list[tuple[int, int]],
    clauses: Clauses,
    first: dict[int, int],
    *,
    corpus: bool = False,
) -> list[str]:
    """Let every place of a thing the paper does not propose vote for a relation.

    Parameters
    ----------
    corpus
        The benchmark is known as text to train on.
    """
    return [_vote(label, generic, start, end, clauses, first, corpus) for start, end in places]


def ruling(label: str, votes: list[str], *, outvoted: bool = False, extended: bool = False) -> str:
    """Decide by the first of the schema's relations that has a vote.

    Parameters
    ----------
    outvoted
        A class of techniques is hardly what is compared with where most of its places say otherwise.
    extended
        A name the paper proposes is made from this one (``LLaVA-MoD`` from LLaVA).
    """
    if label == "Benchmark" and extended:
        # A benchmark made from another is measured against it, not on it.
        votes = ["BUILDS_ON" if vote == "EVALUATED_ON" else vote for vote in votes]
    if outvoted and votes.count("COMPARED_WITH") * 2 < len(votes):
        votes = [vote for vote in votes if vote != "COMPARED_WITH"] or votes
    for kind in ("EVALUATED_ON", "RUNS_ON", "COMPARED_WITH", "BUILDS_ON", "USES"):
        if kind == "BUILDS_ON" and extended:
            return kind
        if kind in votes:
            return kind
    return "MENTIONS"


_FACED = re.compile(r"(?<!\w)(?:compared (?:to|with) (?:both )?|baseline )$", re.IGNORECASE)


def faced(places: list[tuple[int, int]], clauses: Clauses, first: dict[int, int]) -> bool:
    """Whether a class of techniques is itself what is compared with, not other members of it."""
    view, split = clauses.view, clauses.document.split
    return any(
        start > split and _FACED.search(view, max(0, first.get(start, start) - 20), first.get(start, start))
        for start, _ in places
    )


def _vote(
    label: str, generic: bool, start: int, end: int, clauses: Clauses, first: dict[int, int], corpus: bool
) -> str:
    view = clauses.view
    leader = first.get(start, start)
    cue = clauses.governing(leader)
    kind = cue.kind if cue else ""
    background = clauses.background(start)
    if label == "Benchmark":
        return _benchmark(start, kind, background, clauses, leader, corpus)
    distance = leader - cue.end if cue else 999
    if label == "Hardware":
        if kind == "COMPARE" and distance < 30:
            return "COMPARED_WITH"
        return "MENTIONS" if background else "RUNS_ON"
    if background:
        return "MENTIONS"
    lower = clauses.document.lower
    behind = lower[end : end + 36]
    if ("base" in behind or "counterpart" in behind or "equivalent" in behind) and _BASELINE.match(
        lower, end
    ):
        return "COMPARED_WITH"
    if label == "Method":
        ahead = lower[max(0, leader - 40) : leader]
        if ("over" in ahead or "for" in ahead or "base" in ahead or "%" in ahead) and _MEASURED_BY.search(
            ahead
        ):
            return "COMPARED_WITH"
    if cue and kind == "COMPARE" and distance < 70:
        aside = _EVALUATOR.match(view, end) or clauses.closed(cue, leader)
        return "USES" if aside else "COMPARED_WITH"
    if cue and kind == "USE" and distance < 20 and clauses.compared_by(cue):
        return "COMPARED_WITH"
    if kind == "USE" and clauses.listed(leader) and clauses.before(leader, ("COMPARE",), 140):
        return "COMPARED_WITH"
    if kind == "BUILD" and distance < 40:
        return "BUILDS_ON"
    if kind == "PROPOSE" and not generic and distance < 40:
        trained = label == "Model" and cue and view[cue.end - 5 : cue.end].lower() in ("train", "ained")
        return "USES" if trained else "BUILDS_ON"
    if behind.startswith("-based") and _MODIFIER.match(view, end) and not generic_use(view, start):
        return "MENTIONS"
    return "USES"


_MODIFIER = re.compile(
    r"-based (?:[\w-]+ ){0,2}(?:models?|LLMs?|language|architectures?|networks?)(?!\w)", re.IGNORECASE
)
_OWN_WORD = re.compile(r"(?:[Oo]ur|[Aa] novel|[Aa] new|[Aa]n?|[Pp]ropose) $")


def generic_use(view: str, start: int) -> bool:
    """Whether the modifier belongs to what the paper makes ("a novel X-based model")."""
    return _OWN_WORD.search(view, max(0, start - 12), start) is not None


_TRAINING = re.compile(
    r"(?<!\w)(?:pre-?|re)?train(?:ed|ing)?(?!\w)|fine-?tun|(?<!\w)from (?:the )?$|"
    r"samples? (?:from|of)|subset of|seed ",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"evaluat|accurac|performance|results?(?!\w)|benchmark|outperform|improv|achiev|demonstrat|"
    r"perplexity|experiment|test|score|surpass|exceed|state-of-the-art|SoTA(?!\w)|quality|speedup|retrieval",
    re.IGNORECASE,
)


def _benchmark(start: int, kind: str, background: bool, clauses: Clauses, leader: int, corpus: bool) -> str:
    if background:
        return "MENTIONS"
    if kind == "COMPARE" and clauses.before(leader, ("COMPARE",), 25):
        return "COMPARED_WITH"
    begin, stop = clauses.document.sentence(start)
    view = clauses.view
    before = view[max(begin, leader - 120) : leader]
    if kind == "TRAIN" or (_TRAINING.search(before[-90:]) and not _MEASURED.search(before[-60:])):
        return "USES"
    if corpus and not _MEASURED.search(view, begin, stop):
        return "USES"
    return "EVALUATED_ON"
