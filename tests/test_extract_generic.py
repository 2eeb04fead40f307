"""Technique classes: a paper that works with one gets an edge, a paper that only names one on its way does not."""

from __future__ import annotations

import pytest

from citegraph.loaders.extract import Extractor
from citegraph.loaders.extract.known.lexicon import Lexicon

OWN = "We present a compiler for small devices."
TITLE = "A compiler for small devices"


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


def classes(extractor: Extractor, title: str, abstract: str) -> dict[str, str]:
    """The technique classes of a paper with its relation to them."""
    found = extractor.extract(title, abstract).mentions
    return {mention.name: mention.relation for mention in found if mention.properties.get("generic")}


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("It trains with pre-norm and short convolutions.", "short convolution"),
        ("Weights are smoothed by iterate averaging.", "iterate averaging"),
        ("It hides latency through computation-communication overlap.", "computation-communication overlap"),
        ("Scores are read off with ordinal regression.", "ordinal regression"),
        ("The student learns by attention transfer.", "attention distillation"),
        ("Its policy is trained by rubric-based reinforcement learning.", "rubric-based reward"),
    ],
)
def test_a_class_named_once_where_the_paper_speaks_of_itself_counts(
    extractor: Extractor, sentence: str, name: str
) -> None:
    assert name in classes(extractor, TITLE, f"{OWN} {sentence}")


def test_a_class_said_only_in_passing_before_the_paper_speaks_of_itself_does_not_count(
    extractor: Extractor,
) -> None:
    abstract = f"Phones are slow. Vendors have tried quantization on chips. {OWN} It is fast on every phone."
    assert classes(extractor, TITLE, abstract) == {}


def test_a_class_the_abstract_starts_from_counts_and_is_used(extractor: Extractor) -> None:
    abstract = f"Federated learning keeps data where it is. Vendors like that. {OWN} It cuts traffic by half."
    assert classes(extractor, TITLE, abstract) == {"federated learning": "USES"}


def test_a_class_listed_as_an_example_of_what_others_do_does_not_count(extractor: Extractor) -> None:
    abstract = f"Vendors ship many tricks, such as quantization. {OWN} It cuts traffic by half."
    assert classes(extractor, TITLE, abstract) == {}


def test_a_class_whose_present_form_the_paper_replaces_counts(extractor: Extractor) -> None:
    abstract = f"Phones are slow. They drain when existing speculative decoding runs. {OWN} It is fast."
    assert classes(extractor, TITLE, abstract) == {"speculative decoding": "USES"}


def test_an_everyday_class_counts_only_where_the_paper_is_about_it(extractor: Extractor) -> None:
    passing = f"{OWN} It needs no fine-tuning of the phone."
    about = "We present a compiler for fine-tuning. It halves the cost."
    assert classes(extractor, TITLE, passing) == {}
    assert "fine-tuning" in classes(extractor, "Fine-tuning on phones", about)


def test_an_everyday_class_at_the_end_of_a_title_is_what_the_paper_is_for(extractor: Extractor) -> None:
    text = "We present a compiler for fine-tuning. It halves the cost."
    assert "fine-tuning" not in classes(extractor, "A compiler of sparse kernels for fine-tuning", text)


def test_an_everyday_class_named_again_and_again_counts_without_the_title(extractor: Extractor) -> None:
    abstract = "We ask where tokenization hurts. Then tokenization is swept over sizes. Good tokenization wins there."
    assert "tokenization" in classes(extractor, TITLE, abstract)


def test_a_hyphen_that_binds_the_words_into_another_word_hides_the_class(extractor: Extractor) -> None:
    abstract = f"{OWN} It was tried out on real-world models."
    assert "world model" not in classes(extractor, TITLE, abstract)


def test_the_narrowest_class_is_kept_and_not_what_it_is_a_kind_of(extractor: Extractor) -> None:
    abstract = f"{OWN} It is scored by a process reward model and tuned by parameter-efficient fine-tuning."
    assert set(classes(extractor, TITLE, abstract)) == {
        "process reward model",
        "parameter-efficient fine-tuning",
    }


def test_an_adjective_made_from_a_class_names_it(extractor: Extractor) -> None:
    abstract = f"{OWN} A diffusion-based planner draws the layout."
    assert "diffusion model" in classes(extractor, TITLE, abstract)


def test_a_user_may_say_that_a_class_is_everyday() -> None:
    text = '[[method]]\nname = "quantization"\ngeneric = true\neveryday = true\n'
    lexicon = Lexicon.load(texts=[("mine.toml", text)])
    assert classes(Extractor(lexicon), TITLE, f"{OWN} It uses quantization.") == {}


def test_a_bare_word_stands_for_the_kind_the_text_names(extractor: Extractor) -> None:
    abstract = f"{OWN} On-policy distillation makes it small, and what is distilled stays."
    assert set(classes(extractor, TITLE, abstract)) == {"on-policy distillation"}


def test_a_bare_word_alone_names_its_class(extractor: Extractor) -> None:
    abstract = f"{OWN} A large planner is distilled into it."
    assert set(classes(extractor, TITLE, abstract)) == {"knowledge distillation"}
