"""The smallest network that learns word vectors: it trains before the reader's eyes, and its rows become alike."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components import glossary
from components.address import setting
from components.custom.drawings import cells
from components.figures.network import network_figure
from components.figures.training import loss_figure
from components.markup import as_code, as_code_list, decimals_apart, with_minus
from components.ui import chart, predict
from components.ui.code_block import show_code
from components.ui.columns import beside
from components.ui.errors import show_errors
from components.ui.folds import go_further
from components.ui.tables import draw_table
from components.ui.text_fields import text_box
from embeddings.common import InvalidInput
from embeddings.similarity import most_similar
from embeddings.tokenizers import Vocabulary, split_words
from embeddings.training import (
    EXAMPLE,
    STEPS,
    WINDOW,
    FirstStep,
    SmallNetwork,
    first_step,
    neighbors_of,
    shared_neighbors,
    small_network,
)
from embeddings.vectors import WordVectors

MAX_WORDS = 24  # different ones; more cannot be drawn
MAX_CHARACTERS = 10_000
MAX_OFFERED = 5  # words to guess among: the right one and the rarest
D = 3
STEPS_SHOWN = (0, 1, 2, 5, 10, 20, 30, 50, 70, 100, 150, 200, 300, STEPS)  # closer where the network changes faster
RATES = (0.1, 0.5, 1.0, 2.0)  # of the step by hand
SECONDS = 0.6  # between two of them while the training is played
_FOUR_DIGITS = st.column_config.NumberColumn(format="%.4f")
_LABEL, _STEP = "Steps of training", "network_step"
_NEXT = "network_next"  # in the session: the place in STEPS_SHOWN that comes next while it is played, else None


def show_lesson() -> None:
    """All of the page; drawn again and again while the training is played."""
    moving = _is_played()

    @st.fragment(run_every=SECONDS if moving else None)
    def panels() -> None:
        if moving != _is_played():
            st.rerun()  # begins or ends the drawing again and again
        _show_panels()

    panels()


def _show_panels() -> None:
    picture, settings = beside()
    with settings:
        text = read_text()
    networks: Sequence[SmallNetwork] = ()
    with picture, show_errors():
        networks = trained(text)
    if not networks:
        return
    with show_errors():
        with settings:
            word = choose_word(networks[0].vocabulary)
        with picture:
            network = show_training(networks, word)
            explain_network(network, word)
        with settings:
            show_loss(network)
        show_table(network, word, limit=float(abs(networks[-1].W).max()))
        show_similar_rows(networks[-1], word, text)
        show_code(_network_code(text, D, word), "network")
        with go_further("the first step by hand", "network_hand"):
            show_first_step(networks[0], word, text)


def read_text() -> str:
    """What the network learns from."""
    return text_box(
        "What the network reads: one sentence on each line", EXAMPLE, key="network_text", limit=MAX_CHARACTERS
    )


@st.cache_data(scope="session", max_entries=4, show_spinner=False)
def trained(text: str) -> tuple[SmallNetwork, ...]:
    """The network after each of ``STEPS_SHOWN`` of its training on ``text``."""
    different = len(Vocabulary.from_text(text))
    if different > MAX_WORDS:  # asked before the work is done
        raise InvalidInput(f"There are {different:,} different words; at most {MAX_WORDS} can be drawn.")
    return small_network.train_in_steps(text, STEPS_SHOWN, D=D)


def choose_word(vocabulary: Vocabulary) -> str:
    """The word that goes into the network."""
    tokens = vocabulary.tokens
    usual = tokens.index("cat") if "cat" in tokens else 0
    if st.session_state.get("network_word", tokens[usual]) not in tokens:
        st.session_state["network_word"] = tokens[usual]
    return setting(st.selectbox, "The word that goes in", tokens, usual, key="network_word")


def choose_step() -> int:
    """How many steps of the training are done: by the slider, or the next one while the training is played."""
    playing = _is_played()
    with st.container(horizontal=True, vertical_alignment="center", wrap=False, key="network_controls"):
        if not playing:
            st.button("Play", icon=":material/play_arrow:", type="primary", key="network_play", on_click=_play)
            return setting(st.select_slider, _LABEL, STEPS_SHOWN, key=_STEP)
        # A slider of its own, that nobody can move: what a slow browser says of the other one may be out of date.
        step = st.session_state["network_played"] = STEPS_SHOWN[st.session_state[_NEXT]]
        st.session_state[_NEXT] += 1
        st.button("Pause", icon=":material/pause:", type="primary", key="network_pause", on_click=_pause)
        st.select_slider(_LABEL, STEPS_SHOWN, key="network_played", disabled=True)
    return step


def _is_played() -> bool:
    """Whether the training is played; it ends by itself after the last step."""
    if st.session_state.get(_NEXT) == len(STEPS_SHOWN):
        _pause()
    return st.session_state.get(_NEXT) is not None


def _play() -> None:
    """On from the step that is shown; from the start if that is the last."""
    st.session_state[_NEXT] = (STEPS_SHOWN.index(st.session_state[_STEP]) + 1) % len(STEPS_SHOWN)


def _pause() -> None:
    """Stay at the step that is shown."""
    if (following := st.session_state[_NEXT]) is not None:  # a second click may come before the button is gone
        st.session_state[_STEP] = STEPS_SHOWN[max(0, following - 1)]
        st.session_state[_NEXT] = None


def show_training(networks: Sequence[SmallNetwork], word: str) -> SmallNetwork:
    """The network at the step that is chosen, with one word lit; which network."""
    with st.container(key="picture", gap="xsmall"):
        network = networks[STEPS_SHOWN.index(choose_step())]
        V = len(network.vocabulary)
        chart.show(
            network_figure(network, word),
            key="network_figure",
            alt=f"Network of {V} inputs, {D} hidden units and {V} outputs, with {word} lit",
        )
    return network


def explain_network(network: SmallNetwork, word: str) -> None:
    """What is seen from left to right."""
    st.markdown(
        f"- **Left:** the {glossary.linked('one-hot')} row of {as_code(word)}, a single 1. "
        f"{glossary.sentence('weight')} Each line has one.\n"
        f"- **Middle:** {glossary.sentence('hidden unit', 'weight')} Here that is the weight on the line from "
        f"{as_code(word)}.\n"
        f"- **Right:** the guess, which words stand near {as_code(word)}. {glossary.linked('A softmax')} makes shares "
        "of the network's scores."
    )


def show_loss(network: SmallNetwork) -> None:
    """How the loss fell up to the step that is shown."""
    losses = network.losses
    st.markdown(
        f"{glossary.sentence('loss')} At step 0 it is {losses[0]:.2f}"
        + ("." if len(losses) == 1 else f". At step {len(losses) - 1} it is {losses[-1]:.2f}.")
    )
    chart.show(
        loss_figure(range(len(losses)), losses, [None] * len(losses), STEPS, "steps", len(losses) - 1),
        key="network_loss",
        alt=f"Loss, from {losses[0]:.2f} at the start to {losses[-1]:.2f} after {len(losses) - 1} of {STEPS} steps",
    )


def show_table(network: SmallNetwork, word: str, limit: float) -> None:
    """All weights from the left to the middle, the lit word's row in a frame; ``limit`` gets the full colour."""
    st.subheader("The lines are a table", anchor=False)
    row = network.vocabulary.id(word)
    st.markdown(
        "Write down the weights of the lines on the left, a row for each word: this is the "
        f"*{glossary.linked('embedding')} table* W. The framed row is the {glossary.linked('vector')} of "
        f"{as_code(word)}. At step 0 all numbers are random; each step moves them a little."
    )
    cells(
        network.W,
        network.vocabulary.tokens,
        [f"unit {unit}" for unit in range(1, D + 1)],
        limit=limit,
        framed=[row],
        alt="The weights W, a row for each word",
        key="network_table",
    )


