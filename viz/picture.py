"""The static picture: the same selection and places as the page, as one small SVG without a script."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from html import escape

from ..graph.records import Edge, Node
from .layout import Place
from .select import View
from .style import look, word
from .text import clean, short_name, text_width

WIDTH = 1280.0
_MARGIN = 56.0
_LEGEND = 44.0
_TITLE = 52.0
_LABELS = 64
_FORCED = 16
_FACE = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue','Noto Sans',sans-serif"

Box = tuple[float, float, float, float]


def render(view: View, places: Mapping[str, Place], title: str | None = None) -> str:
    """Render a view as an SVG image; light, or dark where the reader's screen is."""
    frame = _Frame(places, _TITLE if title else 0.0)
    lines = "".join(_lines(view, places, frame))
    marks = "".join(_marks(view, places, frame))
    names = "".join(_names(view, places, frame))
    heading = f'<text class="title" x="{_MARGIN / 2:g}" y="36">{_said(title)}</text>' if title else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {frame.height:g}" role="img" '
        f'font-family="{_FACE}" aria-label="{_said(f"A graph of {view.shown}")}">\n'
        f"<style>{_style(view)}</style>\n"
        f'<rect class="ground" width="100%" height="100%" rx="12"/>\n{heading}\n'
        f'<g class="lines">{lines}</g>\n<g class="marks">{marks}</g>\n<g class="names">{names}</g>\n'
        f"<g>{''.join(_legend(view, frame))}</g>\n</svg>\n"
    )


class _Frame:
    """Maps places to the image."""

    def __init__(self, places: Mapping[str, Place], top: float) -> None:
        left = min((p.x - p.radius for p in places.values()), default=0.0)
        right = max((p.x + p.radius for p in places.values()), default=1.0)
        low = min((p.y - p.radius for p in places.values()), default=0.0)
        high = max((p.y + p.radius for p in places.values()), default=1.0)
        self.scale = min((WIDTH - 2 * _MARGIN) / max(right - left, 1.0), 1.6)
        self.scale = min(self.scale, 900.0 / max(high - low, 1.0))
        self.height = round((high - low) * self.scale + 2 * _MARGIN + _LEGEND + top)
        self._dx = WIDTH / 2 - (left + right) / 2 * self.scale
        self._dy = top + _MARGIN - low * self.scale

    def spot(self, place: Place) -> tuple[float, float, float]:
        """Centre and radius in the image; no mark gets too small to be seen."""
        x, y = place.x * self.scale + self._dx, place.y * self.scale + self._dy
        return x, y, max(place.radius * min(self.scale, 0.8), 2.5)


def _style(view: View) -> str:
    labels = sorted({node.label for node in view.nodes})
    light = "".join(f".{label}{{fill:{look(label).light}}}" for label in labels)
    dark = "".join(f".{label}{{fill:{look(label).dark}}}" for label in labels)
    return (
        ".ground{fill:#fcfcfb}.lines{fill:none;stroke:#b9c1cd;stroke-width:.9;stroke-opacity:.75}"
        ".marks{stroke:#fcfcfb;stroke-width:1.4}text{fill:#1b2130;font-size:12px}"
        ".names{text-anchor:middle;paint-order:stroke;stroke:#fcfcfb;stroke-width:3.5px;stroke-linejoin:round}"
        ".names text{font-weight:600}.names .soft,.count{fill:#5a6475;font-weight:400}"
        f".title{{font-size:20px;font-weight:650}}{light}"
        "@media(prefers-color-scheme:dark){.ground{fill:#12151b}.lines{stroke:#465063}"
        ".marks,.names{stroke:#12151b}text{fill:#eceff5}.names .soft,.count{fill:#9aa5b8}"
        f"{dark}}}"
    )


def _lines(view: View, places: Mapping[str, Place], frame: _Frame) -> Iterator[str]:
    for edge in drawn_edges(view):
        x1, y1, _ = frame.spot(places[edge.source])
        x2, y2, _ = frame.spot(places[edge.target])
        # The same slight bend as on the page: the control point stands a little off the middle.
        mx, my = (x1 + x2) / 2 + (y1 - y2) * 0.1, (y1 + y2) / 2 + (x2 - x1) * 0.1
        dashes = ' stroke-dasharray="3 4"' if edge.properties.get("inferred") else ""
        yield f'<path d="M{x1:.0f} {y1:.0f}Q{mx:.0f} {my:.0f} {x2:.0f} {y2:.0f}"{dashes}/>'


def drawn_edges(view: View) -> Iterator[Edge]:
    """Yield the edges a picture shows: what is derived from papers only where no papers are in the picture."""
    papers = any(node.label == "Paper" for node in view.nodes)
    return (edge for edge in view.edges if not (papers and edge.properties.get("inferred")))


def _marks(view: View, places: Mapping[str, Place], frame: _Frame) -> Iterator[str]:
    for node in view.nodes:
        x, y, radius = frame.spot(places[node.id])
        yield _mark(node.label, x, y, radius, f"<title>{_said(node.name)}</title>")


