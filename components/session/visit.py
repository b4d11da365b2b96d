"""A visit: what belongs to one visitor until their session cannot come back any more.

When a connection closes, Streamlit keeps the session for 2 minutes, in which the browser may come back to it, and with
it ``st.session_state``; what it caches for a session is released at once. So what a visitor would miss is kept here, in
the session's state, and a cache of the session tells when the connection closes.
"""

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import streamlit as st
from streamlit import runtime
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.stats import CacheStat

from components.server.addresses import address_of
from components.server.farewell import was_said
from components.session.memory_account import Account, Charge
from components.session.visitor_limits import limits
from embeddings import jobs
from embeddings.common import TooLarge

AWAY_SECONDS = 110  # Streamlit keeps a session for 120, but frees it only once another is put beside it
_VISIT = "visit"  # in the session
_ELSEWHERE = (
    "The connection was lost, and the server no longer knows your visit. Your settings are as they were. Your guesses, "
    "tables that you brought, and what you trained or computed are gone. Please start them again."
)

T = TypeVar("T")


@dataclass(eq=False)
class Visit:
    """One visitor, as one browser tab.

    Attributes:
        owner: Whose jobs and bytes.
        group: Those of one address.
        session: Streamlit's session.
        things: What belongs to the visitor, by name.
        lost: Sentences on what was let go since the visitor last looked.
        told: The page on which ``lost`` was told.
        page: Where the visitor is.
        box: Where ``lost`` is told there.
        closed: What stands for the latest closing of the connection, until the visitor is back.
    """

    owner: str
    group: str
    session: str
    things: dict[str, Any] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    told: str | None = None
    page: str = ""
    box: DeltaGenerator | None = None
    closed: object | None = None


@st.cache_resource(max_entries=1, show_spinner=False)
def account() -> Account:
    """The bytes of all visitors.

    Raises:
        ValueError: An operator's setting is not what it must be.
    """
    return Account(limits().max_total, limits().max_each, _uploaded)


@st.cache_resource(max_entries=1, show_spinner=False)
def _away() -> Account:
    """The bytes of those whose connection has closed: their sessions end where these are too many."""
    return Account(limits().max_away, limits().max_away)


def current() -> Visit:
    """The visit of whom the script runs for."""
    context = get_script_run_ctx()
    if _VISIT not in st.session_state:
        visit = st.session_state[_VISIT] = Visit(uuid.uuid4().hex, _address(), context.session_id if context else "")
        visit.lost += [_ELSEWHERE] if _had_another_session(visit) else []
    visit = st.session_state[_VISIT]
    if context is not None:
        _connection()
        if visit.closed is not None and _is_connected(visit):
            _come_back(visit)
    return visit


def kept(name: str, make: Callable[[], T]) -> T:
    """What belongs to the visitor under ``name``, made once."""
    things = current().things
    if name not in things:
        things[name] = make()
    return things[name]


def tell(page: str) -> None:
    """Say on ``page`` what was let go since the visitor looked last, and note that they look; for app.py."""
    visit = current()
    account().touch(visit.owner)
    if visit.told not in (None, page):
        visit.lost.clear()
        visit.told = None
    visit.page = page
    visit.box = st.empty()
    _show(visit)


def say_lost(sentence: str) -> None:
    """Say at the head of the page what the visitor has lost, as Markdown."""
    visit = current()
    visit.lost.append(sentence)
    _show(visit)


def _show(visit: Visit) -> None:
    if visit.lost and visit.box is not None:
        visit.told = visit.page
        visit.box.warning("\n\n".join(dict.fromkeys(visit.lost)))


def _address() -> str:
    address = st.context.ip_address if get_script_run_ctx() else None
    return address_of({"client": (address, 0)}) if isinstance(address, str) else ""


def _had_another_session(visit: Visit) -> bool:
    """Whether the browser asks for a session that it had before, and that is not here.

    It was kept for too long, or by a server that was started anew, or by another replica.
    """
    asked = st.context.headers.get("Sec-WebSocket-Protocol", "").split(",")  # the protocol, a token, the session
    return len(asked) > 2 and asked[2].strip() not in ("", visit.session)


def _left(visit: Visit) -> None:
    """The connection has closed; Streamlit calls this, and frees what it caches for the session."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:  # no server that the visitor could come back to
        _end(visit)
        return
    if was_said():
        jobs.shared_queue().release(visit.owner)
    else:
        jobs.shared_queue().excuse(visit.owner, AWAY_SECONDS)
    account().let_spare_go(visit.owner)
    visit.closed = closing = object()
    size = account().held_by(visit.owner) + _uploaded_in(visit.session)
    loop.call_later(AWAY_SECONDS, _end_if_away, visit, closing)
    try:
        _away().charge(visit.owner, "all", Charge(size, lambda: _end(visit)), visit.group)
    except TooLarge:
        loop.call_soon(_end_if_away, visit, closing)  # once Streamlit has stored it


@st.cache_resource(scope="session", show_spinner=False, max_entries=1, on_release=_left)
def _connection() -> Visit:
    return st.session_state[_VISIT]


def _come_back(visit: Visit) -> None:
    visit.closed = None
    _away().forget(visit.owner)
    jobs.shared_queue().excuse(visit.owner, 0)


def _end_if_away(visit: Visit, closing: object) -> None:
    if _is_connected(visit):
        if visit.closed is closing:  # no script has run since
            asyncio.get_running_loop().call_later(AWAY_SECONDS, _end_if_away, visit, closing)
    elif visit.closed in (None, closing):  # a run that was being stopped may have taken the visitor for back
        _end(visit)


def _end(visit: Visit) -> None:
    """Let go all that belongs to the visitor, and Streamlit's session with it."""
    jobs.shared_queue().release(visit.owner)
    account().forget(visit.owner)
    _away().forget(visit.owner)
    visit.things.clear()
    if runtime.exists():
        runtime.get_instance().close_session(visit.session)


def _is_connected(visit: Visit) -> bool:
    return bool(runtime.exists() and runtime.get_instance().is_active_session(visit.session))


def _uploaded() -> int:
    """Bytes of all uploaded files that Streamlit keeps, as it counts them."""
    if not runtime.exists():
        return 0
    families = runtime.get_instance().uploaded_file_mgr.get_stats()
    return sum(stat.byte_length for stats in families.values() for stat in stats if isinstance(stat, CacheStat))


def _uploaded_in(session: str) -> int:
    kept = cast(MemoryUploadedFileManager, runtime.get_instance().uploaded_file_mgr).file_storage
    files = kept.get(session, {})
    return sum(len(file.data) for file in files.values())
