"""In-process FIFO job queue with progress, cancellation, time-outs and limits per owner.

It has three pools, for what computes, what is fetched and what is looked up: who waits for a network keeps no processor
from those who compute, and a question to a server does not wait for hours of somebody's download.

Work is a function that is given ``report`` and calls it often:

    def work(report):
        for step in range(steps):
            ...
            report(step / steps, "step 3 of 10", snapshot)
        return result

``report`` is also how work is stopped: it raises ``Stopped`` once the job was cancelled, ran out of time,
or has not been looked at for a while. And it is how work is paused: it returns when the job has a place again. A job
that is paused gives its place to the next in line, and waits in line anew when it is to go on; its thread sleeps
meanwhile. Each job has a thread only from its start to its end.

Owners may belong to a group, as the visitors of one address do. Groups take turns, so that one with many jobs in line
keeps none of another waiting for all of them; within a group it is first come, first served. Nor does one that runs for
long: where another group has waited, a job that can be paused gives its place back after ``TURN`` seconds and goes on
when its turn comes again. Where one group has all places, another may use one more.
"""

import heapq
import itertools
import logging
import math
import statistics
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

from embeddings.common import LabError, ProgressCallback, QueueFull, held_bytes, make_way

# The pools; the last two wait for a network and hardly compute.
COMPUTE_POOL, DOWNLOAD_POOL, LOOKUP_POOL = "heavy", "fetching", "looking"
MAX_RUNNING = 2  # jobs of one pool that run side by side on a server
MAX_QUEUED = 256  # jobs that wait in one pool
RESERVED_FOR_NEW_GROUPS = 64  # of their places: for the first job of each group that has none in the pool
MAX_PER_OWNER = 2  # jobs of one owner in one pool, waiting and running
RESULT_CACHE_SIZE = 32  # finished results kept for others who ask for the same
RESULT_CACHE_BYTES = 128_000_000  # of them all together; a result as large as that is not kept
KEPT_PLACES = 1  # beside those, for another group where all that runs in the pool is of one
MAX_PAUSED = 6  # jobs of all visitors that are paused or wait to go on; each holds what it has in memory
MAX_PAUSED_OF_GROUP = 4
TURN = 20  # seconds after which a job that can be paused makes way for another group that waits
MAX_GIVEN_WAY = 6  # jobs that have begun and wait for their next turn; each holds what it has in memory
MAX_PAUSE_SECONDS = 1_200  # seconds
PAUSED_IDLE_TIMEOUT = 90  # seconds at least; a tab that is hidden for some minutes looks but once a minute
REST = 9.0  # for so many times as long as it has worked a job rests while others need the processor
MAX_REST = 2.0  # seconds at once
_REST_LOOK = 0.01  # seconds between two looks at whether they still do
_PAUSED_LOOK = 1.0  # seconds between two looks at whether a paused job should end
_TELLING = 0.05  # of the work: once that is done, the time it took foretells the rest
_KEPT_TIMES = 9  # of finished jobs of a kind, by which the next ones are foretold

_UNWATCHED = "Stopped: nobody was watching."
_ACTIVE = ("waiting", "running", "paused")
_FAILED = "Something went wrong while computing this. The server's log has the details."

_log = logging.getLogger(__name__)

Work = Callable[[ProgressCallback], Any]


