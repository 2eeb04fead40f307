"""Make-believe graphs that look like real ones: hubs and stragglers, quoted evidence, citations, a few islands."""

from __future__ import annotations

import random

from memory_store import MemoryStore

METHODS = (
    "LoRA QLoRA GPTQ AWQ SmoothQuant FlashAttention PagedAttention|speculative decoding|quantization|pruning|"
    "knowledge distillation|mixture of experts|KV-cache compression|chain-of-thought|RLHF|DPO|GRPO|RoPE|"
    "grouped-query attention|continuous batching|retrieval-augmented generation|prefix tuning|sparse attention"
)
MODELS = (
    "LLaMA|LLaMA 2|LLaMA 3|Qwen2.5|Qwen2|Mistral|Mixtral|GPT-3|GPT-4|OPT|BLOOM|Falcon|Gemma 2|Phi-3|T5|BERT|"
    "DeepSeek-V3|DeepSeek-R1|PaLM|Vicuna|CodeLlama|Mamba|RWKV|ViT|CLIP|Stable Diffusion"
)
BENCHMARKS = (
    "MMLU|GSM8K|HumanEval|MATH|HellaSwag|WikiText-2|C4|ARC|TruthfulQA|MT-Bench|BIG-bench|LongBench|ImageNet|"
    "COCO|SQuAD|GLUE|MBPP|AIME 2024|GPQA|SWE-bench|Needle in a Haystack|WinoGrande"
)
HARDWARE = (
    "A100|H100|V100|RTX 4090|RTX 3090|TPU v4|Jetson Orin|Raspberry Pi 5|Apple M2|MI300X|T4|Snapdragon 8"
)
WORDS = "Sparse Fast Tiny Deep Adaptive Streaming Recurrent Robust Elastic Latent Dual Dynamic Fused Lazy"
NOUNS = "Cache Former Quant Tune Router Decoder Prompt Kernel Draft Mixer Ranker Pruner Serve Bench"
AIMS = (
    "Efficient Inference of Large Language Models|Long-Context Reasoning on a Budget|Serving Language Models on "
    "Edge Devices|Post-Training Compression without Calibration Data|Scaling Test-Time Compute|Faster Decoding "
    "with Small Drafts|Instruction Tuning at Low Rank|Reliable Evaluation of Code Generation"
)
SENTENCES = {
    "PROPOSES": "We introduce {}, which needs no retraining and adds almost no overhead.",
    "USES": "Our pipeline applies {} to every layer of the network.",
    "BUILDS_ON": "The approach extends {} with a calibration step of a few minutes.",
    "COMPARED_WITH": "Compared with {}, it is up to 2.3x faster at equal quality.",
    "EVALUATED_ON": "On {} it improves accuracy by 4.1 points over the strongest baseline.",
    "RUNS_ON": "All experiments run on a single {}, without offloading.",
    "MENTIONS": "Recent systems such as {} have made the problem pressing.",
}


def _names(text: str) -> list[str]:
    head, _, rest = text.partition("|")
    return [*(head.split() if " " in head and "LoRA" in head else [head]), *rest.split("|")]


def _slug(name: str) -> str:
    return "".join(c if c.isalnum() or c == "." else "-" for c in name.lower())


def make_graph(size: int, seed: int = 7) -> MemoryStore:
    """Return a graph of about ``size`` papers, methods, models, benchmarks and hardware, and their authors."""
    dice = random.Random(seed)
    store = MemoryStore()
    store.add(
        "source:papers", "Source", "papers.jsonl", uri="/home/someone/secret/papers.jsonl", format="jsonl"
    )
    pools = {
        "Method": _names(METHODS),
        "Model": _names(MODELS),
        "Benchmark": _names(BENCHMARKS),
        "Hardware": _names(HARDWARE),
    }
    share = max(size // 60, 1)
    ids: dict[str, list[str]] = {}
    for label, names in pools.items():
        kept = names[: 4 + 2 * share] if size < 500 else names
        ids[label] = [store.add(f"{label.lower()}:{_slug(n)}", label, n).id for n in kept]
    for label, name in (("Organization", "Meta"), ("Organization", "NVIDIA"), ("Task", "question answering")):
        ids.setdefault(label, []).append(store.add(f"{label.lower()}:{_slug(name)}", label, name).id)
    for model in ids["Model"][:3]:
        store.link(model, "DEVELOPED_BY", "organization:meta")
    for device in ids["Hardware"][:3]:
        store.link(device, "MADE_BY", "organization:nvidia")
    for benchmark in ids["Benchmark"][:4]:
        store.link(benchmark, "MEASURES", "task:question-answering")
    words, nouns, aims = WORDS.split(), NOUNS.split(), AIMS.split("|")
    papers: list[str] = []
    made = 0
    while len(store._nodes) - made // 4 < size:
        made += 1
        new = f"{dice.choice(words)}{dice.choice(nouns)}"
        proposes = dice.random() < 0.45 and f"method:{_slug(new)}" not in store._nodes
        chosen = _choose(dice, ids, lonely=made % 23 == 0)
        named = [(relation, store._nodes[node].name) for relation, node in chosen]
        told = ([("PROPOSES", new)] if proposes else []) + named
        title = f"{new}: {dice.choice(aims)}"
        abstract = " ".join(SENTENCES[relation].format(name) for relation, name in told) or "A short note."
        paper = store.add(
            f"arxiv:{2000 + made % 500}.{10000 + made}",
            "Paper",
            title,
            abstract=abstract,
            year=2018 + made % 8,
            arxiv_id=f"{2000 + made % 500}.{10000 + made}",
        ).id
        store.link(paper, "FROM", "source:papers")
        if made % 4 == 0:
            author = store.add(f"author:writer-{made}", "Author", f"Writer Number {made}").id
            store.link(paper, "AUTHORED_BY", author, position=1)
        if proposes:
            method = store.add(f"method:{_slug(new)}", "Method", new, aliases=[f"{new}++"]).id
            store.quote(paper, "PROPOSES", method, new)
            for relation, node in chosen:
                if relation == "EVALUATED_ON":
                    store.link(method, relation, node, inferred=True, papers=[paper])
        for relation, node in chosen:
            sizes = {"sizes": ["7B", "70B"]} if node.startswith("model:") and relation == "USES" else {}
            store.quote(paper, relation, node, store._nodes[node].name, **sizes)
        for cited in dice.sample(papers, min(len(papers), dice.choice([0, 0, 1, 2]))) if chosen else ():
            store.link(paper, "CITES", cited, sources=["papers.jsonl"])
        papers.append(paper)
    return store


def _choose(dice: random.Random, ids: dict[str, list[str]], lonely: bool) -> list[tuple[str, str]]:
    """Pick what a paper is about, the well-known far more often than the rest."""
    if lonely:
        return []
    relations = {
        "Method": ("USES", "BUILDS_ON", "COMPARED_WITH", "MENTIONS"),
        "Model": ("USES", "USES", "COMPARED_WITH"),
        "Benchmark": ("EVALUATED_ON",),
        "Hardware": ("RUNS_ON",),
    }
    chosen: dict[str, str] = {}
    for label, most in (("Method", 2), ("Model", 2), ("Benchmark", 2), ("Hardware", 1)):
        for _ in range(dice.randint(0, most)):
            pool = ids[label]
            node = pool[min(int(dice.paretovariate(0.9)) - 1, len(pool) - 1)]
            chosen.setdefault(node, dice.choice(relations[label]))
    return [(relation, node) for node, relation in chosen.items()]
