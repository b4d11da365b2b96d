"""Rows of the reader's table that are alike: why, on a map, and lit up."""

from collections.abc import Sequence

import streamlit as st

from components import chart
from components.drawings import cells
from components.explained import explained
from components.figures.space import map_figure, neighbours_figure
from components.plain_text import code, codes
from embeddings.neighbors import most_similar
from embeddings.projection import project
from embeddings.word_vectors import WordVectors

ALIKE = 0.8  # cosine from which on a row lights up
HIGH = 0.5  # from which on a feature is named as one that two words share


def why_alike(table: WordVectors, features: Sequence[str], a: str, b: str, cosine: float) -> str:
    """The cosine of two rows, and the features that are high in both."""
    both = [name for name, x, y in zip(features, table[a], table[b], strict=True) if min(x, y) >= HIGH]
    shared = f"{HIGH:g} or more in both: {codes(both)}." if both else f"No feature is {HIGH:g} or more in both."
    return f"The cosine of the two rows is {cosine:.3f}. {shared}"


def show_map(table: WordVectors) -> None:
    """The rows in two dimensions."""
    st.markdown("**On a map.** Rows that are alike lie close together.")
    with explained(st.info):
        places = project(table.matrix, "pca").coordinates
        chart.show(
            map_figure(places, table.tokens, ["words"] * len(table), ["words"], height=340),
            key="features_map",
            alt=f"Map of the {len(table)} rows of your table",
        )


def show_one(table: WordVectors, features: Sequence[str]) -> str:
    """The rows most like one of them, lit up; which one."""
    if st.session_state.get("features_chosen") not in table.tokens:  # never chosen, or taken out of the table
        st.session_state["features_chosen"] = table.tokens[0]
    chosen = st.selectbox(
        "Rows most like that of", table.tokens, key="features_chosen", bind="query-params", persist_state="session"
    )
    neighbours = most_similar(table, chosen, n=max(1, len(table) - 1)) if table[chosen].any() else []
    if not neighbours:
        st.info(f"All numbers of {code(chosen)} are 0, so its row points nowhere. Give it a feature.")
        return chosen
    order = [chosen, *(word for word, _ in neighbours)]
    lit = 1 + sum(cosine >= ALIKE for _, cosine in neighbours)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**The table in that order.** Lit up: the rows with a cosine of {ALIKE} or more.")
        cells(
            table.rows(order),
            order,
            features,
            framed=range(lit),
            alt=f"Your table, the rows most like that of {chosen} first",
            key="features_lit",
        )
    with right:
        st.markdown(f"**Their cosines** with {code(chosen)}.")
        chart.show(
            neighbours_figure(neighbours),
            key="features_neighbours",
            alt=", ".join(f"{token} {cosine:.2f}" for token, cosine in neighbours),
        )
    return chosen
