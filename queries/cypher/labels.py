"""Labels of nodes: every distinct set of labels has a number, and every node the number of its set.

A label expression is worked out once for each set, however many nodes there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

import numpy as np

from .arrays import Growing
from .batch import Bools, Ints
from .syntax import AnyLabel, Label, LabelAnd, LabelExpression, LabelNot, LabelOr


def fits(expression: LabelExpression, names: Collection[str]) -> bool:
    """Tell whether labels (or a single type) satisfy a label expression."""
    match expression:
        case Label(name):
            return name in names
        case AnyLabel():
            return any(names)  # a relationship without type has the type ""
        case LabelNot(operand):
            return not fits(operand, names)
        case LabelAnd(operands):
            return all(fits(operand, names) for operand in operands)
        case LabelOr(operands):
            return any(fits(operand, names) for operand in operands)
    raise AssertionError(expression)


def labels_of(value: Any) -> tuple[str, ...]:
    """Return the labels a node's attribute ``labels`` stands for, in alphabetical order."""
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, Iterable):
        return tuple(sorted({str(label) for label in value if label is not None and label != ""}))
    return (str(value),)


class Labels:
    """The label sets of all nodes, deleted ones included, which match nothing any more."""

    def __init__(self, values: Iterable[Any]) -> None:
        self.sets: list[tuple[str, ...]] = []
        self.counts: list[int] = []
        self._numbers: dict[tuple[str, ...], int] = {}
        seen: dict[Any, int] = {}
        codes: list[int] = []
        for value in values:
            key = value if type(value) is str or value is None else labels_of(value)
            code = seen.get(key)
            if code is None:
                code = seen[key] = self._number(labels_of(value))
            codes.append(code)
        self.codes = Growing(np.array(codes, dtype=np.int32))
        self.alive = Growing(np.ones(len(codes), dtype=np.bool_))
        self.deleted = 0
        for code, count in enumerate(np.bincount(self.codes.view, minlength=len(self.sets)).tolist()):
            self.counts[code] = count
        self._tables: dict[LabelExpression, Bools] = {}
        self._nodes: dict[LabelExpression | None, Growing] = {}

    def _number(self, names: tuple[str, ...]) -> int:
        code = self._numbers.setdefault(names, len(self.sets))
        if code == len(self.sets):
            self.sets.append(names)
            self.counts.append(0)
            self._tables = {}
        return code

    # --- reading -------------------------------------------------------------------------------------------

    def of(self, node: int) -> tuple[str, ...]:
        """Return the labels of a node."""
        return self.sets[int(self.codes.view[node])]

    def present(self) -> frozenset[str]:
        """Return the labels that some node has."""
        return frozenset(
            name for names, count in zip(self.sets, self.counts, strict=True) if count for name in names
        )

    def count(self, label: str) -> int:
        """Count the nodes that have a label."""
        return sum(
            count for names, count in zip(self.sets, self.counts, strict=True) if count and label in names
        )

    def _table(self, expression: LabelExpression) -> Bools:
        table = self._tables.get(expression)
        if table is None:
            table = np.array([fits(expression, names) for names in self.sets], dtype=np.bool_)
            self._tables[expression] = table
        return table

    def match(self, nodes: Ints, expression: LabelExpression | None) -> Bools:
        """Tell which of the nodes satisfy an expression; null (-1) and deleted nodes do not."""
        if not len(nodes) or not self.codes.size:
            return np.zeros(len(nodes), dtype=np.bool_)
        there = nodes >= 0
        if expression is not None:
            there &= self._table(expression)[self.codes.view[nodes]]
        if self.deleted:
            there &= self.alive.view[nodes]
        return there

    def nodes(self, expression: LabelExpression | None) -> Ints:
        """Return the nodes that satisfy an expression, in ascending order; not to be changed."""
        held = self._nodes.get(expression)
        if held is None:
            if expression is None:
                found = self.alive.view
            else:
                found = self._table(expression)[self.codes.view]
                if self.deleted:
                    found &= self.alive.view
            held = self._nodes[expression] = Growing(np.flatnonzero(found))
        return held.view

    # --- writing -------------------------------------------------------------------------------------------

    def append(self, names: tuple[str, ...]) -> None:
        """Add a node."""
        code = self._number(names)
        self.codes.append(code)
        self.alive.append(True)
        self.counts[code] += 1
        self._enter(self.codes.size - 1, lambda expression: False, code)

    def change(self, node: int, names: tuple[str, ...]) -> None:
        """Give a node other labels."""
        before, after = int(self.codes.view[node]), self._number(names)
        if before == after:
            return
        self.codes.view[node] = after
        self.counts[before] -= 1
        self.counts[after] += 1
        self._enter(node, lambda expression: bool(self._table(expression)[before]), after)

    def _enter(self, node: int, was: Callable[[LabelExpression], bool], code: int) -> None:
        """Keep the remembered node lists true: the newest node goes to their end, for others they are dropped."""
        for expression, held in list(self._nodes.items()):
            if expression is None:
                if node == held.size + self.deleted:
                    held.append(node)
                continue
            before, after = was(expression), bool(self._table(expression)[code])
            if before == after:
                continue
            if after and (not held.size or held.view[-1] < node):
                held.append(node)
            else:
                del self._nodes[expression]

    def delete(self, node: int) -> None:
        """Mark a node as deleted."""
        self.alive.view[node] = False
        self.deleted += 1
        self.counts[self.codes.view[node]] -= 1
        self._nodes.clear()

    def restore(self, size: int, changed: dict[int, tuple[str, ...]], deleted: Iterable[int]) -> None:
        """Take back what was done: nodes from ``size`` on go, others get their old labels and their life back."""
        for node in deleted:
            self.alive.view[node] = True
            self.deleted -= 1
            self.counts[self.codes.view[node]] += 1
        for node, names in changed.items():
            self.change(node, names)
        for node in range(size, self.codes.size):
            self.counts[self.codes.view[node]] -= 1
        self.codes.truncate(size)
        self.alive.truncate(size)
        self._nodes.clear()
