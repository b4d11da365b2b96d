"""The words nearest to one that the reader names or clicks."""

from collections.abc import Sequence

import streamlit as st

from components import chart, predict, snippets
from components import play_snippets as play
from components.figures.space import neighbours_figure
from components.inputs import TypedWords, explain_words, find_word
from components.plain_text import code
from embeddings.neighbors import most_similar
from embeddings.word_vectors import WordVectors

SHOWN = 10
OFFERED = (1, 5, 20, 60)  # places in the ranking of the words to guess among: all near, and only one the nearest
MOST_OFFERED = 2_000  # words of a map in the box; any other may be typed out


def choose_one(names: list[str], table: WordVectors) -> str:
    """The word whose neighbours are listed, as ``table`` writes it where it knows it."""
    names, kept = names[:MOST_OFFERED], st.session_state.get("space_chosen")
    typed = st.selectbox(
        "Neighbours of: type any word, or click a point",
        names if kept is None or kept in names else [kept, *names],
        key="space_chosen",
        accept_new_options=True,
        filter_mode="prefix",
        required=True,
        bind="query-params",
        persist_state="session",
    )
    return find_word(typed, table) or typed.strip()


def choose_clicked(names: Sequence[str], key: str = "space_map") -> None:
    """Take the point that was clicked on the map under ``key`` as the chosen word."""
    index = (st.session_state.get(key) or {}).get("clicked")
    if isinstance(index, int) and 0 <= index < len(names):
        st.session_state["space_chosen"] = names[index]


def show_neighbours(word: str, table: WordVectors) -> bool:
    """The ten nearest of all words of the table, after a guess; or what is known of a word that is not in it.

    Returns:
        Whether they are shown.
    """
    if word not in table:
        if " " in word:
            st.info("The table has single words. Ask for one of them at a time.")
        explain_words(TypedWords((), (word,)), table, 1)
        return False
    ranking = most_similar(table, word, n=max(OFFERED))
    if not guess_nearest(word, ranking, table):
        return False
    neighbours = ranking[:SHOWN]
    st.markdown(
        f"The nearest to {code(word)} among all {len(table):,} words, by the cosine of their {table.dimension} numbers:"
    )
    chart.show(
        neighbours_figure(neighbours),
        key="space_neighbours",
        alt="Nearest words: " + ", ".join(f"{token} {cosine:.2f}" for token, cosine in neighbours),
    )
    snippets.show_code(play.most_similar(table, word), "space_neighbours")
    return True


def guess_nearest(word: str, ranking: Sequence[tuple[str, float]], table: WordVectors) -> bool:
    """Whether the reader has guessed, once a session, who heads the ``ranking`` of the word chosen at that time."""
    offered = dict(ranking[min(rank, len(ranking)) - 1] for rank in OFFERED)
    guessed = predict.guess(
        f"Which of these has the vector nearest to that of {code(word)}, among all {len(table):,}?",
        sorted(offered),
        "space_guess",
        about=(table.name, word),
    )
    if guessed is not None and guessed.here:
        measured = ", ".join(f"{code(name)} {cosine:.3f}" for name, cosine in offered.items())
        predict.verdict(guessed, ranking[0][0], f"The cosines with {code(word)}: {measured}.")
    return guessed is not None
