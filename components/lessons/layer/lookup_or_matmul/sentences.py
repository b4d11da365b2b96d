"""What a run of the timing lab shows, in words; each sentence from its numbers."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from components.figures.timing import in_words, power, stays
from components.markup import escaped
from embeddings import lookup
from embeddings.common import allowed_bytes, count_of, in_bytes
from embeddings.lookup import MIN_CALLS, Extrapolated, Machine, Roofline, Sweep, Timing, Workload, bytes_held, devices

_PLAIN = MappingProxyType({lookup.EMBEDDING: "the lookup", lookup.MATMUL: "the matmul"})


def result(timings: Sequence[Timing], sweep: Sweep) -> str:
    """The matmul beside the lookup at the largest size, without and with the building of its rows."""
    alone, with_rows = lookup.time_ratio(timings, sweep), lookup.time_ratio(timings, sweep, building=True)
    if alone is None:
        return ""
    built = (
        "The time to build its one-hot rows was not measured there, and would be added."
        if with_rows is None
        else f"With the time to build its one-hot rows it takes **{times(with_rows)} times** as long."
    )
    return (
        f"At {sweep.over} = {sweep.sizes[-1]:,} the matmul takes **{times(alone)} times** as long as the lookup. "
        f"{built}{_shaky(timings, sweep)}"
    )


def _shaky(timings: Sequence[Timing], sweep: Sweep) -> str:
    """That one of the points beside each other at the largest size was disturbed."""
    last = [t for t in timings if t.along(sweep.over) == sweep.sizes[-1] and t.variant in (*_PLAIN, lookup.BUILD)]
    if not any(timing.noisy for timing in last if timing.phase in (lookup.FORWARD, lookup.BUILD)):
        return ""
    return " But something else was running then. Measure again before you trust these numbers."


def refused(sweep: Sweep) -> str:
    """How many points will not be measured, for the memory that they would take; "" where all will."""
    if sweep.device not in devices():  # of another machine, whose memory is not known here
        return ""
    allowed = allowed_bytes(sweep.device)
    count = sum(bytes_held(point) > allowed for point in sweep.points())
    return f"So {count_of(count, 'point')} will not be measured, only estimated." if count else ""


def memory(sweep: Sweep) -> str:
    """What the largest point would hold, beside what there is."""
    points = sweep.points()
    needed = f"The largest needs {in_bytes(max(map(bytes_held, points)))} of memory"
    here = f"; {in_bytes(allowed_bytes(sweep.device))} may be used here" if sweep.device in devices() else ""
    told = (
        f"A run has {count_of(len(points), 'point')}.",
        f"{needed}{here}.",
        refused(sweep),
        _one_hot_rows(points),
    )
    return " ".join(filter(None, told))


def _one_hot_rows(points: Sequence[Workload]) -> str:
    """What the products' one-hot rows take, of which a lookup needs none."""
    products = [point for point in points if point.variant in (lookup.MATMUL, lookup.LINEAR)]
    if not products:
        return ""
    V, _, B = max((point.size for point in products), key=lambda size: size[0] * size[2])
    return (
        f"Its one-hot rows alone are {B:,} × {V:,} numbers, {in_bytes(B * V * products[0].item_bytes)}. The lookup "
        f"reads only {count_of(B, 'id')}, {in_bytes(8 * B)}."
    )


def conditions(sweep: Sweep, machine: Machine) -> str:
    """Where and how it was measured."""
    sizes = ", ".join(f"{axis} = {getattr(sweep, axis):,}" for axis in "VDB" if axis != sweep.over)
    where = machine.accelerator or machine.processor
    return (
        f"Measured on {sweep.device} ({escaped(where)}) with {count_of(sweep.threads, 'thread')}, {sizes}, "
        f"{sweep.dtype}, {sweep.id_distribution} ids{', tables not in the cache' if sweep.cold else ''}, PyTorch "
        f"{escaped(machine.torch)}, {escaped(machine.date[:10])}. A point is the median of its runs."
    )


