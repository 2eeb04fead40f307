"""The interactive page: one HTML file that asks nothing of any network.

pyvis holds nodes, edges and options and renders them with the template ``assets/page.html``; its own template
would fetch Bootstrap. Whatever comes out of a paper goes in as JSON data and reaches the screen as text
content. A content security policy lists the page's own scripts by hash and forbids everything else, so that
the browser itself refuses what a mistake of ours would let through.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ..graph.records import Edge, Evidence, Node
from ..queries.quotations import quotation
from .layout import Place
from .select import View
from .style import RELATION_ORDER, look, phrases, word
from .text import clean, sentence_around, short_name, utf16_offset

ASSETS = Path(__file__).parent / "assets"
_SCRIPTS = ("data.js", "canvas.js", "labels.js", "panel.js", "search.js", "legend.js", "page.js")

_FACTS = {
    "year": "Year",
    "date": "Date",
    "kind": "Kind",
    "family": "Family",
    "version": "Version",
    "variant": "Variant",
    "aliases": "Also written",
    "metric": "Metric",
    "value": "Value",
    "unit": "Unit",
    "baseline": "Compared with",
    "quote": "In the paper's words",
    "upvotes": "Upvotes",
    "keywords": "Keywords",
    "organizations": "Institutions",
    "orcid": "ORCID",
    "uri": "Read from",
    "loaded_at": "Read at",
}
_TEXTS = ("abstract", "title")
"""The texts of a paper that the page holds."""

_SHARED_ROUNDNESS = 0.12


def render(view: View, places: Mapping[str, Place], title: str) -> str:
    """Render a view as one self-contained HTML page."""
    from jinja2 import Environment, FileSystemLoader
    from pyvis.network import Network  # type: ignore[import-untyped]

    network = Network(directed=True, cdn_resources="in_line", heading=clean(title))
    network.templateEnv = Environment(
        loader=FileSystemLoader(ASSETS), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    network.path = "page.html"
    # Appended as add_node and add_edge do, but for their search through all that is there already.
    network.nodes.extend(_marks(view, places))
    network.edges.extend(_lines(view))
    network.options = _options(len(view.edges))
    scripts = [_vis_network(), _own_script()]
    network.templateEnv.globals.update(
        page={
            "title": clean(title),
            "shown": clean(view.shown),
            "left_out": clean(view.left_out),
            "sources": clean(_sources_line(view)),
            "policy": _policy(scripts),
            "style": _asset("page.css"),
            "facts": facts(view),
        },
        scripts=scripts,
    )
    html: str = network.generate_html()
    return html


def facts(view: View) -> dict[str, Any]:
    """Return what the panel, the search and the legend need to know, as plain JSON values."""
    number = {node.id: i for i, node in enumerate(view.nodes)}
    by_id = {node.id: node for node in view.nodes}
    labels = Counter(node.label for node in view.nodes)
    relations = sorted({edge.type for edge in view.edges}, key=lambda t: (RELATION_ORDER.get(t, 99), t))
    counts = Counter(edge.type for edge in view.edges)
    types = sorted(labels, key=lambda label: (-labels[label], label))
    return {
        "types": [
            {
                "label": label,
                "word": word(label),
                "plural": (look(label).plural or f"{word(label)}s").removeprefix("kinds of "),
                "count": labels[label],
                "shape": look(label).shape,
                "light": look(label).light,
                "dark": look(label).dark,
            }
            for label in types
        ],
        "relations": [
            {"out": phrases(name)[0], "in": phrases(name)[1], "count": counts[name]} for name in relations
        ],
        "nodes": [_node_facts(node, view, types.index(node.label)) for node in view.nodes],
        "edges": [
            _edge_facts(edge, by_id[edge.source], number, relations.index(edge.type)) for edge in view.edges
        ],
        "around": number[view.around.id] if view.around is not None else None,
    }


def _marks(view: View, places: Mapping[str, Place]) -> Iterable[dict[str, Any]]:
    for i, node in enumerate(view.nodes):
        spot = places[node.id]
        yield {
            "id": i,
            "group": node.label,
            "shape": look(node.label).shape,
            "x": spot.x,
            "y": spot.y,
            "size": spot.radius,
        }


def _lines(view: View) -> Iterable[dict[str, Any]]:
    number = {node.id: i for i, node in enumerate(view.nodes)}
    parallel: Counter[tuple[str, str]] = Counter()
    for i, edge in enumerate(view.edges):
        line: dict[str, Any] = {"id": i, "from": number[edge.source], "to": number[edge.target]}
        if before := parallel[edge.source, edge.target]:
            line["smooth"] = {
                "type": "curvedCW",
                "roundness": round(_SHARED_ROUNDNESS * (1 + 1.5 * before), 2),
            }
        parallel[edge.source, edge.target] += 1
        if edge.properties.get("inferred"):
            line["dashes"] = [3, 4]
        yield line


def _options(edge_count: int) -> dict[str, Any]:
    return {
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False},
        "interaction": {
            "hover": True,
            "hoverConnectedEdges": False,
            "selectConnectedEdges": False,
            "hideEdgesOnDrag": edge_count > 4_000,
            "zoomSpeed": 0.6,
        },
        "nodes": {"borderWidth": 1.5, "chosen": False},
        "edges": {
            # Many lines make a grey of their own; few must be seen one by one.
            "width": min(max(1.7 - edge_count / 2_500, 0.7), 1.4),
            "chosen": False,
            "selectionWidth": 0,
            "hoverWidth": 0,
            "smooth": {"enabled": True, "type": "curvedCW", "roundness": _SHARED_ROUNDNESS},
        },
    }


def _node_facts(node: Node, view: View, type_number: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": clean(node.id),
        "t": type_number,
        "name": clean(node.name),
        "short": short_name(node.name, node.label),
        "d": view.degrees.get(node.id, 0),
    }
    told = [(_FACTS[key], _said(node.properties[key])) for key in _FACTS if node.properties.get(key)]
    if node.properties.get("date"):
        told = [(caption, value) for caption, value in told if caption != "Year"]
    if node.properties.get("stub"):
        told.append(("Known", "only as a cited work"))
    if told:
        found["facts"] = told
    if aliases := node.properties.get("aliases"):
        found["aliases"] = [clean(str(alias)) for alias in aliases]
    if link := _link(node):
        found["link"] = link
    texts = {
        field: clean(text)
        for field in _TEXTS
        if isinstance(text := node.properties.get(field), str) and text and text != node.name
    }
    if texts:
        found["texts"] = texts
    if undrawn := view.undrawn.get(node.id):
        found["more"] = [
            [phrases(u.edge_type)[0 if u.outgoing else 1], [clean(name) for name in u.names], u.count]
            for u in undrawn
        ]
    return found


def _edge_facts(edge: Edge, source: Node, number: Mapping[str, int], relation: int) -> dict[str, Any]:
    found: dict[str, Any] = {"s": number[edge.source], "o": number[edge.target], "r": relation}
    properties = edge.properties
    if evidence := [_quotation(item, source) for item in edge.evidence]:
        found["evidence"] = evidence
    for key in ("sizes", "contexts", "intents", "raw"):
        if properties.get(key):
            found[key] = [clean(str(item)) for item in properties[key]]
    for key in ("confidence", "count"):
        if isinstance(properties.get(key), int | float):
            found[key] = properties[key]
    if properties.get("inferred"):
        found["papers"] = [number.get(paper, clean(paper)) for paper in properties.get("papers", ())]
        found["inferred"] = True
    return found


def _quotation(evidence: Evidence, source: Node) -> list[Any]:
    """Return ``[field, sentence start, start, end, sentence end]`` into a text the page has, else what is to be read.

    That is ``[place, before, quoted, after]`` of a sentence of a body, which the page does not hold, or the quoted
    words alone where the text is not known.
    """
    text = source.properties.get(evidence.field)
    if not isinstance(text, str) or text[evidence.start : evidence.end] != evidence.text:
        return [evidence.field, clean(evidence.text)]
    if evidence.field not in _TEXTS:
        told = quotation(source, evidence)
        end = told.at + len(told.text)
        return [clean(told.place), *map(clean, (told.sentence[: told.at], told.text, told.sentence[end:]))]
    begin, stop = sentence_around(text, evidence.start, evidence.end)
    offsets = (begin, evidence.start, evidence.end, stop)
    return [evidence.field, *(utf16_offset(text, offset) for offset in offsets)]


def _said(value: object) -> str:
    if isinstance(value, list | tuple):
        return clean(", ".join(str(item) for item in value))
    return clean(str(value))


def _link(node: Node) -> str:
    """Where a reader can go from here, by the reader's own click; nothing but the web."""
    properties = node.properties
    link = str(properties.get("url") or "")
    if not link and properties.get("arxiv_id"):
        link = f"https://arxiv.org/abs/{properties['arxiv_id']}"
    if not link and properties.get("doi"):
        link = f"https://doi.org/{properties['doi']}"
    return clean(link) if link.lower().startswith(("https://", "http://")) else ""


def _sources_line(view: View) -> str:
    if not view.sources:
        return ""
    named = ", ".join(view.sources[:3])
    rest = len(view.sources) - 3
    return f"Data: {named}{f' and {rest:,} more' if rest > 0 else ''}."


@cache
def _asset(name: str) -> Any:
    from markupsafe import Markup

    return Markup((ASSETS / name).read_text("utf-8"))


@cache
def _own_script() -> Any:
    from markupsafe import Markup

    return Markup('"use strict";\n(() => {\n') + Markup("\n").join(map(_asset, _SCRIPTS)) + Markup("})();\n")


@cache
def _vis_network() -> Any:
    """Return the vis-network that pyvis brings along; of several versions the newest."""
    import pyvis.network  # type: ignore[import-untyped]
    from markupsafe import Markup

    versions = Path(pyvis.network.__file__).parent.glob("templates/lib/vis-*/vis-network.min.js")
    newest = max(versions, key=lambda p: [int(n) for n in p.parent.name.removeprefix("vis-").split(".")])
    return Markup(newest.read_text("utf-8").replace("\r\n", "\n"))


def _policy(scripts: Iterable[str]) -> str:
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )
