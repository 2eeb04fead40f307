r"""LaTeX sources: the files of a paper as one document, its text, its references and the sentences that cite them."""

from __future__ import annotations

from pathlib import Path

import pytest
from effort import within
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import read, read_text

from citegraph.graph.records import Paper
from citegraph.loaders import Document, open_inputs
from citegraph.loaders.formats.latex.references import reference_list

MAIN = r"""% \title{Not this}
\documentclass[11pt]{article}
\usepackage{x}
\newcommand{\ours}{\textsc{OurMethod}\xspace}
\newcommand{\on}[2]{#1 on #2}
\title[Short]{\ours: A {Big}\thanks{Funded.} \\ Title}
\author{Ada Lovelace$^1$\thanks{x} \and Alan M. Turing\textsuperscript{2}
  \\ University of Manchester \\ \texttt{a@b.uk}}
\begin{document}
\maketitle
\begin{abstract}
We show \ours, % a comment
which is 50\% better~\cite{one}.\footnote{Code is there.}
\end{abstract}
\section{Introduction}\label{sec:i}
Much is known \citep{one,two}. We follow \citet{two} here.

\input{parts/method}
\begin{figure}\includegraphics{x.png}\caption{A picture of \citet{one}.}\end{figure}
\bibliography{refs}
\end{document}
"""
METHOD = r"""\section{Method}
\subsection{Training}
We train \on{\ours}{A100 GPUs}: $x^2$ is small \cite{three}.
\begin{tabular}{c} 1 & 2 \\ \end{tabular}
"""
BBL = r"""\begin{thebibliography}{3}
\bibitem[{Doe and Roe(2019)}]{one}
Jane Doe and Ri{\v{c}}hard Roe. 2019.
\newblock \href {https://doi.org/10.1000/one} {The first {W}ork}.
\newblock In \emph{Proceedings of X}.

\bibitem[{Smith et~al.(2020{\natexlab{a}})Smith, Wu, and Yu}]{two}
John Smith, A.~Wu, and Bo~Yu. 2020{\natexlab{a}}.
\newblock A second work.
\newblock \emph{ArXiv}, abs/2004.05150.

\bibitem[{Kim()}]{three}
Kim.
\newblock Nobody dated this.
\end{thebibliography}
"""


@pytest.fixture
def source(tmp_path):
    """Make a small source of three files."""
    folder = tmp_path / "1706.03762v5"
    (folder / "parts").mkdir(parents=True)
    (folder / "main.tex").write_text(MAIN)
    (folder / "parts/method.tex").write_text(METHOD)
    (folder / "main.bbl").write_text(BBL)
    return folder


def paper_of(*inputs: Path) -> Paper:
    (paper,), refusals = read(*inputs)
    assert not refusals
    return paper


# --- real sources ------------------------------------------------------------------------------------------


def test_a_source_of_two_files(shared):
    paper = paper_of(shared("fixtures/latex/1911.02782"))
    assert (paper.title, paper.arxiv_id) == ("S2ORC: The Semantic Scholar Open Research Corpus", "1911.02782")
    assert [author.name for author in paper.authors] == [
        "Kyle Lo", "Lucy Lu Wang", "Mark Neumann", "Rodney Kinney", "Daniel S. Weld",
    ]  # fmt: skip
    assert paper.abstract.startswith(
        "We introduce S2ORC, a large corpus of 81.1M English-language academic papers"
    )
    assert len(paper.references) == 55
    assert all(reference.title and reference.year and reference.authors for reference in paper.references)
    assert sum(bool(reference.contexts) for reference in paper.references) == 45  # the others in tables alone
    names = [section.name for section in paper.sections]
    assert names[:2] == ["Introduction", "Constructing the corpus"]
    assert "Constructing the corpus > Processing PDFs > Selecting PDFs" in names
    bert = next(
        reference for reference in paper.references if "BERT: Pre-training" in (reference.title or "")
    )
    assert (bert.doi, bert.also) == ("10.18653/v1/n19-1423", ("acl:N19-1423",))
    assert "we train BERT-Base (Devlin et al., 2019) on the parsed full text of S2ORC" in bert.contexts[0]


def test_a_source_of_many_files_of_which_some_are_not_there(shared):
    (paper,), refusals = read(shared("fixtures/latex/2004.14974"))
    assert (paper.title, paper.arxiv_id) == ("Fact or Fiction: Verifying Scientific Claims", "2004.14974")
    assert len(paper.authors) == 7
    assert (len(paper.references), sum(bool(reference.contexts) for reference in paper.references)) == (
        36,
        36,
    )
    assert "we construct SciFact, a dataset of 1.4K expert-written scientific claims" in paper.abstract
    assert "ours" not in " ".join(section.text for section in paper.sections).split()
    (refusal,) = refusals  # the folders of figures and tables were made names of files
    assert refusal.reason == (
        "its input “figures/teaser.tex”, “tables/covid-example.tex”, “figures/corpus.tex” and 12 more cannot be read"
    )


