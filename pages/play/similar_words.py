"""Which words are near, by which measure, and in which of their numbers."""

import streamlit as st

from components.lessons.play import similar_words
from components.session.table_picker import choose_source
from components.ui.errors import show_errors

with show_errors():
    table = choose_source()
    similar_words.show_rankings(table)
    similar_words.introduce_strips(table)
    words = similar_words.choose_words(table)
    if len(words) > 1:
        similar_words.show_strips(table, words)
        similar_words.show_matrix(table, words)
    else:
        st.info("Type at least two words to compare.")
