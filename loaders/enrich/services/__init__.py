"""The services there are, by the names ``--from`` takes; each is imported when it is asked for."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module

from ....graph.errors import InputError
from ...refusal import printable
from ..wanted import Service

_MODULES = {
    "openalex": ("openalex", "OpenAlex"),
    "semantic-scholar": ("semantic_scholar", "SemanticScholar"),
    "crossref": ("crossref", "Crossref"),
    "arxiv": ("arxiv", "Arxiv"),
    "huggingface": ("huggingface", "HuggingFace"),
    "datacite": ("datacite", "DataCite"),
    "opencitations": ("opencitations", "OpenCitations"),
    "dblp": ("dblp", "Dblp"),
}

NAMES = tuple(_MODULES)
"""Names of all services."""


def service(name: str, base: str | None = None) -> Service:
    """Return a service by its name.

    Parameters
    ----------
    base
        Another address than its own, as a mirror or a test has.

    Raises
    ------
    InputError
        There is none of that name.
    """
    if name not in _MODULES:
        close = get_close_matches(name.lower().replace("_", "-"), NAMES, n=1, cutoff=0.5)
        there_are = f"did you mean {close[0]}? There are" if close else "there are"
        raise InputError(f"There is no service {printable(name)!r}; {there_are}: {', '.join(NAMES)}.")
    module, kind = _MODULES[name]
    made: Service = getattr(import_module(f".{module}", __name__), kind)(base)
    return made
