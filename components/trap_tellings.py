"""What was measured in a trap, in sentences."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from embeddings.traps import SEVERAL, Trap, TrapMap


@dataclass(frozen=True, eq=False)
class Grid:
    """A finished grid.

    Attributes:
        maps: All of them, row by row.
        truths: What the trap measures on the vectors of each cloud.
    """

    maps: tuple[TrapMap, ...]
    truths: tuple[tuple[float, ...], ...]

    def of(self, cloud: int, column: int | None = None, number: int = 0) -> list[float]:
        """What was measured on the maps of ``cloud`` in ``column``, or in all; unknown numbers are left out."""
        found = [
            each.numbers[number]
            for each in self.maps
            if each.cell.cloud == cloud and column in (None, each.cell.column)
        ]
        return [value for value in found if not math.isnan(value)]

    @property
    def perplexities(self) -> tuple[int, int]:
        """The smallest and the largest."""
        used = [each.cell.perplexity for each in self.maps]
        return min(used), max(used)


def tell(trap: Trap, grid: Grid) -> str:
    """The numbers of ``grid`` that answer the question of ``trap``."""
    return _TELL[trap.name](grid)


def _perplexity(grid: Grid) -> str:
    small, large = grid.perplexities
    return (
        f"Your words fall into {_either(grid.of(0, 0))} groups at perplexity {small} and into {_either(grid.of(0, 2))} "
        f"at {large}; by the same rule the table itself has {grid.truths[0][0]:.0f}. Noise falls into "
        f"{_either(grid.of(1, 0))}, and into {_either(grid.of(1, 2))}. Of the two clusters that are really there the "
        f"map makes {_either(grid.of(2, 0))}, and {_either(grid.of(2, 2))}."
    )


def _noise(grid: Grid) -> str:
    small, large = grid.perplexities
    told = (
        f"Noise falls into {_either(grid.of(1, 0))} groups at perplexity {small} and into {_either(grid.of(1, 2))} at "
        f"{large}; your words into {_either(grid.of(0, 0))}, and into {_either(grid.of(0, 2))}."
    )
    on_map, in_table = grid.of(1, 0, 1), grid.of(1, 0, 2)
    if not on_map:
        return told
    return told + (
        " How well apart those groups of noise lie, by their *silhouette*, which is 1 for groups far apart and 0 for "
        f"none: {_span(on_map, 2)} on the map, {_span(in_table, 2)} in the table."
    )


def _sizes(grid: Grid) -> str:
    return (
        f"In the table it is {grid.truths[0][0]:.1f} times as wide; on the maps of your words {_span(grid.of(0))} "
        f"times, on those of noise {_span(grid.of(1))} times."
    )


def _gaps(grid: Grid) -> str:
    return (
        f"In the table the second gap is {grid.truths[0][0]:.1f} times the first; on the maps of your words "
        f"{_span(grid.of(0))} times, {np.median(grid.of(0)):.1f} in the middle (more than {SEVERAL} would be several "
        f"times), on those of noise {_span(grid.of(1))} times."
    )


def _lines(grid: Grid) -> str:
    small, large = grid.perplexities
    return (
        f"The ring lies in {_either(grid.of(0, 0))} pieces at perplexity {small} and in {_either(grid.of(0, 2))} at "
        f"{large}, where its openness, 1 for a perfect ring, is {_span(grid.of(0, 2, 1), 2)}; that of noise is "
        f"{_span(grid.of(1, 2, 1), 2)}. What lies along a line is {_span(grid.of(2, 0, 2))} times as long as wide at "
        f"perplexity {small} and {_span(grid.of(2, 2, 2))} times at {large}; noise like it {_span(grid.of(3, 2, 2))} "
        "times."
    )


def _seeds(grid: Grid) -> str:
    return (
        "Turned, mirrored and scaled to match the first map of their row as well as can be, the others still differ "
        f"from it by {_span(_others(grid, 0, 0), 2)}, where 0 is the same layout and 1 as far from it as can be. Of "
        f"each word's ten nearest on the first map, {_mean(_others(grid, 0, 1)):.0%} are among its ten nearest on the "
        f"others; in noise {_mean(_others(grid, 1, 1)):.0%}."
    )


def _others(grid: Grid, cloud: int, number: int) -> list[float]:
    """Of all maps but the first of each row."""
    return [each.numbers[number] for each in grid.maps if each.cell.cloud == cloud and each.cell.column > 0]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _either(values: Sequence[float]) -> str:
    """Different whole numbers, joined by "or".

    >>> _either([21, 22]), _either([1, 1])
    ('21 or 22', '1')
    """
    return " or ".join(dict.fromkeys(f"{value:.0f}" for value in values))


def _span(values: Sequence[float], digits: int = 1) -> str:
    """From the smallest to the largest.

    >>> _span([1.22, 0.9, 1.0]), _span([-0.001, 0.001], 2)
    ('0.9 to 1.2', '0.00')
    """
    ends = (f"{round(value, digits) + 0.0:.{digits}f}" for value in (min(values), max(values)))
    return " to ".join(dict.fromkeys(ends)).replace("-", "−")


_TELL: Mapping[str, Callable[[Grid], str]] = MappingProxyType(
    {
        "perplexity": _perplexity,
        "sizes": _sizes,
        "gaps": _gaps,
        "noise": _noise,
        "lines": _lines,
        "seeds": _seeds,
    }
)
