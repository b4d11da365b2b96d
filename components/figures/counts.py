"""How many tokens each tokenizer needs."""

from collections.abc import Sequence

import plotly.graph_objects as go

from components.figures.template import BARE_AXIS, BLUE, GREY, new_figure


def token_counts_figure(counts: Sequence[tuple[str, int]], chosen: str) -> go.Figure:
    """``(tokenizer, tokens)`` as bars in their order, the ``chosen`` one in colour."""
    bars = {
        "type": "bar",
        "x": [count for _, count in counts],
        "y": [name for name, _ in counts],
        "orientation": "h",
        "marker": {"color": [BLUE if name == chosen else GREY for name, _ in counts]},
        "text": [f" {count:,}" for _, count in counts],
        "textposition": "outside",
        "cliponaxis": False,
        "hovertemplate": "%{y}: %{x:,} tokens<extra></extra>",
    }
    most = max(count for _, count in counts)
    return new_figure(
        [bars],
        height=44 * len(counts) + 20,
        xaxis=BARE_AXIS | {"range": [0, 1.2 * max(1, most)], "showticklabels": False},
        yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True},
    )
