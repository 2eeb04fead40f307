"""How names and records came together: the written forms of every entity and the records of every paper, counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ..graph.joins import joins_of
from ..graph.local import LocalStore
from ..graph.records import Node
from ..graph.schema import ENTITIES
from ..graph.store import Store
from .forms import forms
from .rows import EntityRef, Row, entity_ref, label_of


@dataclass(frozen=True, slots=True)
class FormCount(Row):
    """An entity, in how many forms it is written, and by how many papers."""

    node: EntityRef
    forms: int
    papers: int


@dataclass(frozen=True, slots=True)
class Identity(Row):
    """What was taken for one thing.

    Attributes
    ----------
    histogram
        For each label, how many entities are written in how many forms.
    most
        The entities of most forms.
    rules
        How many forms came to their entity by which rule (keys of :data:`.forms.RULES`), most frequent first.
    papers, records
        Papers read, and the records they are made of.
    merged
        Papers of several records; ``joins`` counts the records that joined others by rule (keys of
        :data:`.forms.JOINS`).
    """

    histogram: dict[str, dict[int, int]]
    most: tuple[FormCount, ...]
    rules: dict[str, int]
    papers: int
    records: int
    merged: int
    joins: dict[str, int]


def identity(store: Store, top: int = 10) -> Identity:
    """Count written forms and records, and the rules that brought them together.

    Parameters
    ----------
    store
        The graph.
    top
        How many entities of most forms to name.

    Notes
    -----
    Reads the evidence of all edges once.

    Examples
    --------
    >>> identity(store).histogram["Hardware"]  # doctest: +SKIP
    {1: 21, 2: 9, 3: 4, 12: 1}
    """
    histogram: dict[str, Counter[int]] = {}
    rules: Counter[str] = Counter()
    counted: list[FormCount] = []
    for label in ENTITIES:
        for node in store.nodes(label):
            found = forms(store, node)
            if not found:
                continue  # known from a lexicon only
            histogram.setdefault(label, Counter())[len(found)] += 1
            rules.update(form.ways[0].rule for form in found)
            counted.append(FormCount(entity_ref(node), len(found), _papers(store, node)))
    counted.sort(key=lambda row: (-row.forms, -row.papers, row.node.id))
    papers, records, merged, joins = _records(store)
    return Identity(
        {label: dict(sorted(counts.items())) for label, counts in histogram.items()},
        tuple(counted[:top]),
        dict(rules.most_common()),
        papers,
        records,
        merged,
        joins,
    )


def _papers(store: Store, node: Node) -> int:
    return sum(label_of(edge.source) == "Paper" for edge in store.edges_of(node.id, "in"))


def _records(store: Store) -> tuple[int, int, int, dict[str, int]]:
    if not isinstance(store, LocalStore):
        return sum(not node.properties.get("stub") for node in store.nodes("Paper")), 0, 0, {}
    papers, records = store.file.one("SELECT count(DISTINCT paper), count(*) FROM record")
    joins: Counter[str] = Counter()
    merged = 0
    for found in joins_of(store):
        merged += 1
        joins.update(join.rule for join in found if join is not None)
    return papers, records, merged, dict(joins.most_common())
