"""A line between a browser and the app that can be cut without a goodbye, and mended."""

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit

PIECE = 65_536  # bytes


class Line:
    """A TCP proxy on the loopback in front of ``url``.

    Attributes:
        url: Its own address.
    """

    def __init__(self, url: str):
        target = urlsplit(url)
        self._target = (target.hostname, target.port)
        self._ends: set[socket.socket] = set()
        self._cut = threading.Event()
        self._entrance = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._entrance.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self._cut.set()
        for end in list(self._ends):
            self._hang_up(end)

    def mend(self) -> None:
        self._cut.clear()

    def close(self) -> None:
        self._entrance.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):  # it was closed
            while True:
                near, _ = self._entrance.accept()
                self._ends.add(near)
                threading.Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        if self._cut.is_set():
            self._hang_up(near)
            return
        far = socket.create_connection(self._target)
        self._ends.add(far)
        threading.Thread(target=self._pass_on, args=(far, near), daemon=True).start()
        self._pass_on(near, far)

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                sink.sendall(piece)
        self._hang_up(source)
        self._hang_up(sink)

    def _hang_up(self, end: socket.socket) -> None:
        self._ends.discard(end)
        with suppress(OSError):  # the other thread was first
            end.shutdown(socket.SHUT_RDWR)
        end.close()
