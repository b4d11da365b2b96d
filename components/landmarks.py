"""The fixed map of everyday words, on which a reader's words find their place."""

import streamlit as st

from components.tables import ids_of, rows_of
from embeddings.projection import PrincipalAxes, principal_axes
from embeddings.word_lists import GROUPS


@st.cache_resource(max_entries=2, show_spinner=False)
def landmark_map(name: str = "word") -> tuple[tuple[tuple[str, float, float], ...], PrincipalAxes]:
    """Everyday words as ``(word, x, y)``, and the axes of their PCA, in the table of the tokenizer called ``name``."""
    words = [word for group in GROUPS.values() for word in group]
    vectors = rows_of(name, ids_of(name, words))
    axes = principal_axes(vectors, n_components=2)
    places = axes.place(vectors)
    return tuple((word, float(x), float(y)) for word, (x, y) in zip(words, places, strict=True)), axes