@dataclass(frozen=True)
class JobKind:
    """A kind of work and its limits.

    Attributes:
        name: What a visitor calls one of it, in messages.
        seconds: Time-out, counted from the start of the run.
        exclusive: Whether nothing else may run beside it, in any pool.
        pool: Where it waits and runs: ``COMPUTE_POOL``, ``DOWNLOAD_POOL`` or ``LOOKUP_POOL``.
        idle_timeout: How long it goes on when nobody looks.
        pausable: Whether it may be paused, or made to wait for its next turn: it must hold nothing at its reports that
            others wait for.
        rests: Whether it rests most of the time while others need the processor; as above, it must hold nothing then.
        plural: What a visitor calls several of it; "" for the name and an s.
    """

    name: str
    seconds: float
    exclusive: bool = False
    pool: str = COMPUTE_POOL
    idle_timeout: float = 90
    pausable: bool = False
    rests: bool = False
    plural: str = ""

    def count_of(self, count: int) -> str:
        """So many of it, in words.

        >>> TIMING.count_of(1), TIMING.count_of(2), TRAINING.count_of(2)
        ('a measurement of times', '2 measurements of times', '2 trainings')
        """
        return f"a {self.name}" if count == 1 else f"{count} {self.plural or self.name + 's'}"


# Who leaves the page of a map or of a training does not want it any more.
PROJECTION = JobKind("map", seconds=900, idle_timeout=10, rests=True)
EVALUATION = JobKind("report card", seconds=900)
DOWNLOAD = JobKind("download", seconds=7_200, pool=DOWNLOAD_POOL)
LOOK_UP = JobKind("search for a model", seconds=60, pool=LOOKUP_POOL, plural="searches for a model")
READING = JobKind("short computation", seconds=300)  # or a file that is read
TRAINING = JobKind("training", seconds=1_800, idle_timeout=10, pausable=True, rests=True)
# Anything beside it would falsify it.
TIMING = JobKind("measurement of times", seconds=300, exclusive=True, plural="measurements of times")


class Stopped(Exception):
    """Raised inside work, by ``report``, to end it."""


@dataclass(frozen=True, eq=False)
class Seen:
    """A job as it was at one moment: what is drawn of it agrees with itself, whatever the job does meanwhile.

    Attributes:
        kind: See ``Job``, as for the others down to ``paused``.
        key: What was asked for.
        state: How it stands.
        fraction: How far it is.
        message: What it is doing, or why it ended.
        snapshot: The latest thing that the work handed out.
        result: What the work returned, once done.
        seconds: How long it has run.
        paused: Whether it is to stand still.
        position: Its place in line, 0 when it does not wait.
        ahead: Kinds of those that it waits for: those that run, then those before it in line.
        wait: About how many seconds until its turn comes; ``None`` where nothing tells, or it does not wait.
        pause_left: Seconds until its pause ends it; ``None`` when it is not paused.
        may_pause: Whether ``pause`` would do so.
    """

    kind: JobKind
    key: Hashable
    state: str
    fraction: float
    message: str
    snapshot: Any
    result: Any
    seconds: float
    paused: bool
    position: int
    ahead: tuple[JobKind, ...]
    wait: float | None
    pause_left: float | None
    may_pause: bool

    @property
    def active(self) -> bool:
        """Whether it waits, runs or is paused."""
        return self.state in _ACTIVE


