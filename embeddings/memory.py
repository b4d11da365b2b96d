"""How much memory this process may still take."""

from pathlib import Path

import psutil

SHARE = 0.5  # of what is free; the rest is for other visitors and what the allocation itself needs


def allowed_bytes() -> int:
    """Bytes that one piece of work may allocate: half of what the machine, or its container, has free."""
    free = psutil.virtual_memory().available
    container = _container_free()
    return int(SHARE * (free if container is None else min(free, container)))


def _container_free(root: Path = Path("/sys/fs/cgroup")) -> int | None:
    """Free bytes under the control group's limit (cgroup v2, then v1); None where there is no limit."""
    for limit_file, used_file in (
        ("memory.max", "memory.current"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    ):
        try:
            limit = (root / limit_file).read_text().strip()
            used = int((root / used_file).read_text())
        except (OSError, ValueError):
            continue  # another version of cgroups, or none
        if limit != "max":
            return max(0, int(limit) - used)
    return None
