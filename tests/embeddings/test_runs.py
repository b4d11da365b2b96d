import gc
import threading
import weakref

import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from embeddings import language_model, word2vec
from embeddings.corpora import of_made_up_world
from embeddings.errors import Diverged
from embeddings.jobs import TRAINING, JobLine, Kind
from embeddings.runs import Gate, History, WordMap, bytes_of, watch
from embeddings.snapshots import Snapshot
from embeddings.vocabulary import Vocabulary

PATIENCE = 20  # seconds until a test that hangs gives up; none is ever waited for when all is well
WORLD = of_made_up_world(size=600)
QUICK = {
    "word2vec": {"dimension": 8, "epochs": 4, "negative": 3, "snapshots": 4},
    "language_model": {"dimension": 8, "context": 4, "batch": 4, "steps": 8, "snapshots": 4},
}
MODULES = {"word2vec": word2vec, "language_model": language_model}
PHASES = {
    "word2vec": ("Counting words", "Making the tables", "Training:"),
    "language_model": ("Counting words", "Numbering words", "Making the model", "Training:"),
}


def snapshot(step: int, W=None, last: int = 10) -> Snapshot:
    W = np.full((2, 3), step, dtype=np.float32) if W is None else np.asarray(W, dtype=np.float32)
    vocabulary = Vocabulary([f"w{row}" for row in range(len(W))])
    return Snapshot(step, step / last, 1.0, None, W, vocabulary, 0.0, None)


def training(name: str):
    return lambda on_progress: MODULES[name].train(WORLD, on_progress=on_progress, **QUICK[name])


def silent(fraction, words="", history=None):
    """Nobody watches."""


def threads_of_jobs() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("job-")]


def no_thread_is_left() -> bool:
    for thread in threads_of_jobs():
        thread.join(PATIENCE)
    return not threads_of_jobs()


@pytest.mark.parametrize("name", MODULES)
def test_a_visitor_who_leaves_frees_all_that_the_run_has_shown(name):
    line, shown = JobLine(), threading.Event()

    def work(report):
        def told(fraction, words="", history=None):
            if history is not None and len(history.snapshots) == 2:
                shown.set()
                gate.pause()
            report(fraction, words, history)

        return watch(training(name), told, gate)

    gate, jobs = Gate(), {}
    jobs["run"] = line.submit("visitor", work, TRAINING)
    assert shown.wait(PATIENCE)
    line.release("visitor")  # as when the visitor's desk is released
    assert no_thread_is_left()
    freed = [weakref.ref(jobs["run"].snapshot), *map(weakref.ref, jobs["run"].snapshot.snapshots)]
    assert len(freed) >= 2
    jobs.clear()
    gc.collect()
    assert [reference() for reference in freed] == [None] * len(freed)


@pytest.mark.parametrize("name", MODULES)
def test_a_run_has_a_moment_and_a_table_for_each_snapshot(name):
    history = watch(training(name), silent, Gate())
    assert [moment.fraction for moment in history.moments] == [0, 0.25, 0.5, 0.75, 1]
    assert [kept.step for kept in history.snapshots] == [moment.step for moment in history.moments]


def test_each_snapshot_is_reported_as_soon_as_it_is_there():
    lengths = []
    watch(training("word2vec"), lambda f, w="", h=None: h and lengths.append(len(h.moments)), Gate())
    assert lengths == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("most", [1, 2, 3, 5, 8])
def test_what_is_kept_stays_in_bounds_and_has_the_first_and_the_last(most):
    history = History()
    for step in range(41):
        history = history.then(snapshot(step, last=40), kept_bytes=most * 24)
        steps = [kept.step for kept in history.snapshots]
        assert (steps[0], steps[-1]) == (0, step)
        assert len(steps) <= max(2, most)
    assert len(history.moments) == 41


def test_kept_snapshots_are_evenly_spaced():
    history = History()
    for step in range(17):
        history = history.then(snapshot(step, last=16), kept_bytes=9 * 24)
    assert [kept.step for kept in history.snapshots] == list(range(0, 17, 2))


