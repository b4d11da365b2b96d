"""The answer of *Change one row*: the likeliest next tokens before and after, and whether the guess is right."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from components.figures.bars import sections_figure
from components.lessons.language.change_one_row import fields
from components.lessons.language.change_one_row.fields import ChangeQuery
from components.lessons.language.model_words import as_token, why_unanswered
from components.session import visit
from components.ui import chart, predict
from components.ui.downloads import downloads
from embeddings.jobs import Seen
from embeddings.tokenizers import drawn
from embeddings.transformer import (
    LayeredModel,
    changed_probabilities,
    likeliest,
    next_token_probabilities,
)
from embeddings.vectors import WordVectors

SAME, AS_OTHER, NONSENSE = "the same as before", "as if the other word stood there", "nonsense"
CHANGED = "another token"
BEFORE, AFTER = "with its own table", "with the changed table"
_ROWS = 6  # tokens in the picture
_HEIGHT = 360  # pixels of the picture


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


def predictions(model: LayeredModel, tokens: Sequence[str], asked: ChangeQuery) -> ChangedPrediction:
    """What the model, whose vocabulary is ``tokens``, says of the text with its own table, and with the changed one."""
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


def guess(asked: ChangeQuery) -> predict.Guess | None:
    """What the reader expects of the change."""
    options = [SAME, AS_OTHER, NONSENSE] if asked.reads_other else [SAME, CHANGED]
    return predict.guess(
        fields.question(asked), options, "row_guess", about=asked, subject=(asked.model, asked.change.kind, asked.text)
    )


def show(
    found: ChangedPrediction | None,
    job: Seen | None,
    asked: ChangeQuery,
    guessed: predict.Guess | None,
    code: str,
) -> None:
    """The bars, the verdict, and what can be taken home.

    Args:
        found: What ``job`` has computed, if it is done.
        job: That computes it.
        asked: What was asked.
        guessed: What the reader expects.
        code: That computes the same.
    """
    # What is drawn while the next answer is computed, so that nothing jumps.
    last = visit.kept(f"row_last of {asked.model}", dict)
    if found is not None:
        last["found"] = found
    drawn_now = last.get("found") if found is None and job is not None and job.active else found
    with st.container(key="picture"):
        figure = _figure(drawn_now, guessed is not None)
        chart.show(figure, key="row_chart", alt=_alt(found, guessed is not None), save_as="change_one_row")
    if found is None:
        predict.unanswered(guessed, why_unanswered(job, "the model has computed it"))
        return
    if guessed is None:
        return
    predict.verdict(guessed, _answers(found, asked), _reason(found, asked))
    names = [drawn(token) for token in found.tokens]
    downloads(WordVectors.of(asked.model, names, found.rows), names, figure, code, "change_one_row")


def _figure(found: ChangedPrediction | None, answered: bool) -> go.Figure:
    if found is None:
        return sections_figure([" "], {BEFORE: [None]}, _HEIGHT).update_yaxes(showticklabels=False)
    if not answered:
        return sections_figure(
            [drawn(token) for token, _ in found.own], {BEFORE: [each for _, each in found.own]}, _HEIGHT
        )
    return sections_figure(
        [drawn(token) for token in found.tokens], {BEFORE: found.before, AFTER: found.after}, _HEIGHT
    )


def _alt(found: ChangedPrediction | None, answered: bool) -> str:
    if found is None:
        return "The model has not answered yet"
    if not answered:
        return "Likeliest next tokens: " + "; ".join(f"{drawn(token)} {share:.0%}" for token, share in found.own)
    each = zip(found.tokens, found.before, found.after, strict=True)
    return "Likeliest next tokens: " + "; ".join(
        f"{drawn(token)} {before:.0%}, then {after:.0%}" for token, before, after in each
    )


def _answers(found: ChangedPrediction, asked: ChangeQuery) -> list[str]:
    """Those that are right: several where tokens are equally likely, or where the other word says the same."""
    same = [SAME] if set(found.first_after) & set(found.first_before) else []
    if asked.reads_other:
        return [AS_OTHER, *same]
    return same + ([CHANGED] if set(found.first_after) - set(found.first_before) else [])


def _reason(found: ChangedPrediction, asked: ChangeQuery) -> str:
    before, after = " and ".join(map(as_token, found.first_before)), " and ".join(map(as_token, found.first_after))
    told = f"It was {before} and is now {after}." if before != after else f"It is {after} as before."
    why = {
        "other": "The model never sees the word that you typed. It sees the row that the table gives for it."
        if asked.is_swap
        else "Between two rows there are others, which belong to no token; the model goes on from them too. Move the "
        "slider: at some share the answer changes.",
        "zero": "The row was all that the model knew of this token. The other tokens still have theirs.",
        "noise": "The row was all that the model knew of this token. The other tokens still have theirs.",
        "shuffle": "All that the model learned in its layers is still there, and so are all rows. But each token has "
        "the row of another, so the layers read another text.",
        "random": "All that the model learned in its layers is still there. But the layers learned to read the rows "
        "of this table, and of no other.",
    }[asked.change.kind]
    return f"{told} {why} {_sides(found, asked)}"


def _sides(found: ChangedPrediction, asked: ChangeQuery) -> str:
    if not asked.both:
        return "The output side kept its rows."
    told = "At the output the changed rows count too: a token is likely when its row fits the model's last vector."
    if not asked.is_swap or asked.token == asked.other:
        return told
    token, other = as_token(asked.token), as_token(asked.other)
    if not {asked.token, asked.other} & set(map(drawn, found.tokens)):
        return f"{told} Here it changes little: neither {token} nor {other} is likely to come next."
    return f"{told} {token} and {other} have the same row now, so they are equally likely."
