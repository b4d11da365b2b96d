"""The fixed map of everyday words, on which a reader's words find their place."""

import streamlit as st

from components.session.tokenizer_tables import ids_of, rows_of
from embeddings.numeric import PCA, fit_pca
from embeddings.vectors import GROUPS


@st.cache_resource(max_entries=2, show_spinner=False)
def landmark_map(name: str = "word") -> tuple[tuple[tuple[str, float, float], ...], PCA]:
    """Everyday words as ``(word, x, y)``, and the axes of their PCA, in the table of the tokenizer called ``name``."""
    words = [word for group in GROUPS.values() for word in group]
    vectors = rows_of(name, ids_of(name, words))
    axes = fit_pca(vectors, n_components=2)
    places = axes.transform(vectors)
    return tuple((word, float(x), float(y)) for word, (x, y) in zip(words, places, strict=True)), axes
