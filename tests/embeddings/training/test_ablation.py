import numpy as np
import pytest
import torch

from embeddings.common.errors import InvalidInput
from embeddings.training import language_model
from embeddings.training.ablation import ablate_positions, held_out_or_trained_loss
from embeddings.training.corpora import of_text, of_toy_corpus
from embeddings.training.language_model import Settings, gradients_of_W, train

WORLD = of_toy_corpus(size=2_000)
QUICK = {"tokens": "character", "context": 8, "dimension": 16, "batch": 16, "steps": 20, "snapshots": 4}
LEARNS = {"tokens": "character", "context": 16, "dimension": 32, "batch": 32, "steps": 500, "snapshots": 25}


class Enough(Exception):
    """Raised to stop."""


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_without_positions_the_next_character_is_harder_to_guess(seed):
    found = ablate_positions(WORLD, **LEARNS | {"seed": seed, "snapshots": 1})
    start, end = found.with_positions
    assert held_out_or_trained_loss(end) < held_out_or_trained_loss(start)
    assert found.loss_without_less_with > 0.2


def test_both_see_the_same_batches_and_begin_with_the_same_weights():
    options = QUICK | {"batch": 4, "model": "transformer"}
    del options["steps"]
    (apart, _), (without, _) = (gradients_of_W(WORLD, **options, positions=positions) for positions in (True, False))
    assert np.array_equal(apart.inputs, without.inputs)
    first, other = (next(train(WORLD, **QUICK, positions=positions)) for positions in (True, False))
    assert set(first.weights) - set(other.weights) == {"place.weight"}
    assert all(np.array_equal(first.weights[name], weight) for name, weight in other.weights.items())


def test_each_run_is_what_training_alone_gives():
    found = ablate_positions(WORLD, **QUICK)
    for positions, run in ((True, found.with_positions), (False, found.without_positions)):
        alone = list(train(WORLD, **QUICK, positions=positions))
        assert [moment.loss for moment in run] == [snapshot.loss for snapshot in alone]
        assert [moment.step for moment in run] == [0, 5, 10, 15, 20]


def test_one_block_without_positions_knows_the_last_token_and_what_came_before_in_any_order():
    for positions in (True, False):
        chosen = Settings(**QUICK, positions=positions)
        network = language_model._network(chosen, 30, torch.Generator().manual_seed(1)).eval()
        ids = torch.tensor([[5, 9, 2, 9, 11, 3, 7], [9, 3, 11, 2, 5, 9, 7], [9, 3, 11, 2, 5, 7, 9]])
        with torch.no_grad():
            scores = language_model._scores(network, chosen, ids)[:, -1]
        assert torch.allclose(scores[0], scores[1], atol=1e-5) is not positions
        assert not torch.allclose(scores[0], scores[2], atol=1e-2)  # another last token


def test_a_model_without_positions_can_go_on_with_a_text():
    *_, last = train(WORLD, **QUICK, positions=False)
    assert len(last.continuation("the king", n=5)) >= 5


def test_what_there_is_so_far_is_reported_and_the_watcher_can_stop_it():
    seen = []

    def report(fraction, message="", found=None):
        seen.append((fraction, found))
        if len([one for _, one in seen if one is not None]) == 2:
            raise Enough

    with pytest.raises(Enough):
        ablate_positions(WORLD, report=report, **QUICK)
    fractions = [fraction for fraction, _ in seen]
    assert fractions == sorted(fractions)
    assert [len(found.with_positions) for _, found in seen if found is not None] == [1, 2]


def test_of_a_small_text_the_loss_is_that_of_what_is_trained_on():
    found = ablate_positions(of_text("a cat and a dog\n" * 30), **QUICK)
    assert found.with_positions[-1].held_out_loss is None
    ends = [run[-1].loss for run in (found.without_positions, found.with_positions)]
    assert found.loss_without_less_with == ends[0] - ends[1]


def test_what_does_not_fit_is_refused():
    with pytest.raises(InvalidInput, match="The context"):
        ablate_positions(WORLD, **QUICK | {"context": 1})
