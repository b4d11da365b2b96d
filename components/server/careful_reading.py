"""How fast one connection is read: by the time that taking its bytes apart costs the server.

ASGI knows whole messages alone. Pings, pongs and pieces of messages never get so far, and thousands of them fit into
a few kB: without a bound, some dozens of connections that send nothing else kept a click waiting for 14 seconds.
"""

import asyncio
import logging
import time
from typing import Any

from starlette.types import Receive

from components.server.limits import ServerLimits
from components.server.token_bucket import TokenBucket

READ_BYTES = 1_024  # at a time from a WebSocket
READ_SECONDS = 0.00001  # that so many bytes of a long message take, at most; its bytes are counted elsewhere
MESSAGE_SECONDS = 0.0005  # that taking one message apart takes, at most
MAX_SECONDS = 10  # that a connection is not read
MAX_FRAGMENTS = 1_000  # of one message; a browser sends long ones in a few

_log = logging.getLogger(__name__)


class Reader(asyncio.Protocol):
    """Stands before a connection's own protocol, and pauses its reading when it has had its share of the time.

    A connection that owes time waits until its address owes none either; one that owes none waits for nobody.

    Args:
        protocol: Takes the bytes apart.
        transport: What is read.
        limits: The shares.
        of_address: Seconds of all connections of its address.
    """

    def __init__(self, protocol: Any, transport: asyncio.Transport, limits: ServerLimits, of_address: TokenBucket):
        self._protocol, self._transport, self._of_address = protocol, transport, of_address
        self._own = TokenBucket(limits.reading_share, limits.reading_burst, limits.first_reading)
        self._until, self._stopped = 0.0, False

    def data_received(self, data: bytes) -> None:
        start = time.thread_time()
        self._protocol.data_received(data)
        spent = max(0.0, time.thread_time() - start - READ_SECONDS * len(data) / READ_BYTES)
        if getattr(self._protocol, "read_paused", False):  # there was a message, and those are counted elsewhere
            spent = max(0.0, spent - MESSAGE_SECONDS)
        wait, of_address = self._own.take(spent), self._of_address.take(spent)
        if wait:
            self._wait(max(wait, of_address))
        if len(getattr(self._protocol, "frames", ())) > MAX_FRAGMENTS:
            _log.info("A visitor's connection was closed: a message came in too many pieces.")
            self.stop()
            self.close()

    def keep_waiting(self) -> None:
        """Pause again where a pause is not over: uvicorn reads on after each message."""
        if self._stopped or time.monotonic() < self._until:
            self._transport.pause_reading()

    def stop(self) -> None:
        """Read no more."""
        self._stopped = True
        self._transport.pause_reading()

    def close(self) -> None:
        """End the connection, once what is to be sent was sent."""
        self._transport.close()

    def _wait(self, seconds: float) -> None:
        seconds = min(seconds, MAX_SECONDS)
        self._until = time.monotonic() + seconds
        self._transport.pause_reading()
        asyncio.get_running_loop().call_later(seconds, self._go_on)

    def _go_on(self) -> None:
        if self._stopped or self._transport.is_closing() or getattr(self._protocol, "read_paused", False):
            return
        self._until = 0.0
        self._transport.resume_reading()

    def connection_lost(self, error: Exception | None) -> None:
        self._protocol.connection_lost(error)

    def eof_received(self) -> bool | None:
        return self._protocol.eof_received()

    def pause_writing(self) -> None:
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        self._protocol.resume_writing()


def read_carefully(receive: Receive, limits: ServerLimits, of_address: TokenBucket) -> Reader | None:
    """Bound what is read of a connection before anybody sees a message; ``None`` where its server is not known.

    ASGI has no word for it, and so uvicorn is asked itself. It would read pieces of 256 kB and take each apart before
    it pauses: 20,000 tiny messages of one client, and half a second in which nobody else is served. And it would
    gather a message of 200 MB, as Streamlit has one bound for what is sent and for what is received.
    """
    protocol = getattr(receive, "__self__", None)
    transport, parser = getattr(protocol, "transport", None), getattr(protocol, "conn", None)
    if transport is not None and hasattr(transport, "max_size"):  # asyncio's own
        transport.max_size = READ_BYTES
    if parser is not None and hasattr(parser, "max_message_size"):
        parser.max_message_size = limits.message_bytes
    if transport is None or not hasattr(transport, "set_protocol"):
        return None
    reader = Reader(protocol, transport, limits, of_address)
    transport.set_protocol(reader)
    return reader
