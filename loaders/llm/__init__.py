"""Extraction by a language model, behind the same interface as the rules, off unless asked for.

The model only points: every name, size, value and quotation is looked up in the stored text before it is believed,
and what is not there is dropped and counted. Needs the extra ``citegraph[llm]``; importing this package does not.
"""

from __future__ import annotations

from .client import Endpoint, EndpointError, NoAnswerError
from .extractor import LLMExtractor, Reading

__all__ = ["Endpoint", "EndpointError", "LLMExtractor", "NoAnswerError", "Reading"]
