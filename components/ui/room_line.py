"""Which room the visitor is in: a line over each page, and the way out in the sidebar."""

import streamlit as st

from components.address import setting
from components.custom import room_guide
from components.rooms import membership
from components.rooms.values import shown_code

GONE = "The room cannot be reached just now. Your page goes on working."


def show() -> None:
    """The room at the head of the page, and what can be done about it in the sidebar; nothing outside of rooms."""
    seat = membership.seat_taken()
    if seat is None:
        return
    member = membership.current()
    name = f":material/groups: Room {shown_code(seat.code)}"
    here = f" · {member.room.here:,} here" if member is not None else ""
    st.caption(f"{name}{' · you teach' if seat.teaches else here}")  # a teacher's pages count by the second
    if membership.watcher().gone:
        st.warning(GONE)
    with st.sidebar, st.container(key="room_line"):
        membership.keep_cookie()
        membership.lead()
        room_guide.come_back()
        st.markdown(f"**{name}**")
        st.button("Leave", key="room_leave", type="tertiary", icon=":material/logout:", on_click=membership.leave)
        if not seat.teaches:
            _offer_to_follow()


def _offer_to_follow() -> None:
    setting(
        st.toggle,
        "Follow the teacher’s page",
        True,
        key=membership.FOLLOW,
        help="When your teacher opens another page or changes a setting, your page does the same. Switch it off to go "
        "your own way.",
    )
