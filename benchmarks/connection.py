"""One browser's connection to a Streamlit server, as the virtual students have it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

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
        self._runs = 0  # that have ended
        self._kept: dict[str, tuple[str, int]] = {}  # large elements by hash: the part and the run each was in last

    async def rerun(self, *widgets: WidgetState, **state: Any) -> None:
        """Ask for a run of the page, with what its ``widgets`` are set to and fields of Streamlit's ``ClientState``."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_script_hash = self._query, self.page
        asked.cached_message_hashes.extend(self._kept)
        asked.widget_states.widgets.extend(widgets)
        asked.MergeFrom(type(asked)(**state))
        await self._socket.send(message.SerializeToString())

    async def receive(self) -> ForwardMsg:
        """The next message."""
        message = ForwardMsg.FromString(await self._socket.recv())
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self.pages = {page.url_pathname or "home": page.page_script_hash for page in message.navigation.app_pages}
            self.page = message.navigation.page_script_hash or self.page
        elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            self._let_go(message.metadata.run.fragment_ids)
        if message.metadata.cacheable or kind == "ref_hash":
            self._kept[message.hash or message.ref_hash] = (message.delta.fragment_id, self._runs)
        return message

    def _let_go(self, parts: Sequence[str]) -> None:
        """Forget what has not been there of late, once ``parts`` of the page are drawn or all of it, as browsers do."""
        self._runs += 1
        self._kept = {
            element: (part, run)
            for element, (part, run) in self._kept.items()
            if (parts and part not in parts) or self._runs - run <= KEPT_RUNS
        }


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


def error_on(drawn: Any) -> str:
    """What an element says that went wrong; "" where it says nothing of the kind."""
    if drawn.WhichOneof("type") == "exception":
        return f"exception: {drawn.exception.message}"
    return drawn.alert.body if "went wrong" in drawn.alert.body else ""
