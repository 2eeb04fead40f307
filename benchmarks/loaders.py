"""How fast the loaders read, against the bare parsers they use, and how much memory: ``python benchmarks/loaders.py``.

For every format a file of made-up records is written (:mod:`shapes`), and read in turns by three:

``parser``  the library alone (orjson, expat through defusedxml, bibtexparser, rispy, markdown-it-py, pylatexenc), its values looked at by nobody
``values``  the same, with the raw values of the fields that the loader reads put together: what a script without checks does
``loader``  citegraph: format, checks, normal forms of identifiers and texts, records

Times are of the processor, the best of several; the ratio of the loader's to the others' is its overhead. A second file of four
times the records shows that the cost of a record does not depend on how many there are.

    python benchmarks/loaders.py                       # all formats
    python benchmarks/loaders.py openalex tei --repeat 5
    python benchmarks/loaders.py --memory --megabytes 50 1000
    python benchmarks/loaders.py --memory OpenAlex
"""

# ruff: noqa: E501 -- what is taken of a record stands together, some fields to a line

from __future__ import annotations

import argparse
import gzip
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from shapes import FOLDERS, SHAPES, openalex, s2_citations, s2_papers
from table import Table

Read = Callable[[Path], int]
"""Reads a file and returns how many records there were."""

GROWTH = 4


# --- the bare parsers --------------------------------------------------------------------------------------


def _values_of(path: Path) -> Iterator[Any]:
    import orjson

    if path.suffix == ".jsonl":
        with path.open("rb") as lines:
            for line in lines:
                yield orjson.loads(line)
    else:
        yield from orjson.loads(path.read_bytes())


def _json(take: Callable[[Any], object] = bool) -> Read:
    return lambda path: sum(1 for value in _values_of(path) if take(value) is not None)


def _trees(path: Path, name: str) -> Iterator[Any]:
    from defusedxml.ElementTree import iterparse

    root = None
    for event, element in iterparse(path, ("start", "end")):
        root = element if root is None else root
        if event == "end" and element.tag == name:
            yield element
            root.clear()


def _xml(name: str, take: Callable[[Any], object] = id) -> Read:
    return lambda path: sum(1 for tree in _trees(path, name) if take(tree) is not None)


def _bibtex(path: Path) -> int:
    import bibtexparser

    return len(bibtexparser.parse_string(path.read_text(encoding="utf-8")).entries)


def _bibtex_values(path: Path) -> int:
    import bibtexparser
    from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors, SplitNameParts

    layers = [LatexDecodingMiddleware(), SeparateCoAuthors(), SplitNameParts()]
    found = bibtexparser.parse_string(path.read_text(encoding="utf-8"), append_middleware=layers)
    return len([entry.fields_dict for entry in found.entries])


def _ris(path: Path) -> int:
    import rispy

    with path.open(encoding="utf-8") as lines:
        return len(rispy.load(lines))


def _latex(path: Path) -> int:
    from pylatexenc.latexwalker import LatexWalker

    walked = [LatexWalker(file.read_text(encoding="utf-8")).get_latex_nodes() for file in path.rglob("*.tex")]
    return len(walked)


def _latex_values(path: Path) -> int:
    from pylatexenc.latex2text import LatexNodes2Text

    files = path.rglob("*.tex")
    return len([LatexNodes2Text().latex_to_text(file.read_text(encoding="utf-8")) for file in files])


def _markdown(path: Path) -> int:
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(path.read_text(encoding="utf-8"))
    return sum(token.type == "list_item_open" for token in tokens)


def _blocks(rule: str) -> Read:
    """No library reads these pages: what is bare is to split the text."""

    def read(path: Path) -> int:
        return sum("\n" in block.strip() for block in path.read_text(encoding="utf-8").split(rule))

    return read


# --- the raw values of the fields that the loaders take ----------------------------------------------------