def findings(
    outcomes: Sequence[Timing | Extrapolated],
    sweep: Sweep,
    phase: str,
    meet: float | None,
) -> list[str]:
    """Where the two ways are equal and why, and what was not tried: what is read first."""
    timings = [outcome for outcome in outcomes if isinstance(outcome, Timing)]
    found = (
        _beside_each_other(timings, sweep, phase),
        _meeting(timings, sweep, phase, meet),
        _not_tried(outcomes, sweep),
    )
    return list(filter(None, found))


def details(
    timings: Sequence[Timing],
    sweep: Sweep,
    slopes: Mapping[str, float],
    roofline: Roofline | None,
    machine: Machine | None = None,
) -> list[str]:
    """How each way grows, how near the roof they come, and what was disturbed.

    Where ``machine`` is given, its cache tells which figures flatter.
    """
    found = (
        _scaling(sweep, slopes),
        _roof(timings, sweep, roofline, machine),
        _cold(timings, sweep, machine),
        _noisy(timings),
    )
    return list(filter(None, found))


def rings(outcomes: Sequence[Timing | Extrapolated]) -> str:
    """What a ring around a point means, where there is one."""
    if not any(isinstance(outcome, Timing) and outcome.noisy for outcome in outcomes):
        return ""
    return "A thin ring: the machine was busy with something else at this point. Measure again before you trust it."


def mostly_disturbed(timings: Sequence[Timing]) -> bool:
    """Whether more than half of the points were disturbed, so that where two curves meet says little."""
    return sum(timing.noisy for timing in timings) > len(timings) / 2


def _beside_each_other(timings: Sequence[Timing], sweep: Sweep, phase: str) -> str:
    """How the two compare in a phase that the guess was not about."""
    found = None if phase == lookup.FORWARD else lookup.time_ratio(timings, sweep, phase=phase)
    if found is None:
        return ""
    return (
        f"In this phase, {phase}, the matmul takes **{times(found)} times** as long as the lookup at {sweep.over} = "
        f"{sweep.sizes[-1]:,}."
    )


def _scaling(sweep: Sweep, slopes: Mapping[str, float]) -> str:
    if not slopes:
        return ""
    flat = [variant for variant, exponent in slopes.items() if stays(exponent)]
    rising = [
        f"{variant} as **{power(sweep.over, exponent)}**" for variant, exponent in slopes.items() if not stays(exponent)
    ]
    told = []
    if flat:
        told.append(f"the time of {' and of '.join(flat)} **does not grow with {sweep.over}**")
    if rising:
        told.append(f"{'the other times grow' if flat else 'the times grow'}: {', '.join(rising)}")
    return (
        f"From {sweep.over} = {lookup.grows_from(sweep):,} on, {'; '.join(told)}. These are the slopes of the curves "
        "on these logarithmic axes. Disturbed points are left out where there are enough others."
    )


def _meeting(timings: Sequence[Timing], sweep: Sweep, phase: str, meet: float | None) -> str:
    """Where the two ways take equally long, or which one is faster at every size."""
    if phase == lookup.STEP or mostly_disturbed(timings):
        return ""
    both = [size for size in sweep.sizes if lookup.faster_at(timings, sweep, size) is not None]
    matmul = lookup.matmul_faster_at(timings, sweep, phase)
    if meet is None:
        faster = _PLAIN[lookup.MATMUL] if matmul else _PLAIN[lookup.EMBEDDING]
        return f"At every {sweep.over} that was measured, {faster} is faster." if both else ""
    below, above = lookup.sizes_beside(timings, sweep, meet)
    between = "" if below is None or above is None else f", between the measured {below:,} and {above:,}"
    where = f"The two ways take equally long at about {sweep.over} = **{times(meet)}**{between}."
    if phase == lookup.BACKWARD:
        return (
            f"{where} A lookup's gradient is as large as the whole table, unless it is sparse, and it must first be "
            "filled with zeros. That takes time too."
        )
    smaller, larger = [size for size in both if size < meet], [size for size in both if size > meet]
    if smaller and larger and matmul == smaller:
        return (
            f"{where} For smaller {sweep.over} the matmul is faster: it is one short call. For larger ones the lookup "
            "is faster: nearly all multiplications of the matmul are by zero."
        )
    if smaller and larger and matmul == larger:
        return f"{where} For smaller {sweep.over} the lookup is faster, for larger ones the matmul."
    return f"{where} That is the last of several such points: the two are close together here."


