"""Where a sentence holds a number that could be a result: its value, its unit, and what it is compared with.

Numbers that count data, parameters, devices or years, and settings such as a sparsity level, stay out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..text import found_at

_NUMBER = r"[+-]?\d+(?:,\d{3})*(?:\.\d+)?"
_UNIT = (
    r"%|×|[xX](?!\w)|times(?!\w)|percent(?:age points?)?(?!\w)|(?:accuracy |percentage |absolute |average |score |"
    r"F1 |mAP |BLEU )?(?:-?points?|pts?)(?!\w)|pp(?!\w)|ppts?(?!\w)|-?folds?(?!\w)|"
    r"(?:tokens|images|samples|frames|queries|requests|steps)(?:/s(?:ec(?:ond)?)?| per second)(?!\w)|tok/s|"
    r"(?i:fps)(?!\w)|m?s(?!\w)|(?:milli)?seconds?(?!\w)|dB(?!\w)|BLEU(?!\w)|PPL(?!\w)|[GMK]i?B(?!\w)|bytes(?!\w)|"
    r"[mμu]?J(?!\w)|[TGM]?FLOP[sS]?(?!\w)|[TGM]?Flops(?!\w)|TOPS/W"
)
_VALUE = re.compile(
    rf"(?<![\w.$^@-])(?<![A-Za-z0-9]/)(?:(?P<low>{_NUMBER})[- ]?(?P<lowunit>%|x|×|X|times)?"
    rf" ?(?:--?|to|~|-to-) ?)?(?P<value>{_NUMBER})\+?(?:[- ]?(?P<unit>{_UNIT}))?"
    r"(?!\w|(?<![%×x])/\d|\.\d| ?[x×] ?\d|:\d)"
)
_VALUE_START = re.compile(r"[+\-\d](?<![\w.$^@-].)")
_WORD_VALUE = re.compile(
    r"(?<![\w-])(?:(?:an|one|two|three|four|several) orders?(?: |-)of(?: |-)magnitude"
    r"|(?:two|three|four|five|six|seven|eight|nine|ten|hundred)-?fold"
    r"|(?:two|three|four|five|six|seven|eight|nine|ten) times(?= (?:as|faster|more|less|fewer|smaller|lower|higher|"
    r"cheaper|quicker|better|larger|longer))"
    r"|twice as (?=fast|efficient|accurate|quick)|halv(?:e|es|ed|ing)(?= )|halve(?=\s)"
    r"|(?<=by )(?:more than |over |nearly |almost |about )?(?:one |a )?(?:half|a third|a quarter|two[- ]thirds)"
    r")(?![\w])"
)

_COUNTED = re.compile(
    r" ?(?:-[A-Za-z]|[BMKTbk](?!\w)|[Bb]illion|million|trillion|thousand|-?bits?(?!\w)|-?shot|"
    r"languages|datasets|benchmarks|tasks|models|LLMs|examples|samples|questions|instances|images|videos|GPUs?|"
    r"A100|H100|H800|layers|domains|categories|papers|years?|months?|weeks?|days?|hours?|minutes?|"
    r"participants|annotat|pairs|problems|prompts|documents|tokens|parameters?|instructions|trajector|types|"
    r"scenarios|subtasks|dimensions|experts?|agents|rounds|steps|epochs|people|users|humans?|-?dimensional|"
    r"classes|subjects|topics|dialogues|conversations|sentences|words|articles|pages|metrics|methods|settings|"
    r"environments|baselines|stages|queries|of \d|out of \d|"
    r"(?:[a-z-]+ ){1,3}(?:languages|datasets|benchmarks|tasks|models|LLMs|examples|samples|questions|instances|"
    r"images|videos|tokens|pairs|problems|domains|categories|scenarios|splits)\b|"
    r"D(?!\w)|st\b|nd\b|rd\b|th\b|p(?!\w)|:\d|\d)"
)
_SETTING = re.compile(
    r" (?:[a-z]+[- ])?(?:sparsity|pruning ratio|masking|budget|(?:sparse|compressed|pruned)(?= [\w-]+ ?)|confidence|"
    r"of (?:the )?(?:people|respondents|users|participants|papers|cases|time))"
)
_SAID = re.compile(r"(?:[=,(/]|(?<!\w)(?:of|by|to|is|and|or|reach\w*)(?: [a-z]+){0,3}) ?$")
"""What leads to a whole number without a unit if it is a value."""
_SET_TO = re.compile(
    r"(?:sparsity|sparsities|masking ratio|mask ratio|pruning ratio|dropout|confidence|threshold|learning rate|"
    r"temperature|resolution|top)(?: (?:of|to|at|is|level|levels|as|high|over|nearly|up|about)){0,4} $"
)
_SCALED = re.compile(
    r" (?:the (?:size|number|length)|longer(?! context)|(?:larger|bigger)(?! (?:batch|context|throughput))|"
    r"(?:(?:larger|bigger|smaller|more|the|down-?|up-?)[ -]?)?"
    r"(?:models?|LLMs?|LLaMA|baseline|data(?!\w)|sampl\w+|resolution|super-resolution|down-?sampl\w+|"
    r"up-?sampl\w+|upscal\w+|(?:smaller|larger|bigger) [A-Z]\w+|compute(?!\w)|scale))"
)
_DEVICES = re.compile(r" (?:NVIDIA |Nvidia |AMD )?(?:[A-Z]+\d|GPU|TPU|RTX|Tesla)")


@dataclass(slots=True)
class Value:
    """A number as printed, with where it stands in the view."""

    text: str
    unit: str | None
    start: int
    end: int
    baseline: str | None = None
    ranged: bool = False
    """Whether it is the end of "from A to B"."""
    origin: int = -1
    """Where "from A to B" begins."""


_FROM = re.compile(
    r"from(?<!\wfrom) (?:about |approximately |around |only |just |~)?"
    rf"(?P<base>{_NUMBER}(?:--?{_NUMBER}%?|%-{_NUMBER}%)?)"
    r" ?(?P<bunit>%|x|×|points?|ms|[GMK]B|s|seconds|hours|bytes)?(?![\w])[^.;,]{0,25}? (?:down |up )?to "
    rf"(?:about |approximately |around |only |just |over |within |nearly |merely |below |under )*"
    rf"(?P<value>{_NUMBER}) ?(?P<unit>{_UNIT}|hours(?!\w))?(?![\w]|\.\d)"
)


def values(view: str, begin: int, stop: int, *, spelled: bool = True) -> list[Value]:
    """Find the numbers of one sentence that could be results, in order of appearance.

    With ``spelled`` unset, no number is written in words.
    """
    found: list[Value] = []
    pairs = list(_FROM.finditer(view, begin, stop)) if view.find("from ", begin, stop) >= 0 else []
    for match in pairs:
        if _COUNTED.match(view, match.end()) and match["unit"] is None:
            continue
        unit = match["unit"] or match["bunit"]
        value = Value(
            match["value"], unit, match.start("value"), match.end(), ranged=True, origin=match.start()
        )
        value.baseline = match["base"] + (match["bunit"] or match["unit"] or "").replace("times", "x")
        found.append(value)
    spans = [(match.start(), match.end()) for match in pairs]
    for match in found_at(_VALUE_START, _VALUE, view, begin, stop):
        start, end = match.start(), match.end()
        if spans and any(s < end and start < e for s, e in spans):
            continue
        unit = match["unit"] or match["lowunit"]
        text = match["value"]
        if match["low"]:
            if not unit and "." not in text and int(text.replace(",", "")) > 1900:
                continue
            text = f"{match['low']}-{text.lstrip('-')}"
        if _excluded(view, begin, start, end, unit):
            continue
        found.append(Value(text, unit and unit.lstrip("-"), start, end))
    if spelled:
        for match in _WORD_VALUE.finditer(view, begin, stop):
            if not any(v.start < match.end() and match.start() < v.end for v in found):
                found.append(Value(match[0].strip(), None, match.start(), match.end()))
    found.sort(key=lambda value: value.start)
    return found


def _excluded(view: str, begin: int, start: int, end: int, unit: str | None) -> bool:
    if unit is None or unit in ("s", "S"):
        if view[start:end].isdigit() and _SAID.search(view, max(begin, start - 40), start) is None:
            return True
        if _COUNTED.match(view, end) or (view[start - 1] == "(" and view[end : end + 1] == ")"):
            return True
    elif unit == "%":
        if _SETTING.match(view, end):
            return True
    elif unit in ("x", "×", "X", "times") and (_SCALED.match(view, end) or _DEVICES.match(view, end)):
        return True
    return _SET_TO.search(view, max(begin, start - 50), start) is not None
