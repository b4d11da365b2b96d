"""Map request: a projection of words, at once where that is fast, else as a job with snapshots on its way."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from components.lessons.play.words_in_space.word_choice import ChosenWords
from components.session import background_jobs, user_tables
from components.session.visitor_memory import remembered, shared_unless_private
from embeddings import jobs
from embeddings.jobs import Call, Seen
from embeddings.projection import (
    METHODS,
    MapResult,
    Projection,
    estimate_quality_seconds,
    estimate_seconds,
    measured_map,
    options_of,
    project,
    transform,
)
from embeddings.vectors import WordVectors

MAP_JOB = "space"  # the name under which a map stands in line
MAX_FAST = 500  # words whose map by PCA or axes is drawn without standing in line
MAX_WITH_FRAMES = 5_000  # words
MAX_FRAMES = ((2_000, 120), (MAX_WITH_FRAMES, 40))  # of one map, by the number of words; more are thinned out
LONG_SECONDS = 60  # more, and the reader is asked first


@dataclass(frozen=True)
class MapRequest:
    """What map is wanted.

    Attributes:
        table_key: Of the table, as ``user_tables.cache_key`` gives it.
        words: What it shows.
        options: Method and options, sorted, as a reader chooses them: axes are named by the words at their ends.
        private: Whether somebody typed some of its words or brought the table: nobody else learns of it then.
    """

    table_key: str
    words: tuple[str, ...]
    options: tuple[tuple[str, Any], ...]
    private: bool = field(default=False, compare=False)

    @classmethod
    def of(cls, table: WordVectors, words: ChosenWords, options: dict[str, Any]) -> "MapRequest":
        """What the reader wants, as a value that can be compared."""
        mark = user_tables.cache_key(table)
        typed = any(option.typed and option.name in options for option in METHODS[options["method"]].options)
        private = words.private or typed or mark != table.name
        return cls(mark, tuple(words.words), tuple(sorted(options.items())), private)

    @cached_property
    def digest(self) -> str:
        """What stands for it in a cache, which would take long to read through thousands of words."""
        return hashlib.sha256(repr((self.table_key, self.words, self.options)).encode()).hexdigest()

    @property
    def method(self) -> str:
        return dict(self.options)["method"]

    @property
    def metric(self) -> str:
        return dict(self.options).get("metric", "euclidean")

    @property
    def seed(self) -> int:
        return dict(self.options).get("seed", 0)

    @property
    def n_components(self) -> int:
        return dict(self.options).get("n_components", 2)

    @property
    def is_fast(self) -> bool:
        """Whether it is fast enough to be drawn while the page is."""
        return not METHODS[self.method].iterative and len(self.words) <= MAX_FAST


def estimated_seconds(request: MapRequest, table: WordVectors) -> float:
    """About how long the map takes, with measuring how far it can be trusted.

    Raises:
        InvalidInput: The options do not fit the words.
    """
    n = len(request.words)
    drawing = estimate_seconds(n=n, D=table.dimension, **_project_options(request, table))
    return drawing + estimate_quality_seconds(n)


def _project_options(request: MapRequest, table: WordVectors) -> dict[str, Any]:
    """What ``project`` is given beside vectors and seed.

    Raises:
        InvalidInput: The ends of an axis leave no direction.
    """
    chosen = {name: value for name, value in request.options if name != "seed"}
    return METHODS[request.method].arguments(table, chosen)


def cached_map(request: MapRequest, table: WordVectors) -> MapResult:
    """The map of a few words."""
    return _cached_map(request.private, request.digest, request, table)


@shared_unless_private(max_entries=8)
def _cached_map(digest: str, _request: MapRequest, _table: WordVectors) -> MapResult:
    return _make(_request, _table)


def initial_coordinates(request: MapRequest, table: WordVectors) -> NDArray[np.float32]:
    """What is shown until the first step: the PCA of the words, float32 [n, k]."""
    return _initial_coordinates(request.private, request.digest, request.n_components, request, table)


@shared_unless_private(max_entries=4)
def _initial_coordinates(
    digest: str, n_components: int, _request: MapRequest, _table: WordVectors
) -> NDArray[np.float32]:
    return project(_table.rows(_request.words), "pca", n_components=n_components).coordinates


@remembered(max_entries=8)
def added_coordinates(
    digest: str, added: tuple[str, ...], _projection: Projection, _vectors: NDArray, _added: NDArray
) -> NDArray[np.float32]:
    """Where further words lie on the finished map: float32 [m, k]."""
    return transform(_projection, _vectors, _added)


def start(request: MapRequest, table: WordVectors) -> None:
    """Put the map in line, unless it is there or done; a private one is not kept for others.

    Raises:
        InvalidInput: The options do not fit the words.
    """
    options = _project_options(request, table)
    options_of((len(request.words), table.dimension), **options)  # said at once, and not after a place in line
    key = (MAP_JOB, request.digest)
    if (job := background_jobs.current(MAP_JOB)) is not None and job.key == key:
        return
    vectors = table.rows(request.words)
    drawing = Call(measured_map, (vectors, options), {"seed": request.seed, "max_frames": _max_frames(request)})
    background_jobs.get_or_start(MAP_JOB, drawing, jobs.PROJECTION, key, request.private)


def result_of(job: Seen | None) -> MapResult | None:
    """What there is of the map in ``job``: all of it, the latest snapshot, or nothing yet."""
    if job is None:
        return None
    return job.result if job.state == "done" else job.snapshot


def _make(request: MapRequest, table: WordVectors) -> MapResult:
    return measured_map(table.rows(request.words), _project_options(request, table), request.seed)


def _max_frames(request: MapRequest) -> int:
    if request.n_components == 3:
        return 0  # which the player does not play
    return next((frames for words, frames in MAX_FRAMES if len(request.words) <= words), 0)
