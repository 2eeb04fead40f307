"""Numbers a paper claims for itself: value, unit, metric, direction, and the words that say so.

Values that stand in one coordination ("5.6 and 22.7 points") form a run and share what the run measures; a run that
continues the one before ("12% on A and 9% on B") inherits its metric. What a number is compared with ("A vs. B",
"surpassing X (B)") is no claim but the baseline of the number before it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace

from ..text import Document
from ..words import word_set
from .measures import CHANGES, VERBS, direction_of
from .metric_names import ACTIONS, BREAKS, QUALIFIERS, Sentence
from .values import Value, values

_DIGIT = re.compile(r"\d")
_SPELLED_OUT = (
    "fold",
    "of magnitude",
    "twice as",
    "halv",
    "half",
    " times ",
    " third",
    " quarter",
    "two-thirds",
)
_GAIN = re.compile(
    r"(?<!\w)(?:improv|increas|gain|boost|outperform|surpass|exceed|speed|fast|accelerat|high|better|reduc|decreas|"
    r"low|sav|cut|less|fewer|smaller|drop|fall|fell|achiev|attain|reach|obtain|yield|scor|deliver|accura|rates?(?!\w)|"
    r"only|merely|compress|retain|maintain|preserv|recover|match|beat|win|up to|throughput|latenc|perplexity|f1|bleu|"
    r"rouge|map|auc|fid|fvd|psnr|miou|pass@|margin|performance|correlat|efficien|loss|degrad|ahead|utiliz|requir|"
    r"overhead|success|precision|recall|median|average|mean(?!\w)|relative|absolute|state-of-the-art|sota|shrink|"
    r"halv|rais|lift|climb|move|slash|cheap|more \w+-?efficient|memory|energy|orders? of|twice|cost|agreement|longer|"
    r"error|trim|point|provid|offer|produc|sustain|agree)",
)
"""What is looked for in lower case: letters are compared faster than with either case in mind."""
_MORE = word_set("""
surpasses surpassing surpassed surpass outperforms outperforming outperform exceeds exceeding exceed beats beating
than approaching against below behind baseline baselines trailing rivaling matching
""")
_SETTINGS = word_set("sparsity masking poisoning resolution sequence vocabulary")
_METRIC_UNITS = ("accuracy ", "F1 ", "mAP ", "BLEU ")
_AMOUNTS = ("s", "second", "seconds", "bytes", "GB", "MB", "KB", "GiB", "MiB", "KiB")
_SPELLED = {"times": "x", "×": "x", "X": "x", "percent": "%", "folds": "x", "fold": "x", "point": "points"}
_RUN = re.compile(r",? and |, |,? or |/|,? and (?:even|about|up to|over) ")
_GAP_WORD = re.compile(r"[A-Za-z][\w'-]*|[,&/]")


@dataclass(slots=True, frozen=True)
class Claim:
    """One value as found in the view, before it is linked to entities.

    ``run`` numbers the coordination the value stands in, ``chain`` the stretch without a verb between its values.
    """

    value: str
    unit: str | None
    metric: str
    start: int
    end: int
    quote: tuple[int, int]
    higher_is_better: bool | None
    baseline: str | None = None
    run: int = 0
    chain: int = 0


def claims(document: Document, own_start: int, names: list[tuple[int, int]]) -> list[Claim]:
    """Find the quantitative claims of the abstract from where the paper speaks of itself.

    Parameters
    ----------
    names
        Where models, methods, benchmarks and hardware are named, in order: digits in names are no values, and names
        are no part of a metric.
    """
    view, sentences = document.view, document.sentences
    spelled = _spelled(document.lower)
    found: list[Claim] = []
    digit = -1
    for index in range(bisect_left(sentences, max(own_start, document.split)), len(sentences)):
        begin = sentences[index]
        stop = sentences[index + 1] if index + 1 < len(sentences) else len(view)
        if not spelled:
            if digit < begin:
                digit = following.start() if (following := _DIGIT.search(view, begin)) else len(view)
            if digit >= stop:
                continue
        numbers = [value for value in values(view, begin, stop, spelled=spelled) if not _within(value, names)]
        if numbers:
            found += _Claims(Sentence(view, begin, stop, numbers, names), len(found)).found
    return found


def may_claim(document: Document, own_start: int) -> bool:
    """Whether there is any number at all where the paper speaks of itself."""
    start = max(own_start, document.split)
    return _DIGIT.search(document.view, start) is not None or _spelled(document.lower)


def _spelled(low: str) -> bool:
    """Whether a number may be written in words: one look at the whole text spares one at each sentence."""
    for word in _SPELLED_OUT:  # noqa: SIM110 - a generator costs three times as much
        if word in low:
            return True
    return False


def _within(value: Value, names: list[tuple[int, int]]) -> bool:
    index = bisect_left(names, (value.start, value.end)) - 1
    return any(start < value.end and value.start < end for start, end in names[max(0, index - 1) : index + 3])


class _Claims:
    """The claims of one sentence, read from left to right."""

    def __init__(self, sentence: Sentence, run: int) -> None:
        self.sentence, self.view, self.low = sentence, sentence.view, sentence.low
        self.found: list[Claim] = []
        self.metric: list[str] = []
        self.chain = run
        before: Value | None = None
        dropped = False
        for number, group in enumerate(self._runs()):
            first = sentence.numbers[group[0]]
            i, j = sentence.at[group[0]], sentence.at[group[-1]]
            linked = before is not None and self._continues(before, first)
            if before is not None and not linked and self._parted(before, first):
                self.chain = run + number
            aside = dropped and before is not None and self._bracketed(before, i)
            dropped = self._compared(i, first) or (dropped and linked) or aside
            if not dropped:
                self._claim(group, i, j, before, linked, run + number)
            elif before is not None and self.found and self.found[-1].end == before.end:
                self._baseline(first)
            before = sentence.numbers[group[-1]]

    def _claim(self, group: list[int], i: int, j: int, before: Value | None, linked: bool, run: int) -> None:
        sentence = self.sentence
        numbers = [sentence.numbers[n] for n in group]
        first = numbers[0]
        unit = next((value.unit for value in numbers if value.unit), None)
        named: list[str] = []
        if unit and unit.startswith(_METRIC_UNITS):
            head, _, unit = unit.partition(" ")
            named = [head, "improvement"]
        elif not (first.ranged and linked and self.metric):
            named = sentence.metric(i, j, first, unit)
        if not named and linked:
            named = self.metric
        if unit is None and not self._structured(i, j, first, named=bool(named)):
            return
        if not named:
            if unit in _AMOUNTS:
                return
            same = before is not None and self.found and self.found[-1].end == before.end
            same = same and self.found[-1].unit == unit and unit is not None
            gained = sentence.word(j + 1) == "(" and self.view[sentence.starts[j + 2]] == "+"
            if first.text[0] == "+" and not linked:
                named = ["improvement"]
            else:
                named = self.metric if same else sentence.nearest(i, unit, changes=not gained)
        if any(word.lower() in _SETTINGS for word in named):
            return
        left, right = max(sentence.begin, first.start - 130), min(sentence.stop, numbers[-1].end + 70)
        if not _GAIN.search(self.view[left - 1 : right].lower(), 1):
            return
        self.metric = named
        better = direction_of([word.lower() for word in named])
        for value in numbers:
            quote = _quote(self.view, sentence.begin, sentence.stop, value.start, value.end)
            own_unit = unit if value.unit is None or value.unit.startswith(_METRIC_UNITS) else value.unit
            own_unit = _SPELLED.get(own_unit, own_unit) if own_unit else None
            self.found.append(
                Claim(
                    value.text, own_unit, " ".join(named) or "score", value.start, value.end,
                    quote, better, value.baseline, run, self.chain,
                )
            )  # fmt: skip

    def _baseline(self, value: Value) -> None:
        last = self.found[-1]
        if last.baseline is None:
            printed = self.view[value.start : value.end]
            self.found[-1] = replace(last, unit=last.unit or value.unit, baseline=printed)

    def _runs(self) -> list[list[int]]:
        """The numbers that stand in one coordination."""
        numbers = self.sentence.numbers
        runs: list[list[int]] = []
        for n, value in enumerate(numbers):
            if runs and not value.ranged:
                previous = numbers[n - 1]
                gap = self.view[previous.end : value.start]
                if previous.unit in (value.unit, None) and len(gap) < 16 and _RUN.fullmatch(gap):
                    runs[-1].append(n)
                    continue
            runs.append([n])
        return runs

    def _continues(self, before: Value, value: Value) -> bool:
        """Whether only "on A and" or the like stands between two values."""
        gap = self.view[before.end : value.start if value.origin < 0 else value.origin]
        if len(gap) > 90 or ";" in gap:
            return False
        words = [word.lower() for word in _GAP_WORD.findall(gap)]
        while words and (words[-1] in QUALIFIERS or words[-1] == "by"):
            words.pop()
        if not words or words[-1] not in (",", "and", "or", "&", "/"):
            return False
        return not any(w in ACTIONS or w in VERBS or w in CHANGES or w in ("while", "whereas") for w in words)

    def _parted(self, before: Value, value: Value) -> bool:
        """Whether a verb or the end of a clause stands between two values."""
        gap = self.view[before.end : value.start].lower()
        if len(gap) > 90 or ";" in gap:
            return True
        words = _GAP_WORD.findall(gap)
        return any(w in ACTIONS or (w in VERBS and w not in CHANGES) or w in _TURNS for w in words)

    def _bracketed(self, before: Value, i: int) -> bool:
        """Whether a number in brackets goes on with those before it: "B (F1 = 70) and C (F1 = 71)"."""
        if self.low[i - 1] not in ("=", "("):
            return False
        k = i - 1
        while k >= 0 and self.sentence.starts[k] >= before.end:
            word = self.low[k]
            if word in ACTIONS or word in VERBS or word in (";", "with", "while"):
                return False
            k -= 1
        return True

    def _structured(self, i: int, j: int, value: Value, *, named: bool) -> bool:
        """Whether a number without unit is said to be a value: "a BLEU of 31.2", "by 3", "(F1 = 71)", "40.1 on X"."""
        word = self.sentence.word
        if not value.text.isdigit():
            return value.ranged or named or (word(j + 1) == "on" and "@" in self.low[j + 2 : j + 5])
        k = i - 1
        while k > 0 and self.low[k] in QUALIFIERS and self.low[k] != "of":
            k -= 1
        if self.low[k] == "of" and word(k - 1) == "factor":
            return True
        led = self.low[k] in ("of", "=", "by", "to", "is", "reaches", "reaching")
        return led and (not word(j + 1)[:1].isalpha() or word(j + 1) in BREAKS)

    def _compared(self, i: int, value: Value) -> bool:
        """Whether the number is what another is compared with: "(A vs. B)", "surpassing X (B)", "X's B"."""
        low, word = self.low, self.sentence.word
        k = i - 1
        if value.ranged or k < 0 or value.text[0] == "+":
            return False
        while k > 0 and low[k] in ("only", "just", "about", ".", "the", "around", "a"):
            k -= 1
        pair = (word(k - 1), low[k])
        if low[k] == "," and pair[0] == "@" and word(k - 2) == "(":
            k -= 2
        if low[k] in ("vs", "versus", "previously", "originally", "formerly") or pair in _INSTEAD:
            return True
        bracket = low[k] in ("(", "=", "at")
        if bracket and ("vs" in low[i + 1 : i + 4] or "versus" in low[i + 1 : i + 4]):
            return False
        possessive = low[k].endswith("'s")
        of = low[k] == "of" and word(k - 1) in ("baseline", "baselines", "sota", "score", "accuracy", "@")
        for back in range(k, max(-1, k - 10), -1):
            here = low[back]
            possessive = possessive or (here == "s" and word(back - 1) in ("'", "@"))
            if here in _STOPS or (here in ACTIONS and here not in _MORE):
                return False
            if here in _MORE or (here in ("over", "to") and back < k):
                if here == "to" and word(back - 1) not in _TO:
                    return False
                if here == "over" and of:
                    return word(k - 1) == "baseline"
                return back < k and (bracket or possessive or of)
        return False


_TURNS = word_set("while whereas but which that without")
_INSTEAD = {
    ("compared", "to"), ("compared", "with"), ("instead", "of"), ("rather", "than"), ("down", "from"), ("up", "from"),
}  # fmt: skip
_STOPS = word_set("# , ; ) by with while which")
_TO = word_set("compared relative similar close comparable competitive")


def _quote(view: str, begin: int, stop: int, start: int, end: int) -> tuple[int, int]:
    """At most fifteen words around the value, within its sentence."""
    left = start
    for _ in range(6):
        cut = view.rfind(" ", begin, max(begin, left - 1))
        if cut < 0:
            left = begin
            break
        if view[cut - 1 : cut] in ";":
            break
        left = cut + 1
    right = end
    for _ in range(6):
        cut = view.find(" ", right + 1, stop)
        if cut < 0:
            right = stop
            break
        right = cut
        if view[cut - 1] in ",;":
            break
    while right > end and view[right - 1] in " .,;:":
        right -= 1
    while left < start and view[left] in " ,;":
        left += 1
    return left, right
