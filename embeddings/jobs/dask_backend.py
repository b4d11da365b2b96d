"""Backend of the job queue that makes calls on the workers of a Dask cluster.

The queue stays the place of order, limits, positions and time-outs: a job is handed over only when it may run, and its
thread here watches it there. It asks the worker five times a second how far the work is, outside of Dask's tasks, and
passes that on to the job's own ``report``; where that raises or stands still, the worker is told to do the same.

What cannot travel, and all while no scheduler answers, is made in this process.

References:
    https://distributed.dask.org/en/stable/
"""

import asyncio
import logging
import threading
import time
import uuid
from collections.abc import Callable
from concurrent import futures
from typing import Any

from embeddings.common import WorkerLost, required
from embeddings.jobs.call import Call
from embeddings.jobs.dask_worker import (
    DONE,
    FAILED,
    GPU,
    PAUSE,
    STOP,
    RemoteProgress,
    Workers,
    carry_out,
    look,
    prepare,
    tell,
    worker_of,
)
from embeddings.jobs.packing import Unpacker, pack, unpack
from embeddings.jobs.queue import COMPUTE_POOL, Job, Work

POLL_SECONDS = 0.2  # between two looks at the worker
_CONNECT_SECONDS = 2
_RETRY_SECONDS = 30  # between two tries to reach a scheduler
_ANSWER_SECONDS = 10  # that an answer may take
_STOPPING_SECONDS = 10  # that a job is given to stop on its worker, whose place is kept so long
_SHARE = 0.1  # of the time, at most, goes into fetching snapshots

_CONNECTED = "running"  # as Dask calls it

_log = logging.getLogger(__name__)


class _ClusterLost(Exception):
    """The scheduler does not answer any more."""


class _NoWorker(Exception):
    """No worker makes the call."""


class DaskBackend:
    """Makes the calls of jobs on a cluster's workers, and in this process while there are none.

    Only jobs that compute go there; one that must run alone takes a worker with a GPU where there is one.
    """

    def __init__(self, address: str) -> None:
        """Connect, on a thread of its own; and again when a job comes, where there was no answer.

        Args:
            address: Of the scheduler, as tcp://127.0.0.1:8786.
        """
        self._address = address
        self._lock = threading.Lock()
        self._client: Any = None
        self._next_try = 0.0
        self._paused: set[str] = set()  # names of jobs that stand still
        self.has_gpu = False
        threading.Thread(target=self._connected, name="dask connecting", daemon=True).start()

    def __call__(self, work: Work, job: Job) -> Any:
        """What ``work`` gives, made by a worker if it is a call that travels.

        Raises:
            WorkerLost: The worker ended in the middle of it.
            Stopped, LabError: As the work itself would.
        """
        if not isinstance(work, Call) or not work.travels or job.kind.pool != COMPUTE_POOL:
            return work(job.report)
        client = self._connected()
        if client is None:
            return work(job.report)
        try:
            return _RemoteJob(client, job, self._paused).run(work, self._workers(client))
        except _ClusterLost:
            self._forget(client)
            why = "the scheduler does not answer"
        except _NoWorker:
            why = "no worker is there"
        _log.warning("Dask at %s: %s. A %s is computed in this process.", self._address, why, job.kind.name)
        return work(job.report)

    def _connected(self) -> Any:
        """Dask's client; ``None`` where the scheduler cannot be reached."""
        with self._lock:
            if self._client is None and time.monotonic() >= self._next_try:
                self._next_try = time.monotonic() + _RETRY_SECONDS
                try:
                    client = _client(self._address)
                    self._workers(client)
                    self._client = client
                except Exception as error:  # an address that is none, no answer, another version: all the same here
                    _log.warning("Dask at %s cannot be used; jobs run in this process: %s", self._address, error)
            return self._client

    def _workers(self, client: Any) -> Workers:
        workers: Workers = _ask_scheduler(client, prepare)
        self.has_gpu = bool(workers.gpus)
        return workers

    def _forget(self, client: Any) -> None:
        with self._lock:
            if self._client is client:
                self._client, self.has_gpu = None, False
        threading.Thread(target=client.close, name="dask closing", daemon=True).start()  # which may take seconds


def _client(address: str) -> Any:
    with required():
        import dask
        from distributed import Client

    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 GB"})  # a visitor's own table is large
    for name in ("distributed", "distributed.client"):  # which tell of a lost scheduler in a hundred lines
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return Client(address, timeout=_CONNECT_SECONDS, set_as_default=False, name="token-embedding-lab")


