"""Model names by morphology: family, version, variant and size, in whatever order and spelling.

``Llama2``, ``LLaMA-2`` and ``LLaMA2-7B`` are one model; ``Llama 3.1`` is another of the same family; sizes are
never part of the name. The parser starts where the lexicon found a family and reads the tail chunk by chunk.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ....graph.records import Fact
from ..hits import Hit
from ..naming.kinds import by_name
from ..text import Document, found_at, identifier
from ..words import word_set
from .lexicon import Family

_VARIANTS = {
    "instruct": "Instruct", "ins": "Instruct", "inst": "Instruct",
    "chat": "Chat", "math": "Math", "coder": "Coder", "code": "Code", "vl": "VL",
    "vision": "Vision", "turbo": "Turbo", "mini": "mini", "nano": "nano", "preview": "Preview", "pro": "Pro",
    "ultra": "Ultra", "flash": "Flash", "lite": "Lite", "sonnet": "Sonnet", "opus": "Opus", "haiku": "Haiku",
    "thinking": "Thinking", "distill": "Distill", "omni": "Omni", "audio": "Audio", "next": "NeXT", "moe": "MoE",
    "plus": "Plus", "max": "Max", "dpo": "DPO", "sft": "SFT", "rlhf": "RLHF", "it": "it", "o": "o", "v": "V",
    "image": "Image", "video": "Video", "embedding": "Embedding", "reranker": "Reranker", "onevision": "OneVision",
    "interleave": "Interleave", "python": "Python", "high": "high", "thinker": "Thinker", "edit": "Edit",
    "zero": "Zero", "reasoning": "Reasoning", "medium": "medium", "dev": "dev", "schnell": "schnell",
    "realtime": "Realtime", "prover": "Prover", "long": "Long", "air": "Air", "deep": "Deep",
}  # fmt: skip
"""What may follow a family name with a hyphen and belongs to the model's name."""

_SHORT = frozenset(["ins", "inst"])
_SPACED = frozenset(
    [
        "instruct",
        "chat",
        "math",
        "coder",
        "turbo",
        "mini",
        "nano",
        "preview",
        "pro",
        "ultra",
        "flash",
        "lite",
        "sonnet",
        "opus",
        "haiku",
        "thinking",
        "vision",
        "plus",
        "max",
        "omni",
        "medium",
        "distill",
        "onevision",
        "next",
        "vl",
        "schnell",
    ]
)
"""The variants that may follow with a blank; the rest would be words of the sentence."""

_DROPPED = re.compile(
    r"(?:base|large|small|tiny|huge|xs|xl|xxl|xxxl|giant|hf|gguf|awq|gptq|bf16|fp16|fp8|int4|"
    r"int8|fp4|nvfp4|[wa]?\d+bits?"
    r"|\d{4}|\d{6}|\d{8}|20\d\d-\d\d-\d\d|latest|[a-z]/\d+|[bhlsg]\d{1,2}|w\d+a\d+|[bslhgt])(?![\w/])",
    re.IGNORECASE,
)
"""Chunks that state a size class, a number format or a date, not another model."""

_SIZE = re.compile(
    r"(\d+(?:\.\d+)?(?:x\d+(?:\.\d+)?)?) ?([BbM]|(?<=-[1-9])T|(?<=-[1-9]\.\d)T)(?![\w])"
    r"(?:-?[aA]\d+(?:\.\d+)?[bB](?!\w))?"
)
_WORDED = re.compile(r"(\d+(?:\.\d+)?)[ -](billion|million|trillion)(?:[ -]parameters?)?", re.IGNORECASE)
_VERSION = re.compile(r"[vV]?(\d+(?:\.\d+)*(?:[a-z](?![\w]))?)(?=[-_/ ,.;:)('\"?!+\]&]|$|(?:[A-Z]))")
_LETTERED = re.compile(r"[A-Za-z]\d(?:\.\d+)*(?!\w)")
_CHUNK = re.compile(r"[A-Za-z0-9]+(?:\.\d+)*\+?")
_CONTEXT = re.compile(r"\d+[kKM](?!\w)")
_AFFIX = re.compile(
    r"(?:based|style|like|generated|trained|tuned|level|powered|driven|only|class|scale|"
    r"sized?|enhanced|assisted|derived|"
    r"family|model|models|specific|compatible|judged|finetuned|guided|labell?ed|annotated|"
    r"simulated|as|type|aware|free|"
    r"initiali[sz]ed|distilled|series|variants?|era|backed|augmented|inspired|quality|"
    r"[a-z]+(?:ed|ing))(?![a-z])",
    re.IGNORECASE,
)
"""Ordinary words joined to a name by a hyphen: ``GPT-4-generated`` still names GPT-4."""

