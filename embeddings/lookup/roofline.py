"""Roofline of this machine: memory bandwidth and arithmetic, measured, and the time they leave to each workload.

References:
    Williams, Waterman and Patterson, "Roofline: An Insightful Visual Performance Model for Multicore Architectures",
    2009; McCalpin, "STREAM: Sustainable Memory Bandwidth in High Performance Computers", 1995.
"""

from collections.abc import Callable
from dataclasses import dataclass

from embeddings.common import InvalidInput, allowed_bytes, as_count, required
from embeddings.lookup.hardware import cache_bytes
from embeddings.lookup.results import Timing, Workload
from embeddings.lookup.variants import DTYPES, check_device

MAX_STREAM = 256 * 2**20  # bytes of each of the three arrays; a shared server has other visitors
MIN_STREAM = 16 * 2**20
SIDES = (("cpu", 2_048), ("mps", 4_096), ("cuda", 8_192))  # of the square matrices multiplied; large enough to saturate
MIN_RUN_SECONDS = 0.5


@dataclass(frozen=True)
class Roofline:
    """The best that was measured on a machine.

    Attributes:
        device: "cpu", "cuda" or "mps".
        dtype: Of the matrices multiplied.
        threads: Threads torch used.
        bandwidth: Bytes a second, read and written: the better of STREAM's copy and triad.
        peak: Operations a second, of a large product of matrices.
        call_seconds: Of the smallest call there is: one number plus another.
        streamed_bytes: The three arrays together. Where that is less than a cache holds, the bandwidth flatters.
    """

    device: str
    dtype: str
    threads: int
    bandwidth: float
    peak: float
    call_seconds: float
    streamed_bytes: int


def measure_roofline(
    device: str = "cpu", dtype: str = "float32", threads: int = 1, min_run_seconds: float = MIN_RUN_SECONDS
) -> Roofline:
    """Measure what ``device`` allows. Takes about four times ``min_run_seconds``.

    The best of the blocks counts, as a roof is what can be reached.

    Raises:
        InvalidInput: An unknown type, or a device that is not there.
    """
    with required():
        import torch

    check_device(device)
    if dtype not in DTYPES:
        raise InvalidInput(f"There is no type {dtype!r} here. There are: {', '.join(DTYPES)}.")
    as_count(threads, "The number of threads", 1, 1_024)

    def best(call: Callable[[], object]) -> float:
        return _best_seconds(call, threads, min_run_seconds)

    bandwidth, streamed = _bandwidth(device, best)
    number = torch.ones(1, device=device)
    return Roofline(
        device, dtype, threads, bandwidth, _peak(device, dtype, best), best(lambda: number + number), streamed
    )


def attainable(point: Workload, roofline: Roofline) -> float:
    """Seconds below which ``point`` cannot be on a machine of this ``roofline``, its data coming from memory.

    The largest of: its bytes at the bandwidth, its operations at the peak, one call.
    """
    return max(point.bytes_moved / roofline.bandwidth, point.flops / roofline.peak, roofline.call_seconds)


def roofline_fraction(timing: Timing, roofline: Roofline) -> float:
    """How near ``timing`` comes to the roof: 1 is on it. Data that come from a cache can go beyond."""
    return attainable(timing, roofline) / timing.median


def _bandwidth(device: str, best: Callable[[Callable[[], object]], float]) -> tuple[float, int]:
    """Bytes a second of the better of copy and triad, as STREAM counts them, and the bytes of all three arrays."""
    with required():
        import torch

    size = min(max(cache_bytes(device), MIN_STREAM), MAX_STREAM, max(4, allowed_bytes(device) // 4))
    arrays = torch.ones(3, size // 4, device=device)
    a, b, c = arrays
    copied = 2 * a.nbytes / best(lambda: a.copy_(b))
    added = 3 * a.nbytes / best(lambda: torch.add(b, c, alpha=3, out=a))
    return max(copied, added), arrays.nbytes


def _peak(device: str, dtype: str, best: Callable[[Callable[[], object]], float]) -> float:
    """Operations a second of a large product."""
    with required():
        import torch

    side = dict(SIDES)[device]
    square = torch.ones(side, side, dtype=getattr(torch, dtype), device=device)
    return 2 * side**3 / best(lambda: square @ square)


def _best_seconds(call: Callable[[], object], threads: int, min_run_seconds: float) -> float:
    with required():
        from torch.utils.benchmark import Timer

    call()
    timer = Timer("call()", globals={"call": call}, num_threads=threads)
    return min(timer.blocked_autorange(min_run_time=min_run_seconds).times)
