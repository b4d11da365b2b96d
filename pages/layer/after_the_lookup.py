"""One row of the table becomes a different vector in each sentence."""

import streamlit as st

from components.lessons.layer import after_the_lookup
from components.ui.errors import show_errors

picture, beside = after_the_lookup.places()
with beside, show_errors(st.info):
    asked = after_the_lookup.ask()
    after_the_lookup.check(asked)
    with picture:
        after_the_lookup.show_layers(asked)
with show_errors():
    after_the_lookup.show_all()
