"""The panels of the lesson on a language model's table: its gradient, the run, and what the model writes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import glossary
from components.address import setting
from components.custom.drawings import visible
from components.figures.training import rows_figure
from components.lessons.learning import view
from components.lessons.learning.corpus_choice import LoadedCorpus, choose_corpus, show_rows
from components.lessons.learning.runs import LANGUAGE_MODEL_JOB, TrainingRun
from components.lessons.learning.settings import BATCHES, as_arguments, language_settings
from components.markup import escaped
from components.session import background_jobs
from components.ui import chart, predict
from components.ui.code_block import show_code
from components.ui.columns import beside
from components.ui.errors import show_errors
from components.ui.folds import go_further
from components.ui.inputs import text_setting
from embeddings import jobs
from embeddings.common import count_of
from embeddings.jobs import Call, Seen
from embeddings.training import (
    END,
    History,
    LanguageSnapshot,
    RowGradients,
    Snapshot,
    row_gradients,
    table_rows,
)

GRADIENT_JOB = "language_gradient"
OWN_ROWS, ALL, NONE = "only those of its own tokens", "all of them", "only the rows of wrong guesses"
STRETCHES = (1, 2, 4, 8, 16, 64)
_MAX_OUTPUT = 10  # tokens
_MAX_WRITTEN = 2  # snapshots that go on from the words, and the one that is shown
_MAX_PIECES, _MAX_IN_PIECE = 2, 8  # of a batch, and tokens of each, that are written out
MAX_LOGITS = 10_000_000  # scores in one step, 40 MB, so that a step stays short


def rows_of_W(loaded: LoadedCorpus, settings: Mapping[str, Any]) -> int:
    """How many rows W will have; of byte pairs, at most."""
    least, pairs = settings["min_count"], settings["bpe_vocab_size"]
    return table_rows(settings["tokens"], loaded.counts, loaded.characters, min_count=least, bpe_vocab_size=pairs)


def within_reach(loaded: LoadedCorpus, settings: Mapping[str, Any], batches: Sequence[int]) -> dict[str, Any]:
    """``settings`` with the largest of ``batches`` at which a step stays well under a second, and a word about it."""
    V = rows_of_W(loaded, settings)
    fitting = [batch for batch in batches if batch * settings["context"] * V <= MAX_LOGITS]
    batch = min(settings["batch"], max(fitting, default=min(batches)))
    if batch < settings["batch"]:
        st.caption(
            f"Each token of a batch gets a score for all {V:,} rows. To keep a step short, B is {batch} here, not "
            f"{settings['batch']}. A larger least count of a word leaves fewer rows, and then B can be larger."
        )
    return dict(settings) | {"batch": batch}


def places() -> tuple[DeltaGenerator, ...]:
    """Where the rows of W stand; beside them the question and the settings; below, the run."""
    picture, narrow = beside()
    return picture, narrow.container(), narrow.container(), st.container()


def choose() -> tuple[LoadedCorpus | None, dict[str, Any]]:
    """The text and the settings, in a fold; no text while it is read or must be fetched."""
    with st.expander("Settings", icon=":material/tune:", key="language_fold"):
        loaded = choose_corpus()
        settings = language_settings()
        if loaded is not None:
            kind, least = settings["tokens"], settings["min_count"]
            show_rows(loaded, rows_of_W(loaded, settings), kind, least, "language_min_count")
    return loaded, settings


def show_gradient(
    loaded: LoadedCorpus, settings: Mapping[str, Any], picture: DeltaGenerator, question: DeltaGenerator
) -> None:
    """Which rows of W one batch would change: batch, question and answer in ``question``, the rows in ``picture``."""
    rows = rows_of_W(loaded, settings)
    with question:
        asked = _choose_batch(loaded, settings)
        batch = st.container()
        guessed = predict.guess(
            "Which rows of W will this batch change?", [OWN_ROWS, ALL, NONE], "language_guess", about="rows"
        )
        answer = st.container()
    key = ("gradient", loaded.cache_key, *asked.items())
    asking = Call(row_gradients, (loaded.as_argument,), asked)
    background_jobs.get_or_start(GRADIENT_JOB, asking, jobs.READING, key, private=loaded.own)
    with picture:
        background_jobs.poll(
            GRADIENT_JOB,
            lambda job: _show_rows(job, rows, asked, guessed is not None),
            again=True,
            ended="The table is ready.",
        )
    job = background_jobs.current(GRADIENT_JOB)
    found = job.result[0] if job is not None and job.state == "done" else None
    if found is not None:
        batch.markdown(_pieces(found))
    if guessed is not None:
        with answer:
            _judge(guessed, found)


def _choose_batch(loaded: LoadedCorpus, settings: Mapping[str, Any]) -> dict[str, Any]:
    """How much text the batch has, and all else that its gradient depends on."""
    st.markdown(f"The table is called W. {glossary.sentence('batch', 'id')}")
    stretches = setting(
        st.select_slider,
        f"Pieces of {settings['context']} tokens in the batch",
        STRETCHES,
        2,
        key="language_stretches",
    )
    kept = {key: value for key, value in settings.items() if key not in ("steps", "tied", "learning_rate", "batch")}
    return within_reach(loaded, kept | {"batch": stretches}, STRETCHES)


def _pieces(found: RowGradients) -> str:
    """The first pieces of the batch in words, and how many more there are."""
    told = ["This batch (a slash ends a sentence):"]
    for piece in found.inputs[:_MAX_PIECES].tolist():
        tokens = [found.tokens[token_id] for token_id in piece[:_MAX_IN_PIECE]]
        text = " ".join("/" if token == END else visible(token) for token in tokens)
        told.append(f"- *{escaped(text)}*{' …' if len(piece) > _MAX_IN_PIECE else ''}")
    rest = len(found.inputs) - _MAX_PIECES
    return "\n".join([*told, *([f"- and {rest:,} more"] if rest > 0 else [])])


def _judge(guessed: predict.Guess, found: RowGradients | None) -> None:
    """The answer, once it is worked out."""
    if found is None:
        predict.unanswered(guessed, "Working out the answer.")
        return
    V = len(found.norms)
    predict.verdict(
        guessed,
        OWN_ROWS if found.changed == len(found.looked_up) else ALL,
        f"The batch has {count_of(found.inputs.size, 'token')}, {len(found.looked_up)} of them different, and it "
        f"changes {found.changed} of the {V:,} rows of W. The other {V - found.changed:,} were not looked up.",
    )


def _show_untouched(rows: int) -> None:
    """The picture before a batch is read: ``rows`` cells, none of them in colour."""
    with st.container(key="picture"):
        chart.show(
            rows_figure(np.zeros(rows), [""] * rows, []),
            key="language_table",
            alt=f"{rows} rows of W as cells, none of them changed yet",
        )
    st.caption("Each cell stands for one row of W. At the start the rows hold random numbers.")


def _show_rows(job: Seen | None, rows: int, asked: Mapping[str, Any], revealed: bool) -> None:
    """The rows that the batch changes, once they are ``revealed``."""
    if not revealed or job is None or job.state != "done":
        _show_untouched(rows)
        return
    apart, tied = job.result
    V = len(apart.norms)
    with st.container(key="picture"):
        place = st.empty()
    st.caption(
        f"Each cell is one row of W{'; frequent words come first' if asked['tokens'] == 'word' else ''}. Orange dot: "
        "its token is read. Blue: the row changes."
    )
    with go_further("what if W also gives the scores?", "language_tied_fold"):
        st.markdown(
            "A second table gives each token its score as the next one. Some models use W for that too: their output "
            "is *tied* to the table."
        )
        show_tied = setting(st.toggle, "Show it with a tied output", False, key="language_show_tied")
        shown = tied if show_tied else apart
        st.markdown(_told_tied(shown, apart))
    with place:
        chart.show(
            rows_figure(shown.norms, shown.tokens, shown.looked_up),
            key="language_rows",
            alt=f"{V} rows of W as cells; {shown.changed} change, {len(shown.looked_up)} were in the batch",
        )
    show_code(
        _gradient_code(apart, asked["dimension"]),
        "language_gradient",
        "The batch is the one above. The small model here takes the mean of the vectors, and begins with other random "
        "numbers: the gradient has the same rows.",
    )


def _told_tied(shown: RowGradients, apart: RowGradients) -> str:
    """How many rows of W change as it is ``shown``, and why, beside those with an output of its own."""
    changed = f"**{shown.changed:,} of {len(shown.norms):,} rows** change"
    if not shown.tied:
        return f"{changed}."
    return (
        f"{changed} with a tied output, not only {apart.changed:,}. W has two tasks then: its rows are looked up, and "
        "every row also gives the score of its token. So every row learns from every batch: the scores of right tokens "
        "rise, the other scores fall."
    )


def run_of(loaded: LoadedCorpus, settings: Mapping[str, Any]) -> TrainingRun:
    """What is asked for, as a run."""
    return TrainingRun(
        title="language model",
        unit="steps",
        loaded=loaded,
        cache_key=(loaded.cache_key, *settings.items()),
        settings=settings,
    )


def show_training(loaded: LoadedCorpus, settings: Mapping[str, Any]) -> None:
    """The button that begins the run, right above its progress, and what the model writes as it goes on."""
    st.subheader("Watch it learn", anchor=False)
    st.markdown("After each batch the rows of W move a little, so that the next token is easier to guess.")
    prompt = text_setting("The model goes on from these words", "the king", "language_prompt")
    settings = within_reach(loaded, settings, BATCHES)
    asked = run_of(loaded, settings)
    view.offer_training(LANGUAGE_MODEL_JOB, asked)

    def more(run: TrainingRun, history: History, shown: Snapshot, active: bool) -> None:
        show_continuations(run, history, shown, prompt, active)

    view.show_run(
        LANGUAGE_MODEL_JOB,
        asked,
        more,
        idle="Nothing is trained yet. Press Train, and stay on this page while it runs.",
    )
    with go_further("what happens in a step", "language_step"):
        _explain(settings["steps"])
        show_code(_train_code(loaded.code, settings, prompt), "language_train")


def _explain(steps: int) -> None:
    """What a step of the training is, and what may be expected of so many."""
    st.markdown(
        f"The model answers with a score for each token that it knows. {glossary.sentence('logit', 'softmax')}\n\n"
        f"{glossary.sentence('gradient', 'loss')} Training repeats one step: read a batch, compute the gradient, "
        "change the numbers a little. A row that the batch did not look up has a gradient of 0."
    )
    st.caption(
        "The training here also remembers earlier batches and makes all numbers a little smaller at each step (AdamW). "
        f"So a row may move slightly in other steps too. {steps:,} steps on so little text are few: expect some odd "
        "neighbours. Under “Settings” you can ask for more."
    )


def show_after_training() -> None:
    """What becomes of the table when the training is over."""
    with go_further("after the training", "language_after"):
        st.markdown(
            "When the training ends, the table is fixed. From then on the model only looks its rows up: one "
            f"{glossary.linked('id')} gives one row, the same in every text. *Fine-tuning* trains a finished model on "
            "other text. Then the rows move again."
        )


@st.cache_resource(scope="session", show_spinner=False, max_entries=64)
def _continuation(run: str, step: int, prompt: str, _snapshot: LanguageSnapshot) -> str:
    return _snapshot.continuation(prompt, _MAX_OUTPUT)


def show_continuations(run: TrainingRun, history: History, shown: Snapshot, prompt: str, active: bool) -> None:
    """What the model makes of the ``prompt`` at some snapshots."""
    st.markdown("**What it writes** after your words, each token partly by chance:")
    with show_errors(st.info):
        spread = view.spread(history, shown, _MAX_WRITTEN)
        snapshots = [snapshot for snapshot in spread if isinstance(snapshot, LanguageSnapshot)]
        written = [_continuation(run.id, snapshot.step, prompt, snapshot) for snapshot in snapshots]
        lines = [
            f"- {snapshot.step:,} steps, loss {snapshot.loss:.2f}: {_on_one_line(prompt)} *{_on_one_line(text)}*"
            for snapshot, text in zip(snapshots, written, strict=True)
        ]
        st.markdown("\n".join(lines))


def _on_one_line(text: str) -> str:
    return escaped(" ".join(text.replace(END, " / ").split())) or "nothing"


def _gradient_code(batch: RowGradients, dimension: int) -> str:
    """The gradient of W after one batch, with a head of its own and with a tied one, in PyTorch alone."""
    V, T = len(batch.tokens), batch.inputs.shape[1]
    return f"""\
