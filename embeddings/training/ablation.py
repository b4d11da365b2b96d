"""Ablation of positions: the same small transformer trained twice, with a row for each place and without.

Without positions one block sees which tokens came before, but not in which order; it knows the last one alone, from
which it goes on. So the difference of the two losses is what the order of the others says about the next token.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from embeddings.common import ProgressCallback, no_progress
from embeddings.training import language_model
from embeddings.training.corpora import Corpus
from embeddings.training.history import History, Metrics


@dataclass(frozen=True)
class PositionAblation:
    """Two trainings that differ in positions alone, up to now.

    Attributes:
        with_positions: Metrics of every snapshot of the model that has a row for each place.
        without_positions: The same of the model that has none.
    """

    with_positions: tuple[Metrics, ...] = ()
    without_positions: tuple[Metrics, ...] = ()

    @property
    def loss_without_less_with(self) -> float:
        """How much larger the loss is at the end without positions, in nats: on held-out text where there is some."""
        return held_out_or_trained_loss(self.without_positions[-1]) - held_out_or_trained_loss(self.with_positions[-1])


def held_out_or_trained_loss(moment: Metrics) -> float:
    """The loss at a ``moment`` of a training on text that is held out; where none is, on what is trained on."""
    return moment.loss if moment.held_out_loss is None else moment.held_out_loss


def ablate_positions(corpus: Corpus, *, report: ProgressCallback | None = None, **settings: Any) -> PositionAblation:
    """Train a transformer with positions and without, side by side: same seed, same start, same batches.

    Args:
        corpus: What to learn from.
        report: Called at every step with ``(fraction, words)``, and at each snapshot with what there is so far.
        **settings: See ``language_model.Settings``; without ``model`` and ``positions``.

    Raises:
        InvalidInput, TooLarge, TrainingDiverged: As ``language_model.train``.

    References:
        Kazemnejad et al., "The Impact of Positional Encoding on Length Generalization in Transformers", 2023: several
        blocks that look back alone can work out places by themselves; one block cannot.
    """
    report, done = report or no_progress, [0.0, 0.0]

    def tell(which: int) -> Callable[..., None]:
        def of_one(fraction: float, message: str = "", snapshot: Any = None, /) -> None:
            done[which] = fraction
            report(sum(done) / 2, message)

        return of_one

    pair = [
        language_model.train(corpus, report=tell(which), model="transformer", positions=positions, **settings)
        for which, positions in enumerate((True, False))
    ]
    histories, found = [History(), History()], PositionAblation()
    for snapshots in zip(*pair, strict=True):
        histories = [history.append(snapshot) for history, snapshot in zip(histories, snapshots, strict=True)]
        found = PositionAblation(*(history.metrics for history in histories))
        report(snapshots[0].fraction, f"{snapshots[0].fraction:.0%} of the training done", found)
    return found
