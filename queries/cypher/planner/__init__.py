"""From a syntax tree to a plan of operators."""

from __future__ import annotations

from .clauses import ClausePlanner
from .match import plan_match
from .pattern import Names

__all__ = ["ClausePlanner", "Names", "plan_match"]
