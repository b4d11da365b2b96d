"""The lesson's figures in img/, in the reader's theme."""

from base64 import b64encode
from functools import cache
from pathlib import Path

import streamlit as st

IMAGES = Path(__file__).parents[2] / "img"


def show_picture(name: str, alt: str) -> None:
    """The figure called ``name``, drawn by img/figures.py, over the full width."""
    ending = "-dark" if st.context.theme.type == "dark" else ""
    # as PNG, which it is: else each run would make a JPEG of it, whose letters are blurred
    st.image(IMAGES / f"{name}{ending}.png", width="stretch", alt=alt, output_format="PNG")


@cache
def svg(name: str) -> str:
    """The drawing called ``name`` as an address that holds all of it, so that no run reads the file again."""
    return f"data:image/svg+xml;base64,{b64encode((IMAGES / f'{name}.svg').read_bytes()).decode()}"
