"""A training as it goes: loss and similarities over time, rows that a batch would change, and a tokenizer's merges."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from components.figures.template import ABOVE, BARE_AXIS, BLUE, CATEGORICAL, FAINT, GREY, GRID, ORANGE, new_figure
from components.markup import for_figure

_ROWS_HEIGHT = 320  # pixels of the grid of a table's rows
_PARTED = 1_000  # cells that can have a gap between them
_LEAST_STEPS = 10  # on an axis of steps: a shorter one would be parted at halves of a step
_DASHES = ("solid", "dash", "dot")
_PARTS = ((0.58, 1), (0, 0.42))  # of a figure's height: for a text that shrinks, and a vocabulary that grows
_MERGED = "rgba(58, 134, 200, 0.4)"  # a piece that was merged just now


def loss_figure(
    steps: Sequence[int],
    losses: Sequence[float],
    held_out: Sequence[float | None],
    last: int,
    unit: str,
    shown: int | None = None,
) -> go.Figure:
    """The loss at each of ``steps``, on what is trained on and on what is held out; a line at the step ``shown``.

    Args:
        steps: Rising.
        losses, held_out: Nats, one for each step; ``None`` where nothing is held out.
        last: Step of the end, so that the axis stays while points arrive.
        unit: What a step counts.
        shown: Where the line is.
    """
    lines: list[tuple[str, Sequence[float | None], str, str]] = [("learned from", losses, BLUE, "solid")]
    if any(loss is not None for loss in held_out):
        lines.append(("held out", held_out, ORANGE, "dash"))
    traces = [
        {
            "type": "scatter",
            "x": list(steps),
            "y": list(values),
            "mode": "lines+markers" if len(steps) < 2 else "lines",
            "name": name,
            "line": {"color": colour, "dash": dash, "width": 2},
            "hovertemplate": f"%{{x:,}} {unit}: %{{y:.3f}}<extra>{name}</extra>",
        }
        for name, values, colour, dash in lines
    ]
    numbers = [value for _, values, _, _ in lines for value in values if value is not None]
    mark = [] if shown is None else [_line_at(shown)]
    return new_figure(
        traces,
        height=230,
        showlegend=len(lines) > 1,
        legend=dict(ABOVE),
        margin={"l": 8, "r": 12, "t": 32, "b": 8},
        shapes=mark,
        xaxis=_steps_axis(last, unit),
        yaxis={
            "title": {"text": "loss"},
            "range": [0, 1.05 * max(numbers)],
            "gridcolor": GRID,
            "automargin": True,
            "fixedrange": True,
        },
    )


def two_losses_figure(
    curves: Sequence[tuple[str, Sequence[float], Sequence[float | None]]],
    steps: Sequence[int],
    last: int,
    height: int = 300,
) -> go.Figure:
    """The losses of two trainings at the same ``steps``: each on what it is trained on, and dashed on what is held out.

    Args:
        curves: A name, the losses in nats, and the held-out losses, ``None`` where nothing is held out.
        steps: Rising.
        last: Step of the end, so that the axis stays while points arrive.
        height: In pixels.
    """
    traces = [
        {
            "type": "scatter",
            "x": list(steps),
            "y": list(values),
            "mode": "lines+markers" if len(steps) < 2 else "lines",
            "name": name,
            "legendgroup": name,
            "showlegend": dash == "solid",
            "line": {"color": colour, "dash": dash, "width": 2},
            "hovertemplate": f"%{{x:,}} steps: %{{y:.3f}}<extra>{name}</extra>",
        }
        for (name, losses, held_out), colour in zip(curves, (BLUE, ORANGE), strict=False)
        for values, dash in ((losses, "solid"), (held_out, "dash"))
        if any(value is not None for value in values)
    ]
    numbers = [value for _, losses, held_out in curves for value in (*losses, *held_out) if value is not None]
    return new_figure(
        traces,
        height=height,
        showlegend=True,
        legend=dict(ABOVE),
        margin={"l": 8, "r": 12, "t": 32, "b": 8},
        xaxis=_steps_axis(last, "steps"),
        yaxis={
            "title": {"text": "loss"},
            "range": [0, 1.05 * max(numbers, default=1.0)],
            "gridcolor": GRID,
            "automargin": True,
            "fixedrange": True,
        },
    )


def similarities_figure(
    steps: Sequence[int], cosines: Mapping[str, Sequence[float]], last: int, unit: str, shown: int | None = None
) -> go.Figure:
    """The cosine of each pair of words at each of ``steps``; names as in ``cosines``."""
    traces = [
        {
            "type": "scatter",
            "x": list(steps),
            "y": list(values),
            "mode": "lines+markers" if len(steps) < 2 else "lines",
            "name": for_figure(name, 30),
            "line": {
                "color": CATEGORICAL[number % len(CATEGORICAL)],
                "dash": _DASHES[number % len(_DASHES)],
                "width": 2,
            },
            "hovertemplate": "%{y:.2f}<extra>%{fullData.name}</extra>",
        }
        for number, (name, values) in enumerate(cosines.items())
    ]
    return new_figure(
        traces,
        height=230,
        showlegend=True,
        legend=dict(ABOVE),
        margin={"l": 8, "r": 12, "t": 32, "b": 8},
        shapes=[] if shown is None else [_line_at(shown)],
        xaxis=_steps_axis(last, unit),
        yaxis={
            "title": {"text": "cosine"},
            "range": [-0.6, 1.05],
            "gridcolor": GRID,
            "zeroline": True,
            "zerolinecolor": FAINT,
            "automargin": True,
            "fixedrange": True,
        },
    )


def rows_figure(norms: NDArray, tokens: Sequence[str], looked_up: Sequence[int]) -> go.Figure:
    """A table's V rows as cells, line by line: blue where a row's gradient is not zero, with a dot where the batch had
    its token.

    Args:
        norms: float [V], lengths of the gradient's rows.
        tokens: The V tokens.
        looked_up: Ids of the batch's tokens.
    """
    V = len(norms)
    across = int(np.ceil(np.sqrt(1.6 * V)))  # so that cells are about as wide as they are high
    down = int(np.ceil(V / across))
    cells = np.full(down * across, np.nan)
    cells[:V] = np.where(norms > 0, np.log10(np.maximum(norms, 1e-12)), np.nan)
    names = [for_figure(token) for token in tokens] + [""] * (down * across - V)
    lengths = [*(f"{norm:.2g}" for norm in norms.tolist()), *[""] * (down * across - V)]
    known = cells[:V][norms > 0]
    low, high = (float(known.min()), float(known.max())) if len(known) else (-1.0, 0.0)
    heat = {
        "type": "heatmap",
        "z": cells.reshape(down, across),
        "customdata": np.array([list(pair) for pair in zip(names, lengths, strict=True)]).reshape(down, across, 2),
        "colorscale": [[0, "rgba(58, 134, 200, 0.25)"], [1, BLUE]],
        "zmin": min(low, high - 1),
        "zmax": high,
        "showscale": False,
        "xgap": 2 if V <= _PARTED else 0,
        "ygap": 2 if V <= _PARTED else 0,
        "hoverongaps": False,
        "hovertemplate": "%{customdata[0]}: gradient of length %{customdata[1]}<extra></extra>",
    }
    empty = {
        "type": "heatmap",
        "z": np.where(np.arange(down * across) < V, 1.0, np.nan).reshape(down, across),
        "colorscale": [[0, FAINT], [1, FAINT]],
        "showscale": False,
        "xgap": heat["xgap"],
        "ygap": heat["ygap"],
        "hoverinfo": "skip",
    }
    dots = {
        "type": "scatter",
        "x": [token_id % across for token_id in looked_up],
        "y": [token_id // across for token_id in looked_up],
        "mode": "markers",
        "marker": {"color": ORANGE, "size": 6, "line": {"color": GREY, "width": 0}},
        "hoverinfo": "skip",
    }
    return new_figure(
        [empty, heat, dots],
        height=_ROWS_HEIGHT,
        xaxis=BARE_AXIS | {"showticklabels": False},
        yaxis=BARE_AXIS | {"showticklabels": False, "autorange": "reversed"},
    )


def merges_figure(tokens: Sequence[int], first_size: int, shown: int) -> go.Figure:
    """How a text shrinks and a vocabulary grows, merge by merge; a line at the merge ``shown``.

    Args:
        tokens: Of the text, before the first merge and after each.
        first_size: Of the vocabulary before the first merge; each adds one token.
        shown: Where the line is.
    """
    merges = list(range(len(tokens)))
    lines = (
        ("tokens of the text", list(tokens), BLUE, "y"),
        ("tokens in the vocabulary", [first_size + number for number in merges], ORANGE, "y2"),
    )
    traces = [
        {
            "type": "scatter",
            "x": merges,
            "y": values,
            "yaxis": axis,
            "mode": "lines",
            "name": name,
            "line": {"color": colour, "width": 2},
            "hovertemplate": f"%{{x:,}} merges: %{{y:,}} {name}<extra></extra>",
        }
        for name, values, colour, axis in lines
    ]
    traces += [
        {
            "type": "scatter",
            "x": [shown],
            "y": [values[shown]],
            "yaxis": axis,
            "mode": "markers",
            "marker": {"color": colour, "size": 9},
            "hoverinfo": "skip",
        }
        for _, values, colour, axis in lines
    ]
    last = max(1, merges[-1])
    axis = {"gridcolor": GRID, "automargin": True, "fixedrange": True, "tickformat": ",d", "nticks": 5}
    names = [
        {
            "text": name,
            "x": 0,
            "y": height,
            "xref": "paper",
            "yref": "paper",
            "xanchor": "left",
            "yanchor": "bottom",
            "showarrow": False,
            "font": {"color": colour},
        }
        for (name, _, colour, _), (_, height) in zip(lines, _PARTS, strict=True)
    ]
    return new_figure(
        traces,
        height=360,
        margin={"l": 8, "r": 12, "t": 28, "b": 8},
        shapes=[_line_at(shown) | {"y0": low, "y1": high} for low, high in _PARTS],
        annotations=names,
        xaxis={
            "title": {"text": "merges"},
            "range": [-0.02 * last, 1.02 * last],
            "tickformat": ",d",
            "gridcolor": GRID,
            "fixedrange": True,
            "anchor": "y2",
        },
        yaxis=axis | {"domain": _PARTS[0], "range": [0, 1.05 * max(1, tokens[0])]},
        yaxis2=axis | {"domain": _PARTS[1]},
    )


def merge_steps_figure(
    lines: Sequence[Sequence[tuple[str, int]]], merged: Sequence[int | None], names: Sequence[str]
) -> go.Figure:
    """A token from its bytes to itself, a merge in each line; what was merged there is blue.

    Args:
        lines: The pieces of each line from left to right, with their lengths in bytes.
        merged: Which piece of each line was merged there.
        names: Of the lines.
    """
    boxes: list[dict] = []
    texts: list[tuple[float, int, str]] = []
    for row, (pieces, new) in enumerate(zip(lines, merged, strict=True)):
        start = 0
        for number, (text, length) in enumerate(pieces):
            boxes.append(
                {
                    "type": "rect",
                    "x0": start + 0.04,
                    "x1": start + length - 0.04,
                    "y0": row - 0.4,
                    "y1": row + 0.4,
                    "line": {"width": 0},
                    "fillcolor": _MERGED if number == new else FAINT,
                    "layer": "below",
                }
            )
            texts.append((start + length / 2, row, for_figure(text, 4 * length + 8)))
            start += length
    written = {
        "type": "scatter",
        "mode": "text",
        "x": [x for x, _, _ in texts],
        "y": [y for _, y, _ in texts],
        "text": [text for _, _, text in texts],
        "textfont": {"size": 14},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }
    size = sum(length for _, length in lines[0])
    return new_figure(
        [written],
        height=30 * len(lines) + 24,
        shapes=boxes,
        xaxis=BARE_AXIS | {"range": [0, size], "showticklabels": False},
        yaxis=BARE_AXIS
        | {
            "range": [len(lines) - 0.5, -0.5],
            "tickvals": list(range(len(lines))),
            "ticktext": list(names),
            "automargin": True,
        },
    )


def _steps_axis(last: int, unit: str) -> dict:
    """From 0 to the ``last`` step; of a length that whole numbers part, even before the end is known."""
    whole = {"range": [0, max(last, _LEAST_STEPS)], "tickformat": "~s"}
    return {"title": {"text": unit}, "gridcolor": GRID, "fixedrange": True} | whole


def _line_at(step: int) -> dict:
    return {
        "type": "line",
        "x0": step,
        "x1": step,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": GREY, "width": 2, "dash": "dot"},
    }
