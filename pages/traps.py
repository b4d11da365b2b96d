"""What a map seems to say and does not, in six exercises."""

import streamlit as st

from components import lessons, trap_panels
from components.explained import explained
from components.source_choice import choose_source

lessons.title(
    "Six traps",
    "*t-SNE* draws a map on which each word lies beside its nearest neighbours. Its *perplexity* says how many of "
    "them it heeds; all else may lie anywhere. Such a map is easy to believe. Here it draws points whose truth "
    "is known, many times over. Guess first what it will show, then look, and hold the maps against the numbers.",
)
with explained():
    table = choose_source()
    trap = trap_panels.choose_trap()
    with explained(st.info):  # too few words is no fault of the reader's
        trap_panels.show(trap, table)
lessons.next_link("pages/traps.py")
