"""Lesson 1: one sentence, and its whole way from text to a place on a map."""

from collections.abc import Sequence

import streamlit as st

from components import lessons
from components.drawings import one_hot_line, token_strip, vector_strip, word_dots
from components.inputs import text_setting
from components.landmarks import landmark_map
from components.plain_text import code
from components.vectors import word_vectors
from embeddings.errors import in_bytes
from embeddings.tokens import Encoding, WordTokenizer
from embeddings.word_vectors import WordVectors

MAX_TOKENS = 40  # as many as can be followed by eye
MOST_FREQUENT = 150  # GloVe's ids are in the order of frequency; up to here they say little of what a text is about
FULL_COLOUR = 2.0  # nearly all of GloVe's numbers lie between -2 and 2


@st.fragment
def journey() -> None:
    """The sentence and its four steps, redrawn at each keystroke."""
    text = text_setting("Your sentence", "The cat and the dog eat bread with the queen", key="home_text", live=True)
    table = word_vectors()
    encoding = WordTokenizer(table.vocabulary).encode(text)
    if not encoding.tokens:
        st.info("Type a few words above and watch what becomes of them: *the cat sat on the mat*, for instance.")
        return
    steps, picture = st.columns([7, 5], gap="large")
    with steps:
        chosen = show_tokens(encoding)
        token, id = encoding.tokens[chosen], encoding.ids[chosen]
        if id is None:
            st.warning(
                f"{code(token)} is not among the {len(table):,} words of this vocabulary: it has no id and no vector. "
                "Choose another token, or try another spelling."
            )
        else:
            show_row(token, id, table)
    with picture:
        show_map(encoding, token, table)


def show_tokens(encoding: Encoding) -> int:
    """Step 1; which token is followed."""
    st.markdown("**1. Tokens and ids.** Text is cut into *tokens*, here words and signs, each with a number: its *id*.")
    tokens, ids = encoding.tokens[:MAX_TOKENS], encoding.ids[:MAX_TOKENS]
    chosen = token_strip(tokens, ids, default=first_telling(ids), key="home_token", address="home_pick")
    if len(encoding.tokens) > MAX_TOKENS:
        st.caption(f"The first {MAX_TOKENS} of {len(encoding.tokens):,} tokens are shown.")
    else:
        st.caption("Choose a token to follow it.")
    return chosen


def first_telling(ids: Sequence[int | None]) -> int:
    """The place of the first word that is known and not among the most frequent ones, such as "the"."""
    known = [place for place, id in enumerate(ids) if id is not None]
    return next((place for place in known if ids[place] >= MOST_FREQUENT), known[0] if known else 0)


def show_row(token: str, id: int, table: WordVectors) -> None:
    """Steps 2 and 3: the token's one-hot row, and its row of the table."""
    st.markdown(
        f"**2. One-hot.** {code(token)} is word {id:,} of {len(table):,}, counting from 0. "
        f"Written as a row with a cell for each word, that is one 1 and {len(table) - 1:,} zeros."
    )
    one_hot_line(id, len(table), key="home_one_hot")
    st.markdown(
        f"**3. Its row in the embedding table.** Row {id:,} of {len(table):,} × {table.dimension} numbers, "
        f"{in_bytes(table.matrix.nbytes)} in all. These {table.dimension} were learned from text: the word's *vector*."
    )
    vector_strip(table.matrix[id], FULL_COLOUR, f"The {table.dimension} numbers of {token}", key="home_vector")


def show_map(encoding: Encoding, followed: str, table: WordVectors) -> None:
    """Step 4: the sentence's words among everyday ones."""
    st.markdown(
        f"**4. A place on a map.** Nobody can picture {table.dimension} dimensions, so they are projected to two. "
        "Words used alike lie close together."
    )
    landmarks, axes = landmark_map()
    words = [word for word in dict.fromkeys(encoding.tokens) if word in table][:MAX_TOKENS]
    dots = [(word, x, y) for word, (x, y) in zip(words, axes.place(table.rows(words)), strict=True)] if words else []
    around = [landmark for landmark in landmarks if landmark[0] not in words]
    alt = f"A map of {len(words)} words of the sentence among everyday words"
    word_dots(around, dots, landmarks, followed, alt, key="home_map")


lessons.title(
    "From words to numbers",
    "Computers calculate, and text is not a number. Type a sentence and follow each word on its way to becoming one.",
)
journey()
st.subheader("The lessons", anchor=False)
lessons.cards()
