"""How much memory this process may still take."""

from pathlib import Path

import psutil

TOKEN_BYTES = 140  # of a token and its place in a vocabulary; 135 measured on GloVe's 400,000
SHARE = 0.5  # of what is free; the rest is for other visitors and what the allocation itself needs


def allowed_bytes(device: str = "cpu") -> int:
    """Bytes that one piece of work may allocate: half of what the machine, its container, or its GPU has free.

    On "mps" the GPU shares the machine's memory.
    """
    if device == "cuda":
        import torch

        return int(SHARE * torch.cuda.mem_get_info()[0])
    free = psutil.virtual_memory().available
    container = _container_free()
    return int(SHARE * (free if container is None else min(free, container)))


def table_bytes(words: int, dimension: int) -> int:
    """Bytes that ``words`` tokens with float32 vectors of ``dimension`` take in memory, as ``WordVectors``.

    >>> table_bytes(400_000, 50)
    136000000
    """
    return words * (4 * dimension + TOKEN_BYTES)


def _container_free(root: Path = Path("/sys/fs/cgroup")) -> int | None:
    """Free bytes under the control group's limit (cgroup v2, then v1); None where there is no limit."""
    for limit_file, used_file, stat_file in (
        ("memory.max", "memory.current", "memory.stat"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat"),
    ):
        try:
            limit, used = int((root / limit_file).read_text()), int((root / used_file).read_text())
        except (OSError, ValueError):
            continue  # another version of cgroups, or none, or "max": no limit
        return max(0, limit - used + _reclaimable(root / stat_file))
    return None


def _reclaimable(stat_file: Path) -> int:
    """Bytes counted as used that the kernel gives back when asked: copies of files that were read."""
    try:
        fields = dict(line.split() for line in stat_file.read_text().splitlines())
        return int(fields["inactive_file"])
    except (OSError, ValueError, KeyError):
        return 0
