"""Servers that answer by drops keep no visitor from looking something up."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from tests.browser.conftest import running_app
from tests.server.visitor import Visitor

SOON = 20  # seconds; without Stop and leaving it would be a minute, and without a deadline for ever


@contextmanager
def dripping() -> Iterator[str]:
    """A server that answers every question with a byte a second and never ends."""
    over = threading.Event()

    def drip(line: socket.socket) -> None:
        with line, suppress(OSError):
            line.sendall(b"HTTP/1.1 200 OK\r\n")
            while not over.wait(1):
                line.sendall(b"a")

    def take(entrance: socket.socket) -> None:
        with suppress(OSError):  # it was closed
            while True:
                threading.Thread(target=drip, args=(entrance.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as entrance:
        threading.Thread(target=take, args=(entrance,), daemon=True).start()
        yield f"http://127.0.0.1:{entrance.getsockname()[1]}"
        over.set()


def look_up(url: str, address: str) -> Visitor:
    visitor = Visitor(url, "sources", address)
    visitor.press("FormSubmitter:source_hub_form-Look")
    return visitor


def comes(visitor: Visitor, *texts: str) -> bool:
    end = time.monotonic() + SOON
    while not any(map(visitor.has, texts)) and time.monotonic() < end:
        time.sleep(0.5)
        visitor.run()
    return any(map(visitor.has, texts))


def test_a_look_up_at_a_server_that_drips_ends_by_stop_and_by_leaving_and_keeps_nobody_waiting(tmp_path):
    with dripping() as hub, ExitStack() as tabs:
        settings = {"HF_ENDPOINT": hub, "NO_PROXY": "127.0.0.1", "XDG_CACHE_HOME": str(tmp_path)}
        url = tabs.enter_context(running_app(tmp_path / "log.txt", **settings))
        first, second, third = (tabs.enter_context(look_up(url, "203.0.113.1")) for _ in range(3))
        assert comes(first, "Asking 127")
        assert comes(third, "You are next")
        other = tabs.enter_context(look_up(url, "203.0.113.2"))
        assert comes(other, "Asking 127")
        other.socket.close()
        first.press("source_look_stop")
        assert comes(first, "Stopped")
        assert comes(third, "Asking 127")
        second.socket.close()
        fourth = tabs.enter_context(look_up(url, "203.0.113.1"))
        assert comes(fourth, "Asking 127")
