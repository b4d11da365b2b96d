"""How often a word was read shows in its vector."""

import streamlit as st

from components.lessons.play import frequency
from components.session.table_picker import choose_source
from components.ui.errors import show_errors

with show_errors():
    table = choose_source()
    words = frequency.show_norms(table)
    if words:
        frequency.show_company(table, words)
    else:
        st.info("Type one word or more. You then see where they lie, and which words are their neighbours.")
