"""Two rankings of the same words, joined by lines."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from components.figures.template import BARE_AXIS, BLUE, FAINT, GREY, ORANGE, new_figure
from components.plain_text import for_figure


def rank_change_figure(left: Sequence[str], right: Sequence[str], titles: tuple[str, str]) -> go.Figure:
    """``left`` and ``right``, best on top; words in both are joined, those that are in one alone stand in orange."""
    lines = [_line(left.index(word), right.index(word)) for word in left if word in right]
    sides = (_side(left, right, 0.0, "middle left"), _side(right, left, 1.0, "middle right"))
    longest = max(len(left), len(right))
    heads = [
        {"text": f"<b>{title}</b>", "x": x, "y": 0.9, "xanchor": anchor, "showarrow": False, "yanchor": "bottom"}
        for title, x, anchor in zip(titles, (0.0, 1.0), ("right", "left"), strict=True)
    ]
    return new_figure(
        [*lines, *sides],
        height=78 + 28 * longest,
        annotations=heads,
        xaxis=BARE_AXIS | {"range": [-1.3, 2.3], "showticklabels": False},
        yaxis=BARE_AXIS | {"range": [-longest + 0.4, 2.7], "showticklabels": False},
    )


def _line(from_rank: int, to_rank: int) -> dict[str, Any]:
    moved = from_rank != to_rank
    return {
        "type": "scatter",
        "x": [0.04, 0.96],
        "y": [-from_rank, -to_rank],
        "mode": "lines",
        "line": {"color": BLUE if moved else FAINT, "width": 2},
        "hoverinfo": "skip",
    }


def _side(words: Sequence[str], others: Sequence[str], x: float, place: str) -> dict[str, Any]:
    colours = [GREY if word in others else ORANGE for word in words]
    return {
        "type": "scatter",
        "x": [x] * len(words),
        "y": [-rank for rank in range(len(words))],
        "mode": "markers+text",
        "marker": {"color": colours, "size": 8},
        "text": [f" {for_figure(word, 18)} " for word in words],
        "textposition": place,
        "hoverinfo": "skip",
        "cliponaxis": False,
    }
