"""The words nearest to one that the reader names or clicks."""

from collections.abc import Sequence

import streamlit as st

from components import chart, predict, snippets
from components import play_snippets as play
from components.figures.space import neighbours_figure
from components.inputs import TypedWords, explain_words, find_word
from components.plain_text import code
from embeddings.neighbors import cosine_similarities, most_similar
from embeddings.word_vectors import WordVectors

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


def show_neighbours(word: str, table: WordVectors, names: Sequence[str]) -> bool:
    """The ten nearest of all words of the table, after a guess; or what is known of a word that is not in it.

    Returns:
        Whether they are shown.
    """
    if word not in table:
        explain_words(TypedWords((), (word,)), table, 1)
        return False
    neighbours = most_similar(table, word)
    if not guess_nearest(word, neighbours[0][0], names, table):
        return False
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


def guess_nearest(word: str, nearest: str, names: Sequence[str], table: WordVectors) -> bool:
    """Whether the reader has guessed, once a session, which word is ``nearest`` to the one chosen at that time."""
    others = [name for name in names if name not in (word, nearest)]
    options = sorted({nearest, *others[:: max(1, len(others) // 3)][:3]})
    guessed = predict.guess(
        f"Which of these has the vector nearest to that of {code(word)}, among all {len(table):,}?",
        options,
        "space_guess",
        about=(table.name, word),
    )
    if guessed is not None and guessed.here:
        offered = dict.fromkeys((nearest, guessed.said))
        cosines = cosine_similarities(table.rows([word, *offered]))[0, 1:]
        measured = [f"{code(name)} {cosine:.2f}" for name, cosine in zip(offered, cosines, strict=True)]
        predict.verdict(guessed, nearest, f"The cosine with {code(word)}: {', '.join(measured)}.")
    return guessed is not None
