"""What takes a student's browser to the page where the teacher is, and a member's back to the room."""

from pathlib import Path

import streamlit as st

_guide = st.components.v2.component("room_guide", js=Path(__file__).with_suffix(".js").read_text())
_return = st.components.v2.component("room_return", js=Path(__file__).with_name("room_return.js").read_text())


def lead(address: str, move: str) -> None:
    """Let the browser go to the app's page at ``address``, with its settings, once for each ``move`` of that name."""
    _guide(data={"address": address, "move": move}, key="room_guide")


def come_back() -> None:
    """Let the page run when its connection was lost and is back, maybe to another server: so the room knows of it."""
    _return(key="room_return", on_back_change=lambda: None)
