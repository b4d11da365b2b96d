"""Scatter map: words as points of two dimensions, a colour and a symbol for each group, labels where they fit."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from components.figures.template import BARE_AXIS, CATEGORICAL, FAINT, GREY, new_figure
from components.markup import for_figure

_SHOWN = (250, 440)  # pixels that labels are laid out for, a telephone's; on a wider screen they only get more room
_SPARED = 0.9  # of these, as letters differ in width
_SIDES = (0.2, 0.08)  # room beside the points and above them, as shares of their spread
_MARGINS = MappingProxyType({"l": 28, "r": 8, "t": 8, "b": 32})  # pixels around the map
_LETTER, _LINE = 7.2, 16  # pixels of a letter's width and a line's height
_RADIUS = 6  # pixels of a point
_DRAWN_BY_SVG = 1_000  # points; WebGL is quicker for more, but has no bold letters
_FLAT = 1e-3  # share of the wider axis below which a spread is rounding, and not drawn as one
# In turn, as the colours: of ten groups no two with the same symbol have colours that are alike to colour-blind people.
_SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross")
_PLACES = (
    ("middle right", 0.5, 0.0),
    ("middle left", -0.5, 0.0),
    ("top center", 0.0, 0.5),
    ("bottom center", 0.0, -0.5),
    ("top right", 0.5, 0.5),
    ("top left", -0.5, 0.5),
    ("bottom right", 0.5, -0.5),
    ("bottom left", -0.5, -0.5),
)


def marker_style(number: int) -> tuple[str, str]:
    """Colour and symbol of the group with this ``number``."""
    return CATEGORICAL[number % len(CATEGORICAL)], _SYMBOLS[number % len(_SYMBOLS)]


def map_figure(
    coordinates: NDArray,
    words: Sequence[str],
    groups: Sequence[str],
    all_groups: Sequence[str],
    chosen: str | None = None,
    labels: bool = True,
    height: int = 560,
    axes: tuple[str, str] | None = None,
    frame: NDArray | None = None,
    marker_styles: Sequence[tuple[str, str]] | None = None,
    per_group: int | None = None,
) -> go.Figure:
    """Words at their places: ``coordinates`` [N, 2], one colour for each of ``groups``, ``chosen`` larger and bold.

    Labels that would cover one another are left to the pointer. Each point's ``customdata`` is its index.

    Args:
        coordinates: float [N, 2].
        words, groups: One for each row.
        all_groups: Every group there could be; its place in here decides a group's colour and symbol.
        chosen: The word to make stand out, if any.
        labels: Whether words are written beside their points.
        height: Pixels.
        axes: Titles of the two axes; without them the axes carry no numbers, as in t-SNE they mean nothing.
        frame: Places that the map must have room for, float [M, 2], so that it stays while words move; by default
            ``coordinates``.
        marker_styles: Colour and symbol of each of ``all_groups``; by default each has its own.
        per_group: How many words of a group are written, its first ones; by default all that find room.
    """
    frame = coordinates if frame is None else frame
    marker_styles = marker_styles or [marker_style(number) for number in range(len(all_groups))]
    places: list[str | None] = [None] * len(words)
    if labels:
        written = _first_of_each(groups, per_group) | {index for index, word in enumerate(words) if word == chosen}
        # The chosen one finds room first, and those that are not written last.
        order = sorted(range(len(words)), key=lambda index: (words[index] != chosen, index not in written))
        found = label_places(coordinates[order], [words[index] for index in order], _room(coordinates, frame, height))
        for index, place in zip(order, found, strict=True):
            places[index] = place if index in written else None
    shown = [for_figure(word) if place else "" for word, place in zip(words, places, strict=True)]
    if chosen is not None and chosen in words:
        at = words.index(chosen)
        places[at], shown[at] = places[at] or "top center", f"<b>{for_figure(chosen)}</b>"

    def trace(number: int, group: str, members: list[int]) -> dict[str, Any]:
        return {
            "type": "scatter" if labels or len(words) <= _DRAWN_BY_SVG else "scattergl",
            "x": coordinates[members, 0],
            "y": coordinates[members, 1],
            "mode": "markers+text" if any(shown[index] for index in members) else "markers",
            "name": for_figure(group),
            "text": [shown[index] for index in members],
            "textposition": [places[index] or "middle right" for index in members],
            "hovertext": [for_figure(words[index]) for index in members],
            "hovertemplate": "%{hovertext}<extra></extra>",
            "customdata": members,
            "marker": {
                "size": [15 if words[index] == chosen else 9 for index in members],
                "color": marker_styles[number][0],
                "symbol": marker_styles[number][1],
                "opacity": 1,
            },
            **({"cliponaxis": False} if labels else {}),
            "selected": {"marker": {"opacity": 1}},
            "unselected": {"marker": {"opacity": 1}, "textfont": {"color": None}},
        }

    members = {group: [index for index, name in enumerate(groups) if name == group] for group in all_groups}
    line = BARE_AXIS | {"zeroline": axes is not None, "zerolinecolor": FAINT, "showticklabels": False}
    x_axis, y_axis = (
        line | {"title": {"text": title, "font": {"color": GREY}}, "range": low_high}
        for low_high, title in zip(_frame(frame), axes or (None, None), strict=True)
    )
    return new_figure(
        [trace(number, group, members[group]) for number, group in enumerate(all_groups) if members[group]],
        height=height,
        xaxis=x_axis,
        yaxis=y_axis,
        margin={**_MARGINS, "autoexpand": False},  # measuring would draw everything twice
        clickmode="event+select",
    )


def _first_of_each(groups: Sequence[str], limit: int | None) -> set[int]:
    """Places of the first ``limit`` members of each group; of all where there is no limit.

    >>> _first_of_each(["a", "b", "a", "a"], 2)
    {0, 1, 2}
    """
    members: dict[str, list[int]] = {}
    for index, group in enumerate(groups):
        members.setdefault(group, []).append(index)
    return {index for found in members.values() for index in found[:limit]}


def label_places(coordinates: NDArray, words: Sequence[str], shown: tuple[float, float] = _SHOWN) -> list[str | None]:
    """Where each word's label goes, as Plotly's ``textposition``; ``None`` where it would cover another.

    Greedy, in the order of ``words``: the first of eight places that touches neither a label nor a point, on a map of
    ``shown`` pixels.
    """
    spread = np.ptp(coordinates, axis=0)
    scale = np.array(shown) * _SPARED / np.where(spread > 0, spread, 1)
    points = (coordinates - coordinates.min(axis=0)) * scale  # [N, 2], pixels
    boxes = _boxes(points, words)
    taken = np.empty((4, len(words)))  # sides of the labels that have found a place
    places: list[str | None] = []
    found = 0
    for index, sides in enumerate(boxes):
        for place in _off_points(points, index, sides):
            box = sides[:, place]
            if not _overlaps(box, taken[:, :found]):
                taken[:, found] = box
                found += 1
                places.append(_PLACES[place][0])
                break
        else:
            places.append(None)
    return places


def _boxes(points: NDArray, words: Sequence[str]) -> NDArray:
    """Left, bottom, right and top of each word's label at each of ``_PLACES``: float [N, 4, 8]."""
    sizes = np.array([(_LETTER * len(for_figure(word)), _LINE) for word in words])[:, :, None]  # [N, 2, 1]
    directions = np.array([(right, up) for _, right, up in _PLACES]).T  # [2, 8]
    middles = points[:, :, None] + directions * (sizes + np.array([[16], [10]]))
    return np.concatenate([middles - sizes / 2, middles + sizes / 2], axis=1)


