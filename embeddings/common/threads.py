"""How many threads the libraries underneath use."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from embeddings.common.bundled_files import required

LONG_WORK_NICENESS = 5  # of 19; others get about three times its share of a processor that both want
OWN_PROCESS_NICENESS = 10  # of long work that no thread of the server ever waits for: about nine times its share
_lock = threading.Lock()


def make_way(niceness: int = LONG_WORK_NICENESS) -> None:
    """Have this thread, and those it starts, compute with what others leave of the processors, where Linux runs.

    A thread of the server is not to make too much way: it may hold the interpreter, for which all others wait.
    Elsewhere a niceness is the whole process's. There is no way back without an administrator's rights, so the thread
    should be one of its own for the work.

    References:
        https://man7.org/linux/man-pages/man2/setpriority.2.html, "C library/kernel differences"
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, max(niceness, os.getpriority(os.PRIO_PROCESS, thread)))


@dataclass
class _Holders:
    """Those within ``one_blas_thread``, and what gives the threads back after the last of them."""

    count: int = 0
    limits: Any = None


@cache
def _holders() -> _Holders:
    return _Holders()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Within it, NumPy and SciPy multiply and decompose on one thread, in the whole process.

    For many products of a size that fits the processor's cache, and for small matrices, on which several threads would
    spend most of their time waiting for each other, spinning. It may be entered from several threads at once, and left
    in any order.
    """
    with _lock:
        holders = _holders()
        if holders.count == 0:
            _take_control()
            holders.limits = _controller().limit(limits=1, user_api="blas")
        holders.count += 1
    try:
        yield
    finally:
        with _lock:
            holders.count -= 1
            if holders.count == 0:
                _take_control()
                holders.limits.restore_original_limits()


def _take_control() -> None:
    """threadpoolctl heeds the first thread that sets a limit and silently no other, so that nobody undoes another's.

    Here the holders are counted and under a lock, and the last to leave need not be the first that came.
    """
    with required():
        from threadpoolctl import OpenBLASController

    OpenBLASController.clear_controlling_thread(force=True)


@contextmanager
def one_torch_thread() -> Iterator[None]:
    """Have torch use one thread, for those that call it from this one; small models are no faster on more."""
    with required():
        import torch

    threads = _torch_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@cache
def _torch_threads() -> int:
    """How many torch had at first; a thread begun since then may have taken over another's 1."""
    with required():
        import torch

    return torch.get_num_threads()


@cache
def _controller() -> Any:
    with required():
        import scipy.linalg  # noqa: F401  (so that its BLAS is found as well as NumPy's)
        from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
