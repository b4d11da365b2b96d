"""A map of words that can be moved or turned, enlarged, lassoed and played back.

Plotly sends no zoom back, lays out no labels, and takes no click on a point of three dimensions; here a browser's
canvas draws up to ``MAX_POINTS`` points, and as many labels as find room where the reader looks.
"""

import base64
import json
import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import ArrayLike, NDArray

from components.markup import shortened
from embeddings.projection import Frames

MAX_POINTS = 99_999
_HERE = Path(__file__).parent
_STEPS = 65_535  # places along the longer side: whole numbers of two bytes
_RADII = ((300, 5.0), (3_000, 3.0), (30_000, 1.5), (math.inf, 0.8))  # pixels, by the number of words

KEPT, MISSED, FALSE = range(3)  # kinds of links
Link = tuple[int, int, int]  # from a point to a point, and its kind

_word_map = st.components.v2.component(
    "word_map",
    html='<div class="root"></div>',
    css=(_HERE / "word_map.css").read_text(),
    js=(_HERE / "word_map.js").read_text(),
)


@dataclass(frozen=True, eq=False)
class DensityGrid:
    """How many words lie in each cell of a square grid over the whole map.

    Attributes:
        counts: int [side, side], the lowest row first.
        low: The grid's lower left corner, [2].
        size: Length of its side.
    """

    counts: NDArray
    low: NDArray
    size: float


def word_map(
    coordinates: NDArray,
    words: Sequence[str],
    style_index: ArrayLike,
    marker_styles: Sequence[tuple[str, str]],
    *,
    identity: Hashable,
    alt: str,
    key: str,
    save_as: str,
    picture: str = "PNG",
    notes: Sequence[str] | None = None,
    labels: bool = True,
    chosen: int | None = None,
    links: Sequence[Link] = (),
    selected: Sequence[int] = (),
    first: Sequence[int] = (),
    axes: Sequence[str] | None = None,
    legend: Sequence[str] | None = None,
    frames: Frames | None = None,
    density: DensityGrid | None = None,
    in_progress: bool = False,
    height: int = 560,
    on_click: Callable[[], None] | None = None,
    on_select: Callable[[], None] | None = None,
) -> None:
    """Draw ``words`` at their ``coordinates`` [n, 2] or [n, 3], all axes to the same scale.

    Args:
        coordinates: float [n, 2], or [n, 3] for a map that is turned when it is dragged.
        words: In the order in which labels find room.
        style_index: For each word, which of ``marker_styles`` it has.
        marker_styles: Colour and symbol of each class, as ``figures.scatter_map.marker_style`` gives them.
        identity: What map this is: as long as it stays the same, the reader's view stays.
        alt: What a screen reader says.
        key: Of the drawing; the clicked point is in its state as ``clicked``, the lassoed ones as ``selected``: the
            first 500 ``points``, and the ``count`` of all.
        save_as, picture: File name without ending, and format, of the picture that a button saves.
        notes: What is said of each point beside its word when it is pointed at.
        labels: Whether words are written beside their points.
        chosen: The point that stands out, if any.
        links: Lines between points.
        selected: Points with a ring.
        first: Points whose labels find room before those of others.
        axes: A title for each axis; without them they mean nothing.
        legend: A name for each of ``marker_styles``; those in use stand above the map. Without it there is no legend.
        frames: The way that led here, for the player.
        density: A picture of where all words lie, under the points.
        in_progress: Whether this is a snapshot of a map on its way; it is led over to from the one before.
        height: Pixels, of legend, map and player together; on a narrow screen less.
        on_click, on_select: Called when a point was clicked, or some were lassoed.
    """
    square = _square_of_most if in_progress else _square
    low, size = (density.low, density.size) if density else square(coordinates)
    used = np.unique(np.asarray(style_index)).tolist()
    solid = coordinates.shape[1] == 3
    radius = next(radius for limit, radius in _RADII if len(words) <= limit)
    classes = [[shortened(legend[number], 48), *marker_styles[number]] for number in used] if legend else None
    _word_map(
        data=_as_json(
            {
                "id": str(hash(identity)),
                "words": [shortened(word, 24) for word in words],
                "xyz" if solid else "xy": _packed(coordinates, low, size),
                "style_index": _in_text(np.asarray(style_index, dtype=np.uint8)),
                "marker_styles": [list(marker_style) for marker_style in marker_styles],
                "notes": None if notes is None else list(notes),
                "labels": labels,
                "chosen": chosen,
                "links": [list(map(int, link)) for link in links],
                "selected": [int(index) for index in selected],
                "first": [int(index) for index in first],
                "axes": list(axes) if axes else None,
                "legend": classes,
                "origin": [float(share) for share in -low / size] if axes and not solid else None,
                "frames": _films(frames) if frames and len(frames.steps) > 1 else None,
                "density": _shaded(density) if density else None,
                "lasso": on_select is not None,
                "in_progress": in_progress,
                "radius": radius,
                "height": height,
                "file": save_as,
                "picture": picture,
                "alt": alt,
            }
        ),
        default={"selected": {"points": [], "count": 0}},
        on_clicked_change=on_click or _nothing,
        on_selected_change=on_select or _nothing,
        key=key,
    )


def _nothing() -> None:
    """Streamlit keeps a state of a component only where a callback is named for it."""


def _as_json(data: dict) -> bytes:
    """``data`` as the drawing reads it; of a dict Streamlit would look at each value, and write all of it twice."""
    try:
        import orjson
    except ImportError:  # requirements.txt says which Python it is for
        return json.dumps(data).encode()
    return orjson.dumps(data)


def _square(coordinates: NDArray) -> tuple[NDArray, float]:
    """Lowest corner and side of the smallest square, or cube, around the middle that holds all ``coordinates``."""
    low, high = coordinates.min(axis=0).astype(float), coordinates.max(axis=0).astype(float)
    size = float((high - low).max()) or 1.0
    return (low + high - size) / 2, size


def _square_of_most(coordinates: NDArray) -> tuple[NDArray, float]:
    """The same for a step on the way, where a word thrown far off must not press all others into a corner.

    Words that lie further from nine tenths of them than half of their width are left out, and then drawn at the edge.
    """
    low, high = np.quantile(coordinates, (0.05, 0.95), axis=0)
    return _square(np.clip(coordinates, low - (high - low) / 2, high + (high - low) / 2))


def _packed(coordinates: NDArray, low: NDArray, size: float) -> str:
    shares = np.clip((coordinates - low) / size, 0, 1)
    return _in_text(np.round(shares * _STEPS).astype("<u2"))


def _films(frames: Frames) -> dict:
    return {
        "xy": [_packed(each, *_square_of_most(each)) for each in frames.coordinates],
        "steps": [int(step) for step in frames.steps],
        "loss": [round(float(loss), 4) for loss in frames.loss],
    }


def _shaded(density: DensityGrid) -> dict:
    """The logarithm of the counts as shades from 0 to 220, and the part of the grid that is not empty."""
    counts = np.log1p(density.counts.astype(float))
    shades = np.where(counts > 0, 25 + 195 * counts / max(counts.max(), 1e-9), 0).astype(np.uint8)
    rows, columns = np.nonzero(counts)
    side = len(counts)
    box = [0.0, 0.0, 1.0, 1.0]  # of an empty grid all
    if len(rows):
        box = [columns.min() / side, rows.min() / side, (columns.max() + 1) / side, (rows.max() + 1) / side]
    return {"side": side, "counts": _in_text(shades), "box": [float(edge) for edge in box]}


def _in_text(array: NDArray) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
