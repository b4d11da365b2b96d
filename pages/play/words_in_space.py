"""Words as points; those used alike lie together."""

import streamlit as st

from components.lessons.play.words_in_space import panels
from components.lessons.play.words_in_space.projection_choice import choose_projection, place_for_more
from components.lessons.play.words_in_space.word_choice import choose_words
from components.session.table_picker import choose_source
from components.ui.errors import show_errors

with show_errors():
    table = choose_source()
    picture, settings = st.columns([7, 4], gap="large")
    with settings:
        words = choose_words(table)
        main = st.container()
        more = place_for_more(len(words.words))
        options = choose_projection(len(words.words), table, picture, main, more)
    if len(words.words) < 2:
        picture.info(words.too_few)
    else:
        with show_errors(st.info):
            panels.show_space(words, options, table, picture, more)
