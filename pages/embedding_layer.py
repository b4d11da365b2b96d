"""What an embedding layer does: it copies rows of a table."""

import streamlit as st

from components import layer_choice, layer_panels, lessons
from components.explained import explained
from embeddings import lookup

lessons.title(
    "The embedding layer",
    "Give it ids, and it gives back rows of its table, one for each id, in their order. Step through it, beside the "
    "matrix product that it saves.",
)
with explained():
    with st.spinner("Opening PyTorch, about two seconds once per server"):
        lookup.devices()
    asked = layer_choice.choose()
    layer_panels.show_steps(asked)
    layer_panels.show_identity(asked)
    layer_panels.show_repeats(asked)
    layer_panels.show_more(asked)
lessons.next_link("pages/embedding_layer.py")
