"""Hardware of the machine that is measured: its facts, and its cache."""

import datetime
import os
import platform
import subprocess
from dataclasses import dataclass
from pathlib import Path

from embeddings.common import required, total_bytes

USUAL_CACHE = 64_000_000  # bytes; where the system does not tell, more than most machines have
_UNITS = {"K": 2**10, "M": 2**20, "G": 2**30}


@dataclass(frozen=True)
class Machine:
    """Where and when something was measured, with which versions.

    Attributes:
        date: Local time with its offset, ISO 8601, to the second.
        processor: Its name.
        accelerator: The GPU's name; "" for a run on the CPU.
        cores: Logical processors.
        memory_bytes: All there is; 0 where the system does not tell.
        cache_bytes: Of the last level, as ``cache_bytes`` gives it.
        system: Its name and version.
        python, torch: Versions.
    """

    date: str
    processor: str
    accelerator: str
    cores: int
    memory_bytes: int
    cache_bytes: int
    system: str
    python: str
    torch: str


def this_machine(device: str = "cpu") -> Machine:
    """The facts of the machine this runs on, now."""
    with required():
        import torch

    return Machine(
        date=datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
        processor=_processor(),
        accelerator={"cuda": torch.cuda.get_device_name, "mps": lambda: "Apple GPU"}.get(device, str)(),
        cores=os.cpu_count() or 1,
        memory_bytes=total_bytes(),
        cache_bytes=cache_bytes(device),
        system=platform.platform(terse=True),
        python=platform.python_version(),
        torch=torch.__version__,
    )


def cache_bytes(device: str = "cpu") -> int:
    """Bytes of the last level of cache; ``USUAL_CACHE`` where the system does not tell."""
    if device == "cuda":
        with required():
            import torch

        return torch.cuda.get_device_properties(torch.cuda.current_device()).L2_cache_size
    if platform.system() == "Darwin":
        return _darwin_cache() or USUAL_CACHE
    return largest_cache() or USUAL_CACHE


def largest_cache(folder: Path = Path("/sys/devices/system/cpu/cpu0/cache")) -> int:
    """The largest of the caches that Linux lists in ``folder``; 0 where it lists none."""
    return max((_in_bytes(file.read_text().strip()) for file in folder.glob("index*/size")), default=0)


def _in_bytes(size: str) -> int:
    """ "480M" or "2048K" in bytes."""
    return int(size[:-1]) * _UNITS[size[-1]] if size[-1:] in _UNITS else int(size or 0)


def _darwin_cache() -> int:
    try:
        asked = subprocess.run(["sysctl", "-n", "hw.l2cachesize"], capture_output=True, text=True, timeout=5)
        return int(asked.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return 0  # not told


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text().splitlines() if facts.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
