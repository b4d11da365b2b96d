"""Maps of GloVe's most frequent words: how long they take and how far they can be trusted.

The libraries were chosen by these measurements. t-SNE: scikit-learn's has no steps to watch and is the slowest;
openTSNE shows its steps and places new words, and draws maps of up to 500 words and those that somebody wants to watch;
scranpy (libscran) is several times as fast as both at the same trustworthiness, and draws all others. So the app draws
1,000 words by openTSNE while they are watched, which is its usual there, and by scranpy, as measured here, once "Watch
it form" is off; what watching costs is measured too. UMAP: umap-learn compiles itself for half a minute in every new
process and asks for a compiler (llvmlite); fastumap is compiled beforehand, places new words, and comes with nothing
but NumPy and SciPy. scranpy's UMAP takes as long as fastumap's, but cannot place new words and is not made for Windows.

Both sides draw the same rows in the same process by turns, after a small map that loads the libraries, each with its
own defaults: ours is UMAP by 350 steps at a least distance of 0.05, umap-learn's by 500 at 0.1. The seed is the number
of the round. Trustworthiness is scikit-learn's, of 10 neighbours, the median over the rounds. A fresh process is timed
from its start to its end, reading the rows included. What a process of its own costs is measured on a call that does
next to nothing.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Figure
from embeddings import sources
from embeddings.jobs import POLL_SECONDS, run_in_subprocess
from embeddings.numeric import normalize_for_metric
from embeddings.projection import LIVE_UP_TO, project

ROUNDS = 3
FRAME_ROUNDS = 7
TRUST_LOST = 0.005
REPOSITORY = Path(__file__).parent.parent

OURS_FRESH = "from embeddings.projection import project; project(rows, 'umap')"
PEERS_FRESH = "import umap; umap.UMAP(random_state=0).fit_transform(rows)"

Draw = Callable[[NDArray, int], NDArray]


def measure() -> list[Figure]:
    """t-SNE by size, UMAP warm and in fresh processes, and what a watched map costs."""
    rows = np.ascontiguousarray(sources.load().matrix[:20_000])
    figures = [first_frame(rows[:1_000]), process_of_its_own(), stopping(rows[:5_000])]
    warm_up(rows[: LIVE_UP_TO + 1])
    figures += [watched_tsne(rows[:1_000])]
    figures += compare("t-SNE", rows[:1_000], fast_tsne, sklearn_tsne, "scikit-learn", 1 / 4)
    figures += compare("t-SNE", rows[:5_000], fast_tsne, sklearn_tsne, "scikit-learn", 1 / 6)
    figures += compare("UMAP, warm,", rows[:5_000], our_umap, umap_learn, "umap-learn", 1, trust_lost=0)
    figures += [fresh_umap(rows[:5_000])]
    figures += compare("t-SNE", rows, fast_tsne, opentsne, "openTSNE, Barnes-Hut, 2 jobs", 1 / 4, judged=False)
    return figures


def compare(what, rows, ours: Draw, peers: Draw, peer, at_most_times, trust_lost=TRUST_LOST, judged=True):
    """Seconds of both by turns, and by how much less the maps of ours can be trusted."""
    seconds, trust = {ours: [], peers: []}, {ours: [], peers: []}
    for seed in range(ROUNDS):
        for draw in (ours, peers):
            started = time.perf_counter()
            drawn = draw(rows, seed)
            seconds[draw].append(time.perf_counter() - started)
            if judged:
                trust[draw].append(trustworthiness(rows, drawn))
            print(f"  {what} of {len(rows):,}: {draw.__name__} {seconds[draw][-1]:.2f} s", file=sys.stderr, flush=True)
    name = f"{what} of {len(rows):,} rows"
    figures = [
        Figure(
            name,
            "s",
            median(seconds[ours]),
            tuple(seconds[ours]),
            peer=peer,
            peers=median(seconds[peers]),
            peers_all=tuple(seconds[peers]),
            at_most_times=at_most_times,
        )
    ]
    if judged:
        lost = median(trust[peers]) - median(trust[ours])
        scores = f"{median(trust[ours]):.4f} against {median(trust[peers]):.4f}"
        figures.append(Figure(f"{name}: trustworthiness lost, {scores}", "", lost, at_most=trust_lost))
    return figures


def fast_tsne(rows: NDArray, seed: int) -> NDArray:
    """Ours, as it is for more than 500 rows where nobody asks to watch."""
    drawn = project(rows, "tsne", seed=seed)
    if drawn.options["backend"] != "fast":
        raise RuntimeError("Without scranpy there is no fast backend to measure.")
    return drawn.coordinates


def watched_tsne(rows: NDArray) -> Figure:
    """Ours by the backend whose steps can be watched."""
    seconds = []
    for seed in range(ROUNDS):
        started = time.perf_counter()
        project(rows, "tsne", seed=seed, backend="live")
        seconds.append(time.perf_counter() - started)
    return Figure(f"t-SNE of {len(rows):,} rows that can be watched", "s", median(seconds), tuple(seconds))


def sklearn_tsne(rows: NDArray, seed: int) -> NDArray:
    """scikit-learn's, with its defaults but for the start."""
    from sklearn.manifold import TSNE

    return TSNE(init="pca", random_state=seed).fit_transform(rows)


