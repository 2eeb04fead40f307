"""Whether two titles differ as two spellings of one do, and which titles are worth comparing.

Works on title keys (:func:`.identity.title_key`): letters and digits alone. Titles are compared only where they begin
or end alike, so that a look-up costs what its block holds and not what the graph holds (blocking: Fellegi and Sunter
1969; Christen 2012). What is alike depends on the two titles alone, never on what else there is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from .identity import title_key

THRESHOLD = 86.0
"""The likeness from which two titles may be one, as measured by ``benchmarks/references.py``."""

SHORTEST = 16
"""Letters that a title has at least to be compared at all: in a shorter one, one letter makes another work."""

_END, _HALF, _LEAST = 16, 8, 12  # letters of the parts that blocks are made of
_APART = 4  # letters between two slips; nearer ones are another word
_SLIP = 3  # letters that a slip of the pen changes in one place; more is another word
_DIGITS = re.compile(r"\d+")

_SMALL_WORDS = frozenset(
    [
        "",
        "and",
        "the",
        "for",
        "from",
        "with",
        "using",
        "via",
        "by",
        "of",
        "in",
        "on",
        "to",
        "a",
        "an",
        "towards",
    ]
)
_TURNS = frozenset(
    re.findall(
        r"\w+",
        "anti auto bi co cross de dis down dual fast faster few full hetero hyper ii iii iv vi homo im in "
        "inter intra iter ir macro meta micro mini mono multi no non not off one out over part post pre pro quasi "
        "re revisited self semi sub super tri two ultra un under uni up vl weak zero",
    )
)
"""What turns a word into its opposite, or a title into that of the sequel; a slip hardly ever makes one of these."""

_SEQUEL = re.compile(
    r"(?:part|volume|vol|chapter|phase|version|v|ver)?(?:\d.*|i{1,3}|iv|vi{0,3}|i?x|one|two|three)$"
    r"|(?:and)?(?:revisited|extended|correction|corrigend|errat|reply|response|acomment|withdrawn|retracted|update)"
    r"|part|\d"
)
"""What a title goes on with where it is that of another work."""

_ANSWER = re.compile(
    r"(?:towards?|beyond|rethinking|revisiting|improv(?:ed|ing)|erratum|corrigend(?:um|a)|correction|retract(?:ed|ion)|"
    r"comments?on|replyto|reply|responseto|reviewof|extend(?:ing|ed)|generali[sz]ed|understanding|faster?|efficient|"
    r"accelerating|on|un|non|semi|self|multi)+(?:to|of|on|the|a)*$"
)
"""What a title begins with where it answers another."""

_BREAK = re.compile(r"[:.?!|/]\s+|\s+[-–]{1,3}\s+|\s*—\s*|\s*\(")


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two titles are, 0 to 100; ``partial`` where one is but the beginning or the end of the other."""

    score: float
    partial: bool = False


def likeness(one: str, other: str, threshold: float = THRESHOLD) -> Likeness | None:
    """Return how alike two title keys are, None where they differ as two works do.

    Parameters
    ----------
    one, other
        Title keys.
    threshold
        The least likeness of two spellings.

    Notes
    -----
    They must have the same digits in the same order (``GPT-2`` is not ``GPT-3``), and no place may differ by more
    than a slip: a whole other word, a prefix that turns the meaning, or the mark of a sequel makes another work.
    What one title has before the beginning or behind the end of the other (a name before the colon, a venue, a
    subtitle) is left out, if what both have is long enough.

    Examples
    --------
    >>> key = "deepresiduallearningforimagerecognition"
    >>> likeness(key, "deepresiduallearningforimagerecogniton")
    Likeness(score=98.7..., partial=False)
    >>> likeness(key, "deepresiduallearning")
    Likeness(score=67.7..., partial=True)
    >>> likeness(key, "deepresiduallearningforvideorecognition")
    """
    if one == other:
        return Likeness(100.0)
    short, long = sorted((one, other), key=len)
    if len(short) < SHORTEST:
        return None
    if long.startswith(short):
        added, rule = long[len(short) :], _SEQUEL
        if _numeral(short) and added[0] in "ivx":
            return None
    elif long.endswith(short):
        added, rule = long[: -len(short)], _ANSWER
    else:
        score = fuzz.ratio(one, other, score_cutoff=threshold)
        return _spelled(one, other, score) if score else None
    if rule.match(added) or _DIGITS.search(added) or added in _TURNS:
        return None
    return Likeness(fuzz.ratio(one, other), partial=len(added) > _SLIP)


def is_piece(title: str, piece: str) -> bool:
    """Tell whether a title key is what a written title has before or behind a colon, a full stop or a dash.

    Examples
    --------
    >>> is_piece("Caffe: Convolutional architecture for fast feature embedding", "caffe")
    True
    >>> is_piece("Improved Baselines with Visual Instruction Tuning", "visualinstructiontuning")
    False
    """
    return any(
        piece in (title_key(title[: at.start()]), title_key(title[at.end() :]))
        for at in _BREAK.finditer(title)
    )


