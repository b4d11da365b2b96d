"""The fixed map of everyday words, on which a reader's words find their place."""

import streamlit as st

from components.vectors import word_vectors
from embeddings.projection import PrincipalAxes, principal_axes
from embeddings.word_lists import GROUPS


@st.cache_resource(max_entries=1, show_spinner=False)
def landmark_map() -> tuple[tuple[tuple[str, float, float], ...], PrincipalAxes]:
    """Everyday words as ``(word, x, y)``, and the axes of their PCA."""
    words = [word for group in GROUPS.values() for word in group]
    vectors = word_vectors().rows(words)
    axes = principal_axes(vectors, n_components=2)
    places = axes.place(vectors)
    return tuple((word, float(x), float(y)) for word, (x, y) in zip(words, places, strict=True)), axes
