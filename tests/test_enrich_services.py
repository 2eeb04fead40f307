"""What each service is asked, and what is made of its answers."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import orjson
import pytest
from conftest import shared
from fake_services import FAULTS, FakeClock, FakeServices, Work, corpus, sequence
from hypothesis import given, settings
from hypothesis import strategies as st
from requests import Request

from citegraph.graph.errors import InputError
from citegraph.graph.partition import keys_of
from citegraph.loaders.enrich.errors import NoAnswerError, RefusedError
from citegraph.loaders.enrich.http import Client, Reply
from citegraph.loaders.enrich.services import NAMES, service
from citegraph.loaders.enrich.transport import Raw
from citegraph.loaders.enrich.wanted import Answer, Ask, Wanted

WORKS = corpus(30)
BATCHED = {"semantic-scholar": 100, "crossref": 40, "arxiv": 100, "datacite": 50}


def wanted(work: Work, *known: str, **other: Any) -> Wanted:
    """Return a work as a graph may know it: by some of its identifiers, or by its title alone."""
    ids = {name: getattr(work, name) for name in known if name != "dblp"}
    also = (f"dblp:{work.dblp}",) if "dblp" in known else ()
    first = {"arxiv_id": "arxiv", "doi": "doi", "openalex_id": "openalex", "s2_id": "s2"}
    key = next((f"{kind}:{ids[name]}" for name, kind in first.items() if name in ids), f"title:{work.number}")
    surnames = frozenset(name.split()[-1].lower() for name in work.authors)
    return Wanted(key, work.title, **ids, also=also, year=work.year, surnames=surnames, **other)


class World:
    """A client of fake services."""

    def __init__(self, folder: Path, works: list[Work] = WORKS, **how: Any) -> None:
        self.services = FakeServices(works, **how)
        self.clock = FakeClock()
        self.client = Client(folder, transport=self.services, clock=self.clock, chance=random.Random(1))

    def ask(self, name: str, *papers: Wanted, citing: bool = False) -> list[Answer]:
        """Ask a service all there is to ask about papers."""
        one = service(name)
        waiting, answers = list(one.asks(papers, citing=citing)), []
        while waiting:
            ask = waiting.pop(0)
            try:
                for said in one.read(ask, self.client.ask(one.policy, ask.path, ask.parameters, ask.json)):
                    (waiting if isinstance(said, Ask) else answers).append(said)
            except RefusedError:
                waiting += (smaller := list(one.smaller(ask)))
                if not smaller:
                    raise
        return answers


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def identifiers(name: str) -> tuple[str, ...]:
    return {"dblp": ("dblp",), "crossref": ("doi",), "opencitations": ("doi",)}.get(name, ("arxiv_id",))


@pytest.mark.parametrize("name", NAMES)
def test_a_paper_asked_for_by_its_identifier_is_answered_with_a_record_that_joins_it(
    world: World, name: str
) -> None:
    paper = wanted(WORKS[3], *identifiers(name))
    (said,) = world.ask(name, paper)
    assert said.record is not None, said.reason
    assert paper.id in keys_of(said.record)
    if name != "opencitations":
        assert said.record.title == WORKS[3].title
        assert [author.name for author in said.record.authors] == list(WORKS[3].authors)


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"huggingface", "opencitations"}))
def test_a_paper_known_by_its_title_alone_is_searched_for(world: World, name: str) -> None:
    paper = wanted(WORKS[3])
    (said,) = world.ask(name, paper)
    assert said.record is not None, said.reason
    assert said.record.title == WORKS[3].title
    assert paper.id in keys_of(said.record)


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"huggingface", "opencitations"}))
def test_of_a_search_that_finds_only_other_papers_nothing_is_believed(tmp_path: Path, name: str) -> None:
    world = World(tmp_path, unknown={name: {3}})
    sought = wanted(WORKS[3])
    near = Wanted(sought.id, WORKS[4].title.replace("4x", "3x"), year=WORKS[4].year, surnames=sought.surnames)
    for said in (*world.ask(name, sought), *world.ask(name, near)):
        assert said.record is None


@pytest.mark.parametrize("name", NAMES)
def test_a_paper_that_a_service_does_not_have_is_told_so(tmp_path: Path, name: str) -> None:
    world = World(tmp_path, unknown={name: {3}})
    answers = world.ask(name, wanted(WORKS[3], *identifiers(name)), wanted(WORKS[4], *identifiers(name)))
    assert [(said.record is None, said.reason) for said in answers] == [(True, ""), (False, "")]


@pytest.mark.parametrize("name", NAMES)
def test_papers_are_asked_for_together_where_the_service_takes_them_together(name: str) -> None:
    works = corpus(250)
    asks = list(service(name).asks([wanted(work, *identifiers(name)) for work in works]))
    assert len(asks) == -(-250 // BATCHED.get(name, 1))
    assert [paper.title for ask in asks for paper in ask.papers] == [work.title for work in works]


@pytest.mark.parametrize("name", NAMES)
def test_every_paper_asked_about_is_answered_once(world: World, name: str) -> None:
    papers = [wanted(work, *identifiers(name)) for work in WORKS]
    answers = world.ask(name, *papers)
    assert sorted(said.paper for said in answers) == sorted(paper.id for paper in papers)


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_to_a_paper_told_apart_from_its_namesakes_does_not_take_their_name(
    world: World, name: str
) -> None:
    known = wanted(WORKS[3], *identifiers(name))
    paper = Wanted(
        "title:x#vaswani-2017", known.title, known.arxiv_id, known.doi, also=known.also, year=known.year
    )
    for said in world.ask(name, paper):
        assert said.record is not None
        assert not any("#" in key for key in keys_of(said.record))


@pytest.mark.parametrize("name", ["openalex", "semantic-scholar", "opencitations"])
def test_works_that_cite_a_paper_come_as_records_that_refer_to_it(world: World, name: str) -> None:
    paper = wanted(WORKS[3], "doi", "arxiv_id")
    citing = [said.record for said in world.ask(name, paper, citing=True) if said.more]
    expected = {work.doi for work in WORKS if 3 in work.cites and work.number != 3}
    assert {record.doi for record in citing if record} - {WORKS[3].doi} == expected
    own = {f"doi:{WORKS[3].doi}", f"openalex:{WORKS[3].openalex_id}", f"s2:{WORKS[3].s2_id}"}
    for record in citing:
        assert record is not None
        assert sum(bool(own & set(keys_of(reference))) for reference in record.references) == 1


@pytest.mark.parametrize("name", ["openalex", "semantic-scholar", "crossref", "datacite", "opencitations"])
def test_what_a_paper_cites_comes_with_it(world: World, name: str) -> None:
    (said,) = world.ask(name, wanted(WORKS[3], "doi" if name == "crossref" else "arxiv_id"))
    assert said.record is not None
    known = {key for reference in said.record.references for key in keys_of(reference)}
    for number in WORKS[3].cites:
        assert {f"doi:{WORKS[number].doi}", f"openalex:{WORKS[number].openalex_id}"} & known


def test_unknown_references_of_semantic_scholar_are_left_out(world: World) -> None:
    (said,) = world.ask("semantic-scholar", wanted(WORKS[3], "doi"))
    assert said.record is not None
    assert len(said.record.references) == len(WORKS[3].cites)


def test_a_work_that_openalex_merged_is_found_by_its_former_identifier(tmp_path: Path) -> None:
    world = World(tmp_path, merged={"W2000": WORKS[3].openalex_id})
    paper = Wanted("openalex:W2000", WORKS[3].title, openalex_id="W2000", surnames=frozenset({"nobody"}))
    (said,) = world.ask("openalex", paper)
    assert said.record is not None
    assert said.record.openalex_id == WORKS[3].openalex_id
    assert "openalex:W2000" in said.record.also


def test_openalex_is_asked_by_the_next_identifier_where_it_does_not_know_the_first(world: World) -> None:
    paper = Wanted(
        "doi:10.1/none", WORKS[3].title, arxiv_id=WORKS[3].arxiv_id, doi="10.1/none", openalex_id="W9999"
    )
    (said,) = world.ask("openalex", paper)
    assert said.record is not None
    assert world.services.count("openalex") == 3


def test_openalex_is_searched_only_after_all_that_is_free(world: World) -> None:
    asks = list(service("openalex").asks([wanted(WORKS[1]), wanted(WORKS[2], "doi")]))
    assert [ask.path for ask in asks] == [f"works/doi:{WORKS[2].doi}", "works"]


def test_openalex_is_not_asked_for_what_it_takes_for_an_illegal_identifier() -> None:
    paper = Wanted("doi:10.1/a,b", "A title", doi="10.1/a,b", arxiv_id="1904.00004")
    (ask,) = service("openalex").asks([paper])
    assert ask.path == "works/doi:10.48550/arXiv.1904.00004"


def test_the_order_of_a_list_does_not_matter(world: World) -> None:
    papers = [wanted(work, "doi") for work in WORKS]
    for said, work in zip(world.ask("crossref", *papers), WORKS, strict=True):
        assert said.record is not None
        assert said.record.title == work.title


def test_a_doi_with_a_comma_is_asked_for_singly() -> None:
    paper = Wanted("doi:10.1/a,b", "A title", doi="10.1/a,b")
    (ask,) = service("crossref").asks([paper])
    assert ask.path == "works/10.1/a%2Cb"


def test_a_batch_that_is_refused_is_asked_in_halves(tmp_path: Path) -> None:
    world = World(tmp_path, schedule=sequence("400", "400"))
    papers = [wanted(work, "doi") for work in WORKS[:8]]
    answers = world.ask("semantic-scholar", *papers)
    assert sorted(said.paper for said in answers if said.record) == sorted(paper.id for paper in papers)
    sizes = [len(orjson.loads(body)["ids"]) for _, _, _, _, body in world.services.sent]
    assert sizes == [8, 4, 4, 2, 2]


def test_a_batch_with_other_than_one_entry_a_paper_is_not_believed() -> None:
    one = service("semantic-scholar")
    (ask,) = one.asks([wanted(WORKS[1], "doi"), wanted(WORKS[2], "doi")])
    with pytest.raises(NoAnswerError, match="1 entries for 2 papers"):
        list(one.read(ask, Reply(200, b"[null]")))


def test_an_empty_page_of_arxiv_is_asked_for_again_and_then_refused(tmp_path: Path) -> None:
    world = World(tmp_path, unknown={"arxiv": set(range(30))})
    with pytest.raises(NoAnswerError, match="empty"):
        world.ask("arxiv", wanted(WORKS[1], "arxiv_id"))
    assert world.services.count("arxiv") == service("arxiv").policy.attempts
    world.services.unknown.clear()
    (said,) = world.ask("arxiv", wanted(WORKS[1], "arxiv_id"))
    assert said.record is not None


def test_arxiv_is_asked_every_three_seconds(world: World) -> None:
    begun = world.clock.now()
    world.ask("arxiv", *[wanted(work) for work in WORKS[:5]])
    assert world.clock.now() - begun >= 4 * 3.0


def test_the_titles_of_what_is_asked_are_no_commands_for_a_search() -> None:
    paper = Wanted("title:x", 'On "phrases", filter:1|2 (and) *stars*\\: a study')
    for name in ("openalex", "arxiv", "datacite", "crossref", "dblp", "semantic-scholar"):
        (ask,) = service(name).asks([paper])
        text = " ".join((ask.parameters or {}).values())
        assert "On phrases filter 1 2 and stars a study" in text


@pytest.mark.parametrize("name", NAMES)
def test_a_record_whose_title_and_authors_are_others_is_refused_though_the_identifier_agrees(
    world: World, name: str
) -> None:
    other = wanted(WORKS[3], *identifiers(name))
    paper = Wanted(
        other.id,
        "A history of mediaeval bridges",
        other.arxiv_id,
        other.doi,
        also=other.also,
        surnames=frozenset({"pontifex"}),
    )
    (said,) = world.ask(name, paper)
    if name == "opencitations":  # which knows identifiers alone
        assert said.record is not None
    else:
        assert said.record is None
        assert "another work" in said.reason


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fault", ["null", "huge numbers", "numbers for everything", "lists for everything"])
def test_answers_of_strange_shapes_are_refused_in_a_sentence(name: str, fault: str, tmp_path: Path) -> None:
    one = service(name)
    papers = [wanted(WORKS[3], *identifiers(name)), wanted(WORKS[4])]
    world = World(tmp_path)
    for ask in one.asks(papers, citing=True):
        raw = world.client.ask(one.policy, ask.path, ask.parameters, ask.json)
        body = FAULTS[fault].make(Raw(200, {}, raw.body)).body
        try:
            said = list(one.read(ask, Reply(200, body)))
        except NoAnswerError as error:
            assert str(error).startswith(f"{name}: ")
            assert "\n" not in str(error)
        else:
            answered = {answer.paper for answer in said if isinstance(answer, Answer) and not answer.more}
            again = {
                paper.id for item in said if isinstance(item, Ask) and not item.more for paper in item.papers
            }
            assert answered | again == ({paper.id for paper in ask.papers} if not ask.more else set())


def test_a_service_may_be_reached_at_another_address() -> None:
    assert service("openalex", "http://127.0.0.1:8000/").policy.base == "http://127.0.0.1:8000"


def test_a_service_that_is_not_there_is_named_with_what_may_have_been_meant() -> None:
    with pytest.raises(InputError, match="did you mean openalex"):
        service("open-alex")


# --- recorded answers --------------------------------------------------------------------------------------


def reply(path: str) -> Reply:
    return Reply(200, shared(f"fixtures/{path}").read_bytes())


def test_a_recorded_work_of_openalex_is_read() -> None:
    one = service("openalex")
    paper = Wanted("openalex:W2741809807", "", openalex_id="W2741809807")
    (ask,) = one.asks([paper])
    (said,) = one.read(ask, reply("openalex/W2741809807.json"))
    assert isinstance(said, Answer)
    assert said.record is not None
    assert said.record.doi == "10.7717/peerj.4375"
    assert len(said.record.references) > 10


def test_a_recorded_feed_of_arxiv_is_read_for_the_papers_asked() -> None:
    one = service("arxiv")
    papers = [Wanted(f"arxiv:{i}", "", arxiv_id=i) for i in ("0808.0539", "1707.08567")]
    (ask,) = one.asks(papers)
    answers = list(one.read(ask, reply("arxiv/id_0808.05394_1707.08567_s0_m100_42e5aa0ec3af__200.xml")))
    found = {said.paper: said.record for said in answers if isinstance(said, Answer)}
    assert found["arxiv:1707.08567"] is not None


def test_a_recorded_empty_feed_of_arxiv_is_doubted() -> None:
    body = reply("arxiv/id_0000.0000_s0_m100_8b51d9633a68__200.xml").body
    doubt = service("arxiv").policy.doubt
    assert doubt is not None
    assert doubt("https://export.arxiv.org/api/query?id_list=0000.0000", body)
    assert doubt("https://export.arxiv.org/api/query?search_query=ti:x", body) is None
    good = reply("arxiv/id_1605.08386_s0_m100_199195aa31ad__200.xml").body
    assert doubt("https://export.arxiv.org/api/query?id_list=1605.08386", good) is None
    assert doubt("https://export.arxiv.org/api/query?id_list=1605.08386", good[:-40])


def recorded(folder: str, *needed: str) -> list[Any]:
    """Return the recorded answers of a folder that have certain fields."""
    found = [
        orjson.loads(path.read_bytes()) for path in sorted(shared(f"fixtures/{folder}").glob("*_200.json"))
    ]
    return [page for page in found if isinstance(page, dict) and set(needed) <= page.keys()]


def test_recorded_papers_of_semantic_scholar_are_read_in_a_batch() -> None:
    pages = recorded("s2/paperqa", "paperId", "title")
    one = service("semantic-scholar")
    papers = [Wanted(f"s2:{page['paperId']}", page["title"], s2_id=page["paperId"]) for page in pages]
    (ask,) = one.asks([*papers, Wanted("doi:10.1/none", "None", doi="10.1/none")])
    answers = list(one.read(ask, Reply(200, orjson.dumps([*pages, None]))))
    records = [said.record for said in answers if isinstance(said, Answer)]
    assert len(pages) >= 5
    assert [record.title for record in records if record] == [page["title"] for page in pages]
    assert records[-1] is None


@pytest.mark.parametrize(
    ("name", "folder", "inside"),
    [
        ("semantic-scholar", "s2/paperqa", "data"),
        ("openalex", "openalex/paperqa", "results"),
        ("crossref", "crossref/paperqa", "message"),
    ],
)
def test_of_recorded_searches_the_paper_sought_is_believed_and_no_other(
    name: str, folder: str, inside: str
) -> None:
    one, searches = service(name), 0
    for page in recorded(folder, inside):
        found = page[inside].get("items") if isinstance(page[inside], dict) else page[inside]
        if not found:
            continue
        titled = found[0].get("title")
        titled = titled[0] if isinstance(titled, list) else titled
        if not titled or len(titled) < 24:
            continue
        searches += 1
        body = Reply(200, orjson.dumps(page))
        year = found[0].get("year") or found[0].get("publication_year")
        right = Wanted("title:1", titled, year=year)
        wrong = Wanted("title:2", "Of the shapes of clouds over northern seas", year=year)
        for sought in (right, wrong):
            (ask,) = one.asks([sought])
            (said,) = one.read(ask, body)
            assert isinstance(said, Answer)
            assert (said.record is not None) == (sought is right), (titled, said.reason)
    assert searches


def test_recorded_works_of_crossref_are_read_by_their_doi() -> None:
    one, read = service("crossref"), 0
    for page in recorded("crossref/paperqa", "message"):
        work = page["message"]
        if page["message-type"] != "work":
            continue
        (ask,) = one.asks([Wanted(f"doi:{work['DOI'].lower()}", "", doi=work["DOI"].lower())])
        (said,) = one.read(ask, Reply(200, orjson.dumps({"message": {"items": [work]}})))
        assert isinstance(said, Answer)
        assert said.record is not None
        assert len(said.record.references) <= len(work.get("reference", ()))
        read += 1
    assert read >= 8


def test_recorded_papers_of_hugging_face_are_read() -> None:
    one, read = service("huggingface"), 0
    for day in orjson.loads(shared("fixtures/hf_daily/api_days/2025-10-31.json").read_bytes()):
        paper = day["paper"]
        (ask,) = one.asks([Wanted(f"arxiv:{paper['id']}", paper["title"], arxiv_id=paper["id"])])
        (said,) = one.read(ask, Reply(200, orjson.dumps(paper)))
        assert isinstance(said, Answer)
        assert said.record is not None
        assert said.record.arxiv_id == paper["id"]
        read += 1
    assert read


def test_recorded_citations_of_semantic_scholar_refer_to_the_paper_asked_for() -> None:
    one = service("semantic-scholar")
    page = orjson.loads(shared("fixtures/s2/test_get_paper_citations__2_200.json").read_bytes())
    paper = Wanted("s2:" + "a" * 40, "A title", s2_id="a" * 40)
    (ask,) = one.asks([paper], citing=True)
    first = next(
        item
        for item in one.read(ask, Reply(200, orjson.dumps([{"paperId": "a" * 40, "title": "A title"}])))
        if isinstance(item, Ask)
    )
    said = list(one.read(first, Reply(200, orjson.dumps(page))))
    records = [item.record for item in said if isinstance(item, Answer)]
    assert len(records) == len(page["data"])
    assert all(record and record.references[0].s2_id == "a" * 40 for record in records)
    (more,) = [item for item in said if isinstance(item, Ask)]
    assert more.parameters is not None
    assert more.parameters["offset"] == "1000"


_CHANGES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


def _answers(name: str) -> list[tuple[Ask, bytes]]:
    """Return the requests a service is sent, and its right answers to them."""
    one, fake = service(name), FakeServices(WORKS)
    asks = one.asks([wanted(WORKS[3], *identifiers(name)), wanted(WORKS[4])], citing=True)
    made = []
    for ask in asks:
        request = Request(
            "GET", f"{one.policy.base}/{ask.path}", params=dict(ask.parameters or {}), json=ask.json
        )
        made.append((ask, fake.send(request.prepare(), one.policy).body))
    return made


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_of_an_answer_is_changed_it_is_read_or_refused_in_a_sentence(
    name: str, data: st.DataObject
) -> None:
    ask, body = data.draw(st.sampled_from(_answers(name)))
    if body.lstrip().startswith(b"<"):
        start = data.draw(st.integers(0, len(body)))
        changed = (
            body[:start] + data.draw(st.binary(max_size=6)) + body[start + data.draw(st.integers(0, 20)) :]
        )
    else:
        page = orjson.loads(body)
        place = page
        for _ in range(data.draw(st.integers(0, 6))):  # go down to some field, and put something else there
            inner = [key for key in _keys(place) if isinstance(place[key], dict | list) and place[key]]
            if not inner:
                break
            place = place[data.draw(st.sampled_from(inner))]
        if keys := _keys(place):
            place[data.draw(st.sampled_from(keys))] = data.draw(_CHANGES)
        changed = json.dumps(page).encode()
    try:
        said = list(service(name).read(ask, Reply(200, changed)))
    except NoAnswerError as error:
        assert "\n" not in str(error)
    else:
        assert all(isinstance(item, Answer | Ask) for item in said)


def _keys(place: Any) -> list[Any]:
    return list(place) if isinstance(place, dict) else list(range(len(place)))
