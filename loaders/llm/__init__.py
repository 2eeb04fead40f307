"""Extraction by a language model, behind the same interface as the rules, off unless asked for.

The model only points: every name, size, value and quotation is looked up in the stored text before it is believed,
and what is not there is dropped and counted. Needs the extra ``citegraph[llm]``; importing this package does not.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .client import Endpoint, EndpointError, NoAnswerError
    from .extractor import LLMExtractor, Reading

__all__ = ["Endpoint", "EndpointError", "LLMExtractor", "NoAnswerError", "Reading"]

_HOMES = {"LLMExtractor": ".extractor", "Reading": ".extractor"}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is: a build by the rules has no use for it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, ".client"), __name__), name)
