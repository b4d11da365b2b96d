"""The projector's view of a page: one panel at a time, turned by the arrow keys or a presenter's remote."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

_HERE = Path(__file__)
_HTML = """\
<nav class="presenting" aria-label="Panels">
<button aria-label="Panel before">←</button><output></output><button aria-label="Next panel">→</button>
<button>Leave</button></nav>"""

_panels = st.components.v2.component(
    "presenting",
    html=_HTML,
    css=_HERE.with_suffix(".css").read_text(),
    js=_HERE.with_suffix(".js").read_text(),
    isolate_styles=False,  # they are for the whole page
)

_followed = st.components.v2.component("presenting_followed", js=(_HERE.parent / "presenting_followed.js").read_text())


def panels(page: str, before: bool, after: str | None, leave: Callable[[], None]) -> None:
    """Show ``page`` panel by panel, with a line that says which of them is in sight.

    Args:
        page: Its title: another one starts at its first panel.
        before: Whether the first link in the page's foot leads to a page before this one.
        after: The title of the page to which its last link leads.
        leave: Called when the presenter leaves this view.
    """
    _panels(data={"page": page, "before": before, "after": after}, on_leave_change=leave, key="presenting")


def followed(page: str, key: str, turn: Callable[[], None]) -> None:
    """Call ``turn`` when another window of this browser presents another page than ``page``.

    Args:
        page: The title of what this window is about.
        key: Of the element; in ``turn`` the session has the other page's title there, as ``page``.
        turn: A callback.
    """
    _followed(data={"page": page}, on_page_change=turn, key=key)
