"""Console blocks of the documentation: run them, and write down what they really print.

A block fenced as ``console`` holds commands after ``$`` and what they print. All blocks of a page run in one
folder, in order, with the example corpus beside them. A last line ``…`` stands for what is left out after it.
Where a page speaks of neo4j://localhost:7687 its commands go to the server of ``NEO4J_URI``, which is to be empty.

    python scripts/console.py README.md docs/guide.md     rewrite the blocks with their real output
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SERVER = "neo4j://localhost:7687"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Command:
    """One command of a block and the output the page shows for it."""

    line: str
    shown: tuple[str, ...]


def commands(block: str) -> list[Command]:
    """Split a block into its commands and their outputs."""
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found and line.startswith("> ") and not found[-1][1]:
            found[-1] = (f"{found[-1][0]}\n{line[2:]}", [])
        elif found:
            found[-1][1].append(line)
    return [Command(line, tuple(shown)) for line, shown in found]


def run(line: str, folder: Path) -> list[str]:
    """Run a command as a user would and return the lines it prints, without trailing blanks."""
    environment = {key: value for key, value in os.environ.items() if key != "CITEGRAPH_GRAPH"}
    server = environment.get("NEO4J_URI", SERVER)
    path = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        line.replace(SERVER, server),
        shell=True,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=environment | {"COLUMNS": "110", "PATH": path, "XDG_CACHE_HOME": str(folder)},
    )
    if done.returncode not in (0, 1) or done.stderr.startswith("Traceback"):
        raise RuntimeError(f"{line}: {done.stderr}")
    printed = (done.stdout + done.stderr).replace(server, SERVER)
    return [text.rstrip() for text in printed.rstrip().splitlines()]


def needs_server(page: Path) -> bool:
    """Tell whether a page has commands or examples that ask a server."""
    return SERVER in page.read_text(encoding="utf-8")


def play(page: Path) -> Iterator[list[tuple[Command, list[str]]]]:
    """Run the blocks of a page in order in a fresh folder; yield each block's commands with what they printed."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "examples").symlink_to(ROOT / "examples")
        for match in BLOCK.finditer(page.read_text(encoding="utf-8")):
            yield [(c, run(c.line, Path(folder))) for c in commands(match.group(1))]


def cut(command: Command, printed: list[str]) -> list[str]:
    """Return what the page should show: all that was printed, or as much as it chose to show before ``…``."""
    if command.shown and command.shown[-1] == "…":
        return [*printed[: len(command.shown) - 1], "…"]
    return printed


def rewrite(page: Path) -> None:
    """Write the real outputs into a page."""
    blocks = []
    for played in play(page):
        lines = ["```console"]
        for command, printed in played:
            first, *more = command.line.split("\n")
            lines += [f"$ {first}", *(f"> {line}" for line in more), *cut(command, printed)]
        blocks.append("\n".join([*lines, "```"]))
    written = iter(blocks)
    text = page.read_text(encoding="utf-8")
    page.write_text(BLOCK.sub(lambda _: next(written), text), encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        if needs_server(Path(name)) and "NEO4J_URI" not in os.environ:
            print(f"{name} is left as it is: it needs a server; set NEO4J_URI.", file=sys.stderr)
            continue
        rewrite(Path(name))
