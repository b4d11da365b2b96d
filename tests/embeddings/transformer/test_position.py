import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput
from embeddings.numeric import cosine
from embeddings.sources.minilm_table import minilm_positions
from embeddings.tokenizers import tokenizer
from embeddings.transformer.minilm import CLS, SEP, MiniLM
from embeddings.transformer.position import (
    mean_cosine_at_distance,
    order_similarity,
    rotary_frequencies,
    rotary_products,
    rotated,
    sentence_tokens,
    sentence_vector,
    sinusoidal_positions,
)
from embeddings.transformer.smollm import _rotary_angles, _rotated

PLACES = st.integers(0, 500)


@pytest.fixture(scope="module")
def minilm(one_thread):
    return MiniLM.load()


def vectors(count, dimension=8):
    return np.random.default_rng(3).normal(size=(count, dimension))


def test_without_positions_the_order_of_the_words_makes_no_difference(minilm):
    found = order_similarity(minilm, "dog bites man", "man bites dog")
    assert found.tokens_of_one_alone == ()
    assert found.without_positions[0] == pytest.approx(found.without_positions[1], abs=1e-5)
    assert found.cosine_without_positions == pytest.approx(1, abs=1e-6)
    assert found.cosine_with_positions == pytest.approx(0.907, abs=0.002)


@settings(max_examples=10)
@given(order=st.permutations("the small dog bites the large man today".split()))
def test_so_it_is_with_any_order_of_any_sentence(minilm, order):
    sentence = "the small dog bites the large man today"
    found = order_similarity(minilm, sentence, " ".join(order))
    assert found.cosine_without_positions == pytest.approx(1, abs=1e-5)


def test_without_positions_each_states_follows_its_token(minilm):
    ids = [CLS, *minilm.tokenizer.encode("dog bites man").ids, SEP]
    order = [0, 3, 2, 1, 4]
    states = minilm.hidden_states(ids, positions=False)
    assert minilm.hidden_states([ids[place] for place in order], positions=False) == pytest.approx(
        states[:, order], abs=1e-4
    )


def test_the_first_states_differ_by_the_rows_of_the_places(minilm):
    ids = [2_000] * 5
    with_them, without = (minilm.hidden_states(ids, positions)[0] for positions in (True, False))
    assert np.ptp(without, axis=0).max() == 0  # one token, one row
    assert np.ptp(with_them, axis=0).max() > 0.1


def test_the_vector_of_a_sentence_is_the_mean_of_all_its_last_states(minilm):
    ids = [CLS, *minilm.tokenizer.encode("dog bites man").ids, SEP]
    assert sentence_vector(minilm, "dog bites man") == pytest.approx(minilm.hidden_states(ids)[-1].mean(axis=0))


def test_other_words_are_named_and_leave_a_difference(minilm):
    found = order_similarity(minilm, "dog bites man", "man bites cat cat")
    assert sorted(found.tokens_of_one_alone) == ["cat", "dog"]
    assert found.cosine_without_positions < 0.99


@pytest.mark.parametrize(
    ("text", "told"),
    [(" ", "no word in one"), ("a " * 900, "has places for 510"), ("a" * 2_001, "2,001 characters")],
)
def test_a_sentence_that_the_model_cannot_read_is_refused(text, told):
    with pytest.raises(InvalidInput, match=told):
        sentence_tokens(text, tokenizer("wordpiece"))


def test_as_many_words_as_there_are_places_are_read(minilm):
    assert np.isfinite(sentence_vector(minilm, "a " * 510)).all()


def test_the_learned_rows_are_those_that_the_model_adds(minilm):
    positions = minilm_positions()
    assert positions.shape == (512, 384)
    assert np.array_equal(positions, minilm.weights["embeddings.position_embeddings.weight"].numpy())


def test_near_places_have_more_similar_rows_than_far_ones():
    for table in (minilm_positions(), sinusoidal_positions(512, 384)):
        near, far = (mean_cosine_at_distance(table, distance) for distance in (1, 100))
        assert near > far + 0.2
        assert mean_cosine_at_distance(table, 0) == pytest.approx(1)


def test_sines_are_those_of_the_paper():
    table = sinusoidal_positions(20, 6)
    for place in (0, 7, 19):
        for pair in range(3):
            angle = place / 10_000 ** (2 * pair / 6)
            assert table[place, 2 * pair] == pytest.approx(np.sin(angle), abs=1e-6)
            assert table[place, 2 * pair + 1] == pytest.approx(np.cos(angle), abs=1e-6)


def test_the_product_of_two_rows_of_sines_depends_on_their_distance_alone():
    table = sinusoidal_positions(60, 32).astype(np.float64)
    products = table @ table.T
    for distance in (0, 1, 20):
        assert np.ptp(np.diagonal(products, distance)) < 1e-4


@given(m=PLACES, n=PLACES, shift=PLACES)
def test_the_dot_product_of_turned_vectors_depends_on_the_distance_alone(m, n, shift):
    query, key = vectors(2)
    near, far = (rotated([query, key], places) for places in ([m, n], [m + shift, n + shift]))
    assert near[0] @ near[1] == pytest.approx(far[0] @ far[1], abs=1e-9)


def test_turning_keeps_lengths_and_place_0_as_it_is():
    rows = vectors(4)
    turned = rotated(rows, [0, 1, 5, 300])
    assert np.linalg.norm(turned, axis=1) == pytest.approx(np.linalg.norm(rows, axis=1))
    assert turned[0] == pytest.approx(rows[0])
    assert abs(turned[1] - rows[1]).max() > 0.1


def test_the_table_of_products_is_equal_along_its_diagonals():
    query, key = vectors(2)
    products = rotary_products(query, key, 12)
    assert products.shape == (12, 12)
    for apart in range(-11, 12):
        assert np.ptp(np.diagonal(products, apart)) < 1e-9
    assert products[0, 0] == pytest.approx(query @ key)


def test_vectors_are_turned_as_smollm_turns_them():
    import torch

    head = vectors(9, 64)
    there = _rotated(torch.tensor(head, dtype=torch.float32)[None], _rotary_angles(9))[0].numpy()
    assert rotated(head, range(9)) == pytest.approx(there, abs=1e-4)
    assert len(rotary_frequencies()) == 32


@pytest.mark.parametrize(
    ("work", "told"),
    [
        (lambda: sinusoidal_positions(0, 4), "number of places"),
        (lambda: sinusoidal_positions(10**9, 4), "number of places"),
        (lambda: sinusoidal_positions(4, 5), "must be even"),
        (lambda: rotary_frequencies(4, 0.5), "base must be 1 or more"),
        (lambda: rotary_frequencies(4, float("nan")), "base must be 1 or more"),
        (lambda: rotated([[1, 2, 3]], [0]), "must be even"),
        (lambda: rotated([[1, 2]], [0, 1]), "one place for each of the 1 vectors"),
        (lambda: rotated([[1, 2]], [float("inf")]), "one place for each"),
        (lambda: rotated("cat", [0]), "table of numbers"),
        (lambda: rotary_products([1, 2], [1, 2], 513), "number of places"),
        (lambda: mean_cosine_at_distance(np.eye(3), 3), "distance"),
    ],
)
def test_what_cannot_be_computed_is_refused_in_a_sentence(work, told):
    with pytest.raises(InvalidInput, match=told):
        work()


def test_the_cosine_of_a_pair_is_that_of_its_vectors(minilm):
    found = order_similarity(minilm, "a cat", "the cat")
    assert found.cosine_with_positions == pytest.approx(cosine(*found.with_positions), abs=1e-6)
