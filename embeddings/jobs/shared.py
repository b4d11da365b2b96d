"""The process's own queue, shared by all visitors, and where its jobs run."""

import os
import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from functools import cache

from embeddings.jobs.queue import MAX_RUNNING, InProcess, Job, JobKind, JobQueue, Work

_one_queue = threading.Lock()


@cache
def _shared_queue() -> JobQueue:
    return queue_of(os.environ)


def queue_of(environment: Mapping[str, str]) -> JobQueue:
    """A queue as ``environment`` asks for it: how many jobs run at once, and whether Dask's workers make them.

    Raises:
        ValueError: A setting is none.
    """
    asked = environment.get("TOKEN_EMBEDDING_LAB_JOBS_AT_ONCE", str(MAX_RUNNING))
    if not asked.isdecimal() or int(asked) < 1:
        raise ValueError(f"TOKEN_EMBEDDING_LAB_JOBS_AT_ONCE must be a whole number from 1 on, not {asked!r}.")
    address = environment.get("DASK_SCHEDULER_ADDRESS", "").strip()
    if not address:
        return JobQueue(int(asked))
    from embeddings.jobs.dask_backend import DaskBackend

    return JobQueue(int(asked), backend=DaskBackend(address))


def shared_queue() -> JobQueue:
    """The process's own line, shared by all visitors."""
    with _one_queue:  # functools.cache may call twice when two ask at once
        return _shared_queue()


def rest_while(crowded: Callable[[], bool]) -> None:
    """Have trainings and maps rest most of the time while ``crowded()``, unless Dask's workers make them."""
    queue = shared_queue()
    if isinstance(queue.backend, InProcess):
        queue.backend = replace(queue.backend, crowded=crowded)


def gpu_elsewhere() -> bool:
    """Whether measurements are made on another machine, which has a GPU."""
    return shared_queue().backend.has_gpu


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
