"""What all tests share: where the real-world data lies, and the helper modules beside this file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("citegraph", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("citegraph")

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[1] / "shared"

if str(HERE) not in sys.path:  # so that tests can import helper modules such as memory_store
    sys.path.insert(0, str(HERE))


def shared(path: str = "") -> Path:
    """Return a path below the shared data folder; skip the test, or the module, where it is absent."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"needs ../shared/{path}, which is not here", allow_module_level=True)
    return found


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file in one process, but those that ask the server together: starting one is dear."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            asks = "neo4j_address" in getattr(item, "fixturenames", ())
            item.add_marker(pytest.mark.xdist_group("neo4j" if asks else item.path.stem))


@pytest.fixture(scope="session")
def neo4j_address() -> Iterator[str]:
    """Give the address of a real Neo4j server, one for the whole run."""
    from neo4j_server import reachable

    with reachable() as address:
        yield address


@pytest.fixture(name="shared")
def _shared() -> Callable[[str], Path]:
    """Give :func:`shared` to tests that take it as an argument."""
    return shared
