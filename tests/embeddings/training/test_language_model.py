import threading

import numpy as np
import pytest
import torch

from embeddings.common.errors import InvalidInput, TooLarge, TrainingDiverged, UnknownToken
from embeddings.training import language_model, snapshots
from embeddings.training.corpora import of_text, of_toy_corpus
from embeddings.training.language_model import Settings, gradients_of_W, train

QUICK = {"dimension": 16, "context": 8, "batch": 16, "steps": 20, "snapshots": 4}
WORLD = of_toy_corpus(size=2_000)
SMALL = of_toy_corpus(size=100)
KINDS = [{"model": "average"}, {"model": "transformer"}, {"blocks": 2}, {"tied": True}]


class Enough(Exception):
    """Raised to stop."""


def last(iterator):
    return list(iterator)[-1]


@pytest.mark.parametrize("model", ["average", "transformer"])
def test_only_the_rows_that_the_batch_looked_up_have_a_gradient(model):
    found, _ = gradients_of_W(WORLD, **QUICK | {"batch": 2}, model=model)
    assert found.gradient.shape == (len(found.vocabulary), 16)
    assert found.inputs.shape == (2, 8)
    assert found.rows == found.looked_up
    assert 1 < len(found.rows) <= 16 < len(found.vocabulary)


def test_the_length_of_a_row_of_the_gradient_is_0_where_nothing_was_looked_up():
    found, _ = gradients_of_W(WORLD, **QUICK | {"batch": 2}, model="average")
    assert tuple(np.flatnonzero(found.row_norms)) == found.looked_up
    row = found.looked_up[0]
    assert found.row_norms[row] == pytest.approx(float((found.gradient[row] ** 2).sum() ** 0.5), rel=1e-5)


@pytest.mark.parametrize("model", ["average", "transformer"])
def test_with_a_tied_head_every_row_has_a_gradient(model):
    _, found = gradients_of_W(WORLD, **QUICK | {"batch": 2}, model=model)
    assert found.rows == tuple(range(len(found.vocabulary)))
    assert len(found.looked_up) <= 16


def test_the_gradient_of_the_averaging_model_is_what_a_small_change_of_w_does_to_the_loss():
    options = QUICK | {"batch": 2, "model": "average"}
    found, _ = gradients_of_W(SMALL, **options)
    start = next(train(SMALL, **options))
    W, hidden, bias, head = (
        start.weights[name].astype(np.float64)
        for name in ("embedding.weight", "hidden.weight", "hidden.bias", "head.weight")
    )
    targets = targets_of(found, SMALL, start.tokenizer)

    def loss(W):
        means = np.cumsum(W[found.inputs], axis=1) / np.arange(1, 9)[:, None]
        scores = np.tanh(means @ hidden.T + bias) @ head.T
        chances = scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))
        return -np.take_along_axis(chances, targets[..., None], axis=-1).mean()

    assert found.loss == pytest.approx(loss(W), abs=1e-5)
    row = found.rows[-1]
    for column in range(16):
        change = np.zeros_like(W)
        change[row, column] = 1e-5
        slope = (loss(W + change) - loss(W - change)) / 2e-5
        assert found.gradient[row, column] == pytest.approx(slope, abs=1e-5)


def test_both_gradients_at_once_are_the_same_each_time_and_the_corpus_is_numbered_once():
    told = []
    options = QUICK | {"batch": 2}
    apart, tied = gradients_of_W(SMALL, report=lambda fraction, words: told.append(words), **options)
    assert (apart.tied, tied.tied) == (False, True)
    assert np.array_equal(apart.inputs, tied.inputs)  # the same batch, so that only the tying differs
    assert np.array_equal(apart.targets, tied.targets)
    assert np.array_equal(apart.inputs[:, 1:], apart.targets[:, :-1])
    assert [each.loss for each in gradients_of_W(SMALL, **options)] == [apart.loss, tied.loss]
    assert told.count("Numbering words") == 1


@pytest.mark.parametrize("phase", ["Counting words", "Numbering words", "Making the model", "Computing the gradient"])
def test_the_watcher_can_stop_a_gradient_in_each_phase(phase):
    def report(fraction, words):
        if words == phase:
            raise Enough(words)

    with pytest.raises(Enough, match=phase):
        gradients_of_W(SMALL, **QUICK, report=report)


