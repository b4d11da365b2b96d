"""A sweep of the timing lab: which workloads are to be measured."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from embeddings.common import InvalidInput, as_count
from embeddings.lookup.results import Workload
from embeddings.lookup.variants import (
    BUILD,
    DTYPES,
    FORWARD,
    ID_DISTRIBUTIONS,
    LINEAR,
    MATMUL,
    MAX_BATCH,
    MAX_DIMENSION,
    MAX_VOCABULARY,
    PHASES,
    SPARSE,
    UNIFORM,
    VARIANTS,
)

MAX_SIZES = 100
MAX_THREADS = 1_024
MAX_SECONDS = 3_600.0
SIZES = (4, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 50_257)  # the last is GPT-2's vocabulary
_RANGES = (
    ("V", "The vocabulary size", MAX_VOCABULARY),
    ("D", "The dimension", MAX_DIMENSION),
    ("B", "The batch", MAX_BATCH),
)


@dataclass(frozen=True)
class Sweep:
    """A sweep over ``sizes`` of V, D or B, checked as it is made.

    Attributes:
        sizes: Those of the axis that is swept; kept without repeats, smallest first.
        over: "V", "D" or "B". The value that the plan has for it below plays no part.
        V, D, B: The sizes that stay.
        variants: Of ``VARIANTS`` and ``SPARSE``, which differs from nn.Embedding from the backward pass on.
        phases: Of ``PHASES``.
        id_distribution: How ids are drawn: one of ``ID_DISTRIBUTIONS``.
        dtype: One of ``DTYPES``.
        device: "cpu", "cuda" or "mps"; that it is there is checked when measuring begins.
        threads: Threads torch may use on the CPU.
        cold: Whether runs rotate over more memory than the cache holds. Rows of a hot table flatter the lookup.
        min_run_seconds: Time spent on each point, at the least; None for ``timing.MIN_RUN_SECONDS``.
        budget_seconds: Time for each point, at the most; what would take longer is foretold.
        seed: Of tables and ids.

    Raises:
        InvalidInput: One of these is out of range.

    >>> [(point.phase, point.variant) for point in Sweep((1_000,)).points()]
    [('forward', 'nn.Embedding'), ('build one-hot', 'build one-hot'), ('forward', 'one-hot @ W'), \
('forward', 'nn.Linear')]
    """

    sizes: tuple[int, ...] = SIZES
    over: str = "V"
    V: int = 10_000
    D: int = 64
    B: int = 64
    variants: tuple[str, ...] = VARIANTS
    phases: tuple[str, ...] = (BUILD, FORWARD)
    id_distribution: str = UNIFORM
    dtype: str = "float32"
    device: str = "cpu"
    threads: int = 1
    cold: bool = False
    min_run_seconds: float | None = None
    budget_seconds: float = 10.0
    seed: int = 0

    def __post_init__(self) -> None:
        _check_choice(self.over, "axis", ("V", "D", "B"))
        for axis, name, limit in _RANGES:
            for size in self.sizes if axis == self.over else (getattr(self, axis),):
                as_count(size, name, 1, limit)
        if not 1 <= len(self.sizes) <= MAX_SIZES:
            raise InvalidInput(f"Choose from one to {MAX_SIZES} sizes to measure.")
        _check_choices(self.variants, "way", (*VARIANTS, SPARSE))
        _check_choices(self.phases, "phase", PHASES)
        _check_choice(self.id_distribution, "draw of ids", ID_DISTRIBUTIONS)
        _check_choice(self.dtype, "type", DTYPES)
        as_count(self.threads, "The number of threads", 1, MAX_THREADS)
        as_count(self.seed, "The seed", 0, 2**32 - 1)
        for seconds, name in ((self.budget_seconds, "budget"), (self.min_run_seconds or 1.0, "time for a point")):
            if not 0 < seconds <= MAX_SECONDS:
                raise InvalidInput(f"The {name} must be up to {MAX_SECONDS:,.0f} seconds, not {seconds}.")
        object.__setattr__(self, "sizes", tuple(sorted({int(size) for size in self.sizes})))
        object.__setattr__(self, "variants", tuple(self.variants))
        object.__setattr__(self, "phases", tuple(self.phases))

    def points(self) -> tuple[Workload, ...]:
        """All points, in the order in which they are measured: smallest size first."""
        return tuple(
            Workload(
                variant,
                phase,
                V,
                D,
                B,
                self.device,
                self.threads,
                dtype=self.dtype,
                id_distribution=self.id_distribution,
                cold=self.cold,
            )
            for V, D, B in map(self._all_at, self.sizes)
            for variant, phase in self._curves()
        )

    def _all_at(self, size: int) -> tuple[int, int, int]:
        """V, D and B at ``size`` of the axis that is swept."""
        V, D, B = (size if axis == self.over else getattr(self, axis) for axis in ("V", "D", "B"))
        return V, D, B

    def _curves(self) -> list[tuple[str, str]]:
        """Each variant with its phases; one-hot rows are built before the first that needs them."""
        curves = [
            (variant, phase)
            for phase in PHASES
            if phase in self.phases and phase != BUILD
            for variant in self.variants
            if (variant, phase) != (SPARSE, FORWARD)  # the same call as nn.Embedding's
        ]
        if BUILD in self.phases and (products := [curve for curve in curves if curve[0] in (MATMUL, LINEAR)]):
            curves.insert(curves.index(products[0]), (BUILD, BUILD))
        elif self.phases == (BUILD,):
            curves = [(BUILD, BUILD)]
        return curves


def all_threads() -> int:
    """As many threads as this process may run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _check_choice(choice: str, name: str, choices: Sequence[str]) -> None:
    if choice not in choices:
        raise InvalidInput(f"There is no {name} {choice!r}. There are: {', '.join(choices)}.")


def _check_choices(chosen: Sequence[str], name: str, choices: Sequence[str]) -> None:
    if not chosen or len(set(chosen)) < len(chosen):
        raise InvalidInput(f"Choose at least one {name}, and each once.")
    for choice in chosen:
        _check_choice(choice, name, choices)
