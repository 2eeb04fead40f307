r"""The body of a LaTeX paper: its sections as the words they print, and the sentences around each ``\cite``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from ...reading.cited_body import CitedBody, Piece
from ...reading.latex_text import plain
from .macros import arguments_of
from .references import Cited

_SECTION = re.compile(
    r"\\((?:sub){0,2}section|chapter|part|(?:sub)?paragraph)\*?\s*(?:\[[^\]\n]{0,300}\]\s*)?(?=\{)"
)
_LEVELS = {
    "part": 0, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 5, "subparagraph": 6,
}  # fmt: skip
_ENVIRONMENT = re.compile(r"\\begin\{([A-Za-z]{2,30})(\*?)\}")
_FLOATS = (
    "figure", "table", "wrapfigure", "wraptable", "sidewaystable", "sidewaysfigure", "algorithm", "SCfigure",
    "teaserfigure", "longtable", "listing",
)  # fmt: skip
_NOT_WORDS = (
    "tabular", "tabularx", "tabulary", "array", "tikzpicture", "lstlisting", "verbatim", "minted", "picture", "axis",
    "algorithmic", "filecontents", "CCSXML", "thebibliography", "forest", "Verbatim",
)  # fmt: skip
_DISPLAYED = (
    "equation", "align", "gather", "multline", "eqnarray", "displaymath", "flalign", "alignat", "math", "dmath",
    "subequations", "IEEEeqnarray",
)  # fmt: skip
_BRACKETED = re.compile(r"(?<!\\)\\\[(?:[^\\]|\\[^][]){0,5000}+\\\]|\$\$[^$]{0,5000}\$\$", re.DOTALL)
_CAPTION = re.compile(r"\\(?:sub)?caption(?:of\{\w+\}|\*)?\s*(?:\[[^\]]{0,500}\]\s*)?(?=\{)")
_FOOTNOTE = re.compile(r"\\(?:footnote|footnotetext|thanks|tablefootnote)\s*(?:\[[^\]]{0,20}\]\s*)?(?=\{)")
_HIDDEN = re.compile(r"\\(?:todo|marginpar|vspace|hspace|label|setlength|includegraphics|index|bibliographystyle"
                     r"|bibliography|pagestyle|thispagestyle|phantom|hypersetup|setcounter|addtocounter|acknowledgments?"
                     r"|printbibliography|appendix|clearpage|newpage|maketitle|tableofcontents|nocite|keywords)\*?"
                     r"\s*(?:\[[^\]\n]{0,300}\]\s*)?(?:\{[^{}]{0,300}\}){0,2}")  # fmt: skip
_BREAK = re.compile(
    r"\n[ \t]*\n\s*|\\par(?![A-Za-z])|\\item\s*(?:\[[^\]\n]{0,200}\])?"
    r"|\\(?:begin|end)\{[A-Za-z]+\*?\}(?:\[[^\]\n]{0,300}\])?"
)
_CITE = re.compile(
    r"\\([A-Za-z]*[cC]ite[A-Za-z]*|onlinecite)(\*?)\s*((?:\[[^\]\[]{0,300}\]\s*){0,2})\{([^{}\\]{1,3000})\}"
)
_NOT_A_CITE = (
    "nocite",
    "bibcite",
    "setcitestyle",
    "citestyle",
    "defcitealias",
    "citeindextrue",
    "DeclareCiteCommand",
)


def read_body(body: str, cited: Mapping[str, Cited]) -> CitedBody:
    """Read the text between abstract and reference list; captions and footnotes follow it as parts of their own."""
    found = CitedBody()
    numbers = {key: number for number, key in enumerate(cited, 1)}
    captions: list[tuple[str, str]] = []
    notes: list[str] = []
    text = _without_environments(body, captions)
    text = _BRACKETED.sub(" ", text)
    text = _taken(text, _FOOTNOTE, notes.append)
    path: dict[int, str] = {}
    name, at = "", 0
    for heading, title, end in arguments_of(text, _SECTION):
        _add(found, name, text[at : heading.start()], cited, numbers)
        level = _LEVELS[heading[1]]
        path = {depth: words for depth, words in path.items() if depth < level}
        path[level] = plain(_CITE.sub("", _HIDDEN.sub("", title))).strip(" .:")
        name, at = " > ".join(words for _, words in sorted(path.items()) if words), end
    _add(found, name, text[at:], cited, numbers)
    counted = {"Figure": 0, "Table": 0, "Algorithm": 0}
    for kind, caption in captions:
        counted[kind] += 1
        _add(found, f"{kind} {counted[kind]}", caption, cited, numbers)
    for note in notes:
        _add(found, "Footnotes", note, cited, numbers)
    return found


def _add(
    found: CitedBody, name: str, text: str, cited: Mapping[str, Cited], numbers: Mapping[str, int]
) -> None:
    for paragraph in _BREAK.split(_HIDDEN.sub(" ", text)):
        pieces = list(_pieces(paragraph, cited, numbers))
        if any(any(map(str.isalnum, words)) for words, _ in pieces):
            found.add(name, "", pieces)


def _pieces(paragraph: str, cited: Mapping[str, Cited], numbers: Mapping[str, int]) -> Iterator[Piece]:
    """Iterate over the words of a paragraph, with what its citations print."""
    at = 0
    for cite in _CITE.finditer(paragraph):
        command = cite[1]
        if command in _NOT_A_CITE:
            continue
        yield from _words(paragraph[at : cite.start()])
        at = cite.end()
        keys = [key.strip() for key in cite[4].split(",") if key.strip()]
        yield from _citation(command, keys, cited, numbers)
    yield from _words(paragraph[at:])


def _words(text: str) -> Iterator[Piece]:
    """Return words as they print, with the blanks around them that their ends had."""
    words = plain(text)
    before = " " if text[:1].isspace() or text[:1] == "~" else ""
    after = " " if text[-1:].isspace() or text[-1:] == "~" else ""
    yield f"{before}{words}{after}" if words else before, None


def _citation(
    command: str, keys: list[str], cited: Mapping[str, Cited], numbers: Mapping[str, int]
) -> Iterator[Piece]:
    """Print a citation: names and years where the list has them, numbers where it has not."""
    named = all(key in cited and cited[key].authors for key in keys)
    if not named:
        yield "[", None
        for place, key in enumerate(keys):
            yield (", " if place else ""), None
            yield str(numbers[key]) if key in numbers else key, key if key in numbers else None
        yield "]", None
        return
    kind = command.lower()
    textual = kind.startswith(
        ("citet", "textcite", "citealt", "newcite", "onlinecite", "citeauthor", "citeyear")
    )
    if not textual:
        yield "(", None
    for place, key in enumerate(keys):
        yield ("; " if place else ""), None
        work = cited[key]
        if kind.startswith("citeyear"):
            yield work.year or work.authors, key
        elif kind.startswith("citeauthor"):
            yield work.authors, key
        elif textual and work.year:
            yield f"{work.authors} ({work.year})", key
        else:
            yield ", ".join(part for part in (work.authors, work.year) if part), key
    if not textual:
        yield ")", None


# --- what is not running text ------------------------------------------------------------------------------


def _without_environments(text: str, captions: list[tuple[str, str]]) -> str:
    """Take out pictures, tables, code and displayed formulas; what is printed beneath them is kept apart."""
    kept: list[str] = []
    unclosed: set[str] = set()
    at = 0
    for begin in _ENVIRONMENT.finditer(text):
        name = begin[1]
        if begin.start() < at or name in unclosed or name not in _TAKEN:
            continue
        closing = f"\\end{{{name}{begin[2]}}}"
        end = text.find(closing, begin.end())
        if end < 0:
            unclosed.add(name)
            continue
        kept += [text[at : begin.start()], " " if name in _DISPLAYED else "\n\n"]
        if name in _FLOATS:
            kind = (
                "Algorithm" if name in ("algorithm", "listing") else "Table" if "table" in name else "Figure"
            )
            words = [caption for _, caption, _ in arguments_of(text[begin.end() : end], _CAPTION)]
            if words:
                captions.append((kind, "\n\n".join(words)))
        at = end + len(closing)
    return "".join([*kept, text[at:]])


_TAKEN = frozenset((*_FLOATS, *_NOT_WORDS, *_DISPLAYED))


def _taken(text: str, command: re.Pattern[str], keep: Callable[[str], object]) -> str:
    """Take a command and its argument out of a text, and hand over the argument."""
    kept: list[str] = []
    at = 0
    for found, given, end in arguments_of(text, command):
        kept.append(text[at : found.start()])
        keep(given)
        at = end
    return "".join([*kept, text[at:]])


def without_cites(text: str) -> str:
    """Return a text without its citations."""
    return re.sub(r"[ ~\t]+(?=\x00)|\x00", "", _CITE.sub("\x00", text))


def keys_cited(text: str) -> list[str]:
    """Return the keys that a text cites, each once."""
    keys = (
        key.strip()
        for cite in _CITE.finditer(text)
        if cite[1] not in _NOT_A_CITE
        for key in cite[4].split(",")
    )
    return list(dict.fromkeys(key for key in keys if key))
