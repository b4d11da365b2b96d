import gc
import threading
import weakref

import numpy as np
import pytest
from sklearn.metrics import silhouette_score
from threadpoolctl import threadpool_info

from embeddings.common.errors import TrainingDiverged
from embeddings.jobs.queue import PAUSED_IDLE_TIMEOUT, TRAINING, Job, JobKind, JobQueue
from embeddings.tokenizers.vocabulary import Vocabulary
from embeddings.training import language_model, word2vec
from embeddings.training.corpora import of_toy_corpus
from embeddings.training.history import (
    AlignedMap,
    History,
    Metrics,
    bytes_of,
    fall_share,
    moment_at,
    run_with_history,
)
from embeddings.training.snapshots import Snapshot
from tests.clock import Clock

PATIENCE = 60  # seconds until a test that hangs gives up; none is ever waited for when all is well
WORLD = of_toy_corpus(size=600)
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
    return lambda report: MODULES[name].train(WORLD, report=report, **QUICK[name])


def silent(fraction, words="", history=None):
    """Nobody watches."""


def still_line(at_once: int = 2) -> JobQueue:
    """A line whose time stands still, so that nothing in it is ever unwatched or late, however slow the machine."""
    return JobQueue(at_once, clock=lambda: 0.0)


def threads_of_jobs() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("job-")]


def no_thread_is_left() -> bool:
    for thread in threads_of_jobs():
        thread.join(PATIENCE)
    return not threads_of_jobs()


@pytest.mark.parametrize("name", MODULES)
def test_a_visitor_who_leaves_frees_all_that_the_run_has_shown(name):
    line, shown = still_line(), threading.Event()

    def work(report):
        def told(fraction, words="", history=None):
            if history is not None and len(history.snapshots) == 2:
                assert jobs["run"].pause()
                shown.set()
            report(fraction, words, history)

        assert may_begin.wait(PATIENCE)
        return run_with_history(training(name), told)

    jobs, may_begin = {}, threading.Event()
    jobs["run"] = line.submit("visitor", work, TRAINING)
    may_begin.set()
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
    history = run_with_history(training(name), silent)
    assert [moment.fraction for moment in history.metrics] == [0, 0.25, 0.5, 0.75, 1]
    assert [kept.step for kept in history.snapshots] == [moment.step for moment in history.metrics]


def test_each_snapshot_is_reported_as_soon_as_it_is_there():
    lengths = []
    run_with_history(training("word2vec"), lambda f, w="", h=None: h and lengths.append(len(h.metrics)))
    assert lengths == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("most", [1, 2, 3, 5, 8])
def test_what_is_kept_stays_in_bounds_and_has_the_first_and_the_last(most):
    history = History()
    for step in range(41):
        history = history.append(snapshot(step, last=40), kept_bytes=most * 24)
        steps = [kept.step for kept in history.snapshots]
        assert (steps[0], steps[-1]) == (0, step)
        assert len(steps) <= max(2, most)
    assert len(history.metrics) == 41


def test_kept_snapshots_are_evenly_spaced():
    history = History()
    for step in range(17):
        history = history.append(snapshot(step, last=16), kept_bytes=9 * 24)
    assert [kept.step for kept in history.snapshots] == list(range(0, 17, 2))


def test_a_snapshot_weighs_all_its_weights():
    word, *_ = run_with_history(training("word2vec"), silent).snapshots
    model, *_ = run_with_history(training("language_model"), silent).snapshots
    assert bytes_of(word) == 4 * word.W.size
    assert bytes_of(model) == 4 * sum(weight.size for weight in model.weights.values()) > 2 * model.W.nbytes


