"""One-hot rows: the dictionary behind them, that all of them are equally far apart, and the memory they take."""

from collections.abc import Sequence

import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from components import glossary
from components.address import setting
from components.custom.drawings import cells
from components.figures.bars import memory_figure
from components.lessons.meaning.shared_snippets import learned_cosines
from components.markup import as_code, escaped
from components.session.table_cache import word_vectors
from components.ui import chart, predict
from components.ui.code_block import show_code
from components.ui.columns import beside
from components.ui.inputs import explain_words, listed_words, sort_words, text_setting
from components.ui.text_fields import LIST_LIMIT
from embeddings.common import count_of, in_bytes
from embeddings.numeric import largest_difference
from embeddings.similarity import cosine_similarities, distances
from embeddings.tokenizers import Vocabulary
from embeddings.vectors import WordVectors, one_hot, one_hot_bytes

MAX_WORDS = 24  # a picture with more cells than this cannot be read


@st.fragment
def show_lesson() -> None:
    """Everything that follows from the words typed."""
    text = text_setting(
        "Your words", "king queen man woman apple banana cat dog", key="onehot_words", live=True, limit=LIST_LIMIT
    )
    typed = listed_words(text)
    if not typed:
        st.info("Type a few words above, with spaces between them: *king queen apple*, for instance.")
        return
    different = list(dict.fromkeys(typed))
    if len(different) > MAX_WORDS:
        st.info(f"You typed {len(different):,} different words. The pictures show the first {MAX_WORDS}.")
    words = different[:MAX_WORDS]
    table = word_vectors()
    show_rows(words, len(different))
    show_meaning(words, table)
    show_costs(len(different), table)


def show_rows(words: list[str], typed: int) -> None:
    """The matrix with its words on both sides, and the dictionary behind it."""
    ordered = Vocabulary.from_tokens(words)
    picture, dictionary = beside()
    with dictionary:
        said, listed = st.empty(), st.empty()
        fold = st.expander("Does it matter which word has which id?", icon=":material/swap_horiz:", key="onehot_fold")
        swapped = choose_swap(ordered, fold)
        order = "sorted by the alphabet and numbered from 0" if not swapped else "each with an id of its own"
        said.markdown(
            f"{'Your' if typed == len(words) else 'The first'} {count_of(len(words), 'word')}, {order}, "
            f"{'is' if len(words) == 1 else 'are'} the {glossary.linked('vocabulary')}: a dictionary from words to ids."
        )
        vocabulary = swap_ids(ordered, swapped)
        ids = {word: vocabulary.id(word) for word in vocabulary.tokens}
        listed.code(str(ids), language="python", wrap_lines=True)
        fold.caption(
            f"Large models number their {glossary.linked('tokens')} in another way: the ids of GPT-4o and of BERT do "
            "not follow the alphabet. They follow roughly how often each token was met."
        )
    matrix = one_hot([vocabulary.id(word) for word in words], len(vocabulary))  # [B, V]
    with picture:
        with st.container(key="picture"):
            cells(
                matrix,
                words,
                vocabulary.tokens,
                ids=range(len(vocabulary)),
                digits=0,
                alt=f"One-hot matrix of {len(words)} words: each row has a single 1",
                key="onehot_matrix",
            )
        st.markdown(
            "One row for each word, one column for each id. Each row has a single 1, in the column of its word's id. "
            "Add a word, and every row grows by a cell."
        )
    if swapped:
        before = cosine_similarities(one_hot([ordered.id(word) for word in words], len(ordered)))
        change = largest_difference([cosine_similarities(matrix), before])
        fold.markdown(
            f"{' and '.join(map(as_code, swapped))} have changed places. Largest change of any cosine: "
            f"{change:.2f}. A word's id says nothing about the word."
        )
    show_code(_dictionary_code(words, swapped), "onehot_dictionary")


