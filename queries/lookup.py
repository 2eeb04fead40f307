"""Finding a node by whatever a person calls it, and showing what stands around it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from ..graph.errors import NotFoundError, QueryError
from ..graph.local import LocalStore
from ..graph.records import Edge, Node
from ..graph.schema import EDGES, ENTITIES, NODES
from ..graph.server import Asked, Neo4jStore
from ..graph.store import Store
from .corrections import CorrectionRow, speak_of
from .forms import Form, RecordRow, forms, records
from .names import address_key, identifiers, name_key, words
from .quotations import Quotation, quotations
from .rows import EntityRef, PaperRef, Row, entity_ref, fetch_all, paper_ref

Labels = str | Collection[str] | None
"""One label, several, or None for all."""

_UNNAMED = frozenset({"Result", "Source"})
"""Labels whose names repeat by nature: they answer to a name only when their label is asked for."""

_SCAN = 10
"""Look-ups that take a server as long as comparing all names."""

# The ways a name can fit a node, best first.
_ID, _IDENTIFIER, _NAME, _FOLDED, _ALIAS, _SHORT_TITLE, _PREFIX = range(7)


def find(store: Store, name: str, label: Labels = None, limit: int = 10) -> list[Node]:
    """List the nodes a name may mean, best first.

    In this order: id or former id; arXiv id, DOI, OpenAlex id, Semantic Scholar id or address in any form;
    the exact name, that of a work only cited after papers that were read under any spelling of it; the name
    without regard to case, spaces and punctuation; an alias; the title before its colon; the beginning of
    the name. Among equals the node with most edges comes first, then by name and id.

    Parameters
    ----------
    store
        The graph.
    name
        What a person typed.
    label
        A label of the schema, or several, to look among; all by default. ``Result`` and ``Source`` nodes
        answer to their name only when asked for.
    limit
        How many nodes at most.

    Returns
    -------
    list of Node
        Empty where nothing fits.

    Notes
    -----
    Unless the name is an id, all nodes of the labels asked for are read once, of a server those that may answer to
    it.

    Examples
    --------
    >>> [node.id for node in find(store, "llama2", label="Model")]  # doctest: +SKIP
    ['model:llama-2']
    """
    found: list[Node] = []
    for _, nodes in _tiers(store, name, label):
        found += _by_degree(store, nodes)
        if len(found) >= limit:
            break
    return found[:limit]


def resolve(store: Store, name: str, label: Labels = None) -> Node:
    """Return the one node a name means.

    The beginning of a name is enough only for the title of a paper, only at the end of a word, and only if
    one paper begins so: ``Qwen`` must not turn into Qwen2.5 because that is the only Qwen in the graph.

    Raises
    ------
    NotFoundError
        Nothing of that name; the message offers what is spelled most like it.
    QueryError
        Several nodes fit equally well; the message names them with their ids.

    Examples
    --------
    >>> resolve(store, "https://arxiv.org/abs/2305.14314v2").name  # doctest: +SKIP
    'QLoRA: Efficient Finetuning of Quantized LLMs'
    """
    best = candidates(store, name, label)
    # LLaMA is a model and the family named after it: what papers speak of comes before what groups it.
    spoken_of = [node for node in best if node.label in ("Paper", *ENTITIES)]
    best = spoken_of or best
    if len(best) == 1:
        return best[0]
    if best:
        raise QueryError(_ambiguous(name, best))
    what = _label_words(label)
    near = suggestions(store, name, label)
    hint = f" Did you mean {_either([_named(node) for node in near])}?" if near else ""
    raise NotFoundError(f"The graph has no {what} called {name!r}.{hint}")


def candidates(store: Store, name: str, label: Labels = None) -> list[Node]:
    """Return all nodes that fit a name equally well and better than any other, most connected first."""
    for tier, nodes in _tiers(store, name, label):
        if tier == _PREFIX:
            papers = [node for node in nodes if node.label == "Paper" and _begins(node.name, name)]
            return _by_degree(store, papers)
        return _by_degree(store, nodes)
    return []


def suggestions(store: Store, name: str, label: Labels = None, limit: int = 3) -> list[Node]:
    """List the nodes whose name or alias is spelled most like a name that fits none."""
    from rapidfuzz import fuzz, process

    nodes: list[Node] = []
    spellings: list[str] = []
    told = _nodes(store, label)
    if asked := _asked(store):  # in the same order: of those spelled equally like it, the first are listed
        told = iter(sorted(asked.names(_wanted(label)), key=lambda node: (label and node.label, node.id)))
    for node in told:
        for spelling in (node.name, *_aliases(node)):
            nodes.append(node)
            spellings.append(spelling.casefold())
    scored = process.extract(name.casefold(), spellings, scorer=fuzz.WRatio, limit=limit * 5, score_cutoff=72)
    best: dict[str, tuple[float, Node]] = {}
    for _, score, index in scored:
        node = nodes[index]
        if node.id not in best or score > best[node.id][0]:
            best[node.id] = (score, node)
    ranked = sorted(best.values(), key=lambda item: (-item[0], item[1].name.casefold(), item[1].id))
    return _whole(store, [node for _, node in ranked[:limit]])


# --- tiers -------------------------------------------------------------------------------------------------


def _tiers(store: Store, name: str, label: Labels) -> Iterator[tuple[int, list[Node]]]:
    """Yield the ways the name fits with the nodes it fits so; a node comes once, with its best way."""
    name = name.strip()
    if not name:
        return
    wanted = _labels(label)
    by_id = store.node(name)
    if by_id is not None:
        if wanted is None or by_id.label in wanted:
            yield _ID, [by_id]
        return
    found = identifiers(name)
    for key, value in found.items():
        node = store.node(f"{key.removesuffix('_id')}:{value}")
        if node is not None and (wanted is None or node.label in wanted):
            yield _IDENTIFIER, [node]
            return
    fits = _fitter(name, found)
    tiers: dict[int, list[Node]] = {}
    known: set[str] = set()
    asked, nodes = _asked(store), _nodes(store, label)
    if asked:
        address = address_key(name)
        if not found and not address:
            exact = asked.called(name, _wanted(label))
            if any(not node.properties.get("stub") for node in exact):  # see _read_first
                yield _NAME, exact
                known = {node.id for node in exact}
        nodes = asked.likely(_wanted(label), name_key(name), name.casefold(), found, address)
    for node in nodes:
        tier = fits(node)
        if tier is not None and node.id not in known:
            tiers.setdefault(tier, []).append(node)
    _read_first(tiers)
    for tier, fitting in sorted(tiers.items()):
        yield tier, _whole(store, fitting) if asked else fitting


def _asked(store: Store) -> Asked | None:
    """Return the server that is asked for names, if there is one and the graph is not here."""
    return store.asked(look_ups=_SCAN) if isinstance(store, Neo4jStore) else None


def _wanted(label: Labels) -> frozenset[str]:
    wanted = _labels(label)
    return (frozenset(NODES) - _UNNAMED) if wanted is None else wanted & frozenset(NODES)


def _whole(store: Store, nodes: list[Node]) -> list[Node]:
    """Return nodes with all their properties, in their order."""
    found = fetch_all(store, (node.id for node in nodes))
    return [found[node.id] for node in nodes]


def _read_first(tiers: dict[int, list[Node]]) -> None:
    """Put papers that were read before works only cited by that title: sources differ in how they write it."""
    cited = [node for node in tiers.get(_NAME, ()) if node.properties.get("stub")]
    read = [
        node for node in tiers.get(_FOLDED, ()) if node.label == "Paper" and not node.properties.get("stub")
    ]
    if read and cited and len(cited) == len(tiers[_NAME]):
        tiers[_NAME] = read
        tiers[_FOLDED] = cited + [node for node in tiers[_FOLDED] if node not in read]


def _fitter(name: str, found: dict[str, str]) -> Callable[[Node], int | None]:
    """Prepare the comparison of one name with many nodes."""
    key = name_key(name)
    address = address_key(name)
    folded = name.casefold()

    def fits(node: Node) -> int | None:
        properties = node.properties
        if found and any(properties.get(prop) == value for prop, value in found.items()):
            return _IDENTIFIER
        if address and address in (address_key(str(properties.get("url", ""))), address_key(node.name)):
            return _IDENTIFIER
        if node.name == name:
            return _NAME
        own = name_key(node.name)
        if not key:
            return _PREFIX if node.name.casefold().startswith(folded) else None
        if own == key:
            return _FOLDED
        if any(name_key(alias) == key for alias in _aliases(node)):
            return _ALIAS
        if not own.startswith(key):
            return None
        if node.label == "Paper" and name_key(node.name.partition(":")[0]) == key:
            return _SHORT_TITLE
        return _PREFIX

    return fits


def _begins(title: str, name: str) -> bool:
    """Tell whether a title begins with all the words of a name."""
    typed = words(name)
    return len("".join(typed)) >= 3 and words(title)[: len(typed)] == typed


def _aliases(node: Node) -> Iterable[str]:
    aliases = node.properties.get("aliases") or ()
    return (aliases,) if isinstance(aliases, str) else aliases


def _labels(label: Labels) -> frozenset[str] | None:
    if label is None:
        return None
    return frozenset([label] if isinstance(label, str) else label)


def _nodes(store: Store, label: Labels) -> Iterator[Node]:
    wanted = _labels(label)
    if wanted is None:
        return (node for node in store.nodes() if node.label not in _UNNAMED)
    return (node for one in sorted(wanted) for node in store.nodes(one))


def _by_degree(store: Store, nodes: list[Node]) -> list[Node]:
    if len(nodes) < 2:
        return nodes
    if asked := _asked(store):
        degree = asked.degrees(node.id for node in nodes)
    else:
        degree = {node.id: sum(1 for _ in store.edges_of(node.id)) for node in nodes}
    return sorted(nodes, key=lambda node: (-degree[node.id], node.name.casefold(), node.id))


# --- words for messages ------------------------------------------------------------------------------------


def _named(node: Node) -> str:
    return f"{node.name!r} ({node.label}, {node.id})"


def _either(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} or {items[-1]}"


def _label_words(label: Labels) -> str:
    wanted = _labels(label)
    return "node" if wanted is None else " or ".join(sorted(wanted))


def _ambiguous(name: str, nodes: list[Node], shown: int = 5) -> str:
    more = f" and {len(nodes) - shown} more" if len(nodes) > shown else ""
    remedy = "say which with --type" if len({node.label for node in nodes}) > 1 else "give an id instead"
    offered = ", ".join(_named(node) for node in nodes[:shown])
    return f"{name!r} may mean {offered}{more}; {remedy}."


# --- what stands around a node -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Neighbour(Row):
    """One edge of a node seen from that node."""

    node: Node
    edge: Edge
    quotations: tuple[Quotation, ...]

    def ref(self) -> PaperRef | EntityRef:
        """Name the neighbour."""
        return paper_ref(self.node) if self.node.label == "Paper" else entity_ref(self.node)


@dataclass(frozen=True, slots=True)
class Group(Row):
    """The neighbours over one edge type in one direction; ``total`` counts those beyond the limit too."""

    type: str
    direction: Literal["out", "in"]
    total: int
    neighbours: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True)
class Neighbourhood(Row):
    """A node with all its edges, grouped: what it leads to first, then what leads to it.

    ``forms`` are the written forms that mean an entity, ``records`` those that are one paper, each with the rule that
    says so; ``corrections`` are those made by hand that speak of the node.
    """

    node: Node
    groups: tuple[Group, ...]
    forms: tuple[Form, ...] = ()
    records: tuple[RecordRow, ...] = ()
    corrections: tuple[CorrectionRow, ...] = ()

    def group(self, edge_type: str, direction: Literal["out", "in"] = "out") -> tuple[Neighbour, ...]:
        """Return the neighbours over one edge type, empty where there are none."""
        for group in self.groups:
            if (group.type, group.direction) == (edge_type, direction):
                return group.neighbours
        return ()


def neighbourhood(store: Store, node_id: str, limit: int | None = None) -> Neighbourhood:
    """Show a node with its neighbours by edge type and direction, and the quotations that assert each edge.

    What the node itself is made of comes along: its written forms or records, each with the rule that put it there.
    Authors come in the order of the paper, papers newest first, all else by name.

    Parameters
    ----------
    store
        The graph.
    node_id
        An id or former id; see :func:`resolve` for names.
    limit
        How many neighbours a group holds at most; all by default.

    Raises
    ------
    NotFoundError
        There is no node of that id.

    Examples
    --------
    >>> around = neighbourhood(store, "method:qlora")  # doctest: +SKIP
    >>> [(group.type, group.direction, group.total) for group in around.groups]  # doctest: +SKIP
    [('BUILDS_ON', 'out', 1), ('PROPOSES', 'in', 1), ('USES', 'in', 12)]
    """
    node = store.node(node_id)
    if node is None:
        raise NotFoundError(f"The graph has no node with the id {node_id!r}.")
    grouped: dict[tuple[int, int], list[tuple[Node, Edge]]] = {}
    order = {edge_type: place for place, edge_type in enumerate(EDGES)}
    edges = list(store.edges_of(node.id))
    others = fetch_all(store, (edge.target if edge.source == node.id else edge.source for edge in edges))
    for edge in edges:
        outward = edge.source == node.id
        other = others[edge.target if outward else edge.source]
        grouped.setdefault((0 if outward else 1, order[edge.type]), []).append((other, edge))
    types = list(EDGES)
    groups = []
    for (inward, place), items in sorted(grouped.items()):
        items.sort(key=_neighbour_key)
        shown = tuple(
            Neighbour(other, edge, quotations(store, edge, other if inward else node))
            for other, edge in items[:limit]
        )
        groups.append(Group(types[place], "in" if inward else "out", len(items), shown))
    corrected = speak_of(store, node) if isinstance(store, LocalStore) else ()
    return Neighbourhood(node, tuple(groups), forms(store, node), records(store, node), corrected)


def _neighbour_key(item: tuple[Node, Edge]) -> tuple[int, int, str, str]:
    node, edge = item
    position, year = edge.properties.get("position", 0), node.properties.get("year", 0)
    return (
        position if isinstance(position, int) else 0,
        -year if isinstance(year, int) else 0,
        node.name.casefold(),
        node.id,
    )
