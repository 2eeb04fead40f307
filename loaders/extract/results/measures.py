"""What numbers measure: heads of metric names with their direction, and words of change.

A metric is named by the noun the number belongs to ("memory", "win rate", "FID") and, where the number says by how
much it changed, by the change: "memory reduction", "accuracy improvement", "inference speedup".
"""

from __future__ import annotations

from ..words import word_set

HIGHER = word_set("""
accuracy accuracies throughput throughputs f1 f1-score micro-f1 macro-f1 score scores bleu sacrebleu chrf rouge
rouge-1 rouge-2 rouge-l rougel meteor cider bertscore comet map miou iou dice auc auroc auprc psnr ssim recall
precision specificity sensitivity ap em ndcg mrr correlation correlations efficiency efficiencies quality
performance performances utilization mfu agreement success reward rewards return returns elo ranking kappa r2
coefficient tm-score plddt faithfulness robustness sparsity parallelism bandwidth goodput acceptance sr osr dsc
pck hv speed speeds fps yield coverage consistency compression similarity fidelity validity diversity alignment
clip-score clipscore vbench geneval dpg hpsv2 top-1 top-5 psnrs proficiency capability adherence
productivity capacity detection auc-roc pr-auc rate rates ratio ratios win-rate tie-rate solve-rate resolve-rate
tpr mcc ari nmi faithfulness factuality generalization scalability winrate winrates density safety helpfulness
novelty
""")
LOWER = word_set("""
latency latencies perplexity perplexities ppl ppls memory footprint footprints vram flops flop gflops macs tflops
parameters parameter params time times runtime runtimes cost costs error errors loss losses fid rfid gfid fvd kid
lpips wer cer mae mse rmse nrmse fad overhead overheads energy power consumption complexity compute computation
computations size sizes storage delay ttft tpot distortion distance divergence perturbation regret toxicity
hallucination hallucinations bias variance carbon emissions steps nfe nfes tokens calls queries samples data eer
der tokens traffic communication fpr fnr far frr asr interference requirements requirement hours budget gap drift
bpb bpp bits-per-byte jitter forgetting usage usages expenses epochs iterations workload
bytes labels annotations demonstrations interventions weights activations
""")
NEUTRAL = word_set("difference differences length lengths window context factor")
"""Heads without a direction of their own."""

WEAK = word_set("""
size sizes data tokens samples steps calls queries labels annotations demonstrations iterations epochs weights
activations bytes hours budget parameter parameters params compute computation capacity capability bias variance
distance detection alignment generalization coverage context window length lengths factor time times density return
returns training sparsity speed loss quality scalability safety diversity forgetting complexity communication
""")
"""Heads that name a metric only where the number is right beside them."""


def _each(**forms: str) -> dict[str, str]:
    return {word: name for name, words in forms.items() for word in words.split()}


CHANGES = _each(
    improvement="improvement improvements gain gains boost boosts uplift enhancement enhancements increment lift",
    increase="increase increases rise",
    reduction="reduction reductions decrease decreases decrement saving savings cut cuts",
    drop="drop drops degradation degradations decline deterioration",
    speedup="speedup speedups speed-up speed-ups acceleration accelerations speeding",
    margin="margin margins advantage",
)
"""Nouns that say that and how something changed."""

COMPARATIVES = _each(
    reduction="fewer less lower reduced smaller shorter tighter cheaper",
    improvement="higher greater more increased improved better stronger larger longer",
    speedup="faster quicker speedier accelerated",
)
"""Adjectives between a number and what it counts: "39% fewer parameters", "26x cheaper"."""

ALONE = {
    "smaller": "size reduction", "cheaper": "cost reduction", "faster": "speedup", "quicker": "speedup",
    "shorter": "length reduction", "longer": "length increase", "larger": "size increase", "less": "reduction",
    "fewer": "reduction", "lower": "reduction", "better": "improvement", "higher": "improvement",
    "more": "increase", "greater": "improvement", "stronger": "improvement",
}  # fmt: skip
"""What a comparative means that no noun follows: "32x smaller"."""

ADJECTIVES = {
    "efficient": "efficiency", "accurate": "accuracy", "compact": "compression", "expensive": "cost",
    "parameter-efficient": "parameter efficiency", "data-efficient": "data efficiency",
    "sample-efficient": "sample efficiency", "energy-efficient": "energy efficiency",
    "memory-efficient": "memory efficiency", "compute-efficient": "compute efficiency",
    "cost-effective": "cost efficiency", "cost-efficient": "cost efficiency", "fast": "speed",
    "token-efficient": "token efficiency", "robust": "robustness", "effective": "effectiveness",
}  # fmt: skip

