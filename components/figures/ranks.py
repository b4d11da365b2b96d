"""Ranks: numbers of words over their rank or id, and two rankings of the same words joined by lines."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import plotly.graph_objects as go

from components.figures.scatter_map import label_places
from components.figures.template import ABOVE, BARE_AXIS, BLUE, CATEGORICAL, FAINT, GREY, GRID, ORANGE, new_figure
from components.markup import for_figure
from embeddings.similarity import NeighborRankSample, NormsByRank
from embeddings.tokenizers import KINDS, IdProfile

HEIGHT = 400  # pixels
_SHOWN = (300, 260)  # of them that hold points on a phone
_LETTER, _LINE = 8, 20  # pixels of a label
_BAND = "rgba(58, 134, 200, 0.22)"
_MOST_KINDS = 5  # that have a colour of their own
_REST = "all other"
_DOMAINS = MappingProxyType(  # of the kinds, and of the panels over them, by how many these are
    {1: ((0, 0.52), (0.66, 1)), 2: ((0, 0.38), (0.81, 1), (0.48, 0.71))}
)


def norms_figure(norms: NormsByRank, words: Sequence[tuple[str, int, float]]) -> go.Figure:
    """Median and quartiles of the lengths in each bin of ranks, and ``words`` as ``(word, rank, length)``."""
    middles = np.sqrt(norms.edges[:-1] * np.maximum(norms.edges[1:] - 1, 1.0))  # on a logarithmic axis
    lower, median, upper = norms.quartiles.T
    line = {"type": "scatter", "x": middles, "hoverinfo": "skip", "mode": "lines"}
    traces = [
        line | {"y": lower, "line": {"width": 0}, "showlegend": False},
        line
        | {"y": upper, "line": {"width": 0}, "fill": "tonexty", "fillcolor": _BAND, "name": "middle half of the words"},
        line | {"y": median, "line": {"color": BLUE, "width": 2}, "name": "median"},
        _named(words, "length %{y:.2f}"),
    ]
    lengths = {"title": {"text": "Length of the vector"}, "gridcolor": GRID, "fixedrange": True, "rangemode": "tozero"}
    return _over_ranks(traces, "Rank by frequency: 1 is the most frequent word", lengths)


def neighbor_ranks_figure(company: NeighborRankSample, words: Sequence[tuple[str, int, float]]) -> go.Figure:
    """Each sampled word's rank and its neighbours' median, and ``words`` as ``(word, rank, median)``."""
    last = max(int(company.ranks[-1]), 2)
    traces = [
        {
            "type": "scatter",
            "x": [1, last],
            "y": [1, last],
            "mode": "lines",
            "line": {"color": GRID, "width": 2, "dash": "dash"},
            "hoverinfo": "skip",
            "name": "as rare as the word itself",
        },
        {
            "type": "scatter",
            "x": company.ranks,
            "y": company.medians,
            "mode": "markers",
            "marker": {"color": BLUE, "size": 6, "opacity": 0.7},
            "hovertemplate": "rank %{x:,}: its neighbours' median is %{y:,}<extra></extra>",
            "name": f"{len(company.ranks)} words",
        },
        _named(words, "its neighbours' median is %{y:,}"),
    ]
    return _over_ranks(traces, "Rank of the word", _ranks("Median rank of its ten nearest"))


def _over_ranks(traces: Sequence[dict], title: str, yaxis: dict) -> go.Figure:
    """A figure over a logarithmic axis of ranks."""
    return new_figure(
        traces,
        height=HEIGHT,
        showlegend=True,
        legend=dict(ABOVE),
        margin={"l": 8, "r": 40, "t": 40, "b": 8},
        xaxis=_ranks(title),
        yaxis=yaxis,
    )


def _named(words: Sequence[tuple[str, int, float]], said: str) -> dict:
    """``words`` at their rank and number, with what is ``said`` of the number when one is pointed at.

    A label that would cover another is left out; the word is named when its point is pointed at.
    """
    points = np.array([(np.log10(rank), number) for _, rank, number in words]).reshape(-1, 2)
    names = [word for word, _, _ in words]
    places: list[str | None] = ["top center"] * len(words)
    if len(words) > 1 and _crowded(points, names):
        places = label_places(points, names, shown=_SHOWN)
    return {
        "type": "scatter",
        "x": [rank for _, rank, _ in words],
        "y": [number for _, _, number in words],
        "mode": "markers+text",
        "text": [for_figure(word, 16) if place else "" for (word, _, _), place in zip(words, places, strict=True)],
        "textposition": [place or "top center" for place in places],
        "marker": {"color": ORANGE, "size": 10, "symbol": "diamond"},
        "hovertext": [for_figure(word) for word, _, _ in words],
        "hovertemplate": f"%{{hovertext}}: rank %{{x:,}}, {said}<extra></extra>",
        "showlegend": False,
        "cliponaxis": False,
    }


def _crowded(points: np.ndarray, names: Sequence[str]) -> bool:
    """Whether two labels above their ``points`` [N, 2] would touch, on a phone."""
    spread = np.ptp(points, axis=0)
    across, upwards = (points / np.where(spread > 0, spread, 1) * _SHOWN).T  # pixels
    half = np.array([_LETTER * len(for_figure(name, 16)) / 2 for name in names])
    touching = (abs(across[:, None] - across) < half[:, None] + half) & (abs(upwards[:, None] - upwards) < _LINE)
    return bool(touching[np.triu_indices(len(points), 1)].any())


def _ranks(title: str) -> dict:
    """A logarithmic axis of ranks."""
    return {
        "type": "log",
        "title": {"text": title},
        "gridcolor": GRID,
        "fixedrange": True,
        "exponentformat": "none",
        "separatethousands": True,
        "dtick": 1,
    }


def id_profile_figure(profile: IdProfile, reference: str, height: int) -> go.Figure:
    """Over the ids from first to last: mean length, the words' median place in ``reference``, and kinds as shares.

    The colours of the kinds are those of ``kinds_drawn``; where no place is known, that panel is left out.
    """
    panels = [("Mean length, in characters", profile.mean_lengths, "mean length %{y:.1f}")]
    if np.isfinite(profile.median_places).any():
        panels.append((f"Median place of its words in {reference}", profile.median_places, "median place %{y:,.0f}"))
    steps = {"type": "scatter", "x": profile.edges.astype(float), "mode": "lines"}
    lines = [
        steps
        | {
            "y": [*values, values[-1]],  # so that the last step is drawn, too
            "line": {"color": BLUE, "width": 2, "shape": "hv"},
            "hovertemplate": f"from id %{{x:,}}: {said}<extra></extra>",
            "yaxis": f"y{number}",
        }
        for number, (_, values, said) in enumerate(panels, start=2)
    ]
    areas = [
        steps
        | {
            "y": [*shares, shares[-1]],
            "name": name,
            "stackgroup": "kinds",
            "line": {"width": 0, "shape": "hv"},
            "fillcolor": colour,
            "hovertemplate": f"from id %{{x:,}}: %{{y:.0%}} {name}<extra></extra>",
        }
        for (name, colour), shares in zip(kinds_drawn(profile), _shares_drawn(profile).T.tolist(), strict=True)
    ]
    domains = _DOMAINS[len(panels)]
    titles = ["What they are", *(title for title, _, _ in panels)]
    head = {"xref": "paper", "yref": "paper", "x": 0, "yanchor": "bottom", "xanchor": "left", "showarrow": False}
    axis = {"fixedrange": True, "gridcolor": GRID, "zeroline": False, "automargin": True}
    tall = axis | {"rangemode": "tozero", "nticks": 4, "separatethousands": True, "exponentformat": "none"}
    return new_figure(
        [*lines, *areas],
        height=height,
        margin={"l": 8, "r": 16, "t": 28, "b": 8},
        annotations=[head | {"text": text, "y": top + 0.01} for text, (_, top) in zip(titles, domains, strict=True)],
        xaxis=axis
        | {"title": {"text": "id"}, "range": [0, float(profile.edges[-1])], "nticks": 6, "anchor": "y"}
        | {"separatethousands": True, "exponentformat": "none"},
        yaxis=axis | {"domain": domains[0], "range": [0, 1], "tickvals": [0, 0.5, 1], "tickformat": ".0%"},
        **{f"yaxis{number}": tall | {"domain": domain} for number, domain in enumerate(domains[1:], start=2)},
    )


def kinds_drawn(profile: IdProfile) -> list[tuple[str, str]]:
    """The kinds of tokens that have a colour in ``id_profile_figure``, the most frequent first, and these colours."""
    kept = _most_frequent(profile)
    rest = [(_REST, GREY)] if len(kept) < np.count_nonzero(profile.shares.sum(axis=0)) else []
    colours = [colour for colour in CATEGORICAL if colour != GREY]
    return [*((KINDS[kind], colour) for kind, colour in zip(kept, colours, strict=False)), *rest]


def _most_frequent(profile: IdProfile) -> list[int]:
    totals = profile.shares.sum(axis=0)  # [K]
    return [kind for kind in np.argsort(-totals, kind="stable")[:_MOST_KINDS].tolist() if totals[kind]]


def _shares_drawn(profile: IdProfile) -> np.ndarray:
    """The shares of ``kinds_drawn`` in each bin: [B, drawn]."""
    kept = profile.shares[:, _most_frequent(profile)]
    return np.column_stack([kept, 1 - kept.sum(axis=1)])[:, : len(kinds_drawn(profile))]


def rank_change_figure(left: Sequence[str], right: Sequence[str], titles: tuple[str, str]) -> go.Figure:
    """``left`` and ``right``, best on top; words in both are joined, those that are in one alone stand in orange."""
    lines = [_line(left.index(word), right.index(word)) for word in left if word in right]
    sides = (_side(left, right, 0.0, "middle left"), _side(right, left, 1.0, "middle right"))
    longest = max(len(left), len(right))
    heads = [
        {"text": f"<b>{title}</b>", "x": x, "y": 0.9, "xanchor": anchor, "showarrow": False, "yanchor": "bottom"}
        for title, x, anchor in zip(titles, (0.0, 1.0), ("right", "left"), strict=True)
    ]
    return new_figure(
        [*lines, *sides],
        height=78 + 28 * longest,
        annotations=heads,
        xaxis=BARE_AXIS | {"range": [-1.3, 2.3], "showticklabels": False},
        yaxis=BARE_AXIS | {"range": [-longest + 0.4, 2.7], "showticklabels": False},
    )


def _line(from_rank: int, to_rank: int) -> dict[str, Any]:
    moved = from_rank != to_rank
    return {
        "type": "scatter",
        "x": [0.04, 0.96],
        "y": [-from_rank, -to_rank],
        "mode": "lines",
        "line": {"color": BLUE if moved else FAINT, "width": 2},
        "hoverinfo": "skip",
    }


def _side(words: Sequence[str], others: Sequence[str], x: float, place: str) -> dict[str, Any]:
    colours = [GREY if word in others else ORANGE for word in words]
    return {
        "type": "scatter",
        "x": [x] * len(words),
        "y": [-rank for rank in range(len(words))],
        "mode": "markers+text",
        "marker": {"color": colours, "size": 8},
        "text": [f" {for_figure(word, 18)} " for word in words],
        "textposition": place,
        "hoverinfo": "skip",
        "cliponaxis": False,
    }
