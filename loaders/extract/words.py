"""Word lists the rules share: the nouns that say what a thing is, and the names that are no entities."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """Read a set of words written as running text."""
    return frozenset(text.split())


_BENCHMARK = """benchmark benchmarks dataset datasets corpus corpora leaderboard leaderboards testbed testbeds suite
collection database treebank testset tests exam challenge competition arena dataset/benchmark data-set
benchmarking questionnaire environment environments"""
_MODEL = """model models llm llms lm lms mllm mllms vlm vlms lvlm lvlms slm slms chatbot chatbots checkpoint
checkpoints generalist lmm lmms vla vlas lrm lrms plm plms family foundation-model assistant dllm dlm
llvm llvms lvm lmm agentllm copilot base-model reasoner verifier verifiers embedder backbone"""
_METHOD = """method methods approach approaches framework frameworks algorithm algorithms technique techniques system
systems architecture architectures network networks module modules mechanism mechanisms strategy
strategies pipeline pipelines paradigm paradigms toolkit toolkits library libraries tool tools agent
agents scheme schemes procedure procedures engine loss losses objective objectives metric metrics
optimizer optimizers layer layers block blocks attention solution solutions representation
representations format formats kernel kernels compiler scheduler simulator platform protocol recipe
tokenizer tokenizers adapter adapters co-design codesign methodology plugin extension variant process
program service interface infrastructure design unit units operator operators encoder encoders decoder
autoencoder autoencoders transformer transformers optimization learning training tuning fine-tuning
finetuning decoding sampling search distillation quantization pruning regularization augmentation
prompting generation retrieval inference encoding embedding embeddings estimator classifier predictor
sampler planner rule rules theory law laws score index formulation policy memory cache routing router
gating merging editing alignment unlearning compression factorization decomposition initialization
normalization masking reparameterization parameterization workflow orchestrator runtime backend
implementation accelerator mixer head heads branch connector projector tokenization curriculum reward
rewards rectification controller wrapper simulation model-merging function functions heuristic penalty
test-time-training guidance scaling parallelism checkpointing offloading scheduling batching estimation
selection filtering exploration refinement rewriting correction verification reflection debate voting
ensembling ensemble fusion descent ascent flow flows diffusion gan network-architecture space codec
codebook renderer solver ranker retriever reranker judge evaluator annotator perturbation watermark
watermarking attack defense jailbreak"""

BENCHMARK_HEADS = word_set(_BENCHMARK)
MODEL_HEADS = word_set(_MODEL)
METHOD_HEADS = word_set(_METHOD)

HARDWARE_HEADS = word_set(
    """gpu gpus cpu cpus fpga fpgas tpu tpus npu npus chip chips processor processors board boards
