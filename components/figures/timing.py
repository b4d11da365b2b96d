"""Timings over a size, with the roofline and the reader's guess; and the curves that one may expect."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import plotly.graph_objects as go

from components.figures.template import ABOVE, BLUE, FAINT, GREEN, GREY, GRID, ORANGE, PURPLE, new_figure
from embeddings.lookup import BUILD, EMBEDDING, LINEAR, MATMUL, SPARSE, Extrapolated, Roofline, Timing, attainable

_LOOKS = MappingProxyType(
    {
        EMBEDDING: (BLUE, "circle", "solid"),
        MATMUL: (ORANGE, "square", "solid"),
        LINEAR: (GREEN, "diamond", "dot"),
        BUILD: (GREY, "triangle-up", "dash"),
        SPARSE: (PURPLE, "cross", "dot"),
    }
)
_PLAIN = MappingProxyType({EMBEDDING: "lookup", MATMUL: "matmul (matrix product)"})  # what the lessons call them
_SUPERSCRIPTS = str.maketrans("0123456789.-", "⁰¹²³⁴⁵⁶⁷⁸⁹·⁻")
_UNITS = MappingProxyType({-9: "ns", -6: "µs", -3: "ms", 0: "s"})
AXES = MappingProxyType({"V": "Vocabulary size V", "D": "Dimension D", "B": "Batch B"})
HEIGHT = 420  # pixels: with what stands above it, it fits a telephone's first screen
FLAT = 0.1  # powers below this are told as no growth
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
    outcomes: Sequence[Timing | Extrapolated],
    sizes: Sequence[int],
    over: str = "V",
    *,
    slopes: Mapping[str, float] = MappingProxyType({}),
    roofline: Roofline | None = None,
    crossover: float | None = None,
    guess: Band | None = None,
    quartiles: bool = True,
    height: int = HEIGHT,
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
        quartiles: Whether the bars are drawn.
        height: In pixels.
    """
    variants = [variant for variant in _LOOKS if any(outcome.variant == variant for outcome in outcomes)]
    traces = [] if guess is None else _guessed(guess, outcomes, sizes, over)
    if roofline is not None:
        traces += [_roof(variant, outcomes, over, roofline) for variant in variants]
    for variant in variants:
        own = [outcome for outcome in outcomes if outcome.variant == variant]
        traces += _variant(variant, own, over, slopes.get(variant), quartiles)
    if noisy := [o for o in outcomes if isinstance(o, Timing) and o.noisy]:
        traces.append(_noisy(noisy, over))
    if crossover is not None:
        traces.append(_crossing(crossover, outcomes, over))
    return _over_sizes(traces, sizes, over, _seconds_axis(empty=not outcomes), height)


@dataclass(frozen=True)
class MachineTimings:
    """What was measured on one machine.

    Attributes:
        name: What it is called in the legend.
        timings: Of the lookup and the matmul, in one phase.
        roofline: The least time that it allows is drawn, if this is known.
    """

    name: str
    timings: Sequence[Timing]
    roofline: Roofline | None = None


def machines_figure(machines: Sequence[MachineTimings], over: str = "V") -> go.Figure:
    """The lookup and the matmul on two machines against a size, both axes logarithmic; the second machine's dashed.

    Args:
        machines: The two.
        over: Which size: "V", "D" or "B".
    """
    traces = []
    for machine, (dash, mark) in zip(machines, (("solid", ""), ("dash", "-open")), strict=True):
        for variant, name in ((MATMUL, "matmul"), (EMBEDDING, "lookup")):
            (line,) = _variant(variant, [t for t in machine.timings if t.variant == variant], over, None, False)
            colour, symbol, _ = _LOOKS[variant]
            named = f"{name}, {machine.name}"
            traces.append(
                line
                | {"name": named, "legendgroup": named, "line": {"color": colour, "dash": dash, "width": 2}}
                | {"marker": line["marker"] | {"symbol": f"{symbol}{mark}"}}
                | {"hovertemplate": f"{over} = %{{x:,}}: %{{customdata[0]}}<extra>{named}</extra>"}
            )
            if machine.roofline is not None:
                traces.append(_roof(variant, machine.timings, over, machine.roofline) | {"legendgroup": named})
    sizes = sorted({timing.along(over) for machine in machines for timing in machine.timings})
    return _over_sizes(traces, sizes, over, _seconds_axis(empty=False))


