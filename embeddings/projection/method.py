"""A projection method: how it draws, and what a page says and asks about it.

Each method is one module that makes one ``Method``, and one line in ``registry.METHODS``. What a page offers, its
limits, its help and the tests follow from that.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray

from embeddings.similarity import semantic_axis
from embeddings.vectors import WordVectors

StepCallback = Callable[[int, int, NDArray[np.float32], float], None]


@dataclass(frozen=True, eq=False)
class Fit:
    """What a method has found.

    Attributes:
        coordinates: [n, k].
        explained_variance_ratio: Share of the variance on each axis, k numbers; only where axes have one.
        all_variance_ratios: Share of the variance along every principal axis, D numbers; only for PCA.
        loss: What is left of what the method makes small; only where it is known.
    """

    coordinates: NDArray
    explained_variance_ratio: tuple[float, ...] | None = None
    all_variance_ratios: tuple[float, ...] | None = None
    loss: float | None = None


class _Kind:
    """What every kind of option has.

    Attributes:
        typed: Whether what is chosen is words that a reader types.
    """

    typed: ClassVar[bool] = False

    def argument(self, table: WordVectors, chosen: Any) -> Any:
        """What ``project`` takes for what was ``chosen``: itself, where no kind says otherwise."""
        return chosen


@dataclass(frozen=True)
class Range(_Kind):
    """A number between two bounds.

    Attributes:
        name: As ``project`` takes it.
        address: What a page's address calls it.
        label: What it is, for a reader.
        bounds: From the number of points to the least and the largest value that ``project`` takes.
        usual: Where a control stands until it is moved; lower where the bound is lower.
        step: Of a control.
        shown_up_to: The largest value that a page offers, however many points there are.
        main: Whether a page shows it beside the method, and its value in the code at all times.
        help: What each end of it does.
    """

    name: str
    address: str
    label: str
    bounds: Callable[[int], tuple[float, float]]
    usual: float
    step: float = 1
    shown_up_to: float | None = None
    main: bool = False
    help: str | None = None


@dataclass(frozen=True)
class Choice(_Kind):
    """One of several, or what is usual.

    Attributes:
        name, address, label: As for ``Range``.
        choices: From what a reader sees to what ``project`` takes; ``project`` may take more.
        help: What it is; the same for all methods that have it.
        usual: What is done where nobody chooses.
    """

    name: str
    address: str
    label: str
    choices: Mapping[str, str]
    help: str
    usual: str


@dataclass(frozen=True)
class Steps(_Kind):
    """How often the points are moved.

    Attributes:
        usual: How often where nobody says, for a reader: it goes on after "Usual:".
        low, high: The fewest and the most that a page offers; ``project`` takes more on either side.
        step: Of a control.
        name: As ``project`` takes it.
    """

    usual: str
    low: int = 50
    high: int = 5_000
    step: int = 50
    name: str = "n_iter"


@dataclass(frozen=True)
class Components(_Kind):
    """Which principal components are drawn, counted from 1.

    Attributes:
        shown_up_to: The last that a page offers, however many there are.
        name: As ``project`` takes it.
    """

    shown_up_to: int = 10
    name: str = "components"


@dataclass(frozen=True)
class WordAxes(_Kind):
    """One axis between two lists of words for each dimension of the map.

    What is chosen is, for each axis, the words at its low end and those at its high end.
    """

    name: str = "axes"
    typed: ClassVar[bool] = True

    def argument(self, table: WordVectors, chosen: Any) -> Any:
        """The ``Axis`` between each two ends, made of the vectors of ``table``.

        Raises:
            InvalidInput: The ends of an axis leave no direction.
            UnknownToken: A word at an end is not in the table.
        """
        return tuple(semantic_axis(table, low, high) for low, high in chosen)


@dataclass(frozen=True)
class Backend(_Kind):
    """Which of several programs draws: one that shows its steps, a faster one that does not, or one in their stead.

    Attributes:
        choices: As ``project`` takes them; the first shows its steps.
        fast_for: From the number of points, the dimensions of the map and the other options to whether the faster one
            would draw where nobody chooses.
        stand_in: A sentence on why the first cannot draw here, and what does; empty where it can.
        name: As ``project`` takes it.
    """

    choices: tuple[str, ...]
    fast_for: Callable[[int, int, Mapping[str, Any]], bool]
    stand_in: Callable[[], str]
    name: str = "backend"


Option = Range | Choice | Steps | Components | WordAxes | Backend
KindOfOption = TypeVar("KindOfOption", Range, Choice, Steps, Components, WordAxes, Backend)


@dataclass(frozen=True)
class Method:
    """A projection method.

    Attributes:
        name: As ``project`` takes it.
        title: Its name for a reader.
        about: What it does, in a sentence or two of Markdown.
        reading: What may be read from its map, and what not; for methods whose maps say nothing of their own.
        options: What can be chosen, beside the metric, in the order in which it is asked.
        resolve_options: ``(shape, n_components, **options)`` to those options, checked and with defaults.
        fit: ``(points, n_components, seed, callback, report, **options)`` to what it has found.
        transform: ``(coordinates, points, new, **options)`` to the places of ``new`` on the finished map, [m, k].
        seconds: ``(n, D, n_components, options)`` to about how long ``fit`` takes.
        min_points: Fewer are refused.
        max_points: More are refused; ``None`` where only time limits them.
        iterative: Whether it moves points step by step from a seed. Others are found at once, and nothing in them is
            random.
        streams: Whether it tells ``callback`` of its steps, perhaps by one of its backends only.
        in_3d: Whether a page offers it in three dimensions.
        pairs_held: How many matrices of all pairs, float64 [n, n], it holds at once.
        metric: The only one that makes sense on a page; ``None`` where the reader chooses.
    """

    name: str
    title: str
    about: str
    options: tuple[Option, ...]
    resolve_options: Callable[..., dict[str, Any]]
    fit: Callable[..., Fit]
    transform: Callable[..., NDArray]
    seconds: Callable[[int, int, int, Mapping[str, Any]], float]
    reading: str = (
        "Read here only which words are near each other. The axes, the sizes of groups and the gaps mean nothing."
    )
    min_points: int = 2
    max_points: int | None = None
    iterative: bool = False
    streams: bool = False
    in_3d: bool = True
    pairs_held: int = 0
    metric: str | None = None

    def __post_init__(self) -> None:
        if self.streams and not self.iterative:
            raise ValueError(f"{self.name} has no steps to stream.")

    def option(self, kind: type[KindOfOption]) -> KindOfOption | None:
        """Its first option of this ``kind``, if it has one."""
        return next((option for option in self.options if isinstance(option, kind)), None)

    def arguments(self, table: WordVectors, chosen: Mapping[str, Any]) -> dict[str, Any]:
        """What ``project`` takes for what a reader has ``chosen``, by name; what is no option of its own stays.

        Raises:
            LabError: Words that were typed give nothing to draw by.
        """
        own = {option.name: option for option in self.options}
        return {name: own[name].argument(table, value) if name in own else value for name, value in chosen.items()}


def seconds_of_comparing(n: int, D: int) -> float:
    """About how long it takes to compare every pair of ``n`` points of ``D`` numbers."""
    return n**2 * (1e-10 * D + 8e-9)


def start_choice(usual: str) -> Choice:
    """Where the points lie before the first step; ``usual`` says where nobody chooses."""
    return Choice(
        name="init",
        address="start",
        label="Start from",
        choices=MappingProxyType({"PCA": "pca", "random": "random"}),
        help="Where the words lie before the first step.",
        usual=usual,
    )
