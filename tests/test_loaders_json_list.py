"""Large JSON lists are parsed many entries at a time, and give what they would give one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citegraph.loaders.document import Document
from citegraph.loaders.formats.papers_jsonl import PapersJsonl
from citegraph.loaders.reading import json_records

_TEXT = st.sampled_from(["", "a", '"},{"id":', "],", "}", "é", "\\"])
_VALUE = st.recursive(
    st.none() | st.integers(0, 9) | _TEXT,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "b"]), inner, max_size=2)
    ),
    max_leaves=6,
)
_ENTRY = st.one_of(st.fixed_dictionaries({"id": _VALUE, "more": _VALUE}), _VALUE)


@pytest.fixture(autouse=True)
def short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in so short pieces that every list is a large one."""
    monkeypatch.setattr(json_records, "_WHOLE", 0)
    monkeypatch.setattr(json_records, "_CHUNK", 32)
    monkeypatch.setattr(json_records, "_LARGE_CHUNK", 128)


def _read(path: Path) -> list[Any]:
    found = json_records.entries(Document(path, "list.json", PapersJsonl()), 1)
    return [item if isinstance(item, tuple) else str(item) for item in found]


_quick = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@_quick
@given(st.lists(_ENTRY, max_size=12), st.booleans())
def test_every_entry_comes_with_its_number(tmp_path: Path, values: list[Any], pretty: bool) -> None:
    path = tmp_path / "list.json"
    path.write_bytes(orjson.dumps(values, option=orjson.OPT_INDENT_2 if pretty else 0))
    assert _read(path) == list(enumerate(values, 1))


@_quick
@given(
    st.lists(_ENTRY, max_size=12),
    st.integers(1, 500),
    st.sampled_from([b"{", b"]", b",", b'"', b"\xff", b"}"]),
)
def test_a_damaged_list_gives_what_it_gives_one_by_one(
    tmp_path: Path, values: list[Any], place: int, sign: bytes
) -> None:
    text = orjson.dumps(values)
    path = tmp_path / "list.json"
    path.write_bytes(text[: max(1, place % len(text))] + sign + text[max(1, place % len(text)) :])
    found = _read(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_records, "_between", lambda pending: None)
        assert found == _read(path)


def test_entries_that_begin_alike_are_parsed_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "list.json"
    path.write_bytes(orjson.dumps([{"id": number, "more": [{"id": 1}, {"id": 2}]} for number in range(200)]))
    alone: list[int] = []
    parsed = json_records.parsed
    monkeypatch.setattr(json_records, "parsed", lambda *given: alone.append(1) or parsed(*given))
    assert [value["id"] for _, value in _read(path)] == list(range(200))
    assert len(alone) < 100


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b'[{"title": "A Paper"}]\n[{"title": "Another Paper"}]', "list"),
        (b'[{"title": "A Paper"}] and so on', "list"),
        (b'{"data": [{"title": "A Paper"}], "next": {"n": 1}}\n{"data": [{"title": "Another"}]}', "page"),
    ],
)
def test_what_follows_a_list_is_not_lost_in_silence(tmp_path: Path, text: bytes, said: str) -> None:
    path = tmp_path / "list.json"
    path.write_bytes(text)
    [(_, value), refusal] = json_records.records(Document(path, "list.json", PapersJsonl()))
    assert value == {"title": "A Paper"}
    assert refusal.reason == f"something follows the {said}, which was left"


def test_blanks_and_what_else_an_object_says_may_follow_a_list(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    for text in (b'[{"id": 1}]\n \n', b'{"data": [{"id": 1}], "next": {"n": "}{"}, "more": [1]} \n'):
        path.write_bytes(text)
        assert list(json_records.records(Document(path, "list.json", PapersJsonl()))) == [(1, {"id": 1})]