def _mark(label: str, x: float, y: float, radius: float, inside: str = "") -> str:
    outline = _OUTLINES.get(look(label).shape)
    if outline is None:
        return f'<circle class="{label}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}">{inside}</circle>'
    corners = " ".join(f"{x + px * radius:.1f},{y + py * radius:.1f}" for px, py in outline)
    return f'<polygon class="{label}" points="{corners}">{inside}</polygon>'


def _ring(
    count: int, reach: tuple[float, ...], turn: float = 0.0, sink: float = 0.0
) -> list[tuple[float, float]]:
    """Corners on a circle, the first at the top; alternating between the given distances."""
    angles = [turn + 2 * math.pi * k / count for k in range(count)]
    return [
        (reach[k % len(reach)] * math.sin(a), sink - reach[k % len(reach)] * math.cos(a))
        for k, a in enumerate(angles)
    ]


_OUTLINES: Mapping[str, list[tuple[float, float]]] = {
    "square": [(-1, -1), (1, -1), (1, 1), (-1, 1)],
    "diamond": [(0, -1), (1, 0), (0, 1), (-1, 0)],
    "triangle": _ring(3, (1.15,), sink=0.275),
    "triangleDown": _ring(3, (1.15,), turn=math.pi, sink=-0.275),
    "hexagon": _ring(6, (1.0,), turn=math.pi / 6),
    "star": _ring(10, (1.066, 0.41), sink=0.1),
}


def _names(view: View, places: Mapping[str, Place], frame: _Frame) -> Iterator[str]:
    """Names of the important nodes, each only where it covers no other name and no important mark."""
    ranked = sorted(view.nodes, key=lambda node: _rank(node, view))
    marks = [_square(*frame.spot(places[node.id])) for node in ranked if frame.spot(places[node.id])[2] > 4]
    names: list[Box] = []
    for node in ranked:
        if len(names) >= _LABELS:
            return
        x, y, radius = frame.spot(places[node.id])
        size = min(11 + max(radius - 5, 0) * 0.25, 16)
        text = short_name(node.name, node.label)
        half, tall = text_width(text) * size * (0.5 if node.label == "Paper" else 0.54), size * 0.62
        spots = [(x, y + radius + tall + 2), (x, y - radius - tall - 2)]
        spots += [(x + radius + half + 3, y), (x - radius - half - 3, y)]
        boxes = [(cx - half, cy - tall, cx + half, cy + tall) for cx, cy in spots]
        inside = [box for box in boxes if box[0] > 4 and box[2] < WIDTH - 4]
        free = [box for box in inside if not _hits(box, names)]
        best = next((box for box in free if not _hits(box, marks)), None)
        if best is None and len(names) < _FORCED and free and node.label != "Paper":
            best = min(free, key=lambda box: _covered(box, marks))
        if best is None:
            continue
        names.append(best)
        soft = ' class="soft"' if node.label == "Paper" else ""
        middle, foot = (best[0] + best[2]) / 2, (best[1] + best[3]) / 2 + size * 0.35
        yield f'<text{soft} x="{middle:.0f}" y="{foot:.0f}" style="font-size:{size:.0f}px">{_said(text)}</text>'


def _rank(node: Node, view: View) -> tuple[float, str]:
    degree = view.degrees.get(node.id, 0)
    return (-math.sqrt(degree) * (0.55 if node.label == "Paper" else 1.0), node.id)


def _square(x: float, y: float, radius: float) -> Box:
    return (x - radius * 0.8, y - radius * 0.8, x + radius * 0.8, y + radius * 0.8)


def _hits(box: Box, others: list[Box]) -> bool:
    left, top, right, bottom = box
    return any(left < o[2] and right > o[0] and top < o[3] and bottom > o[1] for o in others)


def _covered(box: Box, others: list[Box]) -> float:
    left, top, right, bottom = box
    return sum(
        max(min(right, o[2]) - max(left, o[0]), 0.0) * max(min(bottom, o[3]) - max(top, o[1]), 0.0)
        for o in others
    )


def _legend(view: View, frame: _Frame) -> Iterator[str]:
    counts = Counter(node.label for node in view.nodes)
    x, y = _MARGIN / 2, frame.height - _LEGEND / 2
    for label, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        plural = (look(label).plural or f"{word(label)}s").removeprefix("kinds of ").capitalize()
        if x + 60 + text_width(plural) * 12 > WIDTH:
            return
        yield _mark(label, x + 7, y - 4, 6)
        number = f"{count:,}"
        yield f'<text x="{x + 20:.0f}" y="{y:.0f}">{_said(plural)} <tspan class="count">{number}</tspan></text>'
        x += 50 + text_width(f"{plural} {number}") * 12


def _said(text: str) -> str:
    """Text as XML wants it, harmless."""
    return escape(clean(text))
