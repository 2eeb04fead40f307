"""gzip input: read as what it holds, as far as it is whole, and within bounds."""

from __future__ import annotations

import gzip
import hashlib
import io
import time
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import read, read_text

from citegraph.loaders import open_inputs
from citegraph.loaders.unpack import FREE, MAX_RATIO, Unpacked

MEGABYTE = 1 << 20
LINES = "".join(f'{{"title": "Paper {number}", "abstract": "{number * "x"}"}}\n' for number in range(200))
DAY = '[{"paper": {"id": "2405.15738", "title": "One"}}, {"paper": {"id": "2405.15739", "title": "Two"}}]'
WEEK = "Title: One\nSummary: First.\n----------\nTitle: Two\nSummary: Second.\n"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (LINES, "papers.jsonl.gz"),
        (LINES, "papers.jsonl"),
        (LINES, "part_000.GZ"),
        (DAY, "day.json.gz"),
        (WEEK, "week.txt.gz"),
        (LINES.encode("utf-16"), "utf-16.jsonl.gz"),
        (LINES.encode("utf-8-sig"), "marked.jsonl.gz"),
    ],
)
def test_every_format_is_read_from_gzip_as_from_the_plain_file(tmp_path, text, name):
    data = text if isinstance(text, bytes) else text.encode()
    plain = read_text(tmp_path, data, name.removesuffix(".gz").removesuffix(".GZ") + ".plain")
    assert plain[0]
    assert read_text(tmp_path, gzip.compress(data, mtime=0), name) == plain


def test_the_format_is_told_by_what_is_inside_and_the_hash_is_that_of_the_file(tmp_path):
    path = tmp_path / "papers.jsonl.gz"
    path.write_bytes(gzip.compress(LINES.encode(), mtime=0))
    (document,) = open_inputs([path])
    assert document.format == "papers-jsonl"
    assert document.uri == path.as_posix()
    assert document.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert document.name == tmp_path / "papers.jsonl"


def test_standard_input_may_be_compressed(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(LINES.encode(), mtime=0))))
    papers, refusals = read("-")
    assert (len(papers), refusals) == (200, [])


def test_members_one_after_the_other_are_one_file(tmp_path):
    members = b"".join(gzip.compress(line.encode(), mtime=0) for line in LINES.splitlines(keepends=True))
    papers, refusals = read_text(tmp_path, members + b"\0" * 1000, "papers.jsonl.gz")
    assert (len(papers), refusals) == (200, [])


def test_what_is_not_gzip_after_the_last_member_is_named(tmp_path):
    papers, refusals = read_text(tmp_path, gzip.compress(LINES.encode(), mtime=0) + b"PS", "papers.jsonl.gz")
    assert len(papers) == 200
    assert [refusal.reason for refusal in refusals] == [
        "what follows the gzip data is something else, which was left"
    ]


def test_a_file_cut_off_anywhere_keeps_all_whole_records_and_says_so(tmp_path):
    packer = zlib.compressobj(wbits=31)
    lines = LINES.encode().splitlines(keepends=True)[:3]
    data, ends = b"", []
    for line in lines:
        data += packer.compress(line) + packer.flush(zlib.Z_SYNC_FLUSH)
        ends.append(len(data))
    data += packer.flush()
    for end in range(3, len(data)):
        papers, refusals = read_text(tmp_path, data[:end], "papers.jsonl.gz", format="papers-jsonl")
        assert len(papers) >= sum(whole <= end for whole in ends)
        assert refusals[-1].reason == "the gzip data is cut off"
        assert all(refusal.line == len(papers) + 1 for refusal in refusals[:-1])
    assert len(read_text(tmp_path, data, "papers.jsonl.gz")[0]) == 3


