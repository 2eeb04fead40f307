"""How a text brings in its own names, and what only looks as if it did."""

from __future__ import annotations

import pytest

from citegraph.loaders.extract import Extractor


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def named(extractor: Extractor, abstract: str, title: str = "On weaving") -> dict[str, tuple[str, str]]:
    """Label and relation of everything that is no class of techniques."""
    return {
        m.name: (m.label, m.relation)
        for m in extractor.extract(title, abstract).mentions
        if not m.properties.get("generic")
    }


@pytest.mark.parametrize(
    ("title", "abstract", "name", "label"),
    [
        ("Loomix-2 Technical Report", "Loomix-2 is a 3B language model.", "Loomix-2", "Model"),
        ("TwistKit and SpoolDB: Threads for All", "Threads are long.", "SpoolDB", "Method"),
        (
            "Faster Knots with Tanglewise",
            "Knots are slow. With Tanglewise they are not.",
            "Tanglewise",
            "Method",
        ),
        (
            "Better Cloth via Warp Folding",
            "We ask how warp folding changes cloth.",
            "Warp Folding",
            "Method",
        ),
        (
            "On cloth",
            "We refer to this procedure as Slow Knot Tying (SKT). SKT is slow.",
            "Slow Knot Tying",
            "Method",
        ),
        (
            "On cloth",
            "We design a loom, and construct SilkRoad, a benchmark of 900 cloths.",
            "SilkRoad",
            "Benchmark",
        ),
        (
            "On cloth",
            "We study looms. Notably, ThreadFuse outperforms what was known.",
            "ThreadFuse",
            "Method",
        ),
        ("On cloth", "We introduce a knot dropping mechanism for looms.", "knot dropping", "Method"),
        ("On cloth", "Experiments reveal the tangling law, which bounds knots.", "tangling law", "Method"),
        (
            "Law of Knot Growth in Cloth",
            "We find the law of knot growth in looms.",
            "Law of Knot Growth",
            "Method",
        ),
        ("On cloth", "We propose a Fourier Weft module for looms.", "Fourier Weft", "Method"),
        ("On cloth", "We propose **SpindleRun**, a framework for looms.", "SpindleRun", "Method"),
    ],
)
def test_a_paper_proposes(extractor: Extractor, title: str, abstract: str, name: str, label: str) -> None:
    assert named(extractor, abstract, title).get(name) == (label, "PROPOSES")


@pytest.mark.parametrize(
    "abstract",
    [
        "Looms are slow. Researchers introduce additional looms, such as WeftNet. We measure them.",
        "Our loom is not a new WeftNet theorem.",
        "We propose a WeftNet-based strategy for looms. WeftNet is old.",
    ],
)
def test_what_others_made_or_only_modifies_is_not_proposed(extractor: Extractor, abstract: str) -> None:
    assert named(extractor, abstract).get("WeftNet", ("", ""))[1] != "PROPOSES"


@pytest.mark.parametrize(
    "abstract",
    [
        "The loom introduces a ControlNet architecture for cloth.",
        "We propose a ControlNet-based strategy for cloth.",
    ],
)
def test_making_something_with_a_known_method_does_not_propose_it(
    extractor: Extractor, abstract: str
) -> None:
    assert named(extractor, abstract)["ControlNet"][1] != "PROPOSES"


def test_a_description_of_what_was_built_is_no_name(extractor: Extractor) -> None:
    text = "We develop a comprehensive cloth generation pipeline. We present experiments comparing looms."
    assert named(extractor, text) == {}


def test_training_known_models_does_not_propose_them(extractor: Extractor) -> None:
    text = "We train Llama 3.1, Qwen2.5, and Qwen3 on our cloth."
    assert {relation for _, relation in named(extractor, text).values()} & {"PROPOSES"} == set()


