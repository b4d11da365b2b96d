"""The panels of positions: words in two orders, rows of places, turned vectors, and a model that learns without."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from components import glossary
from components.address import setting
from components.figures.matrix import DIVERGING
from components.figures.position.places import places_figure
from components.figures.position.rotation import arrows_figure, products_figure
from components.figures.position.sentences import sentences_figure
from components.figures.training import two_losses_figure
from components.lessons.language.model_words import why_unanswered
from components.markup import as_code_list, with_minus
from components.session import background_jobs
from components.session.encoder import minilm_argument
from components.session.tokenizers import open_tokenizer
from components.ui import chart, predict
from components.ui.code_block import show_code
from components.ui.columns import beside
from components.ui.downloads import downloads, run_downloads
from components.ui.errors import show_errors
from components.ui.folds import go_further
from components.ui.inputs import text_setting
from embeddings import jobs
from embeddings.jobs import ByName, Call, Seen
from embeddings.numeric import pairwise_cosines
from embeddings.sources import minilm_positions
from embeddings.training import PositionAblation, ablate_positions, held_out_or_trained_loss, of_toy_corpus
from embeddings.transformer import (
    OrderSimilarity,
    mean_cosine_at_distance,
    order_similarity,
    rotary_frequencies,
    rotary_products,
    rotated,
    sentence_tokens,
    sinusoidal_positions,
)
from embeddings.vectors import WordVectors

ORDER_JOB, ABLATION_JOB = "order", "ablation"  # names of this page's jobs
ALIKE = 0.9  # cosine from which on two sentences are called nearly the same
SAME, NEARLY, DIFFERENT = "exactly the same", f"nearly the same: {ALIKE} or more", f"clearly different: below {ALIKE}"
SENTENCES = MappingProxyType({"position_first": "dog bites man", "position_second": "man bites dog"})
QUERY, KEY = (1.0, 0.0), (0.6, 0.8)  # of length 1, for the picture
PLACES = 16  # of the query and the key
WITH, WITHOUT = "with positions", "without positions"
_COLUMNS = 64  # of the sentences' vectors that are drawn
_HEIGHT = 330  # pixels of the picture
_EVERY = 4  # places are drawn of a table; all would be 262,144 cells
_DISTANCES = (1, 10, 100)  # of places whose cosines are told
_CORPUS = ByName(of_toy_corpus, (2_000, 0))
_STEPS, _CONTEXT = 500, 16  # of the small models
_SETTINGS = MappingProxyType(
    {"tokens": "character", "context": _CONTEXT, "dimension": 32, "batch": 32, "steps": _STEPS, "snapshots": 25}
)
_TELLING = 0.05  # nats: a smaller difference of two losses says nothing


@dataclass(frozen=True)
class OrderQuery:
    """Two sentences to compare."""

    first: str
    second: str

    @property
    def usual(self) -> bool:
        """Whether they are those that the page begins with."""
        return (self.first, self.second) == tuple(SENTENCES.values())


def places() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Where the picture and what it shows stand, and the sentences beside it."""
    return beside()


def ask() -> OrderQuery:
    """The reader's two sentences, and what positions are for.

    Raises:
        InvalidInput: One has no word, or too many.
        SourceUnavailable: The tokenizer is not installed.
    """
    labels = ("A sentence", "The same words in another order")
    typed = [
        text_setting(label, usual, key).strip() for label, (key, usual) in zip(labels, SENTENCES.items(), strict=True)
    ]
    for text in typed:
        sentence_tokens(text, open_tokenizer("wordpiece"))
    st.markdown(
        glossary.linked(
            "In each layer of a *transformer*, every token takes in something of the others. Nothing in that says "
            "which stands first. So the model adds a row for each place: `W[id] + P[place]`."
        )
    )
    st.markdown(
        glossary.linked("MiniLM, a small transformer, reads both. The mean of its last vectors stands for a sentence.")
    )
    return OrderQuery(*typed)


def show_order(asked: OrderQuery) -> None:
    """The sentences' vectors with positions; after a guess, without."""
    place = st.container()
    guessed = predict.guess(
        "Leave `P` out: how alike are the two sentences then?",
        [SAME, NEARLY, DIFFERENT],
        "position_guess",
        about=asked,
    )
    reading = Call(order_similarity, (minilm_argument(), asked.first, asked.second))
    background_jobs.get_or_start(ORDER_JOB, reading, jobs.READING, key=("order", asked), private=not asked.usual)
    with place:
        background_jobs.poll(ORDER_JOB, lambda job: _show_sentences(job, asked, guessed), again=True)
    show_code(_order_code(asked), "order")