def _openalex(work: Any) -> object:
    words = [(at, word) for word, places in work["abstract_inverted_index"].items() for at in places]
    words.sort()
    return (
        work["title"], " ".join([word for _, word in words]), work["ids"], work["publication_year"], work["publication_date"],
        [(a["author"]["display_name"], a["author"]["orcid"]) for a in work["authorships"]],
        [i["display_name"] for a in work["authorships"] for i in a["institutions"]],
        [(p["landing_page_url"], p["source"]["display_name"]) for p in work["locations"]],
        [k["display_name"] for k in work["keywords"]], [t["display_name"] for t in work["topics"]],
        list(work["referenced_works"]), work["is_retracted"],
    )  # fmt: skip


def _s2_paper(paper: Any) -> object:
    return (
        paper["title"], paper["corpusid"], paper["url"], list(paper["externalids"].items()), paper["year"], paper["publicationdate"],
        [a["name"] for a in paper["authors"]], paper["venue"], paper["journal"]["name"], [f["category"] for f in paper["s2fieldsofstudy"]],
    )  # fmt: skip


def _s2_citation(line: Any) -> object:
    return (
        line["citingcorpusid"],
        line["citedcorpusid"],
        line["contexts"],
        line["intents"],
        line["isinfluential"],
    )


def _crossref(work: Any) -> object:
    return (
        work["title"], work["abstract"], work["DOI"], work["published"]["date-parts"], work["container-title"], work["subject"],
        [(a["given"], a["family"], a["ORCID"], a["affiliation"]) for a in work["author"]],
        [(r.get("DOI"), r.get("article-title"), r.get("author"), r.get("year"), r.get("unstructured")) for r in work["reference"]],
    )  # fmt: skip


def _snapshot(paper: Any) -> object:
    return (
        paper["id"], paper["title"], paper["abstract"], paper["doi"], paper["journal-ref"], paper["categories"].split(),
        [f"{given} {family}" for family, given, _ in paper["authors_parsed"]], paper["versions"][0]["created"], paper["comments"],
    )  # fmt: skip


def _hugging_face(paper: Any) -> object:
    return (
        paper["id"], paper["title"], paper["summary"], paper["publishedAt"], [a["name"] for a in paper["authors"]], paper["upvotes"],
        paper["githubRepo"], [m["id"] for m in paper["linkedModels"]], paper["ai_keywords"],
    )  # fmt: skip


def _papers_with_code(paper: Any) -> object:
    return (
        paper["arxiv_id"], paper["title"], paper["abstract"], paper["url_abs"], paper["authors"], paper["date"], paper["tasks"],
        [m["name"] for m in paper["methods"]],
    )  # fmt: skip


def _s2orc(paper: Any) -> object:
    parse = paper["pdf_parse"]
    return (
        paper["paper_id"], paper["title"], paper["abstract"], paper["year"], paper["venue"], [(a["first"], a["last"]) for a in paper["authors"]],
        [(p["section"], p["sec_num"], p["text"], [(s["start"], s["end"], s["ref_id"]) for s in p["cite_spans"]]) for p in parse["body_text"]],
        [
            (key, e["title"], e["year"], e["raw_text"], e["other_ids"], [(a["first"], a["last"]) for a in e["authors"]])
            for key, e in parse["bib_entries"].items()
        ],
    )  # fmt: skip


def _unarxive(paper: Any) -> object:
    return (
        _snapshot(paper["metadata"]), [(p["section"], p["sec_number"], p["text"]) for p in paper["body_text"]],
        [(key, e["bib_entry_raw"], e["ids"]["doi"], e["ids"]["open_alex_id"]) for key, e in paper["bib_entries"].items()],
    )  # fmt: skip


def _papers_jsonl(paper: Any) -> object:
    return (
        paper["title"], paper["abstract"], paper["arxiv_id"], paper["doi"], list(paper["authors"]), paper["date"], paper["venue"],
        list(paper["references"]),
    )  # fmt: skip


def _csl(item: Any) -> object:
    return (
        item["title"], item["abstract"], item["DOI"], item["URL"], item["issued"]["date-parts"], item["container-title"],
        [f"{a['given']} {a['family']}" for a in item["author"]], item["note"],
    )  # fmt: skip


def _whole(element: Any) -> str:
    return "".join(element.itertext()) if element is not None else ""


