"""Two sentences and their difference as strips of numbers, read with positions and without."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from components.figures.matrix import block, texts
from components.figures.template import BARE_AXIS, new_figure
from components.markup import for_figure

_LETTERS = 15  # of a sentence beside its strip
_APART = 4.4  # rows from the first strip of one block to the first of the next


def sentences_figure(
    sentences: Sequence[str],
    blocks: Sequence[tuple[str, NDArray | None]],
    columns: int,
    height: int,
) -> go.Figure:
    """For each of ``blocks`` three strips: the two ``sentences``, and the first less the second.

    Args:
        sentences: Two of them.
        blocks: A heading, and the sentences' vectors, float [2, D]; ``None`` where they are not to be seen yet.
        columns: How many of the D numbers are drawn, the first ones.
        height: In pixels.
    """
    seen = [vectors[:, :columns] for _, vectors in blocks if vectors is not None]
    limit = float(np.quantile(np.abs(np.concatenate(seen)), 0.98)) if seen else 1.0
    cells = [
        _strips(vectors, columns, number * _APART, limit) for number, (_, vectors) in enumerate(blocks)
    ]  # [3, columns] each
    headings = texts(
        [heading for heading, _ in blocks],
        [-0.5] * len(blocks),
        [0.95 - number * _APART for number in range(len(blocks))],
        "middle right",
        14,
    )
    names = [*(for_figure(sentence, _LETTERS) for sentence in sentences), "difference"]
    rows = [-number * _APART - row for number in range(len(blocks)) for row in range(3)]
    return new_figure(
        [*cells, headings],
        height=height,
        xaxis=BARE_AXIS | {"showticklabels": False, "range": [-0.5, columns - 0.5]},
        yaxis=BARE_AXIS
        | {
            "tickvals": rows,
            "ticktext": names * len(blocks),
            "automargin": True,
            "range": [rows[-1] - 0.7, 1.5],
        },
    )


def _strips(vectors: NDArray | None, columns: int, top: float, limit: float) -> dict:
    """The three strips of one block; cells without a number where it is not to be seen yet."""
    if vectors is None:
        return block(np.zeros((3, columns)), top=top, limit=limit or 1.0, gap=1) | {"hoverinfo": "skip"}
    shown = vectors[:, :columns]
    strips = block(np.vstack([shown, shown[:1] - shown[1:]]), top=top, limit=limit or 1.0, gap=1)
    number = np.broadcast_to(np.arange(1, columns + 1), (3, columns))
    return strips | {"customdata": number, "hovertemplate": "number %{customdata}: %{z:.3f}<extra></extra>"}