def test_a_snapshot_weighs_all_its_weights():
    word, *_ = watch(training("word2vec"), silent, Gate()).snapshots
    model, *_ = watch(training("language_model"), silent, Gate()).snapshots
    assert bytes_of(word) == 4 * word.W.size
    assert bytes_of(model) == 4 * sum(weight.size for weight in model.weights.values()) > 2 * model.W.nbytes


@pytest.mark.parametrize(("name", "phase"), [(name, phase) for name, phases in PHASES.items() for phase in phases])
def test_a_run_is_stopped_in_each_phase_and_no_thread_is_left(name, phase):
    line, came, may_begin = JobLine(), threading.Event(), threading.Event()
    before, jobs = threading.active_count(), []

    def work(report):
        assert may_begin.wait(PATIENCE)

        def tell(fraction, words="", history=None):
            if words.startswith(phase) and not came.is_set():
                came.set()
                jobs[0].cancel("Enough.")
            report(fraction, words, history)

        return watch(training(name), tell, Gate())

    jobs.append(line.submit("me", work, TRAINING))
    may_begin.set()
    assert jobs[0].wait(PATIENCE)
    assert came.is_set()
    assert (jobs[0].state, jobs[0].words) == ("stopped", "Enough.")
    assert no_thread_is_left()
    assert threading.active_count() <= before


@pytest.mark.parametrize("name", MODULES)
def test_a_run_that_waits_in_line_is_stopped_before_it_begins(name):
    line, gate = JobLine(at_once=1), Gate()
    gate.pause()
    first = line.submit("me", lambda report: watch(training(name), report, gate), TRAINING)
    second = line.submit("you", lambda report: watch(training(name), report, Gate()), TRAINING)
    assert (second.state, second.place) == ("waiting", 1)
    second.cancel()
    first.cancel()
    assert second.state == "stopped"
    assert first.wait(PATIENCE)
    assert no_thread_is_left()


def test_a_paused_run_stands_still_and_goes_on_where_it_was():
    line, gate, held = JobLine(), Gate(), threading.Event()

    def work(report):
        def tell(fraction, words="", history=None):
            if history is not None and len(history.moments) == 2:
                gate.pause()
            if words.startswith("Paused"):
                held.set()
            report(fraction, words, history)

        return watch(training("word2vec"), tell, gate)

    job = line.submit("me", work, TRAINING)
    assert held.wait(PATIENCE)
    assert len(job.snapshot.moments) == 2
    assert job.words.startswith("Paused. Training")
    gate.go_on()
    assert job.wait(PATIENCE)
    bare = list(word2vec.train(WORLD, **QUICK["word2vec"]))
    assert np.array_equal(job.result.snapshots[-1].W, bare[-1].W)


def test_a_paused_run_can_be_stopped():
    line, gate = JobLine(), Gate()
    gate.pause()
    job = line.submit("me", lambda report: watch(training("language_model"), report, gate), TRAINING)
    job.cancel("Enough.")
    assert job.wait(PATIENCE)
    assert job.state == "stopped"
    assert no_thread_is_left()


def test_a_pause_that_nobody_ends_ends_by_itself():
    gate = Gate(longest=0.1)
    gate.pause()
    gate.wait(lambda: None)
    assert not gate.shut


def test_a_run_that_nobody_watches_is_stopped_soon():
    class Clock:
        now = 0.0

        def __call__(self):
            return self.now

    clock, gate = Clock(), Gate()
    gate.pause()
    job = JobLine(clock=clock).submit("me", lambda report: watch(training("word2vec"), report, gate), TRAINING)
    clock.now = TRAINING.unwatched_seconds + 1
    assert job.wait(PATIENCE)
    assert "nobody was watching" in job.words
    assert TRAINING.unwatched_seconds <= 10


