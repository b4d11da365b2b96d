"""A network draws up the vectors by itself."""

from collections import Counter

import streamlit as st

from components import chart, lessons, predict, snippets
from components.drawings import cells
from components.explained import explained
from components.figures.network import network_figure
from components.inputs import bind
from components.plain_text import code, codes
from embeddings.errors import InvalidInput
from embeddings.neighbors import most_similar
from embeddings.small_network import EXAMPLE, STEPS, WINDOW, SmallNetwork, shared_neighbours, train
from embeddings.tokens import words
from embeddings.vocabulary import Vocabulary
from embeddings.word_vectors import WordVectors

MOST_WORDS = 24  # different ones; more cannot be drawn
MOST_OFFERED = 5  # words to guess among: the right one and the rarest
D = 3


@st.cache_data(max_entries=32, show_spinner="Training the network")
def trained(text: str) -> SmallNetwork:
    """The network after training on ``text``."""
    different = len(Vocabulary.from_text(text))
    if different > MOST_WORDS:  # asked before the work is done
        raise InvalidInput(f"There are {different:,} different words; at most {MOST_WORDS} can be drawn.")
    return train(text, D=D)


def show_network(network: SmallNetwork) -> str:
    """The network with one word lit; which word."""
    tokens = network.vocabulary.tokens
    if st.session_state.get("network_word") not in tokens:
        st.session_state["network_word"] = "cat" if "cat" in tokens else tokens[0]
    word = st.selectbox("Light the word", tokens, key="network_word", bind="query-params", persist_state="session")
    likely = network.probabilities(word)
    st.markdown(
        f"On the left the one-hot row of {code(word)}: a single 1. It switches on one line to each of the {D} hidden "
        f"units, and so each unit's value is just the weight on that line. On the right the network's guess: which "
        f"words stand near {code(word)}? A *softmax* turns its scores into shares that add up to {likely.sum():.0%}."
    )
    chart.show(
        network_figure(network, word),
        key="network_figure",
        alt=f"Network of {len(tokens)} inputs, {D} hidden units and {len(tokens)} outputs, with {word} lit",
    )
    return word


def show_table(network: SmallNetwork, word: str) -> None:
    """All weights from the left to the middle, the lit word's row in a frame."""
    st.subheader("The lines are a table", anchor=False)
    row = network.vocabulary.id(word)
    st.markdown(
        f"Write down the weights on the left, a row for each word: that is the *embedding table* W, "
        f"{len(network.vocabulary)} × {D}. The framed row is the vector of {code(word)}. It was random at first; in "
        f"{STEPS} steps each weight was moved a little towards better guesses, and the loss, how surprised the network "
        f"is by the words it should guess, fell from {network.losses[0]:.2f} to {network.losses[-1]:.2f}."
    )
    cells(
        network.W,
        network.vocabulary.tokens,
        [f"unit {unit}" for unit in range(1, D + 1)],
        limit=float(abs(network.W).max()),
        framed=[row],
        alt="The weights W, a row for each word",
        key="network_table",
    )


def show_alike(network: SmallNetwork, word: str, text: str) -> None:
    """Whose row became most like the lit one's, after a guess."""
    count = Counter(words(text))
    ranking = most_similar(
        WordVectors.of("W", network.vocabulary.tokens, network.W), word, n=len(network.vocabulary) - 1
    )
    nearest = predict.first(ranking)
    others = sorted((token for token, _ in ranking if token not in nearest), key=count.__getitem__)
    if not others:
        st.markdown(f"There is only one other row, that of {code(nearest[0])}: its cosine is {ranking[0][1]:.2f}.")
        return
    guessed = predict.guess(
        f"Nobody told the network what a word means. Whose row will be most like that of {code(word)}?",
        sorted([*nearest, *others[: MOST_OFFERED - 1]]),
        "network_guess",
        about=(word, text),
    )
    if guessed is None:
        return
    shared = shared_neighbours(text, word, nearest[0])
    company = f"Within {WINDOW} places of both stand {codes(shared)}" if shared else "No word stands near both"
    predict.verdict(
        guessed,
        nearest,
        f"The cosine of the two rows is {ranking[0][1]:.2f}, and the least alike is {code(ranking[-1][0])} with "
        f"{ranking[-1][1]:.2f}. {company} in what the network read, and it read nothing else.",
    )


lessons.title(
    "A network fills in the table",
    "Show a network a word, let it guess which words stand near it, and correct it a little each time. "
    "Nothing else is needed for the numbers to take on meaning.",
)
text = st.text_area(
    "What the network reads, a sentence a line",
    EXAMPLE,
    key="network_text",
    bind=bind("network_text"),
    persist_state="session",
)
with explained():
    network = trained(text)
    word = show_network(network)
    show_table(network, word)
    show_alike(network, word, text)
    snippets.show_code(snippets.trained_network(text, D, word), "network")
lessons.next_link("pages/small_network.py")
