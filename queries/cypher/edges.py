"""Reading the relationships of a NetworkX graph into arrays."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import chain, compress
from operator import itemgetter, methodcaller
from typing import Any

import numpy as np

from .adjacency import Small


@dataclass(frozen=True, slots=True)
class Edges:
    """Relationships as NetworkX iterates over them.

    ``types`` are numbers into ``names``; the type of an edge that states none is "".
    """

    sources: Small
    targets: Small
    attributes: list[Mapping[str, Any]]
    types: Small
    names: list[str]


def read_edges(
    adjacency: Mapping[Hashable, Mapping[Hashable, Any]],
    index: Mapping[Hashable, int],
    *,
    directed: bool,
    multigraph: bool,
) -> Edges:
    """Read a graph's adjacency dictionaries; an undirected edge leads from the node that comes first."""
    # Each pass goes over all edges in C; what costs is that dictionaries lie about in memory.
    neighbours: list[Hashable] = []
    degrees: list[int] = []
    attributes: list[Any] = []
    for near in adjacency.values():
        degrees.append(len(near))
        neighbours.extend(near)
        attributes.extend(near.values())
    parallel = None
    if multigraph:
        keyed = attributes
        attributes = list(chain.from_iterable(map(methodcaller("values"), keyed)))
        if len(attributes) > len(keyed):
            parallel = np.fromiter(map(len, keyed), dtype=np.int32, count=len(keyed))
        del keyed
    nodes = np.fromiter(map(index.__getitem__, adjacency), dtype=np.int32, count=len(degrees))
    sources = np.repeat(nodes, degrees)
    targets = np.fromiter(map(index.__getitem__, neighbours), dtype=np.int32, count=len(neighbours))
    if parallel is not None:
        sources, targets = np.repeat(sources, parallel), np.repeat(targets, parallel)
    if not directed:
        place = np.empty(len(nodes), dtype=np.int32)
        place[nodes] = np.arange(len(nodes), dtype=np.int32)
        once = place[sources] <= place[targets]
        sources, targets, attributes = sources[once], targets[once], list(compress(attributes, once.tolist()))
    try:
        stated = list(map(itemgetter("type"), attributes))
    except KeyError:
        stated = [row.get("type") for row in attributes]
    names = {value: "" if value is None else str(value) for value in dict.fromkeys(stated)}
    codes = {name: code for code, name in enumerate(dict.fromkeys(names.values()))}
    code_of = {value: codes[name] for value, name in names.items()}
    types = np.fromiter(map(code_of.__getitem__, stated), dtype=np.int32, count=len(stated))
    return Edges(sources, targets, attributes, types, list(codes))
