"""An embedding layer is a linear layer fed with one-hot rows, minus the multiplications by zero."""

import streamlit as st

from components import lessons
from components.explained import explained
from components.identity import show_identity
from components.pictures import show_picture
from components.size_choice import choose_sizes
from components.sweep import show_timing
from embeddings import lookup

lessons.title(
    "Lookup or matmul",
    "An embedding layer gives the same rows as a linear layer fed with one-hot rows. "
    "It only skips the multiplications by zero.",
)
with explained():
    with st.spinner("Opening PyTorch, about two seconds once per server"):
        lookup.devices()
    show_picture(
        "embeddingLayer",
        "One-hot rows of the ids 2, 3 and 1, times a table W of 4 rows and 5 columns, give the rows 2, 3 and 1 of W",
    )
    st.caption("A table of 4 rows, asked for the rows 2, 3 and 1. Each 1 picks one row of W; the zeros do nothing.")
    V, D, B = choose_sizes()
    show_identity(V, D, B)
    show_timing(D, B)
lessons.next_link("pages/lookup_or_matmul.py")
