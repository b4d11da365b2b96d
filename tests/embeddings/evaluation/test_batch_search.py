import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.evaluation.batch_search import Exclusions, batch_top1
from embeddings.vectors.word_vectors import WordVectors
from tests.memory import allocated


def random_table(words: int, dimension: int, seed: int) -> WordVectors:
    matrix = np.random.default_rng(seed).normal(size=(words, dimension)).astype(np.float32)
    return WordVectors.of("random", [f"w{i}" for i in range(words)], np.asfortranarray(matrix))


def in_silence(fraction: float, words: str) -> None:
    pass


@given(
    st.sampled_from([1, 5, 1_023, 1_024, 1_025, 3_000]),
    st.sampled_from([1, 3, 511, 512, 513, 1_100]),
    st.floats(0, 1),
    st.integers(0, 2**32 - 1),
)
def test_the_best_of_every_query_is_the_one_found_naively(words, many, share, seed):
    wv, random = random_table(words, 4, seed), np.random.default_rng(seed)
    queries = random.normal(size=(many, 4)).astype(np.float32)
    limit = max(1, round(share * words))
    excluded = [random.integers(0, words, 3).tolist() for _ in range(many)]
    scores = queries @ (wv.matrix[:limit] * wv.inverse_norms[:limit, None]).T
    for row, out in zip(scores, excluded, strict=True):
        row[[token_id for token_id in out if token_id < limit]] = -np.inf

    best, products = batch_top1(wv, queries, limit, Exclusions.of(excluded), in_silence)

    assert products == pytest.approx(scores.max(axis=1), abs=1e-5)
    assert scores[np.arange(many), best] == pytest.approx(scores.max(axis=1), abs=1e-5)


def test_of_equals_the_first_row_is_the_best():
    wv = WordVectors.of("equal", [str(i) for i in range(3_000)], np.ones((3_000, 2)))

    best, _ = batch_top1(wv, np.ones((2, 2), np.float32), 3_000, Exclusions.of([[], [0, 1]]), in_silence)

    assert best.tolist() == [0, 2]


def test_no_queries_have_no_answers(toy):
    best, products = batch_top1(toy, np.empty((0, 3), np.float32), 5, Exclusions.of([]), in_silence)

    assert (len(best), len(products)) == (0, 0)


def test_the_search_needs_little_beside_the_table():
    found = []

    def prepare():
        wv = random_table(200_000, 50, seed=0)
        queries = wv.matrix[:100].copy()
        wv.inverse_norms  # noqa: B018 (kept with the table)
        return lambda: found.append(batch_top1(wv, queries, len(wv), Exclusions.of([[]] * 100), in_silence))

    assert allocated(prepare) < 200_000 * 50 * 4 / 4
    assert all(best.tolist() == list(range(100)) for best, _ in found)


def test_progress_is_told_block_by_block_up_to_the_end():
    told = []

    batch_top1(
        random_table(3_000, 2, 0),
        np.ones((1, 2), np.float32),
        3_000,
        Exclusions.of([[]]),
        lambda fraction, words: told.append((round(fraction, 2), words)),
    )

    assert told[0] == (0, "searched 0 of 3,000 words")
    assert [fraction for fraction, _ in told] == [0, 0.34, 0.68, 1]
