"""*Change one row* with the small model that is trained here, the one with a tied output."""

import streamlit as st

from components import glossary
from components.lessons.language import small_pair
from components.lessons.language.change_one_row import answer
from components.lessons.language.change_one_row.fields import ChangeQuery, ModelFields, RowExample, ask, comparing_code
from components.session import background_jobs
from components.ui import predict
from components.ui.code_block import show_code
from components.ui.errors import show_errors
from embeddings.common import InvalidInput
from embeddings.jobs import Seen
from embeddings.training import LanguageSnapshot

EXAMPLES = (
    RowExample("three plus three", "plus", "and"),
    RowExample("the old horse leads the", "leads", "guards"),
    RowExample("the duck wags", "wags", "runs"),
)


def ask_change() -> ChangeQuery:
    """The reader's text, and what is done to the table.

    Raises:
        InvalidInput: There is no text, too much of it, or the other word is not one token.
        UnknownToken: The small model has no such word.
    """
    return ask(ModelFields("small model", "row_small", EXAMPLES, small_pair.SETTINGS["context"], _encode, _token_of))


def _encode(text: str) -> list[tuple[str, int]]:
    tokenizer = small_pair.tokenizer()
    return [(tokenizer.vocabulary.token(each), each) for each in tokenizer.encode(text)]


def _token_of(word: str) -> tuple[str, int]:
    encoded = _encode(word)
    if len(encoded) != 1:
        raise InvalidInput("Type one word that this model has read, such as rules." if not encoded else _ONE_WORD)
    return encoded[0]


_ONE_WORD = "Type a single word: the row of one token takes the place of another's."


def show_next_tokens(asked: ChangeQuery) -> None:
    """The likeliest next words, before the change and, after a guess, after it."""
    place = st.container()
    guessed = answer.guess(asked)
    small_pair.start_training()
    with place:
        background_jobs.poll(small_pair.JOB, lambda job: _show(job, asked, guessed), again=True)


def _show(job: Seen | None, asked: ChangeQuery, guessed: predict.Guess | None) -> None:
    pair = small_pair.trained(job)
    with show_errors(st.info):
        found = None if pair is None else _predictions(asked, pair[1])
        answer.show(found, job, asked, guessed, _code(asked))


@st.cache_resource(scope="session", show_spinner=False, max_entries=16)
def _predictions(asked: ChangeQuery, _model: LanguageSnapshot) -> answer.ChangedPrediction:
    return answer.predictions(_model, _model.vocabulary.tokens, asked)


def show_explanation(asked: ChangeQuery) -> None:
    """What the model is, and the code."""
    st.markdown(glossary.linked(f"{small_pair.ABOUT} Its output is *tied*: the same table gives the scores."))
    show_code(_code(asked), "row")


def _code(asked: ChangeQuery) -> str:
    """What the model says before and after the change."""
    return f"""\
from embeddings.training import of_toy_corpus, train_untied_and_tied
from embeddings.transformer import TableChange, changed_table, next_token_probabilities

_, model = {small_pair.TRAINING_CODE}
tokens = model.vocabulary.tokens
ids = model.tokenizer.encode({asked.text!r})
print([(tokens[each], each) for each in ids])
{comparing_code(asked, "tokens", "ids")}"""
