"""The benchmark of extraction: its measures mean what the guidelines say, and it finds out what goes wrong."""

from __future__ import annotations

import functools
import importlib.util
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from conftest import shared
from hypothesis import given, settings
from hypothesis import strategies as st

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
if str(BENCHMARKS) not in sys.path:  # last, so that nothing installed is hidden
    sys.path.append(str(BENCHMARKS))

import costs  # noqa: E402
import diagnosis  # noqa: E402
import extraction  # noqa: E402
import learned  # noqa: E402
import quality  # noqa: E402
import scoring  # noqa: E402
from scoring import Graph, judge, norm, number, report  # noqa: E402
from table import Table  # noqa: E402
from withheld import Names  # noqa: E402

from citegraph.loaders.extract import Lexicon, linear  # noqa: E402
from citegraph.loaders.extract.known.lexicon import Entry, Family  # noqa: E402

# --- a small world: two papers, their annotation, and a graph that is partly wrong ---------------------------

TITLES = ("Weave: Sparse Loops", "Knots for Llamas")
ABSTRACTS = (
    "We propose Weave, a pruning method for Llama-2-7B. It beats Knit on GSM8K and runs on an A100.",
    "We test LLaMA 2 and Mistral on the Yarn Bench with quantization. Speed doubles to 2.0x.",
)


def entity(kind, canonical, relation, *mentions, **more):
    return {
        "type": kind,
        "canonical": canonical,
        "mentions": list(mentions) or [canonical],
        "relation": relation,
        **more,
    }


GOLD = [
    {
        "id": "g1",
        "title": TITLES[0],
        "abstract": ABSTRACTS[0],
        "date": "2024-05-01",
        "entities": [
            entity("Method", "Weave", "PROPOSES"),
            entity("Method", "pruning", "BUILDS_ON", generic=True),
            entity("Model", "LLaMA 2", "USES", "Llama-2-7B", sizes=["7B"]),
            entity("Method", "Knit", "COMPARED_WITH"),
            entity("Benchmark", "GSM8K", "EVALUATED_ON"),
            entity("Hardware", "NVIDIA A100", "EVALUATED_ON", "A100"),
        ],
        "results": [],
    },
    {
        "id": "g2",
        "title": TITLES[1],
        "abstract": ABSTRACTS[1],
        "date": "2025-01-01",
        "entities": [
            entity("Model", "LLaMA 2", "USES"),
            entity("Model", "Mistral", "USES"),
            entity("Benchmark", "Yarn Bench", "EVALUATED_ON"),
        ],
        "results": [{"metric": "speed", "value": "2.0x", "quote": "doubles to 2.0x"}],
    },
]


def node(label, name, **more):
    return {"kind": "node", "id": f"{label.lower()}:{norm(name)}", "type": label, "name": name, **more}


def edge(relation, paper, target, *quotes, rule="lexicon@1", **more):
    spans = []
    for quote in quotes:
        field, text = ("title", TITLES[paper]) if quote in TITLES[paper] else ("abstract", ABSTRACTS[paper])
        start = text.index(quote)
        spans.append(
            {"field": field, "start": start, "end": start + len(quote), "text": quote, "extractor": rule}
        )
    return {
        "kind": "edge",
        "type": relation,
        "source": f"p{paper}",
        "target": target,
        "evidence": spans,
        **more,
    }