def test_a_proposed_line_of_models_holds_its_members(extractor: Extractor) -> None:
    found = named(extractor, "We introduce the Loomix series, including Loomix-Warp and Loomix-Weft.")
    assert {name for name, (_, relation) in found.items() if relation == "PROPOSES"} >= {
        "Loomix-Warp",
        "Loomix-Weft",
    }


@pytest.mark.parametrize(
    ("listing", "label"),
    [
        ("We compare five weaving methods (Rhone, KnotGAN, Tern, SILK, WeftNet2).", "Method"),
        ("We outperform weaving models such as KnotGAN, Rhone and Tern.", "Model"),
        ("We report results on cloth benchmarks: KnotGAN, Rhone, and Tern.", "Benchmark"),
    ],
)
def test_every_member_of_a_list_is_what_its_head_says(extractor: Extractor, listing: str, label: str) -> None:
    found = named(extractor, listing)
    assert found["Rhone"][0] == found["Tern"][0] == label


def test_a_list_of_metrics_names_nothing(extractor: Extractor) -> None:
    assert named(extractor, "We measure several metrics, including SilkScore, KnotDist, and WeftErr.") == {}


@pytest.mark.parametrize(
    ("abstract", "label"),
    [
        ("We present Spoolix, a robot model and training recipe.", "Model"),
        ("We present Spoolix, a new benchmark suite of loom accelerator kernels.", "Benchmark"),
        ("We present Spoolix, a generalizable 3D cloth model that folds.", "Model"),
        ("We present Spoolix, the first prototype of cloth models.", "Model"),
    ],
)
def test_the_first_noun_that_explains_a_name_is_its_kind(
    extractor: Extractor, abstract: str, label: str
) -> None:
    assert named(extractor, abstract)["Spoolix"][0] == label


def test_a_name_nothing_explains_is_what_the_paper_speaks_of_as_its_own(extractor: Extractor) -> None:
    benchmark = (
        "Judging cloth is hard. In this work, we introduce a new benchmark of 900 questions over 12 categories. The "
        "benchmark evaluates how models judge cloth. Experiments show that leading models fail on our benchmark."
    )
    method = (
        "Weaving is slow. Our method prunes threads without training. Our approach reduces the cost and improves "
        "accuracy over other methods."
    )
    assert (
        named(extractor, benchmark, "ClothJudge: Towards Evaluation of Judgement")["ClothJudge"][0]
        == "Benchmark"
    )
    assert (
        named(extractor, method, "ThreadDrop: Pruning Threads for Efficient Weaving")["ThreadDrop"][0]
        == "Method"
    )


def test_a_part_of_the_papers_own_name_is_nothing_apart(extractor: Extractor) -> None:
    text = "We introduce WEFTK Attention, a novel attention. WEFTK is lean. Spinning-KnotClaw is old."
    found = named(extractor, text)
    assert "WEFTK" not in found
    assert found["WEFTK Attention"] == ("Method", "PROPOSES")


def test_a_sharp_belongs_to_the_name(extractor: Extractor) -> None:
    text = "We compare with QuIP and QuIP#. We propose SpinWeft#, a method. SpinWeft# is fast."
    found = {m.id: {s.text for s in m.spans} for m in extractor.extract("x", text).mentions}
    assert found["method:spinweft-sharp"] == {"SpinWeft#"}
    assert found["method:quip-sharp"] == {"QuIP#"}
    assert found["method:quip"] == {"QuIP"}


