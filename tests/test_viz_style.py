"""How types look: every type of the schema has a look, and the main ones differ for every eye."""

from __future__ import annotations

import itertools
import math

import pytest

from citegraph.graph.schema import EDGES, NODES
from citegraph.viz.style import _PHRASES, LOOKS, MAIN, look

# Machado, Oliveira, Fernandes 2009: simulation of complete colour-vision deficiencies, on linear RGB.
SEEN = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "deuteranopia": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "tritanopia": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}
GROUND = {"light": "#fcfcfb", "dark": "#12151b"}


def linear(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def lab(colour, sight):
    r, g, b = (
        min(max(sum(m * c for m, c in zip(row, linear(colour), strict=True)), 0), 1) for row in SEEN[sight]
    )
    x, y, z = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505, 0.2126 * r + 0.7152 * g + 0.0722 * b, 0
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089
    f = [t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z)]
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def contrast(one, other):
    light, dark = sorted(
        (sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(x), strict=True)) for x in (one, other)),
        reverse=True,
    )
    return (light + 0.05) / (dark + 0.05)


def test_every_label_has_a_look_and_every_relation_a_phrase():
    assert set(LOOKS) == set(NODES)
    assert set(_PHRASES) == set(EDGES)


def test_the_main_types_have_shapes_of_their_own():
    assert len({look(label).shape for label in MAIN}) == len(MAIN)


@pytest.mark.parametrize("sight", SEEN)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_main_types_have_colours_that_every_eye_tells_apart(scheme, sight):
    for one, other in itertools.combinations(MAIN, 2):
        a, b = (lab(getattr(look(label), scheme), sight) for label in (one, other))
        assert math.dist(a, b) > 12, f"{one} and {other} look alike"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_stand_out_from_the_ground(scheme):
    for label in LOOKS:
        least = 2.2 if label in {"Paper", "Author"} else 3.0
        assert contrast(getattr(look(label), scheme), GROUND[scheme]) > least, label