class Job:
    """One piece of work, seen from outside. Made by ``JobQueue.submit`` alone.

    Attributes:
        owner: Whose it is.
        group: What the owner belongs to; those of one group share its turns in line.
        kind: Its limits.
        key: What was asked for; equal keys have equal answers.
        private: Whether the answer is the owner's alone, and not kept for others.
        state: "waiting", "running", "paused", "done", "failed" or "stopped"; one that is to go on, or has made way for
            others, waits again.
        fraction: How far it is, 0 to 1.
        message: What it is doing, or why it ended.
        snapshot: The latest thing that the work handed out.
        result: What the work returned, once done.
        error: What it raised, once failed.
        paused: Whether it is to stand still, from its next report on.
        on_aside: Called before it stands still at a report, by its own thread; for a backend whose work would go on.
        seconds: How long it has run, or ran, without its pauses.
    """

    def __init__(
        self, queue: "JobQueue", owner: str, kind: JobKind, work: Work, key: Hashable, private: bool, group: str
    ):
        self.owner, self.group, self.kind, self.key, self.private = owner, group, kind, key, private
        self.state = "waiting"
        self.fraction = 0.0
        self.message = ""
        self.snapshot: Any = None
        self.result: Any = None
        self.error: BaseException | None = None
        self.paused = False
        self.on_aside: Callable[[], object] | None = None
        self._queue = queue
        self._work: Work | None = work
        self._stop_reason: str | None = None
        self._ended = threading.Event()
        self._clock = queue.clock
        self._seen = self._clock()
        self._started: float | None = None
        self._finished: float | None = None
        self._aside = 0.0  # seconds without a place since its start, but for those since ...
        self._aside_since: float | None = None
        self._rested = 0.0  # seconds
        self._gave_way = False  # and waits for its next turn
        self._turn_began = 0.0

    @property
    def active(self) -> bool:
        """Whether it waits, runs or is paused."""
        return not self._ended.is_set()

    @property
    def position(self) -> int:
        """Its place in its pool: 1 is next; 0 when it does not wait."""
        return self._queue.position(self)

    @property
    def seconds(self) -> float:
        with self._queue.lock:
            if self._started is None:
                return 0.0
            now = self._clock() if self._finished is None else self._finished
            return now - self._started - self._aside - (0.0 if self._aside_since is None else now - self._aside_since)

    def keep_alive(self) -> "Job":
        """Say that somebody is watching; a job that nobody looks at is stopped."""
        self._seen = self._clock()
        self._queue.dispatch()
        return self

    def seen(self) -> Seen:
        """How it stands now."""
        return self._queue.seen(self)

    def cancel(self, reason: str = "Stopped.") -> None:
        """Ask it to end: at once if it waits or is paused, at its next ``report`` if it runs."""
        self._queue.cancel(self, reason)

    def pause(self) -> bool:
        """Have it stand still from its next ``report`` on, and give its place to others; whether it will.

        It will not unless it runs and its kind may be paused, nor where ``MAX_PAUSED`` are paused already, or
        ``MAX_PAUSED_OF_GROUP`` of its group. After ``MAX_PAUSE_SECONDS`` it ends, or after ``PAUSED_IDLE_TIMEOUT`` in
        which nobody looks.
        """
        return self._queue.pause(self)

    def resume(self) -> None:
        """Have it go on after a pause, as soon as there is a place: those who wait already come first."""
        self._queue.resume(self)

    def wait(self, seconds: float) -> bool:
        """Block until it has ended, or ``seconds`` have passed; whether it has ended."""
        return self._ended.wait(seconds)

    def _stop_if_due(self) -> None:
        """Raise ``Stopped`` once the job was cancelled, ran out of time, or has not been looked at for a while."""
        now = self._clock()
        if self._stop_reason is None and self.seconds - self._rested > self.kind.seconds:
            self._stop_reason = f"Stopped after {self.kind.seconds:.0f} s, the longest a {self.kind.name} may take."
        if self._stop_reason is None and now - self._seen > self.kind.idle_timeout:
            self._stop_reason = _UNWATCHED
        if self._stop_reason is not None:
            raise Stopped(self._stop_reason)

    def report(self, fraction: float, message: str = "", snapshot: Any = None, /) -> None:
        """What the work is given as its ``report``; see the module's text."""
        self._stop_if_due()
        if not math.isnan(fraction):
            self.fraction = min(max(float(fraction), 0.0), 1.0)
        self.message = message
        if snapshot is not None:
            self.snapshot = snapshot
        self._queue.dispatch()  # lets a waiting job that nobody watches leave the line
        self._queue.stand_aside(self)
        self._stop_if_due()

    def rest(self, seconds: float, needed: Callable[[], bool]) -> None:
        """Sleep for ``seconds``, on the job's own thread, but no longer than ``needed()`` holds.

        A rest is no part of the time after which the job is stopped.
        """
        began = self._clock()
        until = time.monotonic() + min(seconds, MAX_REST)
        while self._stop_reason is None and time.monotonic() < until and needed():
            time.sleep(_REST_LOOK)
        self._rested += self._clock() - began
        self._stop_if_due()

    def _end(self, state: str, message: str = "") -> None:
        self.state, self.message = state, message
        self._finished = self._clock()
        self._work = None  # releases what it closed over
        self._ended.set()


