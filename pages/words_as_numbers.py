"""A number for each word is not enough."""

import streamlit as st

from components import chart, lessons, predict, snippets
from components.figures.number_line import number_line_figure
from components.inputs import listed_words, text_setting
from components.plain_text import code
from embeddings.random_numbers import LARGEST, nearest, numbers_for, share_nearest

MOST_WORDS = 12
SHUFFLES = 1_000


def shuffle() -> None:
    """Draw other numbers."""
    st.session_state["numbers_seed"] = (st.session_state["numbers_seed"] + 1) % 10_000


def choose_seed() -> int:
    """Which draw of random numbers is shown."""
    button, number, _ = st.columns([1, 1, 3], vertical_alignment="bottom")
    seed = number.number_input(
        "Seed of the draw",
        0,
        9_999,
        0,
        key="numbers_seed",
        bind="query-params",
        persist_state="session",
        help="The same seed draws the same numbers again, here and in the code.",
    )
    button.button("Shuffle", icon=":material/shuffle:", on_click=shuffle, key="numbers_shuffle", type="primary")
    return seed


def show_line(words: list[str], seed: int) -> None:
    """The words at their numbers, and what these would say if they meant anything."""
    numbers = numbers_for(words, seed)
    chart.show(
        number_line_figure(words, numbers, LARGEST),
        key="numbers_line",
        alt=", ".join(f"{word} {number}" for word, number in zip(words, numbers, strict=True)),
    )
    first, second = words[:2]
    neighbour = nearest(words, seed)[first]
    a, b = (numbers[words.index(word)] for word in (first, second))
    st.markdown(
        f"By these numbers, {code(first)} is nearest to {code(neighbour)}, {code(second)} minus {code(first)} is "
        f"{b - a}, and the middle between the two is {(a + b) / 2:g}. "
        "None of that is about the words: shuffle, and all of it changes."
    )
    snippets.show_code(snippets.random_numbers(words, seed), "numbers_line")


def show_chance(words: list[str]) -> None:
    """How often the second word is the nearest to the first, after the reader has guessed."""
    st.subheader("Could it be the right neighbour?", anchor=False)
    first, second = words[:2]
    rarely = f"about 1 time in {len(words) - 1}" if len(words) > 3 else "hardly ever"
    options = {"nearly always": 0.95, "half of the time": 0.5, rarely: 1 / (len(words) - 1) if len(words) > 3 else 0.05}
    guessed = predict.guess(
        f"Over {SHUFFLES:,} shuffles, how often will {code(second)} be the nearest word to {code(first)}?",
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
        f"It was the nearest {share * SHUFFLES:,.0f} times in {SHUFFLES:,}. One of the {len(words) - 1} other words "
        f"must be, and none is favoured: that is 1 time in {len(words) - 1}, whatever the words are.",
    )
    snippets.show_code(snippets.chance(words, SHUFFLES), "numbers_chance")


lessons.title(
    "Words as numbers",
    "Tokens have ids, so are words not numbers already? Give each word a number, and see what the numbers say.",
)
words = list(
    dict.fromkeys(
        listed_words(text_setting("Your words", "cat dog banana king queen apple", "numbers_words", live=True))
    )
)
if len(words) < 3:
    st.info("Type three words or more, with spaces between them: *cat dog banana*, for instance.")
else:
    if len(words) > MOST_WORDS:
        st.info(f"The first {MOST_WORDS} of your {len(words):,} words are used.")
    words = words[:MOST_WORDS]
    show_line(words, choose_seed())
    show_chance(words)
lessons.next_link("pages/words_as_numbers.py")