supercomputer soc accelerators microcontroller microcontrollers device phone smartphone"""
)

TASK_HEADS = word_set("""
task tasks problem problems understanding comprehension recognition detection segmentation answering
summarization translation classification extraction processing intelligence science engineering ability
abilities capability hallucination hallucinations forgetting rate ratio error errors length distance
divergence accuracy precision score scores reality vision language languages speech research interface
interfaces units unit(s) settings setting people users laws question questions prediction gap area areas
domain domains time years information content analysis-based sciences device devices vehicles computer
computing robot robots robotics
""")
"""Last words of long forms that are tasks, fields or quantities."""

METHOD_WORDS = METHOD_HEADS | word_set("""
rank ranker chain tree graph adaptation thought thoughts experts mixture regression process machine
machines averaging annealing averaging clustering removal alignment instruct-tuning backpropagation
propagation sft rl dpo ppo grpo cot rag lora moe matching gradient gradients cloning splatting field
fields chain-of-thought bottleneck law reformulation fingerprinting sharing partitioning fusion
unification caching prefetching smoothing sparsity sparsification dropout interpolation steering probing
patching ablation lens concatenation reordering precision supervision calibration
""") - word_set("""system systems objective tool tools process space design""")
"""Last words of long forms and capitalised phrases that are methods."""

NO_NAMES = word_set("""
AI ML NLP NLU NLG CV DL LLM LLMs LM LMs MLLM MLLMs VLM VLMs LVLM LVLMs SLM SLMs LMM LMMs PLM PLMs VLA
VLAs LRM LRMs LLVM LLVMs AGI ASI AIGC GenAI SOTA SoTA SotA QA VQA IQA NER NLI ASR TTS OCR MT NMT IR RE IE KG
KGs KB KBs API APIs UI GUI GUIs CLI SDK IDE OS URL HTML CSS JSON XML YAML CSV PDF SQL HTTP REST RGB RGB-D
RGBD 2D 3D 4D 1D 2-D 3-D 6D 6DoF DoF FLOP FLOPs FLOPS GFLOPs TFLOPs TFLOPS MACs TOPS OPs BLEU ROUGE
METEOR CIDEr FID IS PSNR SSIM LPIPS WER CER MAE MSE RMSE MAPE AUC AUROC ROC mAP AP IoU mIoU F1 F1-score
NDCG MRR EM BPB PPL Elo ELO KL OOD ID IID OOM KV QKV Q&A FAQ FP FP4 FP8 FP16 FP32 BF16 INT4 INT8 INT2
INT3 INT W4A4 W8A8 W4A16 DRAM SRAM RAM HBM VRAM SSD PCIe NVLink CPU GPU TPU NPU DNN DNNs ANN ANNs NN NNs
MLP MLPs FFN FFNs CNN CNNs RNN RNNs GNN GNNs GAN GANs VAE VAEs SSM SSMs US USA UK EU UN USD COVID-19
COVID I II III IV V VI VII TODO II. OK BC AD CEO PhD STEM K-12 IQ RQ RQ1 RQ2 RQ3 RQ4 OpenAI DeepMind
NVIDIA Nvidia Google Meta Microsoft Anthropic Apple Amazon AWS IBM Intel AMD ARM Arm Huawei Tencent
Alibaba Baidu ByteDance HuggingFace Hugging GitHub Github Gitee YouTube Youtube Twitter Reddit TikTok
Facebook LinkedIn Stanford MIT Berkeley Princeton Tsinghua Samsung Qualcomm Xiaomi Snap Adobe LMSYS
EleutherAI ModelScope PyPI Kaggle English Chinese German French Spanish Japanese Korean Arabic Hindi
Russian Portuguese Italian Turkish Vietnamese Python Java JavaScript TypeScript C C++ C# Rust Go Haskell
Kotlin Racket R Julia Scala Perl PHP Ruby Lua Swift MATLAB Verilog VHDL RTL HDL LaTeX Markdown Unicode
ASCII Linux Windows Android iOS macOS Internet Web WWW CVPR ICCV ECCV NeurIPS ICML ICLR ACL EMNLP NAACL
AAAI IJCAI KDD SIGIR TACL COLING SemEval CoT-based RL IL SL SSL UDA DA TL MTL FL CL ICL TTA TTT OOV MCQ
MCQA MCQs HCI EHR EHRs MRI CT ECG EEG X-ray UAV UAVs IoT 5G 6G GPU-hours NP NP-hard PAC SGD GD SVM PCA
SVD ODE ODEs SDE SDEs PDE PDEs MDP MDPs POMDP POMDPs LTL SAT SMT Q1 Q2 Q3 Q4 A/B T2I T2V I2V TI2V V2V T2A
T2M LUT HPC ASIC ASICs SoC RAG-based e.g i.e Pre-trained Code Codes Data Project Demo Videos Video Page
Website Github. Appendix Figure Table Section Supplementary Moreover Additionally Furthermore However
Here Our We This These In To For On By With As An The Through While When If Shapley Bayesian Gaussian
Markov Boolean Euclidean Hessian Jacobian Pareto Wasserstein Lipschitz Fourier Nash JPEG PNG MP4 GIF SVG
RMSD DAG DAGs CAD SMILES top-K Top-K top-k Top-k System-1 System-2 AI2 BERTScore NaN Q-value LiDAR LIDAR
Lidar IMU GPS ICU HOI HOIs FoV pLDDT Low-End DFT LIDAR Lidar RGBD NeurIPS24 IMU GPS ICU HOI HOIs FoV LoC
Zero-Shot Few-Shot One-Shot Multi-Modal Multi-Task Real-Time Open-Source Open-World Large-Scale
Long-Context Long-Term Two-Stage Plug-and-Play Training-Free One-Size-Fits-All MoCap
VideoQA DocQA TextQA ImageQA OpenQA KBQA
ROUGE-L ROUGE-1 ROUGE-2 V2A X2I X2T X2X A2T T2S S2T S2S I2I I2T V2T T2M mLLM mLLMs MM-LLM MM-LLMs
CO2 kWh Hz GHz MHz KB MB GB TB KiB MiB GiB PM AM ICD-10 DNA RNA mRNA
""")
"""Tokens shaped like names that name no method, model, benchmark or device."""

NO_TITLES = word_set("""
position survey review tutorial towards toward on how what why when who is are can do does should the a
an beyond rethinking revisiting understanding exploring evaluating benchmarking improving learning
training scaling building less-is-more lessons demystifying report perspective perspectives viewpoint
introduction technical overview challenge not from in to for learn think thinking attention language
speech vision text image video audio code reasoning agents data knowledge opportunities analysis study
explaining measuring enhancing efficient analyzing investigating accelerating bridging leveraging
unlocking unveiling hallucination alignment safety privacy evaluation prompting pretraining pre-training
fine-tuning finetuning distillation quantization pruning compression memory planning
""")
"""First words before a title's colon that name nothing."""

BREAKS = word_set("""
that which who to for by with using via from in on at of based where when while into through under across
and or as is are was were can could will would may might should has have had its their this these those
than but if because since whereby whereas although such so not without within over between among upon per
via towards toward whose aimed aiming designed capable consisting comprising containing
consists provides provide allows enabling
enables achieve achieves integrates combines leverages uses utilizes employs incorporates inspired built
trained tailored specifically built-in requiring requires operating operates includes including covering
spanning featuring only also
""")
"""Words that end a noun phrase."""


EVERYDAY = frozenset(
    f"method:{name}"
    for name in word_set(
        """fine-tuning pretraining pre-training prompt-engineering prompting few-shot-learning
zero-shot-learning hyperparameter-optimization hyperparameter-tuning boosting
synthetic-data-generation post-training tool-use regression knowledge-graph transfer-learning
tokenization on-device-inference convex-optimization representation-learning multilayer-perceptron
loss-function full-fine-tuning attention-mechanism verifier llm-agent llm-framework sparsification
data-selection causal-attention deep-learning machine-learning neural-network"""
    )
)
"""Technique classes so usual that naming one says little; they count where the paper is about them."""
