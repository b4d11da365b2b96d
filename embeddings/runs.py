"""A training that is watched: what it has shown so far, in bounded memory, and a gate that holds it for a while."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from embeddings.alignment import Frame
from embeddings.jobs import Report
from embeddings.snapshots import OnProgress, Snapshot

KEPT_BYTES = 32_000_000  # of the weights of all snapshots that are kept whole
LONGEST_PAUSE = 300  # seconds; others may wait for the place that a run holds
_LOOK = 0.05  # seconds between two looks at whether a run that is held should end

Train = Callable[[OnProgress], Iterator[Snapshot]]


@dataclass(frozen=True)
class Moment:
    """What is known of every snapshot, whether it is kept whole or not.

    Attributes:
        step: As in ``Snapshot``, like all others.
        fraction: See ``Snapshot``.
        loss: See ``Snapshot``.
        held_out_loss: See ``Snapshot``.
        words_per_second: See ``Snapshot``.
        seconds_left: See ``Snapshot``.
    """

    step: int
    fraction: float
    loss: float
    held_out_loss: float | None
    words_per_second: float
    seconds_left: float | None


@dataclass(frozen=True, eq=False)
class History:
    """A run up to now.

    Attributes:
        moments: One for each snapshot that there was, in order.
        snapshots: Those kept whole: the first, the latest, and as many between them as fit, evenly spaced.
    """

    moments: tuple[Moment, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    _every: int = 1  # of how many snapshots one is kept

    def then(self, snapshot: Snapshot, kept_bytes: int = KEPT_BYTES) -> "History":
        """The history with one more ``snapshot``; where all would take more than ``kept_bytes``, every second goes."""
        moment = Moment(
            snapshot.step,
            snapshot.fraction,
            snapshot.loss,
            snapshot.held_out_loss,
            snapshot.words_per_second,
            snapshot.seconds_left,
        )
        numbers = {kept.step: place for place, kept in enumerate(self.moments)}
        kept = [old for old in self.snapshots if numbers[old.step] % self._every == 0] + [snapshot]
        history = replace(self, moments=(*self.moments, moment), snapshots=tuple(kept))
        while len(kept) > 2 and len(kept) * bytes_of(snapshot) > kept_bytes:
            history = history._thinned(numbers | {snapshot.step: len(self.moments)})
            kept = history.snapshots
        return history

    def _thinned(self, numbers: dict[int, int]) -> "History":
        every = 2 * self._every
        kept = [old for old in self.snapshots if numbers[old.step] % every == 0 or old is self.snapshots[-1]]
        return replace(self, snapshots=tuple(kept), _every=every)


def bytes_of(snapshot: Snapshot) -> int:
    """Bytes of all the weights that ``snapshot`` holds, the table among them."""
    others = getattr(snapshot, "weights", None)
    if others is not None:  # of a language model; a tied head is counted where it was copied
        return sum(weight.nbytes for weight in others.values())
    return snapshot.W.nbytes + getattr(snapshot, "pieces", snapshot.W[:0]).nbytes


class Gate:
    """Lets a run pass, or holds it until it may go on. One thread trains, another opens and shuts."""

    def __init__(self, longest: float = LONGEST_PAUSE) -> None:
        self._open = threading.Event()
        self._open.set()
        self._longest = longest
        self._held = 0.0
        self._since: float | None = None

    @property
    def shut(self) -> bool:
        """Whether whoever comes is held."""
        return not self._open.is_set()

    @property
    def held(self) -> float:
        """Seconds for which somebody was held, up to now."""
        since = self._since
        return self._held + (0.0 if since is None else time.monotonic() - since)

    def pause(self) -> None:
        """Hold whoever comes."""
        self._open.clear()

    def go_on(self) -> None:
        """Let pass again."""
        self._open.set()

    def wait(self, still_wanted: Callable[[], None]) -> None:
        """Return at once if the gate is open, else when it opens, after five minutes at the latest.

        Args:
            still_wanted: Called often meanwhile; what it raises ends the waiting.
        """
        if self._open.is_set():
            return
        self._since = time.monotonic()
        try:
            for _ in range(round(self._longest / _LOOK)):
                still_wanted()
                if self._open.wait(_LOOK):
                    return
            self.go_on()
        finally:
            self._held, self._since = self.held, None


def watch(train: Train, report: Report, gate: Gate, kept_bytes: int = KEPT_BYTES) -> History:
    """Go through a training to its end, and report the history at each snapshot.

    Stopped by whatever ``report`` raises, at its next look, be it held or under way; nothing of it is left running.

    Args:
        train: Given a function of progress, begins the training.
        report: As work in a line of jobs is given it.
        gate: Holds the training while it is shut.
        kept_bytes: What the snapshots that are kept may take.
    """
    history = History()

    def on_progress(fraction: float, words: str) -> None:
        report(fraction, words)
        gate.wait(lambda: report(fraction, f"Paused. {words}"))

    for snapshot in train(on_progress):
        history = history.then(snapshot, kept_bytes)
        report(snapshot.fraction, f"{snapshot.fraction:.0%} of the training done", history)
    return history


class WordMap:
    """Where some words lie at each snapshot, in one frame: what moves has learned, and not merely turned.

    The rows are scaled to length 1, as the cosine looks at directions alone; then each snapshot is turned to lie as
    near as may be to the one before (``alignment.Frame``), and all are drawn on the same two axes. Only the random
    start is left as it is: with fewer words than dimensions some turn lays any noise over what is learned after it.
    """

    def __init__(self, ids: tuple[int, ...]) -> None:
        self.ids = ids
        self._frames: dict[int, Frame] = {}  # by step

    def places(self, snapshots: Sequence[Snapshot]) -> tuple[NDArray[np.float32], ...]:
        """For each of ``snapshots``, in order, float32 [n, 2]; drawn on the axes of the last."""
        last = None
        for snapshot in snapshots:
            if snapshot.step not in self._frames:
                rows = _units(snapshot.W[list(self.ids)])
                self._frames[snapshot.step] = Frame.of(rows) if last is None else last.next(rows)
            last = self._frames[snapshot.step] if snapshot.step else None
        last = last or self._frames[0]
        kept = {snapshot.step for snapshot in snapshots}
        self._frames = {step: frame for step, frame in self._frames.items() if step in kept}
        return tuple(last.axes.place(self._frames[snapshot.step].table) for snapshot in snapshots)


def _units(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