_MORE = re.compile(
    r"(?:, and |, or |, | and | or | to |/| & |/-|, -)(\d+(?:\.\d+)?(?:x\d+(?:\.\d+)?)?) ?([BM])(?!\w)"
)
_BEFORE = re.compile(
    r"(?:(\d+(?:\.\d+)?(?:x\d+(?:\.\d+)?)?) ?-?([BMT])(?:illion|illions)?|(\d+(?:\.\d+)?)[ -]([bm])illion)"
    r"(?:[ -]?(?:parameters?|params?))?(?:-sized?)?"
    r"(?:[ (-]{1,2}| (?:models? )?(?:for|in|of) | (?:LM|LLM|model)s? \()$"
)
_AFTER = re.compile(
    r"(?: models?| LLMs?| variants?| family)?(?: \(| with | of | at |, | ranging | from | in )(?:a model |models? )?"
    r"(?:with |of |from )?"
    r"(?:only |about |up to |sizes? (?:of )?|parameter sizes? of |at |[gl]e |[<>~≥≤]=? ?|approximately )?"
    r"(\d+(?:\.\d+)?(?:x\d+(?:\.\d+)?)?)(?: ?([BM])(?!\w)| (billion|million))"
)
_IS_A = re.compile(
    r"(?: \([^()]{2,40}\))?(?:,| is|, which is) (?:an?|the(?: first| largest)?) (?:[a-z-]+,? ){0,3}?"
    r"(\d+(?:\.\d+)?)(?:[ -]?([BM])(?!\w)|[ -]([bm]illion)(?=[ -]param))"
)
_MORE_WORDED = re.compile(r"(?:, and |, or |, | and | or | to )(\d+(?:\.\d+)?) (billion|million)")


_UNTOLD = re.compile(r"[^a-z0-9.+]|(?<!\d)\.|\.(?!\d)")


@lru_cache(maxsize=1 << 16)
def compact(name: str) -> str:
    """Bring a model name to the form in which spellings of one model agree."""
    return _UNTOLD.sub("", name.lower())


def size(number: str, unit: str) -> str:
    """Write a parameter size as ``7B``; ``1.0`` and ``1`` are one size."""
    return f"{number}{unit[0].upper()}"


_NUMBERED = re.compile(r"\d[ -]*[BMTbmt]")
"""What every statement of a size holds; found fast, it spares texts without one the longer expressions."""

_ANY = re.compile(
    r"(?<![\w.-])(\d+(?:\.\d+)?(?:x\d+(?:\.\d+)?)?)"
    r"(?: ?([BM]|T(?=[ -]param))(?!\w)"
    r"(?![ -](?:[a-z]+ )?(?:tokens?|words|samples|images|pairs|examples|frames|points|active|activated))"
    r"|[ -](billion|million|trillion)(?=[ -]param|(?:, and |, | and )\d[\d.]*[ -][bmt]illion))"
)
_SCALED = re.compile(
    r"(?<!\w)(?:[Ss]cal(?:e|ed|es|ing)|creating|[Ww]e train|we pretrain|yielding|resulting in)(?!\w)[^.;]{0,80}?"
    r"(?<![\w.])(\d+(?:\.\d+)?)(?: ?([BMT])| (billion|million|trillion))(?: total)?[ -]param"
)
_STATED = re.compile(
    r"(?:,| models?| series| family| is| comes)[^.;]{0,70}?(?:in sizes?|sizes? of|sizes \(|spans?|a total of|"
    r"specifically|rang\w+ from|with|based on|variants|available in|scales?)"
    r"[^.;\d]{0,30}"
)
_OTHERS_SIZE = re.compile(
    r"(?:existing|than|over|against|compar\w+|outperform\w*|surpass\w*|par with|LLMs like|"
    r"(?<!with )up to|teacher|larger|other)\W",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?) ?([BT])(?: in total| total param\w+)(?!\w)")