_STEMS = {
    "reduction": "reduc decreas lower sav cut shrink slash trim minimiz minimis diminish alleviat mitigat",
    "compression": "compress",
    "drop": "drop fall fell declin degrad",
    "improvement": "improv enhanc boost rais lift elevat strengthen advanc gain",
    "increase": "increas grow climb ris enlarg widen extend expand",
    "speedup": "accelerat speed expedit",
    "beat": "outperform surpass exceed beat outpac outscor overtak lead",
}
_ENDINGS = ("", "e", "s", "es", "d", "ed", "ing", "ting", "ping", "n", "t")
VERBS = {
    stem + ending: change for change, stems in _STEMS.items() for stem in stems.split() for ending in _ENDINGS
} | {"rose": "increase", "fell": "drop", "beaten": "beat"}
for _noun in ("speed", "save", "lead", "led", "lowest", "gain", "cut", "drop", "leads", "leading"):
    VERBS.pop(_noun, None)
"""Verbs of change in the forms that occur, with the noun that names the change."""

UNITS = {
    "tokens/s": "throughput", "tokens/sec": "throughput", "tokens/second": "throughput", "tok/s": "throughput",
    "tokens per second": "throughput", "fps": "frame rate", "frames per second": "frame rate",
    "images/s": "throughput", "samples/s": "throughput", "ms": "latency", "seconds": "time", "s": "time",
    "gb": "memory", "mb": "memory", "kb": "memory", "bytes": "storage", "mj": "energy", "j": "energy",
    "bleu": "BLEU", "ppl": "perplexity", "tflops": "compute", "gflops": "compute", "tops/w": "energy efficiency",
    "db": "PSNR", "x": "improvement", "times": "improvement", "fold": "improvement",
    "points": "improvement", "pp": "improvement",
}  # fmt: skip
"""What a unit measures where the text has no noun for it."""


RELATIVE = ("%", "percent", "x", "×", "X", "times", "fold", "points", "point", "pp", "pts")
"""Units of a comparison or a share, which say nothing of what is measured."""


def direction_of(words: list[str]) -> bool | None:
    """Whether higher is better for the metric these lower-case words name; None where unknown.

    The last word of change decides over the noun it changes: more "latency reduction" is better.
    """
    base: bool | None = None
    for word in reversed(words):
        if word in HIGHER or word.startswith(("pass@", "hits@", "recall@", "ndcg@", "precision@", "acc@")):
            base = True
        elif word in LOWER or (base and word in _BAD_RATES):
            base = False
        if base is not None and word not in _RATES:
            break
    change = next((CHANGES[word] for word in reversed(words) if word in CHANGES), None)
    if change is None:
        return base
    if change == "reduction":
        return base is not True
    if change == "drop":
        return base is False
    if change == "increase":
        return base is not False
    return True


EFFICIENCY = word_set("""
speedup throughput throughputs latency latencies memory footprint vram flops flop macs parameters parameter params
time runtime cost costs overhead energy power consumption compute computation complexity storage size sizes
tokens token speed ttft tpot bandwidth compression calls steps budget hours rate
""")
"""What a number says of running a thing rather than of how well it does on a test."""

_RATES = ("rate", "rates", "ratio", "success", "score", "scores")
_BAD_RATES = word_set(
    "refusal rejection failure unfaithfulness miss dropout violation collision attack churn flip"
)


def is_head(word: str) -> bool:
    """Whether a lower-case word can be the head of a metric's name."""
    return (
        word in HIGHER
        or word in LOWER
        or word in CHANGES
        or word in NEUTRAL
        or (("@" in word) and word[-1:] in "0123456789kn" and word[:1].isalpha())
    )


def singular(word: str, *, counted: bool = False) -> str:
    """The singular of a metric's head: speedups, accuracies, scores.

    What is counted keeps its plural ("23% of the parameters") unless ``counted`` is set ("parameter reduction").
    """
    low = word.lower()
    if (low in WEAK and not counted) or low in ("flops", "gflops", "tflops", "macs", "params"):
        return word
    if low.endswith("ies") and is_head(low):
        return word[:-3] + "y"
    if low.endswith("s") and not low.endswith(("ss", "us", "is")) and is_head(low) and is_head(low[:-1]):
        return word[:-1]
    return word
