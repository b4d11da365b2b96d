"""Opening the bundled GloVe 6B 50d, 400,000 words, from a cold process.

Each opening is a Python process of its own, timed from its start to its end: it imports, opens the table and looks
one word up. Ours is ``embeddings.sources.load``, the peer gensim's ``KeyedVectors.load_word2vec_format`` of the same
words and numbers in a file of word2vec's binary format, written beforehand. They take turns after one opening each
that is not counted, so that both find their files in the system's cache, and must find the same vector.

Memory is what such a process grew by, from after its imports until the table was open, less the table itself (80 MB):
resident bytes, and the most there ever were of them on the way.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure
from embeddings import sources
from embeddings.formats import write

ROOT = Path(__file__).parent.parent
ROUNDS = 5
AT_MOST_TIMES = 0.5  # of gensim's time
AT_MOST = 90  # MB beside the table

OURS = """
def load():
    from embeddings import sources
    return sources.load()
"""
PEERS = """
def load():
    import sys
    from gensim.models import KeyedVectors
    return KeyedVectors.load_word2vec_format(sys.argv[1], binary=True)
"""
LOOK_UP = """
print(load()["cat"].tolist())
"""
GROWTH = """
import json, sys, numpy, pyarrow.parquet
from benchmarks.own_memory import max_resident_bytes, resident_bytes
if len(sys.argv) > 1:
    import gensim.models

before = resident_bytes()
table = load()
print(json.dumps([resident_bytes() - before, max_resident_bytes() - before]))
"""


def measure() -> list[Figure]:
    """Seconds and megabytes of both."""
    table = sources.load()  # also verifies the bundled files, which is done once for each machine
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "glove.bin"
        with file.open("wb") as stream:
            write(table, "word2vec binary", stream)
        size = f"{len(table):,} x {table.dimension}"
        return [compare_seconds(size, str(file)), *compare_memory(size, table.matrix.nbytes, str(file))]


def compare_seconds(size: str, file: str) -> Figure:
    """Medians over cold processes of both sides, which alternate."""
    ours, peers = [], []
    for _ in range(ROUNDS + 1):
        ours.append(timed(OURS + LOOK_UP))
        peers.append(timed(PEERS + LOOK_UP, file))
    (_, found), (_, peers_found) = ours.pop(0), peers.pop(0)  # the warm-up of the system's cache
    if found != peers_found:
        raise RuntimeError(f"The vectors differ: {found} and {peers_found}.")
    ours, peers = [seconds for seconds, _ in ours], [seconds for seconds, _ in peers]
    return Figure(
        f"a cold process opens {size}",
        "s",
        median(ours),
        tuple(ours),
        peer="gensim",
        peers=median(peers),
        peers_all=tuple(peers),
        at_most_times=AT_MOST_TIMES,
    )


def compare_memory(size: str, matrix_bytes: int, file: str) -> list[Figure]:
    """Megabytes beside the table, once it is open and at the most."""
    ours = json.loads(timed(OURS + GROWTH)[1])
    peers = json.loads(timed(PEERS + GROWTH, file)[1])
    return [
        Figure(
            f"memory beside the table of {size}, {when}",
            "MB",
            (our_bytes - matrix_bytes) / 1e6,
            peer="gensim",
            peers=(peer_bytes - matrix_bytes) / 1e6,
            at_most=AT_MOST,
        )
        for when, our_bytes, peer_bytes in zip(("once open", "at the most"), ours, peers, strict=True)
    ]


def timed(script: str, *arguments: str) -> tuple[float, str]:
    """Seconds that a Python process takes for ``script``, from start to end, and what it printed."""
    started = time.perf_counter()
    process = subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return time.perf_counter() - started, process.stdout
