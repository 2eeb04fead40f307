"""The body of a paper and the statements about it: what they add to title and abstract, and where they say so."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from conftest import shared
from effort import growth
from hypothesis import given, settings
from hypothesis import strategies as st

from citegraph import open_graph
from citegraph.graph.body import body_of, outline, section_at, statements_text
from citegraph.graph.local import LocalStore
from citegraph.graph.records import Extraction, Mention, Paper, Section, Statement, Text
from citegraph.graph.schema import RELATIONS
from citegraph.graph.update import SourceInfo, Update
from citegraph.loaders.extract import Extractor
from citegraph.loaders.extract.body.full import MOST_SPANS, read
from citegraph.loaders.extract.body.sections import parts, pieces
from citegraph.loaders.pipeline import _extract_here, _prepare

TITLE = "TinyLoom: Weaving Small Models"
ABSTRACT = "We propose TinyLoom, a framework for pruning. On ImageNet, TinyLoom keeps 76.1% accuracy."


@cache
def extractor() -> Extractor:
    return Extractor()


def found(
    *sections: tuple[str, str], statements: tuple[Statement, ...] = (), abstract: str = ABSTRACT
) -> Extraction:
    listed = tuple(Section(name, text) for name, text in sections)
    return read(extractor(), Text(TITLE, abstract, (), listed, statements))


def relation(extraction: Extraction, node: str) -> str | None:
    return next((m.relation for m in extraction.mentions if m.id == node), None)


def mention(extraction: Extraction, node: str) -> Mention:
    return next(m for m in extraction.mentions if m.id == node)


# --- spans -------------------------------------------------------------------------------------------------


def test_a_paper_without_sections_and_statements_is_read_as_ever() -> None:
    assert read(extractor(), Text(TITLE, ABSTRACT)) == extractor().extract(TITLE, ABSTRACT)


def test_spans_of_the_body_count_the_characters_of_all_its_sections() -> None:
    sections = (
        Section("Introduction", "Nothing yet."),
        Section("Experiments", "We evaluate on CIFAR-10 [3]."),
    )
    extraction = read(extractor(), Text(TITLE, ABSTRACT, (), sections))
    (span,) = mention(extraction, "benchmark:cifar-10").spans
    assert (span.field, body_of(sections)[span.start : span.end]) == ("body", "CIFAR-10")
    assert section_at(outline(sections), span.start) == "Experiments"


def test_a_name_is_quoted_as_stored_where_the_text_is_latex() -> None:
    extraction = found(
        ("Experiments", "We evaluate on \\textsc{Cifar}-10 and on {\\bf ImageNet}, with  two blanks.")
    )
    (span,) = [s for s in mention(extraction, "benchmark:imagenet").spans if s.field == "body"]
    assert span.text in ("ImageNet", "ImageNet}")


def test_the_places_of_one_thing_are_limited() -> None:
    extraction = found(("Results", "We evaluate TinyLoom on CIFAR-10. " * 500))
    assert len(mention(extraction, "benchmark:cifar-10").spans) == MOST_SPANS


# --- relations ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "sentence", "node", "expected"),
    [
        ("Experiments", "We evaluate on CIFAR-10.", "benchmark:cifar-10", "EVALUATED_ON"),
        ("4.2 Implementation details", "We train on 8 V100 GPUs.", "hardware:nvidia-v100", "RUNS_ON"),
        ("Results", "Our model outperforms SnapKV by a wide margin.", "method:snapkv", "COMPARED_WITH"),
        ("Training", "We use the Adam optimizer [3].", "method:adam", "USES"),
        ("Results", "The backbone is pre-trained on CIFAR-10.", "benchmark:cifar-10", "USES"),
        ("Results", "A CIFAR-10 pre-trained backbone is taken.", "benchmark:cifar-10", "USES"),
        ("Training", "We do not use the Adam optimizer.", "method:adam", "MENTIONS"),
        ("Results", "Their layer extends LoRA.", "method:lora", "USES"),
        ("Results", "Instead of Adam, a schedule is found.", "method:adam", "MENTIONS"),
        ("Introduction", "We evaluate on CIFAR-10.", "benchmark:cifar-10", "MENTIONS"),
        ("Related Work", "Han et al. prune AlexNet on CIFAR-10.", "benchmark:cifar-10", "MENTIONS"),
        ("Related Work", "Our approach outperforms SnapKV.", "method:snapkv", "COMPARED_WITH"),
        ("Related Work", "H2O outperforms SnapKV.", "method:snapkv", "MENTIONS"),
        ("Acknowledgements", "We thank NVIDIA for a Titan X.", "hardware:nvidia-titan-x", "MENTIONS"),
        ("3 Method", "Many pipelines exist for the V100 GPU.", "hardware:nvidia-v100", "MENTIONS"),
        ("3 Method", "Our layer extends LoRA.", "method:lora", "BUILDS_ON"),
    ],
)  # fmt: skip
def test_a_section_says_as_much_as_it_is_for(heading: str, sentence: str, node: str, expected: str) -> None:
    assert relation(found((heading, sentence)), node) == expected


def test_only_title_and_abstract_propose() -> None:
    extraction = found(("Method", "We propose WovenPrune, a novel method for pruning. WovenPrune is fast."))
    assert [m.name for m in extraction.mentions if m.relation == "PROPOSES"] == ["TinyLoom"]


def test_an_experiment_of_the_body_makes_a_weaker_relation_of_the_abstract_stronger() -> None:
    abstract = "CIFAR-10 is easy. We propose TinyLoom, a framework for pruning."
    assert relation(found(abstract=abstract), "benchmark:cifar-10") == "MENTIONS"
    extraction = found(("Experiments", "We evaluate TinyLoom on CIFAR-10."), abstract=abstract)
    changed = mention(extraction, "benchmark:cifar-10")
    assert (changed.relation, [span.field for span in changed.spans]) == (
        "EVALUATED_ON",
        ["body", "abstract"],
    )


def test_what_the_abstract_says_stays_where_the_body_says_less() -> None:
    extraction = found(("Related Work", "ImageNet [2] is large."))
    kept = mention(extraction, "benchmark:imagenet")
    assert (kept.relation, [span.field for span in kept.spans]) == ("EVALUATED_ON", ["abstract", "body"])


def test_numbers_of_the_body_are_no_claims() -> None:
    extraction = found(("Results", "TinyLoom reaches 99.9% accuracy on CIFAR-10, a 4x speedup."))
    assert [result.value for result in extraction.results] == ["76.1"]


def test_devices_are_counted_and_sizes_read_where_experiments_are_reported() -> None:
    extraction = found(("Setup", "We fine-tune LLaMA-2-13B on 16 A100 GPUs."))
    assert mention(extraction, "hardware:nvidia-a100").count == 16
    assert mention(extraction, "model:llama-2").sizes == ("13B",)


# --- names -------------------------------------------------------------------------------------------------


def test_a_name_no_list_knows_counts_where_it_is_cited() -> None:
    extraction = found(("Related Work", "Earlier pruners are WeftCut [12] and Warpnell. WeftCut is slow."))
    assert len(mention(extraction, "method:weftcut").spans) == 2
    assert relation(extraction, "method:warpnell") is None


def test_authors_and_figures_are_no_names() -> None:
    extraction = found(
        (
            "Related Work",
            "Following McKinley et al. [3] and DeWitt and Ross (2015), see Figs. 3 [4] and (LeRoy, 2014).",
        )
    )
    assert [m.name for m in extraction.mentions if all(s.field == "body" for s in m.spans)] == []


def test_ordinary_words_that_spell_a_name_are_none() -> None:
    extraction = found(("Experiments", "Multiple runs are averaged. Predict the x and y offsets."))
    assert [m.name for m in extraction.mentions if m.spans[0].field == "body"] == []


def test_an_abbreviation_the_body_defines_is_known_everywhere_in_it() -> None:
    extraction = found(
        ("Background", "STGD is defined below."),
        ("Experiments", "We use stochastic gradient descent (STGD) here."),
        ("Results", "STGD converges."),
    )
    assert [span.text for span in mention(extraction, "method:sgd").spans].count("STGD") == 3


def test_a_definition_takes_a_name_from_what_the_lexicon_means_by_it() -> None:
    extraction = found(
        ("Method", "The Spatial Adaptive Mixture (SAM) is a layer."),
        ("Experiments", "We evaluate SAM on CIFAR-10."),
    )
    assert relation(extraction, "model:sam") is None


def test_initials_of_the_papers_own_name_do_not_mean_what_a_list_knows() -> None:
    abstract = "We propose Folded Lattice, a framework for pruning."
    extraction = found(("Results", "We use FL here. We use FL there."), abstract=abstract)
    assert relation(extraction, "method:federated-learning") is None


@pytest.mark.parametrize(
    "said", ["We minimise FL(pt) here.", "Let FL(x) be the loss.", "FL(p, y) is convex."]
)
def test_an_abbreviation_with_the_argument_of_a_formula_is_no_name(said: str) -> None:
    extraction = found(("Method", said), ("Results", "We use FL. Training with FL is stable."))
    assert relation(extraction, "method:federated-learning") is None
    plain = found(("Results", "We use FL. Training with FL is stable. We use FL with ten clients."))
    assert relation(plain, "method:federated-learning") is not None


def test_an_abbreviation_means_what_the_paper_names_in_full() -> None:
    both = found(("Results", "We use focal loss [4] for classes. For boxes we use FL too, and FL again."))
    assert relation(both, "method:federated-learning") is None


def test_an_index_before_a_name_does_not_make_another() -> None:
    extraction = found(
        ("Experiments", "Each stage has L i Transformer layers. We train the L i Transformer layers.")
    )
    assert not [m for m in extraction.mentions if m.name == "iTransformer"]


@pytest.mark.parametrize(
    ("paper", "own"),
    [("2009.14082v2", "AFF-ResNet-50"), ("1911.11929v1", "CSPResNeXt50"), ("2102.12122v1", "PVT")],
)
def test_what_the_paper_calls_its_own_is_not_what_it_compares_itself_with(paper: str, own: str) -> None:
    from loading import read as read_files

    [work], _ = read_files(shared(f"fixtures/tei/pwc_ml_papers/{paper}.tei.xml"))
    extraction = read(extractor(), Text(work.title, work.abstract, (), work.sections, ()))
    [mention] = [m for m in extraction.mentions if m.name == own]
    assert mention.relation not in ("COMPARED_WITH", "BUILDS_ON")


def test_what_the_title_names_in_full_and_the_body_shortens_is_proposed() -> None:
    body = Section(
        "Experiments", "Our PVT is compared with ResNet. We use PVT-Small. PVT outperforms ResNet."
    )
    title = "Pyramid Vision Transformer: A Backbone"
    extraction = read(extractor(), Text(title, "", (), (body,), ()))
    assert [m.relation for m in extraction.mentions if m.name == "PVT"] == ["PROPOSES"]


def test_a_name_broken_at_the_end_of_a_line_is_the_name() -> None:
    extraction = found(("Setup", "We use the Effi-cientNet backbone. Effi-cientNets [4] are small."))
    assert relation(extraction, "method:efficientnet") or relation(extraction, "model:efficientnet")
    assert not [m for m in extraction.mentions if "cient" in m.id and "efficientnet" not in m.id]


def test_a_class_of_techniques_counts_where_the_paper_says_that_it_uses_it() -> None:
    named = found(("Experiments", "The accuracy of quantization varies. Distillation helps."))
    used = found(("Experiments", "In all runs we use gradient checkpointing."))
    assert relation(named, "method:quantization") is None
    assert relation(used, "method:activation-checkpointing") == "USES"


# --- parts and pieces --------------------------------------------------------------------------------------


def test_headings_say_what_a_section_is_for() -> None:
    headings = [
        "1 Introduction", "2. Related Work", "3 Method", "Encoder", "4 Experiments", "Faster R-CNN", "",
        "Ablations > Related choices", "5 Discussion", "A Proofs", "B Hyperparameters", "Results and Discussion",
    ]  # fmt: skip
    said = ["b", "b", "o", "o", "e", "e", "e", "b", "b", "o", "e", "e"]
    assert [part[0] for part in parts([Section(h, "") for h in headings])] == said


def test_a_heading_that_names_a_benchmark_reports_on_it() -> None:
    extraction = found(("MS COCO", "Boxes are scored on CIFAR-10."))
    assert relation(extraction, "benchmark:cifar-10") == "EVALUATED_ON"


@given(st.text(alphabet="aB .!?\n(", max_size=9_000))
@settings(max_examples=30, deadline=None)
def test_pieces_are_the_text_and_short(text: str) -> None:
    cut = list(pieces(text))
    assert "".join(piece for _, piece in cut) == text
    assert all(text[at : at + len(piece)] == piece and 0 < len(piece) <= 3_000 for at, piece in cut)


words = st.sampled_from(
    ["We", "evaluate", "on", "CIFAR-10", "(LLaMA-2-7B)", "outperforms", "[3]", "$\\alpha$", "SnapKV,", "8", "A100",
     "GPUs.", "é", "\u200b", "et al.", "{", "}", "~", "Low-Rank", "Adaptation", "(LoRA).", "\x00", "…", "(", "https://x.y/z"]
)  # fmt: skip


@given(
    st.lists(
        st.tuples(st.sampled_from(["Results", "Introduction", "", "Model"]), st.lists(words, max_size=60))
    )
)
@settings(max_examples=40, deadline=None)
def test_every_span_quotes_the_text_it_names_whatever_the_body_holds(
    given_sections: list[tuple[str, list[str]]],
) -> None:
    sections = tuple(Section(name, " ".join(text)) for name, text in given_sections)
    extraction = read(extractor(), Text(TITLE, ABSTRACT, (), sections))
    texts = {"title": TITLE, "abstract": ABSTRACT, "body": body_of(sections)}
    assert len({m.id for m in extraction.mentions}) == len(extraction.mentions)
    for made in extraction.mentions:
        assert made.relation in RELATIONS
        assert made.spans
        assert all(texts[s.field][s.start : s.end] == s.text for s in made.spans)


@pytest.mark.parametrize("unit", ["We evaluate SnapKV on CIFAR-10. ", "(a", "x" * 50, "A1 B2-C3 ", "{\\bf "])
def test_reading_takes_time_in_proportion_to_the_body(unit: str) -> None:
    def reading(characters: int) -> None:
        sections = (Section("Results", (unit * (characters // len(unit) + 1))[:characters]),)
        read(extractor(), Text(TITLE, ABSTRACT, (), sections))

    assert growth(reading, 20_000, 160_000) < 24  # 8 if it is linear, 64 if it is quadratic


# --- statements --------------------------------------------------------------------------------------------

ROW = Statement(
    "ImageNet, Top 1 Accuracy: 76.1% (TinyLoom-B)", "Benchmark", "ImageNet", "EVALUATED_ON", "Top 1 Accuracy",
    "76.1%", "TinyLoom-B",
)  # fmt: skip


def test_a_statement_is_quoted_from_the_line_that_makes_it() -> None:
    other = Statement("It introduces LoomSet.", "Benchmark", "LoomSet", "PROPOSES")
    extraction = found(statements=(other, ROW), abstract="")
    made = mention(extraction, "benchmark:loomset")
    assert (made.relation, made.label) == ("PROPOSES", "Benchmark")
    text = statements_text((other, ROW))
    for span in (*made.spans, *mention(extraction, "benchmark:imagenet").spans):
        assert (span.field, span.extractor, text[span.start : span.end]) == (
            "statements",
            "stated@1",
            span.text,
        )


def test_a_stated_name_means_what_it_means_in_texts() -> None:
    extraction = found(statements=(ROW,))
    stated = mention(extraction, "benchmark:imagenet")
    assert [span.field for span in stated.spans] == ["abstract", "statements"]
    assert (
        relation(
            found(statements=(Statement("x: MS-COCO", "Benchmark", "MS-COCO", "USES"),)), "benchmark:coco"
        )
        == "USES"
    )


def test_a_stated_number_is_a_result_of_the_papers_own_on_the_benchmark() -> None:
    result = found(statements=(ROW,), abstract="We propose TinyLoom, a framework.").results[-1]
    assert (result.metric, result.value, result.unit, result.on) == (
        "Top 1 Accuracy",
        "76.1",
        "%",
        "benchmark:imagenet",
    )
    assert (result.of, result.quote.text, result.higher_is_better) == ("method:tinyloom", ROW.text, True)


def test_of_two_relations_the_first_of_the_schema_stands() -> None:
    weaker = Statement("TinyLoom is used.", "Method", "TinyLoom", "USES")
    assert relation(found(statements=(weaker,)), "method:tinyloom") == "PROPOSES"
    abstract = "CIFAR-10 is easy. We propose TinyLoom, a framework for pruning."
    stronger = Statement("CIFAR-10, Accuracy: 91", "Benchmark", "CIFAR-10", "EVALUATED_ON", "Accuracy", "91")
    assert relation(found(statements=(stronger,), abstract=abstract), "benchmark:cifar-10") == "EVALUATED_ON"


def test_a_statement_says_of_what_kind_a_name_is_that_no_list_knows() -> None:
    stated = Statement("It introduces TinyLoom.", "Benchmark", "TinyLoom", "PROPOSES")
    extraction = found(statements=(stated,))
    assert relation(extraction, "benchmark:tinyloom") == "PROPOSES"
    assert relation(extraction, "method:tinyloom") is None
    assert all(result.of != "method:tinyloom" for result in extraction.results)
    assert all(coinage.label == "Benchmark" for coinage in extraction.coined)


def test_many_statements_take_time_in_proportion() -> None:
    def reading(count: int) -> None:
        many = tuple(
            Statement(f"Set{n}x, F1: {n}", "Benchmark", f"Set{n}x", "EVALUATED_ON", "F1", str(n), f"Net{n}")
            for n in range(count)
        )
        assert len(found(statements=many).results) >= count

    assert growth(reading, 250, 2_000) < 24  # 8 if it is linear, 64 if it is quadratic


# --- in the graph ------------------------------------------------------------------------------------------

PAPER = Paper(
    TITLE,
    ABSTRACT,
    arxiv_id="2401.00001",
    sections=(
        Section("Introduction", "Small models matter."),
        Section("Experiments", "All is done twice. We evaluate TinyLoom on CIFAR-10 too. It works."),
    ),
    statements=(ROW,),
)


@pytest.fixture(scope="module")
def graph_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("full") / "graph.db"
    _prepare(())
    with LocalStore(path, create=True) as store, store.writing():
        update = Update(store)
        update.add(SourceInfo("papers.json", "1", "test", "2026-01-01T00:00:00+00:00"), [PAPER])
        update.apply(_extract_here)
    return path


def printed(graph: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "citegraph", *arguments, "-g", str(graph)]
    return subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8").stdout


def test_explain_names_the_section_and_shows_the_sentence(graph_file: Path) -> None:
    with open_graph(graph_file) as graph:
        (quoted,) = graph.explain("2401.00001", "CIFAR-10").reasons[0].quotations
    assert (quoted.place, quoted.sentence) == ("body, Experiments", "We evaluate TinyLoom on CIFAR-10 too.")
    said = printed(graph_file, "explain", "2401.00001", "CIFAR-10")
    assert "body, Experiments" in said


def test_a_statement_is_explained_by_its_line(graph_file: Path) -> None:
    with open_graph(graph_file) as graph:
        quoted = graph.explain("2401.00001", "ImageNet").reasons[0].quotations
    assert [(q.place, q.sentence) for q in quoted if q.field == "statements"] == [("statements", ROW.text)]


def test_show_tells_how_long_the_body_is_and_does_not_print_it(graph_file: Path) -> None:
    said = printed(graph_file, "show", "2401.00001")
    assert "characters in 2 sections" in said
    assert "All is done twice" not in said
    assert "(body, Experiments)" in said
    as_json = printed(graph_file, "show", "2401.00001", "--format", "json")
    assert "All is done twice" not in as_json


def test_the_page_holds_the_sentence_and_not_the_body(graph_file: Path) -> None:
    from citegraph.viz import render_html

    with open_graph(graph_file) as graph:
        page = render_html(graph.store)
    assert "body, Experiments" in page
    assert "We evaluate TinyLoom on " in page
    assert "All is done twice" not in page


# --- real papers -------------------------------------------------------------------------------------------

_TEI = "{http://www.tei-c.org/ns/1.0}"


def _sections(path: Path) -> tuple[Section, ...]:
    body = ET.parse(path).getroot().find(f".//{_TEI}text/{_TEI}body")
    assert body is not None
    made = []
    for part in body.iter(f"{_TEI}div"):
        head = part.find(f"{_TEI}head")
        text = " ".join(" ".join("".join(p.itertext()).split()) for p in part.iter(f"{_TEI}p"))
        made.append(Section("" if head is None else "".join(head.itertext()), text))
    return tuple(made)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("7181-attention-is-all-you-need", {
            "hardware:nvidia-p100": "RUNS_ON", "method:adam": "USES", "method:bpe": "USES", "method:lstm": "MENTIONS",
        }),
        ("1808.01244v2", {
            "hardware:nvidia-titan-x": "RUNS_ON", "method:pytorch": "USES", "method:r-fcn": "MENTIONS",
        }),
        ("1810.03272v1", {"benchmark:cityscapes": "EVALUATED_ON", "benchmark:imagenet": "USES"}),
    ],
)  # fmt: skip
def test_real_bodies_say_what_was_used(name: str, expected: dict[str, str]) -> None:
    sections = _sections(shared(f"fixtures/tei/pwc_ml_papers/{name}.tei.xml"))
    extraction = read(extractor(), Text("", "", (), sections))
    assert {node: relation(extraction, node) for node in expected} == expected
