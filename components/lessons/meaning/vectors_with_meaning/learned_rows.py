"""The reader's words in GloVe, beside the reader's own table of them, and what learned rows look like."""

from collections.abc import Sequence
from types import MappingProxyType

import streamlit as st

from components import glossary
from components.custom.drawings import cells
from components.figures.network import network_figure
from components.figures.scatter_map import map_figure
from components.figures.vectors import strips_figure
from components.lessons.meaning.shared_snippets import learned_cosines
from components.lessons.meaning.vectors_with_meaning.similar_rows import decimals_below_1
from components.markup import spoken_places
from components.session.table_cache import word_vectors
from components.ui import chart
from components.ui.code_block import show_code
from components.ui.columns import beside
from components.ui.folds import go_further
from components.ui.inputs import TypedWords, explain_words
from embeddings.common import count_of
from embeddings.projection import project
from embeddings.similarity import cosine_similarities
from embeddings.training import EXAMPLE, SmallNetwork, small_network
from embeddings.vectors import WordVectors

KINDS = MappingProxyType(
    {"royalty": ("king", "queen", "prince"), "animals": ("cat", "dog", "horse"), "food": ("bread", "rice", "cheese")}
)
_LIT = "queen"  # the word that goes into the network


def show_learned(table: WordVectors, with_cosines: bool) -> None:
    """The same words in GloVe, and the question that leads there.

    Args:
        table: The reader's own.
        with_cosines: Whether those of every pair are shown, by both tables.
    """
    glove = word_vectors()
    st.subheader("Who fills in the rest?", anchor=False)
    st.markdown(
        f"You have {count_of(len(table), 'word')} and {count_of(table.dimension, 'feature')}: "
        f"{count_of(table.matrix.size, 'cell')}. A table of {len(glove):,} words with {glove.dimension} numbers each "
        f"has {glove.matrix.size:,}: one a second would take {glove.matrix.size / 86_400:,.0f} days without sleep. So "
        "the numbers are *learned* from text. A *network* can do that: a program that guesses, and is corrected a "
        "little after each guess."
    )
    show_code(_cells_to_fill_code(table.matrix.shape, glove.matrix.shape), "features_cells")
    if with_cosines:
        with go_further("your words in a learned table", "features_compared"):
            compare_cosines(table, glove)
    with go_further("what learned rows look like", "features_rows", lazy=True) as fold:
        if fold.open:
            show_kinds(glove)
    with go_further("a first look at the network", "features_network_fold", lazy=True) as fold:
        if fold.open:
            show_network()


def show_kinds(glove: WordVectors) -> None:
    """Learned rows of words of three kinds, and where they lie on a map."""
    st.markdown(
        "The columns have no names any more. But words of one kind still have high and low numbers in the same "
        f"places. Here are the rows of nine words in {glossary.linked('GloVe')}: blue above zero, orange below."
    )
    words = [word for kind in KINDS.values() for word in kind]
    rows = glove.rows(words)
    strips, places = beside()
    with strips:
        st.markdown(f"**Their rows**, {glove.dimension} numbers each.")
        chart.show(
            strips_figure(rows, words, range(glove.dimension)),
            key="features_strips",
            alt=f"The {glove.dimension} numbers of {', '.join(words)} as rows of cells",
        )
    with places:
        st.markdown("**The same nine words on a map.**")
        kinds = [name for name, kind in KINDS.items() for _ in kind]
        coordinates = project(rows, "pca").coordinates
        spoken = spoken_places(words, coordinates)
        chart.show(
            map_figure(coordinates, words, kinds, list(KINDS), height=280),
            key="features_kinds",
            alt=f"Map of nine words, where royalty, animals and food lie apart: {spoken}",
        )


def show_network() -> None:
    """The next lesson's network after its training, with one word lit."""
    st.markdown(
        f"A word goes in on the left. {glossary.sentence('weight')} {glossary.sentence('hidden unit')} The three "
        "circles are hidden units: there stand the numbers of the word's row. On the right stand the network's scores "
        f"for each word, as shares. {glossary.sentence('softmax')}"
    )
    network = _trained()
    shares = zip(network.vocabulary.tokens, network.probabilities(_LIT), strict=True)
    spoken = ", ".join(f"{word} {share:.0%}" for word, share in shares)
    chart.show(
        network_figure(network, _LIT),
        key="features_network",
        alt=f"A network: one-hot row of {_LIT} in, three hidden units, and out come shares of all words: {spoken}",
    )
    st.caption(
        f"The network has read a few short sentences, and *{_LIT}* goes in. The three circles show the row that it "
        f"has learned for *{_LIT}*. The longest bars stand at the words that it expects beside *{_LIT}*."
    )


@st.cache_resource(max_entries=1, show_spinner=False)
def _trained() -> SmallNetwork:
    return small_network.train(EXAMPLE)


def compare_cosines(table: WordVectors, glove: WordVectors) -> None:
    """The cosine of every pair of words, by the reader's table and by GloVe."""
    st.markdown(glossary.linked("Here are the cosines of your words, by your table and by GloVe:"))
    known = tuple(word for word in table.tokens if word in glove)  # whole: a name may have spaces and signs in it
    unknown = tuple(word for word in table.tokens if word not in glove)
    if known:
        left, right = st.columns(2, gap="large")
        with left:
            st.markdown(f"**Your table**, {table.dimension} numbers a word.")
            compare(table, known, "features_own")
        with right:
            st.markdown(f"**GloVe**, {glove.dimension} numbers a word, which nobody filled in.")
            compare(glove, known, "features_glove")
        show_code(learned_cosines(known), "features_learned")
    explain_words(TypedWords(known, unknown), glove, len(table))
    if any(" " in word for word in unknown):
        st.caption("GloVe has a row for each single word, and none for a name of several words.")


def compare(table: WordVectors, words: Sequence[str], key: str) -> None:
    """The cosine of every pair of ``words``."""
    cosines = cosine_similarities(table.rows(words))
    digits = decimals_below_1(cosines)
    cells(cosines, words, words, digits=digits, alt=f"Cosines of {len(words)} words in {table.name}", key=key)


def _cells_to_fill_code(own: tuple[int, ...], whole: tuple[int, ...]) -> str:
    """The cells of tables with these rows and columns, the reader's and GloVe's; the days they take at one a second."""
    return f"""\
yours = {own[0]} * {own[1]}
all_cells = {whole[0]:_} * {whole[1]}  # of GloVe
days = all_cells / (24 * 60 * 60)
print(yours, all_cells, days)
"""
