"""Names that no lexicon knows, from how authors introduce them.

"NAME: subtitle" titles; "we propose NAME"; "a framework called NAME"; "our method, NAME,". Each finding says where
the name stands, whether the paper claims it as its own, and which noun says what it is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from ..hits import Cue
from ..words import BREAKS
from .kinds import noun_phrase_head
from .laws import laws
from .lists import listed
from .names import shape_of
from .neighbours import ACTION, HEADS, Introduction
from .phrases import NAMING, SOFT, WORD
from .titles import TitleReader

_OWNERSHIP = re.compile(
    r"(?<![\w])(?:we|our|this (?:paper|work|study|report)|is proposed|are proposed|"
    r"introduc\w+|propos\w+|present\w*|resulting in|thus|develop\w*)(?!\w)",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"(?<!\w)(?:recent(?:ly)?|existing|previous(?:ly)?|prior|popular|well-known|widely|"
    r"commonly|often|so-called|known as|"
    r"phenomenon|problem|issue|task|challenge|setting|property|effect)(?!\w)",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"(?:(?:researchers|authors|they|works|studies|efforts)|(?:[Ee]xisting|[Pp]revious|[Pp]rior|[Rr]ecent|[Mm]any|[Ss]ome|"
    r"[Mm]ost|[Oo]ther|[Ss]uch)(?: [\w-]+){0,2} [\w-]+s) (?:often |usually |typically |also |have |may )?$"
)
_OTHERS_END = ("s ", "they ", "often ", "usually ", "typically ", "also ", "have ", "may ")
_NOT = ("not", "n't", "nor", "neither", "never")
_NEGATED = re.compile(r"(?:not|n't|nor|neither|never)(?: [\w-]+)? $")
_ALSO = re.compile(
    r"(?<![\w-])(?:and|also|then|further|first|finally|additionally|[Ii]t|Finally,|Additionally,|Moreover,)"
    r"(?: then| also| further| finally)? $"
)
_MAKING = (
    "construct",
    "build",
    "develop",
    "curate",
    "create",
    "release",
    "contribute",
    "design",
    "provide",
    "establish",
    "formulate",
    "devise",
    "built",
)
_MAKER = re.compile(f" ({'|'.join(_MAKING)})")
_FORMS = (" ", "s ", "es ", "d ", "ed ")
_MAKES = re.compile(r"[a-z]+ ")
_PERFORMS = re.compile(
    r" (?:\([^()]{2,40}\) )?(?:also |even |further |significantly |consistently |substantially |not only )?"
    r"(?:achieves|outperforms|surpasses|improves|"
    r"reduces|exceeds|attains|delivers|yields|accelerates|sets|establishes|matches)(?!\w)"
)
_REFERRED = re.compile(
    r"refer to ((?:this|these|the|our|such|it|them)(?: [\w-]+){0,5}) (?:as|by) (?:the |an? )?[\"']?(?=[A-Za-z])"
)
_IN_QUOTES = re.compile(r"\([\"']([a-z][a-z-]+(?: [a-z-]+){1,3})[\"']\)")
_RELEASED = re.compile(
    r"(?:'s code)?,?( )(?:(?:is|are|will be|has been) (?=[a-z -]{0,24}(?:sourced?|available|released))|"
    r"(?:proposed|introduced|presented|developed) (?:in (?:this|our) (?:work|paper|study)|by us)(?!\w))"
)
_SUBJECT = re.compile(
    r"(?:[Cc]ode (?:of|for) |, |\. |[Ww]ith |[Oo]n |[Tt]he )([A-Za-z][\w.+-]+)(?:'s code)?,?$"
)
_ADJECTIVES = re.compile(
    r" (?:(?:an?|the|our|(?:category|class|type|kind) of|novel|new|simple|effective|efficient|general|unified|first|"
    r"yet|and|lightweight|two|framework|method|approach|algorithm|technique|model|benchmark|dataset|system|pipeline|"
    r"architecture),? )*"
    r"[\"']?(?:[Aa]n?|[Tt]he)? ?"
)
_NAMED_AS = re.compile(
    r" (?:it|this|these|our|the|such|them)?(?: [\w,-]+){0,8}? (?:as|the) (?:the |an? )?[\"']?(?=[A-Za-z])"
)
_AFTER_CALLED = re.compile(r" ?(?:as |the |our |a |an |this |[,:] ?|\"|')*")
_ARTICLE = re.compile(r"(?:an?|the|our|this|two|three|several) ")
_CAPITALISED = re.compile(r"[A-Z][\w-]*(?: [A-Z][\w-]*)+")
_RESULTING = re.compile(r"esulting (?:[a-z][\w-]* ){0,3}?([a-z]+), (?=[A-Z])")
_MADE = (
    "proposed", "resulting", "new", "novel", "introduced", "specialized", "trained", "full", "final", "own",
    "developed", "released", "curated", "constructed", "customized", "dedicated", "in-house",
)  # fmt: skip
"""What stands between "our" and a name of the paper's own."""
_ONE_MORE = re.compile(r",? (?:and )?[A-Z\d]")
_WORDS = re.compile(r"[\w-]+")
_AT_CORE = re.compile(
    r"[Aa]t (?:the|its) (?:core|heart)(?: of [^,.;]{2,40}?)? (?:is|are|lies|lie) (?:the |an? |our )?"
    r"(?:novel |new )?(?=[A-Z])"
)
_AND_THE = re.compile(r"(?: \([^()]{1,20}\))? and (?:the |an? )(?=[A-Z])")
_NUMBERED = re.compile(
    r"(?:techniques|strategies|terms|losses|innovations|regularizers|mechanisms|designs|improvements)"
    r"(?: (?:to|for|that) [^:.]{3,60})?: ?(?=\(?(?:1|i)\))"
)
_ITEM_MARK = re.compile(r"(?<![\w(])\(?(?:\d|i{1,3}|iv|v)\) ?(?:an? |the )?(?:novel |new )?")
_ITEM = re.compile(r"((?:[\w-]+ ){1,4}?[\w-]+?)(?=[,.;]| (?:to|for|that|which|with|by|using|in)(?!\w))")
_PART = re.compile(r"(?:tokens?|module|network|regularizer|adapter|filter|decoder|encoder)$")
_OURS = re.compile(
    r" ((?:[a-z][\w-]* ){0,4}?(?:[a-z][\w-]*,? (?:called |named |dubbed |termed |i\.e\., )?)?)"
    r"(?=[\"']?[A-Za-z\d-]*[A-Z])"
)