def _show_sentences(job: Seen | None, asked: OrderQuery, guessed: predict.Guess | None) -> None:
    found: OrderSimilarity | None = background_jobs.result_of(job)
    blocks: list[tuple[str, NDArray | None]] = [(WITH, None), (f"{WITHOUT}: after your guess", None)]
    if found is not None:
        blocks[0] = (f"{WITH}: cosine {_written(found.cosine_with_positions)}", found.with_positions)
        if guessed is not None:
            blocks[1] = (f"{WITHOUT}: cosine {_written(found.cosine_without_positions)}", found.without_positions)
    figure = sentences_figure((asked.first, asked.second), blocks, _COLUMNS, _HEIGHT)
    alt = "MiniLM has not read the sentences yet"
    if found is not None:
        told = "; ".join(heading for heading, _ in blocks)
        alt = f"The first {_COLUMNS} numbers of both sentences, and their difference. {told}"
    with st.container(key="picture"):
        chart.show(figure, key="order_strips", alt=alt, save_as="position")
    if found is None:
        predict.unanswered(guessed, why_unanswered(job, "MiniLM has read both sentences"))
        return
    st.caption(
        f"The first {_COLUMNS} of {found.with_positions.shape[1]} numbers: blue above zero, orange below, pale near 0."
    )
    if guessed is None:
        return
    predict.verdict(guessed, _answer(found), _reason(found))
    downloads(_as_table(found), _as_table(found).tokens, figure, _order_code(asked), "position")


def _written(cosine: float) -> str:
    return with_minus(f"{cosine:.3f}")


def _answer(found: OrderSimilarity) -> str:
    if not found.tokens_of_one_alone:
        return SAME
    return NEARLY if round(found.cosine_without_positions, 3) >= ALIKE else DIFFERENT


def _reason(found: OrderSimilarity) -> str:
    """Why the two are alike or not, with the numbers that were measured."""
    without, with_them = _written(found.cosine_without_positions), _written(found.cosine_with_positions)
    if found.tokens[0] == found.tokens[1]:
        return "But both have the same tokens in the same order here. Change the order in one of them."
    if alone := found.tokens_of_one_alone:
        return (
            f"The cosine is **{without}**. The two do not have the same tokens: one has more of {as_code_list(alone)}. "
            f"So they differ anyway; with positions the cosine is {with_them}."
        )
    much = ", though MiniLM still finds the two much alike" if round(found.cosine_with_positions, 3) >= ALIKE else ""
    return (
        f"The cosine is **{without}**. The same rows go in, and nothing tells the layers in which order. With "
        f"positions it is {with_them}: now the order counts{much}."
    )


def _as_table(found: OrderSimilarity) -> WordVectors:
    names = [f"{which}_{how}_positions" for how in ("with", "without") for which in ("first", "second")]
    return WordVectors.of("MiniLM", names, np.vstack([found.with_positions, found.without_positions]))


def show_tables() -> None:
    """How alike the rows of every two places are: those that MiniLM learned, and the sines of 2017."""
    st.subheader("Which places are alike", anchor=False)
    st.markdown(
        glossary.linked(
            "MiniLM learned the 512 rows of `P`. The first transformer, of 2017, took sines instead. In both, near "
            "places have similar rows."
        )
    )
    learned, sines = st.columns(2, gap="large")
    with learned, show_errors():
        st.markdown("**Learned: MiniLM**")
        _show_table("MiniLM", minilm_positions)
    with sines:
        st.markdown("**Computed: sines and cosines**")
        _show_table("sines", _sines)
    chart.colour_bar(DIVERGING, "−1", "1")
    st.caption(f"`P @ P.T`, with each row brought to length 1: the cosines. Drawn is one place in {_EVERY}.")
    show_code(_tables_code(), "position_tables")


def _sines() -> NDArray[np.float32]:
    return sinusoidal_positions(512, 384)


