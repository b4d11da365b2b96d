"""Training history: metrics of every snapshot, and the snapshots themselves in bounded memory."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.common import ProgressCallback, as_choice, no_progress
from embeddings.numeric import unit_rows
from embeddings.projection import AlignedSnapshot
from embeddings.training import language_model, word2vec
from embeddings.training.corpora import Corpus
from embeddings.training.snapshots import Snapshot

KEPT_BYTES = 32_000_000  # of the weights of all snapshots that are kept whole

Train = Callable[[ProgressCallback], Iterator[Snapshot]]
_TRAINERS: Mapping[str, Callable[..., Iterator[Snapshot]]] = MappingProxyType(
    {"word2vec": word2vec.train, "language_model": language_model.train}
)


@dataclass(frozen=True)
class Metrics:
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
        metrics: One for each snapshot that there was, in order.
        snapshots: Those kept whole: the first, the latest, and as many between them as fit, evenly spaced.
    """

    metrics: tuple[Metrics, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    _every: int = 1  # of how many snapshots one is kept

    def append(self, snapshot: Snapshot, kept_bytes: int = KEPT_BYTES) -> "History":
        """The history with one more ``snapshot``; where all would take more than ``kept_bytes``, every second goes."""
        moment = Metrics(
            snapshot.step,
            snapshot.fraction,
            snapshot.loss,
            snapshot.held_out_loss,
            snapshot.words_per_second,
            snapshot.seconds_left,
        )
        numbers = {kept.step: place for place, kept in enumerate(self.metrics)}
        kept: Sequence[Snapshot] = [old for old in self.snapshots if numbers[old.step] % self._every == 0] + [snapshot]
        history = replace(self, metrics=(*self.metrics, moment), snapshots=tuple(kept))
        while len(kept) > 2 and len(kept) * bytes_of(snapshot) > kept_bytes:
            history = history._thinned(numbers | {snapshot.step: len(self.metrics)})
            kept = history.snapshots
        return history

    def _thinned(self, numbers: dict[int, int]) -> "History":
        every = 2 * self._every
        kept = [old for old in self.snapshots if numbers[old.step] % every == 0 or old is self.snapshots[-1]]
        return replace(self, snapshots=tuple(kept), _every=every)


def moment_at(metrics: Sequence[Metrics], fraction: float) -> Metrics:
    """Of the ``metrics`` of a run, two or more, those nearest to ``fraction`` of it, 0 to 1; never the random start."""
    return min(metrics[1:], key=lambda moment: abs(moment.fraction - fraction))


def fall_share(metrics: Sequence[Metrics], moment: Metrics) -> float:
    """How much of the whole fall of the loss, from the first of ``metrics`` to the last, had come at ``moment``.

    1 is all of it; more where the loss has risen since.
    """
    start, end = metrics[0].loss, metrics[-1].loss
    return (start - moment.loss) / (start - end)


def bytes_of(snapshot: Snapshot) -> int:
    """Bytes of all the weights that ``snapshot`` holds, the table among them."""
    others = getattr(snapshot, "weights", None)
    if others is not None:  # of a language model; a tied head is counted where it was copied
        return sum(weight.nbytes for weight in others.values())
    return snapshot.W.nbytes + getattr(snapshot, "ngram_rows", snapshot.W[:0]).nbytes


def run_with_history(train: Train, report: ProgressCallback, kept_bytes: int = KEPT_BYTES) -> History:
    """Go through a training to its end, and report the history at each snapshot.

    Paused as long as ``report`` does not return, and stopped by whatever it raises; nothing of it is left running.

    Args:
        train: Given a function of progress, begins the training.
        report: As work in a line of jobs is given it.
        kept_bytes: What the snapshots that are kept may take.
    """
    history = History()
    for snapshot in train(report):
        history = history.append(snapshot, kept_bytes)
        report(snapshot.fraction, f"{snapshot.fraction:.0%} of the training done", history)
    return history


def train_with_history(
    corpus: Corpus, model: str, settings: Mapping[str, Any], share: float = 1, report: ProgressCallback | None = None
) -> History:
    """Train a table to the end, and report the history at each snapshot.

    Args:
        corpus: What to learn from.
        model: ``"word2vec"`` or ``"language_model"``.
        settings: As its ``train`` takes them.
        share: Of the corpus, from its beginning.
        report: As work is given it.

    Raises:
        InvalidInput: There is no such model.
        LabError: As ``train`` of the model.
    """
    report = report or no_progress
    train = _TRAINERS[as_choice(model, "The model", tuple(_TRAINERS))]
    part = corpus if share == 1 else corpus.part(share, report)
    return run_with_history(lambda tell: train(part, report=tell, **settings), report)


class AlignedMap:
    """Where some words lie at each snapshot, in one frame: what moves has learned, and not merely turned.

    The rows are scaled to length 1, as the cosine looks at directions alone; then each snapshot is turned to lie as
    near as may be to the one before (``AlignedSnapshot``), and all are drawn on the same two axes. Only the random
    start is left as it is: with fewer words than dimensions some turn lays any noise over what is learned after it.
    """

    def __init__(self, ids: tuple[int, ...]) -> None:
        self.ids = ids
        self._frames: dict[int, AlignedSnapshot] = {}  # by step

    def places(self, snapshots: Sequence[Snapshot]) -> tuple[NDArray[np.float32], ...]:
        """For each of ``snapshots``, in order, float32 [n, 2]; drawn on the axes of the last."""
        last = None
        for snapshot in snapshots:
            if snapshot.step not in self._frames:
                rows = unit_rows(snapshot.W[list(self.ids)])
                self._frames[snapshot.step] = AlignedSnapshot.of(rows) if last is None else last.next(rows)
            last = self._frames[snapshot.step] if snapshot.step else None
        last = last or self._frames[0]
        kept = {snapshot.step for snapshot in snapshots}
        self._frames = {step: frame for step, frame in self._frames.items() if step in kept}
        return tuple(last.axes.transform(self._frames[snapshot.step].table) for snapshot in snapshots)