def _atom(entry: Any) -> object:
    at, arxiv = "{http://www.w3.org/2005/Atom}", "{http://arxiv.org/schemas/atom}"
    return (
        [entry.findtext(at + name) for name in ("id", "title", "summary", "published")], entry.findtext(arxiv + "doi"),
        [author.findtext(at + "name") for author in entry.iterfind(at + "author")], [c.get("term") for c in entry.iterfind(at + "category")],
    )  # fmt: skip


def _dblp(article: Any) -> object:
    return (
        article.get("key"), [_whole(author) for author in article.iterfind("author")],
        [_whole(article.find(name)) for name in ("title", "year", "journal", "volume", "ee")],
    )  # fmt: skip


def _tei(paper: Any) -> object:
    at = "{http://www.tei-c.org/ns/1.0}"
    return (
        _whole(paper.find(f".//{at}title")), _whole(paper.find(f".//{at}abstract")),
        [(_whole(d.find(f"{at}head")), [_whole(p) for p in d.iterfind(f"{at}p")]) for d in paper.iterfind(f"{at}text/{at}body/{at}div")],
        [
            (
                w.findtext(f".//{at}title"), w.findtext(f".//{at}idno"), w.findtext(f".//{at}note"), w.findtext(f".//{at}date"),
                [_whole(a) for a in w.iter(f"{at}author")],
            )
            for w in paper.iter(f"{at}biblStruct")
        ],
    )  # fmt: skip


def _jats(article: Any) -> object:
    return (
        _whole(article.find(".//article-title")), _whole(article.find(".//abstract")),
        [(a.get("pub-id-type"), a.text) for a in article.iterfind("front/article-meta/article-id")],
        [_whole(c) for c in article.iterfind(".//contrib")],
        [(_whole(s.find("title")), [_whole(p) for p in s.iterfind("p")]) for s in article.iterfind("body/sec")],
        [
            (r.findtext(".//article-title"), r.findtext(".//pub-id"), r.findtext(".//year"), [_whole(n) for n in r.iter("name")])
            for r in article.iter("ref")
        ],
    )  # fmt: skip


_ATOM_ENTRY = "{http://www.w3.org/2005/Atom}entry"
_TEI = "{http://www.tei-c.org/ns/1.0}TEI"

BARE: dict[str, tuple[str, Read, Read]] = {
    "hf-page": ("str.split", _blocks("\n\n"), _blocks("\n\n")),
    "weekly-txt": ("str.split", _blocks("-" * 80), _blocks("-" * 80)),
    "papers-with-code": ("orjson", _json(), _json(_papers_with_code)),
    "unarxive": ("orjson", _json(), _json(_unarxive)),
    "s2orc": ("orjson", _json(), _json(_s2orc)),
    "hf-paper": ("orjson", _json(), _json(_hugging_face)),
    "hf-daily": ("orjson", _json(), _json(lambda entry: _hugging_face(entry["paper"]))),
    "openalex": ("orjson", _json(), _json(_openalex)),
    "semantic-scholar": ("orjson", _json(), _json(_s2_paper)),
    "semantic-scholar, citations": ("orjson", _json(), _json(_s2_citation)),
    "crossref": ("orjson", _json(), _json(_crossref)),
    "arxiv-snapshot": ("orjson", _json(), _json(_snapshot)),
    "tei": ("defusedxml", _xml(_TEI), _xml(_TEI, _tei)),
    "arxiv-atom": ("defusedxml", _xml(_ATOM_ENTRY), _xml(_ATOM_ENTRY, _atom)),
    "dblp": ("defusedxml", _xml("article"), _xml("article", _dblp)),
    "jats": ("defusedxml", _xml("article"), _xml("article", _jats)),
    "csl-json": ("orjson", _json(), _json(_csl)),
    "ris": ("rispy", _ris, _ris),
    "bibtex": ("bibtexparser", _bibtex, _bibtex_values),
    "markdown-list": ("markdown-it-py", _markdown, _markdown),
    "papers-jsonl": ("orjson", _json(), _json(_papers_jsonl)),
    "latex": ("pylatexenc", _latex, _latex_values),
}
"""By format: the library, its bare parsing, and that with the raw values of the fields."""


