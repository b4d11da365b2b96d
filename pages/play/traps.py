"""What a map seems to say and does not, in six exercises."""

import streamlit as st

from components.lessons.play.traps import panels
from components.session.table_picker import choose_source
from components.ui.errors import show_errors

with show_errors():
    table = choose_source()
    trap = panels.choose_trap()
    with show_errors(st.info):  # too few words is no fault of the reader's
        panels.show_trap(trap, table)
