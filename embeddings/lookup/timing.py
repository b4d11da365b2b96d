"""The timing lab: each way and phase measured, one after another, with what would not fit foretold."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.checks import as_matrix
from embeddings.errors import InvalidInput, TooLarge
from embeddings.lookup.calls import bytes_held, prepare, rotated_bytes
from embeddings.lookup.growth import extrapolate
from embeddings.lookup.plan import MAX_SECONDS, Plan
from embeddings.lookup.points import MEMORY, TIME, Point, Predicted, Timing
from embeddings.lookup.roofline import Roofline, attainable
from embeddings.lookup.ways import check_device
from embeddings.memory import allowed_bytes

MIN_RUN_SECONDS = 0.2  # torch.utils.benchmark's default for a blocked autorange
MIN_BLOCKS = 5  # below which quartiles say little
LEAST_CALLS = 4  # three of warming up and looking, and one at least that counts


def measure(
    plan: Plan, table: ArrayLike | None = None, roofline: Roofline | None = None
) -> Iterator[Timing | Predicted]:
    """Carry out ``plan``, point by point.

    Each point is measured by ``torch.utils.benchmark.Timer.blocked_autorange``, after a warm-up, with the garbage
    collector off, the device synchronised and the number of threads set (all the Timer's own doing), for at least
    ``min_run_seconds`` and ``MIN_BLOCKS`` blocks of runs, as far as the point's budget goes. A point that would not fit
    in memory, or is expected to overrun its budget, is not tried: it comes as ``Predicted``.

    Nothing is held between two points but what has been measured, so that the sweep can be left at any.

    Args:
        plan: What to measure.
        table: Real weights, with as many columns as D and rows for the largest V; by default random numbers.
        roofline: Of this machine. Foretells the points before the second of each curve.

    Yields:
        One for each of ``plan.points()``, in their order, each as soon as it is known.

    Raises (when the first is asked for):
        InvalidInput: torch does not find the device, or ``table`` does not fit the plan.

    References:
        torch.utils.benchmark, https://docs.pytorch.org/docs/stable/benchmark_utils.html
    """
    check_device(plan.device)
    table = None if table is None else _checked(table, plan)
    timings: list[Timing] = []
    for point in plan.points():
        seconds = extrapolate(timings, point, plan.over)
        if seconds is None and roofline is not None:
            seconds = attainable(point, roofline)
        outcome = _refusal(point, plan, seconds) or _timed(point, plan, table, seconds)
        if isinstance(outcome, Timing):
            timings.append(outcome)
        yield outcome


def time_ways(
    V: int, D: int, B: int, device: str = "cpu", seed: int = 0, min_run_seconds: float | None = None
) -> Iterator[Timing]:
    """Time the three ways forward at one size, and the building of the one-hot rows apart, on uniformly drawn ids.

    Measured as ``measure`` does, on one thread, and refused where that would foretell.

    Yields:
        Four timings, each as soon as it is measured.

    Raises (when the first timing is asked for):
        InvalidInput: A size out of range, or a device that is not there.
        TooLarge: The one-hot rows would not fit in memory; nothing is allocated.
    """
    yield from sweep([V], D, B, device, min_run_seconds, seed)


def sweep(
    sizes: Sequence[int],
    D: int,
    B: int,
    device: str = "cpu",
    min_run_seconds: float | None = None,
    seed: int = 0,
) -> Iterator[Timing]:
    """``time_ways`` for each vocabulary size in ``sizes``, smallest first.

    All are checked before the first is measured, so that a sweep which cannot finish does not start.

    Raises (when the first timing is asked for):
        InvalidInput, TooLarge: As ``time_ways``.
    """
    if not len(sizes):
        raise InvalidInput("Choose at least one vocabulary size to measure.")
    plan = Plan(
        tuple(sizes), D=D, B=B, device=device, min_run_seconds=min_run_seconds, budget_seconds=MAX_SECONDS, seed=seed
    )
    check_device(device)
    largest = max(plan.points(), key=bytes_held)
    _refuse_too_large(largest, bytes_held(largest), allowed_bytes(device))
    for outcome in measure(plan):
        if isinstance(outcome, Predicted):  # memory was taken by others meanwhile
            _refuse_too_large(outcome, outcome.needed_bytes, outcome.allowed_bytes)
        yield outcome


def _refuse_too_large(point: Point, needed: int, allowed: int) -> None:
    V, D, B = point.size
    if needed > allowed:
        raise TooLarge(f"One-hot rows of {B:,} × {V:,} and a table of {V:,} × {D:,}", needed, allowed)


def _refusal(point: Point, plan: Plan, seconds: float | None) -> Predicted | None:
    """Why ``point`` is not to be tried, if it is not."""
    needed, allowed = bytes_held(point), allowed_bytes(point.device)
    if needed > allowed:
        return Predicted(**asdict(point), reason=MEMORY, needed_bytes=needed, allowed_bytes=allowed, seconds=seconds)
    if seconds is not None and LEAST_CALLS * seconds > plan.budget_seconds:
        return Predicted(**asdict(point), reason=TIME, needed_bytes=needed, allowed_bytes=allowed, seconds=seconds)
    return None


def _timed(point: Point, plan: Plan, table: NDArray[np.float32] | None, seconds: float | None) -> Timing | Predicted:
    """``point`` measured, or foretold where the device's memory turns out to be too scattered after all."""
    import torch

    try:
        return _measured(point, plan, prepare(point, table, plan.seed))
    except torch.OutOfMemoryError:
        allowed = allowed_bytes(point.device)
        return Predicted(
            **asdict(point), reason=MEMORY, needed_bytes=bytes_held(point), allowed_bytes=allowed, seconds=seconds
        )
    finally:
        if point.device != "cpu":
            getattr(torch, point.device).empty_cache()  # or what is cached would count as used for the next point


def _measured(point: Point, plan: Plan, call) -> Timing:
    from torch.utils.benchmark import Timer

    timer = Timer("call()", globals={"call": call}, num_threads=point.threads)
    measured = timer.timeit(1)  # runs it twice before: the first pays for caches and, on a GPU, for compiling
    once = measured.median
    left = plan.budget_seconds - 3 * once
    wanted = max(plan.min_run_seconds or MIN_RUN_SECONDS, MIN_BLOCKS * once)
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


def _checked(table: ArrayLike, plan: Plan) -> NDArray[np.float32]:
    table = as_matrix(table, "The table")
    V, D = max(point.vocabulary_size for point in plan.points()), plan.D
    if plan.over == "D" or table.shape[1] != D or len(table) < V:
        raise InvalidInput(
            f"A plan up to V = {V:,} with D = {D:,} needs a table with as many rows and columns, not {table.shape}."
        )
    return table
