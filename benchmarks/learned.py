"""Reading papers with learned parts that have not seen them: each fold with parts trained on the other folds.

A part of the extractor that is learned from annotated papers is a file ``data/NAME.json`` and a script that writes
it, ``scripts/train_NAME.py GOLD… --out FILE``. Parts learned without annotation need no such care.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
FROM_ANNOTATION = ("relations",)


def trainable() -> list[str]:
    """Return the parts that are shipped and can be trained anew here; say on stderr why others cannot."""
    from citegraph.loaders.extract.linear import DATA

    shipped = [name for name in FROM_ANNOTATION if (DATA / f"{name}.json").exists()]
    if not shipped:
        print(
            "Training anew is skipped: no part of the extractor is learned from annotation.", file=sys.stderr
        )
        return []
    if find_spec("sklearn") is None:
        print("Training anew is skipped: it needs scikit-learn (pip install scikit-learn).", file=sys.stderr)
        return []
    return [name for name in shipped if (SCRIPTS / f"train_{name}.py").exists()]


@contextmanager
def trained_on(papers: Iterable[Mapping[str, Any]], parts: Sequence[str]) -> Iterator[None]:
    """Let extractors use parts trained on these papers instead of the shipped ones."""
    if not parts:
        yield
        return
    from citegraph.loaders.extract import linear

    before = linear.DATA
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        gold = folder / "gold.jsonl"
        gold.write_text("".join(json.dumps(paper) + "\n" for paper in papers), encoding="utf-8")
        for path in before.glob("*.json"):
            shutil.copy(path, folder)
        for part in parts:
            target = folder / f"{part}.json"
            target.unlink(missing_ok=True)
            _train(SCRIPTS / f"train_{part}.py", gold, target)
        linear.DATA = folder
        _forget()
        try:
            yield
            unasked = [part for part in parts if not _was_asked_for(part)]
            if unasked:
                print(f"No paper of a fold asked for {', '.join(unasked)}.", file=sys.stderr)
        finally:
            linear.DATA = before
            _forget()


def _forget() -> None:
    """Clear every cache of the extractor: what is made of a part must go with it."""
    for name, module in list(sys.modules.items()):
        if name.startswith("citegraph.loaders.extract"):
            for value in vars(module).values():
                if callable(clear := getattr(value, "cache_clear", None)):
                    clear()


def _was_asked_for(part: str) -> bool:
    """Tell whether a part has been read since everything was forgotten."""
    from citegraph.loaders.extract.linear import shipped

    before = shipped.cache_info().hits
    shipped(part)
    return shipped.cache_info().hits > before


def _train(script: Path, gold: Path, target: Path) -> None:
    command = [sys.executable, str(script), str(gold), "--out", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or not target.exists():
        sys.exit(f"{script.name}: {(done.stderr.strip().splitlines() or ['it wrote nothing'])[-1]}")