_ONLY = re.compile(
    r"(?<!\w)(?:at|with|using) (?:only|just|merely) (\d+(?:\.\d+)?)(?: ?([BM])| (billion|million))[ -]param"
)
_OUR = re.compile(
    r"(?:[Oo]ur|result(?:ed|ing) in an?|[Ww]e (?:train|release|obtain|present|introduce|"
    r"develop) (?:an?|"
    r"the)) (?:[a-z-]+ ){0,2}(\d+(?:\.\d+)?) ?-?([BM])(?:[- ]parameters?)? (?:[\w-]+ ){0,2}(?:model|"
    r"LLM|MLLM|VLM|LM)"
)


def may_state_sizes(document: Document) -> bool:
    """Whether the abstract holds any number that could be a size."""
    return _NUMBERED.search(document.view, document.split) is not None


def own_sizes(
    document: Document, places: list[tuple[int, int]], own_start: int, *, main: bool = True
) -> list[str]:
    """Read the sizes a paper states for its model, in the sentences that name it or, if ``main``, say "our" model."""
    view = document.view
    found: list[str] = []
    for start, end in places:
        if start < document.split:
            continue
        begin, stop = document.sentence(start)
        found += [size(m[1], m[2]) for m in _TOTAL.finditer(view, end, stop)]
        found += [size(m[1], m[2] or m[3]) for m in _ONLY.finditer(view, end, stop)]
        before = view[max(begin, start - 90) : start]
        sizes = [size(m[1], m[2] or m[3]) for m in _ANY.finditer(before)]
        if sizes and not _OTHERS_SIZE.search(before):
            found += sizes
        stated = _STATED.match(view, end, stop)
        m = _ANY.match(view, stated.end()) if stated else None
        if stated and m and not _OTHERS_SIZE.search(stated[0]):
            while m is not None:
                found.append(size(m[1], m[2] or m[3]))
                gap = _BETWEEN.match(view, m.end(), stop)
                m = _ANY.match(view, gap.end()) if gap else None
    if not main:
        return list(dict.fromkeys(found))
    own = max(own_start, document.split)
    found += [size(m[1], m[2]) for m in _OUR.finditer(view, own)]
    if "param" in view:
        found += [size(m[1], m[2] or m[3]) for m in _SCALED.finditer(view, own)]
    return list(dict.fromkeys(found))


_TWIN = re.compile(r"/[vV]?(\d+(?:\.\d+)*)(?![\w.]*[A-Za-z])")
_BETWEEN = re.compile(r"(?:,? and,? |, |/| or | to )(?:a )?")


@dataclass(slots=True)
class Naming:
    """A family ready for the parser: how its names begin, and every known continuation."""

    family: Family
    known: dict[str, str]
    prefixes: frozenset[str]
    facts: tuple[Fact, ...]

    @classmethod
    def of(cls, family: Family) -> Naming:
        """Prepare a family for parsing."""
        names = {*family.models, *(model for _, model in family.others), family.name}
        known = {compact(name): name for name in sorted(names)}
        known |= {compact(family.name + other[len(alias) :]): model
                  for other, model in family.others for alias in (family.name, *family.aliases)
                  if compact(other).startswith(compact(alias)) and other[: len(alias)] == alias}  # fmt: skip
        prefixes: set[str] = set()
        for key in known:
            prefixes.update(key[:i] for i in range(1, len(key) + 1))
        return cls(family, known, frozenset(prefixes), family.facts())


