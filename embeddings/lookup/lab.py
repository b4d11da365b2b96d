"""A run of the timing lab that hands out what it has measured after each point."""

from dataclasses import dataclass, replace

from embeddings.common import ProgressCallback, no_progress
from embeddings.lookup.hardware import this_machine
from embeddings.lookup.models import model_table
from embeddings.lookup.results import Extrapolated, Timing
from embeddings.lookup.roofline import measure_roofline
from embeddings.lookup.run_file import BenchmarkRun
from embeddings.lookup.sweep import Sweep
from embeddings.lookup.timing import measure
from embeddings.lookup.variants import check_device


@dataclass(frozen=True)
class LabRun:
    """A run of the lab on one machine.

    Attributes:
        benchmark_run: What there is of it so far.
        model: The name of the model whose real weights are the table, or "".
    """

    benchmark_run: BenchmarkRun
    model: str = ""


def run_lab(sweep: Sweep, model: str, roof_seconds: float, report: ProgressCallback | None = None) -> LabRun:
    """Carry out ``sweep`` and hand out the run after each point.

    Args:
        sweep: What is to be measured.
        model: The name of the model whose weights are the table, or "" for random numbers.
        roof_seconds: How long what the machine allows is measured.
        report: As work is given it.

    Raises:
        LabError: As ``measure``.
    """
    report = report or no_progress
    check_device(sweep.device)
    report(0, "Measuring what this machine allows")
    roofline = measure_roofline(sweep.device, sweep.dtype, sweep.threads, roof_seconds)
    run = LabRun(BenchmarkRun(this_machine(sweep.device), (sweep,), (), (), (roofline,)), model)
    read = model_table(model).table if model else None
    expected = len(sweep.points())
    report(0, "Warming up", run)
    for number, outcome in enumerate(measure(sweep, None if read is None else read(), roofline), start=1):
        run = replace(run, benchmark_run=_with(run.benchmark_run, outcome))
        what = outcome.variant if outcome.variant == outcome.phase else f"{outcome.variant} {outcome.phase}"
        words = f"{number} of {expected} measured: {what} at {sweep.over} = {outcome.along(sweep.over):,}"
        report(number / expected, words, run)
    return run


def _with(benchmark_run: BenchmarkRun, outcome: Timing | Extrapolated) -> BenchmarkRun:
    if isinstance(outcome, Timing):
        return replace(benchmark_run, timings=(*benchmark_run.timings, outcome))
    return replace(benchmark_run, extrapolated=(*benchmark_run.extrapolated, outcome))