@st.cache_resource(max_entries=2, show_spinner=False)
def _compared(name: str, _read: Callable[[], NDArray[np.float32]]) -> tuple[NDArray[np.float64], tuple[float, ...]]:
    """The cosines of every two of the places that are drawn, read-only; and the mean cosines at ``_DISTANCES``."""
    rows = _read()
    cosines = pairwise_cosines(rows[::_EVERY].astype(np.float64))
    cosines.flags.writeable = False
    return cosines, tuple(mean_cosine_at_distance(rows, distance) for distance in _DISTANCES)


def _show_table(name: str, read: Callable[[], NDArray[np.float32]]) -> None:
    cosines, means = _compared(name, read)
    told = ", ".join(f"{distance} apart {with_minus(f'{mean:.2f}')}" for distance, mean in _paired(means))
    chart.show(
        places_figure(cosines, _EVERY),
        key=f"position_table_{name}",
        alt=f"The cosines of the rows of every two places. On average, places {told}",
        save_as=f"positions_{name}",
    )
    st.caption(glossary.linked(f"The mean cosine of places {told}."))


def _paired(means: tuple[float, ...]) -> list[tuple[int, float]]:
    return list(zip(_DISTANCES, means, strict=True))


def show_rotation() -> None:
    """A query and a key turned by their places, and their dot product for every two places."""
    st.subheader("Turned by its place", anchor=False)
    asked, arrows, products = st.columns(3, gap="medium")
    with asked:
        st.markdown(
            glossary.linked(
                "Most models of today add nothing. A layer compares a *query*, a vector of one token, with a *key* of "
                "another, by their dot product. First it turns each by its place (RoPE, 2021)."
            )
        )
        m = setting(st.slider, "Place of the query, m", 0, PLACES - 1, 5, key="position_m")
        n = setting(st.slider, "Place of the key, n", 0, PLACES - 1, 3, key="position_n")
    table = rotary_products(QUERY, KEY, PLACES)
    query, key = rotated([QUERY, KEY], [m, n]).tolist()
    product, apart = with_minus(f"{table[m, n]:.3f}"), with_minus(f"{m - n}")
    with asked:
        st.markdown(f"m − n = {apart}: the dot product is **{product}**.")
        st.caption("Move both by one place: the arrows turn, and the number stays.")
    with arrows:
        chart.show(
            arrows_figure(query, key),
            key="position_arrows",
            alt=f"Query at place {m} and key at place {n}, both turned. Their dot product is {product}",
        )
    with products:
        chart.show(
            products_figure(table, m, n),
            key="position_products",
            alt=f"Dot products for places 0 to {PLACES - 1}. Wherever m minus n is {apart}, it is {product}",
        )
    st.caption("Right: all places. The frame is your pair; the dots are all pairs that are as far apart.")
    with go_further("how fast the pairs turn", "position_rotation_fold"):
        first, *others = np.degrees(rotary_frequencies()).tolist()
        st.markdown(
            f"The arrows are one pair of numbers, turned by 1 radian, {first:.1f}°, for each place. In SmolLM2 each "
            f"query and each key has {1 + len(others)} such pairs. The first turns as fast as here, each other one "
            f"more slowly, the last by {others[-1]:.4f}° for each place. So fast pairs tell near places apart, and "
            "slow ones far places."
        )
    show_code(_rotation_code(m, n), "position_rotation")


