"""One address that has all places, pauses and a long line keeps no other address from its turn."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from embeddings.jobs import MAX_PAUSED_OF_GROUP
from tests.browser.conftest import running_app
from tests.server.visitor import Visitor

GREEDY, HONEST = "203.0.113.1", "203.0.113.2"
LONG = "corpus_size=50,000&word2vec_epochs=60"
WAITING = 8  # trainings of the greedy address in line, beside those that run
LOOK = 3  # seconds between two looks of one who waits, as a training that nobody watches ends
SOON = 90  # seconds; without turns it would be half an hour


class Watched:
    """A visitor whose page asks for news again and again, from a thread of its own, until it is left."""

    def __init__(self, visitor: Visitor):
        self.visitor, self.lock, self.left = visitor, threading.Lock(), threading.Event()
        self.thread = threading.Thread(target=self._look, daemon=True)
        self.thread.start()

    def _look(self) -> None:
        while not self.left.wait(LOOK):
            with self.lock:
                self.visitor.run()

    def close(self) -> None:
        self.left.set()
        self.thread.join()
        self.visitor.socket.close()


@pytest.fixture(scope="module")
def url(tmp_path_factory) -> Iterator[str]:
    with running_app(tmp_path_factory.mktemp("server") / "log.txt") as address:
        yield address


def trains(visitor: Visitor) -> bool:
    return visitor.has("word2vec_pause")


def begin_training(url: str, address: str) -> Visitor:
    visitor = Visitor(url, "word2vec", address, LONG)
    visitor.choose("word2vec_guess", "about a third")
    visitor.press("word2vec_start")
    return visitor


def begin_measuring(url: str, address: str) -> Visitor:
    visitor = Visitor(url, "lookup_or_matmul", address)
    visitor.choose("lookup_guess", "30 to 300 times")
    visitor.press("lookup_measure")
    return visitor


def measures(visitor: Visitor) -> bool:
    return visitor.has("lookup_stop") and not visitor.has("You are next") and not visitor.has("ahead of you")


def turn_comes(visitor: Visitor, runs) -> bool:
    """Whether what ``visitor`` has begun ``runs`` soon."""
    end = time.monotonic() + SOON
    while not runs(visitor) and time.monotonic() < end:
        time.sleep(0.5)  # as a page asks for news
        visitor.run()
    return runs(visitor)


@pytest.fixture
def greedy(url) -> Iterator[list[Watched]]:
    """One address has paused as many trainings as it may, runs two, and has more in line."""
    with ExitStack() as open_tabs:
        for _ in range(MAX_PAUSED_OF_GROUP):
            visitor = begin_training(url, GREEDY)
            assert turn_comes(visitor, trains)
            visitor.press("word2vec_pause")
            assert turn_comes(visitor, lambda visitor: visitor.has("Paused. "))
            open_tabs.callback(visitor.socket.close)
        sessions = []
        for _ in range(2 + WAITING):
            sessions.append(Watched(begin_training(url, GREEDY)))
            open_tabs.callback(sessions[-1].close)
        yield sessions


def test_an_address_that_has_all_places_pauses_and_the_line_keeps_no_other_from_training_pausing_and_measuring(
    url, greedy
):
    with begin_training(url, HONEST) as visitor:
        assert turn_comes(visitor, trains)
        visitor.press("word2vec_pause")
        assert turn_comes(visitor, lambda visitor: visitor.has("Paused. "))
        with begin_measuring(url, HONEST) as other:
            assert turn_comes(other, measures)