def power(over: str, exponent: float) -> str:
    """How something grows: a power of a size, as a symbol.

    >>> power("V", 1.04), power("V", -0.21)
    ('V¹·⁰', 'V⁻⁰·²')
    """
    return over + f"{round(exponent, 1) + 0.0:.1f}".translate(_SUPERSCRIPTS)


def stays(exponent: float) -> bool:
    """Whether what grows with this power hardly changes: by a quarter or so while the size grows tenfold."""
    return abs(exponent) < FLAT


def counted_figure(ratio: Sequence[float], sizes: Sequence[int], over: str = "V") -> go.Figure:
    """What arithmetic alone foretells, before anything is measured, in the frame of ``lab_figure``.

    Args:
        ratio: How many times the lookup's work the matmul has, one for each of ``sizes``.
        sizes: Rising.
        over: Which size: "V", "D" or "B".
    """
    traces = []
    for variant, name, work in ((EMBEDDING, "lookup", [1.0] * len(sizes)), (MATMUL, "matmul, by arithmetic", ratio)):
        colour, symbol, _ = _LOOKS[variant]
        traces.append(
            {
                "type": "scatter",
                "x": list(sizes),
                "y": list(work),
                "mode": "lines+markers",
                "name": name,
                "line": {"color": colour, "dash": "dot", "width": 2},
                "marker": {"symbol": f"{symbol}-open", "size": 8},
                "hovertemplate": f"{over} = %{{x:,}}: %{{y:,}} times<extra>{name}</extra>",
            }
        )
    yaxis = {"title": {"text": "Work, where the lookup's is 1"}, "range": [-0.7, 5.2]}
    return _over_sizes(traces, sizes, over, _seconds_axis(empty=True) | yaxis)


def _over_sizes(
    traces: Sequence[dict[str, Any]], sizes: Sequence[int], over: str, yaxis: dict[str, Any], height: int = HEIGHT
) -> go.Figure:
    """``traces`` against a size, with their names above."""
    return new_figure(
        traces,
        height=height,
        showlegend=True,
        legend=ABOVE | {"traceorder": "normal"},
        margin={"l": 8, "r": 8, "t": 40, "b": 8},
        xaxis=_size_axis(sizes, over),
        yaxis=yaxis,
    )


def choices_figure(choices: Sequence[tuple[str, Band]], over: str = "V") -> go.Figure:
    """Small pictures of what may be expected, each over its words: the lookup as a line, the matmul as a band.

    The words alone say how many times: a number beside the end of a steep band would cover it. The lookup's line is
    flat over V; over D and B it rises, and the bands with it.
    """
    count, rise = len(choices), 0.0 if over == "V" else _RISE
    traces: list[dict[str, Any]] = []
    layout: dict[str, Any] = {}
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
        layout[f"yaxis{axis}"] = frame | {"range": [-1, 4.2 + rise], "anchor": f"x{axis}"}
    layout["yaxis"]["title"] = {"text": "Time of one run →", "font": {"size": 12}}
    layout["yaxis"]["automargin"] = True
    layout["annotations"] = [_below(f"{AXES[over]} → &nbsp; (one picture for each guess)")]
    return new_figure(traces, height=HEIGHT, margin={"l": 4, "r": 4, "t": 4, "b": 72}, **layout)


def _below(text: str) -> dict[str, Any]:
    """``text`` in the middle below all pictures of a figure."""
    middle = {"xref": "paper", "x": 0.5, "xanchor": "center", "yref": "paper", "y": 0, "yanchor": "top"}
    return middle | {"text": text, "yshift": -50, "showarrow": False, "font": {"size": 12}}