def opentsne(rows: NDArray, seed: int) -> NDArray:
    """openTSNE's, with its defaults but for the method and the jobs."""
    from openTSNE import TSNE

    return np.asarray(TSNE(negative_gradient_method="bh", n_jobs=2, random_state=seed).fit(rows))


def our_umap(rows: NDArray, seed: int) -> NDArray:
    """Ours, with its defaults."""
    return project(rows, "umap", seed=seed).coordinates


def umap_learn(rows: NDArray, seed: int) -> NDArray:
    """umap-learn's, with its defaults and a seed, as ours has one."""
    import umap

    return umap.UMAP(random_state=seed).fit_transform(rows)


def warm_up(rows: NDArray) -> None:
    """Load and compile what both sides need."""
    for draw in (fast_tsne, sklearn_tsne, opentsne, our_umap, umap_learn):
        draw(rows, 0)
    trustworthiness(rows, rows[:, :2])


def trustworthiness(rows: NDArray, drawn: NDArray) -> float:
    """scikit-learn's, of 10 neighbours."""
    from sklearn import manifold

    return manifold.trustworthiness(rows, drawn, n_neighbors=10)


def fresh_umap(rows: NDArray) -> Figure:
    """UMAP in processes that have loaded nothing."""
    seconds = {OURS_FRESH: [], PEERS_FRESH: []}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.npy"
        np.save(file, rows)
        for _ in range(ROUNDS):
            for script, taken in seconds.items():
                command = [sys.executable, "-c", f"import numpy; rows = numpy.load({str(file)!r}); {script}"]
                started = time.perf_counter()
                subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)
                taken.append(time.perf_counter() - started)
                print(f"  fresh: {script[:20]} {taken[-1]:.2f} s", file=sys.stderr, flush=True)
    ours, peers = seconds.values()
    return Figure(
        f"UMAP of {len(rows):,} rows in a fresh process",
        "s",
        median(ours),
        tuple(ours),
        peer="umap-learn",
        peers=median(peers),
        peers_all=tuple(peers),
        at_most_times=1 / 5,
    )


class FirstFrame(Exception):
    """The first picture is there."""


def first_frame(rows: NDArray) -> Figure:
    """From the call to the first picture of the live t-SNE, once its library is loaded."""

    def stop(step, steps, coordinates, loss):
        raise FirstFrame

    seconds = []
    for _ in range(1 + FRAME_ROUNDS):
        started = time.perf_counter()
        try:
            project(rows, "tsne", backend="live", callback=stop)
        except FirstFrame:
            seconds.append(time.perf_counter() - started)
    cold, *warm = seconds
    what = f"live t-SNE of {len(rows):,} rows: first picture (the very first, which loads openTSNE: {cold:.2f} s)"
    return Figure(what, "s", median(warm), tuple(warm), at_most=1)


def process_of_its_own() -> Figure:
    """What it costs to compute next to nothing in a process that can be ended."""
    seconds = []
    for _ in range(FRAME_ROUNDS):
        started = time.perf_counter()
        run_in_subprocess(normalize_for_metric, np.ones((1_000, 50), dtype=np.float32), metric="cosine")
        seconds.append(time.perf_counter() - started)
    return Figure("a process of its own, there and back", "s", median(seconds), tuple(seconds))


class Enough(Exception):
    """Somebody has asked to stop."""


def stopping(rows: NDArray) -> Figure:
    """From when a watcher knows that it is to stop until the process of a large map is gone."""
    asked = []

    def report(share, words):
        if share > 0.5:  # well within its work
            asked.append(time.perf_counter())
            raise Enough

    seconds = []
    for _ in range(ROUNDS):
        try:
            project(rows, "umap", report=report)
        except Enough:
            seconds.append(time.perf_counter() - asked[-1])
    # A watcher is asked every so often; the wish may come right after.
    longest = tuple(POLL_SECONDS + value for value in seconds)
    return Figure(
        f"UMAP of {len(rows):,} rows: from a wish to stop until it has", "s", median(longest), longest, at_most=1
    )
