"""A map from its words and options: at once where that is quick, else in line, with what it looked like on the way."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components import own_tables, work
from components.drawings.word_map import Frames
from embeddings import jobs
from embeddings.axes import axis
from embeddings.faithfulness import Faithfulness, assess
from embeddings.jobs import Job
from embeddings.projection import Projection, add_points, estimate_seconds, options_of, project
from embeddings.word_vectors import WordVectors

JOB = "space"  # the name under which a map stands in line
AT_ONCE = 500  # words whose map by PCA or axes is drawn without standing in line
MOST_WITH_FRAMES = 5_000  # words
MOST_FRAMES = ((2_000, 120), (MOST_WITH_FRAMES, 40))  # of one map, by the number of words; more are thinned out
NEIGHBOURS = 10  # that trust is measured by
LONG_SECONDS = 60  # more, and the reader is asked first
_DRAWING = 0.8  # share of the progress; the rest is comparing the map with the table


@dataclass(frozen=True)
class Asked:
    """What map is wanted.

    Attributes:
        mark: Of the table.
        words: What it shows.
        options: Method and options, as ``project`` takes them, sorted; but axes are named by the words at their ends.
    """

    mark: str
    words: tuple[str, ...]
    options: tuple[tuple[str, Any], ...]

    @cached_property
    def digest(self) -> str:
        """What stands for it in a cache, which would take long to read through thousands of words."""
        return hashlib.sha256(repr((self.mark, self.words, self.options)).encode()).hexdigest()

    @property
    def method(self) -> str:
        return dict(self.options)["method"]

    @property
    def metric(self) -> str:
        return dict(self.options).get("metric", "euclidean")

    @property
    def at_once(self) -> bool:
        """Whether it is quick enough to be drawn while the page is."""
        return self.method in ("pca", "axes") and len(self.words) <= AT_ONCE


@dataclass(frozen=True, eq=False)
class Made:
    """A map that is finished, or a snapshot of one on its way.

    Attributes:
        coordinates: float32 [n, k].
        projection: ``None`` while it forms.
        frames: What it looked like on the way, where that was kept.
        trust: How far it can be trusted; ``None`` while that is being measured, and of less than three words.
    """

    coordinates: NDArray[np.float32]
    projection: Projection | None = None
    frames: Frames | None = None
    trust: Faithfulness | None = None


def asked(table: WordVectors, words: Sequence[str], options: dict[str, Any]) -> Asked:
    """What the reader wants, as a value that can be compared."""
    return Asked(own_tables.mark(table), tuple(words), tuple(sorted(options.items())))


def neighbours_compared(n: int) -> int:
    """How many neighbours trust is measured by, for ``n`` words."""
    return min(NEIGHBOURS, (n - 1) // 2)


def seconds_needed(wanted: Asked, table: WordVectors) -> float:
    """About how long the map takes, with measuring how far it can be trusted.

    Raises:
        InvalidInput: The options do not fit the words.
    """
    n = len(wanted.words)
    return estimate_seconds(n=n, D=table.dimension, **options_for(wanted, table)) + 6e-8 * n**2


def options_for(wanted: Asked, table: WordVectors) -> dict[str, Any]:
    """What ``project`` is given beside vectors and seed: axes are made here, from the words at their ends.

    Raises:
        InvalidInput: The ends of an axis leave no direction.
    """
    options = {name: value for name, value in wanted.options if name != "seed"}
    if "axes" in options:
        options["axes"] = tuple(axis(table, low, high) for low, high in options["axes"])
    return options


@st.cache_resource(max_entries=8, show_spinner=False)
def made_at_once(digest: str, _wanted: Asked, _table: WordVectors) -> Made:
    """The map of a few words, kept for others who want the same."""
    return _make(_wanted, _table, None)


@st.cache_resource(max_entries=4, show_spinner=False)
def starting_map(digest: str, n_components: int, _vectors: NDArray[np.float32]) -> NDArray:
    """What is shown until the first step: the PCA of the words."""
    return project(_vectors, "pca", n_components=n_components).coordinates


def start(wanted: Asked, table: WordVectors) -> None:
    """Put the map in line, unless it is there or done.

    Raises:
        InvalidInput: The options do not fit the words.
    """
    # said at once, and not after a place in line
    options_of((len(wanted.words), table.dimension), **options_for(wanted, table))

    def compute(report):
        return _make(wanted, table, report)

    work.ensure(JOB, compute, jobs.PROJECTION, key=wanted)


def made_of(job: Job | None) -> Made | None:
    """What there is of the map in ``job``: all of it, the latest snapshot, or nothing yet."""
    if job is None:
        return None
    return job.result if job.state == "done" else job.snapshot


def _make(wanted: Asked, table: WordVectors, report: jobs.Report | None) -> Made:
    vectors = table.rows(wanted.words)
    solid = dict(wanted.options).get("n_components", 2) == 3
    film = _Film(0 if solid else next((most for words, most in MOST_FRAMES if len(wanted.words) <= words), 0))

    def drawing(share: float, words: str) -> None:
        report(_DRAWING * share, words, film.latest)

    def comparing(share: float, words: str) -> None:
        report(_DRAWING + (1 - _DRAWING) * share, words, Made(projection.coordinates, projection, frames))

    watched = report is not None
    projection = project(
        vectors,
        seed=dict(wanted.options).get("seed", 0),
        on_step=film.add if watched else None,
        report=drawing if watched else None,
        **options_for(wanted, table),
    )
    frames = film.frames()
    k = neighbours_compared(len(vectors))
    trust = None
    if k:
        trust = assess(vectors, projection.coordinates, k, metric=wanted.metric, report=comparing if watched else None)
    return Made(projection.coordinates, projection, frames, trust)


class _Film:
    """The steps of a map, every second one dropped whenever there are more than ``most``."""

    def __init__(self, most: int):
        self.most, self.every = most, 1
        self.shots: list[tuple[NDArray, int, float]] = []
        self.seen = 0
        self.latest: Made | None = None

    def add(self, step: int, steps: int, coordinates: NDArray, loss: float) -> None:
        self.latest = Made(coordinates)
        if self.most and self.seen % self.every == 0:
            self.shots.append((coordinates, step, loss))
            if len(self.shots) > self.most:
                self.shots, self.every = self.shots[::2], 2 * self.every
        self.seen += 1

    def frames(self) -> Frames | None:
        if len(self.shots) < 2:
            return None
        coordinates, steps, loss = zip(*self.shots, strict=True)
        return Frames(coordinates, steps, loss)


@st.cache_resource(max_entries=8, show_spinner=False)
def places_of(digest: str, new: tuple[str, ...], _made: Made, _vectors: NDArray, _new: NDArray) -> NDArray:
    """Where further words lie on the finished map: float32 [m, k]."""
    return add_points(_made.projection, _vectors, _new)
