"""What may read texts in the place of the rules, and how a graph remembers by what it was read.

A graph that a model has read is read by it until told otherwise: mixed readings would be no function of the papers.
A build says so anew each time, for it may cost. What only touches a few papers again (taking a source away,
correcting a node) goes by the answers that are remembered.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Protocol

import orjson

from ...graph.errors import InputError
from ...graph.local import LocalStore
from ...graph.records import Coinage, Extraction
from ..extract import Lexicon

RULES: Literal["rules"] = "rules"


class Reader(Protocol):
    """Reads the texts of papers, for as many threads at once as ask it.

    Attributes
    ----------
    name
        With its version: another name reads every paper anew.
    complete
        Whether it has read all it was asked to; what it has not will be read again by the next build.
    recipe
        What :meth:`LLMExtractor.remembering` needs to give the same answers again without asking anybody.
    """

    @property
    def name(self) -> str: ...
    @property
    def complete(self) -> bool: ...
    @property
    def recipe(self) -> dict[str, Any]: ...

    def learn(self, lexicon: Lexicon) -> None:
        """Take over what the graph knows beforehand, before the first paper."""

    def extract(self, title: str, abstract: str, names: tuple[Coinage, ...] = ()) -> Extraction:
        """Read one paper, as :meth:`Extractor.extract <citegraph.loaders.extract.Extractor.extract>` does."""
        ...

    def cancel(self) -> None:
        """Come to an end with the papers that are being read."""


def chosen(store: LocalStore, asked: Reader | Literal["rules"] | None) -> Reader | None:
    """Return by what a build reads, None for the rules, and have the graph remember it.

    Raises
    ------
    InputError
        The graph was read by a model, and the build does not say by what to go on.
    """
    kept = store.file.setting("reader")
    if asked is None and kept is not None:
        model = orjson.loads(kept)["model"]
        raise InputError(
            f"{store.uri} was read by the language model {model}; say --extractor llm to go on with one, "
            "or --extractor rules to have every paper read by the rules."
        )
    reader = None if asked is None or asked == RULES else asked
    store.file.keep("reader", None if reader is None else orjson.dumps(reader.recipe).decode())
    return reader


def remembered(store: LocalStore) -> Reader | None:
    """Return what gives again what the graph was read with, as far as the answers are kept; None for the rules."""
    kept = store.file.setting("reader")
    if kept is None:
        return None
    from .extractor import LLMExtractor

    recipe = orjson.loads(kept)
    cache = recipe.get("cache")
    return LLMExtractor.remembering(recipe["model"], cache if cache and Path(cache).is_file() else None)
