"""Contextual similarity: one word in two sentences, layer by layer; and how far the senses of many words part."""

from collections.abc import Sequence

import plotly.graph_objects as go

from components.figures.template import ABOVE, BLUE, FAINT, GRID, ORANGE, new_figure
from components.markup import for_figure
from embeddings.transformer import STAGES, MeasuredExample

_GUESS = "rgba(164, 101, 181, 0.22)"
_SHORT = ("table", "position", *(stage.removeprefix("layer ") for stage in STAGES[2:]))


def layers_figure(
    curves: Sequence[tuple[str, Sequence[float]]], guess: tuple[float, float] | None = None, height: int = 400
) -> go.Figure:
    """The cosine between two occurrences at each of ``STAGES``.

    Args:
        curves: A name and eight cosines each; the first two are told apart by colour and symbol.
        guess: From where to where the reader expects the last cosine of the first curve.
        height: In pixels.
    """
    lowest = min([0.5, *(cosine for _, cosines in curves for cosine in cosines), *(guess or ())])
    lines = [
        {
            "type": "scatter",
            "x": list(range(len(STAGES))),
            "y": list(cosines),
            "mode": "lines+markers+text" if number == 0 else "lines+markers",
            "name": for_figure(name, 60),
            "line": {"color": colour, "width": 2.5, "dash": dash},
            "marker": {"symbol": symbol, "size": 10},
            "text": [f"{cosine:.2f}" for cosine in cosines] if number == 0 else None,
            "textposition": [
                "top center" if min(other[place] for _, other in curves) < cosine else "bottom center"
                for place, cosine in enumerate(cosines)
            ],  # away from the other curve
            "customdata": list(STAGES),
            "hovertemplate": "%{customdata}: %{y:.3f}<extra></extra>",
            "cliponaxis": False,
        }
        for number, ((name, cosines), (colour, symbol, dash)) in enumerate(
            zip(curves, ((ORANGE, "square", "solid"), (BLUE, "circle", "dot")), strict=False)
        )
    ]
    last = len(STAGES) - 1
    band = (
        []
        if guess is None
        else [
            {
                "type": "scatter",
                "mode": "lines",
                "x": [last - 0.3, last + 0.3, last + 0.3, last - 0.3],
                "y": [guess[1], guess[1], guess[0], guess[0]],
                "fill": "toself",
                "fillcolor": _GUESS,
                "line": {"width": 0},
                "name": "your guess",
                "hoverinfo": "skip",
            }
        ]
    )
    return new_figure(
        [*band, *lines],
        height=height,
        showlegend=True,
        legend=ABOVE | {"traceorder": "normal"},
        margin={"l": 8, "r": 8, "t": 40, "b": 8},
        xaxis={
            "tickvals": list(range(len(STAGES))),
            "ticktext": list(_SHORT),
            "title": {"text": "row of the table, with its position, after layer 1 to 6"},
            "range": [-0.4, last + 0.4],
            "gridcolor": GRID,
            "fixedrange": True,
        },
        yaxis={
            "title": {"text": "cosine"},
            "range": [lowest - 0.1, 1.08],
            "gridcolor": GRID,
            "zeroline": False,
            "fixedrange": True,
        },
    )


def senses_figure(measured: Sequence[MeasuredExample]) -> go.Figure:
    """Two points for each example, joined: the last layer's cosine across its senses, and within one."""
    names = [f"{each.example.word}: {for_figure(each.example.other_sense, 34)}" for each in measured]
    rows = [-place for place in range(len(measured))]
    across = [each.other_sense.cosines[-1] for each in measured]
    within = [each.same_sense.cosines[-1] for each in measured]
    joined = [
        {"type": "line", "x0": a, "x1": b, "y0": row, "y1": row, "line": {"color": FAINT, "width": 4}, "layer": "below"}
        for a, b, row in zip(across, within, rows, strict=True)
    ]

    def dots(name: str, cosines: list[float], colour: str, symbol: str) -> dict:
        return {
            "type": "scatter",
            "x": cosines,
            "y": rows,
            "mode": "markers",
            "name": name,
            "marker": {"color": colour, "symbol": symbol, "size": 11},
            "customdata": names,
            "hovertemplate": "%{customdata}: %{x:.3f}<extra>" + name + "</extra>",
            "cliponaxis": False,
        }

    return new_figure(
        [dots("another sense", across, ORANGE, "square"), dots("the same sense", within, BLUE, "circle")],
        height=90 + 22 * len(measured),
        shapes=joined,
        showlegend=True,
        legend=ABOVE | {"traceorder": "normal"},
        margin={"l": 8, "r": 8, "t": 40, "b": 8},
        xaxis={
            "title": {"text": "cosine after the last layer"},
            "range": [min(across + within) - 0.03, 1.0],
            "gridcolor": GRID,
            "fixedrange": True,
        },
        yaxis={
            "tickvals": rows,
            "ticktext": [each.example.word for each in measured],
            "automargin": True,
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
        },
    )
