"""Jobs on a real Dask scheduler with two workers, in processes of their own."""

import json
import logging
import os
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import psutil
import pytest

from embeddings.common import no_progress
from embeddings.evaluation import report_cards
from embeddings.jobs import EVALUATION, PROJECTION, TIMING, TRAINING, ByName, Call, JobQueue
from embeddings.lookup import Sweep, run_lab
from embeddings.projection import measured_full_map, measured_map
from embeddings.similarity import neighbor_ranks_by_rank
from embeddings.sources import DEFAULT, load, opened
from embeddings.tokenizers import Vocabulary, train_bpe
from embeddings.training import (
    ablate_positions,
    corpus_merges,
    of_toy_corpus,
    row_gradients,
    train_untied_and_tied,
    train_with_history,
)
from embeddings.transformer import MiniLM, order_similarity, sense_similarity
from embeddings.tsne_pitfalls import PointSet, measured_grid
from embeddings.vectors import WordVectors
from tests import remote_calls

pytest.importorskip("distributed", reason="distributed is installed with requirements-cluster.txt")

from embeddings.jobs.dask_backend import DaskBackend

ROOT = Path(__file__).parents[3]
PATIENCE = 60  # seconds, for a busy machine
SOON = 5  # seconds; a second is promised to a visitor on a machine that is not busy
BETWEEN = 0.01


def wait_for(condition, seconds=PATIENCE):
    """Whether ``condition`` has come true."""
    moment = threading.Event()
    for _ in range(int(seconds / BETWEEN)):
        if condition():
            return True
        moment.wait(BETWEEN)
    return condition()


