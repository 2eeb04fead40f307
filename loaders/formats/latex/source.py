r"""The files a LaTeX paper is made of, as one text: ``\input`` followed, comments gone.

Nothing outside the folder of the main file is read, whatever a source names.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ...document import open_plain
from ...refusal import quoted

MAIN = re.compile(
    rb"^[^%\n]*\\document(?:class|style)\s*(?:\[[^\]]{0,2000}\]\s*)?\{(?!\s*(?:standalone|subfiles|letter)\s*\})",
    re.M,
)
"""What the main file of a paper begins with, and its parts and pictures do not."""

_HEAD = 1 << 16
_MOST_FILES = 500
_MOST_TEXT = 20 << 20
_DEEPEST = 10
_SUFFIXES = (".tex", ".ltx", ".latex")

_PARTS = frozenset((
    ".tex", ".ltx", ".latex", ".bbl", ".sty", ".cls", ".bst", ".bbx", ".cbx", ".lbx", ".clo", ".cfg", ".def", ".fd",
    ".ist", ".tikz", ".pgf", ".pdf_tex", ".eps", ".epsi", ".ps", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".pdf",
    ".aux", ".log", ".out", ".toc", ".lof", ".lot", ".blg", ".bcf", ".fls", ".fdb_latexmk", ".nav", ".snm", ".dat",
))  # fmt: skip
"""Endings of what a source is made of, pictures and leavings of LaTeX included."""

_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*(?:\n[ \t]*(?=\S))?")
_WHOLE_LINE_COMMENT = re.compile(r"^[ \t]*%[^\n]*\n", re.MULTILINE)
_INPUT = re.compile(
    r"\\(?:input|include|subfile|InputIfFileExists)\s*\{([^{}\n]{1,300})\}|\\input[ \t]+([^\s\\{}]{1,300})"
    r"|\\(?:sub)?import\*?\s*\{([^{}\n]{0,300})\}\s*\{([^{}\n]{1,300})\}"
)


# --- which files -------------------------------------------------------------------------------------------


def is_main(path: Path) -> bool:
    """Tell whether a file is the main one of a LaTeX source."""
    if path.suffix.lower() not in _SUFFIXES:
        return False
    try:
        with open_plain(path)[0] as stream:
            return MAIN.search(stream.read(_HEAD)) is not None
    except OSError:
        return False


def mains_in(folder: Path) -> list[Path]:
    """Return the main files of a folder, sorted."""
    try:
        names = sorted(name for name in os.listdir(folder) if name.lower().endswith(_SUFFIXES))  # noqa: PTH208
    except OSError:
        return []
    return [folder / name for name in names[:_MOST_FILES] if is_main(folder / name)]


def main_of(path: Path) -> Path | None:
    """Return the main file beside a part of a source; of several, the one of the same name."""
    if path.suffix.lower() not in _PARTS:
        return None
    mains = [main for main in mains_in(path.parent) if main.name != path.name]
    return next((main for main in mains if main.stem == path.stem), mains[0] if mains else None)


class Claims:
    """Tells which files below a folder are parts of a LaTeX source there and no inputs of their own."""

    def __init__(self, top: Path) -> None:
        self._top = top
        self._sources: dict[Path, bool] = {}

    def __contains__(self, path: Path) -> bool:
        if path.suffix.lower() not in _PARTS or is_main(path):
            return False
        folder = path.parent
        while not self._is_source(folder):
            if folder in (self._top, folder.parent):
                return False
            folder = folder.parent
        return True

    def _is_source(self, folder: Path) -> bool:
        if folder not in self._sources:
            self._sources[folder] = bool(mains_in(folder))
        return self._sources[folder]


# --- one text ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Source:
    """A source as one text; ``faults`` say what of it could not be read, ``files`` what was."""

    text: str = ""
    files: list[Path] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    too_much: bool = False
    references: int = 0


def source_of(main: Path, *, alone: bool = False) -> Source:
    """Read a main file and all it inputs; ``alone`` where it has no folder of its own."""
    source = Source()
    folder = main.parent.resolve()
    budget = [_MOST_TEXT]
    source.text = "".join(_expanded(main, folder, source, budget, (main.resolve(),), alone))
    return source


def beside(main: Path, name: str, suffix: str) -> Path | None:
    """Return a file that a source names, if it is there and within the source's folder."""
    found = _found(main.parent.resolve(), main.parent.resolve(), name, suffix)
    return found if isinstance(found, Path) else None


