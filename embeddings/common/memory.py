"""How much memory this process may still take, and how much a result holds."""

import os
import re
import sys
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np

from embeddings.common.bundled_files import required
from embeddings.common.errors import TooLarge
from embeddings.common.memory_limits import SETTING, cap_free, groups_free

try:
    import psutil
except ImportError:  # the system's own counts will do
    psutil = None

TOKEN_BYTES = 25  # of a token and its place in a large vocabulary, which is packed; 21 measured on GloVe's 400,000
READING_TOKEN_BYTES = 140  # of one as it is read, and in a small vocabulary: a string in a dictionary; 135 measured
USUAL_FREE = 2_000_000_000  # bytes; where the system does not tell, less than most machines have
GLANCE = 0.1  # seconds until it is looked again how much is free
SHARE = 0.5  # of what is free; the rest is for other visitors and what the allocation itself needs


def allowed_bytes(device: str = "cpu") -> int:
    """Bytes that one piece of work may allocate: half of what is free, or was a tenth of a second ago.

    Free is the least of what the machine has, what each control group that holds this process leaves, and what its
    operator allows it; or what a GPU has. On "mps" the GPU shares the machine's memory.

    Raises:
        ValueError: The operator's setting is none: see ``memory_limits.operators_cap``.
    """
    if device == "cuda":
        with required():
            import torch

        return int(SHARE * torch.cuda.mem_get_info()[0])
    return int(SHARE * _free_bytes(int(time.monotonic() / GLANCE), os.environ.get(SETTING)))


@lru_cache(maxsize=1)
def _free_bytes(_moment: int, _cap: str | None) -> int:
    """Bytes that are free in this ``_moment``: a dozen files tell, too many for every question of every page."""
    machine = psutil.virtual_memory().available if psutil else system_free()
    return min([machine, *groups_free(), *cap_free()])


def check_fits(what: str, needed: int) -> None:
    """Ask for memory before it is taken.

    Args:
        what: What a refusal calls it.
        needed: Bytes.

    Raises:
        TooLarge: It is more than ``allowed_bytes()``.
    """
    if needed > (allowed := allowed_bytes()):
        raise TooLarge(what, needed, allowed)


def total_bytes() -> int:
    """Bytes of memory that the machine has; 0 where it does not tell."""
    return psutil.virtual_memory().total if psutil else _pages("SC_PHYS_PAGES")


def system_free(facts: Path = Path("/proc/meminfo")) -> int:
    """Bytes that the system says are free, asked without psutil; ``USUAL_FREE`` where it does not tell."""
    told = re.search(r"^MemAvailable:\s+(\d+) kB$", facts.read_text() if facts.is_file() else "", re.MULTILINE)
    return 1024 * int(told[1]) if told else _pages("SC_AVPHYS_PAGES") or USUAL_FREE


def _pages(name: str) -> int:
    """Bytes of the pages that ``os.sysconf`` counts under ``name``; 0 where it does not."""
    try:
        return os.sysconf(name) * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows has no such call, macOS not every count
        return 0


def table_bytes(words: int, dimension: int) -> int:
    """Bytes that ``words`` tokens with float32 vectors of ``dimension`` take in memory, as ``WordVectors``.

    >>> table_bytes(400_000, 50)
    90000000
    """
    return words * (4 * dimension + TOKEN_BYTES)


def reading_bytes(words: int, dimension: int) -> int:
    """The most bytes that the same take while they are read from a file.

    >>> reading_bytes(400_000, 50)
    136000000
    """
    return words * (4 * dimension + READING_TOKEN_BYTES)


def held_bytes(value: object, enough: int) -> int:
    """About how many bytes ``value`` holds, with all that its containers and attributes hold; each object counts once.

    The search ends once ``enough`` are found, so that it takes no longer for what is far larger.

    >>> held_bytes([np.zeros(1_000)], 10_000) // 1_000
    8
    """
    seen: set[int] = set()
    found, to_look_at = 0, [value]
    while to_look_at and found < enough:
        item = to_look_at.pop()
        if id(item) in seen or isinstance(item, type):
            continue
        seen.add(id(item))
        found += sys.getsizeof(item)
        if isinstance(item, np.ndarray) and item.base is not None:
            to_look_at.append(item.base)  # a view's own size is without the numbers
        elif isinstance(item, Mapping):
            to_look_at += [*item.keys(), *item.values()]
        elif isinstance(item, (tuple, list, set, frozenset)):
            to_look_at += item
        elif hasattr(item, "__dict__"):
            to_look_at += vars(item).values()
    return found
