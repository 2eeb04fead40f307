"""Replacing pieces of an expression, and walking through all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any, TypeVar

from .syntax import Binary, Expression, Piece

P = TypeVar("P", bound=Piece)


def rewrite(piece: P, change: Callable[[Piece], Piece | None]) -> P:
    """Return a piece with parts replaced; ``change`` gives the new part, or None to look inside the old one."""
    found = change(piece)
    if found is not None:
        return found  # type: ignore[return-value]
    changed: dict[str, Any] = {}
    for entry in fields(piece):
        value = getattr(piece, entry.name)
        new = _inside(value, change)
        if new is not value:
            changed[entry.name] = new
    return replace(piece, **changed) if changed else piece


def _inside(value: Any, change: Callable[[Piece], Piece | None]) -> Any:
    if isinstance(value, Piece):
        return rewrite(value, change)
    if isinstance(value, tuple) and value and not isinstance(value[0], int):
        new = tuple(_inside(item, change) for item in value)
        return new if any(a is not b for a, b in zip(new, value, strict=True)) else value
    return value


def pieces(piece: Any) -> Iterator[Piece]:
    """Walk through a piece and all that it holds, outermost first."""
    if isinstance(piece, Piece):
        yield piece
        for entry in fields(piece):
            if entry.name != "span":
                yield from pieces(getattr(piece, entry.name))
    elif isinstance(piece, tuple):
        for item in piece:
            yield from pieces(item)


def conjuncts(predicate: Expression | None) -> Iterator[Expression]:
    """Split a predicate at its outermost ANDs."""
    if isinstance(predicate, Binary) and predicate.operator == "AND":
        yield from conjuncts(predicate.left)
        yield from conjuncts(predicate.right)
    elif predicate is not None:
        yield predicate