def _off_points(points: NDArray, index: int, sides: NDArray) -> list[int]:
    """Which of ``_PLACES`` a label can take without covering another point than its own, ``index``."""
    x, y = points.T
    left, bottom, right, top = sides[:, :, None] + np.reshape([-_RADIUS, -_RADIUS, _RADIUS, _RADIUS], (4, 1, 1))
    covered = (x > left) & (x < right) & (y > bottom) & (y < top)
    covered[:, index] = False
    return np.flatnonzero(~covered.any(axis=1)).tolist()


def _overlaps(box: NDArray, taken: NDArray) -> bool:
    left, bottom, right, top = taken
    return bool(((box[2] >= left) & (right >= box[0]) & (box[3] >= bottom) & (top >= box[1])).any())


def _room(coordinates: NDArray, frame: NDArray, height: int) -> tuple[float, float]:
    """Pixels that ``coordinates`` spread over on a map of this ``height`` that has room for ``frame``."""
    upwards = (height - _MARGINS["t"] - _MARGINS["b"]) / (1 + 2 * _SIDES[1]) / _SPARED
    spreads = np.ptp(coordinates, axis=0), np.ptp(frame, axis=0)
    shares = np.divide(*spreads, out=np.ones(2), where=spreads[1] > 0)
    return _SHOWN[0] * float(shares[0]), min(_SHOWN[1], upwards) * float(shares[1])


def _frame(coordinates: NDArray) -> list[list[float]]:
    """A range for each axis, with room for labels at the sides; an axis without spread gets that of the other."""
    low, high = coordinates.min(axis=0), coordinates.max(axis=0)
    span = high - low
    flat = span < _FLAT * span.max()
    middle = (low + high) / 2
    half = np.where(flat, max(span.max(), 1e-9), span) * (0.5 + np.array(_SIDES))
    return [[float(a), float(b)] for a, b in zip(middle - half, middle + half, strict=True)]
