"""Colours of a map's points: a class for each word, and numbers in classes along the ramp."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from components.figures.template import RAMP
from components.markup import with_minus

MarkerStyle = tuple[str, str]  # colour, symbol
_RANKS = (100, 1_000, 10_000, 50_000, 100_000)
_BY_RANK = "The colour shows the word's place in the table. Most tables are in the order of frequency."


@dataclass(frozen=True, eq=False)
class Colouring:
    """A class for each word.

    Attributes:
        classes: Which class each word is in: int [n].
        names: Of the classes.
        marker_styles: Colour and symbol of each class.
        notes: What is said of each word when it is pointed at, if anything.
        about: A sentence for the reader.
    """

    classes: NDArray[np.int64]
    names: tuple[str, ...]
    marker_styles: tuple[MarkerStyle, ...]
    notes: tuple[str, ...] | None = None
    about: str = ""


def rank_note(rank: int) -> str:
    """What is said of a word with this ``rank`` when it is pointed at."""
    return f"rank {rank:,}"


def by_rank(ranks: Sequence[int], notes: Sequence[str] | None = None) -> Colouring:
    """Words by their ``ranks`` in the table, counted from 1; ``notes`` where ``rank_note`` was taken of each before."""
    edges = [edge for edge in _RANKS if edge < max(ranks)] or _RANKS[:1]
    return in_steps(ranks, edges, "{:,}", notes or [*map(rank_note, ranks)], _BY_RANK, upwards=False)


def in_steps(
    values: Sequence[float] | NDArray, edges: Sequence[float], form: str, notes: Sequence[str], about: str, upwards=True
) -> Colouring:
    """``values`` in classes between ``edges``, from one end of the ramp to the other.

    Args:
        values: A number for each word.
        edges: Rising; one more class than these.
        form: How an edge is written in a class's name.
        notes: What is said of each word.
        about: A sentence for the reader.
        upwards: Whether the ramp rises with the values.
    """
    written = [with_minus(form.format(edge)) for edge in edges]
    names = (
        f"below {written[0]}" if upwards else f"up to {written[0]}",
        *(f"{low} to {high}" for low, high in pairwise(written)),
        f"{written[-1]} and more",
    )
    classes = np.digitize(np.asarray(values, dtype=float), edges, right=not upwards)
    steps = np.linspace(0, len(RAMP) - 1, len(names)).round().astype(int)
    colours = [RAMP[step] for step in (steps if upwards else steps[::-1])]
    return Colouring(classes, names, tuple((c, "circle") for c in colours), tuple(notes), about)
