"""Words on a line of numbers."""

from collections.abc import Sequence

import plotly.graph_objects as go

from components.figures.template import BARE_AXIS, CATEGORICAL, FAINT, new_figure
from components.plain_text import for_figure, isolated

_LEVELS = (1, 2, 3, -1, -2, -3)  # heights of the words above and below the line, by turns


def number_line_figure(words: Sequence[str], numbers: Sequence[int], largest: int) -> go.Figure:
    """``words`` at their ``numbers`` on a line from 0 to ``largest``; neighbours stand at different heights."""
    order = sorted(range(len(words)), key=numbers.__getitem__)
    height = {index: _LEVELS[place % len(_LEVELS)] for place, index in enumerate(order)}
    points = {
        "type": "scatter",
        "x": list(numbers),
        "y": [height[index] for index in range(len(words))],
        "mode": "markers+text",
        "text": [f"{isolated(for_figure(word, 14))} {number}" for word, number in zip(words, numbers, strict=True)],
        "textposition": ["top center" if height[index] > 0 else "bottom center" for index in range(len(words))],
        "marker": {"size": 10, "color": [CATEGORICAL[index % len(CATEGORICAL)] for index in range(len(words))]},
        "cliponaxis": False,
        "hoverinfo": "text",
    }
    stems = [
        {"type": "line", "x0": number, "x1": number, "y0": 0, "y1": height[index], "line": {"color": FAINT, "width": 1}}
        for index, number in enumerate(numbers)
    ]
    base = {"type": "line", "x0": 0, "x1": largest, "y0": 0, "y1": 0, "line": {"color": FAINT, "width": 2}}
    return new_figure(
        [points],
        height=300,
        shapes=[base, *stems],
        xaxis=BARE_AXIS | {"range": [-7, largest + 7], "tickvals": list(range(0, largest + 1, 10))},
        yaxis=BARE_AXIS | {"range": [-4.4, 4.4], "showticklabels": False},
    )
