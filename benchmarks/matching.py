"""How well a search's answer is told from another paper: ``python benchmarks/matching.py FOLDER …``.

All papers with a title of all files in the folders are read, whatever their format. True pairs are records and
references of two sources that one identifier says to be the same, and titles written anew as services write them
(capitals, marks, LaTeX, a slip of the pen, a subtitle left out). False pairs are, to each paper, the other papers
whose titles are nearest to its own, and made-up sequels. Of each pair one side is what the graph knows, with authors
and year, with the year alone, or with neither; the other is the answer.

Printed are, for each threshold of likeness, the share of the pairs believed that are true (precision) and the share
of the true pairs that are believed (recall); then which share of each kind of pair is believed.

    python benchmarks/matching.py ../shared/fixtures
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from rapidfuzz import fuzz, process

from citegraph.graph.identity import title_key
from citegraph.graph.partition import keys_of, surnames_of
from citegraph.graph.records import Author, Paper
from citegraph.loaders import Refusal, open_inputs
from citegraph.loaders.enrich.matching import believed
from citegraph.loaders.enrich.wanted import Wanted

THRESHOLDS = (70, 80, 85, 88, 90, 92, 95, 98, 100)
NEAR = 3
"""Other papers that are paired with each."""

KNOWN: dict[str, Callable[[Wanted], Wanted]] = {
    "authors and year": lambda wanted: wanted,
    "year": lambda wanted: replace(wanted, surnames=frozenset()),
    "title alone": lambda wanted: replace(wanted, surnames=frozenset(), year=None),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A paper sought, what was found, whether that is it, and of which kind the pair is."""

    wanted: Wanted
    found: Paper
    true: bool
    kind: str


def bare(paper: Paper) -> Paper:
    """Return a record without identifiers, as the title is all it is to be told by."""
    return Paper(paper.title, authors=paper.authors, year=paper.year)


def read(folders: list[str]) -> list[Paper]:
    """Read all titled papers, and titled references with an identifier as papers of their own."""
    found: list[Paper] = []
    for document in open_inputs(folders):
        if isinstance(document, Refusal):
            continue
        for item in document.papers():
            if isinstance(item, Refusal):
                continue
            found.append(item)
            for cited in item.references:
                authors = tuple(map(Author, cited.authors))
                if cited.title and len(keys_of(cited)) > 1:
                    found.append(
                        Paper(
                            cited.title,
                            arxiv_id=cited.arxiv_id,
                            doi=cited.doi,
                            authors=authors,
                            year=cited.year,
                        )
                    )
    return [paper for paper in found if title_key(paper.title)]


def agreed(papers: list[Paper], most: int) -> Iterator[tuple[Paper, Paper]]:
    """Yield pairs of records that one identifier says to be the same and that are not written alike."""
    by_key: dict[str, dict[tuple[str, int | None], Paper]] = {}
    for paper in papers:
        for key in keys_of(paper):
            if key.startswith(("arxiv:", "doi:")):
                by_key.setdefault(key, {}).setdefault((paper.title, paper.year), paper)
    count = 0
    for _, records in sorted(by_key.items()):
        several = list(records.values())
        for one, other in pairwise(several):
            count += 1
            yield one, other
            if count >= most:
                return


def respelt(title: str, rng: random.Random) -> str:
    """Write a title as services write it."""
    place = rng.randrange(1, max(2, len(title) - 1))
    ways = (
        title.upper(),
        title.lower(),
        f"{title}.",
        title.replace("-", " "),
        title.replace(":", " -"),
        re.sub(r"(\w+)$", r"{\1}", title),
        title[:place] + title[place + 1 :],
        title[:place] + title[place - 1] + title[place:],
        re.split(r": | - |\? ", title)[0] if len(re.split(r": | - |\? ", title)[0]) > 20 else title,
        f"<b>{title}</b>".replace("<b>", "").replace("</b>", ""),
    )
    return rng.choice(ways)


