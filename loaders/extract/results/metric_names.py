"""Which words of a sentence name what a number in it measures.

A sentence is read as words, with each number (``#``) and each name of a model, method, benchmark or device (``@``) as
one word. The number's metric is the noun phrase after it ("30% higher throughput"), else the one before it ("a win
rate of 76%", "reduces memory by 50%", "FID from 1.95 to 1.98"), else the nearest metric of the sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from ..words import word_set
from .measures import (
    ADJECTIVES,
    ALONE,
    CHANGES,
    COMPARATIVES,
    RELATIVE,
    UNITS,
    VERBS,
    WEAK,
    is_head,
    singular,
)  # fmt: skip
from .values import Value

_WORD = re.compile(r"[A-Za-z][\w@+/-]*(?:(?<=@\d)\.\d+)?(?:'s)?|\d[\w.,]*\w|\d|[^\w\s]")

BREAKS = word_set("""
in on of for to by with from at as than over under against across through via per and or but while whereas when which
that where who is are was were be been being has have had can could may might will would we our it its it's they their
this these those the a an not no also thus then without within between among during after before using if into only
just both each any all compared versus vs respectively despite even yet so because since until upon about up such
far below above behind
""")
"""Words that end a noun phrase."""

_STEMS = word_set("""
achiev attain obtain reach yield deliver show demonstrat exhibit provid produc maintain preserv retain enabl allow
requir outperform surpass exceed offer incur giv bring mak rang observ sustain keep remain measur establish realiz
deploy ensur find tak resolv adopt apply propos introduc represent consum becom
""")
_OTHER_ACTIONS = word_set("""
beat beats beating has had have spend spent run runs leads led scoring scored hits make using uses used matches
matching matched evaluates evaluated evaluating compares comparing compared stores stored storing needs needed needing
""")
ACTIONS = (
    frozenset(stem + end for stem in _STEMS for end in ("e", "s", "es", "ed", "ing", "")) | _OTHER_ACTIONS
)
"""Verbs without a change in them, which no metric's name holds."""

EMPTY = word_set("""
significant significantly remarkable remarkably impressive superior competitive comparable notable notably new good
strong best better great state-of-the-art sota negligible slight substantial considerable consistent commendable
promising additional further high low higher lower large small minimal modest near-state-of-the-art merely nearly
further more most our s respectable favorable excellent outstanding maximum total about approximately up highest
lowest similar robust roughly almost corresponding respective
""")
"""Words that decorate a metric."""

QUALIFIERS = EMPTY | word_set("""
around over only just under least below above exceeding a an the average factor some within mean median as than less
fewer much little many up to of peak well another
""")
"""Words between a number and what governs it: "by up to about 50%"."""

_BARE = word_set("score scores performance performances result results point points percentage value values")
_THINGS = word_set("""
model models baseline baselines method methods approach approaches llm llms counterpart counterparts system systems
process processes sota variant variants backbone work works them one people users humans networks network often
""")
_LINKS = word_set("""
of = : is are was at to from reaches reaching reach reached equals falls fall drops rises remains
remaining remain stays
""")
_WHOSE = word_set("model models model's models' s llm llms")
_OF_MODELS = word_set("size sizes parameters parameter weights flops collapse memory")
_PARTS = word_set("@ ' s past original full total")
_SPELLED = word_set("pearson spearman kendall elo frechet fréchet top-1 top-5 macro micro pass gpu cpu")
_OPENERS = word_set("notably specifically moreover furthermore additionally remarkably")
_SKIPPED = word_set("the its their our both a an up in of overall out on down respective")
_TELLS_NOTHING = EMPTY | _BARE
_NO_METRIC = BREAKS | ACTIONS | EMPTY | QUALIFIERS | _THINGS
_FAR = 60
"""How many words back a metric is looked for."""

_SECONDS = ("s", "ms", "second", "seconds", "milliseconds")