def test_of_two_sources_in_a_folder_nothing_is_refused_one_by_one(shared):
    found = list(open_inputs([shared("fixtures/latex")]))
    assert [Path(item.uri).name for item in found if isinstance(item, Document)] == [
        "main.tex",
        "emnlp2020.tex",
    ]
    assert len(found) == 2


# --- one document ------------------------------------------------------------------------------------------


def test_a_source_gives_all_it_says(source):
    paper = paper_of(source)
    assert (paper.title, paper.arxiv_id) == ("OurMethod: A Big Title", "1706.03762")
    assert [author.name for author in paper.authors] == ["Ada Lovelace", "Alan M. Turing"]
    assert paper.abstract == "We show OurMethod, which is 50% better."
    assert [(section.name, section.text) for section in paper.sections] == [
        (
            "Introduction",
            "Much is known (Doe and Roe, 2019; Smith et al., 2020a). We follow Smith et al. (2020a) here.",
        ),
        ("Method > Training", "We train OurMethod on A100 GPUs: x² is small (Kim)."),
        ("Figure 1", "A picture of Doe and Roe (2019)."),
    ]
    first, second, third = paper.references
    assert (first.title, first.doi, first.year) == ("The first Work", "10.1000/one", 2019)
    assert first.authors == ("Jane Doe", "Ričhard Roe")
    assert first.contexts == (
        "Much is known (Doe and Roe, 2019; Smith et al., 2020a).",
        "A picture of Doe and Roe (2019).",
    )
    assert (second.title, second.arxiv_id, len(second.contexts)) == ("A second work", "2004.05150", 2)
    assert second.authors == ("John Smith", "A. Wu", "Bo Yu")
    assert (third.year, third.contexts) == (None, ("We train OurMethod on A100 GPUs: x² is small (Kim).",))


def test_folder_and_main_file_are_the_same_paper(source):
    assert paper_of(source) == paper_of(source / "main.tex")


def test_what_lies_in_the_folder_belongs_to_the_paper(source):
    (source / "figure.pdf").write_bytes(b"%PDF-1.5 binary")
    (source / "parts/x.png").write_bytes(b"\x89PNG")
    (source / "style.sty").write_text("\\ProvidesPackage{style}")
    (source / "old.tex").write_text("\\section{Old}")
    (source / "plot.tex").write_text("\\documentclass{standalone}\\begin{document}x\\end{document}")
    found = list(open_inputs([source]))
    assert [Path(item.uri).name for item in found] == ["main.tex"]
    found = list(open_inputs([str(source / "*.tex")]))
    assert [Path(item.uri).name for item in found] == ["main.tex"]


def test_files_of_other_formats_in_the_folder_are_read_for_themselves(source):
    (source / "refs.bib").write_text("@misc{k, title={Another Work}}")
    found = [item for item in open_inputs([source]) if isinstance(item, Document)]
    assert [item.format for item in found] == ["latex", "bibtex"]


def test_pictures_in_a_folder_without_a_source_are_refused_as_ever(tmp_path):
    (tmp_path / "figure.pdf").write_bytes(b"%PDF-1.5 binary")
    _, refusals = read(tmp_path)
    assert refusals[-1].reason == "this is a PDF file"


def test_a_part_named_by_itself_points_to_the_paper(source):
    for name, text in (("intro.tex", "\\section{A} B"), ("main.bbl", BBL)):
        (source / name).write_text(text)
        papers, refusals = read(source / name)
        assert not papers
        assert [(r.reason, r.remedy) for r in refusals] == [
            ("this is a part of main.tex", "name that, or the folder")
        ]


def test_a_reference_list_without_its_paper_is_a_list_of_works(tmp_path):
    (tmp_path / "list.bbl").write_text(BBL)
    papers, refusals = read(tmp_path / "list.bbl")
    assert [paper.title for paper in papers] == ["The first Work", "A second work", "Nobody dated this"]
    assert not refusals


def test_a_change_in_any_part_is_a_change_of_the_document(source):
    hashes = set()
    for name in ("main.tex", "parts/method.tex", "main.bbl"):
        (document,) = open_inputs([source])
        hashes.add(document.sha256)
        (source / name).write_text((source / name).read_text() + "%\n")
    (document,) = open_inputs([source])
    assert len(hashes | {document.sha256}) == 4


