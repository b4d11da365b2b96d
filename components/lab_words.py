"""What a run of the timing lab shows, in words; each sentence from its numbers."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from components.figures.timing import in_words, power
from components.plain_text import counted, escaped
from embeddings import lookup
from embeddings.errors import in_bytes
from embeddings.lookup import Plan, Predicted, Roofline, Timing
from embeddings.lookup.calls import bytes_held
from embeddings.lookup.machine import Machine
from embeddings.lookup.points import Point
from embeddings.lookup.timing import LEAST_CALLS
from embeddings.memory import allowed_bytes

GROWS_FROM = (("V", 1_000), ("D", 64), ("B", 64))  # below which the cost of the call hides how a way grows
_SAME = 1e-9  # of a size: a crossing that far from it lies on it
_PLAIN = MappingProxyType({lookup.EMBEDDING: "the lookup", lookup.MATMUL: "the matmul"})


def slopes(timings: Sequence[Timing], plan: Plan, phase: str) -> dict[str, float]:
    """The power with which each way grows, where it has points at three sizes or at all there are.

    Disturbed points have no part in it where enough others are there.
    """
    found = {}
    for way in dict.fromkeys(timing.way for timing in timings):
        its_phase = lookup.BUILD if way == lookup.BUILD else phase
        points = [timing for timing in timings if (timing.way, timing.phase) == (way, its_phase)]
        steady = [timing for timing in points if not timing.disturbed]
        chosen = next((some for some in (steady, points) if _enough(some, plan)), [])
        exponent = lookup.slope(chosen, way, low=grows_from(plan), phase=its_phase, over=plan.over)
        if exponent is not None:
            found[way] = exponent
    return found


def _enough(timings: Sequence[Timing], plan: Plan) -> bool:
    """Whether they tell how a way grows: a line through two points says little where there could be more."""
    low = grows_from(plan)
    measured = {timing.along(plan.over) for timing in timings}
    return sum(size >= low for size in measured) >= min(3, sum(size >= low for size in plan.sizes))


def grows_from(plan: Plan) -> int:
    """The size from which on slopes are fitted: the whole of a sweep with too few sizes beyond."""
    low = dict(GROWS_FROM)[plan.over]
    return low if sum(size >= low for size in plan.sizes) > 2 else plan.sizes[0]


def crossover(timings: Sequence[Timing], plan: Plan, phase: str) -> float | None:
    """Where lookup and matmul meet; the optimiser's steps are the same for both, and meet everywhere."""
    if phase not in (lookup.FORWARD, lookup.BACKWARD):
        return None
    return lookup.crossover(timings, phase=phase, over=plan.over)


def ratio(
    outcomes: Sequence[Timing | Predicted], plan: Plan, building: bool = False, phase: str = lookup.FORWARD
) -> float | None:
    """The matmul's time beside the lookup's at the plan's largest size; ``None`` while one has no time.

    Args:
        outcomes: Of the plan.
        plan: What was asked for.
        building: Whether the building of the one-hot rows counts, without which there is nothing to multiply.
        phase: Of both.
    """
    at = {
        outcome.way: outcome.median if isinstance(outcome, Timing) else outcome.seconds
        for outcome in outcomes
        if outcome.along(plan.over) == plan.sizes[-1] and outcome.phase in (phase, lookup.BUILD)
    }
    product, looked_up = at.get(lookup.MATMUL), at.get(lookup.EMBEDDING)
    built = at.get(lookup.BUILD) if building else 0.0
    return None if None in (product, looked_up, built) else (product + built) / looked_up


def result(timings: Sequence[Timing], plan: Plan) -> str:
    """The matmul beside the lookup at the largest size, without and with the building of its rows."""
    alone, with_rows = ratio(timings, plan), ratio(timings, plan, building=True)
    built = (
        "The building of its one-hot rows was not measured there, and would come on top."
        if with_rows is None
        else f"With the building of its one-hot rows it is **{times(with_rows)} times**."
    )
    return (
        f"At {plan.over} = {plan.sizes[-1]:,} the matmul takes **{times(alone)} times** as long as the lookup. {built} "
        f"{faster_up_to(timings, plan)}{_shaky(timings, plan)}"
    )


def _shaky(timings: Sequence[Timing], plan: Plan) -> str:
    """That one of the points beside each other at the largest size was disturbed."""
    last = [t for t in timings if t.along(plan.over) == plan.sizes[-1] and t.way in (*_PLAIN, lookup.BUILD)]
    if not any(timing.disturbed for timing in last if timing.phase in (lookup.FORWARD, lookup.BUILD)):
        return ""
    return " But something else was running then: measure again before you trust these numbers."


