"""Record a full run of the timing lab on this machine: ``python -m embeddings.lookup --device cpu --out FILE``."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from embeddings.common import LabError, SourceUnavailable
from embeddings.lookup.hardware import this_machine
from embeddings.lookup.models import ModelTable, model_tables
from embeddings.lookup.results import Extrapolated, Timing
from embeddings.lookup.roofline import Roofline, measure_roofline
from embeddings.lookup.run_file import BenchmarkRun, to_json
from embeddings.lookup.sweep import SIZES, Sweep, all_threads
from embeddings.lookup.timing import measure
from embeddings.lookup.variants import BACKWARD, BUILD, DTYPES, FORWARD, PHASES, REPEATED, SPARSE, VARIANTS, ZIPF

QUICK_SIZES = (4, 1_000, 10_000)
QUICK_SECONDS = 0.02


def main(arguments: list[str] | None = None) -> int:
    """0 once the run is written, 1 with a sentence where it could not be made."""
    parser = argparse.ArgumentParser(prog="python -m embeddings.lookup", description=__doc__)
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda", "mps"))
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="where to write the run, as JSON")
    parser.add_argument("--quick", action="store_true", help="three sizes, for a look; the full run takes some minutes")
    options = parser.parse_args(arguments)
    if not options.out.parent.is_dir():  # found out before the run, not after it
        print(f"There is no folder {options.out.parent}. Make it first, or choose another.", file=sys.stderr)
        return 1
    try:
        benchmark_run = record(options.device, options.quick)
        options.out.write_text(to_json(benchmark_run))
    except (LabError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(benchmark_run.timings)} points are in {options.out}.", file=sys.stderr)
    return 0


def record(device: str, quick: bool = False) -> BenchmarkRun:
    """Measure everything on ``device``, and say on stderr how far it is.

    Raises:
        InvalidInput: torch does not find the device.
    """
    _say("Measuring what this machine allows")
    rooflines = [
        measure_roofline(device, dtype, threads, QUICK_SECONDS if quick else 0.5)
        for dtype in DTYPES
        for threads in _thread_counts(device)
    ]
    sweeps, outcomes = [], []
    for sweep, model in _sweeps(device, quick):
        roofline = next(each for each in rooflines if (each.dtype, each.threads) == (sweep.dtype, sweep.threads))
        try:
            outcomes += _carried_out(sweep, model, roofline)
        except SourceUnavailable as missing:
            _say(f"Left out: {missing}")
        else:
            sweeps.append(sweep)
    return BenchmarkRun(
        this_machine(device),
        tuple(sweeps),
        tuple(outcome for outcome in outcomes if isinstance(outcome, Timing)),
        tuple(outcome for outcome in outcomes if isinstance(outcome, Extrapolated)),
        tuple(rooflines),
    )


def _sweeps(device: str, quick: bool) -> list[tuple[Sweep, ModelTable | None]]:
    """What is measured, each with the model whose table it is, if one's."""
    if quick:
        return [
            (Sweep(QUICK_SIZES, phases=PHASES, device=device, min_run_seconds=QUICK_SECONDS, budget_seconds=2), None)
        ]
    over_v = Sweep(SIZES, phases=PHASES, variants=(*VARIANTS, SPARSE), device=device)
    sweeps = [
        over_v,
        replace(over_v, over="D", sizes=(5, 16, 64, 256, 1_024, 4_096)),
        replace(over_v, over="B", sizes=(1, 3, 16, 64, 256, 1_024, 8_192)),
        *(replace(over_v, id_distribution=drawn, phases=(FORWARD, BACKWARD)) for drawn in (ZIPF, REPEATED)),
        replace(over_v, dtype="bfloat16"),
        *(replace(over_v, threads=threads) for threads in _thread_counts(device)[1:]),
        replace(over_v, cold=True, phases=(FORWARD, BACKWARD)),
    ]
    models = [(size.sweep(phases=(BUILD, FORWARD, BACKWARD), device=device), size) for size in model_tables()]
    return [*((sweep, None) for sweep in sweeps), *models]


def _carried_out(sweep: Sweep, model: ModelTable | None, roofline: Roofline) -> list[Timing | Extrapolated]:
    table = model.table() if model and model.table else None
    outcomes, expected = [], len(sweep.points())
    for outcome in measure(sweep, table, roofline):
        outcomes.append(outcome)
        what = f"{model.title}, " if model else ""
        _say(
            f"{what}over {sweep.over}, {sweep.id_distribution} ids, {sweep.dtype}, threads: {sweep.threads}"
            f"{', cold' if sweep.cold else ''}: {len(outcomes)} of {expected}"
        )
    return outcomes


def _thread_counts(device: str) -> list[int]:
    """One, and on a CPU as many as it runs at once."""
    return sorted({1, all_threads()}) if device == "cpu" else [1]


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
