"""All four figures of quality for a map of 5,000 GloVe rows, against scikit-learn's trustworthiness alone.

Ours is ``embeddings.projection.quality``: trustworthiness, continuity, the overlap of neighbours and the correlations
of distances. Both are asked about the same PCA map by turns in one process, with 10 neighbours, after a small map that
loads the libraries, and must agree on trustworthiness. The memory for 20,000 rows is the largest resident size of a
process that reads them and does nothing else, libraries included; scikit-learn would take some 20 bytes for each pair
there, 8 GB.
"""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.figures import Figure
from embeddings import sources
from embeddings.projection import project, quality

ROWS = 5_000
MANY_ROWS = 20_000
ROUNDS = 5
AT_MOST_TIMES = 3
AT_MOST_OFF = 1e-6
AT_MOST_MB = 1_000
REPOSITORY = Path(__file__).parent.parent

PROCESS = f"""
import numpy as np
from benchmarks.own_memory import max_resident_bytes
from embeddings import sources
from embeddings.projection import quality
from embeddings.projection import project
rows = np.ascontiguousarray(sources.load().matrix[:{MANY_ROWS}])
drawn = project(rows).coordinates
quality(rows, drawn)
print(max_resident_bytes())
"""


def measure() -> list[Figure]:
    """Seconds by turns, the difference of the answers, and memory."""
    from sklearn.manifold import trustworthiness

    rows = np.ascontiguousarray(sources.load().matrix[:ROWS])
    drawn = project(rows).coordinates
    quality(rows[:100], drawn[:100])
    ours, peers = [], []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        measured = quality(rows, drawn)
        between = time.perf_counter()
        expected = trustworthiness(rows, drawn, n_neighbors=10)
        ours.append(between - started)
        peers.append(time.perf_counter() - between)
    off = abs(measured.trustworthiness - expected)
    return [
        Figure(
            f"all four figures of {ROWS:,} rows",
            "s",
            median(ours),
            tuple(ours),
            peer="scikit-learn's trustworthiness",
            peers=median(peers),
            peers_all=tuple(peers),
            at_most_times=AT_MOST_TIMES,
        ),
        Figure("difference of the two trustworthinesses", "", off, at_most=AT_MOST_OFF),
        Figure(f"memory of the process for {MANY_ROWS:,} rows", "MB", max_megabytes(), at_most=AT_MOST_MB),
    ]


def max_megabytes() -> float:
    """The largest resident size of a process of its own."""
    printed = subprocess.run(
        [sys.executable, "-c", PROCESS], cwd=REPOSITORY, check=True, capture_output=True, text=True
    )
    return int(printed.stdout) / 1e6
