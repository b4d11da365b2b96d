"""The timing lab's chart, and the pictures of the curves that one may expect."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import plotly.graph_objects as go

from components.figures.template import ABOVE, BLUE, FAINT, GREEN, GREY, GRID, ORANGE, PURPLE, new_figure
from embeddings.lookup import BUILD, EMBEDDING, LINEAR, MATMUL, SPARSE, Predicted, Roofline, Timing, attainable

_LOOKS = MappingProxyType(
    {
        EMBEDDING: (BLUE, "circle", "solid"),
        MATMUL: (ORANGE, "square", "solid"),
        LINEAR: (GREEN, "diamond", "dot"),
        BUILD: (GREY, "triangle-up", "dash"),
        SPARSE: (PURPLE, "cross", "dot"),
    }
)
_SUPERSCRIPTS = str.maketrans("0123456789.-", "⁰¹²³⁴⁵⁶⁷⁸⁹·⁻")
_UNITS = MappingProxyType({-9: "ns", -6: "µs", -3: "ms", 0: "s"})
AXES = MappingProxyType({"V": "Vocabulary size V", "D": "Dimension D", "B": "Batch B"})
_LABEL_APART = 0.13  # of the axis' length between two sizes that are named, so that names stand apart on a telephone
_RISE = 0.7  # decades, of the lookup's line in a picture where it grows too
_GUESS = "rgba(164, 101, 181, 0.28)"


@dataclass(frozen=True)
class Band:
    """What the reader expects: at the last size from ``low`` to ``high`` times the lookup's time there.

    Attributes:
        low, high: How many times.
        named: What it is called in the legend.
    """

    low: float
    high: float
    named: str = "your guess"


def lab_figure(
    outcomes: Sequence[Timing | Predicted],
    sizes: Sequence[int],
    over: str = "V",
    *,
    slopes: Mapping[str, float] = MappingProxyType({}),
    roofline: Roofline | None = None,
    crossover: float | None = None,
    guess: Band | None = None,
    height: int = 520,
) -> go.Figure:
    """Seconds against a size, both logarithmic: medians as points, quartiles as bars, hollow where it did not fit.

    Args:
        outcomes: Of one phase, and of building one-hot rows.
        sizes: All that are to be measured, so that the frame stays while points arrive.
        over: Which size: "V", "D" or "B".
        slopes: The power with which each way grows, for its name.
        roofline: Draws the least time that the machine allows to each way.
        crossover: A size at which two ways meet, marked by a line.
        guess: What the reader expects, drawn faintly.
        height: In pixels.
    """
    ways = [way for way in _LOOKS if any(outcome.way == way for outcome in outcomes)]
    traces = [] if guess is None else _guessed(guess, outcomes, sizes, over)
    if roofline is not None:
        traces += [_roof(way, outcomes, over, roofline) for way in ways]
    for way in ways:
        traces += _way(way, [outcome for outcome in outcomes if outcome.way == way], over, slopes.get(way))
    if disturbed := [o for o in outcomes if isinstance(o, Timing) and o.disturbed]:
        traces.append(_disturbed(disturbed, over))
    if crossover is not None:
        traces.append(_crossing(crossover, outcomes, over))
    return new_figure(
        traces,
        height=height,
        showlegend=True,
        legend=ABOVE | {"traceorder": "normal"},
        margin={"l": 8, "r": 8, "t": 40, "b": 8},
        xaxis=_size_axis(sizes, over),
        yaxis=_seconds_axis(empty=not outcomes),
    )


def power(over: str, exponent: float) -> str:
    """How something grows.

    >>> power("V", 1.04), power("V", -0.02)
    ('V¹·⁰', 'V⁰·⁰')
    """
    return over + f"{round(exponent, 1) + 0.0:.1f}".translate(_SUPERSCRIPTS)


def choices_figure(choices: Sequence[tuple[str, Band]], over: str = "V") -> go.Figure:
    """Small pictures of what may be expected, each over its words: the lookup as a line, the matmul as a band.

    The lookup's line is flat over V; over D and B it rises, and the bands with it.
    """
    count, rise = len(choices), 0.0 if over == "V" else _RISE
    traces, layout = [], {}
    for number, (words, band) in enumerate(choices):
        axis = "" if number == 0 else str(number + 1)
        x, low, high = [0, 1, 3], [0, 0, rise + math.log10(band.low)], [0, 0, rise + math.log10(band.high)]
        where = {"xaxis": f"x{axis}", "yaxis": f"y{axis}", "hoverinfo": "skip", "showlegend": False}
        traces += [
            {"type": "scatter", "mode": "lines", "x": x + x[::-1], "y": high + low[::-1], "fill": "toself"}
            | {"fillcolor": "rgba(224, 102, 43, 0.45)", "line": {"color": ORANGE, "width": 1.5}}
            | where,
            {"type": "scatter", "mode": "lines", "x": [0, 1, 3], "y": [0, 0, rise]}
            | {"line": {"color": BLUE, "width": 3}}
            | where,
        ]
        left = number / count
        frame = {"showgrid": False, "zeroline": False, "ticks": "", "showticklabels": False, "fixedrange": True}
        frame |= {"showline": True, "linecolor": FAINT}
        layout[f"xaxis{axis}"] = (
            frame | {"domain": [left + 0.015, left + 1 / count - 0.015], "range": [-0.1, 3.1], "anchor": f"y{axis}"}
        ) | {"title": {"text": words.replace(" times", "<br>times"), "font": {"size": 12}}}
        layout[f"yaxis{axis}"] = frame | {"range": [-0.5, 4.2 + rise], "anchor": f"x{axis}"}
    return new_figure(traces, height=165, margin={"l": 4, "r": 4, "t": 4, "b": 40}, **layout)


def _way(way: str, outcomes: Sequence[Timing | Predicted], over: str, slope: float | None) -> list[dict[str, Any]]:
    """What was measured of ``way``, and hollow what was not."""
    colour, symbol, dash = _LOOKS[way]
    measured = sorted((o for o in outcomes if isinstance(o, Timing)), key=lambda o: o.along(over))
    foretold = sorted(
        (o for o in outcomes if isinstance(o, Predicted) and o.seconds is not None), key=lambda o: o.along(over)
    )
    name = way if slope is None else f"{way}: {power(over, slope)}"
    line = {
        "type": "scatter",
        "x": [timing.along(over) for timing in measured],
        "y": [timing.median for timing in measured],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [timing.upper_quartile - timing.median for timing in measured],
            "arrayminus": [timing.median - timing.lower_quartile for timing in measured],
            "thickness": 1.5,
            "width": 4,
        },
        "mode": "lines+markers",
        "name": name,
        "legendgroup": way,
        "line": {"color": colour, "dash": dash, "width": 2},
        "marker": {"symbol": symbol, "size": 8},
        "customdata": [
            [in_words(t.median), in_words(t.lower_quartile), in_words(t.upper_quartile), t.runs, t.flops, t.bytes_moved]
            for t in measured
        ],
        "hovertemplate": f"{over} = %{{x:,}}: %{{customdata[0]}} (half from %{{customdata[1]}} to %{{customdata[2]}}), "
        "%{customdata[3]:,} runs<br>%{customdata[4]:,} operations, %{customdata[5]:,} bytes"
        f"<extra>{way}</extra>",
    }
    if not foretold:
        return [line]
    start = measured[-1:]
    hollow = {
        "type": "scatter",
        "x": [o.along(over) for o in (*start, *foretold)],
        "y": [*(o.median for o in start), *(o.seconds for o in foretold)],
        "mode": "lines+markers",
        "name": f"{way}, not measured",
        "legendgroup": way,
        "showlegend": False,
        "line": {"color": colour, "dash": "dot", "width": 1.2},
        "marker": {"symbol": [symbol] * len(start) + [f"{symbol}-open"] * len(foretold), "size": 10},
        "customdata": [["", ""]] * len(start) + [[in_words(o.seconds), o.reason] for o in foretold],
        "hovertemplate": f"{over} = %{{x:,}}: foretold, %{{customdata[0]}}<br>not tried, for its %{{customdata[1]}}"
        f"<extra>{way}</extra>",
    }
    return [line, hollow]


def _roof(way: str, outcomes: Sequence[Timing | Predicted], over: str, roofline: Roofline) -> dict[str, Any]:
    """The least time that the machine allows to ``way``."""
    points = sorted((o for o in outcomes if o.way == way), key=lambda o: o.along(over))
    return {
        "type": "scatter",
        "x": [point.along(over) for point in points],
        "y": [attainable(point, roofline) for point in points],
        "mode": "lines",
        "name": f"roof of {way}",
        "legendgroup": f"roof of {way}",
        "showlegend": False,
        "opacity": 0.55,
        "line": {"color": _LOOKS[way][0], "width": 1.2, "dash": "dashdot"},
        "hovertemplate": f"{over} = %{{x:,}}: at least %{{y:.3s}}s<extra>the machine's roof for {way}</extra>",
    }


def _disturbed(timings: Sequence[Timing], over: str) -> dict[str, Any]:
    """Rings around points whose runs differed much."""
    return {
        "type": "scatter",
        "x": [timing.along(over) for timing in timings],
        "y": [timing.median for timing in timings],
        "mode": "markers",
        "name": "disturbed",
        "marker": {"symbol": "circle-open", "size": 17, "color": GREY, "line": {"width": 2}},
        "hoverinfo": "skip",
    }


def _crossing(size: float, outcomes: Sequence[Timing | Predicted], over: str) -> dict[str, Any]:
    """A line at ``size``, over the height of what was measured."""
    seconds = [outcome.median for outcome in outcomes if isinstance(outcome, Timing)]
    return {
        "type": "scatter",
        "x": [size, size],
        "y": [min(seconds) * 0.7, max(seconds)],
        "mode": "lines",
        "name": f"they meet at {over} = {size:,.0f}",
        "line": {"color": GREY, "width": 1.5, "dash": "dash"},
        "hoverinfo": "name",
    }


def _guessed(
    guess: Band, outcomes: Sequence[Timing | Predicted], sizes: Sequence[int], over: str
) -> list[dict[str, Any]]:
    """The reader's band, from the lookup's first time to multiples of its latest; of 1 before anything is measured."""
    looked_up = sorted(
        (o for o in outcomes if isinstance(o, Timing) and o.way == EMBEDDING), key=lambda o: o.along(over)
    )
    if outcomes and not looked_up:
        return []  # nothing that the guess could be multiples of
    start, end = (looked_up[0].median, looked_up[-1].median) if looked_up else (1.0, 1.0)
    first, last = min(sizes), max(sizes)
    bend = math.sqrt(first * last) if last > first else last
    x = [first, bend, last]
    low, high = ([start, math.sqrt(start * end) * times ** (1 / 4), end * times] for times in (guess.low, guess.high))
    band = {
        "type": "scatter",
        "x": x + x[::-1],
        "y": high + low[::-1],
        "mode": "lines",
        "fill": "toself",
        "fillcolor": _GUESS,
        "line": {"width": 0},
        "name": guess.named,
        "hoverinfo": "skip",
    }
    return [band]


def _size_axis(sizes: Sequence[int], over: str) -> dict[str, Any]:
    low, *between, high = sorted(set(sizes)) if len(set(sizes)) > 1 else [*sizes, *sizes]
    apart = _LABEL_APART * (math.log10(high / low) + 0.3)
    named = [high]
    for size in reversed(between):
        if min(math.log10(named[-1] / size), math.log10(size / low)) >= apart:
            named.append(size)
    named = sorted({*named, low})
    return {
        "type": "log",
        "title": {"text": AXES[over]},
        "range": [math.log10(min(sizes)) - 0.15, math.log10(max(sizes)) + 0.15],
        "tickvals": named,
        "ticktext": [f"{size:,}" for size in named],
        "gridcolor": GRID,
    }


def _seconds_axis(empty: bool) -> dict[str, Any]:
    decades = range(-8, 4)
    axis = {
        "type": "log",
        "title": {"text": "Time of one run"},
        "tickvals": [10.0**decade for decade in decades],
        "ticktext": [in_words(10.0**decade) for decade in decades],
        "automargin": True,
        "gridcolor": GRID,
    }
    if not empty:
        return axis
    times = [10.0**decade for decade in range(5)]  # no second is known yet
    return axis | {
        "title": {"text": "Times the lookup's time"},
        "tickvals": times,
        "ticktext": [f"{each:,.0f}" for each in times],
        "range": [-0.7, 4],
    }


def in_words(seconds: float) -> str:
    """``seconds`` with three digits and a fitting unit.

    >>> in_words(3.14e-5), in_words(100.0)
    ('31.4 µs', '100 s')
    """
    unit = max((each for each in _UNITS if 10.0**each <= seconds * 1.0000001), default=-9)
    return f"{seconds / 10.0**unit:.3g} {_UNITS[unit]}"
