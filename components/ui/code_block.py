"""The few lines of Python behind a panel, as they stand runnable: alone, or in the project's folder if they name it."""

import streamlit as st

MAX_TEXT = 2_000  # characters of a text that are written into code


def show_code(code: str, key: str, note: str = "") -> None:
    """``code`` behind a fold, with a button that copies it; sent only when it is opened, as its colours are heavy.

    A ``note`` of the app's own says where it does less than the panel.
    """
    with st.expander("Show the code", icon=":material/code:", key=f"{key}_code", on_change="rerun") as fold:
        if fold.open:
            st.code(code, language="python", wrap_lines=True)  # what scrolls sideways is not reached by keyboard
            if note:
                st.caption(note)


def cut_note(text: str) -> str:
    """What is to be said of code that holds only the first ``MAX_TEXT`` characters of ``text``."""
    return f"The code holds the first {MAX_TEXT:,} characters of your text." if len(text) > MAX_TEXT else ""
