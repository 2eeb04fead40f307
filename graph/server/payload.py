"""What a builder needs beside the graph, kept on the server within the graph: records on the FROM edges.

A local graph file has tables of its own for records, identities and tallies. A server has nodes and edges only, so
what cannot be derived travels as properties whose names begin with an underscore: on every FROM edge the records it
stands for, on a paper's first FROM edge its part and the names it coins, on the first Source the settings and
corrections. All the rest is worked out from them when a graph is opened for writing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from .. import tally as tallies
from ..codec import load_paper
from ..partition import best_key, keys_of, surnames_of
from ..sqlite import GraphFile

HIDDEN = "_"
"""How the names of properties begin that are no part of the graph."""


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


# --- from the server to the tables -------------------------------------------------------------------------


def fill(
    file: GraphFile,
    sources: Iterable[Mapping[str, Any]],
    edges: Iterable[tuple[str, str, Mapping[str, Any]]],
    known: Mapping[str, Any],
    cites: Mapping[str, set[str]],
    *,
    whole: bool,
) -> None:
    """Fill the tables of an empty file.

    Parameters
    ----------
    sources
        The properties of the Source nodes.
    edges
        Paper, source uri and properties of every FROM edge.
    known
        What :func:`of_graph` returned.
    cites
        The stubs that each paper cites.
    whole
        False where a change was broken off: then only records are believed, all else is worked out anew.
    """
    for source in sources:
        row = (source["uri"], source["sha256"], source["format"], source["loaded_at"])
        file.run("INSERT INTO source VALUES (?, ?, ?, ?)", row)
    counted: dict[str, tallies.Tally] = {}
    years: dict[str, int] = {}
    keys_by_paper: dict[str, set[str]] = {}
    stubs: set[tuple[str, str]] = set()
    for paper, uri, properties in edges:
        for text in properties.get("_records", ()):
            body = text.encode()
            read = load_paper(body)
            keys = keys_of(read)
            year = read.year or (int(read.date[:4]) if read.date else None)
            keys_by_paper.setdefault(paper, set()).update(keys)
            if year is not None:
                years[paper] = min(year, years.get(paper, year))
            for reference in read.references:
                named = keys_of(reference)
                if named and (stub := best_key(named)) in cites.get(paper, ()):
                    stubs.update((key, stub) for key in named)
            digest = hashlib.blake2b(body, digest_size=16).digest()
            names = " ".join(sorted(surnames_of(read)))
            file.run(
                "INSERT INTO record (source, digest, paper, keys, year, surnames, body)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (uri, digest, paper if whole else "", orjson.dumps(keys), year, names, body),
            )
        if whole and "_part" in properties:
            part = properties["_part"]
            file.run("INSERT INTO part VALUES (?, ?)", (paper, part.encode()))
            for node_id, claimed in orjson.loads(part)["nodes"]:
                tallies.add(counted.setdefault(node_id, {}), claimed)
        if whole and "_coined" in properties:
            rows = ((surface, paper, *rest) for surface, *rest in orjson.loads(properties["_coined"]))
            file.write("INSERT INTO coinage VALUES (?, ?, ?, ?, ?)", rows)
    if whole:
        identities = (
            (key, paper, 0, years.get(paper)) for paper, keys in keys_by_paper.items() for key in keys
        )
        file.write("INSERT OR REPLACE INTO identity VALUES (?, ?, ?, ?)", identities)
        file.write("INSERT OR IGNORE INTO identity VALUES (?, ?, 1, NULL)", sorted(stubs))
        file.write(
            "INSERT INTO tally VALUES (?, ?)",
            ((node_id, orjson.dumps(tally)) for node_id, tally in counted.items()),
        )
    for name, value in known.get("settings", {}).items():
        if whole or name != "extractor":
            file.keep(name, value)
    file.write("INSERT INTO correction VALUES (?, ?, ?, ?)", known.get("corrections", ()))
