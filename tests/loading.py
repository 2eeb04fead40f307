"""Reading inputs in a test: papers here, refusals there."""

from __future__ import annotations

from pathlib import Path

from citegraph.graph.records import Paper
from citegraph.loaders import Document, Refusal, open_inputs


def read(*inputs: str | Path, format: str | None = None) -> tuple[list[Paper], list[Refusal]]:
    """Return the papers and the refusals of inputs, each in order."""
    papers: list[Paper] = []
    refusals: list[Refusal] = []
    for found in open_inputs(inputs, format=format):
        for item in found.papers() if isinstance(found, Document) else [found]:
            (papers if isinstance(item, Paper) else refusals).append(item)  # type: ignore[arg-type]
    return papers, refusals


def read_text(folder: Path, text: str | bytes, name: str = "input.txt", format: str | None = None):
    """Write an input and read it."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(path, format=format)
