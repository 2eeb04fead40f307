"""Where each node stands: computed once, beforehand, the same on every run.

Each connected component is laid out by itself with a spring layout of igraph, turned so that it lies wide (as
screens and slides do), and freed of overlapping nodes. The components are then packed: the largest in the
middle, the others as near to it as their real outlines allow, after

    Freivalds, Dogrusoz, Kikusts: Disconnected graph layout and the polyomino packing approach. Graph Drawing 2001.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .select import View

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Points = NDArray[np.float64]

SPACING = 50.0
"""Pixels, at scale 1, that the spring layout leaves between neighbours."""

ASPECT = 1.9
"""Width to height of the whole picture."""

_CELL = 48.0
_GAP = 12.0
_EVENNESS = 0.8
_ROOM = 1.0
_ROUNDS = 300
_PARTINGS = 80
_EXACT_UP_TO = 2_500


@dataclass(frozen=True, slots=True)
class Place:
    """A node's centre and the radius of its mark; y grows downwards as it does on screens."""

    x: float
    y: float
    radius: float


def radius_of(degree: int) -> float:
    """Return the radius of a node's mark: its area grows with the number of neighbours."""
    return min(6.0 + 2.1 * math.sqrt(degree), 36.0)


def place(view: View) -> dict[str, Place]:
    """Place every node of a view.

    Returns
    -------
    dict
        By node id; the picture's middle is (0, 0).

    Notes
    -----
    About a second for 1,000 nodes and 3,000 edges. The spring layout grows with the square of a component;
    in components above 2,500 nodes only near nodes repel each other, which takes less.
    """
    if not view.nodes:
        return {}
    ids = [node.id for node in view.nodes]
    number = {node_id: i for i, node_id in enumerate(ids)}
    radii = np.array([radius_of(view.degrees.get(node_id, 0)) for node_id in ids])
    weights: dict[tuple[int, int], float] = {}
    for edge in view.edges:
        a, b = sorted((number[edge.source], number[edge.target]))
        if a != b:
            # What is only derived from papers shapes the picture less than what a paper says.
            weights[a, b] = max(weights.get((a, b), 0.0), 0.35 if edge.properties.get("inferred") else 1.0)
    points = np.zeros((len(ids), 2))
    members = _components(len(ids), weights)
    for group in members:
        points[group] = _lay_out(group, weights, radii)
    _pack(points, members, radii)
    middle = (points.max(axis=0) + points.min(axis=0)) / 2
    return {
        node_id: Place(round(float(x), 1), round(float(y), 1), round(float(radius), 1))
        for node_id, (x, y), radius in zip(ids, points - middle, radii, strict=True)
    }