def _loader(name: str) -> Read:
    from citegraph.graph.records import Paper
    from citegraph.loaders import open_inputs
    from citegraph.loaders.document import Document

    def read(path: Path) -> int:
        found = 0
        for document in open_inputs([path]):
            assert isinstance(document, Document) and document.format == name.partition(",")[0], document
            for item in document.papers():
                if not isinstance(item, Paper):
                    sys.exit(f"{name}: {item}")
                found += 1
        return found

    return read


# --- speed -------------------------------------------------------------------------------------------------


def _best(reads: dict[str, Read], path: Path, repeat: int) -> dict[str, float]:
    """Return the least processor time of each; they take turns, so that what slows the machine slows all of them."""
    best = dict.fromkeys(reads, float("inf"))
    for _ in range(repeat):
        for name, read in reads.items():
            start = time.process_time()
            read(path)
            best[name] = min(best[name], time.process_time() - start)
    return best


def _written(name: str, folder: Path, pieces: Iterator[bytes], file: str) -> tuple[Path, float]:
    """Write the pieces of a file, or of a folder of them; return where, and how many bytes."""
    size = 0
    if name not in FOLDERS:
        path = folder / file
        with path.open("wb") as out:
            for piece in pieces:
                size += out.write(piece)
        return path, size
    for number, piece in enumerate(pieces):
        place = folder / name / str(number)
        place.mkdir(parents=True)
        size += (place / file).write_bytes(piece)
    return folder / name, size