@pytest.mark.parametrize(("name", "phase"), [(name, phase) for name, phases in PHASES.items() for phase in phases])
def test_a_run_is_stopped_in_each_phase_and_no_thread_is_left(name, phase):
    line, came, may_begin = still_line(), threading.Event(), threading.Event()
    before, jobs = threading.active_count(), []

    def work(report):
        assert may_begin.wait(PATIENCE)

        def tell(fraction, words="", history=None):
            if words.startswith(phase) and not came.is_set():
                came.set()
                jobs[0].cancel("Enough.")
            report(fraction, words, history)

        return run_with_history(training(name), tell)

    jobs.append(line.submit("me", work, TRAINING))
    may_begin.set()
    assert jobs[0].wait(PATIENCE)
    assert came.is_set()
    assert (jobs[0].state, jobs[0].message) == ("stopped", "Enough.")
    assert no_thread_is_left()
    assert line.close()  # its own thread goes, too
    assert threading.active_count() <= before


@pytest.mark.parametrize("name", MODULES)
def test_a_run_that_waits_in_line_is_stopped_before_it_begins(name):
    line, go_on = still_line(at_once=1), threading.Event()
    first = line.submit("me", lambda report: go_on.wait(PATIENCE), TRAINING)
    second = line.submit("you", lambda report: run_with_history(training(name), report), TRAINING)
    assert (second.state, second.position) == ("waiting", 1)
    second.cancel()
    go_on.set()
    assert second.state == "stopped"
    assert first.wait(PATIENCE)
    assert no_thread_is_left()


def paused_training(line: JobQueue, name: str) -> Job:
    """A training that stands still at its second snapshot, and has given its place back."""
    jobs, may_begin, aside = [], threading.Event(), threading.Event()

    def work(report):
        def tell(fraction, words="", history=None):
            if history is not None and len(history.metrics) == 2:
                assert jobs[0].pause()
                line.submit("next", lambda report: aside.set(), TRAINING)  # has a place as soon as this one has none
            report(fraction, words, history)

        assert may_begin.wait(PATIENCE)
        return run_with_history(training(name), tell)

    jobs.append(line.submit("me", work, TRAINING))
    may_begin.set()
    assert aside.wait(PATIENCE)
    return jobs[0]


@pytest.mark.parametrize("name", MODULES)
def test_a_paused_run_stands_still_and_goes_on_where_it_was(name):
    job = paused_training(still_line(at_once=1), name)
    assert (job.state, len(job.snapshot.metrics)) == ("paused", 2)
    job.resume()
    assert job.wait(PATIENCE)
    bare = list(MODULES[name].train(WORLD, **QUICK[name]))
    assert np.array_equal(job.result.snapshots[-1].W, bare[-1].W)


@pytest.mark.parametrize("name", MODULES)
def test_a_paused_run_keeps_no_library_from_others(name):
    """BLAS and torch go as many threads as before, which a measurement beside it relies on."""
    import torch

    def threads():
        return torch.get_num_threads(), [pool["num_threads"] for pool in threadpool_info()]

    torch.zeros(1)
    before = threads()
    job = paused_training(still_line(at_once=1), name)
    assert threads() == before
    job.cancel()
    assert job.wait(PATIENCE)


@pytest.mark.parametrize("name", MODULES)
def test_a_paused_run_can_be_stopped_and_keeps_what_it_has_learned(name):
    job = paused_training(still_line(at_once=1), name)
    job.cancel("Enough.")
    assert job.wait(PATIENCE)
    assert (job.state, job.message, len(job.snapshot.metrics)) == ("stopped", "Enough.", 2)
    assert no_thread_is_left()


def test_a_paused_run_that_nobody_watches_is_stopped_soon():
    line = JobQueue(max_running=1, clock=(clock := Clock()))
    job = paused_training(line, "word2vec")
    clock.now = PAUSED_IDLE_TIMEOUT + 1
    line.dispatch()
    assert job.wait(PATIENCE)
    assert "nobody was watching" in job.message
    assert TRAINING.idle_timeout <= 10


