"""The logit lens on SmolLM2, and on small models trained here."""

import numpy as np
import pytest

from embeddings.common.errors import InvalidInput
from embeddings.training import of_toy_corpus, train_untied_and_tied
from embeddings.transformer import lens
from embeddings.transformer.lens import logit_lens, own_token_share, read_rows
from embeddings.transformer.table_changes import next_token_probabilities


def test_the_last_layer_is_what_the_model_says_and_a_row_says_its_own_token(smollm):
    ids = smollm.encode("The capital of France is").ids
    steps = []

    found = logit_lens(smollm, ids, lambda fraction, words: steps.append(fraction))

    shares = next_token_probabilities(smollm, ids)
    assert found.ids.shape == found.probabilities.shape == found.ranks.shape == (31, 5)
    assert found.ids[-1, -1] == shares.argmax()
    assert np.isclose(found.probabilities[-1, -1], shares.max(), atol=1e-4)
    assert (found.ranks[-1] == 1).all()
    assert (found.ids[0] == ids).sum() >= 4  # the head is the table: a row's product with itself is large
    assert found.ranks[0, -1] > 1_000
    assert steps == sorted(set(steps))
    assert len(steps) == 3  # 5 places of 12 layers at once


def test_layers_that_are_read_together_are_read_as_if_alone(smollm, monkeypatch):
    ids = smollm.encode("The capital of France is").ids
    together = logit_lens(smollm, ids)
    monkeypatch.setattr(lens, "_ROWS", 1)
    alone = logit_lens(smollm, ids)

    assert np.allclose(together.probabilities, alone.probabilities, atol=1e-4)
    assert (together.ids == alone.ids).mean() > 0.95  # but for near ties
    assert (together.ranks[-1] == alone.ranks[-1]).all()


def test_raw_rows_of_frequent_tokens_mostly_say_their_own_token_and_others_lose_to_longer_rows(smollm):
    frequent, rare = np.arange(300, 2_000, 13), np.arange(10_000, 49_152, 305)
    assert 0.6 < own_token_share(smollm, frequent) < 0.85
    assert 0.02 < own_token_share(smollm, rare) < 0.15
    lengths, said = np.linalg.norm(smollm.W, axis=1), read_rows(smollm, rare)
    others = said != rare
    assert (lengths[said] > lengths[rare])[others].mean() > 0.95
    assert len(np.unique(said[others])) < others.sum() / 5


@pytest.fixture(scope="module")
def small():
    """An untied and a tied model."""
    return train_untied_and_tied(of_toy_corpus(500), dimension=16, blocks=2, context=8, batch=16, steps=60)


def test_a_small_model_is_read_after_each_block_and_the_last_is_what_it_says(small):
    for model in small:
        ids = model.tokenizer.encode("the king rules the")
        found = logit_lens(model, ids)
        assert found.ids.shape == (3, 4)
        assert (found.ranks[-1] == 1).all()
        said = model.continuation("the king rules the", n=1, temperature=0)
        assert model.vocabulary.token(int(found.ids[-1, -1])) == said.strip()


def test_a_tied_head_compares_a_raw_row_with_itself_and_a_head_of_its_own_does_not(small):
    untied, tied = small
    every = range(len(untied.vocabulary))
    assert (tied.head == tied.W).all()
    assert not np.array_equal(untied.head, untied.W)
    assert own_token_share(tied, every) > 0.5 > 0.2 > own_token_share(untied, every)


def test_the_share_counts_the_rows_that_say_their_own_token(small):
    _, tied = small
    ids = [0, 1, 2, 3]
    assert own_token_share(tied, ids) == sum(read_rows(tied, ids) == ids) / 4
    with pytest.raises(InvalidInput):
        own_token_share(tied, [len(tied.vocabulary)])


@pytest.mark.parametrize("shape", [(0, 16), (9, 16), (2, 8), (16,)])
def test_rows_that_a_small_model_cannot_read_are_refused(small, shape):
    with pytest.raises(InvalidInput, match="reads 1 to 8 rows of 16"):
        small[0].hidden_states(np.zeros(shape, dtype=np.float32))


def test_another_head_than_the_models_own_scores_with_its_rows(small):
    untied, tied = small
    states = untied.hidden_states(untied.rows([1, 2, 3]))
    assert untied.logits(states, untied.head) == pytest.approx(untied.logits(states), abs=1e-6)
    assert untied.logits(states, untied.head[[5]])[..., 0] == pytest.approx(untied.logits(states)[..., 5], abs=1e-6)
    states = tied.hidden_states(tied.rows([1, 2, 3]))
    assert tied.logits(states, 2 * tied.W) == pytest.approx(2 * tied.logits(states), abs=1e-5)