def faster_up_to(timings: Sequence[Timing], plan: Plan) -> str:
    """Up to which size the matmul was the faster, of those measured."""
    at = {(timing.way, timing.along(plan.over)): timing.median for timing in timings if timing.phase == lookup.FORWARD}
    faster = [
        size
        for size in plan.sizes
        if (lookup.MATMUL, size) in at
        and (lookup.EMBEDDING, size) in at
        and at[lookup.MATMUL, size] < at[lookup.EMBEDDING, size]
    ]
    if not faster:
        return f"The lookup was the faster at every {plan.over}."
    if faster == [size for size in plan.sizes if size <= max(faster)]:
        return f"Up to {plan.over} = {max(faster):,} the matmul was the faster."
    return f"The matmul was the faster at {plan.over} = {', '.join(f'{size:,}' for size in faster)}."


def memory(plan: Plan) -> str:
    """What the largest point would hold, beside what there is."""
    points = plan.points()
    largest = max(points, key=bytes_held)
    allowed = allowed_bytes(plan.device)
    too_large = sum(bytes_held(point) > allowed for point in points)
    refused = f" {counted(too_large, 'point')} will not be tried, but foretold." if too_large else ""
    return (
        f"The largest of {counted(len(points), 'point')} holds {in_bytes(bytes_held(largest))} of memory, and "
        f"{in_bytes(allowed)} may be used here.{refused}{_one_hot_rows(points)}"
    )


def _one_hot_rows(points: Sequence[Point]) -> str:
    """What the products' one-hot rows take, of which a lookup needs none."""
    products = [point for point in points if point.way in (lookup.MATMUL, lookup.LINEAR)]
    if not products:
        return ""
    V, _, B = max((point.size for point in products), key=lambda size: size[0] * size[2])
    return (
        f" The one-hot rows alone are {B:,} × {V:,} numbers, {in_bytes(B * V * products[0].item_bytes)}; the lookup "
        f"reads {counted(B, 'id')} instead, {in_bytes(8 * B)}."
    )


def conditions(plan: Plan, machine: Machine) -> str:
    """Where and how it was measured."""
    sizes = ", ".join(f"{axis} = {getattr(plan, axis):,}" for axis in "VDB" if axis != plan.over)
    where = machine.accelerator or machine.processor
    return (
        f"Measured on {plan.device} ({escaped(where)}) with {counted(plan.threads, 'thread')}, {sizes}, {plan.dtype}, "
        f"{plan.ids} ids{', tables not in the cache' if plan.cold else ''}, PyTorch {escaped(machine.torch)}, "
        f"{escaped(machine.date[:10])}. Points are medians; half of the runs lie within the bar, from the lower to the "
        "upper *quartile*."
    )


def findings(
    outcomes: Sequence[Timing | Predicted],
    plan: Plan,
    phase: str,
    slopes: Mapping[str, float],
    meet: float | None,
    roofline: Roofline | None,
    machine: Machine | None = None,
) -> list[str]:
    """How each way grows, where two meet and why, how near the roof they come, what was disturbed or not tried.

    Where ``machine`` is given, its cache tells which figures flatter.
    """
    timings = [outcome for outcome in outcomes if isinstance(outcome, Timing)]
    return [
        sentence
        for sentence in (
            _beside_each_other(timings, plan, phase),
            _growth(plan, slopes),
            _meeting(timings, plan, phase, meet),
            _roof(timings, plan, roofline, machine),
            _cold(timings, plan, machine),
            _disturbed(timings),
            _not_tried(outcomes, plan),
        )
        if sentence
    ]


def _beside_each_other(timings: Sequence[Timing], plan: Plan, phase: str) -> str:
    """How the two compare in a phase that the guess was not about."""
    found = None if phase == lookup.FORWARD else ratio(timings, plan, phase=phase)
    if found is None:
        return ""
    return (
        f"In this phase, {phase}, the matmul takes **{times(found)} times** as long as the lookup at {plan.over} = "
        f"{plan.sizes[-1]:,}."
    )


def _growth(plan: Plan, slopes: Mapping[str, float]) -> str:
    if not slopes:
        return ""
    ways = ", ".join(f"{way} as **{power(plan.over, exponent)}**" for way, exponent in slopes.items())
    return (
        f"From {plan.over} = {grows_from(plan):,} on, times grow so: {ways}. The exponents are slopes of the curves on "
        "these logarithmic axes; disturbed points are left out where enough others are there."
    )


def _meeting(timings: Sequence[Timing], plan: Plan, phase: str, meet: float | None) -> str:
    if meet is None:
        return ""
    if phase == lookup.BACKWARD:
        return (
            f"The two meet at {plan.over} = {meet:,.0f}. Even a lookup's gradient is as large as the whole table, "
            "unless it is sparse, and must be filled with zeros first."
        )
    where = f"The two curves meet at about {plan.over} = **{times(meet)}**."
    before, after = (_faster(timings, plan, size) for size in _beside(timings, plan, meet))
    if (before, after) == (lookup.MATMUL, lookup.EMBEDDING):
        return (
            f"{where} Just below it the matmul wins: a call costs microseconds before any arithmetic, and picking rows "
            "out costs more of them than a product so small. Just above it the arithmetic counts, and nearly all of it "
            "is by zero."
        )
    if (before, after) == (lookup.EMBEDDING, lookup.MATMUL):
        return f"{where} Just below it the lookup was the faster, just above it the matmul."
    return where


