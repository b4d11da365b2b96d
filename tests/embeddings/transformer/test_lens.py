"""The logit lens on SmolLM2."""

import numpy as np

from embeddings.transformer.lens import logit_lens
from embeddings.transformer.table_changes import next_token_probabilities


def test_the_last_layer_is_what_the_model_says_and_a_row_says_its_own_token(smollm):
    ids = smollm.encode("The capital of France is").ids
    steps = []

    found = logit_lens(smollm, ids, lambda fraction, words: steps.append(fraction))

    shares = next_token_probabilities(smollm, ids)
    assert found.ids.shape == found.shares.shape == found.ranks.shape == (31, 5)
    assert found.ids[-1, -1] == shares.argmax()
    assert np.isclose(found.shares[-1, -1], shares.max(), atol=1e-4)
    assert (found.ranks[-1] == 1).all()
    assert (found.ids[0] == ids).sum() >= 4  # the head is the table: a row's product with itself is large
    assert found.ranks[0, -1] > 1_000
    assert steps == sorted(steps)
    assert len(steps) == 31
