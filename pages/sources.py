"""Where vectors come from: with the app, from the network, or from a file of the reader's own."""

import streamlit as st

from components import lessons, source_panels
from components.plain_text import escaped
from components.source_choice import choose_source
from embeddings.errors import LabError

lessons.title(
    "Sources of vectors",
    "Every page of this chapter works with any table of vectors. Two come with the app. Others can be fetched, taken "
    "out of a model, or brought along.",
)
try:
    choose_source()
    source_panels.show_catalogue()
    source_panels.show_hub()
    source_panels.show_own_file()
except LabError as error:
    st.error(escaped(str(error)))
lessons.next_link("pages/sources.py")
