"""ASGI middleware: how many sessions an address may open, and what each may send, and how fast."""

import asyncio
import logging
import random
import time
from collections import Counter

from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from components.server.addresses import address_of
from components.server.back_messages import decoded, is_allowed, without_halves
from components.server.careful_reading import Reader, read_carefully
from components.server.limits import MB, ServerLimits
from components.server.live_parts import LiveParts
from components.server.pace import Pace
from components.server.token_bucket import TokenBucket
from components.server.turnstile import Turnstile

FULL = "Too many pages of this app are open from your address. Close one, or try again in a minute."
BUSY = "The server is full. Please try again in a minute; this page does so by itself."
_AGAIN = (30, 60)  # seconds until a page tries again, drawn at random, so that not all come back at once
_PAGE = (
    "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    "<meta http-equiv=refresh content={}>"
    "<title>Token Embedding Lab</title><p style='font:1.25rem sans-serif;max-width:40rem;margin:4rem auto'>{}</p>"
)
NO_MESSAGE = (1002, "That was no message.")
TOO_LONG = (1009, "A message may have {} MB.")
TOO_FAST = (1008, "Too many messages came at once. Please reload the page.")
HEAD_START, MAX_HEAD_START = 10, 5  # seconds in line for a second's pause, and at most
LITTLE = 0.3  # seconds of pause for which a new session counts, and a live part: less than of one who reads
CAUGHT_UP = 0.02  # seconds without a message, after which a client has none that was sent before
CLOSE_SECONDS = 1  # for a connection's last words
_SCRIPT_FINISHED_BYTES = 400  # more than that message has; longer ones are not looked into

_log = logging.getLogger(__name__)


class SessionLimits:
    """Keeps one client's sessions from taking the server from the others.

    An address that has its number of sessions is refused with a sentence; so is, where visitors wait too long already,
    a newcomer from an address with as many sessions as the others have, or more. A message too fast is not refused but
    read later: nothing is taken from that client meanwhile, and so it slows down. Script runs start a few at a time,
    and whoever has paused since the last goes before who asks for one after the other.
    """

    def __init__(self, app: ASGIApp, limits: ServerLimits):
        self._app, self._limits = app, limits
        self._sessions: Counter[str] = Counter()
        self._connects: dict[str, TokenBucket] = {}
        self._reading: dict[str, TokenBucket] = {}
        self._runs = Turnstile(limits.runs_at_once)
        self._pace = Pace(limits.longest_wait, limits.runs_at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = address_of(scope) if scope["type"] in ("http", "websocket") else ""
        if scope["type"] == "websocket":
            if refusal := self._refusal(address, is_new=not _comes_back(scope)):
                await WebSocket(scope, receive, send).send_denial_response(PlainTextResponse(refusal, 503))
            else:
                await self._serve(address, scope, receive, send)
        elif _asks_for_a_page(scope) and (refusal := self._refusal(address, is_new=True)):
            again = random.randint(*_AGAIN)
            headers = {"Retry-After": str(again), "Cache-Control": "no-store"}
            await HTMLResponse(_PAGE.format(again, refusal), 503, headers)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, address: str, is_new: bool) -> str:
        """Why one more session of ``address`` is not let in; "" if it is."""
        if self._sessions[address] >= self._limits.sessions_per_address:
            return FULL
        # One address with many sessions must not keep the others out.
        has_its_share = (self._sessions[address] + 1) * len(self._sessions) >= self._sessions.total()
        return BUSY if is_new and has_its_share and self._pace.is_full() else ""

    async def _serve(self, address: str, scope: Scope, receive: Receive, send: Send) -> None:
        self._sessions[address] += 1
        limits = self._limits
        reading = self._bucket_of(self._reading, address, limits.address_reading_share, limits.address_reading_burst)
        connects = self._bucket_of(self._connects, address, limits.connects_per_second, limits.connect_burst)
        reader = read_carefully(receive, limits, reading)
        session = _Session(limits, self._runs, self._pace, reader, receive, send)
        try:
            await asyncio.sleep(connects.take())
            await self._app(scope, session.receive, session.send)
        finally:
            session.end_run()
            self._pace.left(session)
            self._sessions[address] -= 1
            self._sessions += Counter()  # forgets addresses without a session

    def _bucket_of(self, buckets: dict[str, TokenBucket], address: str, rate: float, burst: float) -> TokenBucket:
        """The bucket of ``address``; full ones of addresses without a session are forgotten."""
        for other in [other for other, bucket in buckets.items() if not (bucket.used or self._sessions[other])]:
            del buckets[other]
        return buckets.setdefault(address, TokenBucket(rate, burst))


def _comes_back(scope: Scope) -> bool:
    """Whether a browser whose connection was lost names its session: the third of what Streamlit's page sends there."""
    named = dict(scope["headers"]).get(b"sec-websocket-protocol", b"").split(b",")
    return len(named) > 2 and bool(named[2].strip())


def _asks_for_a_page(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and "text/html" in dict(scope["headers"]).get(b"accept", b"").decode("latin-1")
    )