ROWS = [
    {"kind": "node", "id": "p0", "type": "Paper", "name": TITLES[0]},
    {"kind": "node", "id": "p1", "type": "Paper", "name": TITLES[1]},
    node("Method", "Weave", generic=False),
    node("Method", "pruning", generic=True),
    node("Method", "quantization", generic=True),
    node("Model", "LLaMA 2"),
    node("Model", "Knit"),
    node("Benchmark", "GSM8K"),
    node("Benchmark", "Bench"),
    node("Hardware", "A100"),
    {"kind": "node", "id": "r1", "type": "Result", "name": "speed 2.0x", "value": "2.0x"},
    {"kind": "node", "id": "r2", "type": "Result", "name": "speed 3x", "value": "3x"},
    edge("PROPOSES", 0, "method:weave", "Weave", rule="title-colon@1"),
    edge("USES", 0, "method:pruning", "pruning"),
    edge("USES", 0, "model:llama2", "Llama-2-7B", sizes=["7B", "70B"]),
    edge("COMPARED_WITH", 0, "model:knit", "Knit", rule="context@1"),
    edge("EVALUATED_ON", 0, "benchmark:gsm8k", "GSM8K"),
    edge("RUNS_ON", 0, "hardware:a100", "A100"),
    edge("USES", 1, "model:llama2", "LLaMA 2"),
    edge("USES", 1, "model:llama2", "Mistral"),
    edge("EVALUATED_ON", 1, "benchmark:bench", "Bench"),
    edge("USES", 1, "method:quantization", "quantization"),
    edge("REPORTS", 1, "r1"),
    edge("REPORTS", 1, "r2"),
]


@pytest.fixture(name="verdicts")
def _verdicts():
    graph = Graph(ROWS)
    return [judge(paper, graph) for paper in GOLD]


# --- names are compared without what people write differently ------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LLaMA-2", "Llama 2"),
        ("LoRA", "LoRAs"),
        ("The Pile", "Pile"),
        ("M$^3$ViT", "M3ViT"),
        (r"\textsc{Bert}", "BERT"),
        ("Search & Learn", "Search and Learn"),
        ("GPT 4.", "GPT-4"),
    ],
)
def test_spellings_of_one_name_are_one(one, other):
    assert norm(one) == norm(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Qwen2.5", "Qwen25"), ("C++", "C"), ("loss", "los"), ("GPUs", "GPU"), ("LLaMA", "LLaMA 2")],
)
def test_different_names_stay_different(one, other):
    assert norm(one) != norm(other)


@pytest.mark.parametrize(
    ("text", "value"), [("from 29.1 to 32.0", "32.0"), ("1,024 tokens", "1024"), ("twice", "twice"), ("", "")]
)
def test_a_claim_is_compared_by_its_last_number(text, value):
    assert number(text) == value


# --- pairing -------------------------------------------------------------------------------------------------


def things(*entities):
    return [scoring.annotated(item) for item in entities]


def test_a_thing_is_paired_once_and_the_same_canonical_name_goes_first():
    found = things(entity("Method", "AST", "USES"), entity("Method", "Adaptive Trainer", "USES", "AST"))
    gold = things(entity("Method", "Adaptive Trainer", "USES", "AST", "Adaptive Trainer"))
    assert scoring.match(found, gold) == {1: 0}


def test_things_of_different_types_are_never_paired():
    assert (
        scoring.match(things(entity("Model", "Pink", "USES")), things(entity("Method", "Pink", "USES"))) == {}
    )


# --- the measures, by hand -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "matched", "predicted", "gold"),
    [
        ("Method", 1, 1, 2),
        ("Method (generic)", 1, 2, 1),
        ("Model", 2, 3, 3),
        ("Benchmark", 1, 2, 2),
        ("Hardware", 1, 1, 1),
        ("PROPOSES", 1, 1, 1),
        ("sizes", 1, 2, 1),
        ("results", 1, 2, 1),
        ("linking", 1, 1, 1),
    ],
)
def test_counts_are_what_one_counts_by_hand(verdicts, measure, matched, predicted, gold):
    assert report(verdicts)[measure] == scoring.Count(matched, predicted, gold)


def test_relations_are_judged_on_what_was_found_and_hardware_runs_are_evaluations(verdicts):
    assert report(verdicts)["relation accuracy"] == scoring.Share(5, 6)  # pruning: annotated BUILDS_ON


def test_evidence_must_stand_in_the_text_where_it_says(verdicts):
    assert report(verdicts)["evidence exact"].f1 == 1
    moved = json.loads(json.dumps(ROWS))
    moved[12]["evidence"][0]["start"] += 1
    graph = Graph(moved)
    share = report([judge(paper, graph) for paper in GOLD])["evidence exact"]
    assert share.of - share.right == 1


