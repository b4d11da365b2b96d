"""ASGI middleware: how many files, and how large, a session, an address and all visitors may upload."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import get_instance

from components.server.addresses import address_of
from components.server.limits import MB, ServerLimits

MAX_THROWN_AWAY = 8 * MB  # of a file that is refused


class StreamlitFiles:
    """The files that Streamlit keeps for its visitors."""

    def sizes(self) -> dict[str, list[int]]:
        """Bytes of each file, by session."""
        kept = get_instance().uploaded_file_mgr
        sessions = kept.file_storage.copy()  # type: ignore[attr-defined]  # the only manager there is has it
        return {session: [len(file.data) for file in list(files.values())] for session, files in sessions.items()}

    def is_connected(self, session: str) -> bool:
        return get_instance().is_active_session(session)

    def remove(self, session: str) -> None:
        get_instance().uploaded_file_mgr.remove_session_files(session)


@dataclass(frozen=True)
class _Refusal:
    """An answer to a file of so many bytes, which a browser hears only once it has sent them, if they are not many."""

    sentence: str
    size: int

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        while self.size <= MAX_THROWN_AWAY and (await receive()).get("more_body"):
            pass
        await PlainTextResponse(self.sentence, 413)(scope, receive, send)


class UploadLimits:
    """Counts what Streamlit keeps and what is on its way, and refuses what is too much before reading any of it.

    The files of who has left are let go after a while; Streamlit would keep them until it needs the session's place.
    """

    def __init__(self, app: ASGIApp, limits: ServerLimits, files: StreamlitFiles | None = None):
        self._app, self._limits, self._files = app, limits, files or StreamlitFiles()
        self._under_way: list[tuple[str, int]] = []  # session and bytes
        self._address: dict[str, str] = {}  # of each session that has files
        self._left: set[str] = set()  # sessions that had no connection when last looked at
        self._next_look: asyncio.TimerHandle | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "PUT":
            await self._app(scope, receive, send)
            return
        size = Headers(scope=scope).get("content-length", "")
        if not (size.isascii() and size.isdigit() and len(size) < 16):
            await PlainTextResponse("Please say how large the file is.", 411)(scope, receive, send)
            return
        session, address = scope["path"].rpartition("/")[0].rpartition("/")[2], address_of(scope)
        if refusal := self._refusal(session, address, int(size)):
            await self._in_time(_Refusal(refusal, int(size)), scope, receive, send)
            return
        with self._reserved(session, address, int(size)):
            await self._in_time(self._app, scope, receive, send)

    def _refusal(self, session: str, address: str, size: int) -> str | None:
        """Why a file of ``size`` bytes is not taken; ``None`` if it is."""
        files = self._files.sizes()
        for other, coming in self._under_way:
            files.setdefault(other, []).append(coming)
        self._address = {other: where for other, where in self._address.items() if other in files}
        mine = files.get(session, [])
        of_address = sum(sum(files[other]) for other, where in self._address.items() if where == address)
        limits = self._limits
        if len(mine) >= limits.files_per_session or sum(mine) + size > limits.bytes_per_session:
            return (
                f"You have {len(mine)} files here; a visit may hold {limits.files_per_session} files and "
                f"{limits.bytes_per_session // MB} MB. Remove one first."
            )
        if of_address + size > limits.bytes_per_address or sum(map(sum, files.values())) + size > limits.bytes_of_all:
            return "The server holds as many files as it can. Please try again in a few minutes."
        return None

    @contextmanager
    def _reserved(self, session: str, address: str, size: int) -> Iterator[None]:
        entry = (session, size)
        self._under_way.append(entry)
        self._address[session] = address
        try:
            yield
        finally:
            self._under_way.remove(entry)
            if self._next_look is None:
                self._look_again()

    def _look_again(self) -> None:
        self._next_look = asyncio.get_running_loop().call_later(self._limits.left_seconds, self._let_go)

    def _let_go(self) -> None:
        """Remove the files of sessions that were without a connection the last time, too."""
        left = {session for session in self._files.sizes() if not self._files.is_connected(session)}
        for session in left & self._left:
            self._files.remove(session)
        self._left, self._next_look = left - self._left, None
        if self._files.sizes():
            self._look_again()

    async def _in_time(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Let ``app`` read the file, for as long as an upload may take."""
        answered = False

        async def note_and_send(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            async with asyncio.timeout(self._limits.upload_seconds):
                await app(scope, receive, note_and_send)
        except TimeoutError:
            if not answered:
                await PlainTextResponse("The file took too long to arrive.", 408)(scope, receive, send)
