import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import psutil
import pytest

from embeddings.common import OWN_PROCESS_NICENESS
from embeddings.common.errors import InvalidInput
from embeddings.jobs.subprocess import run_in_subprocess
from embeddings.numeric.distance import normalize_for_metric
from embeddings.numeric.knn import knn_graph
from embeddings.projection.umap import fastumap_layout

PATIENCE = 60  # seconds until a test that hangs gives up; none is ever waited for when all is well
LONG = {
    "n_components": 2,
    "seed": 0,
    "min_dist": 0.1,
    "init": "random",
    "n_iter": 1_000_000,
}


class Enough(Exception):
    pass


def points(n: int = 200) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(n, 5)).astype(np.float32)


def neighbors() -> tuple[np.ndarray, np.ndarray]:
    return knn_graph(points(), 14)


def children_of(process: psutil.Process) -> list[psutil.Process]:
    running = [each for each in process.children() if each.status() != psutil.STATUS_ZOMBIE]
    return [each for each in running if "embeddings.jobs" in each.cmdline()]


def enough(seconds: float) -> None:
    raise Enough


def test_another_process_gives_the_same_answer():
    assert np.array_equal(
        run_in_subprocess(normalize_for_metric, points(), metric="cosine"), normalize_for_metric(points(), "cosine")
    )


def test_a_refusal_comes_back_as_the_same_error():
    with pytest.raises(InvalidInput, match=r"^Row 1 is all zeros"):
        run_in_subprocess(normalize_for_metric, np.zeros((2, 3), dtype=np.float32), metric="cosine")


@pytest.mark.skipif(sys.platform != "linux", reason="it makes way on Linux alone")
def test_it_makes_way_for_those_who_wait():
    wanted, seen = max(OWN_PROCESS_NICENESS, psutil.Process().nice()), set()

    def poll(seconds: float) -> None:
        seen.update(child.nice() for child in children_of(psutil.Process()))
        if wanted in seen or seconds > PATIENCE:
            raise Enough

    with pytest.raises(Enough):
        run_in_subprocess(fastumap_layout, points(), *neighbors(), poll=poll, **LONG)
    assert wanted in seen


def test_whoever_waits_is_asked_again_and_again_until_he_raises():
    asked = []

    def poll(seconds):
        asked.append(seconds)
        if len(asked) == 3:
            raise Enough

    with pytest.raises(Enough):
        run_in_subprocess(fastumap_layout, points(), *neighbors(), poll=poll, **LONG)
    assert 0 < asked[0] < asked[1] < asked[2]


def test_a_run_that_is_cancelled_leaves_neither_process_nor_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    with pytest.raises(Enough):
        run_in_subprocess(fastumap_layout, points(), *neighbors(), poll=enough, **LONG)

    assert children_of(psutil.Process()) == []
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_is_killed_is_an_error_and_no_answer(caplog):
    def kill(seconds):
        for each in children_of(psutil.Process()):
            each.kill()

    with pytest.raises(RuntimeError, match="fastumap_layout ended with status"):
        run_in_subprocess(fastumap_layout, points(), *neighbors(), poll=kill, **LONG)
    assert "fastumap_layout ended with status" in caplog.text


def test_what_goes_wrong_in_the_other_process_is_in_the_log(caplog):
    with pytest.raises(RuntimeError, match="fastumap_layout ended with status 1"):
        run_in_subprocess(fastumap_layout, points(), *neighbors(), n_components=2)
    assert "missing" in caplog.text


def test_the_other_process_ends_when_this_one_is_killed():
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import test_subprocess as t\n"
        "def poll(seconds): print(flush=True)\n"
        "t.run_in_subprocess(t.fastumap_layout, t.points(), *t.neighbors(), poll=poll, **t.LONG)"
    )
    command = [sys.executable, "-c", script, str(Path(__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]) as parent:
        assert parent.stdout.readline()  # the other process is there
        orphans = children_of(psutil.Process(parent.pid))
        parent.kill()

    assert len(orphans) == 1
    assert psutil.wait_procs(orphans, timeout=PATIENCE)[1] == []