_CALLED_THIS = (
    "approach",
    "method",
    "framework",
    "strategy",
    "technique",
    "process",
    "procedure",
    "paradigm",
    "setting",
)
_OBSERVED = ("phenomenon ", "effect ", "issue ", "failure ", "problem ")
_STUDIES = (" review", " survey", " study", " overview", " report", " tutorial")
_CALLED_NEXT = re.compile(
    r"(?: [a-z]+)?,? \(?(?:named|called|dubbed|termed|coined|denoted(?: as| by)?) [\"']?(?:the )?[A-Z]"
)
_APPOSED_NEXT = re.compile(r"(?: [a-z]+)?, (?:the )?[A-Z][\w-]+(?: [\w-]+)?, (?:which|that|to|for|a|an) ")
_TASK_AFTER = re.compile(
    r"(?: [a-z]+)?(?: \([^()]{1,30}\))?(?: (?:tasks?|problem)(?= to| that| of|[.,;:])|"
    r",? (?:which is |is )?(?:an?|the) (?:[\w-]+ ){0,3}(?:task|problem)(?= |[.,;:]))"
)
_TASK_BEFORE = re.compile(
    r"(?<!\w)(?:tasks?|problem)(?: of|,|:)?(?: called| named| termed| dubbed| namely| as)? ?[\"']?$"
)


