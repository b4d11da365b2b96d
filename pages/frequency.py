"""How often a word was read shows in its vector."""

import streamlit as st

from components import chart, frequency_panels, lessons, own_tables, predict, snippets
from components import play_snippets as play
from components.explained import explained
from components.figures.frequency import norms_figure
from components.inputs import words_setting
from components.source_choice import choose_source
from components.take_home import take_home
from embeddings.frequency import NormsByRank, neighbour_ranks, norms_by_rank
from embeddings.sources import DEFAULT
from embeddings.word_vectors import WordVectors

MOST_WORDS = 8
LONGER, SAME, SHORTER = "longer vectors", "vectors of about the same length", "shorter vectors"
CLEAR = 0.1  # rank correlation that counts as one


@st.cache_data(max_entries=8, show_spinner="Measuring all vectors")
def measured(mark: str, _table: WordVectors) -> NormsByRank:
    """Lengths by rank over the whole table; ``mark`` stands for it in the cache."""
    return norms_by_rank(_table)


def show_norms(table: WordVectors, words: tuple[str, ...], norms: NormsByRank) -> None:
    """Length against rank, with the reader's words."""
    guessed = predict.guess(
        "Frequent words are read more often in training. Will they get …", [LONGER, SAME, SHORTER], "frequency_guess"
    )
    if guessed is None:
        return
    rho = norms.spearman or 0.0
    common, rare = norms.quartiles[0, 1], norms.quartiles[-1, 1]
    predict.verdict(
        guessed,
        LONGER if rho < -CLEAR else SHORTER if rho > CLEAR else SAME,
        f"Over all {len(table):,} words, the rank correlation of rank and length is {rho:.2f}. The median length of "
        f"the {norms.edges[1] - 1:,} most frequent words is {common:.2f}, that of the rarest bin {rare:.2f}.",
    )
    placed = [
        (word, table.id(word) + 1, float(1 / table.inverse_norms[table.id(word)]))
        for word in words
        if table[word].any()
    ]
    figure = norms_figure(norms, placed)
    spoken = f"Length against rank on a logarithmic axis; rank correlation {rho:.2f}"
    chart.show(figure, key="frequency_norms", alt=spoken, save_as="frequency")
    st.caption(
        "The blue line is the median of the words around a rank, and the band holds the middle half of them. The dot "
        "product multiplies by these lengths; the cosine does not see them."
    )
    if table.name != DEFAULT:
        st.caption(
            "Of this table a word's rank is the number of its row, and tells how frequent it is only where the table "
            "stands in that order. In a table of word pieces the first rows are signs and rows that are not used."
        )
    if words:
        snippets.show_code(play.frequency(table, words[0]), "frequency_norms")
        take_home(table, words, figure, play.frequency(table, words[0]), "frequency")


def show_company(table: WordVectors, words: tuple[str, ...]) -> None:
    """The ranks of each word's ten nearest."""
    st.subheader("Rare words keep rare company", anchor=False)
    rows = [(word, neighbour_ranks(table, word)) for word in words if table[word].any()]
    st.dataframe(
        {
            "word": [word for word, _ in rows],
            "its rank": [ranks.rank for _, ranks in rows],
            "median rank of its ten nearest": [ranks.median for _, ranks in rows],
            "the nearest of them, with ranks": [
                ", ".join(f"{token} ({rank:,})" for token, rank in ranks.neighbours[:4]) for _, ranks in rows
            ],
        },
        hide_index=True,
        column_config={
            "its rank": st.column_config.NumberColumn(format="localized"),
            "median rank of its ten nearest": st.column_config.NumberColumn(format="localized"),
        },
        alt="Rank of each word and median rank of its neighbours",
    )
    frequency_panels.show_company_by_rank(table, rows)
    st.caption(
        "Of a rare word little was read, so its vector could learn little, and its neighbours tend to be rare too. Be "
        "careful with what a table says of rare words."
    )


lessons.title(
    "Frequency and length",
    "A table such as GloVe's stands in the order of frequency: row 0 is the most frequent word. How often a word was "
    "read leaves its mark on the length of its vector, and on who its neighbours are.",
)
with explained():
    table = choose_source()
    words = words_setting(
        "Words to look at", "the of king banana violin rutabaga", "frequency_words", table, MOST_WORDS
    )
    show_norms(table, words, measured(own_tables.mark(table), table))
    if words:
        show_company(table, words)
    else:
        st.info("Type a word or several to see where they lie, and who their neighbours are.")
lessons.next_link("pages/frequency.py")
