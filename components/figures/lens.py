"""What a language model's output makes of each layer: a table of tokens, and a rank over the layers."""

from collections.abc import Sequence

import plotly.graph_objects as go

from components.figures.template import BARE_AXIS, BLUE, GRID, new_figure
from components.markup import for_figure

_LETTERS = 9  # of a token in a cell


def lens_figure(
    columns: Sequence[str],
    layers: Sequence[str],
    tokens: Sequence[Sequence[str]],
    probabilities: Sequence[Sequence[float]],
    height: int,
) -> go.Figure:
    """The likeliest token in each layer at each place, the last layer on top; the likelier, the stronger the colour.

    Args:
        columns: The tokens of the text, T of them.
        layers: Names of the L layers, the first one at the bottom.
        tokens: [L][T]; "" where nothing is shown.
        probabilities: Their probabilities [L][T].
        height: Pixels.
    """
    cells = {
        "type": "heatmap",
        "z": [list(row) for row in probabilities],
        "zmin": 0,
        "zmax": 1,
        "colorscale": [[0, "rgba(58, 134, 200, 0.06)"], [1, "rgba(58, 134, 200, 0.62)"]],
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "customdata": [[_cell_text(token) for token in row] for row in tokens],
        "hovertemplate": "%{customdata}: %{z:.1%}<extra></extra>",
    }
    written = {  # apart from the cells, whose own text Plotly colours for opaque ones
        "type": "scatter",
        "mode": "text",
        "x": [place for row in tokens for place in range(len(row))],
        "y": [layer for layer, row in enumerate(tokens) for _ in row],
        "text": [_cell_text(token, _LETTERS) for row in tokens for token in row],
        "textfont": {"size": 12},
        "hoverinfo": "skip",
    }
    return new_figure(
        [cells, written],
        height=height,
        xaxis=BARE_AXIS
        | {
            "side": "top",
            "tickvals": list(range(len(columns))),
            "ticktext": [for_figure(column, _LETTERS) for column in columns],
        },
        yaxis=BARE_AXIS | {"tickvals": list(range(len(layers))), "ticktext": list(layers), "automargin": True},
    )


def rank_over_layers_figure(ranks: Sequence[int]) -> go.Figure:
    """The rank of one token in each layer, from layer 0 on; 1 on top."""
    line = {
        "type": "scatter",
        "x": list(range(len(ranks))),
        "y": list(ranks),
        "mode": "lines+markers",
        "line": {"color": BLUE, "width": 2},
        "hovertemplate": "layer %{x}: rank %{y:,}<extra></extra>",
    }
    return new_figure(
        [line],
        height=300,
        xaxis={"title": {"text": "Layer"}, "gridcolor": GRID, "fixedrange": True},
        yaxis={
            "title": {"text": "Rank"},
            "type": "log",
            "autorange": "reversed",
            "gridcolor": GRID,
            "fixedrange": True,
            "dtick": 1,
            "tickformat": ",d",
        },
    )


def _cell_text(token: str, length: int = 24) -> str:
    """``token`` for Plotly; "" stays empty, which is nothing that is found yet."""
    return token and for_figure(token, length)
