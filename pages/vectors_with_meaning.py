"""Numbers that say something about the word, filled in by hand."""

from collections.abc import Sequence

import streamlit as st

from components import lessons, predict, snippets
from components.drawings import cells
from components.explained import explained
from components.feature_table import edit_table, read_table, usable_table
from components.inputs import explain_words, sort_words
from components.pictures import show_picture
from components.plain_text import code
from components.rows_alike import show_map, show_one, why_alike
from components.vectors import word_vectors
from embeddings.neighbors import cosine_similarities, most_similar
from embeddings.word_vectors import WordVectors

MOST_OFFERED = 8  # words to guess among, unless more are equally near


def show_alike(table: WordVectors, features: Sequence[str]) -> None:
    """Every pair's cosine, after the reader has guessed who is nearest to the first word."""
    st.subheader("Which rows are alike?", anchor=False)
    if len(table) < 2:
        st.info("Add a second word, and the two can be compared.")
        return
    asked = next((word for word in table.tokens if table[word].any()), None)
    if asked is None:
        st.info("All numbers are 0, so that no row points anywhere. Give a word a feature.")
        return
    ranking = most_similar(table, asked, n=len(table) - 1)
    nearest = predict.first(ranking)
    offered = {*nearest, *[word for word in table.tokens if word != asked][: MOST_OFFERED - 1]}
    guessed = predict.guess(
        f"Whose row is most like that of {code(asked)}?",
        [word for word in table.tokens if word in offered],
        "features_guess",
        about=(asked, table.tokens, table.matrix.tobytes()),
    )
    if guessed is None:
        return
    predict.verdict(guessed, nearest, why_alike(table, features, asked, *ranking[0]))
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


def show_learned(table: WordVectors) -> None:
    """The same words in GloVe, and the question that leads there."""
    glove = word_vectors()
    st.subheader("Who fills in the rest?", anchor=False)
    st.markdown(
        f"You have {len(table)} words and {table.dimension} features: {table.matrix.size} cells. A table of "
        f"{len(glove):,} words with {glove.dimension} numbers each has {glove.matrix.size:,}. Filling in one a second "
        f"without sleep would take {glove.matrix.size / 86_400:,.0f} days, and who knows which features to choose? "
        "So the numbers are *learned* from text. Here are the cosines of your words, by your table and by GloVe, one "
        "learned that way:"
    )
    snippets.show_code(snippets.cells_to_fill(len(table), table.dimension), "features_cells")
    typed = sort_words(table.tokens, glove, len(table))
    if typed.known:
        left, right = st.columns(2, gap="large")
        with left:
            st.markdown(f"**Your table**, {table.dimension} numbers a word.")
            compare(table, typed.known, "features_own")
        with right:
            st.markdown(f"**GloVe**, {glove.dimension} numbers a word, which nobody filled in.")
            compare(glove, typed.known, "features_glove")
        snippets.show_code(snippets.learned_cosines(typed.known), "features_learned")
    explain_words(typed, glove, len(table))
    st.markdown(
        "What do learned rows look like? No column has a name any more, and still words of a kind have high and low "
        "numbers in the same places. Here are nine words' rows of GloVe:"
    )
    show_picture("vectors", "Nine words as rows of 50 coloured cells, and on a map where royals, animals and food part")
    st.markdown(
        "A network like this one can do the learning: the next lesson trains it before your eyes. A word goes in on "
        "the left; the *hidden units* in the middle take on its row; on the right a *softmax* makes shares of 100 % "
        "out of the network's scores."
    )
    show_picture("neuralnetwork", "A network: one-hot row of queen in, three hidden units, shares of all words out")


def compare(table: WordVectors, words: Sequence[str], key: str) -> None:
    """The cosine of every pair of ``words``."""
    cosines = cosine_similarities(table.rows(words))
    cells(cosines, words, words, alt=f"Cosines of {len(words)} words in {table.name}", key=key)


lessons.title(
    "Vectors with meaning",
    "Describe each word by numbers that say something: how far does each feature hold, from 0, not at all, to 1, "
    "fully? A row of such numbers is a *vector*. Change any, add words and features, and watch who comes close.",
)
with explained():
    usable = usable_table(edit_table())
    table = read_table(usable)
    show_alike(table, usable.columns[1:])
    show_learned(table)
lessons.next_link("pages/vectors_with_meaning.py")
