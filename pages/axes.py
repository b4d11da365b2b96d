"""A direction with a meaning at each end."""

import streamlit as st

from components import axis_panels, lessons
from components.explained import explained
from components.source_choice import choose_source

lessons.title(
    "Axes of meaning",
    "No column of a learned table has a name. But two opposite words span a direction that has a meaning at each end, "
    "and every other word has its place along it.",
)
with explained():
    table = choose_source()
    axis_panels.choose_example()
    poles, words = axis_panels.choose_axes(table)
    with explained():
        if poles and len(words) > 1:
            axes = axis_panels.show_places(table, poles, words)
            axis_panels.show_quality(table, axes, words)
        else:
            st.info("An axis needs a word at each end, and two words or more to place between them.")
    axis_panels.say_bias(table)
lessons.next_link("pages/axes.py")