def test_a_list_that_is_cut_off_keeps_its_whole_entries(tmp_path):
    data = gzip.compress(("[" + ",".join(LINES.splitlines()) + "]").encode())
    papers, refusals = read_text(tmp_path, data[: len(data) // 2], "papers.json.gz")
    assert len(papers) > 20
    assert [paper.title for paper in papers] == [f"Paper {number}" for number in range(len(papers))]
    assert refusals[-1].reason == "the gzip data is cut off"


def test_damage_is_named_and_what_came_before_is_kept(tmp_path):
    data = bytearray(gzip.compress(LINES.encode(), mtime=0))
    data[-6] ^= 255  # of the check sum
    papers, refusals = read_text(tmp_path, bytes(data), "papers.jsonl.gz")
    assert len(papers) == 200
    assert [refusal.reason for refusal in refusals] == ["the gzip data is damaged (incorrect data check)"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x1f\x8b", "the gzip data is cut off"),
        (b"\x1f\x8b\x08\x00abc", "the gzip data is cut off"),
        (b"\x1f\x8bxyz", "the gzip data is damaged (unknown compression method)"),
        (gzip.compress(b"", mtime=0), "the file is empty"),
        (gzip.compress(gzip.compress(b"x", mtime=0), mtime=0), "this is gzip-compressed more than once"),
        (gzip.compress(b"%PDF-1.7", mtime=0), "this is a PDF file"),
        (gzip.compress(b"Notes.", mtime=0), "the format is not known"),
    ],
)
def test_what_holds_no_papers_is_said_to_be_what_it_is(tmp_path, data, reason):
    papers, refusals = read_text(tmp_path, data, "x.gz")
    assert not papers
    assert [refusal.reason for refusal in refusals] == [reason]


def test_a_bomb_is_refused_in_bounded_time_and_memory_and_the_records_before_it_are_kept(tmp_path):
    path = tmp_path / "bomb.jsonl.gz"
    with gzip.open(path, "wb") as stream:
        stream.write(LINES.encode())
        for _ in range(300):
            stream.write(b" " * MEGABYTE)
    started = time.monotonic()
    tracemalloc.start()
    papers, refusals = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(papers) == 200
    assert str(refusals[-1]).endswith(
        f"it unpacks to more than {MAX_RATIO} times its size, as no file of papers does; "
        "unpack it by gunzip and name what comes out, if you trust it."
    )
    assert peak < 40 * MEGABYTE
    assert time.monotonic() - started < 20


def test_a_bomb_ends_at_the_limit_however_it_is_read():
    packed = gzip.compress(b"\0" * 3 * FREE, mtime=0)
    stream = io.BufferedReader(Unpacked(io.BytesIO(packed)))
    total = 0
    while piece := stream.read(MEGABYTE):
        total += len(piece)
    assert FREE - MEGABYTE < total <= FREE + MEGABYTE


def test_a_list_in_a_small_file_that_unpacks_to_much_is_not_read_as_a_whole(tmp_path):
    path = tmp_path / "list.json.gz"
    with gzip.open(path, "wb") as stream:
        stream.write(b'[{"title": "One"}')
        for _ in range(40):
            stream.write(b"," + b" " * MEGABYTE + b'{"title": "One"}')
        stream.write(b"]")
    tracemalloc.start()
    papers, refusals = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (len(papers), refusals) == (41, [])
    assert peak < 60 * MEGABYTE


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_change_to_a_gzip_file_raises(tmp_path_factory, data):
    packed = bytearray(gzip.compress(LINES[:4000].encode(), mtime=0))
    for _ in range(data.draw(st.integers(1, 4))):
        packed[data.draw(st.integers(2, len(packed) - 1))] = data.draw(st.integers(0, 255))
    folder = tmp_path_factory.mktemp("gzip")
    cut = packed[: data.draw(st.integers(3, len(packed)))]
    papers, refusals = read_text(folder, bytes(cut), "papers.jsonl.gz", format="papers-jsonl")
    assert papers or refusals
    assert all(str(refusal).isprintable() for refusal in refusals)