def _components(count: int, edges: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Connected components as lists of node numbers, largest first."""
    import igraph  # type: ignore[import-untyped]

    parts: Iterable[list[int]] = igraph.Graph(n=count, edges=list(edges)).connected_components()
    return sorted(parts, key=lambda part: (-len(part), part[0]))


def _lay_out(group: Sequence[int], weights: dict[tuple[int, int], float], radii: Points) -> Points:
    """Return positions of one component, overlap-free and lying wide."""
    if len(group) == 1:
        return np.zeros((1, 2))
    own = radii[list(group)]
    if len(group) == 2:
        reach = SPACING / 2 + float(own.max())
        return np.array([[-reach, 0.0], [reach, 0.0]])
    number = {node: i for i, node in enumerate(group)}
    edges = {(number[a], number[b]): weight for (a, b), weight in weights.items() if a in number}
    points = _lie_wide(_spring(len(group), edges)) * SPACING
    points = _spread(points)
    _part(points, own)
    return points


def _spring(count: int, edges: dict[tuple[int, int], float]) -> Points:
    import igraph

    graph = igraph.Graph(n=count, edges=list(edges))
    degree = graph.degree()
    # A hub pulls each of its many neighbours less, or all would lie in one heap around it.
    pull = [weight / math.sqrt(degree[a] * degree[b]) for (a, b), weight in edges.items()]
    dice = random.Random(count)
    reach = math.sqrt(count)
    start = [[dice.uniform(-reach, reach), dice.uniform(-reach, reach)] for _ in range(count)]
    # igraph draws from one generator for all; it is lent ours and gets the usual one back.
    igraph.set_random_number_generator(dice)
    try:
        if count <= _EXACT_UP_TO:
            start = graph.layout_kamada_kawai(seed=start, maxiter=1_000 + 4 * count).coords
        found = graph.layout_fruchterman_reingold(
            weights=pull, seed=start, niter=_ROUNDS, grid=count > _EXACT_UP_TO
        )
    finally:
        igraph.set_random_number_generator(random)
    return np.array(found.coords, dtype=np.float64)


def _lie_wide(points: Points) -> Points:
    """Turn the cloud so that its longest extent is horizontal, centred on the origin."""
    centred: Points = points - points.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    turned: Points = centred @ axes[:, ::-1]
    # An eigenvector has no sign of its own: fix it, or platforms differ.
    for column in (0, 1):
        if (turned[:, column] ** 3).sum() < 0:
            turned[:, column] *= -1
    return turned


def _spread(points: Points) -> Points:
    """Even out the crowd: a spring layout heaps the middle and flings the last leaves far out.

    Each node moves along its ray from the middle, most of the way to where it would stand if the nodes filled
    an ellipse evenly in the order of their distances.
    """
    count = len(points)
    share = min(max((count - 8) / 60, 0.0), 1.0) * _EVENNESS
    wide = math.sqrt(ASPECT)
    shape = np.array([wide, 1 / wide])
    spread = points.std(axis=0) + 1e-9
    squashed = points / spread * spread.mean()
    points = points * (1 - share) + squashed * shape * share
    distance = np.hypot(squashed[:, 0], squashed[:, 1]) + 1e-9
    rank = np.empty(count)
    rank[np.argsort(distance, kind="stable")] = np.arange(count)
    even = SPACING * np.sqrt((rank + 0.5) / math.pi) * math.sqrt(_ROOM)
    filled: Points = squashed * (even / distance)[:, None] * shape
    mixed: Points = points * (1 - share) + filled * share
    return mixed


def _part(points: Points, radii: Points) -> None:
    """Push overlapping marks apart, in place."""
    for turn in range(_PARTINGS):
        if turn % 8 == 0:
            # Only pairs this close can come to overlap before the next look.
            first, second = _close_pairs(points, radii, slack=45.0)
            # Two large marks stand farther apart: both have a name that wants room.
            need = (
                radii[first]
                + radii[second]
                + _GAP
                + np.maximum(np.minimum(radii[first], radii[second]) - 10, 0)
            )
        away = points[first] - points[second]
        distance = np.hypot(away[:, 0], away[:, 1])
        short = need - distance
        if not (short > 0.5).any():
            return
        # Two nodes on one spot are parted by their number, so that no chance is involved.
        stuck = distance < 1e-6
        away[stuck] = np.stack([np.cos(first[stuck] * 2.4), np.sin(first[stuck] * 2.4)], axis=1)
        distance[stuck] = 1.0
        push = away / distance[:, None] * (np.maximum(short, 0.0) * 0.5)[:, None]
        np.add.at(points, first, push * 0.8)
        np.add.at(points, second, push * -0.8)


def _close_pairs(points: Points, radii: Points, slack: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the pairs (i < j) of marks with less than ``slack`` to spare between them."""
    order = np.argsort(points[:, 0], kind="stable")
    x = points[order, 0]
    widest = 2 * float(radii.max()) + _GAP + slack
    # A sweep from left to right: only what is near in x needs a look.
    stop = np.searchsorted(x, x + widest, side="right")
    lengths = stop - np.arange(len(x)) - 1
    first = np.repeat(np.arange(len(x)), lengths)
    second = np.arange(len(first)) - np.repeat(np.cumsum(lengths) - lengths, lengths) + first + 1
    a, b = order[first], order[second]
    near = np.hypot(*(points[a] - points[b]).T) < radii[a] + radii[b] + _GAP + slack
    return np.minimum(a, b)[near], np.maximum(a, b)[near]


def _pack(points: Points, members: Sequence[Sequence[int]], radii: Points) -> None:
    """Shift the components, in place, so that none overlaps and the whole lies close together."""
    taken: set[tuple[int, int]] = set()
    area = 4 * sum(len(group) for group in members) + 64
    spots = _spiral(2 * math.isqrt(area) + 40)
    start = 0
    last: frozenset[tuple[int, int]] | None = None
    for group in members:
        cells = _cells(points[list(group)], radii[list(group)])
        # A component of the same outline cannot fit where the one before it did not.
        start = start if cells == last else 0
        last = cells
        for index in range(start, len(spots)):
            dx, dy = spots[index]
            if not any((x + dx, y + dy) in taken for x, y in cells):
                start = index
                break
        taken.update((x + dx, y + dy) for x, y in cells)
        points[list(group)] += np.array([dx, dy]) * _CELL


def _cells(points: Points, radii: Points) -> frozenset[tuple[int, int]]:
    """The grid cells a component covers, with a margin of one."""
    covered: set[tuple[int, int]] = set()
    for (x, y), radius in zip(points, radii, strict=True):
        reach = radius + _CELL * 0.5
        for column in range(math.floor((x - reach) / _CELL), math.floor((x + reach) / _CELL) + 1):
            for row in range(math.floor((y - reach) / _CELL), math.floor((y + reach) / _CELL) + 1):
                covered.add((column, row))
    return frozenset(covered)


def _spiral(reach: int) -> list[tuple[int, int]]:
    """Grid offsets from the middle outwards, in ellipses as wide as the picture shall be."""
    wide = int(reach * ASPECT)
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(-wide, wide + 1), np.arange(-reach, reach + 1)))
    order = np.lexsort((y, x, (x / ASPECT) ** 2 + y**2))
    return list(zip(x[order].tolist(), y[order].tolist(), strict=True))