def test_the_first_relation_that_fits_counts():
    graph = Graph([*ROWS, edge("PROPOSES", 0, "method:pruning", "pruning")])
    relations = {thing.node: thing.relation for thing in graph.things("p0")}
    assert relations["method:pruning"] == "PROPOSES"


def test_precision_recall_and_f1_of_nothing_are_nothing():
    assert (scoring.Count().p, scoring.Count().r, scoring.Count().f1) == (0, 0, 0)
    assert scoring.Count().empty and not scoring.Count(0, 1, 0).empty


def test_a_paper_the_graph_has_not_counts_as_missed():
    verdict = judge({**GOLD[0], "title": "Unheard of"}, Graph(ROWS))
    assert not verdict.known
    assert len(verdict.missed()) == len(GOLD[0]["entities"])


# --- the same numbers as the annotators' own script ----------------------------------------------------------

NAMES = (
    "LoRA",
    "LoRAs",
    "the LoRA",
    "LLaMA 2",
    "Llama-2",
    "GPT-4.",
    "$X^2$",
    "X2",
    "Pink",
    r"\emph{Pink}",
    "?",
    "A",
)
ENTITIES = st.builds(
    lambda kind, canonical, mentions, relation, generic, sizes: {
        **entity(kind, canonical, relation, *mentions),
        **({"generic": generic} if kind == "Method" else {}),
        **({"sizes": sizes} if sizes is not None else {}),
    },
    st.sampled_from(scoring.TYPES),
    st.sampled_from(NAMES),
    st.lists(st.sampled_from(NAMES), max_size=3),
    st.sampled_from(("PROPOSES", "USES", "EVALUATED_ON", "COMPARED_WITH", "BUILDS_ON", "MENTIONS")),
    st.booleans(),
    st.none() | st.lists(st.sampled_from(("7B", "7 B", "70B", "")), max_size=3),
)
VALUES = st.lists(st.sampled_from(("2x", "2.0x", "1,000", "29.1 to 32.0", "half")), max_size=3)


@st.composite
def worlds(draw):
    """Draw an annotation and a graph of the same few papers."""
    gold, rows, edges = [], {}, []
    for at in range(draw(st.integers(1, 3))):
        title = f"Paper {at}"
        paper = {"id": str(at), "title": title, "entities": draw(st.lists(ENTITIES, max_size=5))}
        if draw(st.booleans()):
            paper["abstract"] = "Pink LoRA on Llama-2"
        paper["results"] = [{"value": value} for value in draw(VALUES)]
        gold.append(paper)
        if draw(st.integers(0, 5)) == 0:
            continue
        rows[f"p{at}"] = {"kind": "node", "id": f"p{at}", "type": "Paper", "name": title}
        for found in draw(st.lists(ENTITIES, max_size=5)):
            key = f"{found['type']}:{draw(st.integers(0, 3))}"
            generic = bool(found.get("generic"))
            rows.setdefault(
                key,
                {
                    "kind": "node",
                    "id": key,
                    "type": found["type"],
                    "name": found["canonical"],
                    "generic": generic,
                },
            )
            relation = draw(st.sampled_from((*scoring.RELATIONS, "CITES")))
            spans = [
                {"field": draw(st.sampled_from(("title", "abstract", "body"))), "start": 0, "end": 4, "text": mention,
                 "extractor": "x@1"}
                for mention in found["mentions"]
            ]  # fmt: skip
            edges.append(
                {"kind": "edge", "type": relation, "source": f"p{at}", "target": key, "evidence": spans,
                 "sizes": found.get("sizes")}
            )  # fmt: skip
        for number_, value in enumerate(draw(VALUES)):
            key = f"result:{at}:{number_}"
            rows[key] = {"kind": "node", "id": key, "type": "Result", "name": "r", "value": value}
            edges.append({"kind": "edge", "type": "REPORTS", "source": f"p{at}", "target": key})
    return gold, [*rows.values(), *edges]


