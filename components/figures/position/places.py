"""A table of positions as a picture: how alike the rows of every two places are."""

import plotly.graph_objects as go
from numpy.typing import NDArray

from components.figures.matrix import DIVERGING
from components.figures.template import BARE_AXIS, new_figure

_HEIGHT = 330  # pixels
_BAR = 40  # pixels below, which both pictures keep, so that they are equally large


def places_figure(cosines: NDArray, every: int, bar: bool) -> go.Figure:
    """The ``cosines`` [N, N] of the rows of every two places drawn, one in ``every``; ``bar`` tells the colours."""
    places = [every * number for number in range(len(cosines))]
    heat = {
        "type": "heatmap",
        "z": cosines,
        "x": places,
        "y": places,
        "zmin": -1,
        "zmax": 1,
        "colorscale": [list(stop) for stop in DIVERGING],
        "showscale": bar,
        "colorbar": {"orientation": "h", "y": 0, "yanchor": "top", "ypad": 34, "thickness": 10, "title": {"text": ""}},
        "hovertemplate": "places %{y} and %{x}: %{z:.2f}<extra></extra>",
    }
    last = places[-1] + every / 2
    axis = BARE_AXIS | {"nticks": 6}
    return new_figure(
        [heat],
        height=_HEIGHT,
        margin={"l": 8, "r": 8, "t": 8, "b": 8 + _BAR},
        xaxis=axis | {"range": [-every / 2, last], "constrain": "domain"},
        yaxis=axis | {"range": [last, -every / 2], "scaleanchor": "x", "constrain": "domain", "automargin": True},
    )
