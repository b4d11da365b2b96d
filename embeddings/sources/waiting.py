"""Waiting for a network, so that it can be left at any moment.

Nothing in Python ends a call that looks up a name, connects, or reads the head of an answer that comes drop by drop. So
such calls are made on a thread of their own, and who wants their answer looks up from waiting again and again. One who
leaves cuts the connection; the thread, where not even that wakes it, ends when the call does.
"""

import socket
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, wait
from contextlib import closing, contextmanager, suppress
from queue import SimpleQueue
from typing import Any, TypeVar

from embeddings.common import SourceUnavailable

TICK = 0.1  # seconds between two looks
MAX_THREADS = 16  # that wait for a network, with those that nobody waits for any more
_THREAD = "network"  # their name

T = TypeVar("T")


class Cut(OSError):
    """The connection is not wanted any more."""


class Connections:
    """The connections of one exchange, which another thread may cut."""

    def __init__(self) -> None:
        self._lock, self._sockets, self._cut = threading.Lock(), list[socket.socket](), False

    def hold(self, line: Any) -> None:
        """Take note of a socket, encrypted or not.

        Raises:
            Cut: The connections were cut before.
        """
        # A second handle, which stays valid whoever closes the first, and knows nothing of TLS.
        handle = socket.fromfd(line.fileno(), socket.AF_INET, socket.SOCK_STREAM)
        with self._lock:
            if not self._cut:
                self._sockets.append(handle)
                return
        handle.close()
        raise Cut("left")

    @property
    def any(self) -> bool:
        """Whether a server was ever reached."""
        with self._lock:
            return bool(self._sockets)

    def cut(self) -> None:
        """End them, and whatever waits for them."""
        with self._lock:
            self._cut = True
            for handle in self._sockets:
                with suppress(OSError):  # the other side has closed it
                    handle.shutdown(socket.SHUT_RDWR)
                handle.close()


@contextmanager
def elsewhere(
    items: Generator[T, None, None], look: Callable[[], object], connections: Connections
) -> Iterator[Iterator[T]]:
    """``items``, produced one by one on a thread of their own, as they are asked for.

    Args:
        items: May block for as long as it likes.
        look: Called every ``TICK`` seconds while the next item is waited for; what it raises ends the waiting.
        connections: Cut when the block ends.

    Raises:
        SourceUnavailable: There are ``MAX_THREADS`` such threads.
    """
    if sum(thread.name == _THREAD for thread in threading.enumerate()) >= MAX_THREADS:
        raise SourceUnavailable("Many servers do not answer just now. Please try again in a minute.")
    asked: SimpleQueue[Future[T] | None] = SimpleQueue()
    try:
        threading.Thread(target=_produce, args=(items, asked), name=_THREAD, daemon=True).start()
    except RuntimeError as error:  # the system has no thread left to give
        raise SourceUnavailable("This machine is too busy just now. Please try again in a minute.") from error
    try:
        yield _awaited(asked, look)
    finally:
        connections.cut()
        asked.put(None)


def _produce(items: Generator[T, None, None], asked: "SimpleQueue[Future[T] | None]") -> None:
    with closing(items):
        while (future := asked.get()) is not None:
            try:
                future.set_result(next(items))
            except BaseException as error:  # StopIteration too: all of it is for who asked
                future.set_exception(error)


def _awaited(asked: "SimpleQueue[Future[T] | None]", look: Callable[[], object]) -> Iterator[T]:
    while True:
        future: Future[T] = Future()
        asked.put(future)
        while not wait([future], TICK).done:
            look()
        try:
            yield future.result()
        except StopIteration:
            return
