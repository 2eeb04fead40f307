"""What kind of work a record is of, by the words of every source: an article, a preprint, a book, a dataset, …"""

from __future__ import annotations

import re
from typing import Any

_WORDS = {
    "article": "article journalarticle articlejournal articlemagazine articlenewspaper researcharticle"
    " jour jfull mgzn ejour suppperiodical casereport casestudy metaanalysis clinicaltrial",
    "conference paper": "inproceedings conference conferencepaper paperconference proceedingsarticle conf cpaper",
    "preprint": "preprint postedcontent informal unpb unpublished manuscript",
    "review": "review reviewarticle survey systematicreview",
    "book": "book mvbook monograph editedbook referencebook collection mvcollection edbook ebook booklet proceedings"
    " mvproceedings",
    "chapter": "chapter bookchapter booksection bookpart inbook incollection suppbook bookinbook entryencyclopedia"
    " entrydictionary referenceentry inreference chap echap encyc",
    "thesis": "thesis dissertation phdthesis mastersthesis mathesis thes",
    "report": "report technicalreport techreport rprt reportcomponent manual",
    "dataset": "dataset data aggr",
    "software": "software comp",
    "editorial": "editorial",
    "letter": "letter lettersandcomments articlecommentary",
    "erratum": "erratum correction corrigendum retraction",
    "peer review": "peerreview",
    "patent": "patent pat",
    "standard": "standard stand",
}
_KINDS = {word: kind for kind, words in _WORDS.items() for word in words.split()}
_NO_LETTER = re.compile(r"[^a-z]+")


def kind_of(*said: Any) -> str | None:
    """Return the kind of a work by the first word for it that is known.

    Examples
    --------
    >>> kind_of("journal-article"), kind_of("paper-conference"), kind_of("misc", "@PhDThesis"), kind_of("other", None)
    ('article', 'conference paper', 'thesis', None)
    """
    for word in said:
        if isinstance(word, str) and (kind := _KINDS.get(_NO_LETTER.sub("", word.lower()))):
            return kind
    return None
