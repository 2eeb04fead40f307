"""The functions and aggregations of the query language, by name in lower case.

``FUNCTIONS["toupper"].call("a")``; ``AGGREGATIONS["sum"]()`` is a new :class:`Aggregator`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from .. import temporal_hooks
from . import conversion, entities, lists, mathematical, scalar, strings
from .aggregation import AGGREGATIONS, Aggregator
from .base import Function


class _Functions(Mapping[str, Function]):
    """All functions; gathered at first use, since dates and times are built on this package."""

    @cached_property
    def _all(self) -> dict[str, Function]:
        return {
            **scalar.FUNCTIONS,
            **entities.FUNCTIONS,
            **lists.FUNCTIONS,
            **strings.FUNCTIONS,
            **conversion.FUNCTIONS,
            **mathematical.FUNCTIONS,
            **temporal_hooks.functions(),
        }

    def __getitem__(self, name: str) -> Function:
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


FUNCTIONS: Mapping[str, Function] = _Functions()

__all__ = ["AGGREGATIONS", "FUNCTIONS", "Aggregator", "Function"]
