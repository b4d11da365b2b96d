"""How many heaps the C library keeps, and what it gives back of them."""

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
    _call("mallopt", _M_ARENA_MAX, FEW)


def give_back() -> None:
    """Have glibc give the system what is free in its heaps, in the middle of them too.

    References:
        https://man7.org/linux/man-pages/man3/malloc_trim.3.html
    """
    _call("malloc_trim", 0)


def _call(name: str, *arguments: int) -> None:
    function = getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
    if function is not None:
        function(*arguments)