@pytest.mark.parametrize(
    ("title", "abstract", "name"),
    [
        ("Pink: Seeing Cloth", "We present Pink, a multimodal model. Pink wins.", "Pink"),
        ("Ferret: Finding Cloth", "We present Ferret, a model that finds cloth.", "Ferret"),
        ("Phantom of Cloth", "We present a family of models, Phantom, which is small.", "Phantom"),
        ("CRAFT: Looms for All", "We present CRAFT, a framework for looms.", "CRAFT"),
        ("LESS: Fewer Threads", "We propose LESS, an algorithm that drops threads.", "LESS"),
        ("Aviary: Training Agents", "We introduce Aviary, a gymnasium for agents.", "Aviary"),
        ("On chat", "We compare our loom with Gemini on long chats.", "Gemini"),
        ("On chat", "We fine-tune Falcon on letters.", "Falcon"),
        ("On chat", "We fine-tune the Phi model on letters.", "Phi"),
        ("On chat", "We evaluate Yi and Qwen2.5 on GSM8K.", "Yi"),
        ("On chat", "We compare our loom with Claude on long chats.", "Claude"),
    ],
)
def test_a_common_word_is_a_name_where_the_text_says_so(
    extractor: Extractor, title: str, abstract: str, name: str
) -> None:
    assert name in named(extractor, abstract, title)


@pytest.mark.parametrize(
    "abstract",
    [
        "The boxes in pink show cloth.",
        "A ferret hunts; its phantom does not.",
        "We craft looms with care, and less is more.",
        "An aviary holds birds, and a falcon flies over it.",
        "The Gemini telescope watches cloth on the moon.",
        "The Phi coefficient measures how two cloths agree.",
        "Following Yi et al., we study sleep.",
        "Claude Shannon asked how information flows.",
    ],
)
def test_a_common_word_is_no_name_elsewhere(extractor: Extractor, abstract: str) -> None:
    assert named(extractor, abstract) == {}


def test_a_name_stays_found_where_only_the_sign_after_it_changes(extractor: Extractor) -> None:
    text = "We introduce ThreadBench\u2014a benchmark of looms. On ThreadBench, looms fail."
    mention = next(m for m in extractor.extract("x", text).mentions if m.name == "ThreadBench")
    assert {s.text for s in mention.spans} == {"ThreadBench"}
    assert len(mention.spans) == 2


@pytest.mark.parametrize(
    ("abstract", "name", "label"),
    [
        (
            "Looms jam. We propose a thread-based untangling module. It helps.",
            "thread-based untangling module",
            "Method",
        ),
        (
            "Looms jam. We carefully design a warp tension smoothing network for it.",
            "warp tension smoothing network",
            "Method",
        ),
        ("To weave wide, we introduce a lint filter that keeps knots out.", "lint filter", "Method"),
        (
            "We propose a module called Silk-Specific Knot Extractor in every loom.",
            "Silk-Specific Knot Extractor",
            "Method",
        ),
        ("We propose a knot-guided attention mechanism paired with wool.", "knot-guided attention", "Method"),
        (
            "For this task, we introduce the first benchmark for loom repair: LoomFixBench. It is hard.",
            "LoomFixBench",
            "Benchmark",
        ),
        ("We tune a loom. The resulting model, WeftLM-Silk, weaves best.", "WeftLM-Silk", "Model"),
        ("Looms jam, motivating our proposal of KnotCut. KnotCut is fast.", "KnotCut", "Method"),
        (
            "We introduce Weft2See, a unified evaluation framework comprising Weft2SeeBench and more.",
            "Weft2SeeBench",
            "Benchmark",
        ),
        ("Looms jam. We introduce Loom-Knitter, a 0.5B model with a spool.", "Loom-Knitter", "Model"),
        ("Our work trains a novel cloth-layer spotting model (CL-Spot) to find holes.", "CL-Spot", "Model"),
    ],
)
def test_what_a_paper_makes_is_read_from_how_it_says_so(
    extractor: Extractor, abstract: str, name: str, label: str
) -> None:
    assert named(extractor, abstract)[name] == (label, "PROPOSES")


def test_a_part_with_one_common_word_before_it_is_only_described(extractor: Extractor) -> None:
    assert not named(extractor, "Looms jam. We introduce a side network that weaves.")


