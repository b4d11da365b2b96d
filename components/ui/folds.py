"""Folds that keep a page short."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def go_further(what: str, key: str) -> DeltaGenerator:
    """A closed fold for what a reader on the short path can leave out; named by ``what`` it shows."""
    return st.expander(f"Go further: {what}", icon=":material/explore:", key=key)


def for_programmers(key: str) -> DeltaGenerator:
    """A closed fold for what a reader can do without; its controls are drawn all the same: addresses reach them."""
    return st.expander("For programmers", icon=":material/terminal:", key=key)
