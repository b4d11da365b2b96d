"""What the browser does when a reader goes from page to page: its history, and the menu of a narrow screen."""

from pathlib import Path

import streamlit as st

_follow = st.components.v2.component("navigation", js=Path(__file__).with_suffix(".js").read_text())


def follow() -> None:
    """Let Back lead to the page before with its settings, and a menu that lies over the page close after a choice."""
    _follow(key="navigation")
