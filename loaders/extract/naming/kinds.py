"""Method, model, benchmark or device: what a name no lexicon knows is.

Evidence is counted over all places of the name: the noun beside it, the apposition that explains it, the ending of
the name itself, and the company it keeps.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..text import last_word
from ..words import BENCHMARK_HEADS, BREAKS, HARDWARE_HEADS, METHOD_HEADS, MODEL_HEADS

_BENCHMARK_ENDING = re.compile(
    r"(?:[Bb]ench(?:mark)?|BENCH|Eval|EVAL|QA|Corpus|Dataset|Arena|Leaderboard|Collection|WebText|Set|Wiki|"
    r"Exam|Testbed|Gym|World|Olympiad|NLI|SQA|Pedia|Suite|Challenge|Crawl|Instruct-?\d+[kKM]|-\d+[kKM])"
    r"(?:[- ]?(?:\d[\w.]*|[A-Z]{1,3}|Pro|Hard|Verified|Lite|Mini|Plus|v\d|[a-z]{2}))?\+*$"
)
_MODEL_ENDING = re.compile(
    r"(?:LM|LLM|MLLM|VLM|LMM|GPT|BERT|L[Ll]a[Mm][Aa]|LLaVA|Llama|CLIP|BLIP|Qwen|VLA|T5|"
    r"Diffusion|Chat|Coder|Gemma|Mistral|"
    r"Instruct|-VL|-Omni|Phi|Vicuna|-Math|-Base|-mini|Alpaca|Gen-\d|DiT|SAM|VL)(?:[- ]?v?\d[\w.]*)?\+*s?$"
)
_SIZE_ENDING = re.compile(
    r"-(?:XXL|XL|L|B|S|H|G|Base|Large|Small|Tiny|Huge|base|large|small|tiny|huge)(?:/\d+)?$"
)
_METHOD_ENDING = re.compile(
    r"(?:[Ff]ormer|Net|NET|Attention|Attn|RAG|LoRA|PO|RL|CoT|ToT|Mamba|KV|Quant|Prune|Pruner|"
    r"Optimizer|Opt|Flow|Agent|"
    r"Decoding|Cache|Search|Tuning|Tune|Training|Train|Prompt|MoE|NAS|PTQ|QAT|SFT|DPO|GRPO|"
    r"Adapter|Merge|Merging|GAN|"
    r"VAE|NeRF|Splat|GS|Serve|Infer|Edit|Loss|Adam|AdamW|Spec|Router|Distill|Kit|Lib|Flow|"
    r"Norm|Embed|Mem|Reward|"
    r"Sparse|Linear|Token|Tokenizer|Sampling|Guidance|Control|CNN|RNN|GNN|SSM|NTK|Unlearn|"
    r"Align|Guard|Shield|Judge)s?"
    r"(?:[- ]?v?\d[\w.]*)?\+*$"
)
_FAMILY_BEGINNING = re.compile(
    r"(?:Qwen|LLaMA|Llama|GPT|Gemma|Gemini|Mistral|Mixtral|DeepSeek|InternVL|InternLM|LLaVA|Skywork|Hunyuan|HY|Phi|"
    r"GLM|ChatGLM|Kimi|MiniCPM|MiniMax|OLMo|Falcon|Baichuan|Claude|Grok|ERNIE|RoBERTa|Vicuna|EXAONE|Nemotron|Granite|"
    r"StarCoder|CodeLlama|Pythia|Wan|FLUX|Cosmos|Whisper|Seed|Doubao|Pangu|PanGu|Step|Ling|Ring|MiMo)"
    r"[\d.]*-(?!(?:[Bb]ased|[Bb]ench|[Ee]val))(?=[A-Z\d])"
)
_APPOSITION = re.compile(
    r"[\"'*)]{0,3}(?: ?\([^()]{1,60}\))?(?:,|,? (?:is|are|as|was)|:| -+|-(?=an? )|, which is|, i\.e\.,) ?(?:also |"
    r"simply |now )?(?:an?|the|our|two|three|one of the|its|another) "
)
_WORD = re.compile(r"[A-Za-z][\w'-]*|\d[\w-]*[A-Za-z][\w-]*")
_NEXT = re.compile(
    r"['\"]? ?(?:\([^()]{1,40}\) )?(?:'s )?([A-Za-z][\w-]*)(?: ([A-Za-z][\w-]*))?(?: ([A-Za-z][\w-]*))?"
)
_SIZED = re.compile(r"-?\d+(?:\.\d+)?(?:x\d+(?:\.\d+)?)?[BM](?!\w)| \(\d+(?:\.\d+)?B\)")
_SUCH_AS = re.compile(r"([A-Za-z-]+),? (?:such as|like|including|namely|e\.g\.,?),? (?:the )?$")
_QUOTES = ("'", '"')
_EXAMPLE = ("as ", "ke ", "ng ", "g. ", "., ", "ly ", "he ")
_SCORED_ON = re.compile(
    r"(?:\d ?%?|(?<!\w)(?:accuracy|scores?|F1|success(?: rate)?|mAP|mIoU|AP|AUC|AUROC|FID|PSNR|perplexity|"
    r"performance|results|correlations?|improvements?|gains?|SR|Pass@1|pass@1)| [\d.]+ ?%? [A-Z]{2,5}) on (?:the )?$"
)
_HOLDS = re.compile(
    r"(?: \([^()]{1,40}\))?(?:,? (?:which |that )?(?:compris\w+|contain\w*|consist\w* of|"
    r"featur\w+|span\w+|totall?ing|"
    r"encompass\w*|cover\w*|includ\w+|with|has|provides|providing)|, a(?:n|) [\w -]{0,40} of) "
    r"(?:over |more than |about |approximately |nearly |around |roughly |a total of |some )?"
    r"(?:\d{3,}|\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?(?:[KkM]| million| thousand| hundred))\+? "
    r"(?!(?:[\w-]+ )?(?:param|expert|layer|step|GPU|fps|FPS|times|ms|dimension|neuron|head|agent)|[x×%])[\w-]+"
)
"""How many of whatever a name holds: hundreds of anything but parameters are data."""
_OF_TASK = re.compile(
    r"(?<!\w)(?:two|three|four|five|six|seven|eight|nine|ten|\d+|several|multiple|various|many|diverse|existing|"
    r"popular|standard|common|public|downstream|challenging|different) $"
)
_TASK_DATA = re.compile(r" (?:benchmarks|datasets)(?!\w)")
_MEASURED = re.compile(
    r" (?:[a-z\d-]+ )?(?:accuracy|mIoU|mAP|AP|F1|pass@1|Pass@1|success rate) (?:of|from|to|by) "
    r"(?:about |over |~)?\d"
)
_CHECKPOINT = re.compile(r"(?:'s)? (?:model )?(?:checkpoints?|weights)(?!\w)")
_TAKEN = re.compile(
    r"(?<!\w)(?:[Pp]re-?trained|[Ii]nitiali[sz]ed (?:from|with)|[Ff]ine-?tuned from|[Dd]istilled from) (?:the )?$"
)
_TAKEN_ENDS = ("ed ", "om ", "th ", "he ")
_CLOSED = re.compile(
    r"(?<!\w)(?:closed|[Cc]losed-source|[Pp]roprietary|[Cc]ommercial) (?:[\w-]+ ){0,2}"
    r"(?:systems|solutions|APIs|products|generators)(?:,? (?:such as|like|including|e\.g\.,?)| \(e\.g\.,?| \() ?"
    r"(?:[A-Z][\w.+-]*(?: (?!and )[\w.+-]+){0,2}(?:,? and |, ))*$"
)
_COUNTED = re.compile(
    r"(?: ?\([^()]{1,40}\))?,? (?:and |which |that |is |a )?(?:compris(?:ing|es)(?: of)?|contain(?:ing|s)?|featuring|"
    r"consist(?:ing|s) of|cover(?:s|ing)|span(?:s|ning)|with|of|includ(?:es|ing)|encompass(?:es|ing)) "
    r"(?:over |more than |about |around |approximately |nearly |up to |a total of |roughly )?"
    r"\d[\d,.]*[KkMB]?\+? (?:[\w-]+ ){0,3}?(?:samples|questions|tasks|instances|examples|pairs|images|videos|"
    r"problems|prompts|queries|hours|scenarios|trajectories|conversations|annotations|items|documents|environments|"
    r"dialogues|clips|scenes|papers|issues)(?!\w)"
)
"""What only data consists of: "NAME, comprising 900 questions"."""
_AND_OTHER = re.compile(
    r",? (?:and|or) (?:(?:[a-z]+ )?other|two|three|four|five|six|seven|several|\d+)(?: [a-z-]+){0,2}? ([a-z]+s)(?!\w)"
)
_MEASURING = frozenset(["evaluation", "benchmark", "benchmarking", "assessment", "testing"])
_OF = frozenset(
    [
        "family",
        "suite",
        "series",
        "set",
        "collection",
        "class",
        "group",
        "pair",
        "line",
        "prototype",
        "mixture",
    ]
)


_DOING = frozenset(
    ["ranging", "aggregating", "totaling", "totalling", "operating", "leveraging", "suitable", "grounded"]
)
_NAMING = frozenset(["model", "benchmark", "dataset", "benchmarks", "datasets", "accelerators"])
"""What a name follows that is of that kind: "prior accelerators A and B"."""
_NO_MODELS = frozenset(
    ["programming", "computational", "computation", "cost", "threat", "mental", "mathematical"]
)
"""What is said before a model that nobody trained."""

_KIND_OF_HEAD = {
    head: kind
    for kind, heads in (
        ("Hardware", HARDWARE_HEADS),
        ("Method", METHOD_HEADS),
        ("Model", MODEL_HEADS),
        ("Benchmark", BENCHMARK_HEADS),
    )
    for head in heads
}
"""Nouns with what is called so; of one noun in two lists the later kind wins."""


def kind_of_head(head: str) -> str | None:
    """Say what a thing is that is called a ``head``."""
    return _KIND_OF_HEAD.get(head)


@lru_cache(maxsize=1 << 14)
def by_name(name: str, own: bool) -> tuple[str, float] | None:
    """Read the ending of a name; what a paper calls its own SomethingLLM is as often a method."""
    if _BENCHMARK_ENDING.search(name):
        return "Benchmark", 3.0
    if _SIZE_ENDING.search(name):
        return "Model", 3.0
    if _METHOD_ENDING.search(name):
        return "Method", 2.0
    if _MODEL_ENDING.search(name):
        return "Model", 0.5 if own and name.rstrip("s").endswith("LM") else 2.5
    if not own and _FAMILY_BEGINNING.match(name):
        return "Model", 2.0
    return None


def by_place(view: str, start: int, end: int) -> list[tuple[str, float]]:
    """Read the words around one place of a name."""
    found: list[tuple[str, float]] = []
    if _SIZED.match(view, end):
        found.append(("Model", 4.0))
    if (view[end : end + 1] in (" ", ",")) and _COUNTED.match(view, end):
        found.append(("Benchmark", 5.0))
    after = _APPOSITION.match(view, end)
    if after:
        head = noun_phrase_head(view, after.end())
        kind = kind_of_head(head)
        if kind:
            found.append((kind, 4.0))
    elif (follow := _NEXT.match(view, end)) and view[end : end + 1] in (" ", "-"):
        for position, word in enumerate(follow.groups()):
            if word is None:
                break
            low = word.lower()
            kind = kind_of_head(low)
            if kind:
                found.append((kind, 3.0 if position == 0 else 1.5))
                break
            if low in BREAKS or position == 2:
                break
    other = _AND_OTHER.match(view, end)
    if other and (kind := kind_of_head(other[1])):
        found.append((kind, 3.0))
    before = view[max(0, start - 30) : start]
    if before[-1:] in _QUOTES:
        before = before[:-1]
    if before[-1:] == " " and (kind := kind_of_head((word := last_word(before[:-1])).lower())):
        found.append((kind, 3.0 if word in _NAMING else 2.0))
    if _TASK_DATA.match(view, end) and _OF_TASK.search(view, max(0, start - 16), start):
        found = [(kind, weight) for kind, weight in found if kind != "Benchmark"]
    elif (_HOLDS.match(view, end) and ("Benchmark", 5.0) not in found) or (
        _MEASURED.match(view, end) and before.endswith((" a ", " an ", " the "))
    ):
        found.append(("Benchmark", 3.0))
    tail = view[start - 3 : start]
    if _CHECKPOINT.match(view, end) or (
        tail in _TAKEN_ENDS and _TAKEN.search(view, max(0, start - 24), start)
    ):
        found.append(("Model", 3.0))
    if (
        tail in ("on ", "he ")
        and "@" not in view[start:end]
        and _SCORED_ON.search(view, max(0, start - 30), start)
    ):
        found.append(("Benchmark", 3.0))
    if tail in _EXAMPLE:
        example = _SUCH_AS.search(view, max(0, start - 48), start)
        if example and (kind := kind_of_head(example[1].lower())):
            found.append((kind, 3.0))
    wide = view[max(0, start - 110) : start]
    if ("osed" in wide or "rietary " in wide or "mmercial " in wide) and _CLOSED.search(wide):
        found = [("Model", 6.0), *(pair for pair in found if pair[0] != "Method")]
    return found


def apposition_head(view: str, end: int) -> str:
    """Return the noun by which the text explains the name that ends there ("NAME, a HEAD that"), or nothing."""
    after = _APPOSITION.match(view, end)
    return noun_phrase_head(view, after.end()) if after else ""


def noun_phrase_head(view: str, at: int) -> str:
    """Return the last noun of the phrase that begins at ``at``; of "a family of models", models."""
    last = before = ""
    stop = min(len(view), at + 140)
    place = at
    count = 0
    while match := _WORD.match(view, place, stop):
        low = match[0].lower()
        if low == "of" and last in _OF and before not in BENCHMARK_HEADS:
            last = ""
        elif (
            (low.endswith("ed") or low in _DOING) and "-" not in low and kind_of_head(last) is not None
        ) or (low in BREAKS and not (low == "and" and count < 3 and kind_of_head(last) is None)):
            break
        elif (
            low in ("framework", "platform", "protocol", "environment", "toolkit", "pipeline")
            and last in _MEASURING
        ):
            last = "benchmark"
        elif low == "model" and last in _NO_MODELS:
            last = "paradigm"
        else:
            before, last = last, low
        count += 1
        place = match.end()
        if place >= stop:
            break
        if (
            view[place] == ","
            and count <= 4
            and kind_of_head(last) is None
            and view[place : place + 2] == ", "
        ):
            place += 2
            continue
        if view[place] != " ":
            if view.startswith(" (", place):
                break
            if view[place] == "/":
                place += 1
                continue
            break
        place += 1
    return last
