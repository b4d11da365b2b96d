"""The timing lab against a plain torch.utils.benchmark script, and its slopes against theory.

Ours is ``embeddings.lookup.measure``, the peer a script that makes the same layer, table and ids with torch alone and
calls ``Timer(...).blocked_autorange()``. The two measure each call by turns in one process, on one thread, and make all
anew in each round, as a table's place in memory counts too. Of each side the quickest of its medians counts: other
programs only ever add to a time. The two may differ by a tenth either way.

The slopes are fitted to V from 1,000 to 50,257 with D = 64 and B = 64, to the quickest median of each size in several
sweeps, on one thread and on all. By theory the matmul grows as V to the 1.0 and the lookup as V to the 0.0.

What one visitor sees in one run is measured too, as the lab is set at first: each lab's median beside the script's of
the same moment, the median of these ratios over some rounds; and the slopes of a single sweep.

Rounds go on until the two quickest medians of everything agree, which on a quiet machine they soon do, or for a minute.
"""

import time
from collections.abc import Callable, Iterator
from statistics import median

from benchmarks.figures import Figure
from embeddings.lookup import BACKWARD, EMBEDDING, FORWARD, LINEAR, MATMUL, VARIANTS, Sweep, Timing, all_threads, slope
from embeddings.lookup import measure as carried_out

D, B = 64, 64
SHAPES = (4, 1_000, 10_000, 50_257)
BACKWARD_AT = 10_000  # V
SINGLE_ROUNDS = 5
DEFAULT_SECONDS = 0.2  # blocked_autorange's own, and the lab's
SECONDS = 0.05  # for one measurement; of many short ones, some fall between what others do
ROUNDS = 12  # at the least
PATIENCE = 60  # seconds for more of them
AGREE = 1.03  # the second quickest to the quickest
AT_MOST_APART = 1.1
SIZES = (1_000, 3_000, 10_000, 30_000, 50_257)
THEORY = ((MATMUL, 1.0), (EMBEDDING, 0.0))
WITHIN = 0.15


def measure() -> list[Figure]:
    """Ours beside the script's for each way and V, one case backward, single runs, then the slopes."""
    return [
        *(figure for V in SHAPES for figure in beside_a_script(V)),
        *beside_a_script(BACKWARD_AT, BACKWARD),
        *(figure for V in SHAPES for figure in single_runs(V)),
        *(figure for threads in sorted({1, all_threads()}) for figure in slopes(threads)),
        *single_slopes(),
    ]


def beside_a_script(V: int, phase: str = FORWARD) -> list[Figure]:
    """Microseconds of each way at one ``V``, ours and the script's by turns."""
    sweep = Sweep((V,), D=D, B=B, phases=(phase,), min_run_seconds=SECONDS)
    ours, peers = {variant: [] for variant in VARIANTS}, {variant: [] for variant in VARIANTS}
    for _ in rounds([*ours.values(), *peers.values()]):
        calls = plain_calls(V) if phase == FORWARD else plain_backward_calls(V)
        for timing in carried_out(sweep):
            ours[timing.variant].append(1e6 * timing.median)
            peers[timing.variant].append(1e6 * plain_median(calls[timing.variant]))
    return [
        Figure(
            f"{variant} {phase}, V = {V:,}, D = {D}, B = {B}, quickest of {len(ours[variant])} medians",
            "µs",
            min(ours[variant]),
            tuple(ours[variant]),
            peer="plain script",
            peers=min(peers[variant]),
            peers_all=tuple(peers[variant]),
            at_most=AT_MOST_APART * min(peers[variant]),
            at_least=min(peers[variant]) / AT_MOST_APART,
        )
        for variant in VARIANTS
    ]


def single_runs(V: int) -> list[Figure]:
    """One run of the lab as it is set at first beside one of the script, by turns: the median ratio of each way."""
    ratios = {variant: [] for variant in VARIANTS}
    for _ in range(SINGLE_ROUNDS):
        calls = plain_calls(V)
        for timing in carried_out(Sweep((V,), D=D, B=B, phases=(FORWARD,))):
            ratios[timing.variant].append(timing.median / plain_median(calls[timing.variant], DEFAULT_SECONDS))
    return [
        Figure(
            f"{variant} {FORWARD}, V = {V:,}: single runs of lab and script, median of {SINGLE_ROUNDS} ratios",
            "times",
            median(each),
            tuple(each),
            at_most=AT_MOST_APART,
            at_least=1 / AT_MOST_APART,
        )
        for variant, each in ratios.items()
    ]


