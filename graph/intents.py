"""What a work is cited for, as far as the sentences that cite it say so in words that leave little doubt.

The terms are names of properties of CiTO, the Citation Typing Ontology (Peroni and Shotton 2012):

``extends``
    It is built on, modified, generalised.
``usesDataFrom``
    Its data are used: trained, tested or evaluated on.
``discusses``
    It is compared with. CiTO has no property for comparison; this is the one for taking up what a work states.
``usesMethodIn``
    A method, model, loss, architecture or code of the cited work is used.
``obtainsBackgroundFrom``
    It is named as what was done before, or for more detail.

A sentence that fits none of the rules says nothing. They are asked in this order, the more telling first: a data set
that is used is no method that is used, and what is extended is more than used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

RULES = "intents@1"
"""The rules and their version, as edges name them."""

_LONGEST = 1000  # characters of a sentence that are read

_WORDS = {
    "we": r"(?:we|our|ours|this (?:paper|work|study)|here)",
    "far": r"[^.;]{0,100}?",
    "uses": r"(?:us|employ|adopt|utili[sz]|choos|tak|sampl|collect)(?:e|es|ed|ing|s)?|chose|took",
    "tried": (
        r"(?:pre-?)?train(?:ed|ing|s)?|fine-?tun(?:e|ed|es|ing)|test(?:ed|ing|s)?|evaluat(?:e|ed|es|ing|ions?)|"
        r"experiments?|benchmark(?:ed)?|validat(?:e|ed|ion)|performance|results?|conduct(?:ed)?|measured"
    ),
    "data": (
        r"(?:(?:training|test|validation) )?data(?: ?sets?|-sets?)?(?! augmentation| parallel| structure| loader)|"
        r"corp(?:us|ora)|benchmarks?|test ?-?sets?|training sets?|test suites?|leaderboards?|treebanks?|splits?|"
        r"imagenet|coco|cifar(?:-?\d+)?|mnist|squad|glue|cityscapes|kitti|pascal voc|wikitext(?:-?\d+)?|librispeech|"
        r"mmlu|gsm8k"
    ),
    "done": (
        r"trained|optimi[sz]ed|initiali[sz]ed|implemented|computed|measured|normali[sz]ed|updated|regulari[sz]ed|"
        r"tokeni[sz]ed|packed|selected|generated|parsed|extracted|encoded|decoded|pre-?processed|augmented|tuned"
    ),
    "tool": (
        r"optimi[sz]er|optimi[sz]ation|implementation|toolbox|toolkit|library|code(?:base)?|framework|schedule|backbone|"
        r"algorithm|script|method|model|architecture|encoder|decoder|tokeni[sz]er|loss|technique|procedure|recipe"
    ),
    "said": (
        r"introduc|propos|show|demonstrat|argu|present|report|observ|stud|investigat|explor|suggest|develop|describ|"
        r"address|focus"
    ),
    "earlier": r"recent(?:ly)?|prior|previous|early|earlier|existing|past|related|traditional|conventional|classical",
    "works": (
        r"works?|stud(?:y|ies)|research|approach(?:es)?|methods?|models?|advances?|progress|years?|efforts?|"
        r"literature|techniques?|authors?|papers?|systems?"
    ),
}


def _rule(*patterns: str) -> re.Pattern[str]:
    """Return what finds any of the patterns, in which ``<name>`` stands for the words of that name."""
    whole = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(re.sub(r"<(\w+)>", lambda name: f"(?:{_WORDS[name[1]]})", whole), re.IGNORECASE)


_RULES: dict[str, re.Pattern[str]] = {
    "extends": _rule(
        r"\b<we>\b<far>\b(?:extend|build|buil[dt]s?|generali[sz]e|modif(?:y|ies|ied)|adapt|enhance|augment)s?(?:ed)?\b"
        r"(?! data\b)(?! sets?\b)",
        r"\b<we>\b<far>\bimproves?d? (?:up)?on\b",
        r"\b<we>\b<far>\b(?:is|are) (?:built|based) (?:up)?on\b(?!<far>\b(?:library|toolbox|code|implementation))",
        r"\b(?:is|are|was) (?:an?|the) (?:extension|generali[sz]ation|variant|modification|improvement) of\b",
        r"\ban? (?:extended|modified|improved) version of\b",
        r"\b(?:extends|extending|builds (?:up)?on|building (?:up)?on|inspired by|motivated by)\b",
    ),
    "usesDataFrom": _rule(
        r"\b(?:<tried>)\b<far>\b(?:on|with|over|using|from)\b<far>\b(?:<data>)\b",
        r"\b<we>\b<far>\b(?:<uses>)\b<far>\b(?:<data>)\b",
        r"\b(?:<data>)\b<far>\b(?:is|are|was|were) (?:used|employed|adopted|taken|obtained|collected|drawn)\b",
        r"\b(?:training|test|validation) (?:data|set|images)\b<far>\b(?:from|consists? of|compris)",
    ),
    "discusses": _rule(
        r"\b(?:compar(?:e|ed|es|ing|isons?|able)|in contrast (?:to|with)|contrary to|outperform(?:s|ed|ing)?|"
        r"surpass(?:es|ed|ing)?|(?:superior|inferior) to|unlike|differs? from|different from|as opposed to|"
        r"baselines?|on par with|competitive with|consistent with|in line with|versus)\b",
        r"\b(?:better|worse|faster|slower|higher|lower|larger|smaller|cheaper) than\b",
        r"\b(?:more|less|fewer) \w+(?: \w+)? than\b",
        r"\bsimilar to (?:the )?(?:results?|findings?|performance)\b",
    ),
    "usesMethodIn": _rule(
        r"\b<we>\b<far>\b(?:(?:<uses>)|appl(?:y|ies|ied)|follow(?:s|ed)?|leverag(?:e|es|ed)|implement(?:s|ed)?|"
        r"optimi[sz]ed?|train(?:ed)?|fine-?tuned?|initiali[sz]ed?|replaced?|compute[sd]?|parameteri[sz]ed?)\b",
        r"\b(?:is|are|was|were) (?:<done>)\b<far>\b(?:with|using|by|in|via|following|from|as in)\b",
        r"^following\b",
        r"\bas (?:proposed|described|introduced|suggested|done) (?:in|by)\b",
        r"\bthe same \w+(?: \w+){0,3} as\b",
        r"\buses? (?:the|an?) [^.;]{0,60}\b(?:<tool>)\b",
        r"\b(?:by )?using the (?:\w+ ){0,3}(?:<tool>)\b",
        r"\b(?:<tool>) (?:is|are|was|were) (?:taken|used|adopted|borrowed|based on)\b",
    ),
    "obtainsBackgroundFrom": _rule(
        r"\b(?:have|has) (?:been|shown|achieved|made|led|become|attracted|demonstrated|received|seen|also)\b",
        r"\b(?:have|has) (?:<said>)(?:i?ed|d|n)?\b",
        r"\b(?:<earlier>)\b(?: \w+){0,3} (?:<works>)\b",
        r"\b(?:several|many|some|other) (?:<works>)\b",
        r"\bfor (?:an?|more|further) (?:\w+ )?(?:review|survey|overview|introduction|details?|discussion)\b",
        r"\bwe refer (?:the )?(?:interested )?(?:readers?|to)\b|\bsee (?:also )?(?:\[|\(|e\.g)",
        r"\b(?:is|are|was|were) (?:\w+ly |first )?(?:<said>)(?:i?ed|n)\b",
        r"\b(?:is|are) (?:widely|commonly|often) used\b",
        r"(?:et al\.?|[\])])[^.;]{0,20}? (?:<said>)(?:e|es|s|i?ed|ies|y)?\b",
        r"\b(?:large|vast|great|growing) (?:body|number|amount) of\b",
    ),
}
TERMS = tuple(_RULES)
"""What can be told, the more telling first."""

_NOT = re.compile(
    r"\b(?:(?:do|does|did|is|are|was|can|could) ?n[o']t|cannot|without|instead of|rather than|future work|"
    r"(?:could|can|may|might) be)\b",
    re.IGNORECASE,
)
"""What makes a rule's words say something else: no method is used in ``we do not use``."""


def intents(contexts: Iterable[str]) -> tuple[str, ...]:
    """Return what a work is cited for, told by the sentences that cite it, the most telling first.

    Examples
    --------
    >>> intents(["We use the Adam optimizer [12] with a batch size of 64."])
    ('usesMethodIn',)
    >>> intents(["See Figure 2."])
    ()
    """
    found = {term for context in contexts if (term := intent(context)) is not None}
    if len(found) > 1:
        found.discard("obtainsBackgroundFrom")  # says nothing that the others do not
    return tuple(term for term in TERMS if term in found)


def intent(context: str) -> str | None:
    """Return what one sentence cites a work for; None where it does not say so.

    Examples
    --------
    >>> intent("Our method outperforms GPTQ [8] at three bits.")
    'discusses'
    """
    text = context[:_LONGEST]
    for term, rule in _RULES.items():
        found = rule.search(text)
        if found is not None and (term == "obtainsBackgroundFrom" or not _NOT.search(found[0])):
            return term
    return None
