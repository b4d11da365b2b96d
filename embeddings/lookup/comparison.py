"""Comparison of the ways to look up rows over a whole sweep: how each grows, and which is the faster where."""

from collections.abc import Sequence

from embeddings.lookup.results import Extrapolated, Timing
from embeddings.lookup.scaling import slope
from embeddings.lookup.sweep import Sweep
from embeddings.lookup.variants import BUILD, EMBEDDING, FORWARD, MATMUL

GROWS_FROM = (("V", 1_000), ("D", 64), ("B", 64))  # below which the cost of the call hides how a way grows
_LEAST_SIZES = 3  # of a slope, where the sweep has as many
_SAME = 1e-9  # of a size: a crossing that far from it lies on it


def slopes(timings: Sequence[Timing], sweep: Sweep, phase: str) -> dict[str, float]:
    """The power with which each way grows in ``phase``, where it has points at three sizes or at all there are.

    Each is a ``slope`` from ``grows_from`` on. Disturbed points have no part in it where enough others are there.

    Args:
        timings: Of the sweep.
        sweep: What was asked for.
        phase: One of ``PHASES``; one-hot rows are built in a phase of their own.
    """
    found = {}
    for variant in dict.fromkeys(timing.variant for timing in timings):
        its_phase = BUILD if variant == BUILD else phase
        points = [timing for timing in timings if (timing.variant, timing.phase) == (variant, its_phase)]
        steady = [timing for timing in points if not timing.noisy]
        chosen = next((some for some in (steady, points) if _enough(some, sweep)), [])
        exponent = slope(chosen, variant, low=grows_from(sweep), phase=its_phase, over=sweep.over)
        if exponent is not None:
            found[variant] = exponent
    return found


def _enough(timings: Sequence[Timing], sweep: Sweep) -> bool:
    """Whether they tell how a way grows: a line through two points says little where there could be more."""
    low = grows_from(sweep)
    measured = {timing.along(sweep.over) for timing in timings}
    return sum(size >= low for size in measured) >= min(_LEAST_SIZES, sum(size >= low for size in sweep.sizes))


def grows_from(sweep: Sweep) -> int:
    """The size from which on slopes are fitted: the whole of a sweep with too few sizes beyond.

    >>> grows_from(Sweep((10, 1_000, 3_000, 10_000))), grows_from(Sweep((10, 1_000)))
    (1000, 10)
    """
    low = dict(GROWS_FROM)[sweep.over]
    return low if sum(size >= low for size in sweep.sizes) >= _LEAST_SIZES else sweep.sizes[0]


def time_ratio(
    outcomes: Sequence[Timing | Extrapolated], sweep: Sweep, building: bool = False, phase: str = FORWARD
) -> float | None:
    """How many times the lookup's time the matmul takes at the sweep's largest size; ``None`` while one has no time.

    Args:
        outcomes: Of the sweep.
        sweep: What was asked for.
        building: Whether the building of the one-hot rows counts, without which there is nothing to multiply.
        phase: Of both.
    """
    at = {
        outcome.variant: outcome.median if isinstance(outcome, Timing) else outcome.seconds
        for outcome in outcomes
        if outcome.along(sweep.over) == sweep.sizes[-1] and outcome.phase in (phase, BUILD)
    }
    product, looked_up = at.get(MATMUL), at.get(EMBEDDING)
    built = at.get(BUILD) if building else 0.0
    if product is None or looked_up is None or built is None:
        return None
    return (product + built) / looked_up


def quicker_from(timings: Sequence[Timing], others: Sequence[Timing], over: str = "V") -> int | None:
    """The size from which on ``others`` take less time: there and at all larger sizes of both; ``None`` for none.

    Args:
        timings, others: Of one way and phase, each on one machine.
        over: Which size: "V", "D" or "B".

    >>> def timed(*medians):
    ...     sized = zip((10, 100, 1_000), medians, strict=True)
    ...     return [Timing(MATMUL, FORWARD, V, 64, 64, "cpu", 1, median, median, median, 9) for V, median in sized]
    >>> quicker_from(timed(1e-6, 1e-5, 1e-4), timed(2e-6, 2e-6, 2e-6)), quicker_from(timed(1, 1, 1), timed(2, 2, 2))
    (100, None)
    """
    one, other = ({timing.along(over): timing.median for timing in each} for each in (timings, others))
    found = None
    for size in sorted(one.keys() & other.keys(), reverse=True):
        if other[size] >= one[size]:
            return found
        found = size
    return found


def comparable_sweep(sweep: Sweep, others: Sequence[Sweep]) -> Sweep | None:
    """The first of ``others`` that differs from ``sweep`` in nothing but device, threads and sizes along its axis."""
    fixed = [axis for axis in "VDB" if axis != sweep.over]
    alike = ("over", "dtype", "id_distribution", "cold", *fixed)
    return next((each for each in others if all(getattr(each, a) == getattr(sweep, a) for a in alike)), None)


def matmul_faster_at(timings: Sequence[Timing], sweep: Sweep, phase: str = FORWARD) -> list[int]:
    """The sizes at which the matmul was the faster in this ``phase``, of those where both were measured; ascending."""
    of_phase = [timing for timing in timings if timing.phase == phase]
    return [size for size in sweep.sizes if faster_at(of_phase, sweep, size) == MATMUL]


def faster_at(timings: Sequence[Timing], sweep: Sweep, size: int | None) -> str | None:
    """The way that was the faster at ``size``, lookup or matmul; ``None`` where one is missing or both are equal.

    Args:
        timings: Of one phase.
        sweep: What was asked for.
        size: Along what was swept.
    """
    at = {timing.variant: timing.median for timing in timings if timing.along(sweep.over) == size}
    both = {variant: at[variant] for variant in (EMBEDDING, MATMUL) if variant in at}
    return min(both, key=both.__getitem__) if len(set(both.values())) == 2 else None


def sizes_beside(timings: Sequence[Timing], sweep: Sweep, size: float) -> tuple[int | None, int | None]:
    """The sizes measured next to ``size``, below and above; ``None`` where there is none."""
    measured = {timing.along(sweep.over) for timing in timings}
    below = [each for each in measured if each < size * (1 - _SAME)]
    above = [each for each in measured if each > size * (1 + _SAME)]
    return max(below, default=None), min(above, default=None)
