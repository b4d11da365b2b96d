"""A class's guesses: a bar for each answer that could be chosen."""

from collections.abc import Collection, Sequence

import plotly.graph_objects as go

from components.figures.template import BARE_AXIS, BLUE, GREEN, new_figure
from components.markup import for_figure

_LETTERS, _ROW = 28, 44  # of a name; pixels of a bar
_SIZE = 16  # of letters, to be read from the back of a room


def guesses_figure(options: Sequence[str], counts: Sequence[int], answers: Collection[str] = ()) -> go.Figure:
    """How many chose each of the ``options``, in their order; the ``answers`` are green and have a mark.

    Args:
        options, counts: Of equal length.
        answers: The right ones, or none where they are not known yet.
    """
    total = sum(counts)
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": list(counts),
        "y": list(range(len(options))),
        "marker": {"color": [GREEN if option in answers else BLUE for option in options]},
        "text": [f" {count} · {count / total:.0%}" if count else " 0" for count in counts],
        "textposition": "outside",
        "textfont": {"size": _SIZE},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
    names = [for_figure(option, _LETTERS) for option in options]
    names = [f"<b>✓ {name}</b>" if option in answers else name for name, option in zip(names, options, strict=True)]
    return new_figure(
        [bars],
        height=24 + _ROW * len(options),
        bargap=0.4,
        xaxis=BARE_AXIS | {"range": [0, 1.7 * max(1, *counts)], "showticklabels": False},
        yaxis={
            "tickvals": list(range(len(options))),
            "ticktext": names,
            "tickfont": {"size": _SIZE},
            "autorange": "reversed",
            "automargin": True,
            "fixedrange": True,
        },
    )


def guesses_text(options: Sequence[str], counts: Sequence[int], answers: Collection[str] = ()) -> str:
    """The same in words.

    >>> guesses_text(["cat", "dog"], [3, 1], ["dog"])
    'Guesses: cat 3, dog (right) 1.'
    """
    named = [
        f"{option}{' (right)' if option in answers else ''} {count}"
        for option, count in zip(options, counts, strict=True)
    ]
    return f"Guesses: {', '.join(named)}."
