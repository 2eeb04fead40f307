"""What a builder needs beside the graph, kept on the server within the graph: records on the FROM edges.

A local graph file has tables of its own for records, identities and tallies. A server has nodes and edges only, so
what cannot be derived travels as properties whose names begin with an underscore: on every FROM edge the records it
stands for, on a paper's first FROM edge its part and the names it coins, on the first Source the settings and
corrections. All the rest is worked out from them when a graph is opened for writing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

import orjson

from .. import tally as tallies
from ..codec import load_paper
from ..partition import keys_of, surnames_of
from ..sqlite import GraphFile

HIDDEN = "_"
"""How the names of properties begin that are no part of the graph."""

CARRIED = ("_records", "_part", "_coined")
"""What a FROM edge may carry: a list of texts, and two texts."""

_BATCH = 1000


def visible(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties that are part of the graph: neither the id nor what only builders need."""
    return {key: value for key, value in properties.items() if key != "id" and not key.startswith(HIDDEN)}


# --- from the tables to the server -------------------------------------------------------------------------


def of_edges(file: GraphFile, edges: Iterable[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what the FROM edges between papers and sources (uris) have to carry."""
    wanted = list(edges)
    papers = sorted({paper for paper, _ in wanted})
    found: dict[tuple[str, str], dict[str, Any]] = {edge: {} for edge in wanted}
    first: dict[str, str] = {}
    sql = "SELECT paper, source, body FROM record WHERE paper IN ({}) ORDER BY digest"
    for paper, source, body in file.rows_in(sql, papers):
        first[paper] = min(source, first.get(paper, source))
        if (paper, source) in found:
            found[paper, source].setdefault("_records", []).append(body.decode())
    for paper, body in file.rows_in("SELECT paper, body FROM part WHERE paper IN ({})", papers):
        if (paper, first[paper]) in found:
            found[paper, first[paper]]["_part"] = body.decode()
    coined: dict[str, list[list[str]]] = {}
    sql = "SELECT paper, surface, label, id, name FROM coinage WHERE paper IN ({}) ORDER BY surface"
    for paper, *row in file.rows_in(sql, papers):
        coined.setdefault(paper, []).append(row)
    for paper, rows in coined.items():
        if (paper, first[paper]) in found:
            found[paper, first[paper]]["_coined"] = orjson.dumps(rows).decode()
    return found


def of_graph(file: GraphFile) -> dict[str, Any]:
    """Return the settings and corrections of a graph."""
    return {
        "settings": dict(file.rows("SELECT name, value FROM setting ORDER BY name")),
        "corrections": [
            list(row)
            for row in file.rows("SELECT verb, subject, object, body FROM correction ORDER BY 1, 2, 3")
        ],
    }


def first_state(known: Mapping[str, Any], token: str) -> str:
    """Return the state of a graph that came to the server at once; the token tells it from any other one."""
    begun: dict[str, Any] = {"revision": 1, "writing": None, "sources": [], "copy": token}
    return orjson.dumps({**known, **begun}).decode()


# --- from the server to the tables -------------------------------------------------------------------------


def fill(
    file: GraphFile,
    sources: Iterable[Mapping[str, Any]],
    edges: Iterable[tuple[str, str, Mapping[str, Any]]],
    known: Mapping[str, Any],
    *,
    whole: bool,
) -> None:
    """Fill the tables of an empty file, but for what :meth:`.parts.Parts.cite_again` works out from them.

    Parameters
    ----------
    sources
        The properties of the Source nodes.
    edges
        Paper, source uri and properties of every FROM edge.
    known
        What :func:`of_graph` returned.
    whole
        False where a change was broken off: then only records are believed, all else is worked out anew.
    """
    for source in sources:
        row = (source["uri"], source["sha256"], source["format"], source["loaded_at"])
        file.run("INSERT INTO source VALUES (?, ?, ?, ?)", row)
    stream = iter(edges)
    while batch := list(islice(stream, _BATCH)):
        _fill_records(file, batch, whole=whole)
        if whole:
            _fill_parts(file, batch)
    if whole:
        _fill_identities(file)
    for name, value in known.get("settings", {}).items():
        if whole or name != "extractor":
            file.keep(name, value)
    file.write("INSERT INTO correction VALUES (?, ?, ?, ?)", known.get("corrections", ()))


def _fill_records(
    file: GraphFile, edges: Iterable[tuple[str, str, Mapping[str, Any]]], *, whole: bool
) -> None:
    rows = []
    for paper, uri, properties in edges:
        for text in properties.get("_records", ()):
            body = text.encode()
            read = load_paper(body)
            year = read.year or (int(read.date[:4]) if read.date else None)
            digest = hashlib.blake2b(body, digest_size=16).digest()
            names = " ".join(sorted(surnames_of(read)))
            keys = orjson.dumps(keys_of(read))
            rows.append((uri, digest, paper if whole else "", keys, year, names, body))
    file.write(
        "INSERT INTO record (source, digest, paper, keys, year, surnames, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def _fill_parts(file: GraphFile, edges: Iterable[tuple[str, str, Mapping[str, Any]]]) -> None:
    """Write down parts and coined names, and count what the parts claim."""
    parts: list[tuple[str, bytes]] = []
    coined: list[tuple[str, ...]] = []
    counted: dict[str, tallies.Tally] = {}
    for paper, _, properties in edges:
        if "_part" in properties:
            parts.append((paper, properties["_part"].encode()))
            for node_id, claimed in orjson.loads(properties["_part"])["nodes"]:
                tallies.add(counted.setdefault(node_id, {}), claimed)
        if "_coined" in properties:
            coined.extend((surface, paper, *rest) for surface, *rest in orjson.loads(properties["_coined"]))
    file.write("INSERT INTO part VALUES (?, ?)", parts)
    file.write("INSERT INTO coinage VALUES (?, ?, ?, ?, ?)", coined)
    for node_id, body in file.rows_in("SELECT id, body FROM tally WHERE id IN ({})", sorted(counted)):
        tally = counted[node_id]
        for claim, count in orjson.loads(body).items():
            tally[claim] = tally.get(claim, 0) + count
    file.write(
        "INSERT OR REPLACE INTO tally VALUES (?, ?)",
        ((node_id, orjson.dumps(tally)) for node_id, tally in counted.items()),
    )


def _fill_identities(file: GraphFile) -> None:
    """Write down which keys lead to which paper: those of its records, with its earliest year."""
    rows = file.rows("SELECT paper, keys, year FROM record ORDER BY paper")

    def identities() -> Iterator[tuple[str, str, int | None]]:
        for paper, records in groupby(rows, itemgetter(0)):
            listed = list(records)
            year = min((year for _, _, year in listed if year is not None), default=None)
            for key in sorted({key for _, keys, _ in listed for key in orjson.loads(keys)}):
                yield key, paper, year

    stream = identities()
    while batch := list(islice(stream, _BATCH)):
        file.write("INSERT OR REPLACE INTO identity VALUES (?, ?, 0, ?)", batch)
