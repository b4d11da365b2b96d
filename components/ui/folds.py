"""Folds that keep a page short."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer


def go_further(what: str, key: str, lazy: bool = False) -> ExpanderContainer:
    """A closed fold for what a reader on the short path can leave out; named by ``what`` it shows.

    Of a ``lazy`` one the page draws the content while ``.open`` is true. It is for heavy pictures, and not for controls
    that the address sets.
    """
    title, icon = f"Go further: {what}", ":material/explore:"
    return st.expander(title, icon=icon, key=key, on_change="rerun" if lazy else "ignore")


def for_programmers(key: str) -> DeltaGenerator:
    """A closed fold for what a reader can do without; its controls are drawn all the same: addresses reach them."""
    return st.expander("For programmers", icon=":material/terminal:", key=key)
