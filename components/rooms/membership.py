"""Who the visitor is in a room: kept for the visit, in the address and in a cookie; and where the teacher is.

app.py calls ``arrive`` before a page is drawn, and ``note_place`` after it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from components.custom import room_cookie, room_guide
from components.markup import escaped
from components.rooms.gatekeeper import Gatekeeper
from components.rooms.values import NewRoom, Place, RoomState, Seat, shown_code, tidy_code
from components.rooms.watcher import Viewer, Watcher, shared_watcher
from components.server.addresses import address_of
from embeddings.common import InvalidInput, LabError, SourceUnavailable, required

ROOM, KEY, FOLLOW = "room", "teacher", "room_follow"  # in the address
OWN = (ROOM, FOLLOW, "show_answers", "present")  # settings that are each visitor's own, wherever they go
COOKIE_SECONDS = 86_400
_MAX_HAD = 20  # seats of one visit that are remembered
MAX_TAUGHT = 20  # rooms that one browser is asked about
WRONG_KEY = "This teacher's link belongs to no room that is kept. Rooms are kept for a day."
CLOSED = "The teacher has closed the room {}. What you see now is for yourself."
OVER = "The room {} is over. Rooms are kept for a day."
_SEAT, _HAD, _LEFT, _REFUSED, _SAID, _NOTED, _GO, _PAGE, _FILLED = (
    f"room_{name}" for name in ("seat", "had", "left", "refused", "said", "noted", "go", "page", "filled")
)  # in the session


@dataclass(frozen=True)
class Membership:
    """A visitor's seat in a room that is open, and what they see of the room."""

    seat: Seat
    room: RoomState


def current() -> Membership | None:
    """The visitor's membership; ``None`` outside of rooms, and in one that is closed."""
    seat = seat_taken()
    if seat is None:
        return None
    try:
        room = shared_watcher().state_of(seat.code)
    except SourceUnavailable:
        return None  # the line in the sidebar says so
    return Membership(seat, room) if room is not None and not room.closed else None


def seat_taken() -> Seat | None:
    """The visitor's seat, also in a room that was closed, whose guesses its teacher may still take home."""
    return st.session_state.get(_SEAT)


def arrive(page: str, filled: Sequence[str] = ()) -> None:
    """Take the seat that the address or the cookie gives, and note which state of the room this run shows.

    Args:
        page: Its address.
        filled: Keys of its fields that were filled before it runs, of which the address may not tell.
    """
    st.session_state[_PAGE], st.session_state[_FILLED] = page, tuple(filled)
    for sentence in st.session_state.pop(_SAID, []):
        st.warning(sentence)
    if seat_taken() is None and ROOM not in st.query_params:
        return
    try:
        _take_asked_seat()
        _look_at_room()
    except LabError as error:
        st.warning(escaped(str(error)))


def _take_asked_seat() -> None:
    """Sit down where the address asks for it.

    Raises:
        InvalidInput: There is no such room, or it is full.
        SourceUnavailable: The rooms cannot be reached.
    """
    seat, typed, key = seat_taken(), st.query_params.get(ROOM, ""), st.query_params.get(KEY, "")
    code = tidy_code(typed)
    if not typed:
        st.query_params.pop(KEY, None)
        return
    if not key and seat is not None and seat.code == code:
        return
    if not key and (code == st.session_state.get(_LEFT) or typed == st.session_state.get(_REFUSED)):
        del st.query_params[ROOM]
        return
    try:
        sit(_seat_by(code, key))
    except InvalidInput:
        st.session_state[_REFUSED] = typed
        st.query_params.pop(KEY, None)
        raise
    st.query_params.pop(KEY, None)  # a projector shows the address


def _seat_by(code: str, key: str) -> Seat:
    """The seat that a teacher's key gives, one that the visitor has had, or a new one."""
    if key:
        if (seat := _valid(Seat(code, key, True))) is None:
            raise InvalidInput(WRONG_KEY)
        return seat
    return join(code)


