"""A small network with its real weights."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from components.figures.matrix import texts
from components.figures.template import BARE_AXIS, BLUE, FAINT, GREY, ORANGE, new_figure
from components.markup import bidi_isolate, for_figure, with_minus
from embeddings.training import SmallNetwork

_IN, _HIDDEN, _OUT = 0.0, 1.0, 2.0  # where the three columns stand
_HEIGHT = 400  # pixels, however many words: a network that learns keeps its place, on a phone too
_ROW = 32  # pixels for each word at most
_AROUND = 1.7  # rows above and below the words, which hold the heads
_CIRCLE = 40  # pixels across a hidden unit, which holds its number
_APART = 48  # pixels between the middles of two hidden units, so that no circle covers another
_DARK_BLUE, _DARK_ORANGE = "#24609a", "#b34c1c"  # under white numbers
_BAR = 0.7  # length of a bar that stands for 100 %


def network_figure(network: SmallNetwork, token: str) -> go.Figure:
    """One-hot in, hidden units, softmax out, with the row of ``token`` as thick lines: blue above zero, orange below.

    Raises:
        UnknownToken: ``token`` is not in the network's vocabulary.
    """
    V, D = network.W.shape
    token_id, likely = network.vocabulary.id(token), network.probabilities(token)
    ys, middle = -np.arange(V, dtype=float), (V - 1) / 2
    row = min(_ROW, _HEIGHT / (V + _AROUND))  # pixels
    reach = max(0.3 * V, _APART / row * (D - 1) / 2)  # of the hidden units to both sides of the middle
    hidden_ys = -np.linspace(middle - reach, middle + reach, D)
    words = [bidi_isolate(for_figure(word, 12)) for word in network.vocabulary.tokens]
    inputs = _nodes(
        _IN,
        ys,
        [f"<b>{word} 1</b>" if i == token_id else f"{word} 0" for i, word in enumerate(words)],
        "middle left",
        [BLUE if i == token_id else GREY for i in range(V)],
    )
    hidden = _nodes(
        _HIDDEN,
        hidden_ys,
        [with_minus(f"{value:.2f}") for value in network.W[token_id]],
        "middle center",
        [_DARK_ORANGE if value < 0 else _DARK_BLUE for value in network.W[token_id]],
    )
    hidden["marker"]["size"] = _CIRCLE
    hidden["textfont"] = {"color": "white", "size": 12}
    outputs = _nodes(_OUT, ys, [""] * V, "middle right", GREY)
    names = _nodes(
        _OUT + 0.08,
        ys,
        [f" {word} {share:.0%}" for word, share in zip(words, likely, strict=True)],
        "middle right",
        GREY,
    )
    names |= {"x": (_OUT + 0.08 + _BAR * likely).tolist(), "mode": "text"}
    bars = [
        {"type": "rect", "x0": _OUT + 0.08, "x1": _OUT + 0.08 + _BAR * share, "y0": y - 0.3, "y1": y + 0.3}
        | {"fillcolor": BLUE, "line": {"width": 0}}
        for y, share in zip(ys, likely.tolist(), strict=True)
    ]
    heads = texts(
        ["one-hot in", "hidden units", "softmax out"], [_IN, _HIDDEN, _OUT], [1.2] * 3, side="middle center", size=14
    )
    rows = max(V + _AROUND, 2 * reach + 2, _HEIGHT / row)
    high = (rows - V + 1) / 2 + 0.55  # a little more above the words than below, for the heads
    return new_figure(
        [heads, inputs, hidden, outputs, names],
        height=_HEIGHT,
        shapes=[*_edges(ys, hidden_ys, network, token_id), *bars],
        xaxis=BARE_AXIS | {"range": [-0.75, 3.3], "showticklabels": False},
        yaxis=BARE_AXIS | {"range": [high - rows, high], "showticklabels": False},
    )


def _nodes(x: float, ys: NDArray, texts: list[str], side: str, colours: Any) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": [x] * len(ys),
        "y": ys,
        "mode": "markers+text",
        "text": texts,
        "textposition": side,
        "marker": {"size": 10, "color": colours, "opacity": 1},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _edges(ys: NDArray, hidden_ys: NDArray, network: SmallNetwork, lit: int) -> list[dict[str, Any]]:
    """Lines from the inputs to the hidden units and on to the outputs; those of the input ``lit`` show their weight."""
    largest = float(np.abs(network.W).max()) or 1.0
    edges = []
    for unit, hidden_y in enumerate(hidden_ys):
        for row, y in enumerate(ys):
            weight = float(network.W[row, unit])
            strong = {"color": _colour(weight), "width": 1 + 6 * abs(weight) / largest}
            edges.append(_line(_IN, y, _HIDDEN, hidden_y, strong if row == lit else {"color": FAINT, "width": 0.5}))
            edges.append(_line(_HIDDEN, hidden_y, _OUT, y, {"color": FAINT, "width": 0.5}))
    return edges


def _line(x0: float, y0: float, x1: float, y1: float, line: dict[str, Any]) -> dict[str, Any]:
    return {"type": "line", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "line": line, "layer": "below"}


def _colour(weight: float) -> str:
    return ORANGE if weight < 0 else BLUE
