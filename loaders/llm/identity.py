"""Which node a name means: what the lexicon and the rules know of it, else a new one named as the text writes it.

The model says *that* a place names something; *what* it is called in the graph is settled here, in the same way as
for the rules, so that papers read by either speak of the same nodes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...graph.identity import slug
from ...graph.records import Extraction, Fact
from ..extract.hits import Hit
from ..extract.known.lexicon import Family, Lexicon
from ..extract.known.matcher import Matcher
from ..extract.known.models import Naming, read_model
from ..extract.known.models import size as size_of
from ..extract.naming.kinds import kind_of_head
from ..extract.text import Document
from ..extract.things import without_size
from ..extract.words import BREAKS, NO_NAMES, word_set
from .prompt import RELATIONS_OF

_STEM = re.compile(r"[^\W\d_]+")
_SIZE = re.compile(r"[-_ ]?(?<![\d.])(\d+(?:\.\d+)?(?:x\d+(?:\.\d+)?)?) ?([BbM])(?![^\W_])")
_QUOTES = str.maketrans("", "", '"“”')
_ACRONYM = re.compile(r"[A-Z]{2,4}")
_EDGES = BREAKS | word_set("a an the we our us it i you they he she there here")


@dataclass(frozen=True, slots=True)
class Thing:
    """A node as far as a name tells it.

    ``curated`` where the lexicon knows it, ``weak`` where its name is also a word, ``firm`` where it is known from
    outside this text: to the lexicon, or from another paper that coined the name.
    """

    id: str
    label: str
    name: str
    properties: Mapping[str, Any] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    curated: bool = False
    weak: bool = False
    firm: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A place ``[start, end)`` of the stored text that is known to name something."""

    start: int
    end: int
    thing: Thing