import torch

V, D = {V}, {dimension}
ids = torch.tensor({batch.inputs.tolist()})  # [B, T]
after = torch.tensor({batch.targets.tolist()})  # the id after each
looked_up, changed = ids.unique().tolist(), {{}}
for tied in (False, True):
    embedding, head = torch.nn.Embedding(V, D), torch.nn.Linear(D, V, bias=False)
    if tied:
        head.weight = embedding.weight
    mean = embedding(ids).cumsum(dim=1) / torch.arange(1, {T + 1})[:, None]  # [B, T, D]: of the vectors so far
    logits = head(mean)  # [B, T, V]
    torch.nn.functional.cross_entropy(logits.flatten(0, 1), after.flatten()).backward()
    changed[tied] = int((embedding.weight.grad != 0).any(dim=1).sum())
    print(f"tied {{tied}}: {{changed[tied]}} of {{V}} rows have a gradient; the batch has {{len(looked_up)}} tokens")
"""


def _train_code(opening: str, settings: Mapping[str, Any], prompt: str) -> str:
    """The whole run, and what the model makes of ``prompt`` as it goes on."""
    return f"""\
from embeddings.training import language_model
{opening}
for snapshot in language_model.train(corpus, {as_arguments(settings)}):
    print(snapshot.step, snapshot.loss, repr(snapshot.continuation({prompt!r})))
"""
