"""Folds that keep a page short."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def for_programmers(key: str) -> DeltaGenerator:
    """A closed fold for what a reader can do without; its controls are drawn all the same: addresses reach them."""
    return st.expander("For programmers", icon=":material/terminal:", key=key)
