"""What others than the machine allow this process: the control groups that hold it, and an operator's cap."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

try:
    import psutil
except ImportError:  # the system's own counts will do
    psutil = None

SETTING = "TOKEN_EMBEDDING_LAB_MEMORY"
_UNITS = {"M": 10**6, "G": 10**9}
_MIN_CAP = 100 * 10**6  # bytes; what is smaller is meant in another unit
_CAP = re.compile(r"([0-9]{1,7}(?:\.[0-9]{1,3})?)([MG])B?", re.ASCII)
_GROUPS, _OWN_GROUPS = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")
_VERSION_2 = ("memory.max", "memory.current")
_VERSION_1 = ("memory.limit_in_bytes", "memory.usage_in_bytes")
_STATM = Path("/proc/self/statm")


def operators_cap(environment: Mapping[str, str] = os.environ) -> int | None:
    """The most bytes that the app shall take, as its operator has set them; None where nothing is set.

    Raises:
        ValueError: The setting is no number of MB or GB, or is less than 100 MB.

    >>> operators_cap({SETTING: "700M"}), operators_cap({SETTING: "1.5G"}), operators_cap({})
    (700000000, 1500000000, None)
    """
    asked = environment.get(SETTING)
    if asked is None:
        return None
    match = _CAP.fullmatch(asked.strip())
    cap = int(float(match[1]) * _UNITS[match[2]]) if match else 0
    if cap < _MIN_CAP:
        raise ValueError(f"{SETTING} must be like 700M or 1.5G, and at least 100M, not {asked!r}.")
    return cap


def cap_free(environment: Mapping[str, str] = os.environ) -> list[int]:
    """Bytes that this process and its children leave of the operator's cap; none where nothing is set.

    Raises:
        ValueError: As ``operators_cap``.
    """
    cap = operators_cap(environment)
    return [] if cap is None else [max(0, cap - resident_bytes())]


def resident_bytes() -> int:
    """Bytes that this process and its children have in memory; without psutil this process alone, or 0."""
    if psutil is None:
        return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if _STATM.is_file() else 0
    here, total = psutil.Process(), 0
    for process in (here, *here.children(recursive=True)):
        with suppress(psutil.Error):  # it has ended meanwhile
            total += process.memory_info().rss
    return total


def groups_free(root: Path = _GROUPS, own: Path = _OWN_GROUPS) -> list[int]:
    """Free bytes under the limit of each control group that holds this process; none where there is no limit.

    A limit that is set on a group holds for all that are inside it: a container's for a service in it, and systemd's
    ``MemoryMax=`` of a slice for the services of the slice.

    Args:
        root: Where the groups are mounted.
        own: Lists the groups that hold this process.

    References:
        https://docs.kernel.org/admin-guide/cgroup-v2.html; man cgroups(7), of /proc/self/cgroup.
    """
    folders = [(folder, names) for top, path, names in _hierarchies(root, own) for folder in _upwards(top, path)]
    free = (_group_free(folder, *names) for folder, names in folders)
    return [left for left in free if left is not None]


def _hierarchies(root: Path, own: Path) -> Iterator[tuple[Path, PurePosixPath, tuple[str, str]]]:
    """Where version 2 and version 1 count memory, each with the path of this process's group in it."""
    groups = {"": "/", "memory": "/"}
    with suppress(OSError, ValueError):
        for line in own.read_text().splitlines():
            _, controllers, path = line.split(":", 2)  # "0::/a" in version 2, "4:cpu,memory:/a" in version 1
            groups |= dict.fromkeys(controllers.split(","), path)
    yield root, PurePosixPath(groups[""]), _VERSION_2
    yield root / "unified", PurePosixPath(groups[""]), _VERSION_2  # beside version 1, if at all
    yield root / "memory", PurePosixPath(groups["memory"]), _VERSION_1


def _upwards(top: Path, path: PurePosixPath) -> list[Path]:
    """The folder of ``path`` below ``top`` and those above it, up to ``top``.

    A container may see the path from outside, of which it has no folders: its own group is ``top`` then.
    """
    parts = [part for part in path.parts if part not in ("/", "..")]
    return [top.joinpath(*parts[:depth]) for depth in range(len(parts), -1, -1)]


def _group_free(folder: Path, limit_file: str, used_file: str) -> int | None:
    """Free bytes under the limit of one group; None where it has none."""
    try:
        limit, used = int((folder / limit_file).read_text()), int((folder / used_file).read_text())
    except (OSError, ValueError):
        return None  # no such group, another version, or "max": no limit
    return max(0, limit - used + _reclaimable(folder / "memory.stat"))


def _reclaimable(stat_file: Path) -> int:
    """Bytes counted as used that the kernel gives back when asked: copies of files that were read."""
    try:
        fields = dict(line.split() for line in stat_file.read_text().splitlines())
        return int(fields["inactive_file"])
    except (OSError, ValueError, KeyError):
        return 0
