"""How many threads the linear algebra may take."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

_lock = threading.Lock()


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
    """Within it, matrix products of the whole process run on one thread.

    For many products of a size that fits the processor's cache, which several threads would spend most of their time
    waiting for each other on. It may be entered from several threads at once, and left in any order.
    """
    from threadpoolctl import threadpool_limits

    with _lock:
        holders = _holders()
        if holders.count == 0:
            holders.limits = threadpool_limits(1, user_api="blas")
        holders.count += 1
    try:
        yield
    finally:
        with _lock:
            holders.count -= 1
            if holders.count == 0:
                holders.limits.restore_original_limits()
