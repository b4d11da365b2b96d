"""Numbers that say something about the word, filled in by hand."""

from collections.abc import Sequence

import streamlit as st

from components import chart, lessons, predict, snippets
from components.drawings import cells
from components.explained import explained
from components.feature_table import edit_table, read_table
from components.figures.space import map_figure, neighbours_figure
from components.inputs import explain_words, sort_words
from components.pictures import show_picture
from components.plain_text import code
from components.vectors import word_vectors
from embeddings.neighbors import cosine_similarities, most_similar
from embeddings.projection import project
from embeddings.word_vectors import WordVectors

ALIKE = 0.8  # cosine from which on a row lights up


def show_alike(table: WordVectors, features: Sequence[str]) -> None:
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
    chosen = show_one(table, features)
    snippets.show_code(snippets.row_cosines(table.tokens, table.matrix, chosen), "features")


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
    chosen = st.selectbox("Rows most like that of", table.tokens, key="features_chosen")
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
        snippets.show_code(snippets.learned_cosines(typed.known), "features_learned")
    explain_words(typed, glove, len(table))
    st.markdown(
        "What do learned rows look like? No column has a name any more, and still words of a kind have high and low "
        "numbers in the same places. Here are nine words' rows of GloVe:"
    )
    show_picture("vectors", "Nine words as rows of 50 coloured cells, and on a map where royals, animals and food part")
    st.markdown("A network like this one can do the learning: the next lesson trains it before your eyes.")
    show_picture("neuralnetwork", "A network: one-hot row of queen in, three hidden units, shares of all words out")


lessons.title(
    "Vectors with meaning",
    "Describe each word by numbers that say something: how far does each feature hold, from 0, not at all, to 1, "
    "fully? A row of such numbers is a *vector*. Change any, add words and features, and watch who comes close.",
)
with explained():
    edited = edit_table()
    table = read_table(edited)
    show_alike(table, edited.columns[1:])
    show_learned(table)
lessons.next_link("pages/vectors_with_meaning.py")
