"""What is to c as b is to a?"""

import streamlit as st

from components import analogy_panels, lessons
from components.plain_text import escaped
from components.source_choice import choose_source
from embeddings.errors import LabError

lessons.title(
    "Analogies",
    "If a step in space has a meaning, then *king* − *man* + *woman* should land near a word that you can guess. "
    "Try it, and look at what most demonstrations leave out.",
)
try:
    table = choose_source()
    asked = analogy_panels.ask(table)
    if asked is not None:
        answer = analogy_panels.show_rankings(table, *asked)
        analogy_panels.show_dropped(table, *asked)
        analogy_panels.show_parallelogram(table, *asked, answer)
    analogy_panels.show_sum(table)
except LabError as error:
    st.error(escaped(str(error)))
lessons.next_link("pages/analogies.py")
