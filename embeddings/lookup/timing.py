"""Timing of a sweep: each workload measured, one after another, with what would not fit extrapolated."""

from collections.abc import Iterator
from dataclasses import asdict

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.common import InvalidInput, allowed_bytes, as_matrix, required
from embeddings.lookup.results import MEMORY, TIME, Extrapolated, Timing, Workload
from embeddings.lookup.roofline import Roofline, attainable
from embeddings.lookup.scaling import extrapolate
from embeddings.lookup.sweep import Sweep
from embeddings.lookup.variants import check_device
from embeddings.lookup.workloads import Call, bytes_held, prepare, rotated_bytes

MIN_RUN_SECONDS = 0.2  # torch.utils.benchmark's default for a blocked autorange
MIN_BLOCKS = 5  # below which quartiles say little
MIN_CALLS = 4  # three of warming up and looking, and one at least that counts


def measure(
    sweep: Sweep, table: ArrayLike | None = None, roofline: Roofline | None = None
) -> Iterator[Timing | Extrapolated]:
    """Carry out ``sweep``, point by point.

    Each point is measured by ``torch.utils.benchmark.Timer.blocked_autorange``, after a warm-up, with the garbage
    collector off, the device synchronised and the number of threads set (all the Timer's own doing), for at least
    ``min_run_seconds`` and ``MIN_BLOCKS`` blocks of runs, as far as the point's budget goes. A point that would not fit
    in memory, or is expected to overrun its budget, is not tried: it comes as ``Extrapolated``.

    Nothing is held between two points but what has been measured, so that the sweep can be left at any.

    Args:
        sweep: What to measure.
        table: Real weights, with as many columns as D and rows for the largest V; by default random numbers.
        roofline: Of this machine. Foretells the points before the second of each curve.

    Yields:
        One for each of ``sweep.points()``, in their order, each as soon as it is known.

    Raises (when the first is asked for):
        InvalidInput: torch does not find the device, or ``table`` does not fit the plan.

    References:
        torch.utils.benchmark, https://docs.pytorch.org/docs/stable/benchmark_utils.html
    """
    check_device(sweep.device)
    table = None if table is None else _checked(table, sweep)
    timings: list[Timing] = []
    for point in sweep.points():
        seconds = extrapolate(timings, point, sweep.over)
        if seconds is None and roofline is not None:
            seconds = attainable(point, roofline)
        outcome = _refusal(point, sweep, seconds) or _timed(point, sweep, table, seconds)
        if isinstance(outcome, Timing):
            timings.append(outcome)
        yield outcome


def _refusal(point: Workload, sweep: Sweep, seconds: float | None) -> Extrapolated | None:
    """Why ``point`` is not to be tried, if it is not."""
    needed, allowed = bytes_held(point), allowed_bytes(point.device)
    if needed > allowed:
        return Extrapolated(**asdict(point), reason=MEMORY, needed_bytes=needed, allowed_bytes=allowed, seconds=seconds)
    if seconds is not None and MIN_CALLS * seconds > sweep.budget_seconds:
        return Extrapolated(**asdict(point), reason=TIME, needed_bytes=needed, allowed_bytes=allowed, seconds=seconds)
    return None


def _timed(
    point: Workload, sweep: Sweep, table: NDArray[np.float32] | None, seconds: float | None
) -> Timing | Extrapolated:
    """``point`` measured, or foretold where the device's memory turns out to be too scattered after all."""
    with required():
        import torch

    try:
        return _measured(point, sweep, prepare(point, table, sweep.seed))
    except torch.OutOfMemoryError:
        allowed = allowed_bytes(point.device)
        return Extrapolated(
            **asdict(point), reason=MEMORY, needed_bytes=bytes_held(point), allowed_bytes=allowed, seconds=seconds
        )
    finally:
        if point.device != "cpu":
            getattr(torch, point.device).empty_cache()  # or what is cached would count as used for the next point


def _measured(point: Workload, sweep: Sweep, call: Call) -> Timing:
    with required():
        from torch.utils.benchmark import Timer

    timer = Timer("call()", globals={"call": call}, num_threads=point.threads)
    measured = timer.timeit(1)  # runs it twice before: the first pays for caches and, on a GPU, for compiling
    once = measured.median
    left = sweep.budget_seconds - 3 * once
    wanted = max(sweep.min_run_seconds or MIN_RUN_SECONDS, MIN_BLOCKS * once)
    if left > 2 * once:  # one run finds the size of a block, and one counts
        measured = timer.blocked_autorange(min_run_time=min(wanted, left - once))
    lower, median, upper = np.percentile(measured.times, [25, 50, 75]).tolist()
    return Timing(
        **asdict(point),
        median=median,
        lower_quartile=lower,
        upper_quartile=upper,
        runs=len(measured.times) * measured.number_per_run,
        blocks=len(measured.times),
        rotated_bytes=rotated_bytes(point),
    )


def _checked(table: ArrayLike, sweep: Sweep) -> NDArray[np.float32]:
    table = as_matrix(table, "The table")
    V, D = max(point.vocabulary_size for point in sweep.points()), sweep.D
    if sweep.over == "D" or table.shape[1] != D or len(table) < V:
        raise InvalidInput(
            f"A plan up to V = {V:,} with D = {D:,} needs a table with as many rows and columns, not {table.shape}."
        )
    return table
