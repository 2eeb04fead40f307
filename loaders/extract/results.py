"""Numbers a paper claims for itself: value, unit, metric, direction, and the words that say so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .text import Document

_NUMBER = r"[+-]?\d+(?:,\d{3})*(?:\.\d+)?"
_VALUE = re.compile(
    rf"(?<![\w.$/-])(?:(?P<low>{_NUMBER}) ?(?P<lowunit>%|x|×|X|times)? ?(?:-|to|~) ?)?(?P<value>{_NUMBER})\+?"
    r"(?: ?(?P<unit>%|×|x(?![\w])|X(?![\w])|times(?=\b)|percent(?:age points?)?|(?:accuracy |"
    r"percentage |absolute )?points?|pp(?!\w)|"
    r"fold|tokens/s(?:ec(?:ond)?)?|tokens per second|fps|FPS|ms(?!\w)|dB(?!\w)|pts?(?!\w)|"
    r"BLEU|PPL|GB(?!\w)|MB(?!\w)|"
    r"TFLOPS?|TFLOPs|TOPS/W|tok/s))?(?![\w/]|\.\d)"
)
_DIGIT = re.compile(r"\d")
_FROM_TO = re.compile(
    rf"from (?:about |approximately |around |only )?(?P<base>{_NUMBER}) ?(?P<bunit>%|x|×|"
    rf"points?|ms|GB|MB|s|seconds|hours)?[^.;]{{0,25}}? to "
    rf"(?:about |approximately |around |only |just )?(?P<value>{_NUMBER}) ?(?P<unit>%|x|×|"
    rf"times|points?|ms|GB|MB|s\b|seconds|hours)?"
)
_GAIN = re.compile(
    r"(?<!\w)(?:improv\w+|increas\w+|gain\w*|boost\w*|outperform\w*|surpass\w*|exceed\w*|"
    r"speed-?ups?|speed(?:s|ing)? up|faster|"
    r"accelerat\w+|higher|better|reduc\w+|decreas\w+|lower\w*|sav\w+|cut\w*|less|fewer|"
    r"smaller|drop\w*|achiev\w+|attain\w*|"
    r"reach\w*|obtain\w*|yield\w*|scor\w+|deliver\w*|accurac\w+|rate\w*|with only|using only|"
    r"only|compress\w*|retain\w*|"
    r"maintain\w*|preserv\w*|recover\w*|match\w*|beat\w*|win\w*|by up to|up to|throughput|"
    r"latency|perplexity|F1|BLEU|"
    r"ROUGE(?:-\w+)?|mAP|AUC|FID|PSNR|pass@\d+|margin|improvement\w*|performance|correlat\w+|"
    r"margins?|efficien\w+|loss\w*|degrad\w+|ahead|"
    r"utiliz\w+|requir\w+|overhead|success|precision|recall|median|average|mean|relative|"
    r"absolute|state-of-the-art|SOTA|score\w*|shrink\w*|halv\w+)(?!\w)",
    re.IGNORECASE,
)
_METRIC = re.compile(
    r"(?<!\w)((?:[A-Za-z][\w@-]* ){0,2}?(?:accuracy|speed-?ups?|throughput|latency|perplexity|"
    r"PPL|win rate|success rate|F1(?:[- ]score)?|"
    r"score|BLEU|ROUGE(?:-\w+)?|mAP|mIoU|IoU|AUC|AUROC|FID|PSNR|SSIM|pass@\d+|pass rate|"
    r"recall|precision|memory(?: usage| footprint| consumption)?|"
    r"energy(?: consumption| efficiency)?|FLOPs|GFLOPs|parameters|training (?:time|cost|data|"
    r"tokens)|inference (?:time|cost|speed)|"
    r"cost|compute|improvements?|reductions?|gains?|increase|decrease|drop|margin|performance|"
    r"compression(?: ratio| rate)?|"
    r"error(?: rate)?|loss|size|time|rate|correlation|overhead|tokens|points|quality|"
    r"efficiency|sparsity|data))(?!\w)"
)
_LOWER = re.compile(
    r"latency|perplexity|PPL|memory|energy c|FLOPs|time|cost|error|loss|overhead|drop|degrad|"
    r"FID|WER|footprint|parameters",
    re.IGNORECASE,
)
_REDUCED = re.compile(
    r"reduc|decreas|lower|sav|cut|less|fewer|smaller|drop|compress|shrink|fast|speed", re.IGNORECASE
)
_SKIP_AFTER = re.compile(
    r" ?(?:[BMKTbk](?!\w)|billion|million|trillion|thousand|k(?!\w)|K(?!\w)|-?bits?(?!\w)|"
    r"-?shot|languages|datasets|benchmarks|tasks|models|LLMs|"
    r"examples|samples|questions|instances|images|videos|GPUs?|A100|H100|H800|layers|domains|"
    r"categories|papers|years?|"
    r"participants|annotat|pairs|problems|prompts|documents|tokens of|parameters?|"
    r"instructions|trajector|types|scenarios|"
    r"subtasks|dimensions|experts?|agents|rounds|steps|epochs|people|users|humans?|"
    r"-?dimensional|classes|subjects|topics|"
    r"dialogues|conversations|sentences|words|articles|pages|metrics|methods|settings|"
    r"environments|baselines|stages|queries|"
    r"(?:[a-z-]+ ){1,3}(?:languages|datasets|benchmarks|tasks|models|LLMs|examples|samples|"
    r"questions|instances|images|videos|tokens|pairs|problems|domains|categories|scenarios)\b|"
    r"hours of|minutes of|D(?!\w)|st\b|nd\b|rd\b|th\b|p(?!\w)|:\d|\d)"
)
_OWN_BREAK = re.compile(
    r"(?<!\w)(?:existing|previous|prior|current) (?:methods|works?|approaches|models|LLMs)(?!\w)",
    re.IGNORECASE,
)
_LIST = re.compile(rf"(?P<a>{_NUMBER})(?P<unit>%|x|×)?(?=(?:,| and|, and) {_NUMBER})")
_SENTENCE_OWN = re.compile(
    r"(?<!\w)(?:we|our|ours|achiev\w*|outperform\w*|improv\w*|result\w*|experiment\w*|"
    r"evaluat\w*|demonstrat\w*|show\w*|reduc\w*|reach\w*|yield\w*|attain\w*|surpass\w*|"
    r"deliver\w*|enabl\w*|obtain\w*|speed\w*|increas\w*|boost\w*|using only|saves?)(?!\w)",
    re.IGNORECASE,
)


@dataclass(slots=True, frozen=True)
class Claim:
    """One value as found in the view, before it is linked to entities."""

    value: str
    unit: str | None
    metric: str
    start: int
    end: int
    quote: tuple[int, int]
    higher_is_better: bool | None
    baseline: str | None = None


def claims(document: Document, own_start: int) -> list[Claim]:
    """Find the quantitative claims of the abstract from where the paper speaks of itself."""
    view = document.view
    found: list[Claim] = []
    for index, begin in enumerate(document.sentences):
        if begin < max(own_start, document.split):
            continue
        stop = document.sentences[index + 1] if index + 1 < len(document.sentences) else len(view)
        if _DIGIT.search(view, begin, stop):
            found += _sentence(view, begin, stop)
    return found


def _sentence(view: str, begin: int, stop: int) -> list[Claim]:
    found: list[Claim] = []
    taken: list[tuple[int, int]] = []
    if not _SENTENCE_OWN.search(view, begin, stop):
        return []
    for match in _FROM_TO.finditer(view, begin, stop):
        if _SKIP_AFTER.match(view, match.end()) or (
            match["unit"] is None and not _metric_near(view, begin, match.start())
        ):
            taken.append((match.start(), match.end()))
            continue
        taken.append((match.start(), match.end()))
        base = match["base"] + (match["bunit"] or match["unit"] or "")
        found.append(
            _claim(view, begin, stop, match.start("value"), match.end(), match["value"], match["unit"], base)
        )
    for match in _VALUE.finditer(view, begin, stop):
        start, end = match.start(), match.end()
        if any(s < end and start < e for s, e in taken):
            continue
        unit = match["unit"] or match["lowunit"]
        number = match["value"]
        if unit is None:
            unit = _shared_unit(view, end, stop)
            if unit is None and not _plain_score(view, begin, start, end, stop, number):
                continue
        if _SKIP_AFTER.match(view, end) and unit not in ("%",):
            continue
        if unit == "%" and _percent_of_design(view, start, end, stop):
            continue
        if not _GAIN.search(view, max(begin, start - 120), min(stop, end + 60)):
            continue
        value = (match["low"] + "-" if match["low"] else "") + number
        found.append(_claim(view, begin, stop, start, end, value, unit, None))
        taken.append((start, end))
    return found


def _metric_near(view: str, begin: int, at: int) -> bool:
    return _METRIC.search(view, max(begin, at - 80), at) is not None


_AFTER_UNIT = re.compile(rf"(?:(?:,|,? and|,? or|/) {_NUMBER}(?=(?P<u>%|x|×| points?| times)?))+")


def _shared_unit(view: str, end: int, stop: int) -> str | None:
    """ "5.6 and 22.7 points": the unit may stand once, after the last of a list."""
    match = re.compile(
        rf"(?:(?:,|,? and|,? or) {_NUMBER})+ ?(%|x(?!\w)|×|(?:accuracy |percentage )?points?|times(?!\w))"
    ).match(view, end, stop)
    return match[1] if match else None


_SCORE_BEFORE = re.compile(
    r"(?:accuracy|score|scores|F1|BLEU|ROUGE(?:-\w+)?|mAP|AUC|AUROC|FID|PSNR|SSIM|pass@\d+|"
    r"Pass@\d+|perplexity|correlation|rate|TM-Score|IoU|mIoU|Elo|"
    r"recall|precision|performance|SR|EM|MAE|RMSE|MSE|WER|CER|NDCG(?:@\d+)?|margin|factor|"
    r"coefficient|average|R2|kappa|loss|ratio)"
    r"(?: \([\w@ -]+\))?(?: (?:score|value)s?)?(?: (?:of|by|to|at|is|=|reaches|reaching|was|"
    r"as|up|high|low|only|about|around|a|an|over|than|over|nearly|almost|impressive|"
    r"remarkable|approximately|exceeding|above|below)){1,4} $"
)
_SCORE_AFTER = re.compile(
    r" (?:on|for|in) (?:the )?[A-Z]|-point| (?:average )?(?:PPL|perplexity|BLEU|F1|accuracy|"
    r"mAP|FID|score|dB|AUC)"
)


def _plain_score(view: str, begin: int, start: int, end: int, stop: int, number: str) -> bool:
    if _SCORE_BEFORE.search(view, max(begin, start - 70), start):
        return "." in number or float(number.replace(",", "")) < 2000
    return "." in number and _SCORE_AFTER.match(view, end, stop) is not None


_DESIGN = re.compile(
    r" (?:sparsity|pruning ratio|of (?:the )?(?:people|respondents|users|participants|papers))"
)


def _percent_of_design(view: str, start: int, end: int, stop: int) -> bool:
    return _DESIGN.match(view, end, stop) is not None


def _claim(
    view: str, begin: int, stop: int, start: int, end: int, value: str, unit: str | None, baseline: str | None
) -> Claim:
    metric = _metric(view, begin, stop, start, end)
    better = None
    if metric:
        reduced = _REDUCED.search(view, max(begin, start - 60), min(stop, end + 30)) is not None
        better = not (_LOWER.search(metric) and not reduced)
    return Claim(
        value, unit, metric or "score", start, end, _quote(view, begin, stop, start, end), better, baseline
    )


_LEADING = re.compile(
    r"^(?:(?:and|or|the|it|we|which|this|that|an?|where|with|of|in|its|our|by|to|for|on|as|is|at|than|from|an|"
    r"average|up|only|relative|"
    r"achiev\w+|improv(?:es|ed|ing)|reduc(?:es|ed|ing)|obtain\w+|reach\w+|attain\w+|show\w*|"
    r"significant\w*) )+",
    re.IGNORECASE,
)


def _metric(view: str, begin: int, stop: int, start: int, end: int) -> str:
    after = _METRIC.search(view, end, min(stop, end + 45))
    if after and not re.search(r"[,;]|\d| and | on | over | by ", view[end : after.start(1)]):
        return _LEADING.sub("", after[1].strip())
    before = [match[1] for match in _METRIC.finditer(view, max(begin, start - 90), start)]
    if before:
        return _LEADING.sub("", before[-1].strip())
    return _LEADING.sub("", after[1].strip()) if after else ""


def _quote(view: str, begin: int, stop: int, start: int, end: int) -> tuple[int, int]:
    """At most fifteen words around the value, within its sentence."""
    left = start
    for _ in range(6):
        cut = view.rfind(" ", begin, max(begin, left - 1))
        if cut < 0:
            left = begin
            break
        if view[cut - 1 : cut] in ";":
            break
        left = cut + 1
    right = end
    for _ in range(6):
        cut = view.find(" ", right + 1, stop)
        if cut < 0:
            right = stop
            break
        right = cut
        if view[cut - 1] in ",;":
            break
    while right > end and view[right - 1] in " .,;:":
        right -= 1
    while left < start and view[left] in " ,;":
        left += 1
    return left, right