def single_slopes() -> list[Figure]:
    """The slopes that one sweep of the lab gives, as it is set at first."""
    timings = list(carried_out(Sweep(SIZES, D=D, B=B, variants=(EMBEDDING, MATMUL), phases=(FORWARD,))))
    return beside_theory(timings, " in a single sweep, threads: 1")


def beside_theory(timings: list[Timing], how: str) -> list[Figure]:
    """The power of V with which matmul and lookup grow by ``timings``, beside what it should be."""
    return [
        Figure(
            f"slope of {variant} over V from {SIZES[0]:,} to {SIZES[-1]:,}{how}",
            "power of V",
            slope(timings, variant),
            at_least=power - WITHIN,
            at_most=power + WITHIN,
        )
        for variant, power in THEORY
    ]


def plain_calls(V: int) -> dict[str, Callable[[], object]]:
    """What somebody would time who has only torch."""
    import torch

    torch.manual_seed(1)
    ids = torch.randint(V, (B,))
    embedding = torch.nn.Embedding(V, D).requires_grad_(False)
    linear = torch.nn.Linear(V, D, bias=False).requires_grad_(False)
    W = embedding.weight.detach()
    one_hot = torch.nn.functional.one_hot(ids, V).float()
    return {EMBEDDING: lambda: embedding(ids), MATMUL: lambda: one_hot @ W, LINEAR: lambda: linear(one_hot)}


def plain_backward_calls(V: int) -> dict[str, Callable[[], object]]:
    """The gradient of W by each way, after a forward pass that is not timed."""
    import torch

    torch.manual_seed(1)
    ids = torch.randint(V, (B,))
    embedding, linear = torch.nn.Embedding(V, D), torch.nn.Linear(V, D, bias=False)
    W = embedding.weight.detach().clone().requires_grad_()
    one_hot = torch.nn.functional.one_hot(ids, V).float()
    upstream = torch.ones(B, D)
    passes = {
        EMBEDDING: (embedding(ids), embedding.weight),
        MATMUL: (one_hot @ W, W),
        LINEAR: (linear(one_hot), linear.weight),
    }
    return {
        variant: lambda output=output, weight=weight: torch.autograd.grad(output, weight, upstream, retain_graph=True)
        for variant, (output, weight) in passes.items()
    }


def plain_median(call: Callable[[], object], seconds: float = SECONDS) -> float:
    """Seconds of one run, as the script measures it."""
    from torch.utils.benchmark import Timer

    return Timer("call()", globals={"call": call}, num_threads=1).blocked_autorange(min_run_time=seconds).median


def slopes(threads: int) -> list[Figure]:
    """The power of V with which matmul and lookup grow."""
    sweep = Sweep(
        SIZES, D=D, B=B, variants=(EMBEDDING, MATMUL), phases=(FORWARD,), threads=threads, min_run_seconds=SECONDS
    )
    curves = {(point.variant, point.vocabulary_size): [] for point in sweep.points()}
    timings: list[Timing] = []
    for _ in rounds(list(curves.values())):
        for timing in carried_out(sweep):
            timings.append(timing)
            curves[timing.variant, timing.vocabulary_size].append(timing.median)
    quickest = [t for t in timings if t.median == min(curves[t.variant, t.vocabulary_size])]
    return beside_theory(quickest, f", threads: {threads}")


def rounds(medians: list[list[float]]) -> Iterator[None]:
    """Rounds that each add to every one of ``medians``, until these agree or patience ends."""
    started = time.monotonic()
    while min(map(len, medians)) < ROUNDS or (
        time.monotonic() - started < PATIENCE and not all(sorted(each)[1] <= AGREE * min(each) for each in medians)
    ):
        yield
