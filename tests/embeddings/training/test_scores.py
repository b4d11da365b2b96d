import numpy as np
import pytest

from embeddings.common.errors import InvalidInput, UnknownToken
from embeddings.similarity.neighbors import most_similar
from embeddings.training import toy_corpus
from embeddings.training.corpora import of_toy_corpus
from embeddings.training.scores import neighbors_over_time, score, similarities_over_time
from embeddings.training.word2vec import train
from embeddings.vectors.word_vectors import WordVectors


@pytest.fixture(scope="module")
def run():
    return list(train(of_toy_corpus(size=4_000), dimension=24, epochs=12, alpha=0.05, snapshots=3))


def perfect() -> WordVectors:
    """A table in which each pair of a section differs by one direction, and categories lie far apart."""
    rows = {}
    for number, (category, words) in enumerate(toy_corpus.toy_categories().items()):
        for place, word in enumerate(words):
            row = np.zeros(80)
            row[number] = 5
            paired = category not in ("food", "numbers")
            family = place // 2 if paired else place
            row[10 + family] = 1  # the first royals share one with the first people, and so on
            row[40 + (number if category not in ("royalty", "people") else 0)] = place % 2 if paired else 0
            rows[word] = row
    return WordVectors.of("perfect", list(rows), np.array(list(rows.values())))


def test_a_table_made_to_the_worlds_truth_has_the_best_score():
    best = score(perfect())
    assert best.silhouette > 0.8
    assert best.accuracies()["he and she"] == best.accuracies()["young"] == best.accuracies()["capital"] == 1
    assert best.words == sum(map(len, toy_corpus.toy_categories().values()))


def test_each_category_has_its_silhouette_and_scattering_the_royals_lowers_theirs_most():
    table = perfect()
    royals = toy_corpus.toy_categories()["royalty"]
    best = score(table).silhouettes
    matrix = table.matrix.copy()
    matrix[[table.vocabulary.id(word) for word in royals]] = np.random.default_rng(0).normal(size=(len(royals), 80))
    scattered = score(WordVectors.of("scattered", table.tokens, matrix)).silhouettes
    assert tuple(best) == tuple(toy_corpus.toy_categories())
    assert min(best.values()) > 0.5
    assert scattered["royalty"] < 0.1
    assert min(value for name, value in scattered.items() if name != "royalty") > 0.5


def test_the_silhouette_is_that_of_sklearn_over_all_words():
    from sklearn.metrics import silhouette_score

    table = perfect()
    truth = {word: name for name, words in toy_corpus.toy_categories().items() for word in words}
    expected = silhouette_score(table.matrix, [truth[word] for word in table.tokens], metric="cosine")
    assert score(table).silhouette == pytest.approx(expected, abs=1e-5)


def test_noise_has_the_score_of_chance():
    truth = [word for words in toy_corpus.toy_categories().values() for word in words]
    noise = WordVectors.of("noise", truth, np.random.default_rng(0).normal(size=(len(truth), 30)))
    assert abs(score(noise).silhouette) < 0.1
    assert score(noise).accuracy < 0.1


def test_training_raises_the_score(run):
    before, after = score(run[0].word_vectors()), score(run[-1].word_vectors())
    assert after.silhouette > 0.4 > before.silhouette
    assert after.accuracy > 0.5 > before.accuracy


def test_an_analogy_is_answered_by_the_nearest_word_that_is_not_asked_for(run):
    table = run[-1].word_vectors()
    for analogy in score(table).analogies[:20]:
        assert analogy.answer == most_similar(table, [analogy.b, analogy.c], [analogy.a], n=1)[0][0]
        assert analogy.correct == (analogy.answer == analogy.expected)


def test_a_table_of_another_world_is_not_scored(toy):
    with pytest.raises(InvalidInput, match="Train it on that world"):
        score(toy)


def test_neighbours_and_similarities_are_those_of_each_snapshot(run):
    over_time = neighbors_over_time(run, "france", n=3)
    assert [len(neighbors) for neighbors in over_time] == [3] * len(run)
    similarities = similarities_over_time(run, [("france", "spain"), (over_time[-1][0][0], "france")])
    assert np.shape(similarities) == (len(run), 2)
    assert similarities[-1][1] == pytest.approx(over_time[-1][0][1], abs=1e-5)
    with pytest.raises(UnknownToken):
        neighbors_over_time(run, "zebra")
