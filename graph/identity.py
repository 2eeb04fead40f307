"""Normal forms of identifiers, titles and names: what makes two spellings one thing.

Each function returns None (or an empty string, for names) where the text is not of its kind, so that a caller
can try one after the other. All are idempotent and none looks anything up.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote

# --- identifiers -------------------------------------------------------------------------------------------

_ARXIV_PLACE = re.compile(
    r"""(?: https?:// )? (?: [\w-]+\. )*
        (?: arxiv\.org/ (?: abs | pdf | html | format | src | e-print | ps )
          | (?: alphaxiv\.org | ar5iv\.org ) / (?: abs | pdf | html | overview )
          | ar5iv\.labs\.arxiv\.org/ (?: abs | html )
          | huggingface\.co/papers
        ) /+
      | (?: https?:// )? (?: dx\. )? (?: www\. )? doi\.org/ 10\.48550/arxiv\.
      | (?: doi: \s* )? 10\.48550/arxiv\.
      | arxiv \s* : \s*
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ARXIV_NEW = re.compile(r"(\d\d)(\d\d)\.(\d{4,5})(?:v\d+)?")
_ARXIV_OLD = re.compile(
    r"""( astro-ph | cond-mat | cs | econ | eess | gr-qc | hep-(?:ex|lat|ph|th) | math | math-ph | nlin
        | nucl-(?:ex|th) | physics | q-bio | q-fin | quant-ph | stat
        # archives that were merged into others keep their identifiers
        | acc-phys | adap-org | alg-geom | ao-sci | atom-ph | bayes-an | chao-dyn | chem-ph | cmp-lg | comp-gas
        | dg-ga | funct-an | mtrl-th | patt-sol | plasm-ph | q-alg | solv-int | supr-con
        ) (?: \. [a-z-]{2,} )? / (\d\d)(\d\d)(\d{3}) (?: v\d+ )?""",
    re.VERBOSE,
)
_ARXIV_ENDS = "]fF/.,;"
"""A text that ends otherwise, and has no query, has no such tail: looking for one is half of the work."""
_ARXIV_TAIL = re.compile(r"(?:[?#].*|\s*\[[a-z-]+(?:\.[a-z-]+)?\]|\.pdf|/|[.,;])+$", re.IGNORECASE)


def arxiv_id(text: str) -> str | None:
    """Return an arXiv identifier without version, or None.

    Takes bare identifiers of both styles, ``arXiv:`` prefixes, addresses of abstract, PDF and HTML pages and
    the DOIs that arXiv gives out.

    Examples
    --------
    >>> arxiv_id("arXiv:1706.03762v5 [cs.CL]")
    '1706.03762'
    >>> arxiv_id("https://arxiv.org/pdf/2307.09288.pdf")
    '2307.09288'
    >>> arxiv_id("10.48550/arXiv.2305.14314")
    '2305.14314'
    >>> arxiv_id("math.GT/0309136v1")
    'math/0309136'
    >>> arxiv_id("1713.00001") is None  # there is no month 13
    True
    """
    text = text.strip()
    new = _ARXIV_NEW.fullmatch(text)
    if not new:
        if place := _ARXIV_PLACE.match(text):
            text = text[place.end() :]
        if text[-1:] in _ARXIV_ENDS or "?" in text or "#" in text:
            text = _ARXIV_TAIL.sub("", text)
        text = text.lower()
        new = _ARXIV_NEW.fullmatch(text)
    if new:
        year, month, number = int(new[1]), int(new[2]), new[3]
        digits = 4 if year < 15 else 5
        since = (year, month) >= (7, 4) and year < 91  # 9107 is the month of the first old-style identifier
        if since and 1 <= month <= 12 and len(number) == digits and int(number):
            return f"{new[1]}{new[2]}.{number}"
    elif old := _ARXIV_OLD.fullmatch(text):
        year, month = int(old[2]), int(old[3])
        until = year >= 91 or (year, month) <= (7, 3)
        if until and 1 <= month <= 12 and int(old[4]):
            return f"{old[1]}/{old[2]}{old[3]}{old[4]}"
    return None


def arxiv_year(identifier: str) -> int:
    """Return the year in which arXiv took a paper, which its identifier tells.

    Examples
    --------
    >>> arxiv_year("1706.03762"), arxiv_year("math/0309136"), arxiv_year("hep-th/9711200")
    (2017, 2003, 1997)
    """
    year = int(identifier.rpartition("/")[2][:2])
    return 1900 + year if "/" in identifier and year >= 91 else 2000 + year


_DOI_PLACE = re.compile(
    r"(?:https?://)?[\w.-]+/(?:doi/)?(?:(?:abs|pdf|epdf|full|book|pdfdirect)/)?(?=10\.)", re.I
)
_DOI_PREFIX = re.compile(r"(?:doi|info:doi/)\s*[:=]?\s*", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\x00-\x1f]+")
_BRACKETS = {")": "(", "]": "[", "}": "{", ">": "<"}


def doi(text: str) -> str | None:
    """Return a DOI in lower case without resolver or prefix, or None.

    Notes
    -----
    arXiv's own DOIs are returned like any other; where papers are identified, :func:`arxiv_id` goes first.

    Examples
    --------
    >>> doi("https://doi.org/10.1145/3292500.3330701")
    '10.1145/3292500.3330701'
    >>> doi("doi:10.1016/S0004-3702(94)90041-8.")
    '10.1016/s0004-3702(94)90041-8'
    >>> doi("10.1000") is None
    True
    """
    text = text.strip()
    if "/10." in text and (place := _DOI_PLACE.match(text)):
        text = unquote(re.split(r"[?#]", text[place.end() :])[0])
    elif not text.startswith("1") and (prefix := _DOI_PREFIX.match(text)):
        text = text[prefix.end() :]
        return doi(text)
    found = _DOI.fullmatch(text)
    if not found:
        return None
    text = text.lower()
    if text[-1].isalnum():  # nearly always
        return text
    while text[-1] in ".,;:'\"/" or (
        text[-1] in _BRACKETS and text.count(_BRACKETS[text[-1]]) < text.count(text[-1])
    ):
        text = text[:-1]
    return text if _DOI.fullmatch(text) else None


_OPENALEX = re.compile(
    r"(?:(?:https?://)?(?:api\.)?openalex\.org/(?:works/)?)?(W[1-9]\d{3,12})/?", re.IGNORECASE
)


def openalex_id(text: str) -> str | None:
    """Return an OpenAlex work identifier, or None.

    Examples
    --------
    >>> openalex_id("https://openalex.org/w2741809807")
    'W2741809807'
    >>> openalex_id("A5023888391") is None  # an author
    True
    """
    found = _OPENALEX.fullmatch(text.strip())
    return found[1].upper() if found else None


_S2_HASH = re.compile(
    r"(?:(?:https?://)?(?:www\.|api\.)?semanticscholar\.org/(?:paper/)?(?:[^/]+/)?)?([0-9a-f]{40})/?",
    re.IGNORECASE,
)
_S2_CORPUS = re.compile(
    r"(?:(?:https?://)?api\.semanticscholar\.org/)?(?:CorpusId\s*:\s*)?([1-9]\d{0,11})", re.IGNORECASE
)


def s2_id(text: str) -> str | None:
    """Return a Semantic Scholar paper identifier, or None: the 40-digit hash, or ``CorpusId:`` and a number.

    Examples
    --------
    >>> s2_id("https://www.semanticscholar.org/paper/Attention-is/204E3073870FAE3D05BCBC2F6A8E263D9B72E776")
    '204e3073870fae3d05bcbc2f6a8e263d9b72e776'
    >>> s2_id("corpusid:13756489")
    'CorpusId:13756489'
    """
    text = text.strip()
    if found := _S2_HASH.fullmatch(text):
        return found[1].lower()
    if found := _S2_CORPUS.fullmatch(text):
        return f"CorpusId:{found[1]}"
    return None


_ORCID = re.compile(
    r"(?:(?:https?://)?orcid\.org/|orcid:\s*)?(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dX])/?", re.I
)


def orcid(text: str) -> str | None:
    """Return an ORCID iD with a right check digit, or None.

    Examples
    --------
    >>> orcid("https://orcid.org/0000-0002-1825-0097")
    '0000-0002-1825-0097'
    >>> orcid("0000-0002-1825-0098") is None
    True
    """
    found = _ORCID.fullmatch(text.strip())
    if not found:
        return None
    digits = "".join(found.groups()).upper()
    total = 0
    for digit in digits[:15]:  # ISO 7064, MOD 11-2
        total = (total + int(digit)) * 2
    check = "0123456789X"[(12 - total % 11) % 11]
    return "-".join(digits[i : i + 4] for i in range(0, 16, 4)) if digits[15] == check else None


# --- titles and names --------------------------------------------------------------------------------------

_GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "vartheta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "varpi": "π", "rho": "ρ", "varrho": "ρ", "sigma": "σ", "varsigma": "σ", "tau": "τ",
    "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
}  # fmt: skip
_LETTERS = {
    "ss": "ss", "ae": "ae", "oe": "oe", "aa": "a", "o": "o", "l": "l", "i": "i", "j": "j", "dh": "d",
    "dj": "d", "th": "th", "ell": "l", "latex": "latex", "tex": "tex", "bibtex": "bibtex",
}  # fmt: skip
"""Commands that stand for letters, by their names in lower case."""

_LATEX_SIGN = re.compile(r"[\\${}]")
_ACCENT = re.compile(r"""\\(?:['"`^~=.]|[cvuhrkbdt](?=\s*\{|\s+[a-z]\b))\s*""")
_COMMAND = re.compile(r"\\([a-z]+)\*?\s*")
_MATH = re.compile(r"\$([^$]{1,200})\$")
_ESCAPED = re.compile(r"\\([&%#_])")
_MARKUP = re.compile(r"[${}^]|\\[,;:! ]?")


def _without_latex(text: str) -> str:
    """Replace LaTeX in folded text by the letters it prints, as far as it matters for telling titles apart.

    Not a LaTeX reader on purpose: titles are LaTeX here and there only, and to a real one ``50% of`` would be
    the start of a comment.
    """
    if not _LATEX_SIGN.search(text):
        return text
    plain = _ESCAPED.sub(r" \1", text)
    plain = _MATH.sub(lambda math: math[1].replace("_", ""), plain)
    plain = _ACCENT.sub("", plain)
    plain = _COMMAND.sub(lambda command: _letters_of(command[1]), plain)
    return _MARKUP.sub("", plain.replace("\\\\", " ").replace("~", " "))


def _letters_of(command: str) -> str:
    return _GREEK.get(command) or _LETTERS.get(command, "")


_NO_DECOMPOSITION = str.maketrans("øłđðıħŋ", "olddihn", "ʼ") | str.maketrans(
    {"þ": "th", "æ": "ae", "œ": "oe"}
)
_ACCENTS = re.compile("[\u0300-\u036f]")


def _folded(text: str) -> str:
    """Fold case, compatibility forms and accents; marks that are letters of their script stay."""
    if text.isascii():
        return text.lower()
    for _ in range(2):  # folding case may bring forth what decomposes once more
        text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).casefold().translate(_NO_DECOMPOSITION)
    return unicodedata.normalize("NFC", text)