def show_similar_rows(network: SmallNetwork, word: str, text: str) -> None:
    """Whose row became most like the lit one's, after a guess."""
    count = Counter(split_words(text))
    ranking = most_similar(
        WordVectors.of("W", network.vocabulary.tokens, network.W), word, n=len(network.vocabulary) - 1
    )
    nearest = predict.first(ranking)
    others = sorted((token for token, _ in ranking if token not in nearest), key=count.__getitem__)
    if not others:
        st.markdown(f"There is only one other row, that of {as_code(nearest[0])}: its cosine is {_cosine(ranking)}.")
        return
    guessed = predict.guess(
        f"Nobody told the network what a word means. Whose row is, after {STEPS} steps, most like that of "
        f"{as_code(word)}?",
        sorted([*nearest, *others[: MAX_OFFERED - 1]]),
        "network_guess",
        about=(word, text),
    )
    if guessed is None:
        return
    shared = shared_neighbors(text, word, nearest[0])
    company = "No word stands near both in what the network read."
    if shared:
        verb = "stands" if len(shared) == 1 else "stand"
        company = f"In what the network read, {as_code_list(shared)} {verb} near both."
    predict.verdict(
        guessed,
        nearest,
        f"The cosine of the two rows is {_cosine(ranking)}. {company} These sentences are all that it read.",
    )


