"""Skip-gram in torch, for machines without gensim: what it shares with gensim's, and where both arrive."""

import numpy as np
import pytest

from embeddings.common.errors import TrainingDiverged
from embeddings.training import word2vec
from embeddings.training.corpora import Corpus, count_vocabulary, of_toy_corpus
from embeddings.training.scores import score
from embeddings.training.skip_gram import SkipGram

WORLD = of_toy_corpus(size=4_000)
QUICK = {"dimension": 8, "epochs": 2, "negative": 3, "snapshots": 4}
SETTINGS = {"dimension": 8, "window": 2, "negative": 3, "sample": 1e-3, "seed": 7}


@pytest.fixture
def without_gensim(monkeypatch):
    monkeypatch.setattr(word2vec, "installed", lambda name: name != "gensim")


def last(iterator):
    return list(iterator)[-1]


def test_the_pairs_are_those_within_the_window_each_way_round_and_in_one_sentence():
    corpus = Corpus.of("x", "X", [["a", "b", "c"], ["d", "a"]], "", "")
    model = SkipGram(count_vocabulary(corpus, min_count=1), **SETTINGS | {"window": 1, "sample": 0})
    words = {row: word for word, row in model.ids_of.items()}
    pairs = model._pairs([*corpus.sentences, ["unknown"]])
    assert sorted((words[a], words[b]) for a, b in pairs) == sorted(
        [("a", "b"), ("b", "a"), ("b", "c"), ("c", "b"), ("d", "a"), ("a", "d")]
    )


def test_a_wide_window_is_made_smaller_at_random_so_that_nearer_words_count_more():
    line = [f"w{n}" for n in range(400)]
    model = SkipGram(count_vocabulary(Corpus.of("x", "X", [line], "", ""), 1), **SETTINGS | {"window": 4, "sample": 0})
    words = {row: int(word[1:]) for word, row in model.ids_of.items()}
    apart = np.abs([words[a] - words[b] for a, b in model._pairs([line])])
    counts = np.bincount(apart, minlength=5)
    assert counts[0] == 0
    assert counts[1] == 2 * 399
    assert counts[1] > counts[2] > counts[3] > counts[4] > 0


def test_nothing_to_learn_from_moves_nothing():
    model = SkipGram(count_vocabulary(WORLD), **SETTINGS)
    before = model.vectors.copy()
    model.learn([["unknown"], ["the"]], 0.025, 0.025)
    assert np.array_equal(model.vectors, before)


def test_the_start_the_words_passed_over_and_the_random_words_are_gensims():
    pytest.importorskip("gensim")
    count = count_vocabulary(WORLD)
    settings = word2vec._Settings(True, 3, 2, 8, 1, 5, 1e-3, 0.025, 1, 7, False, 1)
    theirs, ours = word2vec._Gensim(settings, count), SkipGram(count, **SETTINGS)
    assert np.array_equal(ours.vectors, theirs.vectors)
    assert dict(ours.ids_of) == theirs.ids_of
    assert ours.kept == pytest.approx(theirs.kept, abs=1e-6)
    assert np.abs(ours.ends - theirs.ends.astype(np.int64)).max() <= 1


def test_it_learns_the_made_up_world_as_well_as_gensim(monkeypatch):
    pytest.importorskip("gensim")
    settings = {"dimension": 24, "epochs": 12, "alpha": 0.05, "snapshots": 1}
    theirs = last(word2vec.train(WORLD, **settings))
    monkeypatch.setattr(word2vec, "installed", lambda name: name != "gensim")
    ours = last(word2vec.train(WORLD, **settings))

    scores = score(ours.word_vectors()), score(theirs.word_vectors())
    assert scores[0].silhouette == pytest.approx(scores[1].silhouette, abs=0.1)  # of three seeds at most 0.01 apart
    assert scores[0].accuracy == pytest.approx(scores[1].accuracy, abs=0.2)
    assert ours.loss == pytest.approx(theirs.loss, rel=0.1)
    assert ours.held_out_loss == pytest.approx(theirs.held_out_loss, rel=0.1)


@pytest.mark.usefixtures("without_gensim")
def test_the_same_settings_give_the_same_run_and_another_seed_another():
    runs = [list(word2vec.train(WORLD, **QUICK, seed=seed)) for seed in (1, 1, 2)]
    assert all((a.W == b.W).all() and a.loss == b.loss for a, b in zip(*runs[:2], strict=True))
    assert (runs[0][-1].W != runs[2][-1].W).any()
    assert [snapshot.fraction for snapshot in runs[0]] == pytest.approx([0, 0.37, 0.5, 0.87, 1], abs=0.02)


@pytest.mark.usefixtures("without_gensim")
def test_a_snapshot_does_not_change_as_training_goes_on():
    run = word2vec.train(WORLD, **QUICK)
    first = next(run)
    before = first.W.tobytes()
    assert last(run).W.tobytes() != before
    assert first.W.tobytes() == before


@pytest.mark.usefixtures("without_gensim")
@pytest.mark.parametrize("alpha", [100.0, 1e38])
def test_an_absurd_learning_rate_is_stopped_with_the_last_good_snapshot(alpha):
    seen = []
    with pytest.raises(TrainingDiverged, match="smaller learning rate") as caught:
        for snapshot in word2vec.train(WORLD, **QUICK, alpha=alpha):
            seen.append(snapshot)
    assert caught.value.snapshot is seen[-1]
    assert np.isfinite(seen[-1].W).all()