def read_model(view: str, start: int, end: int, naming: Naming, base: str) -> list[Hit] | None:
    """Read the model name whose known beginning ``base`` covers ``[start, end)``.

    Returns
    -------
    list of Hit, or None
        One hit, or two for ``LLaMA-V1/V2``; None if the characters that follow make it another name.
    """
    family = naming.family
    key = compact(base)
    stem, rest = naming.known.get(key, base), [""][:0]
    version: str | None = None
    variants: list[str] = []
    sizes: list[str] = []
    at = end
    while at < len(view):
        char = view[at]
        if char in "-_ :" and at + 1 < len(view):
            joint, place = char, at + 1
        elif char.isalnum() or (char == "+" and key + "+" in naming.prefixes):
            joint, place = "", at
        else:
            break
        if joint == ":" and not view[place].isdigit():
            break
        found = _SIZE.match(view, place)
        if found and (joint or view[at - 1].isalpha()) and not (joint == "" and found[2] == "M"):
            sizes.append(size(found[1], found[2]))
            at = found.end()
            at = _more_sizes(view, at, sizes)
            continue
        if joint == " " and (found := _WORDED.match(view, place)):
            break
        if key in naming.known and rest:
            stem, rest = naming.known[key], []
        if char == "+" and joint == "":
            key += "+"
            rest.append("+")
            at += 1
            continue
        chunk = _CHUNK.match(view, place)
        if chunk is None:
            break
        word = chunk[0]
        low = word.lower()
        if (
            key + low in naming.prefixes
            and _bounded(view, chunk.end())
            and (joint != " " or _spaced(word, key + low, naming))
        ):
            key += low
            rest.append(word)
            at = chunk.end()
            continue
        if _CONTEXT.match(view, place) and joint == "-":
            variants.append(word.upper())
            rest.append(word.upper())
            key += low
            at = chunk.end()
            continue
        number = _VERSION.match(view, place)
        if (
            number
            and (version is None or number[0][0] in "vV")
            and _version_fits(view, joint, number, key, naming)
        ):
            text = number[1]
            if version is None and not variants and key == compact(base):
                version = text
                key = _with_version(key, text, naming)
                if text not in ("1", "1.0"):
                    rest.append(text)
            else:
                written = text if number[0][0].isdigit() else f"v{text}"
                variants.append(written)
                rest.append(written)
                key += written
            at = number.end()
            continue
        if joint == "":
            return None
        if word == "Base" and _versioned(key, base) and _bounded(view, chunk.end()):
            variants.append(word)
            rest.append(word)
            key += low
            at = chunk.end()
            continue
        dropped = _DROPPED.match(view, place)
        if dropped and joint == "-":
            at = dropped.end()
            continue
        if low in _VARIANTS and _bounded(view, chunk.end()) and _variant_fits(joint, word, low):
            variants.append(word if word[0].isupper() and low not in _SHORT else _VARIANTS[low])
            rest.append(variants[-1])
            key += low
            at = chunk.end()
            continue
        if joint in "-_" and variants and variants[-1].lower() == "distill" and word[0].isupper():
            family_tail = re.match(r"[A-Za-z]+(?:[\d.]*\d)?", view[place:])
            if family_tail:
                variants.append(family_tail[0])
                rest.append(family_tail[0])
                key += family_tail[0].lower()
                at = place + family_tail.end()
                continue
        if joint == "-":
            if _AFFIX.match(view, place) or word.islower():
                break
            if not _versioned(key, base) or (tail := _unknown_variant(view, start, place)) is None:
                return None
            variants.append(tail)
            rest.append(f"-{tail}")
            key += compact(tail)
            at = place + len(tail)
            continue
        if joint == " " and not sizes and _versioned(key, base) and _named_after(view, start, place):
            variants.append(word)
            rest.append(f" {word}")
            key += low
            at = chunk.end()
        break
    if at < len(view) and view[at] in "+*" and view[at + 1 : at + 2] not in ("", " "):
        return None
    name = naming.known.get(key) or _write(stem, rest, family)
    hits = [_hit(start, at, name, version, variants, sizes, naming, at > end)]
    if any(part[0] in "- " for part in rest) and key not in naming.known:
        hits[0].rule = "model-morphology@1"
    versioned = version is not None or view[at - 1].isdigit()
    if versioned and not sizes and (twin := _TWIN.match(view, at)):
        other = _with_version(compact(base), twin[1], naming)
        title = naming.known.get(other) or _write(base, [twin[1]], family)
        hits.append(_hit(start, twin.end(), title, twin[1], [], [], naming))
    return hits


