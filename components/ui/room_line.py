"""Which room the visitor is in: a line over each page, and the way out in the sidebar."""

from collections.abc import Callable

import streamlit as st

from components.address import setting
from components.custom import room_guide
from components.rooms import membership
from components.rooms.values import shown_code
from components.ui import class_question
from components.ui.errors import show_errors

_LEAVING = "room_leaving"  # in the session: the room of which a teacher was asked whether to leave it
GONE = "The room cannot be reached just now. Your page goes on working."


def show() -> None:
    """The room at the head of the page, and what can be done about it in the sidebar; nothing outside of rooms."""
    seat = membership.seat_taken()
    if seat is None:
        return
    member = membership.current()
    name = f":material/groups: Room {shown_code(seat.code)}"
    st.caption(f"{name}{' · you teach' if seat.teaches else ''}")
    if member is not None:
        class_question.lead_to_class(member)
    if membership.watcher().gone:
        st.warning(GONE)
    with st.sidebar, st.container(key="room_line"):
        membership.keep_cookie()
        membership.lead()
        room_guide.come_back()
        st.markdown(f"**{name}**")
        _offer_to_leave(seat.code, sure=not seat.teaches or member is None)
        if not seat.teaches:
            _offer_to_follow()


def _offer_to_leave(code: str, sure: bool) -> None:
    """The way out of a room; one press more for who is not ``sure``, as a class may wait."""
    if sure:
        _button("Leave", "room_leave", membership.leave, icon=":material/logout:")
    elif st.session_state.get(_LEAVING) != code:
        _button("Leave", "room_leave", _set_leaving, code, icon=":material/logout:")
    else:
        st.markdown("Leave? The room stays open; your own link brings you back.")
        with st.container(horizontal=True):
            _button("Leave the room", "room_leave_now", _leave)
            _button("Stay", "room_stay", _set_leaving, "")


def _button(label: str, key: str, act: Callable, *arguments: object, icon: str | None = None) -> None:
    st.button(label, key=key, type="tertiary", icon=icon, on_click=act, args=arguments)


def _set_leaving(code: str) -> None:
    st.session_state[_LEAVING] = code


def _leave() -> None:
    _set_leaving("")
    membership.leave()


def _offer_to_follow() -> None:
    setting(
        st.toggle,
        "Follow the teacher’s page",
        True,
        key=membership.FOLLOW,
        help="When your teacher opens another page or changes a setting, your page does the same. Switch it off to go "
        "your own way.",
    )


def offer_taught() -> None:
    """The rooms that this browser teaches, each with the way back into it."""
    with show_errors():
        for seat in membership.taught():
            code = shown_code(seat.code)
            st.markdown(f"You teach room **{code}** in this browser.")
            st.button(
                f"Go back to {code}",
                key=f"room_back_{seat.code}",
                icon=":material/undo:",
                on_click=membership.sit,
                args=(seat,),
            )