def _spelled(one: str, other: str, score: float) -> Likeness | None:
    """Return the likeness of two titles that differ in more than one place, or within."""
    if _DIGITS.findall(one) != _DIGITS.findall(other) or _numeral(one) != _numeral(other):
        return None
    partial = False
    for (start, end), (at, to) in _changes(one, other):
        at_start, at_end = start == at == 0, end == len(one) and to == len(other)
        cut, put = one[start:end], other[at:to]
        if start and one[start - 1].isdigit():
            return None
        if cut and put:
            slip = len(cut) == 1 or len(put) == 1 or sorted(cut) == sorted(put)
            if not {cut, put} <= _SMALL_WORDS and not (slip and max(len(cut), len(put)) <= _SLIP):
                return None
            continue
        added = cut or put
        if any(turn in _TURNS for turn in (_slides(one, start, end) if cut else _slides(other, at, to))):
            return None
        if (at_end and _SEQUEL.match(added)) or (at_start and _ANSWER.match(added)):
            return None
        if len(added) > _SLIP and added not in _SMALL_WORDS:
            if not (at_end or at_start):
                return None
            partial = True
    return Likeness(score, partial)


Span = tuple[int, int]


def _changes(one: str, other: str) -> Iterator[tuple[Span, Span]]:
    """Yield the places where two titles differ: from where to where in each.

    Places that hardly anything parts are one: ``few`` and ``zero`` share an e, and are two words.
    """
    held: tuple[Span, Span] | None = None
    for step in Levenshtein.opcodes(one, other):
        if step.tag == "equal":
            continue
        place = (step.src_start, step.src_end), (step.dest_start, step.dest_end)
        if held is not None and place[0][0] - held[0][1] < _APART:
            place = (held[0][0], place[0][1]), (held[1][0], place[1][1])
        elif held is not None:
            yield held
        held = place
    if held is not None:
        yield held


def _slides(text: str, start: int, end: int) -> Iterator[str]:
    """Yield what may have been put into a text where letters repeat: in ``nonnoise``, ``non`` or ``nno``."""
    yield text[start:end]
    left, right = start, end
    while left and text[left - 1] == text[right - 1]:
        left, right = left - 1, right - 1
        yield text[left:right]
    while end < len(text) and text[start] == text[end]:
        start, end = start + 1, end + 1
        yield text[start:end]


def _numeral(key: str) -> str:
    """Return the Roman numeral that a title may end in."""
    return key[len(key.rstrip("ivx")) :]


class Titles:
    """Title keys to be searched for those like another.

    Building takes O(n log n) time and O(n) memory; a search takes time for what it finds, whatever n is. It finds
    every title of 28 letters or more that differs in one place by a slip, those that are the beginning or the end of
    the other, and of those that differ in several places the ones whose slips leave one of the :func:`blocks` whole.
    """

    def __init__(self, keys: Iterable[str], threshold: float = THRESHOLD) -> None:
        self.threshold = threshold
        self._keys = {key for key in keys if len(key) >= SHORTEST}
        self._blocks: dict[str, list[str]] = {}
        for key in self._keys:
            for block in blocks(key):
                self._blocks.setdefault(block, []).append(key)
        self._forward = sorted(self._keys)
        self._backward = sorted(key[::-1] for key in self._keys)
        self._heads = {key[:SHORTEST] for key in self._keys}
        self._tails = {key[-SHORTEST:] for key in self._keys}

    def __len__(self) -> int:
        return len(self._keys)

    def like(self, key: str) -> Iterator[tuple[str, Likeness]]:
        """Iterate over the titles like one, itself included if it is among them."""
        if len(key) < SHORTEST:
            return
        near: set[str] = set()
        for block in blocks(key, _SLIP):
            near.update(self._blocks.get(block, ()))
        if key[:SHORTEST] in self._heads:
            near.update(self._pieces(key[:size] for size in range(SHORTEST, len(key) + 1)))
            near.update(_beginning(self._forward, key))
        if key[-SHORTEST:] in self._tails:
            near.update(self._pieces(key[-size:] for size in range(SHORTEST, len(key))))
            near.update(found[::-1] for found in _beginning(self._backward, key[::-1]))
        for other in near:
            found = likeness(key, other, self.threshold)
            if found is not None:
                yield other, found

    def _pieces(self, pieces: Iterable[str]) -> Iterator[str]:
        return (piece for piece in pieces if piece in self._keys)


def _beginning(ordered: list[str], start: str) -> Iterator[str]:
    """Iterate over the members of a sorted list that begin with a text."""
    for at in range(bisect_left(ordered, start), len(ordered)):
        if not ordered[at].startswith(start):
            return
        yield ordered[at]


def blocks(key: str, slack: int = 0) -> set[str]:
    """Return the blocks of a title key: pairs of its ends, and all of it but one end.

    A slip leaves one of them whole wherever it is: all but the beginning, all but the end, or both ends. They hold
    more of a title than a stock phrase such as ``forlargelanguagemodels``, so that few titles share one.

    Parameters
    ----------
    key
        A title key.
    slack
        How many letters more or less the title may have that is looked for.

    Examples
    --------
    >>> sorted(blocks("attentionisallyouneedforspeech"))
    ['attentionisallyounee|', 'attentionisallyo|orspeech', 'attentio|youneedforspeech', '|eedforspeech']
    """
    found = {f"{key[:_END]}|{key[-_HALF:]}", f"{key[:_HALF]}|{key[-_END:]}"}
    least, most = len(key) - slack, len(key) + slack
    found.update(f"|{key[-max(_LEAST, size) :]}" for size in _steps(least - _END, most - _END))
    found.update(f"{key[: max(_LEAST, size)]}|" for size in _steps(least - _HALF, most - _HALF))
    return found


def _steps(least: int, most: int) -> range:
    return range(least // 4 * 4, most + 1, 4)
