"""What can be named as an input, and what is said of what cannot be read."""

from __future__ import annotations

import hashlib
import io
import os
import threading

import pytest
from loading import read, read_text

from citegraph.loaders import Document, Refusal, open_inputs

RECORD = '{"title": "One"}\n'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with papers here and there, which is also where we are."""
    for path in ("b.jsonl", "a/z.jsonl", "a/b/c.jsonl", "a.jsonl", ".hidden.jsonl", "a/.git/x.jsonl"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(f'{{"title": "{path}"}}\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


def uris(*inputs):
    return [found.uri for found in open_inputs(inputs) if isinstance(found, Document)]


# --- files, folders, patterns ------------------------------------------------------------------------------


def test_a_document_knows_its_name_format_and_hash(folder):
    (document,) = open_inputs(["./a/../b.jsonl"])
    assert (document.uri, document.format) == ("b.jsonl", "papers-jsonl")
    assert document.sha256 == hashlib.sha256(b'{"title": "b.jsonl"}\n').hexdigest()


def test_a_folder_is_walked_in_sorted_order_without_hidden_files(folder):
    assert uris(".") == ["a/b/c.jsonl", "a/z.jsonl", "a.jsonl", "b.jsonl"]
    assert uris("a") == ["a/b/c.jsonl", "a/z.jsonl"]


def test_files_of_no_known_format_in_a_folder_are_named_and_skipped(folder):
    (folder / "a" / "notes.md").write_text("Just notes.\n")
    papers, refusals = read("a")
    assert [paper.title for paper in papers] == ["a/b/c.jsonl", "a/z.jsonl"]
    assert [str(refusal).partition(";")[0] for refusal in refusals] == ["a/notes.md: the format is not known"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.jsonl", ["a.jsonl", "b.jsonl"]),
        ("?.jsonl", ["a.jsonl", "b.jsonl"]),
        ("[b-z].jsonl", ["b.jsonl"]),
        ("**/*.jsonl", ["a/b/c.jsonl", "a/z.jsonl", "a.jsonl", "b.jsonl"]),
        ("a/**", ["a/b/c.jsonl", "a/z.jsonl"]),
        ("a/*", ["a/b/c.jsonl", "a/z.jsonl"]),
    ],
)
def test_patterns_are_expanded(folder, pattern, expected):
    assert sorted(uris(pattern)) == sorted(expected)


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(folder):
    (folder / "[b].jsonl").write_text(RECORD)
    assert uris("[b].jsonl") == ["[b].jsonl"]


def test_an_input_named_twice_is_read_once(folder):
    assert uris("b.jsonl", "./b.jsonl", "*.jsonl") == ["b.jsonl", "a.jsonl"]


def test_one_input_need_not_be_in_a_list(folder):
    assert [found.uri for found in open_inputs("b.jsonl")] == ["b.jsonl"]


def test_a_named_format_goes_before_what_is_detected(folder):
    (folder / "a.txt").write_text("Title: One\nSummary: Two.\n")
    papers, refusals = read("a.txt", format="papers-jsonl")
    assert not papers
    assert [refusal.line for refusal in refusals] == [1, 2]


def test_links_to_files_are_followed_and_links_to_folders_are_not(folder):
    (folder / "link.jsonl").symlink_to("a/z.jsonl")
    (folder / "a" / "round").symlink_to(folder)
    (folder / "gone.jsonl").symlink_to("nowhere")
    found = list(open_inputs(["."]))
    assert [d.uri for d in found if isinstance(d, Document)] == [
        "a/b/c.jsonl",
        "a/z.jsonl",
        "a.jsonl",
        "b.jsonl",
        "link.jsonl",
    ]
    assert [r.source for r in found if isinstance(r, Refusal)] == ["gone.jsonl"]


# --- standard input ----------------------------------------------------------------------------------------


def test_standard_input_is_named_by_its_hash_and_can_be_read_twice(monkeypatch):
    text = (RECORD + '{"title": "Two"}\n').encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
    (document,) = open_inputs(["-"])
    assert document.uri == f"stdin:{hashlib.sha256(text).hexdigest()[:12]}"
    assert document.sha256 == hashlib.sha256(text).hexdigest()
    assert [paper.title for paper in document.papers()] == ["One", "Two"]
    assert [paper.title for paper in document.papers()] == ["One", "Two"]


def test_the_temporary_file_of_standard_input_goes_with_its_document(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(RECORD.encode())))
    (document,) = open_inputs(["-"])
    path = document.path
    assert path.exists()
    del document
    assert not path.exists()


def test_a_pipe_is_read_once_and_kept(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(RECORD,))
    writer.start()
    (document,) = open_inputs([pipe])
    writer.join()
    assert [paper.title for paper in document.papers()] == ["One"]
    assert document.uri == pipe.as_posix()


# --- what cannot be read -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nowhere.jsonl", "nowhere.jsonl: there is no such file; check the path."),
        ("*.bib", "*.bib: no file has this name or matches it as a pattern; check the path."),
        ("https://huggingface.co/papers", "https://huggingface.co/papers: this is an address, not a file; "),
        ("", "'': the name of the input is empty; name a file, a folder or -."),
        ("a\0b", r"a\x00b: it cannot be read: embedded null byte; "),
        ("x" * 5000, "x" * 5000 + ": it cannot be read: File name too long; "),
        ("/dev/null", "/dev/null: this is a device, not a file; name a file, a folder or -."),
        ("red\x1b]31m", r"red\x1b]31m: there is no such file; check the path."),
    ],
    ids=lambda text: text[:12],
)
def test_what_is_not_there_is_one_sentence_and_the_others_are_read(folder, name, sentence):
    papers, refusals = read(name, "b.jsonl")
    assert [paper.title for paper in papers] == ["b.jsonl"]
    assert len(refusals) == 1
    assert str(refusals[0]).startswith(sentence)
    assert str(refusals[0]).endswith(".")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_named(folder):
    (folder / "b.jsonl").chmod(0)
    _, refusals = read("b.jsonl")
    assert [refusal.reason for refusal in refusals] == ["it cannot be read: Permission denied"]


@pytest.mark.parametrize("order", ["LE", "BE"])
def test_the_remedy_for_utf_16_without_a_mark_names_its_byte_order(tmp_path, order):
    _, refusals = read_text(tmp_path, "Title: One\nSummary: Two.".encode(f"utf-16-{order}"))
    assert [refusal.remedy.rpartition(": ")[2] for refusal in refusals] == [
        f"iconv -f UTF-16{order} -t UTF-8"
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_entered_is_named_and_the_others_are_read(folder):
    (folder / "closed").mkdir(mode=0)
    (folder / "open").mkdir()
    (folder / "open" / "a.jsonl").write_bytes(b'{"title": "One"}')
    papers, refusals = read("open", "closed")
    assert len(papers) == 1
    assert [refusal.reason for refusal in refusals] == ["it cannot be read: Permission denied"]


def test_an_empty_folder_is_one_sentence(tmp_path):
    _, refusals = read(tmp_path)
    assert [refusal.reason for refusal in refusals] == ["there is no file in it"]


def test_a_folder_without_papers_says_so_before_its_files(tmp_path):
    (tmp_path / "a.md").write_text("Notes.\n")
    (tmp_path / "b.txt").write_text("")
    _, refusals = read(tmp_path)
    assert [refusal.reason for refusal in refusals] == [
        "none of its 2 files is in a known format",
        "the format is not known",
        "the file is empty",
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.bib", "@article{a, title = {A Title of Words}}"),
        ("a.ris", "TY  - JOUR\nTI  - A Title of Words\nER  - \n"),
        ("a.jsonl", '{"title": "A Title of Words"}'),
        ("README.md", "- [A Title of Words](https://arxiv.org/abs/1706.03762)"),
        ("a.tei.xml", "<TEI><teiHeader/></TEI>"),
        ("main.tex", "\\documentclass{article}\\title{A}\\begin{document}\\end{document}"),
    ],
)
@pytest.mark.parametrize("order", ["BE", "LE"])
def test_utf_16_without_a_mark_is_named_whatever_the_name_of_the_file(tmp_path, name, text, order):
    papers, [refusal] = read_text(tmp_path, text.encode(f"utf-16-{order.lower()}"), name)
    assert not papers and refusal.line is None
    assert refusal.reason == "this looks like UTF-16 without a byte-order mark"
    assert refusal.remedy == f"convert it, for instance by: iconv -f UTF-16{order} -t UTF-8"
    marked, refusals = read_text(tmp_path, "@article{a, title = {A Title}}".encode("utf-16"), "b.bib")
    assert [paper.title for paper in marked] == ["A Title"] and not refusals


def test_the_formats_there_are_are_listed_once_a_run(tmp_path):
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text("Notes.\n")
    _, refusals = read(tmp_path / "a.txt", tmp_path / "b.txt", tmp_path)
    assert [refusal.remedy.count("bibtex") for refusal in refusals] == [1, 0, 0, 0]
    short = "b.txt: the format is not known; name it with --format if it is one that citegraph reads."
    assert str(refusals[1]).endswith(short)
    _, of_folder = read(tmp_path)
    assert of_folder[0].remedy.startswith("name files in a format that citegraph reads: hf-page, ")
    assert ["bibtex" in refusal.remedy for refusal in of_folder] == [True, False, False, False]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b" \r\n\t\n", "the file is empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "this is a PDF file"),
        (b"\x1f\x8b\x08\x00abc", "the gzip data is cut off"),
        (b"PK\x03\x04abc", "this is a zip archive"),
        (b"1911.02782/".ljust(257, b"\0") + b"ustar  \0" + b"\0" * 247, "this is a tar archive"),
        (b"\x89PNG\r\n\x1a\n", "this is a picture"),
        (b"SQLite format 3\x00abc", "this is a SQLite database"),
        (bytes(range(256)) * 4, "this is binary data, not text"),
        (b"\0" * 500, "this is binary data, not text"),
        ("Title: One\nSummary: Two.".encode("utf-16-le"), "this looks like UTF-16 without a byte-order mark"),
        (b"<!DOCTYPE html><html><title>x</title>", "this is an HTML page"),
        (b'{"name": "x"}', "this looks like JSON, but no record in it has a title"),
        (b"[1, 2, 3]", "this looks like JSON, but no record in it has a title"),
        (b"Dear diary, caf\xe9.", "the format is not known"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_no_loader_knows_is_said_to_be_what_it_is(tmp_path, data, reason):
    papers, refusals = read_text(tmp_path, data)
    assert not papers
    assert [refusal.reason for refusal in refusals] == [reason]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            b'{"error": "Paper not found"}\n',
            "this is an error that a service answered with, “Paper not found”",
        ),
        (
            b'{"message": "Too Many Requests", "code": "429"}',
            "this is an error that a service answered with, “Too",
        ),
        (
            b'{"status": "failed", "message-type": "x", "message": [{"message": "No."}]}',
            "this is an error that a",
        ),
        (b'{"data": []}', "this is an answer without any record"),
        (b"[]", "this is an answer without any record"),
    ],
)
def test_what_a_service_says_instead_of_a_record_is_passed_on(tmp_path, body, reason):
    papers, refusals = read_text(tmp_path, body, "answer.json")
    assert not papers
    assert [refusal.reason[: len(reason)] for refusal in refusals] == [reason]
