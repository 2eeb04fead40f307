"""Pictures of a graph: one self-contained interactive page, or a static SVG.

Nothing heavy is imported until a picture is drawn.
"""

from __future__ import annotations

from collections.abc import Collection
from os import PathLike
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..graph.store import Store
    from .select import View

__all__ = ["render_html", "render_svg", "write_html", "write_picture"]


def write_html(
    store: Store,
    path: str | PathLike[str],
    *,
    around: str | None = None,
    hops: int = 1,
    types: Collection[str] | None = None,
    min_degree: int = 0,
    limit: int = 600,
    title: str | None = None,
) -> View:
    """Write an interactive picture of a graph as one HTML file that fetches nothing.

    Parameters
    ----------
    store
        The graph.
    path
        The file to write; it appears whole or not at all.
    around, hops
        Draw only what is within so many edges of the node of this id.
    types
        Labels to draw; see :func:`citegraph.viz.select.select` for the default.
    min_degree
        Fewest neighbours a node must have.
    limit
        Most nodes to draw; the best connected are kept.
    title
        Heading of the page.

    Returns
    -------
    View
        What was drawn; ``view.left_out`` says in a sentence what was not.

    Raises
    ------
    NotFoundError
        No node has the id ``around``.
    QueryError
        An unknown type, or a number that makes no sense.
    StoreError
        The file cannot be written.
    """
    from .files import write_whole
    from .select import select

    view = select(store, around=around, hops=hops, types=types, min_degree=min_degree, limit=limit)
    write_whole(path, _page(view, title))
    return view


def render_html(
    store: Store,
    *,
    around: str | None = None,
    hops: int = 1,
    types: Collection[str] | None = None,
    min_degree: int = 0,
    limit: int = 600,
    title: str | None = None,
) -> str:
    """Return the page :func:`write_html` writes."""
    from .select import select

    view = select(store, around=around, hops=hops, types=types, min_degree=min_degree, limit=limit)
    return _page(view, title)


def write_picture(
    store: Store,
    path: str | PathLike[str],
    *,
    around: str | None = None,
    hops: int = 1,
    types: Collection[str] | None = None,
    min_degree: int = 0,
    limit: int = 150,
    title: str | None = None,
) -> View:
    """Write a static SVG picture of a graph; the parameters are those of :func:`write_html`."""
    from .files import write_whole
    from .select import select

    view = select(store, around=around, hops=hops, types=types, min_degree=min_degree, limit=limit)
    write_whole(path, _picture(view, title))
    return view


def render_svg(
    store: Store,
    *,
    around: str | None = None,
    hops: int = 1,
    types: Collection[str] | None = None,
    min_degree: int = 0,
    limit: int = 150,
    title: str | None = None,
) -> str:
    """Return the picture :func:`write_picture` writes."""
    from .select import select

    view = select(store, around=around, hops=hops, types=types, min_degree=min_degree, limit=limit)
    return _picture(view, title)


def _page(view: View, title: str | None) -> str:
    from .layout import place
    from .page import render

    heading = view.around.name if view.around is not None else "Citation knowledge graph"
    return render(view, place(view), title or heading)


def _picture(view: View, title: str | None) -> str:
    from .layout import place
    from .picture import render

    return render(view, place(view), title)
