"""Which pairs of nodes may be one by what they are called: a score and the reason for each.

Candidates come from blocks of nodes that share rare words or letter triples (:mod:`.blocking`), so that time grows
about linearly with the graph.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from ..graph.records import Node
from .blocking import alike, blocks, rare_pairs, rare_parts, triples
from .likeness import (
    abbreviates,
    capitals,
    core,
    differing_words,
    initials,
    same_marks,
    slips,
    spelled_alike,
    title_parts,
)
from .names import name_key, words

Kind = Literal["same", "spelled", "letters", "initials"]


class Guess(NamedTuple):
    """A score from 0 to 100, the reason for it in words, and what kind of reason that is."""

    score: float
    reason: str
    kind: Kind = "same"


Guesses = dict[tuple[int, int], Guess]
"""The best guess for each pair of nodes, by their places in the list."""

SAME, ALSO_CALLED, SAME_CORE, SAME_CLASS, SPELLED, TITLE_PART, SAME_WORDS, INITIALS, LETTERS_FIT, SHARED_SHORT = (
    99.0, 96.0, 95.0, 80.0, 97.0, 85.0, 97.0, 90.0, 74.0, 72.0,
)  # fmt: skip
"""What each reason is worth by itself; likeness of spelling counts as it is, up to ``SPELLED``."""

SHORT_AS = {3: 84.0, 4: 88.0}
"""What it is worth that a thing is abbreviated as another is called, by the letters of the abbreviation."""

LOOKED_FOR = 70
"""The least likeness of spelling worth looking for."""


def _keep_best(guesses: Guesses, i: int, j: int, score: float, reason: str, kind: Kind = "same") -> None:
    if i == j:
        return
    pair = (i, j) if i < j else (j, i)
    if pair not in guesses or guesses[pair].score < score:
        guesses[pair] = Guess(score, reason, kind)


# --- papers ------------------------------------------------------------------------------------------------


def paper_guesses(nodes: Sequence[Node], threshold: int) -> Guesses:
    """Find titles that are alike, and titles that are the short name or the subtitle of another."""
    guesses: Guesses = {}
    titles = [node.name for node in nodes]
    split = [words(title) for title in titles]
    joined = [" ".join(parts) for parts in split]
    keys = rare_pairs(split)
    for own, text in zip(keys, joined, strict=True):
        own.append(f"={text}")
        own.append(f"^{text.replace(' ', '')[:16]}")
    for text_of in (joined, [" ".join(sorted(parts)) for parts in split]):
        for (i, j), likeness in alike(blocks(keys, joined), text_of, max(LOOKED_FOR, threshold)).items():
            if same_marks(titles[i], titles[j]):
                _keep_best(guesses, i, j, *_title_guess(titles[i], titles[j], likeness))
    _subtitle_guesses(titles, guesses)
    return guesses


def _title_guess(one: str, two: str, likeness: float) -> Guess:
    if name_key(one) == name_key(two):
        return Guess(100.0, "the titles are the same")
    left, right = differing_words(one, two)
    if not left and not right:
        return Guess(likeness, f"the titles are {likeness:.0f}% alike", "spelled")
    apart = " / ".join(" ".join(side) or "–" for side in (left, right))
    reason = f"the titles are {likeness:.0f}% alike but for {apart}"
    return Guess(likeness - 8 * max(len(left), len(right)), reason, "spelled")


def _subtitle_guesses(titles: list[str], guesses: Guesses) -> None:
    """Find titles that are the short name or the subtitle of another: ``QLoRA`` as references have it."""
    whole: dict[str, list[int]] = {}
    for index, title in enumerate(titles):
        whole.setdefault(name_key(title), []).append(index)
    for index, title in enumerate(titles):
        for part in title_parts(title):
            score = 92.0 if len(words(part)) >= 4 else TITLE_PART
            for other in whole.get(name_key(part), [])[:20] if name_key(part) else ():
                reason = "one title is part of the other, parted by a colon or dash"
                _keep_best(guesses, index, other, score, reason)


# --- everything with a name --------------------------------------------------------------------------------


class _Forms:
    """All written forms of all nodes: ``texts[place]`` belongs to the node ``owner[place]``."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.nodes = nodes
        self.owner: list[int] = []
        self.texts: list[str] = []
        self.of: list[list[str]] = []
        for index, node in enumerate(nodes):
            own = [
                form
                for form in dict.fromkeys((node.name, *(node.properties.get("aliases") or ())))
                if name_key(form)
            ]
            self.of.append(own)
            self.owner += [index] * len(own)
            self.texts += own

    def is_name(self, place: int) -> bool:
        """Whether a form is what its node is called."""
        return self.nodes[self.owner[place]].name == self.texts[place]


