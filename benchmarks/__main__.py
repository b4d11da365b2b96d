"""Run benchmarks, write their figures down, and print them: ``python -m benchmarks [NAME ...]``."""

import argparse
import importlib
import sys
import traceback

from benchmarks import report
from benchmarks.figures import write

NAMES = (
    "neighbors",
    "evaluation",
    "opening",
    "projection",
    "projection_quality",
    "training",
    "next_token",
    "own_tokenizer",
    "timing",
    "first_page",
    "rerun",
    "memory",
    "class",
    "replicas",
)
MODULES = {"class": "classroom"}  # of those that cannot be called as they are


def main() -> int:
    """1 if a bound was missed or a benchmark could not be carried out, else 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all of them if none is given")
    names = parser.parse_args().names or NAMES
    if unknown := sorted(set(names) - set(NAMES)):
        parser.error(f"There is no benchmark called {', '.join(unknown)}. There are: {', '.join(NAMES)}.")
    return int(not all(list(map(run, names))))  # a list: a missed bound does not end the rest


def run(name: str) -> bool:
    """Carry out the benchmark called ``name`` and print its figures; whether every bound holds."""
    print(f"Measuring {name} ...", file=sys.stderr, flush=True)
    benchmark = importlib.import_module(f"benchmarks.{MODULES.get(name, name)}")
    try:
        file = write(name, benchmark.__doc__, benchmark.measure())
    except Exception:  # the others are still worth measuring
        traceback.print_exc()
        print(f"{name}: could not be measured; the reason stands above.\n", flush=True)
        return False
    return report.show(file)


sys.exit(main())