_TAIL = re.compile(r"[A-Z][A-Za-z]*\d*[A-Za-z]*(?!\w)")
_LAST = re.compile(r"[A-Z][a-z]+(?=[,;.)](?!\w)| and [A-Z]| or [A-Z])")
_NO_VARIANT = word_set("""
API APIs Model Models LLM LLMs Family Series Architecture Agent Agents Judge Transformer Transformers Online Base
Report System Card Technical Backbone Backbones Team Encoder Decoder Tokenizer Benchmark Dataset Data
""")


def _versioned(key: str, base: str) -> bool:
    return "." in base or any(c.isdigit() for c in key[len(compact(base)) :])


def _unknown_variant(view: str, start: int, place: int) -> str | None:
    """Read the name of a variant no list knows behind a version: ``Qwen3-ASR``, but not ``SAM2-UNet``."""
    tail = _TAIL.match(view, place)
    if tail is None or tail[0] in _NO_VARIANT:
        return None
    kind = by_name(view[start : tail.end()], own=False)
    return tail[0] if kind is None or kind[0] == "Model" else None


def _named_after(view: str, start: int, place: int) -> bool:
    """Tell whether one capitalised word that ends a list item belongs to the name: ``Gemini 3 Ultra, and``."""
    word = _LAST.match(view, place)
    return word is not None and word[0].split(" ", 1)[0] not in _NO_VARIANT and view.find("\n", place) < 0


def _hit(
    start: int,
    end: int,
    name: str,
    version: str | None,
    variants: list[str],
    sizes: list[str],
    naming: Naming,
    longer: bool = True,
) -> Hit:
    properties = {"family": naming.family.name}
    if version is not None:
        properties["version"] = version
    if variants:
        properties["variant"] = " ".join(variants)
    return Hit(
        start, end, "Model", f"model:{identifier(name)}", name, "lexicon@1", tuple(dict.fromkeys(sizes)),
        properties, naming.facts, weak=naming.family.ambiguous and not (version or variants or sizes or longer),
    )  # fmt: skip


def _with_version(key: str, text: str, naming: Naming) -> str:
    if text in ("1", "1.0") and key + text not in naming.known and key + "v" + text not in naming.known:
        return key
    if key + "v" + text in naming.known and key + text not in naming.known:
        return key + "v" + text
    return key + text


def _write(stem: str, rest: list[str], family: Family) -> str:
    """Write the canonical name of a member the lexicon does not list."""
    name = stem
    for part in rest:
        if part[0] in "+- ":
            name += part
        elif part[0].isdigit() and name == family.name:
            name += family.joint + part
        else:
            name += (" " if family.joint == " " else "-") + part
    return name


def _bounded(view: str, at: int) -> bool:
    return at >= len(view) or not (view[at].isalnum() or view[at] == "_")


def _spaced(word: str, key: str, naming: Naming) -> bool:
    """Tell whether a word after a blank continues a known name rather than the sentence."""
    if word[0].isdigit():
        return key in naming.known or word.replace(".", "").isdigit() is False
    return word[0].isupper()


_COUNTED = re.compile(
    r" (?!(?:models?|series|famil|class|has|is|as|was|does|variants?|versions?)\b)[a-z]*s\b|%|"
    r" ?(?:times|x|percent)\b"
)


def _version_fits(view: str, joint: str, number: re.Match[str], key: str, naming: Naming) -> bool:
    text = number[1]
    if joint in ("-", "", "_"):
        return not (joint == "-" and len(text) > 4 and "." not in text)
    if joint != " ":
        return False
    if number[0][0] in "vV" or key + text in naming.known:
        return True
    if naming.family.joint != " " and "." not in text:
        return False
    return len(text.partition(".")[0]) == 1 and not _COUNTED.match(view, number.end())


def _variant_fits(joint: str, word: str, low: str) -> bool:
    if joint in "-_":
        return True
    return joint == " " and low in _SPACED and (word[0].isupper() or low in ("mini", "nano", "turbo"))


def _more_sizes(view: str, at: int, sizes: list[str]) -> int:
    while found := _MORE.match(view, at):
        sizes.append(size(found[1], found[2]))
        at = found.end()
        if found[0].startswith(" to "):
            break
    return at


