"""A folder from which ``neo4j-admin database import full`` makes the database that a copy to a server would make.

    nodes-Paper.csv, …     the nodes of a label
    edges-CITES.csv, …     the edges of a type
    import.sh              hands the tables to neo4j-admin
    schema.cypher          constraints and indexes, and the few values that no table can hold

With what later builds go by in its hidden properties, so that ``citegraph build -g neo4j://…`` goes on from there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any

from ..content import Content, content_of
from ..errors import StoreError
from ..lengths import too_long
from ..schema import EDGES, NODES
from ..server import payload
from ..server.asked import label_of
from ..server.remote import AWAIT, indexes
from ..store import Store
from .files import telling, whole_folder
from .neo4j_csv import SEPARATOR, Afterwards, Table

_MARK = "Written by citegraph"
_SCRIPT, _SCHEMA = "import.sh", "schema.cypher"
_NAMES = (
    {f"nodes-{label}.csv" for label in NODES} | {f"edges-{name}.csv" for name in EDGES} | {_SCRIPT, _SCHEMA}
)
_KINDS = {name: list if name == "_records" else str for name in payload.CARRIED}
_BUFFER = 4
"""MiB that neo4j-admin reads at once unless told otherwise; a row must fit in."""


def write(store: Store, folder: Path, prefix: str = "") -> None:
    """Write the folder; one that such an export wrote before is replaced.

    Parameters
    ----------
    prefix
        What is put before the labels, as in ``neo4j://HOST?prefix=…``.

    Raises
    ------
    StoreError
        The folder holds something else or cannot be written; the graph holds no source.
    """
    with telling(folder):
        _check(folder)
    content = content_of(store)
    if "Source" not in content.counts().nodes:
        raise StoreError(
            f"{content.name} holds no source, and a server keeps settings and corrections with one; build it first."
        )
    with whole_folder(folder) as place, _Tables(place, prefix) as tables, content.unchanging():
        tables.fill(content)
        script = place / _SCRIPT
        script.write_text(_script(list(tables.closed)), encoding="utf-8")
        script.chmod(script.stat().st_mode | 0o111)


def _check(folder: Path) -> None:
    """Refuse a folder that is not wholly of this kind."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise StoreError(f"{folder} is a file; the neo4j-admin format needs a folder.")
    there = sorted(entry.name for entry in folder.iterdir())
    others = [name for name in there if name not in _NAMES]
    if there and not others and _MARK not in _beginning(folder / _SCRIPT):
        others = there
    if others:
        raise StoreError(
            f"{folder} holds {others[0]}, which is no part of such an export; name a new or an empty folder."
        )