def test_the_loss_taken_a_few_stretches_at_a_time_is_that_of_all_at_once(monkeypatch):
    whole = next(train(WORLD, **QUICK))
    told = []
    monkeypatch.setattr(language_model, "PROBE_LOGITS", 50 * 8 * len(whole.vocabulary))
    parts = next(train(WORLD, **QUICK, report=lambda fraction, words: told.append(words)))
    assert told.count("Measuring the loss") == 2 * 6  # 256 stretches in fifties, trained on and held out
    assert parts.loss == pytest.approx(whole.loss, rel=1e-5)
    assert parts.held_out_loss == pytest.approx(whole.held_out_loss, rel=1e-5)


def test_a_batch_whose_scores_would_not_fit_is_refused_before_it_is_taken(monkeypatch):
    monkeypatch.setattr(snapshots, "allowed_bytes", lambda: 200_000_000)
    next(train(SMALL, **QUICK))
    with pytest.raises(TooLarge, match="would take"):
        gradients_of_W(SMALL, **QUICK | {"batch": 1_024, "context": 256})


def targets_of(found, corpus, tokenizer) -> np.ndarray:
    """The tokens that follow each stretch of ``found``, sought in the corpus: int64 [B, T]."""
    ids = np.array([token_id for sentence in corpus.sentences for token_id in tokenizer.ids((*sentence, "\n"))])
    windows = np.lib.stride_tricks.sliding_window_view(ids, 9)
    return np.stack([windows[(windows[:, :8] == stretch).all(axis=1)][0, 1:] for stretch in found.inputs])


@pytest.mark.parametrize("options", KINDS)
@pytest.mark.parametrize("tokens", ["word", "character", "byte-pair"])
def test_both_losses_fall_from_about_that_of_guessing(options, tokens):
    run = list(train(WORLD, **QUICK | {"learning_rate": 2e-2} | options, tokens=tokens, bpe_vocab_size=300))
    guessing = np.log(len(run[0].vocabulary))
    assert run[0].loss == pytest.approx(guessing, rel=0.3)
    assert run[-1].loss < 0.95 * run[0].loss
    assert run[-1].held_out_loss < 0.95 * run[0].held_out_loss


def test_snapshots_are_spaced_evenly_from_the_random_start_to_the_end():
    run = list(train(SMALL, **QUICK))
    assert [snapshot.step for snapshot in run] == [0, 5, 10, 15, 20]
    assert [snapshot.fraction for snapshot in run] == [0, 0.25, 0.5, 0.75, 1]
    assert (run[0].seconds_left, run[-1].seconds_left) == (None, 0)
    assert run[-1].words_per_second > 0
    assert run[0].held_out_loss is None  # too small a corpus


def test_the_table_starts_as_noise_and_a_snapshot_stays_as_it_is():
    run = train(SMALL, **QUICK)
    first = next(run)
    before = first.W.tobytes()
    assert first.W.mean() == pytest.approx(0, abs=0.02)
    assert first.W.std() == pytest.approx(16**-0.5, rel=0.1)
    assert last(run).W.tobytes() != before
    assert first.W.tobytes() == before
    with pytest.raises(ValueError, match="read-only"):
        first.W[0, 0] = 1


def test_a_tied_head_is_the_table_and_an_untied_one_is_not():
    tied, untied = (last(train(SMALL, **QUICK, tied=tied)) for tied in (True, False))
    assert (tied.weights["head.weight"] == tied.W).all()
    assert (untied.weights["head.weight"] != untied.W).any()


@pytest.mark.parametrize("options", KINDS)
def test_the_same_settings_give_the_same_run_and_another_seed_another(options):
    first, same, other = (list(train(SMALL, **QUICK | options, seed=seed)) for seed in (1, 1, 2))
    assert all((a.W == b.W).all() and a.loss == b.loss for a, b in zip(first, same, strict=True))
    assert (first[-1].W != other[-1].W).any()


def test_the_randomness_of_others_does_not_change_a_run():
    first = last(train(SMALL, **QUICK))
    torch.manual_seed(123)
    assert (last(train(SMALL, **QUICK)).W == first.W).all()


def test_a_token_is_told_only_from_those_before_it():
    from embeddings.training.language_model import _network, _scores

    for options in KINDS:
        settings = Settings(**QUICK | options)
        network = _network(settings, 10, torch.Generator().manual_seed(0))
        ids = torch.tensor([[1, 2, 3, 4], [1, 2, 3, 9]])
        with torch.no_grad():
            scores = _scores(network, settings, ids)
        assert torch.allclose(scores[0, :3], scores[1, :3], atol=1e-6)
        assert not torch.allclose(scores[0, 3], scores[1, 3], atol=1e-6)


