"""Scaling, which a sweep shows: how fast each variant grows, where two cross, and where a curve would go on."""

import itertools
import math
from collections.abc import Iterable, Sequence
from statistics import linear_regression, median

from embeddings.lookup.results import Timing, Workload
from embeddings.lookup.variants import BUILD, EMBEDDING, FORWARD, MATMUL, STEP

MAX_EXPONENT = 1.2  # no cost grows faster than its size; a little more comes from caches that overflow
FIT_SIZES = 3  # sizes that an extrapolation stands on; smaller ones are mostly the cost of the call


def slope(
    timings: Iterable[Timing],
    variant: str,
    low: float = 0,
    high: float = math.inf,
    phase: str | None = None,
    over: str = "V",
) -> float | None:
    """The power p with which the time of ``variant`` grows, as in V^p: its scaling exponent.

    That is the slope of a line through log time on log size: least squares over all timings of sizes from ``low`` to
    ``high``; None below two different sizes.

    Args:
        timings: Of a sweep.
        variant: One of ``VARIANTS``, or ``BUILD``.
        low, high: The range of sizes.
        phase: By default forward, or ``BUILD`` for that variant.
        over: The size that was swept: "V", "D" or "B".
    """
    chosen = [t for t in _of(timings, variant, phase) if low <= t.along(over) <= high]
    if len({t.along(over) for t in chosen}) < 2:
        return None
    return linear_regression([math.log(t.along(over)) for t in chosen], [math.log(t.median) for t in chosen]).slope


def crossover(
    timings: Iterable[Timing],
    one: str = EMBEDDING,
    other: str = MATMUL,
    phase: str | None = None,
    over: str = "V",
) -> float | None:
    """The largest size at which the curves of two ways meet, interpolated on logarithmic axes; None if they do not.

    At tiny V the matmul wins: a call costs microseconds before any arithmetic, and looking rows up costs more of
    them. From the crossover on the product's arithmetic is what counts. The optimiser's steps are the same for both,
    and meet everywhere: None.
    """
    if phase == STEP:
        return None
    timings = tuple(timings)
    first, second = (_medians(_of(timings, variant, phase), over) for variant in (one, other))
    apart = [(math.log(size), math.log(first[size] / second[size])) for size in sorted(first.keys() & second.keys())]
    for (left, before), (right, after) in reversed(list(itertools.pairwise(apart))):
        if before != after and before * after <= 0:
            return math.exp(left + (right - left) * before / (before - after))
    return None


def extrapolate(timings: Sequence[Timing], point: Workload, over: str) -> float | None:
    """Seconds for ``point``, on a line through the logs of its variant's last ``FIT_SIZES``; None below two sizes.

    The line goes on from the last size measured, with the slope fitted to the ``FIT_SIZES``, between 0 and
    ``MAX_EXPONENT``: what is beyond is a noisy measurement, and no growth.
    """
    medians = _medians(_of(timings, point.variant, point.phase), over)
    sizes = sorted(medians)[-FIT_SIZES:]
    if len(sizes) < 2:
        return None
    grows = linear_regression([math.log(size) for size in sizes], [math.log(medians[size]) for size in sizes]).slope
    return medians[sizes[-1]] * (point.along(over) / sizes[-1]) ** min(max(grows, 0), MAX_EXPONENT)


def _of(timings: Iterable[Timing], variant: str, phase: str | None) -> list[Timing]:
    phase = phase or (BUILD if variant == BUILD else FORWARD)
    return [t for t in timings if isinstance(t, Timing) and (t.variant, t.phase) == (variant, phase)]


def _medians(timings: Iterable[Timing], over: str) -> dict[int, float]:
    """The median time at each size, of all timings there."""
    at: dict[int, list[float]] = {}
    for timing in timings:
        at.setdefault(timing.along(over), []).append(timing.median)
    return {size: median(seconds) for size, seconds in at.items()}
