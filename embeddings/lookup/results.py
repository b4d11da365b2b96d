"""Workloads of the timing lab, points of a sweep: what was asked for, and what was measured or extrapolated."""

from dataclasses import dataclass, field

from embeddings.lookup import cost
from embeddings.lookup.variants import ITEM_BYTES, UNIFORM

MAX_RELATIVE_IQR = 0.2  # of the interquartile range to the median; beyond it something else was running
MEMORY, TIME = "memory", "time"  # why a point was not measured

AXES = (("V", "vocabulary_size"), ("D", "dimension"), ("B", "batch"))


@dataclass(frozen=True)
class Workload:
    """A variant and phase at one size.

    Attributes:
        variant: One of ``VARIANTS``, ``SPARSE``, or ``BUILD``'s own name for the phase that the two products share.
        phase: One of ``PHASES``.
        vocabulary_size, dimension, batch: V, D and B.
        device: "cpu", "cuda" or "mps".
        threads: Threads torch may use.
        dtype: Of the table: one of ``DTYPES``.
        id_distribution: How ids are drawn: one of ``ID_DISTRIBUTIONS``.
        cold: Whether each run takes other ids, tables and rows than the last, over more memory than the cache holds.
    """

    variant: str
    phase: str
    vocabulary_size: int
    dimension: int
    batch: int
    device: str
    threads: int
    dtype: str = field(default="float32", kw_only=True)
    id_distribution: str = field(default=UNIFORM, kw_only=True)
    cold: bool = field(default=False, kw_only=True)

    @property
    def size(self) -> tuple[int, int, int]:
        """V, D and B."""
        return self.vocabulary_size, self.dimension, self.batch

    @property
    def item_bytes(self) -> int:
        """Bytes of one number."""
        return dict(ITEM_BYTES)[self.dtype]

    @property
    def flops(self) -> int:
        """Operations of one run; see ``embeddings.lookup.cost``."""
        return cost.flops(self.variant, self.phase, *self.size)

    @property
    def bytes_moved(self) -> int:
        """Bytes read and written by one run; see ``embeddings.lookup.cost``."""
        return cost.bytes_moved(self.variant, self.phase, *self.size, self.item_bytes)

    def along(self, axis: str) -> int:
        """The size along ``axis``: "V", "D" or "B"."""
        return getattr(self, dict(AXES)[axis])


@dataclass(frozen=True)
class Timing(Workload):
    """A point that was measured.

    Attributes:
        median, lower_quartile, upper_quartile: Seconds for one run, over blocks of runs.
        runs: How many runs there were in all.
        blocks: In how many blocks. The quartiles of less than five say little.
        rotated_bytes: With ``cold``, over how much memory the runs went in turn; small sizes may stay below the cache.
    """

    median: float
    lower_quartile: float
    upper_quartile: float
    runs: int
    blocks: int = field(default=1, kw_only=True)
    rotated_bytes: int = field(default=0, kw_only=True)

    @property
    def relative_iqr(self) -> float:
        """The interquartile range, as a share of the median."""
        return (self.upper_quartile - self.lower_quartile) / self.median

    @property
    def noisy(self) -> bool:
        """Whether the spread is over ``MAX_RELATIVE_IQR``."""
        return self.relative_iqr > MAX_RELATIVE_IQR


@dataclass(frozen=True)
class Extrapolated(Workload):
    """A point that was not measured, since it would not fit, with its place as it is foretold.

    Attributes:
        reason: ``MEMORY`` or ``TIME``.
        needed_bytes: What measuring it would hold.
        allowed_bytes: What may be used there.
        seconds: For one run, extrapolated from the points measured before, or the least that the roofline allows;
            None where there is neither.
    """

    reason: str
    needed_bytes: int
    allowed_bytes: int
    seconds: float | None
