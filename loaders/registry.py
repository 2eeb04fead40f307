"""The loaders there are: those of citegraph, and those that other packages add.

A third-party package adds a loader through the entry point group ``citegraph.loaders``; the entry point is an
object, or a class that makes one without arguments, with the four things :class:`Loader` names. Plug-ins are
imported only when something asks for them: an input that no loader of citegraph knows, or a format that none has.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from ..graph.errors import InputError
from ..graph.records import Paper
from .formats.arxiv_atom import ArxivAtom
from .formats.arxiv_snapshot import ArxivSnapshot
from .formats.bibtex import Bibtex
from .formats.crossref import Crossref
from .formats.csl_json import CslJson
from .formats.dblp import Dblp
from .formats.hf_daily import HfDaily
from .formats.hf_page import HfPage
from .formats.hf_paper import HfPaper
from .formats.jats import Jats
from .formats.latex.paper import Latex
from .formats.markdown_list import MarkdownList
from .formats.openalex import OpenAlex
from .formats.papers_jsonl import PapersJsonl
from .formats.papers_with_code import PapersWithCode
from .formats.ris import Ris
from .formats.s2orc import S2orc
from .formats.semantic_scholar import SemanticScholar
from .formats.tei import Tei
from .formats.unarxive import UnarXive
from .formats.weekly_txt import WeeklyText
from .refusal import Refusal, printable

if TYPE_CHECKING:
    from .document import Document

GROUP = "citegraph.loaders"
"""Entry point group for loaders of other packages."""


@runtime_checkable
class Loader(Protocol):
    """Reads one format.

    Attributes
    ----------
    name
        What ``--format`` calls it: lower case, hyphens.
    description
        One line for the list of formats.
    """

    name: str
    description: str

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell whether an input is of this format, by its first 64 KB as UTF-8 and by its name.

        The head may end within a character or a record; bytes that are not UTF-8 come as they are.
        """
        ...

    def read(self, document: Document) -> Iterator[Paper | Refusal]:
        """Read a document's papers, streaming; bad records come as :meth:`Document.refuse` makes them."""
        ...


_SPECIFIC: tuple[Loader, ...] = (
    HfPage(),
    WeeklyText(),
    PapersWithCode(),
    UnarXive(),
    S2orc(),
    HfPaper(),
    HfDaily(),
    OpenAlex(),
    SemanticScholar(),
    Crossref(),
    ArxivSnapshot(),
    Tei(),
    ArxivAtom(),
    Dblp(),
    Jats(),
    Latex(),
    MarkdownList(),
    CslJson(),
    Ris(),
    Bibtex(),
)
_TOLERANT: tuple[Loader, ...] = (PapersJsonl(),)
"""Asked last, for they would take what belongs to a more exact one."""


def formats() -> list[Loader]:
    """Return every loader that can be used, those of citegraph first."""
    return [*_SPECIFIC, *_TOLERANT, *plugins()[0]]


def named(name: str) -> Loader:
    """Return the loader of a name.

    Raises
    ------
    InputError
        There is none; the message suggests what may have been meant.
    """
    for loader in (*_SPECIFIC, *_TOLERANT):
        if loader.name == name:
            return loader
    loaded, broken = plugins()
    for loader in loaded:
        if loader.name == name:
            return loader
    for refusal in broken:
        if refusal.source == f"{GROUP}:{name}":
            raise InputError(str(refusal))
    names = [loader.name for loader in formats()]
    close = get_close_matches(name.lower().replace("_", "-"), names, n=1, cutoff=0.5)
    there_are = f"did you mean {close[0]}? There are" if close else "there are"
    raise InputError(f"There is no format {printable(name)!r}; {there_are}: {', '.join(names)}.")


def detect(head: bytes, path: Path) -> tuple[Loader | None, tuple[Refusal, ...]]:
    """Return the loader whose format an input is in, and what was wrong with plug-ins that were asked."""
    for loader in _SPECIFIC:
        if loader.sniff(head, path):
            return loader, ()
    loaded, broken = plugins()
    faults = list(broken)
    for loader in loaded:
        try:
            if loader.sniff(head, path):
                return loader, tuple(faults)
        except Exception as error:  # whatever others' code does, our inputs are still read
            faults.append(_broken(loader.name, error))
    for loader in _TOLERANT:
        if loader.sniff(head, path):
            return loader, tuple(faults)
    return None, tuple(faults)


@cache
def plugins() -> tuple[tuple[Loader, ...], tuple[Refusal, ...]]:
    """Import the loaders of other packages; return them, and a Refusal for each that cannot be used."""
    from importlib.metadata import entry_points

    loaded: dict[str, Loader] = {}
    broken: list[Refusal] = []
    taken = {loader.name for loader in (*_SPECIFIC, *_TOLERANT)}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value)):
        try:
            made = entry.load()
            loader = made() if isinstance(made, type) else made
            if not isinstance(loader, Loader) or not isinstance(loader.name, str):
                raise TypeError("it lacks one of name, description, sniff and read")
            if loader.name in taken or loader.name in loaded:
                raise ValueError(f"there is a loader named {loader.name} already")
        except Exception as error:  # a plug-in may fail in any way it likes
            broken.append(_broken(entry.name, error))
        else:
            loaded[loader.name] = loader
    return tuple(loaded.values()), tuple(broken)


def _broken(name: str, error: Exception) -> Refusal:
    fault = f"the loader plug-in failed with {type(error).__name__}: {str(error)[:200]}"
    return Refusal(f"{GROUP}:{name}", None, fault, "update or uninstall the package that brings it")
