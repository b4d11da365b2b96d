"""The words nearest to one that the reader names or clicks."""

import streamlit as st

from components import chart, snippets
from components.figures.space import neighbours_figure
from components.inputs import TypedWords, explain_words
from components.plain_text import code
from embeddings.neighbors import most_similar
from embeddings.word_vectors import WordVectors


def choose_one(names: list[str]) -> str:
    """The word whose neighbours are listed."""
    kept = st.session_state.get("space_chosen")
    return (
        st.selectbox(
            "Neighbours of: type any word, or click a point",
            names if kept is None or kept in names else [kept, *names],
            key="space_chosen",
            accept_new_options=True,
            filter_mode="prefix",
            required=True,
            bind="query-params",
            persist_state="session",
        )
        .strip()
        .lower()
    )


def choose_clicked(names: list[str]) -> None:
    """Take a clicked point as the chosen word."""
    points = st.session_state["space_map"].selection.points
    if points and "customdata" in points[0]:
        index = points[0]["customdata"]
        st.session_state["space_chosen"] = names[index[0] if isinstance(index, list) else index]


def show_neighbours(word: str, table: WordVectors) -> None:
    """The ten nearest of all words of the table, or what is known of a word that is not in it."""
    if word not in table:
        return explain_words(TypedWords((), (word,)), table, 1)
    st.markdown(
        f"The nearest to {code(word)} among all {len(table):,} words, by the cosine of their {table.dimension} numbers:"
    )
    neighbours = most_similar(table, word)
    chart.show(
        neighbours_figure(neighbours),
        key="space_neighbours",
        alt="Nearest words: " + ", ".join(f"{token} {cosine:.2f}" for token, cosine in neighbours),
    )
    snippets.show_code(snippets.nearest_words(word))