def sequel(title: str, rng: random.Random) -> str:
    """Write the title of a work that follows one."""
    ways = (
        f"{title} II",
        f"{title}: Part 2",
        f"{title} Revisited",
        f"Beyond {title}",
        f"A Comment on {title}",
        f"{title} v2",
    )
    return rng.choice(ways)


def pairs(papers: list[Paper], most: int, seed: int = 0) -> Iterator[Pair]:
    """Yield true and false pairs."""
    rng = random.Random(seed)
    unique = list({title_key(paper.title): paper for paper in papers if paper.year or paper.authors}.values())
    sample = rng.sample(unique, min(most, len(unique)))
    for one, other in agreed(papers, most):
        yield Pair(wanted_of(one), bare(other), True, "two sources")
    keys = [title_key(paper.title) for paper in unique]
    for paper in sample:
        yield Pair(wanted_of(paper), bare(replace(paper, title=respelt(paper.title, rng))), True, "respelt")
        yield Pair(wanted_of(paper), bare(replace(paper, title=sequel(paper.title, rng))), False, "sequel")
        key = title_key(paper.title)
        for near, score, place in process.extract(key, keys, scorer=fuzz.ratio, limit=NEAR + 1):
            same = set(keys_of(paper)) & set(keys_of(unique[place]))
            if near != key and not same and not probably_same(paper, unique[place], score):
                yield Pair(wanted_of(paper), bare(unique[place]), False, "near")
                # The hardest: nearly the title, and the same people in the same year.
                other = replace(unique[place], authors=paper.authors, year=paper.year)
                yield Pair(wanted_of(paper), bare(other), False, "near, same authors")


def probably_same(one: Paper, other: Paper, score: float) -> bool:
    """Tell whether two titles of the corpus are of one work in two spellings, which no identifier says."""
    shared = not (one.authors and other.authors) or bool(surnames_of(one) & surnames_of(other))
    return score >= 93 and shared


def wanted_of(paper: Paper) -> Wanted:
    """Return a paper as a graph knows it that has its title, authors and year."""
    key = title_key(paper.title)
    return Wanted(f"title:{key}", paper.title, year=paper.year, surnames=surnames_of(paper))


def main() -> None:
    """Print precision and recall for each threshold, and what was taken wrongly at the one in use."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--pairs", type=int, default=1500, help="papers that pairs are made for")
    parser.add_argument("--wrong", type=int, default=0, help="how many errors to show of each kind")
    options = parser.parse_args()
    papers = read([str(Path(folder)) for folder in options.folders])
    made = list(pairs(papers, options.pairs))
    kinds = {kind: sum(pair.kind == kind for pair in made) for kind in dict.fromkeys(p.kind for p in made)}
    print(
        f"{len(papers):,} titles; pairs: " + ", ".join(f"{count:,} {kind}" for kind, count in kinds.items())
    )
    for known, forget in KNOWN.items():
        print(f"\nthe graph knows {known}")
        print("threshold  precision  recall  " + "  ".join(f"{kind:>18}" for kind in kinds))
        for threshold in THRESHOLDS:
            taken = [p for p in made if believed(forget(p.wanted), p.found, threshold=threshold) is None]
            true = sum(pair.true for pair in taken)
            shares = {k: sum(p.kind == k for p in taken) / n for k, n in kinds.items()}
            print(
                f"{threshold:9}  {true / max(1, len(taken)):9.4f}  {true / sum(p.true for p in made):6.3f}  "
                + "  ".join(f"{share:18.3f}" for share in shares.values())
            )
        for kind in kinds if options.wrong else ():
            wrong = [
                p for p in made if p.kind == kind and (believed(forget(p.wanted), p.found) is None) != p.true
            ]
            for pair in wrong[: options.wrong]:
                print(
                    f"  {kind}: {pair.wanted.title!r} / {pair.found.title!r} ({pair.wanted.year}, {pair.found.year})"
                )


if __name__ == "__main__":
    main()
