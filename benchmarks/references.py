"""From which likeness of titles on a reference means a paper: precision and recall for each threshold.

    python benchmarks/references.py INPUT…

Reads works (papers and their references) from any inputs, puts a third of them into a graph as papers, and lets
papers cite

- what is written otherwise but is the same: titles that two entries of one identifier give in two ways, and
  titles misspelt, cut off, without their name before the colon, or with a venue behind them, by rules of
  chance;
- what is nearly the same but another work: titles near to a paper's under another identifier of the same kind;
  made-up works of the same authors and year whose titles differ in a word, a number, a prefix or by being a
  sequel; and works that are not in the graph. Some of the last are entries of works that are, under other
  titles: ``--errors`` prints what was taken for what, to be judged by eye.

Counted is what the graph makes of them: a right paper, a wrong one, or none.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

THRESHOLDS = (80, 84, 86, 88, 90, 92, 94, 96, 98)
_NEAR = 75.0
_SEED = 1


@dataclass(frozen=True)
class Work:
    """A work as one entry gives it."""

    title: str
    authors: tuple[str, ...]
    year: int | None
    identifier: str | None


def works(inputs: Iterable[Path]) -> list[Work]:
    """Read papers and references with a title of some length, each entry once."""
    from citegraph.graph.identity import title_key
    from citegraph.graph.records import Paper
    from citegraph.loaders import Document, open_inputs

    found: dict[Work, None] = {}
    for document in open_inputs([str(path) for path in inputs]):
        if not isinstance(document, Document):
            continue
        for paper in document.papers():
            if not isinstance(paper, Paper):
                continue
            names = tuple(author.name for author in paper.authors[:4])
            found[Work(paper.title, names, paper.year, _identifier(paper))] = None
            for cited in paper.references:
                if cited.title:
                    found[Work(cited.title, cited.authors[:4], cited.year, _identifier(cited))] = None
    return [work for work in found if len(title_key(work.title)) >= 16 and len(work.title) < 300]


def _identifier(work: object) -> str | None:
    arxiv, doi = getattr(work, "arxiv_id", None), getattr(work, "doi", None)
    return f"arxiv:{arxiv}" if arxiv else f"doi:{doi}" if doi else None


# --- pairs ---------------------------------------------------------------------------------------------------


def variants(listed: list[Work]) -> Iterator[tuple[Work, Work]]:
    """Yield entries of one identifier whose titles differ."""
    from citegraph.graph.identity import title_key

    groups: dict[str, dict[str, Work]] = defaultdict(dict)
    for work in listed:
        if work.identifier:
            groups[work.identifier].setdefault(title_key(work.title), work)
    for group in groups.values():
        first, *others = group.values()
        yield from ((first, other) for other in others)


def near(listed: list[Work]) -> Iterator[tuple[Work, Work]]:
    """Yield entries with near titles under two identifiers of one kind."""
    import numpy as np
    from rapidfuzz import fuzz, process

    from citegraph.graph.identity import title_key

    known = [work for work in listed if work.identifier and work.authors]
    keys = [title_key(work.title) for work in known]
    for start in range(0, len(keys), 1000):
        scores = process.cdist(
            keys[start : start + 1000], keys, scorer=fuzz.ratio, score_cutoff=_NEAR, dtype=np.float32
        )
        for row, column in np.argwhere(scores > 0).tolist():
            one, other = known[start + row], known[column]
            kinds = {str(work.identifier).partition(":")[0] for work in (one, other)}
            if keys[start + row] < keys[column] and one.identifier != other.identifier and len(kinds) == 1:
                yield one, other


def written_otherwise(work: Work, rng: random.Random) -> Iterator[tuple[str, Work]]:
    """Yield the work with its title spoilt, by what was done to it."""
    title = work.title
    at = rng.randrange(2, len(title) - 2)
    letter = rng.choice("aeinorstl")
    other = rng.randrange(2, len(title) - 2)
    yield "a letter left out", replace(work, title=title[:at] + title[at + 1 :])
    yield "a letter too many", replace(work, title=title[:at] + letter + title[at:])
    yield "a wrong letter", replace(work, title=title[:at] + letter + title[at + 1 :])
    yield "letters swapped", replace(work, title=title[:at] + title[at + 1] + title[at] + title[at + 2 :])
    twice = title[:at] + title[at + 1 :]
    yield "two slips", replace(work, title=twice[:other] + letter + twice[other + 1 :])
    yield "a venue behind it", replace(work, title=f"{title}. {rng.choice(['CoRR', 'In: NeurIPS', 'CVPR'])}")
    name, colon, rest = title.partition(": ")
    if colon and len(rest) > 24:
        yield "no name before the colon", replace(work, title=rest)
        if len(name) > 20:
            yield "no subtitle", replace(work, title=name)
    if len(title) > 60:
        cut = title.rfind(" ", 0, int(len(title) * 0.9))
        yield "cut off", replace(work, title=title[:cut])


def another_work(work: Work, words: list[str], rng: random.Random) -> Iterator[tuple[str, Work]]:
    """Yield works that do not exist, by the same authors in the same year, with titles as near as titles come."""
    parts = work.title.split()
    places = [place for place, word in enumerate(parts) if len(word) > 4 and word.isalpha()]
    if places:
        place = rng.choice(places)
        word = rng.choice(words)
        yield "another word", replace(work, title=" ".join([*parts[:place], word, *parts[place + 1 :]]))
        prefix = rng.choice(["un", "non-", "semi-", "multi-", "self-"])
        changed = " ".join([*parts[:place], prefix + parts[place], *parts[place + 1 :]])
        yield "another prefix", replace(work, title=changed)
    yield (
        "a sequel",
        replace(
            work, title=f"{work.title}{rng.choice([' II', ': Part 2', ' 2', ', part II', ' Revisited'])}"
        ),
    )
    yield (
        "an answer",
        replace(work, title=f"{rng.choice(['Towards', 'Beyond', 'Rethinking', 'Comment on'])} {work.title}"),
    )


# --- what the graph makes of them ----------------------------------------------------------------------------


def resolved(papers: list[Work], cited: list[Work], threshold: float) -> list[str | None]:
    """Return the title of the paper that each cited work is taken for, None where it is for none."""
    from citegraph.graph import resolution
    from citegraph.graph.local import LocalStore
    from citegraph.graph.records import Author, Extraction, Paper, Reference
    from citegraph.graph.update import SourceInfo, Update

    plain = resolution.Titles
    resolution.Titles = partial(plain, threshold=threshold)  # type: ignore[misc,assignment]
    try:
        store = LocalStore()
        with store.writing():
            update = Update(store)
            update.add(
                SourceInfo("benchmark", "0", "benchmark", "2025-01-01T00:00:00+00:00"),
                [
                    *(
                        Paper(w.title, authors=tuple(map(Author, w.authors)), year=w.year, doi=f"10.1000/{n}")
                        for n, w in enumerate(papers)
                    ),
                    *(
                        Paper(
                            f"Citing Paper {n}",
                            arxiv_id=f"2001.{n + 1:05}",
                            references=(Reference(title=w.title, authors=w.authors, year=w.year),),
                        )
                        for n, w in enumerate(cited)
                    ),
                ],
            )
            update.apply(lambda texts: (Extraction() for _ in texts))
    finally:
        resolution.Titles = plain  # type: ignore[misc]
    found: list[str | None] = []
    for number in range(len(cited)):
        edges = list(store.edges_of(f"arxiv:2001.{number + 1:05}", "out", "CITES"))
        node = store.node(edges[0].target) if edges else None
        found.append(None if node is None or node.properties.get("stub") else node.name)
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("inputs", type=Path, nargs="+")
    arguments.add_argument("--errors", type=int, default=0, help="how many errors to print at the default")
    asked = arguments.parse_args()
    from citegraph.graph.identity import title_key
    from citegraph.graph.likeness import THRESHOLD

    rng = random.Random(_SEED)
    listed = works(asked.inputs)
    one_each = list({title_key(work.title): work for work in listed if work.authors}.values())
    rng.shuffle(one_each)
    natural, apart = list(variants(listed)), list(near(listed))
    taken = {title_key(work.title) for pair in (*natural, *apart) for work in pair}
    plain = [work for work in one_each if title_key(work.title) not in taken]
    papers, absent = plain[: len(plain) // 3][:4000], plain[len(plain) // 3 :][:4000]
    rows: list[tuple[str, Work, Work | None]] = [
        (kind, spoilt, work) for work in papers for kind, spoilt in written_otherwise(work, rng)
    ]
    rng.shuffle(rows)
    rows = rows[:20_000]
    words = sorted({w for work in papers for w in work.title.lower().split() if len(w) > 4 and w.isalpha()})
    made_up = [(kind, other, None) for work in papers for kind, other in another_work(work, words, rng)]
    rows += [row for row in made_up if title_key(row[1].title) not in taken]
    rows += [("two entries of one work", other, first) for first, other in natural]
    rows += [("a near title of another work", other, None) for _, other in apart]
    rows += [("a work that is not there", work, None) for work in absent]
    papers += [first for first, _ in natural] + [one for one, _ in apart]
    papers = list({title_key(work.title): work for work in papers}.values())
    of = {id(paper): title_key(paper.title) for paper in papers}
    keys = set(of.values())
    rows = [row for row in rows if title_key(row[1].title) not in keys]
    print(
        f"{len(listed)} entries; {len(papers)} papers; {len(rows)} references, {len(natural)} natural variants"
    )
    print(f"{'threshold':>9} {'right':>7} {'wrong':>7} {'precision':>10} {'recall':>8}")
    for threshold in sorted({*THRESHOLDS, THRESHOLD}):
        told = resolved(papers, [work for _, work, _ in rows], threshold)
        right = wrong = 0
        kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for (kind, cited, meant), found in zip(rows, told, strict=True):
            count = kinds[kind]
            count[0] += 1
            if found is None:
                continue
            fits = meant is not None and title_key(found) == title_key(meant.title)
            right, wrong = right + fits, wrong + (not fits)
            count[1 if fits else 2] += 1
            if threshold == THRESHOLD and not fits and asked.errors:
                asked.errors -= 1
                print(f"          {kind}: {cited.title!r} ({cited.year}) taken for {found!r}")
        meant_any = sum(meant is not None for _, _, meant in rows)
        precision, recall = right / max(1, right + wrong), right / max(1, meant_any)
        print(f"{threshold:9} {right:7} {wrong:7} {precision:10.4f} {recall:8.4f}")
        if threshold == THRESHOLD:
            for kind, (all_, fine, bad) in sorted(kinds.items()):
                print(f"          {kind}: {all_}, found rightly {fine}, wrongly {bad}")


if __name__ == "__main__":
    main()