_SHARED = re.compile(
    r"(?<![\w.-])(\d+(?:\.\d+)?[BM](?:(?:, and |, | and |/| or | to |-)(?:the )?\d+(?:\.\d+)?[BM])*)"
    r"(?:[ -]parameters?)?[ -](?:scales?[ -])?"
    r"(?:models?|variants?|versions?|checkpoints?|backbones?|LLMs?|scales|sizes)(?!\w)"
    r"|(?:scales?|sizes|variants) \((\d+(?:\.\d+)?[BM](?:(?:, and |, | and |/| or )\d+(?:\.\d+)?[BM])*)\)"
)
_SHARED_START = re.compile(r"[\dsv](?:(?<=\d)(?<![\w.-].)|(?<!\d)(?=cales? |izes |ariants ))")
_EACH = re.compile(r"(\d+(?:\.\d+)?)([BM])")
_NOT_OURS = re.compile(
    r"(?<!\w)(?:an?|than|existing|other|larger|outperform\w*|surpass\w*|exceed\w*|rival\w*|match\w*|compar\w+|"
    r"over|against|with|beat\w*|to|from|up to) (?:[a-z-]+ ){0,3}$|(?<!\w)[a-z-]+ (?:models|LLMs) at $",
    re.IGNORECASE,
)


def shared_sizes(document: Document, places: list[tuple[int, int]], own: set[int]) -> dict[int, list[str]]:
    """Read sizes said apart from a name ("the 7B and 13B variants") of the one model the sentence or paper names.

    Parameters
    ----------
    places
        Where each model is named: pairs of a position and the model's number.
    own
        The numbers of the models the paper presents.
    """
    view = document.view
    found: dict[int, list[str]] = {}
    every = {number for _, number in places}
    for match in found_at(_SHARED_START, _SHARED, view, document.split, len(view)):
        stated = [size(m[1], m[2]) for m in _EACH.finditer(match[0])]
        if _HAVING.search(view, match.start() - 9, match.start()):
            together = _coordinated(view, places, match.start())
            if len(together) > 1:
                for number in together:
                    found.setdefault(number, []).extend(stated)
                continue
        if _NOT_OURS.search(view, max(0, match.start() - 48), match.start()):
            continue
        begin, stop = document.sentence(match.start())
        named = {number for at, number in places if begin <= at < stop} or own or (every if match[2] else own)
        if view[match.start() - 4 : match.start()].lower() == "our ":
            named = set(own) or every
        if len(named) == 1:
            found.setdefault(named.pop(), []).extend(stated)
    return found


_HAVING = re.compile(r" (?:with|at|in|of) (?:the )?$")
_AND = re.compile(r"[\w.-]+(?: [\w.-]+)?(?: and |, and |, )$")


def _coordinated(view: str, places: list[tuple[int, int]], end: int) -> set[int]:
    """Return the numbers of the models in the list that ends there: "A and B with 8B and 38B sizes"."""
    found: set[int] = set()
    for at, number in sorted(places, reverse=True):
        if at < end and (_AND if found else _ONE).fullmatch(view, at, end):
            found.add(number)
            end = at
    return found


_ONE = re.compile(r"[\w.-]+(?: [\w.-]+)? (?:with|at|in|of) (?:the )?")


def sizes_around(view: str, start: int, end: int) -> list[str]:
    """Read the parameter sizes stated right before or after a model name: ``540B PaLM``, ``PaLI-X (55B)``."""
    found: list[str] = []
    before = _BEFORE.search(view, max(0, start - 40), start)
    if before:
        found.append(size(before[1] or before[3], before[2] or before[4]))
    if (told := _IS_A.match(view, end)) is not None:
        found.append(size(told[1], told[2] or told[3]))
    after = _AFTER.match(view, end)
    if after:
        found.append(size(after[1], after[2] or after[3]))
        at = _more_sizes(view, after.end(), found)
        while more := _MORE_WORDED.match(view, at):
            found.append(size(more[1], more[2]))
            at = more.end()
    else:
        _more_sizes(view, end, found)
    return found
