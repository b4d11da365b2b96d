"""The panels of the lesson on the odd one out: words to choose, and the mean cosine of each with the others."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import streamlit as st

from components import glossary
from components.figures.bars import neighbors_figure
from components.figures.vectors import strips_figure
from components.lessons.play.snippets import arrays
from components.markup import as_code_list, with_minus
from components.ui import chart, predict
from components.ui.code_block import show_code
from components.ui.columns import beside
from components.ui.downloads import downloads
from components.ui.examples import fill_from_example
from components.ui.inputs import words_setting
from embeddings.similarity import odd_one_out
from embeddings.vectors import WordVectors

MAX_WORDS = 12
CLEAR_GAP = 0.1  # between the lowest mean cosine and the next
EXAMPLES = MappingProxyType(
    {
        "meals": "breakfast lunch dinner piano",
        "animals and one more": "cat dog horse banana cow",
        "a word of two senses": "apple orange banana microsoft",
        "all of a kind": "monday tuesday friday sunday",
    }
)


def choose_words(table: WordVectors) -> tuple[str, ...]:
    """The words of an example, or the reader's own."""
    st.pills(
        "Examples",
        list(EXAMPLES),
        key="odd_example",
        on_change=fill_from_example,
        args=("odd_example", _typed_by),
        wrap=True,
    )
    return words_setting("Three words or more", EXAMPLES["meals"], "odd_words", table, MAX_WORDS)


def _typed_by(example: str) -> Mapping[str, str]:
    return {"odd_words": EXAMPLES[example]}


def show_odd(table: WordVectors) -> None:
    """The words' vectors, and after a guess the odd word and the mean cosine of each, once there are words enough."""
    picture, settings = beside()
    with settings:
        words = choose_words(table)
        if len(words) < 3:
            picture.info("Type at least three words" + (f". So far: {as_code_list(words)}." if words else "."))
            return
        guessed = predict.guess("Which word does not belong?", words, "odd_guess", about=(table.name, words))
    if guessed is None:
        with picture.container(key="picture"):
            _show_vectors(table, words)
        return
    odd = odd_one_out(table, words)
    ranked = sorted(odd.mean_cosines, key=lambda pair: -pair[1])
    figure = neighbors_figure(ranked, chosen=odd.word, height=_height(words))
    with picture.container(key="picture"):
        st.markdown(
            f"**The mean {glossary.linked('cosine')} of each word with the other {len(words) - 1}.** The lowest is "
            "orange."
        )
        means = ", ".join(f"{word} {mean:.2f}" for word, mean in ranked)
        chart.show(figure, key="odd_means", alt=means, save_as="odd_one_out")
    with settings:
        _judge(guessed, ranked)
    source = _odd_code(table, words)
    show_code(source, "odd_means")
    downloads(table, words, figure, source, "odd_one_out")


def _height(words: Sequence[str]) -> int:
    return max(200, 44 + 30 * len(words))


def _show_vectors(table: WordVectors, words: Sequence[str]) -> None:
    """Each word's numbers as a row of cells, to guess from."""
    st.markdown("**The vector of each word.** Which row looks least like the others?")
    figure = strips_figure(table.rows(words), words, range(table.dimension)).update_layout(height=_height(words))
    spoken = f"The {table.dimension} numbers of {', '.join(words)} as rows of cells"
    chart.show(figure, key="odd_vectors", alt=spoken)


def _judge(guessed: predict.Guess, ranked: Sequence[tuple[str, float]]) -> None:
    (_, next_lowest), (word, lowest) = ranked[-2:]
    predict.verdict(
        guessed,
        word,
        f"Its mean cosine with the others is {with_minus(f'{lowest:.2f}')}. The next lowest mean is "
        f"{with_minus(f'{next_lowest:.2f}')}. "
        + (
            "That is a clear gap."
            if next_lowest - lowest > CLEAR_GAP
            else "That is a small gap: by these vectors, hardly any word stands apart."
        ),
    )


def _odd_code(table: WordVectors, words: Sequence[str]) -> str:
    """The odd one of ``words``."""
    return f"""\
{arrays(table)}
words = {list(words)!r}
rows = matrix[[row_of[word] for word in words]].astype(float)
units = rows / np.linalg.norm(rows, axis=1, keepdims=True)
cosines = units @ units.T  # of every pair
np.fill_diagonal(cosines, 0)  # a word is not compared with itself
means = cosines.sum(axis=1) / (len(words) - 1)
odd = words[means.argmin()]
print(odd, *zip(words, means.round(3)), sep="\\n")
"""