def test_a_continuation_is_the_same_for_the_same_seed_and_has_n_tokens():
    snapshot = last(train(WORLD, **QUICK))
    text = snapshot.continuation("the king", n=12, seed=4)
    assert text == snapshot.continuation("the king", n=12, seed=4)
    assert text != snapshot.continuation("the king", n=12, seed=5)
    assert len(snapshot.tokenizer.encode(text)) == 12
    assert snapshot.continuation("", n=3, temperature=0)


def test_at_temperature_0_it_takes_the_likeliest_and_has_learned_what_follows():
    snapshot = last(train(of_text("a b c d\n" * 50), **QUICK | {"steps": 80, "learning_rate": 1e-2}))
    assert snapshot.continuation("a b", n=3, temperature=0) == "c d\n"


@pytest.mark.parametrize("tokens", ["word", "character", "byte-pair"])
def test_a_prompt_that_the_corpus_cannot_write_is_refused(tokens):
    snapshot = next(train(SMALL, **QUICK, tokens=tokens, bpe_vocab_size=100))
    with pytest.raises(UnknownToken, match="ω"):
        snapshot.continuation("the ω")


@pytest.mark.parametrize(("n", "temperature"), [(0, 1), (501, 1), (5, -1), (5, float("nan"))])
def test_a_continuation_out_of_range_is_refused(n, temperature):
    with pytest.raises(InvalidInput):
        next(train(SMALL, **QUICK)).continuation("the", n=n, temperature=temperature)


@pytest.mark.parametrize("rate", [1e3, 1e30])
def test_an_absurd_learning_rate_is_stopped_with_the_last_good_snapshot(rate):
    seen = []
    with pytest.raises(TrainingDiverged, match="smaller learning rate") as caught:
        for snapshot in train(SMALL, **QUICK, learning_rate=rate):
            seen.append(snapshot)
    assert caught.value.snapshot is seen[-1]
    assert np.isfinite(seen[-1].W).all()


@pytest.mark.parametrize(
    ("tokens", "phase"),
    [
        ("word", "Counting words"),
        ("word", "Numbering words"),
        ("character", "Finding characters"),
        ("character", "Numbering characters"),
        ("byte-pair", "Merging pairs"),
        ("byte-pair", "Numbering byte pairs"),
        ("word", "Opening PyTorch"),
        ("word", "Making the model"),
        ("word", "Measuring the loss"),
        ("word", "Training"),
    ],
)
def test_the_watcher_can_stop_it_in_each_phase_and_no_thread_is_left(tokens, phase):
    before = threading.active_count()

    def report(fraction, words):
        if words.startswith(phase):
            raise Enough(words)

    with pytest.raises(Enough, match=phase):
        list(train(SMALL, **QUICK, tokens=tokens, bpe_vocab_size=100, report=report))
    assert threading.active_count() <= before


def test_closing_and_throwing_end_it_at_a_snapshot():
    before = threading.active_count()
    run = train(SMALL, **QUICK)
    next(run), next(run)
    run.close()
    assert list(run) == []
    run = train(SMALL, **QUICK)
    next(run)
    with pytest.raises(Enough):
        run.throw(Enough())
    assert threading.active_count() <= before


def test_each_token_is_multiplied_with_all_weights_but_those_looked_up():
    V, D = len(next(train(SMALL, **QUICK)).vocabulary), 16
    average = next(train(SMALL, **QUICK, model="average"))
    assert average.multiplied_weights == D * D + D + V * D


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"tokens": "sentence"}, "tokens of the kind"),
        ({"model": "lstm"}, "model called"),
        ({"blocks": 5}, "blocks"),
        ({"context": 1}, "context"),
        ({"dimension": 6}, "multiple of 4"),
        ({"dimension": 3}, "dimension"),
        ({"batch": 0}, "batch"),
        ({"steps": 0}, "steps"),
        ({"learning_rate": 0}, "learning rate"),
        ({"learning_rate": float("inf")}, "learning rate"),
        ({"seed": -1}, "seed"),
        ({"snapshots": 0}, "snapshots"),
    ],
)
def test_a_setting_out_of_range_is_refused_before_anything_is_done(options, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        train(SMALL, **options)


def test_too_little_text_is_refused():
    with pytest.raises(InvalidInput, match="too few for a context of 16"):
        next(train(of_text("a cat sat")))
    with pytest.raises(InvalidInput, match="nothing can be learned"):
        next(train(of_text("cat cat cat cat"), context=2))
