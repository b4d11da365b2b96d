import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.common.errors import InvalidInput, TooLarge, TrainingDiverged, UnknownToken
from embeddings.similarity.neighbors import cosine_similarities
from embeddings.training import snapshots as snapshots_room
from embeddings.training.corpora import count_vocabulary, of_text, of_toy_corpus
from embeddings.training.word2vec import BUCKETS, FastTextSnapshot, char_ngrams, train, training_pairs

pytest.importorskip("gensim")  # without it, test_skip_gram.py has what goes on
from gensim.models import FastText, Word2Vec

QUICK = {"dimension": 8, "epochs": 2, "negative": 3, "snapshots": 4}
WORLD = of_toy_corpus(size=4_000)  # about 27,700 tokens: three batches an epoch
SMALL = of_toy_corpus(size=300)


class Enough(Exception):
    """Raised to stop."""


def last(iterator):
    return list(iterator)[-1]


def in_our_order(bare, corpus) -> None:
    """Give gensim the words as we count them: equally frequent ones could stand in another order."""
    count = count_vocabulary(corpus)
    bare.build_vocab_from_freq(dict(zip(count.vocabulary.tokens, count.counts.tolist(), strict=True)))


def left_behind(before: set[threading.Thread]) -> list[threading.Thread]:
    """Threads that were not there ``before`` and are not about to end."""
    new = set(threading.enumerate()) - before
    for thread in new:
        thread.join(timeout=5)
    return [thread for thread in new if thread.is_alive()]


@given(st.lists(st.sampled_from("abc"), max_size=12), st.integers(1, 6))
def test_training_pairs_are_all_within_the_window_and_each_way_round(sentence, window):
    pairs = training_pairs(sentence, window)
    places = [(pair.place, pair.context_place) for pair in pairs]
    n = range(len(sentence))
    assert places == [(a, b) for a in n for b in n if 0 < abs(a - b) <= window]
    assert all(
        (pair.word, pair.context) == (sentence[a], sentence[b]) for pair, (a, b) in zip(pairs, places, strict=True)
    )


@pytest.mark.parametrize("skip_gram", [True, False])
@pytest.mark.parametrize("hierarchical_softmax", [True, False])
def test_the_table_is_the_one_that_gensim_trains_by_itself(skip_gram, hierarchical_softmax):
    ours = last(
        train(WORLD, **QUICK, skip_gram=skip_gram, hierarchical_softmax=hierarchical_softmax, hold_out=False, seed=7)
    )
    bare = Word2Vec(
        vector_size=8, sg=int(skip_gram), hs=int(hierarchical_softmax), negative=0 if hierarchical_softmax else 3,
        sample=1e-3, workers=1, seed=7, sorted_vocab=0,
    )  # fmt: skip
    in_our_order(bare, WORLD)
    bare.train(WORLD.sentences, total_words=WORLD.tokens, epochs=2)
    assert ours.vocabulary.tokens == tuple(bare.wv.index_to_key)
    assert bare.wv.vectors == pytest.approx(ours.W, abs=1e-6)


def test_fasttext_is_gensims_too_and_gives_any_word_the_mean_of_its_pieces():
    ours = last(train(SMALL, **QUICK, fasttext=True, hold_out=False, seed=7))
    bare = FastText(vector_size=8, sg=1, negative=3, workers=1, seed=7, sample=1e-3, bucket=BUCKETS, sorted_vocab=0)
    in_our_order(bare, SMALL)
    bare.wv.adjust_vectors()  # which gensim does where it counts the words itself
    bare.train(SMALL.sentences, total_words=SMALL.tokens, epochs=2)
    assert bare.wv.vectors == pytest.approx(ours.W, abs=1e-5)
    for word in ("kinglet", "duckish", "the", "xzxzx", "😀😀"):
        assert ours.vector(word) == pytest.approx(bare.wv[word], abs=1e-5)


def test_the_pieces_of_a_word_are_its_runs_of_three_to_six_letters_with_its_ends_marked():
    marked = "<queen>"
    runs = [marked[i : i + n] for n in range(3, 7) for i in range(len(marked) - n + 1)]
    assert list(char_ngrams("queen")) == runs
    with pytest.raises(InvalidInput, match="Type a word"):
        char_ngrams(" ")
    with pytest.raises(InvalidInput, match="100 letters here, not 60,000"):
        char_ngrams("a" * 60_000)


def test_of_a_made_up_words_pieces_those_are_known_that_learned_words_have():
    snapshot = last(train(SMALL, **QUICK, fasttext=True))
    assert "king" in snapshot.vocabulary
    assert {"<ki", "kin", "ing"} <= set(snapshot.known_ngrams("kinglet")) < set(char_ngrams("kinglet"))
    assert snapshot.known_ngrams("xzxzx") == ()


def test_fasttexts_snapshots_share_the_rows_that_are_never_trained():
    first, *_, end = train(SMALL, **QUICK, fasttext=True)
    assert end.untrained is first.untrained
    assert len(end.ngram_rows) == len(end.buckets) < BUCKETS / 2
    assert np.array_equal(first.ngram_rows, first.untrained[first.buckets])


def test_only_fasttext_knows_a_made_up_word():
    plain = last(train(SMALL, **QUICK))
    with pytest.raises(UnknownToken):
        plain.word_vectors()["kinglet"]
    assert not isinstance(plain, FastTextSnapshot)


