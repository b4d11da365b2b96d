"""The page *Classroom*: a room is opened, joined, shown to a class, and closed."""

from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from components import classroom, navigation
from components.rooms import membership
from components.rooms.values import Seat, shown_code
from components.ui import pictures, room_line
from components.ui.errors import show_errors
from components.ui.text_fields import WORD_LIMIT, text_line
from embeddings.common import LabError, count_of

LEAD = (
    "In a room every “Predict first” goes to the whole class: each student guesses alone, and the teacher reveals the "
    "answer to all at once. Nobody needs a name or an account."
)
TEACHER = (
    "Open any lesson now. Where it asks, your class is asked: you see how many have guessed, and press **Reveal** when "
    "you want the answer to be seen. Your students come along with your page, unless they switch that off."
)
STUDENT = "Your teacher’s page comes by itself. Where it asks, choose your guess; the answer comes for all at once."
KEEP = (
    "Keep this link: whoever has it is the teacher of this room, on any computer. Show it to nobody. After a day the "
    "room is over, and nobody can read its guesses any more."
)
_CODE = "room_code"  # of its field


def show() -> None:
    """The whole page, under its heading."""
    st.title(classroom.ROOM.title, anchor=False)
    st.markdown(LEAD)
    seat, member = membership.seat_taken(), membership.current()
    if seat is None:
        show_doors()
    elif member is not None and not seat.teaches:
        show_to_student(seat)
    elif member is not None:
        show_to_teacher(seat)
    elif seat.teaches:
        show_closed(seat)


def show_doors() -> None:
    """The two ways into a room."""
    teacher, student = st.columns(2, gap="large")
    with teacher:
        st.subheader("I teach", anchor=False)
        room_line.offer_taught()
        st.markdown("Open a room, and let your students in with its code.")
        st.button("Open a room", key="room_open", type="primary", icon=":material/meeting_room:", on_click=_open)
    with student:
        st.subheader("I learn", anchor=False)
        with st.form("room_door", border=False):  # the code goes along with the press of the button, or with Enter
            text_line("The code of your room", key=_CODE, limit=WORD_LIMIT, shared=False)
            st.form_submit_button("Join", key="room_join", icon=":material/login:", on_click=_join)


def _open() -> None:
    try:
        membership.open_room()
    except LabError as error:
        membership.say(str(error))


def _join() -> None:
    try:
        membership.sit(membership.join(st.session_state[_CODE]))
    except LabError as error:
        membership.say(str(error))


def show_to_student(seat: Seat) -> None:
    """Where the student is, and what happens."""
    st.subheader(f"You are in room {shown_code(seat.code)}", anchor=False)
    st.markdown(STUDENT)


def show_to_teacher(seat: Seat) -> None:
    """The code to be shown to the class, the teacher's own link, and the end."""
    link = room_link(seat)
    invitation, own = st.columns([3, 2], gap="large")
    with invitation, st.container(key="picture"):
        st.html(
            f'<div style="font-size:1rem">The code of your room</div><div style="font:600 clamp(2.75rem,9vw,5.5rem) '
            f'monospace;line-height:1.1;letter-spacing:.04em;white-space:nowrap">{shown_code(seat.code)}</div>'
        )
        pictures.show_qr_code(link, "QR code with the link for students")
        st.markdown("The link for your students:")
        st.code(link, language=None, wrap_lines=True)
    with own:
        show_how_many(seat)
        st.markdown(TEACHER)
        with st.expander("Your own link", icon=":material/key:", key="room_own_link"):
            st.markdown(KEEP)
            st.code(teacher_link(seat), language=None, wrap_lines=True)
        with st.expander("End the lesson", icon=":material/door_front:", key="room_end", on_change="rerun") as end:
            if end.open:  # the guesses are read only for who looks
                _offer_guesses(seat)
                st.markdown("A closed room lets nobody in, and asks nothing more.")
                st.button("Close the room", key="room_close", on_click=_close, args=(seat,))


@st.fragment(run_every=1.0)
def show_how_many(seat: Seat) -> None:
    """How many students have their page open; asked once a second, by the teacher's page alone."""
    from components.rooms import rooms
    from components.rooms.database import shared_database

    with show_errors(st.caption):
        count = rooms.here(shared_database(), [seat.code]).get(seat.code, 0)
        st.markdown(f"**{count_of(count, 'student')} here**")


def show_closed(seat: Seat) -> None:
    """What is left to the teacher of a room that was closed."""
    st.subheader(f"The room {shown_code(seat.code)} is closed", anchor=False)
    st.markdown("You can take the guesses home until a day after the room was opened.")
    _offer_guesses(seat)
    st.button("Leave it", key="room_done", icon=":material/logout:", on_click=membership.leave)


def _offer_guesses(seat: Seat) -> None:
    from components.rooms import rooms
    from components.rooms.database import shared_database

    with show_errors():
        guesses = rooms.guesses_as_csv(shared_database(), seat, navigation.titles())
        st.download_button(
            "All guesses as CSV",
            guesses,
            f"guesses-{seat.code}.csv",
            "text/csv",
            key="room_guesses",
            on_click="ignore",
            icon=":material/download:",
        )


def _close(seat: Seat) -> None:
    from components.rooms import rooms
    from components.rooms.database import shared_database

    try:
        rooms.close(shared_database(), seat)
        membership.caught_up()
    except LabError as error:
        membership.say(str(error))


def room_link(seat: Seat) -> str:
    """The address that lets students in."""
    return _link({membership.ROOM: seat.code})


def teacher_link(seat: Seat) -> str:
    """The address that makes its holder the teacher."""
    return _link({membership.ROOM: seat.code, membership.KEY: seat.secret})


def _link(query: dict[str, str]) -> str:
    """This page's address with a ``query``; the browser says under which name it knows the server."""
    here = urlsplit(st.context.url or "")
    folder = here.path.rpartition("/")[0]
    return urlunsplit((here.scheme, here.netloc, f"{folder}/{classroom.ROOM.address}", urlencode(query), ""))