def name_guesses(nodes: Sequence[Node], label: str, threshold: int) -> Guesses:
    """Find names that are the same but for punctuation, misspelt, or short for one another."""
    guesses: Guesses = {}
    forms = _Forms(nodes)
    _same_form_guesses(forms, guesses)
    keys = ["".join(core(form)) for form in forms.texts]
    candidates = blocks(rare_parts([triples(key) for key in keys]), keys)
    owner, texts = forms.owner, forms.texts
    for (i, j), likeness in alike(candidates, keys, max(LOOKED_FOR, threshold)).items():
        if owner[i] != owner[j] and keys[i] != keys[j] and spelled_alike(texts[i], texts[j]):
            reason = f"{texts[i]!r} and {texts[j]!r} are spelled {likeness:.0f}% alike"
            score = min(likeness, SPELLED)
            if slips(texts[i], texts[j]) > 1 + len(keys[i]) // 15:
                score, reason = score - 10, f"{reason}, with more than a slip between them"
            _keep_best(guesses, owner[i], owner[j], score, reason, "spelled")
    if label == "Author":
        _author_guesses(nodes, guesses)
    else:
        _abbreviation_guesses(forms, guesses)
    return {(i, j): guess for (i, j), guess in guesses.items() if not _known_apart(nodes[i], nodes[j])}


def _same_form_guesses(forms: _Forms, guesses: Guesses) -> None:
    """Find forms that are the same but for punctuation, or but for words such as ``dataset``."""
    for key_of, score in ((name_key, SAME), (lambda form: " ".join(core(form)), SAME_CORE)):
        sharing: dict[str, list[int]] = {}
        for place, form in enumerate(forms.texts):
            sharing.setdefault(key_of(form), []).append(place)
        for places in sharing.values():
            # The first stands for all: what else shares a form of many nodes is as little one thing as they are.
            first, *others = sorted(places, key=lambda place: not forms.is_name(place))
            for place in others:
                if forms.owner[first] != forms.owner[place] and same_marks(
                    forms.texts[first], forms.texts[place]
                ):
                    _same_form_guess(forms, places, first, place, score, guesses)


def _same_form_guess(
    forms: _Forms, places: Sequence[int], one: int, two: int, score: float, guesses: Guesses
) -> None:
    owner, form = forms.owner, forms.texts[two]
    if score == SAME_CORE:
        if name_key(form) == name_key(forms.texts[one]):
            return
        reason = "the same but for words that say what kind of thing it is"
        if forms.nodes[owner[one]].label == "Method" and len(core(form)) == 1:
            # A world model is more than a world.
            score, reason = (
                SAME_CLASS,
                "the same but for a word that may say more than what kind of thing it is",
            )
    elif forms.is_name(two):
        # Yi-Fan Zhang and Yifan Zhang are two people more often than a method has two spellings.
        score = SAME_WORDS if forms.nodes[owner[one]].label == "Author" else SAME
        reason = "the same but for case, accents and punctuation"
    elif not _is_short(form):
        named = forms.is_name(one)
        score = ALSO_CALLED
        reason = (
            f"one is also called {form!r}, as the other is" if named else f"both are also called {form!r}"
        )
    else:
        long = {
            owner[place] for place in places if any(abbreviates(form, own) for own in forms.of[owner[place]])
        }
        score, reason = SHARED_SHORT, f"both are abbreviated {form!r}"
        if forms.is_name(one) and len(long) < 2 and form == forms.texts[one]:
            score = SHORT_AS.get(len(form), max(SHORT_AS.values()) if len(form) > 3 else SHARED_SHORT)
            reason = f"one is abbreviated {form!r}, as the other is called"
    _keep_best(guesses, owner[one], owner[two], score, reason)


