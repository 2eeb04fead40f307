"""The services there are, by the names ``--from`` takes; each is imported when it is asked for."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

from ....graph.errors import InputError
from ....suggest import did_you_mean
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
