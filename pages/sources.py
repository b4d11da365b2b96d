"""Where vectors come from: with the app, from the network, or from a file of the reader's own."""

import streamlit as st

from components import lessons, source_panels
from components.explained import explained
from components.source_choice import choose_source

lessons.title(
    "Sources of vectors",
    "Every page of this chapter works with any table of vectors. Two come with the app. Others can be fetched, taken "
    "out of a model, or brought along.",
)
with explained():
    choice = st.container()
    source_panels.show_catalogue()
    source_panels.show_hub()
    source_panels.show_own_file()
    with choice:  # last, as the page ends here while a large table is read
        choose_source()
lessons.next_link("pages/sources.py")