def speed(names: list[str], repeat: int, scale: float) -> Table:
    """Measure formats, each with two files."""
    table = Table(
        "Loaders against the bare parsers",
        [
            ("format", ""), ("library", ""), ("bytes/record", ",.0f"), ("parser/s", ",.0f"), ("values/s", ",.0f"), ("loader/s", ",.0f"),
            ("of parser", ".1f"), ("of values", ".2f"), ("µs/record", ".1f"), (f"µs at {GROWTH}x", ".1f"),
        ],
        about="Records a second; `of parser` and `of values` are times of the loader in times of theirs.",
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            make, file, size = SHAPES[name]
            library, parser, values = BARE[name]
            reads = {"parser": parser, "values": values, "loader": _loader(name)}
            cost: list[float] = []
            for records in (max(10, round(size * scale)), max(10, round(size * scale)) * GROWTH):
                path, weight = _written(name, Path(folder), make(records), file)
                weight /= records
                if not cost:
                    best = _best(reads, path, repeat)
                    rates = [records / best[who] for who in reads]
                    cost.append(best["loader"] / records)
                else:
                    cost.append(
                        _best({"loader": reads["loader"]}, path, max(1, repeat - 1))["loader"] / records
                    )
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            table.add(
                name, library, weight, *rates, best["loader"] / best["parser"], best["loader"] / best["values"],
                cost[0] * 1e6, cost[1] * 1e6,
            )  # fmt: skip
            print(f"{name} …", file=sys.stderr)
    return table


# --- memory ------------------------------------------------------------------------------------------------


DUMPS: dict[str, tuple[Callable[[int], Iterator[bytes]], str]] = {
    "OpenAlex snapshot part": (openalex, "part_000.gz"),
    "Semantic Scholar citations": (s2_citations, "citations.jsonl.gz"),
    "Semantic Scholar papers": (s2_papers, "papers.jsonl.gz"),
}


MOST_TO_BUILD = 100
"""Megabytes of a dump that is built into a graph as a whole, which takes memory with its size."""

KNOWN = 300
"""Papers of the graph that a dump completes: the first of the dump."""


def _write_dump(make: Callable[[int], Iterator[bytes]], path: Path, megabytes: float) -> tuple[int, int]:
    """Write a dump of so many bytes unpacked; return how many records and bytes it has."""
    records = size = 0
    with gzip.open(path, "wb", compresslevel=1) as out:
        for line in make(10**9):
            out.write(line)
            records += 1
            size += len(line)
            if size >= megabytes * 1e6:
                break
    return records, size


def _write_known(make: Callable[[int], Iterator[bytes]], path: Path) -> None:
    """Build the graph that the dump is to complete."""
    from citegraph.api import open_graph

    sample = path.with_suffix(".known.jsonl")
    with sample.open("wb") as out:
        out.writelines(make(KNOWN))
    with open_graph(_known(path), create=True) as graph:
        graph.build(sample, jobs=1)


def _known(path: Path) -> Path:
    return path.with_suffix(".known.db")


def memory(dumps: list[str], sizes: list[float]) -> Table:
    """Measure what reading a dump takes, and what building it does, each in a process of its own."""
    table = Table(
        "Memory",
        [
            ("file", ""),
            ("MB unpacked", ",.0f"),
            ("records", ","),
            ("what", ""),
            ("taken", ","),
            ("CPU s", ",.1f"),
            ("peak MB", ",.0f"),
        ],
        about="The most memory a process of its own had, Python and all modules among it.",
    )
    for name, (make, file) in DUMPS.items():
        if dumps and not any(name.startswith(asked) for asked in dumps):
            continue
        for size in sizes:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / file
                records, weight = _write_dump(make, path, size)
                _write_known(make, path)
                for what in CHILDREN:
                    if what == "build" and size > MOST_TO_BUILD:
                        continue
                    done = subprocess.run(
                        [sys.executable, __file__, "--child", what, str(path)],
                        capture_output=True, text=True, check=False,
                    )  # fmt: skip
                    if done.returncode:
                        sys.exit(done.stderr)
                    taken, seconds, peak = json.loads(done.stdout.splitlines()[-1])
                    table.add(name, weight / 1e6, records, what, taken, seconds, peak)
                    print(
                        f"{name}, {size} MB, {what}: {seconds:.1f} s, {peak:.0f} MB",
                        file=sys.stderr,
                        flush=True,
                    )
    return table


def _child_imports(path: Path) -> None:
    import citegraph.api  # noqa: F401


def _child_read(path: Path) -> None:
    from citegraph.loaders import open_inputs

    for document in open_inputs([path]):
        for _ in document.papers():  # type: ignore[union-attr]
            pass


def _child_build(path: Path) -> int:
    from citegraph.api import open_graph

    with open_graph(path.with_suffix(".db"), create=True) as graph:
        return graph.build(path, jobs=1).records


def _child_open(path: Path) -> None:
    from citegraph.api import open_graph

    with open_graph(_known(path)) as graph:
        assert len(graph)


def _child_complete(path: Path) -> int:
    from citegraph.api import open_graph

    with open_graph(_known(path)) as graph:
        return graph.build(path, known=True, jobs=1).records


CHILDREN: dict[str, Callable[[Path], int | None]] = {
    "import": _child_imports,
    "read": _child_read,
    "open the graph": _child_open,
    "build --known": _child_complete,
    "build": _child_build,
}


def _peak() -> float:
    """Return the most memory this process had, in MB; the kernel's other count begins with that of the process before it."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # of macOS, in bytes


def _measured(what: str, path: Path) -> None:
    taken = CHILDREN[what](path)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps([taken, used.ru_utime + used.ru_stime, _peak()]))


def main() -> None:
    """Measure, and print."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument(
        "formats", nargs="*", help="formats, or dumps, to measure; all where none is named"
    )
    arguments.add_argument("--repeat", type=int, default=3)
    arguments.add_argument("--scale", type=float, default=1.0, help="times as many records")
    arguments.add_argument("--memory", action="store_true", help="measure memory in place of speed")
    arguments.add_argument("--megabytes", type=float, nargs="+", default=[50, 1000])
    arguments.add_argument(
        "--known", type=int, default=10_000, help="papers of the graph that a dump completes"
    )
    arguments.add_argument("--markdown", action="store_true")
    arguments.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if asked.child:
        _measured(asked.child[0], Path(asked.child[1]))
        return
    if asked.memory:
        table = memory(asked.formats, asked.megabytes)
    else:
        from citegraph.loaders.registry import formats

        of_loaders = {loader.name for loader in formats()}
        if missing := of_loaders - {name.partition(",")[0] for name in SHAPES}:
            print(f"Not measured: {', '.join(sorted(missing))}.", file=sys.stderr)
        names = [
            name
            for name in SHAPES
            if name.partition(",")[0] in (asked.formats or of_loaders) or name in asked.formats
        ]
        table = speed(names, asked.repeat, asked.scale)
    print(table.markdown() if asked.markdown else table.text())


if __name__ == "__main__":
    main()
