"""Many small maps in a grid, each with its figures under it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from components.figures.template import CATEGORICAL, FAINT, GREY, RAMP, new_figure
from components.markup import for_figure

_MAP, _HEAD, _FOOT = 118, 24, 54  # pixels: a map's height, the title above its row, its figures below
_TOP = 22  # for the titles of the columns
_GAP = 0.03  # of the width, between columns
_NOTE_SIZE = 12
_AIR = 1.12  # around the outermost points
# A colour scale for points that follow each other, without the grey of noise.
_ALONG = tuple((number / (len(RAMP) - 1), colour) for number, colour in enumerate(RAMP))


@dataclass(frozen=True, eq=False)
class MapRow:
    """What is drawn in one row of the grid.

    Attributes:
        title: Above the row.
        names: Of the n points, for the pointer.
        groups: The number of each point's colour, n of them; ``None`` draws all in grey.
        along: Whether ``groups`` are places along a line rather than groups.
    """

    title: str
    names: Sequence[str]
    groups: Sequence[int] | None = None
    along: bool = False


def small_maps_figure(
    rows: Sequence[MapRow],
    columns: Sequence[str],
    maps: Mapping[tuple[int, int], NDArray],
    notes: Mapping[tuple[int, int], Sequence[str]],
) -> go.Figure:
    """A grid of maps, each in a frame and on a scale of its own; those that are not there yet are empty frames.

    Args:
        rows: What stands in each row.
        columns: Titles of the columns.
        maps: Coordinates [n, 2] by ``(row, column)``, for as many as there are.
        notes: Lines under a map, by ``(row, column)``.
    """
    height = _TOP + len(rows) * (_HEAD + _MAP + _FOOT)
    layout: dict[str, Any] = {"annotations": [_column_title(columns, column) for column in range(len(columns))]}
    traces = []
    for row, content in enumerate(rows):
        top = _TOP + row * (_HEAD + _MAP + _FOOT)
        layout["annotations"].append(_row_title(content.title, 1 - (top + _HEAD) / height))
        upper, lower = 1 - (top + _HEAD) / height, 1 - (top + _HEAD + _MAP) / height
        for column in range(len(columns)):
            place = (row, column)
            number = row * len(columns) + column + 1
            left, right = _sides(column, len(columns))
            layout |= _frame(number, (left, right), (max(0.0, lower), min(1.0, upper)), maps.get(place))
            traces.append(_points(content, maps.get(place), number))
            if place in notes:
                layout["annotations"].append(_note(notes[place], (left + right) / 2, lower))
    return new_figure(
        traces, height=height, margin={"l": 2, "r": 2, "t": 2, "b": 2, "pad": 0}, hovermode="closest", **layout
    )


def _points(row: MapRow, coordinates: NDArray | None, number: int) -> dict[str, Any]:
    places = np.empty((0, 2)) if coordinates is None else coordinates
    return {
        "type": "scatter",
        "x": places[:, 0],
        "y": places[:, 1],
        "xaxis": _axis("x", number),
        "yaxis": _axis("y", number),
        "mode": "markers",
        "marker": {"size": 5, "opacity": 0.85} | _colours(row),
        "hovertext": [for_figure(name) for name in row.names] if coordinates is not None else [],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _colours(row: MapRow) -> dict[str, Any]:
    if row.groups is None:
        return {"color": GREY}
    if row.along:
        return {"color": list(row.groups), "colorscale": [list(stop) for stop in _ALONG], "showscale": False}
    return {"color": [CATEGORICAL[group % len(CATEGORICAL)] for group in row.groups]}


def _frame(number: int, sides: tuple[float, float], ends: tuple[float, float], coordinates: NDArray | None) -> dict:
    """The two axes of one map: equally long units, so that a round group looks round."""
    x, y = _ranges(coordinates)
    bare = {
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
        "showticklabels": False,
        "fixedrange": True,
        "showline": True,
        "mirror": True,
        "linecolor": FAINT,
    }
    return {
        _axis("xaxis", number): bare | {"domain": list(sides), "anchor": _axis("y", number), "range": x},
        _axis("yaxis", number): bare
        | {
            "domain": list(ends),
            "anchor": _axis("x", number),
            "range": y,
            "scaleanchor": _axis("x", number),
            "scaleratio": 1,
            "constrain": "range",
        },
    }


def _ranges(coordinates: NDArray | None) -> tuple[list[float], list[float]]:
    """Two ranges of the same length around the middle of the map."""
    if coordinates is None:
        return [-1.0, 1.0], [-1.0, 1.0]
    low, high = coordinates.min(axis=0), coordinates.max(axis=0)
    half = max(float((high - low).max()) / 2 * _AIR, 1e-9)
    middle = (low + high) / 2
    x, y = ([float(each) - half, float(each) + half] for each in middle)
    return x, y


def _column_title(columns: Sequence[str], column: int) -> dict[str, Any]:
    left, right = _sides(column, len(columns))
    return _text(columns[column], (left + right) / 2, 1.0, "center", "top")


def _row_title(title: str, y: float) -> dict[str, Any]:
    return _text(f"<b>{for_figure(title, 60)}</b>", 0.0, y, "left", "bottom")


def _note(lines: Sequence[str], x: float, y: float) -> dict[str, Any]:
    return _text("<br>".join(lines), x, y, "center", "top") | {"font": {"size": _NOTE_SIZE}}


def _text(text: str, x: float, y: float, xanchor: str, yanchor: str) -> dict[str, Any]:
    return {
        "text": text,
        "x": x,
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "xanchor": xanchor,
        "yanchor": yanchor,
        "showarrow": False,
    }


def _sides(column: int, count: int) -> tuple[float, float]:
    width = (1 - _GAP * (count - 1)) / count
    left = column * (width + _GAP)
    return left, min(1.0, left + width)


def _axis(name: str, number: int) -> str:
    """Plotly's name of the axis with this ``number``, counted from 1."""
    return name if number == 1 else f"{name}{number}"