class JobBackend(Protocol):
    """Makes the work of a job that may start, on the job's own thread, and calls its ``report`` meanwhile."""

    @property
    def has_gpu(self) -> bool:
        """Whether what must run alone is made on another machine with a GPU."""

    def __call__(self, work: Work, job: Job, /) -> Any: ...


@dataclass(frozen=True)
class InProcess:
    """The usual backend: the work is made in this process, behind what answers visitors.

    Attributes:
        has_gpu: As of any backend.
        crowded: Whether visitors wait for one another, and so work is to rest most of the time. Threads of one process
            take turns in its interpreter, whatever their niceness: beside a class, two trainings would have half of it.
    """

    has_gpu: bool = False
    crowded: Callable[[], bool] | None = None

    def __call__(self, work: Work, job: Job, /) -> Any:
        """What ``work`` gives."""
        if job.kind.exclusive:  # a measurement runs alone, as everything else would
            return work(job.report)
        make_way()
        if self.crowded is None or not job.kind.rests:
            return work(job.report)
        return work(_resting(job, self.crowded))


def _resting(job: Job, crowded: Callable[[], bool]) -> ProgressCallback:
    """``job.report``, and a rest after it while it is ``crowded()``; who waits for another process has no work."""
    worked_from = time.thread_time()

    def report(fraction: float, message: str = "", snapshot: Any = None, /) -> None:
        nonlocal worked_from
        worked = time.thread_time() - worked_from
        job.report(fraction, message, snapshot)
        job.rest(REST * worked, crowded)
        worked_from = time.thread_time()

    return report