@pytest.fixture(name="reference", scope="module")
def _reference():
    path = shared("eval/score.py")
    spec = importlib.util.spec_from_file_location("annotators_score", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def agrees(mine, theirs):
    for name in scoring.COUNTED:
        count = mine[name]
        measured = {"p": round(count.p, 4), "r": round(count.r, 4), "f1": round(count.f1, 4)}
        counted = {"matched": count.matched, "predicted": count.predicted, "gold": count.gold}
        assert theirs[name] == {**measured, **counted}
    for name in scoring.SHARES:
        assert round(mine[name].f1, 4) == theirs[name]


@given(world=worlds())
@settings(max_examples=150, deadline=None)
def test_any_annotation_and_graph_get_the_annotators_numbers(world, reference, tmp_path_factory):
    gold, rows = world
    folder = tmp_path_factory.mktemp("world")
    for name, items in (("gold", gold), ("graph", rows)):
        (folder / name).write_text("".join(json.dumps(item) + "\n" for item in items))
    theirs, _, _ = reference.score(folder / "gold", folder / "graph")
    graph = Graph(rows)
    agrees(report([judge(paper, graph) for paper in gold]), theirs)


def test_the_extractor_gets_the_annotators_numbers_on_their_papers(tmp_path):
    from citegraph import open_graph

    gold = shared("eval/gold_dev.jsonl")
    papers = extraction.read_gold([gold])
    source = tmp_path / "papers.jsonl"
    source.write_text("".join(json.dumps({k: p[k] for k in ("title", "abstract")}) + "\n" for p in papers))
    with open_graph(":memory:", create=True) as built:
        built.build(source, jobs=1)
        built.export(tmp_path / "graph.jsonl")
    script = [sys.executable, shared("eval/score.py"), gold, tmp_path / "graph.jsonl", "--json"]
    theirs = json.loads(subprocess.run(script, capture_output=True, text=True, check=True).stdout)
    graph = extraction.build(papers)
    agrees(report([judge(paper, graph) for paper in papers]), theirs)


# --- what goes wrong, and why --------------------------------------------------------------------------------


def test_every_error_has_a_cause(verdicts):
    found = {(what, thing.canonical): cause for v in verdicts for what, thing, cause in diagnosis.causes(v)}
    assert found == {
        ("missed", "Knit"): diagnosis.OTHER_TYPE,
        ("spurious", "Knit"): diagnosis.OTHER_TYPE,
        ("missed", "Mistral"): diagnosis.COMPANY,  # the graph has it as another name of LLaMA 2
        ("missed", "Yarn Bench"): diagnosis.BOUNDS,
        ("spurious", "Bench"): diagnosis.BOUNDS,
        ("spurious", "quantization"): diagnosis.ABSENT,
    }


def linked(*pairs):
    """Judge papers that each say one name, for which the graph has a node."""
    papers, rows = [], []
    for at, (meaning, target) in enumerate(pairs):
        span = {"field": "title", "start": 0, "end": len(meaning), "text": meaning, "extractor": "x@1"}
        papers.append({"title": f"{meaning} {at}", "entities": [entity("Method", meaning, "USES")]})
        rows += [
            {"kind": "node", "id": f"p{at}", "type": "Paper", "name": f"{meaning} {at}"},
            node("Method", target),
            {
                "kind": "edge",
                "type": "USES",
                "source": f"p{at}",
                "target": f"method:{target}",
                "evidence": [span],
            },
        ]
    graph = Graph(rows)
    return [judge(paper, graph) for paper in papers]


def test_a_node_with_several_meanings_is_a_wrong_merge():
    verdicts = linked(("Weave", "one"), ("Weave", "one"), ("Knit", "one"), ("Purl", "two"))
    assert diagnosis.merges(verdicts) == [diagnosis.Mixed("method:one", (("Weave", 2), ("Knit", 1)), 2)]
    assert diagnosis.splits(verdicts) == []
    assert scoring.linking(verdicts) == scoring.Count(1, 3, 1)


def test_a_meaning_with_several_nodes_is_a_wrong_split():
    verdicts = linked(("Weave", "one"), ("Weave", "one"), ("Weave", "two"))
    assert diagnosis.splits(verdicts) == [
        diagnosis.Mixed("Method Weave", (("method:one", 2), ("method:two", 1)), 2)
    ]
    assert diagnosis.merges(verdicts) == []
    assert scoring.linking(verdicts) == scoring.Count(1, 1, 3)


def test_written_forms_are_counted_by_node(verdicts):
    assert diagnosis.surface_forms(verdicts)["model:llama2"] == Counter(["Llama-2-7B", "LLaMA 2", "Mistral"])


def test_rules_are_counted_by_what_rests_on_them(verdicts):
    found = diagnosis.rules(verdicts)
    assert found["title-colon@1", "Method"] == diagnosis.RuleCount(1, 0, 1, 0, 1)
    assert found["context@1", "Model"] == diagnosis.RuleCount(0, 1, 0, 1, 0)
    assert found["lexicon@1", "Method (generic)"] == diagnosis.RuleCount(1, 1, 1, 1, 0)


def test_confidence_is_compared_with_how_often_edges_are_right():
    rows = [{**row, "confidence": 0.9 if row["target"] == "method:weave" else 0.55} if "source" in row else row
            for row in ROWS if row.get("type") != "REPORTS"]  # fmt: skip
    graph = Graph(rows)
    table = quality.confidence([judge(paper, graph) for paper in GOLD])
    assert table.rows[-1] == ("0.9 to 1.0", 1, 0.9, 1.0)
    assert table.rows[0] == ("0.5 to 0.6", 8, pytest.approx(0.55), 4 / 8)


# --- folds and years -----------------------------------------------------------------------------------------


def test_folds_depend_on_the_title_alone_and_hold_every_paper_once():
    papers = [{"title": f"Paper number {n}", "entities": []} for n in range(60)]
    verdicts = [judge(paper, Graph([])) for paper in papers]
    parts = extraction.partition(verdicts, 5)
    assert len(parts) == 5
    assert sorted(v.paper["title"] for part in parts for v in part) == sorted(p["title"] for p in papers)
    again = extraction.partition(reversed(verdicts), 5)
    assert [{v.id for v in part} for part in parts] == [{v.id for v in part} for part in again]


@pytest.mark.parametrize(
    ("paper", "when"),
    [
        ({"date": "2024-05-01"}, 2024),
        ({"year": 2023}, 2023),
        ({"arxiv_id": "2405.15738"}, 2024),
        ({"id": "1706.03762v5"}, 2017),
        ({"id": "h0-001"}, None),
    ],
)
def test_the_year_is_that_of_the_date_or_the_arxiv_identifier(paper, when):
    assert quality.year(paper) == when


# --- names taken out of the lexicon --------------------------------------------------------------------------

LEXICON = Lexicon(
    (
        Entry("method:weave", "Method", "Weave", ("Weave", "WeaveNet"), {"generic": False}),
        Entry("method:pruning", "Method", "pruning", ("pruning",), {"generic": True}),
        Entry("hardware:gpu", "Hardware", "GPU", ("GPU",), {"kind": "GPU"}),
        Entry("hardware:nvidia-a100", "Hardware", "NVIDIA A100", ("NVIDIA A100", "A100"), {"kind": "GPU"}),
        Entry("benchmark:gsm8k", "Benchmark", "GSM8K", ("GSM8K",)),
    ),
    (Family("LLaMA", models=("LLaMA 2",)), Family("Mistral"), Family("GPT", others=(("davinci", "GPT-3"),))),
)


def left(*entities):
    less = Names(LEXICON).without(things(*entities))
    return {entry.name for entry in LEXICON.entries if entry not in less.entries} | {
        family.name for family in LEXICON.families if family not in less.families
    }


def test_an_entry_goes_when_any_of_its_names_is_annotated_under_any_name():
    assert left(entity("Method", "Loop", "USES", "WeaveNets")) == {"Weave"}
    assert left(entity("Hardware", "A100", "EVALUATED_ON")) == {"NVIDIA A100"}


def test_classes_stay():
    assert left(entity("Method", "pruning", "USES"), entity("Hardware", "GPU", "EVALUATED_ON")) == set()


@pytest.mark.parametrize("model", ["LLaMA 2", "Llama-3.1-8B", "llama2-chat", "LLaMA"])
def test_a_family_goes_wholly_with_any_of_its_models(model):
    assert left(entity("Model", model, "USES")) == {"LLaMA"}


def test_a_family_goes_with_another_name_of_a_member():
    assert left(entity("Model", "GPT-3 davinci", "USES", "davinci")) == {"GPT"}


def test_a_method_that_begins_like_a_family_leaves_it():
    assert left(entity("Method", "Mistral of Experts", "USES")) == set()


def test_withheld_names_are_found_by_rule_alone():
    gold = [
        {
            "id": "w",
            "title": "Loomly: Pruning Language Models",
            "abstract": "We propose Loomly, a pruning method. It beats GPTQ on the GSM8K benchmark.",
            "entities": [
                entity("Method", "Loomly", "PROPOSES"),
                entity("Method", "GPTQ", "COMPARED_WITH"),
                entity("Benchmark", "GSM8K", "EVALUATED_ON"),
            ],
        }
    ]
    names = Names(Lexicon.load())
    graph = extraction.build(gold)
    verdicts = [judge(paper, graph) for paper in gold]
    parts = extraction.judge_by_fold(verdicts, 2, names=names)
    before = {thing.canonical: thing.rules for thing in graph.things(graph.paper(gold[0]["title"]))}
    after = {thing.canonical: thing.rules for thing in parts[0][0].found}
    assert before["GPTQ"] == before["GSM8K"] == {"lexicon@1"}
    assert "Loomly" in after and "GSM8K" in after
    assert not any("lexicon@1" in after.get(name, ()) for name in ("Loomly", "GPTQ", "GSM8K"))
    assert extraction.taken_out(verdicts, 2, names).startswith("Taken out for a fold: 2 of ")


# --- learned parts -------------------------------------------------------------------------------------------


@pytest.fixture(name="memory")
def _memory(tmp_path, monkeypatch):
    """Make a part that learns the titles of the papers it sees, and record what extractors would read of it."""
    (tmp_path / "train_memory.py").write_text(
        "import json, sys\n"
        "titles = [json.loads(line)['title'] for line in open(sys.argv[1])]\n"
        "model = {'labels': titles, 'bias': [0 for _ in titles], 'weights': {}}\n"
        "json.dump(model, open(sys.argv[3], 'w'))\n"
    )
    monkeypatch.setattr(learned, "SCRIPTS", tmp_path)


def test_a_fold_is_read_by_parts_that_saw_the_other_folds_alone(memory, monkeypatch):
    read = []

    def build(papers, lexicon=None):
        read.append(([paper["title"] for paper in papers], linear.shipped("memory").labels))
        return Graph([])

    monkeypatch.setattr(extraction, "build", build)
    papers = [{"title": f"Paper number {n}", "entities": []} for n in range(12)]
    extraction.judge_by_fold([judge(paper, Graph([])) for paper in papers], 3, parts=["memory"])
    assert len(read) == 3
    for own, seen in read:
        assert set(own) | set(seen) == {paper["title"] for paper in papers} and not set(own) & set(seen)


def test_the_shipped_parts_are_back_afterwards(memory):
    before = linear.DATA
    with learned.trained_on([{"title": "T"}], ["memory"]):
        assert linear.shipped("memory").labels == ("T",)
    assert before == linear.DATA
    with pytest.raises(FileNotFoundError):
        linear.shipped("memory")


def test_what_is_made_of_a_part_goes_with_it(memory, monkeypatch):
    made = functools.cache(lambda: linear.shipped("memory").labels)
    monkeypatch.setattr(linear, "made_of_memory", made, raising=False)
    for title in ("T", "U"):
        with learned.trained_on([{"title": title}], ["memory"]):
            assert made() == (title,)


def test_a_part_that_nothing_asks_for_is_told(memory, capsys):
    with learned.trained_on([{"title": "T"}], ["memory"]):
        pass
    assert "asked for memory" in capsys.readouterr().err


def test_training_that_fails_ends_the_script_with_its_reason(tmp_path, monkeypatch):
    (tmp_path / "train_memory.py").write_text("raise SystemExit('There is nothing to learn from.')")
    monkeypatch.setattr(learned, "SCRIPTS", tmp_path)
    with (
        pytest.raises(SystemExit, match=r"train_memory\.py: There is nothing to learn from\."),
        learned.trained_on([{"title": "T"}], ["memory"]),
    ):
        pass


def test_nothing_is_trained_where_nothing_is_learned(monkeypatch, capsys):
    monkeypatch.setattr(learned, "FROM_ANNOTATION", ("nothing",))
    assert learned.trainable() == []
    assert "is skipped" in capsys.readouterr().err


# --- what it costs -------------------------------------------------------------------------------------------


def test_a_clock_tells_time_in_a_function_from_time_in_those_it_calls(monkeypatch):
    ticks = iter([0.0, 1.0, 4.0, 10.0])  # outer in, inner in, inner out, outer out
    monkeypatch.setattr(costs.time, "process_time", lambda: next(ticks))
    clock = costs.Clock()
    inner = clock.wrap("x.inner", lambda: None)
    outer = clock.wrap("x.Extractor.outer", lambda: [inner()])
    outer()
    assert (clock.costs["x.Extractor.outer"].whole, clock.costs["x.Extractor.outer"].own) == (10, 7)
    assert (clock.costs["x.inner"].whole, clock.costs["x.inner"].own) == (3, 3)
    assert clock.costs["x.inner"].stage and not clock.costs["x.Extractor.outer"].stage


def test_a_clock_takes_off_what_it_costs_itself(monkeypatch):
    ticks = iter([0.0, 1.0, 4.0, 10.0])
    monkeypatch.setattr(costs.time, "process_time", lambda: next(ticks))
    clock = costs.Clock(within=1.0, around=2.0)
    inner = clock.wrap("x.inner", lambda: None)
    clock.wrap("x.outer", lambda: [inner()])()
    assert (clock.costs["x.inner"].whole, clock.costs["x.inner"].own) == (2, 2)
    assert (clock.costs["x.outer"].whole, clock.costs["x.outer"].own) == (6, 4)


def test_a_clock_times_a_generator_while_it_works_and_hands_on_what_it_gives():
    clock = costs.Clock()

    def items():
        yield 1
        yield 2

    assert list(clock.wrap("x.items", items)()) == [1, 2]
    assert clock.costs["x.items"].whole > 0


def test_stages_are_timed_and_the_package_is_left_as_it_was():
    from citegraph.loaders.extract import engine
    from citegraph.loaders.extract.known import matcher

    before = (engine.Extractor.extract, matcher.Matcher.scan, engine.tokens)
    found, plain = costs.stage_costs([(paper["title"], paper["abstract"]) for paper in GOLD], turns=1)
    assert (engine.Extractor.extract, matcher.Matcher.scan, engine.tokens) == before
    assert found["known.matcher.Matcher.scan"].stage and plain > 0
    total = sum(cost.own for cost in found.values())
    assert total == pytest.approx(found["engine.Extractor.extract"].whole)


def test_speed_is_said_beside_the_bare_scan(monkeypatch):
    rates = {"bare Aho-Corasick scan": (1000.0, 5.0), "extract, one core": (100.0, 7.0)}
    monkeypatch.setattr(costs, "_run", lambda stage, path: rates.get(stage))
    table = costs.speed_table([("T", "A")], [10])
    assert table.rows == [
        ("bare Aho-Corasick scan", 10, 1000.0, 1.0, 5.0),
        ("extract, one core", 10, 100.0, 10.0, 7.0),
    ]


def test_a_stage_runs_in_a_process_of_its_own(tmp_path):
    path = tmp_path / "papers.jsonl"
    path.write_text(
        "".join(json.dumps(paper) + "\n" for paper in costs._repeated([("T", "A"), ("U", "B")], 3))
    )
    assert [json.loads(line)["title"] for line in path.read_text().splitlines()] == [
        "T",
        "U",
        "T (1 of many)",
    ]
    rate, peak = costs._run("bare Aho-Corasick scan", path)
    assert rate > 0 and peak > 1


# --- saying it -----------------------------------------------------------------------------------------------


def test_a_table_is_text_markdown_and_data():
    table = Table("Title", [("name", ""), ("F1", ".2f"), ("n", ",")], about="About.")
    table.add("a|b", 0.123456, 1234)
    table.add("c", None, 5)
    assert table.text().splitlines()[3:] == ["name    F1      n", "a|b   0.12  1,234", "c        –      5"]
    assert table.markdown().splitlines()[4:] == [
        "| name | F1 | n |",
        "| :-- | --: | --: |",
        "| a\\|b | 0.12 | 1,234 |",
        "| c | – | 5 |",
    ]
    assert table.data() == {
        "title": "Title",
        "rows": [{"name": "a|b", "F1": 0.1235, "n": 1234}, {"name": "c", "F1": None, "n": 5}],
    }


@pytest.fixture(name="gold")
def _gold(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text("".join(json.dumps(paper) + "\n" for paper in GOLD))
    return path


def test_the_script_prints_every_table_as_json(gold, capsys):
    extraction.main([str(gold), "--withhold", "--errors", "3", "--json", "--folds", "2"])
    titles = [table["title"] for table in json.loads(capsys.readouterr().out)]
    assert titles[:2] == ["Every measure", "With all annotated names taken out of the lexicon"]
    assert {
        "F1 by year",
        "Missed and spurious entities by cause",
        "Surface forms per node",
        "Wrong relations",
    } <= set(titles)


def test_gold_without_dates_takes_them_from_papers(gold, tmp_path, capsys):
    for paper in (bare := [{k: v for k, v in paper.items() if k != "date"} for paper in GOLD]):
        assert quality.year(paper) is None
    gold.write_text("".join(json.dumps(paper) + "\n" for paper in bare))
    dates = tmp_path / "dates.jsonl"
    dates.write_text(json.dumps({"title": TITLES[0].upper(), "abstract": "A.", "year": 2019}) + "\n")
    extraction.main([str(gold), "--json", "--dates", str(dates)])
    tables = {table["title"]: table["rows"] for table in json.loads(capsys.readouterr().out)}
    assert tables["F1 by year"][0] == {"measure": "papers", "2019": "1"}


def test_numbers_go_between_the_marks_of_their_place_on_a_page(gold, tmp_path):
    page = tmp_path / "page.md"
    places = [
        extraction.BEGIN.format(name) + f"\nformer {name}\n" + extraction.END.format(name) for name in "ab"
    ]
    page.write_text("Before.\n\n" + "\n\n".join(places) + "\n\nAfter.\n")
    extraction.main([str(gold), "--into", str(page), "--at", "b"])
    text = page.read_text()
    assert text.startswith(f"Before.\n\n{places[0]}\n\n") and text.endswith("After.\n")
    assert "| measure | P | R | F1 |" in text and "former b" not in text


def test_the_page_of_the_docs_has_the_places():
    page = (BENCHMARKS.parent / "docs" / "quality.md").read_text(encoding="utf-8")
    for place in ("development", "unseen"):
        begin, end = extraction.BEGIN.format(place), extraction.END.format(place)
        assert page.count(begin) == page.count(end) == 1 and page.index(begin) < page.index(end)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"title": "T", "abstract": "A"}', "'entities' is missing"),
        ("{", "this is no annotated paper"),
        (
            json.dumps({"title": "T", "abstract": "A", "entities": [entity("Thing", "T", "USES")]}),
            "'Thing' is none of",
        ),
    ],
)
def test_gold_that_cannot_be_used_is_one_sentence_with_file_and_line(tmp_path, line, reason):
    path = tmp_path / "gold.jsonl"
    path.write_text(f"\n{line}\n")
    with pytest.raises(SystemExit) as stopped:
        extraction.read_gold([path])
    assert str(stopped.value).startswith(f"{path}, line 2: ") and reason in str(stopped.value)


def test_a_page_without_marks_is_left_alone(gold, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("No marks.")
    with pytest.raises(SystemExit, match="there must be one line"):
        extraction.main([str(gold), "--into", str(page)])
    assert page.read_text() == "No marks."
