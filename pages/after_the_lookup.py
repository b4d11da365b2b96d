"""One row of the table becomes a different vector in each sentence."""

import streamlit as st

from components import lessons, occurrence_panels
from components.explained import explained

lessons.title(
    "After the lookup",
    "The row for *bank* is the same in *river bank* and in *bank loan*. A model that understands either must make two "
    "vectors of it. Watch where that happens.",
)
with explained(st.info):
    asked = occurrence_panels.ask()
    occurrence_panels.check(asked)
    occurrence_panels.show_layers(asked)
with explained():
    occurrence_panels.show_all()
lessons.next_link("pages/after_the_lookup.py")
