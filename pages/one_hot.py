"""A vector for each word with a single 1, and what is wrong with it."""

import math

import streamlit as st

from components import chart, lessons, predict, snippets
from components.dictionary import show_rows
from components.drawings import cells
from components.figures.memory import memory_figure
from components.inputs import explain_words, listed_words, sort_words, text_setting
from components.plain_text import counted
from components.vectors import word_vectors
from embeddings.errors import in_bytes
from embeddings.neighbors import cosine_similarities, distances
from embeddings.one_hot import one_hot, one_hot_bytes
from embeddings.word_vectors import WordVectors

MOST_WORDS = 24  # a picture with more cells than this cannot be read


@st.fragment
def one_hot_lesson() -> None:
    """Everything that follows from the words typed."""
    text = text_setting("Your words", "king queen man woman apple banana cat dog", key="onehot_words", live=True)
    typed = listed_words(text)
    if not typed:
        st.info("Type a few words above, with spaces between them: *king queen apple*, for instance.")
        return
    different = list(dict.fromkeys(typed))
    if len(different) > MOST_WORDS:
        st.info(f"You typed {len(different):,} different words. The pictures show the first {MOST_WORDS}.")
    words = different[:MOST_WORDS]
    table = word_vectors()
    show_rows(words, len(different))
    show_meaning(words, table)
    show_costs(len(different), table)


def show_meaning(words: list[str], table: WordVectors) -> None:
    """Every pair equally far apart, beside GloVe's cosines for the same words."""
    typed = sort_words(words, table, MOST_WORDS)
    st.subheader("Which words are alike?", anchor=False)
    rows = one_hot(range(len(words)), len(words))
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(
            "**One-hot rows.** The *cosine* of two vectors measures the angle between them: 1 when they point the same "
            "way, 0.7 at 45°, 0 at right angles."
        )
        cosines = cosine_similarities(rows)
        cells(
            cosines,
            words,
            words,
            alt="Cosines of the one-hot rows: 1 on the diagonal, 0 elsewhere",
            key="onehot_cosines",
        )
        show_distances(cosines, distances(rows))
        snippets.show_code(snippets.one_hot_pairs(words), "onehot_pairs")
    with right:
        st.markdown(
            f"**Learned vectors.** The same words in GloVe, {table.dimension} numbers each, learned from how people "
            "used them in Wikipedia and news."
        )
        if not typed.known:
            st.info("None of these words is in GloVe's table, so there is nothing to compare. Try *king queen apple*.")
        else:
            cosines = cosine_similarities(table.rows(typed.known))
            cells(
                cosines,
                typed.known,
                typed.known,
                alt="Cosines of the same words in GloVe: words used alike have a high one",
                key="onehot_glove_cosines",
            )
            snippets.show_code(snippets.learned_cosines(typed.known), "onehot_learned")
        explain_words(typed, table, MOST_WORDS)


def show_distances(cosines, apart) -> None:
    """The one number that all pairs share, computed from the rows."""
    n = len(cosines)
    if n < 2:
        st.caption("Type a second word to compare.")
        return
    pairs = [(i, j) for i in range(n) for j in range(i)]
    cosine, distance = {f"{cosines[p]:.2f}" for p in pairs}, {f"{apart[p]:.3f}" for p in pairs}
    which = "The one pair" if n == 2 else f"All {len(pairs)} pairs"
    st.caption(
        f"{which}: cosine {' or '.join(cosine)}, distance {' or '.join(distance)} "
        f"(√2 = {math.sqrt(2):.3f}). To one-hot rows no two words are more alike than any other two."
    )


def show_costs(count: int, table: WordVectors) -> None:
    """Memory of the reader's matrix, of a whole vocabulary's, and of learned vectors."""
    V = len(table)
    st.subheader("What it costs", anchor=False)
    answer = in_bytes(one_hot_bytes(V, V))
    guessed = predict.guess(
        f"How much memory do one-hot rows for {V:,} words take, at 4 bytes a number?",
        [in_bytes(one_hot_bytes(V, 1)), in_bytes(table.matrix.nbytes), answer],
        "onehot_guess",
    )
    if guessed is None:
        return
    predict.verdict(
        guessed, answer, f"{V:,} rows of {V:,} numbers each: {V * V:,} numbers, all but {V:,} of them zeros."
    )
    st.markdown(
        f"One row for each of {V:,} words, at 4 bytes a number, beside a table of learned vectors. "
        f"Each mark on the scale is a thousand times the one before: the {V:,} one-hot rows take "
        f"{one_hot_bytes(V, V) / table.matrix.nbytes:,.0f} times the memory of the learned ones."
    )
    chart.show(
        memory_figure(
            [
                (f"Your {counted(count, 'word')},<br>one-hot", one_hot_bytes(count, count)),
                (f"{V:,} words,<br>one-hot", one_hot_bytes(V, V)),
                (f"{V:,} words,<br>{table.dimension} learned numbers", table.matrix.nbytes),
            ]
        ),
        alt=f"One-hot rows for {V:,} words take {in_bytes(one_hot_bytes(V, V))}, "
        f"the learned table {in_bytes(table.matrix.nbytes)}",
        key="onehot_memory",
    )
    snippets.show_code(snippets.memory([count, V], table.dimension), "onehot_memory")


lessons.title(
    "One-hot vectors",
    "An id is a poor number to calculate with: word 7 is not more than word 3. So give each word a row of its own.",
)
one_hot_lesson()
lessons.next_link("pages/one_hot.py")
