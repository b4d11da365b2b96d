"""The lesson's figures in img/, in the reader's theme, the drawings around every page, and codes for telephones."""

import html
import io
from base64 import b64encode
from functools import cache
from pathlib import Path

import streamlit as st

from embeddings.common import required

IMAGES = Path(__file__).parents[2] / "img"


def show_picture(name: str, alt: str) -> None:
    """The figure called ``name``, drawn by img/figures.py, over the full width."""
    # as PNG, which it is: else each run would make a JPEG of it, whose letters are blurred
    st.image(_file(name), width="stretch", alt=alt, output_format="PNG")


def show_wide_picture(name: str, alt: str, width: int) -> None:
    """The same figure, never narrower than ``width`` pixels: where the column is, it is moved sideways."""
    st.html(
        f'<div style="overflow-x:auto" tabindex="0" role="group" aria-label="{html.escape(alt)}">'
        f'<img src="{_address(_file(name), "png")}" alt="{html.escape(alt)}" '
        f'style="display:block;width:100%;min-width:{width}px"></div>'
    )


def _file(name: str) -> Path:
    ending = "-dark" if st.context.theme.type == "dark" else ""
    return IMAGES / f"{name}{ending}.png"


def svg(name: str) -> str:
    """The drawing called ``name`` as an address that holds all of it, so that no run reads the file again."""
    return _address(IMAGES / f"{name}.svg", "svg+xml")


@cache
def _address(file: Path, kind: str) -> str:
    return f"data:image/{kind};base64,{b64encode(file.read_bytes()).decode()}"


def show_qr_code(link: str, alt: str) -> None:
    """``link`` as a QR code, dark on white in both themes, as telephones expect it."""
    st.html(f'<img src="{_qr_code(link)}" alt="{html.escape(alt)}" style="width:min(100%,15rem)">')


@st.cache_data(max_entries=32, show_spinner=False)  # 20 ms; a page with one is drawn many times
def _qr_code(link: str) -> str:
    with required():
        import segno
    drawn = io.BytesIO()
    segno.make(link, error="l", micro=False).save(drawn, kind="svg", border=4, light="white", dark="black")
    return f"data:image/svg+xml;base64,{b64encode(drawn.getvalue()).decode()}"
