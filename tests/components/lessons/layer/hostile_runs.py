"""Recorded runs of the timing lab, changed by chance in their values or their bytes, read and shown."""

import io
import json
import logging
import random
import sys
from dataclasses import asdict
from typing import Any

from components.lessons.layer.lookup_or_matmul import panels
from embeddings.lookup import (
    BACKWARD,
    BUILD,
    FORWARD,
    MEMORY,
    PHASES,
    SPARSE,
    STEP,
    TIME,
    VARIANTS,
    BenchmarkRun,
    Extrapolated,
    Machine,
    Roofline,
    Sweep,
    Timing,
)
from embeddings.lookup.run_file import read_run, to_csv, to_json
from tests import fuzzing

VALUES = (
    *(None, True, False, 0, -1, 1, 2, 0.5, 1e-12, 5e-324, 1e9, 1e12, 1e300, 2**62, 2**63, 10**400),
    *("", "x", "\ud800", "x" * 301, MEMORY, TIME, "V", "D", "B", "cpu", "cuda", "zipf", "bfloat16"),
    *VARIANTS,
    *PHASES,
    *(SPARSE, [], {}, [1], [10, 20], [[]], [BUILD], [SPARSE], {"bytes": 1}),
)


def _recorded(over: str, phases: tuple[str, ...], reason: str) -> str:
    """A run over V, D or B, whose last two points were left out."""
    sweep = Sweep((10, 100, 1_000), over=over, D=4, B=8, variants=(*VARIANTS, SPARSE), phases=phases)
    points = [asdict(point) for point in sweep.points()]
    quartiles = {"median": 3e-5, "lower_quartile": 2e-5, "upper_quartile": 4e-5}
    timings = [Timing(**point, **quartiles, runs=9) for point in points[:-2]]
    why = {"reason": reason, "needed_bytes": 10**12, "allowed_bytes": 10**9, "seconds": 0.5}
    foretold = [Extrapolated(**point, **why) for point in points[-2:]]
    machine = Machine("2026-01-02", "A processor", "A GPU", 8, 16 * 10**9, 50 * 10**6, "Linux", "3.12", "2.13")
    roofline = Roofline("cpu", "float32", 1, 2e12, 5e14, 4e-6, 9)
    return to_json(BenchmarkRun(machine, (sweep,), tuple(timings), tuple(foretold), (roofline,)))


SEEDS = (
    _recorded("V", (BUILD, FORWARD), TIME),
    _recorded("D", (FORWARD,), MEMORY),
    _recorded("B", (BACKWARD,), TIME),
    _recorded("V", (STEP,), MEMORY),
    _recorded("B", (BUILD,), TIME),
)


def seeds_are_shown() -> None:
    for seed in SEEDS:
        _show(read_run(io.BytesIO(seed.encode())))


def attempt(chance: random.Random) -> None:
    seed = chance.choice(SEEDS)
    if chance.random() < 0.3:
        content = fuzzing.mutated(seed.encode(), chance)
    else:
        content = json.dumps(_changed(json.loads(seed), chance)).encode()
    _show(read_run(io.BytesIO(content)))


def _changed(content: Any, chance: random.Random) -> Any:
    """``content`` with another value somewhere, or one less."""
    place, key = content, chance.choice(list(content))
    while isinstance(place[key], (dict, list)) and place[key] and chance.random() < 0.9:
        place = place[key]
        key = chance.choice(list(place)) if isinstance(place, dict) else chance.randrange(len(place))
    value = place[key]
    if chance.random() < 0.1:
        del place[key]
    elif chance.random() < 0.3:
        place[key] = None
    elif type(value) in (int, float) and chance.random() < 0.5:
        place[key] = type(value)(value * chance.choice((0, 0.3, 0.99, 1.01, 2, 1e3, 1e6, 1e12)))
    else:
        place[key] = chance.choice(VALUES)
    return content


def _show(benchmark_run: BenchmarkRun) -> None:
    for sweep in benchmark_run.sweeps:
        if benchmark_run.outcomes(sweep):
            panels.show_run(benchmark_run, sweep, "recorded")
    to_csv((*benchmark_run.timings, *benchmark_run.extrapolated))
    assert read_run(io.BytesIO(to_json(benchmark_run).encode())) == benchmark_run


if __name__ == "__main__":
    logging.disable(logging.WARNING)  # Streamlit's, that nobody is there to see what is shown
    print(json.dumps(fuzzing.outcomes(seeds_are_shown, attempt, *map(int, sys.argv[1:]))))
