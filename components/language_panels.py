"""The panels of the lesson on a language model's table: its gradient, the run, and what the model writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from components import chart, learn_snippets, predict, snippets, training_view, work
from components.corpus_choice import Opened
from components.explained import explained
from components.figures.training import rows_figure
from components.inputs import text_setting
from components.plain_text import counted, escaped
from components.training_run import Run
from components.training_settings import BATCHES
from embeddings import jobs, language_model
from embeddings.corpus_tokens import END, MAX_WORDS
from embeddings.jobs import Job
from embeddings.language_model import GradientOfW, LanguageSnapshot, gradients_of_W
from embeddings.runs import History
from embeddings.snapshots import Snapshot

JOB, GRADIENT = "language", "language_gradient"
OWN_ROWS, ALL, NONE = "only those of its own tokens", "all of them", "only the rows of wrong guesses"
STRETCHES = (1, 2, 4, 8, 16, 64)
_MOST_OUTPUT = 24  # tokens
MOST_LOGITS = 10_000_000  # scores in one step, 40 MB, so that a step stays short
_CHARACTERS = 200  # about as many as a text has


def within_reach(opened: Opened, settings: Mapping[str, Any], batches: Sequence[int]) -> dict[str, Any]:
    """``settings`` with the largest of ``batches`` at which a step stays well under a second, and a word about it."""
    V = {
        "word": min(opened.vocabulary_size(settings["min_count"]), MAX_WORDS),
        "byte-pair": settings["pairs"],
        "character": _CHARACTERS,
    }[settings["tokens"]]
    fitting = [batch for batch in batches if batch * settings["context"] * V <= MOST_LOGITS]
    batch = min(settings["batch"], max(fitting, default=min(batches)))
    if batch < settings["batch"]:
        st.caption(
            f"Each token of a batch is scored against all {V:,} rows. So that a step stays short, B is {batch} here, "
            f"not {settings['batch']}; a larger least count of a word leaves fewer rows, and room for more."
        )
    return dict(settings) | {"batch": batch}


@dataclass(frozen=True)
class RowGradients:
    """What is shown of a gradient of W.

    Attributes:
        norms: Length of the gradient of each row.
        tokens: One for each row.
        looked_up: Ids of the batch's tokens.
        tied: Whether the table was the output head as well.
        places: Tokens in the batch, each as often as it stands there.
    """

    norms: Any
    tokens: tuple[str, ...]
    looked_up: tuple[int, ...]
    tied: bool
    places: int


def show_gradient(opened: Opened, settings: Mapping[str, Any]) -> None:
    """Which rows of W one batch would change."""
    st.subheader("Its table at step 0 is noise", anchor=False)
    st.markdown(
        "A language model begins with W, a table of random numbers, and is asked one thing: which token comes next? "
        "Nobody tells it what a row should be. After each batch of text the *gradient* says for every number in the "
        "model how to change it so that the next token becomes likelier, the numbers of W among them."
    )
    guessed = predict.guess(
        "Which rows of W have a gradient that is not zero?",
        [OWN_ROWS, ALL, NONE],
        "language_guess",
        about="rows",
        before="The model has read one batch.",
    )
    if guessed is None:
        return
    stretches = st.select_slider(
        f"Stretches of {settings['context']} tokens in the batch",
        STRETCHES,
        2,
        key="language_stretches",
        bind="query-params",
        persist_state="session",
    )
    kept = {key: value for key, value in settings.items() if key not in ("steps", "tied", "learning_rate", "batch")}
    asked = within_reach(opened, kept | {"batch": stretches}, STRETCHES)
    key = ("gradient", opened.mark, *asked.items())

    def compute(report: jobs.Report) -> tuple[RowGradients, RowGradients]:
        apart, tied = gradients_of_W(opened.corpus, on_progress=report, **asked)
        return _rows(apart), _rows(tied)

    job = work.ensure(GRADIENT, compute, jobs.READING, key, private=opened.own)
    work.live(GRADIENT, lambda job: _show_rows(job, guessed), again=True)
    if job is not None:
        snippets.show_code(learn_snippets.gradient(opened.code, asked), "language_gradient")


def _rows(found: GradientOfW) -> RowGradients:
    norms = np.linalg.norm(found.gradient, axis=1)
    return RowGradients(norms, found.vocabulary.tokens, found.looked_up, found.tied, found.inputs.size)


def _show_rows(job: Job | None, guessed: predict.Guess) -> None:
    if job is None or job.state != "done":
        return
    apart, tied = job.result
    V, changed = len(apart.norms), int((apart.norms > 0).sum())
    predict.verdict(
        guessed,
        OWN_ROWS if changed == len(apart.looked_up) else ALL,
        f"The batch has {counted(apart.places, 'token')}, {len(apart.looked_up)} of them different, and {changed} of "
        f"the {V:,} rows of W have a gradient. The other {V - changed:,} were not looked up: nothing that the model "
        "said depends on them, so their gradient is exactly 0.",
    )
    show_tied = st.toggle(
        "Show it with a tied output",
        False,
        key="language_show_tied",
        bind="query-params",
        persist_state="session",
    )
    shown = tied if show_tied else apart
    changed = int((shown.norms > 0).sum())
    st.markdown(
        f"**{changed:,} of {V:,} rows** have a gradient"
        + (
            ": with a tied output W is used twice. It is looked up, and every row is compared with what the model "
            "expects, so that every row learns from every batch: likelier where it was right, less likely elsewhere."
            if shown.tied
            else "."
        )
    )
    chart.show(
        rows_figure(shown.norms, shown.tokens, shown.looked_up),
        key="language_rows",
        alt=f"{V} rows of W as cells; {changed} have a gradient, {len(shown.looked_up)} were in the batch",
    )
    st.caption(
        "A cell is a row of W, the more frequent tokens first where tokens are words. Blue: its gradient is not zero, "
        "stronger where it is longer. Orange dot: the batch had its token."
    )


def run_of(opened: Opened, settings: Mapping[str, Any]) -> Run:
    """What is asked for, as a run."""
    return Run(
        title="language model",
        unit="steps",
        opened=opened,
        mark=(opened.mark, *settings.items()),
        settings=settings,
    )


def show_training(opened: Opened, settings: Mapping[str, Any]) -> None:
    """The run, and what the model writes as it goes on."""
    st.subheader("Watch it learn", anchor=False)
    st.markdown(
        "The same step again and again: read a batch, take the gradient, change every number a little. W is optimised "
        "as a part of the model, and what it becomes is what makes the next token easier to tell."
    )
    prompt = text_setting("Have it go on with", "the king", "language_prompt")
    settings = within_reach(opened, settings, BATCHES)
    asked = run_of(opened, settings)

    def train(on_progress):
        return language_model.train(opened.corpus, on_progress=on_progress, **settings)

    training_view.offer_training(JOB, asked, train)

    def more(run: Run, history: History, shown: Snapshot, active: bool) -> None:
        show_continuations(run, history, shown, prompt, active)

    training_view.show(
        JOB,
        more,
        idle="Nothing is trained yet. It runs while you watch, and stops some seconds after you leave this page. The "
        "same settings give the same run, number for number.",
    )
    snippets.show_code(learn_snippets.train_language_model(opened.code, settings, prompt), "language_train")


@st.cache_resource(scope="session", show_spinner=False, max_entries=64)
def _continuation(run: str, step: int, prompt: str, _snapshot: LanguageSnapshot) -> str:
    return _snapshot.continuation(prompt, _MOST_OUTPUT)


def show_continuations(run: Run, history: History, shown: Snapshot, prompt: str, active: bool) -> None:
    """What the model makes of the ``prompt`` at some snapshots."""
    st.markdown("**What it writes** after your words, with a little chance in each choice:")
    with explained(st.info):
        snapshots = training_view.spread(history, shown, 3 if active else training_view.MOST_COLUMNS)
        written = [_continuation(run.id, snapshot.step, prompt, snapshot) for snapshot in snapshots]
        lines = [
            f"- {snapshot.step:,} steps, loss {snapshot.loss:.2f}: {_on_one_line(prompt)} *{_on_one_line(text)}*"
            for snapshot, text in zip(snapshots, written, strict=True)
        ]
        st.markdown("\n".join(lines))
        st.caption("A slash ends a line. The same seed draws each time, so that what changes is what was learned.")


def _on_one_line(text: str) -> str:
    return escaped(" ".join(text.replace(END, " / ").split())) or "nothing"
