"""3-D scatter map: words as points of three dimensions, which can be turned."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from components.figures.template import FAINT, GREEN, GREY, ORANGE, new_figure
from components.markup import for_figure

MAX_LABELS = 120
_TRIED = 1_000  # words that may have one
_SEEN_FROM = np.array([[-1, 1, 0], [-0.5, -0.5, 1]]) / np.sqrt([[2.0], [1.5]])  # Plotly's camera: from (1, 1, 1), z up
_FROM = 1.45  # the camera's place on each axis: a little farther off than Plotly's, so that a narrow screen has all
_OF_HEIGHT = 0.47  # how much of the height the longest side takes from there
_THIN = ("cross", "x")  # symbols drawn with little ink
_LETTER, _LINE = 6, 13  # pixels, of a label
_LINKS = (GREEN, ORANGE, GREY)  # kept, missed, made up


def scatter_3d_figure(
    coordinates: NDArray,
    words: Sequence[str],
    classes: Sequence[int],
    names: Sequence[str],
    marker_styles: Sequence[tuple[str, str]],
    *,
    chosen: int | None = None,
    links: Sequence[tuple[int, int, int]] = (),
    labels: bool = True,
    notes: Sequence[str] | None = None,
    axes: Sequence[str] | None = None,
    height: int = 560,
) -> go.Figure:
    """``words`` at their ``coordinates`` [n, 3]; the arguments are those of ``word_map``.

    Up to ``MAX_LABELS`` words have labels, such as do not overlap as the map is first seen; turned, they may.
    """
    size = 6 if len(words) <= 300 else 4 if len(words) <= 3_000 else 2
    hover = [for_figure(word) + (f" · {notes[index]}" if notes else "") for index, word in enumerate(words)]
    linked = {end for link in links for end in link[:2]}
    labelled = {*_apart(coordinates, words, height), *linked} if labels else set()

    def label(index: int) -> str:
        if index == chosen:
            return f"<b>{for_figure(words[index])}</b>"
        return for_figure(words[index]) if index in labelled else ""

    def trace(number: int, members: list[int]) -> dict[str, Any]:
        return {
            "type": "scatter3d",
            **_at(coordinates, members),
            "mode": "markers+text",
            "name": for_figure(names[number]),
            "text": [label(index) for index in members],
            "hovertext": [hover[index] for index in members],
            "hovertemplate": "%{hovertext}<extra></extra>",
            "textfont": {"size": 11},
            "marker": {
                "color": marker_styles[number][0],
                "symbol": marker_styles[number][1],
                "size": [size + 5 * (index == chosen) + 3 * (marker_styles[number][1] in _THIN) for index in members],
            },
        }

    lines = [
        {
            "type": "scatter3d",
            **_at(coordinates, [end for link in links if link[2] == kind for end in (link[0], link[1], None)]),
            "mode": "lines",
            "line": {"color": colour, "width": 4},
            "hoverinfo": "skip",
        }
        for kind, colour in enumerate(_LINKS)
        if any(link[2] == kind for link in links)
    ]
    members = {number: [i for i, each in enumerate(classes) if each == number] for number in range(len(names))}
    titles = axes or ("", "", "")
    return new_figure(
        [*(trace(number, points) for number, points in members.items() if points), *lines],
        height=height,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        dragmode="orbit",
        scene={
            axis: {
                "title": {"text": title, "font": {"size": 11}},
                "showticklabels": False,
                "showbackground": False,
                "gridcolor": FAINT,
                "zerolinecolor": FAINT,
                "showspikes": False,
            }
            for axis, title in zip(("xaxis", "yaxis", "zaxis"), titles, strict=True)
        }
        | {"aspectmode": "data", "camera": {"eye": dict.fromkeys("xyz", _FROM)}},
    )


def _apart(coordinates: NDArray, words: Sequence[str], height: int) -> list[int]:
    """The words, the first of them first, whose labels do not overlap from where the map is first seen."""
    first = coordinates[:_TRIED]
    scale = _OF_HEIGHT * height / (np.ptp(coordinates, axis=0).max() or 1)
    centres = scale * first @ _SEEN_FROM.T  # [n, 2], about in pixels
    halves = np.array([_LETTER / 2 * max(len(word), 2) for word in words[:_TRIED]])
    taken: list[int] = []
    for index in range(len(first)):
        across, upwards = np.abs(centres[taken] - centres[index]).T
        overlap = (across < halves[taken] + halves[index]) & (upwards < _LINE)
        if len(taken) < MAX_LABELS and not overlap.any():
            taken.append(index)
    return taken


def _at(coordinates: NDArray, members: Sequence[int | None]) -> dict[str, list]:
    return {
        axis: [None if index is None else float(coordinates[index, number]) for index in members]
        for number, axis in enumerate("xyz")
    }
