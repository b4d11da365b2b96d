"""Which words are near, by which measure, and in which of their numbers."""

import streamlit as st

from components import lessons, similar_panels
from components.explained import explained
from components.inputs import word_setting, words_setting
from components.source_choice import choose_source

MOST_WORDS = 24  # a matrix with more cells than this cannot be read

lessons.title(
    "Similar words",
    "Two words are similar if their vectors are. But what makes two vectors similar: their direction, their length, "
    "or both? Ask for the nearest words by different measures and see who stays.",
)
with explained():
    table = choose_source()
    word = word_setting("A word", "king", "similar_word", table)
    if word is not None:
        similar_panels.show_rankings(table, word)
    similar_panels.introduce_strips(table)
    words = words_setting(
        "Words to compare", "king queen prince cat dog horse bread rice cheese", "similar_words", table, MOST_WORDS
    )
    if len(words) > 1:
        similar_panels.show_strips(table, words)
        similar_panels.show_matrix(table, words)
    else:
        st.info("Type at least two words to compare.")
lessons.next_link("pages/similar_words.py")
