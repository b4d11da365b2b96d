"""Which language model a page asks: SmolLM2, or a small one that is trained here."""

import streamlit as st

from components.markup import escaped
from components.session.language_model import language_tokenizer
from components.ui.inputs import choice_input
from embeddings.common import SourceUnavailable

LARGE, SMALL = "SmolLM2", "a small model, trained here"


def choose_model(key: str) -> str:
    """``LARGE`` or ``SMALL``; where the large one is not installed that is said, and the small one is the usual one."""
    missing = _why_missing()
    if missing:
        st.caption(f"SmolLM2 is not there: {escaped(missing)} The small model needs none of that.")
    return choice_input("The model", [LARGE, SMALL], key, default=SMALL if missing else LARGE)


def _why_missing() -> str:
    """What keeps the large model from being opened, in a sentence; "" where nothing does."""
    try:
        language_tokenizer()
    except SourceUnavailable as error:
        return str(error)
    return ""
