"""Words as points; those used alike lie together."""

import streamlit as st

from components import lessons, map_panels
from components.explained import explained
from components.projection_choice import choose_projection
from components.source_choice import choose_source
from components.word_choice import choose_words

lessons.title(
    "Words in space",
    "Give each word a vector that was learned from how people use it, and words used alike land close together.",
)
with explained():
    table = choose_source()
    words = choose_words(table)
    options = choose_projection(len(words.words), table)
    if len(words.words) < 2:
        st.info("A map needs at least two words. Choose a group, or type words of your own.")
    else:
        with explained(st.info):
            map_panels.show(words, options, table)
lessons.next_link("pages/words_in_space.py")