def join(typed: str) -> Seat:
    """A seat in the room with the code that was ``typed``: one that the visitor has had, or a new one as a student.

    Raises:
        InvalidInput: There is no such room, it is full, or this address has named too many that do not exist, or has
            taken too many seats.
        SourceUnavailable: The rooms cannot be reached.
    """
    database, code = _database(), tidy_code(typed)
    from components.rooms import rooms

    if (seat := _seat_had(code)) is not None:
        return seat  # who has left and comes again is the same student, or the teacher
    _gatekeeper().check(_address())
    try:
        seat = rooms.join(database, code)
    except InvalidInput as error:
        if str(error) == rooms.NO_ROOM:
            _gatekeeper().note_wrong(_address())
        raise
    _gatekeeper().note_seat(_address())
    return seat


def _seat_had(code: str) -> Seat | None:
    """The seat that this visit had last, or that the browser keeps the proof of from an earlier one."""
    had = [seat for seat in _seats_had() if seat.code == code]
    kept = (Seat(code, room_cookie.kept(_cookie(code, teaches)), teaches) for teaches in (True, False))
    return next(filter(None, map(_valid, (*had, *kept))), None)


def taught() -> list[Seat]:
    """The teacher's seats in open rooms that this browser proves, in the order of their codes.

    Raises:
        SourceUnavailable: The rooms cannot be reached.
    """
    names = (re.fullmatch(_cookie("(.+)", True), name) for name in room_cookie.names())
    codes = {tidy_code(name[1]) for name in names if name} | {seat.code for seat in _seats_had() if seat.teaches}
    seats = [seat for code in sorted(codes)[:MAX_TAUGHT] if (seat := _valid(_taught(code))) is not None]
    rooms = {seat.code: shared_watcher().state_of(seat.code) for seat in seats}
    return [seat for seat in seats if (room := rooms[seat.code]) is not None and not room.closed]


def _taught(code: str) -> Seat:
    """The teacher's seat in a room, with the key that the visit or the browser has kept; else with none."""
    had = (seat for seat in _seats_had() if seat.teaches and seat.code == code)
    return next(had, None) or Seat(code, room_cookie.kept(_cookie(code, True)), True)


def _seats_had() -> tuple[Seat, ...]:
    """The seats of this visit, the latest first: a cookie is seen only when a page is loaded anew."""
    return st.session_state.get(_HAD, ())


def _valid(seat: Seat) -> Seat | None:
    """``seat``, if it is one of a room; its secret is too long to be guessed, so that nobody counts."""
    database = _database()
    from components.rooms import rooms

    return seat if seat.code and seat.secret and rooms.is_valid(database, seat) else None


def open_room() -> NewRoom:
    """A new room, of which the visitor is the teacher.

    Raises:
        InvalidInput: This address has opened too many.
        SourceUnavailable: The rooms cannot be reached.
    """
    database = _database()
    from components.rooms import rooms

    _gatekeeper().note_opening(_address())
    room = rooms.open_room(database)
    sit(Seat(room.code, room.teacher_key, True))
    return room


def sit(seat: Seat) -> None:
    """Take ``seat`` in place of the one that the visitor has."""
    leave()
    st.session_state[_SEAT] = seat
    st.session_state[_HAD] = (seat, *(each for each in _seats_had() if each != seat))[:_MAX_HAD]
    st.session_state.pop(_LEFT, None)


def leave() -> None:
    """Give the seat up; it is remembered, so that who comes back is the same student, or the teacher."""
    seat = seat_taken()
    if seat is None:
        return
    if (viewer := _viewer(seat)) is not None:
        shared_watcher().leave(viewer)
    if not seat.teaches:
        _take_off_the_count(seat)
    st.session_state[_LEFT] = seat.code
    for name in (_SEAT, _NOTED, _GO):
        st.session_state.pop(name, None)


def _take_off_the_count(seat: Seat) -> None:
    from components.rooms import rooms

    try:
        rooms.leave(_database(), seat)
    except SourceUnavailable:
        return  # gone just now, which is in the log; who is not seen again is soon counted no longer