def test_two_train_at_once_and_a_third_waits_for_its_place():
    line = JobLine(at_once=2)
    jobs, seen, go = [], [], threading.Event()
    half_way = threading.Barrier(2, action=lambda: seen.append([(job.state, job.fraction) for job in jobs]))

    def work(number):
        def run(report):
            def told(fraction, words="", history=None):
                report(fraction, words, history)
                if number < 2 and history is not None and fraction == 0.5:
                    half_way.wait(PATIENCE)  # for the other, which must have come as far meanwhile

            assert go.wait(PATIENCE)
            return watch(training("word2vec"), told, Gate())

        return run

    jobs += [line.submit(f"visitor {number}", work(number), TRAINING) for number in range(3)]
    go.set()
    assert all(job.wait(PATIENCE) for job in jobs)
    assert seen == [[("running", 0.5), ("running", 0.5), ("waiting", 0)]]
    assert [job.state for job in jobs] == ["done"] * 3


@pytest.mark.parametrize("name", MODULES)
def test_a_run_gone_astray_keeps_the_last_good_snapshot(name):
    rate = {"word2vec": {"alpha": 1e5}, "language_model": {"learning_rate": 1e3}}[name]
    line = JobLine()
    job = line.submit(
        "me",
        lambda report: watch(
            lambda tell: MODULES[name].train(WORLD, on_progress=tell, **QUICK[name] | rate), report, Gate()
        ),
        Kind("training", seconds=60, unwatched_seconds=60),
    )
    assert job.wait(PATIENCE)
    assert (job.state, type(job.error)) == ("failed", Diverged)
    assert "smaller learning rate" in job.words
    assert job.error.snapshot is job.snapshot.snapshots[-1]
    assert np.isfinite(job.snapshot.snapshots[-1].W).all()


def test_what_a_run_has_shown_is_released_with_its_job():
    line = JobLine()
    job = line.submit("me", lambda report: watch(training("word2vec"), report, Gate()), TRAINING)
    assert job.wait(PATIENCE)
    table = weakref.ref(job.result.snapshots[-1].W)
    assert no_thread_is_left()
    del job
    gc.collect()
    assert table() is None


def test_on_the_map_a_turned_table_stands_still():
    rows = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)
    turn, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(4, 4)))
    first, second = WordMap(tuple(range(6))).places([snapshot(1, rows), snapshot(2, rows @ turn)])
    assert np.allclose(first, second, atol=1e-4)


def test_a_gate_knows_how_long_it_held_somebody():
    gate, waiting = Gate(), threading.Event()
    gate.wait(silent)
    assert gate.held == 0
    gate.pause()
    thread = threading.Thread(target=gate.wait, args=(waiting.set,))
    thread.start()
    assert waiting.wait(PATIENCE)
    before = gate.held
    gate.go_on()
    thread.join(PATIENCE)
    assert 0 <= before <= gate.held == gate.held


def test_the_random_start_shows_nothing_of_what_is_learned_later():
    """Two clusters of 19 in 50 dimensions: some turn of the noise would show them."""
    random, cluster = np.random.default_rng(0), np.repeat([0, 1], 19)
    noise = random.normal(size=(38, 50)) / 50
    learned = noise + random.normal(size=(2, 50))[cluster]
    start, end = WordMap(tuple(range(38))).places([snapshot(0, noise), snapshot(1, learned)])
    assert silhouette_score(end, cluster) > 0.9
    assert abs(silhouette_score(start, cluster)) < 0.1


def test_the_map_shows_directions_not_lengths():
    rows = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)
    longer = rows * np.arange(1, 7)[:, None]
    first, second = WordMap(tuple(range(6))).places([snapshot(0, rows), snapshot(1, longer)])
    assert np.allclose(first, second, atol=1e-4)


def test_the_map_goes_on_from_where_it_was():
    snapshots = watch(training("word2vec"), silent, Gate()).snapshots
    ids = (1, 2, 3, 4, 5)
    word_map = WordMap(ids)
    live = [word_map.places(snapshots[:n])[-1] for n in range(1, len(snapshots) + 1)]
    assert np.allclose(live[-1], WordMap(ids).places(snapshots)[-1], atol=1e-5)
