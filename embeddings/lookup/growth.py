"""What a sweep shows: how fast each way grows, where two ways cross, and where a curve would go on."""

import itertools
import math
from collections.abc import Iterable, Sequence
from statistics import linear_regression, median

from embeddings.lookup.points import Point, Timing
from embeddings.lookup.ways import BUILD, EMBEDDING, FORWARD, MATMUL

STEEPEST = 1.2  # no cost grows faster than its size; a little more comes from caches that overflow
LAST = 3  # sizes that an extrapolation stands on; smaller ones are mostly the cost of the call


def slope(
    timings: Iterable[Timing],
    way: str,
    low: float = 0,
    high: float = math.inf,
    phase: str | None = None,
    over: str = "V",
) -> float | None:
    """The power p with which the time of ``way`` grows, as in V^p: the slope of a line through log time on log size.

    Least squares over all timings of sizes from ``low`` to ``high``; None below two different sizes.

    Args:
        timings: Of a sweep.
        way: One of the ways, or ``BUILD``.
        low, high: The range of sizes.
        phase: By default forward, or ``BUILD`` for that way.
        over: The size that was swept: "V", "D" or "B".
    """
    chosen = [t for t in _of(timings, way, phase) if low <= t.along(over) <= high]
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
    them. From the crossover on the product's arithmetic is what counts.
    """
    timings = tuple(timings)
    first, second = (_medians(_of(timings, way, phase), over) for way in (one, other))
    apart = [(math.log(size), math.log(first[size] / second[size])) for size in sorted(first.keys() & second.keys())]
    for (left, before), (right, after) in reversed(list(itertools.pairwise(apart))):
        if before != after and before * after <= 0:
            return math.exp(left + (right - left) * before / (before - after))
    return None


def extrapolate(timings: Sequence[Timing], point: Point, over: str) -> float | None:
    """Seconds for ``point``, on a line through the logs of its way's last ``LAST`` sizes; None below two sizes.

    The line goes on from the last size measured, with the slope fitted to the ``LAST``, between 0 and ``STEEPEST``:
    what is beyond is a disturbed measurement, and no growth.
    """
    medians = _medians(_of(timings, point.way, point.phase), over)
    sizes = sorted(medians)[-LAST:]
    if len(sizes) < 2:
        return None
    grows = linear_regression([math.log(size) for size in sizes], [math.log(medians[size]) for size in sizes]).slope
    return medians[sizes[-1]] * (point.along(over) / sizes[-1]) ** min(max(grows, 0), STEEPEST)


def _of(timings: Iterable[Timing], way: str, phase: str | None) -> list[Timing]:
    phase = phase or (BUILD if way == BUILD else FORWARD)
    return [t for t in timings if isinstance(t, Timing) and (t.way, t.phase) == (way, phase)]


def _medians(timings: Iterable[Timing], over: str) -> dict[int, float]:
    """The median time at each size, of all timings there."""
    at: dict[int, list[float]] = {}
    for timing in timings:
        at.setdefault(timing.along(over), []).append(timing.median)
    return {size: median(seconds) for size, seconds in at.items()}