def _cold(timings: Sequence[Timing], sweep: Sweep, machine: Machine | None) -> str:
    """Where the runs of a cold plan stayed in the cache all the same."""
    if machine is None or not sweep.cold:
        return ""
    within = [timing for timing in timings if timing.rotated_bytes < machine.cache_bytes]
    if not within:
        return ""
    least = min(within, key=lambda timing: timing.rotated_bytes)
    return (
        f"At {count_of(len(within), 'point')} the runs used less memory than the cache of "
        f"{in_bytes(machine.cache_bytes)} holds, which flatters: {least.variant} at {sweep.over} = "
        f"{least.along(sweep.over):,}, for instance, over {in_bytes(least.rotated_bytes)}."
    )


def _roof(timings: Sequence[Timing], sweep: Sweep, roofline: Roofline | None, machine: Machine | None) -> str:
    if roofline is None or not timings:
        return ""
    last = max(timing.along(sweep.over) for timing in timings)
    shares = {
        _PLAIN[timing.variant]: lookup.roofline_fraction(timing, roofline)
        for timing in timings
        if timing.along(sweep.over) == last and timing.variant in _PLAIN
    }
    told = " and ".join(f"**{share:.0%}** of the time of {way}" for way, share in shares.items())
    reached = f" At {sweep.over} = {last:,} this least time is {told}." if shares else ""
    if max(shares.values(), default=0) > 1:
        reached += " More than 100%: the numbers came from the cache, which is faster than memory."
    flatters = (
        f", which flatters, as its cache holds {in_bytes(machine.cache_bytes)}"
        if machine is not None and roofline.streamed_bytes < machine.cache_bytes
        else ""
    )
    return (
        f"The machine's best was measured first: {in_bytes(roofline.bandwidth)} a second to and from memory (over "
        f"{in_bytes(roofline.streamed_bytes)}{flatters}), {roofline.peak / 1e9:,.3g} billion operations a second, "
        f"{in_words(roofline.call_seconds)} for the smallest call. From these follows the least time that a way needs "
        f"here.{reached}"
    )


def _noisy(timings: Sequence[Timing]) -> str:
    count = sum(timing.noisy for timing in timings)
    if not count:
        return ""
    return (
        f"{count_of(count, 'point')} in a ring: the runs there differed by more than {lookup.MAX_RELATIVE_IQR:.0%} of "
        "the median. Something else was probably running."
    )


def _not_tried(outcomes: Sequence[Timing | Extrapolated], sweep: Sweep) -> str:
    refused = [outcome for outcome in outcomes if isinstance(outcome, Extrapolated)]
    if not refused:
        return ""
    worst = max(refused, key=lambda outcome: (outcome.reason == lookup.MEMORY, outcome.needed_bytes))
    why = (
        f"would need {in_bytes(worst.needed_bytes)}, and {in_bytes(worst.allowed_bytes)} may be used here"
        if worst.reason == lookup.MEMORY or worst.seconds is None  # what is left out for its time has seconds
        else f"would take about {in_words(worst.seconds)} a run, and a point, of {MIN_CALLS} runs at the "
        f"least, may take {sweep.budget_seconds:g} s"
    )
    named = _PLAIN[worst.variant].capitalize() if worst.variant in _PLAIN else worst.variant
    return (
        f"Not measured, and drawn hollow where estimated: {count_of(len(refused), 'point')}. {named} at "
        f"{sweep.over} = {worst.along(sweep.over):,}, for instance, {why}."
    )


def remark(outcome: Timing | Extrapolated) -> str:
    """What is to be said of one point in a table."""
    if isinstance(outcome, Timing):
        return "disturbed" if outcome.noisy else ""
    estimate = "" if outcome.seconds is None else f", estimated {in_words(outcome.seconds)}"
    return f"not measured, for its {outcome.reason}{estimate}"


def times(ratio: float) -> str:
    """``ratio`` with two digits, as no timing holds more.

    >>> times(1449.7), times(2.345)
    ('1,400', '2.3')
    """
    return f"{float(f'{ratio:.2g}'):,.0f}" if ratio >= 10 else f"{ratio:.1f}"
