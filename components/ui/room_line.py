"""The line in the sidebar that says which room the visitor is in."""

import streamlit as st

from components.address import setting
from components.rooms import membership
from components.rooms.values import shown_code

GONE = "The room cannot be reached just now. Your page goes on working."


def show() -> None:
    """The line, in the place that is open; nothing outside of rooms."""
    seat = membership.seat_taken()
    if seat is None:
        return
    membership.keep_cookie()
    member = membership.current()
    here = f" · {member.room.here:,} here" if member is not None else ""
    with st.container(key="room_line"):
        st.markdown(f":material/groups: **Room {shown_code(seat.code)}**{here}")
        if membership.watcher().gone:
            st.caption(GONE)
        with st.container(horizontal=True, vertical_alignment="center"):
            if seat.teaches:
                st.caption("You are the teacher.", width="content")
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
