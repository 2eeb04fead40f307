"""What people type for a node: identifiers in any form, and names compared without case or punctuation."""

from __future__ import annotations

import re

from ..graph.identity import arxiv_id, doi, openalex_id, s2_id, slug

_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}
_COUNTED = dict(
    zip(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
        map(str, range(1, 11)),
        strict=True,
    )
)


def name_key(name: str) -> str:
    """Fold a name for comparison: no case, accents, LaTeX, spaces or punctuation; decimal points stay.

    Examples
    --------
    >>> name_key("LLaMA-2") == name_key("Llama 2"), name_key("M$^3$ViT"), name_key("GLM-4.1")
    (True, 'm3vit', 'glm4.1')
    >>> name_key("QuIP#") == name_key("QuIP")
    False
    """
    return "".join(words(name))


def words(name: str) -> list[str]:
    """Fold a name as :func:`name_key` does, word by word."""
    folded = slug(name.replace("#", "sharp"))
    return folded.split("-") if folded else []


def version_marks(name: str) -> tuple[str, ...]:
    """List all that numbers things in a name, in order: ``4`` is not ``4o``, ``II`` is ``2``.

    Two names whose marks differ are two things, however alike their letters are.

    Examples
    --------
    >>> version_marks("GPT-4"), version_marks("GPT-4o"), version_marks("Part II of Qwen2.5")
    (('4',), ('4o',), ('2', '2.5'))
    """
    marks: list[str] = []
    for word in words(name):
        if word in _COUNTED:
            marks.append(_COUNTED[word])
        elif word in _ROMAN and len(word) > 1:
            marks.append(_ROMAN[word])
        else:
            marks += re.findall(r"\d[\d.]*[a-z]*", word)
    tail = words(name)[-1:]
    if tail and tail[0] in ("i", "v", "x"):
        marks.append(_ROMAN[tail[0]])
    return tuple(marks)


def identifiers(text: str) -> dict[str, str]:
    """Read an arXiv id, DOI, OpenAlex id or Semantic Scholar id in any of its forms.

    Returns
    -------
    dict
        Property of the Paper to its value in normal form; empty where the text is no identifier.

    Examples
    --------
    >>> identifiers("https://arxiv.org/pdf/2305.14314v2.pdf")
    {'arxiv_id': '2305.14314'}
    >>> identifiers("https://doi.org/10.1145/ABC")
    {'doi': '10.1145/abc'}
    """
    text = text.strip()
    if found := arxiv_id(text):
        return {"arxiv_id": found}
    if found := doi(text):
        return {"doi": found}
    if found := openalex_id(text):
        return {"openalex_id": found}
    if not text.isdigit() and (found := s2_id(text)):  # a bare number is rather a name than a CorpusId
        return {"s2_id": found}
    return {}


def address_key(text: str) -> str:
    """Fold an http address: no scheme, ``www.``, fragment or closing slash; empty for other text."""
    found = re.fullmatch(r"https?://(?:www\.)?([^#\s]+?)(?:\.git)?/?(?:#\S*)?", text.strip(), re.IGNORECASE)
    if not found:
        return ""
    host, slash, path = found[1].partition("/")
    return host.lower() + slash + path
