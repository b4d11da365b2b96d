"""A map by axes that somebody named; the arithmetic is in ``embeddings.similarity.semantic_axes``.

Options of ``project``: ``axes``, one ``Axis`` for each dimension of the map, made from the same table.

References:
    An, Kwak and Ahn, "SemAxis", 2018.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.common import InvalidInput, ProgressCallback
from embeddings.projection.method import Fit, Method, StepCallback, WordAxes
from embeddings.similarity import Axis, project_onto_axes


def resolve_options(shape: tuple[int, int], n_components: int, axes: Sequence[Axis] = ()) -> dict[str, Any]:
    """The axes, checked.

    Raises:
        InvalidInput: Not as many as dimensions, or of another table.
    """
    chosen = tuple(axes)
    if len(chosen) != n_components:
        raise InvalidInput(f"A map of {n_components} dimensions needs {n_components} axes, not {len(chosen)}.")
    if any(len(each.direction) != shape[1] for each in chosen):
        raise InvalidInput(f"The axes must be of {shape[1]} dimensions, as the vectors: take both from one table.")
    return {"axes": chosen}


def fit(
    points: NDArray[np.float32],
    n_components: int,
    seed: int,
    callback: StepCallback | None,
    report: ProgressCallback | None,
    axes: Sequence[Axis],
) -> Fit:
    """Every word where it stands between the ends of each axis; nothing in it is random."""
    return Fit(project_onto_axes(axes, points))


def transform(
    coordinates: NDArray[np.float32], points: NDArray[np.float32], new: NDArray[np.float32], axes: Sequence[Axis]
) -> NDArray[np.float32]:
    """Where the rows of ``new`` [m, D] stand between the same ends: [m, k]."""
    return project_onto_axes(axes, new)


def _seconds(n: int, D: int, n_components: int, options: Mapping[str, Any]) -> float:
    return 4e-9 * n * D * n_components + 1e-3


METHOD = Method(
    name="axes",
    title="Axes",
    about="You say what the two *axes* mean: each leads from the mean of some words to the mean of their "
    "opposites, and every word stands where its direction lies between them.",
    options=(WordAxes(),),
    resolve_options=resolve_options,
    fit=fit,
    transform=transform,
    seconds=_seconds,
    in_3d=False,
    metric="cosine",  # as words stand on an axis by their directions
)
