"""The two questions asked most: what was tried on a model, and who measured themselves on a benchmark.

methods_tried_on(store, "LLaMA 2", size="70B", kind_of="quantization")
evaluated_on(store, "GSM8K")
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from ..graph.records import Edge, Node
from ..graph.schema import RELATIONS
from ..graph.store import Store
from .lookup import candidates, resolve
from .quotations import Quotation, first_words, quotations
from .results import ResultRow, results_of
from .rows import (
    EntityRef,
    PaperRef,
    Row,
    entity_ref,
    fetch,
    label_of,
    newest_first,
    oldest_first,
    paper_ref,
    texts,
)

_SIZE = re.compile(r"(?P<name>.*?)[\s_-]*(?P<size>\d+(?:\.\d+)?\s*[bmk])", re.IGNORECASE)
_ROLES = ("PROPOSES", "BUILDS_ON", "USES", "COMPARED_WITH")


@dataclass(frozen=True, slots=True)
class HardwareUse(Row):
    """A device a paper ran on, how many of them it states, and its words."""

    hardware: EntityRef
    count: int | None
    quotations: tuple[Quotation, ...]

    def __str__(self) -> str:
        return f"{self.count}× {self.hardware.name}" if self.count else self.hardware.name


@dataclass(frozen=True, slots=True)
class Trial(Row):
    """One method one paper tried on a model.

    Attributes
    ----------
    role
        What the method is to the paper: PROPOSES, BUILDS_ON, USES or COMPARED_WITH (a baseline).
    relation
        What the model is to the paper.
    sizes
        The sizes of the model the paper states.
    kind
        Why the method counts as the kind asked for: ``taxonomy`` (a curated KIND_OF), ``paper`` (the paper
        that proposes it works with that kind), None where no kind was asked for.
    results
        The numbers the paper reports for this method or this model.
    quotations
        The paper's words about the method, then about the model.
    """

    method: EntityRef
    paper: PaperRef
    model: EntityRef
    role: str
    relation: str
    sizes: tuple[str, ...]
    hardware: tuple[HardwareUse, ...]
    results: tuple[ResultRow, ...]
    kind: Literal["taxonomy", "paper"] | None
    quotations: tuple[Quotation, ...]

    def flat(self) -> dict[str, Any]:
        """Return the row as one dictionary of scalars."""
        return {
            "method": self.method.name,
            "role": self.role,
            "model": self.model.name,
            "sizes": "; ".join(self.sizes),
            "hardware": "; ".join(map(str, self.hardware)),
            "results": "; ".join(map(str, self.results)),
            "paper": self.paper.title,
            "year": self.paper.year,
            "id": self.paper.id,
            "quote": first_words(self.quotations),
        }


def methods_tried_on(
    store: Store,
    model: str,
    size: str | None = None,
    kind_of: str | None = None,
    relations: Collection[str] = ("USES", "BUILDS_ON"),
) -> list[Trial]:
    """List the methods that papers tried on a model, with hardware, results and the words that say so.

    Parameters
    ----------
    store
        The graph.
    model
        Name or id of a Model, or of a ModelFamily for all its models. A size at the end of the name counts as
        ``size``: ``LLaMA 2 70B``.
    size
        Only papers that state this size of the model, such as ``70B``.
    kind_of
        Only methods of this kind, such as ``quantization``. A method is of the kind if the curated taxonomy
        says so, directly or over other kinds; a method without a place in the taxonomy, if the paper that
        proposes it builds on, uses or proposes that kind.
    relations
        Relations of a paper to the model that count as a trial; add ``COMPARED_WITH`` for models that were
        only the baseline.

    Returns
    -------
    list of Trial
        Newest papers first, and within a paper what it proposes first. Technique classes (``generic``
        methods) stand only for papers without a named method.

    Raises
    ------
    NotFoundError
        The graph has no such model or kind.

    Examples
    --------
    >>> for trial in methods_tried_on(store, "LLaMA 2 70B", kind_of="quantization"):  # doctest: +SKIP
    ...     print(trial.method.name, *trial.hardware, *trial.results)
    QuIP# RTX 4090 50% of peak memory bandwidth
    """
    models, size = _models(store, model, size)
    kinds = kinds_of(store, resolve(store, kind_of, "Method").id) if kind_of else None
    trials: list[Trial] = []
    for model_node in models:
        for edge in store.edges_of(model_node.id, "in"):
            if edge.type not in relations or label_of(edge.source) != "Paper":
                continue
            sizes = texts(edge, "sizes")
            if size is None or _size_key(size) in map(_size_key, sizes):
                trials += _trials(store, fetch(store, edge.source), model_node, edge, kinds)
    return sorted(trials, key=_trial_key)


def kinds_of(store: Store, node_id: str) -> frozenset[str]:
    """Return a node and all that the taxonomy calls a kind of it, directly or over others."""
    found, waiting = {node_id}, [node_id]
    while waiting:
        for edge in store.edges_of(waiting.pop(), "in", "KIND_OF"):
            if edge.source not in found:
                found.add(edge.source)
                waiting.append(edge.source)
    return frozenset(found)


def _models(store: Store, name: str, size: str | None) -> tuple[list[Node], str | None]:
    """Find the models meant, and the size where it is part of the name.

    ``Llama-2-70B`` may itself be an alias of LLaMA 2, met in some paper: the size counts all the same, unless the
    whole name is another model than the name without it.
    """
    sized = _SIZE.fullmatch(name.strip()) if size is None else None
    whole = candidates(store, name, "Model")
    if sized and sized["name"]:
        unsized = candidates(store, sized["name"], "Model") or candidates(store, sized["name"], "ModelFamily")
        if unsized and (not whole or whole == unsized):
            return _models(store, unsized[0].id if len(unsized) == 1 else sized["name"], sized["size"])
    if whole or not candidates(store, name, "ModelFamily"):
        return [resolve(store, name, "Model")], size
    family = resolve(store, name, "ModelFamily")
    members = [fetch(store, edge.source) for edge in store.edges_of(family.id, "in", "IN_FAMILY")]
    return sorted(members, key=lambda node: node.id), size


def _size_key(size: str) -> str:
    return size.replace(" ", "").casefold()


def _trials(
    store: Store, paper: Node, model: Node, to_model: Edge, kinds: frozenset[str] | None
) -> Iterator[Trial]:
    methods: list[tuple[Edge, Node]] = []
    hardware: list[HardwareUse] = []
    for edge in store.edges_of(paper.id, "out"):
        label = label_of(edge.target)
        if label == "Method" and edge.type in _ROLES:
            methods.append((edge, fetch(store, edge.target)))
        elif label == "Hardware" and edge.type == "RUNS_ON":
            count = edge.properties.get("count")
            hardware.append(
                HardwareUse(entity_ref(fetch(store, edge.target)), count, quotations(store, edge, paper))
            )
    hardware.sort(key=lambda use: use.hardware.id)
    chosen = [(edge, method, kind) for edge, method, kind in _of_kind(store, methods, kinds)]
    named = [item for item in chosen if not item[1].properties.get("generic")]
    results = results_of(store, paper)
    proposes = any(edge.type == "PROPOSES" for edge, _ in methods)
    for edge, method, kind in named or chosen:
        yield Trial(
            entity_ref(method),
            paper_ref(paper),
            entity_ref(model),
            edge.type,
            to_model.type,
            texts(to_model, "sizes"),
            tuple(hardware),
            tuple(row for row in results if _belongs(row, method, model, edge.type, proposes)),
            kind,
            quotations(store, edge, paper) + quotations(store, to_model, paper),
        )


def _of_kind(
    store: Store, methods: list[tuple[Edge, Node]], kinds: frozenset[str] | None
) -> Iterator[tuple[Edge, Node, Literal["taxonomy", "paper"] | None]]:
    """Keep the methods of the kind asked for, with the reason; all where none was asked for."""
    if kinds is None:
        yield from ((edge, method, None) for edge, method in methods)
        return
    works_with = any(edge.target in kinds and edge.type != "COMPARED_WITH" for edge, _ in methods)
    for edge, method in methods:
        if method.id in kinds:
            yield edge, method, "taxonomy"
        elif works_with and edge.type == "PROPOSES" and not any(store.edges_of(method.id, "out", "KIND_OF")):
            yield edge, method, "paper"


def _belongs(row: ResultRow, method: Node, model: Node, role: str, proposes: bool) -> bool:
    """Tell whether a number belongs to this method: one of nothing in particular is the proposed method's."""
    of = {ref.id for ref in row.of}
    if role == "PROPOSES" or not proposes:
        return not of or bool(of & {method.id, model.id})
    return method.id in of or method.id in {ref.id for ref in row.against}


