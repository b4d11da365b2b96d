"""An embedding layer is a linear layer fed with one-hot rows: shown by its numbers, and timed.

Three ways to the same rows of a table W [V, D] for ids [B]:

    nn.Embedding      W[ids]                                  copies B rows
    one-hot @ W       one_hot(ids) @ W                        B·V·D multiplications, nearly all by zero
    nn.Linear         one_hot(ids) @ weight.T, weight = W.T   the same product, as a layer
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.checks import as_count, as_ids, as_matrix
from embeddings.errors import InvalidInput, TooLarge
from embeddings.memory import allowed_bytes

EMBEDDING = "nn.Embedding"
MATMUL = "one-hot @ W"
LINEAR = "nn.Linear"
WAYS = (EMBEDDING, MATMUL, LINEAR)
BUILD = "build one-hot"  # the phase both products need before they can start
FORWARD = "forward"

MAX_VOCABULARY = 1_000_000
MAX_DIMENSION = 4_096
MAX_BATCH = 8_192
MIN_RUN_SECONDS = 0.2  # torch.utils.benchmark's default for a blocked autorange


@dataclass(frozen=True)
class Identity:
    """What the three ways give for the same table and ids.

    Attributes:
        outputs: float32 [3, B, D], in the order of ``WAYS``.
        gradients: float32 [3, V, D], of the sum of squared outputs with respect to W.
        largest_difference: Between the outputs of any two ways.
        largest_gradient_difference: Between the gradients of any two ways.
    """

    outputs: NDArray[np.float32]
    gradients: NDArray[np.float32]
    largest_difference: float
    largest_gradient_difference: float


@dataclass(frozen=True)
class Timing:
    """One way measured at one size.

    Attributes:
        way: One of ``WAYS``, or ``BUILD``'s own name for the phase that the two products share.
        phase: ``FORWARD`` or ``BUILD``.
        vocabulary_size, dimension, batch: V, D and B.
        device: "cpu", "cuda" or "mps".
        threads: Threads torch used.
        median, lower_quartile, upper_quartile: Seconds for one run, over blocks of runs.
        runs: How many runs there were in all.
    """

    way: str
    phase: str
    vocabulary_size: int
    dimension: int
    batch: int
    device: str
    threads: int
    median: float
    lower_quartile: float
    upper_quartile: float
    runs: int


def check_identity(W: ArrayLike, ids: ArrayLike) -> Identity:
    """Run the three ways forward and backward on the table ``W`` [V, D] and ``ids`` [B].

    Raises:
        InvalidInput: ``W`` is not a finite matrix, there are no ids, or an id is not one of its rows.
        TooLarge: One-hot rows, outputs and gradients would not fit in memory.

    References:
        torch.nn.Embedding and torch.nn.Linear, whose output is x @ weight.T.
    """
    import torch

    W = as_matrix(W, "W")
    ids = as_ids(ids, len(W))
    if not len(ids):
        raise InvalidInput("Give at least one id to look up.")
    (V, D), B = W.shape, len(ids)
    _refuse_too_large(f"Three tables of {V:,} × {D:,} with their gradients and one-hot rows", identity_bytes(V, D, B))

    index = torch.from_numpy(ids)  # [B]
    rows = torch.nn.functional.one_hot(index, V).float()  # [B, V]; float, as one_hot gives int64
    tables = [torch.tensor(W, requires_grad=True) for _ in WAYS]  # [V, D] each
    outputs = [
        torch.nn.functional.embedding(index, tables[0]),
        rows @ tables[1],
        torch.nn.functional.linear(rows, tables[2].T),  # weight = W.T is [D, V]
    ]  # [B, D] each
    for output in outputs:
        output.square().sum().backward()
    outputs = np.stack([output.detach().numpy() for output in outputs])  # [3, B, D]
    gradients = np.stack([table.grad.numpy() for table in tables])  # [3, V, D]
    return Identity(outputs, gradients, float(np.ptp(outputs, axis=0).max()), float(np.ptp(gradients, axis=0).max()))


def devices() -> tuple[str, ...]:
    """Where torch can compute on this machine: "cpu", and "cuda" or "mps" where it finds one."""
    import torch

    found = ["cpu"]
    if torch.cuda.is_available():
        found.append("cuda")
    if torch.backends.mps.is_available():
        found.append("mps")
    return tuple(found)


def identity_bytes(V: int, D: int, B: int) -> int:
    """The most bytes that ``check_identity`` holds at once.

    Tables, gradients, these stacked, and what comparing them takes; one-hot rows as int64 and float32; outputs.
    """
    return 4 * 13 * V * D + (8 + 4) * B * V + 4 * 12 * B * D


def timing_bytes(V: int, D: int, B: int) -> int:
    """The most bytes that ``time_ways`` holds at once.

    Table and output; one-hot rows as float32, while others are built as int64 and float32.
    """
    return 4 * V * D + (4 + 8 + 4) * B * V + 4 * B * D


def time_ways(
    V: int, D: int, B: int, device: str = "cpu", seed: int = 0, min_run_seconds: float | None = None
) -> Iterator[Timing]:
    """Time the three ways forward, and the building of the one-hot rows apart, on uniformly drawn ids.

    Each is measured by ``torch.utils.benchmark.Timer.blocked_autorange`` on one thread, after a warm-up,
    with the garbage collector off and the device synchronised (both the Timer's own doing).

    Yields:
        Four timings, each as soon as it is measured.

    Raises (when the first timing is asked for):
        InvalidInput: A size out of range, or a device that is not there.
        TooLarge: The one-hot rows would not fit in memory; nothing is allocated.
    """
    import torch
    from torch.utils.benchmark import Timer

    _check_sizes(V, D, B, device)
    generator = torch.Generator().manual_seed(seed)
    W = torch.randn(V, D, generator=generator).to(device)
    ids = torch.randint(V, (B,), generator=generator).to(device)
    embedding = torch.nn.Embedding.from_pretrained(W)
    linear = torch.nn.Linear(V, D, bias=False, device="meta")
    linear.weight = torch.nn.Parameter(W.T, requires_grad=False)  # [D, V], a view: no second table
    build = lambda: torch.nn.functional.one_hot(ids, V).float()  # noqa: E731
    rows = build()  # [B, V]

    for way, phase, call in (
        (EMBEDDING, FORWARD, lambda: embedding(ids)),
        (BUILD, BUILD, build),
        (MATMUL, FORWARD, lambda: rows @ W),
        (LINEAR, FORWARD, lambda: linear(rows)),
    ):
        call()  # warm-up: the first run pays for caches and, on a GPU, for compiling
        timer = Timer("call()", globals={"call": call}, num_threads=1)
        measured = timer.blocked_autorange(min_run_time=min_run_seconds or MIN_RUN_SECONDS)
        lower, median, upper = np.percentile(measured.times, [25, 50, 75])
        runs = len(measured.times) * measured.number_per_run
        yield Timing(way, phase, V, D, B, device, 1, float(median), float(lower), float(upper), runs)


def sweep(
    sizes: Sequence[int], D: int, B: int, device: str = "cpu", min_run_seconds: float | None = None
) -> Iterator[Timing]:
    """``time_ways`` for each vocabulary size in ``sizes``, smallest first.

    All are checked before the first is measured, so that a sweep which cannot finish does not start.

    Raises (when the first timing is asked for):
        InvalidInput, TooLarge: As ``time_ways``.
    """
    if not len(sizes):
        raise InvalidInput("Choose at least one vocabulary size to measure.")
    for V in sizes:
        _check_sizes(V, D, B, device)
    for V in sorted(sizes):
        yield from time_ways(V, D, B, device, min_run_seconds=min_run_seconds)


def _check_sizes(V: int, D: int, B: int, device: str) -> None:
    as_count(V, "The vocabulary size", 1, MAX_VOCABULARY)
    as_count(D, "The dimension", 1, MAX_DIMENSION)
    as_count(B, "The batch", 1, MAX_BATCH)
    if device not in devices():
        raise InvalidInput(f"torch finds no {device!r} here. It finds: {', '.join(devices())}.")
    _refuse_too_large(f"One-hot rows of {B:,} × {V:,} and a table of {V:,} × {D:,}", timing_bytes(V, D, B), device)


def _refuse_too_large(what: str, needed: int, device: str = "cpu") -> None:
    allowed = allowed_bytes(device)
    if needed > allowed:
        raise TooLarge(what, needed, allowed)
