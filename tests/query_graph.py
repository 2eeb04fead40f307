"""A small graph with every kind of edge that questions are asked about; its sentences are made up for the tests."""

from __future__ import annotations

from memory_store import MemoryStore

LORA, QLORA, QUANT, STUDY, OTHER = (
    "arxiv:2106.09685", "arxiv:2305.14314", "arxiv:2401.00001", "arxiv:2402.00002", "title:aforgottenpaper",
)  # fmt: skip


def query_graph() -> MemoryStore:
    """Build the graph: LoRA, QLoRA on it, a quantization paper, a study without a method of its own, a stub."""
    graph = MemoryStore()
    graph.add("source:a", "Source", "papers.jsonl", uri="papers.jsonl", format="jsonl")
    graph.add("source:b", "Source", "page.txt", uri="page.txt", format="hf-page")
    graph.add(
        LORA, "Paper", "LoRA: Low-Rank Adaptation of Large Language Models",
        abstract="Full tuning is costly. We propose Low-Rank Adaptation, or LoRA. It works, e.g. on GPT-3.",
        year=2021, date="2021-06-17", arxiv_id="2106.09685", doi="10.5555/lora", former_ids=["title:lora"],
    )  # fmt: skip
    graph.add(
        QLORA, "Paper", "QLoRA: Efficient Finetuning of Quantized LLMs",
        abstract="We present QLoRA, which extends LoRA. It tunes LLaMA 2 70B on one A100. "
        "It is 2.5x faster than LoRA.",
        year=2023, date="2023-05-23", arxiv_id="2305.14314", url="https://example.org/qlora",
    )  # fmt: skip
    graph.add(
        QUANT, "Paper", "Tiny Bits",
        abstract="TinyBits is a quantization scheme for Llama-2-70B. A 3.1x speedup is seen on RTX 4090. "
        "We test on GSM8K and beat GPTQ.",
        year=2024, arxiv_id="2401.00001",
    )  # fmt: skip
    graph.add(
        STUDY, "Paper", "A Study of Rounding",
        abstract="We study quantization of LLaMA 2 7B. LoRA is named. GSM8K serves as test.",
        year=2024, date="2024-02-01", arxiv_id="2402.00002",
    )  # fmt: skip
    graph.add(OTHER, "Paper", "A Forgotten Paper", stub=True)
    for node_id, name, more in (
        ("method:lora", "LoRA", {"aliases": ["Low-Rank Adaptation"]}), ("method:qlora", "QLoRA", {}),
        ("method:gptq", "GPTQ", {}), ("method:tinybits", "TinyBits", {}),
        ("method:quantization", "quantization", {"generic": True}),
        ("method:post-training-quantization", "post-training quantization", {"generic": True}),
    ):  # fmt: skip
        graph.add(node_id, "Method", name, **more)
    graph.add("family:llama", "ModelFamily", "LLaMA")
    graph.add("model:llama", "Model", "LLaMA", family="LLaMA")
    graph.add("model:llama-2", "Model", "LLaMA 2", family="LLaMA", version="2", aliases=["Llama2"])
    graph.add("model:gpt-3", "Model", "GPT-3")
    graph.add("benchmark:gsm8k", "Benchmark", "GSM8K", kind="benchmark")
    graph.add("hardware:a100", "Hardware", "A100", kind="GPU")
    graph.add("hardware:rtx-4090", "Hardware", "RTX 4090", kind="GPU")
    graph.add("author:edward hu", "Author", "Edward Hu")
    graph.add("author:tim dettmers", "Author", "Tim Dettmers")
    graph.add(
        "result:1", "Result", "2.5x faster", metric="speed", value="2.5x", quote="2.5x faster than LoRA"
    )
    graph.add("result:2", "Result", "3.1x speedup", metric="speedup", value="3.1x", quote="A 3.1x speedup")

    for paper in (LORA, QLORA, QUANT):
        graph.link(paper, "FROM", "source:a")
    graph.link(STUDY, "FROM", "source:b")
    graph.link(LORA, "AUTHORED_BY", "author:edward hu", position=1)
    graph.link(QLORA, "AUTHORED_BY", "author:tim dettmers", position=1)
    graph.link(QLORA, "AUTHORED_BY", "author:edward hu", position=2)
    graph.link(
        QLORA, "CITES", LORA, sources=["source:a"], raw=["Hu et al. LoRA."], contexts=["We follow [1]."],
        intents=["extends"],
    )  # fmt: skip
    graph.link(QUANT, "CITES", LORA, sources=["source:a"])
    graph.link(QUANT, "CITES", OTHER, sources=["source:a"])

    graph.quote(LORA, "PROPOSES", "method:lora", "Low-Rank Adaptation", "LoRA")
    graph.quote(LORA, "USES", "model:gpt-3", "GPT-3")
    graph.quote(QLORA, "PROPOSES", "method:qlora", "QLoRA")
    graph.quote(QLORA, "BUILDS_ON", "method:lora", "LoRA. It")
    graph.quote(QLORA, "USES", "model:llama-2", "LLaMA 2 70B", sizes=["70B"])
    graph.quote(QLORA, "RUNS_ON", "hardware:a100", "A100", count=1)
    graph.quote(QUANT, "PROPOSES", "method:tinybits", "TinyBits")
    graph.quote(QUANT, "USES", "method:quantization", "quantization")
    graph.quote(QUANT, "COMPARED_WITH", "method:gptq", "GPTQ")
    graph.quote(QUANT, "BUILDS_ON", "model:llama-2", "Llama-2-70B", sizes=["70B"])
    graph.quote(QUANT, "RUNS_ON", "hardware:rtx-4090", "RTX 4090")
    graph.quote(QUANT, "EVALUATED_ON", "benchmark:gsm8k", "GSM8K")
    graph.quote(STUDY, "USES", "method:quantization", "quantization")
    graph.quote(STUDY, "MENTIONS", "method:lora", "LoRA")
    graph.quote(STUDY, "USES", "model:llama-2", "LLaMA 2 7B", sizes=["7B"])
    graph.quote(STUDY, "EVALUATED_ON", "benchmark:gsm8k", "GSM8K")
    graph.quote(QLORA, "REPORTS", "result:1", "2.5x faster than LoRA")
    graph.link("result:1", "OF", "method:qlora")
    graph.link("result:1", "AGAINST", "method:lora")
    graph.quote(QUANT, "REPORTS", "result:2", "A 3.1x speedup")
    graph.link("result:2", "RUNS_ON", "hardware:rtx-4090")

    graph.link("method:qlora", "BUILDS_ON", "method:lora", inferred=True, papers=[QLORA])
    graph.link("method:gptq", "KIND_OF", "method:post-training-quantization")
    graph.link("method:post-training-quantization", "KIND_OF", "method:quantization")
    graph.link("model:llama-2", "IN_FAMILY", "family:llama")
    graph.link("model:llama", "IN_FAMILY", "family:llama")
    return graph