def test_a_long_form_may_give_its_short_one_after_or_and_in_hyphens(extractor: Extractor) -> None:
    found = named(extractor, "We propose Knot-Specialized Weaving, or KSW, which weaves. KSW is fast.")
    assert list(found.values()) == [("Method", "PROPOSES")]
    found = named(extractor, "We propose KSW (Knot-Slip-Weave), a simple method. KSW is fast.")
    assert list(found.values()) == [("Method", "PROPOSES")]


def test_a_name_with_the_same_stem_as_an_own_one_is_own_unless_compared_with(extractor: Extractor) -> None:
    found = named(
        extractor, "We introduce WeftQ-Bench, a benchmark. It is paired with a corpus, WeftQ-Corpus-1M."
    )
    assert found["WeftQ-Corpus-1M"] == ("Benchmark", "PROPOSES")
    found = named(extractor, "We introduce WeftQ-Loom, a method for looms. It outperforms WeftQ-Net by 3%.")
    assert found["WeftQ-Net"][1] == "COMPARED_WITH"


@pytest.mark.parametrize(
    ("title", "abstract", "name", "label"),
    [
        (
            "On cloth",
            "We propose a two-sided ControlNet that keeps cloth flat.",
            "two-sided ControlNet",
            "Method",
        ),
        (
            "Silken Seals as Keys for Looms",
            "Looms jam. We explore Silken Seals: a loom keeps them. With them, Silken Seals hold.",
            "Silken Seals",
            "Method",
        ),
        (
            "On looms",
            "Looms jam. In this work, we weave with a Warp-First Knot Fusion Block for cloth of many sizes.",
            "Warp-First Knot Fusion Block",
            "Method",
        ),
        (
            "On looms",
            "Looms jam. We measure them well. Together with LoomEvalBench proposed in this work, it helps.",
            "LoomEvalBench",
            "Benchmark",
        ),
        ("On looms", "Looms jam. We evaluate our resulting WeftNAR model on them.", "WeftNAR", "Model"),
        (
            "On looms",
            "We introduce Weft2See, a framework comprising Weft2SeeBench and Visual Knot-of-Thought (VKoT).",
            "VKoT",
            "Method",
        ),
        (
            "On looms",
            "Looms jam. We design a lean Spooling-Attention mechanism and more.",
            "Spooling-Attention",
            "Method",
        ),
        ("WeftSim-2.5: A Loom", "WeftSim-2.5 is what we present. It folds cloth.", "WeftSim-2.5", "Model"),
        (
            "On looms",
            "We introduce SpoolFix, a novel two-stage framework. SpoolFix-7B wins over every 7B loom model.",
            "SpoolFix",
            "Method",
        ),
        (
            "On looms",
            "Looms jam. We construct SpoolWeft-RL, comprising 9,255 loom trajectories for training.",
            "SpoolWeft-RL",
            "Benchmark",
        ),
        (
            "On looms",
            "We introduce WK-Loom, a method. Beside it, WK-FoldBench is a benchmark of cloth.",
            "WK-FoldBench",
            "Benchmark",
        ),
        (
            "On looms",
            "We present Weftor, a loom. At the core of Weftor are the Knot-Aware Reward and the Warp Expander.",
            "Warp Expander",
            "Method",
        ),
        (
            "On looms",
            "Looms jam. We add three techniques to mend them: (1) knot tokens to hold wool, "
            "(2) a warp-preserving loss for silk, and (3) slack-weighted sampling.",
            "slack-weighted sampling",
            "Method",
        ),
        (
            "On looms",
            "Looms jam. Ours is trained with WK-GRPO, an adaptation of GRPO that folds.",
            "WK-GRPO",
            "Method",
        ),
        (
            "On looms",
            "Looms jam. We introduce learnable knot tokens that hold wool.",
            "knot tokens",
            "Method",
        ),
        (
            "On looms",
            "Looms jam. We combine wool with Hierarchical Warp-Discounted GRPO to mend them.",
            "Hierarchical Warp-Discounted GRPO",
            "Method",
        ),
        (
            "On looms",
            "Looms jam. To mend them, we introduce ORCA. ORCA folds wool and silk.",
            "ORCA",
            "Method",
        ),
        ("KNOTTER: Safe Looms", "We present KNOTTER, a programming model for looms.", "KNOTTER", "Method"),
        ("weftctl: A Library for Looms", "We present weftctl, which mends looms.", "weftctl", "Method"),
        (
            "Slack Warp Folding Improves Looms",
            "Looms jam. We study how slack warp folding mends them. With slack warp folding, they run.",
            "Slack Warp Folding",
            "Method",
        ),
        (
            "Self-Mending for Looms",
            "We propose a self-mending mechanism for looms.",
            "self-mending",
            "Method",
        ),
        (
            "On looms",
            "We introduce wool-weighted LoRA folding, a procedure for looms.",
            "wool-weighted LoRA folding",
            "Method",
        ),
        ("On looms", "We present KNOTTE - Kind of a New Thread. KNOTTE mends looms.", "KNOTTE", "Method"),
        (
            "On looms",
            "We introduce the benchmark The Knots of Many Threads (KMT), which holds looms.",
            "Knots of Many Threads",
            "Benchmark",
        ),
        (
            "On looms",
            "We introduce a new weaving technique, w-annealing, which mends looms.",
            "w-annealing",
            "Method",
        ),
        ("Project KNOTTER: Looms for All", "Looms jam. We mend them with wool.", "KNOTTER", "Method"),
    ],
)
def test_parts_and_kin_are_proposed_with_the_whole(
    extractor: Extractor, title: str, abstract: str, name: str, label: str
) -> None:
    assert named(extractor, abstract, title).get(name) == (label, "PROPOSES")


