"""The one place for work that takes long: a bounded line, served in order, that visitors can watch and leave.

It has three lanes, for what computes, what is fetched and what is looked up: who waits for a network keeps no processor
from those who compute, and a question to a server does not wait for hours of somebody's download.

Work is a function that is given ``report`` and calls it often:

    def work(report):
        for step in range(steps):
            ...
            report(step / steps, "step 3 of 10", snapshot)
        return result

``report`` is also how work is stopped: it raises ``Stopped`` once the job was cancelled, ran out of time,
or has not been looked at for a while. Each job has a thread only while it runs.
"""

import itertools
import logging
import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache
from typing import Any

from embeddings.errors import LabError, LineFull

# The lanes; the last two wait for a network and hardly compute.
HEAVY, FETCHING, LOOKING = "heavy", "fetching", "looking"
AT_ONCE = 2  # jobs of one lane that run side by side on a server
MAX_LINE = 64  # jobs that wait in one lane
MAX_FOR_OWNER = 2  # jobs of one owner in one lane, waiting and running
MAX_ANSWERS = 32  # finished results kept for others who ask for the same

_FAILED = "Something went wrong while computing this. The server's log has the details."

_log = logging.getLogger(__name__)

Report = Callable[..., None]
Work = Callable[[Report], Any]


@dataclass(frozen=True)
class Kind:
    """A kind of work and its limits.

    Attributes:
        name: What it is called in messages.
        seconds: Time-out, counted from the start of the run.
        alone: Whether nothing else may run beside it, in any lane.
        lane: Where it waits and runs: ``HEAVY``, ``FETCHING`` or ``LOOKING``.
        unwatched_seconds: How long it goes on when nobody looks.
    """

    name: str
    seconds: float
    alone: bool = False
    lane: str = HEAVY
    unwatched_seconds: float = 90


# The reader is asked before a map that takes over a minute, and who leaves its page does not want it any more.
PROJECTION = Kind("map", seconds=900, unwatched_seconds=10)
EVALUATION = Kind("report card", seconds=900)
DOWNLOAD = Kind("download", seconds=7_200, lane=FETCHING)
LOOK_UP = Kind("look-up", seconds=300, lane=LOOKING)
READING = Kind("reading", seconds=300)
TRAINING = Kind("training", seconds=1_800, unwatched_seconds=10)  # who leaves its page does not want it any more
TIMING = Kind("timing", seconds=300, alone=True)  # anything beside it would falsify it


class Stopped(Exception):
    """Raised inside work, by ``report``, to end it."""


class Job:
    """One piece of work, seen from outside. Made by ``JobLine.submit`` alone.

    Attributes:
        owner: Whose it is.
        kind: Its limits.
        key: What was asked for; equal keys have equal answers.
        private: Whether the answer is the owner's alone, and not kept for others.
        state: "waiting", "running", "done", "failed" or "stopped".
        fraction: How far it is, 0 to 1.
        words: What it is doing, or why it ended.
        snapshot: The latest thing that the work handed out.
        result: What the work returned, once done.
        error: What it raised, once failed.
        seconds: How long it has run, or ran.
    """

    def __init__(self, line: "JobLine", owner: str, kind: Kind, work: Work | None, key: Hashable, private: bool):
        self.owner, self.kind, self.key, self.private = owner, kind, key, private
        self.state = "waiting"
        self.fraction = 0.0
        self.words = ""
        self.snapshot: Any = None
        self.result: Any = None
        self.error: BaseException | None = None
        self._line, self._work = line, work
        self._stop_reason: str | None = None
        self._ended = threading.Event()
        self._clock = line.clock
        self._seen = self._clock()
        self._started: float | None = None
        self._finished: float | None = None

    @property
    def active(self) -> bool:
        """Whether it waits or runs."""
        return not self._ended.is_set()

    @property
    def place(self) -> int:
        """Its place in its lane: 1 is next; 0 when it does not wait."""
        return self._line.place(self)

    @property
    def seconds(self) -> float:
        if self._started is None:
            return 0.0
        return (self._clock() if self._finished is None else self._finished) - self._started

    def look(self) -> "Job":
        """Say that somebody is watching; a job that nobody looks at is stopped."""
        self._seen = self._clock()
        self._line.serve()
        return self

    def cancel(self, reason: str = "Stopped.") -> None:
        """Ask it to end: at once if it waits, at its next ``report`` if it runs."""
        self._line.cancel(self, reason)

    def wait(self, seconds: float) -> bool:
        """Block until it has ended, or ``seconds`` have passed; whether it has ended."""
        return self._ended.wait(seconds)

    def _stop_if_due(self) -> None:
        """Raise ``Stopped`` once the job was cancelled, ran out of time, or has not been looked at for a while."""
        now = self._clock()
        if self._stop_reason is None and now - self._started > self.kind.seconds:
            self._stop_reason = f"Stopped after {self.kind.seconds:.0f} s, the longest a {self.kind.name} may take."
        if self._stop_reason is None and now - self._seen > self.kind.unwatched_seconds:
            self._stop_reason = "Stopped: nobody was watching."
        if self._stop_reason is not None:
            raise Stopped(self._stop_reason)

    def _report(self, fraction: float, words: str = "", snapshot: Any = None) -> None:
        self._stop_if_due()
        if not math.isnan(fraction):
            self.fraction = min(max(float(fraction), 0.0), 1.0)
        self.words = words
        if snapshot is not None:
            self.snapshot = snapshot
        self._line.serve()  # lets a waiting job that nobody watches leave the line

    def _end(self, state: str, words: str = "") -> None:
        self.state, self.words = state, words
        self._finished = self._clock()
        self._work = None  # releases what it closed over
        self._ended.set()


