"""How many threads the libraries underneath use."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

_one_at_a_time = threading.Lock()  # the number of BLAS threads is the whole process's


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Have NumPy and SciPy multiply and decompose on one thread.

    For small matrices more gain nothing, and where other work keeps a core busy they wait for each other, spinning, for
    many times as long as the work takes.
    """
    with _one_at_a_time, _controller().limit(limits=1, user_api="blas"):
        yield


@contextmanager
def one_torch_thread() -> Iterator[None]:
    """Have torch use one thread, for those that call it from this one; small models are no faster on more."""
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
    import torch

    return torch.get_num_threads()


@cache
def _controller() -> Any:
    import scipy.linalg  # noqa: F401  (so that its BLAS is found as well as NumPy's)
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