class Names:
    """What the lexicon says of a name by itself."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._matcher = Matcher(lexicon)

    def hits(self, document: Document) -> list[Hit]:
        """Return every place of a text that the lexicon knows."""
        return self._matcher.scan(document)[0]

    def alone(self, mention: str, label: str) -> Thing | None:
        """Return what the lexicon knows under a name; a noun that only says what kind of thing it is may follow."""
        document = Document("", mention)
        for hit in self.hits(document):
            if hit.start == document.split and _only_heads(document.view[hit.end :], hit.label):
                found = _of_hit(hit)
                if found.label == label or not found.weak:
                    return found
        return None


def _only_heads(rest: str, label: str) -> bool:
    return all(
        kind_of_head(word.lower()) == label and (word.islower() or label == "Hardware")
        for word in rest.split()
    )


def _of_hit(hit: Hit) -> Thing:
    return Thing(
        hit.id, hit.label, hit.name, hit.properties, hit.facts, curated=True, weak=hit.weak, firm=True
    )


def is_name(mention: str) -> bool:
    """Tell whether words that nothing is known of can name a thing at all.

    Examples
    --------
    >>> is_name("SpQR"), is_name("layer dropping"), is_name("LLMs"), is_name("we"), is_name("a method")
    (True, True, False, False, False)
    """
    words = mention.split()
    if len(mention) < 2 or len(words) > 12 or not any(char.isalpha() for char in mention):
        return False
    if mention in NO_NAMES or mention.rstrip("s") in NO_NAMES:
        return False
    if words[0].lower() in _EDGES or words[-1].lower() in _EDGES:
        return False
    return not (len(words) == 1 and mention.isalpha() and mention.islower())


def new(mentions: list[str], label: str) -> Thing | None:
    """Name a thing that nobody knows by its first mention, or by what that stands for where it is a short acronym."""
    chosen = mentions[0]
    if _ACRONYM.fullmatch(chosen):
        chosen = next((m for m in mentions if " " in m and m[0].isupper()), chosen)
    words = chosen.translate(_QUOTES).split()
    while (
        len(words) > 1 and words[-1].islower() and kind_of_head(words[-1]) == label and _is_proper(words[:-1])
    ):
        words.pop()  # "the SpQR method" is SpQR
    name, _ = split_size(" ".join(words), label)
    key = slug(name)
    if not key:
        return None
    return Thing(f"{label.lower()}:{key}", label, name)


def _is_proper(words: list[str]) -> bool:
    return any(char.isupper() or char.isdigit() for word in words for char in word)


def split_size(name: str, label: str) -> tuple[str, list[str]]:
    """Split a name into what names the thing and the parameter sizes in it, which are never part of a Model's id.

    Examples
    --------
    >>> split_size("WeftLM-2-7B-Instruct", "Model")
    ('WeftLM-2-Instruct', ['7B'])
    >>> split_size("WeftLM-7b-chat", "Model")
    ('WeftLM-Chat', ['7B'])
    """
    if label == "Hardware":
        return name, []
    short, sizes = without_size(name)
    if label != "Model" or not _SIZE.search(short):
        return short, list(sizes)
    stem = _STEM.match(short)
    if stem is not None:
        naming = Naming.of(Family(stem[0], joint="-"))
        read = read_model(short, 0, stem.end(), naming, stem[0])
        if read and read[0].end == len(short) and not _SIZE.search(read[0].name):
            return read[0].name, [*sizes, *read[0].sizes]
    found = [size_of(number, unit) for number, unit in _SIZE.findall(short)]
    left = " ".join(_SIZE.sub("", short).split()).strip("-_ ")
    return (left or name), [*sizes, *found]


class Context:
    """What is known of the places of one text, by the rules first and by the bare lexicon where they are silent.

    Positions count characters of ``title + line feed + abstract`` as they are stored.
    """

    def __init__(self, document: Document, ruled: Extraction, hits: list[Hit]) -> None:
        self.text = f"{document.title}\n{document.abstract}"
        self.split = shift = len(document.title) + 1
        self.sizes: dict[tuple[int, int], tuple[str, ...]] = {}
        self._readings: list[Reading] = []
        held = bytearray(len(self.text))
        for mention in ruled.mentions:
            rules = {span.extractor.partition("@")[0] for span in mention.spans}
            curated = "lexicon" in rules
            thing = Thing(
                mention.id, mention.label, mention.name, mention.properties, mention.facts,
                curated=curated, firm=curated or "corpus" in rules,
            )  # fmt: skip
            for span in mention.spans:
                offset = shift if span.field == "abstract" else 0
                start, end = offset + span.start, offset + span.end
                held[start:end] = b"\x01" * (end - start)
                self._readings.append(Reading(start, end, thing))
        for hit in hits:
            quoted = document.span(hit.start, hit.end, hit.rule)
            offset = shift if quoted.field == "abstract" else 0
            start, end = offset + quoted.start, offset + quoted.end
            self.sizes[start, end] = hit.sizes
            if 1 not in held[start:end]:
                self._readings.append(Reading(start, end, _of_hit(hit)))
        self.counts = {mention.id: mention.count for mention in ruled.mentions}

    def in_one_field(self, start: int, end: int) -> bool:
        """Whether a place lies within the title or within the abstract."""
        return end < self.split or start >= self.split

    def around(self, start: int, end: int) -> Reading | None:
        """Return the longest known place that covers ``[start, end)``."""
        over = [r for r in self._readings if r.start <= start and end <= r.end]
        return max(over, key=lambda r: r.end - r.start, default=None)


def settle(thing: Thing, label: str, relation: str) -> Thing | None:
    """Bring what is known of a name and the type the model gave it together; None where they contradict.

    The lexicon knows better, except of words that are also names, and of what the paper introduces under a name that
    is taken; what only the rules believe gives way to the model.
    """
    if thing.label == label:
        return thing
    if thing.curated and not thing.weak and relation != "PROPOSES":
        return thing if relation in RELATIONS_OF[thing.label] else None
    tail = thing.id.partition(":")[2]
    return Thing(f"{label.lower()}:{tail}", label, thing.name)
