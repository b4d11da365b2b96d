"""Lesson 5: numbers that say something about the word, filled in by hand."""

import streamlit as st

from components import chart, lessons, predict, snippets
from components.drawings import cells
from components.feature_table import edit_table, read_table
from components.figures.space import map_figure, neighbours_figure
from components.inputs import explain_words, sort_words
from components.plain_text import code, escaped
from components.vectors import word_vectors
from embeddings.errors import InvalidInput
from embeddings.neighbors import cosine_similarities, most_similar
from embeddings.projection import project
from embeddings.word_vectors import WordVectors


def show_alike(table: WordVectors) -> None:
    """Every pair's cosine, after the reader has guessed who is nearest to the first word."""
    st.subheader("Which rows are alike?", anchor=False)
    first, *others = table.tokens
    if not others:
        st.info("Add a second word, and the two can be compared.")
        return
    guessed = predict.guess(f"Whose row is most like that of {code(first)}?", others[:8], "features_guess")
    if guessed is None:
        return
    (nearest, cosine), *_ = most_similar(table, first, n=1)
    predict.verdict(
        guessed, nearest, f"The cosine of the two rows is {cosine:.2f}: their numbers are high and low together."
    )
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(
            "**The cosine of every pair.** 1 for rows that point the same way, 0 for rows with nothing in common."
        )
        cells(
            cosine_similarities(table.matrix),
            table.tokens,
            table.tokens,
            alt="Cosines of the rows of your table",
            key="features_cosines",
        )
    with right:
        show_map(table)
    snippets.show_code(snippets.row_cosines(table.tokens, table.matrix))
    show_one(table)


def show_map(table: WordVectors) -> None:
    """The rows in two dimensions."""
    st.markdown("**On a map.** Rows that are alike lie close together.")
    try:
        places = project(table.matrix, "pca").coordinates
    except InvalidInput as error:
        st.info(escaped(str(error)))
        return
    chart.show(
        map_figure(places, table.tokens, ["words"] * len(table), ["words"], height=340),
        key="features_map",
        alt=f"Map of the {len(table)} rows of your table",
    )


def show_one(table: WordVectors) -> None:
    """The rows most like one of them."""
    chosen = st.selectbox("Rows most like that of", table.tokens, key="features_chosen")
    neighbours = most_similar(table, chosen, n=max(1, len(table) - 1)) if table[chosen].any() else []
    if not neighbours:
        st.info(f"All numbers of {code(chosen)} are 0, so its row points nowhere. Give it a feature.")
        return
    chart.show(
        neighbours_figure(neighbours),
        key="features_neighbours",
        alt=", ".join(f"{token} {cosine:.2f}" for token, cosine in neighbours),
    )


def show_learned(table: WordVectors) -> None:
    """The same words in GloVe, and the question that leads there."""
    glove = word_vectors()
    st.subheader("Who fills in the rest?", anchor=False)
    st.markdown(
        f"You have {len(table)} words and {table.dimension} features: {table.matrix.size} cells. A table of "
        f"{len(glove):,} words with {glove.dimension} numbers each has {glove.matrix.size:,}. Filling in one a second "
        f"without sleep would take {glove.matrix.size / 86_400:,.0f} days, and who knows which features to choose? "
        "So the numbers are *learned* from text. Here are your words in GloVe, a table learned that way:"
    )
    typed = sort_words(table.tokens, glove, len(table))
    if typed.known:
        cells(
            cosine_similarities(glove.rows(typed.known)),
            typed.known,
            typed.known,
            alt="Cosines of the same words in GloVe",
            key="features_glove",
        )
    explain_words(typed, glove, len(table))


lessons.title(
    "Vectors with meaning",
    "Describe each word by numbers that say something: how far does each feature hold, from 0, not at all, to 1, "
    "fully? A row of such numbers is a *vector*. Change any, add words and features, and watch who comes close.",
)
try:
    table = read_table(edit_table())
    show_alike(table)
    show_learned(table)
except InvalidInput as error:
    st.warning(escaped(str(error)))
lessons.next_link("pages/vectors_with_meaning.py")