def test_the_first_snapshot_is_the_random_start_and_the_last_the_end():
    run = list(train(WORLD, **QUICK))
    assert [snapshot.fraction for snapshot in run] == pytest.approx([0, 0.37, 0.5, 0.87, 1], abs=0.02)  # whole batches
    assert np.abs(run[0].W).max() <= 0.5 / 8 * 2
    assert (run[0].step, run[0].words_per_second, run[0].seconds_left) == (0, 0, None)
    assert (run[-1].fraction, run[-1].seconds_left) == (1, 0)
    assert run[-1].words_per_second > 0


def test_a_snapshot_does_not_change_as_training_goes_on():
    run = train(WORLD, **QUICK)
    first = next(run)
    before = first.W.tobytes()
    assert last(run).W.tobytes() != before
    assert first.W.tobytes() == before
    with pytest.raises(ValueError, match="read-only"):
        first.W[0, 0] = 1


@pytest.mark.parametrize("options", [{}, {"skip_gram": False}, {"hierarchical_softmax": True}, {"fasttext": True}])
def test_both_losses_fall(options):
    run = list(train(WORLD, **QUICK | {"epochs": 6, "sample": 1e-2, "alpha": 0.05} | options))
    assert run[-1].loss < 0.8 * run[0].loss
    assert run[-1].held_out_loss < 0.8 * run[0].held_out_loss


def test_the_loss_at_the_start_is_that_of_guessing():
    start = next(train(WORLD, **QUICK, min_count=1))
    assert (
        3 * np.log(2) < start.loss <= 4 * np.log(2) + 1e-3
    )  # of one true word and three others, the true one passed over


def test_what_is_held_out_is_not_learned_and_a_small_corpus_holds_out_nothing():
    whole, held = (last(train(WORLD, **QUICK, hold_out=hold_out)) for hold_out in (False, True))
    assert held.step < whole.step == 2 * WORLD.tokens
    assert whole.held_out_loss is None
    assert next(train(SMALL, **QUICK)).held_out_loss is None


@pytest.mark.parametrize("options", [{}, {"fasttext": True}])
def test_the_same_settings_give_the_same_run_and_another_seed_another(options):
    runs = [list(train(WORLD, **QUICK, seed=seed, **options)) for seed in (1, 1, 2)]
    assert all((a.W == b.W).all() and a.loss == b.loss for a, b in zip(*runs[:2], strict=True))
    assert (runs[0][-1].W != runs[2][-1].W).any()


def test_words_used_alike_come_to_lie_together():
    table = last(train(WORLD, dimension=16, epochs=8, sample=1e-2)).word_vectors()
    cosines = cosine_similarities(table.rows(["france", "spain", "porridge"]))
    assert cosines[0, 1] > 0.8 > 0.6 > cosines[0, 2]


@pytest.mark.parametrize("workers", [1, 2])
def test_closing_the_iterator_leaves_no_thread(workers):
    before = set(threading.enumerate())
    run = train(WORLD, **QUICK | {"epochs": 100, "snapshots": 300}, workers=workers)
    next(run), next(run)
    run.close()
    assert left_behind(before) == []
    assert list(run) == []


def test_an_exception_thrown_in_comes_out_and_leaves_no_thread():
    before = set(threading.enumerate())
    run = train(WORLD, **QUICK)
    next(run), next(run)
    with pytest.raises(Enough):
        run.throw(Enough())
    assert left_behind(before) == []


@pytest.mark.parametrize("phase", ["Counting", "Making", "Training"])
def test_the_watcher_can_stop_it_in_each_phase_and_no_thread_is_left(phase):
    before = set(threading.enumerate())

    def report(fraction, words):
        if words.startswith(phase):
            raise Enough(words)

    with pytest.raises(Enough, match=phase):
        list(train(WORLD, **QUICK, report=report))
    assert left_behind(before) == []


def test_the_watcher_is_called_at_every_batch():
    seen = []
    list(train(WORLD, **QUICK, report=lambda fraction, words: seen.append((fraction, words))))
    training = [fraction for fraction, words in seen if words.startswith("Training")]
    assert len(training) == 2 * 3
    assert training == sorted(training)


@pytest.mark.parametrize("alpha", [100.0, 1e20, 1e38])
def test_an_absurd_learning_rate_is_stopped_with_the_last_good_snapshot(alpha):
    seen = []
    with pytest.raises(TrainingDiverged, match="smaller learning rate") as caught:
        for snapshot in train(WORLD, **QUICK, alpha=alpha):
            seen.append(snapshot)
    assert caught.value.snapshot is seen[-1]
    assert np.isfinite(seen[-1].W).all()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"window": 0}, "The window"),
        ({"dimension": 0}, "The dimension"),
        ({"epochs": 0}, "epochs"),
        ({"negative": 0}, "negative words"),
        ({"min_count": 0}, "least count"),
        ({"workers": 0}, "workers"),
        ({"snapshots": 501}, "snapshots"),
        ({"alpha": 0}, "learning rate"),
        ({"alpha": float("nan")}, "learning rate"),
        ({"sample": 2}, "passed over"),
        ({"seed": -1}, "seed"),
    ],
)
def test_a_setting_out_of_range_is_refused_before_anything_is_done(options, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        train(SMALL, **options)


def test_a_corpus_whose_words_are_all_too_rare_is_refused():
    with pytest.raises(InvalidInput, match="Lower the least count"):
        next(train(of_text("each word is here once")))


def test_tables_that_do_not_fit_are_refused(monkeypatch):
    monkeypatch.setattr(snapshots_room, "allowed_bytes", lambda: 1_000)
    with pytest.raises(TooLarge, match="and its 4 snapshots"):
        next(train(SMALL, **QUICK))
