"""The words nearest to one that the reader names or clicks."""

from collections.abc import Sequence

import streamlit as st

from components.address import setting
from components.figures.bars import neighbors_figure
from components.lessons.play.snippets import arrays
from components.markup import as_code
from components.session.nearest_words import most_similar
from components.ui import chart, predict
from components.ui.code_block import show_code
from components.ui.inputs import TypedWords, explain_words, find_word
from components.ui.text_fields import WORD_LIMIT, beginning, limit_options
from embeddings.vectors import WordVectors

SHOWN = 10
GUESS_RANKS = (1, 5, 20, 60)  # places in the ranking of the words to guess among: all near, and only one the nearest
_CLICKED = "space_clicked"
MAX_OFFERED = 2_000  # words of a map in the box; any other may be typed out


def choose_one(names: list[str], table: WordVectors) -> str:
    """The word whose neighbours are listed, as ``table`` writes it where it knows it."""
    if (word := st.session_state.pop(_CLICKED, None)) is not None:
        st.session_state["space_chosen"] = word
    limit_options("space_chosen", WORD_LIMIT)
    names, kept = names[:MAX_OFFERED], st.session_state.get("space_chosen")
    label = "Neighbours of: type any word, or click a point"
    st.markdown(f":small[{label}]")  # the box's own label would add that it is required
    typed = setting(
        st.selectbox,
        label,
        names if kept is None or kept in names else [kept, *names],
        key="space_chosen",
        accept_new_options=True,
        filter_mode="prefix",
        required=True,
        label_visibility="collapsed",
    )
    typed = beginning(typed, WORD_LIMIT)  # it may have come from the address just now
    return find_word(typed, table) or typed.strip()


def choose_clicked(names: Sequence[str], key: str = "space_map") -> None:
    """Take the point that was clicked on the map under ``key`` as the chosen word, when the page runs next."""
    index = (st.session_state.get(key) or {}).get("clicked")
    if isinstance(index, int) and 0 <= index < len(names):
        st.session_state[_CLICKED] = names[index]


def was_clicked() -> bool:
    """Whether a click waits to be taken: what is drawn anew alone cannot change the box that stands elsewhere."""
    return _CLICKED in st.session_state


def show_neighbors(word: str, table: WordVectors) -> bool:
    """The ten nearest of all words of the table, after a guess; or what is known of a word that is not in it.

    Returns:
        Whether they are shown.
    """
    if word not in table:
        if " " in word:
            st.info("The table has single words. Ask for one of them at a time.")
        explain_words(TypedWords((), (word,)), table, 1)
        return False
    ranking = most_similar(table, word, max(GUESS_RANKS))
    if not _guess_nearest(word, ranking, table):
        return False
    neighbors = ranking[:SHOWN]
    st.markdown(
        f"The nearest to {as_code(word)} among all {len(table):,} words, by the cosine of their {table.dimension} "
        "numbers:"
    )
    chart.show(
        neighbors_figure(neighbors),
        key="space_nearest",
        alt="Nearest words: " + ", ".join(f"{token} {cosine:.2f}" for token, cosine in neighbors),
    )
    show_code(_code(table, word), "space_neighbours")
    return True


def _guess_nearest(word: str, ranking: Sequence[tuple[str, float]], table: WordVectors) -> bool:
    """Ask who heads the ``ranking`` of the chosen word; whether the answer is there."""
    offered = dict(ranking[min(rank, len(ranking)) - 1] for rank in GUESS_RANKS)
    guessed = predict.guess(
        f"Which of these has the vector nearest to that of {as_code(word)}, among all {len(table):,}?",
        sorted(offered),
        "space_guess",
        about=(table.name, word),
    )
    measured = ", ".join(f"{as_code(name)} {cosine:.3f}" for name, cosine in offered.items())
    predict.verdict(guessed, ranking[0][0], f"The cosines with {as_code(word)}: {measured}.")
    return guessed is not None


def _code(table: WordVectors, word: str) -> str:
    """The words nearest to ``word`` by cosine, in NumPy."""
    return f"""\
{arrays(table)}
word = {word!r}

lengths = np.linalg.norm(matrix, axis=1)
cosines = matrix @ matrix[row_of[word]] / (lengths * lengths[row_of[word]]).clip(1e-30)
nearest = [row for row in np.argsort(-cosines) if row != row_of[word]][:{SHOWN}]
neighbours = [(tokens[row], float(cosines[row])) for row in nearest]
print(neighbours)
"""
