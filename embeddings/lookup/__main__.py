"""Record a full run of the timing lab on this machine: ``python -m embeddings.lookup --device cpu --out FILE``."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from embeddings.errors import LabError
from embeddings.lookup.machine import this_machine
from embeddings.lookup.plan import SIZES, Plan, all_threads
from embeddings.lookup.points import Predicted, Timing
from embeddings.lookup.real_sizes import RealSize, real_sizes
from embeddings.lookup.recording import Recording, to_json
from embeddings.lookup.roofline import Roofline, measure_roofline
from embeddings.lookup.timing import measure
from embeddings.lookup.ways import BACKWARD, BUILD, DTYPES, FORWARD, PHASES, REPEATED, SPARSE, WAYS, ZIPF

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
        recording = record(options.device, options.quick)
        options.out.write_text(to_json(recording))
    except (LabError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(recording.timings)} points are in {options.out}.", file=sys.stderr)
    return 0


def record(device: str, quick: bool = False) -> Recording:
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
    plans, outcomes = [], []
    for plan, model in _plans(device, quick):
        plans.append(plan)
        roofline = next(each for each in rooflines if (each.dtype, each.threads) == (plan.dtype, plan.threads))
        outcomes += _carried_out(plan, model, roofline)
    return Recording(
        this_machine(device),
        tuple(plans),
        tuple(outcome for outcome in outcomes if isinstance(outcome, Timing)),
        tuple(outcome for outcome in outcomes if isinstance(outcome, Predicted)),
        tuple(rooflines),
    )


def _plans(device: str, quick: bool) -> list[tuple[Plan, RealSize | None]]:
    """What is measured, each with the model whose table it is, if one's."""
    if quick:
        return [
            (Plan(QUICK_SIZES, phases=PHASES, device=device, min_run_seconds=QUICK_SECONDS, budget_seconds=2), None)
        ]
    over_v = Plan(SIZES, phases=PHASES, ways=(*WAYS, SPARSE), device=device)
    plans = [
        over_v,
        replace(over_v, over="D", sizes=(5, 16, 64, 256, 1_024, 4_096)),
        replace(over_v, over="B", sizes=(1, 3, 16, 64, 256, 1_024, 8_192)),
        *(replace(over_v, ids=ids, phases=(FORWARD, BACKWARD)) for ids in (ZIPF, REPEATED)),
        replace(over_v, dtype="bfloat16"),
        *(replace(over_v, threads=threads) for threads in _thread_counts(device)[1:]),
        replace(over_v, cold=True, phases=(FORWARD, BACKWARD)),
    ]
    models = [(size.plan(phases=(BUILD, FORWARD, BACKWARD), device=device), size) for size in real_sizes()]
    return [*((plan, None) for plan in plans), *models]


def _carried_out(plan: Plan, model: RealSize | None, roofline: Roofline) -> list[Timing | Predicted]:
    table = model.table() if model and model.table else None
    outcomes, expected = [], len(plan.points())
    for outcome in measure(plan, table, roofline):
        outcomes.append(outcome)
        what = f"{model.title}, " if model else ""
        _say(
            f"{what}over {plan.over}, {plan.ids} ids, {plan.dtype}, threads: {plan.threads}"
            f"{', cold' if plan.cold else ''}: {len(outcomes)} of {expected}"
        )
    return outcomes


def _thread_counts(device: str) -> list[int]:
    """One, and on a CPU as many as it runs at once."""
    return sorted({1, all_threads()}) if device == "cpu" else [1]


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