def show_first_step(network: SmallNetwork, word: str, text: str) -> None:
    """One step of training on one pair, from the random start: every number of it."""
    near = neighbors_of(text, word)
    if not near:
        st.markdown(f"No word stands near {as_code(word)}, so there is no pair to learn from.")
        return
    left, right = st.columns(2)
    with left:
        if st.session_state.get("network_near", near[0]) not in near:
            st.session_state["network_near"] = near[0]
        target = setting(st.selectbox, "The word that stands near it", near, key="network_near")
    with right:
        rate = setting(
            st.select_slider,
            "Learning rate",
            RATES,
            small_network.RATE,
            format_func="{:g}".format,
            key="network_rate",
            help="How far the step moves the numbers.",
        )
    step = first_step(network, word, target, rate)
    share = step.probabilities[network.vocabulary.id(target)]
    st.markdown(
        f"One pair: {as_code(word)} goes in, and the network should find {as_code(target)} likely. All weights are the "
        "random ones of step 0.\n\n"
        f"**Forward.** Look up the row of {as_code(word)}: its {D} numbers are the values of the hidden units. The "
        "score of a word is the sum of value × weight on the lines to that word. The softmax makes shares of the "
        f"scores. The loss is −log of the share of {as_code(target)}: −log {share:.4f} = **{step.loss:.4f}**."
    )
    _show_outputs(step, network)
    st.markdown(
        f"**Backward.** {glossary.sentence('gradient')} For a score it is the share, less 1 at {as_code(target)}: the "
        "error. For a weight on the right it is hidden value × error. For a number of the row it is the sum of weight "
        "× error over all words."
    )
    _show_row(step)
    _show_right_weights(step, network)
    st.markdown(
        f"**The step.** Each number becomes old − {rate:g} × gradient. The other rows of W were not looked up, so they "
        f"stay as they are. The loss of this pair goes from {step.loss:.4f} to **{step.new_loss:.4f}**."
    )
    show_code(_first_step_code(text, step), "network_hand")


def _show_outputs(step: FirstStep, network: SmallNetwork) -> None:
    """The score of each word, its share, and the error."""
    draw_table(
        {
            "word": network.vocabulary.tokens,
            "score": step.logits,
            "share": step.probabilities,
            "should be": [float(token == step.target) for token in network.vocabulary.tokens],
            "error": step.error,
            "share after the step": step.new_probabilities,
        },
        height="content",
        column_config=dict.fromkeys(("score", "share", "error", "share after the step"), _FOUR_DIGITS),
        alt="Score, share and error of each word, and its share after the step",
    )


def _show_row(step: FirstStep) -> None:
    """The row of the word before and after the step, and its gradient."""
    units = [f"unit {unit}" for unit in range(1, D + 1)]
    numbers = zip(step.row, step.gradient_of_row, step.new_row, strict=True)
    draw_table(
        {f"row of {step.word} in W": ["old", "gradient", "new"]} | dict(zip(units, map(list, numbers), strict=True)),
        height="content",
        column_config=dict.fromkeys(units, _FOUR_DIGITS),
        alt=f"The row of {step.word}: old, gradient and new",
    )


