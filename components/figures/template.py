"""The one palette and the one template of all figures."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

import plotly.graph_objects as go

# At least 3:1 against both themes' backgrounds. Seven colours cannot all be told apart by people who lack a cone, so
# that groups differ by their symbol too: see `marker_style` in scatter_map.py.
BLUE, ORANGE, GREEN, PURPLE, OCHRE, GREY, ROSE = (
    "#3a86c8",
    "#e0662b",
    "#1f9e89",
    "#a465b5",
    "#b0821a",
    "#7d8794",
    "#c2527f",
)
CATEGORICAL = (BLUE, ORANGE, GREEN, GREY, PURPLE, OCHRE, ROSE)
RAMP = (PURPLE, "#6f7fcb", BLUE, GREEN, OCHRE, ORANGE)  # from low to high, all as strong on both themes
FAINT = "rgba(125, 135, 148, 0.28)"  # hairlines
GRID = "rgba(125, 135, 148, 0.2)"
LABEL_SIZE = 13
BARE_AXIS = MappingProxyType({"showgrid": False, "zeroline": False, "ticks": "", "fixedrange": True})


ABOVE = MappingProxyType({"orientation": "h", "yanchor": "bottom", "y": 1.01, "x": 0})  # a legend over the figure
_STYLE = MappingProxyType(
    {
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "dragmode": False,
        "font": {"size": LABEL_SIZE},
        "uirevision": "keep",  # a redraw does not undo the reader's zoom
        # In place of Streamlit's, nine tenths of a small figure, and all of it colours that are set here anyway.
        "template": {"layout": {"colorway": list(CATEGORICAL)}},
    }
)


def new_figure(traces: Sequence[dict[str, Any]], height: int, **layout: Any) -> go.Figure:
    """``traces``, dicts of Plotly's figure reference, in the house's style; ``layout`` overrides it.

    Plotly's check of every property would take longer than the rest of a rerun; the tests carry it out instead.
    """
    return go.Figure({"data": list(traces), "layout": {**_STYLE, "height": height, **layout}}, _validate=False)
