"""A map with what it looked like on its way, and how far it can be trusted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.common import ProgressCallback, no_progress
from embeddings.projection.projection_quality import ProjectionQuality, quality
from embeddings.projection.registry import Projection, project

MAX_NEIGHBORS = 10  # that quality is measured by
_PROJECTING = 0.8  # share of the progress; the rest is comparing the map with the table


@dataclass(frozen=True, eq=False)
class Frames:
    """A map's way to its form.

    Attributes:
        coordinates: float [n, 2] at each step.
        steps: Their numbers.
        loss: What was still lost at each.
    """

    coordinates: tuple[NDArray, ...]
    steps: tuple[int, ...]
    loss: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class MapResult:
    """A map that is finished, or a snapshot of one on its way.

    Attributes:
        coordinates: float32 [n, k].
        projection: ``None`` while it forms.
        frames: What it looked like on the way, where that was kept.
        quality: How far it can be trusted; ``None`` while that is being measured, and of less than three words.
    """

    coordinates: NDArray[np.float32]
    projection: Projection | None = None
    frames: Frames | None = None
    quality: ProjectionQuality | None = None


def measured_map(
    vectors: NDArray[np.float32],
    options: Mapping[str, Any],
    seed: int = 0,
    max_frames: int = 0,
    report: ProgressCallback | None = None,
) -> MapResult:
    """A projection of ``vectors`` [n, D], with snapshots on its way, and its quality by ten neighbours or fewer.

    Args:
        vectors: One row a point.
        options: What ``project`` is given beside them and the seed.
        seed: As ``project`` takes it.
        max_frames: How many steps of its way are kept, evenly spaced; none where nobody watches.
        report: As work is given it; ``None`` where nobody watches, which is faster for some methods.

    Raises:
        InvalidInput, TooLarge: As ``project``.
    """
    recorder = FrameRecorder(max_frames)
    tell = no_progress if report is None else report

    def projecting(share: float, words: str = "", snapshot: Any = None, /) -> None:
        tell(_PROJECTING * share, words, recorder.latest)

    def comparing(share: float, words: str = "", snapshot: Any = None, /) -> None:
        tell(_PROJECTING + (1 - _PROJECTING) * share, words, MapResult(projection.coordinates, projection, frames))

    watched = report is not None
    projection = project(
        vectors,
        seed=seed,
        callback=recorder.add if watched else None,
        report=projecting if watched else None,
        **options,
    )
    frames = recorder.frames()
    k = min(MAX_NEIGHBORS, (len(vectors) - 1) // 2)
    measured = None
    if k:
        metric = options.get("metric", "euclidean")
        progress = comparing if watched else None
        measured = quality(vectors, projection.coordinates, k, metric=metric, report=progress)
    return MapResult(projection.coordinates, projection, frames, measured)


class FrameRecorder:
    """The steps of a map, every second one dropped whenever there are more than ``limit``."""

    def __init__(self, limit: int) -> None:
        self.limit, self.every = limit, 1
        self.kept: list[tuple[NDArray, int, float]] = []
        self.seen = 0
        self.latest: MapResult | None = None

    def add(self, step: int, steps: int, coordinates: NDArray, loss: float) -> None:
        """Note the ``coordinates`` at this ``step``; a projection's callback."""
        self.latest = MapResult(coordinates)
        if self.limit and self.seen % self.every == 0:
            self.kept.append((coordinates, step, loss))
            if len(self.kept) > self.limit:
                self.kept, self.every = self.kept[::2], 2 * self.every
        self.seen += 1

    def frames(self) -> Frames | None:
        """All that was kept; ``None`` of less than two steps."""
        if len(self.kept) < 2:
            return None
        coordinates, steps, loss = zip(*self.kept, strict=True)
        return Frames(coordinates, steps, loss)
