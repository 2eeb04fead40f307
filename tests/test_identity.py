"""Normal forms: one thing, one spelling."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citegraph.graph import identity
from citegraph.graph.identity import (
    arxiv_id,
    arxiv_year,
    doi,
    openalex_id,
    orcid,
    person_key,
    s2_id,
    slug,
    title_key,
)

ARXIV = {
    "1706.03762": "1706.03762",
    "1706.03762v7": "1706.03762",
    " arXiv:1706.03762 ": "1706.03762",
    "ARXIV: 1706.03762v1 [cs.CL]": "1706.03762",
    "https://arxiv.org/abs/1706.03762v7": "1706.03762",
    "http://www.arxiv.org/pdf/1706.03762.pdf": "1706.03762",
    "arxiv.org/pdf/1706.03762v5.pdf": "1706.03762",
    "https://export.arxiv.org/abs/1706.03762?context=cs#x": "1706.03762",
    "https://arxiv.org/html/2405.15738v1/": "2405.15738",
    "https://huggingface.co/papers/2405.15738": "2405.15738",
    "https://ar5iv.labs.arxiv.org/html/1706.03762": "1706.03762",
    "https://www.alphaxiv.org/abs/1706.03762": "1706.03762",
    "10.48550/arXiv.1706.03762": "1706.03762",
    "10.48550/ARXIV.1706.03762": "1706.03762",
    "https://doi.org/10.48550/arxiv.1706.03762": "1706.03762",
    "doi:10.48550/arXiv.1706.03762": "1706.03762",
    "0704.0001": "0704.0001",
    "1412.6980": "1412.6980",
    "1501.00001": "1501.00001",
    "hep-th/9901001": "hep-th/9901001",
    "hep-th/9901001v3": "hep-th/9901001",
    "math.GT/0309136": "math/0309136",
    "http://arxiv.org/abs/astro-ph/0601001v1": "astro-ph/0601001",
    "arXiv:cs.CL/0703001": "cs/0703001",
    "cond-mat.stat-mech/9912001": "cond-mat/9912001",
}
NO_ARXIV = [
    "",
    "Attention Is All You Need",
    "1713.03762",  # month 13
    "1700.03762",  # month 0
    "1706.3762",  # four digits ended with 2014
    "1412.06980",  # five digits began with 2015
    "0703.0001",  # the style began in April 2007
    "9912.12345",  # nobody writes in 2099 yet
    "1706.00000",
    "17060.3762",
    "foo/9901001",
    "hep-th/0704001",  # the old style ended in March 2007
    "hep-th/9913001",
    "https://example.org/abs/1706.03762",
    "10.1145/1706.03762",
    "see 1706.03762",
]


@pytest.mark.parametrize(("text", "expected"), ARXIV.items())
def test_every_spelling_of_an_arxiv_identifier_has_one_form(text, expected):
    assert arxiv_id(text) == expected


@pytest.mark.parametrize("text", NO_ARXIV)
def test_what_is_no_arxiv_identifier_is_none(text):
    assert arxiv_id(text) is None


@pytest.mark.parametrize(
    ("identifier", "year"),
    [
        ("0704.0001", 2007),
        ("2312.99999", 2023),
        ("hep-th/9108001", 1991),
        ("cs/0001001", 2000),
        ("math/0612345", 2006),
    ],
)
def test_an_arxiv_identifier_tells_its_year(identifier, year):
    assert arxiv_year(identifier) == year


@given(
    st.integers(15, 40),
    st.integers(1, 12),
    st.integers(1, 99999),
    st.integers(1, 20),
    st.sampled_from(
        ["{}", "{}v{}", "arXiv:{}v{}", "https://arxiv.org/abs/{}", "https://arxiv.org/pdf/{}v{}.pdf"]
    ),
)
def test_version_and_address_never_change_an_arxiv_identifier(year, month, number, version, form):
    bare = f"{year:02}{month:02}.{number:05}"
    assert arxiv_id(form.format(bare, version)) == bare


DOIS = {
    "10.1145/3292500.3330701": "10.1145/3292500.3330701",
    "https://doi.org/10.1145/3292500.3330701": "10.1145/3292500.3330701",
    "http://dx.doi.org/10.1109/CVPR.2016.90": "10.1109/cvpr.2016.90",
    "doi:10.18653/v1/N19-1423": "10.18653/v1/n19-1423",
    "DOI 10.18653/v1/N19-1423.": "10.18653/v1/n19-1423",
    "doi: https://doi.org/10.18653/V1/N19-1423,": "10.18653/v1/n19-1423",
    "https://dl.acm.org/doi/abs/10.1145/3292500.3330701?cid=1#x": "10.1145/3292500.3330701",
    "https://onlinelibrary.wiley.com/doi/10.1002/abc.1/": "10.1002/abc.1",
    "10.1016/S0004-3702(94)90041-8)": "10.1016/s0004-3702(94)90041-8",
    "https://doi.org/10.1002%2Fabc.1": "10.1002/abc.1",
    "https://doi.org/10.1002/(SICI)1097-4571(199806)49:8%3C693::AID-ASI4%3E3.0.CO;2-O": (
        "10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o"
    ),
    "10.1000": None,
    "10.1000/": None,
    "10.1000/a b": None,
    "11.1000/abc": None,
    "https://example.org/10.html": None,
    "": None,
    ".": None,
}


@pytest.mark.parametrize(("text", "expected"), DOIS.items())
def test_every_spelling_of_a_doi_has_one_form(text, expected):
    assert doi(text) == expected


def test_openalex_works_are_known_by_id_and_address():
    assert openalex_id("w2741809807") == "W2741809807"
    assert openalex_id("https://openalex.org/W2741809807") == "W2741809807"
    assert openalex_id("https://api.openalex.org/works/W2741809807") == "W2741809807"
    assert openalex_id("https://openalex.org/A5023888391") is None


def test_semantic_scholar_papers_are_known_by_hash_and_corpus_number():
    digits = "204e3073870fae3d05bcbc2f6a8e263d9b72e776"
    assert s2_id(digits.upper()) == digits
    assert s2_id(f"https://www.semanticscholar.org/paper/Attention/{digits}") == digits
    assert s2_id(f"https://www.semanticscholar.org/paper/{digits}") == digits
    assert s2_id("13756489") == s2_id("CorpusID: 13756489") == "CorpusId:13756489"
    assert s2_id(digits[:-1]) is None


def test_an_orcid_needs_its_check_digit():
    assert orcid("https://orcid.org/0000-0002-1694-233X") == "0000-0002-1694-233X"
    assert orcid("000000021825009" + "7") == "0000-0002-1825-0097"
    assert orcid("0000-0002-1825-0096") is None


SAME_TITLE = [
    ("M$^3$ViT: Mixture-of-Experts Vision Transformer", "M3ViT: Mixture of Experts vision transformer"),
    ("M$^{3}$ViT", "M³ViT"),
    (r"$\tau$-bench: A Benchmark", "τ-bench: a benchmark"),
    (r"\textsc{QuIP\#}: Even Better", "QuIP#: Even better"),
    (r"Jos\'e and G{\"o}del, \c{c}a va, na\"{\i}ve {\O}re", "José and Gödel, ça va, naïve Øre"),
    (r"\v{C}ech \& S{\o}n", "Čech & Søn"),
    ("Fine-Tuning Language Models", "Finetuning  language\nmodels"),
    ("“Smart” quotes — and dashes", "'Smart' quotes -- and dashes"),
    ("ﬁne ligatures", "fine ligatures"),
    ("ＦＵＬＬ width", "full width"),
    ("10,000 papers", "10000 papers"),
    (r"$\pi_0$: A Flow Model", "π0: A Flow Model"),
    ("Straße", "STRASSE"),
]


@pytest.mark.parametrize(("one", "other"), SAME_TITLE)
def test_spellings_of_one_title_agree(one, other):
    assert title_key(one) == title_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Qwen2.5 Technical Report", "Qwen25 Technical Report"),
        ("GPT-4 Technical Report", "GPT-5 Technical Report"),
        ("Part 1.1", "Part 11"),
        ("α-DPO", "β-DPO"),
        ("かき", "がき"),
    ],
)
def test_different_titles_stay_different(one, other):
    assert title_key(one) != title_key(other)


@pytest.mark.parametrize(
    "title", ["大型语言模型综述", "Εισαγωγή", "अनुवाद", "Обзор", "설문 조사", "مسح", r"\ours"]
)
def test_titles_of_any_script_keep_a_key(title):
    assert title_key(title)
    assert slug(title)


def test_a_title_without_letters_has_no_key():
    assert title_key("… ?!") == slug("… ?!") == ""


def test_a_percent_sign_is_not_a_latex_comment():
    assert title_key(r"Prune 50% of $\alpha$ weights") == title_key("Prune 50% of α weights")


PERSONS = [
    ("LeCun, Yann", "Yann LeCun"),
    ("Erdős, Pál", "Pal Erdos"),
    ("J. K. Rowling", "J.K. Rowling"),
    ("Martin Luther King Jr.", "King, Jr., Martin Luther"),
    ("Jean-Pierre Serre", "Jean Pierre Serre"),
    ("O’Brien, Pat", "Pat O'Brien"),
    ("Wei Wang 0001", "wei wang"),
    (r"{\L}ukasz Kaiser", "Łukasz Kaiser"),
]


@pytest.mark.parametrize(("one", "other"), PERSONS)
def test_spellings_of_one_person_agree(one, other):
    assert person_key(one) == person_key(other) != ""


def test_a_family_name_stays_last():
    assert person_key("van den Oord, Aaron").split()[-1] == "oord"
    assert person_key("Sam Altman III").split()[-1] == "altman"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Qwen2.5-Math-Instruct", "qwen2.5-math-instruct"),
        ("LLaMA 2", "llama-2"),
        ("GPT-4.1", "gpt-4.1"),
        ("C++", "c++"),
        ("SFT+RL", "sft-rl"),
        ("MMLU+ (5-shot)", "mmlu+-5-shot"),
        ("et al.", "et-al"),
        ("pass@1", "pass-1"),
        ("BIG_bench/Hard", "big-bench-hard"),
        ("  ", ""),
    ],
)
def test_slugs_keep_what_tells_names_apart(name, expected):
    assert slug(name) == expected


_texts = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="aZéßŁ3.,-+_ $^{}\\'\"αβCorpusIdarXiv:10/", max_size=60),
    st.sampled_from([*ARXIV, *DOIS, *(title for pair in SAME_TITLE for title in pair)]),
)


@pytest.mark.parametrize(
    "normal",
    [arxiv_id, doi, openalex_id, s2_id, orcid, title_key, slug, person_key],
    ids=lambda f: f.__name__,
)
@given(_texts)
def test_a_normal_form_is_its_own_normal_form(normal, text):
    once = normal(text)
    if once:
        assert normal(once) == once


@pytest.mark.parametrize("normal", [arxiv_id, doi, openalex_id, s2_id, title_key, slug, person_key])
@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x24F), max_size=60))
def test_case_never_matters(normal, text):
    assert normal(text.upper()) == normal(text.lower())


def test_the_examples_in_the_documentation_are_true():
    assert doctest.testmod(identity).failed == 0
