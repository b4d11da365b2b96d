"""Six traps: what a map by t-SNE seems to say and does not, each with a question to guess at before one looks.

A trap makes clouds of points, draws each at several perplexities and seeds, and measures the same on every map as on
the points themselves. What happens is not written down but decided from those numbers, so that a reader may take other
words and another seed.

References:
    Wattenberg, Viégas and Johnson, "How to Use t-SNE Effectively", Distill 2016, which these follow.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings import clouds
from embeddings.checks import as_count
from embeddings.clouds import Cloud
from embeddings.errors import InvalidInput
from embeddings.faithfulness import assess
from embeddings.map_shapes import (
    count_groups,
    disparity,
    gap_ratio,
    group_labels,
    length_over_width,
    openness,
    silhouette,
    spread_ratio,
)
from embeddings.projection import estimate_seconds, max_perplexity, project
from embeddings.word_vectors import WordVectors

SMALL, LARGE = 2, 30  # perplexities; the larger one is less where there are few points
MAX_SEED = 9_999
_SEEDS = 3  # of the trap on seeds
_NEIGHBOURS = 10  # that the figures of trust count
SEVERAL = 3  # times as far as it is: from here on "several times"
_MORE_THAN_DRAWING = 1.5  # times the time that the drawing takes: measuring, and starting anew for each map

Report = Callable[..., None]


@dataclass(frozen=True)
class Trap:
    """One question about what a map shows.

    Attributes:
        name: What ``trap`` takes.
        title: What the trap is, in a few words.
        lead: What is drawn, in one sentence.
        question: What to guess; ``{small}`` and ``{large}`` stand for perplexities.
        options: The possible answers, with the same stand-ins.
        because: What there is to learn from it, for each of the options, should it be the right one.
        measured: What the numbers of a map are, in words; the first is the one that the question is about.
        make: The clouds, from a table and words of it.
        asked: Which cloud the question is about: an index.
        measure: The numbers of a cloud's places, be they its vectors or a map; the first map of the same row is given
            too.
        decide: Which option is right, from the maps of the cloud that is asked about, one row of them a seed.
        across: What changes from column to column: "perplexity" or "seed".
        of_words: Whether the reader's words have a part in it.
    """

    name: str
    title: str
    lead: str
    question: str
    options: tuple[str, ...]
    because: tuple[str, ...]
    measured: tuple[str, ...]
    make: Callable[[WordVectors, Sequence[str]], tuple[Cloud, ...]]
    measure: Callable[[Cloud, NDArray, NDArray], tuple[float, ...]]
    decide: Callable[[Sequence[Sequence["TrapMap"]]], int]
    asked: int = 0
    across: str = "perplexity"
    of_words: bool = True


@dataclass(frozen=True)
class Cell:
    """One place in the grid of a trap.

    Attributes:
        row, column: Where.
        cloud: The index of the cloud that is drawn there.
        perplexity, seed: With what.
    """

    row: int
    column: int
    cloud: int
    perplexity: int
    seed: int

    @property
    def options(self) -> Mapping[str, Any]:
        """What ``project`` is given beside the vectors."""
        # From random places, as a seed has little to say when maps start from PCA.
        return MappingProxyType(
            {"method": "tsne", "perplexity": self.perplexity, "seed": self.seed, "initialization": "random"}
        )


@dataclass(frozen=True, eq=False)
class TrapMap:
    """One map of the grid, measured.

    Attributes:
        cell: Where it stands and how it was drawn.
        coordinates: float32 [n, 2], read-only.
        trustworthiness, neighbour_overlap: As ``assess`` gives them, for 10 neighbours.
        numbers: What the trap measures on it.
    """

    cell: Cell
    coordinates: NDArray[np.float32]
    trustworthiness: float
    neighbour_overlap: float
    numbers: tuple[float, ...]


def traps() -> tuple[Trap, ...]:
    """Every trap there is, in the order of a lesson."""
    return (_PERPLEXITY, _SIZES, _GAPS, _NOISE, _LINES, _SEED)


def trap(name: str) -> Trap:
    """The trap called ``name``.

    Raises:
        InvalidInput: There is none.
    """
    for each in traps():
        if each.name == name:
            return each
    raise InvalidInput(f"There is no trap called {name!r}. There are: {', '.join(each.name for each in traps())}.")


def perplexities(n: int) -> tuple[int, int, int]:
    """A small, a middle and a large perplexity for ``n`` points.

    >>> perplexities(150), perplexities(76), perplexities(40)
    ((2, 8, 30), (2, 7, 25), (2, 5, 13))
    """
    large = min(LARGE, max_perplexity(n))
    return SMALL, round(math.sqrt(SMALL * large)), large


def cells(trap: Trap, clouds: Sequence[Cloud], seed: int = 0) -> tuple[Cell, ...]:
    """The grid of ``trap``, row by row: what is drawn where, and with which perplexity and seed.

    Raises:
        InvalidInput: A seed out of range.
    """
    seed = as_count(seed, "The seed", 0, MAX_SEED)
    settings = perplexities(min(len(cloud.vectors) for cloud in clouds))
    if trap.across == "seed":
        rows = [
            [(number, each, seed + step) for step in range(_SEEDS)]
            for number in _indices(clouds)
            for each in settings[1:]
        ]
    else:
        rows = [
            [(number, each, seed + step) for each in settings]
            for number in _indices(clouds)
            for step in range(clouds[number].seeds)
        ]
    return tuple(Cell(row, column, *each) for row, line in enumerate(rows) for column, each in enumerate(line))


def draw(trap: Trap, clouds: Sequence[Cloud], seed: int = 0, report: Report | None = None) -> tuple[TrapMap, ...]:
    """Every map of ``trap``, measured; the same clouds and seed give the same.

    Args:
        trap: Which.
        clouds: What it made.
        seed: The first of those in the grid, 0 to 9999.
        report: Called with ``(share done, words, maps so far)``, several times a second. What it raises stops the work.
    """
    grid = cells(trap, clouds, seed)
    drawn: list[TrapMap] = []
    for cell in grid:

        def tell(share: float, words: str = "") -> None:
            if report is not None:
                report((len(drawn) + share) / len(grid), f"Map {len(drawn) + 1} of {len(grid)}", tuple(drawn))

        tell(0)
        cloud = clouds[cell.cloud]
        coordinates = project(cloud.vectors, report=tell if report else None, **cell.options).coordinates
        first = next((each.coordinates for each in drawn if each.cell.row == cell.row), coordinates)
        trust = assess(cloud.vectors, coordinates, _NEIGHBOURS)
        numbers = trap.measure(cloud, coordinates, first)
        drawn.append(TrapMap(cell, coordinates, trust.trustworthiness, trust.neighbour_overlap, numbers))
    return tuple(drawn)


def answer(trap: Trap, maps: Sequence[TrapMap]) -> int:
    """Which option of ``trap`` is right, by the ``maps`` that were drawn: its index."""
    rows: dict[int, list[TrapMap]] = {}
    for each in maps:
        if each.cell.cloud == trap.asked:
            rows.setdefault(each.cell.row, []).append(each)
    return trap.decide(list(rows.values()))


def truths(trap: Trap, clouds: Sequence[Cloud]) -> tuple[tuple[float, ...], ...]:
    """What ``trap`` measures on the vectors of each cloud themselves."""
    return tuple(trap.measure(cloud, cloud.vectors, cloud.vectors) for cloud in clouds)


def seconds(trap: Trap, clouds: Sequence[Cloud], seed: int = 0) -> float:
    """About how long ``draw`` will take on a machine that does nothing else."""
    return _MORE_THAN_DRAWING * sum(
        estimate_seconds("tsne", *clouds[cell.cloud].vectors.shape, perplexity=cell.perplexity, initialization="random")
        for cell in cells(trap, clouds, seed)
    )


def _indices(clouds: Sequence[Cloud]) -> range:
    return range(len(clouds))


def _groups(cloud, places, first):
    groups = group_labels(places)
    return count_groups(places), silhouette(places, groups), silhouette(cloud.vectors, groups)


def _shape(cloud, places, first):
    return count_groups(places), openness(places), length_over_width(places)


def _layout(cloud, places, first):
    if places is first:
        return 0.0, 1.0
    return disparity(first, places), assess(first, places, _NEIGHBOURS).neighbour_overlap


def _column(rows, column: int, number: int = 0) -> list[float]:
    return [row[column].numbers[number] for row in rows]


def _all(rows) -> list[float]:
    return [each.numbers[0] for row in rows for each in row]


def _decide_perplexity(rows) -> int:
    small, large = np.mean(_column(rows, 0)), np.mean(_column(rows, -1))
    return 1 if small >= 2 * large else 2 if large >= 2 * small else 0


def _decide_sizes(rows) -> int:
    return 0 if max(_all(rows)) > 2 else 2 if min(_all(rows)) < 0.5 else 1


def _decide_gaps(rows) -> int:
    middle = np.median(_all(rows))
    return 0 if middle > SEVERAL else 1 if middle > 1 / SEVERAL else 2


def _decide_noise(rows) -> int:
    small, large = _column(rows, 0), _column(rows, -1)
    if max(small + large) <= 2:
        return 0
    return 1 if min(small) > max(large) and max(large) <= 2 else 2


def _decide_lines(rows) -> int:
    small, large = max(_column(rows, 0)), max(_column(rows, -1))
    return 2 if large > 1 else 0 if small == 1 else 1


def _decide_seed(rows) -> int:
    """What a map has in common with the first of its row, the first itself left out."""
    others = [each.numbers for row in rows for each in row[1:]]
    apart, shared = np.mean(others, axis=0)
    return 0 if apart < 0.02 else 1 if shared >= 0.5 else 2


_PERPLEXITY = Trap(
    name="perplexity",
    title="Perplexity changes the story",
    lead="Your words, beside noise that has the same mean and covariance, and beside two clusters of made points.",
    question="How many groups of your words will the map show at perplexity {small}, and how many at {large}?",
    options=(
        "About as many at {small} as at {large}",
        "At least twice as many at {small}",
        "At least twice as many at {large}",
    ),
    because=(
        "Perplexity says how many neighbours count for each point. These words tell about the same story at both; that "
        "is more than one map could have shown.",
        "Perplexity says how many neighbours count for each point. With few, everything falls into crumbs; with many, "
        "small groups melt. Trust a story that several perplexities tell.",
        "Perplexity says how many neighbours count for each point. Mostly few make more groups; these words part at "
        "the larger one. Trust a story that several perplexities tell.",
    ),
    measured=("groups", "silhouette on the map", "silhouette in the table"),
    make=clouds.words_noise_and_clusters,
    measure=_groups,
    decide=_decide_perplexity,
)
_SIZES = Trap(
    name="sizes",
    title="Sizes mean nothing",
    lead=f"The first {clouds.COPIED_WORDS} of your words, twice: as they are, and drawn together to a tenth of their "
    "spread and put aside. Below, the same with noise.",
    question="In the table one cluster is ten times as wide as the other. How much wider is it on the map?",
    options=("Several times as wide", "About as wide as the other", "The other one is wider"),
    because=(
        "On at least one map some of the difference is left, but not as it is in the table. The size of a cluster on "
        "the map is a poor measure of its spread.",
        "t-SNE measures by what is usual around each point, so that tight and wide come out alike. The size of a "
        "cluster on the map says nothing about its spread.",
        "t-SNE measures by what is usual around each point, and here the tight cluster even came out wider. The "
        "size of a cluster on the map says nothing about its spread.",
    ),
    measured=("times as wide",),
    make=clouds.tight_and_wide,
    measure=lambda cloud, places, first: (spread_ratio(places, cloud.labels),),
    decide=_decide_sizes,
)
_GAPS = Trap(
    name="gaps",
    title="Gaps mean little",
    lead=f"The first {clouds.COPIED_WORDS} of your words, three times in a row: the third copy stands ten times as far "
    "from the second as the second from the first. Below, the same with noise.",
    question="On the map, how far is the third cluster from the second, beside the second from the first?",
    options=("Several times as far", "About as far", "Much nearer"),
    because=(
        "Here the order of the gaps is kept, but hardly their size: once clusters share no neighbours, t-SNE cares "
        "little how far apart they are. Do not read how unlike two groups are from the gap between them.",
        "Once clusters share no neighbours, t-SNE hardly cares how far apart they are. Do not read how unlike two "
        "groups are from the gap between them.",
        "Once clusters share no neighbours, t-SNE hardly cares how far apart they are, and here the far cluster even "
        "came nearer. Do not read how unlike two groups are from the gap between them.",
    ),
    measured=("times as far",),
    make=clouds.near_and_far,
    measure=lambda cloud, places, first: (gap_ratio(places, cloud.labels),),
    decide=_decide_gaps,
)
_NOISE = Trap(
    name="noise",
    title="Noise makes clusters",
    lead="Noise with the same mean and covariance as your words: in it there is no group of anything. Above it, your "
    "words.",
    question="Will the map show groups in pure noise?",
    options=(
        "No, noise stays one cloud",
        "Yes at perplexity {small}, hardly at {large}",
        "Yes, at {large} too",
    ),
    because=(
        "This noise stayed together, at these settings. Still draw noise beside your words: a group that noise shows "
        "too is no finding.",
        "Noise has chance neighbours, and at a low perplexity a map makes groups of them. Draw noise beside your "
        "words: a group that noise shows too is no finding.",
        "Noise has chance neighbours, and maps made groups of them beyond the lowest perplexity too. Draw noise beside "
        "your words: a group that noise shows too is no finding.",
    ),
    measured=("groups", "silhouette on the map", "silhouette in the table"),
    make=clouds.words_and_noise,
    measure=_groups,
    decide=_decide_noise,
    asked=1,
)
_LINES = Trap(
    name="lines",
    title="Lines and rings come and go",
    lead="Points on a ring, and words that follow each other, the years of a century; below each, noise with the same "
    "mean and covariance.",
    question="These points lie on a ring. Does the map show it in one piece?",
    options=(
        "At every perplexity",
        "In pieces at perplexity {small}, whole at {large}",
        "Never in one piece",
    ),
    because=(
        "Here the ring is there at both, but a map cannot say so by itself: look at several settings, and at noise "
        "beside them, before you believe a line or a ring.",
        "A shape that is there may show at some settings only, and none of them says which is right. Look at several, "
        "and at noise beside them, before you believe a line, a ring, or that there is none.",
        "The ring is there, and these maps do not show it whole. That a map shows no ring or line does not mean that "
        "there is none.",
    ),
    measured=("pieces", "openness", "times as long as wide"),
    make=clouds.ring_and_years,
    measure=_shape,
    decide=_decide_lines,
    of_words=False,
)
_SEED = Trap(
    name="seeds",
    title="Seeds differ",
    lead="The same words at the same perplexity, started from other random places: only the seed changes from map to "
    "map. Below, noise.",
    question="What will all maps of your words have in common?",
    options=(
        "Everything: one layout",
        "Most neighbours, but not the layout",
        "Neither neighbours nor layout",
    ),
    because=(
        "Here the layout is the same from every start, which one map alone could not have told. Believe what several "
        "seeds show.",
        "Who stands beside whom mostly stays; which side a group is on, and what lies between two groups, is chance. "
        "Believe what several seeds show.",
        "Here even the neighbours change with the seed, so that one map alone says little about these words. Believe "
        "what several seeds show.",
    ),
    measured=("difference of layout", "neighbours in common"),
    make=clouds.words_and_noise,
    measure=_layout,
    decide=_decide_seed,
    across="seed",
)
