"""The numbers a paper reports, with what they are of, on, against and run on."""

from __future__ import annotations

from dataclasses import dataclass

from ..graph.records import Node
from ..graph.store import Store
from .quotations import Quotation, quotations
from .rows import EntityRef, Row, entity_ref, fetch


@dataclass(frozen=True, slots=True)
class ResultRow(Row):
    """One number a paper claims, as printed, with the words that claim it."""

    id: str
    name: str
    metric: str | None
    value: str | None
    unit: str | None
    baseline: str | None
    of: tuple[EntityRef, ...]
    on: tuple[EntityRef, ...]
    against: tuple[EntityRef, ...]
    hardware: tuple[EntityRef, ...]
    quotations: tuple[Quotation, ...]

    def concerns(self) -> frozenset[str]:
        """Return the ids of all entities the number is about."""
        return frozenset(ref.id for ref in (*self.of, *self.on, *self.against, *self.hardware))

    def __str__(self) -> str:
        return self.name


def results_of(store: Store, paper: Node) -> tuple[ResultRow, ...]:
    """Return the results a paper reports, in the order the paper states them."""
    rows = []
    for reports in store.edges_of(paper.id, "out", "REPORTS"):
        result = fetch(store, reports.target)
        ends: dict[str, list[EntityRef]] = {"OF": [], "ON": [], "AGAINST": [], "RUNS_ON": []}
        for edge in store.edges_of(result.id, "out"):
            if edge.type in ends:
                ends[edge.type].append(entity_ref(fetch(store, edge.target)))
        of, on, against, hardware = (tuple(sorted(refs, key=lambda ref: ref.id)) for refs in ends.values())
        known = result.properties
        rows.append(
            ResultRow(
                result.id,
                result.name,
                known.get("metric"),
                known.get("value"),
                known.get("unit"),
                known.get("baseline"),
                of,
                on,
                against,
                hardware,
                quotations(store, reports, paper),
            )
        )
    return tuple(sorted(rows, key=_place))


def _place(row: ResultRow) -> tuple[bool, int, str]:
    first = row.quotations[0] if row.quotations else None
    return (first is None or first.field != "title", first.start if first else 0, row.id)
