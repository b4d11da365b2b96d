"""What takes a student's browser to the page where the teacher is."""

from pathlib import Path

import streamlit as st

_guide = st.components.v2.component("room_guide", js=Path(__file__).with_suffix(".js").read_text())


def lead(address: str, move: str) -> None:
    """Let the browser go to the app's page at ``address``, with its settings, once for each ``move`` of that name."""
    _guide(data={"address": address, "move": move}, key="room_guide")
