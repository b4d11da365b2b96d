"""The table of vectors that the pages share."""

import streamlit as st

from embeddings import sources
from embeddings.word_vectors import WordVectors


@st.cache_resource(max_entries=2, show_spinner="Opening the table of vectors")
def word_vectors(name: str = sources.DEFAULT) -> WordVectors:
    """The source called ``name``, read once for the whole server; its matrix is read-only."""
    return sources.load(name)