def _ends_a_run(payload: bytes) -> bool:
    short = len(payload) <= _SCRIPT_FINISHED_BYTES
    return short and ForwardMsg.FromString(payload).WhichOneof("type") == "script_finished"


class _Session:
    """One connection's two directions, as Streamlit is given them."""

    def __init__(
        self,
        limits: ServerLimits,
        runs: Turnstile,
        pace: Pace,
        reader: Reader | None,
        receive: Receive,
        send: Send,
    ):
        self._limits, self._runs, self._pace, self._reader = limits, runs, pace, reader
        self._receive, self._send = receive, send
        self._messages = TokenBucket(limits.messages_per_second, limits.message_burst, limits.first_messages)
        self._bytes = TokenBucket(limits.bytes_per_second, limits.byte_burst)
        self._ended = time.monotonic() - LITTLE  # its last run ...
        self._acted = self._ended  # ... and the last that was not of a live part alone
        self._asked: float | None = None  # for a run that is not answered yet
        self._parts, self._is_live = LiveParts(), False  # and whether its run is that of a live part
        self._delayed = 0  # messages in a row
        self._closed = False
        self._idle = asyncio.Event()  # its last run has ended, or has had its time
        self._idle.set()
        self._time_is_up: asyncio.TimerHandle | None = None

    async def receive(self) -> Message:
        """The next message that Streamlit may see, when its time has come."""
        while not self._closed:
            looked = time.monotonic()
            event = await self._receive()
            if time.monotonic() > looked + CAUGHT_UP:
                self._parts.caught_up()
            if self._reader is not None:
                self._reader.keep_waiting()
            if event["type"] != "websocket.receive":
                return event
            data = event.get("bytes")
            if len(data or b"") > self._limits.message_bytes:
                return await self._close(*TOO_LONG)
            if not await self._in_time(len(data or b"")):
                return await self._close(*TOO_FAST)
            message = decoded(data)
            if message is None:
                data = without_halves(data)
                message = decoded(data)
            if message is None:
                return await self._close(*NO_MESSAGE)
            kind = message.WhichOneof("type")
            if not is_allowed(message):
                _log.info("A message of the kind %s is not taken from visitors.", kind)
                continue
            if kind == "rerun_script" and not await self._begin_run(message.rerun_script):
                continue
            return {**event, "bytes": data}
        return {"type": "websocket.disconnect", "code": 1006}  # with whatever the client has still sent

    async def send(self, event: Message) -> None:
        runs = self._asked is not None or not self._idle.is_set()
        if runs and _ends_a_run(event.get("bytes") or b""):
            if self._asked is not None:  # whose run may have lost its place before
                self._pace.answered(self, time.monotonic() - self._asked)
                self._asked = None
                self._parts.ended()
            self.end_run()
        if self._closed:
            return
        try:
            await self._send(event)
        except OSError:  # the client has gone; Streamlit hears of it when it next receives, and logs no traceback
            self._closed = True

    async def _in_time(self, size: int) -> bool:
        """Wait until the client has a message and ``size`` bytes to its credit; whether it is not far too fast."""
        wait = max(self._messages.take(), self._bytes.take(size))
        self._delayed = self._delayed + 1 if wait else 0
        if self._delayed > self._limits.max_delayed:
            return False
        await asyncio.sleep(wait)
        return True

    async def _begin_run(self, run: ClientState) -> bool:
        """Wait for the session's own run before, and for a place; ``False`` for a live part that is drawn in any case.

        A live part has little pause, however seldom it is drawn: the teacher's bars are not to wait behind all, nor is
        who clicks to wait behind pictures that nobody asked for.
        """
        asked = time.monotonic()
        await self._idle.wait()
        if run.is_auto_rerun and self._parts.is_fresh(run.fragment_id):
            return False
        self._asked, now, self._is_live = asked, time.monotonic(), run.is_auto_rerun
        self._pace.asked(self)
        pause = min(LITTLE, now - self._ended) if self._is_live else now - self._acted
        await self._runs.enter(rank=now - min(MAX_HEAD_START, HEAD_START * pause))
        self._parts.begun(run.fragment_id)
        self._idle.clear()
        self._time_is_up = asyncio.get_running_loop().call_later(self._limits.run_seconds, self.end_run)
        return True

    def end_run(self) -> None:
        """Let the next one run."""
        if not self._idle.is_set():
            self._idle.set()
            self._ended = time.monotonic()
            if not self._is_live:
                self._acted = self._ended
            assert self._time_is_up is not None  # set with the run, which is what ends
            self._time_is_up.cancel()
            self._runs.leave()

    async def _close(self, code: int, reason: str) -> Message:
        """Close the connection with a sentence; what Streamlit hears of it."""
        reason = reason.format(self._limits.message_bytes // MB)
        self._closed = True
        await self._send({"type": "websocket.close", "code": code, "reason": reason})
        if self._reader is not None:  # uvicorn would go on to read and take apart what else was sent
            self._reader.stop()
            asyncio.get_running_loop().call_later(CLOSE_SECONDS, self._reader.close)
        _log.info("A visitor's connection was closed: %s", reason)
        return {"type": "websocket.disconnect", "code": code, "reason": reason}
