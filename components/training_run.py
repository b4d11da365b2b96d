"""A visitor's trainings: started, paused, ended, and their tables put on the shelf."""

import time
import uuid
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from components import own_tables, work
from components.corpus_choice import Opened
from components.drawings import visible
from components.plain_text import code
from components.source_choice import KEY, use
from components.take_home import MOST_ROWS, offer_table
from embeddings import jobs
from embeddings.errors import TooLarge, in_bytes
from embeddings.jobs import Job
from embeddings.runs import Gate, History, Train, WordMap, watch
from embeddings.snapshots import Snapshot
from embeddings.vocabulary import Vocabulary
from embeddings.word_vectors import WordVectors

LIVE_SECONDS = 1.5  # between two drawings of a run that goes on


@dataclass(eq=False)
class Run:
    """One training of this visitor's.

    Attributes:
        title: What was trained, as "word2vec"; the table on the shelf is called "your" and that.
        unit: What its steps count.
        opened: What it learned from.
        mark: All that was asked for.
        settings: As the engine was given them.
        gate: Holds it while it is paused.
        id: Unlike any other run's.
        shelved: Step of the snapshot that is on the shelf.
        refused: Why it could not be put there.
        made_room: What went from the shelf for it, in a sentence.
        map: Of the words that were drawn last.
        drawn: When it was last drawn live, and what.
        vocabulary: As people read it, and the engine's own that it stands for.
    """

    title: str
    unit: str
    opened: Opened
    mark: Hashable
    settings: Mapping[str, Any]
    gate: Gate = field(default_factory=Gate)
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:8])
    shelved: int | None = None
    refused: str = ""
    made_room: str = ""
    map: WordMap | None = None
    drawn: tuple[float, History] | None = None
    vocabulary: tuple[Vocabulary, Vocabulary] | None = None

    @property
    def name(self) -> str:
        """Of its table on the shelf."""
        return own_tables.PREFIX + self.title

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

    def word_map(self, ids: tuple[int, ...]) -> WordMap:
        """The map of the words with these ``ids``, which goes on from where it was drawn last."""
        if self.map is None or self.map.ids != ids:
            self.map = WordMap(ids)
        return self.map


def _readable(tokens: tuple[str, ...]) -> list[str]:
    taken = set(tokens)
    names = []
    for token in tokens:
        bare = token.removeprefix(" ")
        names.append(bare if bare != token and bare.strip() and bare not in taken else visible(token))
    return names if len(set(names)) == len(names) else [visible(token) for token in tokens]


@st.cache_resource(scope="session", show_spinner=False, max_entries=1)
def _runs() -> dict[str, Run]:
    """This visitor's runs by the names of their jobs; released with the session."""
    return {}


def begin(job: str, run: Run, train: Train) -> None:
    """Put ``run`` in line under the name ``job``, in place of the one before it; for callbacks."""
    if work.start(job, lambda report: watch(train, report, run.gate), jobs.TRAINING) is not None:
        _runs()[job] = run


def run_of(job: str) -> Run | None:
    """The latest run under the name ``job``."""
    return _runs().get(job)


def history_of(job: Job | None) -> History | None:
    """What there is of a run so far: all of it, or up to where it was stopped."""
    return job.snapshot if job is not None else None


def controls(run: Run) -> None:
    """Pause or Go on, beside Stop."""
    if run.gate.shut:
        st.button("Go on", key=f"{run.id}_go_on", on_click=run.gate.go_on, icon=":material/play_arrow:")
    else:
        st.button(
            "Pause",
            key=f"{run.id}_pause",
            on_click=run.gate.pause,
            icon=":material/pause:",
            help="It goes on by itself after five minutes, as others may be waiting.",
        )


def shelve(run: Run, history: History) -> None:
    """Put the table of the last snapshot on the visitor's shelf, once."""
    last = history.snapshots[-1]
    if last.step in (0, run.shelved) or run.refused:
        return
    name = run.title.replace(" ", "_")
    try:
        run.made_room = own_tables.keep(run.table(last), [f"{name}-safetensors.safetensors"], "Trained by you")
    except TooLarge as error:
        run.refused = str(error)
    else:
        run.shelved = last.step


def offer(run: Run) -> None:
    """Where the trained table can be used: on every other page, and at home."""
    table = own_tables.get(run.name)
    if run.refused:
        st.warning(f"The table is too large for the other pages: {in_bytes(own_tables.MOST_BYTES)} is the most.")
    if table is None or run.shelved is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        used = st.session_state.get(KEY) == run.name
        st.markdown(
            f"All pages of “Play with embeddings” use it now, as {code(run.name)}, until you leave."
            if used
            else f"The picker of “Play with embeddings” has it now, as {code(run.name)}, until you leave."
        )
        st.button("Use it on all pages", key=f"{run.id}_use", on_click=use, args=(run.name,), disabled=used)
        with st.popover(
            "Take it home", icon=":material/download:", key=f"{run.id}_home", disabled=len(table) > MOST_ROWS
        ):
            offer_table(table, run.title.replace(" ", "_"))
            st.caption("To bring it back, upload it on the page of sources.")
            st.page_link("pages/sources.py", label="Sources of vectors", icon=":material/library_books:")
    if run.made_room:
        st.caption(run.made_room)