@contextmanager
def started(*command, folder):
    """A process of Dask's, ended with all that it has begun."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__WORKER__DAEMON": "false"}
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *command], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def cluster(folder, *workers):
    """The address and the process of a scheduler, with a worker for each of ``workers``, its further arguments."""
    file = folder / "scheduler.json"
    with ExitStack() as stack:
        scheduler = stack.enter_context(
            started(
                *("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)),
                folder=folder,
            )
        )
        for arguments in workers:
            stack.enter_context(
                started(
                    *("worker", "--scheduler-file", str(file), "--host", "127.0.0.1", "--nthreads", "1"),
                    *("--no-dashboard", "--local-directory", str(folder), *arguments),
                    folder=folder,
                )
            )
        assert wait_for(lambda: file.exists() and file.read_text().endswith("}")), (folder / "log.txt").read_text()
        address = json.loads(file.read_text())["address"]
        from distributed import Client

        with Client(address, timeout=PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(len(workers), timeout=PATIENCE)
        yield address, scheduler


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with cluster(tmp_path_factory.mktemp("dask"), ["--resources", "GPU=1"], []) as (address, _):
        yield address


@pytest.fixture
def line(address):
    line = JobQueue(backend=DaskBackend(address))
    yield line
    assert line.close(PATIENCE)


def done(job):
    assert job.wait(PATIENCE)
    assert job.state == "done", job.message
    return job.result


VECTORS = np.random.default_rng(7).normal(size=(60, 8)).astype(np.float32)
TOY_TABLE = WordVectors.of("your toy", [f"word{number}" for number in range(60)], VECTORS)
NOISE = PointSet("noise", "noise", TOY_TABLE.tokens, VECTORS, np.zeros(60, np.int64), seeds=1)
TOY_CORPUS = ByName(of_toy_corpus, (200, 1))
SMALL = {"dimension": 8, "min_count": 1, "seed": 5, "snapshots": 3}


def learned(history):
    return [(snapshot.step, snapshot.loss, snapshot.W.tolist()) for snapshot in history.snapshots]


def scored(cards):
    return {name: (card.analogies, card.pairs) for name, card in cards.items()}


def drawn(result):
    return result.coordinates.tolist(), result.quality.trustworthiness, result.projection.options


CALLS = {  # those of the pages, small, each with what must be the same wherever it is made
    "pca": (Call(measured_map, (VECTORS, {"method": "pca"})), drawn),
    "tsne": (Call(measured_map, (VECTORS, {"method": "tsne"}), {"seed": 3}), drawn),
    "umap": (Call(measured_map, (VECTORS, {"method": "umap"}), {"seed": 3}), drawn),
    "full map": (
        Call(measured_full_map, (TOY_TABLE, (1, 2))),
        lambda found: (found.whole.coordinates.tolist(), found.quality.trustworthiness),
    ),
    "neighbours": (Call(neighbor_ranks_by_rank, (TOY_TABLE,)), lambda found: found.medians.tolist()),
    "trap": (
        Call(measured_grid, ("perplexity", (NOISE,))),
        lambda grid: [each.coordinates.tolist() for each in grid.maps],
    ),
    "word2vec": (Call(train_with_history, (TOY_CORPUS, "word2vec", SMALL | {"epochs": 2, "workers": 1})), learned),
    "language model": (
        Call(train_with_history, (TOY_CORPUS, "language_model", SMALL | {"steps": 4, "context": 4, "batch": 4}, 0.5)),
        learned,
    ),
    "small models": (
        Call(train_untied_and_tied, (TOY_CORPUS,), {"dimension": 8, "context": 4, "batch": 4, "steps": 4}),
        lambda pair: [{name: weight.tolist() for name, weight in model.weights.items()} for model in pair],
    ),
    "gradients": (
        Call(row_gradients, (TOY_CORPUS,), {"dimension": 8, "min_count": 1, "context": 4, "batch": 2}),
        lambda found: [(rows.norms.tolist(), list(rows.tokens), rows.looked_up) for rows in found],
    ),
    "byte pairs": (Call(train_bpe, ("low lower lowest", 4)), lambda found: found.merges),
    "byte pairs of a corpus": (Call(corpus_merges, ("made-up-world", 9)), lambda found: found.training.tokens),
    "senses": (
        Call(sense_similarity, (ByName(MiniLM.load), "bank", "river bank", "bank loan")),
        lambda found: found.other.cosines,
    ),
    "orders": (
        Call(order_similarity, (ByName(MiniLM.load), "dog bites man", "man bites dog")),
        lambda found: (found.with_positions.tolist(), found.without_positions.tolist()),
    ),
    "ablation": (
        Call(ablate_positions, (TOY_CORPUS,), {"dimension": 8, "context": 4, "batch": 4, "steps": 4, "snapshots": 2}),
        lambda found: [[moment.loss for moment in run] for run in (found.with_positions, found.without_positions)],
    ),
    "report card": (Call(report_cards, (ByName(opened, (DEFAULT, 2_000)),), {"limit": 2_000}), scored),
    "lab": (
        Call(run_lab, (Sweep((4, 8), D=4, B=4, min_run_seconds=0.001), "", 0.001)),
        lambda run: [type(outcome) for outcome in run.benchmark_run.outcomes(run.benchmark_run.sweeps[0])],
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_what_the_pages_ask_for_comes_out_there_as_in_this_process(line, name, caplog):
    call, essence = CALLS[name]
    there = done(line.submit("ada", call, EVALUATION))
    assert "in this process" not in caplog.text
    assert essence(there) == essence(call(no_progress))


def test_what_comes_back_is_read_only_and_a_table_goes_by_its_name(line):
    glove = Call(remote_calls.first_row, (ByName(opened, (DEFAULT, 100), pytest.fail),))
    row = done(line.submit("ada", glove, EVALUATION))
    assert (row == load(max_rows=1).matrix[0]).all()
    result = done(line.submit("ada", CALLS["pca"][0], PROJECTION))
    assert not result.coordinates.flags.writeable


def test_other_processes_make_the_calls_that_travel(line):
    assert done(line.submit("ada", Call(remote_calls.here), EVALUATION)) != os.getpid()
    assert done(line.submit("ada", Call(remote_calls.here, travels=False), EVALUATION)) == os.getpid()


def test_a_large_vocabulary_finds_its_tokens_there(line):
    vocabulary = Vocabulary([f"word{number}" for number in range(20_000)])
    call = Call(remote_calls.ids_of, (vocabulary, ["word0", "word777", "word19999"]))
    assert done(line.submit("ada", call, EVALUATION)) == [0, 777, 19_999]


def test_what_is_refused_there_is_said_here(line):
    job = line.submit("ada", Call(remote_calls.refuse, ("cow",)), EVALUATION)
    assert job.wait(PATIENCE)
    assert (job.state, job.message) == (
        "failed",
        "'cow' is not in this table. Try another spelling, or a more common word.",
    )
    assert job.error.token == "cow"


def test_a_bug_there_is_logged_here_and_told_without_details(line, caplog):
    job = line.submit("ada", Call(remote_calls.fail), EVALUATION)
    assert job.wait(PATIENCE)
    assert job.message.startswith("Something went wrong")
    assert "ZeroDivisionError" in caplog.text


def test_progress_and_snapshots_come_and_stopping_ends_the_work_there(line, tmp_path):
    job = line.submit("ada", Call(remote_calls.until, (str(tmp_path),)), PROJECTION)
    assert wait_for(lambda: job.snapshot is not None)
    first = job.message
    assert wait_for(lambda: job.message != first)
    assert (job.fraction, job.state) == (0.25, "running")

    job.cancel("Enough.")

    assert job.wait(SOON)
    assert (job.state, job.message) == ("stopped", "Enough.")
    assert (tmp_path / "ended").exists()


def test_a_paused_job_stands_still_there_and_goes_on(line, address, tmp_path):
    job = line.submit("ada", Call(remote_calls.until, (str(tmp_path),)), TRAINING)
    assert wait_for(lambda: job.snapshot is not None)

    assert job.pause()
    assert wait_for(lambda: job.state == "paused")

    from distributed import Client

    with Client(address, set_as_default=False) as client:
        assert wait_for(lambda: "pause" in wanted(client))
        (tmp_path / "go").touch()
        assert not job.wait(BETWEEN)
        assert not (tmp_path / "ended").exists()
    job.resume()
    assert done(job).startswith("went on")


def test_jobs_that_stand_still_keep_no_worker_from_others(line, tmp_path):
    paused = []
    for number in range(2):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        paused.append(line.submit(f"visitor {number}", Call(remote_calls.until, (str(folder),)), TRAINING))
    assert wait_for(lambda: all(job.snapshot is not None for job in paused))
    assert len({job.snapshot for job in paused}) == 2
    assert all(job.pause() for job in paused)
    assert wait_for(lambda: all(job.state == "paused" for job in paused))

    others = {done(line.submit("carl", Call(remote_calls.here), EVALUATION)) for _ in range(2)}

    assert os.getpid() not in others
    for number, job in enumerate(paused):
        job.resume()
        (tmp_path / f"{number}" / "go").touch()
    assert all(done(job).startswith("went on") for job in paused)


def wanted(client):
    return [want for wants in client.run(_wanted).values() for want in wants]


def _wanted(dask_worker):
    return [cell._wanted for cell in vars(dask_worker).get("token_embedding_lab_cells", {}).values()]


def test_what_was_sent_before_is_sent_as_a_name_and_all_of_it_arrives(line):
    arrays = tuple(np.full(100_000, number, np.float32) for number in range(8))
    job = line.submit("ada", Call(remote_calls.grow, (arrays, 8)), EVALUATION)
    assert [array[0] for array in done(job)] == list(range(8))


def test_a_measurement_takes_the_worker_with_a_gpu(line, address):
    from distributed import Client

    assert wait_for(lambda: line.backend.has_gpu)
    with Client(address, set_as_default=False) as client:
        workers = client.scheduler_info(n_workers=-1)["workers"]
        (gpu,) = (name for name, worker in workers.items() if worker["resources"])
        expected = client.run(os.getpid, workers=[gpu])[gpu]
    assert [done(line.submit("ada", Call(remote_calls.here), TIMING)) for _ in range(4)] == [expected] * 4


def test_a_worker_killed_in_mid_job_is_told_and_the_next_job_runs(line, tmp_path):
    job = line.submit("ada", Call(remote_calls.until, (str(tmp_path),)), TRAINING)
    assert wait_for(lambda: job.snapshot is not None)

    psutil.Process(job.snapshot).kill()

    assert job.wait(PATIENCE)
    assert (job.state, job.message) == (
        "failed",
        "The computer that worked on this stopped before it was done. Please start it again.",
    )
    assert done(line.submit("ada", Call(remote_calls.here), TRAINING)) not in (job.snapshot, os.getpid())


def test_without_a_scheduler_work_is_done_here_with_a_line_in_the_log(caplog):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        line = JobQueue(backend=DaskBackend(f"tcp://127.0.0.1:{taken.getsockname()[1]}"))
        with caplog.at_level(logging.WARNING):
            results = [done(line.submit("ada", Call(remote_calls.here), EVALUATION)) for _ in range(2)]
    assert results == [os.getpid()] * 2
    assert [record.message for record in caplog.records if "cannot be used" in record.message][1:] == []
    assert "jobs run in this process" in caplog.text


def test_when_the_scheduler_goes_its_jobs_are_done_here(tmp_path, caplog):
    with cluster(tmp_path, [], []) as (address, scheduler):
        line = JobQueue(backend=DaskBackend(address))
        call = Call(remote_calls.until, (str(tmp_path),))
        two = [line.submit(owner, call, EVALUATION) for owner in ("ada", "ben")]
        assert wait_for(lambda: all(job.snapshot is not None for job in two))
        assert os.getpid() not in {job.snapshot for job in two}

        scheduler.kill()

        assert wait_for(lambda: all(job.snapshot == os.getpid() for job in two))
        (tmp_path / "go").touch()
        assert all(done(job) for job in two)
    assert caplog.text.count("A report card is computed in this process") == 2


def test_dask_is_not_loaded_unless_the_environment_names_a_scheduler():
    script = "import sys; from embeddings.jobs import shared_queue; shared_queue(); print(*sys.modules)"
    environment = {name: value for name, value in os.environ.items() if name != "DASK_SCHEDULER_ADDRESS"}
    loaded = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout.split()
    assert "embeddings.jobs.shared" in loaded
    assert {"distributed", "dask", "embeddings.jobs.dask_backend"} & set(loaded) == set()
