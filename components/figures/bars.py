"""Bars and dots: one number or several for each name, a row for each."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from components.figures.scatter_map import marker_style
from components.figures.template import ABOVE, BARE_AXIS, BLUE, FAINT, GREY, GRID, ORANGE, new_figure
from components.markup import for_figure, with_minus
from embeddings.common import in_bytes
from embeddings.tokenizers import LanguagePrice

_NO_BAR = 0.005  # a bar shorter than this cannot be seen, and Plotly then leaves out its number too


def neighbors_figure(
    neighbors: Sequence[tuple[str, float]], chosen: str | None = None, height: int | None = None
) -> go.Figure:
    """``(token, score)`` as bars from 0 to 1, or as far as the scores reach, best on top; ``chosen`` in orange.

    ``height`` in pixels; by default as many as the rows need.
    """
    words = [for_figure(word) for word, _ in neighbors]
    scores = [score for _, score in neighbors]
    places = list(range(len(words)))
    bars = {
        "type": "bar",
        "x": scores,
        "y": places,
        "orientation": "h",
        "marker": {"color": [ORANGE if word == chosen else BLUE for word, _ in neighbors]},
        "text": [with_minus(f"{score:.3f}") for score in scores],
        "textposition": ["auto" if abs(score) > _NO_BAR else "outside" for score in scores],  # inside if there is room
        "textangle": 0,
        "insidetextanchor": "end",
        "insidetextfont": {"color": "white"},
        "cliponaxis": False,
        "hovertext": words,
        "hovertemplate": "%{hovertext}: %{x:.4f}<extra></extra>",
    }
    return new_figure(
        [bars],
        height=height or 40 + 30 * len(neighbors),
        bargap=0.35,
        xaxis=BARE_AXIS | {"range": [min(0, *scores), max(1, *scores)], "showticklabels": False},
        yaxis={"tickvals": places, "ticktext": words, "autorange": "reversed", "automargin": True, "fixedrange": True},
    )


def sections_figure(
    names: Sequence[str], scores: Mapping[str, Sequence[float | None]], height: int | None = None
) -> go.Figure:
    """Shares from 0 to 1 as bars: a row for each of ``names``, in it a bar for each table in ``scores``.

    A share of ``None``, where nothing was asked, has no bar. ``height`` in pixels; by default as many as the rows need.
    """
    bars = [
        {
            "type": "bar",
            "orientation": "h",
            "name": for_figure(table, 40),
            "x": list(shares),
            "y": [for_figure(name, 40) for name in names],
            "marker": {"color": colour},
            "text": ["" if share is None else f" {share:.0%}" for share in shares],
            "textposition": "outside",
            "cliponaxis": False,
            "hovertemplate": "%{y}: %{x:.1%}<extra></extra>",
        }
        for (table, shares), colour in zip(scores.items(), (BLUE, ORANGE), strict=False)
    ]
    return new_figure(
        bars,
        height=height or 90 + (26 + 16 * len(bars)) * len(names),
        showlegend=True,
        legend=ABOVE | {"traceorder": "normal"},
        barmode="group",
        margin={"l": 8, "r": 8, "t": 40, "b": 8},
        xaxis={"range": [0, 1.2], "tickvals": [0, 0.5, 1], "tickformat": ".0%", "gridcolor": GRID, "fixedrange": True},
        yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True},
    )


def scores_figure(names: Sequence[str], scores: Mapping[str, Sequence[float | None]]) -> go.Figure:
    """Scores on a scale from 0, chance, to 1, perfect: a row for each of ``names``, in it a bar for each table.

    A score of ``None``, where there is none or none yet, has no bar; a table whose scores are all ``None`` takes its
    place all the same.
    """
    rows = [for_figure(name, 40) for name in names]
    bars = _grouped_bars(rows, scores, (BLUE, ORANGE), "%{y}: %{x:.3f}<extra></extra>")
    ticks = {"tickvals": [0, 0.5, 1], "ticktext": ["0: chance", "0.5", "1: perfect"], "showgrid": False}
    ends = [
        {"type": "line", "x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": 1, "line": {"color": GREY, "width": 1}}
        for x in (0, 1)
    ]
    return new_figure(
        bars,
        height=300,
        showlegend=True,
        legend=ABOVE | {"traceorder": "normal"},
        barmode="group",
        shapes=ends,
        margin={"l": 8, "r": 8, "t": 32, "b": 8},
        xaxis=ticks | {"range": [-0.15, 1.2], "zeroline": False, "fixedrange": True},
        yaxis={
            "type": "category",
            "categoryarray": rows,
            "range": [len(rows) - 0.5, -0.5],
            "automargin": True,
            "fixedrange": True,
        },
    )


def silhouettes_figure(names: Sequence[str], scores: Mapping[str, Sequence[float | None]], height: int) -> go.Figure:
    """Scores from -1 to 1 as bars: a row for each of ``names``, in it a bar for each table in ``scores``.

    A score of ``None``, where there is none, has no bar.
    """
    rows = [for_figure(name, 40) for name in names]
    bars = _grouped_bars(rows, scores, (GREY, BLUE, ORANGE), "%{y}: %{x:.3f}<extra>%{fullData.name}</extra>")
    known = [value for values in scores.values() for value in values if value is not None]
    return new_figure(
        bars,
        height=height,
        showlegend=True,
        legend=ABOVE | {"traceorder": "normal"},
        barmode="group",
        margin={"l": 8, "r": 8, "t": 40, "b": 8},
        xaxis={"range": [min(-0.3, *known) - 0.1, 1.1], "gridcolor": GRID, "zerolinecolor": GREY, "fixedrange": True},
        yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True},
    )


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
    limit = max(count for _, count in counts)
    return new_figure(
        [bars],
        height=44 * len(counts) + 20,
        xaxis=BARE_AXIS | {"range": [0, 1.2 * max(1, limit)], "showticklabels": False},
        yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True},
    )


def prices_figure(prices: Mapping[str, Sequence[LanguagePrice]], times: bool) -> go.Figure:
    """Tokens of a sentence as dots, or with ``times`` how many times those of English: a row for each language.

    Each tokenizer has its colour and symbol, by ``marker_style``; a dot is hollow where something is unknown.
    """
    languages = [price.language for price in next(iter(prices.values()))]
    numbers = [[price.premium if times else price.tokens for price in found] for found in prices.values()]
    rows = list(range(len(languages)))
    lines = [
        {"type": "line", "x0": min(across), "x1": max(across), "y0": row, "y1": row, "line": {"color": FAINT}}
        for row, across in zip(rows, zip(*numbers, strict=True), strict=True)
    ]
    english = {"type": "line", "x0": 1, "x1": 1, "yref": "paper", "y0": 0, "y1": 1, "line": {"color": GREY, "width": 1}}
    dots = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": title,
            "x": values,
            "y": rows,
            "marker": {
                "color": colour,
                "size": 11,
                "symbol": [f"{symbol}-open" if price.unknown else symbol for price in found],
                "line": {"width": [2 if price.unknown else 0 for price in found], "color": colour},
            },
            "customdata": [[price.language, price.tokens, price.premium, price.unknown] for price in found],
            "hovertemplate": f"{title}<br>%{{customdata[0]}}: %{{customdata[1]:,}} tokens, "
            "%{customdata[2]:.2f} times English, %{customdata[3]:,} unknown<extra></extra>",
            "cliponaxis": False,
        }
        for (title, found), values, (colour, symbol) in zip(
            prices.items(), numbers, map(marker_style, range(len(prices))), strict=True
        )
    ]
    title = "times as many tokens as English" if times else "tokens"
    return new_figure(
        dots,
        height=60 + 28 * len(languages),
        shapes=[*lines, *([english] if times else [])],
        xaxis={"title": {"text": title}, "rangemode": "tozero", "gridcolor": GRID, "fixedrange": True},
        yaxis=BARE_AXIS
        | {"tickvals": rows, "ticktext": languages, "range": [len(rows) - 0.4, -0.6], "automargin": True},
    )


def memory_figure(sizes: Sequence[tuple[str, int]]) -> go.Figure:
    """Bytes as points on a logarithmic scale, where a bar would have no zero to start from.

    ``sizes`` are ``(label, bytes)`` from top to bottom.
    """
    points = {
        "type": "scatter",
        "x": [size for _, size in sizes],
        "y": [label for label, _ in sizes],
        "mode": "markers+text",
        "marker": {"color": [GREY, ORANGE, BLUE][: len(sizes)], "size": 16},
        "text": [f"  {in_bytes(size)}" for _, size in sizes],
        "textposition": "middle right",
        "cliponaxis": False,
        "hovertemplate": "%{y}: %{x:,} bytes<extra></extra>",
    }
    return new_figure(
        [points],
        height=50 + 46 * len(sizes),
        xaxis={
            "type": "log",
            "range": [0, 15],
            "tickvals": [1, 1e3, 1e6, 1e9, 1e12],
            "ticktext": ["1 byte", "1 kB", "1 MB", "1 GB", "1 TB"],
            "fixedrange": True,
            "gridcolor": GRID,
        },
        yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True, "gridcolor": GRID},
    )


def _grouped_bars(
    rows: Sequence[str], scores: Mapping[str, Sequence[float | None]], colours: Sequence[str], hover: str
) -> list[dict[str, Any]]:
    """A trace for each table in ``scores``: in each of ``rows`` a bar with its number, or none where there is none."""
    return [
        {
            "type": "bar",
            "orientation": "h",
            "name": for_figure(table, 40),
            "x": list(values),
            "y": rows,
            "marker": {"color": colour},
            "text": ["" if value is None else " " + with_minus(f"{value:.2f}") for value in values],
            "textposition": "outside",
            "cliponaxis": False,
            "hovertemplate": hover,
        }
        for (table, values), colour in zip(scores.items(), colours, strict=False)
    ]
