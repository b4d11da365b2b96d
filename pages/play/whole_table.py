"""Every word of a table on one map: where they lie densely, and where one of them lies."""

import streamlit as st

from components.lessons.play import whole_table
from components.session.table_picker import choose_source
from components.ui.errors import show_errors

with show_errors():
    table = choose_source()
    picture, settings = st.columns([7, 4], gap="large")
    with settings:
        word = whole_table.choose_word(table)
        asked = st.container()
        drawn = whole_table.choose_points(table)
    whole_table.show_whole_table(table, word, drawn, picture, asked)
