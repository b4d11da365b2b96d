"""A random number for each word, what the numbers seem to say, and how often a word is the nearest by chance."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import glossary
from components.address import setting
from components.figures.axes import number_line_figure
from components.markup import as_code
from components.ui import chart, predict
from components.ui.code_block import show_code
from components.ui.inputs import listed_words, text_setting
from components.ui.text_fields import LIST_LIMIT
from embeddings.vectors import LARGEST, chance_of_nearest, nearest, numbers_for, share_nearest

MAX_WORDS = 12
SHUFFLES = 1_000


def choose_words(picture: DeltaGenerator) -> list[str]:
    """The reader's words, each once; none, and a sentence in place of the ``picture``, where they are too few."""
    text = text_setting("Your words", "cat dog banana king queen apple", "numbers_words", live=True, limit=LIST_LIMIT)
    words = list(dict.fromkeys(listed_words(text)))
    if len(words) < 3:
        picture.info("Type three words or more, with spaces between them: *cat dog banana*, for instance.")
        return []
    if len(words) > MAX_WORDS:
        st.info(f"The first {MAX_WORDS} of your {len(words):,} words are used.")
    return words[:MAX_WORDS]


def shuffle() -> None:
    """Draw other numbers."""
    st.session_state["numbers_seed"] = (st.session_state["numbers_seed"] + 1) % 10_000


def choose_seed() -> int:
    """Which draw of random numbers is shown."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    button = row.container(width="content")
    seed = setting(
        row.number_input,
        "Seed of the draw",
        0,
        9_999,
        0,
        key="numbers_seed",
        width=150,
    )
    button.button("Shuffle", icon=":material/shuffle:", on_click=shuffle, key="numbers_shuffle", type="primary")
    st.caption(glossary.sentence("seed"))
    return seed


def show_line(words: list[str], seed: int) -> None:
    """The words at their numbers, and what these would say if they meant anything."""
    numbers = numbers_for(words, seed)
    with st.container(key="picture"):
        chart.show(
            number_line_figure(words, numbers, LARGEST),
            key="numbers_line",
            alt=", ".join(f"{word} {number}" for word, number in zip(words, numbers, strict=True)),
        )
    first = words[0]
    neighbor = nearest(words, seed)[first]
    st.markdown(
        "The numbers here come from chance. Ids do not: an id is the place of a word in a list. But neither is about "
        f"what a word means. By these numbers, {as_code(first)} is nearest to {as_code(neighbor)}. Shuffle, and this "
        "changes."
    )
    show_code(_random_numbers_code(words, seed), "numbers_line")


def show_chance(words: list[str]) -> None:
    """How often the second word is the nearest to the first, after the reader has guessed."""
    st.subheader("Could it be the right neighbour?", anchor=False)
    first, second = words[:2]
    rarely = f"about 1 time in {len(words) - 1}" if len(words) > 3 else "hardly ever"
    by_chance = chance_of_nearest(len(words)) if len(words) > 3 else 0.05
    options = {"nearly always": 0.95, "half of the time": 0.5, rarely: by_chance}
    guessed = predict.guess(
        f"Shuffle {SHUFFLES:,} times. How often is {as_code(second)} the word nearest to {as_code(first)}?",
        list(options),
        "numbers_guess",
        about=tuple(words),
    )
    if guessed is None:
        return
    share = share_nearest(words, SHUFFLES)[second]
    predict.verdict(
        guessed,
        min(options, key=lambda option: abs(options[option] - share)),
        f"It was the nearest {share * SHUFFLES:,.0f} times in {SHUFFLES:,}. Each of the {len(words) - 1} other words "
        f"has the same chance: 1 time in {len(words) - 1}, whatever the words are.",
    )
    show_code(_chance_code(words, SHUFFLES), "numbers_chance")


def _random_numbers_code(words: Sequence[str], seed: int) -> str:
    """A random number for each of ``words``."""
    return f"""\
import numpy as np

words = {list(words)!r}
numbers = np.random.default_rng({seed}).permutation(100)[: len(words)].tolist()
print(dict(zip(words, numbers)))
"""


def _chance_code(words: Sequence[str], shuffles: int) -> str:
    """How often each word is the nearest to the first."""
    return f"""\
import numpy as np

words = {list(words)!r}
shuffles = {shuffles}
nearest = []
for seed in range(shuffles):
    numbers = np.random.default_rng(seed).permutation(100)[: len(words)]
    apart = np.abs(numbers - numbers[0])[1:]  # of all others from the first
    lots = np.random.default_rng((seed, 1)).permutation(len(words))[1:]  # decide between two that are equally near
    nearest.append(words[1 + (apart + lots / len(words)).argmin()])
shares = {{word: nearest.count(word) / shuffles for word in words[1:]}}
print(shares)
"""