def choose_swap(vocabulary: Vocabulary, place: DeltaGenerator) -> list[str]:
    """Two words that change ids, or none; chosen in ``place``."""
    kept = st.session_state.get("onehot_swap", [])
    st.session_state["onehot_swap"] = [word for word in kept if word in vocabulary][-2:]
    chosen = setting(
        place.pills,
        "Swap the ids of two words",
        vocabulary.tokens,
        selection_mode="multi",
        format_func=escaped,
        key="onehot_swap",
        wrap=True,
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


def show_meaning(words: list[str], table: WordVectors) -> None:
    """Every pair equally far apart, beside GloVe's cosines for the same words."""
    typed = sort_words(words, table, MAX_WORDS)
    st.subheader("Which words are alike?", anchor=False)
    rows = one_hot(range(len(words)), len(words))
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**{glossary.linked('One-hot')} rows.** {glossary.sentence('cosine', 'vector')}")
        cosines = cosine_similarities(rows)
        cells(
            cosines,
            words,
            words,
            alt="Cosines of the one-hot rows: 1 on the diagonal, 0 elsewhere",
            key="onehot_cosines",
        )
        show_distances(cosines, distances(rows))
        show_code(_pairs_code(words), "onehot_pairs")
    with right:
        st.markdown(
            f"**Learned vectors.** The same words in GloVe, {table.dimension} numbers each. "
            f"{glossary.sentence('GloVe', 'embedding')}"
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
            show_code(learned_cosines(typed.known), "onehot_learned")
        explain_words(typed, table, MAX_WORDS)


def show_distances(cosines: NDArray, apart: NDArray) -> None:
    """The one number that all pairs share, computed from the rows."""
    n = len(cosines)
    if n < 2:
        st.caption("Type a second word to compare.")
        return
    pairs = [(i, j) for i in range(n) for j in range(i)]
    cosine, distance = {f"{cosines[p]:.2f}" for p in pairs}, {f"{apart[p]:.3f}" for p in pairs}
    which = "The one pair" if n == 2 else f"All {len(pairs)} pairs"
    st.caption(
        f"{which}: cosine {' or '.join(cosine)}, distance {' or '.join(distance)} (√2, along a straight line). So "
        "one-hot rows do not say which words are alike."
    )


def show_costs(count: int, table: WordVectors) -> None:
    """Memory of the reader's matrix, of a whole vocabulary's, and of learned vectors."""
    V = len(table)
    st.subheader("What it costs", anchor=False)
    answer = in_bytes(one_hot_bytes(V, V))
    guessed = predict.guess(
        f"A number takes 4 bytes. How much memory do one-hot rows for {V:,} words take?",
        [in_bytes(one_hot_bytes(V, 1)), in_bytes(table.matrix.nbytes), answer],
        "onehot_guess",
    )
    if guessed is None:
        return
    predict.verdict(
        guessed, answer, f"{V:,} rows of {V:,} numbers are {V * V:,} numbers. All but {V:,} of them are zeros."
    )
    st.markdown(
        f"That is {one_hot_bytes(V, V) / table.matrix.nbytes:,.0f} times as much memory as {table.dimension} learned "
        "numbers for each word take. Each mark on the scale is a thousand times the one before."
    )
    chart.show(
        memory_figure(
            [
                (f"Your {count_of(count, 'word')},<br>one-hot", one_hot_bytes(count, count)),
                (f"{V:,} words,<br>one-hot", one_hot_bytes(V, V)),
                (f"{V:,} words,<br>{table.dimension} learned numbers", table.matrix.nbytes),
            ]
        ),
        alt=f"One-hot rows for {V:,} words take {in_bytes(one_hot_bytes(V, V))}, "
        f"the learned table {in_bytes(table.matrix.nbytes)}",
        key="onehot_memory",
    )
    show_code(_memory_code([count, V], table.dimension), "onehot_memory")


def _dictionary_code(words: Sequence[str], swapped: Sequence[str]) -> str:
    """From ``words`` to their ids and one-hot rows; two of them ``swapped``, or none."""
    exchange = (
        f"a, b = (tokens.index(word) for word in {list(swapped)!r})\ntokens[a], tokens[b] = tokens[b], tokens[a]\n"
        if swapped
        else ""
    )
    return f"""\
import numpy as np

words = {list(words)!r}
tokens = sorted(set(words))
{exchange}vocabulary = {{token: id for id, token in enumerate(tokens)}}
rows = np.zeros((len(words), len(tokens)))
rows[np.arange(len(words)), [vocabulary[word] for word in words]] = 1
print(vocabulary, rows, sep="\\n")
"""


def _pairs_code(words: Sequence[str]) -> str:
    """The cosine and the distance of every pair of one-hot rows."""
    return f"""\
import numpy as np

words = {list(words)!r}
rows = np.eye(len(words))
lengths = np.linalg.norm(rows, axis=1)  # all of them 1
cosines = rows @ rows.T / np.outer(lengths, lengths)
apart = np.linalg.norm(rows[:, None] - rows[None, :], axis=2)
print(cosines, apart, sep="\\n")
"""


def _memory_code(counts: Sequence[int], D: int) -> str:
    """Bytes of one-hot rows for ``counts`` words, and of a table of ``D`` numbers for the last of them."""
    return f"""\
counts = {list(counts)!r}
sizes = [4 * V * V for V in counts] + [4 * counts[-1] * {D}]
print(sizes)
"""
