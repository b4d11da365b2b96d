"""What an embedding layer does: it copies rows of a table."""

import streamlit as st

from components.lessons.layer.embedding_layer import equivalence, more, settings, steps
from components.ui.errors import show_errors
from embeddings import lookup

with show_errors():
    with st.spinner("Opening PyTorch, about two seconds once per server"):
        lookup.devices()
    picture = st.container()
    asked = settings.choose()
    with picture:
        steps.show_steps(asked)
    steps.explain_steps()
    equivalence.show_equivalence(asked)
    equivalence.show_repeats(asked)
    more.show_more(asked)
