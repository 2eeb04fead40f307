"""A real Neo4j server for tests: that of ``NEO4J_URI``, else one of our own, else the reason why there is none."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


def _script() -> ModuleType:
    path = Path(__file__).resolve().parents[1] / "scripts" / "neo4j_server.py"
    spec = importlib.util.spec_from_file_location("neo4j_server_script", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


script = _script()

_OPTIONS = ("-XX:TieredStopAtLevel=1",)
"""What makes Java start in half the time; in the short life of a test's server the best code never pays."""


@contextmanager
def reachable() -> Iterator[str]:
    """Set the environment up to reach a server and give its address; skip where there is none."""
    if "NEO4J_URI" in os.environ:
        yield os.environ["NEO4J_URI"]
        return
    with own_server() as server:
        yield server.uri


@contextmanager
def own_server(version: str = "lts", settings: dict[str, str] | None = None) -> Iterator[Any]:
    """Give a server that tests may stop and break, with the environment set up to reach it."""
    if (
        not os.environ.get("CI")
        and not (script.HOME / script.VERSIONS.get(version, version) / "lib" / ".complete").exists()
    ):
        pytest.skip("needs a Neo4j server: `make neo4j` fetches one, or set NEO4J_URI")
    patch = pytest.MonkeyPatch()
    try:
        with script.running(version, settings=settings, options=_OPTIONS) as server:
            patch.setenv("NEO4J_USERNAME", "neo4j")
            patch.setenv("NEO4J_PASSWORD", server.password)
            patch.delenv("NEO4J_DATABASE", raising=False)
            yield server
    except script.UnavailableError as error:
        pytest.skip(f"needs a Neo4j server: {error}")
    finally:
        patch.undo()


def emptied(address: str) -> str:
    """Take everything out of the server's database and return the address."""
    from citegraph.graph.server import Address
    from citegraph.graph.server.connection import Connection

    connection = Connection(Address.parse(address))
    with connection.session(write=True) as session:
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS").consume()
    connection.close()
    return address
