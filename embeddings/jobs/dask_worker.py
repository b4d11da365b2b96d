"""The part of a job that is on a Dask worker: the call, and a cell through which it is watched, paused and stopped."""

import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from embeddings.common import LabError, required
from embeddings.jobs.packing import Frames, Packer, pack, unpack
from embeddings.jobs.queue import MAX_PAUSE_SECONDS, Stopped

RUN, PAUSE, STOP = "run", "pause", "stop"  # what a job is told
DONE, FAILED, STOPPED = "done", "failed", "stopped"  # how it came out
GPU = "GPU"  # a worker's resource, as in: dask worker --resources GPU=1
UNWATCHED_SECONDS = 60  # after which a job ends that nobody has looked at: who asked for it is gone
_PAUSED_SECONDS = MAX_PAUSE_SECONDS + UNWATCHED_SECONDS  # the same while it stands still, and nobody need look
_CELLS = "token_embedding_lab_cells"  # of the worker's attributes


@dataclass(frozen=True)
class RemoteProgress:
    """What a job on a worker said last.

    Attributes:
        fraction: How much is done.
        message: What is being done.
        version: How many snapshots there were.
        anew: Whether ``frames`` are the first of a new ``Packer``.
        frames: The latest snapshot, packed; ``None`` where the asker has it already, or there is none.
    """

    fraction: float
    message: str
    version: int
    anew: bool
    frames: Frames | None


class _Cell:
    """What one job says and is told. The work writes on its thread, the worker's event loop reads and tells."""

    def __init__(self) -> None:
        self._changed, self._seceded = threading.Condition(), False
        self._wanted, self._looked = RUN, time.monotonic()
        self._fraction, self._message, self._snapshot, self._version = 0.0, "", None, 0
        self._packer, self._sent = Packer(), 0

    def report(self, fraction: float, message: str = "", snapshot: Any = None, /) -> None:
        """The progress callback of the work: it returns when the job may go on, or raises ``Stopped``."""
        with self._changed:
            self._fraction, self._message = fraction, message
            if snapshot is not None:
                self._snapshot, self._version = snapshot, self._version + 1
            if self._wanted == PAUSE:
                self._secede()
                self._changed.wait_for(lambda: self._wanted != PAUSE, _PAUSED_SECONDS)
            if self._wanted != RUN or time.monotonic() - self._looked > UNWATCHED_SECONDS:
                raise Stopped("Stopped: nobody was watching.")

    def _secede(self) -> None:
        """Give the worker's place to others; once, as Dask would give it back only when all others have ended."""
        with required():
            from distributed import secede

        if not self._seceded:
            self._seceded = True
            secede()

    def tell(self, wanted: str) -> None:
        with self._changed:
            self._wanted, self._looked = wanted, time.monotonic()
            self._changed.notify_all()

    def look(self, known: int, snapshots: bool) -> RemoteProgress:
        with self._changed:
            self._looked = time.monotonic()
            if self._wanted == PAUSE:  # nobody looks while a job stands still
                self._wanted = RUN
                self._changed.notify_all()
            if not snapshots or self._version == known:
                return RemoteProgress(self._fraction, self._message, known, False, None)
            if anew := known != self._sent:  # an answer was lost on its way
                self._packer = Packer()
            frames, self._sent = self._packer.pack(self._snapshot), self._version
            return RemoteProgress(self._fraction, self._message, self._version, anew or known == 0, frames)


def carry_out(packed_call: Frames, name: str) -> Frames:
    """Make a call on this worker's thread; what came of it, packed: ``(DONE, result)``, ``(FAILED, error)`` …"""
    with required():
        from distributed import get_worker

    cells = _cells(get_worker())
    cells[name] = cell = _Cell()
    try:
        return pack((DONE, unpack(packed_call)(cell.report)))
    except Stopped as stopped:
        return pack((STOPPED, str(stopped)))
    except LabError as error:
        return pack((FAILED, error))
    finally:
        del cells[name]


def look(name: str, known: int, snapshots: bool, dask_worker: Any) -> RemoteProgress | None:
    """How the job called ``name`` stands; ``None`` if it is not under way on this worker. One that was paused goes on.

    Args:
        name: Of the job.
        known: The version of the snapshot that the asker has.
        snapshots: Whether a later one is wanted now.
        dask_worker: Given by Dask.
    """
    cell = _cells(dask_worker).get(name)
    return None if cell is None else cell.look(known, snapshots)


def tell(name: str, wanted: str, dask_worker: Any) -> bool:
    """Have the job called ``name`` pause or stop; whether it is under way on this worker."""
    cell = _cells(dask_worker).get(name)
    if cell is not None:
        cell.tell(wanted)
    return cell is not None


def _cells(worker: Any) -> dict[str, _Cell]:
    """The cells of the jobs that are under way on ``worker``, by name."""
    return vars(worker).setdefault(_CELLS, {})


def worker_of(name: str, dask_scheduler: Any) -> tuple[str, int]:
    """On the scheduler: the address of the worker that has the job, "" for none yet; and how many workers there are."""
    task = dask_scheduler.tasks.get(name)
    working = task.processing_on if task is not None else None
    return "" if working is None else working.address, len(dask_scheduler.workers)


@dataclass(frozen=True)
class Workers:
    """The workers of a cluster.

    Attributes:
        jobs: By the address of each, the names of the jobs that it has, also of those that stand still.
        gpus: The addresses of those with a GPU.
    """

    jobs: dict[str, tuple[str, ...]]
    gpus: tuple[str, ...]

    def least_busy(self, among: Collection[str], idle: Collection[str]) -> str:
        """Of those ``among`` all, the one with the fewest jobs; those called ``idle`` do not count."""
        return min(among, key=lambda address: len(set(self.jobs[address]) - set(idle)))


def prepare(dask_scheduler: Any) -> Workers:
    """On the scheduler: which workers there are, and what they do.

    From now on a job whose worker is killed is not begun again by itself, as it may kill the next one, too.
    """
    dask_scheduler.allowed_failures = 0
    workers = dask_scheduler.workers
    return Workers(
        {address: tuple(str(task.key) for task in worker.processing) for address, worker in workers.items()},
        tuple(address for address, worker in workers.items() if worker.resources.get(GPU)),
    )
