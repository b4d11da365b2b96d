"""Where vectors come from: with the app, from the network, or from a file of the reader's own."""

import streamlit as st

from components.lessons.play import sources
from components.session.table_picker import choose_source
from components.ui.errors import show_errors

with show_errors():
    choice = st.container()
    sources.show_catalogue()
    sources.show_hub()
    sources.show_own_file()
    with choice:  # last, as the page ends here while a large table is read
        choose_source()
