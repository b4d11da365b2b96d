"""The lesson's figures in img/, in the reader's theme."""

from pathlib import Path

import streamlit as st

IMAGES = Path(__file__).parents[2] / "img"


def show_picture(name: str, alt: str) -> None:
    """The figure called ``name``, drawn by img/figures.py, over the full width."""
    ending = "-dark" if st.context.theme.type == "dark" else ""
    st.image(IMAGES / f"{name}{ending}.png", width="stretch", alt=alt)
