"""A cookie that proves, after the page was loaded anew, who somebody is in a room."""

from pathlib import Path

import streamlit as st

_keep = st.components.v2.component("room_cookie", js=Path(__file__).with_suffix(".js").read_text())


def keep(name: str, value: str, seconds: int) -> None:
    """Let the browser keep ``value`` under ``name``, letters and digits both, for so many seconds."""
    _keep(data={"name": name, "value": value, "seconds": seconds}, key="room_cookie")


def names() -> list[str]:
    """Of all cookies that the browser sent when it connected."""
    return list(st.context.cookies)


def kept(name: str) -> str:
    """What the browser sent under ``name`` when it connected; "" for nothing."""
    value = st.context.cookies.get(name, "")
    return value if isinstance(value, str) else ""
