"""What the process that asks takes in memory itself; a benchmark's child prints it.

``ru_maxrss`` won't do on Linux: it counts what was there before ``exec`` too, and so starts from the parent's peak.
"""

from pathlib import Path

import psutil

STATUS = Path("/proc/self/status")


def resident_bytes() -> int:
    """Bytes that it has in memory now, libraries included."""
    return psutil.Process().memory_info().rss


def max_resident_bytes() -> int:
    """The most bytes that it has had in memory since it was started, libraries included."""
    if psutil.LINUX:
        lines = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
        return 1024 * int(lines["VmHWM"].split()[0])  # kept by the address space, which ``exec`` makes anew
    if psutil.WINDOWS:
        return psutil.Process().memory_info().peak_wset
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # in bytes on macOS, where each program has its own