def _is_short(form: str) -> bool:
    """Tell whether a form is an abbreviation by its looks: one short word, mostly capitals."""
    letters = [char for char in form if char.isalpha()]
    return len(form) <= 8 and " " not in form and sum(char.isupper() for char in letters) * 2 > len(letters)


def _abbreviation_guesses(forms: _Forms, guesses: Guesses) -> None:
    """Find short names whose long form stands on another node; those that have one of their own are passed over."""
    by_initials: dict[str, list[int]] = {}
    owner, texts = forms.owner, forms.texts
    for place, form in enumerate(texts):
        if len(words(form)) > 1:
            by_initials.setdefault(initials(form), []).append(place)
    for place, form in enumerate(texts):
        if len(words(form)) != 1 or any(abbreviates(form, own) for own in forms.of[owner[place]]):
            continue
        long = [
            other
            for other in by_initials.get(capitals(form) or name_key(form), [])[:20]
            if abbreviates(form, texts[other])
        ]
        unique = len({owner[other] for other in long}) == 1
        for other in long:
            reason = f"{form!r} abbreviates {texts[other]!r} by its letters" + (
                "" if unique else ", and others"
            )
            _keep_best(
                guesses,
                owner[place],
                owner[other],
                LETTERS_FIT if unique else SHARED_SHORT,
                reason,
                "letters",
            )


def _known_apart(a: Node, b: Node) -> bool:
    """Tell whether the graph itself says that two models differ: in version, variant or family."""
    if a.label != "Model":
        return False
    for key in ("family", "version", "variant"):
        one, two = (name_key(str(node.properties.get(key) or "")) for node in (a, b))
        if one != two and (key != "family" or (one and two)):
            return True
    return not same_marks(a.name, b.name)


# --- authors -----------------------------------------------------------------------------------------------


def _author_guesses(nodes: Sequence[Node], guesses: Guesses) -> None:
    """Find names in another order (``Vaswani, Ashish``) and with initials (``A. Vaswani``)."""
    ordered = [given_last(node.name) for node in nodes]
    by_words: dict[str, int] = {}
    for index, parts in enumerate(ordered):
        other = by_words.setdefault(" ".join(sorted(parts)), index)
        if other == index:
            continue
        if ordered[other] != parts:
            _keep_best(guesses, other, index, SAME_WORDS, "the same words in another order")
        elif ("," in nodes[other].name) != ("," in nodes[index].name):
            _keep_best(guesses, other, index, 100.0, "the same words, once with the family name first")
    keys = [[f"{parts[-1]} {parts[0][0]}"] if len(parts) > 1 else [] for parts in ordered]
    for members in blocks(keys, [" ".join(parts) for parts in ordered]):
        for i in members:
            if _has_initial(ordered[i]):
                for j in members:
                    if i != j and _initials_fit(ordered[i], ordered[j]):
                        reason = "one has initials where the other has given names"
                        _keep_best(guesses, i, j, INITIALS, reason, "initials")


def given_last(name: str) -> list[str]:
    """Return the words of a person's name, the given names first."""
    last, comma, given = name.partition(",")
    return words(f"{given} {last}" if comma else name)


def only_initials(name: str) -> bool:
    """Tell whether nothing but initials is known of a person's given names."""
    given = given_last(name)[:-1]
    return bool(given) and all(len(part) == 1 for part in given)


def _has_initial(parts: list[str]) -> bool:
    return any(len(part) == 1 for part in parts[:-1])


def _initials_fit(one: list[str], two: list[str]) -> bool:
    given_one, given_two = one[:-1], two[:-1]
    if one[-1] != two[-1] or one == two:
        return False
    pairs = zip(given_one, given_two, strict=False)
    return all(a == b or (min(len(a), len(b)) == 1 and a[0] == b[0]) for a, b in pairs)
