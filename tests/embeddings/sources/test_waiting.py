"""Servers that do not answer, or by drops: whoever waits for them can leave, and does not wait for ever."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from embeddings.common.errors import SourceUnavailable
from embeddings.jobs.queue import DOWNLOAD, LOOK_UP, JobQueue
from embeddings.sources import waiting
from embeddings.sources.http import Timeouts, download, fetch_range, fetch_whole
from embeddings.sources.huggingface import find_table

PATIENCE = 20  # seconds until a test that hangs gives up
SOON = 5  # seconds, on any machine; a server is given 30 and more
OK = b"HTTP/1.1 200 OK\r\n"
DRIPS = {  # what comes at once, and what comes drop by drop
    "never answers": (b"", b""),
    "drips a line of its head": (OK + b"X: ", b"x"),
    "drips lines of its head": (OK, b"X: x\r\n"),
    "drips informational heads": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "drips its body": (OK + b"Content-Length: 1000000\r\n\r\n", b"x"),
    "drips the length of a chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
    "stops in its body": (OK + b"Content-Length: 1000000\r\n\r\nxxx", b""),
}
STALLS = ("stalls in TLS", "never accepts")


class Slow:
    """A server that answers by drops.

    Attributes:
        url: Its address.
        reached: Whether somebody waits for it.
    """

    def __init__(self, how: str) -> None:
        self._beginning, self._drop = DRIPS.get(how, (b"", b""))
        self.reached, self.over = threading.Event(), threading.Event()
        self._accepts = how != "never accepts"
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=0 if not self._accepts else 64)
        port = self._listener.getsockname()[1]
        self.url = f"{'https' if how == 'stalls in TLS' else 'http'}://127.0.0.1:{port}"
        self._lines: list[socket.socket] = []
        if self._accepts:
            threading.Thread(target=self._accept, daemon=True).start()
        else:
            self._fill_up(port)

    def _fill_up(self, port: int) -> None:
        """Take all that the system keeps for a server that does not accept; further ones get no answer at all."""
        for _ in range(8):
            line = socket.socket()
            line.setblocking(False)
            with suppress(BlockingIOError):
                line.connect(("127.0.0.1", port))
            self._lines.append(line)
        self.reached.set()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                self._lines.append(line)
                threading.Thread(target=self._answer, args=(line,), daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        with suppress(OSError):
            line.recv(1)
            line.sendall(self._beginning)
            self.reached.set()
            while not self.over.wait(1):
                line.sendall(self._drop)

    def close(self) -> None:
        self.over.set()
        for line in (self._listener, *self._lines):
            line.close()


@pytest.fixture(params=[*DRIPS, *STALLS])
def slow(request, monkeypatch) -> Iterator[Slow]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Slow(request.param)
    yield server
    server.close()


@pytest.fixture
def line() -> Iterator[JobQueue]:
    line = JobQueue()
    yield line
    assert line.close(PATIENCE)


@pytest.fixture
def no_names(monkeypatch) -> Iterator[threading.Event]:
    """Names are looked up by somebody who does not answer until the event is set."""
    answers, look_up = threading.Event(), socket.getaddrinfo
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **how: answers.wait(PATIENCE) and look_up(*asked, **how))
    yield answers
    answers.set()
    until(lambda: not waiting_threads())


def until(holds: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(PATIENCE * 100):
        if holds():
            return
        pause.wait(0.01)
    raise AssertionError("It never came to that.")


def waiting_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "network"]


WORK = {
    "a look-up": (lambda url, folder: lambda report: find_table("toy/model", endpoint=url, report=report), LOOK_UP),
    "a download": (
        lambda url, folder: lambda report: download(url, folder / "file", size=10**6, report=report),
        DOWNLOAD,
    ),
}


@pytest.mark.parametrize("leave", [lambda line, job: job.cancel(), lambda line, job: line.release("ada")])
@pytest.mark.parametrize("what", WORK)
def test_stop_and_leaving_end_what_waits_for_a_server(slow, line, tmp_path, what, leave):
    work, kind = WORK[what]
    job = line.submit("ada", work(slow.url, tmp_path), kind)
    assert slow.reached.wait(PATIENCE)
    until(waiting_threads)

    leave(line, job)

    assert job.wait(SOON)
    assert job.state == "stopped"


@pytest.mark.parametrize("fetch", [lambda *asked, **how: fetch_whole(asked[0], 10**9, **how), fetch_range])
def test_a_small_file_is_not_waited_for_longer_than_it_may_take(slow, fetch):
    with pytest.raises(SourceUnavailable, match=r"within 0\.3 s\. Try again later"):
        fetch(slow.url, 0, 100_000, timeouts=Timeouts(connect=PATIENCE, read=PATIENCE, answer=0.3, whole=0.3))


@pytest.mark.parametrize("slow", [how for how in DRIPS if "head" in how], indirect=True)
def test_the_head_of_an_answer_is_not_waited_for_longer_than_it_may_take(slow, tmp_path):
    with pytest.raises(SourceUnavailable, match=r"did not answer within 0\.3 s"):
        download(slow.url, tmp_path / "file", timeouts=Timeouts(connect=PATIENCE, read=PATIENCE, answer=0.3))


@pytest.mark.parametrize("slow", DRIPS, indirect=True)
def test_nothing_is_left_of_what_was_waited_for(slow, line, tmp_path):
    job = line.submit("ada", lambda report: download(slow.url, tmp_path / "file", size=10**6, report=report), DOWNLOAD)
    until(waiting_threads)
    assert slow.reached.wait(PATIENCE)
    job.cancel()
    until(lambda: not waiting_threads())


def test_stop_ends_what_waits_for_a_name(no_names, line):
    job = line.submit("ada", lambda report: find_table("toy/model", endpoint="http://x", report=report), LOOK_UP)
    until(waiting_threads)
    job.cancel()
    assert job.wait(SOON)


def test_no_more_is_asked_while_too_much_is_waited_for_already(no_names, line, server):
    server.files["/file"] = b"content"

    for _ in range(waiting.MAX_THREADS):
        before = len(waiting_threads())
        job = line.submit("ada", lambda report: find_table("toy/model", endpoint="http://x", report=report), LOOK_UP)
        until(lambda before=before: len(waiting_threads()) > before)
        job.cancel()
        assert job.wait(SOON)
    with pytest.raises(SourceUnavailable, match="do not answer just now"):
        fetch_whole(f"{server.url}/file", 100)

    no_names.set()
    until(lambda: not waiting_threads())
    assert fetch_whole(f"{server.url}/file", 100).content == b"content"


def test_a_look_up_ends_by_itself_though_its_server_goes_on(monkeypatch):
    slow, now = Slow("drips its body"), [0.0]
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    line = JobQueue(clock=lambda: now[0])
    job = line.submit("ada", lambda report: find_table("toy/model", endpoint=slow.url, report=report), LOOK_UP)
    assert slow.reached.wait(PATIENCE)
    now[0] = 61.0
    assert job.wait(SOON)
    slow.close()
    assert job.message == "Stopped after 60 s, the longest a search for a model may take."
