"""How many heaps the C library keeps."""

import ctypes
import sys

FEW = 2
_M_ARENA_MAX = -8  # from malloc.h


def keep_few_heaps() -> None:
    """Have glibc keep two heaps, not eight for each core; another C library is left as it is.

    A thread of a visitor takes whichever is free, and what is freed in a heap goes back to the system only from its
    end: spread over many, a sixth of the server's memory stayed there after its visitors had left.

    References:
        https://man7.org/linux/man-pages/man3/mallopt.3.html
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_M_ARENA_MAX, FEW)
