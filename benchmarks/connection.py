"""One browser's connection to a Streamlit server, as the virtual students have it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PATIENCE = 120  # seconds until a run must have ended
KEPT_RUNS = 2  # for so many a browser keeps a large element that is not drawn again (Streamlit's maxCachedMessageAge)


class Connection:
    """A WebSocket, and what a browser knows from the messages that came over it.

    Attributes:
        pages: The pages' addresses and their hashes; the first page is "home".
        page: The hash of the page that is open.
    """

    def __init__(self, socket: websockets.ClientConnection, query: str = ""):
        self._socket, self._query = socket, query
        self.pages: dict[str, str] = {}
        self.page = ""
        self._runs = 0
        self._kept: dict[str, int] = {}  # hashes of large elements, and the run in which each was last there

    async def rerun(self, **state: Any) -> None:
        """Ask for a run of the page, with these fields of Streamlit's ``ClientState``."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_script_hash = self._query, self.page
        self._runs += 1
        self._kept = {element: run for element, run in self._kept.items() if self._runs - run <= KEPT_RUNS}
        asked.cached_message_hashes.extend(self._kept)
        asked.MergeFrom(type(asked)(**state))
        await self._socket.send(message.SerializeToString())

    async def receive(self) -> ForwardMsg:
        """The next message."""
        message = ForwardMsg.FromString(await self._socket.recv())
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self.pages = {page.url_pathname or "home": page.page_script_hash for page in message.navigation.app_pages}
            self.page = message.navigation.page_script_hash or self.page
        if message.metadata.cacheable or kind == "ref_hash":
            self._kept[message.hash or message.ref_hash] = self._runs
        return message


@asynccontextmanager
async def connected(url: str, query: str = "", cookies: str = "") -> AsyncIterator[Connection]:
    """A connection to the app at ``url`` until the block ends, with these settings in the address.

    Raises:
        websockets.InvalidStatus: The server refuses; with status 503 it is full.
        OSError, TimeoutError, websockets.WebSocketException: The connection cannot be had.
    """
    async with websockets.connect(
        url.replace("http", "ws", 1) + "/_stcore/stream",
        subprotocols=["streamlit"],
        max_size=None,
        origin=url,
        open_timeout=PATIENCE,
        additional_headers={"Cookie": cookies} if cookies else None,
    ) as socket:
        yield Connection(socket, query)


def element(message: ForwardMsg) -> Any:
    """The element that ``message`` draws, or ``None``."""
    if message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type") == "new_element":
        return message.delta.new_element
    return None