_NO_WORD = {"": re.compile("[^a-z0-9]+"), ".+": re.compile("[^a-z0-9.+]+")}


def _words(text: str, keep: str = "") -> str:
    """Replace by one blank all that is neither a letter nor a digit nor in ``keep``."""
    if text.isascii():
        return _NO_WORD[keep].sub(" ", text).strip()
    kept = (
        char if char.isalnum() or char in keep or unicodedata.category(char)[0] == "M" else " "
        for char in text
    )
    return " ".join("".join(kept).split())


_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_BETWEEN_DIGITS = re.compile(r"(?<=\d) (?=\d)")


@lru_cache(maxsize=1 << 17)
def title_key(title: str) -> str:
    """Return the form in which all spellings of a title agree; empty if it has neither letter nor digit.

    Letters and digits alone are left, folded in case, accents and LaTeX: blanks and hyphens go, since
    "fine-tuning", "fine tuning" and "finetuning" are one word; between two digits a hyphen stands for them.

    Examples
    --------
    >>> title_key("M$^3$ViT: Mixture-of-Experts  Vision Transformer")
    'm3vitmixtureofexpertsvisiontransformer'
    >>> title_key("Qwen2.5 Technical Report")
    'qwen2-5technicalreport'
    >>> title_key(r"G{\\"o}del at 10,000 $\\alpha$") == title_key("Gödel at 10000 α")
    True
    """
    folded = _THOUSANDS.sub("", _folded(title))
    # A title of nothing but unknown commands keeps their names.
    words = _words(_without_latex(folded)) or _words(folded)
    return _BETWEEN_DIGITS.sub("-", words).replace(" ", "")


