"""A visitor's trainings: started, paused, ended, and their tables put on the shelf."""

import time
import uuid
from collections.abc import Hashable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from components.custom.drawings import visible
from components.lessons.learning.corpus_choice import LoadedCorpus
from components.markup import as_code
from components.navigation import menu_entry
from components.session import background_jobs, user_tables, visit
from components.session.table_picker import STATE_KEY, select_table
from components.ui.downloads import whole_table_downloads
from embeddings import jobs
from embeddings.common import TooLarge, in_bytes
from embeddings.jobs import Call, Job, Seen
from embeddings.tokenizers import Vocabulary
from embeddings.training import AlignedMap, Corpus, History, Snapshot, train_with_history, word2vec
from embeddings.vectors import WordVectors

WORD2VEC_JOB, LANGUAGE_MODEL_JOB = "word2vec", "language"
LIVE_SECONDS = 1.5  # between two drawings of a run that goes on


@dataclass(eq=False)
class TrainingRun:
    """One training of this visitor's.

    Attributes:
        title: What was trained, as "word2vec"; the table on the shelf is called "your" and that.
        unit: What its steps count.
        loaded: What it learned from.
        cache_key: All that was asked for.
        settings: As the engine was given them.
        id: Unlike any other run's.
        saved_step: Step of the snapshot that is on the shelf.
        refused: Why it could not be put there.
        made_room: What went from the shelf for it, in a sentence.
        map: Of the words that were drawn last.
        drawn: When it was last drawn live, and what.
        vocabulary: As people read it, and the engine's own that it stands for.
    """

    title: str
    unit: str
    loaded: LoadedCorpus
    cache_key: Hashable
    settings: Mapping[str, Any]
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    saved_step: int | None = None
    refused: str = ""
    made_room: str = ""
    map: AlignedMap | None = None
    drawn: tuple[float, History] | None = None
    vocabulary: tuple[Vocabulary, Vocabulary] | None = None

    @property
    def name(self) -> str:
        """Of its table on the shelf."""
        return user_tables.PREFIX + self.title

    def live(self, history: History) -> History:
        """What to draw while it goes on: ``history``, or that of a moment ago, as a browser needs time to draw."""
        now = time.monotonic()
        if self.drawn is None or now - self.drawn[0] > LIVE_SECONDS:
            self.drawn = (now, history)
        return self.drawn[1]

    def readable(self, snapshot: Snapshot) -> Snapshot:
        """``snapshot`` with tokens as people read them: without the space that begins a piece, and blanks as signs."""
        if self.vocabulary is None or self.vocabulary[1] is not snapshot.vocabulary:
            self.vocabulary = (Vocabulary(_readable(snapshot.vocabulary.tokens)), snapshot.vocabulary)
        return replace(snapshot, vocabulary=self.vocabulary[0])

    def table(self, snapshot: Snapshot) -> WordVectors:
        """The table of ``snapshot`` as it goes on the shelf."""
        return self.readable(snapshot).word_vectors(self.name)

    def word_map(self, ids: tuple[int, ...]) -> AlignedMap:
        """The map of the words with these ``ids``, which goes on from where it was drawn last."""
        if self.map is None or self.map.ids != ids:
            self.map = AlignedMap(ids)
        return self.map


def _readable(tokens: Sequence[str]) -> list[str]:
    taken = set(tokens)
    names = []
    for token in tokens:
        bare = token.removeprefix(" ")
        names.append(bare if bare != token and bare.strip() and bare not in taken else visible(token))
    return names if len(set(names)) == len(names) else [visible(token) for token in tokens]


def _runs() -> dict[str, TrainingRun]:
    """This visitor's runs by the names of their jobs."""
    return visit.kept("runs", dict)


def begin(job: str, run: TrainingRun, share: float = 1) -> None:
    """Put ``run``, on ``share`` of its text, in line as ``job``, in place of the one before; for callbacks."""
    model = "language_model" if run.title == "language model" else "word2vec"
    training = Call(train_with_history, (run.loaded.as_argument, model, run.settings, share))
    if background_jobs.start(job, training, jobs.TRAINING, run.cache_key, private=True) is not None:
        _runs()[job] = run


def run_of(job: str) -> TrainingRun | None:
    """The latest run under the name ``job``."""
    return _runs().get(job)


def history_of(job: Job | Seen | None) -> History | None:
    """What there is of a run so far: all of it, or up to where it was stopped."""
    return job.snapshot if job is not None else None


def save_table(run: TrainingRun, history: History) -> None:
    """Put the table of the last snapshot on the visitor's shelf, once."""
    last = history.snapshots[-1]
    if last.step in (0, run.saved_step) or run.refused:
        return
    name = run.title.replace(" ", "_")
    try:
        run.made_room = user_tables.keep(run.table(last), [f"{name}-safetensors.safetensors"], "Trained by you")
    except TooLarge as error:
        run.refused = str(error)
    else:
        run.saved_step = last.step


def show_actions(run: TrainingRun) -> None:
    """Where the trained table can be used: on every other page, and at home."""
    table = user_tables.get(run.name)
    if run.refused:
        st.warning(f"The table is too large for the other pages: {in_bytes(user_tables.MAX_TABLE_BYTES)} is the most.")
    if table is None or run.saved_step is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        used = st.session_state.get(STATE_KEY) == run.name
        st.markdown(
            f"All pages of “Play with embeddings” use it now, as {as_code(run.name)}, until you leave."
            if used
            else f"Your table is now in the list “Vectors” on the pages of “Play with embeddings”. It is called "
            f"{as_code(run.name)}, and it stays until you leave."
        )
        st.button("Use it on all pages", key=f"{run.id}_use", on_click=select_table, args=(run.name,), disabled=used)
        home = whole_table_downloads(table, run.title.replace(" ", "_"), key=run.id)
        if home.open:
            home.caption("To bring it back, upload it on the page of sources.")
            home.page_link(
                menu_entry("pages/play/sources.py"),
                label="Sources of vectors",
                icon=":material/library_books:",
            )
    if run.made_room:
        st.caption(run.made_room)


def random_start(corpus: Corpus, settings: Mapping[str, Any]) -> Snapshot:
    """The table with which word2vec's training on ``corpus`` begins.

    Raises:
        LabError: As ``word2vec.train``.
    """
    with closing(word2vec.train(corpus, **settings)) as snapshots:
        return next(snapshots)