def show_training() -> None:
    """The same small model trained with positions and without."""
    st.subheader("A small model with positions, and without", anchor=False)
    st.markdown(
        glossary.linked(
            "Two small transformers learn to guess the next character of a text. Seed, text and batches are the same; "
            "only one of them has positions."
        )
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed = setting(st.number_input, "Seed", 0, 9_999, 0, key="position_seed", width=160)
        settings = dict(_SETTINGS) | {"seed": int(seed or 0)}
        key = ("ablation", *settings.items())

        def begin() -> None:
            training = Call(ablate_positions, (_CORPUS,), settings)
            background_jobs.start(ABLATION_JOB, training, jobs.TRAINING, key)

        st.button("Train both", key="position_start", type="primary", icon=":material/play_arrow:", on_click=begin)
    background_jobs.poll(
        ABLATION_JOB,
        lambda job: _show_losses(job, _ablation_code(settings)),
        idle="Nothing is trained yet. It takes some seconds.",
        asked=key,
        keeps=False,
    )
    with go_further("what the two models know", "position_ablation_fold"):
        st.markdown(
            glossary.linked(
                f"Each is a transformer of one layer, reads up to {_CONTEXT} characters of the made-up world, and "
                "looks back alone. With positions it knows which character stood where. Without, it knows the last "
                "character, from which it goes on, and which others came before: not in which order. So the difference "
                "of the losses is what that order says. A model of several layers that looks back alone can work out "
                "places by itself (Kazemnejad and others, 2023)."
            )
        )
    show_code(_ablation_code(settings), "position_ablation")


def _show_losses(job: Seen | None, code: str) -> None:
    found: PositionAblation | None = (job.result or job.snapshot) if job is not None else None
    if job is None or found is None:
        return
    runs = ((WITH, found.with_positions), (WITHOUT, found.without_positions))
    steps = [moment.step for moment in found.with_positions]
    curves = [(name, [moment.loss for moment in run], [moment.held_out_loss for moment in run]) for name, run in runs]
    figure = two_losses_figure(curves, steps, _STEPS)
    ends = [held_out_or_trained_loss(run[-1]) for _, run in runs]
    chart.show(
        figure,
        key="position_losses",
        alt=f"Held-out loss after {steps[-1]:,} steps: {ends[0]:.2f} {WITH}, {ends[1]:.2f} {WITHOUT}",
        save_as="positions_losses",
    )
    st.caption("Dashed: the loss on text that is held out.")
    if job.state == "done":
        st.markdown(glossary.linked(_compared_losses(found, *ends)))
        run_downloads({"csv": lambda: _as_csv(found)}, figure, code, "position_losses")


def _compared_losses(found: PositionAblation, with_them: float, without: float) -> str:
    ends = f"On held-out text the loss ends at **{with_them:.2f}** with positions and at **{without:.2f}** without."
    gap = found.loss_without_less_with
    if abs(gap) < _TELLING:
        return f"{ends} Here the order of the characters hardly helped."
    if gap < 0:
        return f"{ends} Here the model without positions came further in so few steps."
    return f"{ends} Who does not know the order of the characters guesses worse."


def _as_csv(found: PositionAblation) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["step", "loss with", "held-out loss with", "loss without", "held-out loss without"])
    for one, other in zip(found.with_positions, found.without_positions, strict=True):
        writer.writerow([one.step, one.loss, one.held_out_loss, other.loss, other.held_out_loss])
    return stream.getvalue().encode()


def _order_code(asked: OrderQuery) -> str:
    """Two sentences with positions and without."""
    return f"""\
from embeddings.transformer import MiniLM, order_similarity

found = order_similarity(MiniLM.load(), {asked.first!r}, {asked.second!r})
print("with positions", found.cosine_with_positions)
print("without positions", found.cosine_without_positions)
"""


def _tables_code() -> str:
    """The cosines of every two places, learned and of sines."""
    return f"""\
import numpy as np

from embeddings.numeric import pairwise_cosines
from embeddings.sources import minilm_positions
from embeddings.transformer import mean_cosine_at_distance, sinusoidal_positions

for P in (minilm_positions(), sinusoidal_positions(512, 384)):
    cosines = pairwise_cosines(P.astype(np.float64))  # [512, 512]
    means = [mean_cosine_at_distance(P, distance) for distance in {_DISTANCES}]
    print(cosines.shape, means)
"""


def _rotation_code(m: int, n: int) -> str:
    """One pair of numbers turned by two places, in NumPy alone."""
    return f"""\
import numpy as np

def turned(vector, place):
    cos, sin = np.cos(place), np.sin(place)  # 1 radian for each place
    return np.array([[cos, -sin], [sin, cos]]) @ vector

query, key = np.array({list(QUERY)}), np.array({list(KEY)})
m, n = {m}, {n}
product = turned(query, m) @ turned(key, n)
further = turned(query, m + 7) @ turned(key, n + 7)  # as far apart
print(product, further)
"""


def _ablation_code(settings: dict) -> str:
    """Both trainings."""
    arguments = ", ".join(f"{name}={value!r}" for name, value in settings.items())
    return f"""\
from embeddings.training import ablate_positions, of_toy_corpus

found = ablate_positions(of_toy_corpus{_CORPUS.names}, {arguments})
print("with", found.with_positions[-1].held_out_loss, "without", found.without_positions[-1].held_out_loss)
"""
