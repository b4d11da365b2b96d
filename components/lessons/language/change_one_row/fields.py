"""The fields of *Change one row*: a text, and what is done to the model's table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import streamlit as st

from components.address import setting
from components.lessons.language.model_words import as_token
from components.ui.examples import fill_from_example
from components.ui.inputs import choice_input, text_setting
from components.ui.text_fields import WORD_LIMIT
from embeddings.common import InvalidInput
from embeddings.tokenizers import drawn
from embeddings.transformer import ROW_CHANGES, TableChange

KINDS = MappingProxyType(
    {
        "another token's row": "other",
        "zeros": "zero",
        "random numbers": "noise",
        "shuffle all rows": "shuffle",
        "a random table": "random",
    }
)
INPUT, BOTH = "where rows are looked up", "there and at the output"
_SIDES_HELP = (
    "The model uses its table twice: it looks up a row for each token of the text, and at the end it compares its last "
    "vector with all rows. The row that fits best is the likeliest token."
)


@dataclass(frozen=True)
class RowExample:
    """A text, one of its tokens as it is shown, and another word."""

    text: str
    token: str
    other: str


@dataclass(frozen=True)
class ModelFields:
    """What the fields need to know of a model.

    Attributes:
        name: Of the model.
        prefix: Of the keys of the fields whose words are this model's.
        examples: The first of them stands in the fields at the start.
        max_tokens: Of a text.
        encode: The tokens of a text and their ids.
        token_of: The one token that a typed word is, and its id.
    """

    name: str
    prefix: str
    examples: Sequence[RowExample]
    max_tokens: int
    encode: Callable[[str], list[tuple[str, int]]]
    token_of: Callable[[str], tuple[str, int]]


@dataclass(frozen=True)
class ChangeQuery:
    """What is asked of the model.

    Attributes:
        model: Its name.
        text: What the reader typed.
        ids: Its tokens' ids.
        token: The token whose row is changed.
        other: The token whose row takes its place; the token itself where none does.
        change: What is done to the table.
        both: Whether the output side, which is the same table, is changed too.
    """

    model: str
    text: str
    ids: tuple[int, ...]
    token: str
    other: str
    change: TableChange
    both: bool

    @property
    def is_swap(self) -> bool:
        """Whether another row takes the place of one, all of it."""
        return self.change.kind == "other" and self.change.share == 1

    @property
    def reads_other(self) -> bool:
        """Whether all is as if the other word stood in the text: the rows that are read are then the same."""
        return self.is_swap and not self.both


def ask(model: ModelFields) -> ChangeQuery:
    """The reader's text, and what is done to the table.

    Raises:
        InvalidInput: There is no text, too much of it, or the other word is not one token.
        UnknownToken: The model has no such word.
    """
    prefix, first = model.prefix, model.examples[0]
    fields = {f"{prefix}_text": "text", f"{prefix}_token": "token", f"{prefix}_other": "other"}
    st.selectbox(
        "Examples",
        model.examples,
        format_func=lambda example: f"{example.text}: {example.other} for {example.token.lstrip('␣')}",
        index=None,
        placeholder="Choose one, or type your own below",
        key=f"{prefix}_example",
        on_change=fill_from_example,
        args=(f"{prefix}_example", lambda example: _typed_by(example, fields)),
    )
    text = text_setting("The beginning of a text", first.text, f"{prefix}_text")
    encoded = model.encode(text)
    if not encoded:
        raise InvalidInput("Type the beginning of a text; the model says which token comes next.")
    if len(encoded) > model.max_tokens:
        raise InvalidInput(
            f"The text has {len(encoded)} tokens; at most {model.max_tokens} will do on this page. Shorten it."
        )
    ids = {drawn(token): token_id for token, token_id in encoded}
    token = _choose_token(list(ids), text, model)
    kind = KINDS[choice_input("Put in the place of its row", list(KINDS), "row_kind")]
    other, other_id, share = token, ids[token], 1.0
    if kind == "other":
        other, other_id = model.token_of(
            text_setting("The other word", first.other, f"{prefix}_other", limit=WORD_LIMIT)
        )
        share = setting(st.slider, "Share of the other row, in %", 0, 100, 100, step=5, key="row_share") / 100
    both = choice_input("Change the table", [INPUT, BOTH], "row_sides", help=_SIDES_HELP) == BOTH
    own = ids[token] if kind in ROW_CHANGES else 0  # all rows change: whose is asked about is the same
    change = TableChange(kind, own, other_id if kind == "other" else 0, share)
    return ChangeQuery(model.name, text, tuple(token_id for _, token_id in encoded), token, drawn(other), change, both)


def _typed_by(example: RowExample, fields: Mapping[str, str]) -> Mapping[str, str]:
    return {key: getattr(example, field) for key, field in fields.items()} | {"row_kind": next(iter(KINDS))}


def _choose_token(tokens: Sequence[str], text: str, model: ModelFields) -> str:
    """One of the ``tokens`` of the text, by default the example's, or else the longest."""
    key = f"{model.prefix}_token"
    usual = next((each.token for each in model.examples if each.text == text), max(tokens, key=len))
    if st.session_state.get(key, usual) not in tokens:  # it stood in the text before this one
        st.session_state[key] = usual
    return setting(st.selectbox, "The token whose row is changed", tokens, index=tokens.index(usual), key=key)


def question(asked: ChangeQuery) -> str:
    """What is guessed."""
    token, other = as_token(asked.token), as_token(asked.other)
    match asked.change.kind:
        case "other" if asked.change.share == 1:
            done = f"{token} gets the row of {other}"
        case "other":
            done = f"{token} gets a mixture of its own row and that of {other}"
        case "zero":
            done = f"All numbers in the row of {token} become 0"
        case "noise":
            done = f"The row of {token} is replaced by random numbers"
        case "shuffle":
            done = "All rows of the table change places"
        case _:
            done = "The whole table is replaced by random numbers, as before its training"
    return f"{done}; the text stays the same. Which token does the model now find likeliest to come next?"


def comparing_code(asked: ChangeQuery, tokens: str, ids: str) -> str:
    """In Python: the change, and the likeliest tokens before and after; ``tokens`` and ``ids`` are names in it."""
    change = asked.change
    one_row = [f"token_id={change.token_id}"] if change.kind in ROW_CHANGES else []
    mixed = [f"other_id={change.other_id}, share={change.share}"] if change.kind == "other" else []
    output = ", output_table=table" if asked.both else ""
    return f"""\
table = changed_table(model.W, TableChange({", ".join([repr(change.kind), *one_row, *mixed])}))
before = next_token_probabilities(model, {ids})
after = next_token_probabilities(model, {ids}, input_table=table{output})
for probabilities in (before, after):
    best = probabilities.argsort()[::-1][:5]
    print({{{tokens}[each]: float(probabilities[each]) for each in best}})
"""
