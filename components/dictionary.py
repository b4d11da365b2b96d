"""From words to one-hot rows: the dictionary, its ids, and what becomes of the rows when two ids are swapped."""

import streamlit as st

from components import snippets
from components.drawings import cells
from components.plain_text import codes, counted, escaped
from embeddings.neighbors import cosine_similarities
from embeddings.one_hot import one_hot
from embeddings.vocabulary import Vocabulary


def show_rows(words: list[str], typed: int) -> None:
    """The dictionary, and the matrix with its words on both sides."""
    ordered = Vocabulary.from_tokens(words)
    st.subheader("One row for each word, one column for each word", anchor=False)
    st.markdown(
        f"{'Your' if typed == len(words) else 'The first'} {counted(len(words), 'word')}, sorted by the alphabet and "
        f"numbered from 0, {'is' if len(words) == 1 else 'are'} the *vocabulary*: a dictionary from words to ids."
    )
    swapped = choose_swap(ordered)
    vocabulary = swap_ids(ordered, swapped)
    matrix = one_hot([vocabulary.id(word) for word in words], len(vocabulary))  # [B, V]
    if swapped:
        before = cosine_similarities(one_hot([ordered.id(word) for word in words], len(ordered)))
        change = abs(cosine_similarities(matrix) - before).max()
        st.markdown(
            f"{codes(swapped)} have changed places. Largest change of any cosine: {change:.2f}. Which id a word has "
            "says nothing about it."
        )
    st.code(str({word: vocabulary.id(word) for word in vocabulary.tokens}), language="python", wrap_lines=True)
    st.markdown(
        "Each row has a single 1, in the column of its own word's id. Add a word and every row grows by a cell."
    )
    cells(
        matrix,
        words,
        vocabulary.tokens,
        ids=range(len(vocabulary)),
        digits=0,
        alt=f"One-hot matrix of {len(words)} words: each row has a single 1",
        key="onehot_matrix",
    )
    snippets.show_code(snippets.dictionary(words, swapped), "onehot_dictionary")


def choose_swap(vocabulary: Vocabulary) -> list[str]:
    """Two words that change ids, or none."""
    kept = st.session_state.get("onehot_swap", [])
    st.session_state["onehot_swap"] = [word for word in kept if word in vocabulary][-2:]
    chosen = st.pills(
        "Swap the ids of two words",
        vocabulary.tokens,
        selection_mode="multi",
        format_func=escaped,
        key="onehot_swap",
        bind="query-params",
        persist_state="session",
        on_change=_keep_two,
    )
    return chosen if len(chosen) == 2 else []


def _keep_two() -> None:
    """A third word takes the place of the one chosen first."""
    st.session_state["onehot_swap"] = st.session_state["onehot_swap"][-2:]


def swap_ids(vocabulary: Vocabulary, two: list[str]) -> Vocabulary:
    """``vocabulary`` with the ids of ``two`` words exchanged; unchanged without them."""
    exchange = dict(zip(two, reversed(two), strict=True))
    return Vocabulary([exchange.get(token, token) for token in vocabulary.tokens])
