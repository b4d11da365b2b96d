"""Which word does not belong?"""

from types import MappingProxyType

import streamlit as st

from components import chart, lessons, predict, snippets
from components import play_snippets as play
from components.explained import explained
from components.figures.space import neighbours_figure
from components.inputs import words_setting
from components.plain_text import codes
from components.source_choice import choose_source
from components.take_home import take_home
from embeddings.groups import odd_one_out
from embeddings.word_vectors import WordVectors

MOST_WORDS = 12
EXAMPLES = MappingProxyType(
    {
        "meals": "breakfast lunch dinner piano",
        "animals and one more": "cat dog horse banana cow",
        "a word of two senses": "apple orange banana microsoft",
        "all of a kind": "monday tuesday friday sunday",
    }
)


def take_example() -> None:
    """Put the example where the reader types, and let go of it, so that it can be chosen again."""
    if st.session_state["odd_example"]:
        st.session_state["odd_words"] = EXAMPLES[st.session_state["odd_example"]]
        st.session_state["odd_example"] = None


def show_odd(table: WordVectors, words: tuple[str, ...]) -> None:
    """The odd word after a guess, and the mean cosine of each."""
    guessed = predict.guess("Which of these does not belong?", words, "odd_guess", about=(table.name, words))
    if guessed is None:
        return
    odd = odd_one_out(table, words)
    ranked = sorted(odd.mean_cosines, key=lambda pair: -pair[1])
    (_, lowest), (_, next_lowest) = ranked[-1], ranked[-2]
    predict.verdict(
        guessed,
        odd.word,
        f"Its mean cosine with the others is {lowest:.2f}; the next lowest is {next_lowest:.2f}. "
        + ("That is a clear gap." if next_lowest - lowest > 0.1 else "That is no wide gap: the vectors are not sure."),
    )
    st.markdown(f"The mean cosine of each word with the other {len(words) - 1}:")
    figure = neighbours_figure(ranked, chosen=odd.word)
    means = ", ".join(f"{word} {mean:.2f}" for word, mean in ranked)
    chart.show(figure, key="odd_means", alt=means, save_as="odd_one_out")
    snippets.show_code(play.odd_one_out(table, words), "odd_means")
    take_home(table, words, figure, play.odd_one_out(table, words), "odd_one_out")


lessons.title(
    "Odd one out",
    "The word that belongs least to the others is the one whose vector is least like theirs, on average.",
)
with explained():
    table = choose_source()
    st.pills("Examples", list(EXAMPLES), key="odd_example", on_change=take_example)
    words = words_setting("Three words or more", EXAMPLES["meals"], "odd_words", table, MOST_WORDS)
    if len(words) < 3:
        st.info("Three words at least, please" + (f"; so far there is {codes(words)}." if words else "."))
    else:
        show_odd(table, words)
lessons.next_link("pages/odd_one_out.py")