def _beside(timings: Sequence[Timing], plan: Plan, meet: float) -> tuple[int | None, int | None]:
    """The sizes measured next to ``meet``, below and above."""
    sizes = {timing.along(plan.over) for timing in timings}
    below, above = [s for s in sizes if s < meet * (1 - _SAME)], [s for s in sizes if s > meet * (1 + _SAME)]
    return max(below, default=None), min(above, default=None)


def _faster(timings: Sequence[Timing], plan: Plan, size: int | None) -> str | None:
    """The way that was the faster at ``size``, lookup or matmul; ``None`` where one is missing or both are equal."""
    at = {timing.way: timing.median for timing in timings if timing.along(plan.over) == size}
    both = {way: at[way] for way in _PLAIN if way in at}
    return min(both, key=both.get) if len(set(both.values())) == 2 else None


def _cold(timings: Sequence[Timing], plan: Plan, machine: Machine | None) -> str:
    """Where the runs of a cold plan stayed in the cache all the same."""
    if machine is None or not plan.cold:
        return ""
    within = [timing for timing in timings if timing.rotated_bytes < machine.cache_bytes]
    if not within:
        return ""
    least = min(within, key=lambda timing: timing.rotated_bytes)
    return (
        f"At {counted(len(within), 'point')} the runs went over less memory than the cache of "
        f"{in_bytes(machine.cache_bytes)} holds, which flatters: {least.way} at {plan.over} = "
        f"{least.along(plan.over):,}, for instance, over {in_bytes(least.rotated_bytes)}."
    )


def _roof(timings: Sequence[Timing], plan: Plan, roofline: Roofline | None, machine: Machine | None) -> str:
    if roofline is None or not timings:
        return ""
    last = max(timing.along(plan.over) for timing in timings)
    near = {
        _PLAIN[timing.way]: lookup.nearness(timing, roofline)
        for timing in timings
        if timing.along(plan.over) == last and timing.way in _PLAIN
    }
    shares = ", ".join(f"{way} {share:.0%}" for way, share in near.items())
    reached = f" At {plan.over} = {last:,} the ways come to this share of it: {shares}." if near else ""
    if max(near.values(), default=0) > 1:
        reached += " More than 100% means that numbers came from the cache, which is quicker than memory."
    flatters = (
        f", which flatters, as its cache holds {in_bytes(machine.cache_bytes)}"
        if machine is not None and roofline.streamed_bytes < machine.cache_bytes
        else ""
    )
    return (
        f"Measured first, at its best: {in_bytes(roofline.bandwidth)} a second to and from memory (over "
        f"{in_bytes(roofline.streamed_bytes)}{flatters}), "
        f"{roofline.peak / 1e9:,.3g} billion operations a second, {in_words(roofline.call_seconds)} for the smallest "
        f"call.{reached}"
    )


def _disturbed(timings: Sequence[Timing]) -> str:
    count = sum(timing.disturbed for timing in timings)
    if not count:
        return ""
    return (
        f"{counted(count, 'point')} in a ring: the runs there differed by more than {lookup.SPREAD_BOUND:.0%} of the "
        "median, so that something else was running. Measure again before you trust them."
    )


def _not_tried(outcomes: Sequence[Timing | Predicted], plan: Plan) -> str:
    refused = [outcome for outcome in outcomes if isinstance(outcome, Predicted)]
    if not refused:
        return ""
    worst = max(refused, key=lambda outcome: (outcome.reason == lookup.MEMORY, outcome.needed_bytes))
    why = (
        f"would hold {in_bytes(worst.needed_bytes)}, and {in_bytes(worst.allowed_bytes)} may be used here"
        if worst.reason == lookup.MEMORY
        else f"would take about {in_words(worst.seconds)} a run, and a point, of {LEAST_CALLS} runs at the "
        f"least, may take {plan.budget_seconds:g} s"
    )
    return (
        f"Not tried, and drawn hollow where foretold: {counted(len(refused), 'point')}. {worst.way} at {plan.over} = "
        f"{worst.along(plan.over):,}, for instance, {why}."
    )


def remark(outcome: Timing | Predicted) -> str:
    """What is to be said of one point in a table."""
    if isinstance(outcome, Timing):
        return "disturbed" if outcome.disturbed else ""
    foretold = "" if outcome.seconds is None else f", foretold {in_words(outcome.seconds)}"
    return f"not tried, for its {outcome.reason}{foretold}"


def times(ratio: float) -> str:
    """``ratio`` with two digits, as no timing holds more.

    >>> times(1449.7), times(2.345)
    ('1,400', '2.3')
    """
    return f"{float(f'{ratio:.2g}'):,.0f}" if ratio >= 10 else f"{ratio:.1f}"