def test_two_train_at_once_and_a_third_waits_for_its_place():
    line = still_line(at_once=2)
    jobs, seen, go = [], [], threading.Event()
    half_way = threading.Barrier(2, action=lambda: seen.append([(job.state, job.fraction) for job in jobs]))

    def work(number):
        def run(report):
            def told(fraction, words="", history=None):
                report(fraction, words, history)
                if number < 2 and history is not None and fraction == 0.5:
                    half_way.wait(PATIENCE)  # for the other, which must have come as far meanwhile

            assert go.wait(PATIENCE)
            return run_with_history(training("word2vec"), told)

        return run

    jobs += [line.submit(f"visitor {number}", work(number), TRAINING) for number in range(3)]
    go.set()
    assert all(job.wait(PATIENCE) for job in jobs)
    assert seen == [[("running", 0.5), ("running", 0.5), ("waiting", 0)]]
    assert [job.state for job in jobs] == ["done"] * 3


@pytest.mark.parametrize("name", MODULES)
def test_a_run_gone_astray_keeps_the_last_good_snapshot(name):
    rate = {"word2vec": {"alpha": 1e5}, "language_model": {"learning_rate": 1e3}}[name]
    line = still_line()
    job = line.submit(
        "me",
        lambda report: run_with_history(
            lambda tell: MODULES[name].train(WORLD, report=tell, **QUICK[name] | rate), report
        ),
        JobKind("training", seconds=60, idle_timeout=60),
    )
    assert job.wait(PATIENCE)
    assert (job.state, type(job.error)) == ("failed", TrainingDiverged)
    assert "smaller learning rate" in job.message
    assert job.error.snapshot is job.snapshot.snapshots[-1]
    assert np.isfinite(job.snapshot.snapshots[-1].W).all()


def test_what_a_run_has_shown_is_released_with_its_job():
    line = still_line()
    job = line.submit("me", lambda report: run_with_history(training("word2vec"), report), TRAINING)
    assert job.wait(PATIENCE)
    table = weakref.ref(job.result.snapshots[-1].W)
    assert no_thread_is_left()
    del job
    gc.collect()
    assert table() is None


def test_on_the_map_a_turned_table_stands_still():
    rows = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)
    turn, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(4, 4)))
    first, second = AlignedMap(tuple(range(6))).places([snapshot(1, rows), snapshot(2, rows @ turn)])
    assert np.allclose(first, second, atol=1e-4)


def test_the_random_start_shows_nothing_of_what_is_learned_later():
    """Two clusters of 19 in 50 dimensions: some turn of the noise would show them."""
    random, cluster = np.random.default_rng(0), np.repeat([0, 1], 19)
    noise = random.normal(size=(38, 50)) / 50
    learned = noise + random.normal(size=(2, 50))[cluster]
    start, end = AlignedMap(tuple(range(38))).places([snapshot(0, noise), snapshot(1, learned)])
    assert silhouette_score(end, cluster) > 0.9
    assert abs(silhouette_score(start, cluster)) < 0.1


def test_the_map_shows_directions_not_lengths():
    rows = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)
    longer = rows * np.arange(1, 7)[:, None]
    first, second = AlignedMap(tuple(range(6))).places([snapshot(0, rows), snapshot(1, longer)])
    assert np.allclose(first, second, atol=1e-4)


def test_the_map_goes_on_from_where_it_was():
    snapshots = run_with_history(training("word2vec"), silent).snapshots
    ids = (1, 2, 3, 4, 5)
    word_map = AlignedMap(ids)
    live = [word_map.places(snapshots[:n])[-1] for n in range(1, len(snapshots) + 1)]
    assert np.allclose(live[-1], AlignedMap(ids).places(snapshots)[-1], atol=1e-5)


def test_the_share_of_the_fall_is_counted_from_the_random_start_to_the_end():
    losses = {0.0: 5.0, 0.08: 3.5, 0.5: 2.0, 1.0: 1.0}
    metrics = [
        Metrics(number, fraction, loss, None, 0.0, None) for number, (fraction, loss) in enumerate(losses.items())
    ]

    tenth = moment_at(metrics, 0.1)

    assert tenth is metrics[1]
    assert moment_at(metrics, 0) is metrics[1]  # the start itself shows no fall
    assert fall_share(metrics, tenth) == pytest.approx(1.5 / 4)
    assert fall_share(metrics, metrics[-1]) == 1