_TOKEN = re.compile(r"[^\s.+]+(?:\.[^\s.+]+)*(?:(?>\++)(?=\s|$))?")


def slug(name: str) -> str:
    """Return the form of a name that node ids are made of: lower case, words joined by hyphens.

    Dots inside a word and plus signs at its end stay, for they tell things apart (``GPT-4.1``, ``MMLU+``); a sharp
    at its end becomes a word for the same reason (``QuIP#`` is not ``QuIP``).

    Examples
    --------
    >>> slug("Qwen2.5-Math Instruct")
    'qwen2.5-math-instruct'
    >>> slug("M$^3$ViT"), slug("C++"), slug("τ-bench"), slug("QuIP#")
    ('m3vit', 'c++', 'τ-bench', 'quip-sharp')
    """
    folded = _SHARP.sub(" sharp", _folded(name))
    tokens = _TOKEN.findall(_words(_without_latex(folded), keep=".+")) or _TOKEN.findall(
        _words(folded, keep=".+")
    )
    return "-".join(tokens)


_SHARP = re.compile(r"(?<=\w)\\?[#♯](?!\w)")
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|phd|md)\.?|\d{4}", re.IGNORECASE)


@lru_cache(maxsize=1 << 16)
def person_key(name: str) -> str:
    """Return a person's name as lower-case words, given names first.

    "Last, First" is turned round, generational suffixes and DBLP's numbers for namesakes are left out.

    Examples
    --------
    >>> person_key("LeCun, Yann"), person_key("Yann  LeCun")
    ('yann lecun', 'yann lecun')
    >>> person_key("King, Jr., Martin L."), person_key("Erdős Pál")
    ('martin l king', 'erdos pal')
    """
    parts = [part.strip() for part in _without_latex(_folded(name)).split(",")]
    kept = [part for part in parts if part and not _SUFFIX.fullmatch(part)] or parts
    given_first = [*kept[1:], kept[0]]
    words = _words(" ".join(given_first).replace("'", "").replace("’", "")).split()
    while len(words) > 1 and _SUFFIX.fullmatch(words[-1]):
        words.pop()
    return " ".join(words)