def _beginning(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        return stream.read(200).decode(errors="replace")


class _Tables:
    """The files of a folder while they are written."""

    def __init__(self, folder: Path, prefix: str) -> None:
        self._folder, self._prefix = folder, prefix
        self._nodes: dict[str, Table] = {}
        self._edges: dict[str, Table] = {}
        self._schema: IO[str] | None = None
        self.closed: list[Table] = []

    def __enter__(self) -> _Tables:
        return self

    def __exit__(self, *_: object) -> None:
        for table in (*self._nodes.values(), *self._edges.values()):
            table.abandon()

    def fill(self, content: Content) -> None:
        """Write all tables, and the statements to be run when they are in."""
        with self._statements() as afterwards:
            sources = {}
            for label, node_id, properties in content.nodes():
                if fault := too_long(node_id, properties.get("name")):
                    raise StoreError(
                        f"Neo4j cannot take the graph: {fault}; mend the record that has it and build anew."
                    )
                if label == "Source":
                    sources[node_id] = properties
                else:
                    self._node(label, node_id, properties, afterwards)
            for source, kind, target, properties in content.edges():
                left = self._edge(kind).add((source, kind, target), properties)
                if left:
                    ends = str(label_of(source)), str(label_of(target))
                    afterwards.edge(
                        (self._prefix + ends[0], self._prefix + ends[1]), (source, target), kind, left
                    )
            hashes = self._close()
            # The state that makes this a graph of ours names what it was made from: the same export, the same bytes.
            for number, (node_id, properties) in enumerate(sorted(sources.items())):
                state = {} if number else {"_state": payload.first_state(content.known(), hashes)}
                self._node("Source", node_id, properties | state, afterwards)
            self._close()

    def _node(self, label: str, node_id: str, properties: dict[str, Any], afterwards: Afterwards) -> None:
        table = self._nodes.get(label)
        if table is None:
            columns = {name: known.kind for name, known in NODES[label].properties.items()}
            columns |= {"_state": str} if label == "Source" else {}
            path = self._folder / f"nodes-{label}.csv"
            table = self._nodes[label] = Table(path, ("id:ID", ":LABEL"), columns)
        if left := table.add((node_id, self._prefix + label), properties):
            afterwards.node(self._prefix + label, node_id, left)

    def _edge(self, kind: str) -> Table:
        table = self._edges.get(kind)
        if table is None:
            columns = {name: known.kind for name, known in EDGES[kind].properties.items()}
            columns |= _KINDS if kind == "FROM" else {}
            path = self._folder / f"edges-{kind}.csv"
            table = self._edges[kind] = Table(path, (":START_ID", ":TYPE", ":END_ID"), columns)
        return table

    def _close(self) -> str:
        """Close the tables that are open and return a hash of them all."""
        made = blake2b(digest_size=16)
        for tables in (self._nodes, self._edges):
            for name in sorted(tables):
                made.update(tables[name].close().encode())
                self.closed.append(tables[name])
            tables.clear()
        return made.hexdigest()

    @contextmanager
    def _statements(self) -> Iterator[Afterwards]:
        """Open schema.cypher, which begins with the constraints, by which nodes are found."""
        with (self._folder / _SCHEMA).open("w", encoding="utf-8") as stream:
            stream.write(_SCHEMA_HEAD)
            for statement in (*(statement for _, statement in indexes(self._prefix)), AWAIT):
                stream.write(f"{statement};\n")
            afterwards = Afterwards(lambda statement: stream.write(f"\n{statement};\n"))
            yield afterwards
            afterwards.close()
            stream.flush()
            os.fsync(stream.fileno())


_SCHEMA_HEAD = f"""\
// {_MARK}: run this when {_SCRIPT} is through and the server is up again:
//   cypher-shell -u neo4j -f {_SCHEMA}
// The constraint and the index of each label; below them, if anything, the values that CSV cannot hold (empty lists).

"""


# --- the script --------------------------------------------------------------------------------------------


def _script(tables: list[Table]) -> str:
    longest = 2 * max(table.longest for table in tables)
    options = []
    for option, kind in (("nodes", "nodes-"), ("relationships", "edges-")):
        names = sorted(table.name for table in tables if table.name.startswith(kind))
        options += [f'--{option}="${{at}}{name}"' for name in names]
    options += [  # after the files, to which neo4j-admin would else count the name of the database
        "--id-type=string",
        f"--array-delimiter=U+{ord(SEPARATOR):04X}",
        "--quote='\"'",
        f"--multiline-fields={'true' if any(table.multiline for table in tables) else 'false'}",
        f"--read-buffer-size={max(_BUFFER, -(-longest // (1 << 20)))}m",
        "--report-file=/dev/null",
    ]
    return _TEMPLATE.replace("@options@", " \\\n    ".join(options))


_TEMPLATE = f"""\
#!/bin/sh
# {_MARK}: makes a Neo4j database (5.26 or newer) of the tables in this folder.
#
# 1. Stop the server: the import writes the files of its database.
# 2. Run this as the user that the server runs as:
#        sh {_SCRIPT} [MORE OPTIONS OF neo4j-admin database import full]
#    A database that holds something is left alone unless you add --overwrite-destination.
#        NEO4J_ADMIN       the command, where it is not neo4j-admin: /opt/neo4j/bin/neo4j-admin, or one of several
#                          words, as with Docker, where this folder must be mounted under the name it has here
#        NEO4J_DATABASE    the database, where it is not neo4j
# 3. Start the server. In Enterprise, CREATE DATABASE if the database is a new one.
# 4. Make constraints and indexes: cypher-shell -u neo4j -d DATABASE -f {_SCHEMA}
#
# Now `citegraph stats -g neo4j://HOST:7687` reads the graph, and `citegraph build` goes on from it. Keep this folder
# to yourself, or take it away: it holds all that the graph does.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
case $here in
*,*) cd -- "$here"; at= ;; # a comma would end the name of a file
*) at=$here/ ;;
esac

set -- database import full \\
    @options@ \\
    "$@" "${{NEO4J_DATABASE:-neo4j}}"

admin=${{NEO4J_ADMIN:-neo4j-admin}}
if command -v "$admin" >/dev/null 2>&1; then
    exec "$admin" "$@"
fi
set -f # words, but no patterns
for first in $admin; do
    command -v "$first" >/dev/null 2>&1 || {{
        echo "There is no command $first; set NEO4J_ADMIN to where neo4j-admin is." >&2
        exit 127
    }}
    break
done
exec $admin "$@"
"""
