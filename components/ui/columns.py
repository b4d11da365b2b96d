"""Columns of a page."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def beside() -> tuple[DeltaGenerator, DeltaGenerator]:
    """A wide column for a picture, and a narrow one beside it for what is asked; on a narrow screen, one below."""
    wide, narrow = st.columns([3, 2], gap="large")
    return wide, narrow