def _trial_key(trial: Trial) -> tuple[tuple[int, str, str], int, str, str]:
    return (newest_first(trial.paper), _ROLES.index(trial.role), trial.method.id, trial.model.id)


@dataclass(frozen=True, slots=True)
class Evaluation(Row):
    """One paper that reports experiments on a benchmark.

    Attributes
    ----------
    relation
        EVALUATED_ON, or PROPOSES where the paper introduces the benchmark and reports a number on it.
    subjects
        What the paper evaluates: the methods and models it proposes, else those it uses.
    results
        The numbers the paper reports on this benchmark.
    """

    paper: PaperRef
    relation: str
    subjects: tuple[EntityRef, ...]
    results: tuple[ResultRow, ...]
    quotations: tuple[Quotation, ...]

    def flat(self) -> dict[str, Any]:
        """Return the row as one dictionary of scalars."""
        return {
            "paper": self.paper.title,
            "year": self.paper.year,
            "subjects": "; ".join(ref.name for ref in self.subjects),
            "results": "; ".join(map(str, self.results)),
            "id": self.paper.id,
            "quote": first_words(self.quotations),
        }


def evaluated_on(store: Store, benchmark: str) -> list[Evaluation]:
    """List the papers that report experiments on a benchmark, oldest first, with what they evaluate and get.

    Raises
    ------
    NotFoundError
        The graph has no such benchmark.

    Examples
    --------
    >>> [(row.paper.year, str(row.subjects[0])) for row in evaluated_on(store, "GSM8K")]  # doctest: +SKIP
    [(2021, 'GPT-3'), (2022, 'Chain-of-thought')]
    """
    node = resolve(store, benchmark, "Benchmark")
    rows = []
    for edge in store.edges_of(node.id, "in"):
        if edge.type not in RELATIONS or label_of(edge.source) != "Paper":
            continue
        paper = fetch(store, edge.source)
        results = tuple(row for row in results_of(store, paper) if node.id in {ref.id for ref in row.on})
        if edge.type == "EVALUATED_ON" or results:
            subjects = _subjects(store, paper)
            rows.append(
                Evaluation(paper_ref(paper), edge.type, subjects, results, quotations(store, edge, paper))
            )
    return sorted(rows, key=lambda row: oldest_first(row.paper))


def _subjects(store: Store, paper: Node) -> tuple[EntityRef, ...]:
    for relation in ("PROPOSES", "USES"):
        ids = [edge.target for edge in store.edges_of(paper.id, "out", relation)]
        refs = [entity_ref(fetch(store, i)) for i in ids if label_of(i) in ("Method", "Model")]
        if refs:
            return tuple(sorted(refs, key=lambda ref: ref.id))
    return ()
