"""The watcher: one thread for each server process, which tells open pages that their room has changed.

Twice a second it looks at the revisions of the rooms that have pages open here, in one query, and reads anew only a
room that has changed: so the cost does not grow with the class. Where no server runs, as in a test of a page, each look
is taken when it is asked for.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit import runtime

from components.rooms.values import RoomState, Seat
from embeddings.common import InvalidInput, LabError, SourceUnavailable

TICK_SECONDS = 0.5
PRESENCE_SECONDS = 5.0  # between two counts of who is here
AT_ONCE = 4  # pages that are asked to draw themselves together
RUN_SECONDS = 0.25  # after which a page that still draws lets the next begin
MAX_KEPT = 10_000  # guesses that wait for the database

_log = logging.getLogger(__name__)
Ballot = tuple[Seat, str, int]  # whose guess in which round: key and number


@dataclass(frozen=True)
class Viewer:
    """A page that is open.

    Attributes:
        session: Streamlit's.
        seat: Who looks at it.
    """

    session: str
    seat: Seat


class Watcher:
    """What the rooms' open pages are told, and the guesses that wait for a database that is gone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._drawn: dict[Viewer, int] = {}  # the revision that each page shows
        self._states: dict[str, RoomState] = {}
        self._waiting: dict[Ballot, int] = {}
        self._refused: dict[Ballot, str] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._counted = float("-inf")
        self._gone = False

    @property
    def gone(self) -> bool:
        """Whether the database did not answer when it was last asked."""
        return self._gone

    def serve(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """Watch from now on, for the pages of the server that runs in ``loop``; with ``None`` stop."""
        with self._lock:
            self._loop = loop

    def enter(self, viewer: Viewer, revision: int) -> None:
        """Note that a page is open and shows this ``revision`` of its room."""
        with self._lock:
            self._drawn[viewer] = -1 if self._gone else revision
            if self._loop is not None and self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="rooms", daemon=True)
                self._thread.start()

    def leave(self, viewer: Viewer) -> None:
        """Forget a page."""
        with self._lock:
            self._drawn.pop(viewer, None)

    def state_of(self, code: str) -> RoomState | None:
        """What the members of a room see; ``None`` where it is over.

        Raises:
            SourceUnavailable: The database does not answer, and nothing is known of the room.
        """
        with self._lock:
            known, watched = self._states.get(code), self._thread is not None
        if known is not None and watched:
            return known
        try:
            self._send_waiting()
            return self.refresh(code)
        except SourceUnavailable:
            self._gone = True
            if known is not None:
                return known
            raise

    def refresh(self, code: str) -> RoomState | None:
        """The same, read anew, as after a change of one's own.

        Raises:
            SourceUnavailable: The database does not answer.
        """
        from components.rooms import rooms
        from components.rooms.database import shared_database

        found = rooms.look(shared_database(), code)
        self._gone = False
        with self._lock:
            known = self._states.get(code)
            if found is None:
                self._states.pop(code, None)
            elif known is None or known.revision <= found.revision:  # another thread may have read later
                self._states[code] = found
            return self._states.get(code)

    def keep(self, ballot: Ballot, option: int) -> None:
        """Keep a guess until the database is back; a student's first in a round.

        Raises:
            SourceUnavailable: Too many are kept.
        """
        with self._lock:
            if len(self._waiting) >= MAX_KEPT:
                raise SourceUnavailable("Too many guesses wait to be sent. Guess again in a minute.")
            self._waiting.setdefault(ballot, option)

    def waits(self, ballot: Ballot) -> bool:
        """Whether a guess is still kept here."""
        with self._lock:
            return ballot in self._waiting

    def refusal(self, ballot: Ballot) -> str:
        """Why a guess that was kept is not counted; "" where it is."""
        with self._lock:
            return self._refused.get(ballot, "")

    def _watch(self) -> None:
        while self._is_needed():
            try:
                self.tick()
            except LabError:
                self._gone = True  # noted in the log where it happened
            except Exception:
                _log.exception("The rooms could not be watched; they are looked at again.")
            time.sleep(TICK_SECONDS)

    def _is_needed(self) -> bool:
        """Whether there is something to watch; else the thread ends, and the next page starts another."""
        alive = runtime.get_instance().is_active_session if runtime.exists() else (lambda session: False)
        with self._lock:
            self._drawn = {viewer: drawn for viewer, drawn in self._drawn.items() if alive(viewer.session)}
            codes = {viewer.seat.code for viewer in self._drawn}
            self._states = {code: each for code, each in self._states.items() if code in codes}
            needed = self._loop is not None and bool(self._drawn or self._waiting)
            if not needed:
                self._thread = None
            return needed

    def tick(self) -> None:
        """Look once: send what waits, read what has changed, and tell the pages.

        Raises:
            SourceUnavailable: The database does not answer.
        """
        self._send_waiting()
        self._look()
        if time.monotonic() - self._counted >= PRESENCE_SECONDS:
            self._count()
            self._counted = time.monotonic()
        self._gone = False
        self._tell()

    def _send_waiting(self) -> None:
        with self._lock:
            waiting = list(self._waiting.items())
        if not waiting:
            return
        from components.rooms import rooms
        from components.rooms.database import shared_database

        database = shared_database()
        for ballot, option in waiting:
            try:
                rooms.vote(database, *ballot, option)
            except InvalidInput as refusal:
                self._refuse(ballot, str(refusal))
            with self._lock:
                del self._waiting[ballot]
                self._drawn |= {viewer: -1 for viewer in self._drawn if viewer.seat == ballot[0]}

    def _refuse(self, ballot: Ballot, why: str) -> None:
        with self._lock:
            self._refused[ballot] = why
            if len(self._refused) > MAX_KEPT:
                del self._refused[next(iter(self._refused))]

    def _look(self) -> None:
        from components.rooms import rooms
        from components.rooms.database import shared_database

        with self._lock:
            codes = sorted({viewer.seat.code for viewer in self._drawn})
            known = {code: each.revision for code, each in self._states.items()}
        found = rooms.revisions(shared_database(), codes) if codes else {}
        for code in codes:
            if found.get(code) != known.get(code):
                self.refresh(code)

    def _count(self) -> None:
        from components.rooms import rooms
        from components.rooms.database import shared_database

        with self._lock:
            tokens = sorted({viewer.seat.secret for viewer in self._drawn if not viewer.seat.teaches})
        if tokens:
            rooms.mark_seen(shared_database(), tokens)

    def _tell(self) -> None:
        with self._lock:
            latest = {code: each.revision for code, each in self._states.items()}
            behind = [
                viewer.session for viewer, drawn in self._drawn.items() if drawn != latest.get(viewer.seat.code, -2)
            ]
            loop = self._loop
        if loop is not None and behind:
            _ask_for_runs(loop, behind)


def _ask_for_runs(loop: asyncio.AbstractEventLoop, sessions: Sequence[str]) -> None:
    """Let these sessions draw their page anew, a few at a time; one that draws just now is asked again later."""
    waiting, running = list(sessions), dict[str, float]()
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            session = waiting.pop(0)
            running[session] = time.monotonic() + RUN_SECONDS
            loop.call_soon_threadsafe(_run_if_idle, session)
        time.sleep(0.01)
        running = {each: end for each, end in running.items() if end > time.monotonic() and not _is_idle(each)}


def _run_if_idle(session: str) -> None:
    """Ask as Streamlit does when a file of the app has changed: it has no public function for another's session."""
    found = runtime.get_instance().get_app_session(session)
    if found is not None and found._scriptrunner is None:  # else what the visitor did just now might be lost
        found.request_rerun(found._client_state)


def _is_idle(session: str) -> bool:
    found = runtime.get_instance().get_app_session(session)
    return found is None or found._scriptrunner is None


@st.cache_resource(max_entries=1, show_spinner=False)
def shared_watcher() -> Watcher:
    """This server process's."""
    return Watcher()