class JobQueue:
    """Jobs in the order of their turns; at most ``max_running`` of a pool run, and those that must be alone run alone.

    ``KEPT_PLACES`` more run for another group where one has all places. Groups take turns in each pool, and within one
    it is first come, first served: a short job behind a long one waits, so that no one is overtaken for ever. What must
    be alone waits for all pools, and nothing is fetched or looked up meanwhile before it; but as long as it waits for a
    network, those who compute go ahead, as a download may take hours. What is paused has no place: anything may run
    beside it. ``backend`` makes the work of a job that may start, and calls the job's ``report`` meanwhile.
    """

    def __init__(
        self,
        max_running: int = MAX_RUNNING,
        clock: Callable[[], float] = time.monotonic,
        backend: JobBackend | None = None,
    ):
        self.max_running, self.clock, self.backend = max_running, clock, backend or InProcess()
        self.lock = threading.RLock()
        self._changed = threading.Condition(self.lock)  # for the threads of those that were paused
        self._waiting: deque[Job] = deque()
        self._running: list[Job] = []
        self._answers: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()  # results and the bytes they hold
        self._paused: list[Job] = []
        self._times: dict[str, deque[float]] = {}  # seconds that the latest of each kind took, by its name
        self._numbers = itertools.count(1)
        self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="starter-of-jobs")
        self._closed = False

    def submit(
        self,
        owner: str,
        work: Work,
        kind: JobKind,
        key: Hashable = None,
        private: bool = False,
        replaces: Job | None = None,
        group: str = "",
    ) -> Job:
        """Put ``work`` in line for ``owner`` and return at once.

        Args:
            owner: Who asks; ``release`` takes the same name.
            work: A function of ``report``; see the module's text.
            kind: Its limits.
            key: If given, an equal key that was answered lately is answered again without work.
            private: Whether neither key nor answer is kept: for what a visitor typed or brought.
            replaces: A job of the owner's whose place in the line and share this one takes; it is ended once this one
                is taken.
            group: What ``owner`` belongs to; the groups take turns.

        Raises:
            QueueFull: The line, or the owner's share of it, is full, or the line is closed; all stays as it was.
        """
        with self.lock:
            job = Job(self, owner, kind, work, key, private, group)
            if key is not None and not private and key in self._answers:
                self._answers.move_to_end(key)
                (job.result, _), job.fraction = self._answers[key], 1.0
                job._end("done")
                self._give_up(replaces)
                return job
            if self._closed:
                raise QueueFull("The server is stopping. Please reload the page in a minute.")
            self._drop_overdue()
            # One that was told to stop gives its place back in a moment, and does not count against its owner.
            mine = sum(
                other.owner == owner and other._stop_reason is None
                for other in self._all()
                if other.kind.pool == kind.pool and other is not replaces
            )
            if mine >= MAX_PER_OWNER:
                raise QueueFull(f"You have {mine} things under way already. Wait for one, or stop it.")
            waiting = sum(other.kind.pool == kind.pool and other is not replaces for other in self._waiting)
            if waiting >= (MAX_QUEUED - RESERVED_FOR_NEW_GROUPS if self._has_any(group, kind.pool) else MAX_QUEUED):
                raise QueueFull(f"{waiting} people are waiting already. Please try again in a minute.")
            self._enqueue(job)
            self._give_up(replaces)
            self.dispatch()
            return job

    def _give_up(self, job: Job | None) -> None:
        if job is not None:
            self.cancel(job, "Not needed any more.")

    def _has_any(self, group: str, pool: str) -> bool:
        return any(other.group == group and other.kind.pool == pool for other in self._all())

    def _enqueue(self, job: Job) -> None:
        """Put ``job`` before the first of its pool whose group has more jobs ahead of that one than its own has."""
        pool = job.kind.pool
        # One that has made way comes before those of its group that have not begun, and so few hold memory.
        before = [other for other in self._waiting if other._started is not None or not job._gave_way]
        mine = sum(other.group == job.group and other.kind.pool == pool for other in (*self._running, *before))
        ahead = Counter(other.group for other in self._running if other.kind.pool == pool)
        for position, other in enumerate(self._waiting):
            if other.kind.pool == pool:
                overtaken = job._gave_way and other.group == job.group and other._started is None
                if overtaken or ahead[other.group] > mine:
                    self._waiting.insert(position, job)
                    return
                ahead[other.group] += 1
        self._waiting.append(job)

    def cancel(self, job: Job, reason: str) -> None:
        """End ``job``, whatever it is doing; nothing happens if it has ended."""
        with self.lock:
            self._end(job, reason)
            self.dispatch()

    def pause(self, job: Job) -> bool:
        """See ``Job.pause``."""
        with self.lock:
            job.paused = job.paused or self._may_pause(job)
            return job.paused

    def resume(self, job: Job) -> None:
        """See ``Job.go_on``."""
        with self.lock:
            job.paused, job._seen = False, self.clock()
            if job in self._paused and job._stop_reason is None:
                self._paused.remove(job)
                self._enqueue(job)
                job.state = "waiting"
                self.dispatch()

    def stand_aside(self, job: Job) -> None:
        """Give the place of ``job`` to others until it has one again or must end; on its own thread.

        Nothing happens unless it is held, or its turn is over and another group waits.
        """
        with self.lock:
            if job._stop_reason is not None or not (job.paused or self._makes_way(job)):
                return
            self._running.remove(job)
            job._aside_since = self.clock()
            if job.paused:
                self._paused.append(job)
                job.state = "paused"
            else:
                job._gave_way = True
                self._enqueue(job)
                job.state = "waiting"
            self.dispatch()
        if job.on_aside is not None:  # without the lock, as it may take a moment
            job.on_aside()
        with self.lock:
            while job.state != "running" and job._stop_reason is None:
                self._changed.wait(_PAUSED_LOOK)
                self.dispatch()

    def _makes_way(self, job: Job) -> bool:
        """Whether the turn of ``job``, which runs, is over, as the first in line is of a group that has less."""
        if self._turn_left(job) > 0 or sum(other._gave_way for other in self._waiting) >= MAX_GIVEN_WAY:
            return False
        return self._owes_its_place(job, self._first_in_line(job.kind.pool))

    def _turn_left(self, job: Job) -> float:
        return TURN - (self.clock() - job._turn_began)

    def _first_in_line(self, pool: str) -> Job | None:
        """The first that waits for the places of ``pool``; who is to be alone waits for the network first."""
        network = self._on_the_network()
        waiting = (job for job in self._waiting if (not network if job.kind.exclusive else job.kind.pool == pool))
        return next(waiting, None)

    def _owes_its_place(self, job: Job, first: Job | None) -> bool:
        """Whether ``job``, which runs, is to make way for ``first``, the first in line, once its turn is over."""
        if first is None or not job.kind.pausable:
            return False
        if first.kind.exclusive:  # all make way, be they of its own group: as long as it waits, nobody else starts
            return all(other.kind.pausable for other in self._running)
        running = Counter(other.group for other in self._running if other.kind.pool == job.kind.pool)
        return running[first.group] < running[job.group]

    def excuse(self, owner: str, seconds: float) -> None:
        """Take all jobs of ``owner``, whose connection was cut, for watched during the next ``seconds``."""
        with self.lock:
            self._drop_overdue()
            for job in self._all():
                if job.owner == owner:
                    job._seen = self.clock() + seconds

    def release(self, owner: str) -> None:
        """End all jobs of ``owner``, who has left."""
        with self.lock:
            for job in self._all():
                if job.owner == owner:
                    self.cancel(job, "Stopped: the page was closed.")

    def close(self, seconds: float = 5) -> bool:
        """End all jobs and take no more; whether all had ended within ``seconds``."""
        with self.lock:
            self._closed = True
            jobs = self._all()
            for job in jobs:
                self.cancel(job, "Stopped: the server is stopping.")
        if jobs:
            _log.warning("The server is stopping: %s ended.", "1 job is" if len(jobs) == 1 else f"{len(jobs)} jobs are")
        end = time.monotonic() + seconds
        ended = all(job.wait(max(0, end - time.monotonic())) for job in jobs)
        self._starter.shutdown()
        return ended

    def seen(self, job: Job) -> Seen:
        """How ``job`` stands now."""
        with self.lock:
            waits = job in self._waiting
            return Seen(
                kind=job.kind,
                key=job.key,
                state=job.state,
                fraction=job.fraction,
                message=job.message,
                snapshot=job.snapshot,
                result=job.result,
                seconds=job.seconds,
                paused=job.paused,
                position=self.position(job),
                ahead=tuple(other.kind for other in self._ahead(job)) if waits else (),
                wait=self._wait(job) if waits else None,
                pause_left=MAX_PAUSE_SECONDS - self._seconds_aside(job) if job.state == "paused" else None,
                may_pause=self._may_pause(job),
            )

    def position(self, job: Job) -> int:
        """The place of ``job`` among those of its pool and those to be alone: 1 is next; 0 if it does not wait."""
        with self.lock:
            return len(self._before(job)) + 1 if job in self._waiting else 0

    def dispatch(self) -> None:
        """Start whatever may start."""
        with self.lock:
            self._drop_overdue()
            while job := self._next():
                self._waiting.remove(job)
                self._running.append(job)
                job.state, job._turn_began, job._gave_way = "running", self.clock(), False
                if job._started is not None:  # it was paused, and its thread sleeps
                    job._aside, job._aside_since = job._aside + self._seconds_aside(job), None
                    self._changed.notify_all()
                    continue
                job._started = self.clock()
                name = f"job-{next(self._numbers)}-{job.kind.name}"
                thread = threading.Thread(target=self._run, args=(job,), name=name, daemon=True)
                try:
                    self._starter.submit(thread.start).result()  # a thread inherits the niceness of who starts it
                except RuntimeError:  # the system has no thread left to give
                    _log.exception("A %s job could not start", job.kind.name)
                    self._running.remove(job)
                    job._end("failed", "The server is too busy to start this. Please try again in a minute.")

    def _next(self) -> Job | None:
        """The first that may start, without overtaking another of its pool."""
        held_up = set()  # pools in which nobody may start
        for job in self._waiting:
            if job.kind.pool not in held_up and self._may_start(job):
                return job
            held_up |= self._pools_behind_exclusive() if job.kind.exclusive else {job.kind.pool}
        return None

    def _pools_behind_exclusive(self) -> set[str]:
        """Those in which nobody overtakes what waits to be alone: all, or the network's while it waits for that."""
        return {DOWNLOAD_POOL, LOOKUP_POOL} if self._on_the_network() else {COMPUTE_POOL, DOWNLOAD_POOL, LOOKUP_POOL}

    def _on_the_network(self) -> bool:
        return any(job.kind.pool != COMPUTE_POOL for job in self._running)

    def _may_start(self, job: Job) -> bool:
        if job.kind.exclusive:
            return not self._running
        if any(other.kind.exclusive for other in self._running):
            return False
        groups = [other.group for other in self._running if other.kind.pool == job.kind.pool]
        one_has_all = len(set(groups)) == 1 and job.group not in groups
        return len(groups) < self.max_running + KEPT_PLACES * one_has_all

    def _all(self) -> tuple[Job, ...]:
        return (*self._waiting, *self._running, *self._paused)

    def _may_pause(self, job: Job) -> bool:
        paused = [
            other for other in self._all() if other.paused or (other._aside_since is not None and not other._gave_way)
        ]
        few = len(paused) < MAX_PAUSED and sum(other.group == job.group for other in paused) < MAX_PAUSED_OF_GROUP
        return few and job.kind.pausable and job in self._running and job._stop_reason is None

    def _before(self, job: Job) -> list[Job]:
        """Those in line before ``job``, which waits, that it may not overtake."""
        earlier = itertools.takewhile(lambda other: other is not job, self._waiting)
        return [other for other in earlier if other.kind.exclusive or other.kind.pool == job.kind.pool]

    def _ahead(self, job: Job) -> list[Job]:
        """All that ``job``, which waits, waits for: those that run, then those before it in line."""
        behind = job.kind.exclusive or job.kind.pool in self._pools_behind_exclusive()
        before = [other for other in self._before(job) if behind or not other.kind.exclusive]
        for_all = any(other.kind.exclusive for other in (*before, job))
        return [
            other for other in self._running if for_all or other.kind.exclusive or other.kind.pool == job.kind.pool
        ] + before

    def _wait(self, job: Job) -> float | None:
        """About how many seconds until the turn of ``job``, which waits; ``None`` where nothing tells."""
        ahead = self._ahead(job)
        left: dict[Job, float] = {}
        for other in ahead:
            seconds = self._seconds_in_the_way(other, job)
            if seconds is None:
                return None
            left[other] = seconds
        free = [0.0] * self.max_running  # when each place of its pool is free
        last = exclusive = 0.0  # when all before have ended, and when the latest has that had to be alone
        for other in (*ahead, job):
            running = other in self._running
            start = 0.0 if running else last if other.kind.exclusive else max(free[0], exclusive)
            if other is job:
                return start
            end = start + left[other]
            last = max(last, end)
            if other.kind.exclusive:
                exclusive = max(exclusive, end)
            elif other.kind.pool == job.kind.pool:
                heapq.heapreplace(free, end)
        raise AssertionError("unreachable: the job itself comes last")

    def _seconds_in_the_way(self, other: Job, job: Job) -> float | None:
        """About how long ``other``, which comes before ``job``, keeps its place."""
        seconds = self._seconds_left(other)
        if other in self._running and self._owes_its_place(other, job) and self._first_in_line(job.kind.pool) is job:
            turn = max(0.0, self._turn_left(other))
            return turn if seconds is None else min(seconds, turn)
        return seconds

    def _seconds_aside(self, job: Job) -> float:
        """How long ``job`` has been paused, or has waited to go on; 0 where it is neither."""
        return 0.0 if job._aside_since is None else self.clock() - job._aside_since

    def _seconds_left(self, job: Job) -> float | None:
        """About how long ``job`` still runs, or will: by how far it is, or by what its kind took lately."""
        if job._stop_reason is not None:
            return 0.0
        ran, times = job.seconds, self._times.get(job.kind.name)
        if job.fraction >= _TELLING:
            left = ran * (1 - job.fraction) / job.fraction
        elif times and statistics.median(times) > ran:
            left = statistics.median(times) - ran
        else:
            return None
        return min(left, max(job.kind.seconds - ran, 0.0))

    def _drop_overdue(self) -> None:
        """End those that wait or are paused and that nobody watches, and those that are paused for too long."""
        now = self.clock()
        for job in (*self._waiting, *self._paused):
            longest = job.kind.idle_timeout
            if now - job._seen > (max(longest, PAUSED_IDLE_TIMEOUT) if job.state == "paused" else longest):
                self._end(job, _UNWATCHED)
            elif job.state == "paused" and self._seconds_aside(job) > MAX_PAUSE_SECONDS:
                self._end(job, f"Stopped: it was paused for {MAX_PAUSE_SECONDS / 60:.0f} minutes.")

    def _end(self, job: Job, reason: str) -> None:
        """End ``job``: here if it has not begun, else on its own thread, whose next report raises ``Stopped``."""
        if job in self._waiting and job._started is None:
            self._waiting.remove(job)
            job._end("stopped", reason)
        elif job.active and job._stop_reason is None:
            job._stop_reason = reason
            if job in self._waiting:  # it was to go on; those behind it move up
                self._waiting.remove(job)
                self._paused.append(job)
            self._changed.notify_all()

    def _run(self, job: Job) -> None:
        if not job.active:  # there was no thread for the starter, and so it was given up
            return
        state, message = "failed", _FAILED
        try:
            assert job._work is not None, "it is let go at the end alone"
            job.result = self.backend(job._work, job)
            job._stop_if_due()  # cancelled or out of time is so, even where the work was silent
            job.fraction, state, message = 1.0, "done", ""
        except Stopped as stopped:
            state, message = "stopped", str(stopped)
        except LabError as error:
            job.error, message = _without_traceback(error), str(error)
        except BaseException as error:  # even SystemExit must give the place back
            _log.exception("A %s job failed", job.kind.name)
            job.error = _without_traceback(error)
        finally:
            self._finish(job, state, message)

    def _finish(self, job: Job, state: str, message: str) -> None:
        kept = state == "done" and job.key is not None and not job.private
        size = held_bytes((job.key, job.result), RESULT_CACHE_BYTES) if kept else 0
        with self.lock:
            (self._running if job in self._running else self._paused).remove(job)
            if state == "done":
                self._times.setdefault(job.kind.name, deque(maxlen=_KEPT_TIMES)).append(job.seconds)
            if kept and size < RESULT_CACHE_BYTES:
                self._keep(job.key, job.result, size)
            job._end(state, message)
            self.dispatch()

    def _keep(self, key: Hashable, result: Any, size: int) -> None:
        """Keep an answer for others; those asked for longest ago make room."""
        self._answers.pop(key, None)
        self._answers[key] = result, size
        while (
            len(self._answers) > RESULT_CACHE_SIZE
            or sum(held for _, held in self._answers.values()) > RESULT_CACHE_BYTES
        ):
            self._answers.popitem(last=False)


def _without_traceback(error: BaseException) -> BaseException:
    """``error`` without the frames it went through, which hold on to whatever the work had in its hands."""
    error.__traceback__ = error.__context__ = error.__cause__ = None
    return error
