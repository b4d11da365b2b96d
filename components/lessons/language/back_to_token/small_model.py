"""The panels on a small model that is trained here twice: with an output table of its own, and with a tied output."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from components import glossary
from components.address import setting
from components.lessons.language import small_pair
from components.lessons.language.back_to_token.reading import LensReading, show_layers, show_mirror, show_ranks
from components.lessons.language.model_words import why_unanswered
from components.markup import with_minus
from components.session import background_jobs
from components.ui import predict
from components.ui.code_block import show_code
from components.ui.downloads import downloads
from components.ui.errors import show_errors
from components.ui.inputs import text_setting
from components.ui.tables import draw_table
from embeddings.common import InvalidInput
from embeddings.jobs import Seen
from embeddings.numeric import cosines, mean_cosine
from embeddings.tokenizers import drawn, split_words
from embeddings.training import LanguageSnapshot, weights_of_tables
from embeddings.transformer import logit_lens, own_token_share, read_rows
from embeddings.vectors import WordVectors

TEXT = "the king rules the"
NEARLY_ALL, HALF, HARDLY_ANY = "for nearly all", "for about half", "for hardly any"
_MANY, _FEW = 0.75, 0.25  # shares of the tokens


@dataclass(frozen=True)
class SmallQuery:
    """A text, and whether the output of the model that reads it is tied."""

    text: str
    tied: bool


@dataclass(frozen=True, eq=False)
class RawRows:
    """What the two outputs say of rows that no layer has read.

    Attributes:
        untied: Share of the vocabulary for which an output table of its own says the token itself.
        tied: The same of a tied output.
        cosine: Of a token's input row with its output row, the mean over the vocabulary, where there are two.
    """

    untied: float
    tied: float
    cosine: float


def ask() -> SmallQuery:
    """The reader's text, and which of the two models reads it.

    Raises:
        InvalidInput: There is no text, or too much.
    """
    most = small_pair.SETTINGS["context"]
    text = text_setting(f"The beginning of a sentence, up to {most} words", TEXT, "lens_small_text")
    tied = setting(
        st.toggle,
        "Tie the output to the table",
        False,
        key="lens_tied",
        help="Then the rows that are looked up also give the scores of the next token. Otherwise a second table gives "
        "the scores.",
    )
    words = split_words(text)
    if not words:
        raise InvalidInput("Type the beginning of a sentence; the model says which word comes next.")
    if len(words) > most:
        raise InvalidInput(f"The text has {len(words)} words; the small model reads at most {most}. Shorten it.")
    st.markdown(small_pair.ABOUT)
    return SmallQuery(text, tied)


def show_lens(asked: SmallQuery) -> None:
    """The likeliest word in each layer at each place, and after a guess what the output says of raw rows."""
    place = st.container()
    guessed = predict.guess(
        "An output with a table of its own reads the raw row of each token. For how many tokens does it say the token "
        "itself?",
        [NEARLY_ALL, HALF, HARDLY_ANY],
        "lens_small_guess",
        about="raw rows",
        before="The output can also read a row of the table before any layer has changed it.",
    )
    small_pair.start_training()
    with place:
        background_jobs.poll(small_pair.JOB, lambda job: _show_models(job, asked, guessed), again=True)
    show_code(_code(asked), "lens_small")


def _show_models(job: Seen | None, asked: SmallQuery, guessed: predict.Guess | None) -> None:
    pair = small_pair.trained(job)
    layers = range(guessed is None, small_pair.SETTINGS["blocks"] + 1)  # the row is asked about
    if pair is None:
        show_layers(split_words(asked.text), None, layers)
        predict.unanswered(guessed, why_unanswered(job, "the small model is trained"))
        return
    model = pair[asked.tied]
    with show_errors(st.info):
        ids = model.tokenizer.encode(asked.text)
        columns = [drawn(model.vocabulary.token(each)) for each in ids]
        found = _reading(asked.text, asked.tied, model)
        figure = show_layers(columns, found, layers)
        if guessed is None:
            return
        _judge(guessed, _raw_rows(pair), len(model.vocabulary))
        _show_rows(pair, list(dict.fromkeys(ids)))
        show_ranks(found, len(model.vocabulary))
        names = list(dict.fromkeys(columns))
        table = WordVectors.of("small model", names, model.rows(list(dict.fromkeys(ids))))
        downloads(table, names, figure, _code(asked), "back_to_token_small")


@st.cache_resource(scope="session", show_spinner=False, max_entries=16)
def _reading(text: str, tied: bool, _model: LanguageSnapshot) -> LensReading:
    return LensReading.of(logit_lens(_model, _model.tokenizer.encode(text)), _model.vocabulary.tokens)


@st.cache_resource(scope="session", show_spinner=False, max_entries=1)
def _raw_rows(_pair: small_pair.Pair) -> RawRows:
    untied, tied = _pair
    every = range(len(untied.vocabulary))
    return RawRows(own_token_share(untied, every), own_token_share(tied, every), mean_cosine(untied.W, untied.head))


def _judge(guessed: predict.Guess, found: RawRows, V: int) -> None:
    answer = NEARLY_ALL if found.untied > _MANY else HALF if found.untied > _FEW else HARDLY_ANY
    predict.verdict(
        guessed,
        answer,
        f"It says the token itself for {round(found.untied * V):,} of the {V:,} tokens. A token's row in the one table "
        f"and its row in the other have a mean cosine of {with_minus(f'{found.cosine:.2f}')}: training used them for "
        f"different tasks. With a tied output both are one row, and it says {round(found.tied * V):,} of the {V:,}.",
    )


def _show_rows(pair: small_pair.Pair, ids: Sequence[int]) -> None:
    """For the tokens of the text: what each output says of the raw row, and how alike input row and output row are."""
    untied, tied = pair
    tokens = [drawn(token) for token in untied.vocabulary.tokens]
    similarity = "cosine of its two rows"
    st.markdown("**What the output says of a raw row,** with no layer in between:")
    draw_table(
        {
            "row of": [tokens[each] for each in ids],
            "own output table": [tokens[each] for each in read_rows(untied, ids)],
            similarity: cosines(untied.W[ids], untied.head[ids]).tolist(),
            "tied output": [tokens[each] for each in read_rows(tied, ids)],
        },
        column_config={similarity: st.column_config.NumberColumn(format="%.2f")},
        alt="What an output with a table of its own and a tied output say of the raw rows of the text's tokens",
    )


def show_costs(asked: SmallQuery) -> None:
    """Lookup and output side by side."""
    job = background_jobs.latest(small_pair.JOB)
    pair = small_pair.trained(None if job is None else job.seen())
    if pair is None:
        return
    which = "Both use the same table `W`." if asked.tied else "The output has a table `U` of its own."
    st.markdown(f"**The lookup and its mirror image.** {which}")
    V, D = pair[asked.tied].W.shape
    show_mirror(V, D, output_table="W" if asked.tied else "U")
    text = (
        "A softmax turns the logits into probabilities. Input and output together hold "
        f"{weights_of_tables(V, D, asked.tied):,} numbers in their tables."
    )
    st.markdown(glossary.linked(text))


def _code(asked: SmallQuery) -> str:
    """Two small models, what the one that was chosen says in each layer, and what both say of raw rows."""
    return f"""\
from embeddings.training import of_toy_corpus, train_untied_and_tied
from embeddings.transformer import logit_lens, own_token_share

untied, tied = {small_pair.TRAINING_CODE}
model = {"tied" if asked.tied else "untied"}
tokens = model.vocabulary.tokens
found = logit_lens(model, model.tokenizer.encode({asked.text!r}))
for layer, (ids, ranks) in enumerate(zip(found.ids, found.ranks)):
    print(layer, [tokens[each] for each in ids], "rank of the answer:", ranks[-1])
shares = [own_token_share(each, range(len(tokens))) for each in (untied, tied)]
print("the raw row says the token itself:", shares)
"""