class Introductions(TitleReader):
    """The rules, over one document."""

    def find(self) -> list[Introduction]:
        """Apply every rule."""
        found = self._title()
        for cue in self.cues:
            if cue.start < self.document.split:
                continue
            if cue.kind == "PROPOSE":
                found += self._proposed(cue)
            elif cue.kind == "CALLED":
                found += self._called(cue)
        found += self._ours()
        found += self._released()
        found += self._quoted()
        found += self._resulting()
        found += self._referred()
        found += self._also()
        found += self._performing()
        found += self._at_core()
        found += self._numbered()
        if " law" in self.document.lower:
            found += laws(self.document, self.own_start)
        found += listed(self.document, self.hits)
        return [self._without_noun(item) for item in found if not (item.own and self._describes(item))]

    def _describes(self, item: Introduction) -> bool:
        """Whether what looks like a name only describes a task, a study, or the thing whose name follows."""
        return (
            self._is_task(item)
            or self._named_next(item)
            or self.view.startswith(_OBSERVED, self.view.rfind(" ", 0, item.start - 1) + 1)
            or self.view.startswith(_OBSERVED, item.start)
        )

    def _named_next(self, item: Introduction) -> bool:
        """ "a unified 3D sewing framework, named X", "a new thread scheduler, Warp scheduler, that"."""
        view, end = self.view, item.end
        if view.find(" ", item.start, end) < 0 or item.rule == "title-colon@1":
            return False
        if view.endswith(_STUDIES, item.start, end):
            return True
        if _CALLED_NEXT.match(view, end):
            return True
        return view[item.start : end].islower() and _APPOSED_NEXT.match(view, end) is not None

    def _without_noun(self, item: Introduction) -> Introduction:
        """Take the noun off "MASK reformulation" where the text defines MASK."""
        cut = self.view.find(" ", item.start, item.end)
        if cut < 0:
            return item
        if self.view.endswith("this", 0, item.start - 1) and self.view[item.start : cut] in _CALLED_THIS:
            return replace(item, start=cut + 1)
        if self.view.endswith((" Series", " Family"), item.start, item.end):
            return replace(item, end=item.end - 7)
        if item.own and self.view[cut : item.end].islower():
            short = self.view[item.start : cut]
            if short.isupper() and any(self.view[d.start : d.end] == short for d in self.definitions):
                return replace(item, end=cut)
        return item

    def _is_task(self, item: Introduction) -> bool:
        """ "a novel task called Long Name", "Long Name, a new task": what is to be done, not what does it."""
        start, end, view = item.start, item.end, self.view
        if start < self.document.split or view.find(" ", start, end) < 0:
            return False
        return (
            _TASK_AFTER.match(view, end) is not None
            or _TASK_BEFORE.search(view, max(0, start - 40), start) is not None
            or view.endswith((" task", " tasks"), start, end)
        )

    # --- "we propose ..." ---

    def _proposed(self, cue: Cue) -> list[Introduction]:
        begin, limit = self.document.sentence(cue.start)
        if self.view.startswith(("is ", "are "), cue.start):
            return self._passive(begin, cue)
        before = self.view[max(begin, cue.start - 48) : cue.start]
        if before.endswith("what "):
            return []
        if before.endswith(_OTHERS_END) and _OTHERS.search(before):
            return []
        if any(word.endswith(_NOT) for word in before.rsplit(None, 2)[-2:]) and _NEGATED.search(before):
            return []
        verb = self.view[cue.start : cue.end].lower().split()[-1]
        if verb not in SOFT:
            for d in self.definitions:
                if cue.end < d.long_start <= cue.end + 60 and _ADJECTIVES.fullmatch(
                    self.view, cue.end, d.long_start
                ):
                    return [
                        Introduction(
                            d.long_start,
                            d.long_end,
                            "introduced@1",
                            True,
                            _head_before(self.view[cue.end : d.long_start]),
                        ),
                        *self._coordinated(max(d.end, d.long_end) + 1, limit),
                    ]
        if verb in NAMING:
            found = self._named_as(cue.end, limit)
            if found:
                return found
        return self._phrase(cue.end, limit, verb)

    def _passive(self, begin: int, cue: Cue) -> list[Introduction]:
        """ "the concept of Long Names (LN) is proposed"."""
        for d in self.definitions:
            if begin <= d.long_start and 0 < cue.start - max(d.end, d.long_end) <= 3:
                return [Introduction(d.long_start, d.long_end, "introduced@1", True, "")]
        index = bisect_left(self._starts, cue.start) - 1
        if index < 0 or self.tokens[index].end + 1 != cue.start or self.tokens[index].start < begin:
            return []
        last = first = self.tokens[index]
        while (
            index > 0
            and self.tokens[index - 1].end + 1 == first.start
            and self.tokens[index - 1].start >= begin
        ):
            index -= 1
            first = self.tokens[index]
        if first is last and last.shape == "title":
            return []
        return [Introduction(first.start, last.end, "introduced@1", True, "")]

    def _named_as(self, at: int, limit: int) -> list[Introduction]:
        """ "we term this model as NAME", "we call this metric the idealized runtime"."""
        match = _NAMED_AS.match(self.view, at, limit)
        if match is None:
            return []
        stop = self._name_from(match.end(), limit, "named")
        if stop <= match.end() + 1:
            return []
        return [Introduction(match.end(), stop, "called@1", True, _head_before(match[0]))]

    # --- "called NAME" ---

    def _called(self, cue: Cue) -> list[Introduction]:
        view = self.view
        begin, limit = self.document.sentence(cue.start)
        word = view[cue.start : cue.end].lower()
        skip = _AFTER_CALLED.match(view, cue.end, limit)
        at = skip.end() if skip else cue.end
        if view[at - 1] == '"':
            stop = view.find('"', at, min(limit, at + 62))
            if stop < 0 or stop - at > 60:
                return []
            stop = at + len(view[at:stop].rstrip(",."))
        else:
            stop = next((d.long_end for d in self.definitions if d.long_start == at), 0) or self._name_from(
                at, limit, word
            )
        if stop <= at + 1:
            return []
        if view.startswith(("entit", "Entit"), at):
            return []
        before = view[max(begin, cue.start - 300) : cue.start]
        own = bool(_OWNERSHIP.search(before)) or begin >= self.own_start
        known = any(hit.start == at and hit.end >= stop for hit in self.hits)
        if own and (_BACKGROUND.search(before[-60:]) or (known and not _OWNERSHIP.search(before))):
            own = False
        weak = word in (
            "namely",
            "known as",
            "aka",
            "a.k.a",
            "short for",
            "calling",
            "abbreviated as",
        )
        if weak and (view[at:stop].islower() or self._many(stop)):
            return []
        if view[at:stop].islower() and not own:
            return []
        found = [Introduction(at, stop, "called@1", own, self._called_head(begin, cue))]
        if own:
            found += self._coordinated(stop, limit)
        self._pair(found[0], stop)
        return found

    def _many(self, stop: int) -> bool:
        return _ONE_MORE.match(self.view, stop, stop + 8) is not None

    def _called_head(self, begin: int, cue: Cue) -> str:
        """The noun that is called so: the head of what is proposed, else the nearest noun."""
        before = self.view[max(begin, cue.start - 300) : cue.start]
        near = _head_before(before)
        if before.rstrip().endswith((",", "(")) or before.rstrip().endswith(("and", "which")):
            for other in reversed(self.cues):
                if begin <= other.start < cue.start and other.kind == "PROPOSE":
                    at = other.end + 1
                    skip = _ARTICLE.match(self.view, at)
                    head = noun_phrase_head(self.view, skip.end() if skip else at)
                    if head in HEADS and other.end < cue.start - 4:
                        return head
                    break
        return near

    def _name_from(self, at: int, limit: int, cue: str) -> int:
        index = bisect_left(self._starts, at)
        if index < len(self.tokens) and self.tokens[index].start == at:
            stop = self._run_end(index)
            if not (self.view[stop : stop + 1] == "-" and self.view[stop + 1 : stop + 2].isupper()):
                return stop
        if cue in ("namely", "known as", "short for"):
            return at
        stop = at
        count = 0
        for match in WORD.finditer(self.view, at, limit):
            raw = match[0]
            core = raw.rstrip("\"',.;:)")
            if core.lower() in BREAKS or raw[0] in "(":
                break
            stop = match.start() + len(core)
            count += 1
            if count > 4:
                return at
            if core != raw:
                return stop if count >= 2 else at
        if count >= 2 and (self.view[stop : stop + 2] == " (" or _CAPITALISED.fullmatch(self.view, at, stop)):
            return stop
        return at

    # --- "our NAME" ---

    def _ours(self) -> list[Introduction]:
        found = []
        for cue in self.cues:
            if cue.kind != "OWN" or cue.start < self.document.split or self.view[cue.end - 1] not in "rd":
                continue
            match = _OURS.match(self.view, cue.end)
            if match is None:
                continue
            at = match.end()
            index = bisect_left(self._starts, at)
            if index >= len(self.tokens) or self.tokens[index].start != at:
                continue
            token = self.tokens[index]
            stop = self._run_end(index)
            between = match[1] or ""
            head = between.rstrip(" ,").rsplit(" ", 1)[-1].lower() if between else ""
            if (
                between
                and head not in HEADS
                and (head not in _MADE or not BREAKS.isdisjoint(between.split()))
            ):
                continue
            if token.shape == "title" and stop == token.end and not between and "-" not in token.text:
                continue
            found.append(
                Introduction(
                    token.start,
                    stop,
                    "introduced@1",
                    True,
                    head if head in HEADS else "",
                )
            )
            if head.endswith("s"):
                limit = self.document.sentence(stop)[1]
                found += [replace(item, head=head) for item in self._coordinated(stop, limit)]
        return found

    # --- "NAME is open-sourced" ---

    def _released(self) -> list[Introduction]:
        """A name that is the subject of "is available", or whose code is."""
        view, split = self.view, self.document.split
        found: list[Introduction] = []
        for token in self.tokens:
            if token.shape == "title" or token.start < split:
                continue
            match = _RELEASED.match(view, token.end)
            if match is None:
                continue
            name = _SUBJECT.search(view, max(split, match.start(1) - 60), match.start(1))
            if name is not None and name.span(1) == (token.start, token.end):
                found.append(Introduction(token.start, token.end, "released@1", True, ""))
        return found

    # --- "the resulting model, NAME, ..." ---

    def _resulting(self) -> list[Introduction]:
        """A name that renames what the paper's work results in."""
        view, found = self.view, []
        at = view.find("esulting ", self.document.split)
        while at >= 0:
            match = _RESULTING.match(view, at)
            if match is not None and match[1] in HEADS:
                index = bisect_left(self._starts, match.end())
                token = self.tokens[index] if index < len(self.tokens) else None
                if token and token.start == match.end() and token.shape in ("mixed", "caps"):
                    stop = self._run_end(index)
                    found.append(Introduction(match.end(), stop, "introduced@1", True, match[1]))
            at = view.find("esulting ", at + 9)
        return found

    # --- "we refer to this formulation as NAME" ---

    def _referred(self) -> list[Introduction]:
        view = self.view
        found = []
        at = view.find("refer to ", self.document.split)
        while at >= 0:
            match = _REFERRED.match(view, at)
            if match is not None:
                limit = self.document.sentence(at)[1]
                stop = next(
                    (d.long_end for d in self.definitions if d.long_start == match.end()),
                    0,
                )
                stop = stop or self._name_from(match.end(), limit, "named")
                if stop > match.end() + 1:
                    found.append(Introduction(match.end(), stop, "called@1", True, _head_before(match[1])))
            at = view.find("refer to ", at + 9)
        return found

    # --- "..., and build NAME, a benchmark" ---

    def _also(self) -> list[Introduction]:
        """A further verb of making whose subject is still the paper; only names written like names count."""
        found = []
        low = self.document.lower
        places = [(_MAKING.index(match[1]), match.start()) for match in _MAKER.finditer(low, self.own_start)]
        for number, at in sorted(places):
            stem = _MAKING[number]
            verb = _MAKES.match(self.view, at + 1)
            if (
                verb
                and verb[0].removeprefix(stem) in _FORMS
                and _ALSO.search(self.view, max(0, at - 24), at + 1)
            ):
                limit = self.document.sentence(at)[1]
                for item in self._phrase(verb.end() - 1, limit, stem):
                    if shape_of(self.view[item.start : item.end].split()[0]) in ("mixed", "caps"):
                        found.append(item)
        return found

    # --- "NAME outperforms ..." ---

    def _performing(self) -> list[Introduction]:
        """A name no lexicon knows that performs where the paper speaks of itself."""
        view, found = self.view, []
        for index, token in enumerate(self.tokens):
            if token.start < self.own_start or token.shape != "mixed" or not _PERFORMS.match(view, token.end):
                continue
            if index and self.tokens[index - 1].end + 1 == token.start:
                continue
            if any(hit.start < token.end and token.start < hit.end for hit in self.hits):
                continue
            before = view[max(0, token.start - 6) : token.start]
            if token.first or before.endswith((" that ", ", ", " our ", "Our ")):
                found.append(Introduction(token.start, token.end, "performs@1", True, ""))
        return found

    # --- "at its core lies NAME" ---

    def _at_core(self) -> list[Introduction]:
        """What the paper says its own thing has at its core, if no lexicon knows it."""
        view, found = self.view, []
        spots = [at for word in (" core", " heart") if (at := view.find(word, self.document.split + 5)) >= 0]
        for spot in spots:
            match = _AT_CORE.match(view, spot - 6)
            if match is None:
                continue
            following: re.Match[str] | None = match
            while following is not None:
                start = following.end()
                stop = self._core_name(start)
                if not stop or any(hit.start < stop and start < hit.end for hit in self.hits):
                    break
                found.append(Introduction(start, stop, "introduced@1", True, ""))
                following = _AND_THE.match(view, stop)
        return found

    def _core_name(self, at: int) -> int:
        """Where the name that begins at ``at`` ends: capitalised words, or one word no sentence would hold."""
        words = _CAPITALISED.match(self.view, at)
        if words is not None:
            return words.end()
        index = bisect_left(self._starts, at)
        token = self.tokens[index] if index < len(self.tokens) else None
        return token.end if token and token.start == at and token.shape in ("mixed", "caps") else 0

    # --- "three novel techniques: (1) A to ..., (2) a B for ..." ---

    def _numbered(self) -> list[Introduction]:
        """Numbered parts of the paper's own thing that are named before it is told what they are for."""
        found = []
        view = self.view
        if "(1)" not in view and "1)" not in view and "(i)" not in view:
            return []
        for match in _NUMBERED.finditer(view, max(self.own_start, self.document.split)):
            limit = self.document.sentence(match.start())[1]
            items = []
            for mark in _ITEM_MARK.finditer(view, match.end() - 1, limit):
                item = _ITEM.match(view, mark.end(), limit)
                if item is not None and not BREAKS.isdisjoint(item[1].split()):
                    item = None
                items.append(item)
            if len(items) > 1 and all(i and (ACTION.search(i[1]) or _PART.search(i[1])) for i in items):
                found += [
                    Introduction(i.start(1), i.end(1), "enumeration@1", True, "method") for i in items if i
                ]
        return found

    # --- ("plain words in quotes") ---

    def _quoted(self) -> list[Introduction]:
        """A step named in brackets and quotation marks where the paper speaks of itself."""
        return [
            Introduction(match.start(1), match.end(1), "called@1", True, "")
            for match in _IN_QUOTES.finditer(self.view, max(self.own_start, self.document.split))
        ]


def _head_before(text: str) -> str:
    """The noun a participle such as "called" belongs to."""
    text = text.rstrip(" (,\"'")
    cut = max(text.rfind(mark) for mark in ",;:()")
    words = _WORDS.findall(text[cut + 1 :][-80:])
    for word in reversed(words[-8:]):
        low = word.lower()
        if low in HEADS:
            return str(low)
    return ""
