"""The signs that stand for what cannot be seen in a token: blanks, bytes, joiners."""

from collections.abc import Sequence

import streamlit as st

from components.custom.drawings import BYTES


def explain_signs(tokens: Sequence[str]) -> None:
    """What the signs for spaces, bytes and joiners mean, where they are shown."""
    spaced = [token for token in tokens if " " in token and not BYTES.fullmatch(token)]
    if spaced:
        apart = all(token.isspace() for token in spaced)
        st.caption("␣ is a space. " + ("It is a token of its own." if apart else "It is a part of the token."))
    if any(BYTES.fullmatch(token) for token in tokens):
        st.caption(
            "⟨F0 9F⟩ are *bytes*, the numbers in which text is stored. Such a token is only a part of a character."
        )
    if any("\u200d" in token for token in tokens):
        st.caption("⟨zwj⟩ is a sign that nobody sees. It joins two emoji into one.")
