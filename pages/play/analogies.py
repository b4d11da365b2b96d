"""What is to c as b is to a?"""

import streamlit as st

from components.lessons.play import analogies
from components.session.table_picker import choose_source
from components.ui.columns import beside
from components.ui.errors import show_errors
from components.ui.folds import go_further

with show_errors():
    table = choose_source()
    picture, settings = beside()
    with settings:
        words = analogies.ask(table)
    with picture.container(key="picture"):
        if words is None:
            st.info("The picture needs three words that the table has. It comes back as soon as they are there.")
        else:
            analogies.show_parallelogram(table, *words)
    if words is not None:
        analogies.explain_parallelogram(table, *words)
        analogies.show_rankings(table, *words)
        with go_further("a sum without one of its words", "analogy_dropped", lazy=True) as fold:
            if fold.open:
                analogies.show_dropped(table, *words)
    with go_further("any sum you like", "analogy_any"):
        analogies.show_sum(table)