class _RemoteJob:
    """One job on its way through a worker."""

    def __init__(self, client: Any, job: Job, paused: set[str]) -> None:
        self._client, self._job, self._paused = client, job, paused
        self._name = f"token-embedding-lab-{uuid.uuid4().hex}"
        self._worker = ""  # its address, once the job has one
        self._unpacker, self._version, self._next_snapshot = Unpacker(), 0, 0.0
        self._ended = threading.Event()

    def run(self, call: Call, workers: Workers) -> Any:
        """Have one of the ``workers`` make ``call``, and watch it.

        Raises:
            _ClusterLost, _NoWorker: It has to be made elsewhere.
            WorkerLost, Stopped, LabError: See ``DaskBackend``.
        """
        if not workers.jobs:
            raise _NoWorker
        with_gpu = bool(workers.gpus) and self._job.kind.exclusive
        future = self._client.submit(
            carry_out,
            pack(call),
            self._name,
            key=self._name,
            pure=False,
            retries=0,
            resources={GPU: 1} if with_gpu else None,
            workers=[workers.least_busy(workers.gpus if with_gpu else workers.jobs, tuple(self._paused))],
            allow_other_workers=True,
        )
        future.add_done_callback(lambda _: self._ended.set())
        self._job.on_aside = self._pause
        try:
            while not self._ended.wait(POLL_SECONDS):
                self._follow()
            return self._outcome(future)
        except BaseException:
            self._stop(future)
            raise
        finally:
            self._job.on_aside = None
            self._paused.discard(self._name)
            future.release()

    def _follow(self) -> None:
        """Pass on what the worker says."""
        if not self._worker:
            self._worker, workers = _ask_scheduler(self._client, worker_of, self._name)
            if not workers:
                raise _NoWorker
        self._paused.discard(self._name)
        progress = self._look()
        if progress is None:
            self._worker = ""  # it has not begun, or has ended; the scheduler knows
            self._job.report(self._job.fraction, self._job.message or "Waiting for a worker")
            return
        snapshot = None
        if progress.frames is not None:
            self._unpacker = Unpacker() if progress.anew else self._unpacker
            snapshot, self._version = self._unpacker.unpack(progress.frames), progress.version
        self._job.report(progress.fraction, progress.message, snapshot)

    def _look(self) -> RemoteProgress | None:
        """What the job said last; ``None`` if it is not under way on its worker, or that does not answer."""
        began = time.monotonic()
        progress = self._ask_worker(look, self._version, began >= self._next_snapshot)
        if progress is not None and progress.frames is not None:
            now = time.monotonic()
            self._next_snapshot = now + (now - began) * (1 - _SHARE) / _SHARE
        return progress

    def _outcome(self, future: Any) -> Any:
        """What came of the job, which has ended."""
        with required():
            from distributed import KilledWorker

        if future.status in ("cancelled", "lost"):
            raise _ClusterLost
        try:
            how, what = unpack(future.result(_ANSWER_SECONDS))
        except KilledWorker:
            raise WorkerLost() from None
        if how == DONE:
            return what
        if how == FAILED:
            raise what
        raise _NoWorker  # it was not watched there, as this process had no time to

    def _pause(self) -> None:
        """Have the worker stand still until the next look at it."""
        self._paused.add(self._name)
        self._ask_worker(tell, PAUSE)

    def _stop(self, future: Any) -> None:
        """End it on its worker, and wait until it has, so that nothing else is begun there before."""
        if self._ended.is_set():
            return
        if not self._ask_worker(tell, STOP) and self._client.status == _CONNECTED:
            future.cancel()  # it has not begun
        if not self._ended.wait(_STOPPING_SECONDS):
            _log.warning("A %s goes on at %s although it was stopped", self._job.kind.name, self._worker)

    def _ask_worker(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """What ``function`` gives for this job, called on its worker outside of all tasks; ``None`` for no answer."""
        if not self._worker:
            return None
        try:
            asking = _begin(self._client, self._client.run, function, self._name, *arguments, workers=[self._worker])
            answers = _answer(asking, self._ended)
        except OSError:
            return None
        return answers.get(self._worker)


def _ask_scheduler(client: Any, function: Callable[..., Any], *arguments: Any) -> Any:
    """What ``function`` gives, called on the scheduler.

    Raises:
        _ClusterLost: There is no answer.
    """
    try:
        return _answer(_begin(client, client.run_on_scheduler, function, *arguments))
    except OSError as error:
        raise _ClusterLost from error


def _begin(client: Any, method: Callable[..., Any], *arguments: Any, **options: Any) -> futures.Future:
    """Call ``method`` of ``client`` on its own thread, where it can be given up.

    Raises:
        ConnectionError: The client has lost the scheduler.
    """
    if client.status != _CONNECTED:
        raise ConnectionError

    async def asked() -> Any:
        return await method(*arguments, **options)

    return asyncio.run_coroutine_threadsafe(asked(), client.loop.asyncio_loop)


def _answer(asking: futures.Future, unless: threading.Event | None = None) -> Any:
    """The result of ``asking``.

    Raises:
        OSError: There is none in time, or ``unless`` is set meanwhile.
    """
    end = time.monotonic() + _ANSWER_SECONDS
    while not asking.done():
        futures.wait([asking], POLL_SECONDS)
        given_up = unless is not None and unless.is_set()
        if not asking.done() and (given_up or time.monotonic() > end):
            asking.cancel()
            raise TimeoutError
    return asking.result()
