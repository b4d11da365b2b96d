"""How much memory a call takes at its peak, as the system or Python counts it; and a bound on it."""

import resource
import tracemalloc
from collections.abc import Callable
from pathlib import Path

_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def grown(call: Callable[[], object]) -> int:
    """Bytes by which the process grows while ``call`` runs; on systems other than Linux beyond its peak so far."""
    before = _now()
    call()
    return _peak() - before


def allocated(prepare: Callable[[], Callable[[], object]]) -> int:
    """Bytes that the call which ``prepare`` gives allocates at its peak, as Python and NumPy tell.

    A thread that an earlier test left in this process may allocate meanwhile: the least of three calls, each prepared
    anew.
    """
    return min(_traced(prepare()) for _ in range(3))


def _traced(call: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def cap(growth: int) -> None:
    """From here on this process may map ``growth`` bytes more; beyond that it is refused memory. On Linux alone."""
    if _STATUS.exists():
        resource.setrlimit(resource.RLIMIT_AS, (_status("VmSize") + growth, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _now() -> int:
    if not _STATUS.exists():
        return _peak()
    _RESET.write_text("5")  # the peak is counted anew from here
    return _status("VmRSS")


def _peak() -> int:
    return _status("VmHWM") if _STATUS.exists() else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _status(name: str) -> int:
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(f"{name}:"))
    return 1024 * int(line.split()[1])
