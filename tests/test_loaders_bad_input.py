"""Hostile and broken inputs: no exception, one sentence each, bounded time and memory, good records kept."""

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc

import pytest
from effort import within
from loading import read, read_text

from citegraph.loaders import formats, open_inputs

MEGABYTE = 1 << 20
FORMATS = [None, *(loader.name for loader in formats())]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("folder", ["JSONTestSuite", "blns", "defusedxml"])
def test_hostile_files_give_papers_or_sentences(shared, folder, format):
    with within(60):
        for path in sorted(shared(f"fixtures/hostile/{folder}").iterdir()):
            papers, refusals = read(path, format=format)
            assert papers or refusals
            assert len(refusals) <= 1001
            for refusal in refusals:
                assert str(refusal).isprintable()
                assert str(refusal).endswith(".")
                assert len(str(refusal)) < 500


def test_every_naughty_string_can_be_a_title(shared, tmp_path):
    import orjson

    strings = orjson.loads(shared("fixtures/hostile/blns/blns.json").read_bytes())
    lines = b"\n".join(orjson.dumps({"title": string, "abstract": string}) for string in strings)
    papers, refusals = read_text(tmp_path, lines, "papers.jsonl")
    assert len(papers) + len(refusals) == len(strings)
    assert {refusal.reason for refusal in refusals} == {"the title is missing"}


@pytest.mark.parametrize(
    "bomb",
    [
        b"[" * 200_000,
        b'{"title":' * 100_000,
        b'[{"title":' * 100_000,
        b'{"title": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    ],
    ids=["lists", "objects", "both", "closed"],
)
def test_a_depth_bomb_is_a_refusal(tmp_path, bomb):
    for format in FORMATS:
        papers, refusals = read_text(tmp_path, bomb, "bomb.json", format=format)
        assert not papers
        assert refusals


def test_a_line_of_a_hundred_megabytes_is_refused_and_the_next_is_read(tmp_path):
    path = tmp_path / "papers.jsonl"
    with path.open("wb") as stream:
        stream.write(b'{"title": "One"}\n{"title": "')
        for _ in range(100):
            stream.write(b"x" * MEGABYTE)
        stream.write(b'"}\n{"title": "Three"}\n')
    tracemalloc.start()
    papers, refusals = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(paper.title, paper.line) for paper in papers] == [("One", 1), ("Three", 3)]
    assert [(refusal.line, refusal.reason) for refusal in refusals] == [(2, "the line is longer than 8 MB")]
    assert peak < 40 * MEGABYTE


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (
            {"authors": ["Ada", "x" * 3_000_000]},
            "the name of author 2 takes 3,000,000 bytes, more than 7,900",
        ),
        ({"venue": "x" * 9_000}, "the venue takes 9,000 bytes, more than 7,900"),
        (
            {"repositories": ["https://a.org/" + "x" * 9_000]},
            "repository 1 takes 9,014 bytes, more than 7,900",
        ),
        ({"title": "\ufdfa" * 300}, "the title takes 9,900 bytes, more than 7,900"),
    ],
    ids=["author", "venue", "repository", "a sign that stands for a sentence"],
)
def test_a_record_with_a_name_of_many_pages_is_refused_and_the_next_is_read(tmp_path, record, reason):
    lines = [{"title": "One"} | record, {"title": "Two"}]
    papers, refusals = read_text(tmp_path, "".join(json.dumps(line) + "\n" for line in lines), "papers.jsonl")
    assert [paper.title for paper in papers] == ["Two"]
    assert [(refusal.line, refusal.reason) for refusal in refusals] == [(1, reason)]


def test_a_reference_with_a_title_of_many_pages_keeps_it_as_printed_only(tmp_path):
    references = [
        {"title": "x" * 9_000, "year": 2020},
        {"title": "y" * 9_000, "doi": "10.1234/abc"},
        {"title": "z"},
    ]
    text = json.dumps({"title": "One", "references": references}) + "\n"
    ([paper], refusals) = read_text(tmp_path, text, "papers.jsonl")
    assert [(r.title, r.doi, r.raw) for r in paper.references] == [
        (None, None, "x" * 9_000),
        (None, "10.1234/abc", "y" * 9_000),
        ("z", None, None),
    ]
    assert not refusals


