"""How long a lookup takes beside the matrix product that gives the same rows."""

import streamlit as st

from components.lessons.layer.lookup_or_matmul import panels, recorded, settings
from components.ui.errors import show_errors
from embeddings import lookup

with show_errors():
    with st.spinner("Opening PyTorch, about two seconds once per server"):
        lookup.devices()
    picture, question, beside = panels.places()
    with beside:
        sweep, model = settings.choose()
    panels.show_lab(sweep, model, picture, question)
    recorded.show_recorded(panels.run_in_sight(sweep, model))