def _variant(
    variant: str, outcomes: Sequence[Timing | Extrapolated], over: str, slope: float | None, quartiles: bool
) -> list[dict[str, Any]]:
    """What was measured of ``variant``, and hollow what was not."""
    colour, symbol, dash = _LOOKS[variant]
    measured = sorted((o for o in outcomes if isinstance(o, Timing)), key=lambda o: o.along(over))
    foretold = sorted(
        ((o, o.seconds) for o in outcomes if isinstance(o, Extrapolated) and o.seconds is not None),
        key=lambda each: each[0].along(over),
    )
    grows = "" if slope is None else ": does not grow" if stays(slope) else f": {power(over, slope)}"
    name = f"{variant}{grows}" if grows else _PLAIN.get(variant, variant)
    line = {
        "type": "scatter",
        "x": [timing.along(over) for timing in measured],
        "y": [timing.median for timing in measured],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [timing.upper_quartile - timing.median for timing in measured],
            "visible": quartiles,
            "arrayminus": [timing.median - timing.lower_quartile for timing in measured],
            "thickness": 1.5,
            "width": 4,
        },
        "mode": "lines+markers",
        "name": name,
        "legendgroup": variant,
        "line": {"color": colour, "dash": dash, "width": 2},
        "marker": {"symbol": symbol, "size": 8},
        "customdata": [
            [in_words(t.median), in_words(t.lower_quartile), in_words(t.upper_quartile), t.runs, t.flops, t.bytes_moved]
            for t in measured
        ],
        "hovertemplate": f"{over} = %{{x:,}}: %{{customdata[0]}} (half from %{{customdata[1]}} to %{{customdata[2]}}), "
        "%{customdata[3]:,} runs<br>%{customdata[4]:,} operations, %{customdata[5]:,} bytes"
        f"<extra>{variant}</extra>",
    }
    if not foretold:
        return [line]
    start = measured[-1:]
    hollow = {
        "type": "scatter",
        "x": [o.along(over) for o in (*start, *(o for o, _ in foretold))],
        "y": [*(o.median for o in start), *(seconds for _, seconds in foretold)],
        "mode": "lines+markers",
        "name": f"{variant}, not measured",
        "legendgroup": variant,
        "showlegend": False,
        "line": {"color": colour, "dash": "dot", "width": 1.2},
        "marker": {"symbol": [symbol] * len(start) + [f"{symbol}-open"] * len(foretold), "size": 10},
        "customdata": [["", ""]] * len(start) + [[in_words(seconds), o.reason] for o, seconds in foretold],
        "hovertemplate": f"{over} = %{{x:,}}: foretold, %{{customdata[0]}}<br>not tried, for its %{{customdata[1]}}"
        f"<extra>{variant}</extra>",
    }
    return [line, hollow]


def _roof(variant: str, outcomes: Sequence[Timing | Extrapolated], over: str, roofline: Roofline) -> dict[str, Any]:
    """The least time that the machine allows to ``variant``."""
    points = sorted((o for o in outcomes if o.variant == variant), key=lambda o: o.along(over))
    return {
        "type": "scatter",
        "x": [point.along(over) for point in points],
        "y": [attainable(point, roofline) for point in points],
        "mode": "lines",
        "name": f"roof of {variant}",
        "legendgroup": f"roof of {variant}",
        "showlegend": False,
        "opacity": 0.55,
        "line": {"color": _LOOKS[variant][0], "width": 1.2, "dash": "dashdot"},
        "hovertemplate": f"{over} = %{{x:,}}: at least %{{y:.3s}}s<extra>the machine's roof for {variant}</extra>",
    }


def _noisy(timings: Sequence[Timing], over: str) -> dict[str, Any]:
    """Thin rings around points whose runs differed much."""
    return {
        "type": "scatter",
        "x": [timing.along(over) for timing in timings],
        "y": [timing.median for timing in timings],
        "mode": "markers",
        "name": "disturbed",
        "marker": {"symbol": "circle-open", "size": 13, "color": GREY, "line": {"width": 1}},
        "hoverinfo": "skip",
    }


def _crossing(size: float, outcomes: Sequence[Timing | Extrapolated], over: str) -> dict[str, Any]:
    """A line at ``size``, over the height of what was measured."""
    seconds = [outcome.median for outcome in outcomes if isinstance(outcome, Timing)]
    return {
        "type": "scatter",
        "x": [size, size],
        "y": [min(seconds) * 0.7, max(seconds)],
        "mode": "lines",
        "name": f"equal at about {over} = {float(f'{size:.2g}'):,.0f}",
        "line": {"color": GREY, "width": 1.5, "dash": "dash"},
        "hoverinfo": "name",
    }


def _guessed(
    guess: Band, outcomes: Sequence[Timing | Extrapolated], sizes: Sequence[int], over: str
) -> list[dict[str, Any]]:
    """The reader's band, from the lookup's first time to multiples of its latest; of 1 before anything is measured."""
    looked_up = sorted(
        (o for o in outcomes if isinstance(o, Timing) and o.variant == EMBEDDING), key=lambda o: o.along(over)
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
    times = [10.0**decade for decade in range(6)]  # no second is known yet
    return axis | {
        "title": {"text": "Time, where the lookup's is 1"},
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