@pytest.mark.parametrize(
    "start",
    [b'{"title": "', b'[{"title": "', b"Title: One\nSummary: ", b"by AK and the research community\n"],
)
def test_no_format_holds_a_file_without_line_ends_in_memory(tmp_path, start):
    path = tmp_path / "long"
    with path.open("wb") as stream:
        stream.write(start)
        for _ in range(30):
            stream.write(b"word " * (MEGABYTE // 5))
    tracemalloc.start()
    papers, refusals = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert not papers
    assert any("longer than 8 MB" in refusal.reason for refusal in refusals)
    assert peak < 45 * MEGABYTE


@pytest.mark.parametrize("format", ["hf-page", "weekly-txt"])
def test_text_without_structure_does_not_pile_up(tmp_path, format):
    text = (
        "by AK and the research community\nTitle: One\nSummary: Two.\n" + "a few words.\n" * 100_000
    ).encode()
    (tmp_path / "text").write_bytes(text)
    (document,) = open_inputs([tmp_path / "text"], format=format)
    tracemalloc.start()
    with within(60):
        for _ in document.papers():
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30 * MEGABYTE


def test_nul_bytes_spoil_their_line_only(tmp_path):
    text = b'{"title": "One"}\n{"title": "T\0wo"}\n' + b"\0" * 4096 + b'\n{"title": "Four"}\n'
    papers, refusals = read_text(tmp_path, text, "papers.jsonl")
    assert [paper.title for paper in papers] == ["One", "Four"]
    assert [(refusal.line, refusal.reason) for refusal in refusals] == [
        (2, "the line holds NUL bytes"),
        (3, "the line holds NUL bytes"),
    ]


def test_latin_1_lines_are_refused_one_by_one_with_the_remedy(tmp_path):
    text = '{"title": "One"}\n{"title": "Naïve"}\n{"title": "Three"}\n'.encode("latin-1")
    papers, refusals = read_text(tmp_path, text, "papers.jsonl")
    assert [paper.title for paper in papers] == ["One", "Three"]
    assert [str(refusal).rpartition("papers.jsonl")[2] for refusal in refusals] == [
        ":2: the text is not UTF-8 (byte 0xEF in column 14); "
        "convert the file, for instance by: iconv -f LATIN1 -t UTF-8."
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_with_a_mark_is_decoded(tmp_path, encoding):
    text = '{"title": "Größe τ 😀"}\n{"title": "Two"}\n'
    text = text if encoding in ("utf-8-sig", "utf-16", "utf-32") else "\ufeff" + text
    papers, refusals = read_text(tmp_path, text.encode(encoding), "papers.jsonl")
    assert [paper.title for paper in papers] == ["Größe τ 😀", "Two"]
    assert not refusals


def test_a_file_cut_off_anywhere_keeps_all_whole_records(tmp_path):
    whole = '{"title": "One"}\n{"title": "Zwölf"}\n'.encode()
    for end in range(1, len(whole)):
        papers, refusals = read_text(tmp_path, whole[:end], "papers.jsonl")
        assert len(papers) + len(refusals) == 1 + (end > 17)
        assert [paper.title for paper in papers] == ["One"][: end > 15] + ["Zwölf"][: end > 35]


def test_thousands_of_bad_records_are_counted_not_kept(tmp_path):
    papers, refusals = read_text(
        tmp_path, '{"title": "One"}\n' + "nonsense\n" * 5000 + '{"title": "Two"}', "papers.jsonl"
    )
    assert [paper.title for paper in papers] == ["One", "Two"]
    assert len(refusals) == 1001
    assert refusals[-1].reason == "4000 more records were refused"


def test_a_file_that_goes_while_it_is_read_is_a_refusal(tmp_path):
    path = tmp_path / "papers.jsonl"
    path.write_text('{"title": "One"}\n')
    (document,) = open_inputs([path])
    path.unlink()
    (refusal,) = document.papers()
    assert refusal.reason == "reading broke off: No such file or directory"


def test_memory_does_not_grow_with_the_file(tmp_path):
    """Run apart, since the peak of a process never falls again."""
    path = tmp_path / "papers.jsonl"
    record = b'{"title": "A Title", "abstract": "' + b"word " * 250 + b'"}\n'
    program = (
        "import resource, sys; from citegraph.loaders import open_inputs\n"
        "found, = open_inputs([sys.argv[1]])\n"
        "print(sum(1 for _ in found.papers()), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    peaks = []
    for count in (500, 20_000):
        path.write_bytes(record * count)
        done = subprocess.run(
            [sys.executable, "-c", program, path], capture_output=True, text=True, check=True
        )
        papers, peak = map(int, done.stdout.split())
        assert papers == count
        peaks.append(peak)
    assert peaks[1] < peaks[0] * 1.2
