"""What stands before the body of a LaTeX paper: title, authors, abstract, keywords, in the classes in use."""

from __future__ import annotations

import re

from ...reading.latex_text import plain
from .body import without_cites
from .macros import argument, arguments_of

_TITLE = re.compile(r"\\(?:icml|aistats|papers?)?title(?![A-Za-z])\s*\*?\s*(?:\[[^\]\n]{0,400}\]\s*)?(?=\{)")
_ASIDE = re.compile(
    r"\\(?:thanks|Thanks|footnote|footnotetext|footnotemark|titlenote|authornote|inst|orcid(?:ID|link)?|corref|fnref"
    r"|tnoteref|ead|email|affil|samethanks|label|vspace|hspace|textsuperscript|cortext|tnote|fnmsep|Letter|Envelope"
    r"|IEEEauthorrefmark|url|href)(?![A-Za-z])\*?\s*(?:\[[^\]\n]{0,100}\]\s*)?"
)
_ABSTRACT = re.compile(r"\\begin\s*\{(abstract|onecolabstract|sciabstract)\}")
_ABSTRACT_COMMAND = re.compile(r"\\(?:abstract|Abstract|abst|IEEEtitleabstractindextext)\s*(?=\{)")
_KEYWORDS = re.compile(r"\\(?:keywords?|icmlkeywords|kwd)\s*(?=\{)|\\begin\s*\{(keywords?|IEEEkeywords)\}")
_AUTHOR = re.compile(
    r"\\(?:author|icmlauthor|Author|name|fnm)(?![A-Za-z])\*?\s*(?:\[[^\]\n]{0,200}\]\s*)?(?=\{)"
)
_PERSON = re.compile(r"\\(fnm|sur|spfx)\s*(?=\{)")
_BETWEEN = re.compile(
    r"\\(?:and|And|AND|q?quad|hfill|hskip|enspace|enskip|newauthor|authorsep|sep|qqquad)(?![A-Za-z])"
    r"|\\\\(?:\s*\[[^\]]{0,30}\])?|\s{2,}|[,;&·•|]|\n|(?<![A-Za-z])and(?![A-Za-z])|\\[ ,;:!]|\t",
)
_MATH = re.compile(r"\$[^$]{0,200}\$|\\\(.{0,200}?\\\)|\^\{[^{}]{0,50}\}|\^.")
_GROUP_COMMAND = re.compile(
    r"\\(?:bf|it|rm|sf|tt|sc|small|large|Large|LARGE|normalsize|footnotesize|textbf|textit|textsc|textrm|mbox|bfseries"
    r"|normalfont|texttt|scriptsize|upshape|itshape|color\{[a-z]+\})(?![A-Za-z])"
)
_NAME_PART = (
    r"(?:[A-ZÀ-ÖØ-ÞĀ-Ž][\w.'’`-]*|d'[A-Z]\w+"
    r"|de|da|do|dos|del|della|der|den|van|von|di|la|le|el|al|bin|ibn|ter|ten|zu|y|i)"
)
_NAME = re.compile(rf"{_NAME_PART}(?: {_NAME_PART}){{1,5}}")
_PLACE = re.compile(
    r"universit|institut|college|school|depart|laborator|\blabs?\b|research|academy|center|centre|group|inc\b|corp|ltd"
    r"|company|google|microsoft|facebook|meta\b|deepmind|openai|amazon|nvidia|huawei|tencent|alibaba|baidu|\bai\b|team\b"
    r"|science|technolog|engineering|computer|faculty|hospital|foundation|street|road|avenue|\busa\b|\buk\b|china"
    r"|germany|france|canada|equal|contribut|correspond|author|intern|email|arxiv|preprint|under review|anonymous"
    r"|london|paris|york|berkeley|seattle|stanford|massachusetts|princeton|california|singapore|kong|tokyo|beijing|toronto"
    r"|montreal|cambridge|oxford|eth\b|epfl|zurich|mit\b|cmu\b|nlp\b|work",
    re.IGNORECASE,
)


def title_of(text: str) -> str:
    r"""Return the title, without what is printed beside it.

    Examples
    --------
    >>> title_of(r"\title[Short]{A {Big}\thanks{Funded.} \\ Title}")
    'A Big Title'
    """
    for _, given, _ in arguments_of(text, _TITLE):
        if title := plain(_without_asides(given)):
            return title
    return ""


def abstract_of(head: str, body: str) -> tuple[str, str]:
    """Return the abstract, and the body without what precedes its end."""
    for part in (body, head):
        if begin := _ABSTRACT.search(part):
            end = part.find(f"\\end{{{begin[1]}}}", begin.end())
            if end >= 0:
                rest = part[end:].partition("}")[2] if part is body else body
                return _prose(part[begin.end() : end]), rest
        for _, given, end in arguments_of(part, _ABSTRACT_COMMAND):
            if abstract := _prose(given):
                return abstract, part[end:] if part is body else body
    return "", body


def keywords_of(text: str) -> tuple[str, ...]:
    """Return the keywords that the authors give."""
    for found in _KEYWORDS.finditer(text):
        if found[1]:
            end = text.find(f"\\end{{{found[1]}}}", found.end())
            given = text[found.end() : end] if end >= 0 else ""
        else:
            given = (argument(text, found.end()) or ("", 0))[0]
        words = re.split(r"[;,·•]|\\and|\\sep|\\\\", given)
        if kept := [word for word in (plain(word).strip(" .") for word in words) if 1 < len(word) < 80]:
            return tuple(dict.fromkeys(kept))
    return ()


def _prose(text: str) -> str:
    return plain(without_cites(_without_asides(text)))


def _without_asides(text: str) -> str:
    """Leave out footnotes, affiliations and the like, with their arguments."""
    kept: list[str] = []
    at = 0
    while aside := _ASIDE.search(text, at):
        kept.append(text[at : aside.start()])
        given = argument(text, aside.end())
        at = given[1] if given and text[aside.end() : aside.end() + 1] == "{" else aside.end()
    return "".join([*kept, text[at:]])


# --- authors -----------------------------------------------------------------------------------------------


def authors_of(text: str) -> list[str]:
    r"""Return the authors' names: what among the lines of ``\author`` looks like a person and not like a place.

    Examples
    --------
    >>> authors_of(r"\author{Ada Lovelace$^1$\thanks{x} \and Alan M. Turing \\ University of X \\ \texttt{a@b.uk}}")
    ['Ada Lovelace', 'Alan M. Turing']
    """
    found: list[str] = []
    for _, given, _ in arguments_of(text, _AUTHOR):
        if parts := [(part[1], value) for part, value, _ in arguments_of(given, _PERSON)]:
            found.append(" ".join(plain(value) for _, value in parts))
            continue
        words = _MATH.sub(" ", _without_asides(given.replace("~", " ").replace("{}", "")))
        words = re.sub(r"\\(?:texttt|tt|email|href)\s*\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}", " ", words)
        for piece in _BETWEEN.split(_GROUP_COMMAND.sub("", words)):
            name = re.sub(r"[\d*†‡§¶∗]+$", "", plain(piece)).strip(" .*()†‡§¶,-")
            if _NAME.fullmatch(name) and not _PLACE.search(name):
                found.append(name)
    return list(dict.fromkeys(found))
