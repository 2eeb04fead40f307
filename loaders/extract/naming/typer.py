"""Method, model or benchmark: what a thing is that a paper presents under a name no lexicon knows.

A linear model weighs what :mod:`.kinds` reads beside the name, the name's own ending, and words of a closed list in
the title, in the sentences that name it, and after "our". ``scripts/train_typer.py`` trains it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..text import Document, last_word
from ..words import word_set
from .kinds import by_name, kind_of_head

LABELS = ("Method", "Model", "Benchmark")

_CONCEPTS = """
benchmark: benchmark benchmarks benchmarking leaderboard testbed testset
dataset: dataset datasets corpus corpora collection database data
suite: suite challenge exam arena environment environments simulator
item: samples examples instances questions items annotations annotated images videos pairs prompts trajectories
item: queries problems documents dialogues conversations clips hours images tokens papers
scenario: scenarios categories domains dimensions subtasks types languages disciplines subjects levels difficulty
count: thousand hundreds diverse expert-annotated human-annotated human-curated high-quality large-scale curated
assess: evaluate evaluates evaluating evaluation evaluations assess assesses assessing assessment measure measures
assess: measuring test
assess: tests testing probe probes metric metrics judge score scores scoring diagnose diagnosing diagnostic
reveal: reveal reveals revealing struggle struggles expose exposes shortcomings gap gaps failures remain
contain: contains comprises comprising containing consists consisting covers covering spans spanning encompasses
contain: encompassing features featuring includes including
model: model models llm llms mllm mllms vlm vlms lvlm lmm vla lm lms checkpoint checkpoints
family: family series variants sizes weights
foundation: foundation pretrained pre-trained base generalist generative billion open-source open-sourced multilingual
params: parameters parameter-size params activated
trained: trained trains train training fine-tuned finetuned tuned
ability: capable capabilities understands generates generation supports comparable competitive rivaling
framework: framework frameworks pipeline pipelines paradigm recipe workflow
method: method methods approach approaches technique techniques algorithm algorithms strategy strategies scheme
mechanism: mechanism module modules attention loss objective regularization optimizer optimization sampling decoding
system: system systems toolkit library platform engine agent agents infrastructure tool
architecture: architecture architectures network networks backbone transformer transformers block blocks layer
compress: quantization pruning compression distillation sparsity cache memory efficient efficiency acceleration
learn: learning reinforcement tuning fine-tuning finetuning adaptation alignment editing merging
free: training-free plug-and-play tuning-free without
win: outperforms outperform surpasses surpassing achieves achieve attains exceeding state-of-the-art
gain: improves improve improving reduces reduce reducing accelerates accelerate speedup enhances enhance boosts faster
act: leverages leveraging integrates integrating combines combining employs employing uses using utilizes incorporates
act: introduces decomposes dynamically adaptively selects enables enabling allows
via: via through by with
for: for towards toward
report: report technical roadmap
world: world video image 3d robot speech audio diffusion reward
"""
_CONCEPT: dict[str, str] = {}
for _line in _CONCEPTS.strip().splitlines():
    _name, _words = _line.split(": ")
    for _word in _words.split():
        _CONCEPT.setdefault(_word, _name)
_CONCEPT_WORDS = frozenset(_CONCEPT)


def concept(word: str) -> str:
    """Return what a word of the closed list stands for, or nothing."""
    return _CONCEPT.get(word, "")


_WORDS = re.compile(r"[a-z0-9][a-z0-9-]*")
_AFTER = re.compile(
    r"[\"']?(?: \([^()]{1,60}\))?(,? (?:and |also |further |is |are |an? |the |which |that )*|'s |: )([a-z][\w-]*)"
)
_DETERMINERS = {"our": "our", "ours": "our", "this": "our", "these": "our", "the": "t", "a": "a", "an": "a"}
_NOVEL = frozenset(["proposed", "new", "novel", "resulting"])
_NOUNS = word_set("""
model models llm llms mllm mllms vlm vlms benchmark benchmarks dataset datasets corpus method methods approach
framework algorithm technique system pipeline strategy architecture mechanism evaluation evaluations
""")
_COUNTED = word_set("""
samples questions tasks instances examples pairs images videos problems prompts queries hours scenarios
trajectories tokens conversations annotations items documents
""")
_STRIPPED = ".,;:()\"'[]!?*"
_SIZED = re.compile(r"[- ]?\(?\d+(?:\.\d+)?[BM](?!\w)")
_SIZE = re.compile(r"\(?\d+(?:\.\d+)?[BbMm](?:-param\w*)?\)?")
_FAMILY = re.compile(
    r"(?:Qwen|L[Ll]a[Mm][Aa]|GPT|Gemma|Phi|Mistral|DeepSeek|InternVL|InternLM|Yi|Falcon|Yuan|Baichuan|MiniCPM|GLM|LLaVA|"
    r"Gemini|Pythia|OPT|BERT|T5|ViT|SAM|CLIP|Whisper|Stable)(?![a-z])"
)
_VERSION = re.compile(r"[- ]?[vV]?\d+(?:\.\d+)+(?!\w)| \d+(?:\.\d+)*$")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]+|[a-z]+|\d+")
_PIECES = word_set("""
bench eval qa data set corpus arena net former gpt lm llm vlm mllm bert llama clip diff diffusion gen vid video
image world agent rag lora po rl kv quant prune mamba attention attn moe mo nas gs nerf serve edit flow spec route
router train tune judge reward guard coder math chat code omni vl vla mini base instruct dit sam wiki gym test suite
law loss score tree graph mem memory cache reason think cot search planner mix merge distill align dpo grpo opt
adapt adapter net nets vit tts asr ocr robot policy embed model models decoding learning tuning optimization
framework network transformer token tokens tokenizer sparse linear zero self auto open deep fast meta uni multi
super hyper flash tiny nano light
""")


def concepts(text: str) -> set[str]:
    """Return what the words of a lower-case text stand for."""
    words = set(text.split())
    words.update([word.strip(_STRIPPED) for word in words if not word.isalpha()])
    return {_CONCEPT[word] for word in words & _CONCEPT_WORDS}


Beside = Mapping[tuple[int, int], list[tuple[str, float]]]
"""For each place of a name what :func:`~.kinds.by_place` reads beside it."""


def features(
    document: Document,
    name: str,
    shape: str,
    places: list[tuple[int, int]],
    beside: Beside,
    heads: Iterable[str],
    rules: Iterable[str],
) -> list[str]:
    """Name everything that speaks for one kind or the other.

    Parameters
    ----------
    name, shape
        The name and the shape of its letters.
    places, beside
        Where the text names it, and what stands there beside it.
    heads
        The nouns by which its introductions call it.
    rules
        The rules that found it.
    """
    found = {f"shape={shape}", f"places={min(len(places), 4)}"}
    found.update(f"rule={rule}" for rule in rules)
    for head in heads:
        kind = kind_of_head(head)
        if kind:
            found.add(f"head={kind}")
            if head in _CONCEPT:
                found.add(f"head~{_CONCEPT[head]}")
    _of_name(name, found)
    _of_title(document, places, found)
    _of_places(document, places, beside, found)
    return sorted(found)


def of_document(document: Document) -> list[str]:
    """Name what speaks for one kind or the other wherever it stands in the abstract."""
    found: set[str] = set()
    words = document.lower[document.split :].split()
    telling = [i for i, word in enumerate(words) if word in _DETERMINERS or not word[0].isalpha()]
    for index in telling:
        word = words[index]
        if (whose := _DETERMINERS.get(word)) is not None:
            after = words[index + 1 : index + 5]
            while after and after[0] in _NOVEL:
                del after[0]
            for noun in after[: 3 if whose == "our" else 1]:
                noun = noun.strip(_STRIPPED)  # noqa: PLW2901
                if noun in _NOUNS:
                    found.add(f"{whose}~{_CONCEPT[noun]}")
                    break
        elif word[0].isdigit() or word[0] == "(":
            if _SIZE.fullmatch(word.rstrip(_STRIPPED)) or words[index + 1 : index + 3] == [
                "billion",
                "parameters",
            ]:
                found.add("size-somewhere")
            elif any(noun.strip(_STRIPPED) in _COUNTED for noun in words[index + 1 : index + 5]):
                found.add("items-counted")
    return sorted(found)


def scored(scores: Mapping[str, float]) -> list[str]:
    """Name what the rules counted for each kind."""
    found = []
    ranked = sorted(((scores.get(label, 0.0), label) for label in LABELS), reverse=True)
    for value, label in ranked:
        if value > 0:
            found.append(f"score={label}{min(int(value // 2), 4)}")
    if ranked[0][0] - ranked[1][0] >= 2:
        found.append(f"clear={ranked[0][1]}")
    return found


def _of_name(name: str, found: set[str]) -> None:
    ending = by_name(name, own=False)
    found.add(f"ending={ending[0] if ending else 'none'}")
    parts = [part.lower() for part in _PARTS.findall(name)]
    if parts:
        found.update(f"part={part}" for part in parts if part in _PIECES)
        if parts[-1] in _PIECES:
            found.add(f"last={parts[-1]}")
        if parts[-1].isdigit():
            found.add("last=digits")
    if _FAMILY.match(name):
        found.add("family-first")
    if _VERSION.search(name):
        found.add("versioned")
    if name.islower():
        found.add("lower")
    if " " in name:
        found.add("words")
        tail = name.rsplit(" ", 1)[-1].lower()
        if kind := kind_of_head(tail):
            found.add(f"tail={kind}")
        if tail in _CONCEPT:
            found.add(f"tail~{_CONCEPT[tail]}")


def _of_title(document: Document, places: list[tuple[int, int]], found: set[str]) -> None:
    split = document.split
    titled = next((place for place in places if place[0] < split), None)
    if titled is None:
        found.add("untitled")
        return
    found.add("title-first" if titled[0] < 2 else "title-later")
    rest = document.lower[titled[1] : split - 1]
    words = _WORDS.findall(rest)
    last = ""
    for word in words:
        meant = _CONCEPT.get(word)
        if meant:
            found.add(f"title~{meant}")
        if (
            word in ("for", "via", "with", "in", "of", "through", "by", "using", "to", "on", "towards")
            and last
        ):
            found.add(f"title|{last}")
            last = ""
            if word in ("via", "with", "through", "by", "using"):
                break
        elif meant:
            last = meant
    if last:
        found.add(f"title|{last}")
    if words and words[0].endswith("ing"):
        found.add("title-ing")
    elif words and words[0] in ("a", "an", "the"):
        found.add("title-article")


def _of_places(document: Document, places: list[tuple[int, int]], beside: Beside, found: set[str]) -> None:
    view, low, split = document.view, document.lower, document.split
    read: set[int] = set()
    for start, end in places:
        if start < split:
            continue
        for kind, weight in beside[start, end]:
            found.add(f"beside={kind}")
            found.add(f"beside={kind}{int(weight)}")
        if _SIZED.match(view, end):
            found.add("sized")
        after = _AFTER.match(view, end)
        if after:
            word = after[2]
            meant = _CONCEPT.get(word, "s" if word.endswith("s") else "")
            if meant:
                found.add(f"after~{meant}")
        before = view[max(0, start - 24) : start].rstrip("\"'(")
        if before[-1:] == " ":
            word = last_word(before[:-1].removesuffix(",")).lower()
            if word in _PREVIOUS:
                found.add(f"before={word}")
            elif word in _CONCEPT:
                found.add(f"before~{_CONCEPT[word]}")
        begin, stop = document.sentence(start)
        if begin in read:
            continue
        read.add(begin)
        zone = "first" if len(read) == 1 else "later"
        found.update([f"{zone}~{sense}" for sense in concepts(low[begin:stop])])


_PREVIOUS = word_set("""
on in of with by using called named dubbed termed as and propose introduce present develop release build
construct introducing the our train from to for design create curate namely that via evaluate through
""")
