"""Everything the lexicon knows, found in one pass over the text.

All surfaces of all entries, every family and every cue phrase are one Aho-Corasick automaton over
:attr:`Document.key`; each raw match is then checked against the view: word boundaries, separators, case.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal

import ahocorasick_rs

from ..hits import Cue, Hit
from ..text import Document, identifier, normal
from ..words import word_set
from .cues import CUES
from .lexicon import Entry, Lexicon
from .models import Naming, read_model

Mode = Literal["any", "cased", "upper", "exact"]

_CAMEL = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z]{2})"
)
_FOREIGN = re.compile(r"[,;:()\[\]!?\"=<>|\n]")
_ORDINARY = re.compile(
    r"-(?:based|style|like|driven|aware|free|guided|powered|enhanced|augmented|level|wise|"
    r"trained|tuned|oriented|only|type|"
    r"centric|friendly|specific|generated|accelerated|optimized|inspired|integrated|enabled|"
    r"related|assisted|equipped|"
    r"[a-z]+)(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_TITLE_AFFIX = re.compile(
    r"-(?:[A-Z][a-z]*(?:ed|ing)|Based|Style|Like|Driven|Aware|Free|Guided|Level|Wise|Only|"
    r"Centric|Friendly|Efficient|"
    r"Specific|Agnostic|Oriented|Native|Scale)(?![A-Za-z0-9])"
)


_WORD_BEFORE = re.compile(r"[\w.+-]*$")
_NUMBERED = re.compile(r"-(?:v?\d|[a-z]+-\d)")


_TIMES = re.compile(r"x(?:(?<= \dx)|(?<= \d\dx))(?=[a-z]{1,4} ?\d)")
"""The sign between a number and a device: ``8xH100``, ``16xA100``. The letter comes first: it is searched fast."""

_VERSION_NEXT = re.compile(r"[ -]\d(?:\.\d)?(?![\w%])")
_MEMORY = re.compile(r"(?:-(?:SXM\d?|PCIe|NVL|\d+GB?))+(?![A-Za-z])")


class _Surface:
    """One pattern of the automaton and what a match must satisfy."""

    __slots__ = ("base", "entry", "exact", "mode", "naming", "odd", "plural", "twin", "versioned")

    def __init__(
        self,
        mode: Mode = "any",
        *,
        entry: Entry | None = None,
        naming: Naming | None = None,
        base: str = "",
        exact: str = "",
        plural: bool = False,
        odd: bool = False,
    ) -> None:
        self.mode, self.entry, self.naming, self.base = mode, entry, naming, base
        self.exact, self.plural, self.odd = exact, plural, odd
        self.twin = self.versioned = False


class Matcher:
    """A compiled :class:`Lexicon`.

    Parameters
    ----------
    lexicon
        What to find.
    cues
        Find cue phrases too.
    """

    def __init__(self, lexicon: Lexicon, *, cues: bool = True) -> None:
        self._patterns: dict[str, list[_Surface]] = {}
        for entry in lexicon.entries:
            self._entry(entry)
        for family in lexicon.families:
            self._family(Naming.of(family))
        # Names may be followed by letters (a plural, a version), cues by none: those patterns end in a blank.
        for surfaces in self._patterns.values():
            labels = {"Model" if surface.entry is None else surface.entry.label for surface in surfaces}
            for surface in surfaces:
                surface.twin = labels >= {"Model", "Benchmark"}
        phrases = {normal(phrase): kind for phrase, kind in CUES.items()} if cues else {}
        self._kinds = list(phrases.values())
        self._surfaces = list(self._patterns.values())
        self._closed = [all(surface.naming is None for surface in found) for found in self._surfaces]
        self._automaton = ahocorasick_rs.AhoCorasick(
            [f" {key} " for key in phrases] + [f" {key}" for key in self._patterns]
        )

    def scan(self, document: Document) -> tuple[list[Hit], list[Cue]]:
        """Find what is known.

        Returns
        -------
        hits
            Every valid match, longest first at each place, none overlapping an earlier one.
        cues
            Every cue phrase, in order.
        """
        view, key = document.view, _TIMES.sub(" ", document.key)
        split = document.split
        hits: list[Hit] = []
        cues: list[tuple[int, int, str]] = []
        twins = False
        surfaces, closed, kinds = self._surfaces, self._closed, self._kinds
        border = len(kinds)
        for index, start, end in self._automaton.find_matches_as_indexes(key, overlapping=True):
            if index < border:
                cues.append((start, end - 2, kinds[index]))
                continue
            stop = end - 1
            if start < split <= stop:
                continue
            # Only a plural ending may follow what is listed: most matches are in longer words ("model" holds MoD).
            if closed[index - border]:
                after = key[end]
                if after.isalnum() and after != "s" and not key.startswith("es", end):
                    continue
            for surface in surfaces[index - border]:
                naming = surface.naming
                if naming is None:
                    self._known(view, start, stop, surface, hits)
                elif not naming.family.unless or _stands(document, stop, naming):
                    self._model(view, start, stop, surface, hits)
                twins = twins or surface.twin
        if twins:
            hits = _read_twins(document, hits)
        return longest(view, hits), _outer(cues)

    def _known(
        self,
        view: str,
        start: int,
        stop: int,
        surface: _Surface,
        hits: list[Hit],
    ) -> None:
        entry = surface.entry
        assert entry is not None
        end = stop
        following = view[end : end + 1]
        if following == "s" and surface.plural:
            end += 1
            following = view[end : end + 1]
        elif following == "e" and surface.plural and view[end : end + 2] == "es":
            end += 2
            following = view[end : end + 1]
        if following and (following.isalnum() or following in "+_"):
            return
        if following == "." and (rest := view[end + 1 : end + 2]) and rest.isalnum() and not rest.isupper():
            return
        text = view[start:stop]
        if not _case_fits(text, surface) or (not surface.odd and _FOREIGN.search(text)):
            return
        if not entry.generic and _part_of_longer(view, start, end):
            suffix = _MEMORY.match(view, end) if entry.label == "Hardware" else None
            if suffix is not None:
                end = suffix.end()
            else:
                if entry.label == "Benchmark":
                    _variant_of_benchmark(view, start, end, entry, hits)
                return
        elif _later(view, start, end, entry, hits):
            return
        hits.append(
            Hit(
                start, end, entry.label, entry.id, entry.name, "lexicon@1",
                (), entry.properties, entry.facts, weak=entry.ambiguous,
            )
        )  # fmt: skip

    @staticmethod
    def _model(view: str, start: int, stop: int, surface: _Surface, hits: list[Hit]) -> None:
        text = view[start:stop]
        if not _case_fits(text, surface) and not (len(text) > 2 and _NUMBERED.match(view, stop)):
            return
        if _FOREIGN.search(text) or (surface.versioned and not _VERSION_NEXT.match(view, stop)):
            return
        if start and view[start - 1] in "-_" and start > 1 and view[start - 2].isalnum():
            word = _WORD_BEFORE.search(view, max(0, start - 30), start)
            if word and (any(c.isupper() for c in word[0]) or any(c.isdigit() for c in word[0])):
                return
        assert surface.naming is not None
        plural = stop < len(view) and view[stop] == "s" and not view[stop + 1 : stop + 2].isalnum()
        read = read_model(view, start, stop + plural, surface.naming, surface.base)
        if read is not None:
            hits += read

    def _entry(self, entry: Entry) -> None:
        for written in entry.surfaces:
            mode = _mode(written, entry)
            for key, needs in _variants(written, mode, entry).items():
                odd = _FOREIGN.search(written) is not None
                plural = entry.label != "Benchmark" and not written.endswith("s")
                self._add(key, _Surface(needs, entry=entry, exact=written, plural=plural, odd=odd))

    def _family(self, naming: Naming) -> None:
        family = naming.family
        bases = dict.fromkeys((family.name, *family.aliases), family.name)
        for model in family.models:
            if not any(normal(model).startswith(normal(alias)) for alias in bases):
                bases[model] = model
        for written, model in family.others:
            bases[written] = model
        for written, base in bases.items():
            mode: Mode = "exact" if family.exact else _case_mode(written)
            for key in {normal(written), normal(written).replace(" ", "")}:
                surface = _Surface(mode, naming=naming, base=base, exact=written)
                surface.versioned = written in family.versioned
                self._add(key, surface)

    def _add(self, key: str, surface: _Surface) -> None:
        if key:
            self._patterns.setdefault(key, []).append(surface)


# --- how a surface may be written --------------------------------------------------------------------------


def _mode(written: str, entry: Entry) -> Mode:
    if entry.exact:
        return "exact"
    if entry.generic or written.islower():
        return "any" if not _short_acronym(written) else "exact"
    if entry.ambiguous:
        return "exact" if " " not in written else "cased"
    words = len(written.split())
    if entry.label == "Method" and written.istitle() and written.isalpha():
        return "any"
    if words >= 3 or (words == 2 and entry.label == "Method"):
        return "any"
    return _case_mode(written)


def _short_acronym(written: str) -> bool:
    return (
        len(written) <= 6
        and not written.islower()
        and sum(c.isupper() for c in written) >= 2
        and " " not in written
    )


def _case_mode(written: str) -> Mode:
    letters = [c for c in written if c.isalpha()]
    if written.isalpha() and len(letters) <= 5 and all(c.isupper() for c in letters):
        return "upper"
    if len(letters) <= 3 and not any(c.isdigit() for c in written):
        return "exact"
    return "cased"


def _variants(written: str, mode: Mode, entry: Entry) -> dict[str, Mode]:
    base = normal(written)
    found: dict[str, Mode] = {base: mode}
    if mode == "exact" and entry.exact:
        return found
    if written.islower() and base.endswith("y") and entry.generic:
        found[base[:-1] + "ies"] = mode
    if not entry.generic and mode != "any":
        needs: Mode = "cased" if mode == "upper" else mode
        tokens = base.split()
        if 1 < len(tokens) <= 3:
            found.setdefault("".join(tokens), needs)
        split = normal(_CAMEL.sub(" ", written))
        if mode != "exact" and len(split) > 4:
            found.setdefault(split, "cased")
    return found


def _case_fits(text: str, surface: _Surface) -> bool:
    mode = surface.mode
    if mode == "any":
        return True
    if mode == "exact":
        return text == surface.exact or text.replace("-", " ") == surface.exact.replace("-", " ")
    if mode == "upper":
        return text.isupper() or text == surface.exact
    if text == surface.exact:
        return True
    if " " in text:
        return all(
            word[:1].isupper() or not word[:1].isalpha() for word in re.split(r"[ -]", text) if len(word) > 3
        )
    return any(c.isupper() for c in text) or (
        any(c.isdigit() for c in text) and text.isalnum() and len(text) > 3
    )


def _part_of_longer(view: str, start: int, end: int) -> bool:
    """Tell whether hyphens bind the name into a longer name (``BA-LoRA``, ``LoRA-FA``), not just to a word."""
    if start > 1 and view[start - 1] in "-_" and view[start - 2].isalnum():
        word = _WORD_BEFORE.search(view, max(0, start - 30), start)
        if word and word[0][:-1] and not word[0][:-1].islower():
            first = word[0][:-1].rsplit("-", 1)[-1]
            if not (
                first.istitle()
                and first.isalpha()
                and start < view.find("\n")
                and _COMMON_PREFIX.match(first)
            ):
                return True
    if view[end : end + 1] in ("-", "_") and view[end + 1 : end + 2].isalnum():
        return not (_ORDINARY.match(view, end) if view[end + 1].islower() else _TITLE_AFFIX.match(view, end))
    return False


_SPLIT = re.compile(
    r"-(?:[A-Z]{1,3}|(?!\d+[BM])[A-Z]?\d{1,4}[A-Z]?|Hard|Easy|Plus|Pro|Lite|Mini|Verified|Real|Live|Long|Ext|"
    r"Extended|Redux|XL|Multi|Challenge|Full|Small|Large|[vV]\d(?:\.\d)?)(?![\w-]|\.\d)"
)
_NO_EDITION = word_set(
    "-RL -PO -KV -RAG -SFT -DPO -GAN -VAE -NAS -CNN -RNN -GNN -SSM -LM -LLM -VLM -VL -GPT -MoE -ViT -AI -GS"
)
_RESOLUTIONS = frozenset(["-32", "-64", "-128", "-256", "-512", "-1024"])


def _variant_of_benchmark(view: str, start: int, end: int, entry: Entry, hits: list[Hit]) -> None:
    """Read a later edition or a part of a benchmark under its own name: ``MMLU-Pro-R``, ``OSWorld-v2``."""
    tail = _SPLIT.match(view, end)
    if tail is None or entry.ambiguous or (start and view[start - 1] in "-_"):
        return
    if tail[0] in _NO_EDITION:
        return
    parts = (
        tail[0] in _RESOLUTIONS or view[tail.end() : tail.end() + 1] == "/"
    )  # both halves: RoboTwin-Easy/Hard
    name = entry.name if parts else _named_like(entry, view[start:end]) + tail[0]
    hits.append(
        Hit(
            start, tail.end(), "Benchmark", f"benchmark:{identifier(name)}", name, "model-morphology@1",
            (), entry.properties, entry.facts,
        )
    )  # fmt: skip


EDITION = re.compile(
    r" ([vV]\d+(?:\.\d+)*|[1-9]\.\d)(?![\w%]|\.\d| ?(?:%|x |times|points?|pp|percent|to \d|and \d))"
)
_NEXT_EDITION = re.compile(
    r"(?:, and |, | and |/)([vV]?\d\.\d|Pro|Verified|Hard|Lite|Plus)(?= ?[,.;)/]| and | respectively| benchmarks)"
)


def _edition(view: str, start: int, end: int, entry: Entry, hits: list[Hit]) -> bool:
    """Read an edition no list knows behind the name: ``OmniDocBench v1.6``, "Terminal-Bench 1.0, 2.0, and Pro"."""
    if entry.ambiguous or not view[end + 1 : end + 3].strip("vV")[:1].isdigit():
        return False
    found, tail = False, EDITION.match(view, end)
    while tail is not None:
        name = f"{_named_like(entry, view[start:end])} {tail[1]}"
        at = start if tail.re is EDITION else tail.start(1)
        hits.append(
            Hit(
                at, tail.end(), "Benchmark", f"benchmark:{identifier(name)}", name, "model-morphology@1",
                (), entry.properties, entry.facts,
            )
        )  # fmt: skip
        found, tail = True, _NEXT_EDITION.match(view, tail.end())
    return found


def _named_like(entry: Entry, text: str) -> str:
    """Return the usual name of a thing, or the text where that calls it by a quite different name."""
    whole, part = identifier(entry.name).replace("-", ""), identifier(text).replace("-", "")
    return entry.name if whole.endswith(part) else text


_CLASS_OF_DEVICE = re.compile(
    r"[ -]((?:Pro|Ultra|Max|Plus|Mini|SUPER|Super|Ti|Lite|FE)(?: (?:Max|Ultra|Plus))?)(?![\w-])"
)
_NUMBER_OF_DEVICE = re.compile(
    r"[ -]?([vV]?\d{1,4}[A-Za-z]{0,2}\+?)(?!\w|\.\d|-?bit| ?(?:x|×|GB|MB|ms|fps|%)| [a-z]+s\b)"
)
_LINES = frozenset(
    ["smartphone", "SoC", "accelerator", "NPU", "CPU", "neuromorphic", "computer", "tablet", "GPU"]
)


def _later(view: str, start: int, end: int, entry: Entry, hits: list[Hit]) -> bool:
    """Read a device or an edition of a benchmark that no list knows behind the name of its line."""
    if entry.label == "Hardware":
        return _later_device(view, start, end, entry, hits)
    return (
        entry.label == "Benchmark" and view[end : end + 1] == " " and _edition(view, start, end, entry, hits)
    )


def _later_device(view: str, start: int, end: int, entry: Entry, hits: list[Hit]) -> bool:
    """Read a device no list knows behind the name of its line: ``Xiaomi 14 Pro``, ``Trainium 7``."""
    kind = entry.properties.get("kind")
    if kind not in _LINES or kind == entry.name or view[end : end + 1] not in " -":
        return False
    tail = _CLASS_OF_DEVICE.match(view, end)
    if tail is None and not entry.name[-1:].isdigit() and (kind != "GPU" or entry.name == "NVIDIA RTX"):
        tail = _NUMBER_OF_DEVICE.match(view, end)
    if tail is None:
        return False
    name = f"{_named_like(entry, view[start:end])} {tail[1]}"
    hits.append(
        Hit(
            start, tail.end(), "Hardware", f"hardware:{identifier(name)}", name, "model-morphology@1",
            (), entry.properties, entry.facts,
        )
    )  # fmt: skip
    return True


def _stands(document: Document, stop: int, naming: Naming) -> bool:
    """Whether the bare name of a family may mean the family in this paper."""
    if document.view[stop : stop + 2].lstrip("-")[:1].isdigit():
        return True
    return not any(phrase in document.lower for phrase in naming.family.unless)


_DATA_AFTER = re.compile(
    r"(?:(?:,? (?:and|or)|,) [A-Z][\w.-]*(?: [A-Z\d][\w.-]*)?){0,6} (?:[a-z-]+ )?"
    r"(?:datasets?|data|benchmarks?|corpora|corpus|test sets?)(?!\w)"
)
_DATA_BEFORE = re.compile(
    r"(?:datasets?|benchmarks?|corpora|test sets?)(?: \(|:|,? such as|,? including|,? namely|,? like)"
    r" ?(?:[A-Z][\w.-]*(?: [A-Z\d][\w.-]*)?(?:, and |, | and ))*$"
)


def _read_twins(document: Document, hits: list[Hit]) -> list[Hit]:
    """Where one name is a model and a dataset (Koala, Alpaca), let the words around it choose."""
    view = document.view
    labels: dict[tuple[int, int], set[str]] = {}
    for hit in hits:
        labels.setdefault((hit.start, hit.end), set()).add(hit.label)
    wrong: dict[tuple[int, int], str] = {}
    for (start, end), found in labels.items():
        if found >= {"Model", "Benchmark"}:
            both = {
                hit.label: (hit.rule != "lexicon@1", hit.weak)
                for hit in hits
                if (hit.start, hit.end) == (start, end)
            }
            data = _DATA_AFTER.match(view, end) or _DATA_BEFORE.search(view, max(0, start - 120), start)
            wrong[start, end] = "Model" if data or both["Model"] > both["Benchmark"] else "Benchmark"
    return [hit for hit in hits if wrong.get((hit.start, hit.end)) != hit.label]


_COMMON_PREFIX = re.compile(
    r"(?:Non|Pre|Post|Multi|Self|Semi|Anti|Vanilla|Standard|Beyond|Re|Sub|Co|Pure|Any|Single|Many|Cross)$"
)


def longest(view: str, hits: list[Hit]) -> list[Hit]:
    """Keep the longest of overlapping matches; equal ones of different models (``LLaMA-V1/V2``) both stay."""
    if all(one.end <= other.start for one, other in pairwise(hits)):
        return hits
    # What the lexicon lists by its whole name (Dream-1K, a benchmark) comes before a family with something behind it.
    hits.sort(key=lambda hit: (hit.start - hit.end, hit.start, hit.rule != "lexicon@1", hit.label == "Model"))
    taken = bytearray(max(hit.end for hit in hits))
    first: dict[int, Hit] = {}
    kept: list[Hit] = []
    for hit in hits:
        if 1 in taken[hit.start : hit.end]:
            other = first.get(hit.start)
            if other is None or not _twins(view, other, hit):
                continue
        taken[hit.start : hit.end] = b"\x01" * (hit.end - hit.start)
        first.setdefault(hit.start, hit)
        kept.append(hit)
    kept.sort(key=lambda hit: hit.start)
    return kept


def _twins(view: str, one: Hit, other: Hit) -> bool:
    return (
        one.label == other.label == "Model"
        and one.start == other.start
        and one.id != other.id
        and view.startswith("/", min(one.end, other.end))
    )


def _outer(cues: list[tuple[int, int, str]]) -> list[Cue]:
    """Keep cues that are not part of a longer one."""
    cues.sort()
    kept: list[tuple[int, int, str]] = []
    done = 0
    for cue in cues:
        start = cue[0]
        if start >= done:
            kept.append(cue)
        elif start == kept[-1][0]:
            kept[-1] = cue
        else:
            continue
        done = cue[1]
    return [Cue(*cue) for cue in kept]