def test_without_a_reference_list_the_bib_it_names_is_looked_into(source):
    (source / "main.bbl").unlink()
    (source / "refs.bib").write_text(
        "@misc{one, title={The First}, year=2019}\n@misc{four, title={Not Cited}}"
    )
    paper = paper_of(source / "main.tex")
    assert [(r.title, r.contexts) for r in paper.references] == [
        ("The First", ("Much is known [1, two].", "A picture of [1]."))
    ]


def test_a_reference_list_that_is_not_there_is_missed(source):
    (source / "main.bbl").unlink()
    papers, refusals = read(source)
    assert len(papers) == 1
    assert [(r.reason, r.remedy) for r in refusals] == [
        ("it cites 3 works, and its reference list is not there", "add main.bbl, or the .bib it names")
    ]


def test_a_source_without_title_is_refused(tmp_path):
    papers, refusals = read_text(
        tmp_path, "\\documentclass{article}\\begin{document}x\\end{document}", "a.tex"
    )
    assert not papers
    assert [refusal.reason for refusal in refusals] == ["the title is missing"]


def test_a_source_through_a_pipe_knows_no_neighbours(source, tmp_path, monkeypatch):
    import sys

    with (source / "main.tex").open() as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        papers, refusals = read("-")
    assert [paper.title for paper in papers] == ["OurMethod: A Big Title"]
    assert "parts/method" in refusals[0].reason


# --- nothing outside of the folder -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        "\\input{../secret}", "\\input{../secret.tex}", "\\include{../secret}", "\\input ../secret.tex",
        "\\import{../}{secret}", "\\subimport{..}{secret.tex}", "\\input{{ABSOLUTE}}", "\\input{ABSOLUTE}",
        "\\input{link}", "\\input{folder/secret}", "\\input{|cat ../secret.tex}", "\\input{~/secret}",
        "\\bibliography{../secret}", "\\verbatiminput{../secret.tex}", "\\lstinputlisting{../secret.tex}",
    ],
)  # fmt: skip
def test_nothing_outside_of_the_folder_is_read(source, tmp_path, command):
    (tmp_path / "secret.tex").write_text("SECRET words")
    (tmp_path / "secret.bib").write_text("@misc{one, title={SECRET}}")
    (source / "link.tex").symlink_to(tmp_path / "secret.tex")
    (source / "folder").symlink_to(tmp_path)
    text = MAIN.replace("\\input{parts/method}", command.replace("ABSOLUTE", str(tmp_path / "secret.tex")))
    (source / "main.tex").write_text(text)
    (document,) = open_inputs([source])
    assert "SECRET" not in str(list(document.papers()))


def test_an_input_that_leads_out_is_named(source, tmp_path):
    (tmp_path / "secret.tex").write_text("SECRET words")
    (source / "main.tex").write_text(MAIN.replace("parts/method", "../secret"))
    papers, refusals = read(source)
    assert len(papers) == 1
    assert refusals[0].reason == "its input “../secret” lies outside of its folder, so it was left"


def test_files_within_each_other_come_to_an_end(source):
    (source / "parts/method.tex").write_text("\\input{parts/method}\\input{main}" * 50)
    with within(10):
        papers, refusals = read(source)
        assert len(papers) == 1
        assert "cannot be read" in refusals[0].reason


def test_macros_that_double_each_other_come_to_an_end(source):
    bomb = "".join(
        f"\\newcommand{{\\m{chr(97 + n)}}}{{\\m{chr(98 + n)}\\m{chr(98 + n)}}}\n" for n in range(24)
    )
    (source / "main.tex").write_text(
        MAIN.replace("\\maketitle", f"{bomb}\\newcommand{{\\my}}{{xxxxxxxxxx}}\\ma")
    )
    with within(5):
        assert paper_of(source).title == "OurMethod: A Big Title"


# --- reference lists in their dialects ---------------------------------------------------------------------


def only(text: str):
    (cited,) = reference_list(text).values()
    return cited.reference


