"""Making corrections and taking them back: what a person says is checked against the graph before it is kept.

Linking and unlinking are each other's way back: a link of what was unlinked takes the unlinking back, and the
other way round.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

import orjson

from .corrections import Correction, Corrections, Verb
from .errors import NotFoundError, StoreError
from .identity import arxiv_id, doi, openalex_id, person_key, s2_id, slug, title_key
from .local import LocalStore
from .partition import KINDS
from .records import Node
from .schema import CURATED, ENTITIES, NODES
from .sqlite import GraphFile

LINKABLE = ("Paper", *ENTITIES, "Author", "Venue", "Repository")
"""The labels whose nodes a person may link: those that papers speak of, not those that a lexicon brings along."""

_DERIVED = ("name", "aliases")
_PREFIXES = frozenset(prefix for node_type in NODES.values() for prefix in node_type.prefix)


def link(store: LocalStore, subject: str, target: str) -> Correction:
    """Write down that two nodes are one, inside ``store.writing()``; what leads to ``subject`` leads to ``target``.

    Raises
    ------
    NotFoundError
        There is no such node.
    StoreError
        They are of different types, the same node, or linked in a circle.
    """
    one, other = _node(store, subject), _node(store, target)
    if one.label != other.label:
        raise StoreError(
            f"{one.name!r} is a {one.label} ({one.id}) and {other.name!r} a {other.label} ({other.id}); only nodes "
            "of one type can be one thing. A lexicon file says what type a name has: `citegraph build --lexicon`."
        )
    if one.label not in LINKABLE:
        raise StoreError(
            f"{one.name!r} is a {one.label}; only nodes of the types {', '.join(LINKABLE)} can be linked. A lexicon "
            "file says what others are called: `citegraph build --lexicon`."
        )
    known = Corrections.load(store.file)
    if one.id == other.id or known.target(other.id) == one.id:
        raise StoreError(f"{subject} and {target} are one node already: {one.name!r} ({one.id}).")
    if other.properties.get("stub"):
        raise StoreError(
            f"{other.name!r} ({other.id}) is known only as a cited work; link it to the paper that was read: "
            f"`{shlex.join(('citegraph', 'link', other.id, one.id))}`."
        )
    made = Correction("same", one.id, other.id, {"was": one.name, **_body(store, other)})
    _write(store.file, made)
    return made


def unlink(store: LocalStore, subject: str, other: str) -> Correction:
    """Write down that a name, or another node, is not this node; a link made between the two is taken back instead.

    Parameters
    ----------
    subject
        The node that holds too much, or one of two that look alike.
    other
        A written form that does not mean it; the id of another node of its type, so that the two are never taken
        for one; for a paper, an identifier of another paper, or its title.

    Raises
    ------
    NotFoundError
        There is no such node, or it has no such written form or identifier.
    StoreError
        There is nothing to keep apart.
    """
    linked = between(store, "same", subject, other)
    if linked is not None:
        erase(store.file, linked)
        return linked
    node = _node(store, subject)
    second = store.node(other)
    if second is not None and second.id != node.id:
        if second.label != node.label:
            raise StoreError(
                f"{node.id} is a {node.label} and {second.id} a {second.label}; they are two nodes whatever happens."
            )
        made = _two(node.id, other) if node.label == "Paper" else Correction("apart", node.id, second.name)
    elif node.label == "Paper":
        made = _apart_papers(store, node, other)
    elif node.label in ENTITIES:
        made = _apart_form(node, other)
    else:
        raise StoreError(
            f"{node.name!r} is a {node.label}; only papers and {', '.join(ENTITIES)} nodes can be split."
        )
    _write(store.file, made)
    return made


def between(store: LocalStore, verb: Verb, one: str, other: str) -> Correction | None:
    """Return the correction that speaks of two things, whichever is named first; None where there is none.

    Each is the id of a node, a written form, or an identifier or the title of a paper.
    """
    for correction in Corrections.load(store.file).all:
        if correction.verb == verb and (
            _speaks_of(store, correction, one, other) or _speaks_of(store, correction, other, one)
        ):
            return correction
    return None


def erase(file: GraphFile, correction: Correction) -> None:
    """Take a correction back."""
    sql = "DELETE FROM correction WHERE verb = ? AND subject = ? AND object = ?"
    file.run(sql, (correction.verb, correction.subject, correction.object))


# --- what a person may have meant --------------------------------------------------------------------------


def means(given: str, node_id: str) -> bool:
    """Tell whether what a person typed is an id, or would be a node's by its written form or identifier.

    Examples
    --------
    >>> means("Flash Attention", "method:flash-attention"), means("arXiv:2205.14135v2", "arxiv:2205.14135")
    (True, True)
    """
    return bool(_keys(given) & _keys(node_id))


def _speaks_of(store: LocalStore, correction: Correction, one: str, other: str) -> bool:
    """Tell whether two things, in this order, are what a correction speaks of."""
    said = correction.subject, correction.object
    named = [means(given, end) for given, end in zip((one, other), said, strict=True)]
    if all(named) or not correction.on_papers:
        return all(named)
    # A paper may have got another id since; of two that were linked one at least must be named as it was.
    enough = any(named) or correction.verb == "apart"
    return enough and all(
        known or _same_paper(store, given, end)
        for known, given, end in zip(named, (one, other), said, strict=True)
    )


def _same_paper(store: LocalStore, one: str, other: str) -> bool:
    first, second = store.node(one), store.node(other)
    return first is not None and second is not None and first.id == second.id


def _keys(given: str) -> frozenset[str]:
    """Return an id as it is; for anything else the ids it may be the end of, and the keys of papers."""
    prefix, colon, _ = given.partition(":")
    if colon and prefix in _PREFIXES:
        return frozenset([given])
    return frozenset([*_ids(given), *_paper_keys(given)])


def _ids(given: str) -> Iterator[str]:
    for name in {slug(given), slug(person_key(given))} - {""}:
        yield from (f"{prefix}:{name}" for prefix in _PREFIXES - set(KINDS))


def _paper_keys(given: str) -> Iterator[str]:
    for kind, read in (("arxiv", arxiv_id), ("doi", doi), ("openalex", openalex_id), ("s2", s2_id)):
        if found := read(given):
            yield f"{kind}:{found}"
    yield f"title:{title_key(given) or given}"


def _apart_form(node: Node, form: str) -> Correction:
    forms = [node.name, *node.properties.get("aliases", ())]
    known = {slug(known) for known in forms}
    if slug(form) not in known:
        raise NotFoundError(f"{node.id} has no written form {form!r}; it has: {_some(forms)}.")
    if slug(form) == node.id.partition(":")[2]:
        others = [other for other in forms if slug(other) != slug(form)]
        remedy = f"; take away what does not mean it: {_some(others)}" if others else ""
        raise StoreError(f"{form!r} is what {node.id} itself is called{remedy}.")
    return Correction("apart", node.id, form)


def _apart_papers(store: LocalStore, node: Node, other: str) -> Correction:
    rows = store.file.rows("SELECT keys FROM record WHERE paper = ?", (node.id,))
    records = [orjson.loads(keys) for (keys,) in rows]
    known = sorted({key for keys in records for key in keys})
    meant = next((key for key in known if key in _keys(other)), None)
    if meant is None:
        raise NotFoundError(
            f"{node.id} has no identifier or title {other!r}; it has: {_some(known) or 'no record of its own'}."
        )
    rest = sorted({key for keys in records if meant not in keys for key in keys}, key=lambda k: k != node.id)
    if not rest:
        raise StoreError(f"Every record of {node.id} says {meant}; there is nothing to keep apart.")
    first = next((key for key in rest if not key.startswith("title:")), rest[0])
    return _two(first, meant)


def _two(one: str, other: str) -> Correction:
    return Correction("apart", min(one, other), max(one, other))


def _some(forms: list[str], shown: int = 12) -> str:
    more = f" and {len(forms) - shown} more" if len(forms) > shown else ""
    return ", ".join(map(repr, forms[:shown])) + more


def _node(store: LocalStore, node_id: str) -> Node:
    node = store.node(node_id)
    if node is None:
        raise NotFoundError(f"The graph has no node {node_id!r}; `citegraph show NAME` tells ids.")
    return node


# --- what is kept ------------------------------------------------------------------------------------------


def _body(store: LocalStore, node: Node) -> dict[str, Any]:
    properties = {key: value for key, value in node.properties.items() if key not in _DERIVED}
    return {"name": node.name, "properties": properties, "facts": _facts(store, node.id)}


def _facts(store: LocalStore, node_id: str, above: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    found = []
    for edge in store.edges_of(node_id, "out"):
        target = store.node(edge.target)
        if edge.type in CURATED and target is not None and target.id not in above:
            properties = {k: v for k, v in target.properties.items() if k not in _DERIVED}
            found.append(
                {
                    "type": edge.type,
                    "target": target.id,
                    "target_label": target.label,
                    "target_name": target.name,
                    "properties": properties,
                    "facts": _facts(store, target.id, (*above, node_id)),
                }
            )
    return found


def _write(file: GraphFile, made: Correction) -> None:
    if made.verb == "same":
        file.run("DELETE FROM correction WHERE verb = 'same' AND subject = ?", (made.subject,))
    row = (made.verb, made.subject, made.object, orjson.dumps(dict(made.body)).decode())
    file.run("INSERT OR REPLACE INTO correction VALUES (?, ?, ?, ?)", row)