class Sentence:
    """One sentence as words.

    Attributes
    ----------
    words, low
        The words as printed, and in lower case with ``#`` for each number and ``@`` for each name.
    starts
        Where each word begins in the view.
    at
        For each number the index of its word.
    """

    def __init__(
        self, view: str, begin: int, stop: int, numbers: list[Value], names: list[tuple[int, int]]
    ) -> None:
        self.view, self.begin, self.stop = view, begin, stop
        self.numbers = numbers
        self.words: list[str] = []
        self.low: list[str] = []
        self.starts: list[int] = []
        self.at: list[int] = []
        blocks = [(value.start, value.end, "#") for value in numbers]
        first = bisect_left(names, (begin, 0))
        blocks += [(start, end, "@") for start, end in names[first : bisect_left(names, (stop, 0))]]
        done = begin
        for start, end, sign in sorted(blocks):
            if start < done:
                continue
            self._read(done, start)
            if sign == "#":
                self.at.append(len(self.words))
            self.words.append(view[start:end])
            self.low.append(sign)
            self.starts.append(start)
            done = end
        self._read(done, stop)

    def _read(self, begin: int, stop: int) -> None:
        matches = list(_WORD.finditer(self.view, begin, stop))
        words = [match[0].rstrip("-/") or match[0] for match in matches]
        self.words += words
        self.low += [word.lower() for word in words]
        self.starts += [match.start() for match in matches]

    def word(self, k: int) -> str:
        """The lower-case word at ``k``; empty beyond the sentence."""
        return self.low[k] if 0 <= k < len(self.low) else ""

    def metric(self, i: int, j: int, value: Value, unit: str | None) -> list[str]:
        """The metric that the words around say outright of the numbers whose words run from ``i`` to ``j``."""
        if self.word(self.governor(i)) == "at" and (share := self._share(j, unit)):
            return share
        after = self._after(j, unit)
        if (
            after
            and self.word(self.governor(i)) == "by"
            and self._change_before(i) in ("beat", "improvement")
        ):
            return _change_of(after, "improvement")
        return after or self._before(i, value) or self._share(j, unit)

    def nearest(self, i: int, unit: str | None, *, changes: bool = True) -> list[str]:
        """The nearest metric named before, or else what the unit means.

        Without ``changes`` the number is known to be no change but a score.
        """
        if unit and unit not in RELATIVE and unit.lower() in UNITS:
            return UNITS[unit.lower()].split()
        change = self._change_before(i) if changes else None
        if change == "beat":
            if VERBS.get(self.word(self.governor(i))) != "beat":
                return ["improvement"]
            change = None
        for back in range(i - 1, max(-1, i - _FAR), -1):
            word = self.low[back]
            if word == ";":
                break
            if self._heads(back) and word not in WEAK and not (word in CHANGES and change is None):
                words = self._ending(back)
                if words and (words[-1].lower() not in CHANGES or len(words) > 1 or unit in RELATIVE):
                    return words
        return [change or "improvement"] if unit in RELATIVE and unit != "%" and changes else []

    def _heads(self, k: int) -> bool:
        """Whether the word at ``k`` heads a metric; "speed" does not in "speeds up"."""
        word = self.low[k]
        return is_head(word) and not (word in ("speed", "speeds") and self.word(k + 1) == "up")

    # --- noun phrases ---

    def _phrase(self, i: int, j: int) -> list[str]:
        """The words ``[i, j)`` as a metric's name, without what only decorates it."""
        words = self.words[i:j]
        while len(words) > 1:
            word = words[0].lower()
            if word in EMPTY or (word in _WHOSE and words[1].lower() not in _OF_MODELS):
                words = words[1:]
            else:
                break
        while words and words[-1].lower() in _THINGS:
            words = words[:-1]
        return [*words[-6:-1], singular(words[-1])] if words else []

    def _until(self, i: int) -> int:
        """Where the noun phrase that starts at ``i`` ends."""
        j = i
        while j < len(self.low) and j - i < 7:
            word = self.low[j]
            if not word[0].isalpha() or word in BREAKS or word in ACTIONS:
                break
            if word in VERBS and (word not in CHANGES or self._acts(j)):
                break
            j += 1
        return j

    def _acts(self, k: int) -> bool:
        """Whether "increases" or the like at ``k`` is a verb: an object follows."""
        following = self.word(k + 1)
        return self.low[k].endswith("s") and following[:1].isalpha() and following not in BREAKS

    def _ending(self, head: int) -> list[str]:
        """The noun phrase whose head is at ``head``."""
        low, words = self.low, self.words
        i = head
        while i > 0 and head - i < 4:
            word = low[i - 1]
            if not word[0].isalpha() or word in BREAKS or word in ACTIONS or word in EMPTY:
                break
            if word in VERBS and word not in CHANGES:
                break
            written = words[i - 1]
            titled = words[head][0].isupper() and not words[head].isupper()
            if written[0].isupper() and not (written.isupper() or word in _SPELLED or titled or i == 1):
                break
            i -= 1
        if i == 0 and head > 0 and low[0] in _OPENERS:
            i = 1
        if i == head and self.word(i - 1) == "@" and low[head] in ("score", "scores", "rating"):
            return [*words[i - 1].split(), singular(words[head])]
        return self._phrase(i, head + 1)

    def _topic(self, k: int, *, after: tuple[str, ...] = ("in", "of")) -> list[str]:
        """What "in energy consumption" at ``k`` is about."""
        if self.word(k) not in after:
            return []
        k += 1
        while self.word(k) in ("the", "its", "both", "terms", "of"):
            k += 1
        end = self._until(k)
        if not k < end < k + 6 or self.low[end - 1] in _THINGS:
            return []
        return self._phrase(k, end)

    # --- after the number ---

    def _after(self, j: int, unit: str | None) -> list[str]:
        """What follows at once: "30% higher throughput", "2x speedup in decoding"."""
        low = self.low
        i = j + 1
        if self.word(i) == "-" or (self.word(i) == ")" and is_head(self.word(i + 1))):
            i += 1
        if self.word(i) == "as" and self.word(i + 1) in ADJECTIVES:
            return ADJECTIVES[low[i + 1]].split()
        points = unit is not None and unit.endswith(("points", "point"))
        while points and self.word(i) in ("of", "the"):
            i += 1
        if self.word(i) in COMPARATIVES:
            return self._comparative(i)
        if self.word(i) == "in" and unit in ("%", "points", "point", "pp") and not self._change_before(j):
            words = self._topic(i, after=("in",))
            return words if words and is_head(words[-1].lower()) else []
        end = self._until(i)
        head = next((h for h in range(end - 1, i - 1, -1) if is_head(low[h])), None)
        if head is None:
            return []
        if low[head] in CHANGES:
            return self._changed(i, head)
        words = self._phrase(i, head + 1)
        if all(word.lower() in _BARE for word in words):
            return []
        return _change_of(words, self._shared_change(head)) if unit in RELATIVE else words

    def _shared_change(self, head: int) -> str | None:
        """The change in "4x communication and 2x latency reduction", said once for both."""
        k = head + 1
        while self.word(k) in (",", "and"):
            k += 1
        if k == head + 1 or self.word(k) != "#":
            return None
        end = self._until(k + 1)
        return CHANGES.get(self.low[end - 1]) if end > k + 2 else None

    def _changed(self, i: int, head: int) -> list[str]:
        """ "12% accuracy improvement", "70% reduction in energy consumption"."""
        words = self._phrase(i, head + 1)
        core = [word.lower() for word in words[:-1] if word.lower() not in _TELLS_NOTHING]
        core = [word for word in core if word not in ("relative", "average", "absolute", "overall")]
        if any(is_head(word) for word in core) or len(core) > 1:
            return words
        topic = self._topic(head + 1)
        return _change_of(topic, CHANGES[self.low[head]]) if topic else words

    def _comparative(self, i: int) -> list[str]:
        """ "39% fewer parameters", "3x faster inference", "523x more efficient"."""
        word = self.low[i]
        change = COMPARATIVES[word]
        adjective = i + 2 if self.word(i + 1).endswith("ly") else i + 1
        if self.word(adjective) in ADJECTIVES:
            return ADJECTIVES[self.low[adjective]].split()
        end = self._until(i + 1)
        while end > i + 1 and self.low[end - 1].endswith("ly"):
            end -= 1
        words = self._phrase(i + 1, end)
        if words:
            return _change_of(words, change)
        if word in ("fewer", "less", "lower", "higher", "better"):
            near = self.nearest(i, None)
            if near:
                return _change_of(near, change)
        return ALONE.get(word, change).split()

    def _share(self, j: int, unit: str | None) -> list[str]:
        """ "0.4% of the pretraining tokens", "96% of the 11B model's performance"."""
        low = self.low
        if unit not in ("%", "percent") or self.word(j + 1) != "of":
            return []
        begin = end = j + 2
        while end < len(low) and end - j < 10:
            word = low[end]
            if word in ("#", ",", ".", ";", "(", ":") or word in ACTIONS or (word in BREAKS and end > begin):
                break
            end += 1
            if word in BREAKS or word in _PARTS or word.endswith("'s") or not word[0].isalpha():
                begin = end
        return self._phrase(begin, end) if end > begin and is_head(low[end - 1]) else []

    # --- before the number ---

    def _before(self, i: int, value: Value) -> list[str]:
        """What leads to it: "a win rate of 76%", "reduces memory by 50%", "FID from 1.95 to 1.98"."""
        low = self.low
        if value.ranged:
            return self._moved(bisect_left(self.starts, value.origin) - 1)
        k = self.governor(i)
        if k < 0:
            return []
        word = low[k]
        if word == "by":
            return self._by(k, i)
        if word == "(":
            return self._noun(k - 1)
        if word in _LINKS:
            words = self._noun(k - 1)
            if words and words[-1].lower() in CHANGES and len(words) < 3:
                topic = self._topic(self._past(i))
                return _change_of(topic, CHANGES[words[-1].lower()]) if topic else words
            return words
        if word in ("in", "within", "takes", "under", "requires") and value.unit in _SECONDS:
            return ["time"]
        if (is_head(word) and word not in WEAK) or (k < i - 1 and "." in value.text and self._measured(k)):
            return self._noun(k)
        if k < i - 1 and low[k][0].isalpha() and low[k] not in BREAKS:
            for back in range(k, max(-1, k - 7), -1):
                if low[back] in ("#", ",", ";", "and") or low[back] in ACTIONS:
                    break
                if self._change(back) and low[back] not in CHANGES and back < k:
                    return self._by(k + 1, i)
        return []

    def governor(self, i: int) -> int:
        """The word before ``i`` that governs the number there, past "up to", "a factor of" and the like."""
        low = self.low
        k = i - 1
        while k >= 0:
            word = low[k]
            if word == "of":
                passes = self.word(k - 1) in ("factor", "average", "total", "maximum", "mean", "well")
            elif word == "to":
                passes = self.word(k - 1) == "up"
            elif word == "at":
                passes = self.word(k + 1) in ("least", "most")
            else:
                passes = word in QUALIFIERS or word in ("<", ">", "~", "+", "≈", "-")
            if not passes:
                break
            k -= 1
        return k

    def _noun(self, k: int) -> list[str]:
        """The metric that ends at ``k`` or before it, past brackets and "on NAME"."""
        depth = 0
        for back in range(k, max(-1, k - 9), -1):
            word = self.low[back]
            if word == ")":
                depth += 1
            elif word == "(":
                depth -= 1
                if depth < 0:
                    return []
            elif depth == 0:
                if word in ("#", ";", ",") or (word in ACTIONS and back < k):
                    return []
                if self._heads(back) or (back == k and self._measured(k)):
                    return self._ending(back)
        return []

    def _measured(self, k: int) -> bool:
        """Whether an unknown word reads like a metric: "faithfulness", "IA-QTF1"."""
        word, low = self.words[k], self.low[k]
        if low in _NO_METRIC or low in VERBS or not word[0].isalpha():
            return False
        return len(word) > 1 and (low.endswith(("ness", "ency", "ity")) or word.isupper())

    def _moved(self, k: int) -> list[str]:
        """What moves "from A to B": "improves performance on X from", "the rate falls from"."""
        for back in range(k, max(-1, k - 14), -1):
            word = self.low[back]
            if word in ("#", ";"):
                break
            if is_head(word) and (word not in CHANGES or (back == k and word in ("drop", "degradation"))):
                words = self._ending(back)
                if words:
                    return words
        return []

    def _change_before(self, i: int) -> str | None:
        """The nearest change said before: "reduces", "speeds up", "an improvement of"."""
        for back in range(i - 1, max(-1, i - 22), -1):
            word = self.low[back]
            if word == ";":
                break
            change = self._change(back)
            if change:
                return change
        return None

    def _change(self, k: int) -> str | None:
        word = self.low[k]
        if word in VERBS:
            return VERBS[word]
        if word == "up" and self.word(k - 1) in ("speed", "speeds", "speeding", "sped"):
            return "speedup"
        return CHANGES.get(word)

    def _by(self, k: int, i: int) -> list[str]:
        """ "reduces memory by 50%", "improves A by 4x and B by 6x", "outperforms X by 3% in accuracy"."""
        low = self.low
        change, verb = None, k
        while change is None and verb > max(0, k - 22) and low[verb - 1] != ";":
            verb -= 1
            change = self._change(verb) or ("improvement" if low[verb] in ("higher", "better") else None)
        if change is None:
            return self._noun(k - 1) if k and is_head(low[k - 1]) else []
        topic = self._topic(self._past(i))
        if change == "beat" and not topic:
            places = [back for back in range(verb, k) if low[back] == "in"]
            topic = self._topic(places[-1], after=("in",)) if places else []
            topic = topic if topic and is_head(topic[-1].lower()) else []
        if change == "beat":
            return (
                [*topic, "improvement"]
                if topic and topic[-1].lower() not in CHANGES
                else topic or ["improvement"]
            )
        begin = verb + 1
        for back in range(k - 2, verb, -1):
            if low[back] in (",", "and", "#"):
                begin = back + 1
                break
        while begin < k and low[begin] in _SKIPPED:
            begin += 1
        end = begin
        while end < k and low[end][0].isalpha() and low[end] not in BREAKS and low[end] not in ACTIONS:
            end += 1
        if end > begin and low[end - 1] not in _THINGS and not _named(self.words[end - 1]):
            words = self._phrase(begin, end)
            if words:
                return _change_of(words, change)
        if topic:
            return _change_of(topic, change)
        if end == begin == k and verb and is_head(low[verb - 1]):
            return _change_of(self._ending(verb - 1), change)
        return [change]

    def _past(self, i: int) -> int:
        """Past the numbers coordinated with the one at ``i``."""
        while self.word(i) in ("#", ",", "and", "or", "/", "to", ")"):
            i += 1
        return i


def _change_of(words: list[str], change: str | None) -> list[str]:
    """The name of a metric's change: latency and reduction, inference speed and speedup."""
    if change is None or (words and words[-1].lower() in CHANGES):
        return words
    if change == "speedup" and words and words[-1].lower() in ("speed", "speeds", "time"):
        words = words[:-1]
    return [*words[:-1], singular(words[-1], counted=True), change] if words else [change]


def _named(word: str) -> bool:
    """Whether a word is written like a name and no metric: ``Qwen3VL-8B``, ``Vicuna``."""
    if is_head(word.lower()):
        return False
    return (word[0].isupper() and not word.isupper()) or word[-1].isdigit()