@pytest.mark.parametrize(
    "item",
    [
        "\\bibitem{k}\nA.~Vaswani, N.~Shazeer.\n\\newblock Attention is all you need.\n\\newblock {\\em NIPS}, 2017.",
        "\\bibitem{k} A.~Vaswani, N.~Shazeer, ``Attention is all you need,'' in \\emph{NIPS}, 2017, pp. 1--11.",
        "\\bibitem{k} Vaswani, A., Shazeer, N.: Attention is all you need. In: NIPS (2017)",
        "\\bibitem[Vaswani and Shazeer(2017)]{k} A. Vaswani and N. Shazeer. 2017. Attention is all you need. NIPS.",
        "\\bibitem[{\\citenamefont{Vaswani}(2017)}]{k}\\bibfield{author}{\\bibinfo{author}{A. Vaswani} and "
        "\\bibinfo{author}{N. Shazeer}}, \\bibinfo{title}{Attention is all you need}, \\bibinfo{year}{2017}.",
        "\\bibitem[Vaswani(2017)]{k}\n\\bibfield{author}{\\bibinfo{person}{A. Vaswani} {and} "
        "\\bibinfo{person}{N. Shazeer}.}\n\\newblock \\showarticletitle{Attention is all you need}. In "
        "\\bibinfo{booktitle}{NIPS} (\\bibinfo{year}{2017}).",
    ],
)
def test_styles_of_one_printed_reference(item):
    found = only(f"\\begin{{thebibliography}}{{9}}\n{item}\n\\end{{thebibliography}}\n")
    assert (found.title, found.year) == ("Attention is all you need", 2017)
    assert found.authors == ("A. Vaswani", "N. Shazeer")


def test_what_biber_writes(tmp_path):
    found = reference_list(r"""\datalist[entry]{nty/global//global/global}
    \entry{vaswani2017}{inproceedings}{}
      \name{author}{2}{}{%
        {{un=0,uniquepart=base,hash=ab}{%
           family={Vaswani}, familyi={V\bibinitperiod}, given={Ashish}, giveni={A\bibinitperiod}}}%
        {{hash=cd}{family={Oord}, prefix={van\bibnamedelima den}, given={A{\"a}ron}}}%
      }
      \strng{namehash}{xyz}
      \field{booktitle}{Advances}
      \field{eprinttype}{arXiv}
      \field{title}{Attention Is {All} You Need}
      \field{year}{2017}
      \verb{doi}
      \verb 10.1000/abc
      \endverb
      \verb{eprint}
      \verb 1706.03762
      \endverb
    \endentry
    \entry{vaswani2017}{inproceedings}{}\field{title}{Again}\endentry
    \enddatalist""")
    cited = found["vaswani2017"]
    assert (cited.reference.title, cited.reference.year) == ("Attention Is All You Need", 2017)
    assert (cited.reference.arxiv_id, cited.reference.doi) == ("1706.03762", "10.1000/abc")
    assert [name.split()[-1] for name in cited.reference.authors] == ["Vaswani", "Oord"]
    assert (cited.authors, cited.year) == ("Vaswani and Oord", "2017")


def test_a_reference_whose_title_cannot_be_told_is_kept_as_it_is_printed():
    found = only("\\bibitem{k} Private communication with A. Turing, arXiv:1706.03762.")
    assert (found.title, found.arxiv_id) == (None, "1706.03762")
    assert found.raw == "Private communication with A. Turing, arXiv:1706.03762."


def test_numbers_are_printed_where_the_list_has_no_names(source):
    (source / "main.bbl").write_text(
        "\\bibitem{one} A. \\newblock B b b.\n\\bibitem{two} C. \\newblock D d d."
    )
    paper = paper_of(source)
    assert paper.sections[0].text == "Much is known [1, 2]. We follow [2] here."
    assert [len(reference.contexts) for reference in paper.references] == [2, 2]


@settings(max_examples=120, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["\\section{", "\\cite{one}", "\\begin{figure}", "\\end{figure}", "\\caption{", "{", "}", "$", "\\[",
             "\n\n", "\\newcommand{\\a}{\\b}", "\\newcommand{\\b}[1]{#1\\a}", "\\a", "\\b{", "%",
             "\\footnote{", "word ", "\\\\",
             "\\title{T}", "\\author{", "\\begin{abstract}", "\\input{x}", "\\bibitem{k}", "\\newblock", "\0", "é"]
        ),
        max_size=50,
    ),
    st.booleans(),
)  # fmt: skip
def test_whatever_a_source_holds_it_gives_a_paper_or_sentences(tmp_path_factory, parts, listed):
    folder = tmp_path_factory.getbasetemp() / "any"
    folder.mkdir(exist_ok=True)
    text = "".join(parts)
    (folder / "main.tex").write_text(text if listed else MAIN.replace("\\maketitle", text))
    (folder / "main.bbl").write_text(BBL.replace("\\newblock", text) if listed else BBL)
    papers, refusals = read(folder / "main.tex", format="latex")
    assert papers or refusals
    assert all(str(refusal).isprintable() for refusal in refusals)
