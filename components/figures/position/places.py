"""A table of positions as a picture: how alike the rows of every two places are."""

import plotly.graph_objects as go
from numpy.typing import NDArray

from components.figures.matrix import DIVERGING
from components.figures.template import BARE_AXIS, new_figure

_HEIGHT = 300  # pixels


def places_figure(cosines: NDArray, every: int) -> go.Figure:
    """The ``cosines`` [N, N] of the rows of every two of N places, of which one in ``every`` is drawn; from -1 to 1."""
    places = [every * number for number in range(len(cosines))]
    heat = {
        "type": "heatmap",
        "z": cosines,
        "x": places,
        "y": places,
        "zmin": -1,
        "zmax": 1,
        "colorscale": [list(stop) for stop in DIVERGING],
        "showscale": False,
        "hovertemplate": "places %{y} and %{x}: %{z:.2f}<extra></extra>",
    }
    last = places[-1] + every / 2
    axis = BARE_AXIS | {"nticks": 6}
    return new_figure(
        [heat],
        height=_HEIGHT,
        xaxis=axis | {"range": [-every / 2, last], "constrain": "domain"},
        yaxis=axis | {"range": [last, -every / 2], "scaleanchor": "x", "constrain": "domain", "automargin": True},
    )
