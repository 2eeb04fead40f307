"""Loaders: from files to :class:`~citegraph.graph.records.Paper` records.

>>> from citegraph.loaders import formats
>>> [loader.name for loader in formats()][:2]
['hf-page', 'weekly-txt']
"""

from .document import Document
from .inputs import open_inputs
from .refusal import Refusal
from .registry import Loader, formats

__all__ = ["Document", "Loader", "Refusal", "formats", "open_inputs"]