def _look_at_room() -> None:
    """Note in the address, the cookie and the watcher what this run shows; or that the room is over."""
    seat = seat_taken()
    if seat is None:
        return
    watcher = shared_watcher()
    room = watcher.state_of(seat.code)
    if room is None or (room.closed and not seat.teaches):
        leave()
        st.query_params.pop(ROOM, None)
        st.warning(escaped((OVER if room is None else CLOSED).format(shown_code(seat.code))))
        return
    if st.query_params.get(ROOM) != seat.code:
        st.query_params[ROOM] = seat.code
    if (viewer := _viewer(seat)) is not None:
        watcher.enter(viewer, room.revision)


def keep_cookie() -> None:
    """Let the browser keep the proof of the seat."""
    if (seat := seat_taken()) is not None:
        room_cookie.keep(_cookie(seat.code, seat.teaches), seat.secret, COOKIE_SECONDS)


def caught_up() -> None:
    """Note that this page shows what it has just changed itself."""
    seat = seat_taken()
    if seat is None or (viewer := _viewer(seat)) is None:
        return
    try:
        room = shared_watcher().refresh(seat.code)
    except SourceUnavailable:
        return  # gone just now, which is in the log; the watcher catches up
    if room is not None:
        shared_watcher().enter(viewer, room.revision)


def say(sentence: str) -> None:
    """Say a ``sentence`` at the head of the page in its next run; for callbacks."""
    st.session_state.setdefault(_SAID, []).append(escaped(sentence))


def lead() -> None:
    """Let the browser go where the visitor asked to be taken, or where the teacher is, if they follow."""
    member = current()
    if member is None or member.seat.teaches:
        return
    room, (place, move) = member.room, st.session_state.get(_GO, (None, 0))
    if st.session_state.get(FOLLOW, True) and room.moves > move:
        place, move = room.place, room.moves
    if place is not None:
        own = {key: st.query_params.get_all(key) for key in OWN if key in st.query_params}
        query = urlencode(dict(place.query) | own | {ROOM: [room.code]}, doseq=True)
        room_guide.lead(f"{place.page or '.'}?{query}", f"{room.code} {move}")


def go_to(place: Place) -> None:
    """Let the next run go to ``place``; for callbacks."""
    member = current()
    if member is not None:
        _, before = st.session_state.get(_GO, (None, 0))
        # Half a move after the teacher's last one: the next one leads on.
        st.session_state[_GO] = (place, max(member.room.moves, before) + 0.5)


def place_here() -> Place:
    """The page with its settings, without what is each visitor's own."""
    asked = st.query_params
    query = {key: asked.get_all(key) for key in asked if key not in (*OWN, KEY)}
    for key in st.session_state.get(_FILLED, ()):
        value = st.session_state.get(key)
        if value and key not in query:  # Streamlit 1.67 writes what a field was filled with from its second page on
            query[key] = [value] if isinstance(value, str) else list(value)
    return Place(st.session_state.get(_PAGE, ""), dict(sorted(query.items())))


def note_place() -> None:
    """Tell those who follow where the teacher is now, if the visitor is one."""
    member = current()
    place = place_here()
    if member is None or not member.seat.teaches or st.session_state.get(_NOTED) == place:
        return
    from components.rooms import rooms

    try:
        rooms.go(_database(), member.seat, place)
        st.session_state[_NOTED] = place
        caught_up()
    except LabError as error:
        st.warning(escaped(str(error)))


def watcher() -> Watcher:
    """The server process's."""
    return shared_watcher()


def _database():
    with required():
        import sqlalchemy  # noqa: F401

        from components.rooms.database import shared_database
    return shared_database()


@st.cache_resource(max_entries=1, show_spinner=False)
def _gatekeeper() -> Gatekeeper:
    return Gatekeeper()


def _cookie(code: str, teaches: bool) -> str:
    return f"lab_room_{code}{'_key' if teaches else ''}"


def _viewer(seat: Seat) -> Viewer | None:
    context = get_script_run_ctx()
    return None if context is None else Viewer(context.session_id, seat)


def _address() -> str:
    address = st.context.ip_address if get_script_run_ctx() else None
    return address_of({"client": (address, 0)}) if isinstance(address, str) else ""
