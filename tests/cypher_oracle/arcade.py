"""The other engine: ArcadeDB inside this process, with its own Java machine (``pip install citegraph[oracle]``)."""

from __future__ import annotations

import tempfile
from itertools import chain, combinations
from pathlib import Path
from types import TracebackType
from typing import Any

import arcadedb_embedded as arcadedb

from .compare import Answer
from .graphs import LABELS, TYPES, Graph


def _quiet(folder: str) -> dict[str, Any]:
    """Return options that keep the Java machine small, and its logs out of the folder of the caller."""
    logging = Path(folder, "logging.properties")
    logging.write_text("handlers=\n.level=SEVERE\n", encoding="utf-8")
    options = [f"-Djava.util.logging.config.file={logging}", f"-XX:ErrorFile={folder}/crash.log"]
    return {"heap_size": "512m", "jvm_args": options}


class Arcade:
    """An empty database; every question brings its own graph, which is forgotten with the answer."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="cypher-oracle-")
        self._database = arcadedb.create_database(
            f"{self._folder.name}/graph", jvm_kwargs=_quiet(self._folder.name)
        )
        # What types there are is no part of a transaction: declare all of them once.
        sets = chain.from_iterable(combinations(LABELS, size) for size in range(len(LABELS) + 1))
        nodes = ", ".join(f"({''.join(f':{label}' for label in labels)})" for labels in sets)
        relationships = ", ".join(f"()-[:{kind}]->()" for kind in TYPES)
        with self._database.transaction():
            self._database.command("opencypher", f"CREATE {nodes}, {relationships}")
        with self._database.transaction():
            self._database.command("opencypher", "MATCH (n) DETACH DELETE n")

    def ask(self, graph: Graph, query: str) -> Answer:
        """Return what the engine answers to a query on a graph."""
        self._database.begin()
        try:
            if create := graph.to_cypher():
                self._database.command("opencypher", create)
            rows: list[dict[str, Any]] = self._database.query("opencypher", query).to_list()
            return Answer([list(row.values()) for row in rows])
        except arcadedb.ArcadeDBError as error:
            return Answer(refusal=" ".join(str(error).split()))
        finally:
            self._database.rollback()

    def __enter__(self) -> Arcade:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()
        self._folder.cleanup()
