"""The process's own queue, shared by all visitors, and where its jobs run."""

import os
import threading
from collections.abc import Hashable
from functools import cache

from embeddings.jobs.queue import Job, JobBackend, JobKind, JobQueue, Work, in_process

_one_queue = threading.Lock()


@cache
def _shared_queue() -> JobQueue:
    return JobQueue(backend=_backend())


def _backend() -> JobBackend:
    """This process; or Dask's workers, where the environment names a scheduler."""
    address = os.environ.get("DASK_SCHEDULER_ADDRESS", "").strip()
    if not address:
        return in_process
    from embeddings.jobs.dask_backend import DaskBackend

    return DaskBackend(address)


def shared_queue() -> JobQueue:
    """The process's own line, shared by all visitors."""
    with _one_queue:  # functools.cache may call twice when two ask at once
        return _shared_queue()


def submit(
    owner: str,
    work: Work,
    kind: JobKind,
    key: Hashable = None,
    private: bool = False,
    replaces: Job | None = None,
    group: str = "",
) -> Job:
    """``shared_queue().submit(...)``: put heavy work in the process's line."""
    return shared_queue().submit(owner, work, kind, key, private, replaces, group)
