"""How the functions of dates and times say that a value will not do."""

from __future__ import annotations

from typing import Any

from ..errors import CypherRuntimeError


def refused(reason: str, detail: str = "InvalidArgumentValue") -> CypherRuntimeError:
    """Return the error for an argument that makes no sense, such as a thirteenth month."""
    return CypherRuntimeError(reason, kind="ArgumentError", detail=detail)


def out_of_range(what: str, value: Any, least: int, greatest: int) -> CypherRuntimeError:
    """Return the error for a number that is too small or too great."""
    return refused(
        f"{what} goes from {least:,} to {greatest:,}, so it cannot be {value!s:.40}.", "NumberOutOfRange"
    )


def overflow(what: str) -> CypherRuntimeError:
    """Return the error for a result that the language has no value for."""
    return CypherRuntimeError(f"{what} is out of range.", kind="ArithmeticError", detail="NumberOutOfRange")