@pytest.mark.parametrize(
    "abstract",
    [
        "Looms jam. We propose a new task called Semantic Loom Contact, where looms touch.",
        "Looms jam. We introduce Knot-aware Cloth Repair, a novel task aiming at whole cloth.",
        "Looms jam. We present a systematic loom review following the statement.",
        "Looms jam. We borrow designs from Knotted TRansformers (KTRX) and go on.",
        "Looms jam. We propose a wide cloth creation framework. We introduce a thread estimation method.",
        "Looms jam. We call this phenomenon loose knot collapse.",
        "Looms jam. This is tied to what we call loose taste.",
        "Looms jam. We weave, applying Direct Knot Preference Optimization on cloth.",
    ],
)
def test_tasks_studies_and_what_is_borrowed_are_not_proposed(extractor: Extractor, abstract: str) -> None:
    assert "PROPOSES" not in {relation for _, relation in named(extractor, abstract).values()}


@pytest.mark.parametrize(
    ("abstract", "name"),
    [
        ("We introduce a unified 3D weaving framework, named Ourobolace, which folds.", "Ourobolace"),
        ("We propose a new knot rate scheduler, Warp scheduler, that is agnostic of cloth.", None),
    ],
)
def test_what_a_name_follows_only_describes_it(extractor: Extractor, abstract: str, name: str | None) -> None:
    found = {found for found, (_, relation) in named(extractor, abstract).items() if relation == "PROPOSES"}
    assert found <= {name, "Warp scheduler", "Warp"}


def test_a_title_of_which_only_variants_are_spoken_is_no_thing_beside_them(extractor: Extractor) -> None:
    text = "We introduce Weftix-Gen, a pipeline. With it we build Weftix-SFT, comprising 900 trajectories."
    found = named(extractor, text, "Weftix: Looms at Scale")
    assert set(found) == {"Weftix-Gen", "Weftix-SFT"}


def test_a_survey_proposes_nothing_of_what_its_title_names(extractor: Extractor) -> None:
    text = "We present Mamba and what it grew into. Mamba is a state space model."
    assert named(extractor, text, "A Survey of Mamba")["Mamba"][1] != "PROPOSES"
