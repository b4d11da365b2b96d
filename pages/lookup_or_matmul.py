"""How long a lookup takes beside the matrix product that gives the same rows."""

import streamlit as st

from components import lab_panels, lab_recorded, lab_settings, lessons
from components.explained import explained
from embeddings import lookup

lessons.title(
    "Lookup or matmul",
    "An embedding layer gives the same rows as a linear layer fed with one-hot rows; it only skips the multiplications "
    "by zero. Measure what that saves, on this machine, now.",
)
with explained():
    with st.spinner("Opening PyTorch, about two seconds once per server"):
        lookup.devices()
    plan, model = lab_settings.choose()
    lab_panels.show_lab(plan, model)
    lab_recorded.show_recorded()
lessons.next_link("pages/lookup_or_matmul.py")