def _show_right_weights(step: FirstStep, network: SmallNetwork) -> None:
    """The weights from the hidden units to each word before and after the step, and their gradients."""
    parts: dict[str, NDArray[np.floating]] = {"old": network.U, "gradient": step.gradient_of_U, "new": step.new_U}
    columns = {f"{name}, unit {unit + 1}": part[unit] for name, part in parts.items() for unit in range(D)}
    draw_table(
        {"weights to": network.vocabulary.tokens} | columns,
        height="content",
        column_config=dict.fromkeys(columns, _FOUR_DIGITS),
        alt="The weights from the hidden units to each word: old, gradient and new",
    )


def _cosine(ranking: Sequence[tuple[str, float]]) -> str:
    """The cosine at the head of a ``ranking``, with digits that part it from 1 and from the next one."""
    return with_minus(f"{ranking[0][1]:.{decimals_apart(cosine for _, cosine in ranking[:2])}f}")


def _network_code(text: str, D: int, word: str) -> str:
    """The training of the small network on ``text``, its guess for ``word``, and the rows most like that word's."""
    lines = [" ".join(split_words(line)) for line in text.splitlines()]
    rate, momentum = f"{small_network.RATE:g}", f"{small_network.MOMENTUM:g}"
    return f"""\
import numpy as np

text = {lines!r}
lines = [line.split() for line in text]
words = sorted({{word for line in lines for word in line}})
V, D, window = len(words), {D}, {WINDOW}
pairs = np.zeros((V, V))  # how often each word stands near each other
for line in lines:
    ids = [words.index(word) for word in line]
    for place, id in enumerate(ids):
        for other in ids[place + 1 : place + 1 + window]:
            pairs[id, other] += 1
            pairs[other, id] += 1
shares = pairs / pairs.sum()

def softmax(scores):
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)

random = np.random.default_rng(0)
W, U = random.normal(scale=0.5, size=(V, D)), random.normal(scale=0.5, size=(D, V))
speed_W, speed_U = np.zeros((V, D)), np.zeros((D, V))
for step in range({STEPS}):  # stop earlier to see the network on its way
    error = shares.sum(axis=1, keepdims=True) * softmax(W @ U) - shares
    speed_W, speed_U = {momentum} * speed_W - {rate} * error @ U.T, {momentum} * speed_U - {rate} * W.T @ error
    W, U = W + speed_W, U + speed_U

id = words.index({word!r})
row = W[id]
likely = dict(zip(words, softmax(row @ U).tolist()))
units = W / np.linalg.norm(W, axis=1, keepdims=True)
alike = sorted(zip(words, (units @ units[id]).tolist()), key=lambda pair: -pair[1])[1:]
shared = [words[other] for other in range(V) if pairs[id, other] and pairs[words.index(alike[0][0]), other]]
print(row, likely, alike[:3], shared, sep="\\n")
"""


def _first_step_code(text: str, step: FirstStep) -> str:
    """One step on one pair, from the random start."""
    return f"""\
import numpy as np

text = {[" ".join(split_words(line)) for line in text.splitlines()]!r}
words = sorted({{word for line in text for word in line.split()}})
V, D, rate = len(words), {D}, {step.rate!r}
random = np.random.default_rng(0)
W, U = random.normal(scale=0.5, size=(V, D)), random.normal(scale=0.5, size=(D, V))
id, target = words.index({step.word!r}), words.index({step.target!r})

row = W[id]  # [D]: a lookup
scores = row @ U  # [V]
shares = np.exp(scores - scores.max())
shares /= shares.sum()
loss = -np.log(shares[target])
error = shares - np.eye(V)[target]  # the gradient of the scores
gradient_of_U, gradient_of_row = np.outer(row, error), U @ error
W[id], U = row - rate * gradient_of_row, U - rate * gradient_of_U
after = np.exp(W[id] @ U)
new_loss = -np.log(after[target] / after.sum())
print(dict(zip(words, shares.tolist())), gradient_of_row, W[id], loss, new_loss, sep="\\n")
"""
