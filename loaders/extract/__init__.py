"""Entities, relations and results from the title and abstract of a paper, each with the words that say so.

>>> from citegraph.loaders.extract import Extractor
>>> found = Extractor().extract("TinyLoom: Weaving Small Models", "We propose TinyLoom, a framework for pruning.")
>>> [(mention.name, mention.relation) for mention in found.mentions][0]
('TinyLoom', 'PROPOSES')
"""

from __future__ import annotations

from ...graph.records import Extraction
from .engine import VERSION, Extractor
from .known.lexicon import Lexicon

__all__ = ["VERSION", "Extraction", "Extractor", "Lexicon"]
