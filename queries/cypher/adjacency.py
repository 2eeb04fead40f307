"""Relationships as compressed rows: for each node, its relationships and the nodes at their other ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .batch import Ints


@dataclass(frozen=True, slots=True)
class Adjacency:
    """Compressed sparse rows (CSR): the relationships of node ``i`` stand at ``offsets[i]`` to ``offsets[i + 1]``."""

    offsets: Ints
    neighbours: Ints
    relationships: Ints

    @classmethod
    def build(cls, size: int, sources: Ints, targets: Ints, relationships: Ints) -> Adjacency:
        """Sort relationships by the node they are seen from; O(n + m log m)."""
        order = np.argsort(sources, kind="stable")
        offsets = np.zeros(size + 1, dtype=np.int64)
        np.cumsum(np.bincount(sources, minlength=size), out=offsets[1:])
        return cls(offsets, targets[order], relationships[order])

    def degree(self, nodes: Ints) -> Ints:
        """Count the relationships of nodes."""
        return self.offsets[nodes + 1] - self.offsets[nodes]

    def expand(self, nodes: Ints) -> tuple[Ints, Ints, Ints]:
        """Return, for each relationship of each node, the node's place, the neighbour, and the relationship."""
        counts = self.degree(nodes)
        total = int(counts.sum())
        rows = np.repeat(np.arange(len(nodes), dtype=np.int64), counts)
        # Places within the rows: a running number, started anew at each node's offset.
        starts = np.repeat(self.offsets[nodes] - (np.cumsum(counts) - counts), counts)
        places = starts + np.arange(total, dtype=np.int64)
        return rows, self.neighbours[places], self.relationships[places]
