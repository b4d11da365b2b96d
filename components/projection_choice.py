"""Which projection, with which options."""

from types import MappingProxyType
from typing import Any

import streamlit as st

from embeddings.projection import TSNE_MIN_POINTS, max_perplexity

METHODS = MappingProxyType({"PCA": "pca", "t-SNE": "tsne"})
PERPLEXITY = 15  # unless fewer words ask for less


def choose_projection(count: int) -> dict[str, Any]:
    """Method and options for ``count`` words, as ``project`` takes them."""
    kind, detail, seed_place = st.columns([2, 3, 1], vertical_alignment="bottom")
    method = kind.segmented_control(
        "Projection",
        list(METHODS),
        default="PCA",
        required=True,
        key="space_method",
        bind="query-params",
        persist_state="session",
    )
    st.caption(
        "To *project* is to squeeze many dimensions into the two of a picture. PCA keeps the two directions in which "
        "the words spread most. t-SNE tries to keep each word's neighbours beside it."
    )
    if method == "PCA" or count < TSNE_MIN_POINTS:
        return {"method": METHODS[method]}
    bound = max_perplexity(count)
    perplexity = bound
    if bound > 1:
        if st.session_state.get("space_perplexity", 1) > bound:  # words were taken away since it was chosen
            st.session_state["space_perplexity"] = bound
        perplexity = detail.slider(
            "Perplexity: about how many neighbours each word tries to keep",
            1,
            bound,
            min(PERPLEXITY, bound),
            key="space_perplexity",
            bind="query-params",
            persist_state="session",
        )
    seed = seed_place.number_input(
        "Seed",
        0,
        9999,
        0,
        key="space_seed",
        bind="query-params",
        persist_state="session",
        help="Start of the random numbers.",
    )
    return {"method": METHODS[method], "perplexity": perplexity, "seed": seed}
