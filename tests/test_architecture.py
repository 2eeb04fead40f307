"""Who may know whom: no import runs back, and none inside the package is absolute."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAY_KNOW = {
    "graph": {"graph"},
    "loaders": {"loaders", "graph"},
    "queries": {"queries", "graph"},
    "viz": {"viz", "graph", "queries"},
}
LEAVES = {"_version"}  # know nobody, so that all may know them
MODULES = sorted(path for room in MAY_KNOW for path in (ROOT / room).rglob("*.py"))


def imports(path: Path) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found.append((node.level, node.module or ""))
        elif isinstance(node, ast.Import):
            found.extend((0, alias.name) for alias in node.names)
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_knows_only_the_rooms_it_may_know(path):
    parts = path.relative_to(ROOT).parts
    for level, module in imports(path):
        assert module.partition(".")[0] != "citegraph", f"{path} imports {module} absolutely"
        if level:
            package = parts[: len(parts) - level]
            target = (*package, *module.split("."))[0]
            assert not target or target in MAY_KNOW[parts[0]] | LEAVES, f"{path} knows {target}"