class JobLine:
    """Jobs in the order they came; at most ``at_once`` of a lane run, and those that must be alone run alone.

    First come, first served in each lane: a short job behind a long one waits, so that no one is overtaken for ever.
    What must be alone waits for all lanes, and nothing is fetched or looked up meanwhile before it; but as long as it
    waits for a network, those who compute go ahead, as a download may take hours.
    """

    def __init__(self, at_once: int = AT_ONCE, clock: Callable[[], float] = time.monotonic):
        self.at_once, self.clock = at_once, clock
        self._lock = threading.RLock()
        self._waiting: deque[Job] = deque()
        self._running: list[Job] = []
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()
        self._numbers = itertools.count(1)
        self._closed = False

    def submit(self, owner: str, work: Work, kind: Kind, key: Hashable = None, private: bool = False) -> Job:
        """Put ``work`` in line for ``owner`` and return at once.

        Args:
            owner: Who asks; ``release`` takes the same name.
            work: A function of ``report``; see the module's text.
            kind: Its limits.
            key: If given, an equal key that was answered lately is answered again without work.
            private: Whether neither key nor answer is kept: for what a visitor typed or brought.

        Raises:
            LineFull: The line, or the owner's share of it, is full, or the line is closed.
        """
        with self._lock:
            job = Job(self, owner, kind, work, key, private)
            if key is not None and not private and key in self._answers:
                self._answers.move_to_end(key)
                job.result, job.fraction = self._answers[key], 1.0
                job._end("done")
                return job
            if self._closed:
                raise LineFull("The server is stopping. Please reload the page in a minute.")
            self._drop_unwatched()
            # One that was told to stop gives its place back in a moment, and does not count against its owner.
            mine = sum(
                other.owner == owner and other._stop_reason is None
                for other in (*self._waiting, *self._running)
                if other.kind.lane == kind.lane
            )
            if mine >= MAX_FOR_OWNER:
                raise LineFull(f"You have {mine} things under way already. Wait for one, or stop it.")
            if sum(other.kind.lane == kind.lane for other in self._waiting) >= MAX_LINE:
                raise LineFull(f"{MAX_LINE} people are waiting already. Please try again in a minute.")
            self._waiting.append(job)
            self.serve()
            return job

    def cancel(self, job: Job, reason: str) -> None:
        """End ``job``, whatever it is doing; nothing happens if it has ended."""
        with self._lock:
            if job in self._waiting:
                self._waiting.remove(job)
                job._end("stopped", reason)
            elif job in self._running:
                job._stop_reason = reason
            self.serve()

    def release(self, owner: str) -> None:
        """End all jobs of ``owner``, who has left."""
        with self._lock:
            for job in (*self._waiting, *self._running):
                if job.owner == owner:
                    self.cancel(job, "Stopped: the page was closed.")

    def close(self, seconds: float = 5) -> bool:
        """End all jobs and take no more; whether all had ended within ``seconds``."""
        with self._lock:
            self._closed = True
            jobs = [*self._waiting, *self._running]
            for job in jobs:
                self.cancel(job, "Stopped: the server is stopping.")
        end = time.monotonic() + seconds
        return all(job.wait(max(0, end - time.monotonic())) for job in jobs)

    def place(self, job: Job) -> int:
        """The place of ``job`` among those of its lane and those to be alone: 1 is next; 0 if it does not wait."""
        with self._lock:
            same = [other for other in self._waiting if other.kind.alone or other.kind.lane == job.kind.lane]
            return same.index(job) + 1 if job in same else 0

    def serve(self) -> None:
        """Start whatever may start."""
        with self._lock:
            self._drop_unwatched()
            while job := self._next():
                self._waiting.remove(job)
                job.state, job._started = "running", self.clock()
                self._running.append(job)
                name = f"job-{next(self._numbers)}-{job.kind.name}"
                try:
                    threading.Thread(target=self._run, args=(job,), name=name, daemon=True).start()
                except RuntimeError:  # the system has no thread left to give
                    _log.exception("A %s job could not start", job.kind.name)
                    self._running.remove(job)
                    job._end("failed", "The server is too busy to start this. Please try again in a minute.")

    def _next(self) -> Job | None:
        """The first that may start, without overtaking another of its lane."""
        held_up = set()  # lanes in which nobody may start
        for job in self._waiting:
            if job.kind.lane not in held_up and self._may_start(job):
                return job
            held_up |= self._lanes_behind_alone() if job.kind.alone else {job.kind.lane}
        return None

    def _lanes_behind_alone(self) -> set[str]:
        """Those in which nobody overtakes what waits to be alone: all, or the network's while it waits for that."""
        on_the_network = any(job.kind.lane != HEAVY for job in self._running)
        return {FETCHING, LOOKING} if on_the_network else {HEAVY, FETCHING, LOOKING}

    def _may_start(self, job: Job) -> bool:
        if job.kind.alone:
            return not self._running
        if any(other.kind.alone for other in self._running):
            return False
        return sum(other.kind.lane == job.kind.lane for other in self._running) < self.at_once

    def _drop_unwatched(self) -> None:
        now = self.clock()
        for job in [job for job in self._waiting if now - job._seen > job.kind.unwatched_seconds]:
            self._waiting.remove(job)
            job._end("stopped", "Stopped: nobody was watching.")

    def _run(self, job: Job) -> None:
        state, words = "failed", _FAILED
        try:
            job.result = job._work(job._report)
            job._stop_if_due()  # cancelled or out of time is so, even where the work was silent
            job.fraction, state, words = 1.0, "done", ""
        except Stopped as stopped:
            state, words = "stopped", str(stopped)
        except LabError as error:
            job.error, words = _bare(error), str(error)
        except BaseException as error:  # even SystemExit must give the place back
            _log.exception("A %s job failed", job.kind.name)
            job.error = _bare(error)
        finally:
            self._finish(job, state, words)

    def _finish(self, job: Job, state: str, words: str) -> None:
        with self._lock:
            self._running.remove(job)
            if state == "done" and job.key is not None and not job.private:
                self._answers[job.key] = job.result
                while len(self._answers) > MAX_ANSWERS:
                    self._answers.popitem(last=False)
            job._end(state, words)
            self.serve()


def _bare(error: BaseException) -> BaseException:
    """``error`` without the frames it went through, which hold on to whatever the work had in its hands."""
    error.__traceback__ = error.__context__ = error.__cause__ = None
    return error


_one_line = threading.Lock()


@cache
def _shared_line() -> JobLine:
    return JobLine()


def line() -> JobLine:
    """The process's own line, shared by all visitors."""
    with _one_line:  # functools.cache may call twice when two ask at once
        return _shared_line()


def submit(owner: str, work: Work, kind: Kind, key: Hashable = None, private: bool = False) -> Job:
    """``line().submit(...)``: put heavy work in the process's line."""
    return line().submit(owner, work, kind, key, private)
