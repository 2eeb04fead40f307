"""CONTAINS, STARTS WITH, ENDS WITH: unknown where one side is no text."""

from __future__ import annotations

from typing import Any

from .kinds import Kind, kind_of


def contains(text: Any, piece: Any) -> bool | None:
    """Tell whether a text holds another: ``text CONTAINS piece``."""
    return piece in text if _texts(text, piece) else None


def starts_with(text: Any, piece: Any) -> bool | None:
    """Tell whether a text starts with another: ``text STARTS WITH piece``."""
    return text.startswith(piece) if _texts(text, piece) else None


def ends_with(text: Any, piece: Any) -> bool | None:
    """Tell whether a text ends with another: ``text ENDS WITH piece``."""
    return text.endswith(piece) if _texts(text, piece) else None


def _texts(text: Any, piece: Any) -> bool:
    return kind_of(text) is Kind.STRING and kind_of(piece) is Kind.STRING
