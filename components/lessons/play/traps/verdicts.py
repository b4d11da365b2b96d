"""Verdicts: what was measured in a trap, in sentences."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from components.markup import with_minus
from embeddings.tsne_pitfalls import SEVERAL, Grid, Trap, TrapMap, mean_change, median_gap_ratio


def verdict_text(trap: Trap, grid: Grid) -> str:
    """The numbers of ``grid`` that answer the question of ``trap``."""
    return _TEXTS[trap.name](grid)


def _perplexity(grid: Grid) -> str:
    small, large = grid.perplexities
    return (
        f"Your words fall into {_groups(grid.of(0, 0))} at perplexity {small} and into {_either(grid.of(0, 2))} "
        f"at {large}. By the same rule the table itself has {grid.reference_values[0][0]:.0f}. Noise falls into "
        f"{_either(grid.of(1, 0))} at {small} and into {_either(grid.of(1, 2))} at {large}. Two clusters are really "
        f"there: the map makes {_either(grid.of(2, 0))} of them at {small} and {_either(grid.of(2, 2))} at {large}."
    )


def _noise(grid: Grid) -> str:
    small, large = grid.perplexities
    told = (
        f"Noise falls into {_groups(grid.of(1, 0))} at perplexity {small} and into {_either(grid.of(1, 2))} at "
        f"{large}. Your words fall into {_either(grid.of(0, 0))} at {small} and into {_either(grid.of(0, 2))} at "
        f"{large}."
    )
    on_map, in_table = grid.of(1, 0, 1), grid.of(1, 0, 2)
    if not on_map:
        return told
    return told + (
        " The *silhouette* says how clearly those groups of noise lie apart: 1 for groups far apart, 0 for none. It is "
        f"{_span(on_map, 2)} on the map and {_span(in_table, 2)} in the table."
    )


def _sizes(grid: Grid) -> str:
    return (
        f"In the table it is {grid.reference_values[0][0]:.1f} times as wide. On the maps of your words it is "
        f"{_span(grid.of(0))} times as wide, on those of noise {_span(grid.of(1))} times."
    )


def _gaps(grid: Grid) -> str:
    return (
        f"In the table the second gap is {grid.reference_values[0][0]:.1f} times the first. On the maps of your words "
        f"it is {_span(grid.of(0))} times the first, with a median of {median_gap_ratio(_maps_of(grid, 0)):.1f}; more "
        f"than {SEVERAL} counts as several times. On the maps of noise it is {_span(grid.of(1))} times the first."
    )


def _lines(grid: Grid) -> str:
    small, large = grid.perplexities
    return (
        f"Pieces of the ring: {_either(grid.of(0, 0))} at perplexity {small}, {_either(grid.of(0, 2))} at {large}. "
        f"Its openness is 1 for a perfect ring; at {large} it is {_span(grid.of(0, 2, 1), 2)}, and that of noise is "
        f"{_span(grid.of(1, 2, 1), 2)}. The years lie along a line: on the map they are {_span(grid.of(2, 0, 2))} "
        f"times as long as wide at perplexity {small}, and {_span(grid.of(2, 2, 2))} times at {large}. Noise like them "
        f"is {_span(grid.of(3, 2, 2))} times as long as wide."
    )


def _seeds(grid: Grid) -> str:
    words, noise = ([each for each in _maps_of(grid, point_set) if each.cell.column > 0] for point_set in (0, 1))
    (_, shared), (_, shared_noise) = mean_change(words), mean_change(noise)
    return (
        "Each map was turned, mirrored and scaled to match the first map of its row as well as it can. They still "
        f"differ by {_span([each.numbers[0] for each in words], 2)}: 0 is the same layout, 1 the largest difference. "
        f"Of each word's ten nearest on the first map, {shared:.0%} are also among its ten nearest on the others. In "
        f"noise it is {shared_noise:.0%}."
    )


def _maps_of(grid: Grid, point_set: int) -> list[TrapMap]:
    return [each for each in grid.maps if each.cell.point_set == point_set]


def _either(values: Sequence[float]) -> str:
    """Different whole numbers, joined by "or".

    >>> _either([21, 22]), _either([1, 1])
    ('21 or 22', '1')
    """
    return " or ".join(dict.fromkeys(f"{value:.0f}" for value in values))


def _groups(values: Sequence[float]) -> str:
    """How many groups, of one or several maps.

    >>> _groups([1, 1]), _groups([1, 2])
    ('1 group', '1 or 2 groups')
    """
    return f"{_either(values)} group" + ("" if set(values) == {1} else "s")


def _span(values: Sequence[float], digits: int = 1) -> str:
    """From the smallest to the largest.

    >>> _span([1.22, 0.9, 1.0]), _span([-0.001, 0.001], 2)
    ('0.9 to 1.2', '0.00')
    """
    ends = (f"{round(value, digits) + 0.0:.{digits}f}" for value in (min(values), max(values)))
    return with_minus(" to ".join(dict.fromkeys(ends)))


_TEXTS: Mapping[str, Callable[[Grid], str]] = MappingProxyType(
    {
        "perplexity": _perplexity,
        "sizes": _sizes,
        "gaps": _gaps,
        "noise": _noise,
        "lines": _lines,
        "seeds": _seeds,
    }
)