def _expanded(
    path: Path, folder: Path, source: Source, budget: list[int], above: tuple[Path, ...], alone: bool
) -> Iterator[str]:
    text = read_text(path, budget[0])
    budget[0] -= len(text)
    source.files.append(path)
    if budget[0] <= 0 or len(source.files) > _MOST_FILES:
        source.too_much = True
        return
    text = without_comments(text)
    text = text.partition("\\endinput")[0]
    at = 0
    for named in _INPUT.finditer(text):
        if source.too_much:
            return
        yield text[at : named.start()]
        at = named.end()
        name = (
            (named[1] or named[2] or "/".join(part for part in (named[3], named[4]) if part))
            .strip()
            .strip('"')
        )
        if alone:
            source.missing.append(name)
            continue
        found = _found(folder, path.parent.resolve(), name, ".tex")
        if found is None:
            (source.outside if _leads_out(name) else source.missing).append(name)
        elif isinstance(found, str):
            source.outside.append(name)
        elif found in above or len(above) >= _DEEPEST or source.too_much:
            source.missing.append(name)  # a file within itself
        else:
            yield from _expanded(found, folder, source, budget, (*above, found), alone)
    yield text[at:]


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "~", "|", "\\")) or ".." in name.split("/") or ":" in name


def _found(folder: Path, current: Path, name: str, suffix: str) -> Path | str | None:
    """Return the file a name means, None where there is none, a text where it lies elsewhere."""
    if not name or "\0" in name or name.startswith(("~", "|", "/", "\\")):
        return None
    for base in dict.fromkeys((folder, current)):
        for candidate in (f"{name}{suffix}", name) if not name.endswith(suffix) else (name,):
            try:
                path = (base / candidate).resolve()
                if not path.is_file():
                    continue
            except (OSError, ValueError, RuntimeError):
                continue
            return path if path.is_relative_to(folder) else "outside"
    return None


def read_text(path: Path, most: int = _MOST_TEXT) -> str:
    """Read a file of a source: UTF-8, else Latin-1, in which each byte is a character."""
    try:
        with open_plain(path)[0] as stream:
            read = stream.read(most + 1)
    except OSError:
        return ""
    read = read.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        return read.decode()
    except UnicodeDecodeError:
        return read.decode("latin-1")


def without_comments(text: str) -> str:
    """Return a text without what LaTeX would not look at."""
    text = _WHOLE_LINE_COMMENT.sub("", text)
    text = _COMMENT.sub(r"\1", text) if "%" in text else text
    for begin, end in (("\\begin{comment}", "\\end{comment}"), ("\\iffalse", "\\fi"), ("\\if0", "\\fi")):
        text = _without(text, begin, end)
    return text


def _without(text: str, begin: str, end: str) -> str:
    kept = []
    at = 0
    while (start := text.find(begin, at)) >= 0 and (stop := text.find(end, start)) >= 0:
        kept.append(text[at:start])
        at = stop + len(end)
    return "".join([*kept, text[at:]]) if kept else text


def said(source: Source) -> list[str]:
    """Return in words what of a source was not read."""
    found = []
    if source.outside:
        names = ", ".join(map(quoted, dict.fromkeys(source.outside[:3])))
        found.append(f"its input {names} lies outside of its folder, so it was left")
    if source.missing:
        names = ", ".join(map(quoted, dict.fromkeys(source.missing[:3])))
        count = len(dict.fromkeys(source.missing))
        more = f" and {count - 3} more" if count > 3 else ""
        found.append(f"its input {names}{more} cannot be read")
    if source.too_much:
        found.append(f"it has more than {_MOST_TEXT >> 20} MB or {_MOST_FILES} files, so the rest was left")
    return found
