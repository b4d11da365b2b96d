"""What an embedding layer does: it copies rows of a table."""

import streamlit as st

from components.lessons.layer.embedding_layer import equivalence, more, settings, steps
from components.ui.errors import show_errors
from components.ui.folds import for_programmers, go_further
from embeddings import lookup

picture = st.container()
question = st.container()
with show_errors(picture.error):  # of what was typed, in place of what is drawn of it
    with st.spinner("Opening PyTorch, about two seconds once per server"):
        lookup.devices()
    asked = settings.choose()
    with picture:
        steps.show_steps(asked)
    with question:
        equivalence.show_repeats(asked)
    with go_further("all ids at once", "layer_product", lazy=True) as fold:
        if fold.open:
            equivalence.show_product()
    with for_programmers("layer_programmers"):
        equivalence.show_equivalence(asked)
        more.show_more(asked)
    more.show_links()
