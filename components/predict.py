"""Predict, then reveal: the reader commits to a guess before the answer is drawn."""

from collections.abc import Sequence

import streamlit as st

from components.plain_text import code, escaped


def guess(question: str, options: Sequence[str], key: str) -> str | None:
    """Ask ``question``; the reader's guess, kept for the session, or ``None`` while there is none.

    The first guess stands: a prediction that can be changed after the answer is none.
    """
    kept = f"{key}_kept"
    if kept in st.session_state:
        return st.session_state[kept]

    def keep() -> None:
        st.session_state[kept] = st.session_state[key]

    st.markdown(f"**Predict first.** {question}")
    st.pills("Your guess", options, key=key, format_func=escaped, label_visibility="collapsed", on_change=keep)
    st.caption("Choose one, and the answer appears.")
    return None


def verdict(guessed: str, answer: str, reason: str) -> None:
    """Whether the guess was right, and why the answer is what it is; ``reason`` is the app's own Markdown."""
    if guessed == answer:
        st.success(f"You said {code(guessed)}, and so it is. {reason}")
    else:
        st.info(f"You said {code(guessed)}; it is {code(answer)}. {reason}")
