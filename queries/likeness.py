"""Whether two names differ as a misspelling does or as two things do."""

from __future__ import annotations

import re

from .names import name_key, version_marks, words

_SMALL = "a an and by for from in of on the to toward towards using via with"
_SMALL_WORDS = frozenset(_SMALL.split())
_KINDS = "algorithm benchmark corpus dataset framework library method model network suite"
_KIND_WORDS = frozenset(word + plural for word in _KINDS.split() for plural in ("", "s"))
_SPELLING = 82.0  # two words this alike may be one word misspelt, or its plural
_SHORTEST = (
    8  # LoRA, DoRA and QLoRA are three things: in a shorter name one letter is a difference of meaning
)


def same_marks(one: str, two: str) -> bool:
    """Tell whether two names carry the same version numbers: GPT-4 and GPT-4o do not, nor MMLU and MMLU+."""
    return version_marks(one) == version_marks(two) and _pluses(one) == _pluses(two)


def _pluses(name: str) -> int:
    return len(name) - len(name.rstrip("+"))


def core(name: str) -> list[str]:
    """Return the words of a name without those that only say its kind: ``the GSM8K dataset``."""
    kept = words(name)
    if len(kept) > 1 and kept[0] in ("a", "an", "the"):
        kept = kept[1:]
    while len(kept) > 1 and kept[-1] in _KIND_WORDS:
        kept = kept[:-1]
    return kept


def unmatched(one: list[str], two: list[str]) -> tuple[list[str], list[str]]:
    """Return the words of each list that the other lacks, misspellings and plurals of each other forgiven."""
    from rapidfuzz import fuzz

    left, right = list(one), list(two)
    for word in one:
        if word in right:
            left.remove(word)
            right.remove(word)
    for word in list(left):
        near = [
            other
            for other in right
            if min(len(word), len(other)) > 3 and fuzz.ratio(word, other) >= _SPELLING
        ]
        if near:
            left.remove(word)
            right.remove(max(near, key=lambda other: fuzz.ratio(word, other)))
    if "".join(left) == "".join(right):  # written together and apart
        return [], []
    return left, right


def differing_words(one: str, two: str) -> tuple[list[str], list[str]]:
    """Return the words that carry meaning and that only one of two titles has."""
    left, right = unmatched(words(one), words(two))
    return [w for w in left if w not in _SMALL_WORDS], [w for w in right if w not in _SMALL_WORDS]


def spelled_alike(one: str, two: str) -> bool:
    """Tell whether two names may be one name spelled in two ways.

    A word more is a variant (Stable Diffusion and Stable Diffusion XL), short names are never alike, and who makes a
    name out of another changes its beginning or its capitals.

    Examples
    --------
    >>> spelled_alike("FlashAttention", "FlashAttenion"), spelled_alike("QLoRA", "LoRA")
    (True, False)
    >>> spelled_alike("RewardBench", "VLRewardBench"), spelled_alike("machine learning", "machine unlearning")
    (False, False)
    >>> spelled_alike("Stable Diffusion", "Stable Diffusion XL"), spelled_alike("WikiText-2", "WikiText-103")
    (False, False)
    """
    if not same_marks(one, two):
        return False
    left, right = sorted((core(one), core(two)))
    if min(len("".join(left)), len("".join(right))) < _SHORTEST:
        return left == right
    return unmatched(left, right) == ([], []) and not _renamed(*sorted((one, two)))


def slips(one: str, two: str) -> int:
    """Count the slips of a pen between two names: letters left out, put in, exchanged or swapped with the next."""
    from rapidfuzz.distance import DamerauLevenshtein

    return DamerauLevenshtein.distance(name_key(one), name_key(two))


def _renamed(one: str, two: str) -> bool:
    """Tell whether two names differ at the beginning of a word or in a capital, as misspellings rarely do."""
    from rapidfuzz.distance import Levenshtein

    folded = [name.lower() if len(name.lower()) == len(name) else name for name in (one, two)]
    shouted = one.isupper() and two.isupper()
    for step in Levenshtein.editops(*folded):
        places = [(one, step.src_pos)] if step.tag != "insert" else []
        places += [(two, step.dest_pos)] if step.tag != "delete" else []
        letters = [(name, at) for name, at in places if name[at].isalnum()]
        if len(letters) == len(places) and any(
            not name[at - 1 : at].isalnum() or (name[at].isupper() and not shouted) for name, at in letters
        ):
            return True
    return False


def abbreviates(short: str, long: str) -> bool:
    """Tell whether a name is made of the beginnings of all the words of another, in order.

    Examples
    --------
    >>> abbreviates("LoRA", "Low-Rank Adaptation"), abbreviates("DPO", "Direct Preference Optimization")
    (True, True)
    >>> abbreviates("DPO", "Direct Optimization")
    False
    """
    letters, parts = name_key(short), words(long)
    if len(words(short)) != 1 or len(parts) < 2 or not 2 < len(letters) <= 12 or not same_marks(short, long):
        return False
    reached = {0}
    for part in parts:
        reached = {
            at + taken
            for at in reached
            for taken in range(1, min(len(part), len(letters) - at) + 1)
            if letters[at : at + taken] == part[:taken]
        }
    return len(letters) in reached


def initials(name: str) -> str:
    """Return the first letters of all words."""
    return "".join(word[0] for word in words(name))


def capitals(name: str) -> str:
    """Return the capitals of a short name in lower case: what its long form's initials should be."""
    return "".join(re.findall(r"[A-Z]", name)).lower()


def title_parts(title: str) -> list[str]:
    """Return a title's short name and subtitle, where a colon or dash parts them.

    Examples
    --------
    >>> title_parts("QLoRA: Efficient Finetuning of Quantized LLMs")
    ['QLoRA', 'Efficient Finetuning of Quantized LLMs']
    """
    parts = re.split(r":\s+|\s+[-–—]\s+|\s*—\s*", title, maxsplit=1)
    return [part.strip() for part in parts] if len(parts) == 2 and all(parts) else []
