"""Presenting: the switch for the projector's view, and the view."""

import streamlit as st

from components.address import setting
from components.custom.presenting import panels

SWITCH = "present"  # in the address


def show_switch() -> None:
    """The switch of this view, in the sidebar; for app.py, after the address is watched."""
    setting(
        st.sidebar.toggle,
        "Present",
        key=SWITCH,
        help="For the projector: large letters, and one panel at a time. The arrow keys, or the page keys of a "
        "presenter’s remote, turn the panels; Esc leaves. *Teacher’s notes* in the menu say what to ask.",
    )


def is_on() -> bool:
    """Whether the visitor presents."""
    return bool(st.session_state.get(SWITCH))


def show_panels(page: str, before: bool = False, after: str | None = None) -> None:
    """One panel of ``page`` at a time while the visitor presents; see ``components.custom.presenting.panels``."""
    if is_on():
        panels(page, before, after, _leave)


def scaled(pixels: int) -> int:
    """A height that was made for letters of the usual size, for those in sight."""
    return 2 * pixels if is_on() else pixels


def _leave() -> None:
    st.session_state[SWITCH] = False
